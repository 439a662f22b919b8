/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stage: an App with a committer and a store of its own, one applicant, and two of the item's
 * organ, because who receives may not decide.
 */
#include "base/file.h"
#include "services/party/party.h"
#include "services/sample/sample_int.h"

Value *stage_run(Stage *st, const Actor *who, UseCase *run, const Value *in, const Value **problems,
                 Err *err)
{
    Op *op = NEW(st->arena, Op);
    op_init(op, st->arena, &st->app, who);
    op_ask(op, "sample", run, in, STR(""));
    if (op_run(op, err))
        return op->out;
    if (problems)
        *problems = value_at(op->out, "problems");
    return NULL;
}

void stage_complain(Stage *st, const char *rule, const Value *at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    Str message = str_vfmt(st->diags->arena, fmt, args);
    va_end(args);
    st->verdict->failed++;
    diag_add(st->diags, DIAG_ERROR, rule, at->file, at->offset,
             str_fmt(st->diags->arena, "in the sample '" STR_FMT "'", STR_ARG(st->sample->name)),
             STR_FMT, STR_ARG(message));
}

static bool add_staff(Stage *st, Str organ, Str role, Actor *who, Err *err)
{
    Actor system = {.kind = ACTOR_SYSTEM};
    Str login = str_fmt(st->arena, STR_FMT "-" STR_FMT, STR_ARG(organ), STR_ARG(role));
    Value *in = value_map(st->arena);
    set_str(st->arena, in, "login", login);
    set_str(st->arena, in, "name", role);
    set_str(st->arena, in, "organ", organ);
    set_str(st->arena, in, "roles", role);
    set_str(st->arena, in, "password", STR("no password fits this"));
    const Value *out = stage_run(st, &system, staff_add, in, NULL, err);
    *who = (Actor){ACTOR_STAFF, get_int(out, "account", 0), role, organ, roles_read(role), LANG_ZH};
    return out != NULL;
}

/* Made when they are first needed. */
bool stage_staff(Stage *st, Str organ, Str role, Actor *who, Err *err)
{
    for (size_t i = 0; i < st->staff_count; i++)
        if (str_eq(st->staff[i].organ, organ) && st->staff[i].roles == roles_read(role)) {
            *who = st->staff[i];
            return true;
        }
    if (st->staff_count == COUNT(st->staff))
        return FAIL(err, ERR_LIMIT, "more than %zu people of the staff", COUNT(st->staff));
    if (!add_staff(st, organ, role, who, err))
        return false;
    st->staff[st->staff_count++] = *who;
    return true;
}

static bool add_applicant(Stage *st, Err *err)
{
    const DemoPerson *p = st->sample->person;
    Actor nobody = {.kind = ACTOR_NOBODY};
    Value *in = value_map(st->arena);
    set_str(st->arena, in, "kind", STR("person"));
    set_str(st->arena, in, "id_type", STR("idcard"));
    set_str(st->arena, in, "id_number", p->id_number);
    set_str(st->arena, in, "name", p->name);
    set_str(st->arena, in, "phone", p->phone);
    set_str(st->arena, in, "token_hash", p->id_number);
    set_str(st->arena, in, "csrf", p->id_number);
    const Value *out = stage_run(st, &nobody, party_sign_in, in, NULL, err);
    st->applicant = (Actor){.kind = ACTOR_PARTY, .id = get_int(out, "party", 0), .name = p->name};
    return out != NULL;
}

static bool play(Stage *st, Err *err)
{
    Str organ = item_decider(st->sample->item)->key;
    if (!stage_staff(st, organ, STR("clerk"), &st->clerk, err) ||
        !stage_staff(st, organ, STR("approver"), &st->approver, err) || !add_applicant(st, err) ||
        !sample_apply(st, err))
        return false;
    /* What could not be done is told already. */
    bool played = !st->case_id.len || (sample_parts_act(st) && sample_act(st));
    return !played ||
           (sample_compare(st, err) && (!st->case_id.len || sample_parts_compare(st, err)));
}

bool sample_run(Arena *scratch, const Catalogue *c, const Sample *s, Str folder, Diags *diags,
                SampleVerdict *verdict, Err *err)
{
    Stage st = {.arena = scratch, .sample = s, .diags = diags, .verdict = verdict};
    *verdict = (SampleVerdict){0};
    clock_init_virtual(&st.clock, s->at);
    st.app.catalogue = c;
    st.app.clock = &st.clock;
    st.app.trial = true;
    st.app.public_url = STR("http://localhost");
    st.app.files_folder = folder;
    Str db = path_join(scratch, folder, STR("sample.db"));
    IdMaker ids = {0};
    CommitterConfig config = {
        .url = db, .place = c->place, .clock = &st.clock, .ids = &ids, .app = &st.app};
    if (!committer_start(&st.app.committer, &config, err))
        return false;
    bool ok = store_open(&st.reader, db, true, err);
    if (ok) {
        ok = play(&st, err);
        store_close(&st.reader);
    }
    committer_stop(st.app.committer);
    return ok;
}
