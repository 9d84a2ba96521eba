/* Records in the making: what sources say of one thing, in any order, until it is sent. Over lib/item.h, whose limits
 * hold: what cannot be recorded is marked as unread, with the reason. */
#ifndef FACTS_H
#define FACTS_H

#include "item.h"
#include "muster_plugin.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A NULL text sets nothing. */
void facts_text(struct item *item, const char *name, const char *text);
void facts_int(struct item *item, const char *name, int64_t number);
void facts_bool(struct item *item, const char *name, bool truth);

/* Orders the texts, which are the caller's, and says each once: what has no order would change with every scan. */
void facts_set(struct item *item, const char *name, const char **texts, size_t count);

/* A far end without a key is none. */
void facts_link(struct item *item, const char *relation, const char *kind, const char *key);

/* The same where the far end belongs to another source: named by an identity fact. Without a value it is none. */
void facts_link_by(struct item *item, const char *relation, const char *kind, const char *attribute, const char *value);

/* An attribute, or with '.' at its end all that begin so. Text too long for a reason is cut. */
void facts_unread(struct item *item, const char *prefix, const char *why);

/* What is known so far; NULL, or false, where nothing is. */
const char *facts_get(const struct item *item, const char *name);
bool facts_number(const struct item *item, const char *name, int64_t *number);

/* Sends it as a record of the scan. */
void facts_emit(struct muster *m, const struct item *item);

#endif
