#include "attribute.h"
#include "call.h"

#include <inttypes.h>
#include <stdio.h>

static const struct flag flags[] = {
    { "kind", 'k', "KIND", "only these: vm, machine, sql_instance, ..." },
    { "target", 't', "TARGET", "only what this target sees" },
    { "tag", 0, "TAG", "only what targets with this tag see" },
    { "name", 'n', "PATTERN", "only these names; * is any text, ? one character" },
    { "gone", 0, NULL, "what is gone, instead of what is there" },
    { "limit", 'l', FLAGS_NUMBER, "so many at the most (all)" },
    { 0 },
};

static const struct column columns[] = {
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

/* A misspelt word must not look like an empty inventory. A kind of the dictionary is right where there is none of it,
 * too. */
static enum status check_words(const struct call *call, struct query *query, const struct query_filter *filter,
                               struct arena *arena)
{
    struct query_texts kinds, targets, tags;
    struct err err = ERR_EMPTY;

    if (filter->kind == NULL && filter->target == NULL && filter->tag == NULL)
        return STATUS_DONE;
    if (!query_words(query, arena, &kinds, &targets, &tags, &err))
        return call_fail(call, STATUS_COULD_NOT, &err);
    if ((filter->kind != NULL && kind_find(filter->kind) == NULL && !call_known("kind", filter->kind, &kinds, &err)) ||
        (filter->target != NULL && !call_known("target", filter->target, &targets, &err)) ||
        (filter->tag != NULL && !call_known("tag", filter->tag, &tags, &err)))
        return call_fail(call, STATUS_USAGE, &err);
    return STATUS_DONE;
}

static void add_asset(struct document *document, struct table *table, const struct query_asset *asset)
{
    bool stale = asset->stale && asset->gone_at == 0;

    table_add(table, (struct cell[]){
                         cell_number(asset->id),
                         cell_text(asset->kind),
                         cell_text(asset->name),
                         cell_text(asset->system),
                         call_texts(&document->arena, &asset->sources),
                         cell_toned(cell_age(asset->seen_at), stale ? TONE_WARN : TONE_PLAIN),
                         call_asset_state(asset),
                         cell_time(asset->gone_at),
                     });
}

static enum status print_list(const struct call *call, const struct query_assets *assets)
{
    struct document document;
    struct table *table;
    enum status status;

    document_init(&document, "assets");
    table = document_table(&document, "assets", columns);
    table->empty = call->flags->given.count > 0 ? "No asset is like that."
                                                : "Nothing was found yet: muster status shows how the scans went.";
    for (size_t i = 0; i < assets->count; i++)
        add_asset(&document, table, &assets->list[i]);
    status = call_print(call, &document);
    if (assets->more > 0 && call->style.format == FORMAT_TABLE)
        fprintf(stderr, "... and %zu more\n", assets->more);
    document_finish(&document);
    return status;
}

static enum status list(const struct call *call, struct query *query, struct arena *arena)
{
    struct query_filter filter = {
        .kind = flags_value(call->flags, "kind"),
        .target = flags_value(call->flags, "target"),
        .tag = flags_value(call->flags, "tag"),
        .name = flags_value(call->flags, "name"),
        .gone = flags_value(call->flags, "gone") != NULL,
        .limit = flags_number(call->flags, "limit", 0),
    };
    struct query_assets assets;
    struct err err = ERR_EMPTY;
    enum status status;

    status = check_words(call, query, &filter, arena);
    if (status != STATUS_DONE)
        return status;
    if (!query_list(query, &filter, call->style.now, arena, &assets, &err))
        return call_fail(call, STATUS_COULD_NOT, &err);
    return print_list(call, &assets);
}

static enum status run(const struct call *call)
{
    struct query *query = call_open(call);
    struct arena arena;
    enum status status;

    if (query == NULL)
        return STATUS_COULD_NOT;
    arena_init(&arena, ARENA_PLAIN);
    status = list(call, query, &arena);
    arena_finish(&arena);
    query_close(query);
    return status;
}

const struct command command_list = {
    .name = "list",
    .synopsis = "[--kind KIND] [--target TARGET] [--tag TAG] [--name PATTERN] [--gone] [--limit N]",
    .summary = "the assets, by name",
    .help = "An asset is stale when none of its sources has seen it in the last three of its rounds.\n",
    .flags = flags,
    .run = run,
};
