/* targets = ( { name; plugin; options = { ... }; ... } ) */
#include "sections.h"

#include <string.h>

#define AT(member) offsetof(struct entry, member)

static setting_reader read_options, read_credential, read_hosts;

static const struct key keys[] = {
    { .name = "name", .read = setting_name, .offset = AT(name), .required = true },
    { .name = "was", .read = setting_name, .offset = AT(was) },
    { .name = "plugin", .read = setting_name, .offset = AT(plugin), .required = true },
    { .name = "credential", .read = read_credential, .offset = AT(credential) },
    { .name = "hosts", .read = read_hosts, .offset = AT(hosts), .count_offset = AT(host_count) },
    { .name = "every",
      .read = setting_duration,
      .offset = AT(every_ms),
      .min = SECTION_MS_S,
      .max = 366 * SECTION_MS_DAY },
    { .name = "max_age",
      .read = setting_duration,
      .offset = AT(max_age_ms),
      .min = SECTION_MS_S,
      .max = 1098 * SECTION_MS_DAY },
    { .name = "deadline",
      .read = setting_duration,
      .offset = AT(deadline_ms),
      .min = SECTION_MS_S,
      .max = 7 * SECTION_MS_DAY },
    { .name = "memory", .read = setting_size, .offset = AT(memory), .min = 16 * SECTION_MIB, .max = 64 * SECTION_GIB },
    { .name = "cpu", .read = setting_duration, .offset = AT(cpu_ms), .min = SECTION_MS_S, .max = 7 * SECTION_MS_DAY },
    { .name = "scope", .read = setting_name, .offset = AT(scope) },
    { .name = "tags", .read = setting_names, .offset = AT(tags), .count_offset = AT(tag_count) },
    { .name = "options", .read = read_options },
};

const struct group section_target = { "a target", keys, sizeof keys / sizeof keys[0] };

static void read_credential(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct entry *entry = (void *)((char *)to - key->offset);

    setting_name(reader, setting, key, to);
    entry->credential_place = setting_place(reader, setting);
}

static void read_hosts(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct entry *entry = (void *)((char *)to - key->offset);

    entry->hosts_place = setting_place(reader, setting);
    setting_names(reader, setting, key, to);
    if (entry->hosts != NULL && entry->host_count == 0 && config_setting_length(setting) == 0)
        setting_problem(reader, setting, "an empty list; name the hosts, or leave the key out");
}

/* A scalar as the text that option.h reads; NULL: a problem was added. */
static const char *option_text(struct reader *reader, const config_setting_t *setting)
{
    struct arena *arena = reader->arena;
    const char *text;

    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT: return arena_format(arena, "%d", config_setting_get_int(setting));
    case CONFIG_TYPE_INT64: return arena_format(arena, "%lld", config_setting_get_int64(setting));
    case CONFIG_TYPE_BOOL: return config_setting_get_bool(setting) ? "true" : "false";
    case CONFIG_TYPE_FLOAT:
        setting_problem(reader, setting, "write a number with a point in quotes, so that it stays as it is written");
        return NULL;
    default:
        text = setting_is_text(reader, setting, "a text, a whole number, true, false or a list of those");
        return text == NULL ? NULL : arena_text(arena, text);
    }
}

static bool is_list(const config_setting_t *setting)
{
    return config_setting_is_list(setting) == CONFIG_TRUE || config_setting_is_array(setting) == CONFIG_TRUE;
}

static struct option_given read_option(struct reader *reader, const config_setting_t *setting)
{
    struct arena *arena = reader->arena;
    size_t count = is_list(setting) ? (size_t)config_setting_length(setting) : 1;
    const char **texts = arena_alloc(arena, (count + 1) * sizeof *texts);
    struct option_given given = { .name = arena_text(arena, config_setting_name(setting)), .texts = texts };

    if (count > OPTION_MAX_LIST) {
        setting_problem(reader, setting, "a list of %zu, where %d are possible", count, OPTION_MAX_LIST);
        return given;
    }
    for (size_t i = 0; i < count; i++) {
        texts[i] = option_text(
            reader, is_list(setting) ? config_setting_get_elem((config_setting_t *)setting, (unsigned)i) : setting);
        if (texts[i] == NULL)
            return given;
        given.count++;
    }
    return given;
}

static void read_options(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct entry *entry = (void *)((char *)to - key->offset);
    size_t count = (size_t)config_setting_length(setting);

    if (!setting_is_group(reader, setting))
        return;
    entry->options = arena_alloc(reader->arena, (count + 1) * sizeof *entry->options);
    entry->option_places = arena_alloc(reader->arena, (count + 1) * sizeof *entry->option_places);
    entry->option_folders = arena_alloc(reader->arena, (count + 1) * sizeof *entry->option_folders);
    for (size_t i = 0; i < count; i++) {
        const config_setting_t *option = config_setting_get_elem((config_setting_t *)setting, (unsigned)i);

        entry->options[i] = read_option(reader, option);
        entry->option_places[i] = setting_place(reader, option);
        entry->option_folders[i] = source_folder(reader->source, (int)config_setting_source_line(option));
    }
    entry->option_count = count;
}

void section_add_target(struct reader *reader, const config_setting_t *setting)
{
    struct entry entry = {
        .every_ms = 3600 * SECTION_MS_S,
        .deadline_ms = 900 * SECTION_MS_S,
        .memory = 512 * SECTION_MIB,
        .place = setting_place(reader, setting),
    };

    setting_group(reader, setting, &section_target, &entry);
    vec_push(&draft_of(reader)->entries, entry);
}
