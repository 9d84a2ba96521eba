#include "history.h"
#include "meta.h"
#include "sql.h"
#include "state.h"
#include "store.h"
#include "vec.h"

/* What is free is soon used again, so a twentieth of the file stays free; of the rest, a megabyte is given back at a
 * time. */
enum { FREE_SHARE = 20, GIVE_BACK = 256 };
#define GIVE_BACK_PAGES "PRAGMA incremental_vacuum(256)"

struct forget {
    int64_t horizon, most;
    int64_t done; /* rows */
    bool more;
};

/* In this order: what the later ones look for is what the earlier ones leave. ?1 is the horizon, ?2 the most rows.
 *
 * A row of the journal goes when no history refers to it. Both grow together, so the oldest history that is left says
 * how far. An asset's id is never given again (AUTOINCREMENT). */
/* A row that is still to be kept is found through the later ones about its item: after a clock that stood in the
 * future, these stay with it. */
static const char forget_history[] =
    "DELETE FROM history WHERE id IN (SELECT id FROM history h WHERE at < ?1"
    " AND NOT EXISTS (WITH RECURSIVE back(id, previous, at) AS"
    " (SELECT p.id, p.previous, p.at FROM history p WHERE p.id = h.previous UNION ALL"
    " SELECT p.id, p.previous, p.at FROM back JOIN history p ON p.id = back.previous WHERE p.id < back.id)"
    " SELECT 1 FROM back WHERE at >= ?1) ORDER BY at LIMIT ?2)";
/* They stand in the order in which they ended; after a clock that stood in the future, the later ones stay with those
 * of it. */
static const char forget_verdicts[] =
    "DELETE FROM guard_past WHERE id IN"
    " (SELECT id FROM (SELECT id, until_at FROM guard_past ORDER BY id LIMIT ?2) WHERE until_at < ?1)";
/* What nobody is told any more. */
static const char forget_judgements[] = "DELETE FROM judgement WHERE id NOT IN"
                                        " (SELECT judgement FROM guard UNION ALL SELECT judgement FROM guard_past"
                                        " UNION ALL SELECT judgement FROM finding WHERE judgement IS NOT NULL)";
static const char forget_reasons[] = "DELETE FROM reasoning WHERE id NOT IN (SELECT reasoning FROM judgement)";
static const char find_items[] = "SELECT id FROM item WHERE gone_at < ?1"
                                 " AND NOT EXISTS (SELECT 1 FROM history h WHERE h.id = item.last_history)"
                                 " ORDER BY gone_at LIMIT ?2";
static const char forget_journal[] =
    "DELETE FROM journal WHERE id IN"
    " (SELECT id FROM journal j WHERE ended_at < ?1"
    " AND +id < coalesce((SELECT journal FROM history ORDER BY id LIMIT 1), 9223372036854775807)"
    " AND (target IS NULL OR id < (SELECT max(n.id) FROM journal n WHERE n.target = j.target)) LIMIT ?2)";
static const char forget_actions[] =
    "DELETE FROM action WHERE id IN (SELECT id FROM action WHERE at < ?1 ORDER BY at LIMIT ?2)";
/* What a hook is still to hear of stays, and so does what it heard of, while that is not over. */
static const char forget_events[] = "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE at < ?1"
                                    " AND id <= coalesce((SELECT min(cursor) FROM hook), 9223372036854775807)"
                                    " AND id NOT IN (SELECT event FROM pending) ORDER BY at LIMIT ?2)";
static const char forget_alerts[] = "DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE ended_at < ?1"
                                    " AND id NOT IN (SELECT alert FROM told) ORDER BY ended_at LIMIT ?2)";
static const char forget_findings[] =
    "DELETE FROM finding WHERE id IN (SELECT id FROM finding WHERE state <> 'open' AND ended_at < ?1"
    " AND id NOT IN (SELECT finding FROM event WHERE finding IS NOT NULL)"
    " AND 'finding ' || id NOT IN (SELECT subject FROM told) LIMIT ?2)";
static const char forget_exemptions[] =
    "DELETE FROM exemption WHERE id IN (SELECT id FROM exemption WHERE ended_at < ?1"
    " AND id NOT IN (SELECT exemption FROM finding WHERE exemption IS NOT NULL) LIMIT ?2)";
/* Where a row of one of the frequent kinds refers to an asset, a later and rarer one does, or one that refers to what
 * it was merged into. */
/* Former verdicts and events have no index over what they are about: they are gone through once, and not at all where
 * no asset goes. They came before the last history of their asset was written, so only after a clock that stood in the
 * future, or for a hook that does not hear, do they hold any. */
#define HELD_BY(table)                                                                                                 \
    " EXCEPT SELECT asset FROM (SELECT asset FROM " table " WHERE asset IN (SELECT id FROM going)"                     \
    " LIMIT -(SELECT EXISTS (SELECT 1 FROM going)))" /* 0 or all */
#define FORGET_ASSETS(which)                                                                                           \
    "WITH going AS MATERIALIZED (SELECT a.id AS id FROM asset a WHERE " which                                          \
    " AND NOT EXISTS (SELECT 1 FROM item WHERE asset = a.id)"                                                          \
    " AND NOT EXISTS (SELECT 1 FROM asset WHERE merged_into = a.id)"                                                   \
    " AND NOT EXISTS (SELECT 1 FROM finding WHERE kind = 'verdict' AND asset = a.id)"                                  \
    " LIMIT ?2) DELETE FROM asset WHERE id IN (SELECT id FROM going" HELD_BY("guard_past") HELD_BY("event") ")"
/* What was told of an asset's protection goes with it, and so does who was told. */
static const char forget_coverage[] =
    "DELETE FROM coverage WHERE asset IN (SELECT c.asset FROM coverage c JOIN asset a ON a.id = c.asset"
    " WHERE a.merged_into IS NOT NULL OR a.gone_at < ?1 LIMIT ?2)";
static const char forget_coverage_told[] =
    "DELETE FROM told WHERE (subject, hook) IN (SELECT subject, hook FROM told WHERE subject >= 'asset '"
    " AND subject < 'asset!' AND subject LIKE '% coverage' AND ?1 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coverage"
    " WHERE asset = CAST(substr(subject, 7) AS INTEGER)) LIMIT ?2)";
static const char forget_merged[] = FORGET_ASSETS("merged_into IS NOT NULL AND created_at < ?1"
                                                  " AND NOT EXISTS (SELECT 1 FROM history WHERE"
                                                  " asset IN (a.id, a.merged_into) AND " HISTORY_RARE ")");
static const char forget_assets[] =
    FORGET_ASSETS("gone_at < ?1 AND NOT EXISTS (SELECT 1 FROM history WHERE asset = a.id AND " HISTORY_RARE ")");

static void begin(struct sql_query *query, struct sql *sql, const char *text, const struct forget *forget)
{
    sql_query(query, sql, text);
    sql_bind_int(query, 1, forget->horizon);
    sql_bind_int(query, 2, forget->most - forget->done);
}

static bool forget_rows(struct sql *sql, const char *text, struct forget *forget, struct err *err)
{
    struct sql_query query;

    begin(&query, sql, text, forget);
    if (!sql_done(&query, err))
        return false;
    forget->done += sqlite3_changes64(sql->handle);
    return true;
}

/* The chains of reasons are looked through once, when the last of the old verdicts goes. */
static bool forget_past(struct sql *sql, struct forget *forget, struct err *err)
{
    int64_t before = forget->done;
    struct sql_query query;

    if (!forget_rows(sql, forget_verdicts, forget, err))
        return false;
    if (forget->done == before || forget->done >= forget->most)
        return true;
    sql_query(&query, sql, forget_judgements);
    if (!sql_done(&query, err))
        return false;
    sql_query(&query, sql, forget_reasons);
    return sql_done(&query, err);
}

static bool forget_item(struct sql *sql, int64_t item, struct err *err)
{
    static const char *const parts[] = {
        "DELETE FROM sighting WHERE item = ?1", "DELETE FROM link WHERE item = ?1",
        "DELETE FROM unread WHERE item = ?1",   "DELETE FROM claim WHERE item = ?1",
        "DELETE FROM item WHERE id = ?1",
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct sql_query query;

        sql_query(&query, sql, parts[i]);
        sql_bind_int(&query, 1, item);
        if (!sql_done(&query, err))
            return false;
    }
    return true;
}

static bool forget_items(struct sql *sql, struct forget *forget, struct err *err)
{
    vec(int64_t) items = VEC_EMPTY;
    struct sql_query query;
    bool good;

    begin(&query, sql, find_items, forget);
    while (sql_row(&query))
        vec_push(&items, sql_int(&query, 0));
    good = sql_done(&query, err);
    for (size_t i = 0; good && i < items.count; i++, forget->done++)
        good = forget_item(sql, items.items[i], err);
    vec_finish(&items);
    return good;
}

static bool give_back(struct sql *sql, struct forget *forget, struct err *err)
{
    int64_t free_pages, pages, spare;

    if (!sql_number(sql, "PRAGMA freelist_count", &free_pages, err) ||
        !sql_number(sql, "PRAGMA page_count", &pages, err))
        return false;
    spare = free_pages - pages / FREE_SHARE;
    forget->more = forget->done >= forget->most || spare - GIVE_BACK >= GIVE_BACK;
    return spare < GIVE_BACK || sql_run(sql, GIVE_BACK_PAGES, err);
}

static bool forget_told(struct sql *sql, struct forget *forget, struct err *err)
{
    return forget_rows(sql, forget_events, forget, err) && forget_rows(sql, forget_alerts, forget, err) &&
           forget_rows(sql, forget_findings, forget, err) && forget_rows(sql, forget_exemptions, forget, err);
}

/* So that nobody takes what is left for all that was. */
static bool note_horizon(struct sql *sql, const struct forget *forget, struct err *err)
{
    int64_t before;

    if (forget->done == 0)
        return true;
    return meta_read_number(sql, "forgotten_before", &before, err) &&
           (before >= forget->horizon || meta_write_number(sql, "forgotten_before", forget->horizon, err));
}

static bool work(struct sql *sql, void *context, struct err *err)
{
    struct forget *forget = context;

    return forget_rows(sql, forget_history, forget, err) && forget_past(sql, forget, err) &&
           forget_items(sql, forget, err) && forget_rows(sql, forget_journal, forget, err) &&
           forget_rows(sql, forget_actions, forget, err) && forget_told(sql, forget, err) &&
           forget_rows(sql, forget_coverage, forget, err) && forget_rows(sql, forget_coverage_told, forget, err) &&
           forget_rows(sql, forget_merged, forget, err) && forget_rows(sql, forget_assets, forget, err) &&
           note_horizon(sql, forget, err) && give_back(sql, forget, err);
}

bool state_forget(struct store *store, int64_t horizon, size_t most, bool *more, struct err *err)
{
    struct forget forget = { .horizon = horizon, .most = (int64_t)most };
    bool good = store_transaction(store, work, &forget, err) || err_add(err, "what is old cannot be forgotten");

    *more = good && forget.more;
    return good;
}
