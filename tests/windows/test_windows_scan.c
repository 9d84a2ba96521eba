/* Scans of computers that a peer plays: what is recorded of each, over both transports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cim_facts.h"
#include "site.h"
#include "winpeer.h"

#include <stdio.h>
#include <string.h>

#define GIB "1073741824"

static const char fleet[] =
    "{\"hosts\": ["
    "{\"name\": \"fs1\", \"version\": \"2016\", \"features\": [\"FS-FileServer\", \"FS-Data-Deduplication\"],"
    " \"hotfixes\": [\"KB4015217\", \"KB4013429\"],"
    " \"volumes\": [[\"C:\", \"\", \"NTFS\", 107374182400], [\"D:\", \"data\", \"NTFS\", " GIB ", true],"
    "  [\"E:\", \"logs\", \"ReFS\", " GIB "], [null, \"EFI\", \"FAT32\", 104857600]]},"
    "{\"name\": \"pc1\", \"version\": \"client-7\", \"domain\": \"\", \"workgroup\": \"HOME\", \"arch\": \"32-bit\"},"
    "{\"name\": \"old\", \"version\": \"2008-sp2\", \"language\": \"ja-JP\"},"
    "{\"name\": \"core\", \"version\": \"2012-r2-core\"},"
    "{\"name\": \"guest\", \"version\": \"2012\", \"model\": \"hyperv\", \"on\": \"HV1.corp.example\","
    " \"vm_id\": \"9A7E1C4F-2B3D-4E5F-8A9B-0C1D2E3F4A5B\"},"
    "{\"name\": \"cloud\", \"version\": \"2016\", \"model\": \"azure\", \"on\": \"RD0003FF\"},"
    "{\"name\": \"ex1\", \"version\": \"2012-r2\", \"exchange\": \"2016\"},"
    "{\"name\": \"ex2\", \"version\": \"2008-r2-sp1\", \"exchange\": \"2007\","
    " \"exchange_roles\": [\"MailboxRole\", \"AdminTools\"]},"
    "{\"name\": \"tools\", \"version\": \"2016\", \"exchange\": \"2016\", \"exchange_roles\": [\"AdminTools\"]},"
    "{\"name\": \"sp1\", \"version\": \"2012-r2\", \"sharepoint\": \"2013\", \"sharepoint_sql\": \"SQL1\"},"
    "{\"name\": \"sp2\", \"version\": \"2012-r2\", \"sharepoint\": \"2016\", \"registry\":"
    " {\"SOFTWARE\\\\Microsoft\\\\Shared Tools\\\\Web Server Extensions\\\\16.0\\\\Secure\\\\ConfigDB\":"
    "  {\"dsn\": \"Data Source=SQL1; initial catalog=SP_Config\", \"Id\": \"none\"}}},"
    "{\"name\": \"db1\", \"version\": \"2016\", \"sql\": {\"MSSQLSERVER\": \"2016\", \"SHOP\": \"2012\"}},"
    "{\"name\": \"mabs1\", \"version\": \"2016\", \"backup_server\": \"mabs-v2\"},"
    "{\"name\": \"kept\", \"version\": \"2012-r2\","
    " \"backup_agent\": {\"server\": \"mabs1.corp.example\", \"version\": \"12.0.332.0\"}},"
    "{\"name\": \"n1\", \"version\": \"2016\", \"exchange\": \"2016\"}, {\"name\": \"n2\", \"version\": \"2016\"}],"
    "\"clusters\": [{\"name\": \"clu1\", \"nodes\": [\"n1\", \"n2\"], \"roles\": [\"File Server\"]}]}";

static void assert_text(const struct item *item, const char *attribute, const char *wanted)
{
    const char *text = item_text(item, attribute);

    if (text == NULL || strcmp(text, wanted) != 0)
        fail_msg("%s is %s, not %s", attribute, text == NULL ? "missing" : text, wanted);
}

static void assert_true_of(const struct item *item, const char *attribute, bool wanted)
{
    const struct value *value = item_get(item, attribute);

    if (value == NULL || value->type != VALUE_BOOL || value->truth != wanted)
        fail_msg("%s is not %s", attribute, wanted ? "true" : "false");
}

/* The volume with that name. */
static const struct item *volume(const char *name)
{
    for (size_t i = 0; i < mock_item_count(site.mock, NULL); i++) {
        const struct item *item = mock_item_at(site.mock, i);

        if (strcmp(item->kind, "volume") == 0 && strcmp(item_text(item, "id.name"), name) == 0)
            return item;
    }
    fail_msg("there is no volume %s", name);
    return NULL;
}

static bool is_tied(const struct item *item, const char *relation, const char *kind, const char *key)
{
    for (size_t i = 0; i < item->link_count; i++) {
        const struct link *link = &item->links[i];

        if (strcmp(link->relation, relation) == 0 && strcmp(link->kind, kind) == 0 && strcmp(link->key, key) == 0)
            return true;
    }
    return false;
}

static void a_file_server_is_recorded_with_its_volumes(void **state)
{
    const struct item *machine;

    (void)state;
    site_scan("fs1");
    machine = site_item("machine");
    assert_int_equal(mock_completeness(site.mock), COMPLETE);
    assert_int_equal(mock_warning_count(site.mock), 0);
    assert_string_equal(machine->key, item_text(machine, "id.uuid"));
    assert_text(machine, "id.fqdn", "fs1.corp.example");
    assert_text(machine, "id.netbios", "FS1");
    assert_text(machine, "os.family", "windows");
    assert_text(machine, "os.build", "10.0.14393");
    assert_text(machine, "os.arch", "x64");
    assert_text(machine, "os.installation_type", "Server");
    assert_text(machine, "os.release", "1607");
    assert_text(machine, "wmf.version", "5.1.14393.0");
    assert_text(machine, "hardware.manufacturer", "Dell Inc.");
    assert_text(machine, "domain.name", "corp.example");
    assert_string_equal(site_list(machine, "os.hotfixes"), "KB4013429 KB4015217");
    assert_string_equal(site_list(machine, "os.roles"), "FS-Data-Deduplication FS-FileServer");
    assert_true_of(machine, "hyperv.role", false);
    assert_true_of(machine, "cluster.member", false);
    assert_int_equal(machine->unread_count, 0);

    assert_int_equal(mock_item_count(site.mock, "volume"), 4);
    assert_int_equal(item_get(volume("D:"), "volume.capacity")->number, 1073741824);
    assert_text(volume("E:"), "volume.filesystem", "ReFS");
    assert_true_of(volume("D:"), "volume.dedup", true);
    assert_true_of(volume("C:"), "volume.dedup", false);
    assert_true_of(volume("C:"), "volume.system", true);
    assert_string_equal(site_list(volume("EFI"), "volume.paths"), "");
    assert_true(is_tied(volume("D:"), "part_of", "machine", machine->key));
}

static void both_transports_bring_the_same(void **state)
{
    struct hash128 sealed[8], tls[8];
    size_t count;

    (void)state;
    site_scan("fs1");
    count = mock_item_count(site.mock, NULL);
    assert_in_range(count, 1, 8);
    for (size_t i = 0; i < count; i++)
        sealed[i] = item_hash((struct item *)mock_item_at(site.mock, i));
    site_aim("fs1", true);
    assert_true(mock_scan(site.mock));
    assert_int_equal(mock_item_count(site.mock, NULL), count);
    for (size_t i = 0; i < count; i++) {
        tls[i] = item_hash((struct item *)mock_item_at(site.mock, i));
        assert_memory_equal(&sealed[i], &tls[i], sizeof sealed[i]);
    }
}

static void a_scan_logs_in_once_and_asks_little(void **state)
{
    (void)state;
    peer_tell(site.peer, "reset");
    site_scan("fs1");
    assert_int_equal(winpeer_count(site.peer, "handshakes"), 1);
    assert_int_equal(winpeer_count(site.peer, "attempts"), 1);
    assert_int_equal(winpeer_count(site.peer, "connections"), 1);
    assert_in_range(winpeer_count(site.peer, "soap"), 1, 30);
    assert_int_equal(winpeer_count(site.peer, "open"), 0);
    assert_int_equal(winpeer_count(site.peer, "plain"), 0);
}

static void a_client_in_a_workgroup_has_no_domain(void **state)
{
    const struct item *machine;

    (void)state;
    site_scan("pc1");
    machine = site_item("machine");
    assert_text(machine, "domain.workgroup", "HOME");
    assert_null(item_get(machine, "domain.name"));
    assert_null(item_get(machine, "id.fqdn"));
    assert_text(machine, "os.arch", "x86");
    assert_int_equal(item_get(machine, "os.product_type")->number, 1);
    assert_int_equal(mock_completeness(site.mock), COMPLETE);
}

static void the_oldest_in_another_language_is_read_alike(void **state)
{
    const struct item *machine;

    (void)state;
    site_scan("old");
    machine = site_item("machine");
    assert_int_equal(mock_completeness(site.mock), COMPLETE);
    assert_text(machine, "os.build", "6.0.6002");
    assert_int_equal(item_get(machine, "os.service_pack")->number, 2);
    assert_true_of(machine, "cluster.member", false);
    assert_true_of(volume("C:"), "volume.dedup", false);
    assert_int_equal(machine->unread_count, 0);
    assert_int_equal(mock_warning_count(site.mock), 0);
}

static void core_is_told_by_the_registry(void **state)
{
    (void)state;
    site_scan("core");
    assert_text(site_item("machine"), "os.installation_type", "Server Core");
    assert_text(site_item("machine"), "wmf.version", "4.0");
    assert_true_of(site_item("machine"), "software.vcredist_2015", false);
}

static void a_guest_of_hyperv_knows_its_host(void **state)
{
    const struct item *machine;

    (void)state;
    site_scan("guest");
    machine = site_item("machine");
    assert_text(machine, "hardware.model", "Virtual Machine");
    assert_text(machine, "hardware.physical_host", "HV1.corp.example");
    assert_text(machine, "id.hyperv_guid", "9a7e1c4f-2b3d-4e5f-8a9b-0c1d2e3f4a5b");
}

static void a_guest_in_azure_is_nobodys_guest(void **state)
{
    (void)state;
    site_scan("cloud");
    assert_text(site_item("machine"), "hardware.asset_tag", "7783-7084-3265-9085-8269-3286-77");
    assert_null(item_get(site_item("machine"), "id.hyperv_guid"));
}

/* --------------------------------------------------------------------------------------------- applications ---- */

static void exchange_is_a_record_of_its_own(void **state)
{
    const struct item *server;

    (void)state;
    site_scan("ex1");
    server = site_item("exchange_server");
    assert_string_equal(server->key, "ex1.corp.example");
    assert_text(server, "exchange.version", "15.1.1466.3");
    assert_string_equal(site_list(server, "exchange.roles"), "ClientAccess Mailbox");
    assert_text(server, "exchange.cluster_type", "none");
    assert_text(server, "exchange.dag", "");
    assert_text(server, "domain.name", "corp.example");
    assert_true(is_tied(server, "hosted_on", "machine", site_item("machine")->key));
}

static void exchange_2007_is_found_where_it_was(void **state)
{
    (void)state;
    site_scan("ex2");
    assert_text(site_item("exchange_server"), "exchange.version", "8.3.83.6");
    assert_string_equal(site_list(site_item("exchange_server"), "exchange.roles"), "Mailbox");
}

static void tools_alone_are_no_exchange_server(void **state)
{
    (void)state;
    site_scan("tools");
    assert_int_equal(mock_item_count(site.mock, "exchange_server"), 0);
}

static void exchange_on_a_node_leaves_its_group_open(void **state)
{
    const struct item *server;

    (void)state;
    site_scan("n1");
    server = site_item("exchange_server");
    assert_null(item_get(server, "exchange.dag"));
    assert_non_null(strstr(site_unread(server, "exchange.dag"), "Active Directory"));
    assert_non_null(strstr(site_unread(server, "exchange.cluster_type"), "Active Directory"));
    assert_text(server, "cluster.name", "clu1");
    assert_true_of(server, "cluster.member", true);
}

static void a_farm_is_known_by_its_configuration_database(void **state)
{
    const struct item *farm;
    char path[512];
    char uuid[CIM_UUID_SIZE];

    (void)state;
    site_scan("sp1");
    farm = site_item("sharepoint_farm");
    assert_true(cim_uuid(farm->key, uuid));
    assert_text(farm, "id.name", "SharePoint_Config");
    snprintf(path, sizeof path, "%s/SharePoint_Config", item_text(site_item("machine"), "id.fqdn"));
    assert_text(farm, "id.path", path);
    assert_text(farm, "sharepoint.version", "15.0.4571.1502");
    assert_text(site_item("machine"), "sharepoint.version", "15.0.4571.1502");
    assert_non_null(site_unread(farm, "sharepoint.content_databases"));
    assert_true(is_tied(farm, "hosted_on", "machine", site_item("machine")->key));
}

static void a_farm_without_an_id_is_known_by_the_name_of_that_database(void **state)
{
    (void)state;
    site_scan("sp2");
    assert_string_equal(site_item("sharepoint_farm")->key, "sql1/sp_config");
    assert_text(site_item("sharepoint_farm"), "id.name", "SP_Config");
}

static void instances_of_sql_server_are_offered_by_the_name_that_was_given(void **state)
{
    (void)state;
    site_scan("db1");
    assert_int_equal(mock_offer_count(site.mock), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(mock_offer_at(site.mock, i)->plugin, "sql");
        assert_string_equal(mock_offer_at(site.mock, i)->host, "localhost");
    }
    assert_non_null(strstr(mock_offer_at(site.mock, 1)->evidence, "SHOP"));
    assert_int_equal(mock_item_count(site.mock, "sql_instance"), 0);
}

static void a_backup_server_says_where_its_database_is(void **state)
{
    const struct item *server;

    (void)state;
    site_scan("mabs1");
    server = site_item("backup_server");
    assert_string_equal(server->key, "mabs1.corp.example");
    assert_text(server, "backup.version", "12.0.332.0");
    assert_text(server, "backup.database_instance", "MABS1\\MSDPMINSTANCE");
    assert_text(server, "backup.database_name", "DPMDB_MABS1");
    assert_true(is_tied(server, "hosted_on", "machine", site_item("machine")->key));
    assert_null(item_get(site_item("machine"), "backup.agent_version"));
}

static void an_agent_says_whose_it_is(void **state)
{
    (void)state;
    site_scan("kept");
    assert_text(site_item("machine"), "backup.agent_version", "12.0.332.0");
    assert_text(site_item("machine"), "backup.agent_server", "mabs1.corp.example");
    assert_int_equal(mock_item_count(site.mock, "backup_server"), 0);
}

static void nodes_tell_of_one_cluster(void **state)
{
    static const char *const nodes[] = { "n1", "n2" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct item *cluster;

        site_scan(nodes[i]);
        cluster = site_item("cluster");
        assert_string_equal(cluster->key, "clu1.corp.example");
        assert_string_equal(site_list(cluster, "cluster.nodes"), "n1 n2");
        assert_non_null(strstr(site_list(cluster, "cluster.role_types"), "File Server"));
        assert_true(is_tied(site_item("machine"), "member_of", "cluster", "clu1.corp.example"));
        assert_text(site_item("machine"), "cluster.name", "clu1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_server_is_recorded_with_its_volumes),
        cmocka_unit_test(both_transports_bring_the_same),
        cmocka_unit_test(a_scan_logs_in_once_and_asks_little),
        cmocka_unit_test(a_client_in_a_workgroup_has_no_domain),
        cmocka_unit_test(the_oldest_in_another_language_is_read_alike),
        cmocka_unit_test(core_is_told_by_the_registry),
        cmocka_unit_test(a_guest_of_hyperv_knows_its_host),
        cmocka_unit_test(a_guest_in_azure_is_nobodys_guest),
        cmocka_unit_test(exchange_is_a_record_of_its_own),
        cmocka_unit_test(exchange_2007_is_found_where_it_was),
        cmocka_unit_test(tools_alone_are_no_exchange_server),
        cmocka_unit_test(exchange_on_a_node_leaves_its_group_open),
        cmocka_unit_test(a_farm_is_known_by_its_configuration_database),
        cmocka_unit_test(a_farm_without_an_id_is_known_by_the_name_of_that_database),
        cmocka_unit_test(instances_of_sql_server_are_offered_by_the_name_that_was_given),
        cmocka_unit_test(a_backup_server_says_where_its_database_is),
        cmocka_unit_test(an_agent_says_whose_it_is),
        cmocka_unit_test(nodes_tell_of_one_cluster),
    };
    int failed;

    if (winpeer_absent() != 0)
        return winpeer_absent();
    site_begin(fleet);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    site_end();
    return failed;
}
