/* What a filter of protections asks for, in SQL. */
#include "reading_protection.h"

#include <stddef.h>

/* What a member of the filter asks for, and the place of its value. */
static const struct condition_text {
    size_t member;
    int place;
    const char *text;
} conditions[] = {
#define MEMBER(name) offsetof(struct query_protection_filter, name)
    { MEMBER(class), 2, " AND j.class = ?2" },
    { MEMBER(workload), 3, " AND j.workload = ?3" },
    { MEMBER(method), 4, " AND j.method = ?4" },
    { MEMBER(server), 5, " AND j.server = ?5" },
    { MEMBER(owner), 6, " AND j.owner = ?6" },
    { MEMBER(site), 7, " AND j.site = ?7" },
    { MEMBER(criticality), 14, " AND j.criticality = ?14" },
    { MEMBER(name), 8, " AND a.name LIKE ?8" READING_ESCAPE },
    { MEMBER(target), 10,
      " AND EXISTS (SELECT 1 FROM item i JOIN sighting s ON s.item = i.id JOIN target t ON t.id = s.target"
      " WHERE i.asset = a.id AND t.name = ?10)" },
    { MEMBER(tag), 11,
      " AND EXISTS (SELECT 1 FROM item i JOIN sighting s ON s.item = i.id JOIN target t ON t.id = s.target"
      " JOIN json_each(t.tags) e WHERE i.asset = a.id AND e.atom = ?11)" },
    /* need.h in SQL: a test holds both against each other. */
    { MEMBER(need), 13,
      " AND CASE WHEN j.ruled = 'no' THEN 'act' WHEN j.ruled = 'deprecated' THEN 'decide'"
      " WHEN j.ruled = 'yes' THEN CASE WHEN NOT " READING_FRESH " THEN 'look' END"
      " WHEN j.verdict IN ('contradictory', 'unsupported')"
      " OR (j.verdict = 'unlisted' AND j.class IN ('newer', 'older')) THEN 'act'"
      " WHEN j.verdict IN ('deprecated', 'unlisted') THEN 'decide'"
      " WHEN j.verdict IN ('conditional', 'unknown') OR NOT " READING_FRESH " THEN 'look' END = ?13" },
#undef MEMBER
};

static const char *asked(const struct query_protection_filter *filter, size_t member)
{
    return *(const char *const *)((const char *)filter + member);
}

void reading_filter_text(struct str *text, const struct query_protection_filter *filter)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (asked(filter, conditions[i].member) != NULL)
            str_add(text, conditions[i].text);
    }
    if (filter->stale)
        str_add(text, " AND NOT " READING_FRESH);
}

void reading_filter_bind(struct query *query, struct sql_query *rows, const struct query_protection_filter *filter,
                         int64_t now)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        const char *value = asked(filter, conditions[i].member);

        if (value != NULL && value == filter->name)
            value = reading_like(query, value, true);
        if (value != NULL)
            sql_bind_text(rows, conditions[i].place, value);
    }
    if (filter->stale || filter->need != NULL)
        sql_bind_int(rows, 9, now);
}

/* Of the members above, those that are no matter of the asset itself. */
bool reading_filter_judged(const struct query_protection_filter *filter)
{
    static const size_t judged[] = {
#define MEMBER(name) offsetof(struct query_protection_filter, name)
        MEMBER(verdict), MEMBER(class), MEMBER(workload),    MEMBER(method), MEMBER(server),
        MEMBER(owner),   MEMBER(site),  MEMBER(criticality), MEMBER(need),
#undef MEMBER
    };

    for (size_t i = 0; i < sizeof judged / sizeof *judged; i++) {
        if (asked(filter, judged[i]) != NULL)
            return true;
    }
    return false;
}
