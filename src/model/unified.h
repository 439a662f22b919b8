/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/unified.h - the eight unified elements (八统一) of a service item, and where each of them
 * stands in its documents.
 *
 * A path names a value of item.yaml as its keys say, "limits.promise.n" or "basis[].law.zh"; what
 * stands in form.yaml begins with "form.". Everything that deviates, differs or is sorted into a
 * table is told by the element that its path belongs to.
 * Memory and threads: constants.
 */
#pragma once

#include "model/text.h"

typedef enum {
    UNIFIED_MAIN_NAME,     /* 主项名称 */
    UNIFIED_SUB_NAME,      /* 子项名称 */
    UNIFIED_BASIS,         /* 适用依据 */
    UNIFIED_MATERIALS,     /* 申请材料 */
    UNIFIED_SERVICE_FLOW,  /* 办事流程 */
    UNIFIED_HANDLING_FLOW, /* 业务经办流程 */
    UNIFIED_TIME_LIMIT,    /* 办理时限 */
    UNIFIED_FORM,          /* 表单内容 */
    UNIFIED_COUNT,
    UNIFIED_NONE = UNIFIED_COUNT, /* none of the eight: an attribute of the item */
} UnifiedElement;

UnifiedElement unified_of(Str path);
/* "Time limit"; of UNIFIED_NONE too. */
Text unified_name(UnifiedElement e);
/* "time_limit": in JSON and CSV. */
Str unified_key(UnifiedElement e);
/* What a person reads for a path: "Limits › promise › number"; unknown keys stay as they are. */
Str unified_title(Arena *out, Str path, Lang lang);
