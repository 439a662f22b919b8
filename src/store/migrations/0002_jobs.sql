-- SPDX-License-Identifier: Apache-2.0
-- Systems of other departments: accounts, and jobs that they take with a lease.

create table clients (
    place text not null, id bigint not null, name text not null,
    secret text not null,       -- SHA-256 of what the system holds, in hex
    jobs text not null,         -- types that it may take, with commas
    messages bigint not null,   -- 1: it may send messages
    state text not null,        -- active, revoked
    created_at bigint not null, used_at bigint not null,
    primary key (place, id));
create unique index clients_by_name on clients (place, name);

-- state: open (our own), offered (to systems: waiting, or leased until due_at), failed;
-- done, error, cancelled (systems' jobs, ended at due_at)
alter table jobs add column element text not null default '';
alter table jobs add column lease text not null default '';
alter table jobs add column worker bigint not null default 0;
alter table jobs add column retries_left bigint not null default 6;
create index jobs_by_type on jobs (place, type, state, due_at);
