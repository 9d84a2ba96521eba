/* The vocabulary of the control socket, between the command muster and musterd: one request, any number of records, one
 * end. Frames as in frame.h, over a stream socket.
 *
 *     muster -> musterd   REQUEST  verb and arguments
 *     musterd -> muster   RECORD   a name and its fields, any number
 *                         DONE     exit status (0, 1, 64, 78) and a sentence ("" for none); the connection is closed */
#ifndef CONTROL_H
#define CONTROL_H

#include "arena.h"
#include "err.h"
#include "frame.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTROL_MAX_NAME 128 /* bytes of a verb, a record's or a field's name: words as in item.h */
#define CONTROL_MAX_ARGUMENTS 1024
#define CONTROL_MAX_FIELDS 64
#define CONTROL_MAX_TEXT 65536      /* bytes of an argument or of a field's value */
#define CONTROL_MAX_REQUEST 1048576 /* bytes of a whole request */

enum control_type { CONTROL_REQUEST = 1, CONTROL_RECORD, CONTROL_DONE };

struct control_field {
    const char *name;
    const char *value; /* NULL: not known */
};

struct control_request {
    const char *verb;
    const char *const *arguments;
    size_t count;
};

struct control_record {
    const char *name;
    const struct control_field *fields;
    size_t count;
};

struct control_done {
    uint64_t status;
    const char *text;
};

struct control_message {
    enum control_type type;
    union {
        struct control_request request;
        struct control_record record;
        struct control_done done;
    };
};

/* Appends the message as one frame. Fails only where a limit above is exceeded, with a sentence (class protocol) that
 * says which; `out` is then as it was. */
bool control_write(struct str *out, const struct control_message *message, struct err *err);

/* Understands a frame; whatever is out of the limits is refused (class protocol). Texts are borrowed from the frame,
 * arrays lie in the arena. */
bool control_read(const struct frame *frame, struct arena *arena, struct control_message *message, struct err *err);

/* The value of a field, NULL where the record has none of that name. */
const char *control_field(const struct control_record *record, const char *name);

#endif
