#include "call.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

#define SILENCE_MS 120000 /* plugins are loaded anew */

static const struct column columns[] = { { "PROBLEM", "text", CELL_TEXT, false }, { 0 } };

struct reload {
    const struct call *call;
    struct document document;
    struct table *table;
};

/* "FILE:LINE: sentence", as a compiler has it. */
static void take_record(void *context, const struct control_record *record)
{
    const char *text = control_field(record, "text");
    struct reload *reload = context;
    struct str line = STR_EMPTY;

    if (strcmp(record->name, "problem") != 0 || text == NULL)
        return;
    if (reload->call->style.format != FORMAT_TABLE) {
        table_add_record(&reload->document, reload->table, record);
        return;
    }
    text_line(&line, text);
    fprintf(stderr, "%s\n", str_text(&line));
    str_finish(&line);
}

static enum status run(const struct call *call)
{
    struct reload reload = { .call = call };
    enum status status, printed = STATUS_DONE;

    document_init(&reload.document, "problems");
    reload.table = document_table(&reload.document, "problems", columns);
    status = call_ask(call, "reload", SILENCE_MS, take_record, &reload);
    if (call->style.format != FORMAT_TABLE)
        printed = call_print(call, &reload.document);
    document_finish(&reload.document);
    return status != STATUS_DONE ? status : printed;
}

const struct command command_reload = {
    .name = "reload",
    .synopsis = "",
    .summary = "read the configuration anew",
    .help = "One with problems is not taken over; each problem is told with its file and line, and the exit status\n"
            "is 78. JSON and CSV have the problems.\n",
    .run = run,
};
