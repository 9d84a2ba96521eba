/* One session of mssql.c with an instance that sqlpeer plays, and what came of it.
 *
 *     talks_begin(NULL, NULL);
 *     talk_with("MSSQLSERVER");
 *     talk_opens();
 *     talk_brings("SELECT 1 AS one", "[1]\n");
 *     talks_end(); */
#ifndef TALK_H
#define TALK_H

#include "mssql.h"
#include "peer_test.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define TALK_ODD " a}};UID=sa;PWD={\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80'%s "

extern struct talk {
    struct mssql_settings settings; /* may be changed until it is opened */
    struct mssql *mssql;
    struct err err;
    struct str
        rows; /* of the last statement: [value][value]\n, NULL as [\N], a value that was cut with ... behind it */
    size_t row_count;
    size_t refuse_at;     /* the taker refuses this row (from 1); 0: none */
    int64_t left_ms;      /* what it thinks is left */
    void (*looked)(void); /* called when the certificate has been looked at, before the driver comes */
    int looks;
} talk;

/* One computer, "localhost", whose instances are MSSQLSERVER (2019), OLD (2008,
 * TLS 1.0 only), PLAIN (no encryption), STRICT (TDS 8.0), and EXPIRED, MISNAMED, STRANGE, SELF by their certificates;
 * all by a login scan, password right, or odd, password TALK_ODD, or the account scan of CORP. An option of sqlpeer
 * more, or NULL. */
void talks_begin(const char *option, const char *value);
void talks_end(void);
struct peer *talks_peer(void);

/* The next session is with this instance; the one before is closed, tricks and counts are none. */
void talk_with(const char *instance);
int talk_port(const char *instance);

bool talk_tries(void); /* to open */
void talk_opens(void); /* which must succeed */
void talk_refused(enum err_class class, const char *words);

bool talk_asks(const char *statement);
void talk_brings(const char *statement, const char *rows); /* exactly */
void talk_fails(const char *statement, enum err_class class, const char *words);

/* Of the computer's instance, from the next reply on. */
void talk_trick(const char *instance, const char *trick);
void talk_set(const char *instance, const char *setting, const char *value);

/* Opens and closes the session in a process that is confined as a run is, by Landlock (with no path of its own) and
 * seccomp as far as the kernel has them, and not dumpable; unprivileged: as nobody. 0: it went well. */
int talk_confined(bool unprivileged);

/* Counted by the instance since talk_with; NULL: by all of them. */
int64_t talk_count(const char *instance, const char *what);

#endif
