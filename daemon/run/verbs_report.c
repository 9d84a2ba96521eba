#include "verbs_report.h"

#include "mem.h"
#include "report_order.h"
#include "reporter.h"
#include "text.h"
#include "verbs.h"

#include <stdlib.h>

static void unknown(const struct report_orders *orders, struct peer *peer, const char *name)
{
    const char **names = mem_new(orders->count + 1, sizeof *names);
    char quoted[TEXT_QUOTE_SIZE], near[TEXT_QUOTE_SIZE];
    const char *nearest;

    for (size_t i = 0; i < orders->count; i++)
        names[i] = orders->list[i].name;
    nearest = text_nearest(name, names, orders->count);
    if (nearest != NULL)
        peer_done(peer, 64, "there is no report \"%s\"; did you mean \"%s\"?", text_quote(quoted, name),
                  text_quote(near, nearest));
    else
        peer_done(peer, 64, "there is no report \"%s\" in the configuration; reports = ( { name = \"...\"; ... } );",
                  text_quote(quoted, name));
    free(names);
}

void verbs_report(void *context, struct peer *peer, const struct control_request *request)
{
    const struct verbs *verbs = context;
    const struct report_orders *orders = rules_reports(verbs->fleet->rules);
    const struct report_order *order = request->count == 1 ? report_orders_find(orders, request->arguments[0]) : NULL;

    if (request->count != 1)
        peer_done(peer, 64, "report takes the name of one report");
    else if (verbs->fleet->stopping || verbs->fleet->reporter == NULL)
        peer_done(peer, 1, verbs->fleet->stopping ? "the daemon is stopping" : "a single pass writes no reports");
    else if (order == NULL)
        unknown(orders, peer, request->arguments[0]);
    else
        reporter_ask(verbs->fleet->reporter, order, peer);
}
