/* What became of a run: what its stream said and how its process ended, put together.
 *
 * A run is good only when its stream ended with the right counts and its process exited with status 0. Everything
 * else is a failure with one class and one sentence. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "err.h"
#include "message.h"
#include "stream.h"

#include <stdbool.h>

struct outcome {
    bool good;
    enum completeness completeness; /* of a good scan */
    struct err err;                 /* of any other; of a good one class denied where its credential was refused */
};

/* stream has been closed (stream_close); ended is the host's EXIT, NULL where the host died without sending one. */
struct outcome outcome_judge(const struct stream *stream, const struct message_exit *ended);

/* The last word: that the credential was refused makes a bad outcome one of class denied, and stands beside a good one.
 * It has cost an attempt, whatever came after. */
void outcome_add_refusal(struct outcome *outcome, const struct stream *stream);

/* Why a plugin host is gone: status is as waitpid(2) gives it; was_ready says that its HELLO had come. */
void outcome_host_death(int status, bool was_ready, struct err *err);

#endif
