#include "judgement_row.h"

#include "mem.h"
#include "sql.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { PROBES = 4 }; /* slots that a key may be in */

void judgements_init(struct judgements *judgements, struct sql *sql)
{
    *judgements = (struct judgements){ .sql = sql };
    arena_init(&judgements->arena, ARENA_PLAIN);
    judgements->whole = mem_new(JUDGEMENT_MEMORY, sizeof *judgements->whole);
    judgements->legs = mem_new(JUDGEMENT_MEMORY, sizeof *judgements->legs);
    judgements->chains = mem_new(JUDGEMENT_CHAINS, sizeof *judgements->chains);
}

void judgements_forget(struct judgements *judgements)
{
    memset(judgements->whole, 0, JUDGEMENT_MEMORY * sizeof *judgements->whole);
    memset(judgements->legs, 0, JUDGEMENT_MEMORY * sizeof *judgements->legs);
    memset(judgements->chains, 0, JUDGEMENT_CHAINS * sizeof *judgements->chains);
    map_finish(&judgements->verdicts);
    map_finish(&judgements->reasons);
    arena_reset(&judgements->arena);
}

void judgements_finish(struct judgements *judgements)
{
    str_finish(&judgements->key);
    str_finish(&judgements->digests);
    str_finish(&judgements->name);
    str_finish(&judgements->detail);
    str_finish(&judgements->version);
    str_finish(&judgements->installation);
    map_finish(&judgements->verdicts);
    map_finish(&judgements->reasons);
    arena_finish(&judgements->arena);
    free(judgements->whole);
    free(judgements->legs);
    free(judgements->chains);
}

/* ------------------------------------------------------------------------------------------------------ shared ---- */

/* What the asset is that a verdict is about, its row says: without its name, a verdict is that of many others too. */
static const struct thing itself = { .id = JUDGEMENT_ITSELF, .kind = "", .name = "" };

static const struct thing *unnamed(const struct thing *thing, const struct verdict *verdict)
{
    return thing != NULL && thing == verdict->thing ? &itself : thing;
}

static bool is_word(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || strchr("-_.\\$", character) != NULL;
}

static bool is_blank(char character)
{
    return character == '\0' || strchr(" ,:;", character) != NULL;
}

/* A sentence has a name as text_quote shows it: one that this would change is left as it is. */
static bool is_plain(const char *name)
{
    size_t length = 0;

    while (name[length] != '\0' && is_word(name[length]))
        length++;
    return length > 0 && name[length] == '\0' && length < TEXT_QUOTE_SIZE;
}

static bool stands_alone(const char *text, const char *found, size_t length)
{
    char behind = found[length];

    return (found == text || is_blank(found[-1])) &&
           (is_blank(behind) || (behind == '.' && is_blank(found[length + 1])));
}

/* The sentence with JUDGEMENT_NAME for the name; the same one where it has none. */
static const char *without_name(struct str *out, const char *text, const char *name)
{
    size_t length = strlen(name);
    const char *from = text, *found = text == NULL ? NULL : strstr(text, name);

    if (found == NULL || !is_plain(name))
        return text;
    str_clear(out);
    for (; found != NULL; found = strstr(found + length, name)) {
        if (!stands_alone(text, found, length))
            continue;
        str_add_bytes(out, from, (size_t)(found - from));
        str_add_char(out, JUDGEMENT_NAME);
        from = found + length;
    }
    str_add(out, from);
    return str_text(out);
}

/* All but its legs. */
static struct verdict shared_of(struct judgements *judgements, const struct verdict *verdict)
{
    struct verdict shared = *verdict;

    shared.thing = &itself;
    shared.legs = NULL;
    shared.leg_count = 0;
    shared.cause = unnamed(verdict->cause, verdict);
    shared.step.text = verdict->thing == NULL
                           ? verdict->step.text
                           : without_name(&judgements->name, verdict->step.text, verdict->thing->name);
    return shared;
}

/* -------------------------------------------------------------------------------------------------------- keys ---- */

/* A leg without its conditions. Its sentence is another copy each time. */
static void add_leg_key(struct str *key, const struct leg *leg, const struct verdict *verdict)
{
    struct leg plain = *leg;

    plain.thing = unnamed(leg->thing, verdict);
    plain.conditions = NULL;
    plain.reason = NULL;
    str_add_bytes(key, &plain, sizeof plain);
    if (leg->reason != NULL)
        str_add_bytes(key, leg->reason, strlen(leg->reason) + 1);
}

static void add_conditions_key(struct str *key, const struct leg *leg, const struct verdict *verdict)
{
    for (size_t i = 0; i < leg->condition_count; i++) {
        struct verdict_condition condition = leg->conditions[i];

        condition.cause.thing = unnamed(condition.cause.thing, verdict);
        str_add_bytes(key, &condition, sizeof condition);
    }
}

/* The leg of another thing, which many share: the judge makes its sentence and its conditions once. */
static void add_far_key(struct str *key, const struct leg *leg)
{
    const void *const parts[] = { leg->thing, leg->reason, leg->conditions, leg->omits, leg->missing, leg->conflict };
    const size_t numbers[] = { leg->word, leg->class, leg->omit_count };

    str_add_bytes(key, parts, sizeof parts);
    str_add_bytes(key, numbers, sizeof numbers);
}

static void add_leg(struct str *key, const struct leg *leg, const struct verdict *verdict)
{
    if (leg->thing != verdict->thing) {
        add_far_key(key, leg);
        return;
    }
    add_leg_key(key, leg, verdict);
    add_conditions_key(key, leg, verdict);
}

/* Bytes that are equal only where verdicts of these reasons say the same with the same texts. The sentence of the step
 * stands at the end, as it is another copy each time. */
static void make_key(struct str *key, const struct verdict *shared, const struct judgement *reasons)
{
    struct verdict rest = *shared;

    str_clear(key);
    rest.step.text = NULL;
    str_add_bytes(key, &rest, sizeof rest);
    str_add_bytes(key, &reasons, sizeof(struct judgement *));
    if (shared->step.text != NULL)
        str_add(key, shared->step.text);
}

static uint64_t mix(uint64_t hash, uint64_t more)
{
    hash = (hash ^ more) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

/* Of what is part of the key. */
static uint64_t hash_leg(const struct leg *leg, const struct verdict *verdict)
{
    if (leg->thing != verdict->thing)
        return mix((uintptr_t)leg->reason, (uintptr_t)leg->thing);
    return mix(mix((uintptr_t)leg->rows, (uintptr_t)leg->versions),
               (uint64_t)leg->condition_count << 32 | (leg->reason == NULL ? 0 : strlen(leg->reason)));
}

static uint64_t hash_verdict(const struct verdict *shared, const struct judgement *reasons)
{
    uint64_t hash = mix((uintptr_t)reasons, (uintptr_t)shared->server ^ (uintptr_t)shared->owner << 8);

    hash = mix(hash, (uint64_t)shared->method << 8 | (uint64_t)shared->counts);
    if (shared->step.text != NULL)
        hash = mix(hash, strlen(shared->step.text));
    return hash;
}

static bool has_key(const struct judgement_slot *slot, const struct str *key)
{
    return slot->key != NULL && slot->size == key->length && memcmp(slot->key, key->bytes, key->length) == 0;
}

/* The slot that has the key, else a free one, else one that is given up. */
static struct judgement_slot *slot_of(struct judgement_slot *slots, uint64_t hash, const struct str *key)
{
    size_t first = (size_t)(hash >> 40);

    for (size_t i = 0; i < PROBES; i++) {
        struct judgement_slot *slot = &slots[(first + i) & (JUDGEMENT_MEMORY - 1)];

        if (slot->key == NULL || has_key(slot, key))
            return slot;
    }
    return &slots[first & (JUDGEMENT_MEMORY - 1)];
}

static void keep_key(struct judgements *judgements, struct judgement_slot *slot)
{
    slot->key = arena_bytes(&judgements->arena, judgements->key.bytes, judgements->key.length);
    slot->size = judgements->key.length;
}

/* ----------------------------------------------------------------------------------------------------- digests ---- */

static struct judgement *of_digest(struct judgements *judgements, struct map *map, const struct hash128 *digest)
{
    struct judgement *known = map_get_bytes(map, (const char *)digest, sizeof *digest);

    if (known != NULL)
        return known;
    known = arena_alloc(&judgements->arena, sizeof *known);
    *known = (struct judgement){ .digest = *digest };
    map_put_bytes(map, (const char *)&known->digest, sizeof known->digest, known);
    return known;
}

/* The same legs without the asset itself. */
static struct leg *unnamed_legs(struct judgements *judgements, const struct verdict *verdict)
{
    struct leg *legs = arena_alloc(&judgements->arena, (verdict->leg_count + 1) * sizeof *legs);

    for (size_t i = 0; i < verdict->leg_count; i++) {
        size_t size = verdict->legs[i].condition_count * sizeof *legs[i].conditions;

        legs[i] = verdict->legs[i];
        legs[i].thing = unnamed(legs[i].thing, verdict);
        if (size == 0)
            continue;
        legs[i].conditions = arena_bytes(&judgements->arena, legs[i].conditions, size);
        for (size_t j = 0; j < legs[i].condition_count; j++)
            legs[i].conditions[j].cause.thing = unnamed(legs[i].conditions[j].cause.thing, verdict);
    }
    return legs;
}

/* The leg of a host is that of all its machines. */
static struct hash128 leg_digest(struct judgements *judgements, const struct verdict *verdict, const struct leg *leg)
{
    struct judgement_slot *slot;
    struct verdict alone = { .thing = verdict->thing, .edition = verdict->edition, .legs = leg, .leg_count = 1 };

    str_clear(&judgements->key);
    str_add_bytes(&judgements->key, &verdict->edition, sizeof verdict->edition);
    add_leg(&judgements->key, leg, verdict);
    slot = slot_of(judgements->legs, hash_leg(leg, verdict), &judgements->key);
    if (has_key(slot, &judgements->key))
        return slot->digest;
    keep_key(judgements, slot);
    alone.legs = unnamed_legs(judgements, &alone);
    alone.thing = NULL;
    slot->digest = verdict_digest(&alone);
    return slot->digest;
}

static struct judgement *digest_reasons(struct judgements *judgements, const struct verdict *verdict)
{
    struct hash128 digest;

    str_clear(&judgements->digests);
    for (size_t i = 0; i < verdict->leg_count; i++) {
        digest = leg_digest(judgements, verdict, &verdict->legs[i]);
        str_add_bytes(&judgements->digests, &digest, sizeof digest);
    }
    digest = hash128(&hash_stable_key, str_text(&judgements->digests), judgements->digests.length);
    return of_digest(judgements, &judgements->reasons, &digest);
}

/* Whether all legs are those of other things: then they are the same ones for each that has them. */
static bool is_far(const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->leg_count; i++) {
        if (verdict->legs[i].thing == verdict->thing)
            return false;
    }
    return true;
}

static struct judgement *find_reasons(struct judgements *judgements, const struct verdict *verdict)
{
    struct judgement_chain found = { verdict->legs, verdict->leg_count, verdict->edition, NULL };
    struct judgement_chain *chain =
        &judgements->chains[mix((uintptr_t)found.legs, found.count) & (JUDGEMENT_CHAINS - 1)];

    if (!is_far(verdict))
        return digest_reasons(judgements, verdict);
    if (chain->legs == found.legs && chain->count == found.count && chain->edition == found.edition &&
        chain->reasons != NULL)
        return chain->reasons;
    found.reasons = digest_reasons(judgements, verdict);
    *chain = found;
    return found.reasons;
}

static bool ask(struct judgements *judgements, const char *text, struct judgement *judgement, struct err *err)
{
    struct sql_query query;

    if (judgement->asked)
        return true;
    sql_query(&query, judgements->sql, text);
    sql_bind_bytes(&query, 1, &judgement->digest, sizeof judgement->digest);
    if (sql_row(&query))
        judgement->id = sql_int(&query, 0);
    judgement->asked = sql_done(&query, err);
    return judgement->asked;
}

static struct judgement *find_whole(struct judgements *judgements, const struct verdict *shared,
                                    const struct judgement *reasons)
{
    struct hash128 both[2] = { reasons->digest, verdict_digest(shared) };
    struct hash128 digest = hash128(&hash_stable_key, both, sizeof both);

    return of_digest(judgements, &judgements->verdicts, &digest);
}

struct judgement *judgements_find(struct judgements *judgements, const struct verdict *verdict, struct err *err)
{
    const struct judgement *reasons = find_reasons(judgements, verdict);
    const struct verdict shared = shared_of(judgements, verdict);
    struct judgement_slot *slot;

    make_key(&judgements->key, &shared, reasons);
    slot = slot_of(judgements->whole, hash_verdict(&shared, reasons), &judgements->key);
    if (!has_key(slot, &judgements->key)) {
        keep_key(judgements, slot);
        slot->judgement = find_whole(judgements, &shared, reasons);
    }
    return ask(judgements, "SELECT id FROM judgement WHERE digest = ?1", slot->judgement, err) ? slot->judgement : NULL;
}

/* ----------------------------------------------------------------------------------------------------- writing ---- */

static bool add_reasons(struct judgements *judgements, struct judgement *reasons, const struct verdict *verdict,
                        struct err *err)
{
    const struct verdict alone = { .edition = verdict->edition,
                                   .legs = unnamed_legs(judgements, verdict),
                                   .leg_count = verdict->leg_count };
    struct sql_query query;

    str_clear(&judgements->detail);
    verdict_write(&judgements->detail, &alone);
    sql_query(&query, judgements->sql, "INSERT INTO reasoning (digest, detail) VALUES (?1, ?2)");
    sql_bind_bytes(&query, 1, &reasons->digest, sizeof reasons->digest);
    sql_bind_text(&query, 2, str_text(&judgements->detail));
    if (!sql_done(&query, err))
        return false;
    reasons->id = sqlite3_last_insert_rowid(judgements->sql->handle);
    return true;
}

static const struct judgement *need_reasons(struct judgements *judgements, const struct verdict *verdict,
                                            struct err *err)
{
    struct judgement *reasons = find_reasons(judgements, verdict);

    if (!ask(judgements, "SELECT id FROM reasoning WHERE digest = ?1", reasons, err))
        return NULL;
    return reasons->id != 0 || add_reasons(judgements, reasons, verdict, err) ? reasons : NULL;
}

static const char *join(struct str *out, const char *const *texts, size_t count)
{
    str_clear(out);
    for (size_t i = 0; i < count; i++) {
        str_add(out, i == 0 ? "" : " or ");
        str_add(out, texts[i]);
    }
    return str_text(out);
}

static const char *some(const char *text)
{
    return text == NULL ? "" : text;
}

static void bind_leg(struct judgements *judgements, struct sql_query *query, const struct verdict *verdict)
{
    static const struct leg none = { 0 };
    const struct leg *leg = verdict->leg_count > 0 ? &verdict->legs[0] : &none;

    sql_bind_text(query, 5, some(leg->workload));
    sql_bind_text(query, 6, join(&judgements->version, leg->versions, leg->version_count));
    sql_bind_text(query, 7, join(&judgements->installation, leg->installations, leg->installation_count));
    sql_bind_text(query, 13, some(leg->reason));
}

static void bind_numbers(struct sql_query *query, const struct verdict *verdict)
{
    sql_bind_int(query, 10, verdict->counts);
    if (verdict->cause != NULL)
        sql_bind_int(query, 15, verdict->cause->id);
    if (verdict->lifecycle != NULL && verdict->lifecycle->support_end != 0)
        sql_bind_int(query, 20, verdict->lifecycle->support_end);
}

/* What is not bound stays NULL: sql_done forgets what was. */
static void bind_shared(struct judgements *judgements, struct sql_query *query, const struct verdict *shared)
{
    str_clear(&judgements->detail);
    verdict_write(&judgements->detail, shared);
    bind_numbers(query, shared);
    sql_bind_text(query, 2, method_word(shared->method));
    sql_bind_text(query, 3, some(shared->server));
    sql_bind_text(query, 4, shared->product);
    sql_bind_text(query, 8, verdict_word(shared->word));
    sql_bind_text(query, 9, verdict_class_word(shared->class));
    sql_bind_text(query, 11, some(shared->by));
    sql_bind_text(query, 12, shared->ruling == NULL ? NULL : answer_word(shared->ruling->answer));
    sql_bind_text(query, 14, shared->step.text);
    sql_bind_text(query, 16, shared->owner);
    sql_bind_text(query, 17, shared->site);
    sql_bind_text(query, 18, shared->criticality);
    sql_bind_text(query, 19, shared->excluded);
    sql_bind_text(query, 22, str_text(&judgements->detail));
}

bool judgements_add(struct judgements *judgements, struct judgement *judgement, const struct verdict *verdict,
                    struct err *err)
{
    const struct judgement *reasons = need_reasons(judgements, verdict, err);
    const struct verdict shared = shared_of(judgements, verdict);
    struct sql_query query;

    if (reasons == NULL)
        return false;
    sql_query(
        &query, judgements->sql,
        "INSERT INTO judgement (digest, method, server, product, workload, version, installation, verdict, class,"
        " counts, by_what, ruled, reason, step, cause, owner, site, criticality, excluded, support_end, reasoning,"
        " detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
        " ?20, ?21, ?22)");
    sql_bind_bytes(&query, 1, &judgement->digest, sizeof judgement->digest);
    bind_shared(judgements, &query, &shared);
    bind_leg(judgements, &query, verdict);
    sql_bind_int(&query, 21, reasons->id);
    if (!sql_done(&query, err))
        return false;
    judgement->id = sqlite3_last_insert_rowid(judgements->sql->handle);
    return true;
}
