#include "web.h"

#include "sql.h"

#include <string.h>

/* Keys of the tables of numbers are the bytes of the number. */
static void *get_number(const struct map *map, int64_t id)
{
    return map_get_bytes(map, (const char *)&id, sizeof id);
}

static void put_number(struct map *map, struct arena *arena, int64_t id, void *value)
{
    map_put_bytes(map, arena_bytes(arena, &id, sizeof id), sizeof id, value);
}

/* fact, NUL, value: one key for both. */
static const char *claim_key(struct arena *arena, const struct claim *claim, size_t *length)
{
    size_t fact = strlen(claim->fact) + 1;

    *length = fact + strlen(claim->value);
    return arena_format(arena, "%s%c%s", claim->fact, '\0', claim->value);
}

void webs_init(struct webs *webs, struct sql *sql, const struct identity_rules *rules, const struct assets_item *items,
               size_t count)
{
    *webs = (struct webs){ .sql = sql, .rules = rules != NULL && rules->count > 0 ? rules : NULL };
    arena_init(&webs->arena, ARENA_PLAIN);
    for (size_t i = 0; i < count; i++) {
        if (assets_item_concerns(&items[i]))
            map_put_bytes(&webs->touched, (const char *)&items[i].id, sizeof items[i].id, (void *)&items[i]);
    }
}

void webs_finish(struct webs *webs)
{
    map_finish(&webs->touched);
    map_finish(&webs->done);
    map_finish(&webs->crowded);
    map_finish(&webs->lost);
    vec_finish(&webs->queue);
    arena_finish(&webs->arena);
}

static bool any_claim(struct sql *sql, const char *fact, bool *any, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT 1 FROM claim WHERE fact = ?1 LIMIT 1");
    sql_bind_text(&query, 1, fact);
    *any = sql_row(&query);
    return sql_done(&query, err);
}

bool webs_look(struct webs *webs, struct err *err)
{
    bool good = any_claim(webs->sql, "former", &webs->any_former, err) &&
                any_claim(webs->sql, "gone", &webs->any_gone, err) &&
                any_claim(webs->sql, "same_as", &webs->any_tie, err);

    for (int i = 0; good && i < FACT_COUNT; i++) {
        const char *name = evidence_fact_name((enum evidence_fact)i);

        good = any_claim(webs->sql, arena_format(&webs->arena, "same_as:%s", name), &webs->tie_by[i], err);
    }
    return good;
}

const struct assets_item *webs_touched(const struct webs *webs, int64_t id)
{
    return get_number(&webs->touched, id);
}

bool webs_is_done(const struct webs *webs, int64_t id)
{
    return get_number(&webs->done, id) != NULL;
}

void webs_done(struct webs *webs, const struct web *web)
{
    static const bool finished = false, frozen = true;

    for (size_t i = 0; i < web->members.count; i++)
        put_number(&webs->done, &webs->arena, web->members.items[i].subject.id,
                   (void *)(web->frozen ? &frozen : &finished));
}

void web_init(struct web *web)
{
    *web = (struct web){ 0 };
    arena_init(&web->arena, ARENA_PLAIN);
}

void web_finish(struct web *web)
{
    vec_finish(&web->members);
    vec_finish(&web->ties);
    map_finish(&web->numbers);
    arena_finish(&web->arena);
}

/* Takes an item in. One that is gone, or not there, is passed over. */
static bool take(struct webs *webs, struct web *web, int64_t id, struct err *err)
{
    const bool *done = get_number(&webs->done, id);
    struct web_member member = { 0 };
    bool found;

    if (done != NULL)
        web->frozen |= *done;
    if (web->frozen || get_number(&web->numbers, id) != NULL)
        return true;
    if (web->members.count == ASSETS_WEB) {
        web->frozen = true;
        return true;
    }
    if (!subject_load(webs->sql, &web->arena, id, &member.subject, &found, err))
        return false;
    if (!found || member.subject.gone)
        return true;
    if (webs->any_former && member.subject.asset != 0 &&
        !subject_former(webs->sql, &web->arena, &member.subject, &member.former, &member.former_count, err))
        return false;
    member.ruled = identity_is_ruled(webs->rules, member.subject.scope_name, member.subject.kind, member.subject.key);
    put_number(&web->numbers, &web->arena, id,
               arena_bytes(&web->arena, &web->members.count, sizeof web->members.count));
    vec_push(&web->members, member);
    return true;
}

/* Those who claim something, up to one more than a crowd. */
struct crowd {
    int64_t ids[IDENTITY_CROWD + 1];
    size_t count;
};

static bool read_crowd(struct sql_query *query, struct crowd *crowd, struct err *err)
{
    crowd->count = 0;
    while (sql_row(query)) {
        if (crowd->count <= IDENTITY_CROWD)
            crowd->ids[crowd->count++] = sql_int(query, 0);
    }
    return sql_done(query, err);
}

static bool find_claimants(struct sql *sql, const struct claim *claim, struct crowd *found, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT item FROM claim WHERE fact = ?1 AND value = ?2 LIMIT ?3");
    sql_bind_text(&query, 1, claim->fact);
    sql_bind_text(&query, 2, claim->value);
    sql_bind_int(&query, 3, IDENTITY_CROWD + 1);
    return read_crowd(&query, found, err);
}

static bool take_all(struct webs *webs, struct web *web, const struct crowd *found, struct err *err)
{
    for (size_t i = 0; i < found->count; i++) {
        if (!take(webs, web, found->ids[i], err))
            return false;
    }
    return true;
}

/* A thing has become too common to join by: those who showed it before this update must part, unless they were too many
 * already. */
static bool note_crowd(struct webs *webs, const struct claim *claim, struct err *err)
{
    struct sql_query query;
    size_t before = webs->queue.count, length;
    const char *key = claim_key(&webs->arena, claim, &length);

    map_put_bytes(&webs->crowded, key, length, webs);
    sql_query(&query, webs->sql, "SELECT item FROM claim WHERE fact = ?1 AND value = ?2 LIMIT ?3");
    sql_bind_text(&query, 1, claim->fact);
    sql_bind_text(&query, 2, claim->value);
    sql_bind_int(&query, 3, (int64_t)webs->touched.count + IDENTITY_CROWD + 1);
    while (sql_row(&query)) {
        int64_t id = sql_int(&query, 0);

        if (webs_touched(webs, id) == NULL)
            vec_push(&webs->queue, id);
    }
    if (webs->queue.count > before + IDENTITY_CROWD)
        webs->queue.count = before;
    return sql_done(&query, err);
}

static bool follow_evidence(struct webs *webs, struct web *web, size_t number, enum evidence_kind kind, struct err *err)
{
    const struct subject *subject = &web->members.items[number].subject;
    struct claim claim = subject_evidence(&web->arena, subject, kind);
    struct crowd found;
    const char *key;
    size_t length;

    if (claim.value == NULL || (kind == EVIDENCE_NAME && !evidence_name_joins(subject->evidence.values[kind])))
        return true;
    key = claim_key(&web->arena, &claim, &length);
    if (map_get_bytes(&webs->crowded, key, length) == NULL) {
        if (!find_claimants(webs->sql, &claim, &found, err))
            return false;
        if (found.count <= IDENTITY_CROWD)
            return take_all(webs, web, &found, err);
        if (!note_crowd(webs, &claim, err))
            return false;
    }
    web->members.items[number].crowded[kind] = true;
    return true;
}

static bool follow_asset(struct webs *webs, struct web *web, int64_t asset, struct err *err)
{
    struct crowd found;
    struct sql_query query;

    if (asset == 0)
        return true;
    sql_query(&query, webs->sql, "SELECT id FROM item WHERE asset = ?1 AND gone_at IS NULL LIMIT ?2");
    sql_bind_int(&query, 1, asset);
    sql_bind_int(&query, 2, IDENTITY_CROWD + 1);
    return read_crowd(&query, &found, err) && take_all(webs, web, &found, err);
}

/* The items that a same_as link may mean. */
static bool find_far(struct webs *webs, const struct subject *subject, struct sql_query *link, struct arena *arena,
                     struct crowd *found, struct err *err)
{
    const char *kind = sql_text(link, 0), *key = sql_text(link, 1);
    const char *attribute = sql_text(link, 2), *value = sql_text(link, 3);
    struct sql_query query;

    if (key != NULL) {
        sql_query(&query, webs->sql, "SELECT id FROM item WHERE scope = ?1 AND kind = ?2 AND key = ?3");
        sql_bind_int(&query, 1, subject->scope);
        sql_bind_text(&query, 3, key);
    } else {
        sql_query(&query, webs->sql,
                  "SELECT c.item FROM claim c JOIN item f ON f.id = c.item"
                  " WHERE c.fact = ?1 AND c.value = ?3 AND f.kind = ?2 LIMIT ?4");
        sql_bind_text(&query, 1, attribute);
        sql_bind_text(&query, 3, subject_lower(arena, value));
        sql_bind_int(&query, 4, IDENTITY_CROWD + 1);
    }
    sql_bind_text(&query, 2, kind);
    return read_crowd(&query, found, err);
}

/* What an item declares itself one with. */
static bool follow_own_ties(struct webs *webs, struct web *web, size_t number, struct err *err)
{
    const struct subject subject = web->members.items[number].subject;
    struct sql_query query;
    struct crowd found;
    bool good = true;

    sql_query(&query, webs->sql,
              "SELECT kind, key, attribute, value FROM link WHERE item = ?1 AND relation = 'same_as' ORDER BY number"
              " LIMIT ?2");
    sql_bind_int(&query, 1, subject.id);
    sql_bind_int(&query, 2, SUBJECT_MAX_TIES);
    while (good && sql_row(&query)) {
        good = find_far(webs, &subject, &query, &web->arena, &found, err) && take_all(webs, web, &found, err);
        for (size_t i = 0; good && i < found.count; i++)
            vec_push(&web->ties, (struct web_tie){ number, found.ids[i] });
    }
    return sql_done(&query, good ? err : NULL) && good;
}

/* Who declares itself one with the item; their own ties are followed when it is their turn. */
static bool follow_ties_to(struct webs *webs, struct web *web, size_t number, struct err *err)
{
    const struct subject subject = web->members.items[number].subject;
    struct claim claim = { .fact = "same_as" };
    struct crowd found;

    if (webs->any_tie) {
        claim.value = arena_format(&web->arena, "%lld/%s/%s", (long long)subject.scope, subject.kind, subject.key);
        if (!find_claimants(webs->sql, &claim, &found, err) || !take_all(webs, web, &found, err))
            return false;
    }
    for (int i = 0; i < FACT_COUNT; i++) {
        if (!webs->tie_by[i] || subject.facts[i] == NULL)
            continue;
        claim.fact = arena_format(&web->arena, "same_as:%s", evidence_fact_name((enum evidence_fact)i));
        claim.value = subject_lower(&web->arena, subject.facts[i]);
        if (!find_claimants(webs->sql, &claim, &found, err) || !take_all(webs, web, &found, err))
            return false;
    }
    return true;
}

static bool has_ties(const struct webs *webs)
{
    bool any = webs->any_tie;

    for (int i = 0; i < FACT_COUNT; i++)
        any |= webs->tie_by[i];
    return any;
}

/* The items that a rule means by one of its entries. */
static bool follow_ref(struct webs *webs, struct web *web, const struct identity_ref *ref, struct err *err)
{
    struct sql_query query;
    struct crowd found;

    sql_query(&query, webs->sql,
              "SELECT id FROM item WHERE scope IN (SELECT id FROM scope WHERE ?1 IS NULL OR name = ?1)"
              " AND kind = ?2 AND key = ?3 AND gone_at IS NULL LIMIT ?4");
    sql_bind_text(&query, 1, ref->scope);
    sql_bind_text(&query, 2, ref->kind);
    sql_bind_text(&query, 3, ref->key);
    sql_bind_int(&query, 4, IDENTITY_CROWD + 1);
    return read_crowd(&query, &found, err) && take_all(webs, web, &found, err);
}

static bool follow_rules(struct webs *webs, struct web *web, const struct subject *subject, struct err *err)
{
    for (size_t i = 0; i < webs->rules->count; i++) {
        const struct identity_rule *rule = &webs->rules->rules[i];
        struct identity_rules alone = { rule, 1 };

        if (!identity_is_ruled(&alone, subject->scope_name, subject->kind, subject->key))
            continue;
        for (size_t j = 0; j < rule->count; j++) {
            if (!follow_ref(webs, web, &rule->items[j], err))
                return false;
        }
    }
    return true;
}

static bool follow(struct webs *webs, struct web *web, size_t number, struct err *err)
{
    struct subject subject = web->members.items[number].subject;

    for (int i = 0; i < EVIDENCE_COUNT; i++) {
        if (!follow_evidence(webs, web, number, (enum evidence_kind)i, err))
            return false;
    }
    if (!follow_asset(webs, web, subject.asset, err))
        return false;
    if (has_ties(webs) && (!follow_own_ties(webs, web, number, err) || !follow_ties_to(webs, web, number, err)))
        return false;
    return !web->members.items[number].ruled || follow_rules(webs, web, &subject, err);
}

bool webs_gather(struct webs *webs, int64_t id, struct web *web, struct err *err)
{
    vec_clear(&web->members);
    vec_clear(&web->ties);
    map_finish(&web->numbers);
    arena_reset(&web->arena);
    web->frozen = false;
    if (!take(webs, web, id, err))
        return false;
    for (size_t i = 0; i < web->members.count && !web->frozen; i++) {
        if (!follow(webs, web, i, err))
            return false;
    }
    return true;
}
