/* SPDX-License-Identifier: Apache-2.0 */
/* demo/: synthetic people, staff and registers. A catalogue without the folder has none. */
#include "catalogue/catalogue_int.h"
#include "model/form.h"

static const Field people_fields[] = {{"people", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field person_fields[] = {
    {"id_number", FIELD_STR, true, offsetof(DemoPerson, id_number), 0, 0, NULL},
    {"name", FIELD_STR, true, offsetof(DemoPerson, name), 0, 0, NULL},
    {"phone", FIELD_STR, true, offsetof(DemoPerson, phone), 0, 0, NULL},
    {"organisation", FIELD_STR, false, offsetof(DemoPerson, organisation), 0, 0, NULL},
    {"organisation_uscc", FIELD_STR, false, offsetof(DemoPerson, organisation_uscc), 0, 0, NULL},
    {"note", FIELD_TEXT, false, offsetof(DemoPerson, note), 0, 0, NULL},
};

static const Field staff_fields[] = {{"staff", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field member_fields[] = {
    {"login", FIELD_KEY, true, offsetof(DemoStaff, login), 0, 0, NULL},
    {"name", FIELD_STR, true, offsetof(DemoStaff, name), 0, 0, NULL},
    {"organ", FIELD_KEY, true, offsetof(DemoStaff, organ), 0, 0, NULL},
    {"roles", FIELD_LIST, true, 0, 0, 0, NULL},
    {"password", FIELD_STR, true, offsetof(DemoStaff, password), 0, 0, NULL},
};

static const Str known_roles[] = {STR_INIT("clerk"), STR_INIT("approver"), STR_INIT("supervisor"),
                                  STR_INIT("admin"), STR_INIT("designer"), STR_INIT("leader")};

bool role_known(Str role)
{
    for (size_t i = 0; i < COUNT(known_roles); i++)
        if (str_eq(known_roles[i], role))
            return true;
    return false;
}

void complain_role(Loader *l, const Value *at, Str role)
{
    complain(l, "catalogue.unknown-role", at, or_nearest(l, role, known_roles, COUNT(known_roles)),
             "there is no role '" STR_FMT "'", STR_ARG(role));
}

static void check_person(Loader *l, const DemoPerson *p, const Value *v)
{
    const char *why = NULL;
    if (p->id_number.len && !idcard_valid(p->id_number, (Date){INT32_MAX}, &why))
        complain(l, "demo.id-number", value_at(v, "id_number"), (Str){0},
                 "'" STR_FMT "' is no identity number", STR_ARG(p->id_number));
    if (p->phone.len && !mobile_valid(p->phone))
        complain(l, "demo.phone", value_at(v, "phone"), (Str){0},
                 "'" STR_FMT "' is no mobile number", STR_ARG(p->phone));
    if (p->organisation_uscc.len && !uscc_valid(p->organisation_uscc, &why))
        complain(l, "demo.uscc", value_at(v, "organisation_uscc"), (Str){0},
                 "'" STR_FMT "' is no unified social credit code", STR_ARG(p->organisation_uscc));
}

static void load_people(Loader *l)
{
    const Value *doc = load_document(l, STR("demo/people.yaml"), true);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, people_fields, "demo/people.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "people", &items);
    DemoPerson *people = NEW_N(l->arena, DemoPerson, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], person_fields, "a person", &people[i]);
        check_person(l, &people[i], items[i]);
        register_entry(l, "person", people[i].id_number, items[i], &people[i]);
    }
    l->c->people = people;
    l->c->person_count = n;
}

static Str read_roles(Loader *l, const Value *v)
{
    Value *const *items;
    size_t n = read_list(l, v, "roles", &items);
    StrBuf roles = buf_in(l->arena);
    for (size_t i = 0; i < n; i++) {
        Str role = value_text(items[i]);
        if (!role_known(role))
            complain_role(l, items[i], role);
        buf_fmt(&roles, "%s" STR_FMT, i ? "," : "", STR_ARG(role));
    }
    return buf_str(&roles);
}

static void load_staff(Loader *l)
{
    const Value *doc = load_document(l, STR("demo/staff.yaml"), true);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, staff_fields, "demo/staff.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "staff", &items);
    DemoStaff *staff = NEW_N(l->arena, DemoStaff, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], member_fields, "a staff member", &staff[i]);
        staff[i].roles = read_roles(l, items[i]);
        register_entry(l, "staff member", staff[i].login, items[i], &staff[i]);
        resolve_entry(l, "organ", staff[i].organ, value_at(items[i], "organ"));
    }
    l->c->staff = staff;
    l->c->staff_count = n;
}

static const Field register_fields[] = {
    {"key", FIELD_STR, true, 0, 0, 0, NULL},
    {"rows", FIELD_MAP, true, 0, 0, 0, NULL},
    {"many", FIELD_BOOL, false, 0, 0, 0, NULL},
};

static void load_registers(Loader *l)
{
    const Value *doc = load_document(l, STR("demo/registers.yaml"), true);
    l->c->registers = doc;
    for (uint32_t i = 0; doc && i < doc->map.count; i++) {
        const ValueMember *m = &doc->map.members[i];
        Str unused = {0};
        resolve_entry(l, "source", m->key, m->value);
        READ_FIELDS(l, m->value, register_fields, "a register", &unused);
    }
}

static const Field case_fields[] = {
    {"item", FIELD_STR, true, 0, 0, 0, NULL},
    {"person", FIELD_STR, true, 0, 0, 0, NULL},
    {"acts", FIELD_LIST, true, 0, 0, 0, NULL},
    {"answers", FIELD_MAP, true, 0, 0, 0, NULL},
};

static void load_cases(Loader *l)
{
    Value *const *items;
    const Value *doc = load_document(l, STR("demo/cases.yaml"), true);
    size_t n = doc ? read_list(l, doc, "cases", &items) : 0;
    for (size_t i = 0; i < n; i++) {
        Str unused = {0};
        READ_FIELDS(l, items[i], case_fields, "a demo case", &unused);
        resolve_entry(l, "item", get_str(items[i], "item"), value_at(items[i], "item"));
        resolve_entry(l, "person", get_str(items[i], "person"), value_at(items[i], "person"));
    }
    l->c->cases = value_at(doc, "cases");
}

void load_demo(Loader *l)
{
    load_people(l);
    load_staff(l);
    load_registers(l);
    load_cases(l);
}

Value *demo_dated(Arena *out, const Value *map, Date today)
{
    Value *copy = value_copy(out, map);
    for (uint32_t i = 0; value_is(copy, VALUE_MAP) && i < copy->map.count; i++) {
        int64_t days;
        const ValueMember *m = &copy->map.members[i];
        if (str_ends(m->key, STR("_date")) && str_int(value_text(m->value), &days))
            m->value->text = date_iso(out, date_add_days(today, (int32_t)days));
    }
    return copy;
}

/* A row for each line of the key, in its order. */
static Value *many_records(Arena *out, const Value *rows, Str key, Date today)
{
    Value *record = value_map(out), *list = set_list(out, record, "rows");
    Str line;
    while (str_split(&key, '\n', &line)) {
        line = str_trim(line);
        const Value *row = line.len ? value_get(rows, line) : NULL;
        Value *copy = row ? demo_dated(out, row, today) : value_map(out);
        set_bool(out, copy, "found", row != NULL);
        if (line.len)
            value_push(out, list, copy);
    }
    return record;
}

Value *demo_record(Arena *out, const Value *reg, Str key, Date today)
{
    const Value *rows = value_at(reg, "rows");
    if (get_bool(reg, "many"))
        return key.len ? many_records(out, rows, key, today) : NULL;
    const Value *row = value_get(rows, key);
    return row ? demo_dated(out, row, today) : NULL;
}
