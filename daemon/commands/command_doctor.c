#include "echo.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

static const struct column columns[] = {
    { "TARGET", "target", CELL_TEXT, false }, { "STEP", "name", CELL_TEXT, false },
    { "STATE", "state", CELL_TEXT, false },   { "DETAIL", "detail", CELL_TEXT, false },
    { "REMEDY", "remedy", CELL_TEXT, false }, { 0 },
};

static const struct tone_of tones[] = {
    { "ok", TONE_GOOD }, { "warning", TONE_WARN }, { "failed", TONE_BAD }, { "skipped", TONE_DIM }, { 0 },
};

static const char *text_of(const struct control_record *record, const char *name)
{
    const char *text = control_field(record, name);

    return text == NULL ? "" : text;
}

static void print_step(const struct call *call, void *context, const struct control_record *record)
{
    const struct style *style = &call->style;
    const char *state = text_of(record, "state"), *detail = text_of(record, "detail");
    const char *remedy = text_of(record, "remedy");
    enum tone tone = tone_find(tones, state, TONE_WARN);
    struct str line = STR_EMPTY;

    (void)context;
    str_add(&line, style_begin(style, tone));
    text_fit(&line, state, 8);
    str_format(&line, "%s ", style_end(style, tone));
    text_line(&line, text_of(record, "name"));
    str_add(&line, detail[0] == '\0' ? "" : ": ");
    text_line(&line, detail);
    if (remedy[0] != '\0') {
        str_add(&line, "\n         to do: ");
        text_line(&line, remedy);
    }
    str_add_char(&line, '\n');
    fwrite(str_text(&line), 1, line.length, style->out);
    fflush(style->out);
    str_finish(&line);
}

static bool has_failed(const struct control_record *record)
{
    return strcmp(text_of(record, "state"), "failed") == 0;
}

static enum status run(const struct call *call)
{
    static const struct echo echo = {
        .verb = "doctor",
        .rows = "step",
        .table = "steps",
        .columns = columns,
        .show = print_step,
        .is_bad = has_failed,
    };

    return echo_run(&echo, call, NULL);
}

const struct command command_doctor = {
    .name = "doctor",
    .synopsis = "TARGET",
    .summary = "whether a target can be scanned, step by step, and what to do where it cannot",
    .help = "Exit status 1 where a step failed.\n",
    .least = 1,
    .most = 1,
    .run = run,
};
