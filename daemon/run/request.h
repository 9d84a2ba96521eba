/* The request of a run as the bytes that its stream takes: options and a token, secrets among them. */
#ifndef REQUEST_H
#define REQUEST_H

#include "err.h"
#include "scan.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes that its frame takes at the most; more than FRAME_MAX where it is too large. */
size_t request_room(const struct scan_request *request);

/* Writes the frame into out, which is empty: its memory is taken once, so that no copy of a secret is left behind by
 * growing. False, with a sentence, where the request or its limits are out of what an order can hold. */
bool request_write(struct str *out, const struct scan_request *request, struct err *err);

/* Wipes the bytes and gives the memory back. */
void request_wipe(struct str *bytes);

#endif
