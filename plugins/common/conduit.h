/* Replies on their way from the thread that receives them to the one that reads them: a ring of bytes, and where in it
 * a reply ends. One thread writes, another reads.
 *
 *     conduit_write(conduit, bytes, size) ...; conduit_end(conduit);                             the writer, each reply
 *     while ((size = conduit_read(conduit, &bytes)) > 0) ...; conduit_next(conduit);             the reader, each reply
 *
 * The writer is at most one whole reply ahead of the one that is read, and at most the ring's size: it waits. */
#ifndef CONDUIT_H
#define CONDUIT_H

#include <stdbool.h>
#include <stddef.h>

#define CONDUIT_BATCH                                                                                                  \
    65536 /* bytes that the reader waits for, where a reply has not ended and the ring holds as many */

struct conduit;

/* For so many bytes, more than none. */
struct conduit *conduit_create(size_t size);
void conduit_destroy(struct conduit *conduit); /* when only one thread is left */

/* False: the reader has closed it, and nothing more is wanted. */
bool conduit_write(struct conduit *conduit, const char *bytes, size_t size);

/* The reply is whole; returns when the one before it has been read. False: as above. */
bool conduit_end(struct conduit *conduit);

/* The next bytes of the reply, which live until the next call, and how many; 0: it has ended. */
size_t conduit_read(struct conduit *conduit, const char **bytes);

/* Goes on to the next reply: once conduit_read has returned 0. */
void conduit_next(struct conduit *conduit);

/* The reader wants nothing more, from any state; the writer may ask for that between its calls. */
void conduit_close(struct conduit *conduit);
bool conduit_is_closed(struct conduit *conduit);

#endif
