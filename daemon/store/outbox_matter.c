/* What an event is about: read from the rows as they are now, whatever they were when it happened. */
#include "demand.h"
#include "event_row.h"
#include "outbox_parts.h"
#include "sql.h"
#include "str.h"

#include <string.h>

static const char *copy(struct outbox_turn *turn, struct sql_query *query, int column)
{
    const char *text = sql_text(query, column);

    return text == NULL ? NULL : arena_text(&turn->arena, text);
}

/* ---------------------------------------------------------------------------------------------------- findings ---- */

static const char finding_query[] =
    "SELECT f.kind, f.state = 'open', f.need, f.verdict, f.class, coalesce(nullif(f.workload, ''), j.workload), "
    "j.owner,"
    " j.site, j.criticality, f.asset, f.judgement, j.cause, f.assets, f.exempt >= f.assets, f.target,"
    " coalesce(a.name, t.name, nullif(f.version, ''), f.workload) FROM finding f"
    " LEFT JOIN judgement j ON j.id = f.judgement LEFT JOIN asset a ON a.id = f.asset"
    " LEFT JOIN target t ON t.id = f.target WHERE f.id = ?1";

static void take_state(struct outbox_turn *turn, struct sql_query *query, struct outbox_matter *matter)
{
    const char *need = sql_text(query, 2), *verdict = sql_text(query, 3);
    char state[FINDING_STATE_SIZE];

    if (sql_int(query, 1) != 0)
        matter->state = arena_text(&turn->arena, finding_state(state, need, verdict, sql_text(query, 4)));
    matter->subject.need = need_find(need);
    if (verdict[0] != '\0')
        matter->subject.verdict = arena_text(&turn->arena, verdict);
}

static void take_finding(struct outbox_turn *turn, struct sql_query *query, struct outbox_matter *matter,
                         int64_t *target)
{
    matter->kind = copy(turn, query, 0);
    take_state(turn, query, matter);
    matter->subject.workload = copy(turn, query, 5);
    matter->subject.owner = copy(turn, query, 6);
    matter->subject.site = copy(turn, query, 7);
    matter->subject.criticality = copy(turn, query, 8);
    matter->asset = sql_int(query, 9);
    matter->judgement = sql_int(query, 10);
    matter->cause = sql_int(query, 11);
    matter->assets = sql_int(query, 12);
    matter->exempt = sql_int(query, 13) != 0;
    *target = sql_int(query, 14);
    matter->name = copy(turn, query, 15);
}

/* One that was forgotten meanwhile is over. The target whose scan brought it is not what it is about. */
static bool read_finding(struct outbox_turn *turn, int64_t finding, struct outbox_matter *matter, int64_t *target,
                         struct err *err)
{
    struct sql_query query;

    matter->state = "";
    *target = 0;
    sql_query(&query, turn->sql, finding_query);
    sql_bind_int(&query, 1, finding);
    if (sql_row(&query))
        take_finding(turn, &query, matter, target);
    return sql_done(&query, err);
}

/* ------------------------------------------------------------------------------------------ what is no finding ---- */

static bool read_asset(struct outbox_turn *turn, int64_t asset, struct outbox_matter *matter, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql,
              "SELECT a.name, j.owner, j.site, j.criticality FROM asset a LEFT JOIN guard g ON g.asset = a.id"
              " LEFT JOIN judgement j ON j.id = g.judgement WHERE a.id = ?1 ORDER BY j.counts DESC, g.id LIMIT 1");
    sql_bind_int(&query, 1, asset);
    if (sql_row(&query)) {
        matter->name = copy(turn, &query, 0);
        matter->subject.owner = copy(turn, &query, 1);
        matter->subject.site = copy(turn, &query, 2);
        matter->subject.criticality = copy(turn, &query, 3);
    }
    return sql_done(&query, err);
}

/* Whether scans fail is asked of the target: an event of then may wait in another bundle than the one that ended it. */
static bool read_target(struct outbox_turn *turn, const struct outbox_news *news, struct outbox_matter *matter,
                        struct err *err)
{
    bool scan = news->what == EVENT_SCAN_FAILING || news->what == EVENT_SCAN_RECOVERED;
    struct sql_query query;

    sql_query(&query, turn->sql, "SELECT name, configured AND failing_at IS NOT NULL FROM target WHERE id = ?1");
    sql_bind_int(&query, 1, news->target);
    if (sql_row(&query)) {
        matter->name = copy(turn, &query, 0);
        if (scan)
            matter->state = sql_int(&query, 1) != 0 ? "failing" : "";
    }
    return sql_done(&query, err);
}

/* One that is otherwise by now has another event, which tells it. */
static bool read_coverage(struct outbox_turn *turn, const struct outbox_news *news, struct outbox_matter *matter,
                          struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql, "SELECT 1 FROM coverage WHERE asset = ?1 AND state = ?2");
    sql_bind_int(&query, 1, news->asset);
    sql_bind_text(&query, 2, news->state);
    matter->exempt = !sql_row(&query);
    return sql_done(&query, err);
}

static bool is_coverage(enum event_what what)
{
    return what == EVENT_COVERAGE_LOST || what == EVENT_COVERAGE_GAINED;
}

static bool read_other(struct outbox_turn *turn, const struct outbox_news *news, struct outbox_matter *matter,
                       struct err *err)
{
    matter->asset = news->asset;
    return (news->target == 0 || read_target(turn, news, matter, err)) &&
           (news->asset == 0 || read_asset(turn, news->asset, matter, err)) &&
           (!is_coverage(news->what) || read_coverage(turn, news, matter, err));
}

/* ----------------------------------------------------------------------------------------------------- sources ---- */

/* Targets, one after the other, and the window of the one whose maintenance ends last. */
struct sources {
    vec(const char *) targets, tags;
    const struct outbox_quiet *last;
    bool loud; /* one of them is in no maintenance */
};

static void note_quiet(struct outbox_turn *turn, struct sources *sources, int64_t target)
{
    const struct outbox_quiet *quiet = map_get_bytes(turn->quiet, (const char *)&target, sizeof target);

    if (quiet == NULL)
        sources->loud = true;
    else if (sources->last == NULL || quiet->until > sources->last->until)
        sources->last = quiet;
}

static bool add_tags(struct outbox_turn *turn, const char *json, struct sources *sources, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql, "SELECT value FROM json_each(?1) WHERE type = 'text'");
    sql_bind_text(&query, 1, json);
    while (sql_row(&query))
        vec_push(&sources->tags, copy(turn, &query, 0));
    return sql_done(&query, err);
}

#define TARGET_COLUMNS "SELECT DISTINCT t.id, t.name, t.tags"

/* Those that the event is about; that see the asset; that see any of these assets. */
static const char of_target[] = TARGET_COLUMNS " FROM target t WHERE t.id = ?1";
static const char of_asset[] = TARGET_COLUMNS " FROM item i JOIN sighting s ON s.item = i.id"
                                              " JOIN target t ON t.id = s.target WHERE i.asset = ?1";
static const char of_assets[] = TARGET_COLUMNS " FROM json_each(?1) e CROSS JOIN item i ON i.asset = e.value"
                                               " JOIN sighting s ON s.item = i.id JOIN target t ON t.id = s.target";

/* What judgements say so. */
static const char say_unlisted[] = "SELECT j.id FROM judgement j WHERE j.counts = 1 AND j.verdict = 'unlisted'"
                                   " AND j.excluded IS NULL AND (j.workload, j.version, j.installation,"
                                   " coalesce(j.product, '')) = (SELECT workload, version, installation, product"
                                   " FROM finding WHERE id = ?1)";
static const char say_lifecycle[] =
    "SELECT j.id FROM judgement j WHERE j.counts = 1 AND j.excluded IS NULL AND j.support_end IS NOT NULL"
    " AND (j.workload, " DEMAND_ENDING ") = (SELECT workload, version FROM finding WHERE id = ?1)";

static bool take_sources(struct outbox_turn *turn, struct sql_query *query, struct sources *sources, struct err *err)
{
    vec(const char *) tags = VEC_EMPTY;
    bool good;

    while (sql_row(query)) {
        note_quiet(turn, sources, sql_int(query, 0));
        vec_push(&sources->targets, copy(turn, query, 1));
        vec_push(&tags, copy(turn, query, 2));
    }
    good = sql_done(query, err);
    for (size_t i = 0; good && i < tags.count; i++)
        good = add_tags(turn, tags.items[i], sources, err);
    vec_finish(&tags);
    return good;
}

static bool gather(struct outbox_turn *turn, const char *text, int64_t number, struct sources *sources, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql, text);
    sql_bind_int(&query, 1, number);
    return take_sources(turn, &query, sources, err);
}

static bool find_told(struct outbox_turn *turn, const char *text, int64_t finding, number_vec *assets, struct err *err)
{
    struct sql_query query;

    if (!roster_need(&turn->roster, turn->sql, ROSTER_ASSETS, err))
        return false;
    sql_query(&query, turn->sql, text);
    sql_bind_int(&query, 1, finding);
    while (sql_row(&query))
        roster_gather(&turn->roster, sql_int(&query, 0), assets);
    return sql_done(&query, err);
}

/* Of all whom these judgements are told of. */
static bool gather_told(struct outbox_turn *turn, const char *text, int64_t finding, struct sources *sources,
                        struct err *err)
{
    number_vec assets = VEC_EMPTY;
    struct str json = STR_EMPTY;
    struct sql_query query;
    bool good = find_told(turn, text, finding, &assets, err);

    str_add(&json, "[0");
    vec_each (asset, &assets)
        str_format(&json, ",%lld", (long long)*asset);
    str_add(&json, "]");
    if (good) {
        sql_query(&query, turn->sql, of_assets);
        sql_bind_text(&query, 1, str_text(&json));
        good = take_sources(turn, &query, sources, err);
    }
    str_finish(&json);
    vec_finish(&assets);
    return good;
}

static struct word_list keep(struct outbox_turn *turn, const char *const *texts, size_t count)
{
    return (struct word_list){ count == 0 ? NULL : arena_bytes(&turn->arena, texts, count * sizeof *texts), count };
}

/* So, and by which text. */
typedef bool gathering(struct outbox_turn *turn, const char *text, int64_t number, struct sources *sources,
                       struct err *err);

static bool read_sources(struct outbox_turn *turn, gathering *by, const char *text, int64_t number,
                         struct outbox_matter *matter, struct err *err)
{
    struct sources sources = { 0 };
    bool good = by(turn, text, number, &sources, err);

    matter->subject.targets = keep(turn, sources.targets.items, sources.targets.count);
    matter->subject.tags = keep(turn, sources.tags.items, sources.tags.count);
    if (sources.last != NULL && !sources.loud)
        matter->window = sources.last->window;
    vec_finish(&sources.targets);
    vec_finish(&sources.tags);
    return good;
}

/* A look-up that is made only where it decides something. */
static bool find_sources(struct outbox_turn *turn, const struct outbox_news *news, int64_t target,
                         struct outbox_matter *matter, struct err *err)
{
    if (turn->hook->targets.count == 0 && turn->hook->tags.count == 0 && turn->quiet->count == 0)
        return true;
    if (matter->asset != 0)
        return read_sources(turn, gather, of_asset, matter->asset, matter, err);
    if (target != 0)
        return read_sources(turn, gather, of_target, target, matter, err);
    if (matter->kind == NULL)
        return true;
    return read_sources(turn, gather_told, strcmp(matter->kind, "unlisted") == 0 ? say_unlisted : say_lifecycle,
                        news->finding, matter, err);
}

bool outbox_matter_read(struct outbox_turn *turn, const struct outbox_news *news, struct outbox_matter *matter,
                        struct err *err)
{
    int64_t target = news->target;
    bool good;

    *matter = (struct outbox_matter){ .subject = { .what = news->what }, .name = "", .state = news->state };
    if (event_is_finding(news->what))
        good = read_finding(turn, news->finding, matter, &target, err);
    else
        good = read_other(turn, news, matter, err);
    if (matter->name == NULL)
        matter->name = "";
    return good && find_sources(turn, news, target, matter, err);
}
