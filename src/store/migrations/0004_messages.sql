-- SPDX-License-Identifier: Apache-2.0
-- What processes say to each other and hear from outside; tasks with a limit and a pool of their
-- own.

create table subscriptions (    -- a case waits for a message, or listens to a signal
    place text not null, id bigint not null, case_id bigint not null,
    key bigint not null,        -- of the process's wait
    kind text not null,         -- message, signal
    name text not null, correlation text not null, element text not null,
    created_at bigint not null,
    primary key (place, id));
create index subscriptions_by_name on subscriptions (place, kind, name, correlation, id);
create index subscriptions_by_listener on subscriptions (place, kind, name, case_id);
create index subscriptions_by_case on subscriptions (place, case_id, key);

create table messages (
    place text not null, id bigint not null,
    seq bigint not null,        -- order: of a signal's copies, the signal's own id
    kind text not null,         -- message, signal
    name text not null, correlation text not null, message_id text not null,
    variables text not null,
    state text not null,        -- open: on its way; kept: nobody waits yet; done; failed
    sender text not null,       -- actor: "client:9", "case:12"
    from_case bigint not null,  -- 0: from outside
    to_case bigint not null,    -- 0: not known yet
    until bigint not null,      -- kept, and known by its message_id, till then
    due_at bigint not null, attempts bigint not null,
    hops bigint not null,       -- messages that led to this one, without a pause between
    reached bigint not null,    -- of a signal: the last case that got its copy
    upto bigint not null,       -- of a signal: the last subscription that was there when it was sent
    error text not null, created_at bigint not null,
    primary key (place, id));
create index messages_by_due on messages (place, state, due_at);
create index messages_by_name on messages (place, name, correlation, state, seq);
create index messages_by_sender on messages (place, from_case, state);
create index messages_by_receiver on messages (place, to_case, state);
create index messages_by_age on messages (state, until);

alter table tasks add column step_due bigint not null default 0; -- the step's own limit; 0: none
create index tasks_by_pool on tasks (place, case_id, organ);
