/* reports = ( { name; every; at; formats; folder; ... } ) */
#include "sections.h"

#include "problem.h"
#include "products.h"
#include "text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define AT(member) offsetof(struct written, member)
#define LAST_MINUTE 1439
#define LONGEST_MONTH 31

/* A report as it is written. */
struct written {
    struct config_report report;
    const char *every, *at; /* NULL: not given, or wrong */
    const config_setting_t *at_setting;
};

static setting_reader read_name, read_at;

static const char *const formats[] = { "html", "json", "csv", "junit", NULL };
static const char *const day_words[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

/* In the order of enum report_every. */
static const char *const every_words[] = { "1d", "1w", "1month", NULL };
static const char *const at_examples[] = { "\"06:00\"", "\"Mon 06:00\"", "\"1 06:00\"" };

static const struct key keys[] = {
    { .name = "name", .read = read_name, .offset = AT(report.name), .required = true },
    { .name = "every", .read = setting_word, .offset = AT(every), .required = true, .words = every_words },
    { .name = "at", .read = read_at, .offset = AT(at), .required = true },
    { .name = "zone", .read = section_zone, .offset = AT(report.zone) },
    { .name = "formats",
      .read = section_words,
      .offset = AT(report.formats.words),
      .count_offset = AT(report.formats.count),
      .words = formats },
    { .name = "folder", .read = setting_path, .offset = AT(report.folder), .required = true },
    { .name = "keep", .read = setting_count, .offset = AT(report.keep), .min = 1, .max = 10000 },
    { .name = "title", .read = setting_name, .offset = AT(report.title) },
    { .name = "owner", .read = setting_name, .offset = AT(report.owner) },
    { .name = "site", .read = setting_name, .offset = AT(report.site) },
    { .name = "server", .read = setting_name, .offset = AT(report.server) },
    { .name = "workload", .read = setting_word, .offset = AT(report.workload), .words = workload_words },
};

const struct group section_report = { "a report", keys, sizeof keys / sizeof keys[0] };

static void read_name(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *name = NULL;
    char quote[TEXT_QUOTE_SIZE];

    setting_name(reader, setting, key, &name);
    if (name != NULL && !report_plan_may_name(name))
        setting_problem(reader, setting,
                        "\"%s\" cannot be part of a file's name; write letters, digits, dots, hyphens and underscores, "
                        "at most %d, a letter or a digit first",
                        text_quote(quote, name), REPORT_PLAN_NAME);
    else if (name != NULL)
        *(const char **)to = name;
}

static void read_at(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    ((struct written *)(void *)((char *)to - key->offset))->at_setting = setting;
    setting_name(reader, setting, key, to);
}

/* --------------------------------------------------------------------------------------------------------- when ----
 */

static int weekday_of(const char *word, size_t length)
{
    for (int day = 0; day < (int)(sizeof day_words / sizeof *day_words); day++) {
        if (length == 3 && strncasecmp(word, day_words[day], length) == 0)
            return day;
    }
    return -1;
}

static int month_day_of(const char *word, size_t length)
{
    int day = 0;

    for (size_t i = 0; i < length; i++) {
        if (word[i] < '0' || word[i] > '9' || length > 2)
            return -1;
        day = day * 10 + word[i] - '0';
    }
    return day < 1 || day > LONGEST_MONTH ? -1 : day;
}

/* What stands before the time of the day; -1: not what it must be. */
static int day_of(enum report_every every, const char *word, size_t length)
{
    if (every == REPORT_WEEKLY)
        return weekday_of(word, length);
    if (every == REPORT_MONTHLY)
        return month_day_of(word, length);
    return length == 0 ? 0 : -1;
}

static void take_time(struct reader *reader, struct written *written)
{
    struct config_report *report = &written->report;
    const char *blank = strchr(written->at, ' ');
    const char *time = blank == NULL ? written->at : blank + 1;
    size_t length = blank == NULL ? 0 : (size_t)(blank - written->at);
    char quote[TEXT_QUOTE_SIZE];

    while (strcmp(every_words[report->every], written->every) != 0)
        report->every++;
    report->day = day_of(report->every, written->at, length);
    report->minute = section_minute(time, LAST_MINUTE);
    if (report->day < 0 || report->minute < 0)
        setting_problem(reader, written->at_setting, "\"%s\" is no time of every = \"%s\"; write it such as %s",
                        text_quote(quote, written->at), written->every, at_examples[report->every]);
}

void section_add_report(struct reader *reader, const config_setting_t *setting)
{
    static const char *const usual[] = { "html" };
    struct config *config = draft_of(reader)->config;
    struct written written = {
        .report = { .zone.clocks = zone_utc,
                    .formats = { usual, 1 },
                    .keep = 12,
                    .place = setting_place(reader, setting) },
    };

    setting_group(reader, setting, &section_report, &written);
    if (written.every != NULL && written.at != NULL)
        take_time(reader, &written);
    if (config->reports.count == CONFIG_MAX_REPORTS)
        problem_add(reader->problems, written.report.place, "more than %d reports; let one serve several readers",
                    CONFIG_MAX_REPORTS);
    vec_push(&config->reports, written.report);
}
