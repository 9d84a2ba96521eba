/* What vim_read tells of a reply, as lines of JSON: one for each object, one for what stands around them. For comparing
 * ways of feeding, and readers, with each other.
 *
 *     {"kind":"enter","type":"VirtualMachine","moref":"vm-1","properties":[["name",TREE],["guest.net",null]],
 *      "missing":[["config.uuid","NoPermission"]]}
 *     {"method":"M","token":null,"version":null,"truncated":false,"absent":null,"objects":1,"fault":null,"result":[TREE]}
 *     {"error":"protocol"}                                       instead of the second, where the reply was refused
 *
 * TREE is [name, type, reference type, text, [TREE ...]]; fault is [type, text, [TREE ...]]. */
#ifndef DUMP_H
#define DUMP_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

/* How the bytes are fed: next gives the size of the next part, at least 1; NULL: all in one. */
struct dump_parts {
    size_t (*next)(void *context);
    void *context;
};

/* keep as vim_reader_create. False: refused, with err filled. */
bool dump_reply(struct str *out, const char *bytes, size_t size, const struct dump_parts *parts,
                bool (*keep)(const char *name, const char *type), struct err *err);

#endif
