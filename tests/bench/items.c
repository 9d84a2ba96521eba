/* How fast records go from one process to another: built, checked, encoded, sent, decoded, checked, hashed. */
#include "bench.h"
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 7
#define ITEMS 300000
#define PIECE ((size_t)64 << 10)
#define PIECES 2400 /* about as many bytes as the items take */

static struct stream_handler no_handler;

static void write_all(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, bytes, size);

        if (written <= 0)
            _exit(EXIT_FAILURE);
        bytes += written;
        size -= (size_t)written;
    }
}

/* The same item as heavy.c emits, by lib alone. */
static void build(struct item *item, struct arena *arena, unsigned number)
{
    static const char *const disks[] = { "C:", "D:" };
    char key[48], name[48];

    snprintf(key, sizeof key, "4217e1d2-0c5e-4d6b-9f3a-%012x", number);
    snprintf(name, sizeof name, "vm%06u.corp.example", number);
    item_init(item, arena, "vm", key);
    item_set_text(item, "name", name, NULL);
    item_set_text(item, "guest.fqdn", name, NULL);
    item_set_text(item, "guest.name", "Microsoft Windows Server 2016 (64-bit)", NULL);
    item_set_text(item, "guest.build", "10.0.14393", NULL);
    item_set_text(item, "folder", "/Datacenter/vm/production", NULL);
    item_set_int(item, "cpus", 4, NULL);
    item_set_int(item, "memory_bytes", INT64_C(17179869184), NULL);
    item_set_bool(item, "tools_running", true, NULL);
    item_set_bool(item, "template", false, NULL);
    item_set_list(item, "disk_names", disks, 2, NULL);
}

static void send_items(int file)
{
    const struct message end = { .type = MESSAGE_END, .end = { .completeness = COMPLETE, .items = ITEMS } };
    struct str out = STR_EMPTY;
    struct arena arena;
    struct item item;

    arena_init(&arena, ARENA_PLAIN);
    for (unsigned i = 0; i < ITEMS; i++) {
        arena_reset(&arena);
        build(&item, &arena, i);
        message_write_item(&out, &item, NULL);
        if (out.length >= PIECE) {
            write_all(file, out.bytes, out.length);
            str_clear(&out);
        }
    }
    message_write(&out, &end, NULL);
    write_all(file, out.bytes, out.length);
    str_finish(&out);
    arena_finish(&arena);
}

/* Bytes without looking at them. */
static void send_nothing(int file)
{
    static char bytes[PIECE];

    for (size_t i = 0; i < PIECES; i++)
        write_all(file, bytes, sizeof bytes);
}

/* Starts a process that sends; returns the end to read from. */
static int start_sender(void (*sender)(int file), pid_t *pid)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        bench_fail("no socket pair");
    *pid = fork();
    if (*pid < 0)
        bench_fail("no process to send");
    if (*pid == 0) {
        close(ends[0]);
        sender(ends[1]);
        _exit(EXIT_SUCCESS);
    }
    close(ends[1]);
    return ends[0];
}

static double cpu_of(int whom)
{
    struct rusage used;

    getrusage(whom, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* One round; *slower gets the processor microseconds that an item takes at the end that takes more. */
static double items_round(double *slower)
{
    static char bytes[PIECE];
    double begun = bench_now(), receiver = cpu_of(RUSAGE_SELF), sender = cpu_of(RUSAGE_CHILDREN);
    struct stream stream;
    ssize_t size;
    pid_t pid;
    int file = start_sender(send_items, &pid);

    stream_init(&stream, &stream_default_limits, &no_handler, NULL);
    while ((size = read(file, bytes, sizeof bytes)) > 0)
        stream_feed(&stream, bytes, (size_t)size);
    stream_close(&stream);
    if (stream.state != STREAM_ENDED || stream.items != ITEMS)
        bench_fail("items: %s", stream.err.text);
    stream_finish(&stream);
    close(file);
    waitpid(pid, NULL, 0);
    receiver = cpu_of(RUSAGE_SELF) - receiver;
    sender = cpu_of(RUSAGE_CHILDREN) - sender;
    *slower = (receiver > sender ? receiver : sender) * 1e6 / ITEMS;
    return ITEMS / (bench_now() - begun);
}

/* The bare bytes a second. */
static double bytes_round(void)
{
    static char bytes[PIECE];
    double begun = bench_now(), total = 0;
    ssize_t size;
    pid_t pid;
    int file = start_sender(send_nothing, &pid);

    while ((size = read(file, bytes, sizeof bytes)) > 0)
        total += (double)size;
    close(file);
    waitpid(pid, NULL, 0);
    return total / (bench_now() - begun);
}

/* Through a real host: the calls of the ABI, the data dictionary, the confined child. */
static double host_round(void)
{
    char count[16];
    const struct client_option options[] = { { "count", count } };
    struct err err = ERR_EMPTY;
    struct client client;
    struct scan *scan;
    double begun, rate;

    snprintf(count, sizeof count, "%d", ITEMS);
    if (!client_start(&client, HEAVY, NULL, &err))
        bench_fail("%s", err.text);
    begun = bench_now();
    scan = client_scan(&client, RUN_SCAN, &usual_order, options, 1);
    if (!client_wait(&client, scan) || !scan->outcome.good || scan->recorded != ITEMS)
        bench_fail("items through a host: %s", scan->outcome.err.text);
    rate = ITEMS / (bench_now() - begun);
    client_stop(&client);
    return rate;
}

static size_t size_of_item(void)
{
    struct str out = STR_EMPTY;
    struct arena arena;
    struct item item;
    size_t size;

    arena_init(&arena, ARENA_PLAIN);
    build(&item, &arena, 0);
    message_write_item(&out, &item, NULL);
    size = out.length;
    str_finish(&out);
    arena_finish(&arena);
    return size;
}

void bench_items(void)
{
    struct row lib = { .what = "items of ten attributes, encode to decode", .unit = "a second", .kind = BAR_AT_LEAST };
    struct row cpu = { .what = "processor time of one of them, at the slower end", .unit = "us" };
    struct row host = { .what = "the same items out of a plugin, through a host", .unit = "a second" };
    double by_lib[ROUNDS], slower[ROUNDS], by_host[ROUNDS], bare[ROUNDS];
    double size = (double)size_of_item();

    for (int round = 0; round < ROUNDS; round++) {
        by_lib[round] = items_round(&slower[round]);
        by_host[round] = host_round();
        bare[round] = bytes_round() / size;
    }
    lib.bar = 300000;
    lib.measured = bench_median(by_lib, ROUNDS);
    cpu.measured = bench_median(slower, ROUNDS);
    host.measured = bench_median(by_host, ROUNDS);
    snprintf(lib.compared, sizeof lib.compared, "their %.0f bytes alone, unread: %.0f a second (best %.0f)", size,
             bench_median(bare, ROUNDS), by_lib[ROUNDS - 1]);
    snprintf(cpu.compared, sizeof cpu.compared, "%.0f a second on processors that do nothing else (least %.2f)",
             1e6 / cpu.measured, slower[0]);
    snprintf(host.compared, sizeof host.compared, "%.2f of the rate by lib alone (best %.0f)",
             host.measured / lib.measured, by_host[ROUNDS - 1]);
    bench_row(&lib);
    bench_row(&cpu);
    bench_row(&host);
}
