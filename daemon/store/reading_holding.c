#include "reading_holding.h"

#include "clock.h"

#include <string.h>

/* Of a replica that is not consistent with its data source (tbl_PRM_LogicalReplica.Validity). */
#define INVALID "1"

/* In the order of asset, group and name. A state that is not said is that of what is protected, as judges take it. */
static const char holding_query[] =
    "WITH held AS MATERIALIZED (SELECT s.facts AS facts, s.name AS name, f.id AS far, f.kind AS kind, f.asset AS asset"
    " FROM asset p CROSS JOIN item s ON s.asset = p.id CROSS JOIN relation r ON r.item = s.id CROSS JOIN item f"
    " ON f.id = r.far WHERE p.kind = 'protected' AND p.gone_at IS NULL AND p.merged_into IS NULL"
    " AND s.kind = 'protected' AND s.gone_at IS NULL AND r.relation = 'protects' AND f.asset IS NOT NULL"
    " AND lower(coalesce(s.facts ->> '$.\"protected.state\"', '')) NOT IN ('unprotected', 'stopped', 'inactive'))"
    " SELECT asset, facts ->> '$.\"protected.group\"' AS grouped, facts ->> '$.\"protected.last_recovery_point\"',"
    " facts ->> '$.\"protected.validity\"' = " INVALID ", name FROM held UNION ALL SELECT m.asset, held.facts ->>"
    " '$.\"protected.group\"', held.facts ->> '$.\"protected.last_recovery_point\"', held.facts ->>"
    " '$.\"protected.validity\"' = " INVALID ", held.name FROM held CROSS JOIN relation r ON r.item = held.far"
    " CROSS JOIN item m ON m.id = r.far WHERE held.kind = 'volume' AND r.relation = 'part_of' AND m.asset IS NOT NULL"
    " ORDER BY 1, 2, 5";

/* One asset's rows. */
struct gathering {
    struct query *query;
    struct holding *holding; /* NULL: none yet */
    vec(const char *) groups, sources;
    bool lacks; /* one of them has no recovery point */
};

static void end(struct gathering *gathering)
{
    struct holding *holding = gathering->holding;

    if (holding == NULL)
        return;
    if (gathering->lacks)
        holding->recovery_at = 0;
    READING_KEEP(gathering->query, &gathering->groups, holding->groups.texts, holding->groups.count);
    READING_KEEP(gathering->query, &gathering->sources, holding->sources.texts, holding->sources.count);
}

static void begin(struct gathering *gathering, struct holdings *holdings, int64_t asset)
{
    struct holding *holding = arena_alloc(gathering->query->arena, sizeof *holding);

    *holding = (struct holding){ .asset = asset };
    gathering->holding = holding;
    gathering->lacks = false;
    map_put_bytes(&holdings->assets, (const char *)&holding->asset, sizeof holding->asset, holding);
}

static void add(struct gathering *gathering, const char *group, const char *recovery)
{
    struct holding *holding = gathering->holding;
    int64_t at = 0;

    if (group != NULL && (gathering->groups.count == 0 || strcmp(vec_last(&gathering->groups), group) != 0))
        vec_push(&gathering->groups, group);
    if (recovery == NULL || !clock_parse(recovery, &at, NULL))
        gathering->lacks = true;
    else if (holding->recovery_at == 0 || at < holding->recovery_at)
        holding->recovery_at = at;
}

/* One that is known as several kinds is named once. */
static void add_source(struct gathering *gathering, const char *name)
{
    if (name != NULL && (gathering->sources.count == 0 || strcmp(vec_last(&gathering->sources), name) != 0))
        vec_push(&gathering->sources, name);
}

bool holdings_read(struct holdings *holdings, struct query *query, struct err *err)
{
    struct gathering gathering = { .query = query };
    struct sql_query rows;

    sql_query(&rows, &query->sql, holding_query);
    while (sql_row(&rows)) {
        if (gathering.holding == NULL || gathering.holding->asset != sql_int(&rows, 0)) {
            end(&gathering);
            begin(&gathering, holdings, sql_int(&rows, 0));
        }
        add(&gathering, reading_text(query, &rows, 1), sql_text(&rows, 2));
        add_source(&gathering, reading_text(query, &rows, 4));
        gathering.holding->invalid = gathering.holding->invalid || sql_int(&rows, 3) != 0;
    }
    end(&gathering);
    return sql_done(&rows, err);
}

const struct holding *holdings_find(const struct holdings *holdings, int64_t asset)
{
    return map_get_bytes(&holdings->assets, (const char *)&asset, sizeof asset);
}

void holdings_finish(struct holdings *holdings)
{
    map_finish(&holdings->assets);
}
