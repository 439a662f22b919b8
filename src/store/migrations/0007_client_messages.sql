-- SPDX-License-Identifier: Apache-2.0
-- Which messages and signals a system may send, by name. `messages` only says whether there are any.
alter table clients add column message_names text not null default '';
