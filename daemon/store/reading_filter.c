/* What a filter of protections asks for, in SQL. */
#include "reading_protection.h"

#include <stddef.h>

/* What a member of the filter asks for, and the place of its value. */
static const struct condition_text {
    size_t member;
    int place;
    bool of_asset; /* the judgement alone does not tell */
    const char *text;
} conditions[] = {
#define MEMBER(name) offsetof(struct query_protection_filter, name)
    { MEMBER(verdict), 1, false, " AND j.verdict = ?1" },
    { MEMBER(class), 2, false, " AND j.class = ?2" },
    { MEMBER(workload), 3, false, " AND j.workload = ?3" },
    { MEMBER(method), 4, false, " AND j.method = ?4" },
    { MEMBER(server), 5, false, " AND j.server = ?5" },
    { MEMBER(owner), 6, false, " AND j.owner = ?6" },
    { MEMBER(site), 7, false, " AND j.site = ?7" },
    { MEMBER(criticality), 14, false, " AND j.criticality = ?14" },
    { MEMBER(name), 8, true, " AND a.name LIKE ?8" READING_ESCAPE },
    /* In this order: SQLite would rather begin at the target, with all that it sees, for each asset. */
    { MEMBER(target), 10, true,
      " AND EXISTS (SELECT 1 FROM item i CROSS JOIN sighting s CROSS JOIN target t"
      " WHERE i.asset = a.id AND s.item = i.id AND t.id = s.target AND t.name = ?10)" },
    { MEMBER(tag), 11, true,
      " AND EXISTS (SELECT 1 FROM item i CROSS JOIN sighting s CROSS JOIN target t CROSS JOIN json_each(t.tags) e"
      " WHERE i.asset = a.id AND s.item = i.id AND t.id = s.target AND e.atom = ?11)" },
    /* need.h in SQL: a test holds both against each other. */
    { MEMBER(need), 13, true,
      " AND CASE WHEN j.ruled = 'no' THEN 'act' WHEN j.ruled = 'deprecated' THEN 'decide'"
      " WHEN j.ruled = 'yes' THEN CASE WHEN NOT " READING_FRESH " THEN 'look' END"
      " WHEN j.verdict IN ('contradictory', 'unsupported')"
      " OR (j.verdict = 'unlisted' AND j.class IN ('newer', 'older')) THEN 'act'"
      " WHEN j.verdict IN ('deprecated', 'unlisted') THEN 'decide'"
      " WHEN j.verdict IN ('conditional', 'unknown') OR NOT " READING_FRESH " THEN 'look' END = ?13" },
};

#define CONDITIONS (sizeof conditions / sizeof *conditions)

static const char *asked(const struct query_protection_filter *filter, size_t member)
{
    return *(const char *const *)((const char *)filter + member);
}

bool reading_filter_of_asset(const struct query_protection_filter *filter)
{
    bool asks = filter->stale;

    for (size_t i = 0; i < CONDITIONS; i++)
        asks = asks || (conditions[i].of_asset && asked(filter, conditions[i].member) != NULL);
    return asks;
}

bool reading_filter_of_judgement(const struct query_protection_filter *filter)
{
    for (size_t i = 0; i < CONDITIONS; i++) {
        if ((!conditions[i].of_asset || conditions[i].member == MEMBER(need)) &&
            asked(filter, conditions[i].member) != NULL)
            return true;
    }
    return false;
}

void reading_filter_text(struct str *text, const struct query_protection_filter *filter, bool of_asset)
{
    for (size_t i = 0; i < CONDITIONS; i++) {
        if (asked(filter, conditions[i].member) != NULL && (of_asset || !conditions[i].of_asset))
            str_add(text, conditions[i].text);
    }
    if (filter->stale && of_asset)
        str_add(text, " AND NOT " READING_FRESH);
}

void reading_filter_bind(struct query *query, struct sql_query *rows, const struct query_protection_filter *filter,
                         int64_t now, bool of_asset)
{
    for (size_t i = 0; i < CONDITIONS; i++) {
        const char *value = asked(filter, conditions[i].member);

        if (value == NULL || (conditions[i].of_asset && !of_asset))
            continue;
        if (value == filter->name)
            value = reading_like(query, value, true);
        sql_bind_text(rows, conditions[i].place, value);
    }
    if (of_asset && (filter->stale || filter->need != NULL))
        sql_bind_int(rows, 9, now);
}
