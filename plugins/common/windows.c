#include "windows.h"

#include "version.h"

#include <stdarg.h>
#include <string.h>

void windows_init(struct windows *windows, struct muster *m, struct wsman *wsman, const char *kind)
{
    *windows = (struct windows){ .m = m, .wsman = wsman };
    arena_init(&windows->arena, ARENA_PLAIN);
    item_init(&windows->computer, &windows->arena, kind, "");
}

void windows_finish(struct windows *windows)
{
    vec_finish(&windows->others);
    vec_finish(&windows->names);
    arena_finish(&windows->arena);
}

struct item *windows_record(struct windows *windows, const char *kind, const char *key)
{
    struct item *item = arena_alloc(&windows->arena, sizeof *item);

    item_init(item, &windows->arena, arena_text(&windows->arena, kind), arena_text(&windows->arena, key));
    vec_push(&windows->others, item);
    return item;
}

void windows_name(struct windows *windows, const char *name)
{
    vec_push(&windows->names, arena_text(&windows->arena, name));
}

void windows_emit(struct windows *windows)
{
    facts_emit(windows->m, &windows->computer);
    vec_each (item, &windows->others)
        facts_emit(windows->m, *item);
}

bool windows_is_at_least(const struct windows *windows, const char *version)
{
    const char *build = facts_get(&windows->computer, "os.build");

    return build != NULL && version_compare(build, version) >= 0;
}

bool windows_is_server(const struct windows *windows)
{
    int64_t type;

    return facts_number(&windows->computer, "os.product_type", &type) && type != 1;
}

/* ------------------------------------------------------------------------------------------------- sections ---- */

struct taking {
    struct windows *windows;
    const struct windows_query *query;
    size_t count;
};

static bool take(void *context, const struct cim_instance *instance, struct err *err)
{
    struct taking *taking = context;

    if (++taking->count > WINDOWS_MAX_INSTANCES)
        return err_set(err, ERR_PROTOCOL, "more than %d instances", WINDOWS_MAX_INSTANCES);
    taking->query->take(taking->windows, instance);
    return true;
}

static bool ask(struct windows *windows, const struct windows_query *query, struct err *err)
{
    struct taking taking = { .windows = windows, .query = query };
    const struct wsman_taker taker = { take, &taking };

    return wsman_query(windows->wsman, query->space, query->wql, &taker, err);
}

static void mark_unread(struct windows *windows, const struct windows_section *section, const struct err *why)
{
    for (size_t i = 0; i < WINDOWS_MAX_UNREAD && section->unread[i] != NULL; i++)
        facts_unread(&windows->computer, section->unread[i], why->text);
    if (section->failed != NULL)
        section->failed(windows, why->text);
    windows->partial |= section->records;
    if (section->records || (section->unread[0] == NULL && section->failed == NULL))
        muster_warn(windows->m, NULL, NULL, "could not read %s: %s", section->name, why->text);
}

static enum wsman_meaning meaning_of(const struct windows *windows)
{
    return windows->insufficient ? WSMAN_BROKEN : wsman_meaning(windows->wsman);
}

bool windows_bear(struct windows *windows, struct item *item, const char *attribute, bool good, const struct err *err)
{
    if (good)
        return true;
    if (meaning_of(windows) == WSMAN_FATAL)
        return false;
    windows->insufficient = false;
    facts_unread(item, attribute, err->text);
    return true;
}

/* What remains to be done where a call failed: nothing, and true; or false, and the scan fails. begun: something of it
 * was answered, so that it is there. */
static bool bear(struct windows *windows, const struct windows_section *section, bool begun, struct err *err)
{
    enum wsman_meaning meaning = meaning_of(windows);

    if (meaning == WSMAN_FATAL)
        return false;
    if (section->vital) {
        if (err->class == ERR_DENIED || meaning == WSMAN_REFUSED)
            err->class = ERR_UNSUPPORTED;
        return err_add(err, "could not read %s", section->name);
    }
    if (meaning == WSMAN_ABSENT && !begun && section->absent != NULL) {
        section->absent(windows);
        return true;
    }
    mark_unread(windows, section, err);
    return true;
}

bool windows_look(struct windows *windows, const struct windows_section *section, struct err *err)
{
    vec_clear(&windows->names);
    windows->insufficient = false;
    if (section->applies != NULL && !section->applies(windows))
        return true;
    for (size_t i = 0; i < section->query_count; i++) {
        if (!ask(windows, &section->queries[i], err))
            return bear(windows, section, i > 0, err);
    }
    if (section->look != NULL && !section->look(windows, err))
        return bear(windows, section, true, err);
    if (section->finish != NULL)
        section->finish(windows);
    return true;
}

/* ------------------------------------------------------------------------------------------------- registry ---- */

static bool is_answered(enum registry_result result)
{
    return result == REGISTRY_FOUND || result == REGISTRY_ABSENT;
}

bool windows_registry_text(struct windows *windows, const char *key, const char *value, const char **text,
                           struct err *err)
{
    *text = NULL;
    return is_answered(registry_text(windows->wsman, key, value, &windows->arena, text, err));
}

bool windows_registry_int(struct windows *windows, const char *key, const char *value, int64_t *number, bool *found,
                          struct err *err)
{
    enum registry_result result = registry_int(windows->wsman, key, value, number, err);

    *found = result == REGISTRY_FOUND;
    return is_answered(result);
}

bool windows_insufficient(struct windows *windows, struct err *err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    err_vset(err, ERR_UNSUPPORTED, format, args);
    va_end(args);
    windows->insufficient = true;
    return false;
}

bool windows_was_refused(const struct windows *windows)
{
    return wsman_meaning(windows->wsman) == WSMAN_REFUSED;
}
