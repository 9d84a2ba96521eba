#include "tick.h"

#include "exemption_tick.h"
#include "findings.h"
#include "lapse.h"
#include "sql.h"
#include "staleness.h"
#include "store.h"

#include <stdio.h>

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define SOON_MS 1000 /* nothing is looked at more often */

struct tick {
    const struct tick_setting *setting;
    int64_t next;
};

/* The days on which support ends are whole ones (UTC), so once a day is enough; a clock that was set back makes it
 * another day, too. Whoever counts moves the horizon. */
static bool count_daily(struct sql *sql, const struct occasion *occasion, int64_t now, struct err *err)
{
    int64_t horizon;

    if (!findings_horizon(sql, &horizon, err))
        return false;
    return (horizon != 0 && horizon / DAY_MS == now / DAY_MS) || findings_recount(sql, occasion, now, err);
}

static bool work(struct sql *sql, void *context, struct err *err)
{
    struct tick *tick = context;
    const struct tick_setting *setting = tick->setting;
    char batch[40];
    const struct occasion occasion = { .batch = batch };

    snprintf(batch, sizeof batch, "clock %lld", (long long)setting->now);
    return exemption_tick(sql, &occasion, setting->now, &tick->next, err) &&
           staleness_tick(sql, setting, &occasion, &tick->next, err) &&
           (setting->basis == NULL || lapse_tick(sql, setting->basis->matrix, batch, setting->now, &tick->next, err)) &&
           count_daily(sql, &occasion, setting->now, err);
}

bool tick_run(struct store *store, const struct tick_setting *setting, int64_t *next, struct err *err)
{
    struct tick tick = { .setting = setting, .next = (setting->now / DAY_MS + 1) * DAY_MS };

    if (!store_transaction(store, work, &tick, err))
        return err_add(err, "what the clock changes");
    *next = tick.next < setting->now + SOON_MS ? setting->now + SOON_MS : tick.next;
    return true;
}
