#include "markup.h"

#include "text.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#define PIECE_BYTES ((size_t)65536)

void markup_init(struct markup *markup, FILE *out)
{
    *markup = (struct markup){ .outlet = { .out = out } };
}

static void put_number(struct str *out, int64_t number, bool grouped)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%" PRId64, number);

    for (int i = 0; i < length; i++) {
        str_add_char(out, digits[i]);
        if (grouped && digits[i] != '-' && i + 1 < length && (length - i - 1) % 3 == 0)
            str_add_char(out, ',');
    }
}

/* What a conversion takes, by its letters. */
enum taken { TAKE_TEXT, TAKE_INT, TAKE_INT64, TAKE_SIZE, TAKE_NOTHING };

static const struct conversion {
    const char *letters;
    enum taken taken;
} conversions[] = {
    { "s", TAKE_TEXT }, { "d", TAKE_INT }, { PRId64, TAKE_INT64 }, { "zu", TAKE_SIZE }, { "%", TAKE_NOTHING },
};

static const struct conversion *conversion_at(const char *format)
{
    for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++) {
        if (strncmp(format, conversions[i].letters, strlen(conversions[i].letters)) == 0)
            return &conversions[i];
    }
    return NULL;
}

static void put_text(struct markup *markup, const char *text)
{
    if (text != NULL)
        text_html(&markup->outlet.text, text);
}

/* What follows a % in the format; returns what follows that. */
static const char *put_taken(struct markup *markup, const char *format, va_list *args)
{
    bool grouped = *format == '\'';
    const struct conversion *conversion = conversion_at(format + grouped);

    assert(conversion != NULL);
    switch (conversion->taken) {
    case TAKE_TEXT: put_text(markup, va_arg(*args, const char *)); break;
    case TAKE_INT: put_number(&markup->outlet.text, va_arg(*args, int), grouped); break;
    case TAKE_INT64: put_number(&markup->outlet.text, va_arg(*args, int64_t), grouped); break;
    case TAKE_SIZE: put_number(&markup->outlet.text, (int64_t)va_arg(*args, size_t), grouped); break;
    case TAKE_NOTHING: str_add_char(&markup->outlet.text, '%'); break;
    }
    return format + grouped + strlen(conversion->letters);
}

void markup_vput(struct markup *markup, const char *format, va_list args)
{
    va_list taken;

    va_copy(taken, args);
    while (*format != '\0') {
        size_t plain = strcspn(format, "%");

        str_add_bytes(&markup->outlet.text, format, plain);
        format += plain;
        if (*format == '%')
            format = put_taken(markup, format + 1, &taken);
    }
    va_end(taken);
    outlet_spill(&markup->outlet);
}

void markup_put(struct markup *markup, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    markup_vput(markup, format, args);
    va_end(args);
}

void markup_append(struct markup *markup, FILE *from)
{
    struct outlet *outlet = &markup->outlet;
    size_t size;

    rewind(from);
    while ((size = fread(str_room(&outlet->text, PIECE_BYTES), 1, PIECE_BYTES, from)) > 0) {
        outlet->text.length += size;
        if (!outlet_spill(outlet))
            return;
    }
    if (ferror(from) != 0 && outlet->error == 0)
        outlet->error = errno == 0 ? EIO : errno;
}

bool markup_finish(struct markup *markup, struct err *err)
{
    return outlet_finish(&markup->outlet, err);
}
