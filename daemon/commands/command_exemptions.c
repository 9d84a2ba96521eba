#include "call.h"
#include "clock.h"
#include "exemption.h"
#include "json.h"
#include "query_exemption.h"
#include "row.h"
#include "unit.h"
#include "view.h"

#include <inttypes.h>

static const struct flag flags[] = {
    { "all", 'a', NULL, "also those that ended" },
    { "export", 0, NULL, "those in force as lines of JSON, for review and for muster exempt --import" },
    { 0 },
};

static const struct column columns[] = {
    { "ID", "id", CELL_NUMBER, false },
    { "WHAT", "what", CELL_TEXT, false },
    { "COVERS", "shown", CELL_TEXT, true },
    { "UNTIL", "end", CELL_TEXT, true },
    { "BY", "by", CELL_TEXT, false },
    { "REASON", "reason", CELL_PROSE, false },
    { "TICKET", "ticket", CELL_TEXT, false },
    { "APPROVED BY", "approved_by", CELL_TEXT, false },
    { "ENDED", "ended_why", CELL_PROSE, false },
    { NULL, "covers", CELL_NUMBER, false },
    { NULL, "until", CELL_TIME, false },
    { NULL, "made", CELL_TIME, false },
    { NULL, "in_force", CELL_TRUTH, false },
    { NULL, "ended", CELL_TIME, false },
    { NULL, "asset", CELL_NUMBER, false },
    { NULL, "asset_name", CELL_TEXT, false },
    { NULL, "selector", CELL_JSON, false },
    { 0 },
};

static const char *const spare[] = { "APPROVED BY", "BY", NULL };

static const char *kept(struct arena *arena, struct str *text)
{
    const char *copy = arena_text(arena, str_text(text));

    str_finish(text);
    return copy;
}

static const char *what(struct arena *arena, const struct query_exemption *exemption)
{
    struct str text = STR_EMPTY;

    exemption_say(&text, &exemption->selector, exemption->asset_name);
    if (text.length == 0)
        str_add(&text, "nothing that this muster understands");
    return kept(arena, &text);
}

static struct cell covers(struct arena *arena, const struct query_exemption *exemption)
{
    char count[COUNT_TEXT_SIZE];

    if (!exemption->in_force)
        return cell_text(NULL);
    if (exemption->covers == 0)
        return cell_toned(cell_text("nothing"), TONE_WARN);
    return cell_text(arena_text(arena, count_text((uint64_t)exemption->covers, "finding", count)));
}

/* "2027-03-31, 120 days left"; on the last day "2027-03-31, ends today". */
static struct cell end(struct arena *arena, const struct query_exemption *exemption, int64_t now)
{
    bool soon = exemption_warn_at(exemption->made_at, exemption->until_at) <= now;
    char date[CLOCK_TEXT_SIZE], days[COUNT_TEXT_SIZE];
    int64_t left;

    clock_text(exemption->until_at, date);
    if (!exemption->in_force)
        return cell_text(arena_format(arena, "%.10s", date));
    left = clock_days(now, exemption->until_at);
    count_text((uint64_t)left, "day", days);
    return cell_toned(cell_text(left > 0 ? arena_format(arena, "%.10s, %s left", date, days)
                                         : arena_format(arena, "%.10s, ends today", date)),
                      soon ? TONE_WARN : TONE_PLAIN);
}

static struct cell ended_why(const struct query_exemption *exemption)
{
    if (exemption->in_force || exemption->ended_at != 0)
        return row_some(exemption->ended_why);
    return cell_text("expired");
}

static void add(struct view *view, struct table *table, const struct query_exemption *exemption)
{
    struct arena *arena = &view->document.arena;
    struct str selector = STR_EMPTY;

    exemption_write(&selector, &exemption->selector);
    table_add(table, (struct cell[]){
                         cell_number(exemption->id),
                         cell_text(what(arena, exemption)),
                         covers(arena, exemption),
                         end(arena, exemption, view->call->style.now),
                         cell_text(exemption->by),
                         cell_text(exemption->reason),
                         row_some(exemption->ticket),
                         row_some(exemption->approved_by),
                         ended_why(exemption),
                         exemption->in_force ? cell_number(exemption->covers) : cell_text(NULL),
                         cell_time(exemption->until_at),
                         cell_time(exemption->made_at),
                         cell_truth(exemption->in_force),
                         cell_time(exemption->ended_at),
                         exemption->selector.asset == 0 ? cell_text(NULL) : cell_number(exemption->selector.asset),
                         cell_text(exemption->asset_name),
                         cell_json(kept(arena, &selector)),
                     });
}

/* ----------------------------------------------------------------------------------------------------- export ---- */

static void write_line(struct str *out, const struct query_exemption *exemption)
{
    const struct exemption_wish wish = {
        .selector = exemption->selector,
        .reason = exemption->reason,
        .ticket = exemption->ticket[0] == '\0' ? NULL : exemption->ticket,
        .approved_by = exemption->approved_by[0] == '\0' ? NULL : exemption->approved_by,
        .until_at = exemption->until_at,
    };
    char made[CLOCK_TEXT_SIZE];

    exemption_write_wish(out, &wish, exemption->asset_name);
    out->length--; /* the brace at its end: there is more to come */
    json_add_name(out, "id");
    str_format(out, "%" PRId64, exemption->id);
    json_add_name(out, "by");
    json_add_text(out, exemption->by);
    json_add_name(out, "made_at");
    json_add_text(out, clock_text(exemption->made_at, made));
    json_add_name(out, "covers");
    str_format(out, "%" PRId64 "}\n", exemption->covers);
}

static enum status write_export(struct view *view, const struct query_exemptions *exemptions)
{
    struct err err = ERR_EMPTY;

    if (view->call->style.format != FORMAT_TABLE) {
        err_set(&err, ERR_CONFIG, "--export writes lines of JSON: leave out --format");
        return call_fail(view->call, STATUS_USAGE, &err);
    }
    for (size_t i = 0; i < exemptions->count; i++)
        write_line(&view->text, &exemptions->list[i]);
    return STATUS_DONE;
}

static enum status show(struct view *view)
{
    bool export = flags_value(view->call->flags, "export") != NULL;
    bool all = flags_value(view->call->flags, "all") != NULL && !export;
    struct query_exemptions exemptions;
    struct err err = ERR_EMPTY;
    struct table *table;

    if (!query_exemptions(view->query, all, view->call->style.now, &view->document.arena, &exemptions, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    if (export)
        return write_export(view, &exemptions);
    table = document_table(&view->document, "exemptions", columns);
    table->spare = spare;
    table->empty = all ? "There never was an exemption." : "No exemption is in force.";
    for (size_t i = 0; i < exemptions.count; i++)
        add(view, table, &exemptions.list[i]);
    return STATUS_DONE;
}

const struct command command_exemptions = {
    .name = "exemptions",
    .synopsis = "[--all] [--export]",
    .summary = "what is exempt: what each covers, until when, why; the first to end first",
    .help = "One that covers nothing is of no use any more, or does not say what was meant: muster exempt --end ID.\n",
    .flags = flags,
    .view = show,
};
