/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The codes of an item and what else the unified standard asks of it.
 *
 * GB/T 39554.1: an implementation code is 31 characters: 18 of the organ's credit code (its last is
 * that code's check character), 1 of the level, 12 of the basic code. The basic code is 2 of the
 * area (00: the whole country), 2 of the type, 2 of the department, 3 of the main item and 3 of the
 * sub item; a main item's own code ends with 000. A handling item adds 2 to its item's 31.
 */
#include "catalogue/item_int.h"
#include "model/form.h"

enum {
    CODE_LENGTH = 31,
    USCC_LENGTH = 18,
    BASIC_AT = USCC_LENGTH + 1,
    BASIC_LENGTH = 12,
    MAIN_LENGTH = 9, /* of the basic code without the sub item */
    TYPE_AT = 2,     /* in the basic code */
    HANDLING_LENGTH = CODE_LENGTH + 2,
};

static int32_t level_code(Str level)
{
    int32_t n = 0;
    while (level_names[n] && !str_eq(str_z(level_names[n]), level))
        n++;
    return n + 1;
}

static bool code_letters(Str code)
{
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z'))
            return false;
    }
    return true;
}

static Str basic_code(const Item *item)
{
    return str_slice(item->code, BASIC_AT, item->code.len);
}

static void check_organ_code(Loader *l, const Item *item, const Value *at)
{
    Str uscc = str_slice(item->code, 0, USCC_LENGTH);
    const char *why = NULL;
    if (item->organ && !str_eq(uscc, item->organ->uscc))
        complain(l, "item.code-organ", at, (Str){0},
                 "the code begins with '" STR_FMT "', its organ has '" STR_FMT "'", STR_ARG(uscc),
                 STR_ARG(item->organ->uscc));
    else if (!item->organ && !uscc_valid(uscc, &why))
        complain(l, "item.code-organ", at,
                 STR("GB 32100: the last of the 18 characters checks the others"),
                 "the code begins with '" STR_FMT "', which is no credit code", STR_ARG(uscc));
}

static void check_code(Loader *l, const Item *item, const Value *doc)
{
    const Value *at = value_at(doc, "code");
    Str code = item->code;
    if (code.len != CODE_LENGTH || !code_letters(code)) {
        complain(l, "item.code", at,
                 STR("31 characters: 18 of the organ's credit code, 1 of the level, 12 of the "
                     "basic code"),
                 "'" STR_FMT "' is no implementation code", STR_ARG(code));
        return;
    }
    check_organ_code(l, item, at);
    if (code.at[USCC_LENGTH] - '0' != level_code(item->level))
        complain(l, "item.code-level", at, (Str){0},
                 "character 19 of the code is '%c', level '" STR_FMT "' is %d",
                 code.at[USCC_LENGTH], STR_ARG(item->level), level_code(item->level));
    Str type = str_slice(basic_code(item), TYPE_AT, TYPE_AT + 2);
    if (!str_eq(type, item->type))
        complain(l, "item.code-type", at, STR("characters 22 and 23 are the type"),
                 "the code is of type '" STR_FMT "', the item of type '" STR_FMT "'", STR_ARG(type),
                 STR_ARG(item->type));
    register_entry(l, "item code", code, at, NULL);
}

static void check_main_code(Loader *l, const Item *item, const Value *doc)
{
    const Value *at = value_at(doc, "main_code");
    Str main = item->main_code;
    if (!main.len)
        return;
    if (main.len != BASIC_LENGTH || !code_letters(main) || !str_ends(main, STR("000"))) {
        complain(l, "item.main-code", at,
                 STR("12 characters: 2 of the area, 2 of the type, 2 of the department, 3 of the "
                     "main item, then 000"),
                 "'" STR_FMT "' is no basic code of a main item", STR_ARG(main));
        return;
    }
    Str own = basic_code(item);
    bool fits = str_eq(str_slice(own, 0, MAIN_LENGTH), str_slice(main, 0, MAIN_LENGTH));
    if (item->code.len == CODE_LENGTH && !fits)
        complain(l, "item.main-code", at, STR("its first 9 characters stand in the code"),
                 "the code's basic part '" STR_FMT "' does not belong to main item '" STR_FMT "'",
                 STR_ARG(own), STR_ARG(main));
}

static void check_handling(Loader *l, const Item *item, const Value *doc)
{
    Value *const *items;
    size_t n = read_list(l, doc, "handling", &items);
    for (size_t i = 0; i < n && i < item->handling_count; i++) {
        const HandlingItem *h = &item->handling[i];
        bool fits = h->code.len == HANDLING_LENGTH && code_letters(h->code) &&
                    str_starts(h->code, item->code);
        if (h->code.len && !fits)
            complain(l, "item.handling-code", value_at(items[i], "code"),
                     STR("the item's 31 characters, then 2 of the handling item"),
                     "'" STR_FMT "' is no code of a handling item here", STR_ARG(h->code));
        else if (h->code.len)
            register_entry(l, "handling code", h->code, value_at(items[i], "code"), NULL);
        for (size_t k = 0; k < i; k++)
            if (h->key.len && str_eq(h->key, item->handling[k].key))
                complain(l, "catalogue.duplicate", value_at(items[i], "key"),
                         STR("keep one of them"), "there is another handling item '" STR_FMT "'",
                         STR_ARG(h->key));
    }
}

static void check_dates(Loader *l, const Item *item, const Value *doc)
{
    if (item->valid_to.days && item->valid_from.days > item->valid_to.days)
        complain(l, "item.valid", value_at(doc, "valid_to"), STR("valid_to is its last day"),
                 "the item ends before it begins");
}

/* A power that is not one's own is used by somebody else than its owner, and the reverse. */
static void check_authority(Loader *l, const Item *item, const Value *doc)
{
    bool own = item->authority == AUTHORITY_OWN;
    const Value *by = value_at(doc, "handled_by");
    if (own && by && item->organ)
        complain(l, "item.authority", by, STR("add authority: delegated or authorised"),
                 "another organ handles it, its authority is its own");
    if (!own && !by)
        complain(l, "item.authority", value_at(doc, "authority"),
                 STR("add handled_by: the organ that decides in its place"),
                 "the authority is %s to nobody", authority_names[item->authority]);
    if (by && item->handled_by && item->handled_by == item->organ)
        complain(l, "item.authority", by, STR("drop handled_by"),
                 "organ '" STR_FMT "' handles what is its own", STR_ARG(item->organ->key));
    for (size_t i = 0; item->organ && i < item->joint_count; i++)
        if (item->joint_organs[i] == item->organ)
            complain(l, "item.joint-organ", value_item(value_at(doc, "joint_organs"), i),
                     STR("joint organs are those besides its own"),
                     "organ '" STR_FMT "' is the item's own", STR_ARG(item->organ->key));
}

void check_item_standard(Loader *l, const Item *item, const Value *doc)
{
    if (item->code.len)
        check_code(l, item, doc);
    check_main_code(l, item, doc);
    check_handling(l, item, doc);
    check_dates(l, item, doc);
    check_authority(l, item, doc);
}

static bool same_text(Text a, Text b)
{
    return str_eq(a.in[LANG_ZH], b.in[LANG_ZH]) && str_eq(a.in[LANG_EN], b.in[LANG_EN]);
}

/* 主项名称 is unified: all sub items of a main item give it the same name. */
void check_main_items(Loader *l)
{
    Map first = {0};
    for (size_t i = 0; i < l->c->item_count; i++) {
        Item *item = &l->items[i];
        if (!item->main_code.len || map_add(l->diags->arena, &first, item->main_code, item))
            continue;
        const Item *other = map_get(&first, item->main_code);
        if (!same_text(item->main_name, other->main_name))
            diag_add(l->diags, DIAG_ERROR, "item.main-name", item->mark.file, item->mark.offset,
                     STR("one main item has one name"),
                     "main item '" STR_FMT "' is called otherwise in item '" STR_FMT "'",
                     STR_ARG(item->main_code), STR_ARG(other->key));
    }
}
