#include "settle.h"

#include "asset.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

/* An asset that members were in, one of these, and the asset that keeps it. */
struct former_asset {
    int64_t asset, heir;
    size_t member;
};

/* What the items of one group have in common. Groups are kept at the index of the member that stands for them. */
struct group {
    size_t count;  /* of its members; 0: no group stands here */
    int64_t first; /* the lowest item number, of those who were there before where there are such */
    bool old;      /* there are such */
    int64_t asset; /* 0: not known yet */
    bool made;     /* the asset is new */
    size_t face;   /* the member that gives the name */
    size_t kind;   /* the member that gives the kind */
};

struct work {
    const struct settle *settle;
    struct web *web;
    struct identity_place *places;
    struct group *groups;
    struct former_asset *former;
    size_t former_count; /* an asset as often as members were in it */
};

static const struct subject *subject_of(const struct work *work, size_t member)
{
    return &work->web->members.items[member].subject;
}

static struct group *group_of(const struct work *work, size_t member)
{
    return &work->groups[work->places[member].group];
}

/* How well a member names its asset: people think of a machine by what it calls itself. */
static int fame(const struct subject *subject)
{
    int rank = strcmp(subject->kind, "machine") == 0 ? 9 : evidence_kind_rank(subject->kind);
    int form = subject->title != NULL ? 2 : subject->evidence.values[EVIDENCE_NAME] != NULL;

    return form * 10 + rank;
}

/* One order over all items, so that it does not count who came first. */
static int compare_subjects(const struct subject *one, const struct subject *other)
{
    int order = strcmp(one->scope_name, other->scope_name);

    return order != 0 ? order : strcmp(one->key, other->key);
}

static bool is_better_face(const struct subject *one, const struct subject *other)
{
    int order = fame(one) - fame(other);

    return order > 0 || (order == 0 && compare_subjects(one, other) < 0);
}

static const char *name_of(const struct subject *subject)
{
    if (subject->title != NULL)
        return subject->title;
    return subject->evidence.values[EVIDENCE_NAME] != NULL ? subject->evidence.values[EVIDENCE_NAME] : subject->key;
}

static void count_member(const struct work *work, size_t member)
{
    const struct subject *subject = subject_of(work, member);
    const struct assets_item *touched = webs_touched(work->settle->webs, subject->id);
    struct group *group = group_of(work, member);
    bool old = subject->asset != 0 && (touched == NULL || !touched->appeared);

    if (group->count++ == 0) {
        group->face = group->kind = member;
        group->first = subject->id;
        group->old = old;
    }
    if (is_better_face(subject, subject_of(work, group->face)))
        group->face = member;
    if (evidence_kind_rank(subject->kind) > evidence_kind_rank(subject_of(work, group->kind)->kind))
        group->kind = member;
    if (old > group->old || (old == group->old && subject->id < group->first))
        group->first = subject->id;
    group->old |= old;
}

static bool goes_before(const struct group *one, const struct group *other)
{
    return one->old != other->old ? one->old : one->first < other->first;
}

static int compare_former(const void *one, const void *other)
{
    const struct former_asset *a = one, *b = other;
    int order = (a->asset > b->asset) - (a->asset < b->asset);

    return order != 0 ? order : (a->member > b->member) - (a->member < b->member);
}

static void find_former(struct work *work)
{
    size_t count = work->web->members.count;

    work->former = arena_alloc(&work->web->arena, (count + 1) * sizeof *work->former);
    for (size_t i = 0; i < count; i++) {
        if (subject_of(work, i)->asset != 0)
            work->former[work->former_count++] = (struct former_asset){ subject_of(work, i)->asset, 0, i };
    }
    qsort(work->former, work->former_count, sizeof *work->former, compare_former);
}

/* The number that an asset keeps stays with the group that goes before the others; of several that a group could keep
 * it keeps the lowest, and the others are merged into that. */
static bool keep_assets(struct work *work, struct err *err)
{
    struct former_asset *former = work->former;

    for (size_t from = 0, to; from < work->former_count; from = to) {
        struct group *keeper = group_of(work, former[from].member);

        for (to = from + 1; to < work->former_count && former[to].asset == former[from].asset; to++) {
            if (goes_before(group_of(work, former[to].member), keeper))
                keeper = group_of(work, former[to].member);
        }
        if (keeper->asset == 0)
            keeper->asset = former[from].asset;
        else if (!asset_merge(work->settle->webs->sql, former[from].asset, keeper->asset, err))
            return false;
        for (size_t i = from; i < to; i++)
            former[i].heir = keeper->asset;
    }
    return true;
}

/* Whether the UUID of a member is that of another group too. */
static bool is_shared(const struct work *work, size_t member)
{
    const char *uuid = subject_of(work, member)->evidence.values[EVIDENCE_UUID];

    for (size_t i = 0; i < work->web->members.count; i++) {
        const char *other = subject_of(work, i)->evidence.values[EVIDENCE_UUID];

        if (work->places[i].group != work->places[member].group && other != NULL && strcmp(other, uuid) == 0)
            return true;
    }
    return work->web->members.items[member].crowded[EVIDENCE_UUID];
}

/* Whether the group can be what an item was that is gone. */
static bool continues(const struct work *work, size_t place, const struct subject *gone)
{
    const char *name = gone->evidence.values[EVIDENCE_NAME];

    for (size_t i = 0; i < work->web->members.count; i++) {
        const struct subject *subject = subject_of(work, i);
        const char *own = subject->evidence.values[EVIDENCE_NAME];

        if (work->places[i].group != place)
            continue;
        if (subject->scope == gone->scope && strcmp(subject->kind, gone->kind) == 0)
            return false;
        if (name != NULL && own != NULL && !evidence_names_agree(name, own))
            return false;
    }
    return true;
}

/* The items that are gone and had this UUID: more than a few tell nothing. */
enum { MAX_GONE = 8 };

static bool find_gone(struct sql *sql, const struct claim *uuid, int64_t items[MAX_GONE], size_t *count,
                      struct err *err)
{
    struct sql_query query;

    *count = 0;
    sql_query(&query, sql, "SELECT item FROM claim WHERE fact = 'gone' AND value = ?1 LIMIT ?2");
    sql_bind_text(&query, 1, uuid->value);
    sql_bind_int(&query, 2, MAX_GONE + 1);
    for (size_t found = 0; sql_row(&query); found++) {
        if (found < MAX_GONE)
            items[found] = sql_int(&query, 0);
        *count = found < MAX_GONE ? found + 1 : 0;
    }
    return sql_done(&query, err);
}

/* The asset that a member's group continues: 0 where there is none, or where it is not sure. */
static bool find_continued(const struct work *work, size_t member, int64_t *asset, struct err *err)
{
    struct arena *arena = &work->web->arena;
    struct sql *sql = work->settle->webs->sql;
    struct claim uuid = subject_evidence(arena, subject_of(work, member), EVIDENCE_UUID);
    int64_t items[MAX_GONE];
    size_t count;
    bool lives = false;

    *asset = 0;
    if (!find_gone(sql, &uuid, items, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct subject gone;
        bool found;

        if (!subject_load(sql, arena, items[i], &gone, &found, err))
            return false;
        if (!found || !continues(work, work->places[member].group, &gone) || (i > 0 && gone.asset != *asset)) {
            *asset = 0;
            return true;
        }
        *asset = gone.asset;
    }
    if (*asset != 0 && !asset_lives(sql, *asset, &lives, err))
        return false;
    *asset = lives ? 0 : *asset;
    return true;
}

/* An asset for a group that has none: that of what it continues, or a new one. */
static bool give_asset(const struct work *work, struct group *group, size_t place, struct err *err)
{
    struct webs *webs = work->settle->webs;

    for (size_t i = 0; webs->any_gone && i < work->web->members.count && group->asset == 0; i++) {
        if (work->places[i].group != place || subject_of(work, i)->evidence.values[EVIDENCE_UUID] == NULL ||
            is_shared(work, i))
            continue;
        if (!find_continued(work, i, &group->asset, err))
            return false;
    }
    group->made = group->asset == 0;
    return !group->made || asset_create(webs->sql, subject_of(work, group->kind)->kind,
                                        name_of(subject_of(work, group->face)), work->settle->at, &group->asset, err);
}

/* What a former asset is now: itself, or what it was merged into; 0 for none. */
static int64_t heir_of(const struct work *work, int64_t asset)
{
    for (size_t i = 0; i < work->former_count; i++) {
        if (work->former[i].asset == asset)
            return work->former[i].heir;
    }
    return 0;
}

/* One that does not go where its asset goes has parted from it. */
static bool record_change(const struct work *work, size_t member, struct err *err)
{
    const struct group *group = group_of(work, member);
    const struct subject *subject = subject_of(work, member);
    struct sql *sql = work->settle->webs->sql;
    struct asset_event joined = { .journal = work->settle->journal,
                                  .at = work->settle->at,
                                  .asset = group->asset,
                                  .item = subject->id,
                                  .what = "joined",
                                  .other = subject->asset,
                                  .why = work->places[member].why };
    struct asset_event parted = joined;

    if (subject->asset == group->asset || (subject->asset == 0 && group->made))
        return true;
    parted.what = "parted";
    parted.asset = subject->asset;
    parted.other = group->asset;
    if (subject->asset != 0 && heir_of(work, subject->asset) != group->asset && !asset_record(sql, &parted, err))
        return false;
    return asset_record(sql, &joined, err);
}

static bool write_member(const struct work *work, size_t member, struct err *err)
{
    const struct group *group = group_of(work, member);
    struct sql *sql = work->settle->webs->sql;
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE item SET asset = ?2, joined = ?3 WHERE id = ?1 AND (asset IS NOT ?2 OR joined <> ?3)");
    sql_bind_int(&query, 1, subject_of(work, member)->id);
    sql_bind_int(&query, 2, group->asset);
    sql_bind_text(&query, 3, work->places[member].why);
    if (!sql_done(&query, err))
        return false;
    /* The names of all agree again: none is on its way any more. */
    if (work->web->members.items[member].former_count > 0 && work->places[member].agreed) {
        sql_query(&query, sql, "DELETE FROM claim WHERE item = ?1 AND fact = 'former'");
        sql_bind_int(&query, 1, subject_of(work, member)->id);
        if (!sql_done(&query, err))
            return false;
    }
    return record_change(work, member, err);
}

static bool write_groups(const struct work *work, struct err *err)
{
    for (size_t i = 0; i < work->web->members.count; i++) {
        struct group *group = &work->groups[i];

        if (group->count == 0)
            continue;
        if (group->asset == 0 && !give_asset(work, group, i, err))
            return false;
        if (!group->made && !asset_refresh(work->settle->webs->sql, group->asset, subject_of(work, group->kind)->kind,
                                           name_of(subject_of(work, group->face)), err))
            return false;
    }
    for (size_t i = 0; i < work->web->members.count; i++) {
        if (!write_member(work, i, err))
            return false;
    }
    return true;
}

static bool find_number(const struct web *web, int64_t id, size_t *number)
{
    const size_t *found = map_get_bytes(&web->numbers, (const char *)&id, sizeof id);

    *number = found != NULL ? *found : 0;
    return found != NULL;
}

static void partition(struct work *work)
{
    struct web *web = work->web;
    size_t count = web->members.count, tied = 0;
    struct identity_item *items = arena_alloc(&web->arena, (count + 1) * sizeof *items);
    struct identity_tie *ties = arena_alloc(&web->arena, (web->ties.count + 1) * sizeof *ties);

    for (size_t i = 0; i < count; i++) {
        const struct web_member *member = &web->members.items[i];

        items[i] = (struct identity_item){ .scope = member->subject.scope_name,
                                           .kind = member->subject.kind,
                                           .key = member->subject.key,
                                           .evidence = member->subject.evidence,
                                           .former = member->former,
                                           .former_count = member->former_count };
        memcpy(items[i].crowded, member->crowded, sizeof member->crowded);
    }
    for (size_t i = 0; i < web->ties.count; i++) {
        ties[tied].one = web->ties.items[i].member;
        tied += find_number(web, web->ties.items[i].other, &ties[tied].other) && ties[tied].other != ties[tied].one;
    }
    identity_partition(&web->arena, items, count, ties, tied, work->settle->webs->rules, work->places);
}

/* Items of a web that is too large keep what they have, and new ones are alone. */
static void leave_alone(struct work *work)
{
    for (size_t i = 0; i < work->web->members.count; i++)
        work->places[i] = (struct identity_place){
            .group = i, .why = "too many items hang together by what they show, which joins none of them"
        };
}

/* Whether any are left. */
static bool drop_settled(struct web *web)
{
    size_t kept = 0;

    for (size_t i = 0; i < web->members.count; i++) {
        if (web->members.items[i].subject.asset == 0)
            web->members.items[kept++] = web->members.items[i];
    }
    web->members.count = kept;
    return kept > 0;
}

bool settle_web(const struct settle *settle, struct web *web, struct err *err)
{
    struct work work = { .settle = settle, .web = web };

    if (web->frozen && !drop_settled(web))
        return true;
    work.places = arena_alloc(&web->arena, (web->members.count + 1) * sizeof *work.places);
    work.groups = arena_alloc(&web->arena, (web->members.count + 1) * sizeof *work.groups);
    if (web->frozen)
        leave_alone(&work);
    else
        partition(&work);
    for (size_t i = 0; i < web->members.count; i++)
        count_member(&work, i);
    find_former(&work);
    return keep_assets(&work, err) && write_groups(&work, err);
}
