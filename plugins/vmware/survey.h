/* What both ways to scan have in common: what stands around the virtual machines is read first, then machines become
 * items as they come, then the surroundings do. A machine that cannot be recorded wholly is warned of, and noted for
 * the next scan. */
#ifndef SURVEY_H
#define SURVEY_H

#include "changes.h"
#include "err.h"
#include "inventory.h"
#include "licence.h"
#include "probe.h"
#include "vcenter.h"
#include "vm_item.h"

#include <stdbool.h>

struct survey {
    struct vcenter *vcenter;
    struct probe self; /* the name that the server is reached under, in lower case; "" where it has none */
    struct inventory *inventory;
    struct custom_fields *fields;
    struct licences *licences;
    struct changes *later; /* what the next scan has to look at again */
    bool by_changes;       /* a machine that is left out is told to be gone */
    bool partial;          /* something was not recorded */
    bool sent;             /* something was: an item, or that one is gone */
    bool outdated;         /* what stands around the machines has changed since it was read */
};

void survey_begin(struct survey *survey, struct vcenter *vcenter);
void survey_finish(struct survey *survey);

/* The types of the view, and the properties of all of them for vim_create_filter. */
#define SURVEY_MAX_WANTED 16
const char *const *survey_types(size_t *count);
size_t survey_wanted(struct vim_wanted wanted[SURVEY_MAX_WANTED]);

/* Reads what stands around the machines, and the licences. The session has its view. */
bool survey_read(struct survey *survey, struct err *err);

/* Takes an object: a machine becomes an item, what stands around is read over (struct vim_taker's take). */
bool survey_take(void *survey, const struct vim_object *object, struct err *err);

/* Sends the items of what was read by survey_read. */
void survey_emit(struct survey *survey);

#endif
