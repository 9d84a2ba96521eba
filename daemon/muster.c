/* muster: asks the inventory. Its subcommands are in commands/. */
#include "clock.h"
#include "commands.h"
#include "config.h"
#include "log.h"
#include "text.h"
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

static bool set_format(struct style *style, const struct flags *flags, struct err *err)
{
    static const char *const words[] = { [FORMAT_TABLE] = "table", [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv" };
    const char *word = flags_value(flags, "format");
    char quote[TEXT_QUOTE_SIZE];

    for (size_t i = 0; word != NULL && i < sizeof words / sizeof *words; i++) {
        if (strcmp(word, words[i]) == 0) {
            style->format = (enum format)i;
            return true;
        }
    }
    return word == NULL ||
           err_set(err, ERR_CONFIG, "--format takes table, json or csv, not %s", text_quote(quote, word));
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
    call->style.out = stdout;
    call->style.now = clock_wall_ms(&clock_system);
    call->style.columns = call->terminal ? terminal_columns() : 0;
    call->style.color = call->terminal && wants_color(flags);
}

/* Where the database and the socket are: as told, else as the configuration says. The usual configuration may be out of
 * this user's sight; then the usual places are tried, and a failure there tells of it. */
static bool set_paths(struct call *call, const struct flags *flags, struct arena *arena, struct err *err)
{
    const char *named = flags_value(flags, "config") != NULL ? flags_value(flags, "config") : getenv("MUSTER_CONFIG");
    struct config_paths paths;

    call->database = flags_value(flags, "database");
    call->control = flags_value(flags, "control");
    if (call->database != NULL && call->control != NULL)
        return true;
    if (!config_paths_load(named != NULL && named[0] != '\0' ? named : CONFIG, arena, &paths, err)) {
        if (named != NULL && named[0] != '\0')
            return false;
        call->note =
            arena_format(arena, "the usual places were tried, for the configuration could not be read: %s", err->text);
    }
    call->database = call->database != NULL ? call->database : paths.database;
    call->control = call->control != NULL ? call->control : paths.control;
    return true;
}

static enum status run_command(const struct command *command, const struct flags *flags)
{
    struct call call = { .command = command, .flags = flags };
    struct err err = ERR_EMPTY;
    struct arena arena;
    enum status status;

    if (!command_check(command, flags, &err) || !set_format(&call.style, flags, &err))
        return usage(&err);
    arena_init(&arena, ARENA_PLAIN);
    set_style(&call, flags);
    if (set_paths(&call, flags, &arena, &err)) {
        status = command->run(&call);
    } else {
        log_error("%s", err.text);
        status = STATUS_CONFIG;
    }
    arena_finish(&arena);
    return status;
}

/* Options in front of the command, the command, and all that follows. */
static enum status run_words(struct flags *flags, char *const *words, size_t count)
{
    const struct command *command = NULL;
    struct str text = STR_EMPTY;
    struct err err = ERR_EMPTY;
    size_t taken;

    taken = flags_take(flags, words, count, true, &err);
    if (taken == 0 && count > 0)
        return usage(&err);
    if (flags->operands.count > 0) {
        command = command_find(flags->operands.items[0], &err);
        if (command == NULL)
            return usage(&err);
        vec_clear(&flags->operands);
        flags->own = command->flags;
        if (taken < count && flags_take(flags, words + taken, count - taken, false, &err) == 0)
            return usage(&err);
    }
    if (flags_value(flags, "version") != NULL) {
        str_add(&text, "muster " MUSTER_VERSION "\n");
        return print(&text);
    }
    if (flags_value(flags, "help") != NULL) {
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
