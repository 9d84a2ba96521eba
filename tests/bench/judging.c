/* Judging everything anew, database included: when nothing comes of it, and when every verdict is another. */
#include "bench.h"

#include "batch.h"
#include "commit.h"
#include "judging.h"
#include "knowledge.h"
#include "query_protection.h"
#include "query_suppose.h"
#include "sql.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define MACHINES 100000
#define HOSTS 500
#define IN_CLUSTER 20
#define SERVERS 8000 /* that are also seen from inside, with their volumes; the first are SQL servers */
#define INSTANCES 1000
#define DATABASES 5 /* of each */
#define SLICE 5000  /* assets in a transaction */
#define ROUNDS 3
#define READINGS 7

static char folder[] = "/tmp/muster-bench-XXXXXX";
static struct err err;

static void must(bool good)
{
    if (!good)
        bench_fail("judging: %s", err.text);
}

/* -------------------------------------------------------------------------------------------------------- fleet ----
 */

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

/* ------------------------------------------------------------------------------------------------------- rounds ----
 */

struct pass {
    double seconds, longest; /* longest: of the slices */
    double processor;        /* seconds, of this process and of the kernel for it: what others do, slows these less */
    uint64_t judged, changed;
};

static double processor_now(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static struct pass judge_all(struct store *store, const struct basis *basis, bool again)
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

/* The published matrix, and one backup server. */
static struct knowledge *load_matrix(void)
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
    first = judge_all(store, &basis, false);
    tell("100,000 verdicts that are the first", &first, BAR_NONE);
    for (int round = 0; round < ROUNDS; round++) {
        same = faster(same, judge_all(store, &basis, true));
        use(&estate, &server, &basis, round % 2 == 0 ? "mabs-v1" : "mabs-v2");
        other = faster(other, judge_all(store, &basis, false));
    }
    tell("100,000 verdicts anew, none another", &same, BAR_AT_MOST);
    tell("100,000 verdicts anew, each another", &other, BAR_AT_MOST);
}

/* ------------------------------------------------------------------------------------------------------ reading ----
 */

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

/* ---------------------------------------------------------------------------------------------------- supposing ----
 */

struct answer_cost {
    double seconds, processor;
    int64_t compared, changed;
    size_t groups;
};

static struct answer_cost suppose(const char *path, const struct query_suppose *asked)
{
    struct answer_cost cost = { .seconds = -bench_now(), .processor = -processor_now() };
    struct query *query = query_open(path, &err);
    struct query_supposed supposed;
    struct arena arena;

    must(query != NULL);
    arena_init(&arena, ARENA_PLAIN);
    must(query_suppose(query, asked, INT64_C(1700000200000), &arena, &supposed, &err));
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
    struct answer_cost best = suppose(path, asked);

    for (int round = 1; round < ROUNDS; round++) {
        struct answer_cost cost = suppose(path, asked);

        best = cost.seconds < best.seconds ? cost : best;
    }
    row.measured = best.seconds * 100000 / (double)best.compared;
    snprintf(row.compared, sizeof row.compared,
             "%.2f s of processor; %lld compared, %lld change in %zu groups; for all of them %.2f s",
             best.processor * 100000 / (double)best.compared, (long long)best.compared, (long long)best.changed,
             best.groups, best.seconds);
    bench_row(&row);
}

static void measure_supposing(const char *path, const struct matrix *matrix)
{
    static const struct attribute build = { "os.build", { .type = VALUE_TEXT, .text = "10.0.17763" } };
    const struct query_protection_filter all = { .all = true, .limit = 1000 };
    const struct query_protection_filter hosts = { .name = "host-0*", .all = true, .limit = 1000 };
    struct query_suppose asked = { .matrix = matrix, .filter = &all };

    asked.product = products_find(matrix->products, "mabs-v4");
    time_supposing("what-if of 100,000 protections: a product", path, &asked);
    asked = (struct query_suppose){ .matrix = matrix, .facts = &build, .fact_count = 1, .filter = &hosts };
    time_supposing("what-if of 100,000 protections: other hosts", path, &asked);
}

void bench_judging(void)
{
    struct knowledge *knowledge = load_matrix();
    struct store *store;
    char path[128];

    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for a database");
    snprintf(path, sizeof path, "%s/muster.db", folder);
    store = open_store(path);
    fill(store);
    measure(store, knowledge_matrix(knowledge));
    time_reading("a list of 50 of these verdicts", path, read_list);
    time_reading("a summary of them, by key", path, read_summary);
    measure_supposing(path, knowledge_matrix(knowledge));
    store_close(store);
    knowledge_unload(knowledge);
    bench_remove(folder);
}
