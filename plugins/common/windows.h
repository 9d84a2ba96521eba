/* One Windows computer while it is looked at, section by section: what plugins over WinRM have in common.
 *
 *     struct windows windows;
 *     windows_init(&windows, m, wsman, "machine");
 *     if (!windows_look(&windows, &windows_os, &err) || ...)
 *         ... the scan fails ...
 *     windows_emit(&windows);
 *     windows_finish(&windows);
 *
 * A section is a constant: what is asked, what becomes of the answers, and what is not read where it fails. What its
 * failing means:
 *
 *     connection, login, deadline     the scan fails
 *     no such namespace or class      the role is not there: absent() says what follows; no failure. A section without
 *                                     absent() asks for no role, and has failed as below
 *     refused, or anything else       its attributes are unread, with the reason; the scan is partial where records
 * hang on it; a vital section fails the scan
 *
 * Where rights lack on one computer, the credential is not to blame: that is never class denied, but unsupported. */
#ifndef WINDOWS_H
#define WINDOWS_H

#include "arena.h"
#include "cim.h"
#include "err.h"
#include "facts.h"
#include "registry.h"
#include "vec.h"
#include "wsman.h"

#include <stdbool.h>
#include <stddef.h>

#define WINDOWS_MAX_UNREAD 16
#define WINDOWS_MAX_INSTANCES 20000 /* of one query; what comes beyond fails the section */

struct windows {
    struct muster *m;    /* NULL where only the mapping is tested */
    struct wsman *wsman; /* likewise */
    struct arena arena;  /* what lives as long as this */
    struct item
        computer; /* of the kind that windows_init was told; its key is "" until windows_computer was looked at */
    vec(struct item *) others; /* further records, in the order that they are to be sent */
    bool partial;              /* records may be missing */
    bool insufficient;         /* the section failed by windows_insufficient, not by a call */
    vec(const char *) names;   /* a list that a section collects; empty before each section */
};

struct windows_query {
    const char *space, *wql; /* WQL with named columns only */
    /* One instance, which lives until this returns. */
    void (*take)(struct windows *windows, const struct cim_instance *instance);
};

struct windows_section {
    const char *name; /* in words, after "could not read" */
    const struct windows_query *queries;
    size_t query_count;

    /* After the queries, if any; calls of its own, mostly to the registry. NULL: none. False: as a query that failed.
     */
    bool (*look)(struct windows *windows, struct err *err);

    /* After all of them went well. NULL: nothing is left to do. */
    void (*finish)(struct windows *windows);

    /* The first query's namespace or class is not there; that of a further one is a failure. NULL: so is that of the
     * first, for every Windows that is asked has it. */
    void (*absent)(struct windows *windows);

    /* It failed, and the scan goes on: marks what is not of the computer. NULL: unread says all. */
    void (*failed)(struct windows *windows, const char *why);

    /* Whether it is looked at at all. NULL: always. */
    bool (*applies)(const struct windows *windows);

    const char *unread[WINDOWS_MAX_UNREAD]; /* attributes of the computer that hang on it; a failure that touches none
                                             * of them, and has no failed, is a warning */
    bool vital;                             /* without it nothing can be said */
    bool records;                           /* records other than the computer's hang on it: also a warning */
};

void windows_init(struct windows *windows, struct muster *m, struct wsman *wsman, const char *kind);
void windows_finish(struct windows *windows);

/* False: the scan fails, as the table above says. */
bool windows_look(struct windows *windows, const struct windows_section *section, struct err *err);

/* A further record, before or after the computer's in the scan; its memory is windows'. */
struct item *windows_record(struct windows *windows, const char *kind, const char *key);

/* Adds to the list that the section collects; a copy is kept. */
void windows_name(struct windows *windows, const char *name);

/* Sends the computer, then the other records in their order. */
void windows_emit(struct windows *windows);

/* What was read of its version so far. False where it was not. */
bool windows_is_at_least(const struct windows *windows, const char *version);
bool windows_is_server(const struct windows *windows);

/* A value of the registry for an attribute of an item; true where there is none. False: as a query that failed. */
bool windows_registry_text(struct windows *windows, const char *key, const char *value, const char **text,
                           struct err *err);
bool windows_registry_int(struct windows *windows, const char *key, const char *value, int64_t *number, bool *found,
                          struct err *err);

/* What was answered is not enough: fails the section, of class unsupported, as what concerns it alone; always false. */
bool windows_insufficient(struct windows *windows, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What hangs on one attribute alone must not take the rest of a section along: where the call failed (good is false),
 * marks that attribute as unread. False: the scan cannot go on. */
bool windows_bear(struct windows *windows, struct item *item, const char *attribute, bool good, const struct err *err);

/* Whether what was just asked was refused, so that a section can go on without it. */
bool windows_was_refused(const struct windows *windows);

#endif
