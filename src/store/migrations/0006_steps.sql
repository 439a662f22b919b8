-- SPDX-License-Identifier: Apache-2.0
-- Where a case stood and for how long: a row for each stay of a token at an element of the process.
-- What was passed without waiting stands in path, one id a line, with the row that follows: so a
-- step of the process writes one row for each place where it comes to rest and no other.

create table steps (
    place text not null, case_id bigint not null, token bigint not null, key bigint not null,
    entered_at bigint not null, left_at bigint not null, -- 0: it stands there
    item text not null, element text not null,           -- empty: only a path to an end
    state text not null, -- task, job, event, join, inside, call, incident, end
    path text not null,
    primary key (place, case_id, token, key, entered_at));
create index steps_by_item on steps (place, item, left_at, case_id);
