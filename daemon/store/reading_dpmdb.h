/* How old is what is known of a backup server's own database (DPMDB). Of the reading side. */
#ifndef READING_DPMDB_H
#define READING_DPMDB_H

#include "reading.h"

struct dpmdb_age {
    int64_t read_at; /* when entries of it were last seen; 0: never */
    bool late;       /* that is longer ago than the target that sees them may be old (AGE_MOST) */
};

/* server: as verdicts name it. now: wall time. */
bool reading_dpmdb_age(struct query *query, const char *server, int64_t now, struct dpmdb_age *age, struct err *err);

#endif
