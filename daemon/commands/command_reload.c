#include "echo.h"
#include "text.h"

#include <stdio.h>

#define SILENCE_MS 120000 /* plugins are loaded anew */

static const struct column columns[] = { { "PROBLEM", "text", CELL_TEXT, false }, { 0 } };

/* "FILE:LINE: sentence", as a compiler has it. */
static void print_problem(const struct call *call, void *context, const struct control_record *problem)
{
    const char *text = control_field(problem, "text");
    struct str line = STR_EMPTY;

    (void)call, (void)context;
    if (text == NULL)
        return;
    text_line(&line, text);
    fprintf(stderr, "%s\n", str_text(&line));
    str_finish(&line);
}

static enum status run(const struct call *call)
{
    static const struct echo echo = {
        .verb = "reload",
        .silence_ms = SILENCE_MS,
        .rows = "problem",
        .table = "problems",
        .columns = columns,
        .show = print_problem,
    };

    return echo_run(&echo, call, NULL);
}

const struct command command_reload = {
    .name = "reload",
    .synopsis = "",
    .summary = "read the configuration anew",
    .help = "One with problems is not taken over; each problem is told with its file and line, and the exit status\n"
            "is 78. JSON and CSV have the problems.\n",
    .run = run,
};
