#include "name_set.h"

void name_set_init(struct name_set *set)
{
    *set = (struct name_set){ .names = MAP_EMPTY, .folded = STR_EMPTY };
    arena_init(&set->arena, ARENA_PLAIN);
}

void name_set_finish(struct name_set *set)
{
    map_finish(&set->names);
    str_finish(&set->folded);
    arena_finish(&set->arena);
}

static const char *fold(struct name_set *set, const char *name)
{
    str_clear(&set->folded);
    for (; *name != '\0'; name++)
        str_add_char(&set->folded, (char)(*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name));
    return str_text(&set->folded);
}

void name_set_add(struct name_set *set, const char *name)
{
    const char *folded = fold(set, name);

    if (map_get(&set->names, folded) == NULL)
        map_put(&set->names, arena_text(&set->arena, folded), set);
}

bool name_set_has(struct name_set *set, const char *name)
{
    return map_get(&set->names, fold(set, name)) != NULL;
}
