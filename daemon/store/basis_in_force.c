#include "basis_in_force.h"

#include "estate_row.h"
#include "judging.h"
#include "sql.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

enum { HEX_SIZE = 33 };

static void write_hex(char hex[static HEX_SIZE], const struct hash128 *hash)
{
    snprintf(hex, HEX_SIZE, "%016llx%016llx", (unsigned long long)hash->high, (unsigned long long)hash->low);
}

/* In hexadecimal, as judging_state.h has it; "" where there is none. */
static bool read_present(struct sql *sql, char hex[static HEX_SIZE], struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, sql, "SELECT value FROM meta WHERE name = 'judging_basis'");
    snprintf(hex, HEX_SIZE, "%s", sql_row(&rows) ? sql_text(&rows, 0) : "");
    return sql_done(&rows, err);
}

/* The one that everything is judged by, or is being judged by; where that has no row, the last that was written. */
static bool find_basis(struct sql *sql, struct hash128 *hash, int64_t *id, struct err *err)
{
    char present[HEX_SIZE], hex[HEX_SIZE] = "?";
    struct sql_query rows;

    *id = 0;
    if (!read_present(sql, present, err))
        return false;
    sql_query(&rows, sql, "SELECT id, hash FROM basis ORDER BY id DESC");
    while (strcmp(hex, present) != 0 && sql_row(&rows)) {
        struct hash128 one = { 0 };
        const void *bytes;
        size_t size;

        bytes = sql_bytes(&rows, 1, &size);
        if (size == sizeof one)
            memcpy(&one, bytes, size);
        write_hex(hex, &one);
        if (*id == 0 || strcmp(hex, present) == 0) {
            *id = sql_int(&rows, 0);
            *hash = one;
        }
    }
    return sql_done(&rows, err);
}

static bool has_edition(const struct matrix *matrix, const char *name, const char *hash)
{
    char hex[HEX_SIZE];

    for (size_t i = 0; i < matrix->edition_count; i++) {
        const struct edition *edition = &matrix->editions[i];

        write_hex(hex, &edition->hash);
        if (strcmp(edition->name, name) == 0 && strcmp(hex, hash) == 0)
            return true;
    }
    return false;
}

/* The editions of the database that are not those of the matrix. */
static bool name_editions(struct sql *sql, int64_t id, const struct matrix *matrix, struct str *names, size_t *count,
                          struct err *err)
{
    struct sql_query rows;

    *count = 0;
    sql_query(&rows, sql,
              "SELECT f.value ->> 'edition', f.value ->> 'hash' FROM basis b JOIN json_each(b.files) f"
              " WHERE b.id = ?1 ORDER BY f.key");
    sql_bind_int(&rows, 1, id);
    while (sql_row(&rows)) {
        const char *name = sql_text(&rows, 0), *hash = sql_text(&rows, 1);

        *count += name != NULL;
        if (name != NULL && hash != NULL && !has_edition(matrix, name, hash))
            str_format(names, "%s%s", names->length == 0 ? "" : ", ", name);
    }
    return sql_done(&rows, err);
}

static bool tell_other(struct sql *sql, const struct matrix *matrix, struct arena *arena, struct basis_in_force *basis,
                       struct err *err)
{
    struct str names = STR_EMPTY;
    size_t count;
    bool good = name_editions(sql, basis->id, matrix, &names, &count, err);

    if (names.length > 0)
        basis->other = arena_format(arena, "these editions are other files than those that musterd judges by: %s",
                                    str_text(&names));
    else if (count != matrix->edition_count)
        basis->other = "there are other editions here than musterd judges by";
    else
        basis->other =
            "the products, rulings or attestations here, or the version of muster, are others than those that"
            " musterd judges by";
    str_finish(&names);
    return good;
}

bool basis_in_force(struct sql *sql, const struct matrix *matrix, struct arena *arena, struct basis_in_force *basis,
                    struct err *err)
{
    struct hash128 stored = { 0 }, own;

    *basis = (struct basis_in_force){ 0 };
    if (!find_basis(sql, &stored, &basis->id, err))
        return false;
    if (basis->id == 0)
        return true;
    if (!estate_row_read(sql, basis->id, arena, &basis->estate, err))
        return false;
    own = basis_make(matrix, &basis->estate).hash;
    basis->same = memcmp(&own, &stored, sizeof own) == 0;
    return basis->same || tell_other(sql, matrix, arena, basis, err);
}
