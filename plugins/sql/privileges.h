/* What the login may see: asked before everything else, for SQL Server leaves out rows without a word where a right
 * lacks. */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include "sql_instance.h"
#include "sql_section.h"

#include <stdbool.h>
#include <stddef.h>

/* The lesser of those that serve the same comes first: it is the one that is asked for. */
#define RIGHTS(X)                                                                                                      \
    X(VIEW_ANY_DATABASE, "VIEW ANY DATABASE", 0)                                                                       \
    X(VIEW_ANY_DEFINITION, "VIEW ANY DEFINITION", 0)                                                                   \
    X(VIEW_SERVER_PERFORMANCE_STATE, "VIEW SERVER PERFORMANCE STATE", 16)                                              \
    X(VIEW_SERVER_STATE, "VIEW SERVER STATE", 0)                                                                       \
    X(CREATE_ANY_DATABASE, "CREATE ANY DATABASE", 0)                                                                   \
    X(ALTER_ANY_DATABASE, "ALTER ANY DATABASE", 0)                                                                     \
    X(SELECT_BACKUPSET, "SELECT on msdb.dbo.backupset", 0)

enum right {
#define X(word, name, since) RIGHT_##word,
    RIGHTS(X) RIGHT_COUNT
#undef X
};

/* One of them as a bit of a section's rights. */
#define MAY(word) (1U << RIGHT_##word)

#define MAY_SEE_FILES (MAY(VIEW_ANY_DEFINITION) | MAY(CREATE_ANY_DATABASE) | MAY(ALTER_ANY_DATABASE))
#define MAY_SEE_STATE (MAY(VIEW_SERVER_PERFORMANCE_STATE) | MAY(VIEW_SERVER_STATE))
#define MAY_SEE_OFFLINE (MAY(CREATE_ANY_DATABASE) | MAY(ALTER_ANY_DATABASE))

extern const struct section privileges_section;

/* Whether the login has any of the rights; true of none. */
bool privileges_allows(const struct instance *instance, unsigned rights);

/* "needs VIEW ANY DEFINITION: GRANT VIEW ANY DEFINITION TO [CORP\muster]": the first of them that this version has.
 * Lives as long as the instance. */
const char *privileges_needs(struct instance *instance, unsigned rights);

/* The first of them that this version has. */
enum right privileges_first(const struct instance *instance, unsigned rights);

/* The name of a right, and the statement that grants it. */
const char *privileges_name(enum right right);
const char *privileges_grant(struct instance *instance, enum right right);

#endif
