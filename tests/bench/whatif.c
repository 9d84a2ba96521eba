/* What-if: another product for all of a fleet, and other facts of some of its hosts. */
#include "bench.h"

#include "herd.h"
#include "query_suppose.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 5
#define NOW INT64_C(1700000200000)

static char folder[] = "/tmp/muster-bench-XXXXXX";
static struct err err;

static void must(bool good)
{
    if (!good)
        bench_fail("what-if: %s", err.text);
}

struct cost {
    double seconds, processor;
    int64_t compared, changed;
    size_t groups;
};

static double processor_now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* As the command does it, but for the writing of the answer. */
static struct cost suppose(const char *path, const struct query_suppose *asked)
{
    struct cost cost = { .seconds = -bench_now(), .processor = -processor_now() };
    struct query *query = query_open(path, &err);
    struct query_supposed supposed;
    struct arena arena;

    must(query != NULL);
    arena_init(&arena, ARENA_PLAIN);
    must(query_suppose(query, asked, NOW, &arena, &supposed, &err));
    cost.seconds += bench_now();
    cost.processor += processor_now();
    cost.compared = supposed.compared;
    cost.changed = supposed.changed;
    cost.groups = supposed.group_count;
    arena_finish(&arena);
    query_close(query);
    return cost;
}

static void time_supposing(const char *what, const char *path, const struct query_suppose *asked)
{
    struct row row = { .what = what, .unit = "s", .kind = BAR_AT_MOST, .bar = 1 };
    struct cost best = suppose(path, asked);

    for (int round = 1; round < ROUNDS; round++) {
        struct cost cost = suppose(path, asked);

        best = cost.seconds < best.seconds ? cost : best;
    }
    row.measured = best.seconds * 100000 / (double)best.compared;
    snprintf(row.compared, sizeof row.compared,
             "%.2f s of processor; %lld compared, %lld change, in %zu groups; all of it %.2f s",
             best.processor * 100000 / (double)best.compared, (long long)best.compared, (long long)best.changed,
             best.groups, best.seconds);
    bench_row(&row);
}

static void measure(const char *path, const struct matrix *matrix)
{
    static const struct attribute build = { "os.build", { .type = VALUE_TEXT, .text = "10.0.17763" } };
    const struct query_protection_filter all = { .all = true, .limit = 1000 };
    const struct query_protection_filter hosts = { .name = "host-0*", .all = true, .limit = 1000 };
    struct query_suppose asked = { .matrix = matrix, .filter = &all };

    asked.product = products_find(matrix->products, "mabs-v4");
    time_supposing("what-if of 100,000: another product", path, &asked);
    asked = (struct query_suppose){ .matrix = matrix, .facts = &build, .fact_count = 1, .filter = &hosts };
    time_supposing("what-if of 100,000: other facts of hosts", path, &asked);
}

void bench_whatif(void)
{
    struct estate_server server = { .name = "BKP1", .product = "mabs-v2", .installation = "physical" };
    struct estate estate = { .servers = &server, .server_count = 1 };
    struct knowledge *knowledge = fleet_matrix();
    struct store *store;
    struct basis basis;
    char path[128];

    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for a database");
    snprintf(path, sizeof path, "%s/muster.db", folder);
    store = fleet_open(path);
    estate.hash = estate_hash(&estate);
    basis = basis_make(knowledge_matrix(knowledge), &estate);
    fleet_judge(store, &basis, false);
    measure(path, knowledge_matrix(knowledge));
    store_close(store);
    knowledge_unload(knowledge);
    bench_remove(folder);
}
