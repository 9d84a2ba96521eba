/* The published knowledge: the shipped files read and checked, all of them, and the seed's edition alone. */
#include "bench.h"

#include "knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ROUNDS 21

static char folder[] = "/tmp/muster-bench-XXXXXX";

/* The seed's edition, and what it names. */
static const char *const seed[] = { "azure-backup-server.conf", "conditions.conf" };

static struct knowledge *load(const char *matrix)
{
    struct config_problems problems;
    struct knowledge *knowledge;

    config_problems_init(&problems);
    knowledge = knowledge_load(PUBLISHED "/products.conf", matrix, SOURCE_READABLE, &problems);
    if (knowledge == NULL) {
        config_problems_print(&problems);
        bench_fail("%s is not taken", matrix);
    }
    config_problems_finish(&problems);
    return knowledge;
}

static size_t count_rows(const struct knowledge *knowledge)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);
    size_t count = 0;

    for (size_t i = 0; i < matrix->edition_count; i++)
        count += matrix->editions[i].row_count;
    return count;
}

static void measure(const char *what, const char *matrix, double bar)
{
    struct row row = { .what = what, .unit = "ms", .kind = BAR_AT_MOST, .bar = bar };
    struct knowledge *knowledge = NULL;
    double ms[ROUNDS];

    for (int round = 0; round < ROUNDS; round++) {
        double begun;

        knowledge_unload(knowledge);
        begun = bench_now();
        knowledge = load(matrix);
        ms[round] = (bench_now() - begun) * 1e3;
    }
    row.measured = bench_median(ms, ROUNDS);
    snprintf(row.compared, sizeof row.compared, "%zu editions, %zu rows expanded, %zu KiB kept",
             knowledge_matrix(knowledge)->edition_count, count_rows(knowledge), knowledge_bytes(knowledge) / 1024);
    bench_row(&row);
    knowledge_unload(knowledge);
}

static void link_seed(void)
{
    char from[512], to[512];

    for (size_t i = 0; i < sizeof seed / sizeof seed[0]; i++) {
        snprintf(from, sizeof from, PUBLISHED "/matrix/%s", seed[i]);
        snprintf(to, sizeof to, "%s/%s", folder, seed[i]);
        if (symlink(from, to) != 0)
            bench_fail("%s cannot be made", to);
    }
}

void bench_knowledge(void)
{
    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for an edition");
    link_seed();
    measure("products.conf and all of matrix/ read", PUBLISHED "/matrix", 100);
    measure("products.conf and the seed's edition read", folder, 20);
    bench_remove(folder);
}
