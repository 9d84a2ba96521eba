#include "changes.h"

#include "arena.h"
#include "map.h"
#include "mem.h"
#include "vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum fate { ALTERED = '+', LEFT = '-' };

#define SURROUNDINGS '*' /* in a written text: of what stands around the machines, something changed */

struct change {
    const char *moref;
    enum fate fate;
};

struct changes {
    struct arena arena;
    struct map by_moref; /* struct change */
    vec(struct change *) all;
    vec(const char *) chosen; /* what a list was made of last */
    bool surroundings, everything;
};

struct changes *changes_create(void)
{
    struct changes *changes = mem_new(1, sizeof *changes);

    arena_init(&changes->arena, ARENA_PLAIN);
    return changes;
}

void changes_destroy(struct changes *changes)
{
    if (changes == NULL)
        return;
    vec_finish(&changes->all);
    vec_finish(&changes->chosen);
    map_finish(&changes->by_moref);
    arena_finish(&changes->arena);
    free(changes);
}

static void note_machine(struct changes *changes, const char *moref, enum fate fate)
{
    struct change *change = map_get(&changes->by_moref, moref);

    if (change == NULL && changes->all.count == CHANGES_MAX) {
        changes->everything = true;
        return;
    }
    if (change == NULL) {
        change = arena_alloc(&changes->arena, sizeof *change);
        change->moref = arena_text(&changes->arena, moref);
        map_put(&changes->by_moref, change->moref, change);
        vec_push(&changes->all, change);
    }
    change->fate = fate;
}

/* Properties of what stands around machines that show in the machines' own items: path, host, datastores' types. */
static bool shows_in_machines(const char *path)
{
    static const char *const paths[] = { "name", "parent", "parentFolder", "parentVApp", "summary.type" };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strcmp(paths[i], path) == 0)
            return true;
    return false;
}

/* What is new concerns no machine that does not change itself. */
static void note_surroundings(struct changes *changes, const struct vim_object *object)
{
    changes->surroundings = true;
    if (object->kind == VIM_LEAVE)
        changes->everything = true;
    for (size_t i = 0; object->kind == VIM_MODIFY && i < object->property_count; i++)
        if (shows_in_machines(object->properties[i].path))
            changes->everything = true;
}

bool changes_take(void *context, const struct vim_object *object, struct err *err)
{
    struct changes *changes = context;

    (void)err;
    if (strcmp(object->type, "VirtualMachine") == 0)
        note_machine(changes, object->moref, object->kind == VIM_LEAVE ? LEFT : ALTERED);
    else
        note_surroundings(changes, object);
    return true;
}

bool changes_has(const struct changes *changes, const char *moref)
{
    return map_get(&changes->by_moref, moref) != NULL;
}

bool changes_none(const struct changes *changes)
{
    return changes->all.count == 0 && !changes->surroundings && !changes->everything;
}

bool changes_everything(const struct changes *changes)
{
    return changes->everything;
}

static const char *const *choose(struct changes *changes, enum fate fate, size_t *count)
{
    changes->chosen.count = 0;
    vec_each (change, &changes->all)
        if ((*change)->fate == fate)
            vec_push(&changes->chosen, (*change)->moref);
    *count = changes->chosen.count;
    return changes->chosen.items;
}

const char *const *changes_altered(struct changes *changes, size_t *count)
{
    return choose(changes, ALTERED, count);
}

const char *const *changes_left(struct changes *changes, size_t *count)
{
    return choose(changes, LEFT, count);
}

/* One line a change: its fate, then the moref. */
static bool add_line(char *buffer, size_t size, size_t *at, char fate, const char *moref)
{
    int length = snprintf(buffer + *at, size - *at, "%c%s\n", fate, moref);

    if (length < 0 || (size_t)length >= size - *at || strchr(moref, '\n') != NULL)
        return false;
    *at += (size_t)length;
    return true;
}

bool changes_write(const struct changes *changes, char *buffer, size_t size)
{
    size_t at = 0;
    bool good = !changes->everything && (!changes->surroundings || add_line(buffer, size, &at, SURROUNDINGS, ""));

    vec_each (change, &changes->all)
        good = good && add_line(buffer, size, &at, (char)(*change)->fate, (*change)->moref);
    buffer[at] = '\0';
    return good;
}

bool changes_read(struct changes *changes, const char *text)
{
    while (*text != '\0') {
        const char *end = strchr(text, '\n');

        if (end == NULL || (*text != ALTERED && *text != LEFT && *text != SURROUNDINGS))
            return false;
        if (*text == SURROUNDINGS)
            changes->surroundings = true;
        else
            note_machine(changes, arena_bytes(&changes->arena, text + 1, (size_t)(end - text) - 1), (enum fate) * text);
        text = end + 1;
    }
    return true;
}
