/* What belongs together and becomes one alert. */
#include "event_row.h"
#include "outbox_parts.h"
#include "sql.h"

#include <inttypes.h>
#include <string.h>

const char *outbox_bundle_rest(const char *bundle, const char *start)
{
    size_t length = strlen(start);

    return strncmp(bundle, start, length) == 0 ? bundle + length : NULL;
}

/* ----------------------------------------------------------------------------------------- a host that is dead ---- */

/* Assets of such kinds that the target sees, where there is one alone; else 0. */
static bool find_only(struct outbox_turn *turn, const char *text, int64_t target, int64_t *asset, struct err *err)
{
    struct sql_query query;
    int count = 0;

    *asset = 0;
    sql_query(&query, turn->sql, text);
    sql_bind_int(&query, 1, target);
    while (sql_row(&query)) {
        *asset = sql_int(&query, 0);
        count++;
    }
    if (count != 1)
        *asset = 0;
    return sql_done(&query, err);
}

#define ONLY(kinds)                                                                                                    \
    "SELECT DISTINCT i.asset FROM sighting s JOIN item i ON i.id = s.item"                                             \
    " WHERE s.target = ?1 AND i.asset IS NOT NULL AND i.kind IN " kinds " LIMIT 2"
static const char only_host[] = ONLY("('hyperv_host', 'esxi_host')");
static const char only_machine[] = ONLY("('machine', 'vm')");

/* The host of a machine, where a target fails that sees the host. */
static const char host_query[] =
    "SELECT f.asset FROM item i JOIN relation r ON r.item = i.id JOIN item f ON f.id = r.far"
    " WHERE i.asset = ?1 AND i.gone_at IS NULL AND r.relation = 'runs_on' AND f.asset IS NOT NULL AND EXISTS"
    " (SELECT 1 FROM item h JOIN sighting s ON s.item = h.id JOIN target t ON t.id = s.target"
    " WHERE h.asset = f.asset AND t.id <> ?2 AND t.configured AND (t.failing_at IS NOT NULL OR EXISTS"
    " (SELECT 1 FROM finding n WHERE n.kind = 'stale' AND n.target = t.id AND n.state = 'open')))"
    " ORDER BY f.asset LIMIT 1";

static bool find_host_of(struct outbox_turn *turn, int64_t machine, int64_t target, int64_t *host, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql, host_query);
    sql_bind_int(&query, 1, machine);
    sql_bind_int(&query, 2, target);
    *host = sql_row(&query) ? sql_int(&query, 0) : 0;
    return sql_done(&query, err);
}

/* A target that reads one host, or one machine on it: what befalls the host befalls both. */
static bool find_host(struct outbox_turn *turn, int64_t target, int64_t *host, struct err *err)
{
    int64_t machine;

    if (!find_only(turn, only_host, target, host, err) || *host != 0)
        return *host != 0;
    if (!find_only(turn, only_machine, target, &machine, err))
        return false;
    return machine == 0 || find_host_of(turn, machine, target, host, err);
}

/* ------------------------------------------------------------------------------------------------------- names ---- */

static const char *by_cause(struct outbox_turn *turn, int64_t asset)
{
    return arena_format(&turn->arena, OUTBOX_CAUSE "%" PRId64, asset);
}

static const char *by_change(struct outbox_turn *turn, const struct outbox_news *news,
                             const struct outbox_matter *matter, struct err *err)
{
    int64_t asset;

    if (!outbox_change_find(turn, news, matter, &asset, err))
        return NULL;
    return asset == 0 ? news->subject : by_cause(turn, asset);
}

static const char *by_host(struct outbox_turn *turn, const struct outbox_news *news, struct err *err)
{
    int64_t host = 0;

    if (!find_host(turn, news->target, &host, err))
        return NULL;
    return host == 0 ? news->subject : by_cause(turn, host);
}

/* What ends by one change is told together; else what was told together, for what caused it is not known any more. How
 * it is now is asked of its row, whichever bundle it waits in; what has no such row stays in one. */
static bool has_row(const struct outbox_news *news)
{
    return event_is_finding(news->what) || news->what == EVENT_SCAN_FAILING || news->what == EVENT_SCAN_RECOVERED;
}

static const char *by_telling(struct outbox_turn *turn, const struct outbox_news *news, struct err *err)
{
    const char *bundle = news->subject;
    struct sql_query query;
    int64_t asset = 0;

    if (event_is_finding(news->what) && !outbox_change_single(turn, news, &asset, err))
        return NULL;
    if (asset != 0)
        return by_cause(turn, asset);
    sql_query(&query, turn->sql, "SELECT alert FROM told WHERE hook = ?1 AND subject = ?2");
    sql_bind_text(&query, 1, turn->hook->name);
    sql_bind_text(&query, 2, news->subject);
    if (sql_row(&query))
        bundle = arena_format(&turn->arena, "alert %" PRId64, sql_int(&query, 0));
    return sql_done(&query, err) ? bundle : NULL;
}

/* What has no end is told each time; what one scan says of assets, as one. */
static const char *once(struct outbox_turn *turn, const struct outbox_news *news)
{
    if (news->id < 0)
        return arena_format(&turn->arena, "scan %" PRId64, news->journal);
    return arena_format(&turn->arena, "%s %" PRId64, news->subject, news->id);
}

static bool is_of_target(const struct outbox_news *news, const struct outbox_matter *matter)
{
    return news->target != 0 &&
           (news->what == EVENT_SCAN_FAILING || (matter->kind != NULL && strcmp(matter->kind, "stale") == 0));
}

const char *outbox_bundle_of(struct outbox_turn *turn, const struct outbox_news *news,
                             const struct outbox_matter *matter, struct err *err)
{
    if (matter->window != NULL)
        return arena_format(&turn->arena, OUTBOX_MAINTENANCE "%s", matter->window);
    if (news->batch[0] != '\0')
        return news->batch;
    if (strcmp(news->state, EVENT_STATE_ONCE) == 0)
        return once(turn, news);
    if (matter->state[0] == '\0' && has_row(news))
        return by_telling(turn, news, err);
    if (is_of_target(news, matter))
        return by_host(turn, news, err);
    return matter->kind != NULL ? by_change(turn, news, matter, err) : news->subject;
}
