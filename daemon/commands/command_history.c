#include "call.h"
#include "clock.h"
#include "text.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define FALLBACK_LIMIT 500

static const struct flag flags[] = {
    { "since", 's', "WHEN", "30m, 12h, 7d, 4w ago; or a date, 2026-11-22; or a time, 2026-11-22T08:00:00Z" },
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

static bool parse_since(const char *text, int64_t now, int64_t *since, struct err *err)
{
    char date[CLOCK_TEXT_SIZE], quote[TEXT_QUOTE_SIZE];
    int64_t ago;

    if (text == NULL)
        return true;
    snprintf(date, sizeof date, "%.10sT00:00:00Z", text);
    if (duration_parse(text, &ago, NULL))
        *since = now - ago;
    else if (!clock_parse(text, since, NULL) && !(strlen(text) == 10 && clock_parse(date, since, NULL)))
        return err_set(err, ERR_CONFIG,
                       "--since %s: give a duration such as 12h or 7d, a date such as 2026-11-22, or a time such as "
                       "2026-11-22T08:00:00Z (UTC)",
                       text_quote(quote, text));
    if (*since < 1)
        *since = 1;
    return true;
}

static enum tone tone_of(const char *what)
{
    static const struct {
        const char *what;
        enum tone tone;
    } tones[] = { { "appeared", TONE_GOOD }, { "returned", TONE_GOOD }, { "gone", TONE_BAD }, { "retired", TONE_DIM } };

    for (size_t i = 0; i < sizeof tones / sizeof *tones; i++) {
        if (strcmp(tones[i].what, what) == 0)
            return tones[i].tone;
    }
    return TONE_PLAIN;
}

static enum status print_history(const struct call *call, const struct query_changes *changes)
{
    struct document document;
    struct table *table;
    enum status status;

    document_init(&document, "changes");
    table = document_table(&document, "changes", columns);
    table->empty = "Nothing has changed.";
    for (size_t i = 0; i < changes->count; i++) {
        const struct query_change *change = &changes->list[i];

        table_add(table, (struct cell[]){
                             cell_time(change->at),
                             cell_number(change->asset),
                             cell_text(change->kind),
                             cell_text(change->name),
                             cell_toned(cell_text(change->what), tone_of(change->what)),
                             cell_text(change->words),
                             cell_text(change->target),
                             cell_number(change->journal),
                             cell_json(change->detail),
                         });
    }
    status = call_print(call, &document);
    if (changes->more)
        fprintf(stderr, "... and more: --limit 0 shows all\n");
    document_finish(&document);
    return status;
}

static enum status history(const struct call *call, struct query *query, struct arena *arena)
{
    size_t limit = flags_number(call->flags, "limit", FALLBACK_LIMIT);
    int64_t asset = 0, since = 0;
    struct query_changes changes;
    enum status status;
    struct err err = ERR_EMPTY;

    if (!parse_since(flags_value(call->flags, "since"), call->style.now, &since, &err))
        return call_fail(call, STATUS_USAGE, &err);
    if (call->flags->operands.count > 0) {
        status = call_find(call, query, call->flags->operands.items[0], arena, &asset);
        if (status != STATUS_DONE)
            return status;
    }
    if (!query_history(query, asset, since, limit, arena, &changes, &err))
        return call_fail(call, STATUS_COULD_NOT, &err);
    return print_history(call, &changes);
}

static enum status run(const struct call *call)
{
    struct query *query = call_open(call);
    struct arena arena;
    enum status status;

    if (query == NULL)
        return STATUS_COULD_NOT;
    arena_init(&arena, ARENA_PLAIN);
    status = history(call, query, &arena);
    arena_finish(&arena);
    query_close(query);
    return status;
}

const struct command command_history = {
    .name = "history",
    .synopsis = "[ITEM] [--since WHEN] [--limit N]",
    .summary = "drift: what appeared, changed, moved or is gone, the newest first",
    .help = "ITEM is an asset's id, or its name where only one has it; without it, all assets.\n",
    .flags = flags,
    .most = 1,
    .run = run,
};
