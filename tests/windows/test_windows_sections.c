/* What becomes of what a computer answers, section by section, without one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pretend.h"
#include "volumes.h"
#include "windows_cluster.h"
#include "windows_computer.h"
#include "windows_hotfixes.h"
#include "windows_os.h"
#include "windows_roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set_up(void **state)
{
    (void)state;
    pretend_begin();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pretend_end();
    return 0;
}

/* ------------------------------------------------------------------------------------------ the system itself ---- */

static const struct system {
    const char *caption, *version, *product_type, *service_pack, *sku, *bits, *type; /* as they come; NULL: nil */
    const char *arch;                                                                /* NULL: nothing can be said */
} systems[] = {
    { "Microsoft Windows 7 Enterprise ", "6.1.7601", "1", "1", "4", "64-bit", "x64-based PC", "x64" },
    { "Microsoft Windows 7 Professional ", "6.1.7600", "1", "0", "48", "32-bit", "X86-based PC", "x86" },
    { "Microsoft Windows 8 Pro", "6.2.9200", "1", "0", "48", "32-Bit", "x64-based PC", "x86" },
    { "Microsoft Windows 8.1 Pro", "6.3.9600", "1", "0", "48", "64 bits", "x64-based PC", "x64" },
    { "Microsoft Windows 10 Enterprise", "10.0.19045", "1", "0", "4", "64 \xE4\xBD\x8D", "x64-based PC", "x64" },
    { "Microsoft Windows 10 Pro", "10.0.19045", "1", "0", "48", "ARM 64-bit", "ARM64-based PC", "arm64" },
    { "Microsoft\xC2\xAE Windows Server\xC2\xAE 2008 Standard ", "6.0.6002", "3", "2", "7", "32-bit", NULL, "x86" },
    { "Microsoft Windows Server 2008 R2 Enterprise ", "6.1.7601", "3", "1", "15", "64-bit", "Itanium-based PC",
      "ia64" },
    { "Microsoft Windows Storage Server 2008 ", "6.0.6002", "3", "2", "21", "64-bit", "x64-based PC", "x64" },
    { "Microsoft Windows Server 2012 Standard", "6.2.9200", "3", "0", "7", "64-bit", "x64-basierter PC", "x64" },
    { "Microsoft Windows Server 2012 R2 Datacenter", "6.3.9600", "2", "0", "8", "64-bit", "x64-based PC", "x64" },
    { "Microsoft Windows Server 2016 Standard", "10.0.14393", "3", "0", "7", "64-bit", "x64-based PC", "x64" },
    { "Microsoft Windows Server 2016 Datacenter", "10.0.14393", "3", "0", "143", "64-bit", "x64-based PC", "x64" },
    { "Microsoft(R) Windows(R) Server 2003 Datacenter x64 Edition", "5.2.3790", "3", "2", NULL, NULL, "x64-based PC",
      "x64" },
    { "Microsoft Windows Server 2019 Standard", "10.0.17763", "3", "0", "7", "64-bit", NULL, NULL },
};

/* "Name=value", or the name alone where there is none. */
static const char *given(const char *name, const char *value)
{
    return value == NULL ? name : arena_format(&pretend.arena, "%s=%s", name, value);
}

static void assert_is(const char *attribute, const char *wanted, const char *of)
{
    const char *text = pretend_text(attribute);

    if ((text == NULL) != (wanted == NULL) || (text != NULL && strcmp(text, wanted) != 0))
        fail_msg("%s: %s is %s", of, attribute, text == NULL ? "missing" : text);
}

static void assert_counts(const char *attribute, const char *wanted, const char *of)
{
    if (pretend_int(attribute) != (wanted == NULL ? INT64_MIN : strtoll(wanted, NULL, 10)))
        fail_msg("%s: %s is %lld", of, attribute, (long long)pretend_int(attribute));
}

static void every_version_of_windows_says_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        const struct system *one = &systems[i];

        pretend_begin();
        pretend_take(&windows_os, 0, given("Caption", one->caption), given("Version", one->version),
                     given("ProductType", one->product_type), given("ServicePackMajorVersion", one->service_pack),
                     given("OperatingSystemSKU", one->sku), given("OSArchitecture", one->bits), NULL);
        pretend_take(&windows_computer, 0, "Name=X", given("SystemType", one->type), NULL);
        assert_is("os.family", "windows", one->caption);
        assert_is("os.build", one->version, one->caption);
        assert_is("os.arch", one->arch, one->caption);
        assert_counts("os.product_type", one->product_type, one->caption);
        assert_counts("os.service_pack", one->service_pack, one->caption);
        assert_counts("os.sku", one->sku, one->caption);
        assert_int_equal(windows_is_server(&pretend), strcmp(one->product_type, "1") != 0);
        pretend_end();
    }
}

static void versions_are_compared_as_numbers(void **state)
{
    (void)state;
    assert_false(windows_is_at_least(&pretend, "6.0"));
    pretend_take(&windows_os, 0, "Version=10.0.14393", NULL);
    assert_true(windows_is_at_least(&pretend, "6.1"));
    assert_true(windows_is_at_least(&pretend, "10.0"));
    assert_false(windows_is_at_least(&pretend, "10.0.17763"));
}

/* What Windows itself was seen to answer, where that is at hand: .ci/run names the folder. */
static void recorded_computers_are_read(void **state)
{
    static const struct {
        const char *of, *build;
        int sku;
        const char *macs; /* "": the recorded part of the answer has none */
    } recorded[] = { { "server_2003", "5.2.3790", -1, "12:4a:ce:8d:c7:a4 33:50:6f:45:30:30 50:50:54:50:30:30" },
                     { "server_2008", "6.1.7601", 8, "" },
                     { "server_2012", "6.2.9200", 7, "" } };
    const char *folder = getenv("MUSTER_RECORDINGS");
    char path[512];

    (void)state;
    for (size_t i = 0; folder != NULL && i < sizeof recorded / sizeof *recorded; i++) {
        pretend_begin();
        snprintf(path, sizeof path, "%s/windows-real/%s-Win32_OperatingSystem-all.xml", folder, recorded[i].of);
        pretend_replay(&windows_os, 0, path);
        snprintf(path, sizeof path, "%s/windows-real/%s-Win32_ComputerSystem-all.xml", folder, recorded[i].of);
        pretend_replay(&windows_computer, 0, path);
        assert_string_equal(pretend_text("os.build"), recorded[i].build);
        assert_int_equal(pretend_int("os.sku"), recorded[i].sku < 0 ? INT64_MIN : recorded[i].sku);
        assert_string_equal(pretend_text("os.arch"), "x64");
        assert_string_equal(pretend_text("hardware.manufacturer"), "Xen");
        assert_non_null(pretend_text("id.name"));
        assert_int_equal(pretend.computer.unread_count, 0);
        snprintf(path, sizeof path, "%s/windows-real/%s-Win32_NetworkAdapterConfiguration-all.xml", folder,
                 recorded[i].of);
        pretend_replay(&windows_network, 0, path);
        pretend_finish(&windows_network);
        assert_string_equal(pretend_list(&pretend.computer, "id.mac_addresses"), recorded[i].macs);
        pretend_end();
    }
}

/* ----------------------------------------------------------------------------------------------- the computer ---- */

static void a_member_of_a_domain_has_a_qualified_name(void **state)
{
    (void)state;
    pretend_take(&windows_computer, 0, "Name=VERYLONGNAMEOFA", "DNSHostName=VeryLongNameOfAServer",
                 "Domain=Corp.Example", "DomainRole=3", "PartOfDomain=true", NULL);
    assert_string_equal(pretend_text("id.fqdn"), "verylongnameofaserver.corp.example");
    assert_string_equal(pretend_text("id.name"), "VeryLongNameOfAServer");
    assert_string_equal(pretend_text("id.netbios"), "VERYLONGNAMEOFA");
    assert_string_equal(pretend_text("domain.name"), "Corp.Example");
    assert_null(pretend_text("domain.workgroup"));
    assert_int_equal(pretend_int("domain.role"), 3);
}

static void a_workgroup_is_no_domain(void **state)
{
    (void)state;
    pretend_take(&windows_computer, 0, "Name=PC1", "Domain=WORKGROUP", "DomainRole=0", "PartOfDomain=FALSE", NULL);
    assert_string_equal(pretend_text("domain.workgroup"), "WORKGROUP");
    assert_null(pretend_text("domain.name"));
    assert_null(pretend_text("id.fqdn"));
    assert_string_equal(pretend_text("id.name"), "PC1");
}

static void its_key_is_what_tells_it_best(void **state)
{
    (void)state;
    pretend_take(&windows_computer, 0, "Name=PC1", NULL);
    pretend_finish(&windows_computer);
    assert_string_equal(pretend.computer.key, "PC1");
    pretend_take(&windows_computer, 0, "Name=PC1", "DNSHostName=pc1", "Domain=corp.example", "PartOfDomain=true", NULL);
    pretend_finish(&windows_computer);
    assert_string_equal(pretend.computer.key, "pc1.corp.example");
    pretend_take(&windows_computer, 1, "UUID=4C4C4544-0043-3510-8052-B4C04F4A3332", NULL);
    pretend_finish(&windows_computer);
    assert_string_equal(pretend.computer.key, "4c4c4544-0043-3510-8052-b4c04f4a3332");
}

static void the_first_enclosure_with_a_tag_counts(void **state)
{
    (void)state;
    pretend_take(&windows_enclosure, 0, "SMBIOSAssetTag=", NULL);
    pretend_take(&windows_enclosure, 0, "SMBIOSAssetTag= 7783-7084-3265-9085-8269-3286-77 ", NULL);
    pretend_take(&windows_enclosure, 0, "SMBIOSAssetTag=other", NULL);
    pretend_take(&windows_bios, 0, "SerialNumber=ABC", NULL);
    assert_string_equal(pretend_text("hardware.asset_tag"), "7783-7084-3265-9085-8269-3286-77");
    assert_string_equal(pretend_text("hardware.serial"), "ABC");
}

static void addresses_that_any_computer_has_are_left_out(void **state)
{
    (void)state;
    pretend_take(&windows_network, 0, "IPAddress=10.0.0.9", "IPAddress=fe80::1", "IPAddress=2001:db8::9",
                 "MACAddress=00:15:5D:00:00:02", NULL);
    pretend_take(&windows_network, 0, "IPAddress=169.254.1.1", "IPAddress=127.0.0.1", "IPAddress=0.0.0.0",
                 "MACAddress=00:15:5D:00:00:01", NULL);
    pretend_take(&windows_network, 0, "IPAddress", "IPAddress==10.9.9.9", "MACAddress=none", NULL);
    pretend_take(&windows_network, 0, "IPAddress=10.0.0.9", "MACAddress", NULL);
    pretend_finish(&windows_network);
    assert_string_equal(pretend_list(&pretend.computer, "id.addresses"), "10.0.0.9 2001:db8::9");
    assert_string_equal(pretend_list(&pretend.computer, "id.mac_addresses"), "00:15:5d:00:00:01 00:15:5d:00:00:02");
}

/* --------------------------------------------------------------------------------------------------- features ---- */

static void updates_are_numbers_and_nothing_else(void **state)
{
    static const char *const ids[] = { "KB4013429", "kb975354", "File 1",    "{2BCBDE29-9F6C-4F3B-9A7E-4A6B5F6DDF07}",
                                       "KB",        "KB12x",    "KB4013429", NULL };

    (void)state;
    for (size_t i = 0; ids[i] != NULL; i++)
        pretend_take(&windows_hotfixes, 0, given("HotFixID", ids[i]), "InstalledOn=3/18/2017", NULL);
    pretend_take(&windows_hotfixes, 0, "HotFixID", NULL);
    pretend_finish(&windows_hotfixes);
    assert_string_equal(pretend_list(&pretend.computer, "os.hotfixes"), "KB4013429 KB975354");
}

static void none_is_an_empty_list(void **state)
{
    (void)state;
    pretend_finish(&windows_hotfixes);
    pretend_finish(&windows_roles);
    assert_string_equal(pretend_list(&pretend.computer, "os.hotfixes"), "");
    assert_string_equal(pretend_list(&pretend.computer, "os.roles"), "");
    assert_int_equal(pretend_truth(&pretend.computer, "hyperv.role"), 0);
}

static void roles_have_one_name_whatever_tells_of_them(void **state)
{
    (void)state;
    pretend_take(&windows_roles, 0, "Name=Microsoft-Hyper-V", NULL);
    pretend_take(&windows_roles, 0, "Name=FailoverCluster-FullServer", NULL);
    pretend_take(&windows_roles, 0, "Name=TelnetClient", NULL);
    pretend_finish(&windows_roles);
    assert_string_equal(pretend_list(&pretend.computer, "os.roles"), "Failover-Clustering Hyper-V");
    assert_int_equal(pretend_truth(&pretend.computer, "hyperv.role"), 1);

    pretend_take(&windows_roles_2008, 0, "ID=33", "Name=Failoverclusterunterst\xC3\xBCtzung", NULL);
    pretend_take(&windows_roles_2008, 0, "ID=6", NULL);
    pretend_take(&windows_roles_2008, 0, "ID=255", NULL);
    pretend_take(&windows_roles_2008, 0, "ID=x", NULL);
    pretend_finish(&windows_roles_2008);
    assert_string_equal(pretend_list(&pretend.computer, "os.roles"), "FS-FileServer Failover-Clustering");
    assert_int_equal(pretend_truth(&pretend.computer, "hyperv.role"), 0);
}

static void each_generation_is_asked_for_its_roles_in_its_own_way(void **state)
{
    static const struct {
        const char *version, *type;
        bool features, numbers;
    } cases[] = { { "6.0.6002", "3", false, true },
                  { "6.0.6002", "1", false, false },
                  { "6.1.7600", "3", true, false },
                  { "10.0.14393", "1", true, false } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pretend_take(&windows_os, 0, given("Version", cases[i].version), given("ProductType", cases[i].type), NULL);
        assert_int_equal(windows_roles.applies(&pretend), cases[i].features);
        assert_int_equal(windows_roles_2008.applies(&pretend), cases[i].numbers);
    }
}

/* ---------------------------------------------------------------------------------------------------- cluster ---- */

static void a_node_and_its_cluster_are_two_records(void **state)
{
    struct item *cluster;

    (void)state;
    pretend_take(&windows_computer, 0, "Name=N1", "DNSHostName=n1", "Domain=corp.example", "PartOfDomain=true", NULL);
    pretend_take(&windows_cluster, 0, "Name=CLU1", NULL);
    pretend_take(&windows_cluster, 1, "Name=N2", NULL);
    pretend_take(&windows_cluster, 1, "Name=N1", NULL);
    pretend_take(&windows_cluster, 2, "Type=Physical Disk", NULL);
    pretend_take(&windows_cluster, 2, "Type=File Server", NULL);
    pretend_take(&windows_cluster, 2, "Type=Physical Disk", NULL);
    pretend_finish(&windows_cluster);
    assert_int_equal(pretend_truth(&pretend.computer, "cluster.member"), 1);
    assert_string_equal(pretend_text("cluster.name"), "CLU1");
    assert_int_equal(pretend.others.count, 1);
    cluster = pretend.others.items[0];
    assert_string_equal(cluster->kind, "cluster");
    assert_string_equal(cluster->key, "clu1.corp.example");
    assert_string_equal(item_text(cluster, "id.fqdn"), "clu1.corp.example");
    assert_string_equal(pretend_list(cluster, "cluster.nodes"), "N1 N2");
    assert_string_equal(pretend_list(cluster, "cluster.role_types"), "File Server Physical Disk");
    assert_string_equal(pretend.computer.links[0].key, "clu1.corp.example");
}

static void without_a_cluster_it_is_no_member(void **state)
{
    (void)state;
    pretend_absent(&windows_cluster);
    assert_int_equal(pretend_truth(&pretend.computer, "cluster.member"), 0);
    pretend_end();
    pretend_begin();
    pretend_finish(&windows_cluster);
    assert_int_equal(pretend_truth(&pretend.computer, "cluster.member"), 0);
    assert_int_equal(pretend.others.count, 0);
}

/* ---------------------------------------------------------------------------------------------------- volumes ---- */

#define DEVICE(digit) "\\\\?\\Volume{0000000" digit "-0000-0000-0000-000000000000}\\"

static void volumes_say_where_they_are_and_what_they_hold(void **state)
{
    static const struct {
        const char *device, *letter, *name, *label, *paths, *id;
    } cases[] = {
        { DEVICE("1"), "C:", "C:\\", "", "C:\\", "C:" },
        { DEVICE("2"), NULL, "D:\\Mounted\\Here\\", "data", "D:\\Mounted\\Here\\", "data" },
        { DEVICE("3"), NULL, DEVICE("3"), "EFI", "", "EFI" },
        { DEVICE("4"), NULL, "C:\\ClusterStorage\\Volume1\\", NULL, "C:\\ClusterStorage\\Volume1\\",
          "C:\\ClusterStorage\\Volume1\\" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct item *volume;

        pretend_take(&volumes_section, 0, given("DeviceID", cases[i].device), given("DriveLetter", cases[i].letter),
                     given("Name", cases[i].name), given("Label", cases[i].label), "Capacity=1073741824", "DriveType=3",
                     "FileSystem=NTFS", "BootVolume=false", "SystemVolume=true", NULL);
        assert_int_equal(pretend.others.count, i + 1);
        volume = pretend.others.items[i];
        assert_string_equal(volume->key,
                            arena_format(&pretend.arena, "k/0000000%zu-0000-0000-0000-000000000000", i + 1));
        assert_string_equal(item_text(volume, "id.name"), cases[i].id);
        assert_string_equal(pretend_list(volume, "volume.paths"), cases[i].paths);
        assert_string_equal(item_text(volume, "volume.filesystem"), "NTFS");
        assert_int_equal(item_get(volume, "volume.capacity")->number, 1073741824);
        assert_int_equal(pretend_truth(volume, "volume.system"), 1);
        assert_string_equal(volume->links[0].relation, "part_of");
        assert_string_equal(volume->links[0].key, "k");
    }
}

static void a_volume_without_a_guid_is_no_record(void **state)
{
    (void)state;
    pretend_take(&volumes_section, 0, "DeviceID=C:", "DriveLetter=C:", NULL);
    pretend_take(&volumes_section, 0, "DeviceID=\\\\?\\Volume{00000001", NULL);
    pretend_take(&volumes_section, 0, "DriveLetter=C:", NULL);
    assert_int_equal(pretend.others.count, 0);
}

/* A volume that is not formatted has neither. */
static void what_a_volume_does_not_tell_is_missing(void **state)
{
    (void)state;
    pretend_take(&volumes_section, 0, "DeviceID=" DEVICE("1"), "Capacity", "FileSystem", "DriveType=3", NULL);
    assert_null(item_get(pretend.others.items[0], "volume.capacity"));
    assert_null(item_get(pretend.others.items[0], "volume.filesystem"));
    assert_null(item_get(pretend.others.items[0], "volume.system"));
}

static void two_volumes(void)
{
    pretend_take(&volumes_section, 0, "DeviceID=" DEVICE("1"), "DriveLetter=C:", NULL);
    pretend_take(&volumes_section, 0, "DeviceID=" DEVICE("2"), "DriveLetter=D:", NULL);
}

static void what_is_not_told_to_be_deduplicated_is_not(void **state)
{
    (void)state;
    two_volumes();
    pretend_take(&volumes_dedup, 0, "VolumeId=" DEVICE("2"), "Enabled=TRUE", NULL);
    pretend_take(&volumes_dedup, 0, "VolumeId=" DEVICE("9"), "Enabled=TRUE", NULL);
    pretend_finish(&volumes_dedup);
    assert_int_equal(pretend_truth(pretend.others.items[0], "volume.dedup"), 0);
    assert_int_equal(pretend_truth(pretend.others.items[1], "volume.dedup"), 1);
    pretend_take(&volumes_bitlocker, 0, "DeviceID=" DEVICE("1"), "ProtectionStatus=1", NULL);
    pretend_take(&volumes_bitlocker, 0, "DeviceID=" DEVICE("2"), "ProtectionStatus=0", NULL);
    pretend_finish(&volumes_bitlocker);
    assert_int_equal(pretend_truth(pretend.others.items[0], "volume.bitlocker"), 1);
    assert_int_equal(pretend_truth(pretend.others.items[1], "volume.bitlocker"), 0);
}

static void without_the_role_nothing_is_deduplicated(void **state)
{
    (void)state;
    two_volumes();
    pretend_absent(&volumes_dedup);
    pretend_absent(&volumes_bitlocker);
    assert_int_equal(pretend_truth(pretend.others.items[0], "volume.dedup"), 0);
    assert_int_equal(pretend_truth(pretend.others.items[1], "volume.bitlocker"), 0);
}

static void what_is_refused_is_unread_for_each_volume(void **state)
{
    (void)state;
    two_volumes();
    volumes_dedup.failed(&pretend, "access denied");
    volumes_bitlocker.failed(&pretend, "access denied");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pretend_truth(pretend.others.items[i], "volume.dedup"), -1);
        assert_string_equal(pretend_unread(pretend.others.items[i], "volume.dedup"), "access denied");
        assert_string_equal(pretend_unread(pretend.others.items[i], "volume.bitlocker"), "access denied");
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_of_windows_says_what_it_is),
        CASE(versions_are_compared_as_numbers),
        cmocka_unit_test(recorded_computers_are_read),
        CASE(a_member_of_a_domain_has_a_qualified_name),
        CASE(a_workgroup_is_no_domain),
        CASE(its_key_is_what_tells_it_best),
        CASE(the_first_enclosure_with_a_tag_counts),
        CASE(addresses_that_any_computer_has_are_left_out),
        CASE(updates_are_numbers_and_nothing_else),
        CASE(none_is_an_empty_list),
        CASE(roles_have_one_name_whatever_tells_of_them),
        CASE(each_generation_is_asked_for_its_roles_in_its_own_way),
        CASE(a_node_and_its_cluster_are_two_records),
        CASE(without_a_cluster_it_is_no_member),
        CASE(volumes_say_where_they_are_and_what_they_hold),
        CASE(a_volume_without_a_guid_is_no_record),
        CASE(what_a_volume_does_not_tell_is_missing),
        CASE(what_is_not_told_to_be_deduplicated_is_not),
        CASE(without_the_role_nothing_is_deduplicated),
        CASE(what_is_refused_is_unread_for_each_volume),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
