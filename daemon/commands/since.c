#include "since.h"

#include "clock.h"
#include "text.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define MS_DAY INT64_C(86400000)

static bool day_parse(const char *text, int64_t *wall)
{
    char date[CLOCK_TEXT_SIZE];

    snprintf(date, sizeof date, "%.10sT00:00:00Z", text);
    return strlen(text) == 10 && clock_parse(date, wall, NULL);
}

bool since_parse(const char *text, int64_t now, int64_t *since, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    int64_t ago;

    if (text == NULL)
        return true;
    if (duration_parse(text, &ago, NULL))
        *since = now - ago;
    else if (!clock_parse(text, since, NULL) && !day_parse(text, since))
        return err_set(err, ERR_CONFIG,
                       "--since %s: give a duration such as 12h or 7d, a date such as 2026-11-22, or a time such as "
                       "2026-11-22T08:00:00Z (UTC)",
                       text_quote(quote, text));
    if (*since < 1)
        *since = 1;
    return true;
}

bool at_parse(const char *text, int64_t now, int64_t *at, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE], clock[CLOCK_TEXT_SIZE];

    if (text == NULL)
        return true;
    if (day_parse(text, at))
        *at += MS_DAY - 1;
    else if (!clock_parse(text, at, NULL))
        return err_set(err, ERR_CONFIG,
                       "--at %s: give a date such as 2026-10-31, which means the end of that day, or a time such as "
                       "2026-10-31T12:00:00Z (UTC)",
                       text_quote(quote, text));
    return *at <= now ||
           err_set(err, ERR_CONFIG,
                   "--at %s: it is not over, for now it is %s; give a day of the past such as 2026-10-31, a "
                   "time such as 2026-10-31T12:00:00Z, or leave --at out to have it as it is now",
                   text_quote(quote, text), clock_text(now, clock));
}
