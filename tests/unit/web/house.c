/* SPDX-License-Identifier: Apache-2.0 */
#include "house.h"

#define TEXT(zh, en)                                                                               \
    {                                                                                              \
        {                                                                                          \
            STR_INIT(zh), STR_INIT(en)                                                             \
        }                                                                                          \
    }

static const Organ organ = {.key = STR_INIT("hrss"),
                            .name = TEXT("市人力资源和社会保障局", "Human Resources Bureau"),
                            .short_name = TEXT("市人社局", "HRSS"),
                            .phone = STR_INIT("0571-0000 0001")};
static const Replacement by_query = {.kind = REPLACED_BY_QUERY, .source = STR_INIT("insurance")};
static const Material record = {.code = STR_INIT("m1"), .name = TEXT("诊断证明", "Diagnosis")};
static const Material work = {.code = STR_INIT("m2"),
                              .name = TEXT("劳动关系证明", "Proof of employment"),
                              .replaced_by = &by_query,
                              .replaced_count = 1};
static const ItemMaterial materials[] = {
    {.material = &record, .necessity = 1},
    {.material = &work, .necessity = 1},
};
static const Option who_options[] = {
    {STR_INIT("self"), TEXT("职工本人", "The worker"), TEXT("", "")},
    {STR_INIT("employer"), TEXT("用人单位", "The employer"), TEXT("", "")},
};
static const Situation situations[] = {
    {STR_INIT("who"), TEXT("谁来申请？", "Who applies?"), who_options, COUNT(who_options), {0}},
};
static const Str item_topics[] = {STR_INIT("work")};
static const Item item = {
    .key = STR_INIT("work-injury"),
    .code = STR_INIT("11330199MB0000000X3000714001000"),
    .version = STR_INIT("1"),
    .name = TEXT("工伤认定", "Recognition of work injury <b>"),
    .summary = TEXT("上班受了伤", "Hurt at work"),
    .organ = &organ,
    .for_persons = true,
    .topics = item_topics,
    .topic_count = COUNT(item_topics),
    .situations = situations,
    .situation_count = COUNT(situations),
    .materials = materials,
    .material_count = COUNT(materials),
    .legal = {60, STR_INIT("natural_day"), TEXT("", "")},
    .promise = {2, STR_INIT("working_day"), TEXT("", "")},
    .online = true,
    .hot = true,
    .baseline_materials = 9,
};
static const Topic topics[] = {
    {STR_INIT("work"), TEXT("就业与社保", "Work"), TEXT("", ""), STR_INIT("work"), false},
    {STR_INIT("newborn"), TEXT("新生儿出生", "Newborn"), TEXT("", ""), STR_INIT("baby"), false},
    {STR_INIT("open"), TEXT("开店", "Open a shop"), TEXT("", ""), STR_INIT("shop"), true},
};
static const Catalogue place = {
    .key = STR_INIT("0123456789abcdef"),
    .place = STR_INIT("330199"),
    .place_name = TEXT("云溪市", "Yunxi"),
    .site_name = TEXT("一门 · 云溪市政务服务", "Onedoor · Yunxi"),
    .operator_name = TEXT("云溪市政务服务管理局", "Yunxi Bureau"),
    .hotline = STR_INIT("12345"),
    .zone_minutes = ZONE_CHINA_MINUTES,
    .items = &item,
    .item_count = 1,
    .organs = &organ,
    .organ_count = 1,
    .topics = topics,
    .topic_count = COUNT(topics),
};

bool house_open(House *h)
{
    *h = (House){.catalogue = place};
    h->diags.arena = &h->arena;
    map_put(&h->arena, &h->catalogue.by_key, STR("item:work-injury"), (void *)(uintptr_t)&item);
    map_put(&h->arena, &h->catalogue.by_key, STR("organ:hrss"), (void *)(uintptr_t)&organ);
    h->app.catalogue = &h->catalogue;
    h->app.public_url = STR("http://127.0.0.1:8080");
    h->web.app = &h->app;
    h->route = (HttpRoute){.method = HTTP_GET, .path = "/"};
    return web_open(&h->web, &h->diags);
}

void house_close(House *h)
{
    web_close(&h->web);
    arena_free(&h->arena);
}

void house_put(House *h, HttpFields *fields, const char *name, const char *value)
{
    *VEC_PUSH(&h->arena, fields) = (HttpField){str_z(name), str_z(value)};
}

HttpRequest house_request(House *h, const char *target)
{
    HttpRequest rq = {.arena = &h->arena,
                      .method = HTTP_GET,
                      .raw_target = str_z(target),
                      .at = INT64_C(1795312800000),
                      .route = &h->route,
                      .app = &h->web};
    Str rest = rq.raw_target, field;
    str_split(&rest, '?', &rq.path);
    while (str_split(&rest, '&', &field)) {
        size_t eq = str_find(field, STR("="), 0);
        *VEC_PUSH(&h->arena, &rq.query) =
            (HttpField){str_slice(field, 0, eq), str_slice(field, eq + 1, field.len)};
    }
    return rq;
}

bool has(Str text, const char *part)
{
    return str_find(text, str_z(part), 0) != SIZE_MAX;
}
