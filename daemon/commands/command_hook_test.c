#include "echo.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

static const struct column columns[] = {
    { "HOOK", "hook", CELL_TEXT, false },        { "DELIVERED", "delivered", CELL_TRUTH, false },
    { "MESSAGE", "message", CELL_PROSE, false }, { "OUTPUT", "output", CELL_PROSE, false },
    { "TOOK", "wall_ms", CELL_NUMBER, false },   { 0 },
};

static const char *text_of(const struct control_record *record, const char *name)
{
    const char *text = control_field(record, name);

    return text == NULL ? "" : text;
}

/* Line by line: what the script wrote is as hostile as what it was told. */
static void add_output(struct str *out, const char *output, struct arena *arena)
{
    char *rest = arena_text(arena, output), *line;

    while (rest != NULL && rest[0] != '\0' && (line = strsep(&rest, "\n")) != NULL) {
        text_line(out, line);
        str_add_char(out, '\n');
    }
}

/* That it failed, and why, is the daemon's last word. */
static void print_result(const struct call *call, void *context, const struct control_record *record)
{
    const struct style *style = &call->style;
    struct str text = STR_EMPTY;
    struct arena arena;

    (void)context;
    arena_init(&arena, ARENA_PLAIN);
    add_output(&text, text_of(record, "output"), &arena);
    if (strcmp(text_of(record, "delivered"), "true") == 0) {
        str_format(&text, "%s", style_begin(style, TONE_GOOD));
        text_line(&text, text_of(record, "hook"));
        str_format(&text, " works%s\n", style_end(style, TONE_GOOD));
    }
    fwrite(str_text(&text), 1, text.length, style->out);
    fflush(style->out);
    arena_finish(&arena);
    str_finish(&text);
}

static enum status run(const struct call *call)
{
    static const struct echo echo = {
        .verb = "hook_test", .rows = "result", .table = "results", .columns = columns, .show = print_result
    };

    return echo_run(&echo, call, NULL);
}

const struct command command_hook_test = {
    .name = "hook test",
    .synopsis = "NAME",
    .summary = "run a hook's script with a sample, and show what it writes",
    .help =
        "The sample is no finding, and is kept nowhere; its event is hook.test. Exit status 1 where the script fails.\n"
        "Ending the command ends the script.\n",
    .least = 1,
    .most = 1,
    .run = run,
};
