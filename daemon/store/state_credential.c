#include "mem.h"
#include "sql.h"
#include "state.h"
#include "store.h"
#include "tidings.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

static const char *const words[] = {
    [CREDENTIAL_UNTRIED] = "untried",
    [CREDENTIAL_GOOD] = "good",
    [CREDENTIAL_HELD] = "held",
};

/* A word that is none counts as untried: that costs one attempt, and holds nobody for ever. */
static enum credential_word word_named(const char *text)
{
    for (size_t i = CREDENTIAL_UNTRIED; text != NULL && i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], text) == 0)
            return (enum credential_word)i;
    }
    return CREDENTIAL_UNTRIED;
}

static void copy_text(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text == NULL ? "" : text);
    utf8_trim(to);
}

struct access {
    const char *name;
    struct credential_state *state;
    bool known;
};

static void read_row(struct sql_query *query, struct credential_state *state)
{
    size_t size;
    const void *fingerprint = sql_bytes(query, 1, &size);

    *state = (struct credential_state){
        .word = word_named(sql_text(query, 0)),
        .attempts = (uint32_t)sql_int(query, 2),
        .retry_at = sql_int(query, 3),
        .held_at = sql_int(query, 4),
    };
    if (size == sizeof state->fingerprint)
        memcpy(state->fingerprint, fingerprint, size);
    copy_text(state->target, sizeof state->target, sql_text(query, 5));
    copy_text(state->why, sizeof state->why, sql_text(query, 6));
}

static bool load(struct sql *sql, void *context, struct err *err)
{
    struct access *access = context;
    struct sql_query query;

    sql_query(&query, sql,
              "SELECT state, fingerprint, attempts, retry_at, held_at, target, why FROM credential WHERE name = ?1");
    sql_bind_text(&query, 1, access->name);
    access->known = sql_row(&query);
    if (access->known)
        read_row(&query, access->state);
    return sql_done(&query, err);
}

bool state_credential(struct store *store, const char *name, struct credential_state *state, bool *known,
                      struct err *err)
{
    struct access access = { .name = name, .state = state };
    bool good = store_transaction(store, load, &access, err);

    *known = good && access.known;
    return good;
}

static bool find_word(struct sql *sql, const char *name, enum credential_word *word, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT state FROM credential WHERE name = ?1");
    sql_bind_text(&query, 1, name);
    *word = sql_row(&query) ? word_named(sql_text(&query, 0)) : 0;
    return sql_done(&query, err);
}

bool state_write_credential(struct sql *sql, const char *name, const struct credential_state *state, int64_t now,
                            struct err *err)
{
    enum credential_word before;
    struct sql_query query;

    if (!find_word(sql, name, &before, err))
        return false;

    sql_query(&query, sql,
              "INSERT INTO credential (name, state, fingerprint, attempts, retry_at, held_at, target, why)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
              " ON CONFLICT (name) DO UPDATE SET state = excluded.state, fingerprint = excluded.fingerprint,"
              " attempts = excluded.attempts, retry_at = excluded.retry_at, held_at = excluded.held_at,"
              " target = excluded.target, why = excluded.why"
              " WHERE state IS NOT excluded.state OR fingerprint IS NOT excluded.fingerprint"
              " OR attempts IS NOT excluded.attempts OR retry_at IS NOT excluded.retry_at"
              " OR held_at IS NOT excluded.held_at OR target IS NOT excluded.target OR why IS NOT excluded.why");
    sql_bind_text(&query, 1, name);
    sql_bind_text(&query, 2, words[state->word]);
    sql_bind_bytes(&query, 3, state->fingerprint, sizeof state->fingerprint);
    sql_bind_int(&query, 4, state->attempts);
    sql_bind_number(&query, 5, state->retry_at);
    sql_bind_number(&query, 6, state->held_at);
    sql_bind_text(&query, 7, state->target[0] == '\0' ? NULL : state->target);
    sql_bind_text(&query, 8, state->why);
    return sql_done(&query, err) && tidings_of_credential(sql, name, before, state->word, state->why, now, err);
}

struct change {
    const char *name;
    const struct credential_state *state;
    int64_t now;
};

static bool save(struct sql *sql, void *context, struct err *err)
{
    const struct change *change = context;

    return state_write_credential(sql, change->name, change->state, change->now, err);
}

bool state_set_credential(struct store *store, const char *name, const struct credential_state *state, int64_t now,
                          struct err *err)
{
    struct change change = { .name = name, .state = state, .now = now };

    return store_transaction(store, save, &change, err);
}

struct names {
    struct map wanted;
    vec(char *) unwanted;
    int64_t now;
};

static bool find_unwanted(struct sql *sql, struct names *names, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT name FROM credential");
    while (sql_row(&query)) {
        if (map_get(&names->wanted, sql_text(&query, 0)) == NULL)
            vec_push(&names->unwanted, mem_text(sql_text(&query, 0)));
    }
    return sql_done(&query, err);
}

static bool forget(struct sql *sql, const char *name, int64_t now, struct err *err)
{
    enum credential_word before;
    struct sql_query query;

    if (!find_word(sql, name, &before, err))
        return false;
    sql_query(&query, sql, "DELETE FROM credential WHERE name = ?1");
    sql_bind_text(&query, 1, name);
    return sql_done(&query, err) && tidings_of_credential(sql, name, before, 0, NULL, now, err);
}

static bool keep(struct sql *sql, void *context, struct err *err)
{
    struct names *names = context;
    bool good = find_unwanted(sql, names, err);

    for (size_t i = 0; good && i < names->unwanted.count; i++)
        good = forget(sql, names->unwanted.items[i], names->now, err);
    return good;
}

bool state_keep_credentials(struct store *store, const char *const *wanted, size_t count, int64_t now, struct err *err)
{
    struct names names = { .wanted = MAP_EMPTY, .now = now };
    bool good;

    for (size_t i = 0; i < count; i++)
        map_put(&names.wanted, wanted[i], (void *)wanted);
    good = store_transaction(store, keep, &names, err);
    vec_each (name, &names.unwanted)
        free(*name);
    vec_finish(&names.unwanted);
    map_finish(&names.wanted);
    return good;
}
