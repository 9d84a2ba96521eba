#include "call.h"
#include "published.h"
#include "query_suppose.h"
#include "row.h"
#include "row_protection.h"
#include "row_supposed.h"
#include "selection.h"
#include "supposition.h"
#include "text.h"
#include "thing.h"
#include "view.h"
#include "where.h"

#include <string.h>

#define LIMIT 1000

static const struct flag flags[] = {
    { "product", 'p', "PRODUCT", "if their backup servers were this: mabs-v4, dpm-2025, ..." },
    { "set", 0, "FACT=VALUE", "if their assets had this fact: os.service_pack=1; may come several times" },
    WHERE_FLAG,
    SELECTION_FLAGS,
    { "kind", 'k', "KIND", "only these: vm, esxi_host, sql_instance, ..." },
    { "all", 'a', NULL, "compare each method by itself, and not only what counts" },
    { "each", 'e', NULL, "for people: also each protection by itself" },
    { "limit", 'l', FLAGS_NUMBER, "so many protections at the most (1000; 0: all); counts and groups are whole" },
    PUBLISHED_FLAGS,
};

static const struct column supposed_columns[] = {
    { "product", "product", CELL_TEXT, false },
    { "facts", "facts", CELL_LIST, false },
    { "assets selected", "selected", CELL_NUMBER, false },
    { "protections compared", "compared", CELL_NUMBER, false },
    { "  of assets", "assets", CELL_NUMBER, false },
    { "  that change", "changed", CELL_NUMBER, false },
    { NULL, "left_out", CELL_NUMBER, false },
    { NULL, "in_force", CELL_TRUTH, false },
    { "notes", "notes", CELL_LIST, false },
    { 0 },
};

/* ------------------------------------------------------------------------------------------------------- asked ---- */

static bool take_where(void *context, const char *word, const char *value, struct err *err)
{
    return selection_set(context, word, value, err);
}

/* Product and facts. */
static bool take_asked(struct view *view, struct query_suppose *suppose, struct item *facts, struct err *err)
{
    const char *product = flags_value(view->call->flags, "product");

    if (product != NULL) {
        if (published_edition(view, &product, err) == NULL)
            return false;
        suppose->product = products_find(view->matrix->products, product);
    }
    if (!supposition_facts(view->call->flags, facts, err))
        return false;
    suppose->facts = facts->attributes;
    suppose->fact_count = facts->attribute_count;
    return product != NULL || facts->attribute_count > 0 ||
           err_set(err, ERR_CONFIG,
                   "what if what? --product PRODUCT supposes another backup product, --set FACT=VALUE another fact");
}

/* -------------------------------------------------------------------------------------------------------- told ---- */

static struct cell facts_cell(struct arena *arena, const struct item *facts)
{
    const char **texts = arena_alloc(arena, (facts->attribute_count + 1) * sizeof *texts);

    for (size_t i = 0; i < facts->attribute_count; i++) {
        char value[256];

        texts[i] = arena_format(arena, "%s=%s", facts->attributes[i].name,
                                thing_value_text(&facts->attributes[i].value, value, sizeof value));
    }
    return row_texts(arena, &(struct query_texts){ texts, facts->attribute_count });
}

/* What the reader must know to take the answer for what it is. */
static struct cell notes_cell(struct view *view, const struct query_suppose *suppose,
                              const struct query_supposed *supposed)
{
    struct arena *arena = &view->document.arena;
    const char **notes = arena_alloc(arena, (suppose->fact_count + 3) * sizeof *notes);
    struct query_texts texts = { notes, 0 };

    if (supposed->other != NULL)
        notes[texts.count++] = arena_format(arena, "%s; both sides are judged by those here", supposed->other);
    for (size_t i = 0; i < suppose->fact_count; i++) {
        if (!query_suppose_judged_by(suppose->facts[i].name))
            notes[texts.count++] = arena_format(arena, "no verdict depends on %s", suppose->facts[i].name);
    }
    if (supposed->picked == 0)
        notes[texts.count++] = "nothing is selected";
    return row_texts(arena, &texts);
}

static void add_supposed(struct view *view, const struct query_suppose *suppose, const struct item *facts,
                         const struct query_supposed *supposed)
{
    struct arena *arena = &view->document.arena;
    struct table *table = document_table(&view->document, "supposed", supposed_columns);

    table->single = true;
    table_add(table, (struct cell[]){
                         cell_text(suppose->product == NULL ? NULL : suppose->product->name),
                         facts_cell(arena, facts),
                         cell_number(supposed->picked),
                         cell_number(supposed->compared),
                         cell_number(supposed->assets),
                         cell_number(supposed->changed),
                         cell_number((int64_t)supposed->more),
                         cell_truth(supposed->is_in_force),
                         notes_cell(view, suppose, supposed),
                     });
}

static bool tell_empty(struct view *view, const struct query_supposed *supposed, struct err *err)
{
    struct table *counts = &view->document.tables[1];
    struct query_verdicts verdicts;

    counts->empty = supposed->compared == 0 ? "There is no protection to compare." : "Nothing would change.";
    if (supposed->judged)
        return true;
    if (!query_verdict_state(view->query, &view->document.arena, &verdicts, err))
        return false;
    counts->empty = row_nothing_judged(&view->document.arena, &verdicts);
    return true;
}

static bool show(struct view *view, const struct query_suppose *suppose, const struct item *facts, struct err *err)
{
    bool each = flags_value(view->call->flags, "each") != NULL;
    struct query_supposed supposed;

    if (!query_suppose(view->query, suppose, view->call->style.now, &view->document.arena, &supposed, err))
        return false;
    view->document.main = "protections";
    add_supposed(view, suppose, facts, &supposed);
    row_supposed_counts(view, &supposed);
    if (!tell_empty(view, &supposed, err))
        return false;
    row_supposed_groups(view, &supposed);
    row_supposed_list(view, &supposed, each);
    if (supposed.more > 0 && (each || view->call->style.format == FORMAT_CSV))
        view->more = arena_format(&view->document.arena, "... and %zu more", supposed.more);
    return true;
}

static enum status what_if(struct view *view)
{
    const struct flags *given = view->call->flags;
    struct query_suppose suppose = { .matrix = view->matrix };
    struct query_protection_filter filter;
    struct selection selection = { 0 };
    struct err err = ERR_EMPTY;
    struct item facts;
    enum status status;

    item_init(&facts, &view->document.arena, "machine", "supposed");
    selection_take(&selection, given);
    if (!where_each(view->call->flags, take_where, &selection, &err) || !take_asked(view, &suppose, &facts, &err))
        return call_fail(view->call, STATUS_USAGE, &err);
    status = selection_check(view, &selection);
    if (status != STATUS_DONE)
        return status;
    filter = selection_filter(&selection);
    filter.all = flags_value(given, "all") != NULL;
    filter.limit = flags_number(given, "limit", LIMIT);
    suppose.filter = &filter;
    suppose.kind = selection.kind;
    return show(view, &suppose, &facts, &err) ? STATUS_DONE : call_fail(view->call, STATUS_COULD_NOT, &err);
}

const struct command command_what_if = {
    .name = "what-if",
    .synopsis = "[--product P] [--set FACT=VALUE]... [--server S] [--where WORD=VALUE]... [--each] ...",
    .summary = "what would change with another backup product, or with other facts",
    .help =
        "Judges what the database knows twice, as it is and as it would be, and shows only what changes: lost, a\n"
        "ruling that does not carry over, scope lost, new conditions, deprecated, only how absence is read, other,\n"
        "gained. Nothing is written. The options that select say of which protections (their backup server has the\n"
        "product) and of which assets (they have the facts); facts of a host may change what runs on it, which is\n"
        "shown, too. CSV has the protections.\n",
    .flags = flags,
    .view = what_if,
    .judges = true,
};
