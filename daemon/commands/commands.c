#include "commands.h"

#include "text.h"
#include "view.h"

#include <string.h>

/* In the order of the help text: first what one asks most. */
static const struct command *const commands[] = {
    &command_summary, &command_list,       &command_show,   &command_explain, &command_history,
    &command_report,  &command_exemptions, &command_alerts, &command_log,     &command_what_if,
    &command_matrix,  &command_status,     &command_scan,   &command_doctor,  &command_accept,
    &command_exempt,  &command_retire,     &command_reload, &command_hook,    NULL,
};

#define MOST_COMMANDS 32

const struct flag common_flags[] = {
    { "config", 'c', "FILE", "configuration of musterd (/etc/muster/musterd.conf, or $MUSTER_CONFIG)" },
    { "database", 0, "FILE", "database, instead of the one that the configuration names" },
    { "control", 0, "SOCKET", "control socket, instead of the one that the configuration names" },
    { "format", 0, "table|json|csv", "for people (the usual), or for programs" },
    { "no-color", 0, NULL, "no colours; they come on terminals only, and never where NO_COLOR is set" },
    { "help", 'h', NULL, "this text, or that of the command" },
    { "version", 0, NULL, "the version of muster" },
    { 0 },
};

bool command_reads_matrix(const struct command *command)
{
    return command->matrix != NULL || command->judges;
}

enum status command_run(const struct call *call)
{
    return call->command->run != NULL ? call->command->run(call) : view_run(call);
}

/* The word by which it is called: the last one of its name. */
static const char *own_word(const struct command *command)
{
    const char *blank = strrchr(command->name, ' ');

    return blank == NULL ? command->name : blank + 1;
}

const struct command *command_find(const struct command *group, const char *name, struct err *err)
{
    const struct command *const *table = group == NULL ? commands : group->group;
    const char *names[MOST_COMMANDS], *nearest, *before = group == NULL ? "" : group->name,
                                                *blank = group == NULL ? "" : " ";
    char quote[TEXT_QUOTE_SIZE];
    size_t count = 0;

    for (; table[count] != NULL && count < MOST_COMMANDS; count++) {
        names[count] = own_word(table[count]);
        if (strcmp(name, names[count]) == 0)
            return table[count];
    }
    nearest = text_nearest(name, names, count);
    text_quote(quote, name);
    if (nearest != NULL)
        err_set(err, ERR_CONFIG, "there is no command %s%s%s; did you mean %s?", before, blank, quote, nearest);
    else
        err_set(err, ERR_CONFIG, "there is no command %s%s%s; muster %s%s--help lists them", before, blank, quote,
                before, blank);
    return NULL;
}

static void list_commands(struct str *out, const struct command *const *table)
{
    for (; *table != NULL; table++)
        str_format(out, "  %-10s %s\n", own_word(*table), (*table)->summary);
}

void commands_help(struct str *out)
{
    str_add(out, "muster asks the inventory that musterd keeps.\n\n"
                 "usage: muster [OPTION...] COMMAND [...]\n\n");
    list_commands(out, commands);
    str_add(out, "\nmuster COMMAND --help tells more. summary, list, show, explain, history, report, exemptions, "
                 "alerts and log\n"
                 "read the database, also while musterd is down; matrix reads the published matrix and needs neither, "
                 "what-if reads\n"
                 "both; the others ask musterd.\n\n"
                 "These options may stand anywhere:\n");
    flags_help(out, common_flags, NULL);
    str_add(out, "\nExit status: 0 done, 1 could not, 64 usage or an unknown name, 78 configuration.\n");
}

void command_help(struct str *out, const struct command *command)
{
    str_format(out, "muster %s: %s\n\nusage: muster %s%s%s\n", command->name, command->summary, command->name,
               command->synopsis[0] == '\0' ? "" : " ", command->synopsis);
    if (command->help[0] != '\0')
        str_format(out, "\n%s", command->help);
    if (command->group != NULL) {
        str_add_char(out, '\n');
        list_commands(out, command->group);
        str_format(out, "\nmuster %s COMMAND --help tells more.\n", command->name);
    }
    if (command->flags != NULL) {
        str_add_char(out, '\n');
        flags_help(out, command->flags, NULL);
    }
    str_add(out, "\nOptions of every command:\n");
    flags_help(out, common_flags, command->flags);
}

bool command_check(const struct command *command, const struct flags *flags, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (flags->operands.count < command->least)
        return err_set(err, ERR_CONFIG, "%s needs more: muster %s %s", command->name, command->name, command->synopsis);
    if (flags->operands.count > command->most)
        return err_set(err, ERR_CONFIG, "%s is one word too many: muster %s %s",
                       text_quote(quote, flags->operands.items[command->most]), command->name, command->synopsis);
    return true;
}
