#include "plan_html.h"

#include "mem.h"
#include "page.h"
#include "verdict.h"
#include "whole_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How a kind of change is counted in the answer, what its section is called, and how bad it is. */
static const struct {
    const char *counted, *title;
    enum { GOOD, WARN, BAD } tone;
} kinds[] = {
    [CHANGE_LOST] = { "would be lost", "Lost", BAD },
    [CHANGE_RULING] = { "would lose the ruling that allows them", "Rulings that do not carry over", BAD },
    [CHANGE_SCOPE_LOST] = { "would cover less", "Less is covered", WARN },
    [CHANGE_CONDITIONS] = { "would hang on new conditions", "New conditions", WARN },
    [CHANGE_DEPRECATED] = { "would be deprecated", "Deprecated", WARN },
    [CHANGE_ABSENCE] = { "would differ only in how absence is read", "Only how absence is read", WARN },
    [CHANGE_OTHER] = { "would change otherwise", "Other changes", WARN },
    [CHANGE_GAINED] = { "would be gained", "Gained", GOOD },
};

static const char *const tones[] = { [GOOD] = "good", [WARN] = "warn", [BAD] = "bad" };

/* Where the members of each group begin in an order of the list that has them together. */
struct members {
    size_t *starts; /* one more than there are groups */
    size_t *order;
};

static const char *noun(int64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

/* ------------------------------------------------------------------------------------------------- first screen ----
 */

static void put_title(struct page *page, const struct plan *plan, const char *title)
{
    markup_put(&page->markup, "<header>\n<h1>%s</h1>\n<p>Judged twice, ", title);
    page_put_time(page, plan->now, "");
    markup_put(&page->markup,
               ", from what the database knew then: as it is, and as it would be. Shown is what differs. Nothing was "
               "changed. Made by muster %s.</p>\n</header>\n",
               plan->version);
}

static void put_navigation(struct page *page, const struct query_supposed *supposed)
{
    markup_put(&page->markup, "<nav aria-label=\"Sections\">\n<ul>\n");
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        if (supposed->counts[kind].protections > 0)
            markup_put(&page->markup, "<li><a href=\"#%s\">%s <small>%'" PRId64 "</small></a></li>\n",
                       change_word(kind), kinds[kind].title, supposed->counts[kind].protections);
    }
    markup_put(&page->markup, "<li><a href=\"#files\">Documents</a></li>\n</ul>\n</nav>\n");
}

static const char *tone_of(const struct query_supposed *supposed)
{
    int tone = GOOD;

    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        if (supposed->counts[kind].protections > 0 && (int)kinds[kind].tone > tone)
            tone = kinds[kind].tone;
    }
    return tones[tone];
}

static void put_answer(struct page *page, const struct plan *plan)
{
    const struct query_supposed *supposed = plan->supposed;
    const char *comma = ": ";

    if (plan->nothing != NULL) {
        markup_put(&page->markup, "<p class=\"answer warn\">%s</p>\n", plan->nothing);
        return;
    }
    markup_put(&page->markup, "<p class=\"answer %s\">", tone_of(supposed));
    if (supposed->changed == 0)
        markup_put(&page->markup, "Nothing would change: %'" PRId64 " %s compared", supposed->compared,
                   noun(supposed->compared, "protection was", "protections were"));
    else
        markup_put(&page->markup, "%'" PRId64 " of %'" PRId64 " %s would change", supposed->changed, supposed->compared,
                   noun(supposed->compared, "protection", "protections"));
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        if (supposed->counts[kind].protections == 0)
            continue;
        markup_put(&page->markup, "%s%'" PRId64 " %s", comma, supposed->counts[kind].protections, kinds[kind].counted);
        comma = ", ";
    }
    markup_put(&page->markup, ".</p>\n");
}

static void put_texts(struct page *page, const char *name, const struct query_texts *texts, const char *none)
{
    markup_put(&page->markup, "<dt>%s</dt><dd>%s", name, texts->count == 0 ? none : "");
    for (size_t i = 0; i < texts->count; i++)
        markup_put(&page->markup, "%s%s", i == 0 ? "" : "; ", texts->texts[i]);
    markup_put(&page->markup, "</dd>\n");
}

static void put_supposed(struct page *page, const struct plan *plan)
{
    const struct product *product = plan->product;
    const struct query_supposed *supposed = plan->supposed;

    markup_put(&page->markup,
               "<div class=\"box\">\n<h2>What is supposed</h2>\n<dl class=\"words\">\n<dt>Backup product</dt><dd>");
    if (product == NULL)
        markup_put(&page->markup, "as it is</dd>\n");
    else
        markup_put(&page->markup, "%s (%s)</dd>\n", product->title, product->name);
    put_texts(page, "Facts", &plan->facts, "as they are");
    put_texts(page, "Of what", &plan->selection, "all that is protected");
    markup_put(&page->markup,
               "<dt>Assets selected</dt><dd>%'" PRId64 "</dd>\n<dt>Compared</dt><dd>%'" PRId64 " %s of %'" PRId64
               " %s</dd>\n<dt>Matrix</dt><dd>%s</dd>\n</dl>\n</div>\n",
               supposed->picked, supposed->compared, noun(supposed->compared, "protection", "protections"),
               supposed->assets, noun(supposed->assets, "asset", "assets"),
               supposed->is_in_force ? "the one that musterd judges by"
                                     : "not known to be the one that musterd judges by");
}

static void put_counts(struct page *page, const struct query_supposed *supposed)
{
    static const struct page_column columns[] = {
        { "Change", false }, { "Protections", true }, { "Assets", true }, { "Means", false }, { 0 }
    };

    markup_put(&page->markup, "<div class=\"box\">\n<h2>What would change</h2>\n");
    page_table_open(page, columns, "Each protection counts once, as the worst of its changes");
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        const struct query_supposed_count *count = &supposed->counts[kind];

        page_row_open(page);
        if (count->protections > 0)
            page_cell(page, "<a href=\"#%s\">%s</a>", change_word(kind), change_word(kind));
        else
            page_cell(page, "%s", change_word(kind));
        page_cell_count(page, count->protections);
        page_cell_count(page, count->assets);
        page_cell(page, "%s", change_meaning(kind));
        page_row_close(page);
    }
    page_table_close(page);
    markup_put(&page->markup, "</div>\n");
}

static void put_summary(struct page *page, const struct plan *plan)
{
    markup_put(&page->markup, "<main id=\"main\">\n<section id=\"summary\" aria-label=\"Summary\">\n");
    put_answer(page, plan);
    for (size_t i = 0; i < plan->notes.count; i++)
        markup_put(&page->markup, "<p class=\"doubt\">%s.</p>\n", plan->notes.texts[i]);
    markup_put(&page->markup, "<div class=\"boxes\">\n");
    put_supposed(page, plan);
    put_counts(page, plan->supposed);
    markup_put(&page->markup, "</div>\n<p class=\"proof\"><strong>" REPORT_NO_PROOF "</strong></p>\n</section>\n");
}

/* ------------------------------------------------------------------------------------------------------ groups ---- */

static void put_side(struct page *page, const struct query_side *side, const struct query_side *other)
{
    if (side->verdict == NULL) {
        markup_put(&page->markup, "nothing that counts");
        return;
    }
    page_put_verdict(page, side->verdict, side->class, side->ruled);
    if (side->product != NULL && (other->product == NULL || strcmp(side->product, other->product) != 0))
        markup_put(&page->markup, " by %s", side->product);
}

static void put_fact(struct page *page, const char *name, const char *text)
{
    markup_put(&page->markup, "<dt>%s</dt><dd>%s</dd>\n", name, text);
}

static bool is_some(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* Then there is no step to be taken. */
static bool is_supported(const struct query_side *side)
{
    return side->verdict != NULL && verdict_find(side->verdict) == VERDICT_SUPPORTED;
}

/* Of a member: what its group has not said. */
static void put_unless_said(struct page *page, const char *name, const char *text, const char *said)
{
    if (is_some(text) && (said == NULL || strcmp(text, said) != 0))
        markup_put(&page->markup, "<small>%s: %s</small>", name, text);
}

static void put_group_head(struct page *page, const struct query_supposed_group *group, size_t number)
{
    const char *word = change_word(group->kind);

    markup_put(&page->markup,
               "<article class=\"group\" id=\"%s-%zu\" aria-labelledby=\"h-%s-%zu\">\n<h3 id=\"h-%s-%zu\">%s</h3>\n"
               "<p>%'" PRId64 " %s of %'" PRId64 " %s</p>\n<dl>\n<dt>Before</dt><dd>",
               word, number, word, number, word, number, group->name, group->protections,
               noun(group->protections, "protection", "protections"), group->assets,
               noun(group->assets, "asset", "assets"));
    put_side(page, &group->before, &group->after);
    markup_put(&page->markup, "</dd>\n<dt>After</dt><dd>");
    put_side(page, &group->after, &group->before);
    markup_put(&page->markup, "</dd>\n");
    if (is_some(group->text))
        put_fact(page, "Why", group->text);
    if (is_some(group->step) || !is_supported(&group->after))
        put_fact(page, "Step forward", is_some(group->step) ? group->step : "none is known");
    put_fact(page, "Such as", group->asset_name);
    markup_put(&page->markup, "</dl>\n");
}

static void put_method(struct page *page, const struct query_supposed_change *change)
{
    const char *before = change->before.method, *after = change->after.method;

    page_cell_open(page);
    if (before != NULL && after != NULL && strcmp(before, after) != 0)
        markup_put(&page->markup, "%s, then %s", before, after);
    else
        markup_put(&page->markup, "%s", after != NULL ? after : before);
    if (is_some(change->server))
        markup_put(&page->markup, "<small>under %s</small>", change->server);
    page_cell_close(page);
}

static void put_change(struct page *page, const struct query_supposed_change *change,
                       const struct query_supposed_group *group)
{
    const char *comma = "also ";

    page_cell_open(page);
    markup_put(&page->markup, "as above");
    for (enum change_kind kind = change->kind + 1; kind < CHANGE_COUNT; kind++) {
        if ((change->kinds >> kind & 1) == 0)
            continue;
        markup_put(&page->markup, ", %s%s", comma, change_word(kind));
        comma = "";
    }
    put_unless_said(page, "why", change->text, group->text);
    put_unless_said(page, "step forward", change->after.step, group->step);
    if (!change->picked)
        markup_put(&page->markup, "<small>not selected: what is supposed of others changes it</small>");
    page_cell_close(page);
}

static void put_member(struct page *page, const struct query_supposed_change *change,
                       const struct query_supposed_group *group)
{
    page_row_open(page);
    page_cell(page, "%s<small>%s %" PRId64 "</small>", change->name, change->asset_kind, change->asset);
    put_method(page, change);
    put_change(page, change, group);
    page_cell_open(page);
    markup_put(&page->markup, "%s", is_some(change->owner) ? change->owner : "none is known");
    put_unless_said(page, "site", change->site, NULL);
    put_unless_said(page, "criticality", change->criticality, NULL);
    page_cell_close(page);
    page_row_close(page);
}

static void put_members(struct page *page, const struct query_supposed *supposed, const struct members *members,
                        size_t place)
{
    static const struct page_column columns[] = {
        { "Asset", false }, { "Protection", false }, { "Change", false }, { "Owner", false }, { 0 }
    };
    const struct query_supposed_group *group = &supposed->groups[place];
    size_t start = members->starts[place], shown = members->starts[place + 1] - start;

    if (shown > PAGE_MAX_MEMBERS)
        shown = PAGE_MAX_MEMBERS;
    if (shown > 0) {
        page_table_open(page, columns, "<span class=\"unseen\">Members of %s</span>", group->name);
        for (size_t i = 0; i < shown; i++)
            put_member(page, &supposed->list[members->order[start + i]], group);
        page_table_close(page);
    }
    if ((size_t)group->protections > shown)
        markup_put(
            &page->markup,
            "<p class=\"more\">%s%'zu %s of this group; muster what-if with --limit 0, as CSV or JSON, lists all "
            "of them.</p>\n",
            shown > 0 ? "and " : "", (size_t)group->protections - shown, shown > 0 ? "more" : "protections");
}

/* A list is in the order of kinds and verdicts; what is of one group stays in the order of the list. */
static void gather(struct members *members, const struct query_supposed *supposed)
{
    size_t *starts = mem_new(supposed->group_count + 2, sizeof *starts);
    size_t *order = mem_new(supposed->count + 1, sizeof *order);

    *members = (struct members){ starts, order };
    for (size_t i = 0; i < supposed->count; i++)
        starts[supposed->list[i].group + 2]++;
    for (size_t i = 2; i < supposed->group_count + 2; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < supposed->count; i++)
        order[starts[supposed->list[i].group + 1]++] = i;
}

static void put_kind(struct page *page, const struct query_supposed *supposed, const struct members *members,
                     enum change_kind kind, size_t *place)
{
    size_t number = 0;

    page_part_open(page, change_word(kind), kinds[kind].title);
    markup_put(&page->markup, "<p><b>%s</b>: %s.</p>\n", change_word(kind), change_meaning(kind));
    for (; *place < supposed->group_count && supposed->groups[*place].kind == kind; ++*place) {
        put_group_head(page, &supposed->groups[*place], ++number);
        put_members(page, supposed, members, *place);
        markup_put(&page->markup, "</article>\n");
    }
    page_section_close(page);
}

static void put_kinds(struct page *page, const struct query_supposed *supposed)
{
    struct members members;
    size_t place = 0;

    gather(&members, supposed);
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        if (supposed->counts[kind].protections > 0)
            put_kind(page, supposed, &members, kind, &place);
    }
    free(members.starts);
    free(members.order);
}

/* ------------------------------------------------------------------------------------------------------- files ---- */

static const struct edition *edition_of(const struct matrix *matrix, const char *file)
{
    for (size_t i = 0; i < matrix->edition_count; i++) {
        if (strcmp(matrix->editions[i].file, file) == 0)
            return &matrix->editions[i];
    }
    return NULL;
}

static void put_files(struct page *page, const struct matrix *matrix)
{
    struct query_report_file *files = arena_alloc(&page->arena, (matrix->file_count + 1) * sizeof *files);

    for (size_t i = 0; i < matrix->file_count; i++) {
        const struct matrix_file *file = &matrix->files[i];
        const struct edition *edition = edition_of(matrix, file->file);

        files[i] = (struct query_report_file){ .file = file->file, .sha256 = file->sha256, .date = file->date };
        if (edition != NULL) {
            files[i].edition = edition->name;
            files[i].date = edition->date;
            files[i].page = edition->page;
        }
    }
    page_part_open(page, "files", "Documents");
    markup_put(&page->markup, "<p>Both sides are judged by these files.</p>\n");
    page_files(page, files, matrix->file_count);
    page_section_close(page);
}

/* -------------------------------------------------------------------------------------------------------- page ---- */

bool plan_html_write(const struct plan *plan, FILE *out, struct err *err)
{
    struct page page = { 0 };
    const char *title = plan->title == NULL ? "Upgrade plan" : plan->title;

    arena_init(&page.arena, ARENA_PLAIN);
    if (plan->title == NULL && plan->product != NULL)
        title = arena_format(&page.arena, "%s: %s", title, plan->product->title);
    markup_init(&page.markup, out);
    page_open(&page, title, plan->version);
    put_title(&page, plan, title);
    put_navigation(&page, plan->supposed);
    put_summary(&page, plan);
    put_kinds(&page, plan->supposed);
    put_files(&page, plan->matrix);
    markup_put(&page.markup,
               "</main>\n<footer>\n<p>%s: muster %s. muster what-if as CSV or JSON lists the same for programs.</p>\n"
               "</footer>\n</body>\n</html>\n",
               title, plan->version);
    arena_finish(&page.arena);
    return markup_finish(&page.markup, err);
}

bool plan_html_write_file(const struct plan *plan, const char *path, struct err *err)
{
    struct whole_file file = WHOLE_FILE_EMPTY;
    bool good = whole_file_open(&file, path, err);

    if (good && !plan_html_write(plan, file.out, err))
        good = err_add(err, "%s", path);
    good = good && whole_file_keep(&file, path, err);
    whole_file_finish(&file);
    return good;
}
