#include "commands.h"

static const struct command *const group[] = { &command_hook_test, NULL };

const struct command command_hook = {
    .name = "hook",
    .synopsis = "test ...",
    .summary = "the hook scripts that people are told by: try one",
    .help = "muster status lists them, and says which of them fail.\n",
    .group = group,
    .least = 1,
};
