/* A database in memory with items that tests write as a commit would, and what became of them. */
#ifndef CENSUS_H
#define CENSUS_H

#include "assets.h"
#include "sql.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fleet {
    struct sql sql;
    vec(struct assets_item) touched; /* since the last fleet_update */
    const struct identity_rules *rules;
    int64_t now;
};

void fleet_open(struct fleet *fleet);
void fleet_close(struct fleet *fleet);

/* A new item, touched. facts: an object in JSON. Returns its number. */
int64_t fleet_add(struct fleet *fleet, const char *scope, const char *kind, const char *key, const char *facts);

/* As fleet_add, with the facts that most have; NULL: it has none. fqdn is guest.fqdn for a vm. id.name is name. */
int64_t fleet_computer(struct fleet *fleet, const char *scope, const char *kind, const char *key, const char *uuid,
                       const char *fqdn, const char *name);

/* Other facts for an item, which is touched. */
void fleet_change(struct fleet *fleet, int64_t item, const char *facts);
void fleet_lose(struct fleet *fleet, int64_t item);
void fleet_return(struct fleet *fleet, int64_t item);

/* A link by key (attribute NULL), or by a fact. */
void fleet_link(struct fleet *fleet, int64_t item, const char *relation, const char *kind, const char *attribute,
                const char *value);

/* One transaction for all that was touched since the last. */
void fleet_update(struct fleet *fleet);

int64_t fleet_asset(struct fleet *fleet, int64_t item);
int64_t fleet_number(struct fleet *fleet, const char *query, int64_t one, int64_t other);

/* The first column of the first row, "" where there is none; good until the next call. */
const char *fleet_text(struct fleet *fleet, const char *query, int64_t number);

/* Whether a query with at most the value ?1 gives a text that holds these words. */
bool fleet_says(struct fleet *fleet, const char *query, int64_t number, const char *words);

#endif
