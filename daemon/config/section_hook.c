/* hooks = ( { name; run; events; ... } ) */
#include "sections.h"

#include "event.h"
#include "problem.h"
#include "products.h"

#include <string.h>

#define AT(member) offsetof(struct config_hook, member)

static setting_reader read_run;

static const char *const classes[] = { "act", "decide", "look", NULL };
static const char *const verdicts[] = { "unsupported", "contradictory", "unlisted", "unknown",
                                        "conditional", "deprecated",    NULL };

#define NAMES(member)                                                                                                  \
    {                                                                                                                  \
        .name = #member, .read = section_names, .offset = AT(member.words), .count_offset = AT(member.count)           \
    }
#define WORDS(member, possible)                                                                                        \
    {                                                                                                                  \
        .name = #member, .read = section_words, .offset = AT(member.words), .count_offset = AT(member.count),          \
        .words = possible                                                                                              \
    }
#define DURATION(key, member, least, most)                                                                             \
    {                                                                                                                  \
        .name = key, .read = setting_duration, .offset = AT(member), .min = least, .max = most                         \
    }

static const struct key keys[] = {
    { .name = "name", .read = setting_name, .offset = AT(name), .required = true },
    { .name = "run", .read = read_run, .offset = AT(run), .required = true },
    { .name = "settings", .read = setting_path, .offset = AT(settings) },
    WORDS(events, event_words),
    WORDS(classes, classes),
    WORDS(verdicts, verdicts),
    WORDS(workloads, workload_words),
    NAMES(owners),
    NAMES(sites),
    NAMES(criticalities),
    NAMES(targets),
    NAMES(tags),
    DURATION("grace", grace_ms, 0, 7 * SECTION_MS_DAY),
    DURATION("window", window_ms, 0, SECTION_MS_DAY),
    DURATION("timeout", timeout_ms, SECTION_MS_S, 3600 * SECTION_MS_S),
    DURATION("give_up", give_up_ms, 60 * SECTION_MS_S, 60 * SECTION_MS_DAY),
    { .name = "rate", .read = setting_count, .offset = AT(rate), .max = 100000 },
    { .name = "storm", .read = setting_count, .offset = AT(storm), .max = 100000 },
};

const struct group section_hook = { "a hook", keys, sizeof keys / sizeof keys[0] };

static void read_run(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct config_hook *hook = (void *)((char *)to - key->offset);

    hook->run_place = setting_place(reader, setting);
    setting_path(reader, setting, key, to);
}

/* Nobody means a hook that hears of nothing, and one that hears of everything is not written so. */
static bool has_words(struct reader *reader, const config_setting_t *setting)
{
    if (config_setting_is_aggregate(setting) == CONFIG_FALSE || config_setting_length(setting) > 0)
        return true;
    setting_problem(reader, setting, "an empty list; name something, or leave the key out to ask for nothing there");
    return false;
}

void section_names(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    if (has_words(reader, setting))
        setting_names(reader, setting, key, to);
}

void section_words(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    if (has_words(reader, setting))
        setting_words(reader, setting, key, to);
}

void section_add_hook(struct reader *reader, const config_setting_t *setting)
{
    struct config *config = draft_of(reader)->config;
    struct config_hook hook = {
        .grace_ms = 300 * SECTION_MS_S,
        .window_ms = 60 * SECTION_MS_S,
        .timeout_ms = 30 * SECTION_MS_S,
        .give_up_ms = 3 * SECTION_MS_DAY,
        .rate = 30,
        .storm = 20,
        .place = setting_place(reader, setting),
    };

    setting_group(reader, setting, &section_hook, &hook);
    if (config->hooks.count == CONFIG_MAX_HOOKS)
        problem_add(reader->problems, hook.place, "more than %d hooks; let one script serve several of them",
                    CONFIG_MAX_HOOKS);
    vec_push(&config->hooks, hook);
}
