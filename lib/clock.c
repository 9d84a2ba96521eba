#include "clock.h"

#include "err.h"
#include "text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_mono(void *context)
{
    (void)context;
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t system_wall(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

const struct clock clock_system = { system_mono, system_wall, NULL };

int64_t clock_mono_ms(const struct clock *clock)
{
    return clock->mono_ms(clock->context);
}

int64_t clock_wall_ms(const struct clock *clock)
{
    return clock->wall_ms(clock->context);
}

int64_t clock_even_since(struct clock_watch *watch, const struct clock *clock)
{
    int64_t wall = clock_wall_ms(clock), apart = wall - clock_mono_ms(clock);
    int64_t moved = apart - watch->apart;

    if (watch->since == 0 || moved > CLOCK_SET_MS || moved < -CLOCK_SET_MS)
        watch->since = wall;
    watch->apart = apart;
    return watch->since;
}

static int64_t fake_mono(void *context)
{
    const struct clock_fake *fake = context;

    return fake->mono;
}

static int64_t fake_wall(void *context)
{
    const struct clock_fake *fake = context;

    return fake->wall;
}

void clock_fake_init(struct clock_fake *fake, int64_t mono_ms, int64_t wall_ms)
{
    *fake = (struct clock_fake){
        .clock = { fake_mono, fake_wall, fake },
        .mono = mono_ms,
        .wall = wall_ms,
    };
}

void clock_fake_advance(struct clock_fake *fake, int64_t ms)
{
    fake->mono += ms;
    fake->wall += ms;
}

void clock_fake_set_wall(struct clock_fake *fake, int64_t wall_ms)
{
    fake->wall = wall_ms;
}

/* Writes the parts with what comes behind the seconds. */
static const char *write_parts(int64_t wall_ms, const char *rest, char buffer[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm parts;
    size_t length;

    gmtime_r(&seconds, &parts);
    length = strftime(buffer, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(buffer + length, CLOCK_TEXT_SIZE - length, "%s", rest);
    return buffer;
}

static int64_t clamp(int64_t wall_ms)
{
    if (wall_ms < 0)
        return 0;
    return wall_ms > CLOCK_WALL_MAX ? CLOCK_WALL_MAX : wall_ms;
}

const char *clock_text(int64_t wall_ms, char buffer[CLOCK_TEXT_SIZE])
{
    return write_parts(clamp(wall_ms), "Z", buffer);
}

const char *clock_text_ms(int64_t wall_ms, char buffer[CLOCK_TEXT_SIZE])
{
    char rest[8];

    snprintf(rest, sizeof rest, ".%03dZ", (int)(clamp(wall_ms) % 1000));
    return write_parts(clamp(wall_ms), rest, buffer);
}

/* Whether the text has the pattern's form, in which 0 stands for any digit. */
static bool has_form(const char *text, const char *pattern)
{
    for (; *pattern != '\0'; text++, pattern++) {
        bool fits = *pattern == '0' ? *text >= '0' && *text <= '9' : *text == *pattern;

        if (!fits)
            return false;
    }
    return *text == '\0';
}

static int number(const char *digits, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_time(const struct tm *parts)
{
    int year = parts->tm_year + 1900;
    int month = parts->tm_mon + 1;

    return year >= 1970 && month >= 1 && month <= 12 && parts->tm_mday >= 1 && parts->tm_mday <= days_in(year, month) &&
           parts->tm_hour <= 23 && parts->tm_min <= 59 && parts->tm_sec <= 59;
}

bool clock_parse(const char *text, int64_t *wall_ms, struct err *err)
{
    char quoted[TEXT_QUOTE_SIZE];
    struct tm parts = { 0 };
    bool with_ms = has_form(text, "0000-00-00T00:00:00.000Z");

    if (!with_ms && !has_form(text, "0000-00-00T00:00:00Z"))
        return err_set(err, ERR_CONFIG, "\"%s\" is not a time: expected UTC in the form 2026-11-22T08:36:14Z",
                       text_quote(quoted, text));
    parts.tm_year = number(text, 4) - 1900;
    parts.tm_mon = number(text + 5, 2) - 1;
    parts.tm_mday = number(text + 8, 2);
    parts.tm_hour = number(text + 11, 2);
    parts.tm_min = number(text + 14, 2);
    parts.tm_sec = number(text + 17, 2);
    if (!is_time(&parts))
        return err_set(err, ERR_CONFIG,
                       "\"%s\" is a time that does not exist or is before 1970: expected one such as "
                       "2026-11-22T08:36:14Z",
                       text);
    *wall_ms = (int64_t)timegm(&parts) * 1000 + (with_ms ? number(text + 20, 3) : 0);
    return true;
}

int64_t clock_days(int64_t from_ms, int64_t to_ms)
{
    const int64_t day = INT64_C(86400000);

    return clamp(to_ms) / day - clamp(from_ms) / day;
}
