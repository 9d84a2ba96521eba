#include "quote.h"

#include "text.h"
#include "utf8.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define MAX_QUOTE 200 /* bytes of a quoted line */

/* Behind one of these stands what must not get into a log. */
static const char *const secrets[] = { "pass", "pwd", "secret", "token", "key", "community" };

/* Where the text must not be shown any more: behind the first word that announces a secret. SIZE_MAX: there is none. */
static size_t secret_from(const char *text, size_t size)
{
    for (size_t at = 0; at < size; at++) {
        for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
            size_t length = strlen(secrets[i]);

            if (size - at >= length && strncasecmp(text + at, secrets[i], length) == 0)
                return at + length;
        }
    }
    return SIZE_MAX;
}

/* "" where there is no such line. */
static const char *start_of_line(const char *text, int line)
{
    for (; line > 1 && *text != '\0'; line--) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

/* Whether a secret that was announced on the line before may stand on this one. */
static bool follows_secret(const char *text, int line)
{
    const char *before = line > 1 ? start_of_line(text, line - 1) : "";
    size_t size = strcspn(before, "\n");
    size_t from = secret_from(before, size);

    return from != SIZE_MAX && memchr(before + from, ';', size - from) == NULL;
}

void quote_line(struct str *out, const struct source *source, int line)
{
    const char *start = start_of_line(str_text(&source->text), line);
    size_t size, shown;
    char copy[MAX_QUOTE + 1];

    start += strspn(start, " \t");
    size = strcspn(start, "\r\n");
    shown = follows_secret(str_text(&source->text), line) ? 0 : secret_from(start, size);
    if (shown > size)
        shown = size;
    if (shown > MAX_QUOTE)
        shown = MAX_QUOTE;
    memcpy(copy, start, shown);
    copy[shown] = '\0';
    if (shown < size)
        utf8_trim(copy);
    text_line(out, copy);
    str_add(out, shown < size ? "..." : "");
}
