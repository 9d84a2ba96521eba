/* What unlisted and lifecycle findings have of assets, and which findings are exempt, counted over everything. */
#include "arena.h"
#include "exemption_row.h"
#include "findings.h"
#include "map.h"
#include "roster.h"
#include "sql.h"
#include "str.h"
#include "vec.h"

#include <stdlib.h>

/* A key, and what was counted of it. Its protections come in the order of assets. */
struct tally {
    struct finding_key key;
    struct finding_sum was;
    struct finding_now now;
    unsigned rank;  /* of now */
    int64_t asset;  /* the last one that came */
    bool uncovered; /* one of that one's protections is not exempt */
};

/* A finding of a protection, and whether it is exempt. */
struct single {
    int64_t asset, judgement, exempt, exemption, covered; /* exempt and exemption as the row has it; covered as it is */
};

/* A row of guard. */
struct told {
    int64_t asset, judgement;
};

struct recount {
    struct sql *sql;
    const struct occasion *occasion;
    int64_t at;
    struct exemptions exemptions;
    struct demands demands;
    struct arena arena;
    struct str name;    /* of a key */
    struct map tallies; /* by name -> struct tally */
    vec(struct tally *) list;
    vec(struct told) told; /* of what belongs to keys */
    vec(struct single) singles;
    vec(struct finding_key) ended;
};

/* ----------------------------------------------------------------------------------------------- keys, counted ---- */

static struct tally *find_tally(struct recount *recount, const struct finding_key *key)
{
    finding_key_name(&recount->name, key);
    return map_get_bytes(&recount->tallies, str_text(&recount->name), recount->name.length);
}

/* The demand that the key's texts belong to lives as long. NULL: the database failed. */
static struct tally *need_tally(struct recount *recount, const struct finding_key *key, struct err *err)
{
    struct tally *tally = find_tally(recount, key);
    const char *name;

    if (tally != NULL)
        return tally;
    tally = arena_alloc(&recount->arena, sizeof *tally);
    *tally = (struct tally){ .key = *key };
    if (!finding_sum(recount->sql, key, &tally->was, err))
        return NULL;
    name = arena_bytes(&recount->arena, str_text(&recount->name), recount->name.length);
    map_put_bytes(&recount->tallies, name, recount->name.length, tally);
    vec_push(&recount->list, tally);
    return tally;
}

/* What the asset that came before leaves behind. */
static void end_asset(struct tally *tally)
{
    if (tally->asset != 0 && !tally->uncovered)
        tally->now.exempt++;
}

static void count_asset(struct tally *tally, int64_t asset)
{
    if (tally->asset == asset)
        return;
    end_asset(tally);
    tally->asset = asset;
    tally->uncovered = false;
    tally->now.assets++;
}

/* What the row says already stays as long as it is true. */
static bool is_better(int64_t one, int64_t other, int64_t was)
{
    return other == 0 || (other != was && (one == was || one < other));
}

static void take_word(struct tally *tally, const struct demand *demand)
{
    bool unlisted = tally->key.kind == FINDING_UNLISTED;
    enum need need = unlisted ? demand->need : NEED_DECIDE;
    unsigned rank = demand_rank(need, unlisted ? demand->class : CLASS_NONE);

    if (rank < tally->rank ||
        (rank == tally->rank && !is_better(demand->id, tally->now.judgement, tally->was.judgement)))
        return;
    tally->rank = rank;
    tally->now.need = need;
    tally->now.verdict = unlisted ? demand->verdict : "";
    tally->now.class = unlisted ? verdict_class_word(demand->class) : "";
    tally->now.judgement = demand->id;
}

static bool count(struct recount *recount, const struct demand *demand, enum finding_kind kind, int64_t asset,
                  int64_t exemption, struct err *err)
{
    struct finding_key key = demand_key(demand, kind);
    struct tally *tally = need_tally(recount, &key, err);

    if (tally == NULL)
        return false;
    count_asset(tally, asset);
    take_word(tally, demand);
    if (exemption == 0)
        tally->uncovered = true;
    else if (is_better(exemption, tally->now.exemption, tally->was.exemption))
        tally->now.exemption = exemption;
    return true;
}

static bool count_one(struct recount *recount, int64_t asset, int64_t judgement, struct err *err)
{
    const struct demand *demand = demands_find(&recount->demands, judgement, err);
    int64_t exemption = 0;
    bool unlisted, ended;

    if (demand == NULL)
        return false;
    unlisted = demand_kind(demand) == FINDING_UNLISTED;
    ended = demand_has_ended(demand, recount->at);
    if (!unlisted && !ended)
        return true;
    if (!exemptions_cover(&recount->exemptions, recount->sql, asset, judgement, &exemption, err))
        return false;
    return (!unlisted || count(recount, demand, FINDING_UNLISTED, asset, exemption, err)) &&
           (!ended || count(recount, demand, FINDING_LIFECYCLE, asset, exemption, err));
}

static int by_asset(const void *one, const void *other)
{
    const struct told *a = one, *b = other;

    if (a->asset != b->asset)
        return a->asset < b->asset ? -1 : 1;
    return (a->judgement > b->judgement) - (a->judgement < b->judgement);
}

static void take_told(struct recount *recount, const struct roster *roster, int64_t judgement)
{
    number_vec assets = VEC_EMPTY;

    roster_gather(roster, judgement, &assets);
    vec_each (asset, &assets)
        vec_push(&recount->told, ((struct told){ *asset, judgement }));
    vec_finish(&assets);
}

/* Of the judgements that belong to a key, who is told so: no look-up for each row of guard. */
static bool find_told(struct recount *recount, const struct roster *roster, struct err *err)
{
    struct sql_query query;

    sql_query(&query, recount->sql,
              "SELECT id FROM judgement WHERE counts = 1 AND excluded IS NULL"
              " AND (verdict = 'unlisted' OR support_end <= ?1)");
    sql_bind_int(&query, 1, recount->at);
    while (sql_row(&query))
        take_told(recount, roster, sql_int(&query, 0));
    return sql_done(&query, err);
}

static bool count_all(struct recount *recount, struct err *err)
{
    struct roster roster;
    bool good = roster_read(&roster, recount->sql, ROSTER_ASSETS, err) && find_told(recount, &roster, err);

    roster_finish(&roster);
    if (recount->told.count > 0)
        qsort(recount->told.items, recount->told.count, sizeof *recount->told.items, by_asset);
    for (size_t i = 0; good && i < recount->told.count; i++)
        good = count_one(recount, recount->told.items[i].asset, recount->told.items[i].judgement, err);
    return good;
}

static bool write_tallies(struct recount *recount, struct err *err)
{
    vec_each (tally, &recount->list) {
        end_asset(*tally);
        if ((*tally)->now.exempt == 0)
            (*tally)->now.exemption = 0;
        if (!finding_set(recount->sql, &(*tally)->key, &(*tally)->now, recount->occasion, recount->at, err))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------- keys, ended ---- */

static const char *keep(struct recount *recount, struct sql_query *query, int column)
{
    return arena_text(&recount->arena, sql_text(query, column));
}

static bool find_ended(struct recount *recount, enum finding_kind kind, struct err *err)
{
    struct sql_query query;

    sql_query(&query, recount->sql,
              "SELECT workload, version, installation, product FROM finding WHERE kind = ?1 AND state = 'open'");
    sql_bind_text(&query, 1, finding_kind_word(kind));
    while (sql_row(&query)) {
        struct finding_key key = { .kind = kind };

        key.workload = keep(recount, &query, 0);
        key.version = keep(recount, &query, 1);
        key.installation = keep(recount, &query, 2);
        key.product = keep(recount, &query, 3);
        if (find_tally(recount, &key) == NULL)
            vec_push(&recount->ended, key);
    }
    return sql_done(&query, err);
}

static bool end_keys(struct recount *recount, struct err *err)
{
    static const struct finding_now over = { .need = NEED_NOTHING };

    if (!find_ended(recount, FINDING_UNLISTED, err) || !find_ended(recount, FINDING_LIFECYCLE, err))
        return false;
    vec_each (key, &recount->ended) {
        if (!finding_set(recount->sql, key, &over, recount->occasion, recount->at, err))
            return false;
    }
    return true;
}

/* --------------------------------------------------------------------------------------- findings of one asset ---- */

static bool find_singles(struct recount *recount, struct err *err)
{
    struct sql_query query;

    sql_query(&query, recount->sql,
              "SELECT asset, judgement, exempt, exemption FROM finding WHERE kind = 'verdict' AND state = 'open'");
    while (sql_row(&query)) {
        struct single single = { .asset = sql_int(&query, 0),
                                 .judgement = sql_int(&query, 1),
                                 .exempt = sql_int(&query, 2),
                                 .exemption = sql_int(&query, 3) };

        vec_push(&recount->singles, single);
    }
    return sql_done(&query, err);
}

static bool write_single(struct recount *recount, const struct single *single, struct err *err)
{
    const struct demand *demand = demands_find(&recount->demands, single->judgement, err);
    struct finding_key key = { .kind = FINDING_VERDICT, .asset = single->asset };
    struct finding_now now = { .judgement = single->judgement, .assets = 1 };

    if (demand == NULL)
        return false;
    key.method = demand->method;
    key.server = demand->server;
    now.need = demand->need;
    now.verdict = demand->verdict;
    now.class = verdict_class_word(demand->class);
    now.exempt = single->covered != 0;
    now.exemption = single->covered;
    return finding_set(recount->sql, &key, &now, recount->occasion, recount->at, err);
}

static bool write_singles(struct recount *recount, struct err *err)
{
    if (!find_singles(recount, err))
        return false;
    vec_each (single, &recount->singles) {
        if (!exemptions_cover(&recount->exemptions, recount->sql, single->asset, single->judgement, &single->covered,
                              err))
            return false;
        if ((single->covered != single->exemption || (single->covered != 0) != single->exempt) &&
            !write_single(recount, single, err))
            return false;
    }
    return true;
}

static void finish(struct recount *recount)
{
    vec_finish(&recount->list);
    vec_finish(&recount->told);
    vec_finish(&recount->singles);
    vec_finish(&recount->ended);
    map_finish(&recount->tallies);
    str_finish(&recount->name);
    demands_finish(&recount->demands);
    exemptions_finish(&recount->exemptions);
    arena_finish(&recount->arena);
}

bool findings_recount(struct sql *sql, const struct occasion *occasion, int64_t at, struct err *err)
{
    struct recount recount = { .sql = sql, .occasion = occasion, .at = at };
    bool good;

    arena_init(&recount.arena, ARENA_PLAIN);
    demands_init(&recount.demands, sql);
    good = exemptions_load(&recount.exemptions, sql, at, err) && count_all(&recount, err) &&
           write_tallies(&recount, err) && end_keys(&recount, err) && write_singles(&recount, err) &&
           findings_move_horizon(sql, at, err);
    finish(&recount);
    return good || err_add(err, "counting findings");
}
