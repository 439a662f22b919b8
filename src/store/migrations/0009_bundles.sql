-- SPDX-License-Identifier: Apache-2.0
-- One matter: the case of the whole, and its parts. part: key of the part's item.
alter table cases add column parent bigint not null default 0;
alter table cases add column part text not null default '';
create index cases_by_parent on cases (place, parent, id) where parent > 0;
