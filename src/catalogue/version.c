/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The version of an item: SHA-256 over all documents that it is made of, each with its path and
 * length, sorted by path. The same bytes give the same version on every machine, and another item's
 * documents have no part in it.
 *
 *   items/KEY/...            what was read of its folder, byte by byte
 *   shared/..., processes/...
 *                            the forms, rules and processes that items share and this one runs on,
 *                            byte by byte
 *   sources/..., papers/...  the sources that it can reach, its certificate and the papers that any
 *                            case may give, byte by byte
 *   bundles/KEY/...          of a bundle: its own, and all that its items are made of
 *   places/...               what the installed place and those above have of their own of it
 *   delegations.yaml         of its power, if it is delegated
 *   elements.yaml, materials.yaml, organs.yaml, topics.yaml
 *                            of these dictionaries only the entries that it uses, messages.yaml
 *                            whole; as canonical JSON, which is YAML, too
 *
 * What is used is found from the item outwards: an element may name its source, a source its
 * inputs, a material the source in its place, an organ the one above. Rules name sources and tasks
 * name organs freely, so each whose key is a word of the item's documents counts. Not in it:
 * onedoor.yaml and the calendar (the clock is the place's, for all cases alike), tests, other
 * items.
 */
#include <stdlib.h>

#include "catalogue/catalogue_int.h"
#include "json/json.h"

#define FORMAT "onedoor item 1\n"

typedef Vec(ItemDocument) Documents;

/* The first word of a key that documents may name freely. */
typedef struct {
    Str word;
    bool seen;     /* in the documents of the item at hand */
    uint16_t next; /* with the same first byte: place + 1; 0: none */
} Wanted;

/* One item's collection. */
typedef struct {
    Loader *l;
    Arena *arena; /* gone after each item */
    Item *item;
    Map used; /* "element:job" -> Described */
    Wanted *words;
    size_t word_count;
    uint16_t begins[256]; /* the last word of each first byte: place + 1; 0: none */
    Documents documents;
    Arena *kept;    /* of all items */
    Map *canonical; /* "element:job" -> Str: its entry as canonical JSON */
    Str messages;   /* the same document for all items */
} Collector;

/* ---- what is used ---- */

static void use(Collector *v, const char *kind, Str key);

static void use_of_element(Collector *v, const Element *e)
{
    Str rest = e->source, source;
    if (rest.len && str_split(&rest, '.', &source))
        use(v, "source", source);
}

static void use_of_source(Collector *v, const Source *s)
{
    for (size_t i = 0; i < s->input_count; i++)
        use(v, "element", s->inputs[i]);
}

static void use_of_material(Collector *v, const Material *m)
{
    for (size_t i = 0; i < m->replaced_count; i++)
        use(v, "source", m->replaced_by[i].source);
}

static void use_more(Collector *v, const char *kind, const void *entry)
{
    switch (kind[0]) {
    case 'e': use_of_element(v, entry); break;
    case 's': use_of_source(v, entry); break;
    case 'm': use_of_material(v, entry); break;
    case 'o': use(v, "organ", ((const Organ *)entry)->parent); break;
    default: break; /* a topic leads nowhere */
    }
}

static void use(Collector *v, const char *kind, Str key)
{
    const void *entry = key.len ? find_entry(v->l->c, kind, key) : NULL;
    if (!entry)
        return;
    Str full = str_fmt(v->arena, "%s:" STR_FMT, kind, STR_ARG(key));
    if (map_add(v->arena, &v->used, full, map_get(&v->l->described, full)))
        use_more(v, kind, entry);
}

static void see_word(Collector *v, Str word)
{
    for (uint16_t i = v->begins[(unsigned char)word.at[0]]; i; i = v->words[i - 1].next)
        if (str_eq(v->words[i - 1].word, word))
            v->words[i - 1].seen = true;
}

static void add_words(Collector *v, Str text)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.len; i++) {
        char c = i < text.len ? text.at[i] : ' ';
        bool inside =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (inside)
            continue;
        if (i > from)
            see_word(v, str_slice(text, from, i));
        from = i + 1;
    }
}

/* A key with a hyphen is several words; its first is enough to count it. */
static Str first_word(Str key)
{
    return str_slice(key, 0, str_find(key, STR("-"), 0));
}

static bool is_named(const Collector *v, Str key)
{
    for (size_t i = 0; i < v->word_count; i++)
        if (v->words[i].seen && str_eq(v->words[i].word, first_word(key)))
            return true;
    return false;
}

static void want(Collector *v, Str key)
{
    if (!key.len)
        return;
    uint16_t *begin = &v->begins[(unsigned char)key.at[0]];
    v->words[v->word_count++] = (Wanted){.word = first_word(key), .next = *begin};
    *begin = (uint16_t)v->word_count;
}

static void want_words(Collector *v)
{
    const Catalogue *c = v->l->c;
    v->words = NEW_N(v->kept, Wanted, c->source_count + c->organ_count + 1);
    for (size_t i = 0; i < c->source_count; i++)
        want(v, c->sources[i].key);
    for (size_t i = 0; i < c->organ_count; i++)
        want(v, c->organs[i].key);
}

/* What results are and who has a part. */
static void use_standard(Collector *v, const Item *item)
{
    use(v, "organ", item_decider(item)->key);
    for (size_t i = 0; i < item->joint_count; i++)
        use(v, "organ", item->joint_organs[i]->key);
    for (size_t i = 0; i < item->back_count; i++)
        if (item->back_steps[i].organ)
            use(v, "organ", item->back_steps[i].organ->key);
    for (size_t i = 0; i < item->result_count; i++) {
        use(v, "material", item->results[i].material);
        for (size_t k = 0; k < item->results[i].make_count; k++)
            use(v, "element", item->results[i].makes[k]->key);
    }
}

static void use_of_item(Collector *v, const Item *item)
{
    for (size_t i = 0; i < item->form.element_count; i++)
        use(v, "element", item->form.elements[i]->key);
    use(v, "element", item->apply_date_key);
    use(v, "element", item->holder_key);
    for (size_t i = 0; i < item->material_count; i++)
        use(v, "material", item->materials[i].material->code);
    for (size_t i = 0; i < item->form.page_count; i++) {
        use(v, "source", item->form.pages[i].source);
        use(v, "material", item->form.pages[i].material);
    }
    use(v, "organ", item->organ->key);
    use_standard(v, item);
    if (item->delegation)
        use(v, "delegation", item->delegation->key);
    for (size_t i = 0; i < item->topic_count; i++)
        use(v, "topic", item->topics[i]);
}

static void use_of_bundle(Collector *v, const Bundle *b)
{
    for (size_t i = 0; i < b->part_count; i++) {
        const Part *p = &b->parts[i];
        use_of_item(v, p->item);
        for (size_t k = 0; k < p->pass_count; k++) {
            use(v, "element", p->passes[k].element->key);
            use(v, "element", p->passes[k].as->key);
        }
    }
    for (size_t i = 0; i < b->organ_count; i++)
        use(v, "organ", b->organs[i]->key);
}

static void use_all(Collector *v)
{
    const Catalogue *c = v->l->c;
    use_of_item(v, v->item);
    if (v->item->bundle)
        use_of_bundle(v, v->item->bundle);
    for (size_t i = 0; i < c->source_count; i++)
        if (is_named(v, c->sources[i].key))
            use(v, "source", c->sources[i].key);
    for (size_t i = 0; i < c->organ_count; i++)
        if (is_named(v, c->organs[i].key))
            use(v, "organ", c->organs[i].key);
}

/* ---- its documents ---- */

static void add_document(Collector *v, Str path, Str text)
{
    *VEC_PUSH(v->arena, &v->documents) = (ItemDocument){.path = path, .text = text};
}

static void add_file(Collector *v, uint16_t file)
{
    const LoaderFile *f = file_of(v->l, file);
    ASSERT(f);
    add_document(v, f->path, f->text);
}

/* What the installed place and those above have of their own of it. */
static void add_local(Collector *v, const Item *item)
{
    for (const Place *p = v->l->here; p; p = p->inherits) {
        Str path = str_fmt(v->arena, "places/" STR_FMT "/items/" STR_FMT ".yaml", STR_ARG(p->code),
                           STR_ARG(item->key));
        const LoaderFile *f = file_named(v->l, path);
        if (!f || !f->used)
            continue;
        add_document(v, f->path, f->text);
        add_words(v, f->text);
    }
}

static void add_folder(Collector *v, const Item *item)
{
    Str folder = str_fmt(v->arena, item->bundle ? "bundles/" STR_FMT "/" : "items/" STR_FMT "/",
                         STR_ARG(item->key));
    for (size_t i = first_file(v->l, folder); i < v->l->files.len; i++) {
        const LoaderFile *f = &v->l->files.at[i];
        if (!str_starts(f->path, folder))
            break;
        if (!f->used)
            continue;
        add_document(v, f->path, f->text);
        add_words(v, f->text);
    }
}

static bool has_document(const Collector *v, Str path)
{
    for (size_t i = 0; i < v->documents.len; i++)
        if (str_eq(v->documents.at[i].path, path))
            return true;
    return false;
}

static void add_shared_file(void *collector, const LoaderFile *f)
{
    Collector *v = collector;
    if (!f || has_document(v, f->path))
        return;
    add_document(v, f->path, f->text);
    add_words(v, f->text);
}

/* Those that it runs on or calls and that items share. */
static void add_shared(Collector *v, const Item *item)
{
    const BpmnProcess *p = item->process;
    for (size_t i = 0; p && i < p->element_count; i++)
        add_shared_file(v, file_of(v->l, p->elements[i].file));
    shared_documents(v->l, item, add_shared_file, v);
}

static void add_sources(Collector *v)
{
    const Catalogue *c = v->l->c;
    for (size_t i = 0; i < c->source_count; i++)
        if (map_get(&v->used, str_fmt(v->arena, "source:" STR_FMT, STR_ARG(c->sources[i].key))))
            add_file(v, c->sources[i].file);
}

static bool gives(const Item *item, const Paper *paper)
{
    if (str_eq(paper->key, item->certificate))
        return true;
    for (size_t i = 0; item->process && i < item->process->element_count; i++)
        if (str_eq(bpmn_property(&item->process->elements[i], "paper"), paper->key))
            return true;
    for (size_t i = 0; item->bundle && i < item->bundle->part_count; i++)
        if (gives(item->bundle->parts[i].item, paper))
            return true;
    return false;
}

static void add_papers(Collector *v)
{
    const Catalogue *c = v->l->c;
    for (size_t i = 0; i < c->paper_count; i++)
        if (!c->papers[i].certificate || gives(v->item, &c->papers[i]))
            add_file(v, c->papers[i].file);
}

/* An entry of a dictionary as canonical JSON; most are used by many items. */
static Str canonical_of(Collector *v, Str key, const Map *from)
{
    Str *known = map_get(v->canonical, key);
    if (known)
        return *known;
    const Described *d = map_get(from, key);
    known = NEW(v->kept, Str);
    *known = json_canonical(v->kept, d->at);
    (void)map_add(v->kept, v->canonical, str_dup(v->kept, key), known);
    return *known;
}

/* The used entries of one dictionary, in the order of their keys: {"elements":[…]}. */
static Str dictionary(Collector *v, const char *kind, const char *list, const Map *from)
{
    Str prefix = str_fmt(v->arena, "%s:", kind);
    StrVec keys = {0};
    for (size_t i = 0; i < from->len; i++)
        if (str_starts(from->at[i].key, prefix))
            *VEC_PUSH(v->arena, &keys) = from->at[i].key;
    for (size_t i = 1; i < keys.len; i++)
        for (size_t k = i; k > 0 && str_cmp(keys.at[k - 1], keys.at[k]) > 0; k--) {
            Str moved = keys.at[k];
            keys.at[k] = keys.at[k - 1];
            keys.at[k - 1] = moved;
        }
    StrBuf b = buf_in(v->arena);
    buf_fmt(&b, "{\"%s\":[", list);
    for (size_t i = 0; i < keys.len; i++) {
        if (i)
            buf_char(&b, ',');
        buf_add(&b, canonical_of(v, keys.at[i], from));
    }
    BUF_LIT(&b, "]}");
    return buf_str(&b);
}

static bool uses_any(const Collector *v, Str prefix)
{
    for (size_t i = 0; i < v->used.len; i++)
        if (str_starts(v->used.at[i].key, prefix))
            return true;
    return false;
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const ItemDocument *)a)->path, ((const ItemDocument *)b)->path);
}

static void collect(Collector *v)
{
    const Bundle *b = v->item->bundle;
    add_folder(v, v->item);
    add_local(v, v->item);
    add_shared(v, v->item);
    for (size_t i = 0; b && i < b->part_count; i++) {
        add_folder(v, b->parts[i].item);
        add_local(v, b->parts[i].item);
        add_shared(v, b->parts[i].item);
    }
    use_all(v);
    add_sources(v);
    add_papers(v);
    add_document(v, STR("elements.yaml"), dictionary(v, "element", "elements", &v->used));
    add_document(v, STR("materials.yaml"), dictionary(v, "material", "materials", &v->used));
    add_document(v, STR("organs.yaml"), dictionary(v, "organ", "organs", &v->used));
    add_document(v, STR("topics.yaml"), dictionary(v, "topic", "topics", &v->used));
    add_document(v, STR("messages.yaml"), v->messages);
    if (uses_any(v, STR("delegation:")))
        add_document(v, STR("delegations.yaml"),
                     dictionary(v, "delegation", "delegations", &v->used));
    qsort(v->documents.at, v->documents.len, sizeof v->documents.at[0], by_path);
}

/* ---- its hash ---- */

static Str hash_over(Arena *out, const ItemDocument *at, size_t count)
{
    Hasher *h = hasher_new();
    hasher_add(h, FORMAT, sizeof FORMAT - 1);
    for (size_t i = 0; i < count; i++) {
        Str head = str_fmt(out, STR_FMT "\n%zu\n", STR_ARG(at[i].path), at[i].text.len);
        hasher_add(h, head.at, head.len);
        hasher_add(h, at[i].text.at, at[i].text.len);
    }
    Hash sum = hasher_end(h);
    return hash_hex(out, &sum);
}

bool are_whole(const ItemDocuments *documents)
{
    Arena scratch = {0};
    bool whole = str_eq(hash_over(&scratch, documents->at, documents->count), documents->hash);
    arena_free(&scratch);
    return whole;
}

/* Texts that were made here, each once: most items have the same messages and organs. */
static Str keep_text(Arena *out, Map *texts, const ItemDocument *d)
{
    Str hash = {(const char *)d->hash.bytes, HASH_SIZE};
    Str *known = map_get(texts, hash);
    if (known)
        return *known;
    known = NEW(out, Str);
    *known = str_dup(out, d->text);
    (void)map_add(out, texts, str_dup(out, hash), known);
    return *known;
}

static ItemDocuments keep_documents(Loader *l, const Collector *v, Map *texts)
{
    Arena *out = l->diags->arena;
    ItemDocument *at = NEW_N(out, ItemDocument, v->documents.len + 1);
    for (size_t i = 0; i < v->documents.len; i++) {
        ItemDocument d = v->documents.at[i];
        d.hash = hash_of(d.text);
        if (is_shared_path(d.path)) {
            d.text = keep_text(out, texts, &d);
        }
        at[i] = d;
    }
    return (ItemDocuments){v->item->key, v->item->hash, at, v->documents.len};
}

static void find_version(Collector *v)
{
    for (size_t i = 0; i < v->word_count; i++)
        v->words[i].seen = false;
    collect(v);
    Str hash = hash_over(v->arena, v->documents.at, v->documents.len);
    v->item->hash = str_dup(v->l->arena, hash);
}

void find_versions(Loader *l, CatalogueDocuments *documents)
{
    Arena scratch = {0}, shared = {0};
    Map canonical = {0}, texts = {0};
    Collector all = {.l = l, .arena = &scratch, .kept = &shared, .canonical = &canonical};
    size_t items = l->c->item_count, count = items + l->c->bundle_count;
    ItemDocuments *list = documents ? NEW_N(l->diags->arena, ItemDocuments, count + 1) : NULL;
    want_words(&all);
    all.messages = str_dup(&shared, dictionary(&all, "message", "messages", &l->described));
    arena_reset(&scratch);
    for (size_t i = 0; i < count; i++) {
        Collector v = all;
        v.item = i < items ? &l->items[i] : &l->bundles[i - items].whole;
        find_version(&v);
        if (list)
            list[i] = keep_documents(l, &v, &texts);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    arena_free(&shared);
    if (documents)
        *documents = (CatalogueDocuments){list, count};
}
