#include "subject.h"

#include "sql.h"

#include <ctype.h>
#include <string.h>

static const char *copy(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text);
}

/* An item that no text is too long for is a rarity: what names nothing is not even copied. */
static const char *copy_fact(struct arena *arena, const char *text)
{
    return text == NULL || text[0] == '\0' || strnlen(text, SUBJECT_MAX_FACT + 1) > SUBJECT_MAX_FACT
               ? NULL
               : arena_text(arena, text);
}

static void read_row(struct sql_query *query, struct arena *arena, struct subject *subject)
{
    subject->scope = sql_int(query, 0);
    subject->scope_name = arena_text(arena, sql_text(query, 1));
    subject->kind = arena_text(arena, sql_text(query, 2));
    subject->key = arena_text(arena, sql_text(query, 3));
    subject->asset = sql_int(query, 4);
    subject->gone = !sql_is_null(query, 5);
    subject->title = copy(arena, sql_text(query, 6));
    for (int i = 0; i < FACT_COUNT; i++)
        subject->facts[i] = copy_fact(arena, sql_text(query, 7 + i));
    if (subject->facts[FACT_PATH] == NULL && evidence_key_is_path(subject->kind))
        subject->facts[FACT_PATH] = copy_fact(arena, subject->key);
}

bool subject_load(struct sql *sql, struct arena *arena, int64_t id, struct subject *subject, bool *found,
                  struct err *err)
{
    struct sql_query query;

    *subject = (struct subject){ .id = id };
    sql_query(&query, sql,
              "SELECT i.scope, s.name, i.kind, i.key, i.asset, i.gone_at, json_extract(i.facts, '$.\"id.name\"')"
#define X(word, name) ", json_extract(i.facts, '$.\"" name "\"')"
              EVIDENCE_FACTS(X)
#undef X
                  " FROM item i JOIN scope s ON s.id = i.scope WHERE i.id = ?1");
    sql_bind_int(&query, 1, id);
    *found = sql_row(&query);
    if (*found) {
        read_row(&query, arena, subject);
        subject->evidence = evidence_read(arena, subject->kind, subject->key, subject->facts);
    }
    return sql_done(&query, err);
}

const char *subject_evidence_word(enum evidence_kind kind)
{
    static const char *const words[] = {
        [EVIDENCE_UUID] = "uuid", [EVIDENCE_INSTANCE] = "instance", [EVIDENCE_NAME] = "name"
    };

    return words[kind];
}

struct claim subject_evidence(struct arena *arena, const struct subject *subject, enum evidence_kind kind)
{
    struct claim claim = { .fact = subject_evidence_word(kind) };
    const char *value = subject->evidence.values[kind];

    if (value != NULL)
        claim.value = arena_format(arena, "%s/%s", subject->evidence.class, value);
    return claim;
}

const char *subject_lower(struct arena *arena, const char *text)
{
    char *lower = arena_text(arena, text);

    for (char *at = lower; *at != '\0'; at++) {
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    }
    return lower;
}

static void add(struct arena *arena, struct claims *claims, const char *fact, const char *value)
{
    if (claims->count == claims->capacity) {
        size_t capacity = claims->capacity == 0 ? 16 : claims->capacity * 2;
        struct claim *grown = arena_alloc(arena, capacity * sizeof *grown);

        if (claims->count > 0)
            memcpy(grown, claims->items, claims->count * sizeof *grown);
        claims->items = grown;
        claims->capacity = capacity;
    }
    claims->items[claims->count++] = (struct claim){ fact, value };
}

bool subject_old_claims(struct sql *sql, struct arena *arena, int64_t id, struct claims *claims, struct err *err)
{
    struct sql_query query;

    *claims = (struct claims){ 0 };
    sql_query(&query, sql, "SELECT fact, value FROM claim WHERE item = ?1");
    sql_bind_int(&query, 1, id);
    while (sql_row(&query))
        add(arena, claims, arena_text(arena, sql_text(&query, 0)), arena_text(arena, sql_text(&query, 1)));
    return sql_done(&query, err);
}

/* What its same_as links name, each as the one who is named looks for it. */
static bool add_ties(struct sql *sql, struct arena *arena, const struct subject *subject, struct claims *claims,
                     struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "SELECT kind, key, attribute, value FROM link WHERE item = ?1 AND relation = 'same_as' ORDER BY number"
              " LIMIT ?2");
    sql_bind_int(&query, 1, subject->id);
    sql_bind_int(&query, 2, SUBJECT_MAX_TIES);
    while (sql_row(&query)) {
        const char *key = sql_text(&query, 1), *value = sql_text(&query, 3);

        if (key != NULL)
            add(arena, claims, "same_as",
                arena_format(arena, "%lld/%s/%s", (long long)subject->scope, sql_text(&query, 0), key));
        else if (value != NULL && strlen(value) <= SUBJECT_MAX_FACT)
            add(arena, claims, arena_format(arena, "same_as:%s", sql_text(&query, 2)), subject_lower(arena, value));
    }
    return sql_done(&query, err);
}

/* Its last name, where it has another one today, and those before, where they are not too many. */
static void add_former(struct arena *arena, const struct claims *old, const char *name, struct claims *claims)
{
    const char *last = NULL;
    size_t kept = 0;

    for (size_t i = 0; name != NULL && i < old->count; i++) {
        if (strcmp(old->items[i].fact, "name") == 0 && strcmp(old->items[i].value, name) != 0)
            last = old->items[i].value;
    }
    if (last != NULL)
        add(arena, claims, "former", last);
    for (size_t i = 0; i < old->count && kept < SUBJECT_MAX_FORMER; i++)
        kept += strcmp(old->items[i].fact, "former") == 0;
    for (size_t i = 0; i < old->count && kept < SUBJECT_MAX_FORMER; i++) {
        const char *value = old->items[i].value;

        if (strcmp(old->items[i].fact, "former") == 0 && (name == NULL || strcmp(value, name) != 0) &&
            (last == NULL || strcmp(value, last) != 0))
            add(arena, claims, "former", value);
    }
}

bool subject_new_claims(struct sql *sql, struct arena *arena, const struct subject *subject, bool ruled,
                        const struct claims *old, struct claims *claims, struct err *err)
{
    struct claim name = subject_evidence(arena, subject, EVIDENCE_NAME);
    struct claim uuid = subject_evidence(arena, subject, EVIDENCE_UUID);

    *claims = (struct claims){ 0 };
    if (ruled)
        add(arena, claims, "rule", "");
    if (subject->gone) {
        if (uuid.value != NULL)
            add(arena, claims, "gone", uuid.value);
        return true;
    }
    for (int i = 0; i < FACT_COUNT; i++) {
        if (subject->facts[i] != NULL)
            add(arena, claims, evidence_fact_name((enum evidence_fact)i), subject_lower(arena, subject->facts[i]));
    }
    for (int i = 0; i < EVIDENCE_COUNT; i++) {
        struct claim claim = subject_evidence(arena, subject, (enum evidence_kind)i);

        if (claim.value != NULL)
            add(arena, claims, claim.fact, claim.value);
    }
    add_former(arena, old, name.value, claims);
    return add_ties(sql, arena, subject, claims, err);
}

static bool has_claim(const struct claims *claims, const struct claim *claim)
{
    for (size_t i = 0; i < claims->count; i++) {
        if (strcmp(claims->items[i].value, claim->value) == 0 && strcmp(claims->items[i].fact, claim->fact) == 0)
            return true;
    }
    return false;
}

static bool change(struct sql *sql, const char *text, int64_t id, const struct claim *claim, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, text);
    sql_bind_text(&query, 1, claim->fact);
    sql_bind_text(&query, 2, claim->value);
    sql_bind_int(&query, 3, id);
    return sql_done(&query, err);
}

bool subject_replace_claims(struct sql *sql, int64_t id, struct claims *old, const struct claims *claims,
                            struct err *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < claims->count; i++) {
        if (!has_claim(old, &claims->items[i]) &&
            !change(sql, "INSERT OR IGNORE INTO claim (fact, value, item) VALUES (?1, ?2, ?3)", id, &claims->items[i],
                    err))
            return false;
    }
    for (size_t i = 0; i < old->count; i++) {
        if (has_claim(claims, &old->items[i]))
            continue;
        if (!change(sql, "DELETE FROM claim WHERE fact = ?1 AND value = ?2 AND item = ?3", id, &old->items[i], err))
            return false;
        old->items[kept++] = old->items[i];
    }
    old->count = kept;
    return true;
}

bool subject_former(struct sql *sql, struct arena *arena, const struct subject *subject, const char ***names,
                    size_t *count, struct err *err)
{
    size_t prefix = strlen(subject->evidence.class) + 1;
    struct sql_query query;

    *names = NULL;
    *count = 0;
    sql_query(&query, sql, "SELECT value FROM claim WHERE item = ?1 AND fact = 'former' ORDER BY value");
    sql_bind_int(&query, 1, subject->id);
    while (sql_row(&query)) {
        if (*names == NULL)
            *names = arena_alloc(arena, (SUBJECT_MAX_FORMER + 1) * sizeof **names);
        if (*count <= SUBJECT_MAX_FORMER)
            (*names)[(*count)++] = arena_text(arena, sql_text(&query, 0) + prefix);
    }
    return sql_done(&query, err);
}
