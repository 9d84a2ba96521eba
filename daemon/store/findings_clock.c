/* Findings that the clock raises: targets that nobody has scanned with success for too long. */
#include "finding_row.h"
#include "findings.h"

static bool set_stale(struct sql *sql, int64_t target, enum need need, bool gone, const struct occasion *occasion,
                      int64_t at, struct err *err)
{
    const struct finding_key key = { .kind = FINDING_STALE, .target = target };
    const struct finding_now now = { .need = need, .assets = 1, .gone = gone };

    return finding_set(sql, &key, &now, occasion, at, err) || err_add(err, "how old the last scan of a target is");
}

bool findings_stale(struct sql *sql, int64_t target, const struct occasion *occasion, int64_t at, struct err *err)
{
    return set_stale(sql, target, NEED_LOOK, false, occasion, at, err);
}

bool findings_fresh(struct sql *sql, int64_t target, int64_t at, struct err *err)
{
    return set_stale(sql, target, NEED_NOTHING, false, NULL, at, err);
}

bool findings_excuse(struct sql *sql, int64_t target, bool gone, const struct occasion *occasion, int64_t at,
                     struct err *err)
{
    return set_stale(sql, target, NEED_NOTHING, gone, occasion, at, err);
}
