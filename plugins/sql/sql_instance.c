#include "sql_instance.h"

#include "names.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void instance_init(struct instance *instance, struct muster *m, const char *host, const char *name)
{
    *instance = (struct instance){ .m = m };
    arena_init(&instance->arena, ARENA_PLAIN);
    arena_init(&instance->scratch, ARENA_PLAIN);
    instance->host = names_host(&instance->arena, host);
    item_init(&instance->item, &instance->arena, "sql_instance", "");
    if (names_is_full(instance->host))
        instance->fqdn = instance->host;
    else
        instance->no_fqdn = "host is no full name: set it to the computer's full name in DNS";
    instance_call(instance, name);
}

void instance_finish(struct instance *instance)
{
    vec_each (group, &instance->groups)
        vec_finish(&(*group)->replicas);
    vec_finish(&instance->databases);
    vec_finish(&instance->groups);
    vec_finish(&instance->volumes);
    vec_finish(&instance->nodes);
    vec_finish(&instance->offered);
    map_finish(&instance->by_id);
    map_finish(&instance->by_name);
    arena_finish(&instance->scratch);
    arena_finish(&instance->arena);
}

void instance_call(struct instance *instance, const char *name)
{
    instance->name = arena_text(&instance->arena, name);
    if (name[0] == '\0')
        return;
    instance->item.key = arena_format(&instance->arena, "%s\\%s", instance->host, name);
    facts_text(&instance->item, "sql.instance", name);
    facts_text(&instance->item, "id.name", names_show(&instance->arena, instance->host, name));
}

bool instance_is_ours(const struct instance *instance)
{
    return !instance->foreign && instance->stranger == NULL;
}

const char *instance_keep(struct instance *instance, const char *text)
{
    return text == NULL ? NULL : arena_text(&instance->arena, text);
}

void instance_unread(struct instance *instance, const char *attribute, const char *why)
{
    if (item_get(&instance->item, attribute) == NULL)
        facts_unread(&instance->item, attribute, why);
}

void instance_warn(struct instance *instance, const char *format, ...)
{
    char text[ERR_TEXT_SIZE];
    va_list args;

    if (instance->m == NULL)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    muster_warn(instance->m, "sql_instance", instance->item.key, "%s", text);
}

struct database *instance_database(const struct instance *instance, int64_t id)
{
    return map_get_bytes(&instance->by_id, (const char *)&id, sizeof id);
}

struct database *instance_database_named(const struct instance *instance, const char *name)
{
    return map_get(&instance->by_name, name);
}
