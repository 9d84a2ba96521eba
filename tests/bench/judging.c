/* Judging everything anew, database included: when nothing comes of it, and when every verdict is another. */
#include "bench.h"

#include "herd.h"
#include "query_protection.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 3
#define READINGS 7

static char folder[] = "/tmp/muster-bench-XXXXXX";
static struct err err;

static void must(bool good)
{
    if (!good)
        bench_fail("judging: %s", err.text);
}

/* ------------------------------------------------------------------------------------------------------ rounds ---- */

static void tell(const char *what, const struct pass *pass, enum bar bar)
{
    struct row row = { .what = what, .unit = "s", .kind = bar, .bar = 1 };

    row.measured = pass->seconds * 100000 / (double)pass->judged;
    snprintf(row.compared, sizeof row.compared,
             "%.2f s of processor; %.0f verdicts/s; %llu judged, %llu written; longest slice %.0f ms",
             pass->processor * 100000 / (double)pass->judged, (double)pass->judged / pass->seconds,
             (unsigned long long)pass->judged, (unsigned long long)pass->changed, pass->longest * 1e3);
    bench_row(&row);
}

static struct pass faster(struct pass one, struct pass other)
{
    return one.judged != 0 && one.seconds < other.seconds ? one : other;
}

static void use(struct estate *estate, struct estate_server *server, struct basis *basis, const char *product)
{
    server->product = product;
    estate->hash = estate_hash(estate);
    basis->hash = estate->hash;
}

static void measure(struct store *store, const struct matrix *matrix)
{
    struct estate_server server = { .name = "BKP1", .installation = "physical" };
    struct estate estate = { .servers = &server, .server_count = 1 };
    struct basis basis = { .matrix = matrix, .estate = &estate };
    struct pass first, same = { 0 }, other = { 0 };

    use(&estate, &server, &basis, "mabs-v2");
    first = fleet_judge(store, &basis, false);
    tell("100,000 verdicts that are the first", &first, BAR_NONE);
    for (int round = 0; round < ROUNDS; round++) {
        same = faster(same, fleet_judge(store, &basis, true));
        use(&estate, &server, &basis, round % 2 == 0 ? "mabs-v1" : "mabs-v2");
        other = faster(other, fleet_judge(store, &basis, false));
    }
    tell("100,000 verdicts anew, none another", &same, BAR_AT_MOST);
    tell("100,000 verdicts anew, each another", &other, BAR_AT_MOST);
}

/* ----------------------------------------------------------------------------------------------------- reading ---- */

static void read_list(struct query *query, struct arena *arena, int64_t now)
{
    const struct query_protection_filter filter = { .limit = 50 };
    struct query_protections found;

    must(query_protection_list(query, &filter, now, arena, &found, &err) && found.count == 50);
}

static void read_summary(struct query *query, struct arena *arena, int64_t now)
{
    struct query_verdicts found;

    must(query_verdict_summary(query, GROUPING_KEY, 20, now, arena, &found, &err) && found.group_count > 0);
}

static void time_reading(const char *what, const char *path,
                         void (*read)(struct query *query, struct arena *arena, int64_t now))
{
    struct row row = { .what = what, .unit = "ms", .kind = BAR_AT_MOST, .bar = 300 };
    double ms[READINGS];

    for (int round = 0; round < READINGS; round++) {
        double begun = bench_now();
        struct query *query = query_open(path, &err);
        struct arena arena;

        must(query != NULL);
        arena_init(&arena, ARENA_PLAIN);
        read(query, &arena, INT64_C(1700000200000));
        arena_finish(&arena);
        query_close(query);
        ms[round] = (bench_now() - begun) * 1e3;
    }
    row.measured = bench_median(ms, READINGS);
    bench_row(&row);
}

void bench_judging(void)
{
    struct knowledge *knowledge = fleet_matrix();
    struct store *store;
    char path[128];

    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for a database");
    snprintf(path, sizeof path, "%s/muster.db", folder);
    store = fleet_open(path);
    measure(store, knowledge_matrix(knowledge));
    time_reading("a list of 50 of these verdicts", path, read_list);
    time_reading("a summary of them, by key", path, read_summary);
    store_close(store);
    knowledge_unload(knowledge);
    bench_remove(folder);
}
