/* What findings cost: verdicts that flip while everything is judged anew, where each is a finding, and where none is.
 */
#include "bench.h"

#include "herd.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 5

static char folder[] = "/tmp/muster-bench-XXXXXX";

/* Together the names of the first 35,000 machines, of which each release has a seventh: 5,000. */
static const char *const names[] = { "vm00*", "vm01*", "vm02*", "vm030*", "vm031*", "vm032*", "vm033*", "vm034*" };
#define RULES (sizeof names / sizeof *names)

/* By the agent, the one is a finding each, the other none. */
static const char *const systems[] = { "Microsoft Windows Server 2008 Standard",
                                       "Microsoft Windows Server 2016 Standard" };

struct flip {
    struct store *store;
    struct estate_server server;
    struct estate_rule rules[RULES];
    struct estate estate;
    struct basis basis;
};

/* Judges everything with the rule that these count by the agent, or not at all. */
static struct pass judge_by(struct flip *flip, const char *system, const char *by)
{
    for (size_t i = 0; i < RULES; i++) {
        flip->rules[i] = (struct estate_rule){
            .where = { .name = names[i], .attribute = "guest.name", .value = system }, .by = by, .reason = "a lab"
        };
    }
    flip->estate.hash = estate_hash(&flip->estate);
    flip->basis.hash = flip->estate.hash;
    return fleet_judge(flip->store, &flip->basis, false);
}

/* Processor seconds of a flip there and back. */
static double flip_twice(struct flip *flip, const char *system, uint64_t *changed)
{
    struct pass there, back;

    judge_by(flip, system, "agent");
    there = judge_by(flip, system, "none");
    back = judge_by(flip, system, "agent");
    *changed = there.changed;
    return there.processor + back.processor;
}

static void measure(struct flip *flip)
{
    struct row row = {
        .what = "5,000 findings end and open, of all judged anew", .unit = "x", .kind = BAR_AT_MOST, .bar = 1.1
    };
    double ratios[ROUNDS], with = 0, without = 0;
    uint64_t changed[2];

    for (int round = 0; round < ROUNDS; round++) {
        with = flip_twice(flip, systems[0], &changed[0]);
        without = flip_twice(flip, systems[1], &changed[1]);
        if (changed[0] != changed[1])
            bench_fail("findings: %llu verdicts flipped, and %llu", (unsigned long long)changed[0],
                       (unsigned long long)changed[1]);
        ratios[round] = with / without;
    }
    row.measured = bench_median(ratios, ROUNDS);
    snprintf(row.compared, sizeof row.compared,
             "the same flips without a finding: %.2f s of processor, with them %.2f s; %llu rows each", without / 2,
             with / 2, (unsigned long long)changed[0]);
    bench_row(&row);
}

void bench_findings(void)
{
    struct knowledge *knowledge = fleet_matrix();
    struct flip flip = { .server = { .name = "BKP1", .installation = "physical", .product = "mabs-v2" } };
    char path[128];

    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for a database");
    snprintf(path, sizeof path, "%s/muster.db", folder);
    flip.store = fleet_open(path);
    flip.estate =
        (struct estate){ .servers = &flip.server, .server_count = 1, .rules = flip.rules, .rule_count = RULES };
    flip.basis = (struct basis){ .matrix = knowledge_matrix(knowledge), .estate = &flip.estate };
    measure(&flip);
    store_close(flip.store);
    knowledge_unload(knowledge);
    bench_remove(folder);
}
