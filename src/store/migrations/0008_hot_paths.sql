-- SPDX-License-Identifier: Apache-2.0
-- What the worker asks for with each round and each message, without reading all that waits: jobs
-- whose last lease ran out, a sender's messages on their way, a message by its id.
create index jobs_without_retries on jobs (place, due_at, id)
    where state = 'offered' and retries_left = 0;
create index messages_by_way on messages (place, state, from_case, to_case, seq);
create index messages_by_known on messages (place, name, correlation, message_id);
-- What an organ has done, the newest first.
create index tasks_done on tasks (place, organ, role, id) where state = 'done';
