/* Protections of a report, and assets that rules take out. */
#include "query_report.h"

#include "map.h"
#include "reading_protection.h"
#include "reading_report.h"

#include <string.h>

/* Of so many chains of reasons what was read is kept: neighbours share them. */
enum { LEGS_KEPT = 64 };

/* What a row tells of the leg that decided. */
struct kept_leg {
    int64_t reasoning; /* 0: none is kept here */
    struct arena arena;
    const char *edition, *page, *date;
    struct query_texts rows;
};

struct walk {
    struct query_report *report;
    struct kept_leg legs[LEGS_KEPT];
    query_report_row *row;
    void *context;
};

static bool read_numbers(struct query *query, const char *json, struct query_texts *texts, struct err *err)
{
    return json == NULL || reading_json_texts(query, json, texts, err);
}

static bool read_leg(struct query_report *report, int64_t reasoning, struct kept_leg *leg, struct err *err)
{
    struct query *query = report->query;
    const char *numbers = NULL;
    struct sql_query rows;

    arena_reset(&leg->arena);
    leg->reasoning = 0;
    leg->rows = (struct query_texts){ 0 };
    leg->edition = leg->page = leg->date = "";
    report_into(report, &leg->arena);
    sql_query(&rows, &query->sql,
              "SELECT detail ->> '$.legs[0].edition', detail ->> '$.legs[0].page', detail ->> '$.legs[0].date',"
              " detail -> '$.legs[0].rows' FROM reasoning WHERE id = ?1 AND json_valid(detail)");
    sql_bind_int(&rows, 1, reasoning);
    if (sql_row(&rows)) {
        leg->edition = reading_some(query, &rows, 0);
        leg->page = reading_some(query, &rows, 1);
        leg->date = reading_some(query, &rows, 2);
        numbers = reading_text(query, &rows, 3);
    }
    if (!sql_done(&rows, err) || !read_numbers(query, numbers, &leg->rows, err))
        return false;
    leg->reasoning = reasoning;
    return true;
}

static bool add_leg(struct walk *walk, int64_t reasoning, struct query_report_protection *row, struct err *err)
{
    struct kept_leg *leg = &walk->legs[(uint64_t)reasoning % LEGS_KEPT];
    bool good = leg->reasoning == reasoning || read_leg(walk->report, reasoning, leg, err);

    report_into(walk->report, &walk->report->row);
    row->rows = leg->rows;
    row->edition = leg->edition;
    row->page = leg->page;
    row->date = leg->date;
    return good;
}

static bool add_age(struct query_report *report, struct query_report_protection *row, struct err *err)
{
    struct sql_query rows;

    if (report->past)
        return true;
    sql_query(&rows, &report->query->sql,
              "SELECT max(coalesce(s.missed_at, t.succeeded_at)) FROM item i JOIN sighting s ON s.item = i.id"
              " JOIN target t ON t.id = s.target WHERE i.asset = ?1 AND i.gone_at IS NULL");
    sql_bind_int(&rows, 1, row->protection.asset.id);
    if (sql_row(&rows))
        row->seen_at = row->protection.asset.seen_at = sql_int(&rows, 0);
    return sql_done(&rows, err);
}

static bool add_exemption(struct query_report *report, struct query_report_protection *row, struct err *err)
{
    struct query *query = report->query;
    struct query_protection *protection = &row->protection;
    struct sql_query rows;

    if (row->exemption == 0)
        return true;
    protection->exemption = row->exemption;
    sql_query(&rows, &query->sql, "SELECT until_at, reason, name, nullif(ticket, '') FROM exemption WHERE id = ?1");
    sql_bind_int(&rows, 1, row->exemption);
    if (sql_row(&rows)) {
        protection->exempt_until = sql_int(&rows, 0);
        protection->exempt_reason = reading_text(query, &rows, 1);
        protection->exempt_by = reading_text(query, &rows, 2);
        protection->exempt_ticket = reading_text(query, &rows, 3);
    }
    return sql_done(&rows, err);
}

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
#define COLUMNS                                                                                                        \
    READING_PROTECTION ", j.reasoning, g.need, g.exemption, g.stale, (SELECT lower(hex(hash)) FROM basis"              \
                       " WHERE id = g.basis)"

static bool take_row(struct walk *walk, struct sql_query *rows, struct err *err)
{
    struct query_report *report = walk->report;
    struct query_report_protection row = { .need = (enum need)sql_int(rows, BEYOND(1)),
                                           .exemption = sql_int(rows, BEYOND(2)) };

    arena_reset(&report->row);
    report_into(report, &report->row);
    reading_protection(report->query, rows, &row.protection);
    row.protection.asset.stale = sql_int(rows, BEYOND(3)) != 0;
    row.basis = reading_some(report->query, rows, BEYOND(4));
    name_group(report, &row);
    return add_leg(walk, sql_int(rows, BEYOND(0)), &row, err) && add_age(report, &row, err) &&
           add_exemption(report, &row, err) && walk->row(walk->context, &row, err);
}

/* The inner choice puts numbers in order only: what is said is long. LIMIT keeps its order. */
#define CHOSEN(which)                                                                                                  \
    "SELECT " COLUMNS " FROM (SELECT g.id AS id FROM temp.report_state g CROSS JOIN judgement j ON j.id = g.judgement" \
    " CROSS JOIN asset a ON a.id = g.asset LEFT JOIN asset c ON c.id = j.cause" which                                  \
    " ORDER BY j.cause IS NULL, c.name COLLATE NOCASE, j.cause, j.workload, j.version, j.installation, j.product,"     \
    " a.name COLLATE NOCASE, a.id, j.method, j.server LIMIT -1) o CROSS JOIN temp.report_state g ON g.id = o.id"       \
    " CROSS JOIN judgement j ON j.id = g.judgement CROSS JOIN asset a ON a.id = g.asset"

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
    bool good;

    for (size_t i = 0; i < LEGS_KEPT; i++)
        arena_init(&walk.legs[i].arena, ARENA_PLAIN);
    good = read_rows(&walk, need, err);
    for (size_t i = 0; i < LEGS_KEPT; i++)
        arena_finish(&walk.legs[i].arena);
    return good;
}

bool query_report_excluded(struct query_report *report, query_report_excluded_row *row, void *context, struct err *err)
{
    struct query *query = report->query;
    struct sql_query rows;
    bool good = true;

    sql_query(&rows, &query->sql,
              "SELECT a.id, a.kind, a.name, j.excluded FROM temp.report_excluded g CROSS JOIN asset a ON a.id = g.asset"
              " CROSS JOIN judgement j ON j.id = g.judgement ORDER BY a.name COLLATE NOCASE, a.id");
    while (good && sql_row(&rows)) {
        struct query_report_excluded excluded = { .asset = sql_int(&rows, 0) };

        arena_reset(&report->row);
        report_into(report, &report->row);
        excluded.kind = reading_text(query, &rows, 1);
        excluded.name = reading_text(query, &rows, 2);
        excluded.reason = reading_some(query, &rows, 3);
        good = row(context, &excluded, err);
    }
    return sql_done(&rows, good ? err : NULL) && good;
}
