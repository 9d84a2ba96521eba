#include "cim_time.h"

#include "xsd.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum field { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FIELD_COUNT };

/* A letter is a digit of a field, in the order of enum field; anything else stands for itself. */
static const char letters[FIELD_COUNT + 1] = "YMDhms";

struct parts {
    int fields[FIELD_COUNT];
    int minutes_east; /* of UTC */
};

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Reads what has that shape. Returns the rest; NULL: it has not. */
static const char *read_shape(const char *text, const char *shape, struct parts *parts)
{
    for (; *shape != '\0'; shape++, text++) {
        const char *letter = strchr(letters, *shape);

        if (letter == NULL ? *text != *shape : !is_digit(*text))
            return NULL;
        if (letter != NULL)
            parts->fields[letter - letters] = parts->fields[letter - letters] * 10 + (*text - '0');
    }
    return text;
}

/* Parts of a second: digits, or asterisks for unknown ones. */
static const char *skip_fraction(const char *text)
{
    size_t count = *text == '.' ? strspn(text + 1, "0123456789*") : 0;

    return *text != '.' ? text : count == 0 ? NULL : text + 1 + count;
}

/* -------------------------------------------------------------------------------------------------- zones ------- */

/* "", Z, +hh:mm */
static const char *read_schema_zone(const char *text, struct parts *parts)
{
    struct parts zone = { .fields = { 0 } };
    const char *rest;

    if (*text == 'Z')
        return text + 1;
    if (*text != '+' && *text != '-')
        return text;
    rest = read_shape(text + 1, "hh:mm", &zone);
    if (rest == NULL || zone.fields[HOUR] > 14 || zone.fields[MINUTE] > 59)
        return NULL;
    parts->minutes_east = (zone.fields[HOUR] * 60 + zone.fields[MINUTE]) * (*text == '-' ? -1 : 1);
    return rest;
}

/* +mmm, +***; an interval has :000 instead. */
static const char *read_cim_zone(const char *text, struct parts *parts)
{
    struct parts zone = { .fields = { 0 } };
    const char *rest;

    if (*text != '+' && *text != '-')
        return NULL;
    if (strncmp(text + 1, "***", 3) == 0)
        return text + 4;
    rest = read_shape(text + 1, "mmm", &zone);
    parts->minutes_east = zone.fields[MINUTE] * (*text == '-' ? -1 : 1);
    return rest;
}

/* ------------------------------------------------------------------------------------------------- spellings ---- */

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool exists(const int *fields)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int month = fields[MONTH];

    if (fields[YEAR] < 1 || month < 1 || month > 12 || fields[DAY] < 1 || fields[MINUTE] > 59 || fields[SECOND] > 59)
        return false;
    if (fields[DAY] > days[month - 1] + (month == 2 && is_leap(fields[YEAR])))
        return false;
    /* XML Schema's 24:00:00 is the next day's beginning. */
    return fields[HOUR] < 24 || (fields[HOUR] == 24 && fields[MINUTE] == 0 && fields[SECOND] == 0);
}

static bool write(const struct parts *parts, char utc[CIM_TIME_SIZE])
{
    const int *fields = parts->fields;
    struct tm day = {
        .tm_year = fields[YEAR] - 1900,
        .tm_mon = fields[MONTH] - 1,
        .tm_mday = fields[DAY],
        .tm_hour = fields[HOUR],
        .tm_min = fields[MINUTE] - parts->minutes_east,
        .tm_sec = fields[SECOND],
    };
    time_t seconds = timegm(&day);

    gmtime_r(&seconds, &day);
    if (day.tm_year < 1 - 1900 || day.tm_year > 9999 - 1900)
        return false;
    snprintf(utc, CIM_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday,
             day.tm_hour, day.tm_min, day.tm_sec);
    return true;
}

struct spelling {
    const char *shape;
    bool fraction;
    const char *(*read_zone)(const char *text, struct parts *parts);
};

static const char *read_spelling(const struct spelling *spelling, const char *text, struct parts *parts)
{
    const char *rest = read_shape(text, spelling->shape, parts);

    if (rest != NULL && spelling->fraction)
        rest = skip_fraction(rest);
    return rest == NULL ? NULL : spelling->read_zone(rest, parts);
}

bool cim_time_read(const char *text, char utc[CIM_TIME_SIZE])
{
    static const struct spelling spellings[] = {
        { "YYYY-MM-DDThh:mm:ss", true, read_schema_zone },
        { "YYYY-MM-DD", false, read_schema_zone },
        { "YYYYMMDDhhmmss", true, read_cim_zone },
    };
    size_t length;
    const char *bare = xsd_bare(text, &length);

    for (size_t i = 0; bare != NULL && i < sizeof spellings / sizeof *spellings; i++) {
        struct parts parts = { .fields = { 0 } };
        const char *rest = read_spelling(&spellings[i], bare, &parts);

        if (rest == bare + length)
            return exists(parts.fields) && write(&parts, utc);
    }
    return false;
}
