#include "fake_judge.h"

#include "condition.h"

static const struct products products = { 0 };

static int set_up(void **state)
{
    struct judge *judge = mem_new(1, sizeof *judge);

    fake_judge_init(judge, &products);
    judge->remembers = true;
    *state = judge;
    return 0;
}

static int tear_down(void **state)
{
    fake_judge_finish(*state);
    free(*state);
    return 0;
}

/* Every host that may run it is licensed. */
static const struct test *licensed(void)
{
    static struct test license = { .type = TEST_FACT, .fact = "vsphere.license_edition", .compare = COMPARE_IS_NOT };
    static const struct test every = {
        .type = TEST_EVERY, .collection = COLLECTION_HOSTS, .empty = TRUTH_UNKNOWN, .parts = &license, .part_count = 1
    };
    static const struct value basic = { .type = VALUE_TEXT, .text = "esxBasic" };

    license.values = &basic;
    license.value_count = 1;
    return &every;
}

static struct thing *add_host(struct judge *judge, const char *name, const char *license)
{
    struct thing *host = fake_thing(judge, "esxi_host", name);

    fake_text(host, "vsphere.license_edition", license);
    return host;
}

static struct thing *add_vm(struct judge *judge, const char *name, struct thing *host)
{
    struct thing *vm = fake_thing(judge, "vm", name);

    fake_tie(judge, vm, "runs_on", host);
    return vm;
}

/* The host is hidden behind the back of the session: whoever looks again finds nothing. */
static void what_is_tied_to_the_same_is_asked_once(void **state)
{
    struct judge *judge = *state;
    struct thing *host = add_host(judge, "ESX1", "esxBasic"), *good = add_host(judge, "ESX2", "esxFull");
    struct thing *one = add_vm(judge, "VM1", host), *other = add_vm(judge, "VM2", host);
    struct thing *third = add_vm(judge, "VM3", good), *fourth = add_vm(judge, "VM4", good);
    struct condition_cause cause;

    assert_int_equal(condition_test(judge, licensed(), one, NULL), TRUTH_NO);
    assert_int_equal(condition_test(judge, licensed(), third, NULL), TRUTH_YES);
    judge->world.hidden = host;
    assert_int_equal(condition_test(judge, licensed(), other, &cause), TRUTH_NO);
    assert_ptr_equal(cause.thing, host);
    assert_string_equal(cause.fact, "vsphere.license_edition");
    judge->world.hidden = good;
    assert_int_equal(condition_test(judge, licensed(), fourth, NULL), TRUTH_YES);
    condition_memo_reset(&judge->tests);
    assert_int_equal(condition_test(judge, licensed(), fourth, NULL), TRUTH_UNKNOWN);
    judge->remembers = false;
    judge->world.hidden = NULL;
    assert_int_equal(condition_test(judge, licensed(), fourth, NULL), TRUTH_YES);
}

/* To run on a host, and to be allowed to, are two things. */
static void other_ties_and_other_tests_are_other_questions(void **state)
{
    struct judge *judge = *state;
    struct thing *host = add_host(judge, "ESX1", "esxBasic"), *good = add_host(judge, "ESX2", "esxFull");
    struct thing *one = add_vm(judge, "VM1", good), *other = add_vm(judge, "VM2", good);
    struct test named = { .type = TEST_FACT, .fact = "name", .compare = COMPARE_IS, FAKE_TEXTS("ESX2") };
    struct test every = { .type = TEST_EVERY, .collection = COLLECTION_HOSTS, .parts = &named, .part_count = 1 };
    struct test stored = { .type = TEST_EVERY, .collection = COLLECTION_DATASTORES, .parts = &named, .part_count = 1 };

    stored.empty = TRUTH_NO;
    fake_tie(judge, other, "may_run_on", host);
    assert_int_equal(condition_test(judge, licensed(), one, NULL), TRUTH_YES);
    assert_int_equal(condition_test(judge, licensed(), other, NULL), TRUTH_NO);
    assert_int_equal(condition_test(judge, &every, one, NULL), TRUTH_YES);
    assert_int_equal(condition_test(judge, &every, other, NULL), TRUTH_NO);
    assert_int_equal(condition_test(judge, &stored, one, NULL), TRUTH_NO);
    assert_int_equal(condition_test(judge, licensed(), one, NULL), TRUTH_YES);
}

static void each_backup_server_is_asked_by_itself(void **state)
{
    struct judge *judge = *state;
    struct thing *one = fake_thing(judge, "backup_server", "MABS01"), *vm = fake_thing(judge, "vm", "VM1");
    struct thing *other = fake_thing(judge, "backup_server", "MABS02");
    struct test first = { .type = TEST_FACT, .fact = "name", .compare = COMPARE_IS, FAKE_TEXTS("MABS01") };
    struct test every = { .type = TEST_EVERY, .collection = COLLECTION_SERVER, .parts = &first, .part_count = 1 };

    assert_int_equal(condition_test(judge, &every, vm, NULL), TRUTH_UNKNOWN);
    judge->server = one;
    assert_int_equal(condition_test(judge, &every, vm, NULL), TRUTH_YES);
    judge->server = other;
    assert_int_equal(condition_test(judge, &every, vm, NULL), TRUTH_NO);
    assert_int_equal(condition_test(judge, &every, NULL, NULL), TRUTH_NO);
    judge->server = one;
    assert_int_equal(condition_test(judge, &every, vm, NULL), TRUTH_YES);
}

/* What is missing is missing of the one that is asked, not of the one that was asked first. */
static void what_nothing_is_known_of_is_each_its_own(void **state)
{
    struct judge *judge = *state;
    struct thing *one = fake_thing(judge, "vm", "VM1"), *other = fake_thing(judge, "vm", "VM2");
    struct thing *lost = fake_thing(judge, "vm", "VM3");
    struct condition_cause cause;

    assert_int_equal(condition_test(judge, licensed(), one, &cause), TRUTH_UNKNOWN);
    assert_ptr_equal(cause.thing, one);
    assert_int_equal(condition_test(judge, licensed(), other, &cause), TRUTH_UNKNOWN);
    assert_ptr_equal(cause.thing, other);
    assert_null(cause.why);
    fake_tie_lost(judge, lost, "runs_on", "esxi_host");
    assert_int_equal(condition_test(judge, licensed(), lost, &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.why, "of its hosts, \"somewhere\" is not in the inventory");
}

static void what_has_too_many_ties_or_one_to_itself_is_asked_each_time(void **state)
{
    struct judge *judge = *state;
    struct thing *many = fake_thing(judge, "vm", "VM1"), *self = fake_thing(judge, "hyperv_host", "HV1"), *last = NULL;

    for (size_t i = 0; i < 40; i++) {
        last = add_host(judge, "ESX", "esxFull");
        fake_tie(judge, many, "may_run_on", last);
    }
    fake_tie(judge, self, "runs_on", self);
    fake_text(self, "vsphere.license_edition", "esxFull");
    assert_int_equal(condition_test(judge, licensed(), many, NULL), TRUTH_YES);
    assert_int_equal(condition_test(judge, licensed(), self, NULL), TRUTH_YES);
    fake_text(last, "vsphere.license_edition", "esxBasic");
    fake_text(self, "vsphere.license_edition", "esxBasic");
    assert_int_equal(condition_test(judge, licensed(), many, NULL), TRUTH_NO);
    assert_int_equal(condition_test(judge, licensed(), self, NULL), TRUTH_NO);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_tied_to_the_same_is_asked_once),
        TEST(other_ties_and_other_tests_are_other_questions),
        TEST(each_backup_server_is_asked_by_itself),
        TEST(what_nothing_is_known_of_is_each_its_own),
        TEST(what_has_too_many_ties_or_one_to_itself_is_asked_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
