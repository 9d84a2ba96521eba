/* A table of options with one defect: CMakeLists.txt compiles it once for each, and defines which. */
#include "muster_plugin.h"

#include <stddef.h>

enum { TWICE, TYPE, FALLBACK, FALLBACK_OUT_OF_BOUNDS, BOUNDS, NO_CHOICE, SECRET, NAME, HELP, CHOICES, ENDLESS };

static const char *const endless_choices[] = { [0 ... 299] = "red" };

static const struct muster_option tables[][300] = {
    [TWICE] = { { .name = "colour", .type = MUSTER_TEXT }, { .name = "colour", .type = MUSTER_INT } },
    [TYPE] = { { .name = "colour", .type = 99 } },
    [FALLBACK] = { { .name = "count", .type = MUSTER_INT, .fallback = "many" } },
    [FALLBACK_OUT_OF_BOUNDS] = { { .name = "count", .type = MUSTER_INT, .fallback = "3", .min = 5, .max = 9 } },
    [BOUNDS] = { { .name = "count", .type = MUSTER_INT, .min = 9, .max = 5 } },
    [NO_CHOICE] = { { .name = "colour", .type = MUSTER_CHOICE } },
    [SECRET] = { { .name = "password", .type = MUSTER_SECRET, .fallback = "secret" } },
    [NAME] = { { .name = "Colour of the sky", .type = MUSTER_TEXT } },
    [HELP] = { { .name = "colour", .type = MUSTER_TEXT, .help = "caf\xE9" } },
    [CHOICES] = { { .name = "colour", .type = MUSTER_CHOICE, .choices = endless_choices } },
    [ENDLESS] = { [0 ... 299] = { .name = "colour", .type = MUSTER_TEXT } },
};

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "option_table", .version = "1", .summary = "has a defect among its options",
              .options = tables[DEFECT], .kinds = kinds, .scan = scan);
