/* Targets, credentials and counts. */
#include "age.h"
#include "reading.h"
#include "vec.h"

#include <string.h>

struct summary {
    int64_t now;
    struct query_summary *summary;
    vec(struct query_count) kinds;
    vec(struct query_target) targets;
    vec(struct query_credential) credentials;
};

static bool read_kinds(struct query *query, struct summary *summary, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT kind, count(*) AS assets FROM asset WHERE gone_at IS NULL AND merged_into IS NULL"
              " GROUP BY kind ORDER BY assets DESC, kind");
    while (sql_row(&rows)) {
        struct query_count count = { .assets = sql_int(&rows, 1) };

        count.name = reading_text(query, &rows, 0);
        vec_push(&summary->kinds, count);
        summary->summary->assets += count.assets;
    }
    return sql_done(&rows, err);
}

static const char targets_query[] =
    "SELECT t.name, t.plugin, c.name, t.tags, t.result, t.message, t.credential, t.started_at, t.ended_at,"
    " t.succeeded_at, t.retry_at, t.attempts, t.held_count, t.held_why, " AGE_MOST ", coalesce(s.items, 0),"
    " CASE WHEN NOT t.configured THEN 'retired' WHEN t.quarantined THEN 'quarantined'"
    " WHEN k.state = 'held' AND NOT t.denied_alone THEN 'held' ELSE 'waiting' END,"
    " CASE WHEN t.result IN ('complete', 'delta', 'partial') AND t.message = '' THEN w.text END"
    " FROM target t JOIN scope c ON c.id = t.scope LEFT JOIN credential k ON k.name = t.credential"
    " LEFT JOIN warning w ON w.target = t.id AND w.number = 1"
    " LEFT JOIN (SELECT target, count(*) AS items FROM sighting GROUP BY target) s ON s.target = t.id"
    " WHERE t.configured OR s.items > 0 ORDER BY t.name";

static void read_target(struct query *query, struct sql_query *rows, int64_t now, struct query_target *target)
{
    *target = (struct query_target){
        .started_at = sql_int(rows, 7),
        .ended_at = sql_int(rows, 8),
        .succeeded_at = sql_int(rows, 9),
        .retry_at = sql_int(rows, 10),
        .attempts = sql_int(rows, 11),
        .held_removals = sql_int(rows, 12),
        .items = sql_int(rows, 15),
        .max_age_ms = sql_int(rows, 14),
        .late = reading_late(sql_int(rows, 9), sql_int(rows, 14), now),
    };
    target->name = reading_text(query, rows, 0);
    target->plugin = reading_text(query, rows, 1);
    target->scope = reading_text(query, rows, 2);
    target->result = reading_text(query, rows, 4);
    target->message = reading_text(query, rows, 5);
    target->credential = reading_text(query, rows, 6);
    target->held_why = reading_text(query, rows, 13);
    target->state = reading_text(query, rows, 16);
    target->warning = reading_text(query, rows, 17);
}

static bool read_targets(struct query *query, struct summary *summary, struct err *err)
{
    struct sql_query rows;
    bool good = true;

    sql_query(&rows, &query->sql, targets_query);
    while (good && sql_row(&rows)) {
        struct query_target target;

        read_target(query, &rows, summary->now, &target);
        good = reading_json_texts(query, sql_text(&rows, 3), &target.tags, err);
        vec_push(&summary->targets, target);
    }
    return sql_done(&rows, good ? err : NULL) && good;
}

static bool read_credentials(struct query *query, struct summary *summary, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql, "SELECT name, state, target, why, held_at, retry_at FROM credential ORDER BY name");
    while (sql_row(&rows)) {
        struct query_credential credential = { .held_at = sql_int(&rows, 4), .retry_at = sql_int(&rows, 5) };

        credential.name = reading_text(query, &rows, 0);
        credential.state = reading_text(query, &rows, 1);
        credential.target = reading_text(query, &rows, 2);
        credential.why = reading_text(query, &rows, 3);
        vec_push(&summary->credentials, credential);
    }
    return sql_done(&rows, err);
}

static bool read_summary(struct query *query, void *context, struct err *err)
{
    struct summary *summary = context;
    bool good =
        read_kinds(query, summary, err) && read_targets(query, summary, err) && read_credentials(query, summary, err);

    READING_KEEP(query, &summary->kinds, summary->summary->kinds, summary->summary->kind_count);
    READING_KEEP(query, &summary->targets, summary->summary->targets, summary->summary->target_count);
    READING_KEEP(query, &summary->credentials, summary->summary->credentials, summary->summary->credential_count);
    return good;
}

bool reading_summary(struct query *query, int64_t now, struct query_summary *summary, struct err *err)
{
    struct summary reading = { .now = now, .summary = summary };

    *summary = (struct query_summary){ 0 };
    return read_summary(query, &reading, err);
}

bool query_summary(struct query *query, int64_t now, struct arena *arena, struct query_summary *summary,
                   struct err *err)
{
    struct summary reading = { .now = now, .summary = summary };

    *summary = (struct query_summary){ 0 };
    return reading_run(query, arena, read_summary, &reading, err);
}

struct words {
    struct query_texts *kinds, *targets, *tags;
};

static bool read_words(struct query *query, void *context, struct err *err)
{
    const struct words *words = context;
    struct sql_query rows;

    sql_query(&rows, &query->sql, "SELECT DISTINCT kind FROM asset ORDER BY kind");
    if (!reading_texts(query, &rows, words->kinds, err))
        return false;
    sql_query(&rows, &query->sql, "SELECT name FROM target ORDER BY name");
    if (!reading_texts(query, &rows, words->targets, err))
        return false;
    sql_query(&rows, &query->sql, "SELECT DISTINCT e.atom FROM target t JOIN json_each(t.tags) e ORDER BY e.atom");
    return reading_texts(query, &rows, words->tags, err);
}

bool query_words(struct query *query, struct arena *arena, struct query_texts *kinds, struct query_texts *targets,
                 struct query_texts *tags, struct err *err)
{
    struct words words = { .kinds = kinds, .targets = targets, .tags = tags };

    return reading_run(query, arena, read_words, &words, err);
}
