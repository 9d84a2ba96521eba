/* A group of findings, of one cause or of one key, on its way into the page. */
#ifndef PAGE_GROUP_H
#define PAGE_GROUP_H

#include "page.h"

struct member {
    struct query_protection protection;
    const char *key; /* in words */
    const char *rows, *page, *date, *remedy;
    struct query_texts names; /* of other things that the sentences may name */
    bool configured;
    struct query_texts sources;
    int64_t seen_at, more_sources, exemption;
};

struct group {
    struct page *page;
    enum need need;
    struct arena members_arena, spare_arena; /* of those that are kept, and of the one that is only compared */
    struct arena *arena;                     /* which of them what comes now goes into */
    const char *name;                        /* NULL: none is open */
    const char *head;                        /* for people: the cause's name, or the key in words */
    bool of_cause;
    size_t number, protections, exempt;
    struct member members[PAGE_MAX_MEMBERS];
    /* As those of the first member; same_remedy: but for the asset's name in it. */
    bool same_reason, same_step, same_remedy, same_rows, same_verdict;
};

/* Counts one of its protections for where to begin (page_begin). */
void group_tally(const struct group *group, const struct query_report_protection *row);

/* Writes the whole of it. */
void group_put(const struct group *group);

#endif
