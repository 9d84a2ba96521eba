/* The exemptions in the database, and those in force held against protections. Of the store alone. */
#ifndef EXEMPTION_ROW_H
#define EXEMPTION_ROW_H

#include "arena.h"
#include "err.h"
#include "exemption.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

/* Those in force, read once within a transaction. One whose selector cannot be read covers nothing. */
struct exemption_entry {
    int64_t id;
    struct exemption_selector selector; /* asset: the one that this has become part of, where it has */
    bool unreadable;
};

struct exemption_of {
    int64_t asset;
    size_t entry; /* its place in the list */
};

struct exemptions {
    struct arena arena;
    vec(struct exemption_entry) list; /* the oldest first */
    vec(size_t) wide;                 /* places of those that ask for no asset */
    vec(struct exemption_of) narrow;  /* of those that do, by asset */
    vec(int64_t) owing;               /* judgements whose cause is such an asset, by number */
    int64_t newest;                   /* judgement when they were looked up; what is newer may be such a one too */
    bool ask_sources;                 /* one of them asks for targets or tags */
};

bool exemptions_load(struct exemptions *exemptions, struct sql *sql, int64_t now, struct err *err);

/* Those that were in force then, whatever became of them since. */
bool exemptions_load_then(struct exemptions *exemptions, struct sql *sql, int64_t at, struct err *err);

/* Also those that ended: for saying what each was about. */
bool exemptions_load_all(struct exemptions *exemptions, struct sql *sql, struct err *err);
void exemptions_finish(struct exemptions *exemptions);

/* Its place in the list; the list's count where it is not there. */
size_t exemptions_place(const struct exemptions *exemptions, int64_t id);

/* The oldest that covers the protection of this asset that this judgement is said of; 0: none does. At once where there
 * are none. */
bool exemptions_cover(const struct exemptions *exemptions, struct sql *sql, int64_t asset, int64_t judgement,
                      int64_t *exemption, struct err *err);

/* Calls found for the place of each that covers it, the oldest first, until that returns false. found asks nothing of
 * the database. */
typedef bool exemptions_found(void *context, size_t place);
bool exemptions_each(const struct exemptions *exemptions, struct sql *sql, int64_t asset, int64_t judgement,
                     exemptions_found *found, void *context, struct err *err);

/* How many open findings each of them covers, whether an older one does too or not: counts has one number for each of
 * the list. */
bool exemptions_count(const struct exemptions *exemptions, struct sql *sql, int64_t *counts, struct err *err);

#endif
