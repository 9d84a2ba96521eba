/* What the verbs of the control socket share: texts for fields, and sending a record from an array of fields.
 *
 *     char number[ANSWER_NUMBER_SIZE];
 *     const struct control_field fields[] = { { "items", answer_number(number, items) } };
 *     ANSWER_SEND(peer, "progress", fields); */
#ifndef ANSWER_H
#define ANSWER_H

#include "clock.h"
#include "control_server.h"

#include <stdint.h>

#define ANSWER_NUMBER_SIZE 24

/* Both return buffer. */
const char *answer_number(char buffer[ANSWER_NUMBER_SIZE], int64_t value);

/* NULL, which the peer shows as not known, for a time that never was (0). */
const char *answer_time(char buffer[CLOCK_TEXT_SIZE], int64_t wall);

/* fields: an array, not a pointer. */
#define ANSWER_SEND(peer, name, fields) peer_send(peer, name, fields, sizeof(fields) / sizeof *(fields))

#endif
