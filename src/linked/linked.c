/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each resource is one node of the graph, named by its address, and stands once: organs, concepts,
 * materials and laws are shared by the services that speak of them.
 */
#include "linked/linked.h"

#include "base/map.h"

typedef struct {
    Arena *a;
    const Catalogue *c;
    Str base;
    Value *graph;
    Map known; /* addresses that have a node */
} Linker;

/* ---- nodes ---- */

static Str address(const Linker *l, const char *kind, Str key)
{
    return str_fmt(l->a, STR_FMT "/id/%s/" STR_FMT, STR_ARG(l->base), kind,
                   STR_ARG(str_percent(l->a, key)));
}

static Str service_address(const Linker *l, Str key)
{
    return str_fmt(l->a, STR_FMT "/s/" STR_FMT, STR_ARG(l->base), STR_ARG(key));
}

/* NULL when the node is there already. */
static Value *new_node(Linker *l, Str id, const char *type)
{
    if (!map_add(l->a, &l->known, id, l))
        return NULL;
    Value *node = push_map(l->a, l->graph);
    set_str(l->a, node, "@id", id);
    set_str(l->a, node, "@type", str_z(type));
    return node;
}

static void also_type(Linker *l, Value *node, const char *type)
{
    Value *types = value_list(l->a);
    push_str(l->a, types, get_str(node, "@type"));
    push_str(l->a, types, str_z(type));
    set_value(l->a, node, "@type", types);
}

/* One object or a list of them, as JSON-LD likes it: always a list. */
static Value *objects(Linker *l, Value *node, const char *property)
{
    Value *list = value_inside(node, property);
    return list ? list : set_list(l->a, node, property);
}

static void add_link(Linker *l, Value *node, const char *property, Str id)
{
    set_str(l->a, push_map(l->a, objects(l, node, property)), "@id", id);
}

static void add_words(Linker *l, Value *node, const char *property, Str words, Lang lang)
{
    if (!words.len)
        return;
    Value *v = push_map(l->a, objects(l, node, property));
    set_str(l->a, v, "@value", words);
    set_str(l->a, v, "@language", lang_name(lang));
}

static void add_text(Linker *l, Value *node, const char *property, Text t)
{
    for (Lang lang = 0; lang < LANG_COUNT; lang++)
        add_words(l, node, property, t.in[lang], lang);
}

static void add_typed(Linker *l, Value *node, const char *property, Str value, const char *type)
{
    Value *v = push_map(l->a, objects(l, node, property));
    set_str(l->a, v, "@value", value);
    set_str(l->a, v, "@type", str_z(type));
}

static Str concept_of(Linker *l, const char *scheme, Str key, Text label)
{
    Str id = address(l, scheme, key);
    Value *node = new_node(l, id, "skos:Concept");
    if (node) {
        set_str(l->a, node, "skos:notation", key);
        add_text(l, node, "skos:prefLabel", label);
    }
    return id;
}

/* ---- what services share ---- */

static Str place_of(Linker *l)
{
    Str id = address(l, "place", l->c->place);
    Value *node = new_node(l, id, "dct:Location");
    if (node) {
        set_str(l->a, node, "dct:identifier", l->c->place);
        add_text(l, node, "rdfs:label", l->c->place_name);
    }
    return id;
}

static Str organ_of(Linker *l, const Organ *o)
{
    Str id = address(l, "organ", o->key);
    Value *node = new_node(l, id, "cv:PublicOrganisation");
    if (node) {
        also_type(l, node, "foaf:Agent");
        set_str(l->a, node, "dct:identifier", o->uscc.len ? o->uscc : o->key);
        add_text(l, node, "skos:prefLabel", o->name);
        add_text(l, node, "dct:title", o->name);
        add_link(l, node, "dct:spatial", place_of(l));
    }
    return id;
}

static Str language_of(Linker *l, Lang lang)
{
    Str id = lang == LANG_ZH ? STR("http://publications.europa.eu/resource/authority/language/ZHO")
                             : STR("http://publications.europa.eu/resource/authority/language/ENG");
    (void)new_node(l, id, "dct:LinguisticSystem");
    return id;
}

static Str law_of(Linker *l, Text law)
{
    Str id = address(l, "law", law.in[LANG_ZH]);
    Value *node = new_node(l, id, "eli:LegalResource");
    if (node)
        add_text(l, node, "dct:title", law);
    return id;
}

static Str evidence_type_of(Linker *l, const Material *m)
{
    static const Text kinds[] = {
        {{STR_INIT("证件证书证明"), STR_INIT("Certificate or proof")}},
        {{STR_INIT("申请表格文书"), STR_INIT("Form")}},
        {{STR_INIT("其他材料"), STR_INIT("Other")}},
    };
    size_t kind = str_eq(m->kind, STR("certificate")) ? 0 : str_eq(m->kind, STR("form")) ? 1 : 2;
    Str id = address(l, "material", m->code);
    Value *node = new_node(l, id, "cv:EvidenceType");
    if (node) {
        set_str(l->a, node, "dct:identifier", m->code);
        add_text(l, node, "rdfs:label", m->name);
        add_link(l, node, "cv:evidenceTypeClassification",
                 concept_of(l, "material-kind", m->kind, kinds[kind]));
    }
    return id;
}

/* ---- a service ---- */

static Str part_address(const Linker *l, const Item *item, const char *part, size_t i)
{
    return str_fmt(l->a, STR_FMT "#%s-%zu", STR_ARG(service_address(l, item->key)), part, i + 1);
}

/* dct:identifier is asked for once a thing, everywhere. */
static Value *part_node(Linker *l, Str id, const char *type)
{
    Value *node = new_node(l, id, type);
    if (node)
        set_str(l->a, node, "dct:identifier", id);
    return node;
}

static void add_basis(Linker *l, Value *service, const Item *item)
{
    for (size_t i = 0; i < item->basis_count; i++) {
        const LegalBasis *b = &item->basis[i];
        Str id = part_address(l, item, "basis", i);
        Value *rule = part_node(l, id, "cpsv:Rule");
        Str law = law_of(l, b->law);
        if (!rule)
            continue;
        for (Lang lang = 0; lang < LANG_COUNT; lang++) {
            Str title = str_fmt(l->a, STR_FMT STR_FMT, STR_ARG(text_in(b->law, lang)),
                                STR_ARG(text_in(b->article, lang)));
            add_words(l, rule, "dct:title", title, lang);
            add_words(l, rule, "dct:description", b->quote.in[lang].len ? b->quote.in[lang] : title,
                      lang);
        }
        add_link(l, rule, "cpsv:implements", law);
        add_link(l, service, "cpsv:follows", id);
        add_link(l, service, "cv:hasLegalResource", law);
    }
}

static void add_conditions(Linker *l, Value *service, const Item *item)
{
    for (size_t i = 0; i < item->condition_count; i++) {
        Str id = part_address(l, item, "condition", i);
        Value *node = part_node(l, id, "cv:Requirement");
        if (!node)
            continue;
        add_text(l, node, "dct:title", item->conditions[i].text);
        if (item->basis_count)
            add_link(l, node, "cv:fulfils", part_address(l, item, "basis", 0));
        add_link(l, service, "cv:holdsRequirement", id);
    }
}

static void add_materials(Linker *l, Value *service, const Item *item)
{
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *m = &item->materials[i];
        Str type = evidence_type_of(l, m->material), id = part_address(l, item, "material", i);
        Value *node = part_node(l, id, "cv:Evidence");
        if (!node)
            continue;
        add_text(l, node, "dct:title", m->material->name);
        add_text(l, node, "dct:description", m->note);
        add_link(l, node, "dct:conformsTo", type);
        add_link(l, service, "cpsv:hasInput", id);
        add_link(l, service, "cv:hasInputType", type);
    }
}

static void add_outputs(Linker *l, Value *service, const Item *item)
{
    static const Text kinds[] = {
        [RESULT_CERTIFICATE] = {{STR_INIT("证照"), STR_INIT("Certificate")}},
        [RESULT_APPROVAL] = {{STR_INIT("批文"), STR_INIT("Approval")}},
        [RESULT_OTHER] = {{STR_INIT("其他"), STR_INIT("Other")}},
    };
    for (size_t i = 0; i < item->result_count; i++) {
        const ItemResult *r = &item->results[i];
        Str id = part_address(l, item, "result", i);
        Value *node = part_node(l, id, "cv:Output");
        if (!node)
            continue;
        add_text(l, node, "dct:title", r->name);
        add_text(l, node, "dct:description", r->valid);
        add_link(l, node, "dct:type",
                 concept_of(l, "result-kind", str_z(result_kind_names[r->kind]), kinds[r->kind]));
        add_link(l, service, "cpsv:produces", id);
    }
}

/* ISO 8601; working days are days there. */
static Str duration(Arena *a, const TimeLimit *t)
{
    static const struct {
        Str unit;
        const char *before, *after;
    } units[] = {
        {STR_INIT("working_day"), "P", "D"}, {STR_INIT("natural_day"), "P", "D"},
        {STR_INIT("month"), "P", "M"},       {STR_INIT("year"), "P", "Y"},
        {STR_INIT("hour"), "PT", "H"},       {STR_INIT("minute"), "PT", "M"},
    };
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_eq(units[i].unit, t->unit))
            return str_fmt(a, "%s%d%s", units[i].before, t->n, units[i].after);
    return STR("");
}

/* The kinds of the European list of communication channels. */
static void add_channel(Linker *l, Value *service, const Item *item, size_t i, Text name)
{
    Str id = part_address(l, item, "channel", i);
    Value *node = part_node(l, id, "cv:Channel");
    if (!node)
        return;
    static const Str kinds[] = {STR_INIT("online"), STR_INIT("window")};
    add_text(l, node, "dct:description", name);
    add_link(l, node, "dct:type", concept_of(l, "channel-kind", kinds[i], name));
    Str time = duration(l->a, &item->promise);
    if (time.len)
        add_typed(l, node, "cv:processingTime", time, "xsd:duration");
    add_link(l, service, "cv:hasChannel", id);
}

static void add_channels(Linker *l, Value *service, const Item *item)
{
    static const Text names[] = {{{STR_INIT("网上办理"), STR_INIT("Online")}},
                                 {{STR_INIT("窗口办理"), STR_INIT("At a window")}}};
    if (item->online)
        add_channel(l, service, item, 0, names[0]);
    add_channel(l, service, item, 1, names[1]);
}

static void add_cost(Linker *l, Value *service, const Item *item)
{
    Str id = part_address(l, item, "cost", 0);
    Value *node = part_node(l, id, "cv:Cost");
    if (!node)
        return;
    add_text(l, node, "dct:description", item->fee);
    add_link(l, service, "cv:hasCost", id);
}

static void add_contact(Linker *l, Value *service, const Item *item)
{
    Str id = part_address(l, item, "contact", 0);
    Value *node = new_node(l, id, "cv:ContactPoint");
    if (!node)
        return;
    set_str(l->a, node, "cv:telephone", item->consult_phone);
    add_link(l, service, "cv:contactPoint", id);
}

static void add_audience(Linker *l, Value *service, const Item *item)
{
    static const Text persons = {{STR_INIT("自然人"), STR_INIT("Natural persons")}};
    static const Text firms = {{STR_INIT("法人和其他组织"), STR_INIT("Legal persons")}};
    if (item->for_persons)
        add_link(l, service, "dct:audience", concept_of(l, "audience", STR("person"), persons));
    if (item->for_organisations)
        add_link(l, service, "dct:audience", concept_of(l, "audience", STR("organisation"), firms));
}

static Str event_address(const Linker *l, Str topic)
{
    return address(l, "event", topic);
}

static void add_joint_organs(Linker *l, Value *service, const Item *item)
{
    static const Text joint = {{STR_INIT("联办机构"), STR_INIT("Joint organ")}};
    for (size_t i = 0; i < item->joint_count; i++) {
        const Organ *o = item->joint_organs[i];
        Str id = part_address(l, item, "joint", i);
        Value *node = part_node(l, id, "cv:Participation");
        if (!node)
            continue;
        Str agent = organ_of(l, o);
        add_text(l, node, "dct:description", o->name);
        add_link(l, node, "cv:role", concept_of(l, "role", STR("joint"), joint));
        add_link(l, node, "cv:hasParticipant", agent);
        add_link(l, service, "cv:hasParticipation", id);
    }
}

static void add_status(Linker *l, Value *service, const Item *item)
{
    static const Text names[] = {
        [ITEM_PUBLISHED] = {{STR_INIT("已发布"), STR_INIT("Published")}},
        [ITEM_DRAFT] = {{STR_INIT("草稿"), STR_INIT("Draft")}},
        [ITEM_IN_REVIEW] = {{STR_INIT("审核中"), STR_INIT("In review")}},
        [ITEM_SUSPENDED] = {{STR_INIT("暂停"), STR_INIT("Suspended")}},
        [ITEM_CANCELLED] = {{STR_INIT("已取消"), STR_INIT("Cancelled")}},
    };
    Str key = str_z(item_state_names[item->state]);
    add_link(l, service, "adms:status", concept_of(l, "state", key, names[item->state]));
}

static void add_service(Linker *l, const Item *item)
{
    Str id = service_address(l, item->key);
    Value *s = new_node(l, id, "cpsv:PublicService");
    if (!s)
        return;
    set_str(l->a, s, "dct:identifier", item->code);
    add_text(l, s, "dct:title", item->name);
    add_text(l, s, "dct:description", item->summary);
    add_link(l, s, "cv:hasCompetentAuthority", organ_of(l, item_decider(item)));
    add_link(l, s, "dct:spatial", place_of(l));
    for (Lang lang = 0; lang < LANG_COUNT; lang++)
        add_link(l, s, "dct:language", language_of(l, lang));
    for (size_t i = 0; i < item->keyword_count; i++) {
        Str word = item->keywords[i];
        bool ascii = (unsigned char)word.at[0] < 0x80;
        add_words(l, s, "dcat:keyword", word, ascii ? LANG_EN : LANG_ZH);
    }
    Str time = duration(l->a, &item->promise);
    if (time.len)
        add_typed(l, s, "cv:processingTime", time, "xsd:duration");
    for (size_t i = 0; i < item->topic_count; i++)
        add_link(l, s, "cv:isGroupedBy", event_address(l, item->topics[i]));
    add_status(l, s, item);
    add_basis(l, s, item);
    add_conditions(l, s, item);
    add_materials(l, s, item);
    add_outputs(l, s, item);
    add_channels(l, s, item);
    add_cost(l, s, item);
    add_contact(l, s, item);
    add_audience(l, s, item);
    add_joint_organs(l, s, item);
}

/* ---- events and the whole ---- */

static void add_topic(Linker *l, const Topic *t)
{
    const char *type = t->for_organisations ? "cv:BusinessEvent" : "cv:LifeEvent";
    Str id = event_address(l, t->key);
    Value *node = new_node(l, id, type);
    if (!node)
        return;
    also_type(l, node, "cv:Event");
    set_str(l->a, node, "dct:identifier", t->key);
    add_text(l, node, "dct:title", t->name);
    add_text(l, node, "dct:description", t->note);
}

static void add_bundle(Linker *l, const Bundle *b)
{
    Value *node = new_node(l, service_address(l, b->whole.key), "cv:Event");
    if (!node)
        return;
    set_str(l->a, node, "dct:identifier", b->whole.key);
    add_text(l, node, "dct:title", b->whole.name);
    add_text(l, node, "dct:description", b->whole.summary);
    for (size_t i = 0; i < b->part_count; i++)
        if (item_is_listed(b->parts[i].item))
            add_link(l, node, "cv:hasRelatedService", service_address(l, b->parts[i].item->key));
}

static Value *add_dataset(Linker *l)
{
    static const Text description = {
        {STR_INIT("本地全部政务服务事项，按八个统一要素编写"),
         STR_INIT("All public services of this place, by the eight unified elements")}};
    Str publisher = address(l, "agent", l->c->place);
    Value *agent = new_node(l, publisher, "foaf:Agent");
    if (agent) {
        set_str(l->a, agent, "dct:identifier", l->c->place);
        add_text(l, agent, "dct:title", l->c->operator_name);
    }
    Value *page = new_node(l, str_fmt(l->a, STR_FMT "/", STR_ARG(l->base)), "foaf:Document");
    Value *set = new_node(l, address(l, "catalogue", l->c->place), "dcat:Dataset");
    set_str(l->a, set, "dct:identifier", l->c->key);
    add_text(l, set, "dct:title", l->c->site_name);
    add_text(l, set, "dct:description", description);
    add_link(l, set, "dct:publisher", publisher);
    add_link(l, set, "dcat:landingPage", get_str(page, "@id"));
    return set;
}

static void set_context(Linker *l, Value *document)
{
    static const char *const prefixes[][2] = {
        {"adms", "http://www.w3.org/ns/adms#"},
        {"cpsv", "http://purl.org/vocab/cpsv#"},
        {"cv", "http://data.europa.eu/m8g/"},
        {"dcat", "http://www.w3.org/ns/dcat#"},
        {"dct", "http://purl.org/dc/terms/"},
        {"eli", "http://data.europa.eu/eli/ontology#"},
        {"foaf", "http://xmlns.com/foaf/0.1/"},
        {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
        {"skos", "http://www.w3.org/2004/02/skos/core#"},
        {"xsd", "http://www.w3.org/2001/XMLSchema#"},
    };
    Value *context = set_map(l->a, document, "@context");
    for (size_t i = 0; i < COUNT(prefixes); i++)
        set_str(l->a, context, prefixes[i][0], str_z(prefixes[i][1]));
}

Value *linked_catalogue(Arena *out, const Catalogue *c, Str base)
{
    Linker l = {.a = out, .c = c, .base = base};
    Value *document = value_map(out);
    set_context(&l, document);
    l.graph = set_list(out, document, "@graph");
    Value *set = add_dataset(&l);
    for (size_t i = 0; i < c->topic_count; i++)
        add_topic(&l, &c->topics[i]);
    for (size_t i = 0; i < c->item_count; i++) {
        if (!item_is_listed(&c->items[i]))
            continue;
        add_service(&l, &c->items[i]);
        add_link(&l, set, "dct:hasPart", service_address(&l, c->items[i].key));
    }
    for (size_t i = 0; i < c->bundle_count; i++)
        add_bundle(&l, &c->bundles[i]);
    return document;
}
