/* SPDX-License-Identifier: Apache-2.0 */
#include "betsy_world.h"

#include "xml/xml.h"

enum { SECOND = 1000, TIME_UP = 120 * SECOND, MOST_EVENTS = 2000 };

static const Str zones[] = {STR_INIT("\"a\""), STR_INIT("\"b\""), STR_INIT("\"c\"")};

Str betsy_document(Arena *out, Str text)
{
    StrBuf b = buf_in(out);
    Str rest = str_replace(out, text, STR("WINDOWS-1252"), STR("UTF-8")); /* they are ASCII */
    for (size_t i = 0; i < COUNT(zones); i++) {
        Str java = str_fmt(out, "test.contains(" STR_FMT ")", STR_ARG(zones[i]));
        Str feel = str_fmt(out, "contains(test," STR_FMT ")", STR_ARG(zones[i]));
        Str negated = str_fmt(out, "not(" STR_FMT ")", STR_ARG(feel));
        rest = str_replace(out, rest, str_join(out, STR("!"), java), negated);
        rest = str_replace(out, rest, java, feel);
        rest = str_replace(out, rest, str_join(out, feel, STR(">")), feel);
    }
    rest = str_replace(out, rest, STR("${integerVariable}"), STR("integerVariable"));
    for (size_t at = str_find(rest, STR("script>"), 0); at != SIZE_MAX;
         at = str_find(rest, STR("script>"), 0)) {
        size_t open = at;
        while (open > 0 && rest.at[open] != '<')
            open--;
        size_t close = str_find(rest, STR("</"), at), end = str_find(rest, STR(">"), close);
        Str word = str_trim(str_slice(rest, at + sizeof "script>" - 1, close));
        buf_add(&b, str_slice(rest, 0, open));
        if (!str_starts(word, STR("<![CDATA[")))
            buf_fmt(&b,
                    "<extensionElements xmlns=\"x\"><taskDefinition type=\"" STR_FMT
                    "\"/></extensionElements>",
                    STR_ARG(word));
        rest = str_slice(rest, end + 1, rest.len);
    }
    buf_add(&b, rest);
    return buf_str(&b);
}

bool betsy_load(BetsyWorld *w, Diags *d, Str path, Str text)
{
    uint16_t file = diag_file(d, path, text);
    Diags quiet = {.arena = w->arena};
    const XmlNode *root = xml_read(w->arena, &quiet, diag_file(&quiet, path, text), text);
    const BpmnProcess *first = bpmn_read(w->arena, d, file, text, NULL);
    for (const XmlNode *n = first ? xml_child(root, "process") : NULL; n;
         n = xml_next(n, "process")) {
        const BpmnProcess *p = bpmn_read_process(w->arena, d, file, text, xml_attr(n, "id"));
        if (!p)
            return false;
        *VEC_PUSH(w->arena, &w->models) = (FlowModel){.process = p};
    }
    return first != NULL;
}

static void step(BetsyWorld *w, size_t at, FlowEvent ev);

static void forget(BetsyWait *list, size_t *len, size_t instance, int64_t key)
{
    size_t kept = 0;
    for (size_t i = 0; i < *len; i++)
        if (list[i].instance != instance || list[i].key != key)
            list[kept++] = list[i];
    *len = kept;
}

#define FORGET(w, what, instance, key) forget((w)->what.at, &(w)->what.len, (instance), (key))

static bool starts_by(const BpmnProcess *p, Str name)
{
    for (size_t i = 0; i < p->element_count; i++) {
        const BpmnElement *e = &p->elements[i];
        bool starts = e->scope == BPMN_NONE && (e->kind == BPMN_START || e->instantiates);
        for (size_t k = 0; starts && k < e->trigger_count; k++)
            if (name.len && str_eq(e->triggers[k].name, name))
                return true;
    }
    return false;
}

static void start_partners(BetsyWorld *w, Str name, size_t sender)
{
    for (size_t i = 0; i < w->models.len; i++) {
        const BpmnProcess *p = w->models.at[i].process;
        if (p != w->instances.at[sender].model.process && starts_by(p, name))
            betsy_start(w, p->id, name, NULL);
    }
}

static void publish(BetsyWorld *w, size_t sender, Str name)
{
    for (size_t i = 0; i < w->subscriptions.len; i++) {
        BetsyWait s = w->subscriptions.at[i];
        if (!s.is_signal && str_eq(s.name, name)) {
            step(w, s.instance, (FlowEvent){.kind = FLOW_MESSAGE, .key = s.key});
            return;
        }
    }
    start_partners(w, name, sender);
}

static void broadcast(BetsyWorld *w, size_t sender, Str name)
{
    for (size_t i = 0, n = w->instances.len; i < n; i++)
        if (i != sender && w->instances.at[i].flow->state == FLOW_ACTIVE)
            step(w, i, (FlowEvent){.kind = FLOW_SIGNAL, .code = name});
    start_partners(w, name, sender);
}

static void incident(BetsyWorld *w, const FlowEffect *f)
{
    bool thrown = f->element->kind == BPMN_END && str_starts(f->reason, STR("error '"));
    *VEC_PUSH(w->arena, &w->trace) = thrown ? STR("ERROR_thrownErrorEvent") : STR("ERROR_runtime");
}

static void note_effect(BetsyWorld *w, size_t at, const FlowEffect *f)
{
    BetsyWait made = {at, f->key, f->due, f->name, false, f->variables};
    if (f->kind == FLOW_CREATE_JOB) {
        made.name = f->element->job_type;
        made.due = w->now + (str_eq(made.name, STR("WAIT_TEN_SECONDS")) ? 10 * SECOND : 0);
        *VEC_PUSH(w->arena, &w->jobs) = made;
    } else if (f->kind == FLOW_CREATE_TIMER) {
        *VEC_PUSH(w->arena, &w->timers) = made;
    } else if (f->kind == FLOW_SUBSCRIBE) {
        made.is_signal = f->trigger->kind == BPMN_ON_SIGNAL;
        *VEC_PUSH(w->arena, &w->subscriptions) = made;
    } else if (f->kind == FLOW_INCIDENT) {
        incident(w, f);
    } else if (f->kind == FLOW_PUBLISH || f->kind == FLOW_BROADCAST) {
        made.is_signal = f->kind == FLOW_BROADCAST;
        *VEC_PUSH(w->arena, &w->messages) = made;
    } else {
        FORGET(w, jobs, at, f->key);
        FORGET(w, timers, at, f->key);
        FORGET(w, subscriptions, at, f->key);
    }
}

static void step(BetsyWorld *w, size_t at, FlowEvent ev)
{
    BetsyInstance *i = &w->instances.at[at];
    FlowModel model = i->model;
    FlowResult r = {0};
    Err err = {0};
    ev.at = w->now;
    if (!flow_step(w->arena, &model, i->flow, &ev, &r, &err)) {
        *VEC_PUSH(w->arena, &w->trace) = STR("ERROR_runtime");
        return;
    }
    w->instances.at[at].flow = r.after;
    for (size_t k = 0; k < r.effects.len; k++)
        note_effect(w, at, &r.effects.at[k]);
}

void betsy_start(BetsyWorld *w, Str process, Str by, const FeelContext *variables)
{
    for (size_t i = 0; i < w->models.len; i++) {
        if (str_eq(w->models.at[i].process->id, process)) {
            *VEC_PUSH(w->arena, &w->instances) = (BetsyInstance){.model = w->models.at[i]};
            step(w, w->instances.len - 1,
                 (FlowEvent){.kind = FLOW_START, .code = by, .variables = variables});
            return;
        }
    }
    *VEC_PUSH(w->arena, &w->trace) = STR("ERROR_runtime");
}

/* ---- what the words do ---- */

static bool is_string(const FeelContext *c, Str name)
{
    const FeelValue *v = feel_get(c, name);
    return v && v->kind == FEEL_STRING;
}

static void tell(BetsyWorld *w, Str word)
{
    *VEC_PUSH(w->arena, &w->trace) = word;
}

static void run_job(BetsyWorld *w, const BetsyWait *job)
{
    FlowEvent ev = {.kind = FLOW_JOB_DONE, .key = job->key};
    const FeelContext none = {0};
    if (str_starts(job->name, STR("SCRIPT_"))) {
        tell(w, job->name);
    } else if (str_eq(job->name, STR("CREATE_MARKER_FILE"))) {
        tell(w, STR("MARKER_exists"));
    } else if (str_starts(job->name, STR("INCREMENT_INTEGER_VARIABLE"))) {
        FeelValue one = feel_int(1);
        const FeelValue *n = feel_get(job->variables, STR("integerVariable"));
        ev.variables = feel_with(w->arena, &none, STR("integerVariable"),
                                 n ? feel_add(w->arena, n, &one) : one);
        if (str_ends(job->name, STR("_AND_LOG")))
            tell(w, STR("INCREMENT_correct"));
    } else if (str_eq(job->name, STR("SET_STRING_DATA"))) {
        const FeelContext *c = feel_with(w->arena, &none, STR("data"), feel_str(STR("text")));
        ev.variables = feel_with(w->arena, c, STR("Data Output"), feel_str(STR("text")));
    } else if (str_eq(job->name, STR("LOG_DATA"))) {
        bool own = feel_get(job->variables, STR("Data Input")) != NULL;
        if (is_string(job->variables, own ? STR("Data Input") : STR("data")))
            tell(w, STR("DATA_correct"));
    } else if (str_eq(job->name, STR("THROW_ERROR"))) {
        ev.kind = FLOW_JOB_ERROR;
        ev.code = STR("ERR_CODE");
    }
    step(w, job->instance, ev);
}

static BetsyWait *earliest(BetsyWait *list, size_t len)
{
    BetsyWait *first = NULL;
    for (size_t i = 0; i < len; i++)
        first = !first || list[i].due < first->due ? &list[i] : first;
    return first;
}

static bool run_one(BetsyWorld *w)
{
    if (w->messages.len) {
        BetsyWait m = w->messages.at[0];
        memmove(w->messages.at, w->messages.at + 1, --w->messages.len * sizeof m);
        if (m.is_signal)
            broadcast(w, m.instance, m.name);
        else
            publish(w, m.instance, m.name);
        return true;
    }
    const BetsyWait *job = earliest(w->jobs.at, w->jobs.len);
    const BetsyWait *timer = earliest(w->timers.at, w->timers.len);
    bool is_job = job && (!timer || job->due <= timer->due);
    BetsyWait next = is_job ? *job : timer ? *timer : (BetsyWait){.due = TIME_UP};
    if (next.due >= TIME_UP)
        return false;
    w->now = next.due > w->now ? next.due : w->now;
    if (is_job) {
        FORGET(w, jobs, next.instance, next.key);
        run_job(w, &next);
    } else {
        FORGET(w, timers, next.instance, next.key);
        step(w, next.instance, (FlowEvent){.kind = FLOW_TIMER, .key = next.key});
    }
    return true;
}

void betsy_run(BetsyWorld *w)
{
    for (int i = 0; i < MOST_EVENTS && run_one(w); i++) {
    }
}
