/* identity = ( { join = ( { scope; kind; key; }, ... ); }, { apart = ( ... ); } ) */
#include "sections.h"

#include "item.h"
#include "problem.h"

#include <string.h>

#define AT(member) offsetof(struct config_identity, member)

static setting_reader read_items, read_key;

static const struct key item_keys[] = {
    { .name = "scope", .read = setting_name, .offset = offsetof(struct config_item, scope) },
    { .name = "kind", .read = setting_kind, .offset = offsetof(struct config_item, kind), .required = true },
    { .name = "key", .read = read_key, .offset = offsetof(struct config_item, key), .required = true },
};

static const struct group item_group = { "an item", item_keys, sizeof item_keys / sizeof item_keys[0] };

static const struct key keys[] = {
    { .name = "join", .read = read_items, .group = &item_group },
    { .name = "apart", .read = read_items, .group = &item_group },
    { .name = "reason", .read = setting_text, .offset = AT(reason) },
};

const struct group section_identity = { "an identity rule", keys, sizeof keys / sizeof keys[0] };

static void read_key(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *text = NULL;

    setting_text(reader, setting, key, &text);
    if (text != NULL && strlen(text) > ITEM_MAX_KEY)
        setting_problem(reader, setting, "a key of %zu bytes, where %d are possible", strlen(text), ITEM_MAX_KEY);
    else if (text != NULL)
        *(const char **)to = text;
}

static void read_items(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct config_identity *identity = to;
    int count = config_setting_length(setting);
    struct config_item *items;

    if (config_setting_is_list(setting) == CONFIG_FALSE || count < 2 || count > SETTING_MAX_LIST) {
        setting_problem(reader, setting,
                        "expected a list of 2 to %d items: ( { kind = \"vm\"; key = \"...\"; }, { ... } )",
                        SETTING_MAX_LIST);
        return;
    }
    items = arena_alloc(reader->arena, (size_t)count * sizeof *items);
    for (int i = 0; i < count; i++) {
        const config_setting_t *item = config_setting_get_elem((config_setting_t *)setting, (unsigned)i);

        if (setting_is_group(reader, item))
            setting_group(reader, item, key->group, &items[i]);
    }
    identity->items = items;
    identity->count = (size_t)count;
}

void section_add_identity(struct reader *reader, const config_setting_t *setting)
{
    struct config_identity identity = { .place = setting_place(reader, setting) };
    bool join = config_setting_get_member((config_setting_t *)setting, "join") != NULL;
    bool apart = config_setting_get_member((config_setting_t *)setting, "apart") != NULL;

    setting_group(reader, setting, &section_identity, &identity);
    identity.join = join;
    if (join == apart)
        problem_add(reader->problems, identity.place,
                    "an identity rule has exactly one of join and apart: join = ( { kind = \"vm\"; key = \"...\"; }, "
                    "{ ... } );");
    vec_push(&draft_of(reader)->config->identities, identity);
}
