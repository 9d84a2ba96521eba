/* Scans of a simulated vCenter Server beside other clients of it that fetch the same properties, and what a scan costs
 * when nothing has changed. */
#include "bench.h"
#include "clients.h"
#include "vm_item.h"

#include <stdio.h>

#define MACHINES 10002
#define LARGE 50000
#define ROUNDS 5
#define PEER_ROUNDS 3 /* of those whose processor time alone is compared: some take half a minute */
#define MIB_AT_MOST 20

#define RETRIEVAL "RetrievePropertiesEx"
#define UPDATES "WaitForUpdatesEx"

static const char *const seven[] = { "name",         "config.guestId",     "config.guestFullName",
                                     "runtime.host", "runtime.powerState", "config.version",
                                     "datastore" };

/* The same for all clients; ours reads them by one of two programs. */
struct race {
    const char *const *properties;
    size_t count;
    enum client ours;
    const char *wall, *beside_go, *beside_python, *memory; /* what the rows are called */
    const char *plainly;                                   /* of ours once more, without a filter; NULL: none */
    const char *updates; /* beside curl's one WaitForUpdatesEx, which is what ours asks for; with plainly */
};

struct lane {
    double seconds[ROUNDS], processor[ROUNDS], peak;
    size_t rounds;
};

static void run_once(struct clients *clients, const struct race *race, enum client client, struct lane *lane)
{
    struct cost cost = clients_run(clients, client, race->properties, race->count);

    lane->seconds[lane->rounds] = cost.seconds;
    lane->processor[lane->rounds] = cost.processor;
    lane->peak = cost.peak > lane->peak ? cost.peak : lane->peak;
    lane->rounds++;
}

/* All in turn, so that what else the machine does hits each of them. */
static void run_race(struct clients *clients, const struct race *race, struct lane lanes[CLIENT_COUNT])
{
    for (int round = 0; round < ROUNDS; round++) {
        run_once(clients, race, CLIENT_CURL, &lanes[CLIENT_CURL]);
        run_once(clients, race, race->ours, &lanes[race->ours]);
        if (race->plainly != NULL) {
            run_once(clients, race, CLIENT_PLUGIN_PLAINLY, &lanes[CLIENT_PLUGIN_PLAINLY]);
            run_once(clients, race, CLIENT_CURL_UPDATES, &lanes[CLIENT_CURL_UPDATES]);
        }
        if (round >= PEER_ROUNDS)
            continue;
        run_once(clients, race, CLIENT_GOVMOMI, &lanes[CLIENT_GOVMOMI]);
        run_once(clients, race, CLIENT_PYVMOMI, &lanes[CLIENT_PYVMOMI]);
    }
}

static double processor_of(struct lane *lane)
{
    return bench_median(lane->processor, lane->rounds);
}

/* The best: what else the machine does can only lengthen it. */
static double wall_of(const struct lane *lane)
{
    double best = lane->seconds[0];

    for (size_t i = 1; i < lane->rounds; i++)
        best = lane->seconds[i] < best ? lane->seconds[i] : best;
    return best;
}

static void tell_wall(const char *what, double ours, const char *request, double curl, double processor)
{
    struct row row = { .what = what, .unit = "s", .kind = BAR_AT_MOST, .measured = ours, .bar = 1.3 * curl };

    snprintf(row.compared, sizeof row.compared,
             "1.3 of curl's one %s: %.2f s; %.2f of it; %.2f s of processor; the best rounds", request, curl,
             ours / curl, processor);
    bench_row(&row);
}

static void tell_processor(const char *what, double ours, double share, const char *whose, struct lane *peer)
{
    double theirs = processor_of(peer);
    struct row row = { .what = what, .unit = "s", .kind = BAR_AT_MOST, .measured = ours, .bar = share * theirs };

    snprintf(row.compared, sizeof row.compared, "%.2f of %s: %.2f s; %.3f of it; it took %.2f s and %.0f MiB", share,
             whose, theirs, ours / theirs, wall_of(peer), peer->peak);
    bench_row(&row);
}

static void tell_memory(const char *what, double peak)
{
    struct row row = { .what = what, .unit = "MiB", .kind = BAR_AT_MOST, .measured = peak, .bar = MIB_AT_MOST };

    bench_row(&row);
}

static void measure_race(struct clients *clients, const struct race *race)
{
    struct lane lanes[CLIENT_COUNT] = { 0 };
    struct lane *ours = &lanes[race->ours];
    double processor;

    run_race(clients, race, lanes);
    processor = processor_of(ours);
    tell_wall(race->wall, wall_of(ours), RETRIEVAL, wall_of(&lanes[CLIENT_CURL]), processor);
    if (race->plainly != NULL) {
        tell_wall(race->updates, wall_of(ours), UPDATES, wall_of(&lanes[CLIENT_CURL_UPDATES]), processor);
        tell_wall(race->plainly, wall_of(&lanes[CLIENT_PLUGIN_PLAINLY]), RETRIEVAL, wall_of(&lanes[CLIENT_CURL]),
                  processor_of(&lanes[CLIENT_PLUGIN_PLAINLY]));
    }
    tell_processor(race->beside_go, processor, 0.25, "a Go client on govmomi", &lanes[CLIENT_GOVMOMI]);
    tell_processor(race->beside_python, processor, 0.1, "pyVmomi", &lanes[CLIENT_PYVMOMI]);
    tell_memory(race->memory, ours->peak);
}

void bench_vmware(void)
{
    const struct vim_wanted *wanted = vm_item_wanted();
    const struct race races[] = {
        { seven, sizeof seven / sizeof *seven, CLIENT_SEVEN, "vCenter, 10,002 VMs, seven properties: wall",
          "vCenter, seven properties: processor, govmomi", "vCenter, seven properties: processor, pyVmomi",
          "vCenter, seven properties: memory at the most", NULL, NULL },
        { wanted->paths, wanted->count, CLIENT_PLUGIN, "vCenter, 10,002 VMs, full scan: wall",
          "vCenter, full scan: processor, govmomi", "vCenter, full scan: processor, pyVmomi",
          "vCenter, 10,002 VMs, full scan: memory at the most", "vCenter, full scan, incremental = false: wall",
          "vCenter, full scan: wall, beside an update" },
    };
    struct clients *clients = clients_open(MACHINES);

    for (size_t i = 0; i < sizeof races / sizeof *races; i++)
        measure_race(clients, &races[i]);
    clients_daemon(clients, MACHINES);
    clients_close(clients);
}

/* Only where it is asked for: it takes minutes. */
void bench_vmware_large(void)
{
    const struct vim_wanted *wanted = vm_item_wanted();
    struct clients *clients = clients_open(LARGE);
    struct cost curl = clients_run(clients, CLIENT_CURL, wanted->paths, wanted->count);
    struct cost ours = clients_run(clients, CLIENT_PLUGIN, NULL, 0);

    tell_wall("vCenter, 50,000 VMs, full scan: wall", ours.seconds, RETRIEVAL, curl.seconds, ours.processor);
    tell_memory("vCenter, 50,000 VMs, full scan: memory at the most", ours.peak);
    curl = clients_run(clients, CLIENT_CURL, seven, sizeof seven / sizeof *seven);
    ours = clients_run(clients, CLIENT_SEVEN, seven, sizeof seven / sizeof *seven);
    tell_wall("vCenter, 50,000 VMs, seven properties: wall", ours.seconds, RETRIEVAL, curl.seconds, ours.processor);
    tell_memory("vCenter, 50,000 VMs, seven properties: memory", ours.peak);
    clients_close(clients);
}
