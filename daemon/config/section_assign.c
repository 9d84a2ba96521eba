/* assign = ( { where = { ... }; server; by; ... } ): first match wins, for each thing that is set. */
#include "sections.h"

#include "item.h"
#include "problem.h"
#include "products.h"
#include "text.h"

#include <string.h>

#define AT(member) offsetof(struct config_assign, member)

static setting_reader read_attribute, read_workload;

static const char *const methods[] = { "image", "agent", "application", "any", "none", NULL };

static const struct key where_keys[] = {
    { .name = "workload", .read = read_workload, .offset = AT(where.workload), .words = workload_words },
    { .name = "kind", .read = setting_kind, .offset = AT(where.kind) },
    { .name = "name", .read = setting_name, .offset = AT(where.name) },
    { .name = "folder", .read = setting_text, .offset = AT(where.folder) },
    { .name = "ou", .read = setting_text, .offset = AT(where.ou) },
    { .name = "attribute", .read = read_attribute, .offset = AT(where.attribute) },
    { .name = "value", .read = setting_text, .offset = AT(where.value) },
    { .name = "tag", .read = setting_name, .offset = AT(where.tag) },
    { .name = "target", .read = setting_name, .offset = AT(where.target) },
};

static const struct group where_group = { "where", where_keys, sizeof where_keys / sizeof where_keys[0] };

static const struct key keys[] = {
    { .name = "where", .read = setting_inner, .group = &where_group },
    { .name = "server", .read = setting_name, .offset = AT(server) },
    { .name = "by", .read = setting_word, .offset = AT(by), .words = methods },
    { .name = "owner", .read = setting_name, .offset = AT(owner) },
    { .name = "site", .read = setting_name, .offset = AT(site) },
    { .name = "installation", .read = setting_word, .offset = AT(installation), .words = installation_words },
    { .name = "criticality", .read = setting_name, .offset = AT(criticality) },
    { .name = "reason", .read = setting_text, .offset = AT(reason) },
};

const struct group section_assign = { "an assign rule", keys, sizeof keys / sizeof keys[0] };

static void read_workload(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct config_assign *assign = (void *)((char *)to - key->offset);

    assign->workload_place = setting_place(reader, setting);
    setting_word(reader, setting, key, to);
}

static void read_attribute(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *name = NULL;
    char quote[TEXT_QUOTE_SIZE];

    setting_name(reader, setting, key, &name);
    if (name != NULL && !item_is_name(name))
        setting_problem(reader, setting, "\"%s\" is no name of an attribute, such as \"os.build\"",
                        text_quote(quote, name));
    else if (name != NULL)
        *(const char **)to = name;
}

static bool has(const config_setting_t *setting, const char *name)
{
    return config_setting_get_member((config_setting_t *)setting, name) != NULL;
}

static bool sets_something(const config_setting_t *setting)
{
    static const char *const what[] = { "server", "by", "owner", "site", "installation", "criticality" };
    bool some = false;

    for (size_t i = 0; i < sizeof what / sizeof what[0]; i++)
        some = some || has(setting, what[i]);
    return some;
}

void section_add_assign(struct reader *reader, const config_setting_t *setting)
{
    struct config_assign assign = { .place = setting_place(reader, setting) };
    const config_setting_t *where = config_setting_get_member((config_setting_t *)setting, "where");

    setting_group(reader, setting, &section_assign, &assign);
    if (!sets_something(setting))
        problem_add(reader->problems, assign.place,
                    "an assign rule that sets nothing; add what it is to set, such as server = \"mabs01\";");
    if (assign.by != NULL && strcmp(assign.by, "none") == 0 && !has(setting, "reason"))
        problem_add(reader->problems, assign.place,
                    "by = \"none\" takes assets out of what is judged and needs a reason, such as reason = \"scratch "
                    "machines, rebuilt daily\";");
    if (where != NULL && config_setting_is_group(where) && has(where, "value") && !has(where, "attribute"))
        problem_add(reader->problems, setting_place(reader, where),
                    "where: a value without its attribute; add one, such as attribute = \"os.name\";");
    vec_push(&draft_of(reader)->config->assigns, assign);
}
