/* One CIM instance while its properties come in: what makes a struct cim_instance of them. Pure. */
#ifndef CIM_GATHER_H
#define CIM_GATHER_H

#include "arena.h"
#include "cim.h"
#include "err.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>

struct cim_gathered_text {
    const char *text;
    struct cim_gathered_text *next;
};

struct cim_gathered {
    const char *name;
    struct cim_gathered_text *first, *last;
    size_t count;
};

struct cim_gather {
    struct arena arena; /* of the instance */
    vec(struct cim_gathered) properties;
    struct cim_instance instance;
    size_t open; /* the property that came last, where there is one */
    bool under_way;
    bool nil, compound; /* it is nil; elements stood beneath it */
};

void cim_gather_init(struct cim_gather *gather);
void cim_gather_finish(struct cim_gather *gather);

/* Forgets the former instance. */
void cim_gather_begin(struct cim_gather *gather, const char *class);

/* A property begins, or an array's goes on: the same name once more. False: more than max of them. */
bool cim_gather_open(struct cim_gather *gather, const char *name, bool nil, size_t max, struct err *err);

/* An element stood beneath it, so that its own text is no value. */
void cim_gather_compound(struct cim_gather *gather);

/* A value of it. */
void cim_gather_text(struct cim_gather *gather, const char *text, size_t size);

/* It is complete; text is its own. */
void cim_gather_close(struct cim_gather *gather, const char *text, size_t size);

/* The instance is complete. It lives until the next begins. */
const struct cim_instance *cim_gather_end(struct cim_gather *gather);

/* Puts in front of an error which instance it is about, and which property; false. */
bool cim_gather_blame(const struct cim_gather *gather, struct err *err);

#endif
