/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/item.h - a service item (政务服务事项) and what it is made of, read from YAML into
 * immutable structs.
 *
 * Field names follow GB/T 39554.2 and CPSV-AP where they have one. All memory is the catalogue
 * generation's arena; pointers between parts are resolved by the catalogue's loader.
 * Threads: immutable after loading, shared freely.
 */
#pragma once

#include "base/date.h"
#include "feel/feel.h"
#include "model/bpmn/bpmn.h"
#include "model/bpmn/diagram.h"
#include "model/dmn/dmn.h"
#include "model/text.h"

/* Where a thing stood, for messages about it. */
typedef struct {
    uint16_t file;
    uint32_t offset;
} Mark;

typedef enum {
    ELEMENT_TEXT,
    ELEMENT_TEXTAREA,
    ELEMENT_NUMBER,
    ELEMENT_DATE,
    ELEMENT_TIME,   /* HH:MM */
    ELEMENT_IDCARD, /* GB 11643 */
    ELEMENT_USCC,   /* GB 32100 */
    ELEMENT_PHONE,  /* mobile number, 11 digits */
    ELEMENT_RADIO,
    ELEMENT_CHECKBOX, /* several of its options */
    ELEMENT_SELECT,
    ELEMENT_ADDRESS,
    ELEMENT_BOOLEAN, /* yes or no */
} ElementType;

typedef struct {
    Str value;
    Text label, hint;
} Option;

/* One entry of the dictionary of data elements: the same key is the same fact everywhere. */
typedef struct {
    Str key;
    ElementType type;
    Text label, hint;
    int32_t max_length; /* code points; 0: the type's own */
    Str min, max;       /* numbers or dates; "today" is allowed for dates; empty: none */
    const Option *options;
    size_t option_count;
    bool sensitive; /* shown masked, never logged */
    bool for_staff; /* staff read it themselves: no rule, paper or message needs to */
    Str source;     /* "population.name": the source and field that can fill it, or empty */
    Mark mark, source_mark;
} Element;

typedef enum {
    REPLACED_BY_CERTIFICATE,
    REPLACED_BY_QUERY,
    REPLACED_BY_COMMITMENT,
    REPLACED_BY_CHECK,
    REPLACED_CANCELLED,
} ReplaceKind;

typedef struct {
    ReplaceKind kind;
    Str source; /* key of the source, for queries */
    Text note;  /* for citizens: "read from the population register, with your consent" */
} Replacement;

typedef struct {
    Str code;
    Text name, note;
    Str kind; /* certificate, form, other */
    Text issuer;
    const Replacement *replaced_by; /* in the order they are tried */
    size_t replaced_count;
    Mark mark, source_mark;
} Material;

typedef struct {
    Str key;  /* "hrss" */
    Str uscc; /* unified social credit code */
    Text name, short_name, address, hours;
    Str phone;
    Str parent; /* key, or empty */
    Mark mark;
} Organ;

typedef struct {
    Text law, article, quote;
} LegalBasis;

/* What must hold for it to be granted. */
typedef struct {
    Text text;
    Text basis; /* legal basis of asking that */
    Mark mark;
} Condition;

typedef struct {
    int32_t n;
    Str unit; /* working_day, natural_day, month, year, hour, minute */
    Text note;
} TimeLimit;

/* In the merged form of a bundle: the parts that ask for a thing, each on its own conditions
 * (model/bundle.h). Without ways the thing's own condition alone counts. */
typedef struct {
    const struct Way *at;
    size_t count;
} Ways;

typedef struct Question Question;
struct Question {
    const Element *element;
    Text label, hint; /* empty: the element's */
    bool required;
    bool for_staff;             /* as Element.for_staff, in this form */
    const FeelProgram *show_if; /* NULL: always */
    Ways ways;
    const FeelProgram *valid_if;
    const FeelProgram *prefill; /* over the answers and party {name, id_number, phone, kind} */
    Text valid_message;
    const Question *also; /* of another part: its valid_if must hold as well where it asks */
    Mark mark;
};

typedef enum {
    PAGE_QUESTIONS, /* one topic, a few questions */
    PAGE_FACTS,     /* facts of a source, shown to confirm or object */
    PAGE_MATERIAL,  /* one material to give */
} PageKind;

typedef struct {
    Str id;
    Text title, lead;
    Text section; /* pages with the same section stand together in the task list */
    PageKind kind;
    const FeelProgram *show_if;
    Ways ways;
    const Question *questions;
    size_t question_count;
    Str source;   /* PAGE_FACTS: key of the source */
    Str material; /* PAGE_MATERIAL: code */
    Mark mark;
} Page;

typedef struct {
    const Page *pages;
    size_t page_count;
    const Element *const *elements; /* of all questions, each once: the names that rules may use */
    size_t element_count;
} Form;

typedef struct {
    const Material *material;
    int32_t necessity; /* 1 needed, 2 not needed, 3 may follow later */
    const FeelProgram
        *needed_if; /* over the answers to the situations and the form; NULL: always */
    Ways ways;
    Text note;    /* for citizens, here */
    Text basis;   /* legal basis of asking for it */
    bool by_mail; /* the paper may be mailed or brought instead of uploaded */
    int32_t max_files;
    Mark mark;
} ItemMaterial;

/* A question on the guide page that chooses what is needed "for me". */
typedef struct {
    Str key;
    Text question;
    const Option *options;
    size_t option_count;
    Mark mark;
} Situation;

typedef struct {
    Text title, detail;
} Step;

/* One step of the handling flow (业务经办流程): what staff do, for how long, by which paper. */
typedef struct {
    Text title, detail;
    Str role;           /* one of a staff member's, "applicant" or "system" */
    const Organ *organ; /* NULL: the item's */
    int32_t minutes;    /* 0: not told */
    Text document;      /* that it makes or works on */
} BackStep;

typedef enum { RESULT_CERTIFICATE, RESULT_APPROVAL, RESULT_OTHER } ResultKind;

/* What a grant gives. */
typedef struct {
    Text name;
    ResultKind kind;
    Str material;                /* code: this result is that material of other items; or empty */
    const Element *const *makes; /* facts that others need not ask for any more */
    size_t make_count;
    Text valid; /* how long it holds, or empty */
    Mark mark;
} ItemResult;

/* The smallest unit (业务办理项): new, change, extension, cancellation. */
typedef struct {
    Str key;
    Str code; /* the item's 31 characters and 2 of its own */
    Text name, note;
} HandlingItem;

typedef enum {
    ITEM_PUBLISHED,
    ITEM_DRAFT,
    ITEM_IN_REVIEW,
    ITEM_SUSPENDED,
    ITEM_CANCELLED,
} ItemState;

/* Where the power to decide comes from (权力来源). */
typedef enum { AUTHORITY_OWN, AUTHORITY_DELEGATED, AUTHORITY_AUTHORISED } Authority;

/* What an item costs its applicant and those who handle it. */
typedef struct {
    int32_t materials, visits, days, steps, organs;
} ItemFigures;

typedef struct {
    Text name;     /* what is no longer asked for */
    Text replaced; /* and why */
    Str date;      /* since when: 2026-01-01, or empty */
    Text basis;    /* by what rule it was cancelled */
    Mark mark;
} Gone;

/* A thing that staff must give a reason for, from a list: grounds of suspension, refusal. */
typedef struct {
    Str key;
    Text text;
    Text basis;
} Ground;

typedef struct {
    Str key;       /* folder name: "work-injury" */
    Str code;      /* implementation code, 31 characters */
    Str main_code; /* of the main item, 12 characters; or empty */
    ItemState state;
    Date valid_from, valid_to; /* both days count; day 0: open */
    Authority authority;
    const Organ *handled_by; /* who decides in place of organ; NULL: organ itself */
    const Organ *const *joint_organs;
    size_t joint_count;
    const HandlingItem *handling;
    size_t handling_count;
    const ItemResult *results;
    size_t result_count;
    const BackStep *back_steps;
    size_t back_count;
    const struct Delegation *delegation; /* model/place.h; NULL: none */
    Text address, hours, windows;        /* where it is handled; empty: where its organ is */
    Str phone;
    Text local_note;   /* the place's own, for citizens */
    bool not_here;     /* the place has not adopted it */
    const Text *cited; /* what is taken from a source that is named */
    size_t cited_count;
    Text sample; /* what is this catalogue's own example */
    Str version; /* as its authors number it, for people */
    Str hash;    /* the version that cases keep: over its documents, 64 hex digits */
    Text name;   /* as citizens read it */
    Text main_name, sub_name;
    Text summary; /* one sentence in plain words */
    Str type;     /* 07 confirmation … */
    Str level;    /* city, county … */
    Text scope;   /* where it can be handled */
    const Organ *organ;
    bool for_persons, for_organisations;
    const Str *topics; /* keys of life events */
    size_t topic_count;
    const Str *keywords; /* words that people search with, any language */
    size_t keyword_count;
    const Str *sets; /* measure sets that it is counted in: "hrss-134" */
    size_t set_count;
    const LegalBasis *basis;
    size_t basis_count;
    const Condition *conditions;
    size_t condition_count;
    const Situation *situations;
    size_t situation_count;
    const ItemMaterial *materials;
    size_t material_count;
    const Gone *gone;
    size_t gone_count;
    const Step *steps;
    size_t step_count;
    TimeLimit legal, promise;
    int32_t telling_days;    /* working days to tell what is missing: 5 */
    int32_t correction_days; /* working days the applicant has to supply it */
    int32_t visits;
    Text visit_reason;
    Text fee;
    Text remedies;              /* told with each refusal */
    Text grant_text, deny_text; /* what a decision says in short: 认定为工伤 */
    Str consult_phone, complaint_phone;
    int32_t baseline_materials, baseline_visits, baseline_days; /* before the reform, frozen */
    int32_t baseline_steps, baseline_organs;                    /* 0: not counted then */
    bool online, no_certificate, full_agency, accelerated, commitment, deferrable, hot;
    bool no_application, cross_province, one_certificate, in_person;
    Form form;
    const BpmnProcess *process;
    const Diagram *diagram; /* of the process */
    Str process_text;       /* its document as it stands in the catalogue */
    const DmnModel *rules;
    Str apply_date_key; /* element filled with the day of application for the rules */
    Str holder_key;     /* element with the name of who the result is for; empty: the applicant */
    Str certificate;    /* key of the certificate type that a grant gives */
    const Ground *suspend_grounds;
    size_t suspend_count;
    const Ground *refuse_grounds;
    size_t refuse_count;
    const struct Bundle *bundle; /* this is the face of one matter; NULL: an item of its own */
    Mark mark;
} Item;

/* Finds by key; NULL when there is none. */
const Page *form_page(const Form *f, Str id);
const ItemMaterial *item_material(const Item *item, Str code);

/* Before the reform and now. Now: materials that must or may follow, working or natural days of the
 * promise, steps of the handling flow, organs that have a part in it. */
ItemFigures item_before(const Item *item);
ItemFigures item_now(const Item *item);
/* Takes applications on that day: published and within its dates. */
bool item_is_open(const Item *item, Date day);
/* Why it does not, NULL when it does: "draft", "in_review", "suspended", "cancelled", "early",
 * "ended", "not_here", "undelegated". */
const char *item_closed(const Item *item, Date day);
/* Named to the public: not while it is written, nor when it is cancelled. */
bool item_is_listed(const Item *item);
/* Who decides. */
const Organ *item_decider(const Item *item);
/* "published", "own": as item.yaml writes them; the arrays end with NULL. */
extern const char *const item_state_names[];
extern const char *const authority_names[];
extern const char *const result_kind_names[];
