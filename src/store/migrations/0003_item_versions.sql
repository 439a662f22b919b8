-- SPDX-License-Identifier: Apache-2.0
-- The versions of items that cases were accepted under: their documents, each text once.

create table item_versions (
    place text not null, item text not null,
    version text not null,      -- SHA-256 over the documents, in hex
    documents text not null,    -- {path: hash of its text}
    published_at bigint not null,
    primary key (place, item, version));

create table item_documents (
    place text not null, hash text not null, text text not null,
    primary key (place, hash));

-- Cases of before get the version that the program starts with.
insert into settings (name, value) values ('item_versions', 'adopt');
