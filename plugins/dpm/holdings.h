/* What DPMDB holds: rows of its sections (section.h) in, data sources out, joined by their GUIDs. Pure.
 *
 *     struct holdings holdings;
 *     holdings_init(&holdings);
 *     holdings_take(&holdings, SECTION_SERVERS, values, count);    each row of each section, section by section
 *     holdings_failed(&holdings, SECTION_AGENTS, "why");           or why there are none
 *     holdings_join(&holdings);
 *     vec_each (source, &holdings.sources) ...
 *     holdings_finish(&holdings);
 *
 * Rows are hostile: one without the GUIDs and names that it must have is passed over and counted. */
#ifndef HOLDINGS_H
#define HOLDINGS_H

#include "arena.h"
#include "map.h"
#include "section.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HOLDINGS_MAX_SOURCES = 50000, /* a full server has a few thousand */
    HOLDINGS_MAX_PATHS = 256,     /* of one data source */
    HOLDINGS_MAX_PARTS = 16,      /* components of one data source */
    HOLDINGS_MAX_NAME = 1024,     /* bytes of a name; a row with a longer one is passed over */
    HOLDINGS_MAX_PATCHES = 256,
};

struct holdings_computer {
    const char *name;  /* in lower case, without a final dot; with its domain where the row has it */
    const char *given; /* as the row has it */
    enum { GROUP_UNTOLD, GROUP_NO, GROUP_YES } group; /* a resource group of a cluster, not a host */
};

struct holdings_group {
    const char *name;
    enum { DISK_UNTOLD, DISK_NO, DISK_YES } disk;
};

/* Jobs that made recovery points, the last of each state. */
struct holdings_jobs {
    const char *good, *bad; /* UTC as the inventory writes it; NULL: none */
    bool twice;             /* several data sources may be meant */
};

struct holdings_points {
    int64_t count;
    bool twice;
};

typedef vec(const char *) holdings_texts;

struct holdings_source {
    const char *key;  /* DataSourceId; ReplicaId where only replicas could be read; a GUID in lower case */
    const char *name; /* DataSourceName */
    const struct holdings_computer *computer; /* NULL: it is not known */
    const char *group_id;                     /* NULL: it is in no protection group */
    const struct holdings_group *group;       /* NULL: there is none, or its name was not read */
    const char *app_id;                       /* NULL: it was not told */
    int64_t cloud;                            /* CloudProtectionStatus; -1: it was not told */
    bool replica;                             /* it has one */
    int64_t validity;                         /* of that; -1: it was not told */
    const char *guid;                         /* VMMIdentifier; NULL: none */
    bool replica_only;                        /* nothing but its replica was read */
    bool ended;                               /* then: the replica has a date at which it became inactive */
    holdings_texts paths, parts;              /* protected paths and components */
    const char *trouble;                      /* why its paths are not known, or not all */
    const struct holdings_jobs *jobs;         /* NULL: there are none */
    const struct holdings_points *points;
    const char *agent; /* version of the agent on its computer; NULL: there is none */
};

struct holdings {
    struct arena arena;
    bool read[SECTION_COUNT];
    const char *why[SECTION_COUNT]; /* where it was not read */
    const char *version;            /* DatabaseVersion; NULL: it was not told */
    vec(const char *) patches;      /* major.minor.build */
    vec(const char *) nodes;        /* names that replicas say the backup server has, in lower case, each once */
    vec(struct holdings_source *) sources;
    size_t passed_over[SECTION_COUNT]; /* rows that made no sense */
    bool too_many;                     /* data sources: what is beyond is left out */
    struct map computers, names, agents, groups, volumes, jobs, points, by_key; /* names: of computers -> computer */
};

void holdings_init(struct holdings *holdings);
void holdings_finish(struct holdings *holdings);

/* values: of the section's columns in their order; NULL for NULL. */
void holdings_take(struct holdings *holdings, enum section_id id, const char *const *values, size_t count);

/* A section that was read to its end; and one that was not. */
void holdings_done(struct holdings *holdings, enum section_id id);
void holdings_failed(struct holdings *holdings, enum section_id id, const char *why);

/* Once all rows are there. */
void holdings_join(struct holdings *holdings);

#endif
