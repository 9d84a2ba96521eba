/* What exemptions cover of the open findings. */
#include "demand.h"
#include "exemption_row.h"
#include "mem.h"
#include "roster.h"
#include "sql.h"

#include <stdlib.h>

/* The protections of each open finding, as demand.h says whose they are; all of one finding in a row. Of those that are
 * one for many assets, the judgements, whose assets the roster has. */
static const char protections_of_verdicts[] =
    "SELECT f.id, g.asset, g.judgement FROM finding f CROSS JOIN guard g CROSS JOIN judgement j"
    " WHERE f.state = 'open' AND f.kind = 'verdict' AND g.asset = f.asset AND j.id = g.judgement"
    " AND j.method = f.method AND j.server = f.server AND j.counts = 1 AND j.excluded IS NULL";
static const char judgements_of_unlisted[] =
    "SELECT f.id, j.id FROM judgement j CROSS JOIN finding f WHERE j.counts = 1 AND j.verdict = 'unlisted' AND "
    "j.excluded IS NULL"
    " AND f.kind = 'unlisted' AND f.kind IN ('unlisted', 'lifecycle') AND f.workload = j.workload"
    " AND f.version = j.version AND f.installation = j.installation AND f.product = coalesce(j.product, '')"
    " AND f.state = 'open' ORDER BY f.id";
static const char judgements_of_lifecycle[] =
    "SELECT f.id, j.id FROM judgement j CROSS JOIN finding f WHERE j.counts = 1 AND j.excluded IS NULL AND "
    "j.support_end IS NOT NULL"
    " AND f.kind = 'lifecycle' AND f.kind IN ('unlisted', 'lifecycle') AND f.workload = j.workload"
    " AND f.version = " DEMAND_ENDING " AND f.state = 'open' ORDER BY f.id";

struct census {
    int64_t finding;
    int64_t *lately; /* the last finding that each was counted for */
    int64_t *counts;
    struct roster roster;
};

static bool count_it(void *context, size_t place)
{
    struct census *census = context;

    if (census->lately[place] != census->finding) {
        census->lately[place] = census->finding;
        census->counts[place]++;
    }
    return true;
}

static bool count_verdicts(const struct exemptions *exemptions, struct sql *sql, struct census *census, struct err *err)
{
    struct sql_query query;
    bool good = true;

    sql_query(&query, sql, protections_of_verdicts);
    while (good && sql_row(&query)) {
        census->finding = sql_int(&query, 0);
        good = exemptions_each(exemptions, sql, sql_int(&query, 1), sql_int(&query, 2), count_it, census, err);
    }
    return sql_done(&query, good ? err : NULL) && good;
}

static bool count_judgement(const struct exemptions *exemptions, struct sql *sql, int64_t judgement,
                            struct census *census, struct err *err)
{
    number_vec assets = VEC_EMPTY;
    bool good = true;

    roster_gather(&census->roster, judgement, &assets);
    for (size_t i = 0; good && i < assets.count; i++)
        good = exemptions_each(exemptions, sql, assets.items[i], judgement, count_it, census, err);
    vec_finish(&assets);
    return good;
}

static bool count_keys(const struct exemptions *exemptions, struct sql *sql, const char *text, struct census *census,
                       struct err *err)
{
    struct sql_query query;
    bool good = true;

    sql_query(&query, sql, text);
    while (good && sql_row(&query)) {
        census->finding = sql_int(&query, 0);
        good = count_judgement(exemptions, sql, sql_int(&query, 1), census, err);
    }
    return sql_done(&query, good ? err : NULL) && good;
}

bool exemptions_count(const struct exemptions *exemptions, struct sql *sql, int64_t *counts, struct err *err)
{
    struct census census = { .counts = counts, .lately = mem_new(exemptions->list.count + 1, sizeof(int64_t)) };
    bool good;

    for (size_t i = 0; i < exemptions->list.count; i++)
        counts[i] = 0;
    good = count_verdicts(exemptions, sql, &census, err) && roster_need(&census.roster, sql, ROSTER_ASSETS, err) &&
           count_keys(exemptions, sql, judgements_of_unlisted, &census, err) &&
           count_keys(exemptions, sql, judgements_of_lifecycle, &census, err);
    roster_finish(&census.roster);
    free(census.lately);
    return good;
}
