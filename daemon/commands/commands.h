/* The subcommands of muster: a file each (command_NAME.c), one table of them here. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "flags.h"
#include "str.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses, as sysexits(3) has them. */
enum status { STATUS_DONE = 0, STATUS_COULD_NOT = 1, STATUS_USAGE = 64, STATUS_CONFIG = 78 };

struct view;
struct matrix;
struct shelf; /* of whoever calls */

/* What a subcommand is called with. */
struct call {
    const struct command *command;
    const char *database, *control; /* paths */
    /* Reads the published matrix; NULL, having said why not, each problem at its line. It lives as long as the call.
     * Only daemon/config knows how to read it, which commands do not see. */
    const struct matrix *(*matrix)(struct shelf *shelf);
    struct shelf *shelf; /* where matrix finds it, and keeps it */
    const char *version; /* of muster */
    const char *note;    /* why these paths are only guessed; NULL: they are not */
    struct style style;
    bool terminal; /* the output is one: it can show what goes on */
    const struct flags *flags;
};

struct command {
    const char *name;     /* of one in a group with that of the group: "matrix lint" */
    const char *synopsis; /* operands and options: "[ITEM] [--since D]" */
    const char *summary;  /* one line */
    const char *help;     /* further lines, each with its newline */
    const struct flag *flags;
    size_t least, most;                          /* operands */
    enum status (*view)(struct view *view);      /* of one that shows the database: fills what is shown (view.h) */
    bool judges;                                 /* of such a one: it needs the published matrix, too */
    enum status (*matrix)(struct view *view);    /* of one that shows the published matrix alone: the same */
    enum status (*run)(const struct call *call); /* of any other: all that it does */
    bool reads; /* of one with run: without operands it reads the database, and asks no daemon */
    const struct command *const *group; /* of one whose first operand names another: these. NULL is behind the last */
};

extern const struct command command_accept, command_alerts, command_doctor, command_exempt, command_exemptions,
    command_explain, command_history, command_hook, command_list, command_log, command_matrix, command_reload,
    command_report, command_retire, command_scan, command_show, command_status, command_summary, command_what_if;

/* Of the group hook. */
extern const struct command command_hook_test;

/* Of the group matrix. */
extern const struct command command_matrix_diff, command_matrix_lint, command_matrix_list, command_matrix_lookup;

/* The options that every command has, and that may also stand in front of it. */
extern const struct flag common_flags[];

/* Whether it needs the published matrix. */
bool command_reads_matrix(const struct command *command);

/* Does what the call's command does. */
enum status command_run(const struct call *call);

/* A command; group: one of these instead, NULL: none. NULL, with a sentence that names the nearest one, where there is
 * none of that name. */
const struct command *command_find(const struct command *group, const char *name, struct err *err);

/* Help texts, with the last newline. */
void commands_help(struct str *out);
void command_help(struct str *out, const struct command *command);

/* Whether the operands are as many as the command takes. */
bool command_check(const struct command *command, const struct flags *flags, struct err *err);

#endif
