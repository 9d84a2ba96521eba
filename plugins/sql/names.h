/* What the configured name of a host says: names of facts and keys come of it, never of what a server calls itself.
 * Pure. */
#ifndef NAMES_H
#define NAMES_H

#include "arena.h"

#include <stdbool.h>

/* In lower case, without a final dot: what keys begin with. */
const char *names_host(struct arena *arena, const char *host);

/* Whether such a name is a full one: neither an address nor a single label. */
bool names_is_full(const char *host);

/* The first label, at most NetBIOS's 15 characters of it; an address as a whole. In upper case. */
const char *names_short(struct arena *arena, const char *host);

/* Whether a computer can be called so: one label of letters, digits, - and _. */
bool names_is_label(const char *text);

/* Another computer in the domain of a full name, NULL where that one is none or the other is no single label. */
const char *names_beside(struct arena *arena, const char *host, const char *other);

/* Whether a computer that calls itself so, by NetBIOS, may be the one of that full name. */
bool names_agree(const char *host, const char *netbios);

/* Whether an instance can be called so: a key holds it apart from host and database. */
bool names_is_instance(const char *name);

/* As people write it: SQL1 for the default instance, else SQL1\ERP. */
const char *names_show(struct arena *arena, const char *host, const char *instance);

#endif
