/* What a group shows: what is the same for all of its members once, then each of them. */
#include "page_group.h"

#include <inttypes.h>
#include <string.h>

/* A sentence of the judge, with what it names set apart: the asset, where it runs, its backup server, their parts. */
static void put_sentence(struct page *page, const struct member *member, const char *sentence)
{
    const struct query_protection *protection = &member->protection;
    const char *own[] = { protection->asset.name, protection->cause_name, protection->server };

    page_put_sentence(page, sentence, own, sizeof own / sizeof own[0], &member->names);
}

static void put_asset(struct page *page, const struct query_protection *protection)
{
    page_cell_open(page);
    markup_put(&page->markup, "%s<small>%s %" PRId64, protection->asset.name, protection->asset.kind,
               protection->asset.id);
    if (protection->site != NULL)
        markup_put(&page->markup, "; site %s", protection->site);
    if (protection->owner != NULL)
        markup_put(&page->markup, "; owner %s", protection->owner);
    if (protection->criticality != NULL)
        markup_put(&page->markup, "; %s", protection->criticality);
    markup_put(&page->markup, "</small>");
    page_cell_close(page);
}

static void put_configured(struct page *page, const struct member *member)
{
    const char *by = member->protection.by;

    if (member->configured)
        markup_put(&page->markup, "<small>configured: the DPMDB shows it</small>");
    else if (by != NULL && strcmp(by, "rule") == 0)
        markup_put(&page->markup, "<small>a possible way, which a rule names: no DPMDB shows it</small>");
    else
        markup_put(&page->markup, "<small>a possible way: no DPMDB shows it</small>");
}

/* Those of one key have the same version and installation: the head of the group tells them. */
static void put_protection(const struct group *group, const struct member *member)
{
    struct page *page = group->page;
    const struct query_protection *protection = &member->protection;

    page_cell_open(page);
    markup_put(&page->markup, "%s<small>by %s", protection->method, protection->server);
    if (protection->product != NULL)
        markup_put(&page->markup, " (%s)", protection->product);
    markup_put(&page->markup, "</small>");
    put_configured(page, member);
    if (group->of_cause)
        markup_put(&page->markup, "<small>%s</small>", member->key);
    page_cell_close(page);
}

static void put_exemption(struct page *page, const struct query_protection *protection)
{
    markup_put(&page->markup, "<small class=\"exempt\">exempt until ");
    page_put_day(page, protection->exempt_until, "it is ended");
    if (protection->exempt_reason != NULL)
        markup_put(&page->markup, ": %s", protection->exempt_reason);
    markup_put(&page->markup, "; ");
    page_put_who(page, protection->exempt_approved_by, protection->exempt_by);
    if (protection->exempt_ticket != NULL)
        markup_put(&page->markup, "; ticket %s", protection->exempt_ticket);
    markup_put(&page->markup, "</small>");
}

static void put_verdict(const struct group *group, const struct member *member)
{
    struct page *page = group->page;
    const struct query_protection *protection = &member->protection;

    page_cell_open(page);
    page_put_verdict(page, protection->verdict, protection->class, protection->ruled);
    markup_put(&page->markup, "<small>since ");
    page_put_day(page, protection->since_at, "not known");
    markup_put(&page->markup, "</small>");
    if (!group->same_reason) {
        markup_put(&page->markup, "<p>");
        put_sentence(page, member, protection->reason);
        markup_put(&page->markup, "</p>");
    }
    if (!group->same_step && !group->same_remedy && protection->step != NULL) {
        markup_put(&page->markup, "<p class=\"step\">Step forward: ");
        put_sentence(page, member, protection->step);
        markup_put(&page->markup, "</p>");
        page_put_step_end(page, protection->step_end);
    }
    if (member->exemption != 0)
        put_exemption(page, protection);
    page_cell_close(page);
}

static void put_date(struct page *page, const struct member *member)
{
    if (member->date != NULL && member->date[0] != '\0')
        markup_put(&page->markup, ", dated %s", member->date);
}

static void put_page(struct page *page, const struct member *member)
{
    bool named = member->page != NULL && member->page[0] != '\0';

    if (member->rows[0] != '\0') {
        markup_put(&page->markup, strchr(member->rows, ',') == NULL ? "row %s" : "rows %s", member->rows);
        if (named)
            markup_put(&page->markup, " of <cite>%s</cite>", member->page);
        put_date(page, member);
    } else if (named) {
        markup_put(&page->markup, "<cite>%s</cite>", member->page);
        put_date(page, member);
        markup_put(&page->markup, ": no row is about it");
    } else {
        markup_put(&page->markup, "no page is known for it");
    }
}

static void put_evidence(const struct group *group, const struct member *member)
{
    struct page *page = group->page;
    char span[PAGE_TEXT_SIZE];

    page_cell_open(page);
    page_put_day(page, member->seen_at, page->head->past ? "not recorded" : "never seen");
    if (member->seen_at != 0)
        markup_put(&page->markup, "<small>%s old%s</small>", page_span(span, page->head->at - member->seen_at),
                   member->protection.asset.stale ? ": stale" : "");
    if (!group->same_rows) {
        markup_put(&page->markup, "<small>");
        put_page(page, member);
        markup_put(&page->markup, "</small>");
    }
    page_cell_close(page);
}

static void put_common_step(const struct group *group)
{
    struct page *page = group->page;
    const struct member *first = &group->members[0];

    markup_put(&page->markup, "<dt>Step forward</dt><dd>");
    if (first->protection.step == NULL)
        markup_put(&page->markup, "none is known");
    else
        put_sentence(page, first, group->same_step ? first->protection.step : first->remedy);
    page_put_step_end(page, first->protection.step_end);
    markup_put(&page->markup, "</dd>\n");
}

/* What is the same for all. */
static void put_common(const struct group *group)
{
    struct page *page = group->page;
    const struct member *first = &group->members[0];

    markup_put(&page->markup, "<dl>\n");
    if (group->same_reason) {
        markup_put(&page->markup, "<dt>Why</dt><dd>");
        put_sentence(page, first, first->protection.reason);
        markup_put(&page->markup, "</dd>\n");
    }
    if (group->same_step || group->same_remedy)
        put_common_step(group);
    if (group->same_rows) {
        markup_put(&page->markup, first->rows[0] == '\0' ? "<dt>Looked up in</dt><dd>" : "<dt>Published in</dt><dd>");
        put_page(page, first);
        markup_put(&page->markup, "</dd>\n");
    }
    markup_put(&page->markup, "</dl>\n");
}

static void put_head(const struct group *group)
{
    struct page *page = group->page;
    const char *word = need_word(group->need);

    markup_put(&page->markup,
               "<article class=\"group\" id=\"%s-%zu\" aria-labelledby=\"h-%s-%zu\">\n<h3 id=\"h-%s-%zu\">", word,
               group->number, word, group->number, word, group->number);
    page_put_group(page, group->head, group->of_cause);
    markup_put(&page->markup, "</h3>\n");
    markup_put(&page->markup, "<p>%'zu %s%s", group->protections,
               group->protections == 1 ? "protection" : "protections", group->same_verdict ? ", " : "");
    if (group->same_verdict)
        page_put_verdict(page, group->members[0].protection.verdict, group->members[0].protection.class, NULL);
    if (group->exempt > 0)
        markup_put(&page->markup, ", of which %'zu %s exempt", group->exempt, group->exempt == 1 ? "is" : "are");
    markup_put(&page->markup, "</p>\n");
}

static const struct page_column columns[] = {
    { "Asset", false }, { "Protection", false }, { "Verdict", false }, { "Evidence", false }, { 0 }
};

static size_t shown(const struct group *group)
{
    return group->protections < PAGE_MAX_MEMBERS ? group->protections : PAGE_MAX_MEMBERS;
}

void group_put(const struct group *group)
{
    struct page *page = group->page;

    put_head(group);
    put_common(group);
    page_table_open(page, columns, "<span class=\"unseen\">Members: %s%s</span>", group->of_cause ? "because of " : "",
                    group->head);
    for (size_t i = 0; i < shown(group); i++) {
        page_row_open(page);
        put_asset(page, &group->members[i].protection);
        put_protection(group, &group->members[i]);
        put_verdict(group, &group->members[i]);
        put_evidence(group, &group->members[i]);
        page_row_close(page);
    }
    page_table_close(page);
    page_put_more(page, group->protections - shown(group), "of this group", "CSV or JSON");
    markup_put(&page->markup, "</article>\n");
}
