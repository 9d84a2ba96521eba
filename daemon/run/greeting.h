/* What a plugin host says of its plugin when it is ready: HELLO and as many OPTIONs as that announces.
 *
 * What does not fit is refused with a sentence (class bug), after which the greeting is of no more use. */
#ifndef GREETING_H
#define GREETING_H

#include "arena.h"
#include "err.h"
#include "message.h"
#include "option.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct greeting {
    struct arena arena; /* all texts and the table's arrays */
    bool came;          /* HELLO did */
    uint64_t modes;     /* as message_hello */
    size_t announced;   /* options */
    const char *name;   /* of the plugin, and its version: "vmware 1.2" */
    const char *confinement;
    vec(struct option_spec) options;
    struct option_table table; /* of options, once it is whole */
};

void greeting_init(struct greeting *greeting);
void greeting_finish(struct greeting *greeting);

/* Moves what one holds into another, which is finished first; from is as after greeting_init. */
void greeting_move(struct greeting *to, struct greeting *from);

/* Takes one of the two messages, copying what it holds. */
bool greeting_take(struct greeting *greeting, const struct message *message, struct err *err);

/* Whether all has come that was announced. */
bool greeting_is_whole(const struct greeting *greeting);

#endif
