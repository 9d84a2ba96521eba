/* Whether a protection that is read is exempt. */
#include "exemption_row.h"
#include "need.h"
#include "reading_protection.h"

/* As findings are made: of what counts, where the verdict asks something, or the vendor's support has ended. */
static bool asks_something(const struct query_protection *protection, int64_t now)
{
    if (!protection->counts || protection->excluded != NULL)
        return false;
    return need_of_words(protection->verdict, protection->class, protection->ruled, false) != NEED_NOTHING ||
           (protection->support_end != 0 && protection->support_end < now);
}

bool reading_exemption(struct query *query, struct query_protection *protection, struct err *err)
{
    struct sql_query rows;

    if (protection->exemption == 0)
        return true;
    sql_query(
        &rows, &query->sql,
        "SELECT until_at, reason, name, nullif(ticket, ''), nullif(approved_by, '') FROM exemption WHERE id = ?1");
    sql_bind_int(&rows, 1, protection->exemption);
    if (sql_row(&rows)) {
        protection->exempt_until = sql_int(&rows, 0);
        protection->exempt_reason = reading_text(query, &rows, 1);
        protection->exempt_by = reading_text(query, &rows, 2);
        protection->exempt_ticket = reading_text(query, &rows, 3);
        protection->exempt_approved_by = reading_text(query, &rows, 4);
    }
    return sql_done(&rows, err);
}

bool reading_exempt(struct query *query, const struct exemptions *exemptions, struct query_protection *protection,
                    int64_t now, struct err *err)
{
    return !asks_something(protection, now) || (exemptions_cover(exemptions, &query->sql, protection->asset.id,
                                                                 protection->judgement, &protection->exemption, err) &&
                                                reading_exemption(query, protection, err));
}
