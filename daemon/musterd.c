/* musterd: the daemon's main. */
#include "daemon.h"
#include "log.h"

#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "musterd keeps an inventory of what a Microsoft backup server is asked to protect.\n"
    "\n"
    "  musterd [-c FILE]                  run until told to stop\n"
    "  musterd [-c FILE] --once           scan every target once, then exit; status 0 only if all went well\n"
    "  musterd [-c FILE] --check-config   look at the configuration and at the plugins' options, start nothing\n"
    "\n"
    "  -c, --config FILE   the configuration (/etc/muster/musterd.conf)\n"
    "      --version       the version\n"
    "\n"
    "SIGHUP reloads the configuration, SIGTERM stops. The command muster asks the daemon.\n"
    "Exit status: 0 done, 1 could not, 64 usage, 78 configuration.\n";

static const struct option long_options[] = {
    { "config", required_argument, NULL, 'c' }, { "once", no_argument, NULL, 'o' },
    { "check-config", no_argument, NULL, 'C' }, { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'v' },      { NULL, 0, NULL, 0 },
};

static bool read_arguments(int argc, char **argv, struct daemon_options *options)
{
    int option;

    while ((option = getopt_long(argc, argv, "c:h", long_options, NULL)) != -1) {
        switch (option) {
        case 'c': options->config_file = optarg; break;
        case 'o': options->once = true; break;
        case 'C': options->check_only = true; break;
        case 'h': fputs(help, stdout); exit(DAEMON_DONE);
        case 'v': puts("musterd " MUSTER_VERSION); exit(DAEMON_DONE);
        default: return false;
        }
    }
    if (optind < argc)
        fprintf(stderr, "musterd: \"%s\" is no option\n", argv[optind]);
    return optind == argc;
}

/* Secrets pass through this process: no core file, no look at its memory by others of its user. */
static void keep_to_itself(void)
{
    const struct rlimit none = { 0, 0 };

    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    umask(027);
}

/* What is opened first would else get the number that log lines and the output of others are written to. */
static bool fill_standard_descriptors(void)
{
    int descriptor;

    do
        descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor > STDERR_FILENO)
        close(descriptor);
    return descriptor > STDERR_FILENO;
}

/* A descriptor for each scan in flight, and some. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Said once, this ends the allocator's habit of keeping ever more at hand, as much as the largest scan has taken. */
static void keep_little_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

int main(int argc, char **argv)
{
    struct daemon_options options = { .config_file = "/etc/muster/musterd.conf" };

    if (!fill_standard_descriptors())
        return DAEMON_FAILED;
    log_init("musterd");
    if (!read_arguments(argc, argv, &options)) {
        fputs("musterd: see musterd --help\n", stderr);
        return DAEMON_USAGE;
    }
    keep_to_itself();
    raise_descriptor_limit();
    keep_little_memory();
    setenv("UV_THREADPOOL_SIZE", "1", 1); /* the store's worker */
    return daemon_run(&options);
}
