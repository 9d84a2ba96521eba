/* Which objects changed since a version, from the updates that tell of it: names only, for what an update holds is not
 * all of an object. Pure.
 *
 * A change that may concern many virtual machines (a folder, a host, a datastore ... that left, or has another name or
 * parent), or more changes than the limit, is one of everything. */
#ifndef CHANGES_H
#define CHANGES_H

#include "err.h"
#include "vim_read.h"

#include <stdbool.h>
#include <stddef.h>

#define CHANGES_MAX 20000 /* virtual machines; more of them are everything */

struct changes;

struct changes *changes_create(void);
void changes_destroy(struct changes *changes);

/* Notes an update (struct vim_taker's take, with the changes as its context). */
bool changes_take(void *changes, const struct vim_object *object, struct err *err);

/* Whether a virtual machine is among them. */
bool changes_has(const struct changes *changes, const char *moref);

bool changes_none(const struct changes *changes);
bool changes_everything(const struct changes *changes);

/* Morefs of the virtual machines that are new or changed, and of those that are not there any more. The arrays live
 * until the next call. */
const char *const *changes_altered(struct changes *changes, size_t *count);
const char *const *changes_left(struct changes *changes, size_t *count);

/* As a text for changes_read, for the next scan. False: it is longer, or they are everything. */
bool changes_write(const struct changes *changes, char *buffer, size_t size);
bool changes_read(struct changes *changes, const char *text);

#endif
