/* Discovery of SQL Servers: one look at each of 1,000 computers, 64 at once, as scans do it that run beside each other;
 * and what a silent one costs. */
#include "bench.h"
#include "browsers.h"
#include "program.h"
#include "sql_scout.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define COMPUTERS 1000
#define AT_ONCE 64
#define DELAY_MS 50
#define ROUNDS 3
#define SILENT_MS 500 /* that its browser and its port may take */
#define FIRST 0x7f500001u

static atomic_int next;

static void name_computer(char host[INET_ADDRSTRLEN], uint32_t number)
{
    const struct in_addr address = { htonl(FIRST + number) };

    inet_ntop(AF_INET, &address, host, INET_ADDRSTRLEN);
}

static void look(int number)
{
    char host[INET_ADDRSTRLEN];
    const struct sql_scout_settings settings = { .host = host, .browser_ms = 10000, .port_ms = 10000 };
    struct sql_scout scout;
    struct err err;

    name_computer(host, (uint32_t)number);
    if (!sql_scout(&scout, &settings, &err))
        bench_fail("sql: %s", err.text);
    if (scout.count != 1 || !scout.instances[0].seen || strcmp(scout.instances[0].prelogin.build, "13.0.5821") != 0)
        bench_fail("sql: %s: %zu instances; %s", host, scout.count, scout.instances[0].why.text);
}

static void *look_often(void *context)
{
    int number;

    (void)context;
    while ((number = next++) < COMPUTERS)
        look(number);
    return NULL;
}

static double look_at_all(void)
{
    double begun = bench_now();
    pthread_t threads[AT_ONCE];

    next = 0;
    for (size_t i = 0; i < AT_ONCE; i++)
        if (pthread_create(&threads[i], NULL, look_often, NULL) != 0)
            bench_fail("sql: no thread");
    for (size_t i = 0; i < AT_ONCE; i++)
        pthread_join(threads[i], NULL);
    return bench_now() - begun;
}

static double processor_ms(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void measure_discovery(void)
{
    struct row row = {
        .what = "1,000 SQL Servers found, 50 ms an answer: wall", .unit = "s", .kind = BAR_AT_MOST, .bar = 2
    };
    double seconds[ROUNDS], before = processor_ms(), each;
    pid_t browsers = browsers_start(DELAY_MS);

    for (size_t i = 0; i < ROUNDS; i++)
        seconds[i] = look_at_all();
    row.measured = bench_median(seconds, ROUNDS);
    each = (processor_ms() - before) / ROUNDS;
    snprintf(row.compared, sizeof row.compared,
             "%d at once, the browser and then PRELOGIN: %.2f s of mere delay; processor %.0f ms, the peer's %.0f ms",
             AT_ONCE, (COMPUTERS + AT_ONCE - 1) / AT_ONCE * 2 * DELAY_MS / 1e3, each, program_ms(browsers) / ROUNDS);
    bench_row(&row);
    browsers_stop(browsers);
}

/* -------------------------------------------------------------------------------------------------- a silent one ----
 */

/* It takes what comes, and says nothing. */
static int be_silent(int type, int port)
{
    const struct sockaddr_in address = { .sin_family = AF_INET,
                                         .sin_port = htons((uint16_t)port),
                                         .sin_addr.s_addr = htonl(FIRST + COMPUTERS) };
    int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0);

    if (bind(descriptor, (const struct sockaddr *)&address, sizeof address) != 0 ||
        (type == SOCK_STREAM && listen(descriptor, 16) != 0))
        bench_fail("sql: port %d cannot be bound", port);
    return descriptor;
}

static void measure_silence(void)
{
    struct row row = { .what = "a silent SQL Server that is given 500 ms: wall",
                       .unit = "ms",
                       .kind = BAR_AT_MOST,
                       .bar = SILENT_MS + 50 };
    int browser = be_silent(SOCK_DGRAM, 1434), port = be_silent(SOCK_STREAM, 1433);
    char host[INET_ADDRSTRLEN];
    const struct sql_scout_settings settings = { .host = host, .browser_ms = SILENT_MS, .port_ms = SILENT_MS };
    double ms[ROUNDS];
    struct sql_scout scout;
    struct err err;

    name_computer(host, COMPUTERS);
    for (size_t i = 0; i < ROUNDS; i++) {
        double begun = bench_now();

        if (sql_scout(&scout, &settings, &err) || err.class != ERR_TIMEOUT)
            bench_fail("sql: a silent computer is no timeout");
        ms[i] = (bench_now() - begun) * 1e3;
    }
    row.measured = bench_median(ms, ROUNDS);
    snprintf(row.compared, sizeof row.compared, "SQL Server Browser and 1433, both of them silent, together");
    bench_row(&row);
    close(browser);
    close(port);
}

void bench_sql(void)
{
    measure_discovery();
    measure_silence();
}
