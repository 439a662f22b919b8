-- SPDX-License-Identifier: Apache-2.0
-- Where processes stand still and wait for an operator; and how often a timer was put off.

create table incidents (
    place text not null, id bigint not null, case_id bigint not null, case_no text not null,
    item text not null, item_version text not null,
    key bigint not null,        -- of the process's token that stands
    element text not null, name text not null,
    kind text not null,         -- job, expression, flow, loop, decision, error, timer, limit, other
    reason text not null,       -- as the engine or the worker said it
    opened_at bigint not null,
    closed_at bigint not null,  -- 0: it stands
    closed_by text not null,
    how text not null,          -- retried, resolved, moved, cancelled, passed
    primary key (place, id));
create index incidents_by_state on incidents (place, closed_at, opened_at);
create index incidents_by_case on incidents (place, case_id, key);

alter table timers add column attempts bigint not null default 0;
alter table timers add column error text not null default '';

create index cases_by_version on cases (place, item, item_version, closed_at, id);
