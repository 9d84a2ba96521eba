/* Exemptions: findings that the organisation accepts until a date. Which findings one covers is decided here. Pure. */
#ifndef EXEMPTION_H
#define EXEMPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXEMPTION_WARN_MS ((int64_t)14 * 24 * 3600 * 1000) /* before its end, that it ends is told */

/* What it covers. All that is given must hold; at least one must be. name, owner, site and target are patterns with *
 * and ?. Texts may be NULL: does not ask. */
struct exemption_selector {
    int64_t asset; /* 0: does not ask */
    const char *name, *kind, *method, *server, *workload, *version, *installation, *product, *verdict, *class, *owner,
        *site, *criticality, *target, *tag;
};

/* One protection, as a selector can ask for it. Texts may be NULL. */
struct exemption_subject {
    int64_t asset;
    const char *name, *kind, *method, *server, *workload, *version, *installation, *product, *verdict, *class, *owner,
        *site, *criticality;
    const char *const *targets, *const *tags;
    size_t target_count, tag_count;
};

bool exemption_covers(const struct exemption_selector *selector, const struct exemption_subject *subject);

/* Whether the selector asks for targets or tags, which take a look-up to know. */
bool exemption_asks_sources(const struct exemption_selector *selector);

#endif
