/* Time, behind a struct so that a test can own it, and time as text.
 *
 * Monotonic milliseconds measure waits: they start anywhere and never jump, but mean nothing in the next boot. Wall
 * milliseconds since 1970 (UTC) are for people and for the database: they may jump either way. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct clock {
    int64_t (*mono_ms)(void *context);
    int64_t (*wall_ms)(void *context);
    void *context;
};

/* The machine's own clocks. */
extern const struct clock clock_system;

int64_t clock_mono_ms(const struct clock *clock);
int64_t clock_wall_ms(const struct clock *clock);

#define CLOCK_SET_MS 120000 /* both clocks that drift so far apart between two looks: the wall clock was set */

/* Since when the wall clock runs evenly: what has passed since then did pass. Zeroed before the first look. */
struct clock_watch {
    int64_t since; /* wall; 0: nobody looked yet */
    int64_t apart; /* of the two clocks, when it was last looked at */
};

/* The wall time of the first look, or of the one that found it to be set since the one before. A machine that slept
 * has had its wall clock set. */
int64_t clock_even_since(struct clock_watch *watch, const struct clock *clock);

/* A clock that stands still until it is moved:
 *
 *     struct clock_fake fake;
 *     clock_fake_init(&fake, 1000, wall);
 *     schedule_run(..., &fake.clock);
 *     clock_fake_advance(&fake, 60000);
 *
 * It is not to be copied: the clock inside points at it. */
struct clock_fake {
    struct clock clock;
    int64_t mono, wall;
};

void clock_fake_init(struct clock_fake *fake, int64_t mono_ms, int64_t wall_ms);

/* Time passes: both clocks move. */
void clock_fake_advance(struct clock_fake *fake, int64_t ms);

/* Somebody sets the wall clock. */
void clock_fake_set_wall(struct clock_fake *fake, int64_t wall_ms);

/* The last millisecond that has a text: the end of the year 9999. */
#define CLOCK_WALL_MAX INT64_C(253402300799999)

#define CLOCK_TEXT_SIZE 32

/* Wall milliseconds as RFC 3339 in UTC: "2026-11-22T08:36:14Z", and "2026-11-22T08:36:14.250Z". Times outside of
 * 0 to CLOCK_WALL_MAX are shown as the nearest of the two. Both return buffer. */
const char *clock_text(int64_t wall_ms, char buffer[CLOCK_TEXT_SIZE]);
const char *clock_text_ms(int64_t wall_ms, char buffer[CLOCK_TEXT_SIZE]);

/* Reads exactly these two forms back. Refused with a sentence (class config): other zones, lower-case letters, blanks,
 * days that do not exist, leap seconds, years before 1970. */
bool clock_parse(const char *text, int64_t *wall_ms, struct err *err);

/* How many days of the calendar (UTC) it is from the day of one wall time to that of the other; below 0 where that is
 * earlier. So the last day counts: on it 0 days are left, at each hour of the day before 1. */
int64_t clock_days(int64_t from_ms, int64_t to_ms);

#endif
