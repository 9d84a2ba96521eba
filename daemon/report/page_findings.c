/* What is to act on, to decide, to look at, in groups of one cause or one key. A group is kept until it ends, but for
 * members beyond PAGE_MAX_MEMBERS: its head says how many there are, and what is the same for all of them. */
#include "page.h"

#include "text.h"

#include <inttypes.h>
#include <string.h>

struct member {
    struct query_protection protection;
    const char *rows, *page, *date;
    int64_t seen_at, exemption;
};

struct group {
    struct page *page;
    enum need need;
    struct arena members_arena, spare_arena; /* of those that are kept, and of the one that is only compared */
    struct arena *arena;                     /* which of them what comes now goes into */
    const char *name;                        /* NULL: none is open */
    size_t number, protections, exempt;
    struct member members[PAGE_MAX_MEMBERS];
    bool same_reason, same_step, same_rows, same_verdict; /* as those of the first member */
};

static const char *keep(struct group *group, const char *text)
{
    return text == NULL ? NULL : arena_text(group->arena, text);
}

static bool is_same(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

/* "20, 22" */
static const char *join_rows(struct group *group, const struct query_texts *rows)
{
    struct str joined = STR_EMPTY;
    const char *kept;

    for (size_t i = 0; i < rows->count; i++)
        str_format(&joined, "%s%s", i == 0 ? "" : ", ", rows->texts[i]);
    kept = arena_text(group->arena, str_text(&joined));
    str_finish(&joined);
    return kept;
}

static void keep_protection(struct group *group, struct query_protection *kept, const struct query_protection *seen)
{
    *kept = *seen;
    kept->asset.sources = (struct query_texts){ 0 };
    kept->asset.kind = keep(group, seen->asset.kind);
    kept->asset.name = keep(group, seen->asset.name);
    kept->asset.system = NULL;
    kept->method = keep(group, seen->method);
    kept->server = keep(group, seen->server);
    kept->product = keep(group, seen->product);
    kept->workload = keep(group, seen->workload);
    kept->version = keep(group, seen->version);
    kept->installation = keep(group, seen->installation);
    kept->verdict = keep(group, seen->verdict);
    kept->class = keep(group, seen->class);
    kept->ruled = keep(group, seen->ruled);
    kept->reason = keep(group, seen->reason);
    kept->step = keep(group, seen->step);
    kept->cause_name = keep(group, seen->cause_name);
    kept->owner = keep(group, seen->owner);
    kept->site = keep(group, seen->site);
    kept->criticality = keep(group, seen->criticality);
    kept->excluded = NULL;
    kept->by = NULL;
    kept->exempt_reason = keep(group, seen->exempt_reason);
    kept->exempt_by = keep(group, seen->exempt_by);
    kept->exempt_ticket = keep(group, seen->exempt_ticket);
}

static void keep_member(struct group *group, struct member *member, const struct query_report_protection *row)
{
    keep_protection(group, &member->protection, &row->protection);
    member->rows = join_rows(group, &row->rows);
    member->page = keep(group, row->page);
    member->date = keep(group, row->date);
    member->seen_at = row->seen_at;
    member->exemption = row->exemption;
}

static void put_where(struct page *page, const struct query_protection *protection)
{
    markup_put(&page->markup, "<small>%s", protection->workload);
    if (protection->version != NULL && protection->version[0] != '\0')
        markup_put(&page->markup, " %s", protection->version);
    if (protection->installation != NULL && protection->installation[0] != '\0')
        markup_put(&page->markup, ", %s", protection->installation);
    markup_put(&page->markup, "</small>");
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

/* Those of one key have the same version and installation: the name of the group tells them. */
static void put_protection(const struct group *group, const struct query_protection *protection)
{
    struct page *page = group->page;

    page_cell_open(page);
    markup_put(&page->markup, "%s<small>by %s", protection->method, protection->server);
    if (protection->product != NULL)
        markup_put(&page->markup, " (%s)", protection->product);
    markup_put(&page->markup, "</small>");
    if (page_is_cause(group->name))
        put_where(page, protection);
    page_cell_close(page);
}

static void put_exemption(struct page *page, const struct query_protection *protection)
{
    markup_put(&page->markup, "<small class=\"exempt\">exempt until ");
    page_put_day(page, protection->exempt_until, "it is ended");
    if (protection->exempt_reason != NULL)
        markup_put(&page->markup, ": %s", protection->exempt_reason);
    if (protection->exempt_by != NULL)
        markup_put(&page->markup, ", by %s", protection->exempt_by);
    if (protection->exempt_ticket != NULL)
        markup_put(&page->markup, ", ticket %s", protection->exempt_ticket);
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
    if (!group->same_reason)
        markup_put(&page->markup, "<p>%s</p>", protection->reason);
    if (!group->same_step && protection->step != NULL)
        markup_put(&page->markup, "<p class=\"step\">Step forward: %s</p>", protection->step);
    if (!group->same_step)
        page_put_step_end(page, protection->step_end);
    if (member->exemption != 0)
        put_exemption(page, protection);
    page_cell_close(page);
}

static void put_rows(struct page *page, const struct member *member)
{
    if (member->rows[0] == '\0')
        markup_put(&page->markup, "no row");
    else
        markup_put(&page->markup, strchr(member->rows, ',') == NULL ? "row %s" : "rows %s", member->rows);
    if (member->page != NULL && member->page[0] != '\0')
        markup_put(&page->markup, " of <cite>%s</cite>", member->page);
    if (member->date != NULL && member->date[0] != '\0')
        markup_put(&page->markup, ", dated %s", member->date);
}

static void put_evidence(const struct group *group, const struct member *member)
{
    struct page *page = group->page;
    char span[PAGE_TEXT_SIZE];

    page_cell_open(page);
    page_put_day(page, member->seen_at, "never seen");
    if (member->seen_at != 0)
        markup_put(&page->markup, "<small>%s old%s</small>", page_span(span, page->head->at - member->seen_at),
                   member->protection.asset.stale ? ": stale" : "");
    if (!group->same_rows) {
        markup_put(&page->markup, "<small>");
        put_rows(page, member);
        markup_put(&page->markup, "</small>");
    }
    page_cell_close(page);
}

static void put_fact(struct page *page, const char *name, const char *text)
{
    markup_put(&page->markup, "<dt>%s</dt><dd>%s</dd>\n", name, text);
}

/* What is the same for all. */
static void put_common(const struct group *group)
{
    struct page *page = group->page;
    const struct member *first = &group->members[0];

    markup_put(&page->markup, "<dl>\n");
    if (group->same_reason)
        put_fact(page, "Why", first->protection.reason);
    if (group->same_step) {
        markup_put(&page->markup, "<dt>Step forward</dt><dd>%s",
                   first->protection.step == NULL ? "none is known" : first->protection.step);
        page_put_step_end(page, first->protection.step_end);
        markup_put(&page->markup, "</dd>\n");
    }
    if (group->same_rows) {
        markup_put(&page->markup, "<dt>Published in</dt><dd>");
        put_rows(page, first);
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
    page_put_group(page, group->name);
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

static void put_group(const struct group *group)
{
    struct page *page = group->page;

    put_head(group);
    put_common(group);
    page_table_open(page, columns, "<span class=\"unseen\">Members of %s</span>", group->name);
    for (size_t i = 0; i < shown(group); i++) {
        page_row_open(page);
        put_asset(page, &group->members[i].protection);
        put_protection(group, &group->members[i].protection);
        put_verdict(group, &group->members[i]);
        put_evidence(group, &group->members[i]);
        page_row_close(page);
    }
    page_table_close(page);
    page_put_more(page, group->protections - shown(group), "of this group");
    markup_put(&page->markup, "</article>\n");
}

/* Among the largest, where it belongs there; of equal ones the earlier is first. */
static void tally_group(const struct group *group)
{
    struct page_tally *tally = &group->page->tally;
    size_t place = tally->first_count, open = group->protections - group->exempt;

    while (place > 0 && tally->first[place - 1].open < open)
        place--;
    if (place == PAGE_MAX_FIRST || open == 0)
        return;
    if (tally->first_count < PAGE_MAX_FIRST)
        tally->first_count++;
    memmove(&tally->first[place + 1], &tally->first[place], (tally->first_count - 1 - place) * sizeof tally->first[0]);
    tally->first[place] = (struct page_group){
        .name = page_keep(group->page, group->name),
        .step = group->same_step ? page_keep(group->page, group->members[0].protection.step) : NULL,
        .number = group->number,
        .open = open,
        .exempt = group->exempt,
    };
}

static void end_group(struct group *group)
{
    if (group->name == NULL)
        return;
    put_group(group);
    if (group->need == NEED_ACT)
        tally_group(group);
    group->name = NULL;
}

static void begin_group(struct group *group, const char *name)
{
    arena_reset(&group->members_arena);
    group->arena = &group->members_arena;
    group->name = keep(group, name);
    group->number = ++group->page->tally.groups[group->need];
    group->protections = 0;
    group->exempt = 0;
    group->same_reason = group->same_step = group->same_rows = group->same_verdict = true;
}

static void compare(struct group *group, const struct member *member)
{
    const struct member *first = &group->members[0];
    const struct query_protection *one = &first->protection, *other = &member->protection;

    group->same_reason = group->same_reason && is_same(one->reason, other->reason);
    group->same_step = group->same_step && is_same(one->step, other->step) && one->step_end == other->step_end;
    group->same_rows = group->same_rows && is_same(first->rows, member->rows) && is_same(first->page, member->page) &&
                       is_same(first->date, member->date);
    group->same_verdict =
        group->same_verdict && is_same(one->verdict, other->verdict) && is_same(one->class, other->class);
}

/* Rows of one key mostly follow each other, so the last key is looked at first. */
static void tally_key(struct page *page, const struct member *member)
{
    struct page_tally *tally = &page->tally;
    const struct query_protection *protection = &member->protection;
    struct str key = STR_EMPTY;
    size_t i = tally->key_count;

    str_format(&key, "%s %s, %s, %s", protection->workload, protection->version, protection->installation,
               protection->product == NULL ? "product not known" : protection->product);
    while (i > 0 && strcmp(tally->keys[i - 1].key, str_text(&key)) != 0)
        i--;
    if (i > 0)
        tally->keys[i - 1].protections++;
    else if (tally->key_count == PAGE_MAX_KEYS)
        tally->more_keys = true;
    else
        tally->keys[tally->key_count++] =
            (struct page_key){ page_keep(page, str_text(&key)), page_keep(page, member->rows),
                               page_keep(page, member->page), page_keep(page, member->date), 1 };
    str_finish(&key);
}

static bool take(void *context, const struct query_report_protection *row, struct err *err)
{
    struct group *group = context;
    struct member spare, *member = &spare;

    (void)err;
    if (group->name != NULL && strcmp(group->name, row->group) != 0)
        end_group(group);
    if (group->name == NULL)
        begin_group(group, row->group);
    if (group->protections < PAGE_MAX_MEMBERS) {
        member = &group->members[group->protections];
    } else {
        group->arena = &group->spare_arena;
        arena_reset(group->arena);
    }
    keep_member(group, member, row);
    group->protections++;
    group->exempt += row->exemption != 0;
    compare(group, member);
    if (strcmp(row->protection.verdict, verdict_word(VERDICT_CONTRADICTORY)) == 0)
        tally_key(group->page, member);
    return true;
}

static const struct {
    enum page_section section;
    const char *what, *none;
} needs[] = {
    [NEED_ACT] = { SECTION_ACT,
                   "The matrix says no, its rows disagree, or the version is newer or older than all that it lists.",
                   "Nothing asks for action." },
    [NEED_DECIDE] = { SECTION_DECIDE, "The matrix does not list it, or marks it as ending: somebody has to decide.",
                      "Nothing asks for a decision." },
    [NEED_LOOK] = { SECTION_LOOK, "A fact is missing or the evidence is old: somebody has to look.",
                    "Nothing asks for a look." },
};

bool page_findings(struct page *page, enum need need, struct err *err)
{
    struct group *group = arena_alloc(&page->arena, sizeof *group);
    bool good;

    group->page = page;
    group->need = need;
    arena_init(&group->members_arena, ARENA_PLAIN);
    arena_init(&group->spare_arena, ARENA_PLAIN);
    page_section_open(page, needs[need].section);
    markup_put(&page->markup, "<p>%s</p>\n", page->head->need[need] == 0 ? needs[need].none : needs[need].what);
    good = query_report_protections(page->report->source, need, take, group, err);
    if (good)
        end_group(group);
    page_section_close(page);
    arena_finish(&group->members_arena);
    arena_finish(&group->spare_arena);
    return good;
}
