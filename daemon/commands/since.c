#include "since.h"

#include "clock.h"
#include "text.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

bool since_parse(const char *text, int64_t now, int64_t *since, struct err *err)
{
    char date[CLOCK_TEXT_SIZE], quote[TEXT_QUOTE_SIZE];
    int64_t ago;

    if (text == NULL)
        return true;
    snprintf(date, sizeof date, "%.10sT00:00:00Z", text);
    if (duration_parse(text, &ago, NULL))
        *since = now - ago;
    else if (!clock_parse(text, since, NULL) && !(strlen(text) == 10 && clock_parse(date, since, NULL)))
        return err_set(err, ERR_CONFIG,
                       "--since %s: give a duration such as 12h or 7d, a date such as 2026-11-22, or a time such as "
                       "2026-11-22T08:00:00Z (UTC)",
                       text_quote(quote, text));
    if (*since < 1)
        *since = 1;
    return true;
}
