/* Looks into a reply as it comes in for what the next request will have to name, before anybody has read it: the token
 * of a RetrieveResult, which stands before its objects, or the version of an UpdateSet that is truncated, which its end
 * says. Pure, and a guess: who reads the reply decides. */
#ifndef VIM_SCOUT_H
#define VIM_SCOUT_H

#include "vim_read.h"

#include <stdbool.h>
#include <stddef.h>

#define VIM_SCOUT_TAIL 512 /* bytes of the end that are looked at */

struct vim_scout {
    struct vim_reader *reader; /* NULL: the beginning has been looked at */
    char next[VIM_MAX_REFERENCE + 1];
    bool updates; /* next is a version */
    char tail[VIM_SCOUT_TAIL];
    size_t tail_size;
};

void vim_scout_begin(struct vim_scout *scout);
void vim_scout_finish(struct vim_scout *scout);

void vim_scout_feed(struct vim_scout *scout, const char *bytes, size_t size);

/* Of a RetrieveResult: once its beginning is there; of an UpdateSet: when all of it is. NULL: there is nothing more. */
const char *vim_scout_next(const struct vim_scout *scout);

#endif
