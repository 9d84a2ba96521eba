/* Reads the lines of JSON that `muster-plugin-host --once` prints (lib/json.h says what they hold) and hands them to
 * the host. A bad line costs itself; whatever is missed makes the scan partial. Ends the scan as the file's end line
 * says; a file that has none, or does not hold what it says, ends it partial. */
#ifndef JSONL_READ_H
#define JSONL_READ_H

#include "relay.h"

#include <stdio.h>

/* How the scan is to end (enum muster_completeness), or -1 after muster_fail(). */
int jsonl_read(struct relay *relay, FILE *stream);

/* Whether the first line that is not blank is one of JSON as it should be; err says why not. */
bool jsonl_look(FILE *stream, struct err *err);

#endif
