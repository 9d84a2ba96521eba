#include "echo.h"
#include "live.h"
#include "row.h"
#include "text.h"
#include "unit.h"

#include <inttypes.h>
#include <string.h>

static const struct column columns[] = {
    { "TARGET", "target", CELL_TEXT, false },       { "RESULT", "result", CELL_TEXT, false },
    { "APPEARED", "appeared", CELL_NUMBER, false }, { "CHANGED", "changed", CELL_NUMBER, false },
    { "MOVED", "moved", CELL_NUMBER, false },       { "GONE", "gone", CELL_NUMBER, false },
    { "HELD", "held", CELL_NUMBER, false },         { NULL, "wall_ms", CELL_NUMBER, false },
    { "MESSAGE", "message", CELL_TEXT, false },     { 0 },
};

static int64_t number_of(const struct control_record *record, const char *name)
{
    const char *text = control_field(record, name);
    int64_t number;

    return text != NULL && int_parse(text, &number, NULL) ? number : 0;
}

static void add_counts(struct str *line, const struct control_record *record)
{
    static const char *const counts[] = { "appeared", "changed", "moved", "gone", "held" };
    bool any = false;

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        int64_t count = number_of(record, counts[i]);

        if (count == 0)
            continue;
        str_format(line, ", %" PRId64 " %s", count, counts[i]);
        any = true;
    }
    if (!any)
        str_add(line, ", nothing new");
}

static void add_time(struct str *line, int64_t ms)
{
    str_format(line, " (%" PRId64 ".%" PRId64 " s)", ms / 1000, ms % 1000 / 100);
}

/* "vc01: complete, 3 changed (2.1 s)", or "vc02: FAILED, denied: ..." */
static void add_ended(struct str *line, const struct style *style, const struct control_record *record)
{
    const char *target = control_field(record, "target"), *result = control_field(record, "result");
    const char *message = control_field(record, "message");
    bool good = row_result_is_good(result);

    result = result == NULL ? "no result" : result;
    text_line(line, target == NULL ? "?" : target);
    str_format(line, ": %s%s", style_begin(style, row_result(result).tone), good ? "" : "FAILED, ");
    text_line(line, result);
    str_add(line, style_end(style, row_result(result).tone));
    if (good)
        add_counts(line, record);
    if (message != NULL && message[0] != '\0') {
        str_add(line, ": ");
        text_line(line, message);
    }
    add_time(line, number_of(record, "wall_ms"));
    str_add_char(line, '\n');
}

static void print_ended(const struct call *call, void *context, const struct control_record *record)
{
    const char *target = control_field(record, "target");
    struct str line = STR_EMPTY;
    struct live *live = context;

    live_end(live, target == NULL ? "?" : target);
    add_ended(&line, &call->style, record);
    live_print(live, str_text(&line));
    str_finish(&line);
}

static void take_progress(const struct call *call, void *context, const struct control_record *record)
{
    const char *target = control_field(record, "target");

    (void)call;
    if (target != NULL && (strcmp(record->name, "begun") == 0 || strcmp(record->name, "progress") == 0))
        live_set(context, target, number_of(record, "items"));
}

/* A good one that has something to say was refused its credential. */
static bool has_failed(const struct control_record *record)
{
    const char *message = control_field(record, "message");

    return !row_result_is_good(control_field(record, "result")) || (message != NULL && message[0] != '\0');
}

static enum status run(const struct call *call)
{
    static const struct echo echo = {
        .verb = "scan",
        .rows = "ended",
        .table = "scans",
        .columns = columns,
        .show = print_ended,
        .other = take_progress,
        .is_bad = has_failed,
    };
    enum status status;
    struct live live;

    live_init(&live, &call->style, call->style.format == FORMAT_TABLE && call->terminal);
    status = echo_run(&echo, call, &live);
    live_finish(&live);
    return status;
}

const struct command command_scan = {
    .name = "scan",
    .synopsis = "[TARGET...]",
    .summary = "scan these targets now, or all, and wait",
    .help = "Exit status 0 only if all of them succeeded. A held credential is not tried: muster status shows it.\n"
            "Ending the command does not end the scans.\n",
    .most = CONTROL_MAX_ARGUMENTS,
    .run = run,
};
