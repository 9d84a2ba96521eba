/* muster-plugin-host: loads one plugin and runs it; for the daemon (--serve) or in the foreground. */
#include "confine.h"
#include "err.h"
#include "foreground.h"
#include "log.h"
#include "serve.h"
#include "unit.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As sysexits(3) has them. */
enum { EXIT_USAGE = 64, EXIT_CONFIGURATION = 78 };

enum mode { MODE_NONE, MODE_SERVE, MODE_ONCE, MODE_CHECK, MODE_DOCTOR, MODE_DESCRIBE };

struct command_line {
    enum mode mode;
    const char *path;
    bool output_given;
    enum output output;
    int64_t deadline_ms;
    struct confinement confinement;
    bool confined;
    char *const *words;
    size_t word_count;
};

static const char help[] =
    "muster-plugin-host runs one plugin of muster.\n"
    "\n"
    "  muster-plugin-host --once PLUGIN.so [NAME=VALUE ...]    scan in the foreground, print items as JSON lines\n"
    "  muster-plugin-host --check PLUGIN.so [NAME=VALUE ...]   look at the options only\n"
    "  muster-plugin-host --doctor PLUGIN.so [NAME=VALUE ...]  pre-flight, step by step\n"
    "  muster-plugin-host --describe PLUGIN.so                 what the plugin is, and its options\n"
    "  muster-plugin-host --serve PLUGIN.so                    for the daemon, which is at standard input\n"
    "\n"
    "A secret is given as NAME_file=FILE, or asked for. A list's NAME is given once for each element.\n"
    "\n"
    "  --format json|table   how to print (--once: json; --describe: table)\n"
    "  --deadline DURATION   stop --once, --check and --doctor after 30s, 5m, ... (none)\n"
    "  --landlock WORD       for --serve: wanted, required or off (wanted)\n"
    "  --seccomp WORD        for --serve: wanted, required or off (wanted)\n"
    "\n"
    "Exit status: 0 done, 1 could not, 64 usage, 78 wrong options for the plugin.\n";

static const struct option long_options[] = {
    { "serve", required_argument, NULL, 's' },
    { "once", required_argument, NULL, 'o' },
    { "check", required_argument, NULL, 'c' },
    { "doctor", required_argument, NULL, 'd' },
    { "describe", required_argument, NULL, 'D' },
    { "format", required_argument, NULL, 'f' },
    { "deadline", required_argument, NULL, 't' },
    { "landlock", required_argument, NULL, 'L' },
    { "seccomp", required_argument, NULL, 'S' },
    { "confined", no_argument, NULL, 'C' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'v' },
    { NULL, 0, NULL, 0 },
};

static bool set_mode(struct command_line *line, enum mode mode, struct err *err)
{
    if (line->mode != MODE_NONE)
        return err_set(err, ERR_CONFIG, "one of --serve, --once, --check, --doctor, --describe at a time");
    line->mode = mode;
    line->path = optarg;
    return true;
}

static bool set_format(struct command_line *line, struct err *err)
{
    line->output_given = true;
    line->output = strcmp(optarg, "table") == 0 ? OUTPUT_TABLE : OUTPUT_JSON;
    return line->output == OUTPUT_TABLE || strcmp(optarg, "json") == 0 ||
           err_set(err, ERR_CONFIG, "--format takes json or table");
}

static bool set_demand(enum demand *demand, const char *name, struct err *err)
{
    return demand_named(optarg, demand) || err_set(err, ERR_CONFIG, "%s takes wanted, required or off", name);
}

static bool set_option(struct command_line *line, int option, struct err *err)
{
    switch (option) {
    case 's': return set_mode(line, MODE_SERVE, err);
    case 'o': return set_mode(line, MODE_ONCE, err);
    case 'c': return set_mode(line, MODE_CHECK, err);
    case 'd': return set_mode(line, MODE_DOCTOR, err);
    case 'D': return set_mode(line, MODE_DESCRIBE, err);
    case 'f': return set_format(line, err);
    case 't': return duration_parse(optarg, &line->deadline_ms, err) || err_add(err, "--deadline");
    case 'L': return set_demand(&line->confinement.demands[LAYER_LANDLOCK], "--landlock", err);
    case 'S': return set_demand(&line->confinement.demands[LAYER_SECCOMP], "--seccomp", err);
    case 'C': line->confined = true; return true;
    case 'h': fputs(help, stdout); exit(EXIT_SUCCESS);
    case 'v': puts("muster-plugin-host " MUSTER_VERSION); exit(EXIT_SUCCESS);
    default: return err_set(err, ERR_CONFIG, "see --help"); /* getopt has said what is wrong */
    }
}

static bool read_arguments(int argc, char **argv, struct command_line *line, struct err *err)
{
    int option;

    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (!set_option(line, option, err))
            return false;
    }
    line->words = argv + optind;
    line->word_count = (size_t)(argc - optind);
    if (line->mode == MODE_NONE)
        return err_set(err, ERR_CONFIG, "nothing to do; see --help");
    if (line->word_count > 0 && (line->mode == MODE_SERVE || line->mode == MODE_DESCRIBE))
        return err_set(err, ERR_CONFIG, "--serve and --describe take no plugin options");
    return true;
}

static bool run_in_foreground(const struct command_line *line, enum run_mode mode, struct err *err)
{
    struct foreground foreground = {
        .path = line->path,
        .mode = mode,
        .output = line->output,
        .deadline_ms = line->deadline_ms,
        .confinement = line->confined ? &line->confinement : NULL,
        .words = line->words,
        .word_count = line->word_count,
    };

    return foreground_run(&foreground, err);
}

static bool act(struct command_line *line, struct err *err)
{
    switch (line->mode) {
    case MODE_SERVE: return serve(line->path, &line->confinement, err);
    case MODE_ONCE: return run_in_foreground(line, RUN_SCAN, err);
    case MODE_CHECK: return run_in_foreground(line, RUN_CHECK, err);
    case MODE_DOCTOR: return run_in_foreground(line, RUN_DOCTOR, err);
    case MODE_DESCRIBE: return foreground_describe(line->path, line->output_given ? line->output : OUTPUT_TABLE, err);
    default: return false;
    }
}

int main(int argc, char **argv)
{
    struct command_line line = { 0 };
    struct err err = ERR_EMPTY;

    log_init("muster-plugin-host");
    if (!read_arguments(argc, argv, &line, &err)) {
        log_error("%s", err.text);
        return EXIT_USAGE;
    }
    if (act(&line, &err))
        return EXIT_SUCCESS;
    if (err.class != ERR_NONE)
        log_error("%s", err.text);
    return err.class == ERR_CONFIG ? EXIT_CONFIGURATION : EXIT_FAILURE;
}
