/* muster-plugin-host: loads one plugin and runs it; for the daemon (--serve) or in the foreground. */
#include "confine.h"
#include "err.h"
#include "foreground.h"
#include "log.h"
#include "serve.h"
#include "text.h"
#include "unit.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As sysexits(3) has them. */
enum { EXIT_USAGE = 64, EXIT_CONFIGURATION = 78 };

enum mode { MODE_NONE, MODE_SERVE, MODE_ONCE, MODE_CHECK, MODE_DOCTOR, MODE_DESCRIBE };

struct arguments {
    enum mode mode;
    const char *path;
    bool output_given;
    enum output output;
    int64_t deadline_ms;
    struct confinement confinement;
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
    { "serve", required_argument, NULL, 's' },    { "once", required_argument, NULL, 'o' },
    { "check", required_argument, NULL, 'c' },    { "doctor", required_argument, NULL, 'd' },
    { "describe", required_argument, NULL, 'D' }, { "format", required_argument, NULL, 'f' },
    { "deadline", required_argument, NULL, 't' }, { "landlock", required_argument, NULL, 'L' },
    { "seccomp", required_argument, NULL, 'S' },  { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'v' },        { NULL, 0, NULL, 0 },
};

static bool set_mode(struct arguments *arguments, enum mode mode, struct err *err)
{
    if (arguments->mode != MODE_NONE)
        return err_set(err, ERR_CONFIG, "one of --serve, --once, --check, --doctor, --describe at a time");
    arguments->mode = mode;
    arguments->path = optarg;
    return true;
}

static bool set_format(struct arguments *arguments, struct err *err)
{
    arguments->output_given = true;
    arguments->output = strcmp(optarg, "table") == 0 ? OUTPUT_TABLE : OUTPUT_JSON;
    return arguments->output == OUTPUT_TABLE || strcmp(optarg, "json") == 0 ||
           err_set(err, ERR_CONFIG, "--format takes json or table");
}

static bool set_demand(enum demand *demand, const char *name, struct err *err)
{
    return demand_named(optarg, demand) || err_set(err, ERR_CONFIG, "%s takes wanted, required or off", name);
}

static bool set_option(struct arguments *arguments, int option, struct err *err)
{
    switch (option) {
    case 's': return set_mode(arguments, MODE_SERVE, err);
    case 'o': return set_mode(arguments, MODE_ONCE, err);
    case 'c': return set_mode(arguments, MODE_CHECK, err);
    case 'd': return set_mode(arguments, MODE_DOCTOR, err);
    case 'D': return set_mode(arguments, MODE_DESCRIBE, err);
    case 'f': return set_format(arguments, err);
    case 't': return duration_parse(optarg, &arguments->deadline_ms, err) || err_add(err, "--deadline");
    case 'L': return set_demand(&arguments->confinement.landlock, "--landlock", err);
    case 'S': return set_demand(&arguments->confinement.seccomp, "--seccomp", err);
    case 'h': fputs(help, stdout); exit(EXIT_SUCCESS);
    case 'v': puts("muster-plugin-host " MUSTER_VERSION); exit(EXIT_SUCCESS);
    default: return err_set(err, ERR_CONFIG, "see --help"); /* getopt has said what is wrong */
    }
}

static bool read_arguments(int argc, char **argv, struct arguments *arguments, struct err *err)
{
    int option;

    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (!set_option(arguments, option, err))
            return false;
    }
    arguments->words = argv + optind;
    arguments->word_count = (size_t)(argc - optind);
    if (arguments->mode == MODE_NONE)
        return err_set(err, ERR_CONFIG, "nothing to do; see --help");
    if (arguments->word_count > 0 && (arguments->mode == MODE_SERVE || arguments->mode == MODE_DESCRIBE))
        return err_set(err, ERR_CONFIG, "--serve and --describe take no plugin options");
    return true;
}

static bool run_in_foreground(const struct arguments *arguments, enum run_mode mode, struct err *err)
{
    const struct foreground foreground = {
        .path = arguments->path,
        .mode = mode,
        .output = arguments->output,
        .deadline_ms = arguments->deadline_ms,
        .words = arguments->words,
        .word_count = arguments->word_count,
    };

    return foreground_run(&foreground, err);
}

static bool act(struct arguments *arguments, struct err *err)
{
    switch (arguments->mode) {
    case MODE_SERVE: return serve(arguments->path, &arguments->confinement, err);
    case MODE_ONCE: return run_in_foreground(arguments, RUN_SCAN, err);
    case MODE_CHECK: return run_in_foreground(arguments, RUN_CHECK, err);
    case MODE_DOCTOR: return run_in_foreground(arguments, RUN_DOCTOR, err);
    case MODE_DESCRIBE:
        return foreground_describe(arguments->path, arguments->output_given ? arguments->output : OUTPUT_TABLE, err);
    default: return false;
    }
}

int main(int argc, char **argv)
{
    struct arguments arguments = { 0 };
    struct err err = ERR_EMPTY;

    log_init("muster-plugin-host");
    if (!read_arguments(argc, argv, &arguments, &err)) {
        log_error("%s", err.text);
        return EXIT_USAGE;
    }
    if (act(&arguments, &err))
        return EXIT_SUCCESS;
    if (err.class != ERR_NONE)
        log_error("%s", err.text);
    return err.class == ERR_CONFIG ? EXIT_CONFIGURATION : EXIT_FAILURE;
}
