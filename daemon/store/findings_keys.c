/* Findings that are one for many assets: unlisted keys, and versions whose support has ended. They are counted by what
 * differs, so that a change of one asset costs the same however many share its key. */
#include "findings_parts.h"

#include "sql.h"

#include <string.h>

/* -------------------------------------------------------------------------------------------------------- keys ---- */

static struct findings_key *add_key(struct findings_writing *writing, const struct finding_key *key, struct err *err)
{
    struct findings_key *added = arena_alloc(&writing->arena, sizeof *added);
    const char *name = arena_bytes(&writing->arena, str_text(&writing->text), writing->text.length);

    added->key = *key;
    if (!finding_sum(writing->findings->sql, key, &added->was, err))
        return NULL;
    map_put_bytes(&writing->keys, name, writing->text.length, added);
    vec_push(&writing->list, added);
    return added;
}

/* NULL: the database failed. */
static struct findings_key *touch(struct findings_writing *writing, struct finding_key key, struct err *err)
{
    struct findings_key *found;

    finding_key_name(&writing->text, &key);
    found = map_get_bytes(&writing->keys, str_text(&writing->text), writing->text.length);
    if (found == NULL)
        found = add_key(writing, &key, err);
    if (found == NULL || found->touched)
        return found;
    found->touched = true;
    found->rows = found->covered = 0;
    vec_push(&writing->touched, found);
    return found;
}

static bool is_in(const struct findings_writing *writing, const struct demand *demand, enum finding_kind kind)
{
    if (kind == FINDING_LIFECYCLE)
        return demand_has_ended(demand, writing->findings->horizon);
    return demand_kind(demand) == FINDING_UNLISTED;
}

static bool is_of(const struct findings_writing *writing, const struct demand *demand, const struct findings_key *key)
{
    const char *version = key->key.kind == FINDING_LIFECYCLE ? demand->ending : demand->version;

    return is_in(writing, demand, key->key.kind) && strcmp(demand->workload, key->key.workload) == 0 &&
           strcmp(version, key->key.version) == 0 &&
           (key->key.kind == FINDING_LIFECYCLE || (strcmp(demand->installation, key->key.installation) == 0 &&
                                                   strcmp(demand->product, key->key.product) == 0));
}

/* ------------------------------------------------------------------------------------------------------- notes ---- */

static unsigned rank_of(const struct demand *demand)
{
    return demand_rank(demand->need, demand->class);
}

static void take_before(struct findings_key *key, const struct findings_note *note)
{
    const struct demand *demand = note->before;

    if (rank_of(demand) > key->left)
        key->left = rank_of(demand);
    key->doubted = key->doubted || demand->id == key->was.judgement;
    key->left_alive = key->left_alive || note->now->id != 0;
}

static void take_now(struct findings_key *key, const struct demand *demand)
{
    if (key->best == NULL || rank_of(demand) > rank_of(key->best))
        key->best = demand;
}

/* What one end of a note does to its key of this kind. */
static bool add_end(struct findings_writing *writing, const struct findings_note *note, bool before,
                    enum finding_kind kind, struct err *err)
{
    const struct demand *demand = before ? note->before : note->now;
    struct findings_key *key;
    int64_t exemption;

    if (!is_in(writing, demand, kind))
        return true;
    key = touch(writing, demand_key(demand, kind), err);
    if (key == NULL || !findings_cover(writing, note->asset, demand, &exemption, err))
        return false;
    key->rows += before ? -1 : 1;
    if (exemption != 0)
        key->covered += before ? -1 : 1;
    if (before)
        take_before(key, note);
    else
        take_now(key, demand);
    return true;
}

static bool add_note(struct findings_writing *writing, const struct findings_note *note, struct err *err)
{
    static const enum finding_kind kinds[] = { FINDING_UNLISTED, FINDING_LIFECYCLE };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!add_end(writing, note, true, kinds[i], err) || !add_end(writing, note, false, kinds[i], err))
            return false;
    }
    return true;
}

/* --------------------------------------------------------------------------------------------------- one asset ---- */

/* All that is said of the asset now. */
static bool read_said(struct findings_writing *writing, int64_t asset, struct err *err)
{
    struct sql_query query;
    bool good = true;

    vec_clear(&writing->said);
    sql_query(&query, writing->findings->sql, "SELECT judgement FROM guard WHERE asset = ?1");
    sql_bind_int(&query, 1, asset);
    while (good && sql_row(&query)) {
        const struct demand *demand = demands_find(&writing->findings->demands, sql_int(&query, 0), err);

        good = demand != NULL;
        if (good)
            vec_push(&writing->said, demand);
    }
    return sql_done(&query, good ? err : NULL) && good;
}

/* What the asset had, by what it has and what was noted. */
static bool count_asset(struct findings_writing *writing, struct findings_key *key, int64_t asset, struct err *err)
{
    int64_t rows = 0, covered = 0, exemption;
    bool had, has;

    vec_each (demand, &writing->said) {
        if (!is_of(writing, *demand, key))
            continue;
        rows++;
        if (!findings_cover(writing, asset, *demand, &exemption, err))
            return false;
        covered += exemption != 0;
        if (exemption != 0 && (key->exemption == 0 || exemption < key->exemption))
            key->exemption = exemption;
    }
    had = rows > key->rows;
    has = rows > 0;
    key->assets += has - had;
    key->exempt += (has && covered == rows) - (had && covered - key->covered == rows - key->rows);
    return true;
}

/* Where as many rows have the key as before and none can be exempt, nothing has to be read. */
static bool is_settled(const struct findings_writing *writing)
{
    if (writing->exemptions.list.count > 0)
        return writing->touched.count == 0;
    vec_each (key, &writing->touched) {
        if ((*key)->rows != 0)
            return false;
    }
    return true;
}

bool findings_add_keys(struct findings_writing *writing, const struct findings_note *notes, size_t count,
                       struct err *err)
{
    bool good = true, settled;

    for (size_t i = 0; good && i < count; i++)
        good = add_note(writing, &notes[i], err);
    settled = is_settled(writing);
    good = good && (settled || read_said(writing, notes[0].asset, err));
    vec_each (key, &writing->touched) {
        good = good && (settled || count_asset(writing, *key, notes[0].asset, err));
        (*key)->touched = false;
    }
    vec_clear(&writing->touched);
    return good;
}

/* ----------------------------------------------------------------------------------------------------- writing ---- */

/* Whether the matrix, as it was ever read, gave this key another rank than the finding's. */
static bool is_mixed(struct sql *sql, const struct findings_key *key, bool *mixed, struct err *err)
{
    struct sql_query query;

    *mixed = false;
    sql_query(&query, sql,
              "SELECT DISTINCT class, ruled FROM judgement WHERE counts = 1 AND verdict = 'unlisted' AND workload = ?1"
              " AND version = ?2 AND installation = ?3 AND coalesce(product, '') = ?4 AND excluded IS NULL");
    sql_bind_text(&query, 1, key->key.workload);
    sql_bind_text(&query, 2, key->key.version);
    sql_bind_text(&query, 3, key->key.installation);
    sql_bind_text(&query, 4, key->key.product);
    while (sql_row(&query)) {
        const char *class = sql_text(&query, 0);
        enum need need = need_of_words("unlisted", class, sql_text(&query, 1), false);
        bool other = demand_rank(need, verdict_class_find(class)) != demand_rank(key->was.need, key->was.class);

        *mixed = *mixed || (need != NEED_NOTHING && other);
    }
    return sql_done(&query, err);
}

/* The greatest of all that is said. */
static bool search(struct findings_writing *writing, struct findings_key *key, struct err *err)
{
    struct sql_query query;
    bool good = true;

    key->best = NULL;
    if (!roster_need(&writing->roster, writing->findings->sql, ROSTER_ASSETS, err))
        return false;
    sql_query(&query, writing->findings->sql,
              "SELECT id FROM judgement WHERE counts = 1 AND verdict = 'unlisted' AND workload = ?1 AND version = ?2");
    sql_bind_text(&query, 1, key->key.workload);
    sql_bind_text(&query, 2, key->key.version);
    while (good && sql_row(&query)) {
        const struct demand *demand;

        if (roster_count(&writing->roster, sql_int(&query, 0)) == 0)
            continue;
        demand = demands_find(&writing->findings->demands, sql_int(&query, 0), err);
        good = demand != NULL;
        if (good && is_of(writing, demand, key))
            take_now(key, demand);
    }
    return sql_done(&query, good ? err : NULL) && good;
}

/* Makes best the greatest of all that is said; NULL where that is what the finding has. */
static bool find_best(struct findings_writing *writing, struct findings_key *key, struct err *err)
{
    unsigned was = key->was.open ? demand_rank(key->was.need, key->was.class) : 0;
    unsigned best = key->best == NULL ? 0 : rank_of(key->best);
    bool mixed;

    if (key->key.kind == FINDING_LIFECYCLE || best > was)
        return true;
    if (best < was) {
        key->best = NULL;
        if (key->left < was)
            return true;
        return is_mixed(writing->findings->sql, key, &mixed, err) && (!mixed || search(writing, key, err));
    }
    return true;
}

static void take_sums(const struct findings_key *key, int64_t assets, struct finding_now *now)
{
    int64_t exempt = key->was.exempt + key->exempt;

    now->assets = assets;
    now->exempt = exempt < 0 ? 0 : exempt > assets ? assets : exempt;
    if (now->exempt > 0)
        now->exemption = key->was.exemption != 0 ? key->was.exemption : key->exemption;
}

static void take_words(const struct findings_key *key, struct finding_now *now)
{
    bool fresh = key->best != NULL &&
                 (!key->was.open || key->doubted || rank_of(key->best) != demand_rank(key->was.need, key->was.class));

    if (key->key.kind == FINDING_LIFECYCLE) {
        now->need = NEED_DECIDE;
        fresh = key->best != NULL && (!key->was.open || key->doubted);
    } else {
        now->need = key->best != NULL ? key->best->need : key->was.need;
        now->class = verdict_class_word(key->best != NULL ? key->best->class : key->was.class);
        now->verdict = verdict_word(VERDICT_UNLISTED);
    }
    now->judgement = fresh ? key->best->id : key->was.judgement;
}

static bool write_key(struct findings_writing *writing, struct findings_key *key, struct err *err)
{
    const struct findings *findings = writing->findings;
    struct finding_now now = { 0 };
    int64_t assets = key->was.assets + key->assets;
    bool anew = findings->occasion != NULL && findings->occasion->anew;

    if (assets <= 0) {
        now.gone = !key->left_alive && !anew;
    } else {
        if (!find_best(writing, key, err))
            return false;
        take_words(key, &now);
        take_sums(key, assets, &now);
    }
    return finding_set(findings->sql, &key->key, &now, findings->occasion, findings->at, err);
}

bool findings_write_keys(struct findings_writing *writing, struct err *err)
{
    vec_each (key, &writing->list) {
        if (!write_key(writing, *key, err))
            return false;
    }
    return true;
}
