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

/* What a subcommand is called with. */
struct call {
    const struct command *command;
    const char *database, *control; /* paths */
    const char *note;               /* why these paths are only guessed; NULL: they are not */
    struct style style;
    bool terminal; /* the output is one: it can show what goes on */
    const struct flags *flags;
};

struct command {
    const char *name;
    const char *synopsis; /* operands and options: "[ITEM] [--since D]" */
    const char *summary;  /* one line */
    const char *help;     /* further lines, each with its newline */
    const struct flag *flags;
    size_t least, most;                          /* operands */
    enum status (*view)(struct view *view);      /* of one that shows the database: fills what is shown (view.h) */
    enum status (*run)(const struct call *call); /* of any other: all that it does */
};

extern const struct command command_accept, command_doctor, command_history, command_list, command_reload, command_scan,
    command_show, command_status, command_summary;

/* The options that every command has, and that may also stand in front of it. */
extern const struct flag common_flags[];

/* Does what the call's command does. */
enum status command_run(const struct call *call);

/* NULL, with a sentence that names the nearest one, where there is none of that name. */
const struct command *command_find(const char *name, struct err *err);

/* Help texts, with the last newline. */
void commands_help(struct str *out);
void command_help(struct str *out, const struct command *command);

/* Whether the operands are as many as the command takes. */
bool command_check(const struct command *command, const struct flags *flags, struct err *err);

#endif
