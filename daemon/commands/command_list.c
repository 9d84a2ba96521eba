#include "call.h"
#include "list_inventory.h"
#include "row_protection.h"

#include <stddef.h>
#include <string.h>

static const struct flag flags[] = {
    { "verdict", 'v', "VERDICT", "supported, deprecated, conditional, unknown, unlisted, contradictory, unsupported" },
    { "class", 0, "CLASS", "act, decide, look; or of what is unlisted: gap, level, newer, older, sku, foreign" },
    { "workload", 'w', "WORKLOAD", "server, sql, hyperv-host, ..." },
    { "method", 'm', "METHOD", "agent, application, image, host" },
    { "server", 0, "SERVER", "only what this backup server protects" },
    { "owner", 0, "OWNER", "only what the configuration gives this owner" },
    { "site", 0, "SITE", "only what the configuration gives this site" },
    { "criticality", 0, "CRITICALITY", "only what the configuration calls so critical" },
    { "exempt", 0, NULL, "only what an exemption covers" },
    { "stale", 0, NULL, "only what no source has seen within its max_age" },
    { "all", 'a', NULL, "also the methods that do not count, and what a rule excludes" },
    { "target", 't', "TARGET", "only what this target sees" },
    { "tag", 0, "TAG", "only what targets with this tag see" },
    { "name", 'n', "PATTERN", "only these names; * is any text, ? one character" },
    { "limit", 'l', FLAGS_NUMBER, "so many at the most (all)" },
    { "inventory", 0, NULL, "the assets themselves, instead of their protections" },
    { "kind", 'k', "KIND", "with --inventory: only these: vm, machine, sql_instance, ..." },
    { "gone", 0, NULL, "with --inventory: what is gone, instead of what is there" },
    { 0 },
};

/* Which options belong to one of both lists alone. */
static const char *const inventory_only[] = { "kind", "gone", NULL };
static const char *const protections_only[] = { "verdict", "class",       "workload", "method", "server", "owner",
                                                "site",    "criticality", "exempt",   "stale",  "all",    NULL };

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
    return true;
}

/* ----------------------------------------------------------------------------------------------------- filter ---- */

static struct query_texts verdict_words(struct arena *arena)
{
    const char **words = arena_alloc(arena, VERDICT_UNSUPPORTED * sizeof *words);

    for (enum verdict_word word = VERDICT_SUPPORTED; word <= VERDICT_UNSUPPORTED; word++)
        words[word - 1] = verdict_word(word);
    return (struct query_texts){ words, VERDICT_UNSUPPORTED };
}

static struct query_texts method_words(struct arena *arena)
{
    const char **words = arena_alloc(arena, METHOD_HOST * sizeof *words);

    for (enum method method = METHOD_AGENT; method <= METHOD_HOST; method++)
        words[method - 1] = method_word(method);
    return (struct query_texts){ words, METHOD_HOST };
}

/* First what is to be done, then classes of what is unlisted. */
static struct query_texts class_words(struct arena *arena)
{
    const char **words = arena_alloc(arena, (NEED_ACT + CLASS_FOREIGN) * sizeof *words);
    size_t count = 0;

    for (enum need need = NEED_ACT; need > NEED_NOTHING; need--)
        words[count++] = need_word(need);
    for (enum verdict_class class = CLASS_GAP; class <= CLASS_FOREIGN; class ++)
        words[count++] = verdict_class_word(class);
    return (struct query_texts){ words, count };
}

/* --class stands for two members of the filter. */
static void split_class(struct query_protection_filter *filter)
{
    for (enum need need = NEED_LOOK; need <= NEED_ACT && filter->class != NULL; need++) {
        if (strcmp(filter->class, need_word(need)) == 0) {
            filter->need = filter->class;
            filter->class = NULL;
        }
    }
}

/* What only the database knows the words of. */
enum { ASKED = 6 };
static const char *const asked[ASKED] = { "target", "tag", "server", "owner", "site", "criticality" };

/* One option whose value must be a known word. */
struct check {
    const char *option;
    struct query_texts known;
};

static bool read_known(struct view *view, struct check *checks, struct err *err)
{
    struct arena *arena = &view->document.arena;
    struct query_texts kinds, targets, tags, servers, owners, sites, criticalities;

    if (!query_words(view->query, arena, &kinds, &targets, &tags, err) ||
        !query_protection_words(view->query, arena, &servers, &owners, &sites, &criticalities, err))
        return false;
    checks[0] = (struct check){ "target", targets };
    checks[1] = (struct check){ "tag", tags };
    checks[2] = (struct check){ "server", servers };
    checks[3] = (struct check){ "owner", owners };
    checks[4] = (struct check){ "site", sites };
    checks[5] = (struct check){ "criticality", criticalities };
    return true;
}

static bool check_values(const struct flags *given, const struct check *checks, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = flags_value(given, checks[i].option);

        if (value != NULL && !call_known(checks[i].option, value, &checks[i].known, err))
            return false;
    }
    return true;
}

/* A misspelt word must not look like a fleet without trouble. */
static enum status check_words(struct view *view)
{
    const struct flags *given = view->call->flags;
    struct arena *arena = &view->document.arena;
    const struct check fixed[] = { { "verdict", verdict_words(arena) },
                                   { "class", class_words(arena) },
                                   { "workload", row_words(workload_words) },
                                   { "method", method_words(arena) } };
    struct check known[ASKED];
    struct err err = ERR_EMPTY;
    bool asks = false;

    if (!check_list(given, &err) || !check_values(given, fixed, 4, &err))
        return call_fail(view->call, STATUS_USAGE, &err);
    for (size_t i = 0; i < ASKED; i++)
        asks = asks || flags_value(given, asked[i]) != NULL;
    if (!asks)
        return STATUS_DONE;
    if (!read_known(view, known, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    return check_values(given, known, ASKED, &err) ? STATUS_DONE : call_fail(view->call, STATUS_USAGE, &err);
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

static enum status list_protections(struct view *view)
{
    const struct flags *given = view->call->flags;
    struct query_protection_filter filter = {
        .verdict = flags_value(given, "verdict"),
        .class = flags_value(given, "class"),
        .workload = flags_value(given, "workload"),
        .target = flags_value(given, "target"),
        .tag = flags_value(given, "tag"),
        .method = flags_value(given, "method"),
        .server = flags_value(given, "server"),
        .name = flags_value(given, "name"),
        .owner = flags_value(given, "owner"),
        .site = flags_value(given, "site"),
        .criticality = flags_value(given, "criticality"),
        .exempt = flags_value(given, "exempt") != NULL,
        .stale = flags_value(given, "stale") != NULL,
        .all = flags_value(given, "all") != NULL,
        .limit = flags_number(given, "limit", 0),
    };
    struct table *table = document_table(&view->document, "protections", row_protections);
    struct query_protections protections;
    struct err err = ERR_EMPTY;

    table->spare = row_spare_of_protections;
    split_class(&filter);
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
    enum status status = check_words(view);

    if (status != STATUS_DONE)
        return status;
    return flags_value(view->call->flags, "inventory") != NULL ? list_inventory(view) : list_protections(view);
}

const struct command command_list = {
    .name = "list",
    .synopsis = "[--verdict V] [--class C] [--workload W] [--method M] [--server S] [--stale] [--all] ...",
    .summary = "the protections with their verdicts, the worst first; with --inventory the assets",
    .help =
        "A protection is one way to protect an asset by one backup server. muster explain ITEM tells why a verdict\n"
        "is what it is. --class act is what needs action (unsupported, contradictory, unlisted newer or older),\n"
        "decide asks for a decision (deprecated, and all else that is unlisted), look for a look (unknown,\n"
        "conditional, and what is fine but stale: no source has seen it within its max_age).\n"
        "With --inventory, only --kind, --target, --tag, --name, --gone and --limit narrow it down.\n",
    .flags = flags,
    .view = list,
};
