-- SPDX-License-Identifier: Apache-2.0
-- The first schema. Types are the ones both stores read alike: bigint, text. Times are
-- milliseconds since 1970, ids are time-ordered integers made by the program.

create table settings (name text primary key, value text not null);

create table counters (
    place text not null, name text not null, value bigint not null,
    primary key (place, name));

create table answers (          -- stored answers of idempotent commands
    place text not null, key text not null, body text not null, answer text not null,
    at bigint not null,
    primary key (place, key));
create index answers_by_age on answers (at);

create table parties (          -- citizens and organisations
    id bigint primary key, kind text not null, id_type text not null, id_number text not null,
    name text not null, phone text not null, created_at bigint not null);
create unique index parties_by_number on parties (id_type, id_number);

create table accounts (         -- staff
    id bigint primary key, place text not null, login text not null, name text not null,
    password text not null, organ text not null, roles text not null, state text not null,
    failures bigint not null, locked_until bigint not null, created_at bigint not null);
create unique index accounts_by_login on accounts (login);

create table sessions (
    token text primary key,     -- SHA-256 of what the browser holds, in hex
    kind text not null,         -- party, staff
    subject bigint not null, csrf text not null, created_at bigint not null,
    expires_at bigint not null);
create index sessions_by_subject on sessions (kind, subject);
create index sessions_by_expiry on sessions (expires_at);

create table access_log (       -- who read what of whom, and why
    place text not null, id bigint not null, party bigint not null, case_id bigint not null,
    actor text not null, what text not null, purpose text not null, basis text not null,
    at bigint not null,
    primary key (place, id));
create index access_log_by_party on access_log (party, id);

create table drafts (
    place text not null, id bigint not null, party bigint not null, item text not null,
    item_version text not null, lang text not null, data text not null, facts text not null,
    state text not null,        -- open, submitted, dropped
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    expires_at bigint not null,
    primary key (place, id));
create index drafts_by_party on drafts (place, party, id);
create index drafts_by_expiry on drafts (state, expires_at);

create table cases (
    place text not null, id bigint not null, no text not null, party bigint not null,
    applicant text not null,    -- name as on the case file
    item text not null, item_version text not null, title text not null, organ text not null,
    state text not null, channel text not null, lang text not null,
    received_at bigint not null, legal_due bigint not null, promise_due bigint not null,
    closed_at bigint not null, check_code text not null,
    data text not null, facts text not null, law text not null, flow text not null,
    calendar text not null, version bigint not null,
    last_seq bigint not null, last_hash text not null,
    primary key (place, id));
create unique index cases_by_no on cases (place, no);
create index cases_by_party on cases (place, party, id);

create table tasks (
    place text not null, id bigint not null, case_id bigint not null, case_no text not null,
    key bigint not null,        -- of the process's waiting token
    element text not null, stage text not null, role text not null, organ text not null,
    title text not null, applicant text not null,
    state text not null,        -- open, claimed, done, cancelled
    assignee bigint not null, not_for bigint not null, -- whoever received may not decide
    created_at bigint not null, due_at bigint not null, done_at bigint not null,
    version bigint not null,
    primary key (place, id));
create index tasks_worklist on tasks (place, organ, role, state, due_at, id);
create index tasks_by_case on tasks (place, case_id);

create table timers (
    place text not null, id bigint not null, case_id bigint not null, kind text not null,
    key text not null, due_at bigint not null,
    primary key (place, id));
create index timers_by_due on timers (place, due_at);
create index timers_by_case on timers (place, case_id);

create table jobs (
    place text not null, id bigint not null, case_id bigint not null, key text not null,
    type text not null, payload text not null,
    state text not null,        -- open, failed
    attempts bigint not null, due_at bigint not null, error text not null,
    primary key (place, id));
create index jobs_by_due on jobs (place, state, due_at);
create index jobs_by_case on jobs (place, case_id);

create table files (            -- content addressed; the bytes lie in the upload folder
    hash text primary key, size bigint not null, type text not null, created_at bigint not null);

create table materials (        -- of a draft, later of its case
    place text not null, id bigint not null, draft_id bigint not null, case_id bigint not null,
    code text not null, way text not null, -- upload, mail, fact
    state text not null,        -- given, expected, received, rejected, removed
    file text not null, name text not null, note text not null, created_at bigint not null,
    primary key (place, id));
create index materials_by_draft on materials (place, draft_id);
create index materials_by_case on materials (place, case_id);

create table events (           -- append only, hash chained per case
    place text not null, case_id bigint not null, seq bigint not null, at bigint not null,
    kind text not null, actor text not null, data text not null, prev text not null,
    hash text not null,
    primary key (place, case_id, seq));

create table documents (        -- what was issued at each step; the PDF is drawn from data
    place text not null, id bigint not null, case_id bigint not null, kind text not null,
    no text not null, data text not null, at bigint not null,
    primary key (place, id));
create index documents_by_case on documents (place, case_id);

create table certificates (
    place text not null, id bigint not null, case_id bigint not null, code text not null,
    type text not null, no text not null, holder text not null, data text not null,
    state text not null,        -- valid, revoked
    issued_at bigint not null, revoked_at bigint not null, reason text not null,
    primary key (place, id));
create unique index certificates_by_code on certificates (code);
create index certificates_by_case on certificates (place, case_id);

create table outbox (
    place text not null, id bigint not null, case_id bigint not null, party bigint not null,
    channel text not null, key text not null, payload text not null,
    state text not null,        -- open, sent, failed
    attempts bigint not null, next_at bigint not null, sent_at bigint not null,
    error text not null, created_at bigint not null,
    primary key (place, id));
create index outbox_due on outbox (place, state, next_at);
create index outbox_by_case on outbox (place, case_id);

create table ratings (
    place text not null, id bigint not null, case_id bigint not null, party bigint not null,
    level bigint not null, reasons text not null, remark text not null, at bigint not null,
    primary key (place, id));
create unique index ratings_by_case on ratings (place, case_id);
