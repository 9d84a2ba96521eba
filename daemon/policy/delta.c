#include "delta.h"

#include "evidence.h"

#include <string.h>

/* -------------------------------------------------------------------------------------------------- comparing ---- */

static int compare_texts(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

/* The order of item_sort. */
static int compare_links(const struct link *a, const struct link *b)
{
    const char *const x[] = { a->relation, a->kind, a->key, a->attribute, a->value };
    const char *const y[] = { b->relation, b->kind, b->key, b->attribute, b->value };
    int order = 0;

    for (size_t i = 0; i < sizeof x / sizeof *x && order == 0; i++)
        order = compare_texts(x[i], y[i]);
    return order;
}

/* ---------------------------------------------------------------------------------------------------- unread ---- */

/* Whether the section holds the attribute, or all of another section. */
static bool covers(const char *prefix, const char *name)
{
    size_t length = strlen(prefix);

    return prefix[length - 1] == '.' ? strncmp(name, prefix, length) == 0 : strcmp(name, prefix) == 0;
}

static bool is_unread(const struct item *item, const char *name)
{
    for (size_t i = 0; i < item->unread_count; i++) {
        if (covers(item->unread[i].prefix, name))
            return true;
    }
    return false;
}

/* When all of a section was last read: never later than any part of it. */
static int64_t last_read(const struct delta_before *before, const char *prefix)
{
    const struct item *item = &before->item;
    int64_t at = before->seen_at;

    for (size_t i = 0; i < item->unread_count; i++) {
        if (covers(item->unread[i].prefix, prefix))
            return before->read_at[i];
        if (covers(prefix, item->unread[i].prefix) && before->read_at[i] != DELTA_NEVER && before->read_at[i] < at)
            at = before->read_at[i];
    }
    return at;
}

static bool unread_differs(const struct delta *delta, const struct delta_before *before)
{
    const struct item *new = &delta->merged, *old = &before->item;

    if (new->unread_count != old->unread_count)
        return true;
    for (size_t i = 0; i < new->unread_count; i++) {
        if (strcmp(new->unread[i].prefix, old->unread[i].prefix) != 0 ||
            strcmp(new->unread[i].why, old->unread[i].why) != 0 || delta->read_at[i] != before->read_at[i])
            return true;
    }
    return false;
}

static void time_unread(struct delta *delta, const struct delta_before *before, struct arena *arena)
{
    delta->read_at = arena_alloc(arena, delta->merged.unread_count * sizeof *delta->read_at);
    for (size_t i = 0; i < delta->merged.unread_count; i++)
        delta->read_at[i] = before == NULL ? DELTA_NEVER : last_read(before, delta->merged.unread[i].prefix);
    delta->unread_differs = before == NULL ? delta->merged.unread_count > 0 : unread_differs(delta, before);
}

/* Takes over what was not read this time. */
static void keep_unread(struct item *merged, const struct item *old)
{
    if (merged->unread_count == 0)
        return;
    for (size_t i = 0; i < old->attribute_count; i++) {
        const struct attribute *attribute = &old->attributes[i];

        if (is_unread(merged, attribute->name) && item_get(merged, attribute->name) == NULL)
            item_set(merged, attribute->name, &attribute->value, NULL);
    }
    item_sort(merged);
}

/* ------------------------------------------------------------------------------------------------ attributes ---- */

static void add_attribute(struct delta *delta, const char *name, const struct value *from, const struct value *to)
{
    delta->attributes[delta->attribute_count++] = (struct delta_attribute){ name, from, to };
    delta->identity_changed |= evidence_is_fact(name);
}

/* Where an attribute of one side stands to one of the other; a side that is at its end comes last. */
static int compare_names(const struct item *old, size_t i, const struct item *new, size_t j)
{
    if (i == old->attribute_count || j == new->attribute_count)
        return (i == old->attribute_count) - (j == new->attribute_count);
    return strcmp(old->attributes[i].name, new->attributes[j].name);
}

/* Both sides are in order of name. */
static void compare_attributes(struct delta *delta, const struct item *old, const struct item *new)
{
    size_t i = 0, j = 0;

    while (i < old->attribute_count || j < new->attribute_count) {
        int order = compare_names(old, i, new, j);
        const struct value *from = order <= 0 ? &old->attributes[i].value : NULL;
        const struct value *to = order >= 0 ? &new->attributes[j].value : NULL;
        const char *name = order <= 0 ? old->attributes[i].name : new->attributes[j].name;

        if (from == NULL || to == NULL || !value_same(from, to))
            add_attribute(delta, name, from, to);
        i += order <= 0;
        j += order >= 0;
    }
}

/* ----------------------------------------------------------------------------------------------------- links ---- */

static void compare_all_links(struct delta *delta, const struct item *old, const struct item *new)
{
    size_t i = 0, j = 0;

    while (i < old->link_count || j < new->link_count) {
        const struct link *a = i < old->link_count ? &old->links[i] : NULL;
        const struct link *b = j < new->link_count ? &new->links[j] : NULL;
        int order = a == NULL ? 1 : b == NULL ? -1 : compare_links(a, b);

        if (order < 0)
            delta->removed[delta->removed_count++].link = a;
        else if (order > 0)
            delta->added[delta->added_count++].link = b;
        i += order <= 0;
        j += order >= 0;
    }
}

static const struct link *only(const struct delta_link *links, size_t count, const char *relation)
{
    const struct link *found = NULL;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(links[i].link->relation, relation) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = links[i].link;
    }
    return found;
}

static bool any(const struct delta_link *links, size_t count, const char *relation)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(links[i].link->relation, relation) == 0)
            return true;
    }
    return false;
}

static void judge_links(struct delta *delta)
{
    const struct link *from = only(delta->removed, delta->removed_count, "runs_on");
    const struct link *to = only(delta->added, delta->added_count, "runs_on");

    if (from != NULL && to != NULL) {
        delta->moved_from = from;
        delta->moved_to = to;
    }
    delta->identity_changed |=
        any(delta->removed, delta->removed_count, "same_as") || any(delta->added, delta->added_count, "same_as");
}

/* ------------------------------------------------------------------------------------------------------ whole ---- */

void delta_make(struct delta *delta, const struct delta_before *before, struct item *after, struct arena *arena)
{
    const struct item *old = before == NULL ? NULL : &before->item;

    *delta = (struct delta){ .merged = *after };
    if (old != NULL)
        keep_unread(&delta->merged, old);
    time_unread(delta, before, arena);
    if (old == NULL)
        return;
    delta->attributes =
        arena_alloc(arena, (old->attribute_count + delta->merged.attribute_count) * sizeof *delta->attributes);
    delta->removed = arena_alloc(arena, old->link_count * sizeof *delta->removed);
    delta->added = arena_alloc(arena, delta->merged.link_count * sizeof *delta->added);
    compare_attributes(delta, old, &delta->merged);
    compare_all_links(delta, old, &delta->merged);
    judge_links(delta);
}

bool delta_is_move(const struct delta *delta, const struct link *link)
{
    return link != NULL && (link == delta->moved_from || link == delta->moved_to);
}

bool delta_is_change(const struct delta *delta)
{
    size_t of_move = delta->moved_to == NULL ? 0 : 2;

    return delta->attribute_count > 0 || delta->added_count + delta->removed_count > of_move;
}
