/* A series of replies, each of which names what is asked for next: while one is read, a thread receives the next. It is
 * asked for by vim_scout's guess; what it guesses wrong is asked for when the reply has been read.
 *
 *     ahead = vim_ahead_create(vim, &series, &reading);
 *     while (good && reply->token != NULL) good = vim_ahead_exchange(ahead, reply->token, &reply, err);
 *     vim_ahead_destroy(ahead);
 *
 * From the first exchange to the end no other call may be made with the struct vim. The thread is there no longer than
 * the struct vim_ahead, and takes a second to end where a reply that is not wanted any more is waited for. */
#ifndef VIM_AHEAD_H
#define VIM_AHEAD_H

#include "err.h"
#include "str.h"
#include "vim.h"
#include "vim_read.h"

#include <stdbool.h>

#define VIM_AHEAD_BYTES (5U << 19) /* that wait to be read: 200 machines of 13 kB; beyond that the server waits */

/* Requests of one method of the property collector. */
struct vim_series {
    const char *method;
    void (*arguments)(struct str *out, const char *next, unsigned page);
};

struct vim_ahead;

/* series and reading must outlive it. */
struct vim_ahead *vim_ahead_create(struct vim *vim, const struct vim_series *series, const struct vim_reading *reading);
void vim_ahead_destroy(struct vim_ahead *ahead);

/* Reads the reply to the request that names next; as vim_exchange. */
bool vim_ahead_exchange(struct vim_ahead *ahead, const char *next, const struct vim_reply **reply, struct err *err);

/* Ends the thread. What its last reply named, which was not asked for; NULL where it named nothing, or there was no
 * thread. It lives as long as the struct vim_ahead. */
const char *vim_ahead_stop(struct vim_ahead *ahead);

#endif
