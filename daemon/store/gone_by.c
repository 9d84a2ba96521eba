#include "gone_by.h"

#include "json.h"
#include "map.h"
#include "sighting.h"
#include "str.h"

#include <string.h>

/* What the batch names, as kind and fact: vm"id.moref":"vm-7". The fact is written as facts are stored, so that these
 * need not be parsed. */
static void collect(struct work *work, struct map *names)
{
    struct str name = STR_EMPTY;

    vec_each (gone, &work->commit->batch->gone_by) {
        char *kept;

        str_clear(&name);
        str_add(&name, gone->kind);
        json_add_text(&name, gone->attribute);
        str_add_char(&name, ':');
        json_add_text(&name, gone->value);
        kept = arena_bytes(&work->arena, name.bytes, name.length);
        map_put_bytes(names, kept, name.length, kept);
    }
    str_finish(&name);
}

/* ------------------------------------------------------------------------------------- facts as they are stored ----
 */

/* at: the opening quote. What is returned is behind the closing one, or the end of all. */
static const char *end_of_text(const char *at)
{
    at++;
    while (*(at += strcspn(at, "\"\\")) == '\\')
        at += at[1] == '\0' ? 1 : 2;
    return at + (*at == '"');
}

static const char *end_of_value(const char *at)
{
    if (*at == '"')
        return end_of_text(at);
    if (*at != '[')
        return at + strcspn(at, ",}");
    while (*at != ']' && *at != '\0')
        at = *at == '"' ? end_of_text(at) : at + 1;
    return at + (*at == ']');
}

/* name: the kind; it is as before afterwards. */
static bool is_named(const struct map *names, struct str *name, const char *facts)
{
    size_t kind = name->length;
    const char *fact = facts + 1;
    bool named = false;

    while (!named && *fact == '"') {
        const char *value = end_of_text(fact), *end;

        value += *value == ':';
        end = end_of_value(value);
        if (*value == '"') {
            str_add_bytes(name, fact, (size_t)(end - fact));
            named = map_get_bytes(names, name->bytes, name->length) != NULL;
            name->length = kind;
        }
        fact = end + (*end == ',');
    }
    return named;
}

/* ----------------------------------------------------------------------------------------------------- finding ---- */

static bool find(struct work *work, const struct map *names, struct identities *found, struct err *err)
{
    struct str name = STR_EMPTY;
    struct sql_query query;

    sql_query(&query, work->sql,
              "SELECT s.identity, i.kind, i.facts FROM sighting s JOIN item i ON i.id = s.item WHERE s.target = ?1");
    sql_bind_int(&query, 1, work->target.id);
    while (sql_row(&query)) {
        str_clear(&name);
        str_add(&name, sql_text(&query, 1));
        if (is_named(names, &name, sql_text(&query, 2)))
            vec_push(&found->list, sighting_identity(&query, 0));
    }
    str_finish(&name);
    return sql_done(&query, err);
}

bool gone_by_find(struct work *work, struct identities *found, struct err *err)
{
    struct map names = MAP_EMPTY;
    bool good = true;

    collect(work, &names);
    if (names.count > 0)
        good = find(work, &names, found, err);
    map_finish(&names);
    return good;
}
