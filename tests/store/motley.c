#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "motley.h"

#include <stdio.h>
#include <string.h>

enum { CLUSTERS = 2, HOSTS = 5, ESXI = 3, INSTANCES = 5 };

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static unsigned any(struct motley *fleet, unsigned limit)
{
    fleet->seed = fleet->seed * 1103515245U + 12345U;
    return (fleet->seed >> 16) % limit;
}

static const char *const builds[] = { "6.0.6002",   "6.1.7600",   "6.1.7601",   "6.2.9200",   "6.3.9600",
                                      "10.0.14393", "10.0.17763", "10.0.20348", "10.0.26100", "5.2.3790" };
static const char *const systems[] = { "Microsoft Windows Server 2016 Standard",
                                       "Microsoft Windows Server 2012 R2 Datacenter",
                                       "Microsoft Windows Server 2008 R2 Enterprise", "Microsoft Windows 10 Pro",
                                       "Red Hat Enterprise Linux 7" };
const char *const motley_servers[MOTLEY_SERVERS] = { "s1.example", "s2.example", "s3.example" };

#define ANY(fleet, table) ((table)[any(fleet, COUNT(table))])

static struct item *item(struct motley *fleet, const char *kind, const char *key, const char *name)
{
    struct item *made = world_item(fleet->world, kind, key);

    assert_true(item_set_text(made, "id.name", name, NULL));
    return made;
}

static void set(struct item *made, const char *fact, const char *text)
{
    assert_true(item_set_text(made, fact, text, NULL));
}

static void tie(struct item *made, const char *relation, const char *kind, const char *key)
{
    assert_true(item_link(made, &(struct link){ relation, kind, key, NULL, NULL }, NULL));
}

static void add(struct motley *fleet, struct item *made)
{
    if (fleet->names != NULL && strncmp(item_text(made, "id.name"), fleet->names, strlen(fleet->names)) == 0)
        assert_true(item_set(made, fleet->fact.name, &fleet->fact.value, NULL));
    world_add(fleet->world, made);
}

static const char *format(struct motley *fleet, const char *text, unsigned number)
{
    /* The texts are this file's own. */
    char name[64], *to = name;

    for (; *text != '\0'; text++)
        to += *text == '#' ? snprintf(to, 4, "%02u", number % 100) : (*to = *text, 1);
    *to = '\0';
    return arena_text(&fleet->world->arena, name);
}

static void set_system(struct motley *fleet, struct item *made, const char *build, const char *name)
{
    if (any(fleet, 8) > 0)
        set(made, build, ANY(fleet, builds));
    if (any(fleet, 3) > 0)
        set(made, name, ANY(fleet, systems));
    if (any(fleet, 4) == 0)
        assert_true(item_unread(made, "guest.", "it is off", NULL));
}

static void add_servers(struct motley *fleet)
{
    for (size_t i = 0; i < MOTLEY_SERVERS; i++) {
        struct item *made = item(fleet, "backup_server", motley_servers[i], motley_servers[i]);

        set(made, "id.fqdn", motley_servers[i]);
        add(fleet, made);
    }
}

static void add_hosts(struct motley *fleet)
{
    for (unsigned i = 0; i < CLUSTERS; i++)
        add(fleet, item(fleet, "cluster", format(fleet, "cluster-#", i), format(fleet, "cluster-#", i)));
    for (unsigned i = 0; i < HOSTS; i++) {
        struct item *made = item(fleet, "hyperv_host", format(fleet, "host-#", i), format(fleet, "host-#", i));

        set_system(fleet, made, "os.build", "os.name");
        set(made, "hardware.manufacturer", "Dell Inc.");
        assert_true(item_set_bool(made, "hyperv.role", any(fleet, 6) > 0, NULL));
        if (any(fleet, 2) == 0)
            tie(made, "member_of", "cluster", format(fleet, "cluster-#", any(fleet, CLUSTERS)));
        add(fleet, made);
    }
    for (unsigned i = 0; i < ESXI; i++) {
        static const char *const versions[] = { "5.5.0", "6.0.0", "6.5.0", "6.7.0", "7.0.3" };
        struct item *made = item(fleet, "esxi_host", format(fleet, "esx-#", i), format(fleet, "esx-#", i));

        set(made, "vsphere.product", "VMware ESXi");
        set(made, "vsphere.version", ANY(fleet, versions));
        add(fleet, made);
    }
}

static void add_vm(struct motley *fleet, unsigned i)
{
    struct item *made = item(fleet, "vm", format(fleet, "vm-#", i), format(fleet, "m-#", i));

    set(made, "id.uuid", format(fleet, "423f0c5e-4d6b-4f3a-8f1f-7a11c0de00#", i));
    set_system(fleet, made, "guest.build", "guest.name");
    if (any(fleet, 2) == 0) {
        set(made, "id.hyperv_guid", format(fleet, "7a11c0de-4d6b-4f3a-8f1f-7a11c0de00#", i));
        tie(made, "runs_on", "hyperv_host", format(fleet, "host-#", any(fleet, HOSTS)));
        if (any(fleet, 2) == 0)
            tie(made, "may_run_on", "cluster", format(fleet, "cluster-#", any(fleet, CLUSTERS)));
    } else {
        set(made, "id.instance_uuid", format(fleet, "5011c0de-4d6b-4f3a-8f1f-7a11c0de00#", i));
        tie(made, "runs_on", "esxi_host", format(fleet, "esx-#", any(fleet, ESXI)));
    }
    if (any(fleet, 12) == 0)
        assert_true(item_set_bool(made, "vm.template", true, NULL));
    add(fleet, made);
}

static void add_inside(struct motley *fleet, unsigned i, bool physical)
{
    static const char *const makers[] = { "Dell Inc.", "Microsoft Corporation", "VMware, Inc." };
    struct item *made = item(fleet, "machine", format(fleet, "in-#", i), format(fleet, "m-#", i)), *volume;

    if (!physical)
        set(made, "id.uuid", format(fleet, "423f0c5e-4d6b-4f3a-8f1f-7a11c0de00#", i));
    set_system(fleet, made, "os.build", "os.name");
    set(made, "hardware.manufacturer", physical ? "Dell Inc." : ANY(fleet, makers));
    if (any(fleet, 2) == 0)
        assert_true(item_set_int(made, "os.service_pack", any(fleet, 3), NULL));
    add(fleet, made);
    volume = item(fleet, "volume", format(fleet, "in-#/D", i), format(fleet, "volume-#", i));
    set(volume, "volume.filesystem", any(fleet, 3) > 0 ? "NTFS" : "ReFS");
    assert_true(item_set_list(volume, "volume.paths", (const char *const[]){ "D:\\" }, 1, NULL));
    assert_true(item_set_int(volume, "volume.drive_type", 3, NULL));
    tie(volume, "part_of", "machine", format(fleet, "in-#", i));
    add(fleet, volume);
}

static void add_machines(struct motley *fleet)
{
    for (unsigned i = 0; i < MOTLEY_MACHINES; i++) {
        unsigned sort = any(fleet, 4);

        if (sort != 0)
            add_vm(fleet, i);
        if (sort < 2)
            add_inside(fleet, i, sort == 0);
        if (sort < 2 && any(fleet, 3) == 0) {
            struct item *made = item(fleet, "protected", format(fleet, "p-#", i), "D:\\");

            set(made, "protected.type", "Volume");
            set(made, "protected.state", any(fleet, 3) > 0 ? "protected" : "inactive");
            tie(made, "protected_by", "backup_server", ANY(fleet, motley_servers));
            tie(made, "protects", "machine", format(fleet, "in-#", i));
            add(fleet, made);
        }
    }
}

static void add_instances(struct motley *fleet)
{
    static const char *const versions[] = { "10.50.6000.34", "11.0.5058.0", "12.0.2000.8", "13.0.5026.0",
                                            "15.0.2000.5" };

    for (unsigned i = 0; i < INSTANCES; i++) {
        struct item *made = item(fleet, "sql_instance", format(fleet, "sql-#", i), format(fleet, "sql-#", i));

        set(made, "sql.build", ANY(fleet, versions));
        tie(made, "hosted_on", "machine", format(fleet, "in-#", any(fleet, MOTLEY_MACHINES)));
        add(fleet, made);
        made = item(fleet, "database", format(fleet, "sql-#/db", i), format(fleet, "db-#", i));
        set(made, "database.recovery_model", "FULL");
        tie(made, "part_of", "sql_instance", format(fleet, "sql-#", i));
        add(fleet, made);
    }
}

void motley_scan(struct motley fleet)
{
    add_servers(&fleet);
    add_hosts(&fleet);
    add_machines(&fleet);
    add_instances(&fleet);
    if (!world_scan(fleet.world, world_target(fleet.world, "all", "all"), COMPLETE))
        fail_msg("%s", fleet.world->err.text);
}
