#include "list_inventory.h"

#include "call.h"
#include "row.h"

static void show(struct view *view, const struct query_assets *assets)
{
    static const char *const spare[] = { "SEEN", "SOURCES", NULL };
    struct table *table = document_table(&view->document, "assets", row_assets);

    table->spare = spare;
    /* --inventory is one of those given. */
    table->empty = view->call->flags->given.count > 1
                       ? "No asset is like that."
                       : "Nothing was found yet: muster status shows how the scans went.";
    for (size_t i = 0; i < assets->count; i++)
        row_add_asset(&view->document, table, &assets->list[i]);
    if (assets->more > 0 && view->call->style.format == FORMAT_TABLE)
        view->more = arena_format(&view->document.arena, "... and %zu more", assets->more);
}

enum status list_inventory(struct view *view)
{
    const struct flags *given = view->call->flags;
    struct query_filter filter = {
        .kind = flags_value(given, "kind"),
        .target = flags_value(given, "target"),
        .tag = flags_value(given, "tag"),
        .name = flags_value(given, "name"),
        .gone = flags_value(given, "gone") != NULL,
        .limit = flags_number(given, "limit", 0),
    };
    struct query_assets assets;
    struct err err = ERR_EMPTY;

    if (!query_list(view->query, &filter, view->call->style.now, &view->document.arena, &assets, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    show(view, &assets);
    return STATUS_DONE;
}
