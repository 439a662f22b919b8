/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "services/live.h"

static void add_staff(World *w, Actor *a, const char *login, const char *name, const char *organ,
                      const char *roles)
{
    Value *in = value_map(&w->arena);
    set_str(&w->arena, in, "login", str_z(login));
    set_str(&w->arena, in, "name", str_z(name));
    set_str(&w->arena, in, "organ", str_z(organ));
    set_str(&w->arena, in, "roles", str_z(roles));
    set_str(&w->arena, in, "password", STR("x"));
    Actor system = {.kind = ACTOR_SYSTEM};
    Err err = {0};
    Value *out = world_run(w, &system, "staff.add", staff_add, in, "", &err);
    CHECK(out != NULL, "staff %s: %s", login, err.msg);
    *a = (Actor){.kind = ACTOR_STAFF,
                 .id = get_int(out, "account", 0),
                 .name = str_z(name),
                 .organ = str_z(organ),
                 .roles = roles_read(str_z(roles))};
}

static void add_party(World *w, Actor *a, const char *number, const char *name)
{
    Value *in = value_map(&w->arena);
    set_str(&w->arena, in, "kind", STR("person"));
    set_str(&w->arena, in, "id_type", STR("idcard"));
    set_str(&w->arena, in, "id_number", str_z(number));
    set_str(&w->arena, in, "name", str_z(name));
    set_str(&w->arena, in, "phone", STR("13800001111"));
    set_str(&w->arena, in, "token_hash", str_z(number));
    set_str(&w->arena, in, "csrf", STR("c"));
    Actor nobody = {.kind = ACTOR_NOBODY};
    Err err = {0};
    Value *out = world_run(w, &nobody, "party.sign_in", party_sign_in, in, "", &err);
    CHECK(out != NULL, "party %s: %s", name, err.msg);
    *a = (Actor){.kind = ACTOR_PARTY, .id = get_int(out, "party", 0), .name = str_z(name)};
}

/* 2026-11-18 (Wednesday) 10:00 in China: no holidays near. */
#define WORLD_START (INT64_C(1794967200) * 1000)

void world_open(World *w)
{
    world_open_at(w, "catalogues/demo");
}

static void load_catalogue(World *w, const char *catalogue, CatalogueDocuments *documents)
{
    Diags diags = {.arena = &w->arena};
    w->app.catalogue = catalogue_load_with(str_z(catalogue), &diags, documents);
    CHECK(w->app.catalogue != NULL, "catalogue: %s",
          str_cstr(&w->arena, diag_render(&w->arena, &diags)));
}

static void start(World *w, const char *catalogue)
{
    Err err = {0};
    CatalogueDocuments documents = {0};
    load_catalogue(w, catalogue, &documents);
    CommitterConfig config = {.url = w->db,
                              .place = w->app.catalogue->place,
                              .clock = &w->clock,
                              .ids = &w->ids,
                              .app = &w->app};
    CHECK(committer_start(&w->app.committer, &config, &err), "committer: %s", err.msg);
    CHECK(store_open(&w->reader, w->db, true, &err), "reader: %s", err.msg);
    live_open(&w->app);
    CHECK(versions_publish(&w->app, &documents, &err), "versions: %s", err.msg);
}

static void stop(World *w)
{
    store_close(&w->reader);
    committer_stop(w->app.committer);
    live_close(&w->app);
    catalogue_free(w->app.catalogue);
}

void world_open_at(World *w, const char *catalogue)
{
    *w = (World){0};
    char folder[] = "/tmp/onedoor-services-XXXXXX";
    CHECK(mkdtemp(folder) != NULL, "a folder");
    w->folder = str_dup(&w->arena, str_z(folder));
    w->db = path_join(&w->arena, w->folder, STR("one.db"));
    clock_init_virtual(&w->clock, WORLD_START);
    w->app.clock = &w->clock;
    w->app.public_url = STR("http://localhost");
    w->app.files_folder = path_join(&w->arena, w->folder, STR("files"));
    start(w, catalogue);
    add_party(w, &w->li, "330199199205034023", "李文静");
    add_party(w, &w->zhao, "330199198809173011", "赵强");
    add_staff(w, &w->clerk, "wang", "王芳", "hrss", "clerk");
    add_staff(w, &w->approver, "chen", "陈立", "hrss", "approver");
    add_staff(w, &w->both, "sun", "孙悦", "hrss", "clerk,approver");
    add_staff(w, &w->stranger, "xu", "徐来", "bureau", "clerk,approver");
}

void world_restart(World *w, const char *catalogue, const char *script)
{
    StoreConn c;
    Err err = {0};
    stop(w);
    if (script) {
        bool ok = store_open(&c, w->db, false, &err);
        CHECK(ok && c.api->script(&c, script, &err), "script: %s", err.msg);
        if (ok)
            store_close(&c);
    }
    start(w, catalogue);
}

void world_close(World *w)
{
    stop(w);
    StrVec files = {0};
    Err err = {0};
    if (file_list(&w->arena, w->folder, STR(""), &files, &err))
        for (size_t i = 0; i < files.len; i++)
            file_remove(path_join(&w->arena, w->folder, files.at[i]));
    (void)rmdir(str_cstr(&w->arena, w->folder));
    arena_free(&w->arena);
}

Value *world_run(World *w, const Actor *who, const char *name, UseCase *run, const Value *in,
                 const char *key, Err *err)
{
    Op *op = NEW(&w->arena, Op);
    op_init(op, &w->arena, &w->app, who);
    op_ask(op, name, run, in, str_z(key));
    if (op_run(op, err))
        return op->out;
    return NULL;
}

Value *world_application(Arena *a, const char *accident_day)
{
    Value *in = value_map(a);
    set_str(a, in, "item", STR("work-injury"));
    set_str(a, in, "lang", STR("zh"));
    set_bool(a, in, "declaration", true);
    Value *x = set_map(a, in, "answers");
    static const char *const answers[][2] = {
        {"applicant_kind", "worker"},
        {"worker_name", "李文静"},
        {"worker_id", "330199199205034023"},
        {"worker_phone", "13800001111"},
        {"employer_name", "云溪市博达工贸有限公司"},
        {"job", "冲压工"},
        {"accident_place", "二车间冲压线"},
        {"circumstance", "work_time_place_cause"},
        {"accident_story", "更换模具时右手食指被夹伤，由班长送医。"},
        {"injury_part", "右手食指"},
        {"hospital", "云溪市中心医院"},
        {"diagnosis", "右手食指末节骨折"},
        {"delivery", "electronic"},
    };
    for (size_t i = 0; i < COUNT(answers); i++)
        set_str(a, x, answers[i][0], str_z(answers[i][1]));
    set_str(a, x, "accident_date", str_z(accident_day));
    set_str(a, x, "first_visit_date", str_z(accident_day));
    set_bool(a, x, "employer_denies", false);
    Value *mailed = set_list(a, in, "materials");
    static const char *const codes[] = {"medical-record", "employment-proof"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        Value *m = push_map(a, mailed);
        set_str(a, m, "code", str_z(codes[i]));
        set_str(a, m, "way", STR("mail"));
    }
    return in;
}

Str world_submit(World *w, const Actor *who, Str *no)
{
    Err err = {0};
    Value *out = world_run(w, who, "apply.at_once", apply_at_once,
                           world_application(&w->arena, "2026-11-16"), "", &err);
    CHECK(out != NULL, "submit: %s", err.msg);
    if (no)
        *no = get_str(out, "no");
    return get_str(out, "case");
}

Value *world_case(Arena *a, Str id)
{
    Value *in = value_map(a);
    set_str(a, in, "case", id);
    return in;
}

static size_t drain(World *w, SqlId due, const char *name, UseCase *run, const char *key)
{
    Actor system = {.kind = ACTOR_SYSTEM};
    StoreRows rows;
    Err err = {0};
    CHECK(store_run(&w->reader, &w->arena, due,
                    PARAMS(P_STR(w->app.catalogue->place), P_INT(clock_now(&w->clock)), P_INT(100)),
                    &rows, &err),
          "due: %s", err.msg);
    for (size_t i = 0; i < rows.count; i++) {
        Value *in = value_map(&w->arena);
        set_int(&w->arena, in, key, row_int(&rows, i, 0));
        CHECK(world_run(w, &system, name, run, in, "", &err) != NULL, "%s: %s", name, err.msg);
    }
    return rows.count;
}

size_t world_work(World *w)
{
    size_t n = drain(w, SQL_TIMERS_DUE, "timer", casework_timer, "timer");
    for (size_t more; (more = drain(w, SQL_MESSAGES_DUE, "message", casework_deliver, "message"));)
        n += more;
    for (size_t more; (more = drain(w, SQL_JOBS_DUE, "job", casework_job, "job")) > 0;)
        n += more;
    return n;
}

void world_load(World *w, Str id, CaseFile *cf)
{
    int64_t n = 0;
    Err err = {0};
    CHECK(str_int(id, &n) && casework_load(&w->reader, &w->arena, &w->app, n, cf, &err), "load: %s",
          err.msg);
}

int64_t world_count(World *w, SqlId list, int64_t case_id)
{
    StoreRows rows;
    Err err = {0};
    CHECK(store_run(&w->reader, &w->arena, list,
                    PARAMS(P_STR(w->app.catalogue->place), P_INT(case_id)), &rows, &err),
          "count: %s", err.msg);
    return (int64_t)rows.count;
}

Viewing world_viewing(World *w, const Actor *who, Lang lang)
{
    return (Viewing){&w->reader, &w->arena, &w->app, who, lang, clock_now(&w->clock)};
}
