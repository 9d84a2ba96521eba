#include "commands.h"

static const struct command *const group[] = {
    &command_matrix_lookup, &command_matrix_list, &command_matrix_lint, &command_matrix_diff, NULL,
};

const struct command command_matrix = {
    .name = "matrix",
    .synopsis = "lookup|list|lint|diff ...",
    .summary = "the published protection matrix as data: look up a key, list, check, compare products",
    .help =
        "It needs no database and no daemon. The files are those that the configuration names, else those that came\n"
        "with muster; --matrix DIR and --products FILE name others.\n",
    .group = group,
    .least = 1,
};
