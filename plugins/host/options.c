/* The option getters of the ABI (plugins/muster_plugin.h), and what a plugin may know of its run. */
#include "clock.h"
#include "run.h"

#include <string.h>

static const struct option_value *find(struct muster *m, const char *name, enum option_type type)
{
    const struct option_table *table = &m->plugin->options;
    size_t index = name == NULL ? table->count : option_find(table, name);

    if (index == table->count) {
        run_fail(m, ERR_BUG, "the plugin asks for an option \"%.100s\", which its table does not have",
                 name == NULL ? "NULL" : name);
        return NULL;
    }
    if (type != OPTION_NO_TYPE && table->specs[index].type != type) {
        run_fail(m, ERR_BUG, "the plugin asks for option %s as %s, but its table says %s", name, option_type_word(type),
                 option_type_word(table->specs[index].type));
        return NULL;
    }
    return m->values[index].set ? &m->values[index] : NULL;
}

static const char *find_text(struct muster *m, const char *name, enum option_type type)
{
    const struct option_value *value = find(m, name, type);

    return value == NULL ? NULL : value->texts[0];
}

static int64_t find_number(struct muster *m, const char *name, enum option_type type)
{
    const struct option_value *value = find(m, name, type);

    return value == NULL ? 0 : value->number;
}

MUSTER_EXPORT int muster_is_set(struct muster *m, const char *name)
{
    return find(m, name, OPTION_NO_TYPE) != NULL;
}

MUSTER_EXPORT const char *muster_text(struct muster *m, const char *name)
{
    return find_text(m, name, OPTION_TEXT);
}

MUSTER_EXPORT int64_t muster_int(struct muster *m, const char *name)
{
    return find_number(m, name, OPTION_INT);
}

MUSTER_EXPORT int muster_bool(struct muster *m, const char *name)
{
    return find_number(m, name, OPTION_BOOL) != 0;
}

MUSTER_EXPORT const char *muster_choice(struct muster *m, const char *name)
{
    return find_text(m, name, OPTION_CHOICE);
}

MUSTER_EXPORT int64_t muster_duration_ms(struct muster *m, const char *name)
{
    return find_number(m, name, OPTION_DURATION);
}

MUSTER_EXPORT const char *muster_path(struct muster *m, const char *name)
{
    return find_text(m, name, OPTION_PATH);
}

MUSTER_EXPORT const char *muster_secret(struct muster *m, const char *name, size_t *size)
{
    const char *secret = find_text(m, name, OPTION_SECRET);

    if (size != NULL)
        *size = secret == NULL ? 0 : strlen(secret);
    return secret;
}

MUSTER_EXPORT const char *const *muster_list(struct muster *m, const char *name, size_t *count)
{
    const struct option_value *value = find(m, name, OPTION_LIST);

    if (count != NULL)
        *count = value == NULL ? 0 : value->count;
    return value == NULL ? NULL : value->texts;
}

MUSTER_EXPORT int64_t muster_left_ms(struct muster *m)
{
    int64_t left;

    if (m->deadline_ms == INT64_MAX)
        return INT64_MAX;
    left = m->deadline_ms - clock_mono_ms(&clock_system);
    return left < 0 ? 0 : left;
}

MUSTER_EXPORT void *muster_alloc(struct muster *m, size_t size)
{
    return arena_alloc(&m->arena, size);
}

MUSTER_EXPORT char *muster_fmt(struct muster *m, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vformat(&m->arena, format, args);
    va_end(args);
    return text;
}

MUSTER_EXPORT const void *muster_token(struct muster *m, size_t *size)
{
    if (size != NULL)
        *size = m->token.size;
    return m->token.size == 0 ? NULL : m->token.bytes;
}
