#include "fake_judge.h"

#include "condition.h"

/* ------------------------------------------------------------------------------------------------------ tables ---- */

static const struct version server_versions[] = {
    { .name = "Windows Server 2008 R2", .order = 0 },
    { .name = "Windows Server 2012", .order = 1 },
    { .name = "Windows Server 2012 R2", .order = 2 },
    { .name = "Windows Server 2016", .order = 3 },
};

static const struct {
    const char *build;
    size_t version;
} builds[] = { { "6.1.7601", 0 }, { "6.2.9200", 1 }, { "6.3.9600", 2 }, { "10.0.14393", 3 } };

/* Tables by which a build tells the version; of a missing one the name hints at two. */
static struct products make_products(struct arena *arena)
{
    static const char *const workloads[] = { "server", "hyperv-host" };
    struct version *versions = arena_bytes(arena, server_versions, sizeof server_versions);
    struct family *family = arena_alloc(arena, sizeof *family);
    struct test *tests = arena_alloc(arena, 8 * sizeof *tests);

    *family = (struct family){ "Windows Server", GROUP_OS, workloads, 2, versions, 4 };
    for (size_t i = 0; i < 4; i++) {
        tests[i] = (struct test){
            .type = TEST_FACT, .fact = "os.build", .compare = COMPARE_STARTS, FAKE_TEXTS(builds[i].build)
        };
        versions[i].test = &tests[i];
        versions[i].family = family;
    }
    for (size_t i = 1; i < 3; i++) {
        tests[4 + i] = (struct test){
            .type = TEST_FACT, .fact = "os.name", .compare = COMPARE_CONTAINS, FAKE_TEXTS("Server 2012")
        };
        versions[i].hint = &tests[4 + i];
    }
    return (struct products){ .families = family, .family_count = 1 };
}

struct setting {
    struct arena arena;
    struct products products;
    struct judge judge;
    struct thing *thing;
};

static int set_up(void **state)
{
    struct setting *setting = mem_new(1, sizeof *setting);

    arena_init(&setting->arena, ARENA_PLAIN);
    setting->products = make_products(&setting->arena);
    fake_judge_init(&setting->judge, &setting->products);
    setting->thing = fake_thing(&setting->judge, "machine", "WEB01");
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    fake_judge_finish(&setting->judge);
    arena_finish(&setting->arena);
    free(setting);
    return 0;
}

/* ---------------------------------------------------------------------------------------------------- derived ---- */

static enum truth derive(struct setting *setting, const struct thing *thing, const char *fact, enum compare compare,
                         const char *value, struct condition_cause *cause)
{
    struct test test = { .type = TEST_FACT, .fact = fact, .compare = compare, FAKE_TEXTS(value) };

    return condition_test(&setting->judge, &test, thing, cause);
}

static void the_version_is_what_classification_says(void **state)
{
    struct setting *setting = *state;
    struct thing *thing = setting->thing;
    struct condition_cause cause;

    fake_text(thing, "os.build", "6.3.9600");
    assert_int_equal(derive(setting, thing, "version", COMPARE_IS, "windows server 2012 r2", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "version", COMPARE_IS, "Windows Server 2012", &cause), TRUTH_NO);
    assert_string_equal(cause.fact, "version");
    assert_string_equal(cause.value->text, "Windows Server 2012 R2");
}

static void versions_are_ordered_by_their_place(void **state)
{
    struct setting *setting = *state;
    struct thing *thing = setting->thing;

    fake_text(thing, "os.build", "6.3.9600");
    assert_int_equal(derive(setting, thing, "version", COMPARE_AT_LEAST, "Windows Server 2012", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "version", COMPARE_AT_LEAST, "Windows Server 2012 R2", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "version", COMPARE_AT_LEAST, "Windows Server 2016", NULL), TRUTH_NO);
    assert_int_equal(derive(setting, thing, "version", COMPARE_BELOW, "Windows Server 2016", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "version", COMPARE_AT_LEAST, "Windows 10", NULL), TRUTH_NO);
}

static void what_candidates_agree_on_is_known(void **state)
{
    struct setting *setting = *state;
    struct thing *thing = setting->thing;
    struct condition_cause cause;

    fake_text(thing, "os.name", "Windows Server 2012");
    assert_int_equal(derive(setting, thing, "version", COMPARE_AT_LEAST, "Windows Server 2012", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "version", COMPARE_AT_LEAST, "Windows Server 2016", NULL), TRUTH_NO);
    assert_int_equal(derive(setting, thing, "version", COMPARE_IS, "Windows Server 2016", NULL), TRUTH_NO);
    assert_int_equal(derive(setting, thing, "version", COMPARE_IS, "Windows Server 2012", &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "os.build");
    assert_null(cause.value);
}

static void a_foreign_version_is_none_and_in_no_order(void **state)
{
    struct setting *setting = *state;
    struct thing *thing = setting->thing;

    fake_text(thing, "os.build", "10.0.99999");
    assert_int_equal(derive(setting, thing, "version", COMPARE_IS, "Windows Server 2016", NULL), TRUTH_NO);
    assert_int_equal(derive(setting, thing, "version", COMPARE_IS_NOT, "Windows Server 2016", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "version", COMPARE_AT_LEAST, "Windows Server 2016", NULL), TRUTH_UNKNOWN);
    assert_int_equal(derive(setting, thing, "workload", COMPARE_IS, "server", NULL), TRUTH_NO);
}

static void without_a_fact_the_version_is_not_known(void **state)
{
    struct setting *setting = *state;
    struct condition_cause cause;

    assert_int_equal(derive(setting, setting->thing, "version", COMPARE_IS, "Windows Server 2016", &cause),
                     TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "os.build");
    assert_int_equal(derive(setting, fake_thing(&setting->judge, "volume", "C:"), "version", COMPARE_IS, "x", &cause),
                     TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "version");
}

static void kind_name_workload_and_installation_are_derived(void **state)
{
    static const char *const two[] = { "hyperv-vm", "azure-stack" };
    struct setting *setting = *state;
    struct thing *thing = setting->thing, *host = fake_thing(&setting->judge, "hyperv_host", "HV01");

    fake_text(thing, "os.build", "6.3.9600");
    fake_text(host, "os.build", "6.3.9600");
    assert_int_equal(derive(setting, thing, "kind", COMPARE_HAS, "machine", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "kind", COMPARE_IS, "vm", NULL), TRUTH_NO);
    assert_int_equal(derive(setting, thing, "name", COMPARE_STARTS, "web", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "workload", COMPARE_IS, "server", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "workload", COMPARE_IS, "hyperv-host", NULL), TRUTH_NO);
    assert_int_equal(derive(setting, host, "workload", COMPARE_IS, "hyperv-host", NULL), TRUTH_YES);
    assert_int_equal(derive(setting, thing, "installation", COMPARE_IS, "physical", NULL), TRUTH_YES);
    setting->judge.installations = two;
    setting->judge.installation_count = 2;
    assert_int_equal(derive(setting, thing, "installation", COMPARE_IS, "physical", NULL), TRUTH_NO);
    assert_int_equal(derive(setting, thing, "installation", COMPARE_IS, "hyperv-vm", NULL), TRUTH_UNKNOWN);
}

static void the_server_s_version_is_that_of_its_system(void **state)
{
    struct setting *setting = *state;
    struct thing *server = fake_thing(&setting->judge, "backup_server", "MABS01");
    struct test version = {
        .type = TEST_FACT, .fact = "version", .compare = COMPARE_AT_LEAST, FAKE_TEXTS("Windows Server 2012 R2")
    };
    struct test some = { .type = TEST_SOME, .collection = COLLECTION_SERVER, .parts = &version, .part_count = 1 };
    struct condition_cause cause;

    some.empty = TRUTH_UNKNOWN;
    setting->judge.server = server;
    assert_int_equal(condition_test(&setting->judge, &some, setting->thing, &cause), TRUTH_UNKNOWN);
    assert_null(cause.thing);
    assert_string_equal(cause.fact, "os.build");
    fake_text(server, "os.build", "6.2.9200");
    assert_int_equal(condition_test(&setting->judge, &some, setting->thing, NULL), TRUTH_NO);
    fake_text(server, "version", "Windows Server 2016");
    assert_int_equal(condition_test(&setting->judge, &some, setting->thing, NULL), TRUTH_YES);
    fake_text(server, "version", "OS/2");
    assert_int_equal(condition_test(&setting->judge, &some, setting->thing, NULL), TRUTH_UNKNOWN);
}

/* ------------------------------------------------------------------------------------------------------ trust ---- */

static enum truth trust(struct setting *setting, const char *domain, struct condition_cause *cause)
{
    struct test test = { .type = TEST_FACT, .fact = "domain.name", .compare = COMPARE_TRUSTED_BY };

    fake_unset(setting->thing, "domain.name");
    if (domain != NULL)
        fake_text(setting->thing, "domain.name", domain);
    return condition_test(&setting->judge, &test, setting->thing, cause);
}

static void a_domain_is_trusted_where_it_is_the_server_s_a_child_or_named(void **state)
{
    static const char *const trusts[] = { "partner.example", NULL };
    struct setting *setting = *state;
    struct thing *server = fake_thing(&setting->judge, "backup_server", "MABS01");

    setting->judge.server = server;
    fake_text(server, "domain.name", "Corp.Example");
    fake_list(server, "domain.trusts", trusts);
    assert_int_equal(trust(setting, "corp.example", NULL), TRUTH_YES);
    assert_int_equal(trust(setting, "corp.example.", NULL), TRUTH_YES);
    assert_int_equal(trust(setting, "x.y.CORP.example", NULL), TRUTH_YES);
    assert_int_equal(trust(setting, "PARTNER.example", NULL), TRUTH_YES);
    assert_int_equal(trust(setting, "notcorp.example", NULL), TRUTH_NO);
    assert_int_equal(trust(setting, "example", NULL), TRUTH_NO);
    assert_int_equal(trust(setting, "x.partner.example", NULL), TRUTH_NO);
}

static void whom_the_server_trusts_may_not_be_known(void **state)
{
    static const char *const trusts[] = { "partner.example", NULL };
    struct setting *setting = *state;
    struct thing *server = fake_thing(&setting->judge, "backup_server", "MABS01");
    struct condition_cause cause;

    assert_int_equal(trust(setting, "corp.example", &cause), TRUTH_UNKNOWN);
    assert_null(cause.thing);
    assert_string_equal(cause.fact, "domain.name");
    setting->judge.server = server;
    fake_list(server, "domain.trusts", trusts);
    assert_int_equal(trust(setting, "corp.example", &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "domain.name");
    fake_unset(server, "domain.trusts");
    fake_text(server, "domain.name", "corp.example");
    assert_int_equal(trust(setting, "corp.example", NULL), TRUTH_YES);
    assert_int_equal(trust(setting, "partner.example", &cause), TRUTH_UNKNOWN);
    assert_null(cause.thing);
    assert_string_equal(cause.fact, "domain.trusts");
}

static void a_workgroup_is_trusted_by_nobody_and_no_domain_is_open(void **state)
{
    struct setting *setting = *state;
    struct thing *server = fake_thing(&setting->judge, "backup_server", "MABS01");
    struct condition_cause cause;

    setting->judge.server = server;
    fake_text(server, "domain.name", "corp.example");
    assert_int_equal(trust(setting, NULL, &cause), TRUTH_UNKNOWN);
    assert_ptr_equal(cause.thing, setting->thing);
    assert_string_equal(cause.fact, "domain.name");
    fake_text(setting->thing, "domain.workgroup", "WORKGROUP");
    assert_int_equal(trust(setting, NULL, NULL), TRUTH_NO);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_version_is_what_classification_says),
        TEST(versions_are_ordered_by_their_place),
        TEST(what_candidates_agree_on_is_known),
        TEST(a_foreign_version_is_none_and_in_no_order),
        TEST(without_a_fact_the_version_is_not_known),
        TEST(kind_name_workload_and_installation_are_derived),
        TEST(the_server_s_version_is_that_of_its_system),
        TEST(a_domain_is_trusted_where_it_is_the_server_s_a_child_or_named),
        TEST(whom_the_server_trusts_may_not_be_known),
        TEST(a_workgroup_is_trusted_by_nobody_and_no_domain_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
