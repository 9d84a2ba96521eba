/* What wsman_read tells of a reply, as lines of JSON: one for each instance, one for what stands around them. For
 * comparing ways of feeding, and readers, with each other.
 *
 *     {"class":"Win32_Service","properties":[["Name",["vmms"]],["PathName",[]]]}
 *     {"kind":"Pull","context":"uuid:1","ended":false,"instances":1,"vendor":null,"version":null,"protocol":null,
 *      "fault":null}                                               in one line
 *     {"error":"protocol"}                                         instead of the second, where the reply was refused
 *
 * fault is [code, subcode, detail, number, text]. */
#ifndef REPLY_DUMP_H
#define REPLY_DUMP_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

/* How the bytes are fed: next gives the size of the next part, at least 1; NULL: all in one. */
struct reply_parts {
    size_t (*next)(void *context);
    void *context;
};

/* False: refused, with err filled. */
bool reply_dump(struct str *out, const char *bytes, size_t size, const struct reply_parts *parts, struct err *err);

#endif
