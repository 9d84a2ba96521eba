/* What the backup servers' own databases show to be protected, and what they do not, by name. */
#include "page.h"

#include <inttypes.h>
#include <string.h>

#define MAX_OF_KIND 500   /* that are named, of each list */
#define MAX_OF_SOURCES 10 /* data sources of one asset */

/* Why assets of a kind have no protection that counts: what is not here may have one. */
static const struct {
    const char *kind, *why;
} without[] = {
    { "availability_group", "its databases are asked about" },
    { "backup_server", "its machine is asked about" },
    { "cluster", "its nodes and roles are asked about" },
    { "csv", "a volume of a cluster, protected with what lies on it" },
    { "database", "one of its instance's own, or a snapshot" },
    { "datastore", "the machines on it are asked about" },
    { "esxi_host", "the machines on it are asked about" },
    { "exchange_server", "its mailbox databases are asked about" },
    { "protected", "an entry in the database of a backup server, which is about another asset" },
    { "sql_instance", "its databases are asked about" },
    { "vapp", "its machines are asked about" },
    { "vcenter", "the machines that it manages are asked about" },
    { "volume", "protected with its machine" },
};

static const char *why_without(const char *kind)
{
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        if (strcmp(without[i].kind, kind) == 0)
            return without[i].why;
    }
    return "no protection of it counts";
}

/* In the order of the table's columns. */
static const enum coverage answers[] = { COVERAGE_WELL, COVERAGE_BROKEN, COVERAGE_BARE, COVERAGE_NEITHER };

#define ANSWERS (sizeof answers / sizeof answers[0])

static void put_answers(struct page *page, const struct query_report_coverage *kind)
{
    for (size_t i = 0; i < ANSWERS; i++)
        page_cell_count(page, kind->answers[answers[i]]);
}

static void put_kind(struct page *page, const struct query_report_coverage *kind)
{
    page_row_open(page);
    page_cell_open(page);
    markup_put(&page->markup, "%s", kind->kind);
    if (kind->other > 0)
        markup_put(&page->markup, "<small>no protection of its own: %s</small>", why_without(kind->kind));
    page_cell_close(page);
    put_answers(page, kind);
    page_cell_count(page, kind->excluded);
    if (kind->other < 0)
        page_cell(page, "not told");
    else
        page_cell_count(page, kind->other);
    page_cell_count(page, kind->assets);
    page_row_close(page);
}

static void put_total(struct page *page)
{
    struct query_report_coverage all = { .kind = "all" };

    for (size_t i = 0; i < page->head->coverage_count; i++) {
        const struct query_report_coverage *kind = &page->head->coverage[i];

        all.assets += kind->assets;
        for (size_t k = 0; k < ANSWERS; k++)
            all.answers[answers[k]] += kind->answers[answers[k]];
        all.excluded += kind->excluded;
        all.other = kind->other < 0 ? -1 : all.other + kind->other;
    }
    page_row_open(page);
    page_cell(page, "all of them");
    put_answers(page, &all);
    page_cell_count(page, all.excluded);
    if (all.other < 0)
        page_cell(page, "not told");
    else
        page_cell_count(page, all.other);
    page_cell_count(page, all.assets);
    page_row_close(page);
}

static void put_kinds(struct page *page)
{
    static const struct page_column columns[] = { { "Kind", false },
                                                  { "Protected and supported", true },
                                                  { "Protected but unsupported", true },
                                                  { "Supported but unprotected", true },
                                                  { "Neither", true },
                                                  { "Taken out by a rule", true },
                                                  { "No protection of its own", true },
                                                  { "Assets", true },
                                                  { 0 } };

    if (page->head->coverage_count == 0)
        return;
    page_table_open(page, columns,
                    "Every asset, by whether a DPMDB shows a protection of it, and whether that, or else "
                    "a possible one, is supported");
    for (size_t i = 0; i < page->head->coverage_count; i++)
        put_kind(page, &page->head->coverage[i]);
    put_total(page);
    page_table_close(page);
}

/* ------------------------------------------------------------------------------------------------------- names ---- */

/* A list of names, a table for each kind. */
struct naming {
    struct page *page;
    const char *title; /* of its tables */
    const struct page_column *columns;
    const char *also; /* the formats that list all of them */
    const char *kind; /* of the table that is open; NULL: none is */
    size_t count;     /* of that kind */
};

static void end_kind(struct naming *naming)
{
    if (naming->kind == NULL)
        return;
    page_table_close(naming->page);
    if (naming->count > MAX_OF_KIND)
        page_put_more(naming->page, naming->count - MAX_OF_KIND, naming->kind, naming->also);
    naming->kind = NULL;
}

/* Whether one more of that kind is shown. */
static bool next_of_kind(struct naming *naming, const char *kind)
{
    if (naming->kind != NULL && strcmp(naming->kind, kind) != 0)
        end_kind(naming);
    if (naming->kind == NULL) {
        naming->kind = page_keep(naming->page, kind);
        naming->count = 0;
        page_table_open(naming->page, naming->columns, "%s: %s", naming->title, kind);
    }
    return naming->count++ < MAX_OF_KIND;
}

static void put_asset(struct page *page, int64_t asset, const char *kind, const char *name)
{
    page_cell(page, "%s<small>%s %" PRId64 "</small>", name, kind, asset);
}

static void put_place(struct page *page, const char *site, const char *owner)
{
    page_cell(page, "%s", site == NULL ? "none" : site);
    page_cell(page, "%s", owner == NULL ? "none" : owner);
}

static void put_recovery(struct page *page, const struct query_report_covered *row)
{
    page_cell_open(page);
    if (page->head->past)
        markup_put(&page->markup, "not recorded");
    else if (row->recovery_at == 0)
        markup_put(&page->markup, "<b class=\"warn\">not known of all</b>");
    else
        page_put_time(page, row->recovery_at, "");
    if (row->recovery_at != 0 && page->head->at - row->recovery_at > COVERAGE_OLD_MS)
        markup_put(&page->markup, "<small class=\"warn\">more than %d days old</small>", COVERAGE_OLD_DAYS);
    if (row->invalid)
        markup_put(&page->markup, "<small class=\"warn\">a replica is not valid</small>");
    page_cell_close(page);
}

/* What of it is held: of a computer that may be less than all of it. */
static void put_sources(struct page *page, const struct query_texts *sources)
{
    size_t shown = sources->count < MAX_OF_SOURCES ? sources->count : MAX_OF_SOURCES;

    if (shown == 0)
        return;
    markup_put(&page->markup, "<small>holds ");
    for (size_t i = 0; i < shown; i++)
        markup_put(&page->markup, "%s%s", i == 0 ? "" : ", ", sources->texts[i]);
    if (sources->count > shown)
        markup_put(&page->markup, " and %zu more", sources->count - shown);
    markup_put(&page->markup, "</small>");
}

static void put_protection(struct page *page, const struct query_report_covered *row)
{
    page_cell_open(page);
    markup_put(&page->markup, "%s by %s", row->method, row->server);
    if (row->product != NULL)
        markup_put(&page->markup, " (%s)", row->product);
    for (size_t i = 0; i < row->groups.count && i < PAGE_MAX_MEMBERS; i++)
        markup_put(&page->markup, "<small>in %s</small>", row->groups.texts[i]);
    put_sources(page, &row->sources);
    page_cell_close(page);
}

static bool take_covered(void *context, const struct query_report_covered *row, struct err *err)
{
    struct naming *naming = context;
    struct page *page = naming->page;

    (void)err;
    if (!next_of_kind(naming, row->kind))
        return true;
    page_row_open(page);
    put_asset(page, row->asset, row->kind, row->name);
    put_place(page, row->site, row->owner);
    put_protection(page, row);
    page_cell_open(page);
    page_put_verdict(page, row->verdict, row->class, row->ruled);
    if (row->stale)
        markup_put(&page->markup, "<small>stale</small>");
    if (row->exemption != 0)
        markup_put(&page->markup, "<small>exempt</small>");
    if (strcmp(row->coverage, coverage_word(COVERAGE_BROKEN)) == 0)
        markup_put(&page->markup, "<small class=\"warn\">protected but unsupported: a restore may fail</small>");
    page_cell_close(page);
    put_recovery(page, row);
    page_row_close(page);
    return true;
}

static bool put_covered(struct page *page, struct err *err)
{
    static const struct page_column columns[] = { { "Asset", false },
                                                  { "Site", false },
                                                  { "Owner", false },
                                                  { "Protection", false },
                                                  { "Verdict", false },
                                                  { "Last recovery point", false },
                                                  { 0 } };
    struct naming naming = { .page = page, .title = "In a protection group", .columns = columns, .also = "CSV" };

    if (page->head->covered <= 0)
        return true;
    markup_put(&page->markup, "<h3 id=\"covered\">In a protection group</h3>\n");
    if (!query_report_covered(page->report->source, take_covered, &naming, err))
        return false;
    end_kind(&naming);
    return true;
}

static bool take_uncovered(void *context, const struct query_report_uncovered *row, struct err *err)
{
    struct naming *naming = context;
    struct page *page = naming->page;

    (void)err;
    if (!next_of_kind(naming, row->kind))
        return true;
    page_row_open(page);
    put_asset(page, row->asset, row->kind, row->name);
    put_place(page, row->site, row->owner);
    page_cell_open(page);
    markup_put(&page->markup, "%s by %s", row->method, row->server);
    if (row->protections > 1)
        markup_put(&page->markup, "<small>and %'" PRId64 " more</small>", row->protections - 1);
    if (strcmp(row->coverage, coverage_word(COVERAGE_NEITHER)) == 0)
        markup_put(&page->markup, "<small>unsupported, too</small>");
    if (row->unread)
        markup_put(&page->markup, "<small class=\"warn\">its DPMDB shows nothing: cannot be told</small>");
    page_cell_close(page);
    page_row_close(page);
    return true;
}

static bool put_uncovered(struct page *page, struct err *err)
{
    static const struct page_column columns[] = {
        { "Asset", false }, { "Site", false }, { "Owner", false }, { "Possible way", false }, { 0 }
    };
    struct naming naming = { .page = page, .title = "In no protection group", .columns = columns, .also = "JSON" };

    if (page->head->not_covered <= 0)
        return true;
    markup_put(&page->markup, "<h3 id=\"uncovered\">In no protection group</h3>\n");
    if (page->head->unread > 0)
        markup_put(&page->markup,
                   "<p class=\"doubt\">For %'" PRId64 " of them, nothing at all is known of the database of the backup "
                   "server: whether they are protected cannot be told.</p>\n",
                   page->head->unread);
    if (!query_report_uncovered(page->report->source, take_uncovered, &naming, err))
        return false;
    end_kind(&naming);
    return true;
}

/* What was never read, and what was read long ago and may be otherwise by now. */
static void put_ages(struct page *page)
{
    for (size_t i = 0; i < page->head->server_count && !page->head->past; i++) {
        const struct query_report_server *server = &page->head->servers[i];

        if (server->read_at == 0 && !server->read)
            markup_put(&page->markup,
                       "<p class=\"doubt\">Nothing is known of what %s protects, for no entry of its database was "
                       "seen: here it counts as unprotected.</p>\n",
                       server->name);
        if (!server->late)
            continue;
        markup_put(&page->markup, "<p class=\"doubt\">The database of %s was last read at ", server->name);
        page_put_time(page, server->read_at, "");
        markup_put(&page->markup, ", longer ago than its source may be old: what it protects may be otherwise by "
                                  "now.</p>\n");
    }
}

bool page_coverage(struct page *page, struct err *err)
{
    const struct query_report_head *head = page->head;

    page_section_open(page, SECTION_COVERAGE);
    if (head->covered < 0) {
        markup_put(&page->markup,
                   "<p>The database of no backup server (DPMDB) is read, or it was not recorded then: this report "
                   "cannot say what is in a protection group.</p>\n");
    } else {
        markup_put(&page->markup,
                   "<p>The backup servers' own databases (DPMDB) protect <b>%'" PRId64 "</b> assets. <b>%'" PRId64
                   "</b> could be protected, and are in no protection group.</p>\n",
                   head->covered, head->not_covered);
        put_ages(page);
        put_kinds(page);
    }
    if (head->covered >= 0 && !(put_uncovered(page, err) && put_covered(page, err)))
        return false;
    markup_put(&page->markup, "<p>" REPORT_NO_PROOF "</p>\n");
    page_section_close(page);
    return true;
}
