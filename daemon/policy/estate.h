/* What the configuration says about the estate: the backup servers, and the rules that assign servers, methods, owners
 * and the like to assets. Constant; its memory is its owner's. */
#ifndef ESTATE_H
#define ESTATE_H

#include "hash.h"
#include "thing.h"

#include <stdbool.h>
#include <stddef.h>

/* But for name and product, each may be NULL. */
struct estate_server {
    const char *name, *product, *update, *installation, *os, *domain, *site;
    const char *const *trusts;
    size_t trust_count;
};

/* Conditions of where must all hold (NULL: does not ask); then it sets what is not NULL. name, target, folder
 * and ou are patterns with * and ?; folder and ou also hold for what lies beneath, a target NAME for NAME/HOST. A value
 * of "*" is any. */
struct estate_rule {
    struct {
        const char *workload, *kind, *name, *folder, *ou, *attribute, *value, *tag, *target;
    } where;
    const char *server, *by, *owner, *site, *installation, *criticality, *reason;
};

struct estate {
    const struct estate_server *servers; /* the first is the default */
    size_t server_count;
    const struct estate_rule *rules; /* for each thing that rules set, the first that matches decides */
    size_t rule_count;
    struct hash128 hash; /* of all of it: estate_hash */
};

/* What the rules say of one thing. Each may be NULL. reason belongs to by. */
struct estate_assigned {
    const char *server, *by, *owner, *site, *installation, *criticality, *reason;
};

/* workloads: those that the thing may be of, for where.workload; a set of several matches when one does. */
struct estate_assigned estate_assign(const struct estate *estate, const struct thing *thing,
                                     const char *const *workloads, size_t workload_count);

/* By its name, or by the first label of it; without regard to case. NULL: none. */
const struct estate_server *estate_server(const struct estate *estate, const char *name);

/* A hash over everything but itself. */
struct hash128 estate_hash(const struct estate *estate);

#endif
