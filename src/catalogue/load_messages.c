/* SPDX-License-Identifier: Apache-2.0 */
/* topics.yaml and messages.yaml: life events of the portal, and what is sent by phone. */
#include "catalogue/catalogue_int.h"

static const Field topics_fields[] = {{"topics", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field topic_fields[] = {
    {"key", FIELD_KEY, true, offsetof(Topic, key), 0, 0, NULL},
    {"name", FIELD_TEXT, true, offsetof(Topic, name), 0, 0, NULL},
    {"note", FIELD_TEXT, false, offsetof(Topic, note), 0, 0, NULL},
    {"icon", FIELD_KEY, true, offsetof(Topic, icon), 0, 0, NULL},
    {"for_organisations", FIELD_BOOL, false, offsetof(Topic, for_organisations), 0, 0, NULL},
};

void load_topics(Loader *l)
{
    const Value *doc = load_document(l, STR("topics.yaml"), false);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, topics_fields, "topics.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "topics", &items);
    Topic *topics = NEW_N(l->arena, Topic, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], topic_fields, "a topic", &topics[i]);
        register_entry(l, "topic", topics[i].key, items[i], &topics[i]);
    }
    l->c->topics = topics;
    l->c->topic_count = n;
}

static const Field messages_fields[] = {{"messages", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field message_fields[] = {
    {"key", FIELD_KEY, true, offsetof(MessageTemplate, key), 0, 0, NULL},
    {"text", FIELD_TEXT, true, offsetof(MessageTemplate, text), 0, 0, NULL},
};

/* What a case cannot do without: each step of its life is told. */
static const char *const needed[] = {"received",      "accepted",     "refused",
                                     "correction",    "suspended",    "resumed",
                                     "decided_grant", "decided_deny", "withdrawn"};

static void check_complete(Loader *l, const Value *doc)
{
    for (size_t i = 0; i < COUNT(needed); i++)
        if (!find_entry(l->c, "message", str_z(needed[i])))
            complain_key(l, "messages.missing", doc, "messages", (Str){0},
                         "there is no message '%s'", needed[i]);
}

void load_messages(Loader *l)
{
    const Value *doc = load_document(l, STR("messages.yaml"), false);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, messages_fields, "messages.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "messages", &items);
    MessageTemplate *messages = NEW_N(l->arena, MessageTemplate, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], message_fields, "a message", &messages[i]);
        template_texts(l, "messages.unknown-name", TEMPLATE_CASE, value_at(items[i], "text"));
        register_entry(l, "message", messages[i].key, items[i], &messages[i]);
    }
    l->c->messages = messages;
    l->c->message_count = n;
    check_complete(l, doc);
}
