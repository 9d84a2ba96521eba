#include "row.h"

#include <string.h>

struct cell row_some(const char *text)
{
    return cell_text(text == NULL || text[0] == '\0' ? NULL : text);
}

struct cell row_texts(struct arena *arena, const struct query_texts *texts)
{
    struct cell_list *list = arena_alloc(arena, sizeof *list);

    *list = (struct cell_list){ texts->texts, texts->count, false };
    return cell_list(list);
}

struct cell row_numbers(struct arena *arena, const int *numbers, size_t count)
{
    const char **texts = arena_alloc(arena, (count + 1) * sizeof *texts);
    struct cell_list *list = arena_alloc(arena, sizeof *list);

    for (size_t i = 0; i < count; i++)
        texts[i] = arena_format(arena, "%d", numbers[i]);
    *list = (struct cell_list){ texts, count, true };
    return cell_list(list);
}

/* The words of a run that went well, and of one that never was; all others are classes of failure. */
static const struct tone_of results[] = {
    { "complete", TONE_GOOD }, { "delta", TONE_GOOD }, { "partial", TONE_WARN }, { "never", TONE_WARN }, { 0 },
};

struct cell row_result(const char *result)
{
    return result == NULL ? cell_text(NULL) : cell_toned(cell_text(result), tone_find(results, result, TONE_BAD));
}

bool row_result_is_good(const char *result)
{
    return result != NULL && strcmp(result, "never") != 0 && row_result(result).tone != TONE_BAD;
}

const struct column row_assets[] = {
    { "ID", "id", CELL_NUMBER, false },
    { "KIND", "kind", CELL_TEXT, false },
    { "NAME", "name", CELL_TEXT, false },
    { "SYSTEM", "system", CELL_TEXT, false },
    { "SOURCES", "sources", CELL_LIST, false },
    { "SEEN", "seen", CELL_AGE, false },
    { "STATE", "state", CELL_TEXT, false },
    { NULL, "gone", CELL_TIME, false },
    { 0 },
};

const struct column row_asset[] = {
    { "id", "id", CELL_NUMBER, false },
    { "kind", "kind", CELL_TEXT, false },
    { "name", "name", CELL_TEXT, false },
    { "system", "system", CELL_TEXT, false },
    { "sources", "sources", CELL_LIST, false },
    { "seen", "seen", CELL_AGE, false },
    { "state", "state", CELL_TEXT, false },
    { "gone", "gone", CELL_TIME, false },
    { 0 },
};

static struct cell asset_state(const struct query_asset *asset)
{
    if (asset->gone_at != 0)
        return cell_toned(cell_text("gone"), TONE_DIM);
    return asset->stale ? cell_toned(cell_text("stale"), TONE_WARN) : cell_text("present");
}

void row_add_asset(struct document *document, struct table *table, const struct query_asset *asset)
{
    bool stale = asset->stale && asset->gone_at == 0;

    table_add(table, (struct cell[]){
                         cell_number(asset->id),
                         cell_text(asset->kind),
                         cell_text(asset->name),
                         cell_text(asset->system),
                         row_texts(&document->arena, &asset->sources),
                         cell_toned(cell_age(asset->seen_at), stale ? TONE_WARN : TONE_PLAIN),
                         asset_state(asset),
                         cell_time(asset->gone_at),
                     });
}

const struct column row_credentials[] = {
    { "CREDENTIAL", "name", CELL_TEXT, false },
    { "STATE", "state", CELL_TEXT, false },
    { "SINCE", "since", CELL_AGE, false },
    { "NEXT TRY", "next", CELL_DUE, false },
    { "TARGET", "target", CELL_TEXT, false },
    { "WHY", "why", CELL_PROSE, false },
    { 0 },
};

void row_add_credential(struct table *table, const struct query_credential *credential)
{
    bool held = strcmp(credential->state, "held") == 0;

    table_add(table, (struct cell[]){
                         cell_text(credential->name),
                         cell_toned(cell_text(credential->state), held ? TONE_BAD : TONE_PLAIN),
                         cell_age(credential->held_at),
                         cell_due(credential->retry_at),
                         cell_text(credential->target),
                         cell_text(credential->why),
                     });
}
