/* Scans of a computer that does not behave, or does not show all: what could not be read is unread or the scan partial,
 * with the reason; the rest stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "site.h"
#include "winpeer.h"

#include <string.h>

static const char fleet[] =
    "{\"hosts\": ["
    "{\"name\": \"old\", \"version\": \"2008-sp2\"},"
    "{\"name\": \"all\", \"version\": \"2012-r2\", \"asset_tag\": \"Asset-1\", \"exchange\": \"2013\", \"sharepoint\": "
    "\"2013\","
    " \"sql\": {\"MSSQLSERVER\": \"2012\"}, \"backup_agent\": {\"server\": \"mabs1\", \"version\": \"12.0.332.0\"},"
    " \"volumes\": [[\"C:\", \"\", \"NTFS\", 107374182400, true]]}, {\"name\": \"other\", \"version\": \"2012-r2\"}],"
    "\"clusters\": [{\"name\": \"clu1\", \"volumes\": 0, \"nodes\": [\"all\", \"other\"]}]}";

/* ------------------------------------------------------------------------------------------------- it misbehaves ----
 */

static const struct {
    const char *trick, *words;
    enum err_class class;
} tricks[] = {
    { "denied", "HTTP 401", ERR_DENIED },
    { "token-broken", "NTLM", ERR_PROTOCOL },
    { "access-denied", "Remote Management Users", ERR_UNSUPPORTED },
    { "nothing", "has no version to tell", ERR_UNSUPPORTED },
    { "not-xml", "no SOAP", ERR_PROTOCOL },
    { "reboots:down@9", "localhost:", ERR_UNREACHABLE },
    { "cut@4", "localhost:", ERR_UNREACHABLE },
    { "unavailable@7", "not ready", ERR_UNREACHABLE },
    { "sealed-truncated@5", "sealed reply", ERR_PROTOCOL },
    { "sealed-altered@5", "NTLM: the reply", ERR_PROTOCOL },
    { "sealed-replayed@5", "NTLM: the reply", ERR_PROTOCOL },
    { "sealed-boundary@5", "boundary", ERR_PROTOCOL },
    { "sealed-plain@5", "unsealed", ERR_PROTOCOL },
};

static void a_scan_that_cannot_go_on_fails_and_records_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        peer_tell(site.peer, "reset");
        if (site_try("old", tricks[i].trick))
            fail_msg("%s: nothing wrong with it", tricks[i].trick);
        if (mock_failure(site.mock)->class != tricks[i].class ||
            strstr(mock_failure(site.mock)->text, tricks[i].words) == NULL)
            fail_msg("%s: %s: %s", tricks[i].trick, err_class_word(mock_failure(site.mock)->class),
                     mock_failure(site.mock)->text);
        assert_int_equal(mock_item_count(site.mock, NULL), 0);
        assert_true(winpeer_count(site.peer, "attempts") <= 1);
        peer_tell(site.peer, "up old");
        site_scan("old");
        assert_int_equal(mock_completeness(site.mock), COMPLETE);
    }
}

static void one_call_that_fails_costs_what_it_would_have_brought(void **state)
{
    static const char *const names[] = { "fault-in-pull", "timed-out:1@12", "wmi-quota:1@12", "fault-huge:1@12",
                                         "not-xml:1@12",  "cut-xml:1@12",   "deep:1@12" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!site_try("old", names[i]))
            fail_msg("%s: %s", names[i], mock_failure(site.mock)->text);
        assert_string_equal(site_text("machine", "os.build"), "6.0.6002");
    }
}

/* That it is not there says something of a role, and nothing of what each Windows has. */
static void a_class_that_wmi_lost_takes_no_records_along(void **state)
{
    (void)state;
    assert_true(site_try("old", "lost:Win32_Volume"));
    assert_int_equal(mock_completeness(site.mock), PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "volume"), 0);
    assert_true(site_try("old", "lost:Win32_QuickFixEngineering"));
    assert_int_equal(mock_completeness(site.mock), COMPLETE);
    assert_non_null(site_unread(site_item("machine"), "os.hotfixes"));
}

static void a_quota_that_is_used_up_is_waited_for(void **state)
{
    (void)state;
    assert_true(site_try("old", "quota:1@3"));
    assert_int_equal(mock_completeness(site.mock), COMPLETE);
}

static void values_that_cannot_be_are_unread(void **state)
{
    (void)state;
    if (!site_try("old", "types-wrong"))
        fail_msg("%s", mock_failure(site.mock)->text);
    assert_non_null(strstr(site_unread(site_item("machine"), "os.product_type"), "many"));
    assert_string_equal(site_text("machine", "os.build"), "6.0.6002");
}

static void it_is_over_at_the_deadline(void **state)
{
    (void)state;
    peer_tell(site.peer, "trick\told\tsilent@6");
    site_aim("old", false);
    mock_deadline(site.mock, 400);
    assert_false(mock_scan(site.mock));
    assert_int_equal(mock_failure(site.mock)->class, ERR_TIMEOUT);
    peer_tell(site.peer, "trick\told\thonest");
}

/* --------------------------------------------------------------------------------------------- it does not show ----
 */

/* What is denied; of which item what is then unread; whether the scan is partial. kind NULL: a warning says it. */
static const struct {
    const char *denied, *kind, *attribute;
    enum completeness completeness;
} denials[] = {
    { "root/cimv2/Win32_BIOS", "machine", "hardware.serial", COMPLETE },
    { "root/cimv2/Win32_SystemEnclosure", "machine", "hardware.asset_tag", COMPLETE },
    { "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy", "machine", "domain.ou", COMPLETE },
    { "root/cimv2/Win32_NetworkAdapterConfiguration", "machine", "id.addresses", COMPLETE },
    { "root/cimv2/Win32_QuickFixEngineering", "machine", "os.hotfixes", COMPLETE },
    { "root/cimv2/Win32_OptionalFeature", "machine", "os.roles", COMPLETE },
    { "root/cimv2/Win32_OptionalFeature", "machine", "hyperv.role", COMPLETE },
    { "root/Microsoft/Windows/Deduplication", "volume", "volume.dedup", COMPLETE },
    { "root/cimv2/Win32_Volume", NULL, "volumes", PARTIAL },
    { "root/MSCluster", "machine", "cluster.member", PARTIAL },
    { "root/MSCluster/MSCluster_Resource", "machine", "cluster.member", PARTIAL },
    { "root/cimv2/CIM_DataFile", "machine", "backup.agent_version", COMPLETE },
    { "HKLM\\SOFTWARE\\Microsoft\\PowerShell", "machine", "wmf.version", COMPLETE },
    { "HKLM\\SOFTWARE\\Microsoft\\Windows NT", "machine", "os.installation_type", COMPLETE },
    { "HKLM\\SOFTWARE\\Microsoft\\ExchangeServer", NULL, "Exchange", PARTIAL },
    { "HKLM\\SOFTWARE\\Microsoft\\Shared Tools", "machine", "sharepoint.version", PARTIAL },
    { "HKLM\\SOFTWARE\\Microsoft\\Microsoft SQL Server", NULL, "SQL Server", COMPLETE },
    { "HKLM\\SOFTWARE\\Microsoft\\Microsoft Data Protection Manager", "machine", "backup.agent_version", PARTIAL },
    { "HKLM\\SOFTWARE\\Microsoft\\Microsoft Data Protection Manager\\Agent", "machine", "backup.agent_server",
      COMPLETE },
};

static bool warns(const char *words)
{
    for (size_t i = 0; i < mock_warning_count(site.mock); i++)
        if (strstr(mock_warning_at(site.mock, i)->text, words) != NULL)
            return true;
    return false;
}

static void what_is_refused_is_unread_and_the_rest_stands(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof denials / sizeof *denials; i++) {
        peer_tell(site.peer, "deny\tall\t%s", denials[i].denied);
        site_scan("all");
        peer_tell(site.peer, "allow\tall");
        if (mock_completeness(site.mock) != denials[i].completeness)
            fail_msg("%s: completeness is %d", denials[i].denied, (int)mock_completeness(site.mock));
        if (denials[i].kind == NULL ? !warns(denials[i].attribute)
                                    : site_unread(site_item(denials[i].kind), denials[i].attribute) == NULL)
            fail_msg("%s: nothing says that %s was not read", denials[i].denied, denials[i].attribute);
        assert_string_equal(site_text("machine", "os.build"), "6.3.9600");
    }
}

static void what_stands_beside_it_is_read_all_the_same(void **state)
{
    (void)state;
    peer_tell(site.peer, "deny\tall\troot/cimv2/Win32_BIOS");
    peer_tell(site.peer, "deny\tall\troot/cimv2/CIM_DataFile");
    site_scan("all");
    peer_tell(site.peer, "allow\tall");
    assert_non_null(site_unread(site_item("machine"), "hardware.serial"));
    assert_string_equal(site_text("machine", "hardware.asset_tag"), "Asset-1");
    assert_null(site_unread(site_item("machine"), "hardware.asset_tag"));
    assert_string_equal(site_text("machine", "backup.agent_server"), "mabs1");
}

static void a_farm_whose_key_is_refused_is_known_by_its_computer(void **state)
{
    (void)state;
    peer_tell(site.peer, "deny\tall\tHKLM\\SOFTWARE\\Microsoft\\Shared Tools\\Web Server Extensions\\15.0\\Secure");
    site_scan("all");
    peer_tell(site.peer, "allow\tall");
    assert_int_equal(mock_completeness(site.mock), COMPLETE);
    assert_non_null(strstr(site_item("sharepoint_farm")->key, "/sharepoint"));
    assert_string_equal(site_text("sharepoint_farm", "sharepoint.version"), "15.0.4571.1502");
}

/* Rights that lack on one computer must not hold every target of the credential. */
static void what_is_needed_and_refused_fails_but_not_as_a_bad_credential(void **state)
{
    static const char *const denied[] = { "root/cimv2", "root/cimv2/Win32_OperatingSystem",
                                          "root/cimv2/Win32_ComputerSystemProduct" };

    (void)state;
    for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) {
        peer_tell(site.peer, "deny\tall\t%s", denied[i]);
        site_aim("all", false);
        if (mock_scan(site.mock))
            fail_msg("%s: nothing wrong with it", denied[i]);
        peer_tell(site.peer, "allow\tall");
        assert_int_equal(mock_failure(site.mock)->class, ERR_UNSUPPORTED);
        assert_non_null(strstr(mock_failure(site.mock)->text, "wmimgmt.msc"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scan_that_cannot_go_on_fails_and_records_nothing),
        cmocka_unit_test(one_call_that_fails_costs_what_it_would_have_brought),
        cmocka_unit_test(a_class_that_wmi_lost_takes_no_records_along),
        cmocka_unit_test(a_quota_that_is_used_up_is_waited_for),
        cmocka_unit_test(values_that_cannot_be_are_unread),
        cmocka_unit_test(it_is_over_at_the_deadline),
        cmocka_unit_test(what_is_refused_is_unread_and_the_rest_stands),
        cmocka_unit_test(what_stands_beside_it_is_read_all_the_same),
        cmocka_unit_test(a_farm_whose_key_is_refused_is_known_by_its_computer),
        cmocka_unit_test(what_is_needed_and_refused_fails_but_not_as_a_bad_credential),
    };
    int failed;

    if (winpeer_absent() != 0)
        return winpeer_absent();
    site_begin(fleet);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    site_end();
    return failed;
}
