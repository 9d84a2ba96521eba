#include "call.h"
#include "exempt_import.h"
#include "exemption.h"
#include "pattern.h"
#include "query_protection.h"
#include "unit.h"
#include "view.h"

#include <string.h>

static const struct flag flags[] = {
    { "reason", 'r', "TEXT", "why: for whoever reads it in a year" },
    { "until", 'u', "WHEN", "until when: 2027-03-31 (to its end, UTC), 2027-03-31T12:00:00Z, or 90d from now" },
    { "ticket", 0, "TEXT", "number in the ticket system" },
    { "approved-by", 0, "WHO", "who approved it" },
    { "name", 'n', "PATTERN", "only assets of these names; * is any text, ? one character" },
    { "kind", 'k', "KIND", "only these: vm, machine, sql_instance, ..." },
    { "method", 'm', "METHOD", "only agent, application, image or host" },
    { "server", 0, "PATTERN", "only what this backup server protects" },
    { "workload", 'w', "WORKLOAD", "only server, sql, hyperv-host, ..." },
    { "version", 0, "PATTERN", "only these versions: \"Windows Server 2008*\"" },
    { "installation", 0, "PLACE", "only physical, hyperv-vm, vmware-vm, ..." },
    { "product", 0, "PRODUCT", "only under this product of the backup server: mabs-v2, ..." },
    { "verdict", 'v', "VERDICT", "only this verdict" },
    { "class", 0, "CLASS", "only act, decide, look; or of what is unlisted: gap, level, newer, older, sku, foreign" },
    { "owner", 0, "PATTERN", "only what the configuration gives this owner" },
    { "site", 0, "PATTERN", "only what the configuration gives this site" },
    { "criticality", 0, "PATTERN", "only what the configuration calls so critical" },
    { "target", 't', "PATTERN", "only what this target sees" },
    { "tag", 0, "PATTERN", "only what targets with this tag see" },
    { "end", 0, "ID", "end an exemption instead of making one" },
    { "import", 0, "FILE", "make those of a file that muster exemptions --export wrote; - is standard input" },
    { 0 },
};

/* ----------------------------------------------------------------------------------------------------- making ---- */

/* Texts that the database knows, of which one at least is to fit. */
struct check {
    const char *member;
    struct query_texts known;
};

enum { CHECKS = 7 };

static bool read_known(struct view *view, struct check checks[static CHECKS], struct err *err)
{
    struct arena *arena = &view->document.arena;

    checks[0].member = "kind";
    checks[1].member = "target";
    checks[2].member = "tag";
    checks[3].member = "server";
    checks[4].member = "owner";
    checks[5].member = "site";
    checks[6].member = "criticality";
    return query_words(view->query, arena, &checks[0].known, &checks[1].known, &checks[2].known, err) &&
           query_protection_words(view->query, arena, &checks[3].known, &checks[4].known, &checks[5].known,
                                  &checks[6].known, err);
}

/* As exemptions look at it: of a target NAME/HOST, NAME will do. */
static bool fits_one(const struct check *check, const char *value)
{
    const struct exemption_subject targets = { .targets = check->known.texts, .target_count = check->known.count };

    if (strcmp(check->member, "target") == 0)
        return exemption_covers(&(struct exemption_selector){ .target = value }, &targets);
    for (size_t i = 0; i < check->known.count; i++) {
        if (pattern_fits(value, check->known.texts[i]))
            return true;
    }
    return false;
}

/* A misspelt word would cover nothing, and nobody would see that. */
static enum status check_words(struct view *view, const struct exemption_selector *selector)
{
    struct check checks[CHECKS];
    struct err err = ERR_EMPTY;

    if (!read_known(view, checks, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    for (size_t i = 0; i < CHECKS; i++) {
        const char *value = exemption_text(selector, exemption_member(checks[i].member));

        if (value != NULL && !fits_one(&checks[i], value) &&
            !call_known(checks[i].member, value, &checks[i].known, &err))
            return call_fail(view->call, STATUS_USAGE, &err);
    }
    return STATUS_DONE;
}

static bool fill_wish(const struct call *call, struct exemption_wish *wish, struct err *err)
{
    const char *until = flags_value(call->flags, "until");

    for (const struct exemption_member *member = exemption_members; member->name != NULL; member++)
        exemption_set(&wish->selector, member, flags_value(call->flags, member->name));
    wish->reason = flags_value(call->flags, "reason");
    wish->ticket = flags_value(call->flags, "ticket");
    wish->approved_by = flags_value(call->flags, "approved-by");
    if (until == NULL)
        return err_set(err, ERR_CONFIG, "--until is missing: an exemption ends at a date");
    return exemption_until(until, call->style.now, &wish->until_at, err) || err_add(err, "--until");
}

static enum status make(struct view *view)
{
    const struct call *call = view->call;
    struct exemption_wish wish = { .reason = NULL };
    struct str line = STR_EMPTY;
    struct err err = ERR_EMPTY;
    enum status status = STATUS_DONE;

    if (!fill_wish(call, &wish, &err))
        return call_fail(call, STATUS_USAGE, &err);
    if (call->flags->operands.count > 0)
        status = view_find_judged(view, call->flags->operands.items[0], &wish.selector.asset);
    if (status != STATUS_DONE)
        return status;
    if (!exemption_check(&wish, call->style.now, &err))
        return call_fail(call, STATUS_USAGE, &err);
    status = check_words(view, &wish.selector);
    if (status != STATUS_DONE)
        return status;
    exemption_write_wish(&line, &wish, NULL);
    status = call_act(call, "exempt", (const char *const[]){ str_text(&line) }, 1);
    str_finish(&line);
    return status;
}

/* -------------------------------------------------------------------------------------------- ending, the rest ---- */

/* All that belongs to making alone. */
static bool is_alone(const struct call *call, const char *const *allowed, struct err *err)
{
    if (call->flags->operands.count > 0)
        return err_set(err, ERR_CONFIG, "--%s takes no ITEM", allowed[0]);
    for (const struct flag *flag = flags; flag->name != NULL; flag++) {
        bool may = false;

        for (const char *const *name = allowed; *name != NULL; name++)
            may = may || strcmp(*name, flag->name) == 0;
        if (!may && flags_value(call->flags, flag->name) != NULL)
            return err_set(err, ERR_CONFIG, "--%s and --%s do not go together", allowed[0], flag->name);
    }
    return true;
}

static enum status run_end(const struct call *call)
{
    const char *const arguments[] = { flags_value(call->flags, "end"), flags_value(call->flags, "reason") };
    struct err err = ERR_EMPTY;
    int64_t id;

    if (!is_alone(call, (const char *const[]){ "end", "reason", NULL }, &err) ||
        !exemption_check_reason(arguments[1], &err))
        return call_fail(call, STATUS_USAGE, &err);
    if (!int_parse(arguments[0], &id, &err)) {
        err_add(&err, "--end takes the number of an exemption");
        return call_fail(call, STATUS_USAGE, &err);
    }
    return call_act(call, "exempt_end", arguments, 2);
}

static enum status run_import(const struct call *call)
{
    struct err err = ERR_EMPTY;

    if (!is_alone(call, (const char *const[]){ "import", NULL }, &err))
        return call_fail(call, STATUS_USAGE, &err);
    return exempt_import(call, flags_value(call->flags, "import"));
}

static enum status run(const struct call *call)
{
    if (flags_value(call->flags, "end") != NULL)
        return run_end(call);
    if (flags_value(call->flags, "import") != NULL)
        return run_import(call);
    return view_act(call, make);
}

const struct command command_exempt = {
    .name = "exempt",
    .synopsis =
        "[ITEM] --reason R --until WHEN [--ticket T] [--approved-by A] [--workload W] ... | --end ID --reason R "
        "| --import FILE",
    .summary = "accept findings until a date: they are told no more, and stay what they are",
    .help = "ITEM is an asset's id or its name; options narrow it down. Without ITEM, all that fits the options is\n"
            "exempt, also what comes later. The verdict stays: an exemption turns nothing green. It is warned of\n"
            "before it ends, and then what it covered is told again. muster exemptions lists them.\n",
    .flags = flags,
    .most = 1,
    .run = run,
};
