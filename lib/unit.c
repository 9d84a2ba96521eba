#include "unit.h"

#include "err.h"
#include "text.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct unit {
    const char *word;
    int64_t factor;
};

/* The first one names zero. */
static const struct unit durations[] = {
    { "s", 1000 }, { "ms", 1 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 }, { "w", 604800000 }, { NULL, 0 },
};

static const struct unit sizes[] = {
    { "B", 1 },
    { "kB", 1000 },
    { "MB", 1000000 },
    { "GB", 1000000000 },
    { "TB", 1000000000000 },
    { "KiB", INT64_C(1) << 10 },
    { "MiB", INT64_C(1) << 20 },
    { "GiB", INT64_C(1) << 30 },
    { "TiB", INT64_C(1) << 40 },
    { NULL, 0 },
};

/* What a parser says when it refuses. */
struct wanted {
    const struct unit *units;
    const char *name;
    const char *form;
};

static const struct wanted duration = {
    durations,
    "a duration",
    "expected a whole number and one unit of ms, s, m, h, d, w, such as 90s",
};

static const struct wanted size = {
    sizes,
    "a size",
    "expected a whole number and one unit of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB, such as 64MiB",
};

/* Reads digits as a negative number, which reaches one further than a positive one. Returns where they end, NULL
 * where there are none; *overflow says that they do not fit. */
static const char *read_digits(const char *text, int64_t *negative, bool *overflow)
{
    const char *at = text;

    *negative = 0;
    *overflow = false;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (__builtin_mul_overflow(*negative, 10, negative) || __builtin_sub_overflow(*negative, *at - '0', negative))
            *overflow = true;
    }
    return at == text ? NULL : at;
}

static bool refuse_int(const char *text, bool overflow, struct err *err)
{
    char quoted[TEXT_QUOTE_SIZE];

    text_quote(quoted, text);
    if (overflow)
        return err_set(err, ERR_CONFIG, "\"%s\" is too large: expected a number from %" PRId64 " to %" PRId64, quoted,
                       INT64_MIN, INT64_MAX);
    return err_set(err, ERR_CONFIG, "\"%s\" is not a whole number: expected digits only, such as 30", quoted);
}

bool int_parse(const char *text, int64_t *value, struct err *err)
{
    bool minus = text[0] == '-';
    int64_t negative;
    bool overflow;
    const char *end = read_digits(text + minus, &negative, &overflow);

    if (end == NULL || *end != '\0')
        return refuse_int(text, false, err);
    if (overflow || (!minus && negative == INT64_MIN))
        return refuse_int(text, true, err);
    *value = minus ? negative : -negative;
    return true;
}

static const struct unit *find_unit(const struct unit *units, const char *word)
{
    for (; units->word != NULL; units++) {
        if (strcmp(units->word, word) == 0)
            return units;
    }
    return NULL;
}

static bool parse(const struct wanted *wanted, const char *text, int64_t *value, struct err *err)
{
    char quoted[TEXT_QUOTE_SIZE];
    int64_t negative;
    bool overflow;
    const char *end = read_digits(text, &negative, &overflow);
    const struct unit *unit = end == NULL ? NULL : find_unit(wanted->units, end);

    if (unit == NULL)
        return err_set(err, ERR_CONFIG, "\"%s\" is not %s: %s", text_quote(quoted, text), wanted->name, wanted->form);
    if (overflow || negative < -(INT64_MAX / unit->factor))
        return err_set(err, ERR_CONFIG, "\"%s\" is too large for %s: %s", text_quote(quoted, text), wanted->name,
                       wanted->form);
    *value = -negative * unit->factor;
    return true;
}

bool duration_parse(const char *text, int64_t *ms, struct err *err)
{
    return parse(&duration, text, ms, err);
}

bool size_parse(const char *text, int64_t *bytes, struct err *err)
{
    return parse(&size, text, bytes, err);
}

static const char *format(const struct unit *units, int64_t value, char buffer[UNIT_TEXT_SIZE])
{
    const struct unit *best = &units[0];

    for (const struct unit *unit = units; unit->word != NULL && value != 0; unit++) {
        bool fits = value % unit->factor == 0;

        if (fits && (value % best->factor != 0 || unit->factor > best->factor))
            best = unit;
    }
    snprintf(buffer, UNIT_TEXT_SIZE, "%" PRId64 "%s", value / best->factor, best->word);
    return buffer;
}

const char *duration_text(int64_t ms, char buffer[UNIT_TEXT_SIZE])
{
    return format(durations, ms, buffer);
}

const char *size_text(int64_t bytes, char buffer[UNIT_TEXT_SIZE])
{
    return format(sizes, bytes, buffer);
}

const char *count_text(uint64_t count, const char *noun, char buffer[COUNT_TEXT_SIZE])
{
    snprintf(buffer, COUNT_TEXT_SIZE, "%" PRIu64 " %s%s", count, noun, count == 1 ? "" : "s");
    return buffer;
}
