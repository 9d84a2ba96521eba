#include "json_row.h"

#include "clock.h"
#include "json.h"

#include <inttypes.h>
#include <string.h>

static void add_text(struct str *out, const char *text)
{
    if (text == NULL)
        str_add(out, "null");
    else
        json_add_text(out, text);
}

static void add_word(struct str *out, const char *text)
{
    add_text(out, text == NULL || *text == '\0' ? NULL : text);
}

static void add_number(struct str *out, int64_t number, int64_t none)
{
    if (number == none)
        str_add(out, "null");
    else
        str_format(out, "%" PRId64, number);
}

static void add_time(struct str *out, int64_t at)
{
    char text[CLOCK_TEXT_SIZE];

    add_text(out, at == 0 ? NULL : clock_text(at, text));
}

/* As JSON has them; rows of a page are counted from 1. */
static bool is_number(const char *text)
{
    return *text >= '1' && *text <= '9' && strspn(text, "0123456789") == strlen(text);
}

/* Numbers come from the database as they stand in its JSON. */
static void add_texts(struct str *out, const struct query_texts *texts, bool numbers)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0)
            str_add_char(out, ',');
        if (numbers && is_number(texts->texts[i]))
            str_add(out, texts->texts[i]);
        else
            json_add_text(out, texts->texts[i]);
    }
    str_add_char(out, ']');
}

static void add_value(struct str *out, enum member_type type, const void *at)
{
    switch (type) {
    case MEMBER_TEXT: add_text(out, *(const char *const *)at); break;
    case MEMBER_WORD: add_word(out, *(const char *const *)at); break;
    case MEMBER_NUMBER: str_format(out, "%" PRId64, *(const int64_t *)at); break;
    case MEMBER_ID: add_number(out, *(const int64_t *)at, 0); break;
    case MEMBER_COUNT: add_number(out, *(const int64_t *)at, -1); break;
    case MEMBER_TRUTH: str_add(out, *(const bool *)at ? "true" : "false"); break;
    case MEMBER_TIME: add_time(out, *(const int64_t *)at); break;
    case MEMBER_TEXTS: add_texts(out, at, false); break;
    case MEMBER_NUMBERS: add_texts(out, at, true); break;
    case MEMBER_NEED: add_word(out, need_word(*(const enum need *)at)); break;
    }
}

void json_row_members(struct str *out, const struct member *members, size_t count, const void *from)
{
    for (size_t i = 0; i < count; i++) {
        json_add_name(out, members[i].name);
        add_value(out, members[i].type, (const char *)from + members[i].offset);
    }
}

void json_row(struct str *out, const struct member *members, size_t count, const void *from)
{
    str_add_char(out, '{');
    json_row_members(out, members, count, from);
    str_add_char(out, '}');
}
