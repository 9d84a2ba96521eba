/* What scans show of a backup server against what the configuration says of it. */
#include "judge_testing.h"

/* All servers of the configuration are assets that somebody scanned. */
static const struct thing *server_by_name(struct world *world, const char *name)
{
    struct fixture *owner = (struct fixture *)world;

    for (size_t i = 0; i < owner->thing_count; i++) {
        const struct thing *thing = &owner->things[i]->thing;
        if (strcmp(thing->kind, "backup_server") == 0 && strcasecmp(thing->name, name) == 0)
            return thing;
    }
    return NULL;
}

/* What is said of the server in the configuration, what scans show, and what is told of it; NULL: nothing. */
static const struct {
    const char *os, *installation, *domain;
    const char *build, *model, *asset_domain, *machine_domain;
    const char *told;
} contradictions[] = {
    { "Windows Server 2016", NULL, NULL, "10.0.14393", NULL, NULL, NULL, NULL },
    { "windows server 2016", NULL, NULL, "10.0.14393", NULL, NULL, NULL, NULL },
    { "Windows Server 2012", NULL, NULL, "10.0.14393", NULL, NULL, NULL,
      "the configuration says backup01 runs Windows Server 2012; its scan shows Windows Server 2016" },
    { "Windows Server 2012", NULL, NULL, NULL, NULL, NULL, NULL, NULL },
    { NULL, "physical", NULL, NULL, "PowerEdge R640", NULL, NULL, NULL },
    { NULL, "hyperv-vm", NULL, NULL, "PowerEdge R640", NULL, NULL,
      "the configuration says backup01 is installed as hyperv-vm; its scan shows physical" },
    { NULL, "hyperv-vm", NULL, NULL, NULL, NULL, NULL, NULL },
    { NULL, NULL, "corp.example", NULL, NULL, "CORP.example", NULL, NULL },
    { NULL, NULL, "corp.example", NULL, NULL, "other.example", NULL,
      "the configuration says backup01 is in the domain corp.example; its scan shows other.example" },
    { NULL, NULL, "corp.example", NULL, NULL, NULL, "other.example",
      "the configuration says backup01 is in the domain corp.example; its scan shows other.example" },
    { "Windows Server 2012", "hyperv-vm", NULL, "10.0.14393", "PowerEdge R640", NULL, NULL,
      "the configuration says backup01 is installed as hyperv-vm; its scan shows physical; the configuration says "
      "backup01 runs Windows Server 2012; its scan shows Windows Server 2016" },
};

static void set_some(struct fixture_thing *made, const char *name, const char *text)
{
    if (text != NULL)
        fact_text(made, name, text);
}

static void each_thing_that_scans_show_otherwise_is_told(void **state)
{
    struct fixture_thing *server = thing_add(&fixture, "backup_server", "BACKUP01");

    (void)state;
    fixture.world.server = server_by_name;
    for (size_t i = 0; i < COUNT(contradictions); i++) {
        struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
        struct fixture_thing *other = thing_add(&fixture, "backup_server", "BACKUP01"),
                             *machine = thing_add(&fixture, "machine", "BACKUP01");
        const struct verdict *verdict;

        server->thing.name = "not this one";
        server = other;
        fixture.servers[0].os = contradictions[i].os;
        fixture.servers[0].installation = contradictions[i].installation;
        fixture.servers[0].domain = contradictions[i].domain;
        set_some(machine, "os.build", contradictions[i].build);
        set_some(machine, "hardware.manufacturer", contradictions[i].model == NULL ? NULL : "Dell Inc.");
        set_some(machine, "hardware.model", contradictions[i].model);
        set_some(server, "domain.name", contradictions[i].asset_domain);
        set_some(machine, "domain.name", contradictions[i].machine_domain);
        tie_add(server, "hosted_on", machine);
        fixture_judge(&fixture);
        verdict = verdict_by(&fixture, made, METHOD_AGENT);
        if (contradictions[i].told == NULL) {
            assert_null(verdict->server_conflict);
            continue;
        }
        assert_non_null(verdict->server_conflict);
        assert_string_equal(verdict->server_conflict, contradictions[i].told);
        assert_string_equal(verdict->legs[0].conflict, contradictions[i].told);
    }
}

/* As its own engine and its database say it, which need not be of one build. */
static void versions_of_one_product_are_no_doubt(void **state)
{
    struct fixture_thing *server = thing_add(&fixture, "backup_server", "BACKUP01");
    struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
    struct attribute others[] = { { "backup.version", { .type = VALUE_TEXT, .text = "12.0.400.0" } } };

    (void)state;
    fixture.servers[0].product = "mabs-v1";
    fixture.world.server = server_by_name;
    fact_text(server, "backup.version", "12.0.332.0");
    server->thing.others = others;
    server->thing.other_count = 1;
    fixture_judge(&fixture);
    assert_string_equal(verdict_by(&fixture, made, METHOD_AGENT)->server_conflict,
                        "the configuration says backup01 is mabs-v1; its scan shows v2");
    others[0].value.text = "11.0.50.0";
    fixture_judge(&fixture);
    assert_null(verdict_by(&fixture, made, METHOD_AGENT)->server_conflict);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_thing_that_scans_show_otherwise_is_told),
        TEST(versions_of_one_product_are_no_doubt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
