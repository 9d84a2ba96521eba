#include "coverage_row.h"

#include "arena.h"
#include "coverage.h"
#include "event_row.h"
#include "json.h"
#include "map.h"
#include "sql.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

#define LISTED "j.by_what = 'dpmdb' AND " COVERAGE_ASKED

struct settling {
    struct sql *sql;
    struct arena arena;
    const char *batch;
    int64_t at, journal;
    struct map shows; /* what is known of servers: -> yes or no */
};

static const bool yes = true, no = false;

/* What is known of one asset. Texts live as long as the settling. */
struct standing {
    int64_t asset;
    const char *state, *server; /* as the row has it; NULL: there is none */
    const char *now;            /* the server that protects it; NULL: none */
};

static const char *keep(struct settling *settling, struct sql_query *query, int column)
{
    const char *text = sql_text(query, column);

    return text == NULL ? NULL : arena_text(&settling->arena, text);
}

/* ---------------------------------------------------------------------------------------------------- looking ---- */

static bool read_row(struct settling *settling, struct standing *standing, struct err *err)
{
    struct sql_query query;

    sql_query(&query, settling->sql, "SELECT state, server FROM coverage WHERE asset = ?1");
    sql_bind_int(&query, 1, standing->asset);
    if (sql_row(&query)) {
        standing->state = keep(settling, &query, 0);
        standing->server = keep(settling, &query, 1);
    }
    return sql_done(&query, err);
}

/* Of several the one that is in the row already, lest each look finds another. */
static bool read_now(struct settling *settling, struct standing *standing, struct err *err)
{
    struct sql_query query;

    sql_query(&query, settling->sql,
              "SELECT j.server FROM guard g JOIN judgement j ON j.id = g.judgement WHERE g.asset = ?1 AND " LISTED
              " ORDER BY j.server IS NOT ?2, j.server LIMIT 1");
    sql_bind_int(&query, 1, standing->asset);
    sql_bind_text(&query, 2, standing->server);
    if (sql_row(&query))
        standing->now = keep(settling, &query, 0);
    return sql_done(&query, err);
}

/* Whether this server's DPMDB shows anything; asked once each, for silent ones are asked in vain. */
static bool server_shows(struct settling *settling, const char *server, bool *shows, struct err *err)
{
    const bool *known = map_get(&settling->shows, server);
    struct sql_query query;

    if (known != NULL) {
        *shows = *known;
        return true;
    }
    sql_query(&query, settling->sql,
              "SELECT 1 FROM coverage c CROSS JOIN guard g CROSS JOIN judgement j WHERE c.server = ?1"
              " AND c.state = 'protected' AND g.asset = c.asset AND j.id = g.judgement AND j.server = ?1"
              " AND " LISTED " LIMIT 1");
    sql_bind_text(&query, 1, server);
    *shows = sql_row(&query);
    map_put(&settling->shows, arena_text(&settling->arena, server), (void *)(*shows ? &yes : &no));
    return sql_done(&query, err);
}

static bool find(struct settling *settling, const char *text, int64_t asset, bool *found, struct err *err)
{
    struct sql_query query;

    sql_query(&query, settling->sql, text);
    sql_bind_int(&query, 1, asset);
    *found = sql_row(&query);
    return sql_done(&query, err);
}

/* Whether it lives, and could be protected as far as rules go. */
static const char could_be[] = "SELECT 1 FROM asset a JOIN guard g ON g.asset = a.id JOIN judgement j"
                               " ON j.id = g.judgement WHERE a.id = ?1 AND a.gone_at IS NULL AND a.merged_into IS NULL"
                               " AND " COVERAGE_ASKED " LIMIT 1";

/* Whether what has become a part of it was protected: then it is nothing new. */
static const char was_part[] = "SELECT 1 FROM asset a JOIN coverage c ON c.asset = a.id WHERE a.merged_into = ?1"
                               " AND c.state = 'protected' LIMIT 1";

/* ----------------------------------------------------------------------------------------------------- writing ---- */

static bool write_row(struct settling *settling, int64_t asset, const char *server, const char *state, struct err *err)
{
    struct sql_query query;

    sql_query(&query, settling->sql,
              "INSERT INTO coverage (asset, server, state, since_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (asset) DO"
              " UPDATE SET server = excluded.server, state = excluded.state,"
              " since_at = CASE WHEN state = excluded.state THEN since_at ELSE excluded.since_at END");
    sql_bind_int(&query, 1, asset);
    sql_bind_text(&query, 2, server);
    sql_bind_text(&query, 3, state);
    sql_bind_int(&query, 4, settling->at);
    return sql_done(&query, err);
}

static bool tell(struct settling *settling, int64_t asset, const char *server, enum event_what what, const char *state,
                 struct err *err)
{
    struct event_row event = { .at = settling->at,
                               .what = what,
                               .state = state,
                               .asset = asset,
                               .journal = settling->journal,
                               .batch = settling->batch };
    struct str detail = STR_EMPTY;
    bool good;

    str_add(&detail, "{");
    json_add_name(&detail, "server");
    json_add_text(&detail, server);
    str_add(&detail, "}");
    event.subject = arena_format(&settling->arena, "asset %lld coverage", (long long)asset);
    event.detail = str_text(&detail);
    good = event_write(settling->sql, &event, err);
    str_finish(&detail);
    return good;
}

static bool gain(struct settling *settling, const struct standing *standing, struct err *err)
{
    bool known = standing->state != NULL && strcmp(standing->state, "protected") == 0;

    if (known && strcmp(standing->server, standing->now) == 0)
        return true;
    if (standing->state == NULL && !find(settling, was_part, standing->asset, &known, err))
        return false;
    return write_row(settling, standing->asset, standing->now, "protected", err) &&
           (known || tell(settling, standing->asset, standing->now, EVENT_COVERAGE_GAINED, "protected", err));
}

static bool lose(struct settling *settling, const struct standing *standing, struct err *err)
{
    bool asked, shows;

    if (standing->state == NULL || strcmp(standing->state, "protected") != 0)
        return true;
    if (!find(settling, could_be, standing->asset, &asked, err) ||
        !server_shows(settling, standing->server, &shows, err))
        return false;
    return !asked || !shows ||
           (write_row(settling, standing->asset, standing->server, "lost", err) &&
            tell(settling, standing->asset, standing->server, EVENT_COVERAGE_LOST, "lost", err));
}

static bool settle(struct settling *settling, int64_t asset, bool gains, struct err *err)
{
    struct standing standing = { .asset = asset };

    if (!read_row(settling, &standing, err) || !read_now(settling, &standing, err))
        return false;
    if ((standing.now != NULL) != gains)
        return true;
    return gains ? gain(settling, &standing, err) : lose(settling, &standing, err);
}

/* A server that shows something again speaks of what else it held, too. */
static bool add_doubtful(struct settling *settling, const char *server, number_vec *assets, struct err *err)
{
    struct sql_query query;

    sql_query(&query, settling->sql,
              "SELECT c.asset FROM coverage c WHERE c.server = ?1 AND c.state = 'protected' AND NOT EXISTS (SELECT 1"
              " FROM guard g JOIN judgement j ON j.id = g.judgement WHERE g.asset = c.asset AND " LISTED ")");
    sql_bind_text(&query, 1, server);
    while (sql_row(&query))
        vec_push(assets, sql_int(&query, 0));
    return sql_done(&query, err);
}

static bool add_all_doubtful(struct settling *settling, number_vec *assets, struct err *err)
{
    struct map done = MAP_EMPTY;
    size_t count = assets->count;
    bool good = true;

    for (size_t i = 0; good && i < count; i++) {
        struct standing standing = { .asset = assets->items[i] };

        good = read_now(settling, &standing, err);
        if (good && standing.now != NULL && map_put(&done, standing.now, settling) == NULL)
            good = add_doubtful(settling, standing.now, assets, err);
    }
    map_finish(&done);
    return good;
}

/* What a server holds from now on shows that it is read, so it comes first. */
static bool settle_all(struct settling *settling, number_vec *assets, struct err *err)
{
    bool good = true;

    arena_init(&settling->arena, ARENA_PLAIN);
    if (settling->batch == NULL)
        settling->batch = arena_format(&settling->arena, "coverage %lld", (long long)settling->at);
    for (size_t i = 0; good && i < assets->count; i++)
        good = settle(settling, assets->items[i], true, err);
    good = good && add_all_doubtful(settling, assets, err);
    for (size_t i = 0; good && i < assets->count; i++)
        good = settle(settling, assets->items[i], false, err);
    map_finish(&settling->shows);
    arena_finish(&settling->arena);
    return good || err_add(err, "what is protected");
}

/* Of those that are fresh, who was protected before: few, of many. */
static bool add_returned(struct sql *sql, const struct coverage_news *news, struct err *err)
{
    int64_t any = 0;

    if (news->fresh->count == 0)
        return true;
    if (!sql_number(sql, "SELECT EXISTS (SELECT 1 FROM coverage)", &any, err))
        return false;
    for (size_t i = 0; any != 0 && i < news->fresh->count; i++) {
        struct sql_query query;

        sql_query(&query, sql, "SELECT 1 FROM coverage WHERE asset = ?1 AND state = 'protected'");
        sql_bind_int(&query, 1, news->fresh->items[i]);
        if (sql_row(&query))
            vec_push(news->listed, news->fresh->items[i]);
        if (!sql_done(&query, err))
            return false;
    }
    return true;
}

bool coverage_settle(struct sql *sql, const struct occasion *occasion, const struct coverage_news *news, int64_t at,
                     struct err *err)
{
    struct settling settling = { .sql = sql,
                                 .batch = occasion == NULL ? NULL : occasion->batch,
                                 .at = at,
                                 .journal = occasion == NULL ? 0 : occasion->journal };
    bool waits;

    if (news->listed->count + news->fresh->count == 0 || (occasion != NULL && occasion->sliced))
        return true;
    if (!judging_waits(sql, &waits, err) || (!waits && !add_returned(sql, news, err)))
        return false;
    if (waits || news->listed->count == 0)
        return true;
    numbers_order(news->listed);
    return settle_all(&settling, news->listed, err);
}

/* ------------------------------------------------------------------------------------------------- all of them ---- */

static const char lost[] = "SELECT c.asset FROM coverage c WHERE c.state = 'protected' AND NOT EXISTS (SELECT 1 FROM"
                           " guard g JOIN judgement j ON j.id = g.judgement WHERE g.asset = c.asset AND " LISTED ")";
static const char gained[] = "SELECT DISTINCT g.asset FROM guard g CROSS JOIN judgement j WHERE j.id = g.judgement"
                             " AND " LISTED " AND NOT EXISTS (SELECT 1 FROM coverage c WHERE c.asset = g.asset"
                             " AND c.state = 'protected' AND c.server = j.server)";

static bool gather(struct sql *sql, const char *text, number_vec *assets, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, text);
    while (sql_row(&query))
        vec_push(assets, sql_int(&query, 0));
    return sql_done(&query, err);
}

bool coverage_sweep(struct sql *sql, int64_t at, struct err *err)
{
    struct settling settling = { .sql = sql, .at = at };
    number_vec assets = VEC_EMPTY;
    bool good = gather(sql, gained, &assets, err) && gather(sql, lost, &assets, err) &&
                (assets.count == 0 || settle_all(&settling, &assets, err));

    vec_finish(&assets);
    return good;
}

/* --------------------------------------------------------------------------------------------------- one asset ---- */

/* The protections of an asset that count. */
struct counted {
    struct coverage_sum sum;
    vec(const char *) servers;
};

static bool read_counted(struct settling *settling, int64_t asset, struct counted *counted, struct err *err)
{
    struct sql_query query;

    sql_query(&query, settling->sql,
              "SELECT j.by_what = 'dpmdb', j.verdict, j.ruled, j.server FROM guard g JOIN judgement j"
              " ON j.id = g.judgement WHERE g.asset = ?1 AND " COVERAGE_ASKED);
    sql_bind_int(&query, 1, asset);
    while (sql_row(&query)) {
        coverage_add(&counted->sum, sql_int(&query, 0) != 0, sql_text(&query, 1), sql_text(&query, 2));
        vec_push(&counted->servers, keep(settling, &query, 3));
    }
    return sql_done(&query, err);
}

bool coverage_read(struct sql *sql, int64_t asset, const char **word, struct err *err)
{
    struct settling settling = { .sql = sql };
    struct counted counted = { .sum = { 0 } };
    bool shows, good;

    arena_init(&settling.arena, ARENA_PLAIN);
    good = read_counted(&settling, asset, &counted, err);
    shows = counted.sum.listed;
    for (size_t i = 0; good && !shows && i < counted.servers.count; i++)
        good = server_shows(&settling, counted.servers.items[i], &shows, err);
    *word = shows ? coverage_word(coverage_of(&counted.sum)) : NULL;
    vec_finish(&counted.servers);
    map_finish(&settling.shows);
    arena_finish(&settling.arena);
    return good;
}
