/* What later pages state in prose, as conf/matrix/ encodes it: of each condition what meets it, what does not, and what
 * comes of a fact that is missing; and some keys as they are judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "examples.h"
#include "judge.h"
#include "scene.h"

#include <stdio.h>
#include <string.h>

#define YES TRUTH_YES
#define NO TRUTH_NO
#define OPEN TRUTH_UNKNOWN

#define VOLUME(facts) "volume; volume.drive_type=3; volume.paths=E:\\; " facts " @ part_of>1"
#define SERVER(facts) "server; domain.name=corp.example; domain.trusts=lab.example; " facts
#define HOST(facts) "hyperv_host; " facts " @ 1>runs_on"
#define WINDOWS(build) "os.family=windows; os.product_type=3; os.sku=8; os.build=" build
#define ESXI(version) "esxi_host; vsphere.version=" version " @ 1>runs_on"
#define DATABASE(facts) "database; database.system=false; database.snapshot=false; " facts " @ part_of>1"
#define GROUPED DATABASE("database.availability_group=AG1")
#define GROUP(facts) "availability_group; id.name=AG1; " facts " @ 2>member_of"
#define MAILBOXES(facts) "mailbox_database; " facts " @ part_of>1"
#define PHYSICAL "machine; hardware.manufacturer=Dell Inc.; hardware.model=R740"
#define IN_AZURE                                                                                                       \
    "machine; hardware.manufacturer=Microsoft Corporation; hardware.model=Virtual Machine; "                           \
    "hardware.asset_tag=7783-7084-3265-9085-8269-3286-77"
#define IN_VMWARE "machine; hardware.manufacturer=VMware, Inc.; hardware.model=VMware7,1"
#define DISKS(passed, remote, shared)                                                                                  \
    "vm.pass_through_disks=" passed "; vm.remote_disks=" remote "; vm.shared_disks=" shared

static const struct example examples[] = {
    { "runs-in-azure", YES, { IN_AZURE } },
    { "runs-in-azure", NO, { PHYSICAL } },
    { "runs-in-azure", NO, { IN_VMWARE } },
    { "runs-in-azure", OPEN, { "machine" } },
    { "runs-in-vmware", YES, { IN_VMWARE } },
    { "runs-in-vmware", NO, { IN_AZURE } },
    { "runs-in-vmware", NO, { PHYSICAL } },
    { "runs-in-vmware", OPEN, { "machine" } },
    { "azure-system-state", YES, { PHYSICAL } },
    { "azure-system-state", NO, { IN_AZURE } },
    { "azure-system-state", OPEN, { "machine" } },

    { "x64-client", YES, { "machine; os.arch=x64" } },
    { "x64-client", NO, { "machine; os.arch=x86" } },
    { "x64-client", OPEN, { "machine; os.arch=arm64" } },
    { "x64-client", OPEN, { "machine" } },
    { "x64-server", YES, { "machine; os.arch=x64; os.build=6.0.6002" } },
    { "x64-server", YES, { "machine; os.build=10.0.14393" } },
    { "x64-server", NO, { "machine; os.arch=x86; os.build=6.0.6002" } },
    { "x64-server", OPEN, { "machine; os.build=6.1.7601" } },
    { "wmf-unnumbered", YES, { "machine; wmf.version=5.1.14409.1005" } },
    { "wmf-unnumbered", OPEN, { "machine; wmf.version=4.0" } },
    { "wmf-unnumbered", OPEN, { "machine" } },

    { "dedup-ntfs", YES, { "machine", VOLUME("volume.dedup=true; volume.filesystem=NTFS") } },
    { "dedup-ntfs", YES, { "machine", VOLUME("volume.dedup=false; volume.filesystem=ReFS") } },
    { "dedup-ntfs", NO, { "machine", VOLUME("volume.dedup=true; volume.filesystem=ReFS; volume.system=false") } },
    { "dedup-ntfs", OPEN, { "machine", VOLUME("volume.filesystem=ReFS") } },
    { "ntfs-volumes", YES, { "machine", VOLUME("volume.filesystem=NTFS") } },
    { "ntfs-volumes", NO, { "machine", VOLUME("volume.filesystem=ReFS") } },
    { "ntfs-volumes", OPEN, { "machine" } },
    { "file-types", OPEN, { "machine" } },

    { "trusted-client", YES, { "machine; domain.name=corp.example", SERVER("update=UR1") } },
    { "trusted-client", NO, { "machine; domain.workgroup=WORKGROUP", SERVER("update=UR1") } },
    { "trusted-client", NO, { "machine; domain.name=other.example", SERVER("update=UR1") } },
    { "trusted-client", OPEN, { "machine", SERVER("update=UR1") } },
    { "trusted-exchange", YES, { "exchange_server; domain.name=lab.example", SERVER("update=UR1") } },
    { "trusted-exchange", NO, { "exchange_server; domain.name=other.example", SERVER("update=UR1") } },
    { "trusted-exchange", OPEN, { "exchange_server", SERVER("update=UR1") } },
    { "trusted-sharepoint",
      YES,
      { "sharepoint_farm", "machine; domain.name=a.corp.example @ 1>uses", SERVER("update=UR1") } },
    { "trusted-sharepoint", NO, { "sharepoint_farm", "machine; domain.workgroup=W @ 1>uses", SERVER("update=UR1") } },
    { "trusted-sharepoint", OPEN, { "sharepoint_farm", SERVER("update=UR1") } },

    { "supported-sp", OPEN, { "sql_instance; sql.build=13.0.6300" } },
    { "latest-sp", OPEN, { "sharepoint_farm" } },
    { "sql-sofs-2012", YES, { "sql_instance", DATABASE("database.on_share=false") } },
    { "sql-sofs-2012", OPEN, { "sql_instance", DATABASE("database.on_share=true") } },
    { "sql-group-role", YES, { "sql_instance", DATABASE("database.availability_group=") } },
    { "sql-group-role", OPEN, { "sql_instance", DATABASE("database.availability_group=AG1") } },
    { "sql-group-role", YES, { "sql_instance", GROUPED, GROUP("availability_group.role=ag1") } },
    { "sql-group-role", NO, { "sql_instance", GROUPED, GROUP("availability_group.role=AG1 (old)") } },
    { "sql-group-role", OPEN, { "sql_instance", GROUPED, GROUP("availability_group.distributed=false") } },
    { "exchange-csv", YES, { "exchange_server", MAILBOXES("mailbox_database.filesystems=ReFS,NTFS") } },
    { "exchange-csv", NO, { "exchange_server", MAILBOXES("mailbox_database.filesystems=NTFS,CSVFS") } },
    { "exchange-csv", OPEN, { "exchange_server", MAILBOXES("mailbox_database.filesystems=[]") } },
    { "exchange-csv", OPEN, { "exchange_server" } },

    { "vm-disks", YES, { "vm; " DISKS("[]", "[]", "[]"), HOST(WINDOWS("10.0.17763")) } },
    { "vm-disks", NO, { "vm; " DISKS("Disk 3", "[]", "[]"), HOST(WINDOWS("10.0.17763")) } },
    { "vm-disks", NO, { "vm; " DISKS("[]", "\\\\fs\\a.vhdx", "[]"), HOST(WINDOWS("10.0.17763")) } },
    { "vm-disks", NO, { "vm; " DISKS("[]", "[]", "shared.vhds"), HOST(WINDOWS("10.0.17763")) } },
    { "vm-disks", YES, { "vm", ESXI("7.0.3") } },
    { "vm-disks", OPEN, { "vm", HOST(WINDOWS("10.0.17763")) } },
    { "vm-disks-host", YES, { "vm; " DISKS("[]", "[]", "[]") } },
    { "vm-disks-host", NO, { "vm; " DISKS("Disk 3", "[]", "[]") } },
    { "vm-disks-host", NO, { "vm; " DISKS("[]", "\\\\fs\\a.vhdx", "[]") } },
    { "vm-disks-host", NO, { "vm; " DISKS("[]", "[]", "shared.vhds") } },
    { "vm-disks-host", OPEN, { "vm; vm.pass_through_disks=[]; vm.remote_disks=[]" } },
    { "vm-raw-disks", YES, { "vm; vm.physical_rdm_disks=[]" } },
    { "vm-raw-disks", NO, { "vm; vm.physical_rdm_disks=disk-2" } },
    { "vm-raw-disks", OPEN, { "vm" } },
    { "vm-items-host", OPEN, { "vm" } },
    { "vm-items-host", YES, { "vm; os.family=windows" } },
    { "vm-items-host", NO, { "vm; os.family=linux" } },
    { "vmware-storage", YES, { "vm", "datastore; datastore.type=NFS41 @ 1>stored_on" } },
    { "vmware-storage", YES, { "vm", "datastore; datastore.type=VMFS; datastore.local=false @ 1>stored_on" } },
    { "vmware-storage", NO, { "vm", "datastore; datastore.type=VMFS; datastore.local=true @ 1>stored_on" } },
    { "vmware-storage", OPEN, { "vm", "datastore; datastore.type=vsan @ 1>stored_on" } },
    { "vmware-storage", OPEN, { "vm" } },
    { "vmware-vapp", YES, { "vm; vm.vapp=" } },
    { "vmware-vapp", NO, { "vm; vm.vapp=Shop" } },
    { "vmware-vapp", OPEN, { "vm" } },

    { "linux-hyperv-only", YES, { "vm", HOST(WINDOWS("6.3.9600")) } },
    { "linux-hyperv-only", NO, { "vm", ESXI("6.5.0") } },
    { "linux-hyperv-only", OPEN, { "vm" } },
    { "linux-hosts-2012r2-2019", YES, { "vm", HOST(WINDOWS("6.3.9600")) } },
    { "linux-hosts-2012r2-2019", YES, { "vm", HOST(WINDOWS("10.0.17763")), ESXI("6.5.0") } },
    { "linux-hosts-2012r2-2019", NO, { "vm", HOST(WINDOWS("10.0.17763")), HOST(WINDOWS("6.2.9200")) } },
    { "linux-hosts-2012r2-2019", NO, { "vm", HOST(WINDOWS("10.0.20348")) } },
    { "linux-hosts-2012r2-2019",
      OPEN,
      { "vm", HOST("os.family=windows; os.product_type=3; os.sku=42; os.build=10.0.17763") } },

    { "mabs-v4/row2-vcredist", YES, { "machine; software.vcredist_2015=true" } },
    { "mabs-v4/row2-vcredist", NO, { "machine; software.vcredist_2015=false" } },
    { "mabs-v4/row2-vcredist", OPEN, { "machine" } },
    { "mabs-v4/row3-sofs", YES, { "sql_instance", DATABASE("database.on_share=false") } },
    { "mabs-v4/row3-sofs", OPEN, { "sql_instance", DATABASE("database.on_share=true") } },
    { "mabs-v4/row6-bitlocker", OPEN, { "vm" } },
    { "mabs-v4/row6-bitlocker", NO, { "vm", VOLUME("volume.bitlocker=true") } },
    { "mabs-v4/row7-arc", OPEN, { "vm" } },
    { "mabs-v4/row8-bitlocker", YES, { "vm", VOLUME("volume.bitlocker=false") } },
    { "mabs-v4/row8-bitlocker", NO, { "vm", VOLUME("volume.bitlocker=true") } },
    { "mabs-v4/row8-data-sets", YES, { "vm; vm.data_sets=false" } },
    { "mabs-v4/row8-data-sets", NO, { "vm; vm.data_sets=true" } },
    { "mabs-v4/row9", YES, { "vm", HOST(WINDOWS("10.0.20348")) } },
    { "mabs-v4/row9", NO, { "vm", HOST(WINDOWS("6.3.9600")) } },
    { "mabs-v4/row9", YES, { "vm", ESXI("8.0.1") } },
    { "mabs-v4/row9-windows", YES, { "vm", SERVER("version=Windows Server 2019") } },
    { "mabs-v4/row9-windows", OPEN, { "vm", SERVER("update=UR1") } },

    { "dpm-2012r2/row4", YES, { "machine", SERVER("update=UR5") } },
    { "dpm-2012r2/row4", YES, { "machine", SERVER("update=UR13") } },
    { "dpm-2012r2/row4", NO, { "machine", SERVER("update=UR4") } },
    { "dpm-2012r2/row4", NO, { "machine", SERVER("update=RTM") } },
    { "dpm-2012r2/row4", OPEN, { "machine", SERVER("site=berlin") } },
    { "dpm-2012r2/row31", YES, { "sql_instance", SERVER("update=UR4") } },
    { "dpm-2012r2/row31", NO, { "sql_instance", SERVER("update=UR3") } },
    { "dpm-2016/row15", YES, { "machine; wmf.version=5.1.14409.1005" } },
    { "dpm-2016/row15", NO, { "machine; wmf.version=4.0" } },
    { "dpm-2016/row24", NO, { "sql_instance", SERVER("update=UR4") } },
    { "dpm-2016/row61", NO, { "vm", SERVER("product=dpm-sac") } },
    { "dpm-2019/row2-refs", YES, { "machine", SERVER("update=UR1"), VOLUME("volume.filesystem=ReFS") } },
    { "dpm-2019/row2-refs", NO, { "machine", SERVER("update=RTM"), VOLUME("volume.filesystem=ReFS") } },
    { "dpm-2019/row2-refs", YES, { "machine", SERVER("update=RTM"), VOLUME("volume.filesystem=NTFS") } },
    { "dpm-2019/row4-refs", YES, { "sql_instance", SERVER("update=UR1") } },
    { "dpm-2019/row4-refs", OPEN, { "sql_instance", SERVER("update=RTM") } },
    { "dpm-2019/row4-csv", YES, { "sql_instance", SERVER("update=UR2"), DATABASE("database.on_csv=true") } },
    { "dpm-2019/row4-csv", NO, { "sql_instance", SERVER("update=UR1"), DATABASE("database.on_csv=true") } },
    { "dpm-2019/row4-csv", YES, { "sql_instance", SERVER("update=UR1"), DATABASE("database.on_csv=false") } },
    { "dpm-2019/row4-2022", YES, { "sql_instance", SERVER("update=UR5") } },
    { "dpm-2019/row4-2022", NO, { "sql_instance", SERVER("update=UR4") } },
    { "dpm-2019/row5-refs",
      NO,
      { "exchange_server", SERVER("update=RTM"), MAILBOXES("mailbox_database.filesystems=ReFS") } },
    { "dpm-2019/row5-refs",
      YES,
      { "exchange_server", SERVER("update=UR1"), MAILBOXES("mailbox_database.filesystems=ReFS") } },
    { "dpm-2019/row5-refs",
      YES,
      { "exchange_server", SERVER("update=RTM"), MAILBOXES("mailbox_database.filesystems=NTFS") } },
    { "dpm-2019/row6-refs", OPEN, { "sharepoint_farm", SERVER("update=RTM") } },
    { "dpm-2019/row8-5.5", YES, { "vm", SERVER("update=UR4") } },
    { "dpm-2019/row8-5.5", NO, { "vm", SERVER("update=UR5") } },
    { "dpm-2019/row8-5.5", NO, { "vm", SERVER("update=UR6") } },
    { "dpm-2019/row8-5.5", OPEN, { "vm", SERVER("site=berlin") } },
    { "dpm-2019/row8-7.0", NO, { "vm", SERVER("update=UR4") } },
    { "dpm-2019/row9", YES, { "vm", HOST(WINDOWS("6.2.9200")), ESXI("6.7.0") } },
    { "dpm-2019/row9", NO, { "vm", ESXI("7.0.0") } },
    { "dpm-2022/row4-2022", YES, { "sql_instance", SERVER("update=UR2 Refresh") } },
    { "dpm-2022/row8-6.0", NO, { "vm", SERVER("update=UR1") } },
    { "dpm-2022/row8-8.0", NO, { "vm", SERVER("update=UR1") } },
    { "dpm-2022/row8-8.0", YES, { "vm", SERVER("update=UR2") } },
    { "dpm-2022/row9", NO, { "vm", HOST(WINDOWS("6.3.9600")) } },
    { "dpm-2025/row4-oledb", OPEN, { "sql_instance" } },
    { "dpm-2025/row6-oledb", OPEN, { "sharepoint_farm" } },
    { "dpm-2025/row9", YES, { "vm", HOST(WINDOWS("10.0.26100")) } },
};

static struct knowledge *knowledge;

static int set_up(void **state)
{
    struct config_problems problems;

    (void)state;
    config_problems_init(&problems);
    knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    return knowledge == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    knowledge_unload(knowledge);
    return 0;
}

static void rules_are_met_unmet_or_open_as_the_facts_say(void **state)
{
    size_t wrong = examples_wrong(knowledge_matrix(knowledge), examples, sizeof examples / sizeof *examples);

    (void)state;
    if (wrong > 0)
        fail_msg("%zu examples come out wrong", wrong);
}

static bool has_example(const struct matrix *matrix, const struct condition *condition)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        if (example_condition(matrix, examples[i].rule) == condition)
            return true;
    }
    return false;
}

/* R1 to R24 have theirs in test_published_rules.c. */
static void every_condition_that_editions_share_has_an_example(void **state)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);

    (void)state;
    for (size_t i = 0; i < matrix->condition_count; i++) {
        if (matrix->conditions[i].name[0] != 'R' && !has_example(matrix, &matrix->conditions[i]))
            fail_msg("%s has none", matrix->conditions[i].name);
    }
}

/* With no fact known. */
static const struct judged_key {
    struct judge_key key;
    enum verdict_word word;
    const char *reason; /* part of it; NULL: whatever it is */
} judged_keys[] = {
    /* Absence is a no from v3 UR1 and DPM 2019 on, and was none before. */
    { { "mabs-v3", "exchange", "Exchange 2019", "physical" }, VERDICT_UNLISTED, NULL },
    { { "mabs-v3-ur1", "exchange", "Exchange 2013", "physical" }, VERDICT_UNSUPPORTED, NULL },
    { { "dpm-2016", "exchange", "Exchange 2019", "physical" }, VERDICT_UNLISTED, NULL },
    { { "dpm-2022", "exchange", "Exchange Subscription Edition", "physical" }, VERDICT_UNSUPPORTED, NULL },
    { { "mabs-v4", "client", "Windows 8.1", "physical" }, VERDICT_UNSUPPORTED, NULL },
    { { "mabs-v3", "server", "Windows Server 2012 R2", "physical" }, VERDICT_UNLISTED, NULL },

    { { "mabs-v3", "server", "Windows Server 2008 SP2", "azure-stack" }, VERDICT_CONTRADICTORY, NULL },
    { { "mabs-v3", "server", "Windows Server 2008 SP2", "physical" }, VERDICT_UNSUPPORTED, NULL },
    { { "dpm-2012r2", "server", "Windows Server 2016", "physical" }, VERDICT_UNSUPPORTED, NULL },
    { { "dpm-sac", "server", "Windows Server 2008 R2", "vmware-vm" }, VERDICT_UNSUPPORTED, NULL },

    /* A service pack that the page does not name is judged as its version, where the page says: supported SPs. */
    { { "mabs-v4", "sql", "SQL Server 2016 SP3", "physical" }, VERDICT_CONDITIONAL, "judged as SQL Server 2016" },
    { { "dpm-2025", "sql", "SQL Server 2014 SP3", "azure-vm" }, VERDICT_SUPPORTED, "judged as SQL Server 2014" },
    { { "mabs-v3", "sql", "SQL Server 2016 SP3", "physical" }, VERDICT_UNLISTED, NULL },

    /* Conditions that only scans can decide. */
    { { "mabs-v4", "server", "Windows Server 2022", "azure-vm" }, VERDICT_CONDITIONAL, "runs" },
    { { "dpm-2019", "vmware-vm", "VMware vSphere 7.0", "physical" }, VERDICT_CONDITIONAL, "Update Rollup 5" },
    { { "dpm-2022", "vmm", "VMM 2022", "physical" }, VERDICT_SUPPORTED, NULL },
};

static void keys_are_judged_by_their_edition(void **state)
{
    static const struct estate estate = { .server_count = 0 };
    struct judge_setting setting = { .matrix = knowledge_matrix(knowledge), .estate = &estate };
    struct judge *judge = judge_create(&setting);
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof judged_keys / sizeof *judged_keys; i++) {
        const struct judged_key *asked = &judged_keys[i];
        const struct verdict *verdict = judge_key(judge, &asked->key);
        const char *reason = verdict->legs[0].reason;

        if (verdict->word == asked->word && (asked->reason == NULL || strstr(reason, asked->reason) != NULL))
            continue;
        wrong++;
        fprintf(stderr, "%s, %s, %s is %s, not %s: %s\n", asked->key.product, asked->key.version,
                asked->key.installation, verdict_word(verdict->word), verdict_word(asked->word), reason);
    }
    judge_destroy(judge);
    if (wrong > 0)
        fail_msg("%zu keys are judged in another way", wrong);
}

/* Assets by one method, protected by one server. */
static const struct judged_asset {
    struct estate_server server;
    enum method method;
    const char *things[EXAMPLE_THINGS]; /* the first is judged */
    enum verdict_word word;
    const char *says, *omits; /* parts of the reason, and one of what is not covered; NULL: whatever they are */
} judged_assets[] = {
    /* A host of Azure Local is asked by its own rows. */
    { { "B", .product = "mabs-v4", .installation = "physical" },
      METHOD_HOST,
      { "hyperv_host; os.family=windows; os.product_type=3; os.sku=406; os.build=10.0.20349; os.arch=x64" },
      VERDICT_SUPPORTED,
      "row 7 ",
      NULL },
    { { "B", .product = "mabs-v3-ur1", .installation = "physical" },
      METHOD_HOST,
      { "hyperv_host; os.family=windows; os.product_type=3; os.sku=406; os.build=10.0.20349; os.arch=x64" },
      VERDICT_UNSUPPORTED,
      NULL,
      NULL },
    { { "B", .product = "mabs-v4", .installation = "physical" },
      METHOD_HOST,
      { "hyperv_host; " WINDOWS("10.0.20348") },
      VERDICT_SUPPORTED,
      "row 6 ",
      NULL },

    /* What is asked of the virtual machine, its host need not meet. */
    { { "B", .product = "mabs-v4", .installation = "physical" },
      METHOD_IMAGE,
      { "vm; os.family=windows; " DISKS("[]", "[]", "[]"), HOST(WINDOWS("10.0.20348") "; cluster.member=false") },
      VERDICT_SUPPORTED,
      "row 6 ",
      NULL },
    { { "B", .product = "mabs-v3-ur2", .installation = "physical" },
      METHOD_IMAGE,
      { "vm; os.family=windows; " DISKS("[]", "[]", "shared.vhds"), HOST(WINDOWS("10.0.17763")) },
      VERDICT_UNSUPPORTED,
      "vm.shared_disks is shared.vhds",
      NULL },
    { { "B", .product = "mabs-v3-ur1", .installation = "physical" },
      METHOD_IMAGE,
      { "vm; os.family=windows; vm.pass_through_disks=[]; vm.remote_disks=[]", HOST(WINDOWS("10.0.17763")) },
      VERDICT_CONDITIONAL,
      "vm.shared_disks is missing",
      NULL },
    { { "B", .product = "mabs-v4", .installation = "physical" },
      METHOD_IMAGE,
      { "vm; os.family=windows; " DISKS("Disk 3", "[]", "[]"),
        "hyperv_host; os.family=windows; os.product_type=3; os.sku=406; os.build=10.0.20349; os.arch=x64 @ 1>runs_on" },
      VERDICT_UNSUPPORTED,
      "vm.pass_through_disks is Disk 3",
      NULL },
    /* The page of 2018 leaves out the disk alone. */
    { { "B", .product = "mabs-v2", .installation = "physical" },
      METHOD_IMAGE,
      { "vm; os.family=windows; " DISKS("Disk 3", "[]", "shared.vhds"), HOST(WINDOWS("10.0.14393")) },
      VERDICT_SUPPORTED,
      NULL,
      "pass-through disk Disk 3" },

    /* The place is the backup server's; where the workload runs is a condition. */
    { { "B", .product = "mabs-v4", .installation = "azure-vm" },
      METHOD_AGENT,
      { PHYSICAL "; " WINDOWS("10.0.17763") },
      VERDICT_UNSUPPORTED,
      "mabs-v3-ur1:row2",
      NULL },
    { { "B", .product = "mabs-v4", .installation = "azure-vm" },
      METHOD_AGENT,
      { IN_AZURE "; " WINDOWS("10.0.17763") },
      VERDICT_SUPPORTED,
      "row 2 ",
      NULL },
    { { "B", .product = "mabs-v4", .installation = "physical" },
      METHOD_AGENT,
      { IN_AZURE "; " WINDOWS("10.0.17763") },
      VERDICT_SUPPORTED,
      "row 2 ",
      "system state and bare metal" },

    /* Two rows, one of which marks support as ending; and what must be installed for it. */
    { { "B", .product = "mabs-v4", .installation = "physical" },
      METHOD_AGENT,
      { PHYSICAL "; software.vcredist_2015=true; " WINDOWS("6.3.9600") },
      VERDICT_DEPRECATED,
      "rows 2 and 10",
      NULL },
    { { "B", .product = "mabs-v4", .installation = "physical" },
      METHOD_AGENT,
      { PHYSICAL "; software.vcredist_2015=false; " WINDOWS("6.3.9600") },
      VERDICT_UNSUPPORTED,
      "mabs-v4:row2",
      NULL },

    /* From an update rollup on, and until one. */
    { { "B", .product = "dpm-2019", .update = "UR4", .installation = "physical" },
      METHOD_IMAGE,
      { "vm; vm.vapp=; os.family=windows; id.instance_uuid=u", ESXI("5.5.0"),
        "datastore; datastore.type=NFS @ 1>stored_on" },
      VERDICT_SUPPORTED,
      "row 8 ",
      NULL },
    { { "B", .product = "dpm-2019", .update = "UR5", .installation = "physical" },
      METHOD_IMAGE,
      { "vm; vm.vapp=; os.family=windows; id.instance_uuid=u", ESXI("5.5.0"),
        "datastore; datastore.type=NFS @ 1>stored_on" },
      VERDICT_UNSUPPORTED,
      "dpm-2019:row8",
      NULL },
    { { "B", .product = "dpm-2019", .update = "UR4", .installation = "physical" },
      METHOD_IMAGE,
      { "vm; vm.vapp=; os.family=windows; id.instance_uuid=u", ESXI("7.0.3"),
        "datastore; datastore.type=NFS @ 1>stored_on" },
      VERDICT_UNSUPPORTED,
      "dpm-2019:row8",
      NULL },
    { { "B", .product = "dpm-2019", .installation = "physical" },
      METHOD_IMAGE,
      { "vm; vm.vapp=; os.family=windows; id.instance_uuid=u", ESXI("7.0.3"),
        "datastore; datastore.type=NFS @ 1>stored_on" },
      VERDICT_CONDITIONAL,
      "dpm-2019:row8",
      NULL },
};

static bool omits(const struct verdict *verdict, const char *what)
{
    for (size_t i = 0; what != NULL && i < verdict->legs[0].omit_count; i++) {
        if (strcmp(verdict->legs[0].omits[i], what) == 0)
            return true;
    }
    return what == NULL;
}

static bool is_as_judged(const struct judged_asset *asset, const struct verdict *verdict)
{
    if (verdict->word == asset->word && (asset->says == NULL || strstr(verdict->legs[0].reason, asset->says) != NULL) &&
        omits(verdict, asset->omits))
        return true;
    fprintf(stderr, "%s by %s is %s, not %s: %s\n", asset->things[0], asset->server.product,
            verdict_word(verdict->word), verdict_word(asset->word), verdict->legs[0].reason);
    return false;
}

static bool judges(const struct judged_asset *asset)
{
    struct estate estate = { .servers = &asset->server, .server_count = 1 };
    struct judge_setting setting = { .matrix = knowledge_matrix(knowledge), .estate = &estate };
    const struct verdict *verdicts;
    struct judge *judge;
    struct scene scene;
    size_t count;
    bool good = false;

    scene_init(&scene);
    for (size_t i = 0; i < EXAMPLE_THINGS && asset->things[i] != NULL; i++)
        scene_add(&scene, asset->things[i]);
    setting.world = &scene.world;
    judge = judge_create(&setting);
    verdicts = judge_thing(judge, scene.things[0], &count);
    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].method == asset->method)
            good = is_as_judged(asset, &verdicts[i]);
    }
    judge_destroy(judge);
    scene_finish(&scene);
    return good;
}

static void assets_are_judged_by_the_edition_of_their_server(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof judged_assets / sizeof *judged_assets; i++)
        wrong += !judges(&judged_assets[i]);
    if (wrong > 0)
        fail_msg("%zu assets are judged in another way", wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_met_unmet_or_open_as_the_facts_say),
        cmocka_unit_test(every_condition_that_editions_share_has_an_example),
        cmocka_unit_test(keys_are_judged_by_their_edition),
        cmocka_unit_test(assets_are_judged_by_the_edition_of_their_server),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
