/* Where to begin: what is to be acted on by the step that mends it, over all groups. One step may mend several keys and
 * causes, and then it is told once. */
#include "page_group.h"

#include <string.h>

enum { MAX_REMEDIES = 2000, MAX_LINKS = 4 }; /* what comes beyond the former is in its section alone */

struct anchor {
    size_t number; /* of its place in the page: #act-NUMBER */
    const char *head;
    bool of_cause;
};

struct page_remedy {
    const char *step, *remedy;      /* of the first; either may be NULL */
    const char *own[3];             /* that the former names, set apart */
    bool same_step, same_remedy;    /* of all others, too */
    bool mends;                     /* else no step is known that does */
    int64_t step_end;               /* the first end of support of what it leads to; 0: not known */
    size_t open, exempt, decide;    /* protections: to act on and not exempt, exempt, to decide */
    size_t order;                   /* of its first protection among those of others */
    size_t groups, last;            /* how many it is in, and the number of the last one */
    struct anchor links[MAX_LINKS]; /* to the first of them */
};

/* What no step mends is one with no other group. */
static const char *key_of(const struct group *group, const struct query_report_protection *row)
{
    return row->mends && row->remedy != NULL ? row->remedy : arena_format(group->arena, "\n%zu", group->number);
}

static struct page_remedy *add_remedy(struct page *page, const char *key, const struct query_report_protection *row)
{
    struct page_remedy *remedy;

    if (page->remedies.count == MAX_REMEDIES)
        return NULL;
    remedy = arena_alloc(&page->arena, sizeof *remedy);
    *remedy = (struct page_remedy){ .step = page_keep(page, row->protection.step),
                                    .remedy = page_keep(page, row->remedy),
                                    .own = { page_keep(page, row->protection.asset.name),
                                             page_keep(page, row->protection.cause_name),
                                             page_keep(page, row->protection.server) },
                                    .same_step = true,
                                    .same_remedy = true,
                                    .mends = row->mends && row->remedy != NULL,
                                    .step_end = row->protection.step_end,
                                    .order = page->remedies.count };
    map_put(&page->remedies, page_keep(page, key), remedy);
    return remedy;
}

static bool is_same(const char *one, const char *other)
{
    return one != NULL && other != NULL && strcmp(one, other) == 0;
}

static void add_group(struct page *page, struct page_remedy *remedy, const struct group *group)
{
    if (remedy->last == group->number)
        return;
    if (remedy->groups < MAX_LINKS)
        remedy->links[remedy->groups] = (struct anchor){ group->number, page_keep(page, group->head), group->of_cause };
    remedy->groups++;
    remedy->last = group->number;
}

static void add_protection(struct page *page, const struct group *group, const struct query_report_protection *row)
{
    const char *key = key_of(group, row);
    struct page_remedy *remedy = map_get(&page->remedies, key);

    if (remedy == NULL)
        remedy = add_remedy(page, key, row);
    if (remedy == NULL)
        return;
    remedy->same_step = remedy->same_step && is_same(remedy->step, row->protection.step);
    remedy->same_remedy = remedy->same_remedy && is_same(remedy->remedy, row->remedy);
    if (row->protection.step_end != 0 && (remedy->step_end == 0 || row->protection.step_end < remedy->step_end))
        remedy->step_end = row->protection.step_end;
    *(row->exemption != 0 ? &remedy->exempt : &remedy->open) += 1;
    add_group(page, remedy, group);
}

void group_tally(const struct group *group, const struct query_report_protection *row)
{
    struct page *page = group->page;
    struct page_remedy *remedy;

    if (group->need == NEED_ACT) {
        add_protection(page, group, row);
    } else if (group->need == NEED_DECIDE && row->mends && row->remedy != NULL && row->exemption == 0) {
        remedy = map_get(&page->remedies, row->remedy);
        if (remedy != NULL)
            remedy->decide++;
    }
}

/* ------------------------------------------------------------------------------------------------------- shown ---- */

static bool is_before(const struct page_remedy *one, const struct page_remedy *other)
{
    if (one->mends != other->mends)
        return one->mends;
    return one->open != other->open ? one->open > other->open : one->order < other->order;
}

/* Steps that mend something first; of these the one with the most that is open, of equal ones the earlier. */
static size_t find_first(const struct page *page, const struct page_remedy *first[PAGE_MAX_FIRST])
{
    const struct map_entry *entry;
    size_t count = 0, at = 0;

    while ((entry = map_next(&page->remedies, &at)) != NULL) {
        const struct page_remedy *remedy = entry->value;
        size_t place = count;

        while (place > 0 && is_before(remedy, first[place - 1]))
            place--;
        if (place == PAGE_MAX_FIRST || remedy->open == 0)
            continue;
        if (count < PAGE_MAX_FIRST)
            count++;
        memmove(&first[place + 1], &first[place], (count - 1 - place) * sizeof first[0]);
        first[place] = remedy;
    }
    return count;
}

static const char *step_of(const struct page_remedy *remedy)
{
    return remedy->same_step ? remedy->step : remedy->same_remedy ? remedy->remedy : NULL;
}

static void put_counts(struct page *page, const struct page_remedy *remedy)
{
    markup_put(&page->markup, "%'zu %s", remedy->open, remedy->open == 1 ? "protection" : "protections");
    if (remedy->exempt > 0)
        markup_put(&page->markup, ", besides %'zu exempt", remedy->exempt);
    if (remedy->decide > 0)
        markup_put(&page->markup, ", and %'zu <a href=\"#%s\">to decide</a>", remedy->decide,
                   page_section_id(SECTION_DECIDE));
}

static void put_link(struct page *page, const struct anchor *link)
{
    markup_put(&page->markup, "<a href=\"#act-%zu\">", link->number);
    page_put_group(page, link->head, link->of_cause);
    markup_put(&page->markup, "</a>");
}

static void put_links(struct page *page, const struct page_remedy *remedy)
{
    size_t shown = remedy->groups < MAX_LINKS ? remedy->groups : MAX_LINKS;

    markup_put(&page->markup, "<small>");
    for (size_t i = 0; i < shown; i++) {
        markup_put(&page->markup, i == 0 ? "" : "; ");
        put_link(page, &remedy->links[i]);
    }
    if (remedy->groups > shown)
        markup_put(&page->markup, "; and %'zu more groups", remedy->groups - shown);
    markup_put(&page->markup, "</small>");
}

static void put_step(struct page *page, const struct page_remedy *remedy)
{
    const struct query_texts none = { 0 };

    page_put_sentence(page, step_of(remedy), remedy->own, sizeof remedy->own / sizeof remedy->own[0], &none);
}

static void put_remedy(struct page *page, const struct page_remedy *remedy)
{
    markup_put(&page->markup, "<li>");
    if (remedy->groups == 1) {
        put_link(page, &remedy->links[0]);
        markup_put(&page->markup, ": ");
    } else {
        put_step(page, remedy);
        markup_put(&page->markup, " Mends ");
    }
    put_counts(page, remedy);
    if (remedy->groups > 1) {
        put_links(page, remedy);
    } else if (step_of(remedy) != NULL) {
        markup_put(&page->markup, "<small>");
        put_step(page, remedy);
        markup_put(&page->markup, "</small>");
    }
    page_put_step_end(page, remedy->step_end);
    markup_put(&page->markup, "</li>\n");
}

void page_begin(struct page *page)
{
    const struct page_remedy *first[PAGE_MAX_FIRST + 1];
    size_t count = find_first(page, first), groups = page->tally.groups[NEED_ACT];

    if (count == 0)
        return;
    markup_put(&page->markup, "<div class=\"box\">\n<h2>Where to begin</h2>\n<ol class=\"begin\">\n");
    for (size_t i = 0; i < count; i++)
        put_remedy(page, first[i]);
    markup_put(&page->markup, "</ol>\n");
    if (groups > 1)
        markup_put(&page->markup, "<p><a href=\"#act\">All %'zu groups</a></p>\n", groups);
    markup_put(&page->markup, "</div>\n");
}
