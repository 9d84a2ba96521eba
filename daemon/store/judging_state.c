#include "judging_state.h"

#include "meta.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEX_SIZE = 33 };

static void write_hex(char hex[HEX_SIZE], const struct hash128 *hash)
{
    snprintf(hex, HEX_SIZE, "%016llx%016llx", (unsigned long long)hash->high, (unsigned long long)hash->low);
}

bool judging_state_read(struct sql *sql, const struct hash128 *basis, struct judging_state *state, struct err *err)
{
    char hex[HEX_SIZE];
    struct sql_query query;
    bool former = false;

    write_hex(hex, basis);
    *state = (struct judging_state){ .done = true };
    sql_query(&query, sql,
              "SELECT name, value FROM meta WHERE name IN ('judging_anew', 'judging_basis', 'judging_next')");
    while (sql_row(&query)) {
        if (strcmp(sql_text(&query, 0), "judging_basis") == 0) {
            state->begun = strcmp(sql_text(&query, 1), hex) == 0;
            former = true;
        } else if (strcmp(sql_text(&query, 0), "judging_anew") == 0) {
            state->anew = true;
        } else {
            state->done = false;
            state->next = strtoll(sql_text(&query, 1), NULL, 10);
        }
    }
    if (!state->begun)
        *state = (struct judging_state){ .anew = true, .other = former };
    return sql_done(&query, err);
}

static bool is_marked(struct sql *sql, bool *marked, struct err *err)
{
    int64_t found = 0;
    bool good = sql_number(sql, "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'judging_again')", &found, err);

    *marked = found != 0;
    return good;
}

/* A pass that ends makes room for the one that was asked for meanwhile. */
static bool begin_again(struct sql *sql, struct judging_state *state, struct err *err)
{
    bool marked = false;

    if (!state->done)
        return true;
    if (!is_marked(sql, &marked, err))
        return false;
    if (marked)
        *state = (struct judging_state){ .begun = true };
    return !marked || meta_drop(sql, "judging_again", err);
}

static bool write_anew(struct sql *sql, const struct judging_state *state, struct err *err)
{
    return state->anew && !state->done ? meta_write(sql, "judging_anew", "1", err)
                                       : meta_drop(sql, "judging_anew", err);
}

bool judging_state_write(struct sql *sql, const struct hash128 *basis, struct judging_state *state, int64_t now,
                         struct err *err)
{
    char hex[HEX_SIZE];

    write_hex(hex, basis);
    if (!begin_again(sql, state, err) || !meta_write(sql, "judging_basis", hex, err) || !write_anew(sql, state, err))
        return false;
    if (state->done)
        return meta_drop(sql, "judging_next", err) && meta_write_number(sql, "judging_done_at", now, err);
    return meta_drop(sql, "judging_done_at", err) && meta_write_number(sql, "judging_next", state->next, err);
}

/* Whether a pass has come further than its beginning. */
static bool is_under_way(struct sql *sql, bool *under_way, struct err *err)
{
    int64_t found = 0;
    bool good =
        sql_number(sql, "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'judging_next' AND value <> '0')", &found, err);

    *under_way = found != 0;
    return good;
}

bool judging_mark(struct sql *sql, struct err *err)
{
    bool under_way;

    if (!is_under_way(sql, &under_way, err))
        return false;
    if (under_way)
        return meta_write(sql, "judging_again", "1", err);
    return meta_drop(sql, "judging_done_at", err) && meta_write(sql, "judging_next", "0", err);
}
