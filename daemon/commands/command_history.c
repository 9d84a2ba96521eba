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
    { "WHEN", "at", CELL_TIME, false },       { "ID", "id", CELL_NUMBER, false },
    { "KIND", "kind", CELL_TEXT, false },     { "NAME", "name", CELL_TEXT, false },
    { "WHAT", "what", CELL_TEXT, false },     { "CHANGE", "words", CELL_PROSE, false },
    { "TARGET", "target", CELL_TEXT, false }, { NULL, "journal", CELL_NUMBER, false },
    { NULL, "detail", CELL_JSON, false },     { 0 },
};

static const struct tone_of tones[] = {
    { "appeared", TONE_GOOD }, { "returned", TONE_GOOD }, { "gone", TONE_BAD }, { "retired", TONE_DIM }, { 0 },
};

static void show(struct view *view, const struct query_changes *changes)
{
    struct table *table = document_table(&view->document, "changes", columns);

    table->empty = "Nothing has changed.";
    for (size_t i = 0; i < changes->count; i++) {
        const struct query_change *change = &changes->list[i];

        table_add(table, (struct cell[]){
                             cell_time(change->at),
                             cell_number(change->asset),
                             cell_text(change->kind),
                             cell_text(change->name),
                             cell_toned(cell_text(change->what), tone_find(tones, change->what, TONE_PLAIN)),
                             cell_text(change->words),
                             cell_text(change->target),
                             change->journal == 0 ? cell_text(NULL) : cell_number(change->journal),
                             cell_json(change->detail),
                         });
    }
    if (changes->more)
        view->more = "... and more: --limit 0 shows all";
}

static enum status history(struct view *view)
{
    const struct flags *given = view->call->flags;
    size_t limit = flags_number(given, "limit", FALLBACK_LIMIT);
    int64_t asset = 0, since = 0;
    struct query_changes changes;
    struct err err = ERR_EMPTY;
    enum status status;

    if (!since_parse(flags_value(given, "since"), view->call->style.now, &since, &err))
        return call_fail(view->call, STATUS_USAGE, &err);
    if (given->operands.count > 0) {
        status = view_find(view, given->operands.items[0], &asset);
        if (status != STATUS_DONE)
            return status;
    }
    if (!query_history(view->query, asset, since, limit, &view->document.arena, &changes, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    show(view, &changes);
    return STATUS_DONE;
}

const struct command command_history = {
    .name = "history",
    .synopsis = "[ITEM] [--since WHEN] [--limit N]",
    .summary = "drift: what appeared, changed, moved or is gone, and other verdicts, the newest first",
    .help = "ITEM is an asset's id, or its name where only one has it; without it, all assets.\n",
    .flags = flags,
    .most = 1,
    .view = history,
};
