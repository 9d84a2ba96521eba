/* Protections of a report, and assets that rules take out. */
#include "query_report.h"

#include "map.h"
#include "reading_protection.h"
#include "reading_report.h"

#include <string.h>

/* Chains of reasons are long, and protections of one group share them in any order: what was read of them is kept, up
 * to so many bytes. */
#define LEGS_BYTES ((size_t)512 * 1024)
#define SEERS_BYTES ((size_t)512 * 1024)

/* What a row tells of the leg that decided. */
struct kept_leg {
    int64_t reasoning;
    const char *edition, *page, *date, *installation_of;
    struct query_texts rows, footnotes, names;
};

struct walk {
    struct query_report *report;
    struct map legs;  /* by the bytes of reasoning */
    struct map seers; /* by their numbers, as the table has them */
    struct arena arena, seers_arena;
    query_report_row *row;
    void *context;
};

/* Of all legs, as a step may be about each. */
#define LEGS "json_each(detail, '$.legs') l"
#define CONDITIONS LEGS ", json_each(l.value, '$.conditions') c"
#define NAMES_MAX "32"

static const char legs[] =
    "SELECT detail ->> '$.legs[0].edition', detail ->> '$.legs[0].page', detail ->> '$.legs[0].date',"
    " detail ->> '$.legs[0].installation_of', detail -> '$.legs[0].rows',"
    " (SELECT json_group_array(note) FROM (SELECT DISTINCT c.value ->> 'id' AS note FROM " CONDITIONS
    " WHERE c.value ->> 'state' = 'footnote' ORDER BY length(note), note)),"
    " (SELECT json_group_array(called) FROM (SELECT l.value ->> 'name' AS called FROM " LEGS
    " UNION SELECT c.value ->> 'name' FROM " CONDITIONS ") WHERE called <> '' LIMIT " NAMES_MAX ")"
    " FROM reasoning WHERE id = ?1 AND json_valid(detail)";

static bool read_list(struct query *query, const char *json, struct query_texts *texts, struct err *err)
{
    return json == NULL || reading_json_texts(query, json, texts, err);
}

static bool read_leg(struct query *query, struct kept_leg *leg, struct err *err)
{
    const char *lists[3] = { NULL };
    struct sql_query rows;

    leg->edition = leg->page = leg->date = leg->installation_of = "";
    sql_query(&rows, &query->sql, legs);
    sql_bind_int(&rows, 1, leg->reasoning);
    if (sql_row(&rows)) {
        leg->edition = reading_some(query, &rows, 0);
        leg->page = reading_some(query, &rows, 1);
        leg->date = reading_some(query, &rows, 2);
        leg->installation_of = reading_some(query, &rows, 3);
        for (int i = 0; i < 3; i++)
            lists[i] = reading_text(query, &rows, 4 + i);
    }
    return sql_done(&rows, err) && read_list(query, lists[0], &leg->rows, err) &&
           read_list(query, lists[1], &leg->footnotes, err) && read_list(query, lists[2], &leg->names, err);
}

/* NULL: the reading failed. */
static const struct kept_leg *find_leg(struct walk *walk, int64_t reasoning, struct err *err)
{
    struct kept_leg *leg = map_get_bytes(&walk->legs, (const char *)&reasoning, sizeof reasoning);

    if (leg != NULL)
        return leg;
    if (walk->arena.total > LEGS_BYTES) {
        map_finish(&walk->legs);
        arena_reset(&walk->arena);
    }
    leg = arena_alloc(&walk->arena, sizeof *leg);
    leg->reasoning = reasoning;
    reading_report_into(walk->report, &walk->arena);
    if (!read_leg(walk->report->query, leg, err))
        return NULL;
    map_put_bytes(&walk->legs, (const char *)&leg->reasoning, sizeof reasoning, leg);
    return leg;
}

static bool add_leg(struct walk *walk, int64_t reasoning, struct query_report_protection *row, struct err *err)
{
    const struct kept_leg *leg = find_leg(walk, reasoning, err);

    reading_report_into(walk->report, &walk->report->row);
    if (leg == NULL)
        return false;
    row->rows = leg->rows;
    row->edition = leg->edition;
    row->page = leg->page;
    row->date = leg->date;
    row->installation_of = leg->installation_of;
    row->footnotes = leg->footnotes;
    row->names = leg->names;
    return true;
}

/* ----------------------------------------------------------------------------------------------------- sources ---- */

/* Who sees an asset. */
struct kept_seers {
    const char *names[QUERY_REPORT_MAX_SOURCES];
    size_t count; /* of names */
    int64_t more;
};

static bool read_seers(struct walk *walk, const char *numbers, struct kept_seers *seers, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &walk->report->query->sql,
              "SELECT name FROM target WHERE id IN (SELECT value FROM json_each('[' || ?1 || ']')) ORDER BY name");
    sql_bind_text(&rows, 1, numbers);
    while (sql_row(&rows)) {
        if (seers->count < QUERY_REPORT_MAX_SOURCES)
            seers->names[seers->count++] = arena_text(&walk->seers_arena, sql_text(&rows, 0));
        else
            seers->more++;
    }
    return sql_done(&rows, err);
}

/* Few sets of targets see all assets of a fleet. */
static bool add_seers(struct walk *walk, const char *numbers, struct query_report_protection *row, struct err *err)
{
    struct kept_seers *seers;

    row->more_sources = walk->report->past ? -1 : 0;
    if (numbers == NULL)
        return true;
    seers = map_get(&walk->seers, numbers);
    if (seers == NULL) {
        if (walk->seers_arena.total > SEERS_BYTES) {
            map_finish(&walk->seers);
            arena_reset(&walk->seers_arena);
        }
        seers = arena_alloc(&walk->seers_arena, sizeof *seers);
        *seers = (struct kept_seers){ 0 };
        if (!read_seers(walk, numbers, seers, err))
            return false;
        map_put(&walk->seers, arena_text(&walk->seers_arena, numbers), seers);
    }
    row->sources = (struct query_texts){ seers->names, seers->count };
    row->more_sources = seers->more;
    return true;
}

/* -------------------------------------------------------------------------------------------------------- rows ---- */

static void name_group(struct query_report *report, struct query_report_protection *row)
{
    const struct query_protection *protection = &row->protection;

    if (protection->cause != 0)
        row->group =
            arena_format(&report->row, "cause: %s",
                         protection->cause_name == NULL ? "what is not known any more" : protection->cause_name);
    else
        row->group = arena_format(&report->row, "%s%s%s, %s, %s", protection->workload,
                                  protection->version[0] == '\0' ? "" : " ", protection->version,
                                  protection->installation, protection->product == NULL ? "" : protection->product);
}

#define BEYOND(column) (READING_PROTECTION_COLUMNS + (column))
/* In a list in order, o has what stands in the rows of the asset and of the table of the report. */
#define COLUMNS                                                                                                        \
    READING_PROTECTION_OF("o", "o")                                                                                    \
    ", j.reasoning, o.need, o.exemption, o.stale, o.seen_at, (SELECT lower(hex(hash)) FROM basis WHERE id = o.basis)," \
    " replace(j.step, char(26), 'each of them'), instr(j.detail, '\"type\":') > 0, o.sources,"                         \
    " CASE WHEN j.step IS NOT NULL THEN j.detail ->> '$.step.product' END,"                                            \
    " (SELECT q.coverage FROM temp.report_asked q WHERE q.asset = o.id)"

static bool take_row(struct walk *walk, struct sql_query *rows, struct err *err)
{
    struct query_report *report = walk->report;
    struct query_report_protection row = { .need = (enum need)sql_int(rows, BEYOND(1)),
                                           .exemption = sql_int(rows, BEYOND(2)) };

    arena_reset(&report->row);
    reading_report_into(report, &report->row);
    reading_protection(report->query, rows, &row.protection);
    row.protection.asset.stale = sql_int(rows, BEYOND(3)) != 0;
    row.seen_at = row.protection.asset.seen_at = sql_int(rows, BEYOND(4));
    row.basis = reading_some(report->query, rows, BEYOND(5));
    row.remedy = reading_text(report->query, rows, BEYOND(6));
    row.mends = sql_int(rows, BEYOND(7)) != 0;
    row.moved_to = reading_text(report->query, rows, BEYOND(9));
    row.configured = strcmp(row.protection.by, "dpmdb") == 0;
    if (report->listed && !sql_is_null(rows, BEYOND(10)))
        row.coverage = coverage_word(reading_report_answer(rows, BEYOND(10)));
    row.protection.exemption = row.exemption;
    name_group(report, &row);
    return add_leg(walk, sql_int(rows, BEYOND(0)), &row, err) &&
           add_seers(walk, sql_text(rows, BEYOND(8)), &row, err) &&
           reading_exemption(report->query, &row.protection, err) && walk->row(walk->context, &row, err);
}

/* Groups in their order: few, where many protections are to be put in the order of their names. */
static const char groups[] =
    "CREATE TEMP TABLE IF NOT EXISTS report_group (judgement INTEGER PRIMARY KEY, place INTEGER);"
    "INSERT OR IGNORE INTO temp.report_group SELECT j.id, dense_rank() OVER (ORDER BY j.cause IS NULL,"
    " c.name COLLATE NOCASE, j.cause, j.workload, j.version, j.installation, j.product)"
    " FROM (SELECT DISTINCT judgement FROM temp.report_state) g CROSS JOIN judgement j ON j.id = g.judgement"
    " LEFT JOIN asset c ON c.id = j.cause;";

/* In the order of the table, which is nearly that of the assets: neighbours lie on the same pages. The rows of items
 * are long, so they are not looked at: those that are gone and still seen by somebody are few. */
static bool find_ages(struct query_report *report, enum need need, struct err *err)
{
    struct sql_query query;

    if (report->past)
        return true;
    sql_query(&query, &report->query->sql,
              "UPDATE temp.report_state SET (seen_at, sources) = (SELECT coalesce(max(coalesce(s.missed_at,"
              " t.succeeded_at)), 0), group_concat(t.id)"
              " FROM item i INDEXED BY item_by_asset CROSS JOIN sighting s ON s.item = i.id CROSS JOIN target t"
              " ON t.id = s.target WHERE i.asset = report_state.asset AND i.id NOT IN (SELECT g.id FROM item g"
              " INDEXED BY item_by_end CROSS JOIN sighting o ON o.item = g.id WHERE g.gone_at IS NOT NULL))"
              " WHERE seen_at IS NULL AND (?1 = 0 OR need = ?1)");
    sql_bind_int(&query, 1, need);
    return sql_done(&query, err);
}

/* The inner choice has what is short; what is said is long, and read when its turn comes. LIMIT keeps its order. */
#define CHOSEN(which)                                                                                                  \
    "SELECT " COLUMNS                                                                                                  \
    " FROM (SELECT g.id AS row, a.id AS id, a.kind AS kind, a.name AS name, g.judgement AS judgement,"                 \
    " g.basis AS basis, g.since_at AS since_at, g.need AS need, g.exemption AS exemption, g.stale AS stale,"           \
    " g.seen_at AS seen_at, g.sources AS sources FROM temp.report_state g CROSS JOIN temp.report_group p ON "          \
    "p.judgement = g.judgement"                                                                                        \
    " CROSS JOIN asset a ON a.id = g.asset CROSS JOIN judgement j ON j.id = g.judgement" which                         \
    " ORDER BY p.place, a.name COLLATE NOCASE, a.id, j.method, j.server LIMIT -1) o"                                   \
    " CROSS JOIN judgement j ON j.id = o.judgement"

static bool read_rows(struct walk *walk, enum need need, struct err *err)
{
    struct sql_query rows;
    bool good = true;

    sql_query(&rows, &walk->report->query->sql, need == NEED_NOTHING ? CHOSEN("") : CHOSEN(" WHERE g.need = ?1"));
    if (need != NEED_NOTHING)
        sql_bind_int(&rows, 1, need);
    while (good && sql_row(&rows))
        good = take_row(walk, &rows, err);
    return sql_done(&rows, good ? err : NULL) && good;
}

bool query_report_protections(struct query_report *report, enum need need, query_report_row *row, void *context,
                              struct err *err)
{
    struct walk walk = { .report = report, .row = row, .context = context };
    bool good = sql_run(&report->query->sql, groups, err) && find_ages(report, need, err);

    arena_init(&walk.arena, ARENA_PLAIN);
    arena_init(&walk.seers_arena, ARENA_PLAIN);
    good = good && read_rows(&walk, need, err);
    map_finish(&walk.legs);
    map_finish(&walk.seers);
    arena_finish(&walk.arena);
    arena_finish(&walk.seers_arena);
    return good || reading_report_failed(report, err);
}

/* Rules of one reason are all named: which of them it was is not written down. */
static const char excluded_rows[] =
    "WITH rule(reason, places) AS MATERIALIZED (SELECT r.value ->> 'reason', json_group_array(CAST(r.key + 1 AS TEXT))"
    " FROM basis b JOIN json_each(b.estate, '$.rules') r WHERE b.id = ?1 AND lower(r.value ->> 'by') = 'none' GROUP BY "
    "1)"
    " SELECT a.id, a.kind, a.name, j.excluded, coalesce(u.places, '[]') FROM temp.report_excluded g"
    " CROSS JOIN asset a ON a.id = g.asset CROSS JOIN judgement j ON j.id = g.judgement"
    " LEFT JOIN rule u ON u.reason = j.excluded ORDER BY a.name COLLATE NOCASE, a.id";

bool query_report_excluded(struct query_report *report, query_report_excluded_row *row, void *context, struct err *err)
{
    struct query *query = report->query;
    struct sql_query rows;
    int64_t basis;
    bool good = true;

    if (!reading_report_find_basis(report, &basis, err))
        return reading_report_failed(report, err);
    sql_query(&rows, &query->sql, excluded_rows);
    sql_bind_int(&rows, 1, basis);
    while (good && sql_row(&rows)) {
        struct query_report_excluded excluded = { .asset = sql_int(&rows, 0) };

        arena_reset(&report->row);
        reading_report_into(report, &report->row);
        excluded.kind = reading_text(query, &rows, 1);
        excluded.name = reading_text(query, &rows, 2);
        excluded.reason = reading_some(query, &rows, 3);
        good = reading_json_texts(query, sql_text(&rows, 4), &excluded.rules, err) && row(context, &excluded, err);
    }
    return (sql_done(&rows, good ? err : NULL) && good) || reading_report_failed(report, err);
}
