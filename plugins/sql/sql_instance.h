/* One instance of SQL Server while it is looked at, section by section (sql_section.h): what is known of it so far.
 *
 *     struct instance instance;
 *     instance_init(&instance, m, "sql1.corp.example", "ERP");
 *     instance.mssql = ...
 *     section_look(&instance, &product_section);
 *     interior_emit(&instance);
 *     instance_finish(&instance); */
#ifndef SQL_INSTANCE_H
#define SQL_INSTANCE_H

#include "arena.h"
#include "err.h"
#include "facts.h"
#include "map.h"
#include "mssql.h"
#include "muster_plugin.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INSTANCE_FOREIGN "it is a service of Azure, or Azure SQL Edge, whose inside is not read"

#define INSTANCE_MAX_DATABASES 32767 /* that an instance can have; more of any of these is warned of, and left out */
#define INSTANCE_MAX_GROUPS 1000
#define INSTANCE_MAX_OFFERS 100  /* of other computers; further ones are not worth a word */
#define INSTANCE_MAX_REPLICAS 64 /* of one group */
#define INSTANCE_MAX_NODES 64
#define INSTANCE_MAX_VOLUMES 4096

enum { BACKUP_FULL, BACKUP_DIFF, BACKUP_LOG, BACKUP_COUNT };

struct group {
    const char *id; /* GUID in lower case */
    const char *name;
    bool distributed;
    vec(const char *) replicas;
};

struct database_file {
    struct database_file *next;
    const char *path;
};

/* Kept small: there may be thirty thousand. NULL texts are not told. */
struct database {
    const char *name, *state, *recovery_model;
    const char *created; /* local time of the server, as it tells it */
    struct database_file *files;
    size_t file_count;
    int64_t id, size;
    const char *backups[BACKUP_COUNT]; /* in UTC */
    const struct group *group;
    bool grouped; /* in a group, though it may be one that is not shown */
    bool snapshot, read_only, read_only_known;
    bool size_wrong; /* a size that can not be */
    bool path_wrong; /* a file without a path */
    bool on_csv, on_share;
};

struct instance {
    struct muster *m;    /* NULL where only the mapping is tested */
    struct mssql *mssql; /* likewise; NULL too without a login */
    struct arena arena, scratch;
    const char *host;     /* names_host */
    const char *fqdn;     /* the host, where that is the full name of the instance's own computer; else NULL */
    const char *no_fqdn;  /* why it is not */
    const char *name;     /* "": not known before the login */
    const char *stranger; /* what it calls itself, where that is another name; NULL: it is none */
    struct item item;     /* the instance's record */

    int major;         /* of its version; 0: not known */
    bool clustered;    /* a failover cluster instance */
    bool hadr;         /* its availability groups are enabled */
    bool foreign;      /* a service of Azure, or Edge: nothing further is asked */
    const char *login; /* as the server calls it; NULL: it did not tell */
    unsigned rights;   /* bits of enum right */
    const char *blind; /* why rights are not known; NULL: they are */

    vec(struct database *) databases;
    struct map by_id, by_name; /* of databases; keys are their bytes */
    vec(struct group *) groups;
    vec(const char *) volumes; /* paths of cluster shared volumes */
    vec(const char *) nodes;
    vec(const char *) offered; /* other computers with a replica, each once */
    int64_t offset;            /* minutes that its clock is ahead of UTC */
    size_t unknown_files;      /* of databases that were not shown */

    /* Why facts of databases are unread; NULL: they are not. */
    const char *no_databases, *no_volumes, *no_files, *no_backups, *no_membership;
    const char *no_replicas; /* likewise of availability groups */
    const char *no_group;    /* of those in a group that was not shown */

    size_t left_out; /* rows of the section at hand that could not be taken */
    bool partial;    /* records may be missing */
    struct err over; /* why the session is over; class none: it is not */
};

/* host and name as names.h has them; name "" where only a login will tell it. */
void instance_init(struct instance *instance, struct muster *m, const char *host, const char *name);
void instance_finish(struct instance *instance);

/* Gives it its name, and its record the key. */
void instance_call(struct instance *instance, const char *name);

/* Whether it is what was to be looked at: no service of Azure, and nothing that calls itself by another name. What
 * sections ask for beyond its name is asked of no other. */
bool instance_is_ours(const struct instance *instance);

/* Marks an attribute of it, unless something has told it. */
void instance_unread(struct instance *instance, const char *attribute, const char *why);

/* A copy that lives as long as the instance; NULL of NULL. */
const char *instance_keep(struct instance *instance, const char *text);

/* A warning about it; nothing where there is no host. */
void instance_warn(struct instance *instance, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One database; NULL: none such was shown. */
struct database *instance_database(const struct instance *instance, int64_t id);
struct database *instance_database_named(const struct instance *instance, const char *name);

#endif
