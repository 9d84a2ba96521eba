#include "verbs_alerts.h"

#include "act.h"
#include "outbox.h"
#include "text.h"
#include "unit.h"

#include <inttypes.h>
#include <string.h>

static bool read_alert(const char *word, int64_t *alert, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    *alert = 0;
    if (strcmp(word, "all") == 0 || (int_parse(word, alert, NULL) && *alert > 0))
        return true;
    return err_set(err, ERR_CONFIG, "%s is no alert: give its number, or all", text_quote(quote, word));
}

static bool run_retry(struct act *act, struct err *err)
{
    char alerts[COUNT_TEXT_SIZE];
    int64_t alert;
    size_t count;

    if (act->count != 1)
        return err_set(err, ERR_CONFIG, "retry takes the number of one alert, or all");
    if (!read_alert(act->arguments[0], &alert, err) ||
        !outbox_retry(act->store, alert, &act->by, act->now, &count, err))
        return false;
    if (alert != 0)
        str_format(&act->answer, "alert %" PRId64 " waits again", alert);
    else
        str_format(&act->answer, "%s %s again", count_text(count, "alert", alerts), count == 1 ? "waits" : "wait");
    return true;
}

void verbs_retry(void *context, struct peer *peer, const struct control_request *request)
{
    act_start(context, peer, request, run_retry);
}
