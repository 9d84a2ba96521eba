/* Making exemptions, and ending them before their time, because somebody asked for it. */
#ifndef EXEMPTION_ACT_H
#define EXEMPTION_ACT_H

#include "action.h"
#include "err.h"
#include "exemption.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

#define EXEMPTION_MAX 10000 /* in force at a time */

struct exemption_result {
    int64_t id;
    int64_t covered; /* open findings that it covers now */
    bool known;      /* it is in force already, to the letter: none was made */
};

/* Makes them, all or none, in one transaction, each with its row in the action log; refused (class config) with a
 * sentence. Findings that become exempt, or are not any more, follow at once, with their events. asset_names: how the
 * asset of each is called according to whoever wishes it; it is refused where it is called otherwise. The array and
 * each of them may be NULL. results: one for each. */
struct exemption_wishes {
    const struct exemption_wish *list;
    const char *const *asset_names;
    size_t count;
};
bool exemption_make(struct store *store, const struct exemption_wishes *wishes, const struct actor *by, int64_t now,
                    struct exemption_result *results, struct err *err);

/* Ends one that is in force, with its row in the action log; what it covered is told again. Refused (class config) with
 * a sentence where there is none of that number, it has ended, or the reason will not do. */
bool exemption_end(struct store *store, int64_t id, const char *reason, const struct actor *by, int64_t now,
                   struct err *err);

#endif
