#include "judge_testing.h"

/* ------------------------------------------------------------------------------------------------------- image ---- */

static void every_host_that_may_run_it_counts(void **state)
{
    struct fixture_thing *good = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *bad = host_add(&fixture, "HV2", "6.0.6002");
    struct fixture_thing *guest = guest_add(&fixture, "VM1", "10.0.14393");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", good);
    tie_add(guest, "may_run_on", good);
    tie_add(guest, "may_run_on", bad);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(verdict, VERDICT_UNSUPPORTED, 56);
    assert_int_equal(verdict->leg_count, 2);
    assert_ptr_equal(verdict->cause, &bad->thing);
}

/* Both are unlisted; what is newer calls for an act, a gap for a decision. */
static void of_unlisted_hosts_the_one_that_calls_for_an_act_is_told(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct fixture_thing *gap = esxi_add(turn == 0 ? "esx1" : "esx3", "6.0.0", "esxEnterprisePlus");
        struct fixture_thing *newer = esxi_add(turn == 0 ? "esx2" : "esx4", "6.7.0", "esxEnterprisePlus");
        struct fixture_thing *guest = guest_add(&fixture, turn == 0 ? "VM1" : "VM2", "10.0.14393");

        fixture.servers[0].installation = "azure-vm";
        tie_add(guest, "may_run_on", turn == 0 ? gap : newer);
        tie_add(guest, "may_run_on", turn == 0 ? newer : gap);
        assert_class(verdict_by(&fixture, guest, METHOD_IMAGE), CLASS_NEWER);
        assert_ptr_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->cause, &newer->thing);
    }
}

static void a_cluster_stands_for_its_hosts(void **state)
{
    struct fixture_thing *cluster = thing_add(&fixture, "cluster", "CL");
    struct fixture_thing *one = esxi_add("esx1", "6.0.0", "esxEnterprisePlus");
    struct fixture_thing *other = esxi_add("esx2", "6.7.0", "esxEnterprisePlus");
    struct fixture_thing *guest = guest_add(&fixture, "VM2", "10.0.14393");
    const struct verdict *verdict;

    (void)state;
    tie_add(one, "member_of", cluster);
    tie_add(other, "member_of", cluster);
    tie_add(guest, "may_run_on", cluster);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_class(verdict, CLASS_NEWER);
    assert_int_equal(verdict->leg_count, 2);
    assert_ptr_equal(verdict->cause, &other->thing);
}

static void a_vcenter_is_asked_too(void **state)
{
    struct fixture_thing *vcenter = thing_add(&fixture, "vcenter", "vc");
    struct fixture_thing *host = esxi_add("esx1", "6.0.0", "esxEnterprisePlus");
    struct fixture_thing *guest = guest_add(&fixture, "VM3", "10.0.14393");

    (void)state;
    fact_text(vcenter, "vsphere.version", "6.7.0");
    tie_add(host, "managed_by", vcenter);
    tie_add(guest, "runs_on", host);
    assert_ptr_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->cause, &vcenter->thing);
}

static void an_unlicensed_host_is_the_cause(void **state)
{
    struct fixture_thing *host = esxi_add("esx9", "6.0.0", "esxBasic");
    struct fixture_thing *guest = guest_add(&fixture, "CAM01", "10.0.14393");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", host);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(verdict, VERDICT_UNSUPPORTED, 57);
    assert_says(verdict, "R12 is not met");
    assert_ptr_equal(verdict->cause, &host->thing);
}

static struct fixture_thing *guest_on(struct fixture_thing *host, const char *name, const char *const *disks,
                                      size_t count)
{
    struct fixture_thing *guest = guest_add(&fixture, name, "10.0.14393");
    struct value value = { .type = VALUE_LIST };

    value.list.texts = disks;
    value.list.count = count;
    if (disks != NULL)
        fact_set(guest, "vm.pass_through_disks", value);
    tie_add(guest, "runs_on", host);
    return guest;
}

static const struct verdict *by_image(struct fixture_thing *guest)
{
    return verdict_by(&fixture, guest, METHOD_IMAGE);
}

static void each_machine_of_a_host_is_asked_by_itself(void **state)
{
    static const char *const disks[] = { "Disk 3" };
    struct fixture_thing *host = host_add(&fixture, "HV1", "6.2.9200");
    struct fixture_thing *good = guest_on(host, "VM1", disks, 0), *bad = guest_on(host, "VM2", disks, 1);
    struct fixture_thing *silent = guest_on(host, "VM3", NULL, 0), *other = guest_on(host, "VM4", disks, 0);

    (void)state;
    fixture.servers[0].product = "mabs-v3";
    assert_row(by_image(good), VERDICT_SUPPORTED, 8);
    assert_row(by_image(bad), VERDICT_UNSUPPORTED, 8);
    assert_says(by_image(bad), "vm.pass_through_disks is Disk 3");
    assert_null(by_image(bad)->cause);
    assert_row(by_image(silent), VERDICT_CONDITIONAL, 8);
    assert_says(by_image(silent), "vm.pass_through_disks is missing");
    assert_row(by_image(other), VERDICT_SUPPORTED, 8);
}

static void a_machine_is_asked_the_same_on_each_of_its_hosts(void **state)
{
    static const char *const disks[] = { "Disk 3" };
    struct fixture_thing *host = host_add(&fixture, "HV1", "6.2.9200"), *other = host_add(&fixture, "HV2", "6.2.9200");
    struct fixture_thing *good = guest_on(host, "VM1", disks, 0), *bad = guest_on(host, "VM2", disks, 1);

    (void)state;
    fixture.servers[0].product = "mabs-v3";
    fact_int(other, "os.sku", 17);
    tie_add(good, "may_run_on", other);
    tie_add(bad, "may_run_on", other);
    assert_class(by_image(good), CLASS_SKU);
    assert_ptr_equal(by_image(good)->cause, &other->thing);
    assert_word(by_image(good)->legs[1].word, VERDICT_SUPPORTED);
    assert_row(by_image(bad), VERDICT_UNSUPPORTED, 8);
    assert_word(by_image(bad)->legs[1].word, VERDICT_UNLISTED);
}

static void a_host_by_itself_is_not_asked_what_its_machines_are(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV1", "6.2.9200");
    const struct judge_key key = { "mabs-v3", "hyperv-host", "Windows Server 2012", "physical" };
    const struct verdict *verdict;

    (void)state;
    fixture.servers[0].product = "mabs-v3";
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_row(verdict, VERDICT_SUPPORTED, 8);
    assert_int_equal(verdict->legs[0].condition_count, 1);
    assert_string_equal(verdict->legs[0].conditions[0].condition->id, "R6");
    verdict = judge_key(fixture.judge, &key);
    assert_word(verdict->word, VERDICT_CONDITIONAL);
    assert_int_equal(verdict->legs[0].condition_count, 2);
}

static void a_linux_guest_needs_its_own_row_too(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *guest = thing_add(&fixture, "vm", "lnx01");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", host);
    fact_text(guest, "guest.family", "linux");
    fact_text(guest, "guest.arch", "ia64");
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(verdict, VERDICT_UNSUPPORTED, 58);
    assert_int_equal(verdict->leg_count, 2);
    assert_null(verdict->cause);
}

/* The end of support that is nearest may be that of the host, which has a name of its own. */
static void what_ends_is_told_with_whose_it_is(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV1", "6.1.7600");
    struct fixture_thing *guest = thing_add(&fixture, "vm", "lnx01");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", host);
    fact_text(guest, "guest.family", "linux");
    fact_text(guest, "guest.arch", "ia64"); /* its own row decides */
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_string_equal(verdict->lifecycle->name, "Windows Server 2008 R2");
    assert_string_equal(verdict->lifecycle_of, "hyperv_host");
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_string_equal(verdict->lifecycle->name, "Windows Server 2008 R2");
    assert_null(verdict->lifecycle_of);
}

static void a_linux_that_an_image_can_hold_has_no_agent(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *guest = thing_add(&fixture, "vm", "lnx02"), *other = thing_add(&fixture, "vm", "unread");
    struct fixture_thing *machine = thing_add(&fixture, "machine", "lnx03");

    (void)state;
    tie_add(guest, "runs_on", host);
    tie_add(other, "runs_on", host);
    assert_non_null(verdict_by(&fixture, guest, METHOD_AGENT));
    fact_text(guest, "guest.family", "linux");
    fact_text(machine, "os.family", "linux");
    fact_text(machine, "hardware.manufacturer", "Dell Inc.");
    assert_null(verdict_by(&fixture, guest, METHOD_AGENT));
    assert_true(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_non_null(verdict_by(&fixture, other, METHOD_AGENT));
    assert_class(verdict_by(&fixture, machine, METHOD_AGENT), CLASS_FOREIGN);
}

/* The rules and the servers of a computer are its own, with an agent or without. */
static void a_linux_is_assigned_as_other_computers_are(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *guest = thing_add(&fixture, "vm", "lnx02");

    (void)state;
    tie_add(guest, "runs_on", host);
    fact_text(guest, "guest.family", "linux");
    fixture.servers[1] = (struct estate_server){ .name = "backup02", .product = "mabs-v1", .installation = "physical" };
    fixture.estate.server_count = 2;
    fixture.rules[0] = (struct estate_rule){ .where.workload = "linux", .server = "backup02" };
    fixture.estate.rule_count = 1;
    fixture_judge(&fixture);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->server, "backup02");
}

static void whether_a_guest_is_a_linux_matters_only_where_its_row_is_worse(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *guest = thing_add(&fixture, "vm", "OFF01");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", host);
    fact_text(guest, "guest.arch", "x64");
    assert_row(verdict_by(&fixture, guest, METHOD_IMAGE), VERDICT_SUPPORTED, 52);
    fact_text(guest, "guest.arch", "ia64");
    judge_reset(fixture.judge, NOW);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_string_equal(verdict->legs[0].missing, "os.family");
}

static void disks_that_no_image_holds_are_named(void **state)
{
    static const char *const disks[] = { "Disk 4" };
    struct fixture_thing *host = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *guest = guest_add(&fixture, "SCAN01", "6.3.9600");
    struct value list = { .type = VALUE_LIST };
    const struct verdict *verdict;

    (void)state;
    list.list.texts = disks;
    list.list.count = 1;
    fact_set(guest, "vm.pass_through_disks", list);
    tie_add(guest, "runs_on", host);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(verdict, VERDICT_SUPPORTED, 52);
    assert_int_equal(verdict->legs[0].omit_count, 1);
    assert_string_equal(verdict->legs[0].omits[0], "pass-through disk Disk 4");
}

static void a_machine_without_a_known_host_is_unknown_and_says_which_tie(void **state)
{
    struct fixture_thing *guest = guest_add(&fixture, "LOST01", "10.0.14393");
    struct fixture_thing *dangling = guest_add(&fixture, "LOST02", "10.0.14393");
    const struct verdict *verdict = verdict_by(&fixture, guest, METHOD_IMAGE);

    (void)state;
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_says(verdict, "no tie runs_on");
    tie_put(dangling,
            (struct thing_tie){ .relation = "runs_on", .outward = true, .kind = "hyperv_host", .name = "HV9" });
    verdict = verdict_by(&fixture, dangling, METHOD_IMAGE);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_says(verdict, "HV9");
}

static void a_machine_that_runs_on_itself_is_told(void **state)
{
    struct fixture_thing *guest = guest_add(&fixture, "SELF", "10.0.14393");
    struct fixture_thing *host = host_add(&fixture, "NESTED", "10.0.14393");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", host);
    tie_add(host, "runs_on", guest);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_says(verdict, "run on itself");
    guest = guest_add(&fixture, "ALONE", "10.0.14393");
    tie_add(guest, "may_run_on", guest);
    assert_says(verdict_by(&fixture, guest, METHOD_IMAGE), "run on itself");
}

static void a_host_of_azure_local_has_rows_and_a_place_of_its_own(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "LOCAL1", "10.0.25398");
    struct fixture_thing *guest = guest_add(&fixture, "VM4", "10.0.14393");

    (void)state;
    fixture.servers[0].product = "mabs-v3";
    fact_text(guest, "id.hyperv_guid", "1");
    tie_add(guest, "runs_on", host);
    assert_row(verdict_by(&fixture, guest, METHOD_IMAGE), VERDICT_SUPPORTED, 6);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->legs[0].workload, "azure-local");
    assert_row(verdict_by(&fixture, guest, METHOD_AGENT), VERDICT_SUPPORTED, 7);
}

/* A virtual machine is where its host is; what its own hardware is called tells nothing more. */
static void what_tells_the_place_of_a_machine_is_asked_of_its_host(void **state)
{
    struct fixture_thing *host = thing_add(&fixture, "hyperv_host", "HV1");
    struct fixture_thing *guest = guest_add(&fixture, "VM4", "6.0.6002");
    struct fixture_thing *lost = guest_add(&fixture, "VM5", "6.0.6002");

    (void)state;
    fact_text(host, "os.family", "windows");
    tie_add(guest, "runs_on", host);
    assert_word(verdict_by(&fixture, guest, METHOD_AGENT)->word, VERDICT_UNKNOWN);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_AGENT)->legs[0].missing, "os.build of its host");
    assert_word(verdict_by(&fixture, lost, METHOD_AGENT)->word, VERDICT_UNKNOWN);
    assert_string_equal(verdict_by(&fixture, lost, METHOD_AGENT)->legs[0].missing, "runs_on");
}

/* ------------------------------------------------------------------------------------------------------ memory ---- */

static struct fixture_thing *crowd_member(struct fixture_thing *const hosts[5], struct fixture_thing *cluster,
                                          unsigned number)
{
    static const char *const disks[] = { "Disk 3" };
    struct fixture_thing *guest = guest_add(&fixture, "VM", number % 7 == 0 ? "6.0.6002" : "10.0.14393");
    struct value value = { .type = VALUE_LIST };

    value.list.texts = disks;
    value.list.count = number % 5 == 0;
    if (number % 3 != 0)
        fact_set(guest, "vm.pass_through_disks", value);
    if (number % 4 == 0)
        fact_text(guest, "guest.family", "linux");
    tie_add(guest, "runs_on", hosts[number % 5]);
    if (number % 2 == 0)
        tie_add(guest, "may_run_on", cluster);
    return guest;
}

static void assert_same(const struct verdict *one, const struct verdict *other)
{
    assert_word(one->word, other->word);
    assert_ptr_equal(one->cause, other->cause);
    assert_int_equal(one->leg_count, other->leg_count);
    for (size_t i = 0; i < one->leg_count; i++) {
        assert_ptr_equal(one->legs[i].thing, other->legs[i].thing);
        assert_string_equal(one->legs[i].reason, other->legs[i].reason);
        assert_int_equal(one->legs[i].omit_count, other->legs[i].omit_count);
        assert_int_equal(one->legs[i].condition_count, other->legs[i].condition_count);
        for (size_t k = 0; k < one->legs[i].condition_count; k++) {
            assert_int_equal(one->legs[i].conditions[k].state, other->legs[i].conditions[k].state);
            assert_ptr_equal(one->legs[i].conditions[k].cause.thing, other->legs[i].conditions[k].cause.thing);
        }
    }
    assert_int_equal(one->step.type, other->step.type);
    assert_string_equal(one->step.text == NULL ? "" : one->step.text, other->step.text == NULL ? "" : other->step.text);
}

static void assert_remembers_right(struct fixture_thing *const *guests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct judge_setting setting = *judge_setting(fixture.judge);
        struct judge *fresh = judge_create(&setting);
        size_t one_count, other_count;
        const struct verdict *one = judge_thing(fixture.judge, &guests[i]->thing, &one_count);
        const struct verdict *other = judge_thing(fresh, &guests[i]->thing, &other_count);

        assert_int_equal(one_count, other_count);
        for (size_t k = 0; k < one_count; k++)
            assert_same(&one[k], &other[k]);
        judge_destroy(fresh);
    }
}

static void many_machines_in_a_session_get_what_each_would_get_alone(void **state)
{
    static const char *const servers[] = { "mabs-v1", "mabs-v2", "mabs-v3", "dpm-strict" };
    struct fixture_thing *cluster = thing_add(&fixture, "cluster", "CL"), *guests[60];
    struct fixture_thing *hosts[5] = { host_add(&fixture, "HV1", "6.2.9200"), host_add(&fixture, "HV2", "10.0.14393"),
                                       host_add(&fixture, "HV3", "6.2.9200"), esxi_add("esx1", "6.0.0", "esxFull"),
                                       esxi_add("esx2", "6.0.0", "esxBasic") };

    (void)state;
    fact_int(hosts[2], "os.sku", 17);
    for (size_t i = 0; i < 5; i++)
        tie_add(hosts[i], "member_of", cluster);
    for (unsigned i = 0; i < 60; i++)
        guests[i] = crowd_member(hosts, cluster, i);
    for (size_t i = 0; i < COUNT(servers); i++) {
        fixture.servers[0].product = servers[i];
        fixture_judge(&fixture);
        assert_remembers_right(guests, 60);
        judge_reset(fixture.judge, NOW);
        assert_remembers_right(guests, 60);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_host_that_may_run_it_counts),
        TEST(of_unlisted_hosts_the_one_that_calls_for_an_act_is_told),
        TEST(a_cluster_stands_for_its_hosts),
        TEST(a_vcenter_is_asked_too),
        TEST(an_unlicensed_host_is_the_cause),
        TEST(each_machine_of_a_host_is_asked_by_itself),
        TEST(a_machine_is_asked_the_same_on_each_of_its_hosts),
        TEST(a_host_by_itself_is_not_asked_what_its_machines_are),
        TEST(a_linux_guest_needs_its_own_row_too),
        TEST(what_ends_is_told_with_whose_it_is),
        TEST(a_linux_that_an_image_can_hold_has_no_agent),
        TEST(a_linux_is_assigned_as_other_computers_are),
        TEST(whether_a_guest_is_a_linux_matters_only_where_its_row_is_worse),
        TEST(disks_that_no_image_holds_are_named),
        TEST(a_machine_without_a_known_host_is_unknown_and_says_which_tie),
        TEST(a_machine_that_runs_on_itself_is_told),
        TEST(a_host_of_azure_local_has_rows_and_a_place_of_its_own),
        TEST(what_tells_the_place_of_a_machine_is_asked_of_its_host),
        TEST(many_machines_in_a_session_get_what_each_would_get_alone),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
