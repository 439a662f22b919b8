/* SPDX-License-Identifier: Apache-2.0 */
#include "model/unified.h"

#include "check.h"

TEST(unified_elements_of_paths)
{
    static const struct {
        const char *path;
        UnifiedElement element;
        const char *zh, *en;
    } rows[] = {
        {"main_name.zh", UNIFIED_MAIN_NAME, "主项名称 › 中文", "Main item name › Chinese"},
        {"name.en", UNIFIED_SUB_NAME, "名称 › 英文", "Name › English"},
        {"basis[].law.zh", UNIFIED_BASIS, "适用依据 › 法律法规 › 中文",
         "Legal basis › Law › Chinese"},
        {"materials#", UNIFIED_MATERIALS, "申请材料", "Materials"},
        {"steps[].title.zh", UNIFIED_SERVICE_FLOW, "办事流程 › 环节 › 中文",
         "Service flow › Title › Chinese"},
        {"back_steps[].minutes", UNIFIED_HANDLING_FLOW, "业务经办流程 › 用时（分钟）",
         "Handling flow › Minutes"},
        {"limits.promise.n", UNIFIED_TIME_LIMIT, "办理时限 › 承诺期限 › 数量",
         "Time limits › Promised › Number"},
        {"form.pages[].questions[].element", UNIFIED_FORM, "表单内容 › 页 › 问题 › 数据元",
         "Form › Pages › Questions › Data element"},
        {"consult_phone", UNIFIED_NONE, "咨询电话", "Phone for questions"},
        {"unheard_of", UNIFIED_NONE, "unheard_of", "unheard_of"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Str path = str_z(rows[i].path);
        Str zh = unified_title(&a, path, LANG_ZH), en = unified_title(&a, path, LANG_EN);
        CHECK(unified_of(path) == rows[i].element, "%s", rows[i].path);
        CHECK(str_eq(zh, str_z(rows[i].zh)), "%s: " STR_FMT, rows[i].path, STR_ARG(zh));
        CHECK(str_eq(en, str_z(rows[i].en)), "%s: " STR_FMT, rows[i].path, STR_ARG(en));
        arena_free(&a);
    }
}

/* Eight of them, each with a path, a key and a name in both languages. */
TEST(unified_elements_are_eight)
{
    CHECK(UNIFIED_COUNT == 8, "%d", UNIFIED_COUNT);
    for (UnifiedElement e = 0; e <= UNIFIED_NONE; e++)
        CHECK(unified_key(e).len && unified_name(e).in[LANG_ZH].len &&
                  unified_name(e).in[LANG_EN].len,
              "element %d", (int)e);
}
