/* What the database knows of a configuration's targets and credentials, for fleet_configure. */
#ifndef STARTUP_H
#define STARTUP_H

#include "config.h"
#include "err.h"
#include "fleet.h"
#include "last.h"
#include "state.h"

#include <stdbool.h>

struct identity_rules;
struct store;

struct startup {
    struct config *config;
    struct state_target *targets;    /* one for each of the configuration's */
    struct last *lasts;              /* the same */
    struct fleet_known *credentials; /* one for each of its credentials */
    struct arena arena;              /* texts of lasts */
};

/* The configuration must outlive it. */
void startup_init(struct startup *startup, struct config *config);
void startup_finish(struct startup *startup);

/* Tells the database of the configuration, identities included (rules), and fills in what it remembers. Safe to repeat.
 */
bool startup_load(struct startup *startup, struct store *store, const struct identity_rules *rules, struct err *err);

#endif
