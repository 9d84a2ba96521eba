/* What a payload says of one entry, read from the rows as they are now. */
#include "clock.h"
#include "coverage_row.h"
#include "outbox_parts.h"
#include "sql.h"

#include <string.h>

enum { MAX_ROWS = 50, MAX_REASONS = 10, MAX_TARGETS = 50 };
#define MAX_DETAIL "262144" /* the alert has it twice */

static const char *copy(struct outbox_turn *turn, struct sql_query *query, int column)
{
    const char *text = sql_text(query, column);

    return text == NULL ? NULL : arena_text(&turn->arena, text);
}

static bool read_asset(struct outbox_turn *turn, int64_t id, struct outbox_asset *asset, struct err *err)
{
    struct sql_query query;

    if (id == 0)
        return true;
    sql_query(&query, turn->sql, "SELECT kind, name FROM asset WHERE id = ?1");
    sql_bind_int(&query, 1, id);
    if (sql_row(&query)) {
        asset->id = id;
        asset->kind = copy(turn, &query, 0);
        asset->name = copy(turn, &query, 1);
    }
    return sql_done(&query, err);
}

/* ----------------------------------------------------------------------------------------------------- finding ---- */

/* Of a key, what the key has; the rest is of whichever of its assets was judged last. A step without an asset speaks of
 * "it". */
static const char finding_query[] =
    "SELECT f.kind, f.state, f.assets, f.exempt, f.times, f.opened_at, nullif(f.method, ''), nullif(f.server, ''),"
    " coalesce(nullif(f.workload, ''), nullif(j.workload, '')), coalesce(nullif(f.version, ''), nullif(j.version, '')),"
    " CASE f.kind WHEN 'verdict' THEN nullif(j.installation, '') ELSE nullif(f.installation, '') END,"
    " CASE f.kind WHEN 'verdict' THEN j.product ELSE nullif(f.product, '') END,"
    " nullif(f.verdict, ''), nullif(f.class, ''),"
    " CASE f.kind WHEN 'lifecycle' THEN NULL ELSE replace(j.step, char(26), coalesce(a.name, 'it')) END"
    " FROM finding f LEFT JOIN judgement j ON j.id = f.judgement LEFT JOIN asset a ON a.id = f.asset WHERE f.id = ?1";

static void take_finding(struct outbox_turn *turn, struct sql_query *query, struct outbox_face *face)
{
    face->finding.kind = copy(turn, query, 0);
    face->finding.state = copy(turn, query, 1);
    face->finding.assets = sql_int(query, 2);
    face->finding.exempt = sql_int(query, 3);
    face->finding.times = sql_int(query, 4);
    face->finding.opened_at = sql_int(query, 5);
    face->method = copy(turn, query, 6);
    face->server = copy(turn, query, 7);
    face->workload = copy(turn, query, 8);
    face->version = copy(turn, query, 9);
    face->installation = copy(turn, query, 10);
    face->product = copy(turn, query, 11);
    face->verdict = copy(turn, query, 12);
    face->unlisted = copy(turn, query, 13);
    face->step = copy(turn, query, 14);
}

static bool read_finding(struct outbox_turn *turn, int64_t finding, struct outbox_face *face, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql, finding_query);
    sql_bind_int(&query, 1, finding);
    if (sql_row(&query)) {
        face->finding.id = finding;
        take_finding(turn, &query, face);
    }
    return sql_done(&query, err);
}

/* ----------------------------------------------------------------------------------------------------- reasons ---- */

#define OF_REASONING " FROM judgement j JOIN reasoning r ON r.id = j.reasoning JOIN json_each(r.detail, '$.legs') l"

static bool read_rows(struct outbox_turn *turn, int64_t judgement, struct outbox_face *face, struct err *err)
{
    int64_t *rows = arena_alloc(&turn->arena, MAX_ROWS * sizeof *rows);
    struct sql_query query;

    sql_query(&query, turn->sql,
              "SELECT DISTINCT n.value" OF_REASONING " JOIN json_each(l.value, '$.rows') n"
              " WHERE j.id = ?1 AND n.type = 'integer' ORDER BY n.value LIMIT ?2");
    sql_bind_int(&query, 1, judgement);
    sql_bind_int(&query, 2, MAX_ROWS);
    while (sql_row(&query))
        rows[face->row_count++] = sql_int(&query, 0);
    face->rows = rows;
    return sql_done(&query, err);
}

static bool read_texts(struct outbox_turn *turn, struct sql_query *query, struct outbox_face *face, struct err *err)
{
    const char **reasons = arena_alloc(&turn->arena, MAX_REASONS * sizeof *reasons);

    sql_bind_int(query, 2, MAX_REASONS);
    while (sql_row(query))
        reasons[face->reason_count++] = copy(turn, query, 0);
    face->reasons = reasons;
    return sql_done(query, err);
}

static bool read_reasons(struct outbox_turn *turn, int64_t judgement, struct outbox_face *face, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql,
              "SELECT reason FROM (SELECT l.value ->> 'reason' AS reason, min(l.id) AS first" OF_REASONING
              " WHERE j.id = ?1 GROUP BY reason) WHERE reason IS NOT NULL ORDER BY first LIMIT ?2");
    sql_bind_int(&query, 1, judgement);
    return read_texts(turn, &query, face, err);
}

static bool give_reason(struct outbox_turn *turn, struct outbox_face *face, const char *reason)
{
    const char **reasons = arena_alloc(&turn->arena, sizeof *reasons);

    reasons[0] = reason;
    face->reasons = reasons;
    face->reason_count = 1;
    return true;
}

/* Why a finding without a verdict is there. */
static bool read_support_end(struct outbox_turn *turn, int64_t judgement, struct outbox_face *face, struct err *err)
{
    char text[CLOCK_TEXT_SIZE];
    struct sql_query query;
    int64_t end;

    sql_query(&query, turn->sql, "SELECT coalesce(support_end, 0) FROM judgement WHERE id = ?1");
    sql_bind_int(&query, 1, judgement);
    end = sql_row(&query) ? sql_int(&query, 0) : 0;
    if (!sql_done(&query, err))
        return false;
    return end == 0 ||
           give_reason(turn, face,
                       arena_format(&turn->arena, "the vendor's support of %s ended on %.10s",
                                    face->version == NULL ? "this version" : face->version, clock_text(end, text)));
}

static bool read_last_success(struct outbox_turn *turn, int64_t target, struct outbox_face *face, struct err *err)
{
    char text[CLOCK_TEXT_SIZE];
    struct sql_query query;
    int64_t at;

    sql_query(&query, turn->sql, "SELECT coalesce(succeeded_at, 0) FROM target WHERE id = ?1");
    sql_bind_int(&query, 1, target);
    at = sql_row(&query) ? sql_int(&query, 0) : 0;
    if (!sql_done(&query, err))
        return false;
    if (at == 0)
        return give_reason(turn, face, "it was never scanned with success");
    return give_reason(turn, face,
                       arena_format(&turn->arena, "it was last scanned with success on %s", clock_text(at, text)));
}

static bool explain(struct outbox_turn *turn, const struct outbox_entry *entry, struct outbox_face *face,
                    struct err *err)
{
    const char *kind = face->finding.kind;

    if (kind == NULL)
        return true;
    if (strcmp(kind, "stale") == 0)
        return read_last_success(turn, entry->news->target, face, err);
    if (strcmp(kind, "lifecycle") == 0)
        return read_support_end(turn, entry->matter.judgement, face, err);
    return entry->matter.judgement == 0 || (read_rows(turn, entry->matter.judgement, face, err) &&
                                            read_reasons(turn, entry->matter.judgement, face, err));
}

/* ---------------------------------------------------------------------------------------------------- the rest ---- */

static bool take_targets(struct outbox_turn *turn, struct sql_query *query, struct outbox_face *face, struct err *err)
{
    const char **targets = arena_alloc(&turn->arena, MAX_TARGETS * sizeof *targets);

    while (sql_row(query)) {
        if (face->target_count < MAX_TARGETS)
            targets[face->target_count++] = copy(turn, query, 0);
        else
            face->more_targets++;
    }
    face->targets = targets;
    return sql_done(query, err);
}

/* The target of a finding about an asset is the one whose scan brought it. */
static bool read_targets(struct outbox_turn *turn, const struct outbox_entry *entry, struct outbox_face *face,
                         struct err *err)
{
    bool stale = face->finding.kind != NULL && strcmp(face->finding.kind, "stale") == 0;
    struct sql_query query;

    if (entry->matter.asset != 0) {
        sql_query(&query, turn->sql,
                  "SELECT DISTINCT t.name FROM item i JOIN sighting s ON s.item = i.id JOIN target t ON t.id = s.target"
                  " WHERE i.asset = ?1 ORDER BY t.name");
        sql_bind_int(&query, 1, entry->matter.asset);
        return take_targets(turn, &query, face, err);
    }
    if (entry->news->target == 0 || (event_is_finding(entry->what) && !stale))
        return true;
    sql_query(&query, turn->sql, "SELECT name FROM target WHERE id = ?1");
    sql_bind_int(&query, 1, entry->news->target);
    return take_targets(turn, &query, face, err);
}

static bool take_detail(struct outbox_turn *turn, struct sql_query *query, int64_t number, struct outbox_face *face,
                        struct err *err)
{
    sql_bind_int(query, 1, number);
    if (sql_row(query))
        face->detail = copy(turn, query, 0);
    return sql_done(query, err);
}

/* On one line, and nothing where there is nothing to say. */
#define SIZE(text) "length(CAST(" text " AS BLOB))"
#define DETAIL(detail)                                                                                                 \
    "CASE WHEN NOT json_valid(" detail ") OR " detail " = '{}' THEN NULL WHEN " SIZE(                                  \
        detail) " > " MAX_DETAIL " THEN '{\"left_out\":' || " SIZE(detail) " || '}' ELSE json(" detail ") END"
static const char event_detail[] = "SELECT " DETAIL("detail") " FROM event WHERE id = ?1";
static const char history_detail[] = "SELECT CASE what WHEN 'retired' THEN '{\"why\":\"retired\"}' ELSE " DETAIL(
    "detail") " END FROM history WHERE id = ?1";

static bool read_detail(struct outbox_turn *turn, const struct outbox_news *news, struct outbox_face *face,
                        struct err *err)
{
    struct sql_query query;

    if (news->id < 0) {
        sql_query(&query, turn->sql, history_detail);
        return take_detail(turn, &query, -news->id, face, err);
    }
    sql_query(&query, turn->sql, event_detail);
    return take_detail(turn, &query, news->id, face, err);
}

bool outbox_face_read(struct outbox_turn *turn, const struct outbox_entry *entry, struct outbox_face *face,
                      struct err *err)
{
    const struct hook_subject *subject = &entry->matter.subject;
    bool finding = event_is_finding(entry->what);

    *face = (struct outbox_face){
        .what = entry->what,
        .need = finding ? subject->need : NEED_NOTHING,
        .owner = subject->owner,
        .site = subject->site,
        .criticality = subject->criticality,
        .heard = entry->heard,
    };
    return read_asset(turn, entry->matter.asset, &face->asset, err) &&
           (entry->matter.cause == entry->matter.asset || read_asset(turn, entry->matter.cause, &face->cause, err)) &&
           (finding ? read_finding(turn, entry->news->finding, face, err) && explain(turn, entry, face, err)
                    : read_detail(turn, entry->news, face, err)) &&
           (entry->matter.asset == 0 || coverage_read(turn->sql, entry->matter.asset, &face->coverage, err)) &&
           read_targets(turn, entry, face, err);
}
