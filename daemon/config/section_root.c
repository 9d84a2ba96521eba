/* What stands outside of all lists: where things are, and how much of everything. */
#include "sections.h"

#include <string.h>

#define AT(member) offsetof(struct config, member)

static setting_reader read_level, read_format;
static void add_slots(struct reader *reader, const config_setting_t *setting);

static const char *const levels[] = { "debug", "info", "warning", "error", NULL };
static const char *const formats[] = { "plain", "json", NULL };
static const char *const insistence[] = { "wanted", "required", "off", NULL };

static const struct key log_keys[] = {
    { .name = "level", .read = read_level, .offset = AT(log_level), .words = levels },
    { .name = "format", .read = read_format, .offset = AT(log_json), .words = formats },
};

static const struct group log_group = { "log", log_keys, sizeof log_keys / sizeof log_keys[0] };

static const struct key plugin_slots_keys[] = {
    { .name = "plugin", .read = setting_name, .offset = offsetof(struct plugin_slots, plugin), .required = true },
    { .name = "slots",
      .read = setting_count,
      .offset = offsetof(struct plugin_slots, slots),
      .required = true,
      .min = 1,
      .max = 500 },
};

static const struct group plugin_slots_group = { "an entry of slots.plugins", plugin_slots_keys,
                                                 sizeof plugin_slots_keys / sizeof plugin_slots_keys[0] };

static const struct key slots_keys[] = {
    { .name = "total", .read = setting_count, .offset = AT(slots), .min = 1, .max = 500 },
    { .name = "plugins", .read = setting_list, .group = &plugin_slots_group, .element = add_slots },
};

static const struct group slots_group = { "slots", slots_keys, sizeof slots_keys / sizeof slots_keys[0] };

static const struct key root_keys[] = {
    { .name = "database", .read = setting_path, .offset = AT(database) },
    { .name = "control", .read = setting_path, .offset = AT(control) },
    { .name = "plugins", .read = setting_path, .offset = AT(plugin_dir) },
    { .name = "plugin_host", .read = setting_path, .offset = AT(plugin_host) },
    { .name = "matrix", .read = setting_path, .offset = AT(matrix) },
    { .name = "products", .read = setting_path, .offset = AT(products) },
    { .name = "readers", .read = setting_name, .offset = AT(readers) },
    { .name = "operators", .read = setting_name, .offset = AT(operators) },
    { .name = "landlock", .read = setting_word, .offset = AT(landlock), .words = insistence },
    { .name = "seccomp", .read = setting_word, .offset = AT(seccomp), .words = insistence },
    { .name = "scan_memory",
      .read = setting_size,
      .offset = AT(scan_memory),
      .min = 16 * SECTION_MIB,
      .max = 16 * SECTION_GIB },
    { .name = "retention",
      .read = setting_duration,
      .offset = AT(retention_ms),
      .min = SECTION_MS_DAY,
      .max = 36500 * SECTION_MS_DAY },
    { .name = "log", .read = setting_inner, .group = &log_group },
    { .name = "slots", .read = setting_inner, .group = &slots_group },
    { .name = "credentials", .read = setting_list, .group = &section_credential, .element = section_add_credential },
    { .name = "backup_servers",
      .read = setting_list,
      .group = &section_backup_server,
      .element = section_add_backup_server },
    { .name = "targets", .read = setting_list, .group = &section_target, .element = section_add_target },
    { .name = "assign", .read = setting_list, .group = &section_assign, .element = section_add_assign },
    { .name = "identity", .read = setting_list, .group = &section_identity, .element = section_add_identity },
    { .name = "hooks", .read = setting_list, .group = &section_hook, .element = section_add_hook },
    { .name = "maintenance", .read = setting_list, .group = &section_maintenance, .element = section_add_maintenance },
    { .name = "reports", .read = setting_list, .group = &section_report, .element = section_add_report },
};

const struct group section_root = { "the configuration", root_keys, sizeof root_keys / sizeof root_keys[0] };

static void read_level(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *word = NULL;

    setting_word(reader, setting, key, &word);
    if (word != NULL)
        *(enum log_level *)to = log_level_named(word);
}

static void read_format(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *word = NULL;

    setting_word(reader, setting, key, &word);
    if (word != NULL)
        *(bool *)to = strcmp(word, "json") == 0;
}

static void add_slots(struct reader *reader, const config_setting_t *setting)
{
    struct plugin_slots slots = { .place = setting_place(reader, setting) };

    setting_group(reader, setting, &plugin_slots_group, &slots);
    if (draft_of(reader)->slots.count == CONFIG_MAX_PLUGINS)
        setting_problem(reader, setting, "slots of more than %d plugins", CONFIG_MAX_PLUGINS);
    else if (slots.plugin != NULL && slots.slots > 0)
        vec_push(&draft_of(reader)->slots, slots);
}
