#include "echo.h"

#define SILENCE_MS 60000

static enum status run(const struct call *call)
{
    static const struct echo echo = { .verb = "accept", .silence_ms = SILENCE_MS };

    return echo_run(&echo, call, NULL);
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
