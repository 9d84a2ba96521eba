#include "call.h"
#include "query_alerts.h"
#include "row.h"
#include "view.h"

#define FALLBACK_LIMIT 100

static const struct flag flags[] = {
    { "state", 's', "waiting|dead|delivered", "only these" },
    { "limit", 'l', FLAGS_NUMBER, "so many at the most, the newest (100); 0: all" },
    { "retry", 0, "ID", "let this dead alert wait again, and try its hook at once (all: every one); musterd does it" },
    { 0 },
};

static const char *const states[] = { "waiting", "dead", "delivered" };

static const struct column alert_columns[] = {
    { "ID", "id", CELL_NUMBER, false },
    { "MADE", "made", CELL_AGE, false },
    { "HOOK", "hook", CELL_TEXT, false },
    { "STATE", "state", CELL_TEXT, false },
    { "CLASS", "class", CELL_TEXT, false },
    { "WHAT", "title", CELL_PROSE, false },
    { "TELLS", "count", CELL_NUMBER, false },
    { "TRIES", "tries", CELL_NUMBER, false },
    { "TRIED", "tried", CELL_AGE, false },
    { "WHY", "message", CELL_PROSE, false },
    { NULL, "event", CELL_TEXT, false },
    { NULL, "first_try", CELL_TIME, false },
    { NULL, "ended", CELL_TIME, false },
    { NULL, "key", CELL_TEXT, false },
    { 0 },
};

static const struct column hook_columns[] = {
    { "HOOK", "name", CELL_TEXT, false },
    { "STATE", "state", CELL_TEXT, false },
    { "SINCE", "failing_since", CELL_AGE, false },
    { "NEXT TRY", "next", CELL_DUE, false },
    { "PENDING", "pending", CELL_NUMBER, false },
    { "WAITING", "waiting", CELL_NUMBER, false },
    { "DEAD", "dead", CELL_NUMBER, false },
    { "WHY", "message", CELL_PROSE, false },
    { 0 },
};

static const char *const spare[] = { "TRIED", "CLASS", "TRIES", NULL };
static const struct tone_of tones[] = {
    { "dead", TONE_BAD }, { "failing", TONE_BAD }, { "waiting", TONE_WARN }, { 0 }
};

static struct cell state_cell(const char *state)
{
    return cell_toned(cell_text(state), tone_find(tones, state, TONE_PLAIN));
}

static void add_alert(struct table *table, const struct query_alert *alert)
{
    table_add(table, (struct cell[]){
                         cell_number(alert->id),
                         cell_age(alert->made_at),
                         cell_text(alert->hook),
                         state_cell(alert->state),
                         row_some(alert->need),
                         cell_text(alert->title),
                         cell_number(alert->count),
                         cell_number(alert->tries),
                         cell_age(alert->tried_at),
                         row_some(alert->message),
                         cell_text(alert->what),
                         cell_time(alert->first_try_at),
                         cell_time(alert->ended_at),
                         cell_text(alert->key),
                     });
}

static void add_hook(struct table *table, const struct query_hook *hook)
{
    table_add(table, (struct cell[]){
                         cell_text(hook->name),
                         state_cell(hook->failed_at == 0 ? "fine" : "failing"),
                         cell_age(hook->failed_at),
                         cell_due(hook->retry_at),
                         cell_number(hook->pending),
                         cell_number(hook->waiting),
                         cell_number(hook->dead),
                         row_some(hook->message),
                     });
}

static void show(struct view *view, const struct query_alerts *alerts)
{
    struct table *list = document_table(&view->document, "alerts", alert_columns);
    struct table *hooks = document_table(&view->document, "hooks", hook_columns);

    list->empty = "No alert is like that.";
    list->spare = spare;
    for (size_t i = 0; i < alerts->count; i++)
        add_alert(list, &alerts->list[i]);
    hooks->caption = "Hooks";
    hooks->empty = "No hook is configured, or musterd has not looked yet.";
    for (size_t i = 0; i < alerts->hook_count; i++)
        add_hook(hooks, &alerts->hooks[i]);
    if (alerts->more)
        view->more = "... and more: --limit 0 shows all";
}

static enum status show_alerts(struct view *view)
{
    const struct flags *given = view->call->flags;
    size_t limit = flags_number(given, "limit", FALLBACK_LIMIT);
    const char *state = flags_value(given, "state") == NULL ? NULL : states[flags_word(given, "state", 0)];
    struct query_alerts alerts;
    struct err err = ERR_EMPTY;

    if (!query_alerts(view->query, state, limit, &view->document.arena, &alerts, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    show(view, &alerts);
    return STATUS_DONE;
}

static enum status run(const struct call *call)
{
    const char *retry = flags_value(call->flags, "retry");

    return retry == NULL ? view_run(call) : call_act(call, "retry", &retry, 1);
}

const struct command command_alerts = {
    .name = "alerts",
    .synopsis = "[--state waiting|dead|delivered] [--limit N] | --retry ID",
    .summary = "what hooks were told, or are to be told, and how the hooks are; the newest first",
    .help = "An alert waits until its hook's script has taken it; after the hook's give_up it is dead, and tried no\n"
            "more. What is in its grace yet, or waits for the end of a maintenance, is counted as pending.\n",
    .flags = flags,
    .view = show_alerts,
    .run = run,
};
