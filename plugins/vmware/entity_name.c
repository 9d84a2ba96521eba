#include "entity_name.h"

#include <strings.h>

static const struct {
    char written[4], sign;
} escapes[] = { { "%25", '%' }, { "%5c", '\\' }, { "%2f", '/' } };

/* The first so many escapes count. */
static void undo(struct str *out, const char *name, size_t count)
{
    while (*name != '\0') {
        size_t i = 0;

        while (i < count && strncasecmp(name, escapes[i].written, 3) != 0)
            i++;
        if (i < count)
            str_add_char(out, escapes[i].sign);
        else
            str_add_char(out, *name);
        name += i < count ? 3 : 1;
    }
}

void entity_name_plain(struct str *out, const char *name)
{
    undo(out, name, sizeof escapes / sizeof *escapes);
}

void entity_name_part(struct str *out, const char *name)
{
    undo(out, name, sizeof escapes / sizeof *escapes - 1);
}
