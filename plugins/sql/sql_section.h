/* What is asked of an instance, as data.
 *
 *     static const struct statement statements[] = { { 11, 0, 1, false, "SELECT ...", take } };
 *     const struct section groups_section = { .name = "groups", .statements = statements, .count = 1, ... };
 *
 * A section is a constant: its statements with the versions that they are for, one a batch; what becomes of their rows;
 * what is unread where one fails. Each fails alone. Where the session is over, all that follow have failed with that
 * reason. Where rows would silently be missing for lack of a right (privileges.h), nothing is asked: that section has
 * failed, too. Statements are constants: no name from outside ever goes into one. */
#ifndef SQL_SECTION_H
#define SQL_SECTION_H

#include "mssql.h"
#include "sql_instance.h"

#include <stdbool.h>
#include <stddef.h>

struct statement {
    int min, max;   /* major versions that it is for; max 0: all later ones */
    size_t columns; /* that it brings */
    bool one;       /* it brings one row, whatever there is */
    const char *text;
    void (*take)(struct instance *instance, const struct mssql_row *row);
};

#define SECTION_MAX_UNREAD 16

struct section {
    const char *name; /* in words, after "could not read" */
    const struct statement *statements;
    size_t count;
    unsigned rights;                                  /* bits of enum right, of which any will do; 0: it needs none */
    bool (*applies)(const struct instance *instance); /* NULL: always */
    void (*finish)(struct instance *instance);        /* after all of them went well; NULL: likewise */
    void (*failed)(struct instance *instance, const char *why); /* NULL: unread says all */
    const char *unread[SECTION_MAX_UNREAD];                     /* attributes of the instance that hang on it */
    bool records; /* other records hang on it: the scan is partial, and warns */
};

/* Asks for it, by the session that the instance has. Nothing where it does not apply. */
void section_look(struct instance *instance, const struct section *section);

/* Marks what hangs on a section; of the instance, what nothing else has told. */
void section_fail(struct instance *instance, const struct section *section, const char *why);

#endif
