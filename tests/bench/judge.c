/* Judging alone, without a database: verdicts a second on one core, for fleets whose facts are there and mostly good,
 * and for one that is full of trouble, where steps are looked for. */
#include "bench.h"

#include "arena.h"
#include "judge.h"
#include "knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MACHINES 1000 /* what the daemon judges at a time; then the session forgets them */
#define HOSTS 32
#define IN_CLUSTER 16
#define CLUSTERS (HOSTS / IN_CLUSTER)
#define STORES (CLUSTERS * 4) /* datastores */
#define SECONDS 0.15
#define ROUNDS 7
#define FACTS 32 /* of one thing */

/* ------------------------------------------------------------------------------------------------------- fleet ---- */

struct yard {
    struct world world;
    struct arena arena;
    struct thing *things;
    size_t count;
    const struct thing **asked; /* what is judged */
    size_t asked_count;
};

static const struct thing *find(struct world *world, int64_t id)
{
    const struct yard *yard = (const struct yard *)world;

    return id < 1 || (size_t)id > yard->count ? NULL : &yard->things[id - 1];
}

/* For ties; most things have few. */
static size_t room_of(const char *kind)
{
    return strcmp(kind, "cluster") == 0 ? IN_CLUSTER : 5;
}

static struct thing *add(struct yard *yard, const char *kind, const char *name, unsigned number)
{
    struct thing *thing = &yard->things[yard->count++];
    const char **kinds = arena_alloc(&yard->arena, sizeof *kinds);

    kinds[0] = kind;
    *thing = (struct thing){ .id = (int64_t)yard->count,
                             .kind = kind,
                             .name = arena_format(&yard->arena, "%s%u", name, number),
                             .kinds = kinds,
                             .kind_count = 1,
                             .facts = arena_alloc(&yard->arena, FACTS * sizeof(struct attribute)),
                             .ties = arena_alloc(&yard->arena, room_of(kind) * sizeof(struct thing_tie)) };
    return thing;
}

static void put(struct thing *thing, const char *name, struct value value)
{
    struct attribute *facts = (struct attribute *)thing->facts;
    size_t at = thing->fact_count++;

    if (at == FACTS)
        bench_fail("judge: no room for %s", name);
    for (; at > 0 && strcmp(facts[at - 1].name, name) > 0; at--)
        facts[at] = facts[at - 1];
    facts[at] = (struct attribute){ .name = name, .value = value };
}

static void put_text(struct thing *thing, const char *name, const char *text)
{
    put(thing, name, (struct value){ .type = VALUE_TEXT, .text = text });
}

static void put_int(struct thing *thing, const char *name, int64_t number)
{
    put(thing, name, (struct value){ .type = VALUE_INT, .number = number });
}

static void put_truth(struct thing *thing, const char *name, bool truth)
{
    put(thing, name, (struct value){ .type = VALUE_BOOL, .truth = truth });
}

static void put_list(struct thing *thing, const char *name, const char *const *texts, size_t count)
{
    struct value value = { .type = VALUE_LIST };

    value.list.texts = texts;
    value.list.count = count;
    put(thing, name, value);
}

static void put_tie(struct thing *thing, struct thing_tie tie)
{
    struct thing_tie *ties = (struct thing_tie *)thing->ties;
    size_t at = thing->tie_count++;

    if (at == room_of(thing->kind))
        bench_fail("judge: no room for %s", tie.relation);
    for (; at > 0 && strcmp(ties[at - 1].relation, tie.relation) > 0; at--)
        ties[at] = ties[at - 1];
    ties[at] = tie;
}

/* both: the far end says so too. What stands on a host or a datastore nobody asks it, so that need not be there. */
static void tie(struct thing *from, const char *relation, struct thing *far, bool both)
{
    put_tie(from, (struct thing_tie){ .relation = relation, .outward = true, .far = far->id });
    if (both)
        put_tie(far, (struct thing_tie){ .relation = relation, .far = from->id });
}

/* ---------------------------------------------------------------------------------------------------- machines ---- */

struct release {
    const char *build, *name;
    int service_pack, sku;
};

static const struct release good[] = {
    { "10.0.14393", "Microsoft Windows Server 2016 Standard", 0, 7 },
    { "6.3.9600", "Microsoft Windows Server 2012 R2 Standard", 0, 7 },
    { "10.0.14393", "Microsoft Windows Server 2016 Datacenter", 0, 8 },
    { "6.3.9600", "Microsoft Windows Server 2012 R2 Datacenter", 0, 8 },
    { "6.2.9200", "Microsoft Windows Server 2012 Standard", 0, 7 },
};
static const struct release bad[] = {
    { "10.0.17763", "Microsoft Windows Server 2019 Standard", 0, 7 },
    { "6.0.6002", "Microsoft Windows Server 2008 Standard", 2, 7 },
    { "6.1.7600", "Microsoft Windows Server 2008 R2 Standard", 0, 7 },
    { "6.1.7601", "Microsoft Windows Server 2008 R2 Enterprise", 1, 10 },
    { "5.2.3790", "Microsoft Windows Server 2003 R2 Standard", 2, 7 },
    { "10.0.14393", "Microsoft Windows Server 2016 Standard", 0, 7 },
};

/* What a fleet is made of. */
struct mix {
    const char *what, *product;
    bool vmware, trouble;
    enum bar bar;
};

static const struct release *release_of(const struct mix *mix, unsigned number)
{
    return mix->trouble ? &bad[number % (sizeof bad / sizeof *bad)] : &good[number % (sizeof good / sizeof *good)];
}

static void put_system(struct thing *thing, const struct release *release)
{
    put_text(thing, "os.build", release->build);
    put_text(thing, "os.name", release->name);
    put_text(thing, "os.family", "windows");
    put_text(thing, "os.arch", "x64");
    put_int(thing, "os.product_type", 3);
    put_int(thing, "os.sku", release->sku);
    put_int(thing, "os.service_pack", release->service_pack);
}

static struct thing *add_host(struct yard *yard, const struct mix *mix, unsigned number)
{
    struct thing *host = add(yard, mix->vmware ? "esxi_host" : "hyperv_host", "host", number);

    put_text(host, "id.name", host->name);
    put_text(host, "id.fqdn", host->name);
    put_int(host, "hardware.memory", INT64_C(274877906944));
    put_text(host, "hardware.model", "PowerEdge R640");
    if (mix->vmware) {
        put_text(host, "vsphere.version", mix->trouble && number / IN_CLUSTER % 2 == 0 ? "6.7.0" : "6.5.0");
        put_text(host, "vsphere.build", "4564106");
        put_text(host, "vsphere.license_edition",
                 mix->trouble && number / IN_CLUSTER % 3 == 0 ? "esxBasic" : "esxEnterprisePlus");
        put_text(host, "vsphere.license_name", "VMware vSphere 6 Enterprise Plus");
    } else {
        put_system(host, release_of(mix, number / IN_CLUSTER));
        put_truth(host, "hyperv.role", true);
        put_truth(host, "cluster.member", true);
        put_text(host, "hardware.manufacturer", "Dell Inc.");
    }
    return host;
}

static void put_guest(struct thing *machine, const struct release *release)
{
    static const char *const disks[] = { "Volume1\\os.vhdx", "Volume2\\data.vhdx" };

    put_text(machine, "guest.build", release->build);
    put_text(machine, "guest.name", release->name);
    put_text(machine, "guest.family", "windows");
    put_text(machine, "guest.arch", "x64");
    put_int(machine, "guest.product_type", 3);
    put_int(machine, "guest.service_pack", release->service_pack);
    put_int(machine, "os.sku", release->sku);
    put_text(machine, "wmf.version", "5.1");
    put_text(machine, "guest.fqdn", machine->name);
    put_text(machine, "id.name", machine->name);
    put_text(machine, "id.uuid", "b6b7d0a4-1a5e-4d6b-9f3a-5f1f7a11c0de");
    put_text(machine, "domain.name", "corp.example");
    put_int(machine, "hardware.memory", INT64_C(17179869184));
    put_int(machine, "hardware.cpu_count", 4);
    put_text(machine, "vm.state", "running");
    put_list(machine, "vm.disks", disks, 2);
    put_list(machine, "vm.pass_through_disks", disks, 0);
    put_list(machine, "vm.remote_disks", disks, 0);
    put_list(machine, "vm.shared_disks", disks, 0);
    put_truth(machine, "vm.template", false);
}

static struct thing *add_machine(struct yard *yard, const struct mix *mix, unsigned number)
{
    struct thing *machine = add(yard, "vm", "vm", number);

    put_guest(machine, release_of(mix, number));
    if (mix->vmware) {
        put_text(machine, "id.instance_uuid", "5012aa11-1a5e-4d6b-9f3a-5f1f7a11c0de");
        put_text(machine, "vm.vapp", mix->trouble && number % 7 == 0 ? "Shop" : "");
        put_list(machine, "vm.physical_rdm_disks", NULL, 0);
    } else {
        put_text(machine, "id.hyperv_guid", "0aa1bb22-1a5e-4d6b-9f3a-5f1f7a11c0de");
        put_int(machine, "vm.generation", 2);
    }
    yard->asked[yard->asked_count++] = machine;
    return machine;
}

static struct thing *add_store(struct yard *yard, const struct mix *mix, unsigned number)
{
    struct thing *store = add(yard, "datastore", "store", number);

    put_text(store, "datastore.type", number % 2 == 0 ? "NFS" : "VMFS");
    put_truth(store, "datastore.local", mix->trouble && number % 8 == 1);
    return store;
}

static struct thing *add_hosts(struct yard *yard, const struct mix *mix)
{
    struct thing *first = &yard->things[yard->count], *vcenter;

    for (unsigned i = 0; i < CLUSTERS; i++)
        put_text(add(yard, "cluster", "cluster", i), "cluster.type", mix->vmware ? "vsphere" : "windows");
    vcenter = add(yard, "vcenter", "vcenter", 0);
    put_text(vcenter, "vsphere.version", "6.5.0");
    for (unsigned i = 0; i < HOSTS; i++) {
        struct thing *host = add_host(yard, mix, i);
        tie(host, "member_of", &first[i / IN_CLUSTER], true);
        if (mix->vmware)
            tie(host, "managed_by", vcenter, false);
    }
    for (unsigned i = 0; i < STORES; i++)
        add_store(yard, mix, i);
    return first;
}

static void fill(struct yard *yard, const struct mix *mix)
{
    struct thing *clusters, *hosts, *stores;

    memset(yard, 0, sizeof *yard);
    yard->world.find = find;
    arena_init(&yard->arena, ARENA_PLAIN);
    yard->things = arena_alloc(&yard->arena, (MACHINES + HOSTS + CLUSTERS + STORES + 1) * sizeof *yard->things);
    yard->asked = arena_alloc(&yard->arena, MACHINES * sizeof(struct thing *));
    clusters = add_hosts(yard, mix);
    hosts = &clusters[CLUSTERS + 1];
    stores = &hosts[HOSTS];
    for (unsigned i = 0; i < MACHINES; i++) {
        struct thing *machine = add_machine(yard, mix, i);
        unsigned host = i % HOSTS, cluster = host / IN_CLUSTER;
        tie(machine, "runs_on", &hosts[host], false);
        tie(machine, "may_run_on", &clusters[cluster], false);
        if (mix->vmware) {
            tie(machine, "stored_on", &stores[cluster * 4 + i % 4], false);
            tie(machine, "stored_on", &stores[cluster * 4 + (i + 1) % 4], false);
        }
    }
}

/* ------------------------------------------------------------------------------------------------------ rounds ---- */

struct tally {
    size_t verdicts, supported;
};

static void judge_all(struct judge *judge, const struct yard *yard, struct tally *tally)
{
    for (size_t i = 0; i < yard->asked_count; i++) {
        size_t count;
        const struct verdict *verdicts = judge_thing(judge, yard->asked[i], &count);

        tally->verdicts += count;
        for (size_t k = 0; k < count; k++)
            tally->supported += verdicts[k].word == VERDICT_SUPPORTED;
    }
    judge_reset(judge, INT64_C(1700000000000));
}

/* Of this process alone: others may have the core meanwhile. */
static double now_of_core(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double round_of(struct judge *judge, const struct yard *yard, struct tally *tally)
{
    double begun = now_of_core(), now;

    *tally = (struct tally){ 0 };
    do {
        judge_all(judge, yard, tally);
        now = now_of_core();
    } while (now - begun < SECONDS);
    return (double)tally->verdicts / (now - begun);
}

static void measure(const struct matrix *matrix, const struct mix *mix)
{
    struct estate_server server = { .name = "BKP1",
                                    .installation = "hyperv-vm",
                                    .product = mix->product,
                                    .update = "UR1",
                                    .os = "Windows Server 2016",
                                    .domain = "corp.example" };
    struct estate estate = { .servers = &server, .server_count = 1 };
    struct row row = { .what = mix->what, .unit = "/s", .kind = mix->bar, .bar = 1e6 };
    struct tally tally;
    struct yard yard;
    struct judge *judge;

    fill(&yard, mix);
    judge = judge_create(&(struct judge_setting){
        .matrix = matrix, .estate = &estate, .world = &yard.world, .now = INT64_C(1700000000000) });
    for (int i = 0; i < ROUNDS; i++) {
        double rate = round_of(judge, &yard, &tally);
        row.measured = rate > row.measured ? rate : row.measured;
    }
    snprintf(row.compared, sizeof row.compared, "one core; %.0f %% of them supported",
             100.0 * (double)tally.supported / (double)tally.verdicts);
    bench_row(&row);
    judge_destroy(judge);
    arena_finish(&yard.arena);
}

void bench_judge(void)
{
    static const struct mix mixes[] = {
        { "verdicts of Hyper-V machines by mabs-v2", "mabs-v2", false, false, BAR_AT_LEAST },
        { "verdicts of Hyper-V machines by mabs-v4", "mabs-v4", false, false, BAR_NONE },
        { "verdicts of VMware machines by mabs-v2", "mabs-v2", true, false, BAR_AT_LEAST },
        { "verdicts of VMware machines by mabs-v4", "mabs-v4", true, false, BAR_NONE },
        { "verdicts of Hyper-V machines, much trouble", "mabs-v2", false, true, BAR_NONE },
        { "verdicts of VMware machines, much trouble", "mabs-v2", true, true, BAR_NONE },
    };
    struct config_problems problems;
    struct knowledge *knowledge;

    config_problems_init(&problems);
    knowledge = knowledge_load(PUBLISHED "/products.conf", PUBLISHED "/matrix", SOURCE_READABLE, &problems);
    config_problems_finish(&problems);
    if (knowledge == NULL)
        bench_fail("the published matrix is not taken");
    for (size_t i = 0; i < sizeof mixes / sizeof *mixes; i++)
        measure(knowledge_matrix(knowledge), &mixes[i]);
    knowledge_unload(knowledge);
}
