#include "protection_row.h"

#include "json.h"
#include "mem.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

void protections_init(struct protections *protections, struct sql *sql, const struct basis *basis, int64_t at)
{
    *protections = (struct protections){ .sql = sql, .basis = basis, .at = at };
    arena_init(&protections->arena, ARENA_PLAIN);
    protections->memory = mem_new(PROTECTION_MEMORY, sizeof *protections->memory);
}

void protections_forget(struct protections *protections)
{
    memset(protections->memory, 0, PROTECTION_MEMORY * sizeof *protections->memory);
    map_finish(&protections->ids);
    arena_reset(&protections->arena);
}

void protections_finish(struct protections *protections)
{
    vec_finish(&protections->rows);
    str_finish(&protections->words);
    str_finish(&protections->detail);
    str_finish(&protections->version);
    str_finish(&protections->installation);
    str_finish(&protections->key);
    map_finish(&protections->ids);
    arena_finish(&protections->arena);
    free(protections->memory);
}

/* -------------------------------------------------------------------------------------------------------- basis ----
 */

static void add_member(struct str *out, const char *name, const char *text)
{
    str_format(out, "\"%s\":", name);
    if (text == NULL)
        str_add(out, "null");
    else
        json_add_text(out, text);
}

static void add_edition(struct str *out, const struct edition *edition)
{
    str_add(out, "{");
    add_member(out, "file", edition->file);
    str_add(out, ",");
    add_member(out, "edition", edition->name);
    str_add(out, ",");
    add_member(out, "date", edition->date);
    str_format(out, ",\"hash\":\"%016llx%016llx\"}", (unsigned long long)edition->hash.high,
               (unsigned long long)edition->hash.low);
}

static bool add_basis(struct protections *protections, struct err *err)
{
    const struct basis *basis = protections->basis;
    struct str files = STR_EMPTY;
    struct sql_query query;
    bool good;

    str_add(&files, "[");
    for (size_t i = 0; i < basis->matrix->edition_count; i++) {
        str_add(&files, i == 0 ? "" : ",");
        add_edition(&files, &basis->matrix->editions[i]);
    }
    str_add(&files, "]");
    sql_query(&query, protections->sql, "INSERT INTO basis (hash, files, first_at) VALUES (?1, ?2, ?3)");
    sql_bind_bytes(&query, 1, &basis->hash, sizeof basis->hash);
    sql_bind_text(&query, 2, str_text(&files));
    sql_bind_int(&query, 3, protections->at);
    good = sql_done(&query, err);
    str_finish(&files);
    protections->basis_id = sqlite3_last_insert_rowid(protections->sql->handle);
    return good;
}

/* Written with the first verdict that rests on it. */
static bool need_basis(struct protections *protections, struct err *err)
{
    struct sql_query query;

    if (protections->basis_id != 0)
        return true;
    sql_query(&query, protections->sql, "SELECT id FROM basis WHERE hash = ?1");
    sql_bind_bytes(&query, 1, &protections->basis->hash, sizeof protections->basis->hash);
    if (sql_row(&query))
        protections->basis_id = sql_int(&query, 0);
    return sql_done(&query, err) && (protections->basis_id != 0 || add_basis(protections, err));
}

/* --------------------------------------------------------------------------------------------------------- legs ----
 */

/* What the asset is that a verdict is about, its row says: without its name, the legs are those of many others too. */
static const struct thing itself = { .id = PROTECTION_ITSELF, .kind = "", .name = "" };

static const struct thing *unnamed(const struct thing *thing, const struct verdict *verdict)
{
    return thing != NULL && thing == verdict->thing ? &itself : thing;
}

/* The edition, all legs, then all their conditions: bytes that are equal where the legs say the same with the same
 * texts. */
static void make_key(struct str *key, const struct verdict *verdict)
{
    str_clear(key);
    str_add_bytes(key, &verdict->edition, sizeof verdict->edition);
    for (size_t i = 0; i < verdict->leg_count; i++) {
        struct leg leg = verdict->legs[i];

        leg.thing = unnamed(leg.thing, verdict);
        leg.conditions = NULL;
        str_add_bytes(key, &leg, sizeof leg);
    }
    for (size_t i = 0; i < verdict->leg_count; i++) {
        for (size_t j = 0; j < verdict->legs[i].condition_count; j++) {
            struct verdict_condition condition = verdict->legs[i].conditions[j];

            condition.cause.thing = unnamed(condition.cause.thing, verdict);
            str_add_bytes(key, &condition, sizeof condition);
        }
    }
}

static struct protection_legs *slot_of(struct protections *protections, const struct verdict *verdict)
{
    const struct leg *legs = verdict->legs;
    uint64_t mixed = verdict->leg_count * 31;

    if (verdict->leg_count > 0)
        mixed = (mixed ^ (uintptr_t)legs[0].reason) * UINT64_C(0x9e3779b97f4a7c15) ^
                (uintptr_t)unnamed(legs[0].thing, verdict);
    mixed *= UINT64_C(0x9e3779b97f4a7c15);
    return &protections->memory[mixed >> 40 & (PROTECTION_MEMORY - 1)];
}

/* The legs that a key was made of. */
static struct leg *legs_of(struct protections *protections, const void *key, size_t count)
{
    const struct leg *first = (const struct leg *)(const void *)((const struct edition *const *)key + 1);
    struct leg *legs = arena_bytes(&protections->arena, first, count * sizeof *legs);
    struct verdict_condition *condition = (struct verdict_condition *)(first + count);

    for (size_t i = 0; i < count; i++) {
        legs[i].conditions = condition;
        condition += legs[i].condition_count;
    }
    return legs;
}

static int64_t *id_of(struct protections *protections, const struct hash128 *digest)
{
    struct known {
        struct hash128 digest;
        int64_t id;
    } * known;
    int64_t *id = map_get_bytes(&protections->ids, (const char *)digest, sizeof *digest);

    if (id != NULL)
        return id;
    known = arena_alloc(&protections->arena, sizeof *known);
    known->digest = *digest;
    map_put_bytes(&protections->ids, (const char *)&known->digest, sizeof known->digest, &known->id);
    return &known->id;
}

static void remember(struct protections *protections, struct protection_legs *slot, size_t count,
                     const struct edition *edition)
{
    struct verdict verdict = { .leg_count = count };

    slot->size = protections->key.length;
    slot->key = arena_bytes(&protections->arena, protections->key.bytes, slot->size);
    slot->count = count;
    slot->edition = verdict.edition = edition;
    verdict.legs = slot->legs = legs_of(protections, slot->key, count);
    slot->digest = verdict_digest(&verdict);
    slot->id = id_of(protections, &slot->digest);
}

static struct protection_legs *find_legs(struct protections *protections, const struct verdict *verdict)
{
    struct protection_legs *slot = slot_of(protections, verdict);

    make_key(&protections->key, verdict);
    if (slot->key == NULL || slot->size != protections->key.length ||
        (slot->size > 0 && memcmp(slot->key, protections->key.bytes, slot->size) != 0))
        remember(protections, slot, verdict->leg_count, verdict->edition);
    return slot;
}

static struct verdict without_legs(const struct verdict *verdict)
{
    struct verdict rest = *verdict;

    rest.legs = NULL;
    rest.leg_count = 0;
    return rest;
}

static struct hash128 digest_of(const struct verdict *verdict, const struct protection_legs *legs)
{
    const struct verdict rest = without_legs(verdict);
    const struct hash128 both[] = { legs->digest, verdict_digest(&rest) };

    return hash128(&hash_stable_key, both, sizeof both);
}

static bool add_legs(struct protections *protections, struct protection_legs *legs, struct err *err)
{
    const struct verdict verdict = { .edition = legs->edition, .legs = legs->legs, .leg_count = legs->count };
    struct sql_query query;

    str_clear(&protections->detail);
    verdict_write(&protections->detail, &verdict);
    sql_query(&query, protections->sql, "INSERT INTO reasoning (digest, detail) VALUES (?1, ?2)");
    sql_bind_bytes(&query, 1, &legs->digest, sizeof legs->digest);
    sql_bind_text(&query, 2, str_text(&protections->detail));
    if (!sql_done(&query, err))
        return false;
    *legs->id = sqlite3_last_insert_rowid(protections->sql->handle);
    return true;
}

static bool need_legs(struct protections *protections, struct protection_legs *legs, struct err *err)
{
    struct sql_query query;

    if (*legs->id != 0)
        return true;
    sql_query(&query, protections->sql, "SELECT id FROM reasoning WHERE digest = ?1");
    sql_bind_bytes(&query, 1, &legs->digest, sizeof legs->digest);
    if (sql_row(&query))
        *legs->id = sql_int(&query, 0);
    return sql_done(&query, err) && (*legs->id != 0 || add_legs(protections, legs, err));
}

/* --------------------------------------------------------------------------------------------------------- rows ----
 */

static size_t keep_word(struct protections *protections, const char *word)
{
    size_t at = protections->words.length;

    str_add_bytes(&protections->words, word, strlen(word) + 1);
    return at;
}

bool protections_load(struct protections *protections, int64_t low, int64_t high, struct err *err)
{
    struct sql_query query;

    vec_clear(&protections->rows);
    str_clear(&protections->words);
    protections->next = 0;
    sql_query(&query, protections->sql,
              "SELECT id, asset, method, server, digest FROM protection WHERE asset BETWEEN ?1 AND ?2 ORDER BY asset");
    sql_bind_int(&query, 1, low);
    sql_bind_int(&query, 2, high);
    while (sql_row(&query)) {
        struct protection_row row = { .id = sql_int(&query, 0), .asset = sql_int(&query, 1) };
        size_t size;
        const void *digest = sql_bytes(&query, 4, &size);

        if (size == sizeof row.digest)
            memcpy(&row.digest, digest, size);
        row.method = keep_word(protections, sql_text(&query, 2));
        row.server = keep_word(protections, sql_text(&query, 3));
        vec_push(&protections->rows, row);
    }
    return sql_done(&query, err);
}

static const char *server_of(const struct verdict *verdict)
{
    return verdict->server == NULL ? "" : verdict->server;
}

static struct protection_row *find_row(struct protections *protections, int64_t asset, const struct verdict *verdict)
{
    const char *words = protections->words.bytes;

    for (size_t i = protections->next; i < protections->rows.count; i++) {
        struct protection_row *row = &protections->rows.items[i];

        if (row->asset > asset)
            break;
        if (row->asset == asset && strcmp(words + row->method, method_word(verdict->method)) == 0 &&
            strcmp(words + row->server, server_of(verdict)) == 0)
            return row;
    }
    return NULL;
}

/* ------------------------------------------------------------------------------------------------------ writing ----
 */

/* Up to `basis`, as all statements here name them. */
#define COLUMNS                                                                                                        \
    "asset, method, server, product, workload, version, installation, verdict, class, counts, by_what, ruled, reason," \
    " step, cause, owner, site, criticality, excluded, support_end, digest, basis, detail, reasoning"

static const char *join(struct str *out, const char *const *texts, size_t count)
{
    str_clear(out);
    for (size_t i = 0; i < count; i++) {
        str_add(out, i == 0 ? "" : " or ");
        str_add(out, texts[i]);
    }
    return str_text(out);
}

static void bind_leg(struct protections *protections, struct sql_query *query, const struct verdict *verdict)
{
    static const struct leg none = { 0 };
    const struct leg *leg = verdict->leg_count > 0 ? &verdict->legs[0] : &none;

    sql_bind_text(query, 5, leg->workload == NULL ? "" : leg->workload);
    sql_bind_text(query, 6, join(&protections->version, leg->versions, leg->version_count));
    sql_bind_text(query, 7, join(&protections->installation, leg->installations, leg->installation_count));
    sql_bind_text(query, 13, leg->reason == NULL ? "" : leg->reason);
}

/* A verdict on its way into a row. */
struct entry {
    int64_t asset;
    const struct verdict *verdict;
    struct protection_legs *legs;
    struct hash128 digest;
};

static void bind_numbers(struct protections *protections, struct sql_query *query, const struct entry *entry)
{
    const struct verdict *verdict = entry->verdict;

    sql_bind_int(query, 1, entry->asset);
    sql_bind_int(query, 10, verdict->counts);
    if (verdict->cause != NULL)
        sql_bind_int(query, 15, verdict->cause->id);
    if (verdict->lifecycle != NULL && verdict->lifecycle->support_end != 0)
        sql_bind_int(query, 20, verdict->lifecycle->support_end);
    sql_bind_bytes(query, 21, &entry->digest, sizeof entry->digest);
    sql_bind_int(query, 22, protections->basis_id);
    sql_bind_int(query, 24, *entry->legs->id);
    sql_bind_int(query, 25, protections->at);
}

/* What is not bound stays NULL: sql_done forgets what was. */
static void bind_entry(struct protections *protections, struct sql_query *query, const struct entry *entry)
{
    const struct verdict *verdict = entry->verdict, rest = without_legs(verdict);

    str_clear(&protections->detail);
    verdict_write(&protections->detail, &rest);
    bind_numbers(protections, query, entry);
    bind_leg(protections, query, verdict);
    sql_bind_text(query, 2, method_word(verdict->method));
    sql_bind_text(query, 3, server_of(verdict));
    sql_bind_text(query, 4, verdict->product);
    sql_bind_text(query, 8, verdict_word(verdict->word));
    sql_bind_text(query, 9, verdict_class_word(verdict->class));
    sql_bind_text(query, 11, verdict->by == NULL ? "" : verdict->by);
    sql_bind_text(query, 12, verdict->ruling == NULL ? NULL : answer_word(verdict->ruling->answer));
    sql_bind_text(query, 14, verdict->step.text);
    sql_bind_text(query, 16, verdict->owner);
    sql_bind_text(query, 17, verdict->site);
    sql_bind_text(query, 18, verdict->criticality);
    sql_bind_text(query, 19, verdict->excluded);
    sql_bind_text(query, 23, str_text(&protections->detail));
}

static bool add_row(struct protections *protections, const struct entry *entry, struct err *err)
{
    struct sql_query query;

    sql_query(&query, protections->sql,
              "INSERT INTO protection (" COLUMNS ", since_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
              " ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)");
    bind_entry(protections, &query, entry);
    return sql_done(&query, err);
}

static bool keep_past(struct sql *sql, int64_t id, int64_t at, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO protection_past (" COLUMNS ", from_at, until_at) SELECT " COLUMNS
              ", since_at, ?2 FROM protection WHERE id = ?1");
    sql_bind_int(&query, 1, id);
    sql_bind_int(&query, 2, at);
    return sql_done(&query, err);
}

static bool change_row(struct protections *protections, int64_t id, const struct entry *entry, struct err *err)
{
    struct sql_query query;

    if (!keep_past(protections->sql, id, protections->at, err))
        return false;
    sql_query(&query, protections->sql,
              "UPDATE protection SET product = ?4, workload = ?5, version = ?6, installation = ?7, verdict = ?8,"
              " class = ?9, counts = ?10, by_what = ?11, ruled = ?12, reason = ?13, step = ?14, cause = ?15,"
              " owner = ?16, site = ?17, criticality = ?18, excluded = ?19, support_end = ?20, digest = ?21,"
              " basis = ?22, detail = ?23, reasoning = ?24, since_at = ?25 WHERE id = ?26");
    bind_entry(protections, &query, entry);
    sql_bind_int(&query, 26, id);
    return sql_done(&query, err);
}

static bool end_row(struct sql *sql, int64_t id, int64_t at, struct err *err)
{
    struct sql_query query;

    if (!keep_past(sql, id, at, err))
        return false;
    sql_query(&query, sql, "DELETE FROM protection WHERE id = ?1");
    sql_bind_int(&query, 1, id);
    return sql_done(&query, err);
}

static bool end_others(struct protections *protections, int64_t asset, struct err *err)
{
    for (; protections->next < protections->rows.count; protections->next++) {
        struct protection_row *row = &protections->rows.items[protections->next];

        if (row->asset > asset)
            break;
        if (row->asset < asset || row->kept)
            continue;
        protections->changed++;
        if (!end_row(protections->sql, row->id, protections->at, err))
            return false;
    }
    return true;
}

static bool write_verdict(struct protections *protections, int64_t asset, const struct verdict *verdict,
                          struct err *err)
{
    struct protection_legs *legs = find_legs(protections, verdict);
    const struct entry entry = { asset, verdict, legs, digest_of(verdict, legs) };
    struct protection_row *row = find_row(protections, asset, verdict);

    if (row != NULL) {
        row->kept = true;
        if (memcmp(&row->digest, &entry.digest, sizeof entry.digest) == 0)
            return true;
    }
    protections->changed++;
    if (!need_basis(protections, err) || !need_legs(protections, legs, err))
        return false;
    return row == NULL ? add_row(protections, &entry, err) : change_row(protections, row->id, &entry, err);
}

bool protections_write(struct protections *protections, int64_t asset, const struct verdict *verdicts, size_t count,
                       struct err *err)
{
    while (protections->next < protections->rows.count && protections->rows.items[protections->next].asset < asset)
        protections->next++;
    for (size_t i = 0; i < count; i++) {
        if (!write_verdict(protections, asset, &verdicts[i], err))
            return false;
    }
    return end_others(protections, asset, err);
}

bool protections_end(struct sql *sql, int64_t asset, int64_t at, struct err *err)
{
    vec(int64_t) rows = VEC_EMPTY;
    struct sql_query query;
    bool good;

    sql_query(&query, sql, "SELECT id FROM protection WHERE asset = ?1");
    sql_bind_int(&query, 1, asset);
    while (sql_row(&query))
        vec_push(&rows, sql_int(&query, 0));
    good = sql_done(&query, err);
    for (size_t i = 0; good && i < rows.count; i++)
        good = end_row(sql, rows.items[i], at, err);
    vec_finish(&rows);
    return good;
}
