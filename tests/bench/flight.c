/* Many scans in flight at once: all of them wait at a gate until the last is there, then end together. */
#include "bench.h"
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCANS 500

static char folder[] = "/tmp/muster-bench.XXXXXX";
static char gate[64];

static void make_gate(void)
{
    if (mkdtemp(folder) == NULL)
        bench_fail("no folder in /tmp: %s", strerror(errno));
    snprintf(gate, sizeof gate, "%s/gate", folder);
    if (mkfifo(gate, 0600) != 0)
        bench_fail("%s: %s", gate, strerror(errno));
}

static bool all_at_the_gate(const struct client *client, const struct scan *scan)
{
    size_t there = 0;

    (void)scan;
    for (size_t i = 0; i < client->scan_count; i++)
        there += client->scans[i]->log[0] != '\0' || client->scans[i]->exited;
    return there == client->scan_count;
}

/* Starts all scans, and waits until they wait. */
static void gather(struct client *client)
{
    const struct client_option options[] = { { "gate", gate } };

    for (int i = 0; i < SCANS; i++)
        client_scan(client, RUN_SCAN, &usual_order, options, 1);
    if (!client_until(client, all_at_the_gate, NULL))
        bench_fail("not all of %d scans came to run", SCANS);
}

static void release(struct client *client)
{
    int file = open(gate, O_WRONLY | O_CLOEXEC);

    if (file < 0 || !client_wait_all(client))
        bench_fail("not all of %d scans came to their end", SCANS);
    close(file);
}

static double count_good(const struct client *client)
{
    size_t good = 0;

    for (size_t i = 0; i < client->scan_count; i++)
        good += client->scans[i]->outcome.good && client->scans[i]->recorded == 1;
    return (double)good;
}

void bench_flight(void)
{
    struct row good = { .what = "scans in flight at once, all good", .unit = "", .kind = BAR_AT_LEAST, .bar = SCANS };
    struct row wall = { .what = "their time from first order to last EXIT", .unit = "ms" };
    struct row memory = { .what = "memory of the host meanwhile", .unit = "MiB" };
    struct err err = ERR_EMPTY;
    struct client client;
    double begun, gathered, before;
    const char *wrong;

    make_gate();
    if (!client_start(&client, HEAVY, NULL, &err))
        bench_fail("%s", err.text);
    before = bench_proc(client.pid, "status", "VmRSS:") / 1024;
    begun = bench_now();
    gather(&client);
    gathered = bench_now();
    memory.measured = bench_proc(client.pid, "status", "VmRSS:") / 1024;
    release(&client);
    wall.measured = (bench_now() - begun) * 1e3;
    good.measured = count_good(&client);
    wrong = client_stop(&client);
    unlink(gate);
    rmdir(folder);
    if (wrong != NULL)
        bench_fail("%s", wrong);
    snprintf(wall.compared, sizeof wall.compared, "of which until all were in flight: %.0f ms",
             (gathered - begun) * 1e3);
    snprintf(memory.compared, sizeof memory.compared, "before the first scan: %.1f MiB", before);
    bench_row(&good);
    bench_row(&wall);
    bench_row(&memory);
}
