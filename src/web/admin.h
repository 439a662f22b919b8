/* SPDX-License-Identifier: Apache-2.0 */
/* web/admin.h - private: what the operator's pages share. */
#pragma once

#include "services/operate/operate.h"
#include "web/staff.h"

/* A raw model in the visitor's language. */
Value *admin_localised(const HttpRequest *rq, const Value *raw);
/* kind_text and said (what that means) of an incident's kind. */
void admin_kind_words(const HttpRequest *rq, Value *row);
/* element_text and kind words of a model's element: its name, else its id. */
void admin_element_words(const HttpRequest *rq, Value *row);
/* "3 days", "2 hours": how long a thing stands; key "age". */
void admin_age(const HttpRequest *rq, Value *row);
/* Words of one row of incidents: link, kind, age, how it ended. */
void admin_incident_words(const HttpRequest *rq, Value *row);
bool admin_may_act(const HttpRequest *rq);
/* A line or list of choices for a form of these pages; id is the page's. */
Value *admin_box(const HttpRequest *rq, const WebBox *box);
