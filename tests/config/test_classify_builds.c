/* What conf/products.conf makes of builds, names and identifiers as they really are, traps among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "classify.h"
#include "fact_line.h"
#include "judge.h"
#include "knowledge.h"
#include "mem.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENT "os.family=windows; os.product_type=1; os.build="
#define SERVER "os.family=windows; os.product_type=3; os.sku=7; os.build="
#define BUILT "os.family=windows; os.build="
#define WINDOWS "os.family=windows; "
#define STORAGE "os.family=windows; os.product_type=3; os.sku=21; os.build="
#define HYPERV "os.family=windows; os.product_type=3; os.sku=42; os.build="

/* Facts as facts.h reads them; versions in the order of the tables, " | " between them. "-": it is foreign;
 * "?": nothing is known. */
struct row {
    const char *facts, *versions;
};

static const struct row systems[] = {
    /* Clients by build. */
    { CLIENT "5.1.2600", "Windows XP" },
    { CLIENT "5.2.3790", "Windows XP" },
    { CLIENT "6.0.6000", "Windows Vista" },
    { CLIENT "6.0.6001", "Windows Vista SP1" },
    { CLIENT "6.0.6002", "Windows Vista SP2" },
    { CLIENT "6.1.7600", "Windows 7" },
    { CLIENT "6.1.7601", "Windows 7 SP1" },
    { CLIENT "6.2.9200", "Windows 8" },
    { CLIENT "6.3.9600", "Windows 8.1" },
    { CLIENT "10.0.10240", "Windows 10" },
    { CLIENT "10.0.14393", "Windows 10" },
    { CLIENT "10.0.17763", "Windows 10" },
    { CLIENT "10.0.19045", "Windows 10" },
    { CLIENT "6.3.17763", "Windows 10" },
    { CLIENT "10.0.22000", "Windows 11" },
    { CLIENT "10.0.26100.4061", "Windows 11" },
    { CLIENT "10.0.30123", "Windows, newer" },
    { CLIENT "11.0.1", "Windows, newer" },
    { CLIENT "10.0.22631; os.name=Windows 10 Enterprise", "Windows 11" },
    { "os.family=windows; os.product_type=3; os.sku=175; os.build=10.0.19045", "Windows 10 Enterprise multi-session" },

    /* Servers by build and edition. */
    { SERVER "5.0.2195", "Windows 2000 Server" },
    { WINDOWS "os.product_type=3; os.build=5.2.3790", "Windows Server 2003 | Windows Server 2003 R2" },
    { WINDOWS "os.product_type=3; os.build=5.2.3790; os.name=Microsoft(R) Windows(R) Server 2003, Standard Edition",
      "Windows Server 2003 | Windows Server 2003 R2" },
    { WINDOWS "os.product_type=3; os.build=5.2.3790; os.name=Windows Server 2003 R2", "Windows Server 2003 R2" },
    { SERVER "6.0.6001", "Windows Server 2008" },
    { SERVER "6.0.6002", "Windows Server 2008 SP2" },
    { SERVER "6.0.6003", "Windows Server 2008 SP2" },
    { SERVER "6.0.6003; os.service_pack=2", "Windows Server 2008 SP2" },
    { SERVER "6.1.7600", "Windows Server 2008 R2" },
    { SERVER "6.1.7601", "Windows Server 2008 R2 SP1" },
    { SERVER "6.1.7601.24214", "Windows Server 2008 R2 SP1" },
    { SERVER "6.1.76010", "-" },
    { SERVER "6.2.9200", "Windows Server 2012" },
    { SERVER "6.2.9200; os.service_pack=0", "Windows Server 2012" },
    { SERVER "6.2.9200; os.service_pack=1", "Windows Server 2012 | Windows Server 2012 SP1" },
    { SERVER "6.3.9600", "Windows Server 2012 R2" },
    { SERVER "6.3.9601", "-" },
    { SERVER "10.0.14393", "Windows Server 2016" },
    { SERVER "6.3.14393", "Windows Server 2016" },
    { SERVER "10.0.17763", "Windows Server 2019" },
    { SERVER "10.0.20348", "Windows Server 2022" },
    { SERVER "10.0.25398", "Windows Server, version 23H2" },
    { SERVER "10.0.26100", "Windows Server 2025" },
    { SERVER "10.0.29500", "Windows Server, newer" },
    { SERVER "10.0.19551", "Windows Server, newer" },
    { SERVER "11.0.40000", "Windows Server, newer" },
    { WINDOWS "os.product_type=2; os.sku=8; os.build=6.3.9600", "Windows Server 2012 R2" },
    { WINDOWS "os.product_type=3; os.sku=145; os.build=10.0.16299", "Windows Server, version 1709" },
    { WINDOWS "os.product_type=3; os.sku=146; os.build=10.0.17763", "Windows Server, version 1809" },
    { WINDOWS "os.product_type=3; os.build=10.0.17763; os.name=Microsoft Windows Server 2019 Standard",
      "Windows Server 2019" },
    { WINDOWS "os.product_type=3; os.sku=145; os.build=10.0.18363", "Windows Server, version 1909" },
    { WINDOWS "os.product_type=3; os.sku=145; os.build=10.0.19042", "Windows Server, version 20H2" },
    { WINDOWS "os.product_type=3; os.sku=144; os.installation_type=Nano Server; os.build=10.0.14393",
      "Windows Server 2016" },
    { WINDOWS "os.product_type=3; os.sku=15; os.arch=ia64; os.build=6.1.7601", "Windows Server 2008 R2 SP1" },
    { WINDOWS "os.product_type=3; os.sku=12; os.build=6.1.7601", "Windows Server 2008 R2 SP1" },
    { WINDOWS "os.product_type=3; os.sku=50; os.build=6.3.9600", "Windows Server 2012 R2" },
    { STORAGE "6.0.6001", "Windows Storage Server 2008" },
    { STORAGE "6.0.6003", "Windows Storage Server 2008" },
    { STORAGE "6.1.7601", "Windows Storage Server 2008 R2" },
    { STORAGE "10.0.14393", "Windows Storage Server 2016" },
    { HYPERV "6.1.7601", "Hyper-V Server 2008 R2" },
    { HYPERV "6.3.9600", "Hyper-V Server 2012 R2" },
    { HYPERV "10.0.17763", "Hyper-V Server 2019" },
    { WINDOWS "os.product_type=3; os.sku=9; os.build=6.1.7601", "Windows Small Business Server 2011" },
    { WINDOWS "os.product_type=3; os.sku=406; os.build=10.0.20348", "Azure Local 21H2" },

    /* Without the product type or the edition a build leaves several, and names choose among them. */
    { BUILT "6.3.9600",
      "Windows 8.1 | Windows Server 2012 R2 | Windows Storage Server 2012 R2 | Hyper-V Server 2012 R2" },
    { WINDOWS "os.product_type=3; os.build=6.3.9600",
      "Windows Server 2012 R2 | Windows Storage Server 2012 R2 | Hyper-V Server 2012 R2" },
    { BUILT "6.3.9600; os.name=Microsoft Windows Server 2012 R2 Standard", "Windows Server 2012 R2" },
    { BUILT "6.3.9600; os.name=Windows 8.1 Pro", "Windows 8.1" },
    { BUILT "6.0.6003; os.name=Microsoft® Windows Server® 2008 Standard ", "Windows Server 2008 SP2" },
    { BUILT "6.0.6002; os.name=Microsoft® Windows® Storage Server 2008 Standard", "Windows Storage Server 2008" },
    { BUILT "6.1.7601; os.name=Hyper-V Server 2008 R2", "Hyper-V Server 2008 R2" },

    /* What hypervisors say of their guests. */
    { "guest.family=windows; guest.build=6.3.9600; guest.name=Microsoft Windows Server 2012 (64-bit)",
      "Windows Server 2012 R2" },
    { "guest.family=windows; guest.build=6.2.9200; guest.name=Microsoft Windows Server 2012 (64-bit)",
      "Windows Server 2012" },
    { "guest.family=windows; guest.build=6.3.9600; guest.name=Microsoft Windows 8.x (64-bit)", "Windows 8.1" },
    { "guest.family=windows; guest.build=6.1.7600; guest.name=Microsoft Windows Server 2008 R2 (64-bit)",
      "Windows Server 2008 R2" },
    { "guest.family=windows; guest.build=10.0.14393; guest.name=Microsoft Windows Server 2016 or later (64-bit)",
      "Windows Server 2016" },
    { "guest.family=windows; guest.build=10.0.20348; guest.name=Microsoft Windows Server 2016 or later (64-bit)",
      "Windows Server 2022" },
    { "guest.family=windows; guest.build=6.0.6003; guest.product_type=3; guest.service_pack=2; "
      "guest.name=Windows Server (R) 2008 Standard",
      "Windows Server 2008 SP2" },
    { "guest.family=windows; guest.build=10.0.19045; guest.product_type=1; guest.name=Windows 10 Enterprise",
      "Windows 10" },
    { "guest.family=windows; guest.id=windows7Server64Guest", "Windows Server 2008 R2 | Windows Server 2008 R2 SP1" },
    { "guest.family=windows; guest.id=windows8Server64Guest; guest.name=Microsoft Windows Server 2012 (64-bit)",
      "Windows Server 2012 | Windows Server 2012 R2" },
    { "guest.family=windows; guest.id=winLonghorn64Guest", "Windows Server 2008 | Windows Server 2008 SP2" },
    { "guest.family=windows; guest.id=windows2019srv_64Guest", "Windows Server 2019 | Windows Server 2022" },
    { "guest.family=windows; guest.id=windows2022srvNext_64Guest", "Windows Server 2025" },
    { "guest.family=windows; guest.id=windows7_64Guest", "Windows 7 | Windows 7 SP1" },
    { "guest.family=windows; guest.id=windows8_64Guest", "Windows 8 | Windows 8.1" },
    { "guest.family=windows; guest.id=windows9_64Guest", "Windows 10 | Windows 11" },
    { "vm.configured_guest_name=Microsoft Windows Server 2012 (64-bit)",
      "Windows Server 2012 | Windows Server 2012 R2" },
    { "vm.configured_guest_name=Microsoft Windows Server 2008 R2 (64-bit)",
      "Windows Server 2008 R2 | Windows Server 2008 R2 SP1" },
    { "vm.configured_guest_id=winNetEnterprise64Guest", "Windows Server 2003 | Windows Server 2003 R2" },
    { "vm.configured_guest_id=ubuntu64Guest", "Linux" },
    { "vm.configured_guest_name=Red Hat Enterprise Linux 7 (64-bit)", "Linux" },
    { "vm.configured_guest_id=freebsd11_64Guest", "FreeBSD" },
    /* What was set by hand gives way to what the guest says. */
    { "vm.configured_guest_id=windows7Server64Guest; guest.family=windows; guest.id=windows8Server64Guest",
      "Windows Server 2012 | Windows Server 2012 R2" },
    { SERVER "6.3.9600; vm.configured_guest_id=ubuntu64Guest", "Windows Server 2012 R2" },

    /* Others. */
    { "guest.family=linux; guest.name=Ubuntu 16.04; guest.distribution=Ubuntu", "Linux" },
    { "os.family=linux", "Linux" },
    { "os.family=other; os.name=FreeBSD 11.2-RELEASE-p4", "FreeBSD" },
    { "os.family=other; os.name=Apple macOS 10.13", "macOS" },
    { "os.family=other; os.name=Plan 9", "-" },
    { SERVER "4.10.2222", "Windows NT Server 4.0" },
    { "id.name=RTM-APP09", "?" },
};

static const struct row instances[] = {
    { "sql.build=7.0.623", "SQL Server 7.0" },
    { "sql.build=8.00.2039", "SQL Server 2000 SP4" },
    { "sql.build=9.00.1399.06", "SQL Server 2005" },
    { "sql.build=9.0.5000.0", "SQL Server 2005 SP4" },
    { "sql.build=10.0.1600.22", "SQL Server 2008" },
    { "sql.build=10.00.2531.00", "SQL Server 2008 SP1" },
    { "sql.build=10.1.2531", "SQL Server 2008 SP1" },
    { "sql.build=10.0.4333", "SQL Server 2008 SP2" },
    { "sql.build=10.3.5500.0", "SQL Server 2008 SP3" },
    { "sql.build=10.0.6556.0", "SQL Server 2008 SP4" },
    { "sql.build=10.50.1600.1", "SQL Server 2008 R2" },
    { "sql.build=10.50.2425", "SQL Server 2008 R2" },
    { "sql.build=10.50.2500.0", "SQL Server 2008 R2 SP1" },
    { "sql.build=10.51.2500.0", "SQL Server 2008 R2 SP1" },
    { "sql.build=10.52.4000.0", "SQL Server 2008 R2 SP2" },
    { "sql.build=10.50.6560.0", "SQL Server 2008 R2 SP3" },
    { "sql.build=11.0.2100.60", "SQL Server 2012" },
    { "sql.build=11.0.2424", "SQL Server 2012" },
    { "sql.build=11.0.3000.0", "SQL Server 2012 SP1" },
    { "sql.build=11.1.3000.0", "SQL Server 2012 SP1" },
    { "sql.build=11.0.5057.9", "SQL Server 2012 SP1" },
    { "sql.build=11.0.5058.0", "SQL Server 2012 SP2" },
    { "sql.build=11.2.5058.0", "SQL Server 2012 SP2" },
    { "sql.build=11.0.5678.0", "SQL Server 2012 SP2" },
    { "sql.build=11.0.6020.0", "SQL Server 2012 SP3" },
    { "sql.build=11.0.7507.2", "SQL Server 2012 SP4" },
    { "sql.build=11.0.1440.19", "SQL Server 2012, preview" },
    { "sql.build=12.0.2000.8", "SQL Server 2014" },
    { "sql.build=12.0.2569.0", "SQL Server 2014" },
    { "sql.build=12.0.4050.0", "SQL Server 2014 SP1" },
    { "sql.build=12.1.4100.1", "SQL Server 2014 SP1" },
    { "sql.build=12.0.5687", "SQL Server 2014 SP2" },
    { "sql.build=12.0.6329.1", "SQL Server 2014 SP3" },
    { "sql.build=13.0.1601.5", "SQL Server 2016" },
    { "sql.build=13.0.2216.0", "SQL Server 2016" },
    { "sql.build=13.0.4001.0", "SQL Server 2016 SP1" },
    { "sql.build=13.1.4001.0", "SQL Server 2016 SP1" },
    { "sql.build=13.0.4574.0", "SQL Server 2016 SP1" },
    { "sql.build=13.0.5026.0", "SQL Server 2016 SP2" },
    { "sql.build=13.0.7000.253", "SQL Server 2016 SP3" },
    { "sql.build=14.0.1000.169", "SQL Server 2017" },
    { "sql.build=14.0.3456.2", "SQL Server 2017" },
    { "sql.build=15.0.4249.2", "SQL Server 2019" },
    { "sql.build=16.0.1000.6", "SQL Server 2022" },
    { "sql.build=17.0.4006", "SQL Server 2025" },
    { "sql.build=18.0.100", "SQL Server, newer" },
    { "sql.build=12.0.2000.8; sql.engine_edition=2", "SQL Server 2014" },
    { "sql.build=12.0.2000.8; sql.engine_edition=5", "SQL Server 2014 | Azure SQL" },
    { "id.name=SQL01", "?" },
};

static const struct row exchanges[] = {
    { "exchange.version=6.5.7638.1", "Exchange 2003" },
    { "exchange.version=8.3.83.6", "Exchange 2007" },
    { "exchange.version=14.0.639.21", "Exchange 2010" },
    { "exchange.version=14.3.513.0", "Exchange 2010" },
    { "exchange.version=15.00.1497.002", "Exchange 2013" },
    { "exchange.version=15.1.225.42", "Exchange 2016" },
    { "exchange.version=15.1.2507.6", "Exchange 2016" },
    { "exchange.version=15.2.221.12", "Exchange 2019" },
    { "exchange.version=15.2.1748.10", "Exchange 2019" },
    { "exchange.version=15.2.2562.17", "Exchange Subscription Edition" },
    { "exchange.version=15.3.1.0", "Exchange, newer" },
    { "exchange.version=15.1 (Build 31466.3)", "Exchange 2016" },
};

static const struct row farms[] = {
    { "sharepoint.version=12.0.6557.5000", "SharePoint 2007" },
    { "sharepoint.version=14.0.7015.1000", "SharePoint 2010" },
    { "sharepoint.version=15.0.4571.1502", "SharePoint 2013" },
    { "sharepoint.version=16.0.4351.1000", "SharePoint 2016" },
    { "sharepoint.version=16.0.5565.1001", "SharePoint 2016" },
    { "sharepoint.version=16.0.10337.12109", "SharePoint 2019" },
    { "sharepoint.version=16.0.14326.20450", "SharePoint Subscription Edition" },
    { "sharepoint.version=17.0.1.0", "SharePoint, newer" },
};

static const struct row hosts[] = {
    { "vsphere.version=3.5.0", "VMware Infrastructure 3" },
    { "vsphere.version=4.1.0", "VMware vSphere 4.1" },
    { "vsphere.version=5.5.0", "VMware vSphere 5.5" },
    { "vsphere.version=6.0.0; vsphere.build=15517548", "VMware vSphere 6.0" },
    { "vsphere.version=6.5.0; vsphere.build=4564106", "VMware vSphere 6.5" },
    { "vsphere.version=6.7.0", "VMware vSphere 6.7" },
    { "vsphere.version=7.0.3", "VMware vSphere 7.0" },
    { "vsphere.version=8.0.2", "VMware vSphere 8.0" },
    { "vsphere.version=9.0.0", "VMware vSphere, newer" },
    { "vsphere.api_version=6.5", "VMware vSphere 6.5" },
    { "vsphere.api_version=6.7.3", "VMware vSphere 6.7" },
};

static const struct row servers[] = {
    { "backup.version=11.0.50.0", "Azure Backup Server v1" },
    { "backup.version=12.0.332.0", "Azure Backup Server v2" },
    { "backup.version=13.0.415.0", "Azure Backup Server v3" },
    { "backup.version=13.0.580.0", "Azure Backup Server v3 UR1" },
    { "backup.version=13.0.657.0", "Azure Backup Server v3 UR2" },
    { "backup.version=14.0.30.0", "Azure Backup Server v4" },
    { "backup.version=14.0.46.0", "Azure Backup Server v4 UR1" },
    { "backup.version=4.2.1205.0", "Data Protection Manager 2012 R2" },
    { "backup.version=4.2.1254.0", "Data Protection Manager 2012 R2 UR3" },
    { "backup.version=5.0.158.0", "Data Protection Manager 2016" },
    { "backup.version=5.0.661.0", "Data Protection Manager 2016 UR10" },
    { "backup.version=5.1.363.0", "Data Protection Manager 1801" },
    { "backup.version=10.19.861.0", "Data Protection Manager 2019 UR6" },
    { "backup.version=10.22.123.0", "Data Protection Manager 2022" },
    { "backup.version=10.25.25.0", "Data Protection Manager 2025" },
};

static const struct {
    const char *version, *product;
} products[] = {
    { "11.0.50.0", "mabs-v1" },
    { "12.0.332.0", "mabs-v2" },
    { "13.0.415.0", "mabs-v3" },
    { "13.0.580.0", "mabs-v3-ur1" },
    { "13.0.657.0", "mabs-v3-ur2" },
    { "14.0.46.0", "mabs-v4" },
    { "4.2.1594.0", "dpm-2012r2" },
    { "5.0.158.0", "dpm-2016" },
    { "5.1.378.0", "dpm-sac" },
    { "10.19.58.0", "dpm-2019" },
    { "10.22.197.0", "dpm-2022" },
    { "10.25.25.0", "dpm-2025" },
    { "15.0.1.0", NULL },
    { "4.1.3313.0", NULL },
};

struct setting {
    struct knowledge *knowledge;
    struct judge *judge;
    struct arena arena;
};

static int set_up(void **state)
{
    static const struct estate estate = { .server_count = 0 };
    struct setting *setting = mem_new(1, sizeof *setting);
    struct config_problems problems;

    config_problems_init(&problems);
    setting->knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    assert_non_null(setting->knowledge);
    setting->judge =
        judge_create(&(struct judge_setting){ .matrix = knowledge_matrix(setting->knowledge), .estate = &estate });
    arena_init(&setting->arena, ARENA_PLAIN);
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    arena_finish(&setting->arena);
    judge_destroy(setting->judge);
    knowledge_unload(setting->knowledge);
    free(setting);
    return 0;
}

/* ------------------------------------------------------------------------------------------------------ things ---- */

static struct thing *read_thing(struct arena *arena, const char *kind, const char *text)
{
    struct thing *thing = arena_alloc(arena, sizeof *thing);

    thing->id = 1;
    thing->kind = kind;
    thing->name = "it";
    thing->kinds = arena_bytes(arena, &kind, sizeof kind);
    thing->kind_count = 1;
    fact_line_read(arena, thing, text);
    return thing;
}

static const char *write_versions(struct str *out, const struct classification *found)
{
    str_clear(out);
    if (found->all)
        str_add(out, "?");
    if (found->foreign)
        str_add(out, "-");
    for (size_t i = 0; i < found->count; i++)
        str_format(out, "%s%s", i > 0 ? " | " : "", found->candidates[i]->name);
    return str_text(out);
}

static void expect(struct setting *setting, enum product_group group, const char *kind, const struct row *rows,
                   size_t count)
{
    struct str text = { 0 };
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        const struct classification *found =
            classify(setting->judge, read_thing(&setting->arena, kind, rows[i].facts), group);

        if (strcmp(write_versions(&text, found), rows[i].versions) != 0 || found->conflict != NULL) {
            fprintf(stderr, "%s\n    is     %s\n    not    %s\n%s%s", rows[i].facts, str_text(&text), rows[i].versions,
                    found->conflict == NULL ? "" : found->conflict, found->conflict == NULL ? "" : "\n");
            wrong++;
        }
        judge_reset(setting->judge, 0);
    }
    str_finish(&text);
    if (wrong > 0)
        fail_msg("%zu of %zu are taken for something else", wrong, count);
}

#define EXPECT(state, group, kind, rows) expect(*(state), group, kind, rows, sizeof(rows) / sizeof *(rows))

static void operating_systems_are_told_by_builds_editions_and_names(void **state)
{
    EXPECT(state, GROUP_OS, "machine", systems);
}

static void a_build_of_sql_server_has_the_level_whose_first_build_is_not_above_it(void **state)
{
    EXPECT(state, GROUP_SQL, "sql_instance", instances);
}

static void exchange_is_told_by_its_first_two_numbers(void **state)
{
    EXPECT(state, GROUP_EXCHANGE, "exchange_server", exchanges);
}

static void sharepoint_of_one_number_is_split_by_builds(void **state)
{
    EXPECT(state, GROUP_SHAREPOINT, "sharepoint_farm", farms);
}

static void vsphere_is_told_by_its_version_and_never_by_its_build(void **state)
{
    EXPECT(state, GROUP_VSPHERE, "esxi_host", hosts);
}

static void backup_servers_are_told_with_their_updates(void **state)
{
    EXPECT(state, GROUP_BACKUP, "backup_server", servers);
}

static void a_backup_server_is_of_a_product(void **state)
{
    struct setting *setting = *state;

    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        const char *facts = arena_format(&setting->arena, "backup.version=%s", products[i].version);
        const struct product *product =
            classify_product(setting->judge, read_thing(&setting->arena, "backup_server", facts));

        if (products[i].product == NULL)
            assert_null(product);
        else if (product == NULL)
            fail_msg("%s is of no product", products[i].version);
        else
            assert_string_equal(product->name, products[i].product);
    }
}

static void a_build_against_its_name_is_both_and_told(void **state)
{
    struct setting *setting = *state;
    struct thing *thing =
        read_thing(&setting->arena, "machine", SERVER "6.1.7601; os.name=Microsoft Windows Server 2016 Standard");
    const struct classification *found = classify(setting->judge, thing, GROUP_OS);
    struct str text = { 0 };

    assert_non_null(strstr(write_versions(&text, found), "Windows Server 2008 R2 SP1"));
    assert_non_null(strstr(str_text(&text), "Windows Server 2016"));
    assert_non_null(found->conflict);
    str_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operating_systems_are_told_by_builds_editions_and_names),
        cmocka_unit_test(a_build_of_sql_server_has_the_level_whose_first_build_is_not_above_it),
        cmocka_unit_test(exchange_is_told_by_its_first_two_numbers),
        cmocka_unit_test(sharepoint_of_one_number_is_split_by_builds),
        cmocka_unit_test(vsphere_is_told_by_its_version_and_never_by_its_build),
        cmocka_unit_test(backup_servers_are_told_with_their_updates),
        cmocka_unit_test(a_backup_server_is_of_a_product),
        cmocka_unit_test(a_build_against_its_name_is_both_and_told),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
