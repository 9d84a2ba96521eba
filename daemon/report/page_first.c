/* The head of the page and its first screen: the answer for a reader of five minutes, with links to what it rests on.
 */
#include "page.h"

#include <inttypes.h>

static int64_t protections_of(const struct query_report_head *head)
{
    int64_t all = 0;

    for (int need = NEED_NOTHING; need <= NEED_ACT; need++)
        all += head->need[need];
    return all;
}

static size_t late_targets(const struct query_report_head *head)
{
    size_t late = 0;

    for (size_t i = 0; i < head->target_count; i++)
        late += head->targets[i].late;
    return late;
}

/* What the report leaves out, because it was asked for a part of the fleet only. */
static void put_scope(struct page *page, const struct query_report_wish *wish)
{
    const char *comma = "";
    const struct {
        const char *name, *value;
    } parts[] = { { "owner", wish->owner },
                  { "site", wish->site },
                  { "backup server", wish->server },
                  { "workload", wish->workload } };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].value == NULL)
            continue;
        markup_put(&page->markup, comma[0] == '\0' ? "<p><b class=\"warn\">A part of the fleet only: " : ", ");
        markup_put(&page->markup, "%s %s", parts[i].name, parts[i].value);
        comma = ", ";
    }
    if (comma[0] != '\0')
        markup_put(&page->markup, "</b></p>\n");
}

static void put_header(struct page *page)
{
    markup_put(&page->markup, "<header>\n<h1>%s</h1>\n<p>State of ", page->report->title);
    page_put_time(page, page->head->at, "");
    if (page->head->past)
        markup_put(&page->markup, ", as it was recorded then");
    markup_put(&page->markup, page->head->first ? ". A first report" : ". Changes are told since ");
    if (!page->head->first)
        page_put_time(page, page->head->since, "the beginning");
    markup_put(&page->markup, ". Made by muster %s.</p>\n", page->report->version);
    put_scope(page, page->report->wish);
    markup_put(&page->markup, "</header>\n");
}

static void put_link(struct page *page, enum page_section section, int64_t count)
{
    markup_put(&page->markup, "<li><a href=\"#%s\">%s", page_section_id(section), page_section_title(section));
    if (count >= 0)
        markup_put(&page->markup, " <small>%'" PRId64 "</small>", count);
    markup_put(&page->markup, "</a></li>\n");
}

static int64_t count_rulings(const struct page *page, char first)
{
    int64_t count = 0;

    for (size_t i = 0; i < page->head->ruling_count; i++)
        count += page->head->rulings[i].what[0] == first;
    return count;
}

static int64_t changes_of(const struct page *page)
{
    size_t all = 0;

    for (int move = 0; move < MOVE_COUNT; move++)
        all += page->tally.moves[move];
    return (int64_t)all;
}

static void put_navigation(struct page *page)
{
    const struct page_tally *tally = &page->tally;
    const int64_t counts[SECTION_COUNT] = {
        [SECTION_FIGURES] = -1,
        [SECTION_COMPLETE] = -1,
        [SECTION_CHANGES] = page->head->first ? -1 : changes_of(page),
        [SECTION_ACT] = page->head->need[NEED_ACT],
        [SECTION_DECIDE] = page->head->need[NEED_DECIDE],
        [SECTION_LOOK] = page->head->need[NEED_LOOK],
        [SECTION_EXEMPTIONS] = (int64_t)tally->exemptions,
        [SECTION_RULINGS] = count_rulings(page, 'r'),
        [SECTION_ATTESTATIONS] = count_rulings(page, 'a'),
        [SECTION_LIFECYCLE] = (int64_t)(tally->support_over + tally->support_soon),
        [SECTION_CONTRADICTIONS] = (int64_t)tally->key_count,
        [SECTION_COVERAGE] = -1,
        [SECTION_CONDITIONS] = -1,
        [SECTION_WORDS] = -1,
    };

    markup_put(&page->markup, "<nav aria-label=\"Sections\">\n<ul>\n");
    for (int section = 0; section < SECTION_COUNT; section++)
        put_link(page, (enum page_section)section, counts[section]);
    markup_put(&page->markup, "</ul>\n</nav>\n");
}

/* ". 14 ask for a decision, 13 for a look; 43 ask nothing." */
static void put_rest(struct page *page)
{
    const int64_t *need = page->head->need;

    markup_put(&page->markup,
               ". %'" PRId64 " %s for a decision, %'" PRId64 " for a look; %'" PRId64 " %s nothing.</p>\n",
               need[NEED_DECIDE], need[NEED_DECIDE] == 1 ? "asks" : "ask", need[NEED_LOOK], need[NEED_NOTHING],
               need[NEED_NOTHING] == 1 ? "asks" : "ask");
}

/* The verdict of the whole. */
static void put_answer(struct page *page)
{
    const struct query_report_head *head = page->head;
    int64_t all = protections_of(head), act = head->need[NEED_ACT], open = act - head->exempt[NEED_ACT];
    const char *tone = open > 0 ? "bad" : act + head->need[NEED_DECIDE] + head->need[NEED_LOOK] > 0 ? "warn" : "good";

    if (all == 0) {
        markup_put(&page->markup,
                   "<p class=\"answer warn\">No verdict can be told: nothing that counts was judged.</p>\n");
        return;
    }
    markup_put(&page->markup, "<p class=\"answer %s\">", tone);
    if (act == 0)
        markup_put(&page->markup, "None of %'" PRId64 " %s for action", all,
                   all == 1 ? "protection asks" : "protections asks");
    else
        markup_put(&page->markup, "%'" PRId64 " of %'" PRId64 " protections %s for action", act, all,
                   act == 1 ? "asks" : "ask");
    if (act > 0 && open == 0)
        markup_put(&page->markup, ", and for all of that there are exemptions");
    else if (act > open)
        markup_put(&page->markup, ", of which %'" PRId64 " %s exempt", act - open, act - open == 1 ? "is" : "are");
    put_rest(page);
}

/* What makes the answer above less than it says. */
static void put_doubts(struct page *page)
{
    const struct query_report_head *head = page->head;
    size_t late = late_targets(head);

    if (head->judged_at == 0 && !head->past)
        markup_put(
            &page->markup,
            "<p class=\"doubt\">Judging is not done: some of this rests on an older matrix or older rules.</p>\n");
    if (late > 0)
        markup_put(&page->markup,
                   "<p class=\"doubt\"><a href=\"#sources\">%'zu of %'zu sources</a> %s not scanned lately: what %s "
                   "brings may be "
                   "missing or old.</p>\n",
                   late, head->target_count, late == 1 ? "was" : "were", late == 1 ? "it" : "each of them");
    if (page->tally.old_tls > 0)
        markup_put(
            &page->markup,
            "<p class=\"doubt\"><a href=\"#old-tls\">%'zu %s of SQL Server</a> %s read over TLS 1.0 or 1.1: who is "
            "between may have changed what is told of %s.</p>\n",
            page->tally.old_tls, page->tally.old_tls == 1 ? "instance" : "instances",
            page->tally.old_tls == 1 ? "was" : "were", page->tally.old_tls == 1 ? "it" : "them");
}

static void put_tile(struct page *page, enum need need, const char *label)
{
    const struct query_report_head *head = page->head;

    markup_put(&page->markup, "<li class=\"%s\"><a href=\"#%s\"><b>%'" PRId64 "</b> %s</a>", need_word(need),
               need_word(need), head->need[need], label);
    if (head->exempt[need] > 0)
        markup_put(&page->markup, "<small>of which %'" PRId64 " exempt</small>", head->exempt[need]);
    markup_put(&page->markup, "</li>\n");
}

static void put_tiles(struct page *page)
{
    markup_put(&page->markup, "<ul class=\"tiles\">\n");
    put_tile(page, NEED_ACT, "to act on");
    put_tile(page, NEED_DECIDE, "to decide");
    put_tile(page, NEED_LOOK, "to look at");
    markup_put(&page->markup,
               "<li class=\"nothing\"><a href=\"#figures\"><b>%'" PRId64 "</b> ask nothing</a></li>\n</ul>\n",
               page->head->need[NEED_NOTHING]);
}

static void put_change(struct page *page, enum page_move move, const char *id, const char *what)
{
    size_t count = page->tally.moves[move];

    if (count > 0)
        markup_put(&page->markup, "<li><a href=\"#%s\">%s</a>: %'zu</li>\n", id, what, count);
}

static void put_changes(struct page *page)
{
    markup_put(&page->markup, "<div class=\"box\">\n<h2>%s", page->head->first ? "What changed" : "Since ");
    if (!page->head->first)
        page_put_day(page, page->head->since, "the beginning");
    markup_put(&page->markup, "</h2>\n");
    if (page->head->first)
        markup_put(&page->markup, "<p>This is a first report: nothing had been judged before.</p>\n");
    if (changes_of(page) == 0) {
        markup_put(&page->markup, "<p>No verdict has changed.</p>\n</div>\n");
        return;
    }
    markup_put(&page->markup, "<ul>\n");
    put_change(page, MOVE_ACT, "changes-act", "Now to act on");
    put_change(page, MOVE_BETTER, "changes-better", "Not to act on any more");
    put_change(page, MOVE_CAME, "changes-came", "New, and nothing to act on");
    put_change(page, MOVE_WENT, "changes-went", "Gone");
    put_change(page, MOVE_OTHER, "changes-other", "With another verdict");
    markup_put(&page->markup, "</ul>\n</div>\n");
}

static void put_evidence(struct page *page)
{
    const struct query_report_head *head = page->head;

    if (head->never < 0)
        markup_put(&page->markup, "<li>Age of the evidence: not recorded</li>\n");
    else
        markup_put(&page->markup,
                   "<li>Evidence: %'" PRId64 " fresh, %'" PRId64 " stale, %'" PRId64 " never seen</li>\n", head->fresh,
                   head->stale, head->never);
}

static void put_completeness(struct page *page)
{
    const struct query_report_head *head = page->head;

    markup_put(
        &page->markup,
        "<div class=\"box\">\n<h2>How complete this is</h2>\n<ul>\n<li><a href=\"#complete\">Assets</a>: %'" PRId64
        "</li>\n<li><a href=\"#sources\">Sources</a>: %'zu",
        head->assets, head->target_count);
    if (!head->past)
        markup_put(&page->markup, ", of which %'zu scanned lately", head->target_count - late_targets(head));
    markup_put(&page->markup, "</li>\n");
    markup_put(&page->markup, "<li><a href=\"#servers\">Backup servers</a>: %'zu</li>\n", head->server_count);
    markup_put(&page->markup, "<li><a href=\"#excluded\">Assets taken out by rules</a>: %'" PRId64 "</li>\n",
               head->excluded);
    put_evidence(page);
    if (head->covered >= 0)
        markup_put(&page->markup,
                   "<li><a href=\"#coverage\">In a protection group</a>: %'" PRId64 ", in none: %'" PRId64 "</li>\n",
                   head->covered, head->not_covered);
    if (head->footnoted > 0)
        markup_put(&page->markup,
                   "<li><a href=\"#footnotes\">Supported, on a footnote that nobody attested</a>: %'" PRId64 "</li>\n",
                   head->footnoted);
    markup_put(&page->markup, "<li><a href=\"#files\">Documents</a>, with date and SHA-256: %'zu</li>\n",
               head->file_count);
    if (!head->past && head->judged_at != 0) {
        markup_put(&page->markup, "<li>All judged ");
        page_put_time(page, head->judged_at, "");
        markup_put(&page->markup, "</li>\n");
    }
    markup_put(&page->markup, "</ul>\n</div>\n");
}

void page_first(struct page *page)
{
    put_header(page);
    put_navigation(page);
    markup_put(&page->markup, "<main id=\"main\">\n<section id=\"summary\" aria-label=\"Summary\">\n");
    put_answer(page);
    put_doubts(page);
    put_tiles(page);
    markup_put(&page->markup, "<div class=\"boxes\">\n");
    page_begin(page);
    markup_put(&page->markup, "<div class=\"column\">\n");
    put_completeness(page);
    put_changes(page);
    markup_put(&page->markup,
               "</div>\n</div>\n<p class=\"proof\"><strong>" REPORT_NO_PROOF "</strong></p>\n</section>\n");
}
