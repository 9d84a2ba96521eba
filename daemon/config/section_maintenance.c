/* maintenance = ( { name; days; begin; end; ... }, { name; from; until; ... } ) */
#include "sections.h"

#include "clock.h"
#include "maintenance.h"
#include "problem.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

#define ALL_DAYS 0x7FU

/* A window as it is written. */
struct written {
    struct config_maintenance window;
    struct config_words days;
    int begin, end; /* minutes of the day; -1: not given, or wrong */
};

#define AT(member) offsetof(struct written, member)

static setting_reader read_days, read_minute, read_moment;

static const char *const day_words[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL };

static const struct key keys[] = {
    { .name = "name", .read = setting_name, .offset = AT(window.name), .required = true },
    { .name = "targets",
      .read = section_names,
      .offset = AT(window.targets.words),
      .count_offset = AT(window.targets.count) },
    { .name = "tags", .read = section_names, .offset = AT(window.tags.words), .count_offset = AT(window.tags.count) },
    { .name = "days", .read = read_days, .offset = AT(days.words), .count_offset = AT(days.count), .words = day_words },
    { .name = "begin", .read = read_minute, .offset = AT(begin), .max = MAINTENANCE_DAY_MINUTES - 1 },
    { .name = "end", .read = read_minute, .offset = AT(end), .max = MAINTENANCE_DAY_MINUTES },
    { .name = "from", .read = read_moment, .offset = AT(window.from) },
    { .name = "until", .read = read_moment, .offset = AT(window.until) },
    { .name = "zone", .read = section_zone, .offset = AT(window.zone) },
};

const struct group section_maintenance = { "a maintenance window", keys, sizeof keys / sizeof keys[0] };

/* ------------------------------------------------------------------------------------------------------- times ---- */

static void read_days(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    if (config_setting_is_aggregate(setting) != CONFIG_FALSE && config_setting_length(setting) == 0)
        setting_problem(reader, setting,
                        "an empty list; name the days on which the window begins, such as [ \"sat\" ]");
    else
        setting_words(reader, setting, key, to);
}

static void read_minute(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *text = setting_is_text(reader, setting, "a time of the day in quotes, such as \"22:00\"");
    char quote[TEXT_QUOTE_SIZE];
    int minute;

    if (text == NULL)
        return;
    minute = section_minute(text, (int)key->max);
    if (minute < 0)
        setting_problem(reader, setting,
                        "\"%s\" is no time of the day; write hours and minutes with two digits each, such as "
                        "\"22:00\"%s",
                        text_quote(quote, text),
                        key->max == MAINTENANCE_DAY_MINUTES ? "; \"24:00\" is the end of the day" : "");
    else
        *(int *)to = minute;
}

static void read_moment(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *text = setting_is_text(reader, setting, "day and time in quotes, such as \"2026-12-24 18:00\"");
    char quote[TEXT_QUOTE_SIZE], whole[CLOCK_TEXT_SIZE];
    int64_t wall;

    (void)key;
    if (text == NULL)
        return;
    snprintf(whole, sizeof whole, "%.10sT%.5s:00Z", text, strlen(text) == 16 ? text + 11 : "");
    if (!section_has_form(text, "0000-00-00 00:00") || !clock_parse(whole, &wall, NULL))
        setting_problem(reader, setting,
                        "\"%s\" is no day and time; write year, month and day, hours and minutes, such as "
                        "\"2026-12-24 18:00\"",
                        text_quote(quote, text));
    else
        *(struct zone_time *)to = zone_local(zone_utc, wall);
}

/* ----------------------------------------------------------------------------------------------------- windows ---- */

static void check_weekly(struct reader *reader, struct written *written)
{
    struct config_maintenance *window = &written->window;

    window->weekly = true;
    for (size_t i = 0; i < written->days.count; i++) {
        for (unsigned day = 0; day_words[day] != NULL; day++)
            window->days |= strcmp(day_words[day], written->days.words[i]) == 0 ? 1U << day : 0;
    }
    if (written->begin < 0 || written->end < 0)
        return;
    window->begin_minute = written->begin;
    window->minutes = written->end - written->begin + (written->end < written->begin ? MAINTENANCE_DAY_MINUTES : 0);
    if (window->minutes == 0)
        problem_add(reader->problems, window->place,
                    "the window ends when it begins; for whole days write begin = \"00:00\"; end = \"24:00\";");
    else if (window->days == ALL_DAYS && window->minutes == MAINTENANCE_DAY_MINUTES)
        problem_add(reader->problems, window->place,
                    "the window never closes, so its targets would never be scanned; take them out of targets instead");
}

static void check_once(struct reader *reader, const struct written *written)
{
    const struct config_maintenance *window = &written->window;
    int64_t from, until;

    if (window->from.month == 0 || window->until.month == 0 || window->zone.clocks == NULL)
        return;
    from = zone_wall(window->zone.clocks, &window->from);
    until = zone_wall(window->zone.clocks, &window->until);
    if (until <= from)
        problem_add(reader->problems, window->place, "the window ends before it begins, or when it does");
    else if (draft_of(reader)->look && until <= clock_wall_ms(&clock_system))
        warning_add(reader->problems, window->place, "the window is over; take it out");
}

static bool has(const config_setting_t *setting, const char *name)
{
    return setting_member(setting, name) != NULL;
}

static bool check_form(struct reader *reader, const config_setting_t *setting, bool *weekly)
{
    const bool parts[] = { has(setting, "days"), has(setting, "begin"), has(setting, "end") };
    const bool moments[] = { has(setting, "from"), has(setting, "until") };
    int part_count = parts[0] + parts[1] + parts[2], moment_count = moments[0] + moments[1];

    *weekly = part_count == 3;
    if ((part_count == 3 && moment_count == 0) || (part_count == 0 && moment_count == 2))
        return true;
    problem_add(reader->problems, setting_place(reader, setting),
                "a maintenance window has either days, begin and end, or from and until: days = [ \"sat\" ]; begin = "
                "\"22:00\"; end = \"04:00\";");
    return false;
}

void section_add_maintenance(struct reader *reader, const config_setting_t *setting)
{
    struct config *config = draft_of(reader)->config;
    struct written written = { .window = { .zone.clocks = zone_utc, .place = setting_place(reader, setting) },
                               .begin = -1,
                               .end = -1 };
    bool weekly;

    setting_group(reader, setting, &section_maintenance, &written);
    if (check_form(reader, setting, &weekly)) {
        if (weekly)
            check_weekly(reader, &written);
        else
            check_once(reader, &written);
    }
    if (config->maintenances.count == CONFIG_MAX_WINDOWS)
        problem_add(reader->problems, written.window.place,
                    "more than %d maintenance windows; let one serve several "
                    "targets",
                    CONFIG_MAX_WINDOWS);
    vec_push(&config->maintenances, written.window);
}
