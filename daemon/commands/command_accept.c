#include "call.h"

#define SILENCE_MS 60000

static void take_record(void *context, const struct control_record *record)
{
    (void)context;
    (void)record;
}

static enum status run(const struct call *call)
{
    return call_ask(call, "accept", SILENCE_MS, take_record, NULL);
}

const struct command command_accept = {
    .name = "accept",
    .synopsis = "TARGET",
    .summary = "let the held removals of a target happen",
    .help = "A scan that misses too much at once removes nothing: perhaps its account has lost its rights. muster\n"
            "summary shows such targets under HELD. Accept only where the things are really gone.\n",
    .least = 1,
    .most = 1,
    .run = run,
};
