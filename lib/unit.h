/* Numbers, durations and sizes as people write them in a configuration or on a command line.
 *
 * The parsers take the whole text or refuse it with a sentence (class config) that says what was expected and gives
 * an example: no blanks, no sign but int_parse's '-', no fractions, always decimal. *value is left alone on failure. */
#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stdint.h>

struct err;

#define UNIT_TEXT_SIZE 32
#define COUNT_TEXT_SIZE 48

/* A whole number, "-" in front allowed. */
bool int_parse(const char *text, int64_t *value, struct err *err);

/* A whole number and one unit of ms, s, m, h, d, w: "90s", not "1h30m". */
bool duration_parse(const char *text, int64_t *ms, struct err *err);

/* A whole number and one unit of B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB (powers of 1024). */
bool size_parse(const char *text, int64_t *bytes, struct err *err);

/* The exact value with the smallest number, in a form that the parser reads back: 90000 is "90s", 3600000 "1h",
 * 65536 "64KiB". A negative value has a '-' in front, and is not read back. Both return buffer. */
const char *duration_text(int64_t ms, char buffer[UNIT_TEXT_SIZE]);
const char *size_text(int64_t bytes, char buffer[UNIT_TEXT_SIZE]);

/* So many of a thing: "1 target", "0 targets", "12 more warnings". noun: one of them, a text of ours of at most 25
 * letters whose plural has an s at its end. Returns buffer. */
const char *count_text(uint64_t count, const char *noun, char buffer[COUNT_TEXT_SIZE]);

#endif
