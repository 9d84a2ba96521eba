/* The configuration, read whole and checked whole: conf/musterd.conf is the commented sample, docs/configuration.md the
 * reference. Everything lies in one arena and does not change. */
#ifndef CONFIG_H
#define CONFIG_H

#include "arena.h"
#include "err.h"
#include "log.h"
#include "option.h"
#include "report_plan.h"
#include "vec.h"
#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where something stands in the configuration. */
struct config_place {
    const char *file;
    int line;
};

/* One thing that is wrong: "FILE:LINE: sentence". line is 0 where it is about the file itself. */
struct config_problem {
    struct config_place place;
    const char *text;
};

#define CONFIG_MAX_PROBLEMS 1000

/* All that is wrong with one configuration; its texts lie in its own arena, and outlive a configuration. */
struct config_problems {
    struct arena arena;
    vec(struct config_problem) list;
    vec(struct config_problem) warnings; /* such as a secret that stands in the file */
    size_t left_out, warnings_left_out;  /* beyond CONFIG_MAX_PROBLEMS; only counted */
};

void config_problems_init(struct config_problems *problems);
void config_problems_finish(struct config_problems *problems);

/* Each as one line with its newline on standard error, in the order of file and line: "FILE:LINE: sentence", and
 * "FILE:LINE: warning: sentence". Fit for a terminal, whatever is in them. */
void config_problems_print(const struct config_problems *problems);

/* Exactly one of the three is set. */
struct config_credential {
    const char *name;
    const char *username;           /* may be NULL */
    const char *password_file;      /* absolute */
    const char *systemd_credential; /* a file of that name beneath $CREDENTIALS_DIRECTORY */
    const char *password;           /* a literal */
    struct config_place place;
};

struct config_target {
    const char *name; /* unique; of an entry with hosts: NAME/HOST */
    const char *was;  /* its former name, or NULL */
    const char *plugin;
    size_t plugin_number;                       /* in config.plugins */
    const struct config_credential *credential; /* may be NULL */
    int64_t every_ms, deadline_ms;
    int64_t max_age_ms;       /* without a good scan for longer it is stale; 0: three times every_ms */
    int64_t memory_mb, cpu_s; /* limits of one scan */
    const char *scope;        /* the target's own name where none is given */
    const char *const *tags;
    size_t tag_count;
    struct option_list options; /* without those that the credential gives */
    const struct config_place *option_places;
    const char *const *option_folders; /* as options: what a relative path in each is relative to; may be NULL */
    struct config_place place;
};

/* A plugin that at least one target uses. */
struct config_plugin {
    const char *name;
    const char *path; /* of its .so */
    size_t slots;
    struct config_place place; /* of the first target that uses it */
};

/* Its product and os are names of products.conf, which knowledge_check_config compares. */
struct config_backup_server {
    const char *name, *product, *update, *installation, *os, *domain,
        *site; /* but for the first two, each may be NULL */
    const char *const *trusts;
    size_t trust_count;
    struct config_place place, product_place, os_place;
};

/* One assign rule: conditions, all of which must hold, and what it sets where they do (NULL: nothing). */
struct config_assign {
    struct {
        const char *workload, *kind, *name, *folder, *ou, *attribute, *value, *tag, *target;
    } where;
    const char *server, *by, *owner, *site, *installation, *criticality, *reason;
    struct config_place place, workload_place;
};

/* Items that are one asset whatever their facts say (join), or are not (apart). scope may be NULL: any. */
struct config_identity {
    bool join;
    const struct config_item {
        const char *scope, *kind, *key;
    } * items;
    size_t count;
    const char *reason; /* may be NULL */
    struct config_place place;
};

/* A list of words of the configuration; count 0: not given. */
struct config_words {
    const char *const *words;
    size_t count;
};

/* A hook script: policy/hook.h says what the members mean. */
struct config_hook {
    const char *name, *run, *settings; /* settings may be NULL */
    struct config_words events, classes, verdicts, workloads, owners, sites, criticalities, targets, tags;
    int64_t grace_ms, window_ms, timeout_ms, give_up_ms;
    size_t rate, storm;
    struct config_place place, run_place;
};

/* A time zone as a section names it. */
struct config_zone {
    const char *name;  /* "Europe/Amsterdam"; NULL: UTC */
    const void *bytes; /* of its file, which zone_read takes; NULL: UTC */
    size_t size;
    const struct zone *clocks; /* what they say; NULL: the file cannot be read, which is a problem */
};

/* A maintenance window: policy/maintenance.h says what the members mean. */
struct config_maintenance {
    const char *name;
    struct config_words targets, tags;
    bool weekly;
    unsigned days;
    int begin_minute, minutes;
    struct zone_time from, until;
    struct config_zone zone;
    struct config_place place;
};

/* A report that is written by itself: policy/report_plan.h says what the members mean. */
struct config_report {
    const char *name;
    enum report_every every;
    int day, minute;
    struct config_zone zone;
    struct config_words formats;
    const char *folder; /* absolute */
    size_t keep;
    const char *title, *owner, *site, *server, *workload; /* each may be NULL */
    struct config_place place;
};

struct config {
    size_t references;
    struct arena arena;
    const char *file;
    const char *database;
    const char *control;             /* path of the control socket */
    const char *plugin_dir;          /* folder of the plugins' .so files */
    const char *plugin_host;         /* the program muster-plugin-host */
    const char *matrix;              /* folder of the editions (knowledge.h) */
    const char *products;            /* the file products.conf */
    const char *readers, *operators; /* groups; may be NULL */
    const char *landlock, *seccomp;  /* wanted, required or off */
    size_t slots;
    int64_t scan_memory; /* bytes that all scans in flight may hold */
    int64_t retention_ms;
    enum log_level log_level;
    bool log_json;
    vec(struct config_plugin) plugins;
    vec(struct config_credential) credentials;
    vec(struct config_target) targets; /* in the order of the file; hosts expanded */
    vec(struct config_backup_server) backup_servers;
    vec(struct config_assign) assigns;
    vec(struct config_identity) identities;
    vec(struct config_hook) hooks;
    vec(struct config_maintenance) maintenances;
    vec(struct config_report) reports;
};

#define CONFIG_MAX_TARGETS 100000 /* hosts expanded */
#define CONFIG_MAX_PLUGINS 256
#define CONFIG_MAX_WINDOWS 100
#define CONFIG_MAX_HOOKS 100
#define CONFIG_MAX_REPORTS 100

/* Reads the file and what it includes. Collects every problem it finds; NULL where there is one that is no warning.
 * Nothing that the files hold can end or hang the process: source.h and vet.h have the limits. Where a plugin's .so,
 * the host program, a password file or a hook's script is missing or not trusted, that is among the problems (of the
 * latter two: a warning). */
struct config *config_load(const char *path, struct config_problems *problems);

/* For one more user, who unloads it too: it is gone with the last one. */
struct config *config_keep(struct config *config);

/* NULL is allowed. (libconfig has a config_destroy of its own.) */
void config_unload(struct config *config);

/* Checks the options of all targets of one plugin against the plugin's table, each problem at the line of its option.
 * Returns whether all were right. Username and password of a credential count as given; it is a problem where the
 * target gives them too, and a warning where a secret stands in the options. */
bool config_check_options(const struct config *config, size_t plugin, const struct option_table *table,
                          struct config_problems *problems);

/* What a run is to be given: the target's options, and username and password of its credential where the plugin has
 * such options. secret may be NULL. A relative path becomes absolute: it starts at the folder of the file it
 * stands in. Texts are borrowed from the configuration and from secret; the rest lies in arena. */
struct option_list config_request(const struct config_target *target, const struct option_table *table,
                                  const char *secret, struct arena *arena);

/* Only where the database, the control socket and the published knowledge are: for the command, which may not be
 * allowed to read the rest. An included file that must not be read is left out, and whose the files are does not
 * matter. On failure the paths are the usual ones. */
struct config_paths {
    const char *database, *control, *matrix, *products; /* in the arena, or constants */
};
bool config_paths_load(const char *path, struct arena *arena, struct config_paths *paths, struct err *err);

#endif
