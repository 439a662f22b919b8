/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many connections come from where. The library could refuse the one too many, but only by a
 * hard close; here it gets an answer (429 or 503), and only those far over the limit are shut out.
 * Keys are IPv4 addresses and /64 prefixes of IPv6: a visitor owns all addresses of a prefix.
 */
#include <netinet/in.h>

#include "base/rand.h"
#include "http/http_int.h"

typedef struct Entry Entry;
struct Entry {
    Entry *next;
    uint64_t key;
    unsigned count;
};

struct Addresses {
    Mutex lock;
    unsigned total, max_total;
    unsigned max_each; /* 0: not limited, behind a proxy */
    uint64_t seed;
    size_t mask;
    Entry **slots;
    Entry *unused;
};

HttpLimits http_default_limits(void)
{
    return (HttpLimits){
        .head_bytes = 16 << 10,
        .target_bytes = 4 << 10,
        .body_bytes = 256 << 10,
        .file_bytes = (size_t)20 << 20,
        .upload_bytes = (size_t)60 << 20,
        .fields = 200,
        .field_bytes = 64 << 10,
        .files = 10,
        .connections = 4096,
        .connections_per_address = 256,
        .misses = 60,
        .misses_ms = 10 * MS_MINUTE,
        .head_ms = 10 * MS_SECOND,
        .request_ms = MS_MINUTE,
        .idle_ms = 15 * MS_SECOND,
        .answer_ms = MS_MINUTE,
    };
}

bool limits_check(const HttpLimits *l, Err *err)
{
    const struct {
        const char *name;
        uint64_t value, least, most;
    } rows[] = {
        {"head_bytes", l->head_bytes, 512, 16 << 10},
        {"target_bytes", l->target_bytes, 64, 16 << 10},
        {"body_bytes", l->body_bytes, 1, 1 << 30},
        {"file_bytes", l->file_bytes, 1, UINT32_MAX},
        {"upload_bytes", l->upload_bytes, 1, UINT32_MAX},
        {"fields", l->fields, 1, 100000},
        {"field_bytes", l->field_bytes, 1, 1 << 28},
        {"files", l->files, 1, 1000},
        {"connections", l->connections, 1, 1000000},
        {"per address", l->connections_per_address, 1, 1000000},
        {"misses", l->misses, 1, 1000000},
        {"misses_ms", (uint64_t)l->misses_ms, 50, MS_DAY},
        {"head_ms", (uint64_t)l->head_ms, 50, MS_HOUR},
        {"request_ms", (uint64_t)l->request_ms, 50, MS_HOUR},
        {"idle_ms", (uint64_t)l->idle_ms, 50, MS_HOUR},
        {"answer_ms", (uint64_t)l->answer_ms, 50, 24 * MS_HOUR},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].value < rows[i].least || rows[i].value > rows[i].most)
            return FAIL(err, ERR_INPUT, "http limit '%s' is not between %llu and %llu",
                        rows[i].name, (unsigned long long)rows[i].least,
                        (unsigned long long)rows[i].most);
    return true;
}

Addresses *addresses_new(Arena *out, const HttpLimits *limits, bool per_address)
{
    Addresses *a = NEW(out, Addresses);
    size_t entries = (size_t)limits->connections + HTTP_GRACE_TOTAL + 1;
    size_t slots = 64;
    while (slots < entries)
        slots *= 2;
    mutex_init(&a->lock);
    a->max_total = limits->connections;
    a->max_each = per_address ? limits->connections_per_address : 0;
    rand_bytes(&a->seed, sizeof a->seed);
    a->mask = slots - 1;
    a->slots = NEW_N(out, Entry *, slots);
    Entry *all = NEW_N(out, Entry, entries);
    for (size_t i = 0; i < entries; i++) {
        all[i].next = a->unused;
        a->unused = &all[i];
    }
    return a;
}

void addresses_free(Addresses *a)
{
    mutex_free(&a->lock);
}

uint64_t address_key(const struct sockaddr *addr)
{
    uint64_t key = 0;
    if (addr && addr->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, addr, sizeof in);
        return ntohl(in.sin_addr.s_addr);
    }
    if (addr && addr->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, addr, sizeof in6);
        const uint8_t *b = in6.sin6_addr.s6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr))
            return (uint64_t)b[12] << 24 | (uint64_t)b[13] << 16 | (uint64_t)b[14] << 8 | b[15];
        for (int i = 0; i < 8; i++)
            key = key << 8 | b[i];
    }
    return key;
}

static Entry **slot_of(const Addresses *a, uint64_t key)
{
    uint64_t h = (key ^ a->seed) * 0x9e3779b97f4a7c15u;
    h ^= h >> 29;
    h *= 0xbf58476d1ce4e5b9u;
    Entry **at = &a->slots[(h ^ h >> 32) & a->mask];
    while (*at && (*at)->key != key)
        at = &(*at)->next;
    return at;
}

bool addresses_is_shut(Addresses *a, uint64_t key)
{
    mutex_lock(&a->lock);
    bool shut = a->total >= a->max_total + HTTP_GRACE_TOTAL;
    if (!shut && a->max_each) {
        const Entry *e = *slot_of(a, key);
        shut = e && e->count >= a->max_each + HTTP_GRACE_PER_ADDRESS;
    }
    mutex_unlock(&a->lock);
    return shut;
}

int addresses_enter(Addresses *a, uint64_t key)
{
    mutex_lock(&a->lock);
    Entry **at = slot_of(a, key);
    if (!*at && a->unused) {
        *at = a->unused;
        a->unused = a->unused->next;
        **at = (Entry){.key = key};
    }
    unsigned count = *at ? ++(*at)->count : a->max_each + 1;
    a->total++;
    int status = a->total > a->max_total ? 503 : 0;
    if (!status && a->max_each && count > a->max_each)
        status = 429;
    mutex_unlock(&a->lock);
    return status;
}

void addresses_leave(Addresses *a, uint64_t key)
{
    mutex_lock(&a->lock);
    a->total--;
    Entry **at = slot_of(a, key);
    if (*at && --(*at)->count == 0) {
        Entry *e = *at;
        *at = e->next;
        e->next = a->unused;
        a->unused = e;
    }
    mutex_unlock(&a->lock);
}
