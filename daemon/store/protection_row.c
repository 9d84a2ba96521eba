#include "protection_row.h"

#include "basis_row.h"
#include "estate_row.h"
#include "sql.h"

#include <string.h>

void protections_init(struct protections *protections, struct sql *sql, const struct basis *basis,
                      struct findings *findings, int64_t at)
{
    *protections = (struct protections){ .sql = sql, .basis = basis, .findings = findings, .at = at };
    judgements_init(&protections->judgements, sql);
}

void protections_forget(struct protections *protections)
{
    judgements_forget(&protections->judgements);
}

void protections_finish(struct protections *protections)
{
    vec_finish(&protections->rows);
    vec_finish(&protections->past);
    vec_finish(&protections->found);
    judgements_finish(&protections->judgements);
}

size_t protections_bytes(const struct protections *protections)
{
    return protections->judgements.arena.reserved;
}

/* ------------------------------------------------------------------------------------------------------- basis ---- */

static bool add_basis(struct protections *protections, struct err *err)
{
    const struct basis *basis = protections->basis;
    struct str files = STR_EMPTY, rulings = STR_EMPTY, estate = STR_EMPTY;
    struct sql_query query;
    bool good;

    basis_row_files(&files, basis->matrix);
    basis_row_rulings(&rulings, basis->matrix);
    estate_row_write(&estate, basis->estate, basis->matrix->products);
    sql_query(&query, protections->sql,
              "INSERT INTO basis (hash, files, rulings, estate, first_at) VALUES (?1, ?2, ?3, ?4, ?5)");
    sql_bind_bytes(&query, 1, &basis->hash, sizeof basis->hash);
    sql_bind_text(&query, 2, str_text(&files));
    sql_bind_text(&query, 3, str_text(&rulings));
    sql_bind_text(&query, 4, str_text(&estate));
    sql_bind_int(&query, 5, protections->at);
    good = sql_done(&query, err);
    str_finish(&files);
    str_finish(&rulings);
    str_finish(&estate);
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

bool protections_basis(struct protections *protections, int64_t *basis, struct err *err)
{
    bool good = need_basis(protections, err);

    *basis = protections->basis_id;
    return good;
}

/* -------------------------------------------------------------------------------------------------------- rows ---- */

static void take_row(struct sql_query *query, struct protection_row *row)
{
    *row = (struct protection_row){ .id = sql_int(query, 0),
                                    .asset = sql_int(query, 1),
                                    .judgement = sql_int(query, 2),
                                    .basis = sql_int(query, 3),
                                    .since_at = sql_int(query, 4) };
}

bool protections_load(struct protections *protections, int64_t low, int64_t high, struct err *err)
{
    struct sql_query query;

    vec_clear(&protections->rows);
    protections->next = 0;
    sql_query(&query, protections->sql,
              "SELECT id, asset, judgement, basis, since_at FROM guard WHERE asset BETWEEN ?1 AND ?2 ORDER BY asset");
    sql_bind_int(&query, 1, low);
    sql_bind_int(&query, 2, high);
    while (sql_row(&query)) {
        struct protection_row row;

        take_row(&query, &row);
        vec_push(&protections->rows, row);
    }
    return sql_done(&query, err);
}

static bool add_row(struct protections *protections, int64_t asset, int64_t judgement, struct err *err)
{
    struct sql_query query;

    sql_query(&query, protections->sql,
              "INSERT INTO guard (asset, judgement, basis, since_at) VALUES (?1, ?2, ?3, ?4)");
    sql_bind_int(&query, 1, asset);
    sql_bind_int(&query, 2, judgement);
    sql_bind_int(&query, 3, protections->basis_id);
    sql_bind_int(&query, 4, protections->at);
    return sql_done(&query, err) && findings_note(protections->findings, asset, 0, judgement, err);
}

/* A statement takes a while to begin and to end: many rows at once take half the time. */
enum { PAST_AT_ONCE = 32, PAST_COLUMNS = 5 };
#define PAST_INTO "INSERT INTO guard_past (asset, judgement, basis, from_at, until_at) VALUES "
#define PAST_ROW "(?, ?, ?, ?, ?)"
#define PAST_ROWS_4 PAST_ROW ", " PAST_ROW ", " PAST_ROW ", " PAST_ROW
#define PAST_ROWS_16 PAST_ROWS_4 ", " PAST_ROWS_4 ", " PAST_ROWS_4 ", " PAST_ROWS_4

static bool write_past(struct sql *sql, const char *text, const struct protection_past *past, size_t count,
                       struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, text);
    for (size_t i = 0; i < count; i++) {
        const int64_t values[PAST_COLUMNS] = { past[i].asset, past[i].judgement, past[i].basis, past[i].from_at,
                                               past[i].until_at };

        for (size_t k = 0; k < PAST_COLUMNS; k++)
            sql_bind_int(&query, (int)(i * PAST_COLUMNS + k) + 1, values[k]);
    }
    return sql_done(&query, err);
}

static bool write_pasts(struct sql *sql, const struct protection_past *past, size_t count, struct err *err)
{
    size_t at = 0;
    bool good = true;

    for (; good && count - at >= PAST_AT_ONCE; at += PAST_AT_ONCE)
        good = write_past(sql, PAST_INTO PAST_ROWS_16 ", " PAST_ROWS_16, &past[at], PAST_AT_ONCE, err);
    for (; good && at < count; at++)
        good = write_past(sql, PAST_INTO PAST_ROW, &past[at], 1, err);
    return good;
}

bool protections_flush(struct protections *protections, struct err *err)
{
    bool good = write_pasts(protections->sql, protections->past.items, protections->past.count, err);

    vec_clear(&protections->past);
    return good;
}

static struct protection_past past_of(const struct protection_row *row, int64_t at)
{
    return (struct protection_past){ row->asset, row->judgement, row->basis, row->since_at, at };
}

static bool keep_past(struct protections *protections, const struct protection_row *row, struct err *err)
{
    vec_push(&protections->past, past_of(row, protections->at));
    return protections->past.count < PAST_AT_ONCE || protections_flush(protections, err);
}

static bool change_row(struct protections *protections, const struct protection_row *row, int64_t judgement,
                       struct err *err)
{
    struct sql_query query;

    if (!keep_past(protections, row, err))
        return false;
    sql_query(&query, protections->sql, "UPDATE guard SET judgement = ?2, basis = ?3, since_at = ?4 WHERE id = ?1");
    sql_bind_int(&query, 1, row->id);
    sql_bind_int(&query, 2, judgement);
    sql_bind_int(&query, 3, protections->basis_id);
    sql_bind_int(&query, 4, protections->at);
    return sql_done(&query, err) && findings_note(protections->findings, row->asset, row->judgement, judgement, err);
}

static bool end_row(struct protections *protections, const struct protection_row *row, struct err *err)
{
    struct sql_query query;

    if (!keep_past(protections, row, err))
        return false;
    sql_query(&query, protections->sql, "DELETE FROM guard WHERE id = ?1");
    sql_bind_int(&query, 1, row->id);
    return sql_done(&query, err) && findings_note(protections->findings, row->asset, row->judgement, 0, err);
}

/* ---------------------------------------------------------------------------------------------------- verdicts ---- */

/* The rows of the asset that comes next. */
static size_t count_rows(const struct protections *protections, int64_t asset)
{
    const struct protection_row *rows = protections->rows.items;
    size_t end = protections->next;

    while (end < protections->rows.count && rows[end].asset == asset)
        end++;
    return end - protections->next;
}

/* Marks the row that says just this. */
static bool keep_row(struct protection_row *rows, size_t count, int64_t judgement)
{
    for (size_t i = 0; i < count && judgement != 0; i++) {
        if (rows[i].judgement == judgement && !rows[i].kept) {
            rows[i].kept = true;
            return true;
        }
    }
    return false;
}

/* The row that said something else of the same way to protect it; *found stays NULL where there is none. */
static bool find_row(struct protections *protections, struct protection_row *rows, size_t count,
                     const struct verdict *verdict, struct protection_row **found, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct demand *said;

        if (rows[i].kept)
            continue;
        said = demands_find(&protections->findings->demands, rows[i].judgement, err);
        if (said == NULL)
            return false;
        if (strcmp(said->method, method_word(verdict->method)) == 0 &&
            strcmp(said->server, verdict->server == NULL ? "" : verdict->server) == 0) {
            *found = &rows[i];
            return true;
        }
    }
    return true;
}

static bool write_verdict(struct protections *protections, int64_t asset, size_t rows, const struct verdict *verdict,
                          struct judgement *judgement, struct err *err)
{
    struct protection_row *row = NULL;

    protections->changed++;
    if (!need_basis(protections, err) ||
        (judgement->id == 0 && !judgements_add(&protections->judgements, judgement, verdict, err)) ||
        !find_row(protections, &protections->rows.items[protections->next], rows, verdict, &row, err))
        return false;
    if (row == NULL)
        return add_row(protections, asset, judgement->id, err);
    row->kept = true;
    return change_row(protections, row, judgement->id, err);
}

/* What stays is found first, so that nothing is taken for the row of another verdict. */
static bool find_judgements(struct protections *protections, size_t rows, const struct verdict *verdicts, size_t count,
                            struct err *err)
{
    vec_clear(&protections->found);
    for (size_t i = 0; i < count; i++) {
        struct judgement *judgement = judgements_find(&protections->judgements, &verdicts[i], err);

        if (judgement == NULL)
            return false;
        if (rows > 0 && keep_row(&protections->rows.items[protections->next], rows, judgement->id))
            judgement = NULL;
        vec_push(&protections->found, judgement);
    }
    return true;
}

static bool end_others(struct protections *protections, size_t rows, struct err *err)
{
    for (; rows > 0; rows--) {
        const struct protection_row *row = &protections->rows.items[protections->next++];

        if (row->kept)
            continue;
        protections->changed++;
        if (!end_row(protections, row, err))
            return false;
    }
    return true;
}

bool protections_write(struct protections *protections, int64_t asset, const struct verdict *verdicts, size_t count,
                       struct err *err)
{
    size_t rows;

    while (protections->next < protections->rows.count && protections->rows.items[protections->next].asset < asset)
        protections->next++;
    rows = count_rows(protections, asset);
    if (!find_judgements(protections, rows, verdicts, count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct judgement *judgement = protections->found.items[i];

        if (judgement != NULL && !write_verdict(protections, asset, rows, &verdicts[i], judgement, err))
            return false;
    }
    return end_others(protections, rows, err);
}

bool protections_end(struct findings *findings, int64_t asset, int64_t at, struct err *err)
{
    struct protections ending = { .sql = findings->sql, .findings = findings, .at = at };
    bool good = protections_load(&ending, asset, asset, err);

    for (size_t i = 0; good && i < ending.rows.count; i++)
        good = end_row(&ending, &ending.rows.items[i], err);
    good = good && protections_flush(&ending, err);
    vec_finish(&ending.rows);
    vec_finish(&ending.past);
    return good;
}
