/* A form of its own name, then each text with its NUL, in the order of the table. */
#include "pass.h"

#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FORM "muster vmware pass 1"

struct field {
    size_t offset, size;
};

#define FIELD(member)                                                                                                  \
    {                                                                                                                  \
        offsetof(struct pass, member), sizeof(((struct pass *)NULL)->member)                                           \
    }

static const struct field fields[] = {
    FIELD(session), FIELD(view), FIELD(filter), FIELD(version), FIELD(fingerprint), FIELD(changes),
};

#define FIELDS (sizeof fields / sizeof *fields)

/* Adds a text with its NUL at *at; false where there is no room. */
static bool put(unsigned char *bytes, size_t size, size_t *at, const char *text)
{
    size_t length = strlen(text) + 1;

    if (length > size - *at)
        return false;
    memcpy(bytes + *at, text, length);
    *at += length;
    return true;
}

size_t pass_write(const struct pass *pass, unsigned char *bytes, size_t size)
{
    char when[32];
    size_t at = 0;
    bool good;

    snprintf(when, sizeof when, "%" PRId64, pass->full_at_ms);
    good = put(bytes, size, &at, FORM) && put(bytes, size, &at, when);
    for (size_t i = 0; i < FIELDS; i++)
        good = good && put(bytes, size, &at, (const char *)pass + fields[i].offset);
    return good ? at : 0;
}

/* The next text; NULL where it has no end or is longer than most bytes with its NUL. */
static const char *take(const char **bytes, size_t *left, size_t most)
{
    const char *text = *bytes, *end = *left == 0 ? NULL : memchr(text, '\0', *left);
    size_t length;

    if (end == NULL || (size_t)(end - text) >= most)
        return NULL;
    length = (size_t)(end - text) + 1;
    *bytes += length;
    *left -= length;
    return text;
}

bool pass_read(struct pass *pass, const void *bytes, size_t size)
{
    const char *from = bytes, *form = take(&from, &size, sizeof FORM), *when;

    if (form == NULL || strcmp(form, FORM) != 0)
        return false;
    when = take(&from, &size, 32);
    if (when == NULL || !int_parse(when, &pass->full_at_ms, NULL))
        return false;
    for (size_t i = 0; i < FIELDS; i++) {
        const char *text = take(&from, &size, fields[i].size);

        if (text == NULL)
            return false;
        memcpy((char *)pass + fields[i].offset, text, strlen(text) + 1);
    }
    return size == 0;
}
