/* Options and operands of a command line, by tables: --name VALUE, --name=VALUE, -n VALUE; options may stand before and
 * behind operands, and -- ends them. The last of an option that comes twice counts, where
 * flags_next does not ask for all of them. */
#ifndef FLAGS_H
#define FLAGS_H

#include "err.h"
#include "str.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>

#define FLAGS_NUMBER "N"
#define FLAGS_MAX_NUMBER 1000000000

/* A table of them ends with one that has no name. */
struct flag {
    const char *name;  /* without its dashes */
    char letter;       /* 0: none */
    const char *value; /* what stands for the value in the help ("FILE"); NULL: it takes none. FLAGS_NUMBER stands for
                        * a number, words with | between them ("table|json|csv") for one of these, and nothing else is
                        * taken */
    const char *help;
};

struct flag_given {
    const struct flag *flag;
    const char *value; /* "" where it takes none */
};

struct flags {
    const struct flag *own, *common; /* either may be NULL; an own one hides a common one of its name */
    vec(struct flag_given) given;
    vec(const char *) operands;
};

void flags_init(struct flags *flags, const struct flag *common);
void flags_finish(struct flags *flags);

/* Takes words until the end, or (where first is true) up to and with the first operand. Returns how many it took, 0
 * after an error (class config): an unknown option, naming the nearest known one, one without its value, or with one
 * that it does not take. */
size_t flags_take(struct flags *flags, char *const *words, size_t count, bool first, struct err *err);

/* The value, NULL where the option was not given. */
const char *flags_value(const struct flags *flags, const char *name);

/* Each value of one that may come several times, in the order given; *at is 0 at the start. NULL behind the last. */
const char *flags_next(const struct flags *flags, const char *name, size_t *at);

/* The value of a FLAGS_NUMBER; fallback where it was not given. */
size_t flags_number(const struct flags *flags, const char *name, size_t fallback);

/* Which of its words the value of an option is, from 0; fallback where it was not given. */
size_t flags_word(const struct flags *flags, const char *name, size_t fallback);

/* Whether an option of the common table was given, and not an own one of the same name. */
bool flags_has_common(const struct flags *flags, const char *name);

/* The lines of a help text; options of which hiding (may be NULL) has one of the same name are left out. */
void flags_help(struct str *out, const struct flag *table, const struct flag *hiding);

#endif
