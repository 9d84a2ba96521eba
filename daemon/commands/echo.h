/* A command that hands on what the daemon answers: to people each record as it comes, to programs a document of them at
 * the end.
 *
 *     static const struct echo echo = {
 *         .verb = "doctor", .rows = "step", .table = "steps", .columns = columns, .show = print_step
 *     };
 *     return echo_run(&echo, call, NULL); */
#ifndef ECHO_H
#define ECHO_H

#include "commands.h"
#include "control.h"
#include "table.h"

#include <stdbool.h>

struct echo {
    const char *verb;             /* is asked with the call's operands */
    int silence_ms;               /* as ask.h has it */
    const char *rows;             /* the name of the records that are handed on; NULL: none is, nothing is printed */
    const char *table;            /* its name in JSON */
    const struct column *columns; /* of a row */
    void (*show)(const struct call *call, void *context, const struct control_record *row); /* to people */
    void (*other)(const struct call *call, void *context,
                  const struct control_record *any);  /* the rest; NULL: nothing */
    bool (*is_bad)(const struct control_record *row); /* NULL: none is */
};

/* The daemon's status; where that is STATUS_DONE, STATUS_COULD_NOT if a row was bad. Says what went wrong. */
enum status echo_run(const struct echo *echo, const struct call *call, void *context);

#endif
