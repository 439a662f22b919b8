/* SPDX-License-Identifier: Apache-2.0 */
/* The first key of a path decides; its titles are put together key by key. */
#include "model/unified.h"

static const struct {
    Str key;
    Text name;
} elements[] = {
    {STR_INIT("main_name"), {{STR_INIT("主项名称"), STR_INIT("Main item name")}}},
    {STR_INIT("sub_name"), {{STR_INIT("子项名称"), STR_INIT("Sub-item name")}}},
    {STR_INIT("basis"), {{STR_INIT("适用依据"), STR_INIT("Legal basis")}}},
    {STR_INIT("materials"), {{STR_INIT("申请材料"), STR_INIT("Materials")}}},
    {STR_INIT("service_flow"), {{STR_INIT("办事流程"), STR_INIT("Service flow")}}},
    {STR_INIT("handling_flow"), {{STR_INIT("业务经办流程"), STR_INIT("Handling flow")}}},
    {STR_INIT("time_limit"), {{STR_INIT("办理时限"), STR_INIT("Time limit")}}},
    {STR_INIT("form"), {{STR_INIT("表单内容"), STR_INIT("Form")}}},
    {STR_INIT("other"), {{STR_INIT("事项属性"), STR_INIT("Attributes")}}},
};

static const struct {
    Str key;
    UnifiedElement element;
} owners[] = {
    {STR_INIT("main_name"), UNIFIED_MAIN_NAME},
    {STR_INIT("main_code"), UNIFIED_MAIN_NAME},
    {STR_INIT("sub_name"), UNIFIED_SUB_NAME},
    {STR_INIT("name"), UNIFIED_SUB_NAME},
    {STR_INIT("code"), UNIFIED_SUB_NAME},
    {STR_INIT("handling"), UNIFIED_SUB_NAME},
    {STR_INIT("basis"), UNIFIED_BASIS},
    {STR_INIT("conditions"), UNIFIED_BASIS},
    {STR_INIT("refuse_grounds"), UNIFIED_BASIS},
    {STR_INIT("suspend_grounds"), UNIFIED_BASIS},
    {STR_INIT("rules"), UNIFIED_BASIS},
    {STR_INIT("materials"), UNIFIED_MATERIALS},
    {STR_INIT("situations"), UNIFIED_MATERIALS},
    {STR_INIT("gone"), UNIFIED_MATERIALS},
    {STR_INIT("steps"), UNIFIED_SERVICE_FLOW},
    {STR_INIT("visits"), UNIFIED_SERVICE_FLOW},
    {STR_INIT("visit_reason"), UNIFIED_SERVICE_FLOW},
    {STR_INIT("back_steps"), UNIFIED_HANDLING_FLOW},
    {STR_INIT("process"), UNIFIED_HANDLING_FLOW},
    {STR_INIT("limits"), UNIFIED_TIME_LIMIT},
    {STR_INIT("form"), UNIFIED_FORM},
};

/* Keys within paths, and what people call them. */
static const struct {
    Str key;
    Text title;
} titles[] = {
#define UNIFIED_TITLE(key, zh, en) {STR_INIT(key), {{STR_INIT(zh), STR_INIT(en)}}},
#include "model/unified_titles.def"
#undef UNIFIED_TITLE
};

/* The key at the start of a path, without "[]"; path then begins after it. */
static Str take_key(Str *path)
{
    size_t n = 0;
    while (n < path->len && path->at[n] != '.')
        n++;
    Str key = str_slice(*path, 0, n);
    *path = str_slice(*path, n < path->len ? n + 1 : n, path->len);
    while (str_ends(key, STR("[]")) || str_ends(key, STR("#")))
        key.len -= str_ends(key, STR("#")) ? 1 : 2;
    return key;
}

UnifiedElement unified_of(Str path)
{
    Str key = take_key(&path);
    for (size_t i = 0; i < COUNT(owners); i++)
        if (str_eq(owners[i].key, key))
            return owners[i].element;
    return UNIFIED_NONE;
}

Text unified_name(UnifiedElement e)
{
    return elements[e].name;
}

Str unified_key(UnifiedElement e)
{
    return elements[e].key;
}

static Str title_of(Str key, Lang lang)
{
    for (size_t i = 0; i < COUNT(titles); i++)
        if (str_eq(titles[i].key, key))
            return titles[i].title.in[lang];
    return key;
}

Str unified_title(Arena *out, Str path, Lang lang)
{
    StrBuf b = buf_in(out);
    while (path.len) {
        buf_add(&b, b.len ? STR(" › ") : STR(""));
        buf_add(&b, title_of(take_key(&path), lang));
    }
    return buf_str(&b);
}
