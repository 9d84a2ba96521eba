#include "call.h"
#include "log.h"
#include "query.h"
#include "row.h"

#include <string.h>

#define SILENCE_MS 15000

static const struct column daemon_columns[] = {
    { "musterd", "state", CELL_TEXT, false },
    { "pid", "pid", CELL_NUMBER, false },
    { "version", "version", CELL_TEXT, false },
    { "up", "uptime_s", CELL_SPAN, false },
    { "database", "database", CELL_TEXT, false },
    { "configuration", "config", CELL_TEXT, false },
    { "targets", "targets", CELL_NUMBER, false },
    { "running", "running", CELL_NUMBER, false },
    { "commits waiting", "queued_commits", CELL_NUMBER, false },
    { "editions", "editions", CELL_NUMBER, false },
    { "judging", "judging", CELL_TEXT, false },
    { 0 },
};

static const struct column plugin_columns[] = {
    { "PLUGIN", "name", CELL_TEXT, false },
    { "VERSION", "version", CELL_TEXT, false },
    { "STATE", "state", CELL_TEXT, false },
    { "PID", "pid", CELL_NUMBER, false },
    { "NOT CONFINED BY", "confinement", CELL_PROSE, false },
    { "MESSAGE", "message", CELL_PROSE, false },
    { 0 },
};

static const struct column target_columns[] = {
    { "TARGET", "name", CELL_TEXT, false },      { "PLUGIN", "plugin", CELL_TEXT, false },
    { "STATE", "state", CELL_TEXT, false },      { "RESULT", "result", CELL_TEXT, false },
    { "ENDED", "ended", CELL_AGE, false },       { "NEXT", "next", CELL_DUE, false },
    { "ITEMS", "items", CELL_NUMBER, false },    { "HELD", "held_removals", CELL_NUMBER, false },
    { "MESSAGE", "message", CELL_PROSE, false }, { NULL, "started", CELL_TIME, false },
    { NULL, "attempts", CELL_NUMBER, false },    { NULL, "window", CELL_TEXT, false },
    { NULL, "until", CELL_TIME, false },         { 0 },
};

static const struct column hook_columns[] = {
    { "HOOK", "name", CELL_TEXT, false },
    { "STATE", "state", CELL_TEXT, false },
    { "SINCE", "since", CELL_AGE, false },
    { "MESSAGE", "message", CELL_PROSE, false },
    { 0 },
};

static const struct column report_columns[] = {
    { "REPORT", "name", CELL_TEXT, false },      { "STATE", "state", CELL_TEXT, false },
    { "MADE", "made", CELL_AGE, false },         { "NEXT", "next", CELL_DUE, false },
    { "MESSAGE", "message", CELL_PROSE, false }, { 0 },
};

static const struct column server_columns[] = {
    { "BACKUP SERVER", "server", CELL_TEXT, false },
    { "CONTRADICTION", "conflict", CELL_PROSE, false },
    { 0 },
};

/* Those of the daemon's records, and what the database has to tell besides. */
enum part { PART_DAEMON, PART_PLUGINS, PART_TARGETS, PART_CREDENTIALS, PART_HOOKS, PART_REPORTS, PART_SERVERS, PARTS };

struct state {
    struct document document;
    struct table *tables[PARTS];
};

static void state_init(struct state *state)
{
    document_init(&state->document, "targets");
    state->tables[PART_DAEMON] = document_table(&state->document, "daemon", daemon_columns);
    state->tables[PART_DAEMON]->single = true;
    state->tables[PART_PLUGINS] = document_table(&state->document, "plugins", plugin_columns);
    state->tables[PART_TARGETS] = document_table(&state->document, "targets", target_columns);
    state->tables[PART_TARGETS]->empty = "There are no targets.";
    state->tables[PART_CREDENTIALS] = document_table(&state->document, "credentials", row_credentials);
    state->tables[PART_HOOKS] = document_table(&state->document, "hooks", hook_columns);
    state->tables[PART_REPORTS] = document_table(&state->document, "reports", report_columns);
    state->tables[PART_SERVERS] = document_table(&state->document, "servers", server_columns);
}

static const char *text_at(struct table *table, size_t row, const char *column)
{
    const struct cell *cell = table_cell(table, row, column);

    return cell->type == CELL_TEXT ? cell->text : "";
}

static void tone_targets(struct table *table)
{
    size_t rows = table_rows(table);

    for (size_t row = 0; row < rows; row++) {
        const char *state = text_at(table, row, "state");
        struct cell *result = table_cell(table, row, "result");

        if (strcmp(state, "held") == 0 || strcmp(state, "quarantined") == 0)
            table_cell(table, row, "state")->tone = TONE_WARN;
        if (result->type == CELL_TEXT)
            *result = row_result(result->text);
    }
}

/* Where the word is not the one of a good day. */
static void tone_others(struct table *table, const char *column, const char *good)
{
    size_t rows = table_rows(table);

    for (size_t row = 0; row < rows; row++) {
        const char *word = text_at(table, row, column);

        if (word[0] != '\0' && strcmp(word, good) != 0)
            table_cell(table, row, column)->tone = TONE_WARN;
    }
}

/* Of hooks and reports. */
static void tone_failing(struct table *table)
{
    size_t rows = table_rows(table);

    for (size_t row = 0; row < rows; row++) {
        if (strcmp(text_at(table, row, "state"), "failing") == 0)
            table_cell(table, row, "state")->tone = TONE_BAD;
    }
}

static void take_record(void *context, const struct control_record *record)
{
    static const char *const names[] = {
        [PART_DAEMON] = "daemon",          [PART_PLUGINS] = "plugin", [PART_TARGETS] = "target",
        [PART_CREDENTIALS] = "credential", [PART_HOOKS] = "hook",     [PART_REPORTS] = "report",
    };
    struct state *state = context;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], record->name) != 0)
            continue;
        /* There is one daemon, whatever is said. */
        if (i != PART_DAEMON || table_rows(state->tables[i]) == 0)
            table_add_record(&state->document, state->tables[i], record);
    }
}

static void add_target(struct table *table, const struct query_target *target)
{
    table_add(table, (struct cell[]){
                         cell_text(target->name),
                         cell_text(target->plugin),
                         cell_text(target->state),
                         cell_text(target->result),
                         cell_age(target->ended_at),
                         cell_text(NULL),
                         cell_number(target->items),
                         cell_number(target->held_removals),
                         cell_text(target->message),
                         cell_time(target->started_at),
                         cell_number(target->attempts),
                         cell_text(NULL),
                         cell_text(NULL),
                     });
}

/* What the database knows of the last runs; it says itself where it cannot be read. */
static void add_stored(const struct call *call, struct state *state)
{
    struct query *query = call_open(call);
    struct query_summary stored;
    struct err err = ERR_EMPTY;

    if (query == NULL)
        return;
    if (!query_summary(query, call->style.now, &state->document.arena, &stored, &err)) {
        call_fail(call, STATUS_COULD_NOT, &err);
        stored = (struct query_summary){ 0 };
    }
    for (size_t i = 0; i < stored.target_count; i++)
        add_target(state->tables[PART_TARGETS], &stored.targets[i]);
    for (size_t i = 0; i < stored.credential_count; i++)
        row_add_credential(state->tables[PART_CREDENTIALS], &stored.credentials[i]);
    query_close(query);
}

/* Of verdicts, which the daemon does not keep. Where the database cannot be read by who asks, the rest is told. */
static void add_contradictions(const struct call *call, struct state *state)
{
    struct query_contradictions found = { 0 };
    struct query *query = query_open(call->database, NULL);

    if (query == NULL)
        return;
    if (!query_contradictions(query, &state->document.arena, &found, NULL))
        found.count = 0;
    for (size_t i = 0; i < found.count; i++)
        table_add(
            state->tables[PART_SERVERS],
            (struct cell[]){ cell_text(found.items[i].server), cell_toned(cell_text(found.items[i].text), TONE_WARN) });
    query_close(query);
}

static void add_down(struct table *table)
{
    struct cell cells[sizeof daemon_columns / sizeof *daemon_columns] = { cell_toned(cell_text("down"), TONE_BAD) };

    table_add(table, cells);
}

static enum status ask_state(const struct call *call, struct state *state)
{
    const struct ask ask = {
        .socket = call->control, .verb = "status", .silence_ms = SILENCE_MS, .record = take_record, .context = state
    };
    struct ask_answer answer;
    enum ask_result result = ask_daemon(&ask, &answer);

    if (result == ASK_ANSWERED) {
        if (answer.err.text[0] != '\0')
            log_error("%s", answer.err.text);
        return (enum status)answer.status;
    }
    call_fail(call, STATUS_COULD_NOT, &answer.err);
    if (result == ASK_DOWN) {
        add_down(state->tables[PART_DAEMON]);
        add_stored(call, state);
    }
    return STATUS_COULD_NOT;
}

static enum status run(const struct call *call)
{
    enum status status, printed;
    struct state state;

    state_init(&state);
    status = ask_state(call, &state);
    add_contradictions(call, &state);
    tone_targets(state.tables[PART_TARGETS]);
    tone_others(state.tables[PART_DAEMON], "database", "fine");
    tone_others(state.tables[PART_DAEMON], "judging", "done");
    tone_others(state.tables[PART_CREDENTIALS], "state", "good");
    tone_failing(state.tables[PART_HOOKS]);
    tone_failing(state.tables[PART_REPORTS]);
    printed = table_rows(state.tables[PART_DAEMON]) == 0 && status != STATUS_DONE ? STATUS_DONE
                                                                                  : call_print(call, &state.document);
    document_finish(&state.document);
    return status != STATUS_DONE ? status : printed;
}

const struct command command_status = {
    .name = "status",
    .synopsis = "",
    .summary = "musterd, its plugins, targets, credentials, hooks and reports",
    .help = "While musterd is down, the exit status is 1, and the targets are shown as the database remembers them.\n"
            "CSV has the targets.\n",
    .run = run,
};
