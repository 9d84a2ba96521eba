/* What the files behind query_protection.h share. */
#ifndef READING_PROTECTION_H
#define READING_PROTECTION_H

#include "age.h"
#include "query_protection.h"
#include "reading.h"
#include "str.h"

#include <stdbool.h>
#include <stdint.h>

/* The columns that reading_protection reads, of tables g (guard), j (its judgement) and a (its asset). */
#define READING_PROTECTION READING_PROTECTION_OF("g", "a")

/* The same where g and a are called otherwise. */
#define READING_PROTECTION_OF(g, a)                                                                                    \
    g ".id, " a ".id, " a ".kind, " a                                                                                  \
      ".name, j.method, j.server, j.product, j.workload, j.version, j.installation, j.verdict,"                        \
      " j.class, j.ruled, j.reason, replace(j.step, char(26), " a ".name), j.cause,"                                   \
      " (SELECT c.name FROM asset c WHERE c.id = j.cause), j.owner, j.site,"                                           \
      " j.criticality, j.excluded, j.counts, j.by_what, " g ".since_at, j.support_end, " g ".judgement,"               \
      " CASE WHEN j.step IS NOT NULL THEN j.detail ->> '$.step.support_end' END"
#define READING_PROTECTION_COLUMNS 27

/* Whether an exemption that is in force covers it, and which; of what counts and asks something of people. Others are
 * left as they are. */
struct exemptions;
bool reading_exempt(struct query *query, const struct exemptions *exemptions, struct query_protection *protection,
                    int64_t now, struct err *err);

/* What the protection's exemption says, where it has one. */
bool reading_exemption(struct query *query, struct query_protection *protection, struct err *err);

/* Of the asset, only what stands in its row. */
void reading_protection(struct query *query, struct sql_query *rows, struct query_protection *protection);

/* That the asset a.id is not stale at ?9: somebody saw it who may be so old. As reading_late says. */
#define READING_FRESH                                                                                                  \
    "EXISTS (SELECT 1 FROM item i JOIN sighting s ON s.item = i.id JOIN target t ON t.id = s.target"                   \
    " WHERE i.asset = a.id AND i.gone_at IS NULL AND coalesce(s.missed_at, t.succeeded_at) > 0"                        \
    " AND ?9 - coalesce(s.missed_at, t.succeeded_at) <= " AGE_MOST ")"

/* Appends what a filter asks for, each with AND in front: of g and j as above, and where of_asset is set, of a. The
 * values have the places 1 to 8, 10, 11, 13 and 14, the time 9. */
void reading_filter_text(struct str *text, const struct query_protection_filter *filter, bool of_asset);
void reading_filter_bind(struct query *query, struct sql_query *rows, const struct query_protection_filter *filter,
                         int64_t now, bool of_asset);

/* Whether it asks for anything that j does not tell, or that it does. */
bool reading_filter_of_asset(const struct query_protection_filter *filter);
bool reading_filter_of_judgement(const struct query_protection_filter *filter);

/* When everything was judged under the present basis; 0: not yet. */
bool reading_judged_at(struct query *query, int64_t *judged_at, struct err *err);

/* "" for NULL. */
const char *reading_some(struct query *query, struct sql_query *rows, int column);

#endif
