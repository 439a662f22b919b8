/* SPDX-License-Identifier: Apache-2.0 */
/* onedoor.yaml: the place, its clock and its calendar. */
#include "catalogue/catalogue_int.h"

enum { MINUTES_OF_DAY = 24 * 60, ZONE_MAX = 14 * 60 };

static const Field site_fields[] = {
    {"place", FIELD_STR, true, offsetof(Catalogue, place), 0, 0, NULL},
    {"place_prefix", FIELD_STR, true, offsetof(Catalogue, place_prefix), 0, 0, NULL},
    {"place_name", FIELD_TEXT, true, offsetof(Catalogue, place_name), 0, 0, NULL},
    {"place_short", FIELD_TEXT, true, offsetof(Catalogue, place_short), 0, 0, NULL},
    {"site_name", FIELD_TEXT, true, offsetof(Catalogue, site_name), 0, 0, NULL},
    {"operator_name", FIELD_TEXT, true, offsetof(Catalogue, operator_name), 0, 0, NULL},
    {"hotline", FIELD_STR, true, offsetof(Catalogue, hotline), 0, 0, NULL},
    {"theme", FIELD_STR, false, offsetof(Catalogue, theme), 0, 0, NULL},
    {"theme_tokens", FIELD_MAP, false, 0, 0, 0, NULL},
    {"zone", FIELD_ANY, false, 0, 0, 0, NULL},
    {"hours", FIELD_ANY, false, 0, 0, 0, NULL},
    {"calendar", FIELD_ANY, false, 0, 0, 0, NULL},
    {"workers", FIELD_LIST, false, 0, 0, 0, NULL},
    {"rates", FIELD_LIST, false, 0, 0, 0, NULL},
};

static bool digits_at(Str s, size_t at, size_t n, int32_t *value)
{
    int64_t v = 0;
    if (s.len < at + n || !str_int(str_slice(s, at, at + n), &v) || v < 0)
        return false;
    *value = (int32_t)v;
    return true;
}

/* HH:MM at that place of a text. */
static bool clock_at(Str s, size_t at, int32_t *minutes)
{
    int32_t hour = 0, minute = 0;
    if (!digits_at(s, at, 2, &hour) || s.len < at + 5 || s.at[at + 2] != ':' ||
        !digits_at(s, at + 3, 2, &minute) || minute > 59 || hour > 24)
        return false;
    *minutes = hour * 60 + minute;
    return true;
}

static void read_zone(Loader *l, const Value *site)
{
    const Value *v = value_at(site, "zone");
    l->c->zone_minutes = ZONE_CHINA_MINUTES;
    if (!v)
        return;
    Str s = value_text(v);
    int32_t minutes = 0;
    bool sign = s.len == 6 && (s.at[0] == '+' || s.at[0] == '-');
    if (!sign || !clock_at(s, 1, &minutes) || minutes > ZONE_MAX)
        complain(l, "site.zone", v, STR("write it like \"+08:00\""),
                 "'" STR_FMT "' is no offset from UTC", STR_ARG(s));
    l->c->zone_minutes = sign && s.at[0] == '-' ? -minutes : minutes;
}

static void read_hours(Loader *l, const Value *site)
{
    const Value *v = value_at(site, "hours");
    l->c->open_minute = 9 * 60;
    l->c->close_minute = 17 * 60;
    if (!v)
        return;
    Str s = value_text(v);
    int32_t from = 0, to = 0;
    bool ok = s.len == 11 && s.at[5] == '-' && clock_at(s, 0, &from) && clock_at(s, 6, &to);
    if (!ok || from >= to || to > MINUTES_OF_DAY)
        complain(l, "site.hours", v, STR("write them like \"08:30-17:30\""),
                 "'" STR_FMT "' are no service hours", STR_ARG(s));
    l->c->open_minute = from;
    l->c->close_minute = to;
}

static void read_calendar(Loader *l, const Value *site)
{
    const Value *v = value_at(site, "calendar");
    l->c->calendar = NULL;
    uint16_t file;
    Str csv;
    Err err = {0};
    if (v && load_file(l, value_text(v), false, &file, &csv)) {
        l->c->calendar = calendar_read(l->arena, csv, &err);
        if (!l->c->calendar)
            diag_add(l->diags, DIAG_ERROR, "site.calendar", file, err.offset, (Str){0}, "%s",
                     err.msg);
    }
    if (!l->c->calendar)
        l->c->calendar = calendar_builtin(l->arena);
}

static bool all_digits(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

static void check_place(Loader *l, const Value *site)
{
    const Value *place = value_at(site, "place"), *prefix = value_at(site, "place_prefix");
    Str p = l->c->place, x = l->c->place_prefix;
    if (p.len && !((p.len == 6 || p.len == 12) && all_digits(p)))
        complain(l, "site.place", place, STR("GB/T 2260: 6 digits, with the statistics code 12"),
                 "'" STR_FMT "' is no division code", STR_ARG(p));
    bool letters = x.len >= 1 && x.len <= 6;
    for (size_t i = 0; i < x.len; i++)
        letters = letters && x.at[i] >= 'A' && x.at[i] <= 'Z';
    if (x.len && !letters)
        complain(l, "site.prefix", prefix, STR("1 to 6 letters A-Z"),
                 "'" STR_FMT "' cannot begin case numbers", STR_ARG(x));
}

void load_site(Loader *l)
{
    const Value *site = load_document(l, STR("onedoor.yaml"), false);
    if (!site || !READ_FIELDS(l, site, site_fields, "onedoor.yaml", l->c))
        return;
    l->site = site;
    read_zone(l, site);
    read_hours(l, site);
    read_calendar(l, site);
    check_place(l, site);
    if (l->c->theme.len)
        l->c->theme = path_join(l->arena, l->folder, l->c->theme);
    const Value *tokens = value_at(site, "theme_tokens");
    l->c->theme_tokens = tokens ? value_copy(l->arena, tokens) : value_map(l->arena);
}
