/* Whole scans of a SQL Server with many databases, and of a backup server's database, which tests/peers/sqlpeer plays:
 * found, shaken hands with, logged into and read, in a confined fork of the prepared host; told by its EXIT. */
#include "bench.h"
#include "client.h"
#include "footprint.h"
#include "peer_child.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define SCANS 25
#define WATCHED 10 /* scans besides, whose memory is looked at as often as can be */
#define MB_OF_KIB (1024 / 1e6)

/* What is scanned, and how much it has to bring. */
struct subject {
    const char *plugin, *host, *address;
    uint64_t records;
    struct row processor, memory;
};

static const struct subject subjects[] = {
    { .plugin = PLUGINS "/sql.so",
      .host = "large.corp.example",
      .address = "127.0.4.1",
      .records = 506, /* four databases of its own, the instance, a group */
      .processor = { .what = "SQL Server of 500 databases: processor of a scan", .kind = BAR_AT_MOST, .bar = 50 },
      .memory = { .what = "SQL Server of 500 databases: peak memory (RSS)", .kind = BAR_AT_MOST, .bar = 16 } },
    { .plugin = PLUGINS "/dpm.so",
      .host = "mabs.corp.example",
      .address = "127.0.4.2",
      .records = 501, /* the backup server */
      .processor = { .what = "DPMDB of 500 data sources: processor of a scan" },
      .memory = { .what = "DPMDB of 500 data sources: peak memory (RSS)" } },
};

/* ------------------------------------------------------------------------------------------------------- scans ---- */

static struct peer *start_peer(void)
{
    static const char *const words[] = { "/usr/bin/python3", "-B", SQLPEER, "--fleet", SQL_FLEET, NULL };
    struct err err;
    struct peer *peer = peer_start("sqlpeer", words, &err);

    if (peer == NULL)
        bench_fail("sql: %s", err.text);
    return peer;
}

static struct message_exit scan(struct client *client, const struct subject *subject, const struct peer *peer)
{
    const struct client_option options[] = {
        { "host", subject->host },
        { "address", subject->address },
        { "ca_file", peer_fact(peer, "ca_file") },
        { "username", peer_fact(peer, "username") },
        { "password", peer_fact(peer, "password") },
    };
    struct scan *scan = client_scan(client, RUN_SCAN, &usual_order, options, sizeof options / sizeof *options);

    if (!client_wait(client, scan) || !scan->outcome.good || scan->recorded != subject->records)
        bench_fail("sql: a scan of %s brought %llu records: %s%s", subject->host, (unsigned long long)scan->recorded,
                   scan->outcome.err.text, scan->warning);
    return scan->exit;
}

/* ------------------------------------------------------------------------------------------------------ memory ---- */

struct watch {
    pthread_t thread;
    atomic_bool ended;
    struct footprint most;
};

static void *look_often(void *context)
{
    struct watch *watch = context;
    struct footprint seen;

    while (!watch->ended) {
        footprint_take(&seen, getpid());
        footprint_raise(&watch->most, &seen);
    }
    return NULL;
}

static struct footprint watch_scans(struct client *client, const struct subject *subject, const struct peer *peer)
{
    struct watch watch = { 0 };

    if (pthread_create(&watch.thread, NULL, look_often, &watch) != 0)
        bench_fail("sql: no thread");
    for (int i = 0; i < WATCHED; i++)
        scan(client, subject, peer);
    watch.ended = true;
    pthread_join(watch.thread, NULL);
    return watch.most;
}

/* ------------------------------------------------------------------------------------------------------ figures ----
 */

static void tell_processor(const struct subject *subject, double ms[SCANS])
{
    struct row row = subject->processor;

    row.unit = "ms";
    row.measured = bench_median(ms, SCANS);
    snprintf(row.compared, sizeof row.compared,
             "with SQL Server Browser, TLS, login, and the process; %.1f to %.1f in %d scans", ms[0], ms[SCANS - 1],
             SCANS);
    bench_row(&row);
}

static void tell_memory(const struct subject *subject, double mb[SCANS], const struct footprint *most)
{
    struct row row = subject->memory;

    bench_median(mb, SCANS);
    row.unit = "MB";
    row.measured = mb[SCANS - 1];
    snprintf(row.compared, sizeof row.compared,
             "with what it shares with its host and others; seen: %.1f PSS, %.1f private", most->scan_shares,
             most->scan);
    bench_row(&row);
}

/* The peer goes first, for no process may outlive the host. */
static void measure(const struct subject *subject)
{
    struct peer *peer = start_peer();
    double ms[SCANS], mb[SCANS];
    struct client client;
    struct footprint most;
    const char *wrong;
    struct err err = ERR_EMPTY;

    if (!client_start(&client, subject->plugin, NULL, &err))
        bench_fail("sql: %s", err.text);
    most = watch_scans(&client, subject, peer);
    for (int i = 0; i < SCANS; i++) {
        const struct message_exit ended = scan(&client, subject, peer);

        ms[i] = (double)ended.cpu_us / 1e3;
        mb[i] = (double)ended.peak_kb * MB_OF_KIB;
    }
    peer_stop(peer);
    wrong = client_stop(&client);
    if (wrong != NULL)
        bench_fail("sql: %s", wrong);
    tell_processor(subject, ms);
    tell_memory(subject, mb, &most);
}

void bench_sql_scans(void)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        measure(&subjects[i]);
}
