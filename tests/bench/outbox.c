/* What people are to be told costs those nothing who scan: commits beside a full outbox, and beside none; and what
 * many changed verdicts cost on their way to one alert. */
#include "bench.h"

#include "batch.h"
#include "commit.h"
#include "goods.h"
#include "outbox.h"
#include "sql.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define PENDING 50000
#define FLIPS 5000
#define ITEMS 1000 /* of a scan, of which one in GOODS_EACH changed */
#define ROUNDS 15
#define IN_ROUND 20    /* commits */
#define STEP_EVERY 0.1 /* seconds: musterd takes no more steps than that */
#define BUSY 500
#define IDLE 2500
#define EPOCH INT64_C(1700000000000)
#define HOUR INT64_C(3600000)

static char folder[] = "/tmp/muster-bench-XXXXXX";
static struct err err;
static struct batch editions[2];

static void must(bool good)
{
    if (!good)
        bench_fail("outbox: %s", err.text);
}

static const struct hook hook = { .name = "mail", .grace_ms = HOUR, .window_ms = HOUR, .storm = 20 };
static const struct hooks hooks = { &hook, 1 };

struct side {
    struct store *store;
    struct sql sql; /* looks on */
    int64_t now;
    unsigned commits;
    double stepped; /* when the last step ended */
    bool told;      /* it has hooks */
};

static void open_side(struct side *side, const char *name)
{
    char path[64];
    const struct store_options options = { .path = path };

    snprintf(path, sizeof path, "%s/%s", folder, name);
    *side = (struct side){ .store = store_open(&options, &err), .now = EPOCH };
    must(side->store != NULL);
    must(sql_open(&side->sql, path, SQLITE_OPEN_READWRITE, &err));
    must(sql_run(&side->sql,
                 "INSERT INTO scope (name) VALUES ('vc'); INSERT INTO target (name, plugin, scope, every_ms)"
                 " VALUES ('vc', 'vmware', 1, 3600000)",
                 &err));
}

static void close_side(struct side *side)
{
    sql_close(&side->sql);
    store_close(side->store);
}

/* As many at once as musterd takes where scans wait, or where none does. */
static void step(struct side *side, size_t most)
{
    const struct outbox_setting setting = { .hooks = &hooks, .now = side->now };
    struct outbox_step step;

    do
        must(outbox_step(side->store, &setting, most, &step, &err));
    while (step.more);
    side->stepped = bench_now();
}

/* So many findings. */
static void find(struct side *side, unsigned count)
{
    char text[512];

    snprintf(
        text, sizeof text,
        "INSERT INTO finding (kind, asset, method, server, state, need, verdict, opened_at, changed_at)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u)"
        " SELECT 'verdict', (SELECT min(id) FROM asset) + i %% %d, 'agent', 'b' || i, 'open', 'act', 'unsupported',"
        " 1, 1 FROM n",
        count, ITEMS);
    must(sql_run(&side->sql, text, &err));
}

/* All of them are another now, as a matrix that changed leaves them: in one batch. */
static void flip(struct side *side, const char *verdict, const char *batch)
{
    char text[512];

    snprintf(
        text, sizeof text,
        "BEGIN; UPDATE finding SET verdict = '%s'; INSERT INTO event (at, what, subject, state, finding, asset, batch)"
        " SELECT %lld, 'finding.changed', 'finding ' || id, 'act %s', id, asset, '%s' FROM finding; COMMIT",
        verdict, (long long)side->now, verdict, batch);
    must(sql_run(&side->sql, text, &err));
}

/* Seconds of one commit, with the steps that musterd takes beside it. */
static double commit_once(struct side *side)
{
    const struct batch *batch = &editions[side->commits++ % 2];
    const struct commit commit = {
        .target = 1,
        .good = true,
        .completeness = COMPLETE,
        .batch = batch,
        .items = batch->items.count,
        .started_at = side->now += 60,
        .ended_at = side->now += 40,
    };
    struct commit_result result;
    double begun = bench_now();

    must(commit_run(side->store, &commit, &result, &err));
    if (side->told && bench_now() - side->stepped >= STEP_EVERY)
        step(side, BUSY);
    return bench_now() - begun;
}

/* Commits in turn, so that what else the machine does befalls both. */
static void round_of(struct side *full, struct side *bare, double *with, double *without)
{
    *with = *without = 0;
    for (unsigned i = 0; i < IN_ROUND; i++) {
        *with += commit_once(full);
        *without += commit_once(bare);
    }
}

static void rate_row(struct side *full, struct side *bare)
{
    struct row row = {
        .what = "scans beside 50,000 events that wait, against none", .unit = "x", .kind = BAR_AT_LEAST, .bar = 0.95
    };
    double with[ROUNDS], without[ROUNDS], ratios[ROUNDS];

    for (unsigned i = 0; i < ROUNDS; i++) {
        round_of(full, bare, &with[i], &without[i]);
        ratios[i] = without[i] / with[i];
    }
    row.measured = bench_median(ratios, ROUNDS);
    snprintf(row.compared, sizeof row.compared, "%.0f of 1,000 items a second; %.0f beside none",
             IN_ROUND / bench_median(with, ROUNDS), IN_ROUND / bench_median(without, ROUNDS));
    bench_row(&row);
}

static double processor_now(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* From events to the alert; what lies between, waits. */
static double tell(struct side *side, double *processor)
{
    double begun = bench_now();

    *processor = -processor_now();
    step(side, IDLE);
    side->now += 2 * HOUR;
    step(side, IDLE);
    *processor = (*processor + processor_now()) * 1e3;
    return (bench_now() - begun) * 1e3;
}

static void flips_row(struct side *side)
{
    struct row row = {
        .what = "5,000 changed verdicts become one alert", .unit = "ms", .kind = BAR_AT_MOST, .bar = 100
    };
    double took[ROUNDS], processor[ROUNDS];
    int64_t alerts;

    find(side, FLIPS);
    for (unsigned i = 0; i < ROUNDS; i++) {
        flip(side, i % 2 == 0 ? "unsupported" : "contradictory", "basis 7");
        took[i] = tell(side, &processor[i]);
    }
    must(sql_number(&side->sql, "SELECT count(*) FROM alert", &alerts, &err));
    if (alerts != ROUNDS)
        bench_fail("outbox: %lld alerts", (long long)alerts);
    bench_median(took, ROUNDS); /* sorts them: as of judging, the fastest counts */
    row.measured = took[0];
    snprintf(row.compared, sizeof row.compared, "a tenth of judging 100,000 anew; %.0f ms of processor",
             bench_median(processor, ROUNDS));
    bench_row(&row);
}

void bench_outbox(void)
{
    struct side full, bare, flipped;
    int64_t waiting;

    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for databases");
    goods_fill(&editions[0], ITEMS, 0);
    goods_fill(&editions[1], ITEMS, 1);
    open_side(&full, "full.db");
    open_side(&bare, "bare.db");
    open_side(&flipped, "flipped.db");
    commit_once(&full);
    commit_once(&bare);
    commit_once(&flipped);
    step(&full, IDLE);
    step(&flipped, IDLE);
    flips_row(&flipped);
    find(&full, PENDING);
    flip(&full, "unsupported", "");
    step(&full, IDLE);
    must(sql_number(&full.sql, "SELECT count(*) FROM pending", &waiting, &err));
    if (waiting != PENDING)
        bench_fail("outbox: %lld events wait", (long long)waiting);
    full.told = true;
    rate_row(&full, &bare);
    close_side(&full);
    close_side(&bare);
    close_side(&flipped);
    batch_finish(&editions[0]);
    batch_finish(&editions[1]);
    bench_remove(folder);
}
