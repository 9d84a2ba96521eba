#include "list_coverage.h"

#include "call.h"
#include "query_coverage.h"
#include "row.h"
#include "row_protection.h"

#include <inttypes.h>

static const struct column columns[] = {
    { "ID", "id", CELL_NUMBER, false },
    { "NAME", "name", CELL_TEXT, false },
    { "KIND", "kind", CELL_TEXT, false },
    { "COVERAGE", "coverage", CELL_TEXT, false },
    { "GROUP", "groups", CELL_LIST, false },
    { "SERVER", "server", CELL_TEXT, false },
    { "VERDICT", "verdict", CELL_TEXT, false },
    { "RECOVERY POINT", "recovery_point", CELL_AGE, false },
    { "NOTE", "note", CELL_PROSE, true },
    { NULL, "unread", CELL_TRUTH, false },
    { NULL, "stale", CELL_TRUTH, false },
    { NULL, "seen", CELL_TIME, false },
    { NULL, "method", CELL_TEXT, false },
    { NULL, "class", CELL_TEXT, false },
    { NULL, "ruled", CELL_TEXT, false },
    { NULL, "product", CELL_TEXT, false },
    { NULL, "workload", CELL_TEXT, false },
    { NULL, "version", CELL_TEXT, false },
    { NULL, "owner", CELL_TEXT, false },
    { NULL, "site", CELL_TEXT, false },
    { NULL, "criticality", CELL_TEXT, false },
    { NULL, "reason", CELL_TEXT, false },
    { 0 },
};

static const char no_dpmdb[] = "No backup server's own database (DPMDB) is read, so nothing is known of what is "
                               "protected: configure a target with the plugin dpm for each backup server. Without it, "
                               "muster list tells what would be supported.";

static struct cell coverage_cell(enum coverage coverage)
{
    static const enum tone tones[COVERAGE_COUNT_END] = { [COVERAGE_BROKEN] = TONE_BAD,
                                                         [COVERAGE_NEITHER] = TONE_WARN,
                                                         [COVERAGE_BARE] = TONE_WARN,
                                                         [COVERAGE_WELL] = TONE_GOOD };

    return cell_toned(cell_text(coverage_word(coverage)), tones[coverage]);
}

/* What makes the answer doubtful. */
static const char *note_of(const struct query_coverage *row)
{
    if (row->unread)
        return "the databases of its backup servers show nothing: whether it is protected cannot be told";
    if (row->protection.asset.stale)
        return "stale: no source has seen it within its max_age";
    return NULL;
}

static struct cell list_cell(struct arena *arena, const struct query_texts *texts)
{
    const struct cell_list list = { texts->texts, texts->count, false };

    return cell_list(arena_bytes(arena, &list, sizeof list));
}

static void add_row(struct view *view, struct table *table, const struct query_coverage *row)
{
    const struct query_protection *protection = &row->protection;
    const struct cell cells[] = {
        cell_number(protection->asset.id),
        cell_text(protection->asset.name),
        cell_text(protection->asset.kind),
        coverage_cell(row->coverage),
        list_cell(&view->document.arena, &row->groups),
        cell_text(protection->server),
        row_verdict(protection->verdict, protection->class),
        cell_age(row->recovery_at),
        cell_text(note_of(row)),
        cell_truth(row->unread),
        cell_truth(protection->asset.stale),
        cell_time(protection->asset.seen_at),
        cell_text(protection->method),
        row_some(protection->class),
        cell_text(protection->ruled),
        cell_text(protection->product),
        cell_text(protection->workload),
        row_some(protection->version),
        cell_text(protection->owner),
        cell_text(protection->site),
        cell_text(protection->criticality),
        cell_text(protection->reason),
    };

    table_add(table, cells);
}

/* "2 protected and supported, 1 protected but unsupported, ..." */
static const char *caption(struct arena *arena, const struct query_coverages *coverages)
{
    const size_t *answers = coverages->answers;

    return arena_format(
        arena,
        "%zu protected and supported, %zu protected but unsupported (a restore may fail), %zu supported "
        "but unprotected, %zu neither",
        answers[COVERAGE_WELL], answers[COVERAGE_BROKEN], answers[COVERAGE_BARE], answers[COVERAGE_NEITHER]);
}

/* That nothing is known is said to whoever reads the table, and beside JSON and CSV. */
static bool tell_state(struct view *view, struct table *table, const struct query_coverages *coverages, struct err *err)
{
    struct arena *arena = &view->document.arena;
    bool people = view->call->style.format == FORMAT_TABLE;
    struct query_verdicts verdicts;
    const char *waiting;

    table->empty = coverages->read ? "No asset is like that." : no_dpmdb;
    if (!people && !coverages->read)
        view->more = no_dpmdb;
    if (!people || !coverages->read)
        return true;
    if (!query_verdict_state(view->query, arena, &verdicts, err))
        return false;
    if (row_nothing_judged(arena, &verdicts) != NULL)
        table->empty = row_nothing_judged(arena, &verdicts);
    waiting = row_still_judging(arena, &verdicts);
    view->more = waiting;
    if (coverages->more > 0)
        view->more = arena_format(arena, "... and %zu more%s%s", coverages->more, waiting == NULL ? "" : "; ",
                                  waiting == NULL ? "" : waiting);
    if (coverages->count > 0)
        table->caption = caption(arena, coverages);
    return true;
}

enum status list_coverage(struct view *view, const struct selection *selection)
{
    static const char *const spare[] = { "KIND", "SERVER", "GROUP", NULL };
    const struct flags *given = view->call->flags;
    struct query_protection_filter filter = selection_filter(selection);
    struct table *table = document_table(&view->document, "coverage", columns);
    struct query_coverages coverages;
    struct err err = ERR_EMPTY;

    filter.stale = flags_value(given, "stale") != NULL;
    filter.limit = flags_number(given, "limit", 0);
    table->spare = spare;
    if (!query_coverage_list(view->query, &filter, view->call->style.now, &view->document.arena, &coverages, &err) ||
        !tell_state(view, table, &coverages, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    for (size_t i = 0; i < coverages.count; i++)
        add_row(view, table, &coverages.list[i]);
    return STATUS_DONE;
}
