/* The command's answers out of a large database: a vCenter's worth of machines many times over, with their history. */
#include "bench.h"

#include "program.h"
#include "sql.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 7

static char folder[] = "/tmp/muster-bench-XXXXXX";

/* 300,000 virtual machines of 30 vCenters, each an asset, with a host's link, its names, and two entries of history. */
static const char fleet[] =
    "BEGIN;"
    "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
    " SELECT i FROM n;"
    "INSERT INTO scope (id, name) SELECT i, printf('vc%02d', i) FROM n WHERE i <= 30;"
    "INSERT INTO target (id, name, plugin, scope, every_ms, result, started_at, ended_at, succeeded_at, completed_at)"
    " SELECT i, printf('vc%02d', i), 'vmware', i, 3600000, 'complete', 1e12, 1e12, 1e12, 1e12 FROM n WHERE i <= 30;"
    "INSERT INTO journal (id, kind, target, started_at, ended_at, result)"
    " SELECT i, 'scan', i, 1e12, 1e12, 'complete' FROM n WHERE i <= 30;"
    "INSERT INTO asset (id, kind, name, created_at) SELECT i, 'vm', printf('vm%06d.corp.example', i), 1e12 FROM n;"
    "INSERT INTO item (id, scope, kind, key, asset, last_history, name, facts, appeared_at, changed_at)"
    " SELECT i, i % 30 + 1, 'vm', printf('%08x-0c5e-4d6b-9f3a-%012x', i * 40503 % 1000003, i), i, i + 300000,"
    " printf('vm%06d.corp.example', i), json_object('id.name', printf('vm%06d.corp.example', i), 'guest.name',"
    " 'Microsoft Windows Server 2016 (64-bit)', 'guest.build', '10.0.14393', 'hardware.memory', 17179869184 + i,"
    " 'vm.disks', json_array('C:', 'D:')), 1e12, 1e12 FROM n;"
    "INSERT INTO sighting (target, identity, hash, item) SELECT i % 30 + 1, randomblob(16), randomblob(16), i FROM n"
    " ORDER BY 1, 2;"
    "INSERT INTO link (item, number, relation, kind, key)"
    " SELECT i, 0, 'runs_on', 'esxi_host', printf('host-%03d', i % 200) FROM n;"
    "INSERT INTO history (journal, at, asset, item, previous, what, detail)"
    " SELECT i % 30 + 1, 1e12 + i, i, i, NULL, 'appeared', '{}' FROM n;"
    "INSERT INTO history (journal, at, asset, item, previous, what, detail)"
    " SELECT i % 30 + 1, 2e12 + i, i, i, i, 'moved', '{\"from\":\"host-001\",\"to\":\"host-002\"}' FROM n;"
    "COMMIT";

static void make(const char *path)
{
    const struct store_options options = { .path = path };
    struct err err = ERR_EMPTY;
    struct store *store = store_open(&options, &err);
    struct sql sql;

    if (store == NULL || !sql_open(&sql, path, SQLITE_OPEN_READWRITE, &err) || !sql_run(&sql, fleet, &err))
        bench_fail("a large database: %s", err.text);
    sql_close(&sql);
    store_close(store);
}

static void measure(const char *what, const char *const *words)
{
    struct row row = { .what = what, .unit = "ms", .kind = BAR_AT_MOST, .bar = 300 };
    double ms[ROUNDS], bytes = 0;

    for (int round = 0; round < ROUNDS; round++) {
        struct program program;

        program_run(&program, COMMAND_PROGRAM, words);
        if (program.status != 0)
            bench_fail("%s: exit status %d", what, program.status);
        ms[round] = program.seconds * 1e3;
        bytes = (double)program.printed;
    }
    row.measured = bench_median(ms, ROUNDS);
    snprintf(row.compared, sizeof row.compared, "from fork to exit, %.0f bytes printed; least %.1f, most %.1f", bytes,
             ms[0], ms[ROUNDS - 1]);
    bench_row(&row);
}

void bench_inventory(void)
{
    char path[128];

    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for a database");
    snprintf(path, sizeof path, "%s/muster.db", folder);
    make(path);
    measure("muster list --inventory --limit 50, 300,000 items",
            (const char *const[]){ "muster", "--database", path, "list", "--inventory", "--limit", "50", NULL });
    measure("muster summary, the same", (const char *const[]){ "muster", "--database", path, "summary", NULL });
    measure("muster show of one of them", (const char *const[]){ "muster", "--database", path, "show", "77777", NULL });
    measure("muster history of one of them",
            (const char *const[]){ "muster", "--database", path, "history", "77777", NULL });
    measure("muster history --limit 50",
            (const char *const[]){ "muster", "--database", path, "history", "--limit", "50", NULL });
    bench_remove(folder);
}
