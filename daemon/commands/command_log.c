#include "call.h"
#include "since.h"
#include "view.h"

#define FALLBACK_LIMIT 500

static const struct flag flags[] = {
    { "since", 's', "WHEN", SINCE_HELP },
    { "limit", 'l', FLAGS_NUMBER, "so many at the most, the newest (500); 0: all" },
    { 0 },
};

static const struct column columns[] = {
    { "WHEN", "at", CELL_TIME, false },
    { "WHO", "name", CELL_TEXT, false },
    { "UID", "uid", CELL_NUMBER, false },
    { "WHAT", "what", CELL_TEXT, false },
    { "ON", "subject", CELL_TEXT, false },
    { "RESULT", "result", CELL_TEXT, false },
    { "BEFORE", "before", CELL_PROSE, false },
    { "AFTER", "after", CELL_PROSE, false },
    { "WHY", "message", CELL_PROSE, false },
    { NULL, "id", CELL_NUMBER, false },
    { 0 },
};

static const struct tone_of tones[] = { { "refused", TONE_BAD }, { 0 } };

static struct cell user_of(const struct query_action *action)
{
    return action->by_system ? cell_text(NULL) : cell_number(action->uid);
}

static void show(struct view *view, const struct query_actions *actions)
{
    struct table *table = document_table(&view->document, "actions", columns);

    table->empty = "Nobody has done anything.";
    for (size_t i = 0; i < actions->count; i++) {
        const struct query_action *action = &actions->list[i];

        table_add(table, (struct cell[]){
                             cell_time(action->at),
                             cell_text(action->name),
                             user_of(action),
                             cell_text(action->what),
                             cell_text(action->subject),
                             cell_toned(cell_text(action->result), tone_find(tones, action->result, TONE_PLAIN)),
                             cell_text(action->before),
                             cell_text(action->after),
                             cell_text(action->message),
                             cell_number(action->id),
                         });
    }
    if (actions->more)
        view->more = "... and more: --limit 0 shows all";
}

static enum status show_log(struct view *view)
{
    const struct flags *given = view->call->flags;
    size_t limit = flags_number(given, "limit", FALLBACK_LIMIT);
    struct query_actions actions;
    struct err err = ERR_EMPTY;
    int64_t since = 0;

    if (!since_parse(flags_value(given, "since"), view->call->style.now, &since, &err))
        return call_fail(view->call, STATUS_USAGE, &err);
    if (!query_actions(view->query, since, limit, &view->document.arena, &actions, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    show(view, &actions);
    return STATUS_DONE;
}

const struct command command_log = {
    .name = "log",
    .synopsis = "[--since WHEN] [--limit N]",
    .summary = "who did what: accepted, exempted, retired, reported, reloaded; the newest first",
    .help = "WHO is the user who asked musterd over its control socket, by the name of then; \"system\" is a signal.\n"
            "What scans bring is in muster history.\n",
    .flags = flags,
    .view = show_log,
};
