/* The daemon as one more client: from its start to the commit, and scans that find nothing new. */
#include "bench.h"
#include "clients.h"
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STARTS 3
#define QUIET 40 /* scans; a process's time is told in hundredths of a second */

static char config[80], database[80], log_file[80];

static void write_config(struct clients *clients)
{
    const char *folder = clients_folder(clients);
    const struct vcfleet *fleet = clients_fleet(clients);
    FILE *file;

    snprintf(config, sizeof config, "%s/musterd.conf", folder);
    snprintf(database, sizeof database, "%s/muster.db", folder);
    snprintf(log_file, sizeof log_file, "%s/log", folder);
    file = fopen(config, "w");
    if (file == NULL)
        bench_fail("%s cannot be written", config);
    fprintf(
        file,
        "database = \"%s\"; control = \"%s/control\"; plugins = \"%s\"; plugin_host = \"%s\";\n"
        "matrix = \"%s/matrix\"; products = \"%s/products.conf\";\n"
        "credentials = ( { name = \"vc\"; username = \"%s\"; password_file = \"%s/word\"; } );\n"
        "targets = ( { name = \"vc\"; plugin = \"vmware\"; every = \"1d\"; credential = \"vc\";\n"
        "  options = { url = \"%s\"; ca_file = \"%s\"; }; } );\n"
        "backup_servers = ( { name = \"mabs01.example\"; product = \"mabs-v2\"; installation = \"physical\"; } );\n",
        database, folder, PLUGINS, HOST_PROGRAM, PUBLISHED, PUBLISHED, vcfleet_fact(fleet, VCFLEET_USERNAME), folder,
        vcfleet_fact(fleet, VCFLEET_URL), vcfleet_fact(fleet, VCFLEET_CA_FILE));
    fclose(file);
}

/* --------------------------------------------------------------------------------------- from start to commit ---- */

static double start_to_commit(size_t machines)
{
    const char *const words[] = { "musterd", "-c", config, "--once", NULL };
    struct program program;

    unlink(database);
    program_run(&program, DAEMON_PROGRAM, words);
    if (program.status != 0 || bench_ask(database, "SELECT count(*) FROM item WHERE kind = 'vm'") != (int64_t)machines)
        bench_fail("vmware: the daemon did not bring %zu machines: see musterd -c %s --once", machines, config);
    return program.seconds;
}

static void measure_start(struct clients *clients, size_t machines)
{
    struct row row = { .what = "vCenter, 10,002 VMs, daemon's start to commit", .unit = "s", .kind = BAR_AT_MOST };
    double whole[STARTS], scan[STARTS];

    for (int round = 0; round < STARTS; round++) {
        scan[round] = clients_run(clients, CLIENT_PLUGIN, NULL, 0).seconds;
        whole[round] = start_to_commit(machines);
    }
    row.measured = bench_median(whole, STARTS);
    row.bar = 2 * bench_median(scan, STARTS);
    snprintf(row.compared, sizeof row.compared, "twice the scan alone: %.2f s; judged, too", row.bar / 2);
    bench_row(&row);
}

/* ----------------------------------------------------------------------------------------------- nothing changed ----
 */

static void scan(void)
{
    const char *const words[] = { "muster", "-c", config, "scan", NULL };
    struct program program;

    program_run(&program, COMMAND_PROGRAM, words);
    if (program.status != 0)
        bench_fail("vmware: a scan failed; see %s", log_file);
}

static double count_requests(struct clients *clients)
{
    struct err err;

    if (vcfleet_command(clients_fleet(clients), "count", &err) == NULL)
        bench_fail("vmware: %s", err.text);
    return (double)vcfleet_number(clients_fleet(clients), "requests");
}

static void tell_quiet(double requests, double ms, double written)
{
    const struct row rows[] = {
        { .what = "vCenter, nothing changed: HTTP requests",
          .unit = "",
          .kind = BAR_AT_MOST,
          .bar = 1,
          .measured = requests },
        { .what = "vCenter, nothing changed: processor of a scan",
          .unit = "ms",
          .kind = BAR_AT_MOST,
          .bar = 10,
          .measured = ms },
        { .what = "vCenter, nothing changed: rows written",
          .unit = "",
          .kind = BAR_AT_MOST,
          .bar = 0,
          .measured = written },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        bench_row(&rows[i]);
}

static void measure_quiet(struct clients *clients)
{
    const char *const words[] = { "musterd", "-c", config, NULL };
    const char *const changes = "SELECT count(*) + (SELECT count(*) FROM history) FROM journal";
    double requests, ms;
    int64_t before;
    pid_t daemon;
    int host;

    unlink(database);
    daemon = program_start_ready(DAEMON_PROGRAM, words, log_file, clients_folder(clients));
    scan(); /* everything */
    scan(); /* the first one by what changed, which the journal has */
    host = program_child(daemon);
    before = bench_ask(database, changes);
    requests = count_requests(clients);
    ms = program_children_ms(host);
    for (int i = 0; i < QUIET; i++)
        scan();
    requests = count_requests(clients) - requests;
    ms = program_children_ms(host) - ms;
    if (bench_ask(database, "SELECT count(*) FROM target WHERE result = 'delta'") != 1)
        bench_fail("vmware: a scan was none by what changed; see %s", log_file);
    tell_quiet(requests / QUIET, ms / QUIET, (double)(bench_ask(database, changes) - before));
    program_stop(daemon);
}

void clients_daemon(struct clients *clients, size_t machines)
{
    write_config(clients);
    measure_start(clients, machines);
    measure_quiet(clients);
}
