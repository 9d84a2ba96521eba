#include "call.h"
#include "exemption.h"
#include "view.h"

#include <inttypes.h>
#include <stdio.h>

#define NUMBER_SIZE 24

static const struct flag flags[] = {
    { "reason", 'r', "TEXT", "why: for whoever reads it in a year" },
    { 0 },
};

static enum status retire(struct view *view)
{
    const struct call *call = view->call;
    const char *reason = flags_value(call->flags, "reason");
    struct err err = ERR_EMPTY;
    char number[NUMBER_SIZE];
    enum status status;
    int64_t id;

    if (!exemption_check_reason(reason, &err))
        return call_fail(call, STATUS_USAGE, &err);
    status = view_find(view, call->flags->operands.items[0], &id);
    if (status != STATUS_DONE)
        return status;
    snprintf(number, sizeof number, "%" PRId64, id);
    return call_act(call, "retire", (const char *const[]){ number, reason }, 2);
}

static enum status run(const struct call *call)
{
    return view_act(call, retire);
}

const struct command command_retire = {
    .name = "retire",
    .synopsis = "ITEM --reason R",
    .summary = "mark an asset as gone that no target will see again",
    .help =
        "For what was scrapped together with whatever showed it. What a configured target saw in its last good run\n"
        "is refused: it would come back with the next one. What is seen again comes back with all it had.\n",
    .flags = flags,
    .least = 1,
    .most = 1,
    .run = run,
};
