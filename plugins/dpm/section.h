/* What is asked of DPMDB, as data: documented views first, then tables that public scripts of its makers read. Nothing
 * is asked for before INFORMATION_SCHEMA has told that it is there: what is missing, or may not be seen, makes its
 * section unread, not the scan fail. Pure.
 *
 *     schema_take(&schema, "Vw_DPM_Agents", "ServerName");      each row of schema_statement
 *     if (section_ask(&schema, &sections[SECTION_AGENTS], &statement, &err)) ...
 *
 * Names in a statement are those of the tables below, in the letters' case that the server has them in. */
#ifndef SECTION_H
#define SECTION_H

#include "arena.h"
#include "err.h"
#include "map.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define SECTION_MAX_COLUMNS 8

/* In the order in which they are asked: rows refer to those of sections before. */
enum section_id {
    SECTION_SETTINGS,
    SECTION_PATCHES,
    SECTION_SERVERS,
    SECTION_AGENTS,
    SECTION_GROUPS,
    SECTION_INTENTS,
    SECTION_SOURCES,
    SECTION_LOGICAL,
    SECTION_REPLICAS,
    SECTION_DISK_POINTS,
    SECTION_JOBS,
    SECTION_DISK_JOBS, /* in place of the one before, where that can not be read */
    SECTION_OBJECTS,
    SECTION_VOLUMES,
    SECTION_SOURCE_VOLUMES,
    SECTION_COUNT
};

struct section_column {
    const char *name;
    const char *expression; /* what is selected; NULL: the column itself; "": nothing, it must be there for others */
    bool optional;          /* NULL is selected where it is not there */
};

struct section {
    const char *object;
    struct section_column columns[SECTION_MAX_COLUMNS]; /* up to the first without a name */
    const char *tail;                                   /* behind the object; NULL: nothing */
    const char *tells;                                  /* in words, after "without it there is no word of" */
};

extern const struct section sections[SECTION_COUNT];

/* What is there of the objects above. */
struct schema {
    struct arena arena;
    struct map names; /* in upper case, "OBJECT" and "OBJECT.COLUMN" -> as the server spells it */
};

void schema_init(struct schema *schema);
void schema_finish(struct schema *schema);

/* Two columns: an object's name and a column's. */
const char *schema_statement(struct arena *arena);

/* A row of it; what is none of the objects and columns above is passed over. */
void schema_take(struct schema *schema, const char *object, const char *column);

/* Whether it is there. */
bool schema_has(const struct schema *schema, const char *object, const char *column);

/* The statement. False: an object or column that is needed is not there, or is not shown to the login (class
 * unsupported), with the grant that mends it. */
bool section_ask(const struct schema *schema, const struct section *section, struct str *statement, struct err *err);

#endif
