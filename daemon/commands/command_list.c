#include "call.h"
#include "list_coverage.h"
#include "list_inventory.h"
#include "row_protection.h"
#include "selection.h"

#include <stddef.h>
#include <string.h>

static const struct flag flags[] = {
    SELECTION_FLAGS,
    { "exempt", 0, NULL, "only what an exemption covers" },
    { "stale", 0, NULL, "only what no source has seen within its max_age" },
    { "all", 'a', NULL, "also the methods that do not count, and what a rule excludes" },
    { "limit", 'l', FLAGS_NUMBER, "so many at the most (all)" },
    { "coverage", 0, NULL, "each asset once: whether a backup server protects it, and whether that is supported" },
    { "inventory", 0, NULL, "the assets themselves, instead of their protections" },
    { "kind", 'k', "KIND", "with --inventory: only these: vm, machine, sql_instance, ..." },
    { "gone", 0, NULL, "with --inventory: what is gone, instead of what is there" },
    { 0 },
};

/* Which options belong to one of both lists alone. */
static const char *const inventory_only[] = { "kind", "gone", NULL };
static const char *const protections_only[] = { "verdict", "class",    "workload",    "method", "server",
                                                "owner",   "site",     "criticality", "exempt", "stale",
                                                "all",     "coverage", NULL };
static const char *const not_of_coverage[] = { "exempt", "all", NULL };

static bool check_list(const struct flags *given, struct err *err)
{
    bool inventory = flags_value(given, "inventory") != NULL;
    const char *const *others = inventory ? protections_only : inventory_only;

    for (; *others != NULL; others++) {
        if (flags_value(given, *others) == NULL)
            continue;
        if (inventory)
            return err_set(err, ERR_CONFIG, "--%s is about protections: leave out --inventory", *others);
        return err_set(err, ERR_CONFIG, "--%s is about the inventory: muster list --inventory --%s ...", *others,
                       *others);
    }
    others = not_of_coverage;
    for (; flags_value(given, "coverage") != NULL && *others != NULL; others++) {
        if (flags_value(given, *others) != NULL)
            return err_set(err, ERR_CONFIG,
                           "--coverage is about assets, and --%s about single protections: leave one out", *others);
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------------- list ---- */

/* Why a table is empty, and whether there is more to come. */
static bool tell_state(struct view *view, struct table *table, size_t more, struct err *err)
{
    struct arena *arena = &view->document.arena;
    struct query_verdicts verdicts;
    const char *waiting;

    if (view->call->style.format != FORMAT_TABLE)
        return true;
    if (!query_verdict_state(view->query, arena, &verdicts, err))
        return false;
    table->empty = row_nothing_judged(arena, &verdicts);
    if (table->empty != NULL)
        return true;
    table->empty = "No protection is like that.";
    waiting = row_still_judging(arena, &verdicts);
    if (more > 0)
        view->more = arena_format(arena, "... and %zu more%s%s", more, waiting == NULL ? "" : "; ",
                                  waiting == NULL ? "" : waiting);
    else
        view->more = waiting;
    return true;
}

static enum status list_protections(struct view *view, const struct selection *selection)
{
    const struct flags *given = view->call->flags;
    struct query_protection_filter filter = selection_filter(selection);
    struct table *table = document_table(&view->document, "protections", row_protections);
    struct query_protections protections;
    struct err err = ERR_EMPTY;

    filter.exempt = flags_value(given, "exempt") != NULL;
    filter.stale = flags_value(given, "stale") != NULL;
    filter.all = flags_value(given, "all") != NULL;
    filter.limit = flags_number(given, "limit", 0);
    table->spare = row_spare_of_protections;
    if (!query_protection_list(view->query, &filter, view->call->style.now, &view->document.arena, &protections,
                               &err) ||
        !tell_state(view, table, protections.more, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    for (size_t i = 0; i < protections.count; i++)
        row_add_protection(view, table, &protections.list[i]);
    return STATUS_DONE;
}

static enum status list(struct view *view)
{
    const struct flags *given = view->call->flags;
    struct selection selection = { 0 };
    struct err err = ERR_EMPTY;
    enum status status;

    if (!check_list(given, &err))
        return call_fail(view->call, STATUS_USAGE, &err);
    selection_take(&selection, given);
    status = selection_check(view, &selection);
    if (status != STATUS_DONE)
        return status;
    if (flags_value(given, "coverage") != NULL)
        return list_coverage(view, &selection);
    return flags_value(given, "inventory") != NULL ? list_inventory(view) : list_protections(view, &selection);
}

const struct command command_list = {
    .name = "list",
    .synopsis = "[--coverage] [--verdict V] [--class C] [--workload W] [--method M] [--server S] [--stale] ...",
    .summary = "the protections with their verdicts, the worst first; with --inventory the assets",
    .help =
        "A protection is one way to protect an asset by one backup server. muster explain ITEM tells why a verdict\n"
        "is what it is. --class act is what needs action (unsupported, contradictory, unlisted newer or older),\n"
        "decide asks for a decision (deprecated, and all else that is unlisted), look for a look (unknown,\n"
        "conditional, and what is fine but stale: no source has seen it within its max_age).\n"
        "--coverage has each asset once: protected by a backup server or not (as its own database, DPMDB, says), and\n"
        "supported or not. protected-unsupported is a restore that may fail.\n"
        "With --inventory, only --kind, --target, --tag, --name, --gone and --limit narrow it down.\n",
    .flags = flags,
    .view = list,
};
