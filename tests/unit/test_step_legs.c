/* Steps of what has several methods, several hosts, or parts. */
#include "step_fleet.h"

#include <stdio.h>

static const char *const vm_kinds[] = { "vm" };
static const char *const host_kinds[] = { "hyperv_host" };

static struct thing *add_host(struct fleet *fleet, int64_t id, const char *name, const char *build)
{
    struct thing *host = add_thing(fleet, id, host_kinds, name);

    set_text(fleet, host, "os.build", build);
    return host;
}

static const struct thing_tie on_hosts[] = {
    { .relation = "may_run_on", .outward = true, .far = 3, .kind = "hyperv_host" },
    { .relation = "may_run_on", .outward = true, .far = 4, .kind = "hyperv_host" },
    { .relation = "runs_on", .outward = true, .far = 2, .kind = "hyperv_host" },
};

static struct thing *add_vm(struct fleet *fleet, const char *build, size_t hosts)
{
    struct thing *vm = add_thing(fleet, 1, vm_kinds, "VM01");

    set_text(fleet, vm, "guest.build", build);
    vm->ties = on_hosts + 3 - hosts;
    vm->tie_count = hosts;
    return vm;
}

static void another_method_is_nearer_than_an_upgrade(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "hyperv-vm", "mabs-v2", NO),
        ROW(2, "server", "Windows Server 2019", "hyperv-vm", "mabs-v2", YES, PROTECTS("volume")),
        ROW(3, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd")),
    };
    const struct verdict *verdict;

    add_vm(*state, "1", 1);
    add_host(*state, 2, "HV01", "5");
    ADD_ROWS(*state, rows);
    assert_int_equal(judge_again(*state, 1, METHOD_IMAGE)->word, VERDICT_SUPPORTED);
    verdict = judge_again(*state, 1, METHOD_AGENT);
    assert_int_equal(verdict->word, VERDICT_UNSUPPORTED);
    assert_step(verdict, STEP_METHOD, "Protect VM01 by image instead of by agent.");
    assert_int_equal(verdict->step.method, METHOD_IMAGE);
}

/* The host itself is another thing to protect than what is in its file system. */
static void a_host_is_not_protected_by_its_agent_instead(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "hyperv-host", "Windows Server 2008 SP2", "physical", "mabs-v2", YES, PROTECTS("vhd")),
    };
    struct thing *host = add_thing(*state, 1, host_kinds, "HV01");

    set_text(*state, host, "hardware.manufacturer", "Contoso");
    set_text(*state, host, "os.build", "1");
    ADD_ROWS(*state, rows);
    assert_int_equal(judge_again(*state, 1, METHOD_HOST)->word, VERDICT_SUPPORTED);
    assert_step(judge_again(*state, 1, METHOD_AGENT), STEP_NONE, "No single step makes it supported.");
}

static void another_server_is_not_another_method(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "hyperv-vm", "mabs-v2", NO),
        ROW(2, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd")),
    };
    struct verdict verdicts[2];

    add_vm(fleet, "1", 1);
    add_host(fleet, 2, "HV01", "5");
    ADD_ROWS(fleet, rows);
    verdicts[0] = *judge_again(fleet, 1, METHOD_AGENT);
    verdicts[1] = verdicts[0];
    verdicts[1].method = METHOD_IMAGE;
    verdicts[1].word = VERDICT_SUPPORTED;
    step_forward(fleet->judge, verdicts, 2, 0);
    assert_int_equal(verdicts[0].step.type, STEP_METHOD);
    verdicts[1].server = "MABS02";
    step_forward(fleet->judge, verdicts, 2, 0);
    assert_int_equal(verdicts[0].step.type, STEP_NONE);
}

static void the_host_that_decided_is_the_one_that_is_upgraded(void **state)
{
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2008 SP2", "hyperv-vm", "mabs-v2", NO),
        ROW(2, "hyperv-host", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(3, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd")),
    };

    add_vm(*state, "1", 1);
    add_host(*state, 2, "HV01", "1");
    ADD_ROWS(*state, rows);
    assert_step(judge_again(*state, 1, METHOD_IMAGE), STEP_UPGRADE,
                "Upgrade HV01 from Windows Server 2008 SP2 to Windows Server 2016.");
}

static void what_many_hosts_lack_names_a_few_of_them(void **state)
{
    static const struct thing_tie ties[] = {
        { .relation = "may_run_on", .outward = true, .far = 3 },
        { .relation = "may_run_on", .outward = true, .far = 4 },
        { .relation = "may_run_on", .outward = true, .far = 5 },
        { .relation = "may_run_on", .outward = true, .far = 6 },
        { .relation = "runs_on", .outward = true, .far = 2 },
    };
    static const char *const names[] = { "HV1", "HV2", "HV3", "HV4", "HV5" };
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(3, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd"), UNDER(&wmf)),
    };
    struct thing *vm = add_vm(fleet, "1", 1);
    const char *text;
    size_t named = 0;

    vm->ties = ties;
    vm->tie_count = SAMPLE_COUNT(ties);
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++)
        set_text(fleet, add_host(fleet, (int64_t)i + 2, names[i], "5"), "wmf.version", "2.0");
    ADD_ROWS(fleet, rows);
    text = judge_again(fleet, 1, METHOD_IMAGE)->step.text;
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++)
        named += strstr(text, names[i]) != NULL;
    assert_int_equal(named, 3);
    assert_non_null(strstr(text, " and 2 more."));
}

/* What does not fit is the host's version; who has to go is the machine. */
static void what_the_machine_is_to_do_is_not_told_to_its_host(void **state)
{
    struct condition hosts = wmf;
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(3, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd"), UNDER(&hosts)),
    };

    hosts.remedy = "Move the virtual machine to other hosts.";
    hosts.step = STEP_OTHER;
    add_vm(fleet, "1", 1);
    set_text(fleet, add_host(fleet, 2, "HV01", "5"), "wmf.version", "2.0");
    ADD_ROWS(fleet, rows);
    assert_step(judge_again(fleet, 1, METHOD_IMAGE), STEP_OTHER,
                "VM01 on HV01: Move the virtual machine to other hosts.");
    hosts.remedy = "License the host.";
    assert_step(judge_again(fleet, 1, METHOD_IMAGE), STEP_OTHER, "HV01: License the host.");
}

static void a_volume_is_named_with_its_machine(void **state)
{
    static const char *const volume_kinds[] = { "volume" }, *const paths[] = { "D:\\" };
    static const struct thing_tie has_volume[] = { { .relation = "part_of", .far = 2 } };
    const struct test each = {
        .type = TEST_EVERY, .collection = COLLECTION_VOLUMES, .parts = &place_test, .part_count = 1
    };
    const struct condition volumes = { .name = "R1",
                                       .id = "R1",
                                       .text = "t",
                                       .test = &each,
                                       .effect = EFFECT_VERDICT,
                                       .step = STEP_FILE_SYSTEM,
                                       .remedy = "Convert the volume to NTFS." };
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "server", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("volume"), UNDER(&volumes)),
    };
    struct thing *machine = add_machine(fleet, "5"), *volume = add_thing(fleet, 2, volume_kinds, "D:");

    machine->ties = has_volume;
    machine->tie_count = 1;
    set(fleet, volume, "volume.drive_type", (struct value){ .type = VALUE_INT, .number = 3 });
    set(fleet, volume, "volume.paths", (struct value){ .type = VALUE_LIST, .list = { paths, 1 } });
    set_text(fleet, volume, "x.place", "mbr");
    ADD_ROWS(fleet, rows);
    assert_step(judge_again(fleet, 1, METHOD_AGENT), STEP_FILE_SYSTEM, "D: of RTM-APP02: Convert the volume to NTFS.");
}

static void hosts_that_are_alike_are_upgraded_together(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "hyperv-host", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "hyperv-host", "Windows Server 2008 R2", "physical", "mabs-v2", NO),
        ROW(3, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd")),
    };
    const struct verdict *verdict;
    char text[160];

    add_vm(fleet, "5", 3);
    add_host(fleet, 2, "HV01", "1");
    add_host(fleet, 3, "HV02", "1");
    add_host(fleet, 4, "HV03", "5");
    ADD_ROWS(fleet, rows);
    verdict = judge_again(fleet, 1, METHOD_IMAGE);
    snprintf(text, sizeof text, "Upgrade %s and 1 more like it from Windows Server 2008 SP2 to Windows Server 2016.",
             verdict->legs[0].thing->name);
    assert_step(verdict, STEP_UPGRADE, text);
    set_text(fleet, &fleet->things[1], "os.build", "5");
    set_text(fleet, &fleet->things[2], "os.build", "5");
    assert_int_equal(judge_again(fleet, 1, METHOD_IMAGE)->word, VERDICT_SUPPORTED);
    set_text(fleet, &fleet->things[1], "os.build", "1");
    set_text(fleet, &fleet->things[2], "os.build", "2");
    assert_step(judge_again(fleet, 1, METHOD_IMAGE), STEP_NONE, "No single step makes it supported.");
}

/* What a condition says is to be done is right, and so is that no step makes it supported. */
static void what_conditions_ask_for_is_told_where_it_is_not_enough(void **state)
{
    static const struct value gpt[] = { { .type = VALUE_TEXT, .text = "gpt" } };
    static const struct test test = {
        .type = TEST_FACT, .fact = "x.place", .compare = COMPARE_IS, .values = gpt, .value_count = 1
    };
    static const struct condition license = { .name = "R12",
                                              .id = "R12",
                                              .text = "t",
                                              .test = &test,
                                              .effect = EFFECT_VERDICT,
                                              .step = STEP_OTHER,
                                              .remedy = "License the host." };
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "hyperv-host", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd"), UNDER(&license)),
    };

    add_vm(fleet, "5", 2);
    add_host(fleet, 3, "HV02", "1");
    set_text(fleet, add_host(fleet, 4, "HV03", "5"), "x.place", "mbr");
    ADD_ROWS(fleet, rows);
    assert_step(
        judge_again(fleet, 1, METHOD_IMAGE), STEP_NONE,
        "No single step makes it supported. What its conditions ask for is not enough: HV03: License the host.");
}

static const struct verdict *judge_next(struct fleet *fleet, int64_t id, enum method method)
{
    size_t count;
    const struct verdict *verdicts = judge_thing(fleet->judge, find(&fleet->world, id), &count);

    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].method == method)
            return &verdicts[i];
    }
    fail_msg("no protection by %s", method_word(method));
    return NULL;
}

/* What was found for one machine of a host is told of the next, but not where its guest may be a Linux: whether that
 * has a row is one more question, once the host is supported. */
static void a_machine_of_the_same_host_has_the_same_step_unless_its_guest_matters(void **state)
{
    struct fleet *fleet = *state;
    struct entry_row rows[] = {
        ROW(1, "hyperv-host", "Windows Server 2008 SP2", "physical", "mabs-v2", NO),
        ROW(2, "hyperv-host", "Windows Server 2016", "physical", "mabs-v2", YES, PROTECTS("vhd")),
    };
    static const char *const names[] = { "VM04", "VM05", "VM06" };

    add_host(fleet, 2, "HV01", "1");
    for (int64_t id = 4; id <= 6; id++) {
        struct thing *vm = add_thing(fleet, id, vm_kinds, names[id - 4]);

        vm->ties = on_hosts + 2;
        vm->tie_count = 1;
        if (id != 5)
            set_text(fleet, vm, "guest.family", "windows");
    }
    ADD_ROWS(fleet, rows);
    assert_step(judge_again(fleet, 4, METHOD_IMAGE), STEP_UPGRADE,
                "Upgrade HV01 from Windows Server 2008 SP2 to Windows Server 2016.");
    assert_int_equal(judge_next(fleet, 5, METHOD_IMAGE)->word, VERDICT_UNSUPPORTED);
    assert_step(judge_next(fleet, 5, METHOD_IMAGE), STEP_NONE, "No single step makes it supported.");
    assert_step(judge_next(fleet, 6, METHOD_IMAGE), STEP_UPGRADE,
                "Upgrade HV01 from Windows Server 2008 SP2 to Windows Server 2016.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(another_method_is_nearer_than_an_upgrade, start, finish),
        cmocka_unit_test_setup_teardown(a_host_is_not_protected_by_its_agent_instead, start, finish),
        cmocka_unit_test_setup_teardown(another_server_is_not_another_method, start, finish),
        cmocka_unit_test_setup_teardown(the_host_that_decided_is_the_one_that_is_upgraded, start, finish),
        cmocka_unit_test_setup_teardown(what_many_hosts_lack_names_a_few_of_them, start, finish),
        cmocka_unit_test_setup_teardown(what_conditions_ask_for_is_told_where_it_is_not_enough, start, finish),
        cmocka_unit_test_setup_teardown(a_machine_of_the_same_host_has_the_same_step_unless_its_guest_matters, start,
                                        finish),
        cmocka_unit_test_setup_teardown(what_the_machine_is_to_do_is_not_told_to_its_host, start, finish),
        cmocka_unit_test_setup_teardown(a_volume_is_named_with_its_machine, start, finish),
        cmocka_unit_test_setup_teardown(hosts_that_are_alike_are_upgraded_together, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
