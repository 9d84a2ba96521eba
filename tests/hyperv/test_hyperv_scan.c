/* Hosts of each generation, scanned by the plugin over what a peer plays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "site.h"
#include "winpeer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MOST_REQUESTS 12 /* of a host of 2012 or later with a hundred machines, after the login */

static const char fleet[] =
    "{\"hosts\": ["
    "{\"name\": \"hv08\", \"version\": \"2008-sp2\", \"hyperv\": {\"vms\": 17}},"
    "{\"name\": \"hv08r2\", \"version\": \"2008-r2-sp1\", \"hotfixes\": [\"KB975354\"], \"hyperv\": {\"vms\": 2}},"
    "{\"name\": \"hv12\", \"version\": \"2012\", \"hyperv\": {\"vms\": 2}},"
    "{\"name\": \"hv12r2\", \"version\": \"2012-r2\", \"language\": \"ja-JP\", \"hyperv\": {\"vms\": ["
    "  {\"name\": \"gen2\", \"generation\": 2, \"checkpoints\": 2},"
    "  {\"name\": \"off\", \"state\": \"off\"},"
    "  {\"name\": \"disks\", \"disks\": [\"D:\\\\a.vhdx\", \"\\\\\\\\fs1\\\\vms\\\\b.vhdx\","
    "    {\"path\": \"\\\\\\\\fs1\\\\vms\\\\c.vhdx\", \"kind\": \"shared\"}, {\"path\": \"1\", \"kind\": "
    "\"pass_through\"}]},"
    "  {\"name\": \"stranger\", \"fqdn\": \"dc01.corp.example\", \"guest\": \"2016\"},"
    "  {\"name\": \"odd\", \"fqdn\": \"$(reboot) dc01\"},"
    "  {\"name\": \"linux\", \"guest\": \"ubuntu-16.04\"},"
    "  {\"name\": \"copy\", \"replication\": \"replica\"}]}},"
    "{\"name\": \"hv16\", \"version\": \"2016\", \"hyperv\": {\"vms\": 100}},"
    "{\"name\": \"blind\", \"version\": \"2016\", \"hyperv\": {\"vms\": 3, \"blind\": true}},"
    "{\"name\": \"plain\", \"version\": \"2012-r2\"}]}";

static int set_up(void **state)
{
    (void)state;
    site_begin(fleet);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    site_end();
    return 0;
}

static const struct item *machine(const char *name)
{
    for (size_t i = 0; i < mock_item_count(site.mock, NULL); i++) {
        const struct item *item = mock_item_at(site.mock, i);
        const char *shown = item_text(item, "id.name");

        if (strcmp(item->kind, "vm") == 0 && shown != NULL && strcmp(shown, name) == 0)
            return item;
    }
    fail_msg("there is no machine %s", name);
    return NULL;
}

static int64_t number(const struct item *item, const char *attribute)
{
    return mock_int(site.mock, item->kind, item->key, attribute);
}

static void assert_whole(enum completeness completeness)
{
    assert_int_equal(mock_completeness(site.mock), completeness);
    for (size_t i = 0; completeness == COMPLETE && i < mock_warning_count(site.mock); i++)
        fail_msg("%s", mock_warning_at(site.mock, i)->text);
}

/* ------------------------------------------------------------------------------------------------ generations ---- */

static void each_generation_is_scanned_in_its_namespace(void **state)
{
    static const struct {
        const char *host, *space, *build;
        size_t machines;
    } cases[] = {
        { "hv08", "v1", "6.0.6002", 17 },  { "hv08r2", "v1", "6.1.7601", 2 },   { "hv12", "v2", "6.2.9200", 2 },
        { "hv12r2", "v2", "6.3.9600", 7 }, { "hv16", "v2", "10.0.14393", 100 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct item *item;

        site_scan(cases[i].host);
        assert_whole(COMPLETE);
        assert_int_equal(mock_item_count(site.mock, "vm"), cases[i].machines);
        assert_string_equal(site_text("hyperv_host", "hyperv.namespace"), cases[i].space);
        assert_string_equal(site_text("hyperv_host", "os.build"), cases[i].build);
        item = site_item("hyperv_host");
        assert_true(item_get(item, "hyperv.role")->truth && item_get(item, "hyperv.visible")->truth);
        assert_false(item_get(item, "cluster.member")->truth);
    }
}

static void a_machine_of_the_first_namespace_has_all_its_facts(void **state)
{
    const struct item *item;

    (void)state;
    site_scan("hv08");
    item = machine("hv08-vm06");
    assert_string_equal(item_text(item, "vm.state"), "running");
    assert_string_equal(item_text(item, "vm.configuration_version"), "2.0");
    assert_int_equal(number(item, "vm.generation"), 1);
    assert_int_equal(number(item, "hardware.memory"), INT64_C(2048) << 20);
    assert_int_equal(number(item, "hardware.cpu_count"), 2);
    assert_string_equal(site_list(item, "vm.disks"), "C:\\VMs\\hv08-vm06\\hv08-vm06.vhd");
    assert_string_equal(site_list(item, "vm.disk_places"), "local");
    assert_string_equal(item_text(item, "guest.build"), "6.0.6002");
    assert_int_equal(number(item, "guest.service_pack"), 2);
    assert_non_null(item_text(item, "id.uuid"));
    assert_string_equal(item->links[0].relation, "runs_on");
    assert_string_equal(item->links[0].key, site_item("hyperv_host")->key);
    assert_int_equal(item->unread_count, 0);
}

static void updates_are_read_where_the_page_names_some(void **state)
{
    (void)state;
    site_scan("hv08r2");
    assert_string_equal(site_list(site_item("hyperv_host"), "os.hotfixes"), "KB975354");
    site_scan("hv12");
    assert_null(site_list(site_item("hyperv_host"), "os.hotfixes"));
}

static void machines_of_a_japanese_host_have_all_their_facts(void **state)
{
    const struct item *item;

    (void)state;
    site_scan("hv12r2");
    item = machine("gen2");
    assert_int_equal(number(item, "vm.generation"), 2);
    assert_int_equal(number(item, "vm.snapshots"), 2);
    assert_string_equal(item_text(item, "vm.configuration_version"), "5.0");
    item = machine("disks");
    assert_string_equal(site_list(item, "vm.disk_places"), "local pass_through smb");
    assert_string_equal(site_list(item, "vm.remote_disks"), "\\\\fs1\\vms\\b.vhdx \\\\fs1\\vms\\c.vhdx");
    assert_string_equal(site_list(item, "vm.shared_disks"), "\\\\fs1\\vms\\c.vhdx");
    assert_string_equal(site_list(item, "vm.pass_through_disks"), "Microsoft:1");
    item = machine("linux");
    assert_string_equal(item_text(item, "guest.distribution"), "Ubuntu");
    assert_string_equal(item_text(item, "guest.distribution_version"), "16.04");
    assert_string_equal(item_text(machine("copy"), "vm.replication"), "replica");
}

/* Not read is not absent. */
static void what_a_guest_that_is_off_would_tell_is_unread(void **state)
{
    const struct item *item;

    (void)state;
    site_scan("hv12r2");
    item = machine("off");
    assert_string_equal(item_text(item, "vm.state"), "off");
    assert_string_equal(site_unread(item, "guest.build"), "the virtual machine is not running (off)");
    assert_null(item_get(item, "guest.build"));
    assert_int_equal(number(item, "hardware.cpu_count"), 2);
}

/* A guest that takes the name of a domain controller is offered under that name and no more; one that takes none that a
 * computer can have is not even that. */
static void guests_are_offered_by_the_names_they_give_themselves(void **state)
{
    bool stranger = false;

    (void)state;
    site_scan("hv12r2");
    assert_int_equal(mock_offer_count(site.mock), 4);
    for (size_t i = 0; i < mock_offer_count(site.mock); i++) {
        const struct message_offer *offer = mock_offer_at(site.mock, i);

        assert_string_equal(offer->plugin, "windows");
        assert_non_null(strstr(offer->evidence, "calls itself so"));
        stranger |= strcmp(offer->host, "dc01.corp.example") == 0;
        assert_null(strchr(offer->host, '$'));
    }
    assert_true(stranger);
}

/* The class that all resources derive from brings nothing, or is not there: each class is asked for itself. */
static void resources_are_asked_for_one_by_one_where_need_be(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        peer_tell(site.peer, "set\thv12r2\troot/virtualization/v2\tCIM_ResourceAllocationSettingData\t%s\t%s",
                  i == 0 ? "InstanceID" : "ResourceSubType", "gone");
        site_scan("hv12r2");
        peer_tell(site.peer, "trick\thv12r2\thonest");
        assert_whole(COMPLETE);
        assert_string_equal(site_list(machine("disks"), "vm.disk_places"), "local pass_through smb");
        assert_int_equal(number(machine("disks"), "hardware.cpu_count"), 2);
        assert_int_equal(machine("disks")->unread_count, 0);
    }
}

static void a_hundred_machines_cost_few_requests(void **state)
{
    int64_t requests;

    (void)state;
    peer_tell(site.peer, "reset");
    site_scan("hv16");
    requests = winpeer_count(site.peer, "soap");
    print_message("%" PRId64 " requests\n", requests);
    assert_true(requests <= MOST_REQUESTS);
    assert_int_equal(winpeer_count(site.peer, "connections"), 1);
    assert_int_equal(winpeer_count(site.peer, "handshakes"), 1);
    assert_int_equal(winpeer_count(site.peer, "plain"), 0);
}

/* ------------------------------------------------------------------------------------------------------ sight ---- */

static void who_sees_no_management_service_ends_partial(void **state)
{
    (void)state;
    site_scan("blind");
    assert_whole(PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "vm"), 0);
    assert_false(item_get(site_item("hyperv_host"), "hyperv.visible")->truth);
    assert_non_null(strstr(mock_warning_at(site.mock, 0)->text, "Hyper-V Administrators"));
}

/* Hyper-V shows its host beside the machines: where not even that is shown, none of them are. */
static void who_sees_the_service_and_no_host_ends_partial(void **state)
{
    (void)state;
    assert_true(site_try("hv12r2", "hides:EnabledState"));
    assert_whole(PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "vm"), 0);
    assert_false(item_get(site_item("hyperv_host"), "hyperv.visible")->truth);
    assert_non_null(strstr(mock_warning_at(site.mock, 0)->text, "Hyper-V Administrators"));
}

static void a_computer_without_the_role_is_a_machine_and_no_host(void **state)
{
    (void)state;
    site_scan("plain");
    assert_whole(COMPLETE);
    assert_int_equal(mock_item_count(site.mock, "hyperv_host"), 0);
    assert_false(item_get(site_item("machine"), "hyperv.role")->truth);
}

static void a_refused_namespace_is_no_missing_role(void **state)
{
    (void)state;
    peer_tell(site.peer, "deny\thv16\troot/virtualization/v2");
    site_scan("hv16");
    peer_tell(site.peer, "allow\thv16");
    assert_whole(PARTIAL);
    assert_true(item_get(site_item("hyperv_host"), "hyperv.role")->truth);
    assert_false(item_get(site_item("hyperv_host"), "hyperv.visible")->truth);
}

/* ---------------------------------------------------------------------------------------------------- trouble ---- */

static void a_refused_class_leaves_its_facts_unread_and_the_rest_stands(void **state)
{
    static const struct {
        const char *class, *unread, *stands;
    } cases[] = {
        { "Msvm_VirtualSystemSettingData", "vm.generation", "vm.disks" },
        { "Msvm_VirtualSystemSettingData", "vm.snapshots", "vm.disks" },
        { "CIM_ResourceAllocationSettingData", "vm.disks", "vm.generation" },
        { "CIM_ResourceAllocationSettingData", "vm.shared_disks", "vm.generation" },
        { "Msvm_KvpExchangeComponent", "guest.build", "vm.disks" },
        { "Msvm_StorageAllocationSettingData", "vm.shared_disks", "vm.disks" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct item *item;

        peer_tell(site.peer, "deny\thv12r2\t%s", cases[i].class);
        site_scan("hv12r2");
        peer_tell(site.peer, "allow\thv12r2");
        item = machine("gen2");
        assert_non_null(site_unread(item, cases[i].unread));
        assert_null(item_get(item, cases[i].unread));
        assert_non_null(item_get(item, cases[i].stands));
        assert_int_equal(mock_item_count(site.mock, "vm"), 7);
    }
}

static void without_the_machines_nothing_is_gone(void **state)
{
    (void)state;
    peer_tell(site.peer, "deny\thv12r2\tMsvm_ComputerSystem");
    site_scan("hv12r2");
    peer_tell(site.peer, "allow\thv12r2");
    assert_whole(PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "vm"), 0);
}

/* The role is there, as its service was seen: that WMI lost a class does not mean that there are no machines. */
static void a_class_that_wmi_lost_is_no_host_without_machines(void **state)
{
    (void)state;
    assert_true(site_try("hv12r2", "lost:Msvm_ComputerSystem"));
    assert_whole(PARTIAL);
    assert_true(mock_warning_count(site.mock) > 0);
    assert_non_null(strstr(mock_warning_at(site.mock, 0)->text, "could not read the virtual machines: "));
}

static const struct item *other_machine(const char *than)
{
    for (size_t i = 0; i < mock_item_count(site.mock, NULL); i++) {
        const struct item *item = mock_item_at(site.mock, i);

        if (strcmp(item->kind, "vm") == 0 && strlen(item_text(item, "id.name")) > strlen(than))
            return item;
    }
    fail_msg("no machine has a longer name than %s", than);
    return NULL;
}

static void nonsense_of_one_machine_harms_no_other(void **state)
{
    (void)state;
    assert_true(site_try("hv12r2", "vm-nonsense"));
    assert_int_equal(mock_item_count(site.mock, "vm"), 7);
    assert_string_equal(site_unread(other_machine("a name of usual length"), "vm.state"), "EnabledState is no number");
    assert_string_equal(item_text(machine("linux"), "guest.family"), "linux");
    assert_int_equal(machine("linux")->unread_count, 0);
}

/* What cannot be told apart is left out, and nothing is gone for it. */
static void a_machine_without_a_guid_is_left_out(void **state)
{
    (void)state;
    peer_tell(site.peer, "set\thv12r2\troot/virtualization/v2\tMsvm_ComputerSystem\tName\tnone\tElementName=linux");
    site_scan("hv12r2");
    peer_tell(site.peer, "trick\thv12r2\thonest");
    assert_whole(PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "vm"), 6);
    assert_non_null(strstr(mock_warning_at(site.mock, 0)->text, "a virtual machine has no GUID but 'none'"));
}

/* A machine of which the host tells no parts has not lost its disks. */
static void what_a_machine_consists_of_is_unread_where_nothing_is_told(void **state)
{
    static const char *const classes[] = { "CIM_ResourceAllocationSettingData",
                                           "Msvm_ProcessorSettingData",
                                           "Msvm_MemorySettingData",
                                           "Msvm_SyntheticEthernetPortSettingData",
                                           "Msvm_ResourceAllocationSettingData",
                                           "Msvm_StorageAllocationSettingData" };

    (void)state;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        peer_tell(site.peer, "set\thv12r2\troot/virtualization/v2\t%s\tInstanceID\tgone", classes[i]);
    site_scan("hv12r2");
    peer_tell(site.peer, "trick\thv12r2\thonest");
    assert_whole(COMPLETE);
    assert_null(item_get(machine("disks"), "vm.disks"));
    assert_non_null(strstr(site_unread(machine("disks"), "vm.disks"), "the host told no processors"));
    assert_non_null(site_unread(machine("disks"), "vm.shared_disks"));
    assert_non_null(site_unread(machine("disks"), "hardware.memory"));
}

/* Whatever happens, the reason is told, and what is there is told apart from what is not. */
static void tricks_end_with_a_reason(void **state)
{
    static const char *const tricks[] = { "fault-in-pull", "context-expired", "not-xml",       "cut-xml",
                                          "deep",          "entities",        "endless",       "nothing",
                                          "types-wrong",   "kvp-hostile",     "access-denied", "login-lost",
                                          "fault-huge",    "empty-for-ever",  "envelope-large" };

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        bool good = site_try("hv08", tricks[i]);

        if (!good && mock_failure(site.mock)->text[0] == '\0')
            fail_msg("%s: no reason", tricks[i]);
        if (good && mock_completeness(site.mock) == COMPLETE && mock_item_count(site.mock, "vm") != 17)
            fail_msg("%s: complete with %zu machines", tricks[i], mock_item_count(site.mock, "vm"));
    }
}

static void a_refused_login_is_denied_after_one_attempt(void **state)
{
    (void)state;
    peer_tell(site.peer, "reset");
    assert_false(site_try("hv16", "denied"));
    assert_int_equal(mock_failure(site.mock)->class, ERR_DENIED);
    assert_int_equal(winpeer_count(site.peer, "attempts"), 1);
}

/* ----------------------------------------------------------------------------------------------------- doctor ---- */

static const struct message_step *step(const char *name)
{
    for (size_t i = 0; i < mock_step_count(site.mock); i++)
        if (strcmp(mock_step_at(site.mock, i)->name, name) == 0)
            return mock_step_at(site.mock, i);
    fail_msg("there is no step %s", name);
    return NULL;
}

static void a_doctor_proves_each_right(void **state)
{
    static const char *const hosts[] = { "hv08", "hv12r2", NULL };
    static const char *const steps[] = { "login",  "wmi",      "computer", "namespace", "sight",
                                         "guests", "hotfixes", "cluster",  NULL };

    (void)state;
    for (size_t i = 0; hosts[i] != NULL; i++) {
        site_aim(hosts[i], false);
        assert_true(mock_doctor(site.mock));
        for (size_t j = 0; steps[j] != NULL; j++)
            if (step(steps[j])->state != MUSTER_STEP_OK)
                fail_msg("%s, %s: %s", hosts[i], steps[j], step(steps[j])->detail);
    }
}

static void a_doctor_names_the_group_for_who_sees_nothing(void **state)
{
    (void)state;
    site_aim("blind", false);
    assert_true(mock_doctor(site.mock));
    assert_int_equal(step("namespace")->state, MUSTER_STEP_OK);
    assert_int_equal(step("sight")->state, MUSTER_STEP_WARNING);
    assert_non_null(strstr(step("sight")->remedy, "net localgroup \"Hyper-V Administrators\" ACCOUNT /add"));
    assert_non_null(strstr(step("sight")->remedy, "not read-only"));
    site_aim("plain", false);
    assert_true(mock_doctor(site.mock));
    assert_int_equal(step("namespace")->state, MUSTER_STEP_FAILED);
    assert_non_null(strstr(step("namespace")->remedy, "no Hyper-V role"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_generation_is_scanned_in_its_namespace),
        cmocka_unit_test(a_machine_of_the_first_namespace_has_all_its_facts),
        cmocka_unit_test(updates_are_read_where_the_page_names_some),
        cmocka_unit_test(machines_of_a_japanese_host_have_all_their_facts),
        cmocka_unit_test(what_a_guest_that_is_off_would_tell_is_unread),
        cmocka_unit_test(guests_are_offered_by_the_names_they_give_themselves),
        cmocka_unit_test(resources_are_asked_for_one_by_one_where_need_be),
        cmocka_unit_test(a_hundred_machines_cost_few_requests),
        cmocka_unit_test(who_sees_no_management_service_ends_partial),
        cmocka_unit_test(who_sees_the_service_and_no_host_ends_partial),
        cmocka_unit_test(a_computer_without_the_role_is_a_machine_and_no_host),
        cmocka_unit_test(a_refused_namespace_is_no_missing_role),
        cmocka_unit_test(a_refused_class_leaves_its_facts_unread_and_the_rest_stands),
        cmocka_unit_test(without_the_machines_nothing_is_gone),
        cmocka_unit_test(a_class_that_wmi_lost_is_no_host_without_machines),
        cmocka_unit_test(nonsense_of_one_machine_harms_no_other),
        cmocka_unit_test(a_machine_without_a_guid_is_left_out),
        cmocka_unit_test(what_a_machine_consists_of_is_unread_where_nothing_is_told),
        cmocka_unit_test(tricks_end_with_a_reason),
        cmocka_unit_test(a_refused_login_is_denied_after_one_attempt),
        cmocka_unit_test(a_doctor_proves_each_right),
        cmocka_unit_test(a_doctor_names_the_group_for_who_sees_nothing),
    };

    if (winpeer_absent() != 0)
        return winpeer_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
