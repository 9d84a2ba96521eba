#include "identity.h"

#include "kinship.h"

#include <stdlib.h>
#include <string.h>

/* An item that shows something; those that show the same stand together once they are sorted. */
struct entry {
    struct kinship_shown shown;
    const char *class;
    size_t node;
};

struct entries {
    struct entry *items;
    size_t count;
};

struct obstacle {
    enum kinship_reason reason;
    size_t one, other;
};

static bool ref_matches(const struct identity_ref *ref, const char *scope, const char *kind, const char *key)
{
    return strcmp(ref->key, key) == 0 && strcmp(ref->kind, kind) == 0 &&
           (ref->scope == NULL || strcmp(ref->scope, scope) == 0);
}

bool identity_is_ruled(const struct identity_rules *rules, const char *scope, const char *kind, const char *key)
{
    for (size_t i = 0; rules != NULL && i < rules->count; i++) {
        for (size_t j = 0; j < rules->rules[i].count; j++) {
            if (ref_matches(&rules->rules[i].items[j], scope, kind, key))
                return true;
        }
    }
    return false;
}

static bool is_same_text(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

static bool is_same_source(const struct identity_item *one, const struct identity_item *other)
{
    return strcmp(one->scope, other->scope) == 0 && strcmp(one->kind, other->kind) == 0;
}

/* Two refs of one rule name different things; two items that one ref names need not be apart. */
static bool is_banned(const struct kinship_node *one, const struct kinship_node *other)
{
    for (size_t i = 0; i < one->ban_count; i++) {
        for (size_t j = 0; j < other->ban_count; j++) {
            if (one->bans[i].rule == other->bans[j].rule && one->bans[i].ref != other->bans[j].ref)
                return true;
        }
    }
    return false;
}

static bool has_uuid(const struct identity_item *item)
{
    return item->evidence.values[EVIDENCE_UUID] != NULL;
}

static bool shares_uuid(const struct identity_item *one, const struct identity_item *other)
{
    return strcmp(one->evidence.values[EVIDENCE_UUID], other->evidence.values[EVIDENCE_UUID]) == 0;
}

static bool has_name(const struct identity_item *item)
{
    return item->evidence.values[EVIDENCE_NAME] != NULL;
}

/* Name number at of an item: its own, then its former ones; NULL behind the last. */
static const char *name_at(const struct identity_item *item, size_t at)
{
    if (at == 0)
        return item->evidence.values[EVIDENCE_NAME];
    return at <= item->former_count ? item->former[at - 1] : NULL;
}

static bool shares_name(const struct identity_item *one, const struct identity_item *other)
{
    const char *mine, *theirs;

    for (size_t i = 0; (mine = name_at(one, i)) != NULL; i++) {
        for (size_t j = 0; (theirs = name_at(other, j)) != NULL; j++) {
            if (evidence_names_agree(mine, theirs))
                return true;
        }
    }
    return false;
}

/* Whether both groups have something, and no two items of them share it. */
static bool differs(const struct kinship *kinship, size_t one, size_t other, bool (*has)(const struct identity_item *),
                    bool (*shares)(const struct identity_item *, const struct identity_item *),
                    struct obstacle *obstacle)
{
    const struct kinship_node *nodes = kinship->nodes;
    bool found = false;

    kinship_each(a, kinship, one)
    {
        kinship_each(b, kinship, other)
        {
            if (!has(nodes[a].item) || !has(nodes[b].item))
                continue;
            if (shares(nodes[a].item, nodes[b].item))
                return false;
            if (!found) {
                obstacle->one = a;
                obstacle->other = b;
            }
            found = true;
        }
    }
    return found;
}

/* What two items are for sure is asked before what they show. */
static bool excludes(const struct kinship_node *one, const struct kinship_node *other, enum kinship_step step,
                     enum kinship_reason *reason)
{
    if (strcmp(one->item->evidence.class, other->item->evidence.class) != 0)
        *reason = REASON_CLASS;
    else if (is_banned(one, other))
        *reason = REASON_RULE;
    else if (is_same_source(one->item, other->item) &&
             (step != STEP_RULE || one->named_by == 0 || one->named_by != other->named_by))
        *reason = REASON_SOURCE;
    else
        return false;
    return true;
}

static bool finds_obstacle(const struct kinship *kinship, enum kinship_step step, size_t one, size_t other,
                           struct obstacle *obstacle)
{
    kinship_each(a, kinship, one)
    {
        kinship_each(b, kinship, other)
        {
            if (excludes(&kinship->nodes[a], &kinship->nodes[b], step, &obstacle->reason)) {
                obstacle->one = a;
                obstacle->other = b;
                return true;
            }
        }
    }
    if (step == STEP_RULE)
        return false;
    obstacle->reason = REASON_UUID;
    if (differs(kinship, one, other, has_uuid, shares_uuid, obstacle))
        return true;
    obstacle->reason = REASON_NAME;
    return step != STEP_DECLARED && differs(kinship, one, other, has_name, shares_name, obstacle);
}

/* The groups of those who show one thing, each once. Returns their number. */
static size_t collect_roots(const struct kinship *kinship, const struct entry *run, size_t count,
                            size_t roots[IDENTITY_CROWD])
{
    size_t found = 0;

    for (size_t i = 0, j; i < count; i++) {
        size_t root = kinship->nodes[run[i].node].root;

        for (j = 0; j < found && roots[j] != root; j++)
            ;
        if (j == found)
            roots[found++] = root;
    }
    return found;
}

static bool any_obstacle(const struct kinship *kinship, enum kinship_step step, const size_t *roots, size_t count,
                         struct obstacle *obstacle)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        total += kinship->nodes[roots[i]].size;
    if (total > IDENTITY_CROWD) {
        *obstacle = (struct obstacle){ .reason = REASON_CROWD };
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (finds_obstacle(kinship, step, roots[i], roots[j], obstacle))
                return true;
        }
    }
    return false;
}

static void doubt_run(struct kinship *kinship, const struct entry *run, size_t count, const struct obstacle *obstacle)
{
    /* What both together do not join, the UUID does not join either, and says so. */
    for (size_t i = 0; i < count && run->shown.step != STEP_BOTH; i++) {
        vec_push(&kinship->doubts, (struct kinship_doubt){ .shown = run->shown,
                                                           .reason = obstacle->reason,
                                                           .item = run[i].node,
                                                           .one = obstacle->one,
                                                           .other = obstacle->other });
    }
}

/* Tells each of them about the first one that it was not with before. */
static void tell_run(struct kinship *kinship, const struct entry *run, size_t count)
{
    const struct kinship_node *nodes = kinship->nodes;

    for (size_t i = 0; i < count; i++) {
        size_t j = 0;

        while (j < count && nodes[run[j].node].root == nodes[run[i].node].root)
            j++;
        kinship_tell_join(kinship, run[i].node, run[j].node, &run->shown);
    }
}

/* All of them become one, or none. */
static void join_run(struct kinship *kinship, const struct entry *run, size_t count)
{
    size_t roots[IDENTITY_CROWD], groups;
    struct obstacle obstacle = { .reason = REASON_CROWD };

    if (count < 2)
        return;
    if (count > IDENTITY_CROWD) {
        doubt_run(kinship, run, count, &obstacle);
        return;
    }
    groups = collect_roots(kinship, run, count, roots);
    if (groups < 2)
        return;
    if (any_obstacle(kinship, run->shown.step, roots, groups, &obstacle)) {
        doubt_run(kinship, run, count, &obstacle);
        return;
    }
    tell_run(kinship, run, count);
    for (size_t i = 1; i < groups; i++)
        kinship_merge(kinship, kinship->nodes[roots[0]].root, kinship->nodes[roots[i]].root);
}

static int compare_text(const char *one, const char *other)
{
    return one == NULL || other == NULL ? (one != NULL) - (other != NULL) : strcmp(one, other);
}

static int compare_entries(const void *one, const void *other)
{
    const struct entry *a = one, *b = other;
    int order = strcmp(a->class, b->class);

    if (order == 0)
        order = compare_text(a->shown.uuid, b->shown.uuid);
    if (order == 0)
        order = compare_text(a->shown.name, b->shown.name);
    return order != 0 ? order : (a->node > b->node) - (a->node < b->node);
}

static bool shows_same(const struct entry *one, const struct entry *other)
{
    return strcmp(one->class, other->class) == 0 && is_same_text(one->shown.uuid, other->shown.uuid) &&
           is_same_text(one->shown.name, other->shown.name);
}

/* What an item shows in a step. False where that is nothing to join by. */
static bool shown_in(const struct identity_item *item, enum kinship_step step, struct kinship_shown *shown)
{
    const char *const *values = item->evidence.values;
    const char *name = values[EVIDENCE_NAME];
    bool nameless = name == NULL || !evidence_name_joins(name);

    *shown = (struct kinship_shown){ .step = step };
    if (step == STEP_NAME || step == STEP_BOTH)
        shown->name = name;
    if (step != STEP_NAME)
        shown->uuid = values[step == STEP_INSTANCE ? EVIDENCE_INSTANCE : EVIDENCE_UUID];
    if (step == STEP_NAME)
        return !nameless;
    return shown->uuid != NULL && (step != STEP_BOTH || name != NULL);
}

/* Whether the caller left out too many of those that show the same. */
static bool is_crowded(const struct identity_item *item, enum kinship_step step)
{
    static const enum evidence_kind kinds[] = {
        [STEP_UUID] = EVIDENCE_UUID, [STEP_INSTANCE] = EVIDENCE_INSTANCE, [STEP_NAME] = EVIDENCE_NAME
    };

    if (step == STEP_BOTH)
        return item->crowded[EVIDENCE_UUID] && item->crowded[EVIDENCE_NAME];
    return item->crowded[kinds[step]];
}

static void join_shown(struct kinship *kinship, enum kinship_step step)
{
    struct entries entries = { .items = arena_alloc(kinship->arena, (kinship->count + 1) * sizeof(struct entry)) };

    for (size_t i = 0; i < kinship->count; i++) {
        const struct identity_item *item = kinship->nodes[i].item;
        struct entry entry = { .class = item->evidence.class, .node = i };

        if (!shown_in(item, step, &entry.shown))
            continue;
        if (is_crowded(item, step))
            doubt_run(kinship, &entry, 1, &(struct obstacle){ .reason = REASON_CROWD });
        else
            entries.items[entries.count++] = entry;
    }
    qsort(entries.items, entries.count, sizeof *entries.items, compare_entries);
    for (size_t from = 0, to; from < entries.count; from = to) {
        for (to = from + 1; to < entries.count && shows_same(&entries.items[from], &entries.items[to]); to++)
            ;
        join_run(kinship, &entries.items[from], to - from);
    }
}

/* Items that are tied to one another, over however many ties, are meant to be one. */
static void join_declared(struct kinship *kinship, const struct identity_tie *ties, size_t count)
{
    struct kinship tied = { .arena = kinship->arena, .count = kinship->count };
    size_t *nodes = arena_alloc(kinship->arena, (kinship->count + 1) * sizeof *nodes);
    struct entry *run = arena_alloc(kinship->arena, (kinship->count + 1) * sizeof *run);

    tied.nodes = arena_alloc(kinship->arena, (kinship->count + 1) * sizeof *tied.nodes);
    for (size_t i = 0; i < kinship->count; i++) {
        tied.nodes[i] = (struct kinship_node){ .root = i, .next = i, .size = 1 };
        nodes[kinship->nodes[i].given] = i;
    }
    for (size_t i = 0; i < count; i++) {
        size_t one = tied.nodes[nodes[ties[i].one]].root, other = tied.nodes[nodes[ties[i].other]].root;

        if (one != other)
            kinship_merge(&tied, one, other);
    }
    for (size_t i = 0; i < kinship->count; i++) {
        size_t found = 0;

        if (tied.nodes[i].root != i || tied.nodes[i].size == 1)
            continue;
        kinship_each(member, &tied, i) run[found++] =
            (struct entry){ .shown = { .step = STEP_DECLARED }, .node = member };
        join_run(kinship, run, found);
    }
}

/* Notes which items an apart rule keeps from each other. */
static void ban(struct kinship *kinship, struct kinship_node *node, size_t rule, size_t ref)
{
    struct kinship_ban *bans = arena_alloc(kinship->arena, (node->ban_count + 1) * sizeof *bans);

    if (node->ban_count > 0)
        memcpy(bans, node->bans, node->ban_count * sizeof *bans);
    bans[node->ban_count++] = (struct kinship_ban){ rule, ref };
    node->bans = bans;
}

static void read_rule(struct kinship *kinship, const struct identity_rule *rule, size_t number)
{
    for (size_t i = 0; i < kinship->count; i++) {
        struct kinship_node *node = &kinship->nodes[i];
        const struct identity_item *item = node->item;

        for (size_t j = 0; j < rule->count; j++) {
            if (!ref_matches(&rule->items[j], item->scope, item->kind, item->key))
                continue;
            node->ruled = true;
            node->named_by = rule->join ? number + 1 : 0;
            if (!rule->join)
                ban(kinship, node, number, j);
        }
    }
}

/* One after the other: what a rule says of one item holds although it cannot hold of another. */
static void join_ruled(struct kinship *kinship, const struct identity_rule *rule, size_t number)
{
    struct entry pair[2] = { { .shown = { .step = STEP_RULE, .name = rule->reason } } };
    bool any = false;

    read_rule(kinship, rule, number);
    for (size_t i = 0; i < kinship->count; i++) {
        if (kinship->nodes[i].named_by != number + 1)
            continue;
        pair[1] = pair[0];
        pair[any ? 1 : 0].node = i;
        if (any)
            join_run(kinship, pair, 2);
        any = true;
    }
}

static void apply_rules(struct kinship *kinship, const struct identity_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (!rules->rules[i].join)
            read_rule(kinship, &rules->rules[i], i);
    }
    for (size_t i = 0; i < rules->count; i++) {
        if (rules->rules[i].join)
            join_ruled(kinship, &rules->rules[i], i);
    }
}

static bool has_one_name(const struct kinship *kinship, size_t root)
{
    const char *first = NULL;

    kinship_each(member, kinship, root)
    {
        const char *name = kinship->nodes[member].item->evidence.values[EVIDENCE_NAME];

        if (name != NULL && first != NULL && !evidence_names_agree(first, name))
            return false;
        first = first == NULL ? name : first;
    }
    return true;
}

void identity_partition(struct arena *arena, const struct identity_item *items, size_t count,
                        const struct identity_tie *ties, size_t tie_count, const struct identity_rules *rules,
                        struct identity_place *places)
{
    struct kinship kinship;

    kinship_init(&kinship, arena, items, count);
    if (rules != NULL)
        apply_rules(&kinship, rules);
    for (enum kinship_step step = STEP_BOTH; step <= STEP_NAME; step++)
        join_shown(&kinship, step);
    if (tie_count > 0)
        join_declared(&kinship, ties, tie_count);
    kinship_tell_doubts(&kinship);
    for (size_t i = 0; i < count; i++) {
        const struct kinship_node *node = &kinship.nodes[i];

        places[node->given] = (struct identity_place){ .group = kinship.nodes[node->root].given,
                                                       .agreed = has_one_name(&kinship, node->root),
                                                       .ruled = node->ruled,
                                                       .why = node->why };
    }
    kinship_finish(&kinship);
}
