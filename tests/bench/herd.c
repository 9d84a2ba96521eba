#include "herd.h"

#include "batch.h"
#include "bench.h"
#include "commit.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define MACHINES 100000
#define HOSTS 500
#define IN_CLUSTER 20
#define SERVERS 8000 /* that are also seen from inside, with their volumes; the first are SQL servers */
#define INSTANCES 1000
#define DATABASES 5 /* of each */
#define SLICE 5000  /* assets in a transaction */

static struct err err;

static void must(bool good)
{
    if (!good)
        bench_fail("a fleet: %s", err.text);
}

/* ------------------------------------------------------------------------------------------------------- fleet ---- */

/* What a filler needs to make an item and add it. */
struct yard {
    struct batch batch;
    struct arena arena;
    struct item item;
};

#define NAME(format, number) arena_format(&yard->arena, format, number)

static void begin(struct yard *yard, const char *kind, const char *key)
{
    item_init(&yard->item, &yard->arena, kind, arena_text(&yard->arena, key));
    item_set_text(&yard->item, "id.name", key, NULL);
}

static void set(struct yard *yard, const char *fact, const char *text)
{
    item_set_text(&yard->item, fact, text, NULL);
}

static void tie(struct yard *yard, const char *relation, const char *kind, const char *key)
{
    item_link(&yard->item, &(struct link){ relation, kind, key, NULL, NULL }, NULL);
}

static void end(struct yard *yard)
{
    batch_add_item(&yard->batch, &yard->item, item_hash(&yard->item));
    arena_reset(&yard->arena);
}

static const struct release {
    const char *build, *name;
    int service_pack;
} releases[] = {
    { "10.0.14393", "Microsoft Windows Server 2016 Standard", 0 },
    { "6.3.9600", "Microsoft Windows Server 2012 R2 Standard", 0 },
    { "10.0.14393", "Microsoft Windows Server 2016 Datacenter", 0 },
    { "6.1.7601", "Microsoft Windows Server 2008 R2 Enterprise", 1 },
    { "10.0.17763", "Microsoft Windows Server 2019 Standard", 0 },
    { "6.0.6002", "Microsoft Windows Server 2008 Standard", 2 },
    { "6.3.9600", "Microsoft Windows Server 2012 R2 Datacenter", 0 },
};
#define RELEASE(number) (&releases[(number) % (sizeof releases / sizeof *releases)])

static void set_system(struct yard *yard, const struct release *release)
{
    set(yard, "os.build", release->build);
    set(yard, "os.name", release->name);
    set(yard, "os.family", "windows");
    set(yard, "os.arch", "x64");
    item_set_int(&yard->item, "os.product_type", 3, NULL);
    item_set_int(&yard->item, "os.sku", 7, NULL);
    item_set_int(&yard->item, "os.service_pack", release->service_pack, NULL);
}

static void set_guest(struct yard *yard, const struct release *release)
{
    set(yard, "guest.build", release->build);
    set(yard, "guest.name", release->name);
    set(yard, "guest.family", "windows");
    set(yard, "guest.arch", "x64");
    item_set_int(&yard->item, "guest.product_type", 3, NULL);
    item_set_int(&yard->item, "guest.service_pack", release->service_pack, NULL);
}

static void add_hosts(struct yard *yard)
{
    for (unsigned i = 0; i < HOSTS / IN_CLUSTER; i++) {
        begin(yard, "cluster", NAME("cluster-%02u", i));
        set(yard, "cluster.type", "windows");
        end(yard);
    }
    for (unsigned i = 0; i < HOSTS; i++) {
        begin(yard, "hyperv_host", NAME("host-%03u.corp.example", i));
        set_system(yard, RELEASE(i / IN_CLUSTER));
        set(yard, "hardware.manufacturer", "Dell Inc.");
        item_set_bool(&yard->item, "hyperv.role", true, NULL);
        tie(yard, "member_of", "cluster", NAME("cluster-%02u", i / IN_CLUSTER));
        end(yard);
    }
}

static void add_machines(struct yard *yard)
{
    static const char *const disks[] = { "C:\\ClusterStorage\\Volume1\\os.vhdx",
                                         "C:\\ClusterStorage\\Volume2\\d.vhdx" };
    static const char *const places[] = { "csv" };

    for (unsigned i = 0; i < MACHINES; i++) {
        begin(yard, "vm", NAME("vm%06u", i));
        set(yard, "id.hyperv_guid", NAME("%08x-0c5e-4d6b-9f3a-5f1f7a11c0de", i));
        set(yard, "id.uuid", NAME("%08x-1a5e-4d6b-9f3a-5f1f7a11c0de", i));
        set(yard, "guest.fqdn", NAME("vm%06u.corp.example", i));
        set_guest(yard, RELEASE(i));
        set(yard, "vm.state", "running");
        item_set_int(&yard->item, "vm.generation", 1 + i % 2, NULL);
        item_set_int(&yard->item, "hardware.memory", INT64_C(17179869184), NULL);
        item_set_list(&yard->item, "vm.disks", disks, 2, NULL);
        item_set_list(&yard->item, "vm.disk_places", places, 1, NULL);
        tie(yard, "runs_on", "hyperv_host", NAME("host-%03u.corp.example", i % HOSTS));
        tie(yard, "may_run_on", "cluster", NAME("cluster-%02u", i % HOSTS / IN_CLUSTER));
        end(yard);
    }
}

static void add_volume(struct yard *yard, unsigned server, const char *path)
{
    char key[64];

    snprintf(key, sizeof key, "vm%06u/%c", server, path[0]);
    begin(yard, "volume", key);
    set(yard, "volume.filesystem", server % 50 == 0 && path[0] == 'D' ? "ReFS" : "NTFS");
    item_set_int(&yard->item, "volume.drive_type", 3, NULL);
    item_set_int(&yard->item, "volume.capacity", INT64_C(107374182400), NULL);
    item_set_list(&yard->item, "volume.paths", &path, 1, NULL);
    tie(yard, "part_of", "machine", NAME("vm%06u", server));
    end(yard);
}

/* The same machines from inside, which are one asset with those above. */
static void add_servers(struct yard *yard)
{
    for (unsigned i = 0; i < SERVERS; i++) {
        begin(yard, "machine", NAME("vm%06u", i));
        set(yard, "id.uuid", NAME("%08x-1a5e-4d6b-9f3a-5f1f7a11c0de", i));
        set(yard, "id.fqdn", NAME("vm%06u.corp.example", i));
        set_system(yard, RELEASE(i));
        set(yard, "hardware.manufacturer", "Microsoft Corporation");
        set(yard, "hardware.model", "Virtual Machine");
        set(yard, "wmf.version", "5.1");
        set(yard, "domain.name", "corp.example");
        end(yard);
        add_volume(yard, i, "C:\\");
        add_volume(yard, i, "D:\\");
    }
}

static void add_databases(struct yard *yard)
{
    char key[64];

    for (unsigned i = 0; i < INSTANCES; i++) {
        begin(yard, "sql_instance", NAME("vm%06u\\MSSQLSERVER", i));
        set(yard, "sql.build", i % 3 == 0 ? "10.50.6000.34" : "11.0.5058.0");
        tie(yard, "hosted_on", "machine", NAME("vm%06u", i));
        end(yard);
        for (unsigned j = 0; j < DATABASES; j++) {
            snprintf(key, sizeof key, "vm%06u\\MSSQLSERVER\\db%u", i, j);
            begin(yard, "database", key);
            set(yard, "database.recovery_model", "FULL");
            tie(yard, "part_of", "sql_instance", NAME("vm%06u\\MSSQLSERVER", i));
            end(yard);
        }
    }
}

static struct store *open_store(const char *path)
{
    const struct store_options options = { .path = path };
    struct store *store = store_open(&options, &err);
    struct sql sql;

    must(store != NULL);
    must(sql_open(&sql, path, SQLITE_OPEN_READWRITE, &err));
    must(sql_run(&sql,
                 "INSERT INTO scope (name) VALUES ('hv'); INSERT INTO target (name, plugin, scope, every_ms, tags)"
                 " VALUES ('hv', 'hyperv', 1, 3600000, '[\"site-a\"]')",
                 &err));
    sql_close(&sql);
    return store;
}

static void fill(struct store *store)
{
    struct yard yard = { 0 };
    struct commit commit = { .target = 1, .good = true, .completeness = COMPLETE, .batch = &yard.batch };
    struct commit_result result;

    batch_init(&yard.batch);
    arena_init(&yard.arena, ARENA_PLAIN);
    add_hosts(&yard);
    add_machines(&yard);
    add_servers(&yard);
    add_databases(&yard);
    commit.items = yard.batch.items.count;
    commit.started_at = INT64_C(1700000000000);
    commit.ended_at = commit.started_at + 1000;
    must(commit_run(store, &commit, &result, &err));
    arena_finish(&yard.arena);
    batch_finish(&yard.batch);
}

struct store *fleet_open(const char *path)
{
    struct store *store = open_store(path);

    fill(store);
    return store;
}

/* ------------------------------------------------------------------------------------------------------ rounds ---- */

static double processor_now(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

struct pass fleet_judge(struct store *store, const struct basis *basis, bool again)
{
    static int64_t now = INT64_C(1700000100000);
    struct pass pass = { .processor = -processor_now() };
    struct rejudge_result result;

    do {
        double begun = bench_now(), took;

        must(rejudge_slice(store, basis, ++now, SLICE, again, &result, &err));
        took = bench_now() - begun;
        pass.seconds += took;
        pass.longest = took > pass.longest ? took : pass.longest;
        pass.judged += result.judged;
        pass.changed += result.changed;
    } while (result.more);
    pass.processor += processor_now();
    return pass;
}

struct knowledge *fleet_matrix(void)
{
    struct config_problems problems;
    struct knowledge *knowledge;

    config_problems_init(&problems);
    knowledge = knowledge_load(PUBLISHED "/products.conf", PUBLISHED "/matrix", SOURCE_READABLE, &problems);
    if (knowledge == NULL) {
        config_problems_print(&problems);
        bench_fail("the published matrix is not taken");
    }
    config_problems_finish(&problems);
    return knowledge;
}
