#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fact_line.h"

#include <stdlib.h>
#include <string.h>

static const struct thing *find(struct world *world, int64_t id)
{
    const struct scene *scene = (const struct scene *)world;

    return id >= 1 && (size_t)id <= scene->count ? scene->things[id - 1] : NULL;
}

void scene_init(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    scene->world.find = find;
    arena_init(&scene->arena, ARENA_PLAIN);
}

void scene_finish(struct scene *scene)
{
    arena_finish(&scene->arena);
}

static struct thing *make_thing(struct scene *scene, const char *kind, const char *line)
{
    struct thing *thing = arena_alloc(&scene->arena, sizeof *thing);

    thing->id = (int64_t)scene->count + 1;
    thing->kind = kind;
    thing->name = line;
    thing->kinds = arena_bytes(&scene->arena, &kind, sizeof kind);
    thing->kind_count = 1;
    thing->ties = arena_alloc(&scene->arena, SCENE_TIES * sizeof *thing->ties);
    return thing;
}

static int compare_ties(const void *one, const void *other)
{
    const struct thing_tie *a = one, *b = other;
    int order = strcmp(a->relation, b->relation);

    if (order == 0)
        order = (int)b->outward - (int)a->outward;
    return order != 0 ? order : (a->far > b->far) - (a->far < b->far);
}

static void add_tie(struct thing *thing, struct thing_tie tie)
{
    struct thing_tie *ties = (struct thing_tie *)(uintptr_t)thing->ties;

    assert_true(thing->tie_count < SCENE_TIES);
    ties[thing->tie_count++] = tie;
    qsort(ties, thing->tie_count, sizeof *ties, compare_ties);
}

static void tie_things(struct thing *from, const char *relation, struct thing *to)
{
    add_tie(from, (struct thing_tie){ .relation = relation, .outward = true, .far = to->id });
    add_tie(to, (struct thing_tie){ .relation = relation, .outward = false, .far = from->id });
}

static struct thing *numbered(const struct scene *scene, const char *text)
{
    size_t number = strtoul(text, NULL, 10);

    if (number < 1 || number > scene->count || scene->things[number - 1] == NULL)
        fail_msg("there is no thing %s", text);
    return scene->things[number - 1];
}

/* kind: of a far end that is somewhere else. */
static void read_tie(struct scene *scene, struct thing *thing, const char *kind, char *text)
{
    char *arrow = strchr(text, '>');
    bool inward = text[0] >= '1' && text[0] <= '9';

    assert_non_null(arrow);
    *arrow++ = '\0';
    if (thing == NULL)
        add_tie(numbered(scene, text), (struct thing_tie){ arrow, true, 0, kind, "somewhere" });
    else if (inward)
        tie_things(numbered(scene, text), arrow, thing);
    else
        tie_things(thing, text, numbered(scene, arrow));
}

void scene_add(struct scene *scene, const char *line)
{
    char *kind = arena_text(&scene->arena, line), *tie = strstr(kind, " @ "), *facts = strstr(kind, "; ");
    struct thing *thing = NULL;

    assert_true(scene->count < SCENE_THINGS);
    if (tie != NULL)
        *tie = '\0';
    if (facts != NULL && (tie == NULL || facts < tie))
        *facts = '\0';
    if (strcmp(kind, "somewhere") != 0) {
        thing = make_thing(scene, strcmp(kind, "server") == 0 ? "backup_server" : kind, line);
        fact_line_read(&scene->arena, thing, facts == NULL ? "" : facts + 2);
    }
    scene->things[scene->count++] = thing;
    if (strcmp(kind, "server") == 0)
        scene->server = thing;
    if (tie != NULL)
        read_tie(scene, thing, facts == NULL ? NULL : facts + 2, tie + 3);
}
