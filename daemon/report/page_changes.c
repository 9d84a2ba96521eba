/* What changed since the last report, by what it means for people; of each kind the first ones are listed. */
#include "page.h"

#include <inttypes.h>

#define FEW 50 /* of what asks for no action: after the first scan, that is the whole fleet */

struct change {
    int64_t asset, at;
    const char *kind, *name, *method, *server, *workload, *before, *before_class, *now, *now_class, *reason;
};

struct changes {
    struct page *page;
    struct change kept[MOVE_COUNT][PAGE_MAX_MEMBERS];
};

static const struct {
    const char *title, *id;
    size_t shown; /* at the most */
} moves[MOVE_COUNT] = {
    [MOVE_ACT] = { "Asks for action now", "changes-act", PAGE_MAX_MEMBERS },
    [MOVE_BETTER] = { "Does not ask for action any more", "changes-better", PAGE_MAX_MEMBERS },
    [MOVE_CAME] = { "New, and asks for no action", "changes-came", FEW },
    [MOVE_WENT] = { "Gone", "changes-went", FEW },
    [MOVE_OTHER] = { "Another verdict", "changes-other", FEW },
};

static enum page_move move_of(const struct query_report_change *row)
{
    bool came = row->before == NULL, went = row->now == NULL;

    if (went)
        return MOVE_WENT;
    if (row->need_now == NEED_ACT && (came || row->need_before != NEED_ACT))
        return MOVE_ACT;
    if (came)
        return MOVE_CAME;
    return row->need_before == NEED_ACT && row->need_now != NEED_ACT ? MOVE_BETTER : MOVE_OTHER;
}

static void keep(struct page *page, struct change *kept, const struct query_report_change *row)
{
    *kept = (struct change){
        .asset = row->asset,
        .at = row->at,
        .kind = page_keep(page, row->kind),
        .name = page_keep(page, row->name),
        .method = page_keep(page, row->method),
        .server = page_keep(page, row->server),
        .workload = page_keep(page, row->workload),
        .before = page_keep(page, row->before),
        .before_class = page_keep(page, row->before_class),
        .now = page_keep(page, row->now),
        .now_class = page_keep(page, row->now_class),
        .reason = page_keep(page, row->reason),
    };
}

static bool take(void *context, const struct query_report_change *row, struct err *err)
{
    struct changes *changes = context;
    enum page_move move = move_of(row);
    size_t *count = &changes->page->tally.moves[move];

    (void)err;
    if (*count < moves[move].shown)
        keep(changes->page, &changes->kept[move][*count], row);
    (*count)++;
    return true;
}

static void put_state(struct page *page, const char *verdict, const char *class)
{
    page_cell_open(page);
    if (verdict == NULL)
        markup_put(&page->markup, "<span class=\"quiet\">not there</span>");
    else
        page_put_verdict(page, verdict, class, NULL);
    page_cell_close(page);
}

static void put_change(struct page *page, const struct change *change)
{
    page_row_open(page);
    page_cell(page, "%s<small>%s %" PRId64 "</small>", change->name, change->kind, change->asset);
    page_cell(page, "%s<small>by %s</small><small>%s</small>", change->method, change->server, change->workload);
    put_state(page, change->before, change->before_class);
    put_state(page, change->now, change->now_class);
    page_cell_open(page);
    page_put_day(page, change->at, "not known");
    page_cell_close(page);
    page_cell(page, "%s", change->reason == NULL ? "" : change->reason);
    page_row_close(page);
}

static void put_move(struct changes *changes, enum page_move move)
{
    static const struct page_column columns[] = { { "Asset", false },
                                                  { "Protection", false },
                                                  { "Before", false },
                                                  { "Now", false },
                                                  { "Date", false },
                                                  { "Reason", false },
                                                  { 0 } };
    struct page *page = changes->page;
    size_t count = page->tally.moves[move], shown = count < moves[move].shown ? count : moves[move].shown;

    if (count == 0)
        return;
    markup_put(&page->markup, "<h3 id=\"%s\">%s: %'zu</h3>\n", moves[move].id, moves[move].title, count);
    page_table_open(page, columns, "<span class=\"unseen\">%s</span>", moves[move].title);
    for (size_t i = 0; i < shown; i++)
        put_change(page, &changes->kept[move][i]);
    page_table_close(page);
    page_put_more(page, count - shown, "of this kind", "JSON");
}

/* Protections that are there with the verdict that they had. */
static int64_t count_unchanged(const struct page *page)
{
    const struct query_report_head *head = page->head;
    int64_t there = 0;

    for (int need = NEED_NOTHING; need <= NEED_ACT; need++)
        there += head->need[need];
    for (int move = 0; move < MOVE_COUNT; move++)
        there -= move == MOVE_WENT ? 0 : (int64_t)page->tally.moves[move];
    return there > 0 ? there : 0;
}

static size_t all_moves(const struct page *page)
{
    size_t all = 0;

    for (int move = 0; move < MOVE_COUNT; move++)
        all += page->tally.moves[move];
    return all;
}

static void put_since(struct page *page)
{
    if (page->head->first)
        markup_put(&page->markup,
                   "<p>This is a first report: nothing had been judged before. What is new here need not be new to the "
                   "fleet.</p>\n");
    markup_put(&page->markup, "<p>");
    markup_put(&page->markup, all_moves(page) == 0 ? "No verdict has changed since " : "Verdicts that changed since ");
    page_put_time(page, page->head->since, "the beginning");
    markup_put(&page->markup, all_moves(page) == 0 ? "." : ", and what came of them.");
    markup_put(&page->markup, " Unchanged: %'" PRId64 " protections.</p>\n", count_unchanged(page));
}

bool page_changes(struct page *page, struct err *err)
{
    struct changes *changes = arena_alloc(&page->arena, sizeof *changes);

    changes->page = page;
    page_section_open(page, SECTION_CHANGES);
    if (!query_report_changes(page->report->source, take, changes, err))
        return false;
    put_since(page);
    for (int move = 0; move < MOVE_COUNT; move++)
        put_move(changes, (enum page_move)move);
    page_section_close(page);
    return true;
}
