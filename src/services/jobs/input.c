/* SPDX-License-Identifier: Apache-2.0 */
#include "services/jobs/jobs_int.h"
#include "json/json.h"

bool jobs_refuse(StoreTx *tx, Value *out, const char *element, const char *key, Str arg,
                 ErrCode code, Err *err)
{
    Value *problems = value_inside(out, "problems");
    if (!problems)
        problems = set_list(tx->arena, out, "problems");
    Value *p = push_map(tx->arena, problems);
    set_str(tx->arena, p, "element", str_z(element));
    set_str(tx->arena, p, "key", str_z(key));
    set_str(tx->arena, p, "arg", arg);
    return FAIL(err, code, "%s at '%s'", key, element);
}

static bool is_known(Str name, const char *const *known)
{
    for (size_t i = 0; known[i]; i++)
        if (str_eq(name, str_z(known[i])))
            return true;
    return str_eq(name, STR("job")) || str_eq(name, STR("lease"));
}

bool jobs_fields(StoreTx *tx, const Value *in, const char *const *known, Value *out, Err *err)
{
    for (uint32_t i = 0; i < in->map.count; i++) {
        Str name = in->map.members[i].key;
        if (!is_known(name, known))
            return jobs_refuse(tx, out, str_cstr(tx->arena, str_slice(name, 0, JOBS_NAME_MAX)),
                               "job.field.unknown", STR(""), ERR_INPUT, err);
    }
    return true;
}

bool jobs_number(StoreTx *tx, const Value *in, JobsNumber what, int64_t *n, Value *out, Err *err)
{
    const Value *v = value_at(in, what.name);
    *n = what.otherwise;
    if (!v || v->kind == VALUE_NULL)
        return true;
    if (v->kind == VALUE_NUMBER && str_int(v->text, n) && *n >= what.min && *n <= what.max)
        return true;
    return jobs_refuse(tx, out, what.name, "job.number",
                       str_fmt(tx->arena, "%lld-%lld", (long long)what.min, (long long)what.max),
                       ERR_INPUT, err);
}

bool jobs_text(StoreTx *tx, const Value *in, JobsText what, Str *text, Value *out, Err *err)
{
    const Value *v = value_at(in, what.name);
    *text = (Str){0};
    if (v && v->kind != VALUE_NULL && v->kind != VALUE_STR)
        return jobs_refuse(tx, out, what.name, "job.text", STR(""), ERR_INPUT, err);
    *text = value_text(v);
    if (text->len > what.max)
        return jobs_refuse(tx, out, what.name, "job.too_long", str_fmt(tx->arena, "%zu", what.max),
                           ERR_LIMIT, err);
    if (!text->len && what.required)
        return jobs_refuse(tx, out, what.name, "job.required", STR(""), ERR_INPUT, err);
    return true;
}

static bool may_set(const WorkerType *w, Str name)
{
    for (size_t i = 0; w && w->limits_results && i < w->result_count; i++)
        if (str_eq(w->results[i], name))
            return true;
    return !w || !w->limits_results;
}

static bool check_names(StoreTx *tx, const Value *map, const WorkerType *w, Value *out, Err *err)
{
    for (uint32_t i = 0; i < map->map.count; i++) {
        Str name = map->map.members[i].key;
        bool sound = name.len > 0 && name.len <= JOBS_NAME_MAX;
        if (sound && may_set(w, name))
            continue;
        Str at =
            str_fmt(tx->arena, "variables." STR_FMT, STR_ARG(str_slice(name, 0, JOBS_NAME_MAX)));
        return jobs_refuse(tx, out, str_cstr(tx->arena, at),
                           sound ? "job.variable.not_a_result" : "job.variable.name", STR(""),
                           ERR_INPUT, err);
    }
    return true;
}

bool jobs_variables(StoreTx *tx, const Value *in, const WorkerType *w,
                    const FeelContext **variables, Value *out, Err *err)
{
    const Value *map = value_at(in, "variables");
    FeelValue v;
    *variables = NULL;
    if (!map || map->kind == VALUE_NULL)
        return true;
    if (map->kind != VALUE_MAP)
        return jobs_refuse(tx, out, "variables", "job.map", STR(""), ERR_INPUT, err);
    if (map->map.count > JOBS_VARIABLES_MAX)
        return jobs_refuse(tx, out, "variables", "job.too_many",
                           str_fmt(tx->arena, "%d", JOBS_VARIABLES_MAX), ERR_LIMIT, err);
    if (json_text(tx->arena, map).len > JOBS_VARIABLES_BYTES)
        return jobs_refuse(tx, out, "variables", "job.too_long",
                           str_fmt(tx->arena, "%d", JOBS_VARIABLES_BYTES), ERR_LIMIT, err);
    if (!check_names(tx, map, w, out, err))
        return false;
    Err why = {0};
    if (!feel_from_value(tx->arena, map, &v, &why))
        return jobs_refuse(tx, out, "variables", "job.value", STR(""), ERR_INPUT, err);
    *variables = v.context;
    return true;
}

Value *jobs_names(Arena *a, const Value *map)
{
    Value *list = value_list(a);
    for (uint32_t i = 0; value_is(map, VALUE_MAP) && i < map->map.count; i++)
        push_str(a, list, map->map.members[i].key);
    return list;
}
