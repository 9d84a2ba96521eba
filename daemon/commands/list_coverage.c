#include "list_coverage.h"

#include "call.h"
#include "clock.h"
#include "query_coverage.h"
#include "row.h"
#include "row_protection.h"
#include "str.h"
#include "unit.h"

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
    /* For programs alone. */
    { NULL, "data_sources", CELL_LIST, false },
    { NULL, "unread", CELL_TRUTH, false },
    { NULL, "read", CELL_TIME, false },
    { NULL, "late", CELL_TRUTH, false },
    { NULL, "invalid", CELL_TRUTH, false },
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

static const char no_dpmdb[] =
    "No backup server's own database (DPMDB) is read, so nothing is known of what is protected: configure a target "
    "with the plugin dpm for each backup server; where there is one, muster status tells whether it was scanned. "
    "Without it, muster list tells what would be supported.";

static struct cell coverage_cell(enum coverage coverage)
{
    static const enum tone tones[COVERAGE_COUNT_END] = { [COVERAGE_BROKEN] = TONE_BAD,
                                                         [COVERAGE_NEITHER] = TONE_WARN,
                                                         [COVERAGE_BARE] = TONE_WARN,
                                                         [COVERAGE_WELL] = TONE_GOOD };

    return cell_toned(cell_text(coverage_word(coverage)), tones[coverage]);
}

static void add_note(struct str *note, const char *text)
{
    str_format(note, "%s%s", note->length == 0 ? "" : "; ", text);
}

/* Of what is protected; how old the last recovery point is stands beside it. */
static void add_recovery(struct str *note, const struct query_coverage *row, int64_t now)
{
    if (row->coverage != COVERAGE_WELL && row->coverage != COVERAGE_BROKEN)
        return;
    if (row->invalid)
        add_note(note, "the replica of at least one of its data sources is not valid");
    if (row->recovery_at == 0)
        add_note(note, "of at least one of its data sources no recovery point is known");
    else if (now - row->recovery_at > COVERAGE_OLD_MS)
        add_note(note, "the last recovery point is old");
}

static void add_age(struct str *note, const struct query_coverage *row)
{
    char read[CLOCK_TEXT_SIZE];

    if (!row->late)
        return;
    str_format(note, "%sthe database of %s was last read on %.10s, and may say something else by now",
               note->length == 0 ? "" : "; ", row->protection.server, clock_text(row->read_at, read));
}

/* What makes the answer doubtful; NULL: nothing. */
static const char *note_of(struct view *view, const struct query_coverage *row)
{
    int64_t now = view->call->style.now;
    struct str note = STR_EMPTY;
    const char *kept;

    if (row->unread)
        add_note(&note, "the databases of its backup servers show nothing: whether it is protected cannot be told");
    add_recovery(&note, row, now);
    add_age(&note, row);
    if (row->protection.asset.stale)
        add_note(&note, "stale: no source has seen it within its max_age");
    kept = note.length == 0 ? NULL : arena_text(&view->document.arena, str_text(&note));
    str_finish(&note);
    return kept;
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
        cell_text(note_of(view, row)),
        list_cell(&view->document.arena, &row->sources),
        cell_truth(row->unread),
        cell_time(row->read_at),
        cell_truth(row->late),
        cell_truth(row->invalid),
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

/* "mabs07, as of 1 more backup server,"; for a sentence that begins with "of". */
static const char *servers(struct arena *arena, const struct query_texts *names)
{
    char others[COUNT_TEXT_SIZE];

    if (names->count == 1)
        return names->texts[0];
    return arena_format(arena, "%s, as of %s,", names->texts[0],
                        count_text(names->count - 1, "more backup server", others));
}

static const char *silence(struct arena *arena, const struct query_texts *silent)
{
    return silent->count == 0 ? NULL
                              : arena_format(arena,
                                             "the database (DPMDB) of %s was never read: what it protects counts as "
                                             "unprotected",
                                             servers(arena, silent));
}

static const char *lateness(struct arena *arena, const struct query_texts *late)
{
    return late->count == 0 ? NULL
                            : arena_format(arena,
                                           "the database (DPMDB) of %s was not read lately: what counts as unprotected "
                                           "may be protected by now, and the other way round",
                                           servers(arena, late));
}

static const char *looseness(struct arena *arena, size_t loose)
{
    char sources[COUNT_TEXT_SIZE];

    return loose == 0 ? NULL
                      : arena_format(arena,
                                     "%s in protection groups %s of nothing that muster knows (muster list --inventory "
                                     "--kind protected)",
                                     count_text(loose, "data source", sources), loose == 1 ? "is" : "are");
}

static void add_more(struct view *view, const char *text)
{
    if (text != NULL)
        view->more = view->more == NULL ? text : arena_format(&view->document.arena, "%s; %s", view->more, text);
}

/* That nothing is known is said to whoever reads the table, and beside JSON and CSV. */
static bool tell_state(struct view *view, struct table *table, const struct query_coverages *coverages, struct err *err)
{
    struct arena *arena = &view->document.arena;
    bool people = view->call->style.format == FORMAT_TABLE;
    struct query_verdicts verdicts;

    table->empty = coverages->read ? "No asset is like that." : no_dpmdb;
    if (!coverages->read) {
        add_more(view, people ? NULL : no_dpmdb);
        return true;
    }
    if (people && !query_verdict_state(view->query, arena, &verdicts, err))
        return false;
    if (people && row_nothing_judged(arena, &verdicts) != NULL)
        table->empty = row_nothing_judged(arena, &verdicts);
    if (people && coverages->more > 0)
        add_more(view, arena_format(arena, "... and %zu more", coverages->more));
    if (people)
        add_more(view, row_still_judging(arena, &verdicts));
    add_more(view, silence(arena, &coverages->silent));
    add_more(view, lateness(arena, &coverages->late));
    add_more(view, looseness(arena, coverages->loose));
    if (people && coverages->count > 0)
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
