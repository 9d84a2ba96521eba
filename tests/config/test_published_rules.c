/* The rules that the published page states in prose, as conf/matrix/ encodes them: of each what meets it, what does
 * not, and what comes of a fact that is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "examples.h"

#include <string.h>

#define YES TRUTH_YES
#define NO TRUTH_NO
#define OPEN TRUTH_UNKNOWN

#define VOLUME(facts) "volume; volume.drive_type=3; volume.paths=E:\\; " facts " @ part_of>1"
#define HERE PROTECTED("protected.type=System Protection"), "server; product=mabs-v2 @ 2>protected_by"
#define ELSEWHERE                                                                                                      \
    PROTECTED("protected.type=System Protection"), "backup_server; id.name=B2 @ 2>protected_by",                       \
        "server; product=mabs-v2"
#define PROTECTED(facts) "protected; protected.state=protected; " facts " @ protects>1"
#define SERVER(facts) "server; product=mabs-v2; domain.name=corp.example; domain.trusts=lab.example; " facts
#define CORP "domain.name=corp.example"

static const struct example examples[] = {
    { "R1", YES, { "machine", VOLUME("volume.filesystem=NTFS") } },
    { "R1", NO, { "machine", VOLUME("volume.filesystem=FAT32") } },
    { "R1", NO, { "machine", VOLUME("volume.filesystem=exFAT") } },
    { "R1", NO, { "machine", VOLUME("volume.filesystem=NTFS"), VOLUME("volume.filesystem=ReFS") } },
    { "R1", OPEN, { "machine", VOLUME("volume.capacity=5000000000") } },
    { "R1", OPEN, { "machine" } },
    { "R1",
      YES,
      { "machine", VOLUME("volume.filesystem=NTFS"),
        "volume; volume.drive_type=2; volume.paths=F:\\; volume.filesystem=FAT32 @ part_of>1" } },
    { "R1",
      YES,
      { "machine", VOLUME("volume.filesystem=NTFS"),
        "volume; volume.drive_type=3; volume.paths=[]; volume.filesystem=FAT32 @ part_of>1" } },

    { "R2", YES, { "machine", VOLUME("volume.capacity=1073741824") } },
    { "R2", OPEN, { "machine", VOLUME("volume.capacity=1073741823") } },
    { "R2", OPEN, { "machine", VOLUME("volume.capacity=1000000000") } },
    { "R2", NO, { "machine", VOLUME("volume.capacity=999999999") } },
    { "R2", OPEN, { "machine", VOLUME("volume.filesystem=NTFS") } },

    { "R3", NO, { "machine", PROTECTED("protected.type=Volume; id.name=C:\\") } },
    { "R3", NO, { "machine", PROTECTED("protected.type=Volume; protected.paths=C:\\") } },
    { "R3", NO, { "machine", PROTECTED("protected.type=System Protection; id.name=System Protection") } },
    { "R3",
      OPEN,
      { "machine", PROTECTED("protected.type=Volume; id.name=Files; protected.paths=C:\\Users\\a\\notes.txt") } },
    { "R3", OPEN, { "machine" } },
    { "R3", OPEN, { "machine", ELSEWHERE } },
    { "R3", NO, { "machine", HERE } },
    { "R3", YES, { "machine", "protected; protected.state=unprotected; id.name=C:\\ @ protects>1" } },

    { "R4", YES, { "machine; os.sku=7" } },
    { "R4", NO, { "machine; os.sku=144; os.installation_type=Nano Server" } },
    { "R4", NO, { "machine; os.sku=143" } },
    { "R4", OPEN, { "machine; os.build=10.0.14393" } },

    { "R5", YES, { "machine; wmf.version=4.0" } },
    { "R5", YES, { "machine; wmf.version=5.1.14409.1005" } },
    { "R5", NO, { "machine; os.build=6.1.7601; os.service_pack=1; wmf.version=2.0" } },
    { "R5", OPEN, { "machine; os.build=6.1.7601; os.service_pack=1" } },
    { "R5-service-pack", YES, { "machine; os.build=6.1.7601" } },
    { "R5-service-pack", YES, { "machine; os.build=6.1; os.service_pack=1" } },
    { "R5-service-pack", NO, { "machine; os.build=6.1.7600; os.service_pack=0; wmf.version=4.0" } },
    { "R5-service-pack", OPEN, { "machine; wmf.version=4.0" } },

    { "R6-datacenter-standard", YES, { "machine; os.sku=8" } },
    { "R6-datacenter-standard", YES, { "machine; os.sku=39" } },
    { "R6-datacenter-standard", YES, { "machine; os.sku=79" } },
    { "R6-datacenter-standard", NO, { "machine; os.sku=50; os.name=Microsoft Windows Server 2012 R2 Essentials" } },
    { "R6-datacenter-standard", NO, { "machine; os.sku=33; os.name=Microsoft Windows Server 2012 Foundation" } },
    { "R6-datacenter-standard", YES, { "vm; guest.name=Windows Server 2012 R2 Standard" } },
    { "R6-datacenter-standard", OPEN, { "vm; guest.name=Microsoft Windows Server 2012 (64-bit)" } },
    { "R6-datacenter-standard", OPEN, { "vm; guest.name=Windows Storage Server 2012 R2 Standard" } },
    { "R6-standard-enterprise", YES, { "machine; os.sku=10; os.name=Microsoft Windows Server 2008 R2 Enterprise" } },
    { "R6-standard-enterprise", YES, { "machine; os.sku=41" } },
    { "R6-standard-enterprise", NO, { "machine; os.sku=8; os.name=Microsoft Windows Server 2008 R2 Datacenter" } },
    { "R6-standard-enterprise",
      NO,
      { "machine; os.sku=15; os.name=Microsoft Windows Server 2008 R2 for Itanium-based Systems" } },
    { "R6-standard-enterprise", NO, { "machine; os.sku=39; os.name=Windows Server 2008 R2 Datacenter" } },
    { "R6-standard-enterprise", OPEN, { "machine; os.build=6.1.7601" } },

    { "R7",
      YES,
      { "machine", VOLUME("volume.dedup=true; volume.system=false"), SERVER("version=Windows Server 2016") } },
    { "R7",
      YES,
      { "machine", VOLUME("volume.dedup=true; volume.system=false"), SERVER("version=Windows Server 2012 R2") } },
    { "R7",
      NO,
      { "machine", VOLUME("volume.dedup=true; volume.system=false"), SERVER("version=Windows Server 2012") } },
    { "R7", YES, { "machine", VOLUME("volume.dedup=false"), SERVER("version=Windows Server 2012") } },
    { "R7", OPEN, { "machine", VOLUME("volume.filesystem=NTFS"), SERVER("version=Windows Server 2012") } },
    { "R7", OPEN, { "machine", VOLUME("volume.dedup=true; volume.system=false"), SERVER("id.name=B") } },
    { "R7-row10",
      YES,
      { "machine", VOLUME("volume.dedup=true; volume.system=false"), SERVER("version=Windows Server 2012") } },
    { "R7-row10",
      NO,
      { "machine", VOLUME("volume.dedup=true; volume.system=false"), SERVER("version=Windows Server 2016") } },
    { "R7-row10", YES, { "machine", VOLUME("volume.dedup=false"), SERVER("version=Windows Server 2016") } },

    { "R8", NO, { "machine", PROTECTED("protected.type=System Protection; protected.components=System State") } },
    { "R8", YES, { "machine", PROTECTED("protected.type=Volume; id.name=C:\\") } },
    { "R8", OPEN, { "machine" } },
    { "R8", OPEN, { "machine", ELSEWHERE } },
    { "R8", NO, { "machine", HERE } },
    { "R8", YES, { "machine", "protected; protected.state=stopped; protected.type=System Protection @ protects>1" } },
    { "R8", OPEN, { "machine", "protected; protected.type=System Protection @ protects>1" } },

    { "R9", YES, { "machine; os.build=6.1.7601", VOLUME("volume.filesystem=NTFS") } },
    { "R9", NO, { "machine; os.build=6.2.9200", VOLUME("volume.dedup=true; volume.system=false") } },
    { "R9", YES, { "machine; os.build=6.2.9200", VOLUME("volume.dedup=false"), VOLUME("volume.system=true") } },
    { "R9", OPEN, { "machine; os.build=6.2.9200", VOLUME("volume.filesystem=NTFS") } },

    { "R10", YES, { "mailbox_database; mailbox_database.filesystems=NTFS" } },
    { "R10", NO, { "mailbox_database; mailbox_database.filesystems=NTFS,ReFS" } },
    { "R10", OPEN, { "mailbox_database; mailbox_database.filesystems=[]" } },
    { "R10", OPEN, { "mailbox_database; id.name=Crew" } },
    { "R10",
      NO,
      { "exchange_server", "mailbox_database; mailbox_database.filesystems=NTFS @ replicated_to>1",
        "mailbox_database; mailbox_database.filesystems=ReFS @ replicated_to>1" } },

    { "R11",
      YES,
      { "sharepoint_farm; sharepoint.content_databases=S\\WSS", "sql_instance; sql.build=13.0.4574.0 @ 1>uses",
        "database; id.name=WSS; database.availability_group=AG @ part_of>2" } },
    { "R11",
      NO,
      { "sharepoint_farm; sharepoint.content_databases=S\\WSS", "sql_instance; sql.build=11.0.5678.0 @ 1>uses",
        "database; id.name=WSS; database.availability_group=AG @ part_of>2" } },
    { "R11",
      NO,
      { "sharepoint_farm; sharepoint.content_databases=S\\WSS", "sql_instance; sql.build=11.2.5058 @ 1>uses",
        "database; id.name=WSS; database.availability_group=AG @ part_of>2" } },
    { "R11",
      YES,
      { "sharepoint_farm; sharepoint.content_databases=S\\WSS", "sql_instance; sql.build=11.0.5678.0 @ 1>uses",
        "database; id.name=WSS; database.availability_group= @ part_of>2" } },
    { "R11",
      OPEN,
      { "sharepoint_farm; sharepoint.content_databases=S\\WSS", "sql_instance; sql.build=11.0.5678.0 @ 1>uses" } },
    { "R11", OPEN, { "sharepoint_farm; sharepoint.content_databases=S\\WSS", "somewhere; sql_instance @ 1>uses" } },
    { "R11-cluster", YES, { "sharepoint_farm", "sql_instance; sql.build=11.0.5678.0; sql.clustered=false @ 1>uses" } },
    { "R11-cluster", OPEN, { "sharepoint_farm", "sql_instance; sql.build=11.0.5678.0; sql.clustered=true @ 1>uses" } },

    { "R12", YES, { "vm", "esxi_host; vsphere.license_edition=esx.enterprisePlus.cpuPackage @ 1>runs_on" } },
    { "R12", NO, { "vm", "esxi_host; vsphere.license_edition=esxBasic @ 1>runs_on" } },
    { "R12",
      NO,
      { "vm", "esxi_host; vsphere.license_edition=esx.standard @ 1>runs_on",
        "esxi_host; vsphere.license_edition=esxBasic @ 1>runs_on" } },
    { "R12", OPEN, { "vm", "esxi_host; vsphere.license_edition=eval @ 1>runs_on" } },
    { "R12", OPEN, { "vm", "esxi_host; vsphere.version=6.0.0 @ 1>runs_on" } },
    { "R12", OPEN, { "vm" } },
    { "R12-storage", YES, { "vm", "datastore; datastore.type=NFS @ 1>stored_on" } },
    { "R12-storage", YES, { "vm", "datastore; datastore.type=VMFS; datastore.local=false @ 1>stored_on" } },
    { "R12-storage", NO, { "vm", "datastore; datastore.type=VMFS; datastore.local=true @ 1>stored_on" } },
    { "R12-storage",
      NO,
      { "vm", "datastore; datastore.type=NFS @ 1>stored_on",
        "datastore; datastore.type=VMFS; datastore.local=true @ 1>stored_on" } },
    { "R12-storage", OPEN, { "vm", "datastore; datastore.type=vsan @ 1>stored_on" } },
    { "R12-storage", OPEN, { "vm" } },
    { "R12-vapp", YES, { "vm; vm.vapp=" } },
    { "R12-vapp", NO, { "vm; vm.vapp=Trackers" } },
    { "R12-vapp", OPEN, { "vm" } },
    { "R12-license-name", NO, { "vm", "esxi_host; vsphere.license_name=VMware vSphere 6 Hypervisor @ 1>runs_on" } },
    { "R12-license-name", YES, { "vm", "esxi_host; vsphere.license_name=VMware vSphere 6 Standard @ 1>runs_on" } },
    { "R12-items", YES, { "vm; guest.family=windows" } },
    { "R12-items", NO, { "vm; guest.family=linux" } },
    { "R12-items", OPEN, { "vm" } },
    { "azure-backup-server/row57", YES, { "vm", SERVER("update=UR1") } },
    { "azure-backup-server/row57", OPEN, { "vm", SERVER("backup.version=11.0.50.0; backup.patches=[]") } },
    { "azure-backup-server/row57", YES, { "vm", SERVER("backup.version=11.0.61.0") } },
    { "azure-backup-server/row57-engine", NO, { "vm", SERVER("backup.version=11.0.50.0; backup.patches=[]") } },
    { "azure-backup-server/row57-engine", OPEN, { "vm", SERVER("update=UR1") } },

    { "R13",
      YES,
      { "vm", "hyperv_host; os.family=windows; os.product_type=3; os.sku=8; os.build=10.0.14393 @ 1>runs_on" } },
    { "R13",
      NO,
      { "vm", "hyperv_host; os.family=windows; os.product_type=3; os.sku=8; os.build=6.2.9200 @ 1>runs_on" } },
    { "R13",
      NO,
      { "vm", "hyperv_host; os.family=windows; os.product_type=3; os.sku=8; os.build=10.0.14393 @ 1>runs_on",
        "hyperv_host; os.family=windows; os.product_type=3; os.sku=8; os.build=10.0.17763 @ 1>may_run_on" } },
    { "R13",
      OPEN,
      { "vm", "hyperv_host; os.family=windows; os.product_type=3; os.sku=42; os.build=6.3.9600 @ 1>runs_on" } },
    { "R13", OPEN, { "vm", "hyperv_host; id.name=HV @ 1>runs_on" } },
    { "R13", YES, { "vm", "esxi_host; vsphere.version=6.5.0 @ 1>runs_on" } },
    { "R13-distribution", OPEN, { "vm; guest.distribution=Ubuntu" } },
    { "R14", YES, { "hyperv_host" } },
    { "R14", NO, { "machine; hyperv.role=false" } },

    { "R15", YES, { "machine; cluster.member=false" } },
    { "R15",
      YES,
      { "machine; cluster.member=true", "cluster; cluster.role_types=File Server,Virtual Machine @ 1>member_of" } },
    { "R15", NO, { "machine; cluster.member=true", "cluster; cluster.role_types=DHCP Service @ 1>member_of" } },
    { "R15", OPEN, { "machine" } },
    { "R15-sharepoint", YES, { "sharepoint_farm", "machine; cluster.member=false @ 1>hosted_on" } },
    { "R15-sharepoint", OPEN, { "sharepoint_farm", "machine; cluster.member=true @ 1>hosted_on" } },
    { "R16", YES, { "hyperv_host; cluster.member=false" } },
    { "R16", YES, { "hyperv_host; cluster.member=true", PROTECTED("protected.secondary=false") } },
    { "R16", OPEN, { "hyperv_host; cluster.member=true", PROTECTED("protected.secondary=true") } },
    { "R16", OPEN, { "hyperv_host; cluster.member=true" } },

    { "R17", YES, { "hyperv_host; os.build=6.1.7601; os.hotfixes=KB1,KB975354" } },
    { "R17", OPEN, { "hyperv_host; os.build=6.1.7601; os.hotfixes=KB1" } },
    { "R17", NO, { "hyperv_host; os.build=6.1.7600; os.hotfixes=KB1" } },
    { "R17", OPEN, { "hyperv_host; os.build=6.1.7600" } },
    { "R18", NO, { "hyperv_host; cluster.member=true; os.service_pack=1; os.hotfixes=KB971394" } },
    { "R18", YES, { "hyperv_host; cluster.member=false; os.service_pack=1" } },
    { "R18", OPEN, { "hyperv_host; os.hotfixes=KB971394" } },
    { "R19", YES, { "exchange_server; exchange.cluster_type=dag" } },
    { "R19", NO, { "exchange_server; exchange.cluster_type=scc" } },
    { "R19", OPEN, { "exchange_server" } },
    { "R20", YES, { "database; database.on_csv=false" } },
    { "R20", NO, { "database; database.on_csv=true" } },
    { "R20",
      NO,
      { "sql_instance", "database; database.on_csv=false; database.system=false; database.snapshot=false @ part_of>1",
        "database; database.on_csv=true; database.system=false; database.snapshot=false @ part_of>1" } },
    { "R20", OPEN, { "sql_instance" } },

    { "R21", YES, { "machine; cluster.member=true; " CORP, SERVER("id.name=B") } },
    { "R21", YES, { "machine; cluster.member=true; domain.name=sea.corp.example", SERVER("id.name=B") } },
    { "R21", YES, { "machine; cluster.member=true; domain.name=lab.example", SERVER("id.name=B") } },
    { "R21", NO, { "machine; cluster.member=true; domain.name=other.example", SERVER("id.name=B") } },
    { "R21", YES, { "machine; cluster.member=false; domain.name=other.example", SERVER("id.name=B") } },
    { "R21", OPEN, { "machine; domain.name=other.example", SERVER("id.name=B") } },
    { "R21-sql", NO, { "sql_instance; cluster.member=true; domain.name=other.example", SERVER("id.name=B") } },
    { "R21-exchange", YES, { "exchange_server; cluster.member=true; " CORP, SERVER("id.name=B") } },
    { "R22", YES, { "machine; domain.role=3; " CORP, SERVER("id.name=B") } },
    { "R22", OPEN, { "machine; domain.role=2; domain.workgroup=DMZ", SERVER("id.name=B") } },
    { "R22",
      NO,
      { "machine; domain.role=2; domain.workgroup=DMZ; backup.agent_authentication=domain", SERVER("id.name=B") } },
    { "R22",
      YES,
      { "machine; domain.role=2; backup.agent_authentication=ntlm; cluster.member=false", SERVER("id.name=B") } },
    { "R22",
      NO,
      { "machine; domain.role=2; backup.agent_authentication=ntlm; cluster.member=true", SERVER("id.name=B") } },
    { "R22",
      YES,
      { "machine; domain.role=2; backup.agent_authentication=certificate; cluster.member=true", SERVER("id.name=B") } },
    { "R22",
      NO,
      { "machine; domain.role=3; domain.name=other.example; backup.agent_authentication=ntlm; cluster.member=true",
        SERVER("id.name=B") } },
    { "R22-sql", YES, { "sql_instance; " CORP, SERVER("id.name=B") } },
    { "R22-sql",
      YES,
      { "sql_instance; domain.name=other.example",
        "machine; domain.name=other.example; backup.agent_authentication=certificate @ 1>hosted_on",
        SERVER("id.name=B") } },
    { "R22-exchange", YES, { "exchange_server; " CORP, SERVER("id.name=B") } },
    { "R22-sharepoint",
      NO,
      { "sharepoint_farm", "machine; domain.name=other.example; backup.agent_authentication=domain @ 1>hosted_on",
        SERVER("id.name=B") } },

    { "R23", OPEN, { "sharepoint_farm", SERVER("backup.version=12.0.332.0") } },
    { "R23", YES, { "sharepoint_farm", "server; product=dpm-2012r2; backup.version=4.2.1254.0" } },
    { "R23", YES, { "sharepoint_farm", "server; product=dpm-2012r2; update=UR3" } },
    { "R23", NO, { "sharepoint_farm", "server; product=dpm-2012r2; update=UR2; backup.version=4.2.1226.0" } },
    { "R23", YES, { "sharepoint_farm", "server; product=dpm-2016" } },
    { "R24", YES, { "machine; os.arch=x64" } },
    { "R24", NO, { "machine; os.arch=ia64; hardware.manufacturer=hp; hardware.model=server rx2660" } },
    { "R24", OPEN, { "machine" } },
    { "R24", YES, { "vm", "esxi_host @ 1>runs_on" } },
    { "R24", OPEN, { "machine; hardware.manufacturer=hp; hardware.model=server rx2660" } },
    { "R24-client", YES, { "machine; os.arch=x86" } },
    { "R24-client", OPEN, { "machine; os.arch=arm64; os.build=10.0.19045" } },
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
    return knowledge == NULL;
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

static void every_rule_has_an_example(void **state)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);

    (void)state;
    for (size_t i = 0; i < matrix->condition_count; i++) {
        bool found = false;

        for (size_t j = 0; j < sizeof examples / sizeof *examples; j++)
            found |= strcmp(examples[j].rule, matrix->conditions[i].name) == 0;
        if (!found && matrix->conditions[i].name[0] == 'R')
            fail_msg("%s has none", matrix->conditions[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_met_unmet_or_open_as_the_facts_say),
        cmocka_unit_test(every_rule_has_an_example),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
