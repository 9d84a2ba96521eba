#include "call.h"

#include "log.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

enum status call_fail(const struct call *call, enum status status, const struct err *err)
{
    log_error("%s", err->text);
    if (call->note != NULL && status == STATUS_COULD_NOT)
        log_info("%s", call->note);
    return status;
}

struct query *call_open(const struct call *call)
{
    struct err err = ERR_EMPTY;
    struct query *query = query_open(call->database, &err);

    if (query == NULL)
        call_fail(call, STATUS_COULD_NOT, &err);
    return query;
}

enum status call_print(const struct call *call, const struct document *document)
{
    struct err err = ERR_EMPTY;

    return document_print(document, &call->style, &err) ? STATUS_DONE : call_fail(call, STATUS_COULD_NOT, &err);
}

/* The candidates as a table on standard error: what is printed on standard output is only what was asked for. */
static void show_candidates(const struct call *call, const struct query_found *found)
{
    static const struct column columns[] = {
        { "ID", "id", CELL_NUMBER, false },
        { "KIND", "kind", CELL_TEXT, false },
        { "NAME", "name", CELL_TEXT, false },
        { 0 },
    };
    struct style style = { .format = FORMAT_TABLE, .now = call->style.now, .out = stderr };
    struct document document;
    struct table *table;

    document_init(&document, "candidates");
    table = document_table(&document, "candidates", columns);
    for (size_t i = 0; i < found->count; i++) {
        const struct query_asset *asset = &found->candidates[i];

        table_add(table, (struct cell[]){ cell_number(asset->id), cell_text(asset->kind), cell_text(asset->name) });
    }
    document_print(&document, &style, NULL);
    document_finish(&document);
}

enum status call_find(const struct call *call, struct query *query, const char *item, struct arena *arena, int64_t *id)
{
    char quote[TEXT_QUOTE_SIZE];
    struct query_found found;
    struct err err = ERR_EMPTY;

    if (!query_find(query, item, arena, &found, &err))
        return call_fail(call, STATUS_COULD_NOT, &err);
    *id = found.id;
    if (found.merged_from != 0)
        log_info("asset %lld has become part of asset %lld", (long long)found.merged_from, (long long)found.id);
    if (found.id != 0)
        return STATUS_DONE;
    if (found.ambiguous)
        log_error("%s is the name of several assets; say which by its id:", text_quote(quote, item));
    else if (found.count > 0)
        log_error("there is no asset %s; did you mean one of these?", text_quote(quote, item));
    else
        log_error("there is no asset %s, nor one with a name like it; muster list shows all", text_quote(quote, item));
    if (found.count > 0)
        show_candidates(call, &found);
    if (found.ambiguous && found.count == QUERY_MAX_CANDIDATES)
        log_info("perhaps there are more: muster list --name NAME shows them all");
    return STATUS_USAGE;
}

bool call_known(const char *what, const char *word, const struct query_texts *known, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE], near_quote[TEXT_QUOTE_SIZE];
    const char *nearest;

    for (size_t i = 0; i < known->count; i++) {
        if (strcmp(known->texts[i], word) == 0)
            return true;
    }
    nearest = text_nearest(word, known->texts, known->count);
    if (nearest == NULL)
        return err_set(err, ERR_CONFIG, "there is no %s %s", what, text_quote(quote, word));
    return err_set(err, ERR_CONFIG, "there is no %s %s; did you mean %s?", what, text_quote(quote, word),
                   text_quote(near_quote, nearest));
}

struct cell call_texts(struct arena *arena, const struct query_texts *texts)
{
    struct cell_list *list = arena_alloc(arena, sizeof *list);

    *list = (struct cell_list){ texts->texts, texts->count };
    return cell_list(list);
}

struct cell call_asset_state(const struct query_asset *asset)
{
    if (asset->gone_at != 0)
        return cell_toned(cell_text("gone"), TONE_DIM);
    return asset->stale ? cell_toned(cell_text("stale"), TONE_WARN) : cell_text("present");
}

/* The words of a run that went well, and of one that never was; all others are classes of failure. */
static const struct {
    const char *word;
    enum tone tone;
} results[] = { { "complete", TONE_GOOD }, { "delta", TONE_GOOD }, { "partial", TONE_WARN }, { "never", TONE_WARN } };

struct cell call_result(const char *result)
{
    if (result == NULL)
        return cell_text(NULL);
    for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
        if (strcmp(results[i].word, result) == 0)
            return cell_toned(cell_text(result), results[i].tone);
    }
    return cell_toned(cell_text(result), TONE_BAD);
}

bool call_result_is_good(const char *result)
{
    return result != NULL && strcmp(result, "never") != 0 && call_result(result).tone != TONE_BAD;
}

enum status call_ask(const struct call *call, const char *verb, int silence_ms, ask_record *record, void *context)
{
    const struct ask ask = { .socket = call->control,
                             .verb = verb,
                             .arguments = call->flags->operands.items,
                             .count = call->flags->operands.count,
                             .silence_ms = silence_ms,
                             .record = record,
                             .context = context };
    struct ask_answer answer;

    if (ask_daemon(&ask, &answer) != ASK_ANSWERED)
        return call_fail(call, STATUS_COULD_NOT, &answer.err);
    if (answer.err.text[0] == '\0')
        return (enum status)answer.status;
    if (answer.status != STATUS_DONE)
        log_error("%s", answer.err.text);
    else
        log_info("%s", answer.err.text);
    return (enum status)answer.status;
}
