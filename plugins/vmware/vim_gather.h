/* One object of a reply while its parts come in, in any order: what makes a struct vim_object of them. Pure. Every text
 * and value that is set must lie in the gather's arena. */
#ifndef VIM_GATHER_H
#define VIM_GATHER_H

#include "arena.h"
#include "err.h"
#include "vim_read.h"

#include <stdbool.h>

struct vim_gather {
    struct arena arena; /* of the object */
    struct vim_object object;
    struct vim_property properties[VIM_MAX_PROPERTIES];
    struct vim_missing missing[VIM_MAX_PROPERTIES];

    /* Of the property that is under way, given or missing. */
    const char *path;
    const char *fault;
    const struct vim_value *value;
    bool unset;
};

void vim_gather_init(struct vim_gather *gather);
void vim_gather_finish(struct vim_gather *gather);

/* Forgets the former object. kind 0: it is still to come. */
void vim_gather_begin(struct vim_gather *gather, enum vim_kind kind);

/* The word of an ObjectUpdateKind. */
bool vim_gather_kind(struct vim_gather *gather, const char *word, struct err *err);

/* A property begins, is complete, or is complete as one that was not given. */
void vim_gather_part(struct vim_gather *gather);
bool vim_gather_property(struct vim_gather *gather, struct err *err);
bool vim_gather_missing(struct vim_gather *gather, struct err *err);

/* The object is complete: false where it lacks what it must have. */
bool vim_gather_end(struct vim_gather *gather, struct err *err);

/* Puts in front of an error which object it is about, and which property, as far as that is known; false. */
bool vim_gather_blame(const struct vim_gather *gather, struct err *err);

#endif
