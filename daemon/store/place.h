/* Where the database lies: its file and those beside it, who may change them and who may read them. */
#ifndef PLACE_H
#define PLACE_H

#include "err.h"

#include <stdbool.h>
#include <sys/types.h>

struct place {
    char *path;    /* of the database; no symbolic link is in it */
    bool shared;   /* a group was named that may read it */
    gid_t readers; /* that group */
};

/* Finds the place of the database that is named so, there or not. Refused (class config): a folder or a file that
 * others may change (trust.h), what is no regular file, a group that does not exist. */
bool place_find(struct place *place, const char *path, const char *readers, struct err *err);
void place_finish(struct place *place);

/* Makes an empty file at path, which must be free, with the database's mode and group. */
bool place_create(const struct place *place, const char *path, struct err *err);

/* Gives the database and what SQLite has beside it (PATH-wal, PATH-shm) one mode and one group: 0640 and the readers'
 * group, or where none was named, those that the database has. */
bool place_share(const struct place *place, struct err *err);

/* What a database's first bytes say without SQLite, which may write as soon as it reads. */
enum place_content {
    PLACE_UNDECIDED, /* empty, or a change was cut off (PATH-journal) that SQLite has to take back first */
    PLACE_DATABASE,
    PLACE_FOREIGN, /* no database */
};

struct place_header {
    enum place_content content;
    unsigned application, version; /* application_id and user_version; a later one may wait in PATH-wal */
};

bool place_look(const struct place *place, struct place_header *header, struct err *err);

#endif
