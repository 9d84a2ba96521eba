/* muster: asks the inventory. Its subcommands are in commands/. */
#include "clock.h"
#include "commands.h"
#include "config.h"
#include "knowledge.h"
#include "log.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CONFIG "/etc/muster/musterd.conf"
#define USUAL_COLUMNS 80
#define MIN_COLUMNS 20
#define MAX_COLUMNS 10000

static enum status usage(const struct err *err)
{
    log_error("%s", err->text);
    return STATUS_USAGE;
}

static enum status print(struct str *text)
{
    fputs(str_text(text), stdout);
    str_finish(text);
    return fflush(stdout) == 0 ? STATUS_DONE : STATUS_COULD_NOT;
}

static size_t terminal_columns(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    int64_t number;

    if (columns != NULL && int_parse(columns, &number, NULL) && number >= MIN_COLUMNS && number <= MAX_COLUMNS)
        return (size_t)number;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= MIN_COLUMNS ? size.ws_col : USUAL_COLUMNS;
}

static bool wants_color(const struct flags *flags)
{
    const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");

    return flags_value(flags, "no-color") == NULL && (none == NULL || none[0] == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0;
}

static void set_style(struct call *call, const struct flags *flags)
{
    call->terminal = isatty(STDOUT_FILENO);
    call->style.format = (enum format)flags_word(flags, "format", FORMAT_TABLE);
    call->style.out = stdout;
    call->style.now = clock_wall_ms(&clock_system);
    call->style.columns = call->terminal ? terminal_columns() : 0;
    call->style.color = call->terminal && wants_color(flags);
}

/* The published knowledge, as commands ask for it. */
struct shelf {
    const char *matrix, *products; /* paths */
    struct knowledge *knowledge;   /* once it was asked for */
};

static const struct matrix *read_matrix(struct shelf *shelf)
{
    struct config_problems problems;

    config_problems_init(&problems);
    shelf->knowledge = knowledge_load(shelf->products, shelf->matrix, SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    return shelf->knowledge == NULL ? NULL : knowledge_matrix(shelf->knowledge);
}

/* Whether all that the command needs was told. One that shows the database needs no socket, one that shows the matrix
 * neither. */
static bool is_told(const struct call *call)
{
    if (command_reads_matrix(call->command) && (call->shelf->matrix == NULL || call->shelf->products == NULL))
        return false;
    if (call->command->matrix != NULL)
        return true;
    return call->database != NULL && (call->control != NULL || call->command->view != NULL ||
                                      (call->command->reads && call->flags->operands.count == 0));
}

static const char *either(const char *told, const char *usual)
{
    return told != NULL ? told : usual;
}

/* Where everything is: as told, else as the configuration says. The usual configuration may be out of this user's
 * sight; then the usual places are tried, and a failure there tells of it. */
static bool set_paths(struct call *call, const struct flags *flags, struct arena *arena, struct err *err)
{
    const char *named = either(flags_value(flags, "config"), getenv("MUSTER_CONFIG"));
    struct config_paths paths;

    call->database = flags_value(flags, "database");
    call->control = flags_value(flags, "control");
    call->shelf->matrix = flags_value(flags, "matrix");
    call->shelf->products = flags_value(flags, "products");
    if (is_told(call))
        return true;
    if (!config_paths_load(named != NULL && named[0] != '\0' ? named : CONFIG, arena, &paths, err)) {
        if (named != NULL && named[0] != '\0')
            return false;
        call->note =
            arena_format(arena, "the usual places were tried, for the configuration could not be read: %s", err->text);
    }
    call->database = either(call->database, paths.database);
    call->control = either(call->control, paths.control);
    call->shelf->matrix = either(call->shelf->matrix, paths.matrix);
    call->shelf->products = either(call->shelf->products, paths.products);
    return true;
}

static const char *way_past(const struct command *command)
{
    if (command->judges)
        return "--database FILE, --matrix DIR and --products FILE";
    return command->matrix != NULL ? "--matrix DIR and --products FILE" : "--database FILE and --control SOCKET";
}

static enum status run_command(const struct command *command, const struct flags *flags)
{
    struct shelf shelf = { 0 };
    struct call call = {
        .command = command, .matrix = read_matrix, .shelf = &shelf, .version = MUSTER_VERSION, .flags = flags
    };
    struct err err = ERR_EMPTY;
    struct arena arena;
    enum status status;

    if (!command_check(command, flags, &err))
        return usage(&err);
    arena_init(&arena, ARENA_PLAIN);
    set_style(&call, flags);
    if (set_paths(&call, flags, &arena, &err)) {
        status = command_run(&call);
    } else {
        log_error("%s", err.text);
        log_info("%s lead past the configuration", way_past(command));
        status = STATUS_CONFIG;
    }
    knowledge_unload(shelf.knowledge);
    arena_finish(&arena);
    return status;
}

/* Options in front of the command, the command, one of its group, and all that follows. *command stays NULL where there
 * is none. */
static bool take_words(struct flags *flags, char *const *words, size_t count, const struct command **command,
                       struct err *err)
{
    size_t at = 0;

    while (at < count && (*command == NULL || (*command)->group != NULL)) {
        size_t taken = flags_take(flags, words + at, count - at, true, err);

        if (taken == 0)
            return false;
        at += taken;
        if (flags->operands.count == 0)
            continue;
        *command = command_find(*command, flags->operands.items[0], err);
        if (*command == NULL)
            return false;
        vec_clear(&flags->operands);
        flags->own = (*command)->flags;
    }
    return at == count || flags_take(flags, words + at, count - at, false, err) > 0;
}

static enum status run_words(struct flags *flags, char *const *words, size_t count)
{
    const struct command *command = NULL;
    struct str text = STR_EMPTY;
    struct err err = ERR_EMPTY;

    if (!take_words(flags, words, count, &command, &err))
        return usage(&err);
    if (flags_has_common(flags, "version")) {
        str_add(&text, "muster " MUSTER_VERSION "\n");
        return print(&text);
    }
    if (flags_has_common(flags, "help")) {
        if (command == NULL)
            commands_help(&text);
        else
            command_help(&text, command);
        return print(&text);
    }
    if (command != NULL)
        return run_command(command, flags);
    err_set(&err, ERR_CONFIG, "which command? muster --help lists them; muster summary is a good first");
    return usage(&err);
}

int main(int argc, char **argv)
{
    struct flags flags;
    enum status status;

    log_init("muster");
    flags_init(&flags, common_flags);
    status = run_words(&flags, argv + 1, argc > 0 ? (size_t)argc - 1 : 0);
    flags_finish(&flags);
    return (int)status;
}
