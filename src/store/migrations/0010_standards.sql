-- SPDX-License-Identifier: Apache-2.0
-- Standards of service items, from a proposal to all places; each act is kept for good.

create table standards (
    place text not null, id bigint not null,
    scope text not null,        -- key of an item or bundle, code of a main item, or: all
    title text not null,
    stage text not null,        -- proposed, dissected, piloting, accepted, released, retired, withdrawn
    data text not null,         -- what the acts have made of it, JSON
    opened_at bigint not null, changed_at bigint not null,
    version bigint not null default 1,
    primary key (place, id));
create index standards_by_change on standards (place, changed_at, id);
create index standards_by_stage on standards (place, stage);

create table standard_acts (
    place text not null, id bigint not null, standard_id bigint not null,
    at bigint not null, actor text not null, name text not null,
    act text not null, data text not null,
    primary key (place, id));
create index standard_acts_by_standard on standard_acts (place, standard_id, id);
