#include "roster.h"

#include "sql.h"

#include <string.h>

/* Where the numbers of a judgement stand. */
struct part {
    int64_t judgement;
    size_t begin, count;
};

struct row {
    int64_t number;
    struct part *part;
};

enum { LATELY = 4096 };

struct reading {
    struct roster *roster;
    struct part *lately[LATELY]; /* the last of each number modulo this: most rows say what others near them say */
    vec(struct row) rows;
    vec(struct part *) parts;
};

static struct part *find_or_add(struct reading *reading, int64_t judgement)
{
    struct roster *roster = reading->roster;
    struct part *part = map_get_bytes(&roster->parts, (const char *)&judgement, sizeof judgement);

    if (part != NULL)
        return part;
    part = arena_alloc(&roster->arena, sizeof *part);
    part->judgement = judgement;
    map_put_bytes(&roster->parts, (const char *)&part->judgement, sizeof part->judgement, part);
    vec_push(&reading->parts, part);
    return part;
}

static struct part *need_part(struct reading *reading, int64_t judgement)
{
    struct part **lately = &reading->lately[(uint64_t)judgement % LATELY];

    if (*lately == NULL || (*lately)->judgement != judgement)
        *lately = find_or_add(reading, judgement);
    return *lately;
}

static bool read_rows(struct reading *reading, struct sql *sql, const char *text, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, text);
    while (sql_row(&query)) {
        struct row row = { sql_int(&query, 0), need_part(reading, sql_int(&query, 1)) };

        row.part->count++;
        vec_push(&reading->rows, row);
    }
    return sql_done(&query, err);
}

static void place_rows(struct reading *reading)
{
    struct roster *roster = reading->roster;
    size_t begin = 0;

    vec_each (part, &reading->parts) {
        (*part)->begin = begin;
        begin += (*part)->count;
        (*part)->count = 0;
    }
    vec_reserve(&roster->numbers, begin);
    roster->numbers.count = begin;
    vec_each (row, &reading->rows)
        roster->numbers.items[row->part->begin + row->part->count++] = row->number;
}

bool roster_read(struct roster *roster, struct sql *sql, enum roster_of of, struct err *err)
{
    static const char *const texts[] = {
        [ROSTER_ASSETS] = "SELECT asset, judgement FROM guard",
        [ROSTER_ROWS] = "SELECT id, judgement FROM guard",
    };
    struct reading reading = { .roster = roster };
    bool good;

    *roster = (struct roster){ 0 };
    arena_init(&roster->arena, ARENA_PLAIN);
    good = read_rows(&reading, sql, texts[of], err);
    if (good)
        place_rows(&reading);
    roster->read = good;
    vec_finish(&reading.rows);
    vec_finish(&reading.parts);
    return good;
}

bool roster_need(struct roster *roster, struct sql *sql, enum roster_of of, struct err *err)
{
    if (roster->read)
        return true;
    roster_finish(roster);
    return roster_read(roster, sql, of, err);
}

void roster_finish(struct roster *roster)
{
    map_finish(&roster->parts);
    vec_finish(&roster->numbers);
    arena_finish(&roster->arena);
}

static const struct part *find_part(const struct roster *roster, int64_t judgement)
{
    static const struct part none = { 0 };
    const struct part *part = map_get_bytes(&roster->parts, (const char *)&judgement, sizeof judgement);

    return part == NULL ? &none : part;
}

size_t roster_count(const struct roster *roster, int64_t judgement)
{
    return find_part(roster, judgement)->count;
}

void roster_gather(const struct roster *roster, int64_t judgement, number_vec *numbers)
{
    const struct part *part = find_part(roster, judgement);

    if (part->count == 0)
        return;
    vec_reserve(numbers, numbers->count + part->count);
    memcpy(&numbers->items[numbers->count], &roster->numbers.items[part->begin], part->count * sizeof *numbers->items);
    numbers->count += part->count;
}
