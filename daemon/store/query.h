/* The reading side of the database, for the command muster: opened read-only, also while no daemon runs.
 *
 *     struct query *query = query_open(path, &err);
 *     struct query_assets assets;
 *     if (query != NULL && query_list(query, &filter, &arena, &assets, &err)) ...
 *     query_close(query);
 *
 * Each function copies what it reads into the caller's arena within one short transaction, which is over when it
 * returns: nobody who prints slowly keeps the daemon's log from being taken over into the database. A reading that
 * takes longer than QUERY_MAX_MS is given up. Times are wall milliseconds; 0 stands for "not known" or "never". A
 * failure leaves a sentence of class system (the database) or config (what was asked for). Texts are as targets sent
 * them: hostile. */
#ifndef QUERY_H
#define QUERY_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUERY_MAX_MS 30000
#define QUERY_MAX_CANDIDATES 20 /* assets that an ambiguous or unknown name may have meant */

struct query;

/* Refused with a sentence: no such file, not a file of muster, one of a newer or an older muster, one that may not be
 * read. */
struct query *query_open(const char *path, struct err *err);

/* NULL is allowed. */
void query_close(struct query *query);

struct query_texts {
    const char *const *texts;
    size_t count;
};

struct query_asset {
    int64_t id;
    const char *kind, *name;
    const char *system;         /* operating system or product; NULL where nothing says */
    struct query_texts sources; /* the targets that see it, by name */
    int64_t seen_at;            /* when one of them saw it last */
    int64_t gone_at;
    bool stale; /* no source saw it within its `max_age` (three times `every` where it has none) */
};

struct query_assets {
    struct query_asset *list;
    size_t count;
    size_t more; /* how many further ones there are beyond the limit */
};

/* NULL members do not filter. */
struct query_filter {
    const char *kind, *target, *tag;
    const char *name; /* * stands for any text, ? for one character; letter case (of ASCII) is ignored */
    bool gone;        /* those that are gone instead of those that are there */
    size_t limit;     /* 0: none */
};

/* In the order of name, then id. now: wall time, for `stale`. An unknown target or kind gives none. */
bool query_list(struct query *query, const struct query_filter *filter, int64_t now, struct arena *arena,
                struct query_assets *assets, struct err *err);

/* What a person means by an id or a name. */
struct query_found {
    int64_t id;                     /* 0: none or several */
    int64_t merged_from;            /* the id that was asked for, where it has become part of another asset */
    struct query_asset *candidates; /* several: each of them; none: those that it may have meant */
    size_t count;
    bool ambiguous;
};
bool query_find(struct query *query, const char *item, struct arena *arena, struct query_found *found, struct err *err);

enum query_value_type { QUERY_NONE, QUERY_TEXT, QUERY_INT, QUERY_BOOL, QUERY_LIST };

struct query_fact {
    const char *attribute; /* or the prefix of a section of which nothing is known */
    enum query_value_type type;
    const char *text;
    int64_t number; /* of INT and BOOL */
    struct query_texts list;
    size_t item; /* which of the asset's items says so */
    int64_t read_at;
    const char *unread; /* why it was not read the last time; NULL where it was */
};

/* One record that a source keeps of the asset. */
struct query_item {
    int64_t id;
    const char *kind, *key, *scope, *name;
    const char *joined; /* which facts made it part of the asset, in words; "" for the first one */
    struct query_texts sources;
    int64_t appeared_at, changed_at, seen_at, gone_at;
    const char *gone_why; /* may be NULL */
};

struct query_relation {
    bool outward; /* the asset's own statement; else one that the other makes about it */
    const char *relation;
    int64_t asset; /* 0: the far end is not in the inventory */
    const char *kind, *name;
};

#define QUERY_MAX_RELATIONS 5000 /* of each direction; more_relations says that there are more */

struct query_detail {
    struct query_asset asset;
    struct query_item *items;
    size_t item_count;
    struct query_fact *facts; /* by attribute, then by item */
    size_t fact_count;
    struct query_relation *relations;
    size_t relation_count;
    bool more_relations;
};

/* Everything about one asset, whose id query_find gave. */
bool query_show(struct query *query, int64_t asset, int64_t now, struct arena *arena, struct query_detail *detail,
                struct err *err);

struct query_change {
    int64_t at;
    int64_t journal; /* 0: of a verdict */
    int64_t asset;
    const char *kind, *name; /* of the asset */
    const char *target;      /* whose scan brought it; NULL: none, or it is a verdict */
    const char *what;        /* appeared, changed, moved, gone, returned, joined, parted, retired, ..., verdict */
    const char *detail;      /* JSON, as stored; "{}" where it is none */
    const char *words;       /* the same, for people */
};

struct query_changes {
    struct query_change *list;
    size_t count;
    bool more; /* there are further ones beyond the limit */
};

/* The newest first. asset 0: all; since 0: from the beginning; limit 0: none. */
bool query_history(struct query *query, int64_t asset, int64_t since, size_t limit, struct arena *arena,
                   struct query_changes *changes, struct err *err);

/* A row of the action log. */
struct query_action {
    int64_t id, at;
    bool by_system;   /* a signal, and no user, asked for it */
    int64_t uid;      /* of a user */
    const char *name; /* that the user had then; "system" */
    const char *what, *subject;
    const char *before, *after; /* in words */
    const char *result;         /* done, refused */
    const char *message;
};

struct query_actions {
    struct query_action *list;
    size_t count;
    bool more; /* there are further ones beyond the limit */
};

/* The newest first. since 0: from the beginning; limit 0: none. */
bool query_actions(struct query *query, int64_t since, size_t limit, struct arena *arena, struct query_actions *actions,
                   struct err *err);

struct query_count {
    const char *name;
    int64_t assets;
};

struct query_target {
    const char *name, *plugin, *scope;
    struct query_texts tags;
    const char *state; /* waiting, held, quarantined, retired: as of the last commit */
    const char *result, *message;
    const char *warning;    /* the first of the last scan, where it was good and no message says more; else NULL */
    const char *credential; /* may be NULL */
    int64_t started_at, ended_at, succeeded_at, retry_at;
    int64_t attempts;
    int64_t items;         /* that it sees */
    int64_t held_removals; /* items whose removal waits for `muster accept` */
    const char *held_why;
    int64_t max_age_ms; /* `max_age`, or three times `every` where it has none; 0: not known */
    bool late;          /* not scanned with success within that */
};

struct query_credential {
    const char *name, *state, *target, *why; /* target may be NULL */
    int64_t held_at, retry_at;
};

struct query_summary {
    int64_t assets;
    struct query_count *kinds; /* the most first */
    size_t kind_count;
    struct query_target *targets; /* by name; retired ones only where they still have items */
    size_t target_count;
    struct query_credential *credentials;
    size_t credential_count;
};

bool query_summary(struct query *query, int64_t now, struct arena *arena, struct query_summary *summary,
                   struct err *err);

/* What scans show of backup servers against the configuration, in sentences. */
struct query_contradiction {
    const char *server, *text;
};

struct query_contradictions {
    struct query_contradiction *items;
    size_t count;
};

bool query_contradictions(struct query *query, struct arena *arena, struct query_contradictions *found,
                          struct err *err);

/* The words that a filter can take, for whoever mistypes one. */
bool query_words(struct query *query, struct arena *arena, struct query_texts *kinds, struct query_texts *targets,
                 struct query_texts *tags, struct err *err);

#endif
