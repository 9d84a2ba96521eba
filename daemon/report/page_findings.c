/* What is to act on, to decide, to look at, in groups of one cause or one key. A group is kept until it ends, but for
 * members beyond PAGE_MAX_MEMBERS: its head says how many there are, and what is the same for all of them. */
#include "page_group.h"

#include <string.h>

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
    kept->by = keep(group, seen->by);
    kept->exempt_reason = keep(group, seen->exempt_reason);
    kept->exempt_by = keep(group, seen->exempt_by);
    kept->exempt_approved_by = keep(group, seen->exempt_approved_by);
    kept->exempt_ticket = keep(group, seen->exempt_ticket);
}

static struct query_texts keep_texts(struct group *group, const struct query_texts *names)
{
    const char **kept = arena_alloc(group->arena, (names->count + 1) * sizeof *kept);

    for (size_t i = 0; i < names->count; i++)
        kept[i] = keep(group, names->texts[i]);
    return (struct query_texts){ kept, names->count };
}

static const char *keep_key(struct group *group, const struct query_report_protection *row)
{
    struct str key = STR_EMPTY;
    const char *kept;

    page_key(&key, row);
    kept = arena_text(group->arena, str_text(&key));
    str_finish(&key);
    return kept;
}

static void keep_member(struct group *group, struct member *member, const struct query_report_protection *row)
{
    keep_protection(group, &member->protection, &row->protection);
    member->key = keep_key(group, row);
    member->remedy = keep(group, row->remedy);
    member->names = keep_texts(group, &row->names);
    member->sources = keep_texts(group, &row->sources);
    member->more_sources = row->more_sources;
    member->configured = row->configured;
    member->rows = join_rows(group, &row->rows);
    member->page = keep(group, row->page);
    member->date = keep(group, row->date);
    member->seen_at = row->seen_at;
    member->exemption = row->exemption;
}

static void end_group(struct group *group)
{
    if (group->name == NULL)
        return;
    group_put(group);
    group->name = NULL;
}

static void begin_group(struct group *group, const struct query_report_protection *row)
{
    arena_reset(&group->members_arena);
    group->arena = &group->members_arena;
    group->name = keep(group, row->group);
    group->of_cause = page_is_cause(row->group);
    group->head = group->of_cause ? page_cause(group->name) : keep_key(group, row);
    group->number = ++group->page->tally.groups[group->need];
    group->protections = 0;
    group->exempt = 0;
    group->same_reason = group->same_step = group->same_rows = group->same_verdict = true;
    group->same_remedy = row->remedy != NULL;
}

static void compare(struct group *group, const struct member *member)
{
    const struct member *first = &group->members[0];
    const struct query_protection *one = &first->protection, *other = &member->protection;

    group->same_reason = group->same_reason && is_same(one->reason, other->reason);
    group->same_step = group->same_step && is_same(one->step, other->step) && one->step_end == other->step_end;
    group->same_remedy =
        group->same_remedy && is_same(first->remedy, member->remedy) && one->step_end == other->step_end;
    group->same_rows = group->same_rows && is_same(first->rows, member->rows) && is_same(first->page, member->page) &&
                       is_same(first->date, member->date);
    group->same_verdict =
        group->same_verdict && is_same(one->verdict, other->verdict) && is_same(one->class, other->class);
}

/* Rows of one key mostly follow each other, so the last key is looked at first. */
static void tally_key(struct page *page, const struct member *member)
{
    struct page_tally *tally = &page->tally;
    size_t i = tally->key_count;

    while (i > 0 && strcmp(tally->keys[i - 1].key, member->key) != 0)
        i--;
    if (i > 0)
        tally->keys[i - 1].protections++;
    else if (tally->key_count == PAGE_MAX_KEYS)
        tally->more_keys = true;
    else
        tally->keys[tally->key_count++] =
            (struct page_key){ page_keep(page, member->key), page_keep(page, member->rows),
                               page_keep(page, member->page), page_keep(page, member->date), 1 };
}

static bool take(void *context, const struct query_report_protection *row, struct err *err)
{
    struct group *group = context;
    struct member spare, *member = &spare;

    (void)err;
    if (group->name != NULL && strcmp(group->name, row->group) != 0)
        end_group(group);
    if (group->name == NULL)
        begin_group(group, row);
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
    group_tally(group, row);
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
