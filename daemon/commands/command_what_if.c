#include "call.h"
#include "plan_html.h"
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
#define FORMATS "table|json|csv|html"
#define FORMAT_PAGE (FORMAT_CSV + 1) /* among FORMATS */

static const struct flag flags[] = {
    { "product", 'p', "PRODUCT", "if their backup servers were this: mabs-v4, dpm-2025, ..." },
    { "set", 0, "FACT=VALUE", "if their assets had this fact: os.service_pack=1; may come several times" },
    WHERE_FLAG,
    SELECTION_FLAGS,
    { "kind", 'k', "KIND", "only these: vm, esxi_host, sql_instance, ..." },
    { "all", 'a', NULL, "compare each method by itself, and not only what counts" },
    { "each", 'e', NULL, "for people: also each protection by itself" },
    { "limit", 'l', FLAGS_NUMBER, "so many protections at the most (1000; 0: all); counts and groups are whole" },
    { "format", 0, FORMATS, "for people (the usual), for programs, or a page: an upgrade plan" },
    { "output", 'o', "FILE", "write the page there, whole or not at all, instead of printing it" },
    { "title", 0, "TITLE", "what stands above the page" },
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

/* A question with its answer. */
struct told {
    const struct query_suppose *suppose;
    struct query_supposed supposed;
    struct query_texts facts, notes;
    const char *nothing; /* why nothing was compared; NULL: something was */
};

static struct query_texts facts_told(struct arena *arena, const struct query_suppose *suppose)
{
    const char **texts = arena_alloc(arena, (suppose->fact_count + 1) * sizeof *texts);

    for (size_t i = 0; i < suppose->fact_count; i++) {
        char value[256];

        texts[i] = arena_format(arena, "%s=%s", suppose->facts[i].name,
                                thing_value_text(&suppose->facts[i].value, value, sizeof value));
    }
    return (struct query_texts){ texts, suppose->fact_count };
}

/* What the reader must know to take the answer for what it is. */
static struct query_texts notes_told(struct arena *arena, const struct query_suppose *suppose,
                                     const struct query_supposed *supposed)
{
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
    return texts;
}

static bool tell_nothing(struct view *view, struct told *told, struct err *err)
{
    struct query_verdicts verdicts;

    told->nothing = told->supposed.compared == 0 ? "There is no protection to compare." : NULL;
    if (told->supposed.judged)
        return true;
    if (!query_verdict_state(view->query, &view->document.arena, &verdicts, err))
        return false;
    told->nothing = row_nothing_judged(&view->document.arena, &verdicts);
    return true;
}

static bool answer(struct view *view, struct told *told, struct err *err)
{
    struct arena *arena = &view->document.arena;

    if (!query_suppose(view->query, told->suppose, view->call->style.now, arena, &told->supposed, err))
        return false;
    told->facts = facts_told(arena, told->suppose);
    told->notes = notes_told(arena, told->suppose, &told->supposed);
    return tell_nothing(view, told, err);
}

/* ------------------------------------------------------------------------------------------------------ tables ---- */

static void add_supposed(struct view *view, const struct told *told)
{
    const struct query_supposed *supposed = &told->supposed;
    struct arena *arena = &view->document.arena;
    struct table *table = document_table(&view->document, "supposed", supposed_columns);

    table->single = true;
    table_add(table, (struct cell[]){
                         cell_text(told->suppose->product == NULL ? NULL : told->suppose->product->name),
                         row_texts(arena, &told->facts),
                         cell_number(supposed->picked),
                         cell_number(supposed->compared),
                         cell_number(supposed->assets),
                         cell_number(supposed->changed),
                         cell_number((int64_t)supposed->more),
                         cell_truth(supposed->is_in_force),
                         row_texts(arena, &told->notes),
                     });
}

static void show(struct view *view, const struct told *told)
{
    const struct query_supposed *supposed = &told->supposed;
    bool each = flags_value(view->call->flags, "each") != NULL;

    view->document.main = "protections";
    add_supposed(view, told);
    row_supposed_counts(view, supposed);
    view->document.tables[1].empty = told->nothing == NULL ? "Nothing would change." : told->nothing;
    row_supposed_groups(view, supposed);
    row_supposed_list(view, supposed, each);
    if (supposed->more > 0 && (each || view->call->style.format == FORMAT_CSV))
        view->more = arena_format(&view->document.arena, "... and %zu more", supposed->more);
}

/* -------------------------------------------------------------------------------------------------------- page ---- */

static bool print_plan(const struct view *view, struct err *err)
{
    const char *output = flags_value(view->call->flags, "output");

    return output != NULL ? plan_html_write_file(view->printed, output, err)
                          : plan_html_write(view->printed, view->call->style.out, err);
}

static void show_plan(struct view *view, const struct told *told, const struct selection *selection)
{
    struct plan *plan = arena_alloc(&view->document.arena, sizeof *plan);
    struct query_supposed *supposed = arena_alloc(&view->document.arena, sizeof *supposed);

    *supposed = told->supposed;
    *plan = (struct plan){ .matrix = view->matrix,
                           .product = told->suppose->product,
                           .supposed = supposed,
                           .selection = selection_texts(selection, &view->document.arena),
                           .facts = told->facts,
                           .notes = told->notes,
                           .nothing = told->nothing,
                           .now = view->call->style.now,
                           .title = flags_value(view->call->flags, "title"),
                           .version = view->call->version };
    view->print = print_plan;
    view->printed = plan;
}

static bool is_page(const struct view *view)
{
    return flags_word(view->call->flags, "format", FORMAT_TABLE) == FORMAT_PAGE;
}

static bool check_output(const struct view *view, struct err *err)
{
    const char *output = flags_value(view->call->flags, "output");

    if (flags_value(view->call->flags, "title") != NULL && !is_page(view))
        return err_set(err, ERR_CONFIG, "--title is of the page: say --format html, too");
    if (output == NULL)
        return true;
    if (!is_page(view))
        return err_set(err, ERR_CONFIG, "--output takes the page: say --format html, too");
    return output[0] != '\0' || err_set(err, ERR_CONFIG, "--output: name a file");
}

/* --------------------------------------------------------------------------------------------------------- all ---- */

static enum status what_if(struct view *view)
{
    const struct flags *given = view->call->flags;
    struct query_suppose suppose = { .matrix = view->matrix };
    struct told told = { .suppose = &suppose };
    struct query_protection_filter filter;
    struct selection selection = { 0 };
    struct err err = ERR_EMPTY;
    struct item facts;
    enum status status;

    item_init(&facts, &view->document.arena, "machine", "supposed");
    selection_take(&selection, given);
    if (!check_output(view, &err) || !where_each(given, take_where, &selection, &err) ||
        !take_asked(view, &suppose, &facts, &err))
        return call_fail(view->call, STATUS_USAGE, &err);
    status = selection_check(view, &selection);
    if (status != STATUS_DONE)
        return status;
    filter = selection_filter(&selection);
    filter.all = flags_value(given, "all") != NULL;
    filter.limit = flags_number(given, "limit", LIMIT);
    suppose.filter = &filter;
    suppose.kind = selection.kind;
    if (!answer(view, &told, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    if (is_page(view))
        show_plan(view, &told, &selection);
    else
        show(view, &told);
    return STATUS_DONE;
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
        "shown, too. CSV has the protections; HTML is an upgrade plan for who was not there.\n",
    .flags = flags,
    .view = what_if,
    .judges = true,
};
