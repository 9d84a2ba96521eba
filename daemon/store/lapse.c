#include "lapse.h"

#include "arena.h"
#include "clock.h"
#include "event_row.h"
#include "json.h"
#include "map.h"
#include "sql.h"
#include "str.h"
#include "vec.h"

#include <string.h>

/* One key; of several attestations of one key, the one that holds the longest. */
struct lapse {
    const char *subject, *what, *key, *who; /* who: NULL where it is not there any more */
    int64_t until;
    const char *told; /* the state of its last event */
};

struct lapses {
    struct arena arena;
    struct map subjects; /* -> struct lapse */
    vec(struct lapse *) list;
};

static void note(struct lapses *lapses, const char *what, const char *key, const char *who, int64_t until)
{
    char *subject = arena_format(&lapses->arena, "%s %s", what, key);
    struct lapse *lapse = map_get(&lapses->subjects, subject);

    if (lapse == NULL) {
        lapse = arena_alloc(&lapses->arena, sizeof *lapse);
        *lapse = (struct lapse){ .subject = subject, .what = what, .key = key, .told = "" };
        map_put(&lapses->subjects, subject, lapse);
        vec_push(&lapses->list, lapse);
    }
    if (lapse->who != NULL && lapse->until >= until)
        return;
    lapse->who = who;
    lapse->until = until;
}

static void add_part(struct str *key, const char *name, const char *value)
{
    if (value != NULL)
        str_format(key, " %s %s", name, value);
}

static void note_ruling(struct lapses *lapses, const struct ruling *ruling)
{
    const char *key = arena_format(&lapses->arena, "%s, %s %s%s%s", ruling->product, ruling->workload, ruling->version,
                                   ruling->installation == NULL ? "" : ", ",
                                   ruling->installation == NULL ? "" : ruling->installation);

    note(lapses, "ruling", key, ruling->who, ruling->review_at);
}

static void note_attestation(struct lapses *lapses, const struct attestation *attestation)
{
    struct str key = STR_EMPTY;

    str_add(&key, attestation->condition);
    add_part(&key, "kind", attestation->kind);
    add_part(&key, "name", attestation->name);
    add_part(&key, "target", attestation->target);
    add_part(&key, "tag", attestation->tag);
    add_part(&key, "server", attestation->server);
    note(lapses, "attestation", arena_text(&lapses->arena, str_text(&key)), attestation->who, attestation->until_at);
    str_finish(&key);
}

static void note_all(struct lapses *lapses, const struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->ruling_count; i++)
        note_ruling(lapses, &matrix->rulings[i]);
    for (size_t i = 0; i < matrix->attestation_count; i++)
        note_attestation(lapses, &matrix->attestations[i]);
}

/* One that is not there any more is a lapse without anybody who said it. */
static struct lapse *add_former(struct lapses *lapses, const char *subject)
{
    struct lapse *lapse = arena_alloc(&lapses->arena, sizeof *lapse);
    const char *blank = strchr(subject, ' ');

    *lapse = (struct lapse){ .subject = arena_text(&lapses->arena, subject) };
    lapse->what = strncmp(subject, "ruling", 6) == 0 ? "ruling" : "attestation";
    lapse->key = arena_text(&lapses->arena, blank == NULL ? subject : blank + 1);
    vec_push(&lapses->list, lapse);
    return lapse;
}

/* The bare column is that of the newest row, as SQLite has it with max(). */
static bool load_told(struct sql *sql, struct lapses *lapses, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT subject, state, max(id) FROM event WHERE what = 'ruling.lapsing' GROUP BY subject");
    while (sql_row(&query)) {
        const char *state = sql_text(&query, 1);
        struct lapse *lapse = map_get(&lapses->subjects, sql_text(&query, 0));

        if (lapse == NULL && state[0] != '\0')
            lapse = add_former(lapses, sql_text(&query, 0));
        if (lapse != NULL)
            lapse->told = arena_text(&lapses->arena, state);
    }
    return sql_done(&query, err);
}

static const char *state_at(const struct lapse *lapse, int64_t now)
{
    if (lapse->who == NULL || lapse->until - now > LAPSE_WARN_MS)
        return "";
    return lapse->until <= now ? LAPSE_OVER : LAPSE_NEAR;
}

static void add_text(struct str *detail, const char *name, const char *text)
{
    str_format(detail, "%s\"%s\":", detail->length == 0 ? "{" : ",", name);
    if (text == NULL)
        str_add(detail, "null");
    else
        json_add_text(detail, text);
}

static bool tell(struct sql *sql, const struct lapse *lapse, const char *state, const char *batch, int64_t now,
                 struct err *err)
{
    struct event_row event = {
        .at = now, .what = EVENT_RULING_LAPSING, .subject = lapse->subject, .state = state, .batch = batch
    };
    struct str detail = STR_EMPTY;
    char until[CLOCK_TEXT_SIZE];
    bool good;

    add_text(&detail, "what", lapse->what);
    add_text(&detail, "key", lapse->key);
    add_text(&detail, "who", lapse->who);
    add_text(&detail, "until", lapse->who == NULL ? NULL : clock_text(lapse->until, until));
    str_add(&detail, "}");
    event.detail = str_text(&detail);
    good = event_write(sql, &event, err);
    str_finish(&detail);
    return good;
}

static void lower(int64_t *next, int64_t at, int64_t now)
{
    if (at > now && at < *next)
        *next = at;
}

static bool look(struct sql *sql, const struct lapse *lapse, const char *batch, int64_t now, int64_t *next,
                 struct err *err)
{
    const char *state = state_at(lapse, now);

    if (lapse->who != NULL) {
        lower(next, lapse->until - LAPSE_WARN_MS, now);
        lower(next, lapse->until, now);
    }
    return strcmp(state, lapse->told) == 0 || tell(sql, lapse, state, batch, now, err);
}

bool lapse_tick(struct sql *sql, const struct matrix *matrix, const char *batch, int64_t now, int64_t *next,
                struct err *err)
{
    struct lapses lapses = { 0 };
    bool good;

    arena_init(&lapses.arena, ARENA_PLAIN);
    note_all(&lapses, matrix);
    good = load_told(sql, &lapses, err);
    for (size_t i = 0; good && i < lapses.list.count; i++)
        good = look(sql, lapses.list.items[i], batch, now, next, err);
    vec_finish(&lapses.list);
    map_finish(&lapses.subjects);
    arena_finish(&lapses.arena);
    return good || err_add(err, "the days of rulings");
}
