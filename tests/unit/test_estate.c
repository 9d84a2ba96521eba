#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "estate.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TEXT(words) .value = { .type = VALUE_TEXT, .text = (words) }

static const char *const nodes[] = { "n1.corp.example", "N2" };
static const struct attribute facts[] = {
    { "cluster.nodes", { .type = VALUE_LIST, .list = { nodes, 2 } } },
    { "computer.cores", { .type = VALUE_INT, .number = 8 } },
    { "domain.ou", TEXT("OU=SQL\\, old,OU=Servers,DC=corp,DC=example") },
    { "guest.running", { .type = VALUE_BOOL, .truth = true } },
    { "vm.folder", TEXT("/DC1/vm/Prod/SQL") },
};
static const char *const kinds[] = { "machine", "vm" };
static const char *const targets[] = { "vc01", "cluster1/hv01" };
static const char *const tags[] = { "site-a", "dmz" };
static const struct thing thing = {
    .id = 7,
    .kind = "machine",
    .name = "SQL01",
    .kinds = kinds,
    .kind_count = 2,
    .facts = facts,
    .fact_count = COUNT(facts),
    .targets = targets,
    .target_count = 2,
    .tags = tags,
    .tag_count = 2,
};
static const char *const workloads[] = { "server", "vmware-vm" };

static struct estate_assigned assign(const struct estate_rule *rules, size_t count)
{
    const struct estate estate = { .rules = rules, .rule_count = count };

    return estate_assign(&estate, &thing, workloads, COUNT(workloads));
}

/* Whether a rule with these conditions holds. */
#define HOLDS(...) (assign(&(struct estate_rule){ .where = { __VA_ARGS__ }, .owner = "x" }, 1).owner != NULL)

static void a_rule_without_conditions_holds_for_all(void **state)
{
    (void)state;
    assert_true(HOLDS(0));
}

static void each_condition_asks_what_it_says(void **state)
{
    (void)state;
    assert_true(HOLDS(.workload = "vmware-vm"));
    assert_false(HOLDS(.workload = "sql"));
    assert_true(HOLDS(.kind = "vm"));
    assert_false(HOLDS(.kind = "database"));
    assert_true(HOLDS(.name = "sql*"));
    assert_false(HOLDS(.name = "sql"));
    assert_true(HOLDS(.target = "vc01"));
    assert_false(HOLDS(.target = "vc0"));
    assert_true(HOLDS(.tag = "dmz"));
    assert_false(HOLDS(.tag = "dm*"));
}

static void a_target_is_a_pattern_or_an_entry_with_hosts(void **state)
{
    (void)state;
    assert_true(HOLDS(.target = "vc*"));
    assert_true(HOLDS(.target = "cluster1/hv01"));
    assert_true(HOLDS(.target = "cluster1"));
    assert_true(HOLDS(.target = "cluster?"));
    assert_false(HOLDS(.target = "cluster"));
    assert_false(HOLDS(.target = "hv01"));
    assert_false(HOLDS(.target = "cluster1/hv0"));
}

static void all_conditions_must_hold(void **state)
{
    (void)state;
    assert_true(HOLDS(.kind = "vm", .name = "SQL??", .tag = "dmz"));
    assert_false(HOLDS(.kind = "vm", .name = "SQL??", .tag = "lan"));
}

static void a_folder_holds_for_what_lies_beneath(void **state)
{
    (void)state;
    assert_true(HOLDS(.folder = "/DC1/vm/Prod/SQL"));
    assert_true(HOLDS(.folder = "/dc1/vm/prod"));
    assert_true(HOLDS(.folder = "/DC1"));
    assert_true(HOLDS(.folder = "*/Prod"));
    assert_false(HOLDS(.folder = "/DC1/vm/Pro"));
    assert_false(HOLDS(.folder = "/DC1/vm/Prod/SQL/x"));
    assert_false(HOLDS(.folder = ""));
}

static void a_unit_holds_for_what_lies_beneath(void **state)
{
    (void)state;
    assert_true(HOLDS(.ou = "OU=Servers,DC=corp,DC=example"));
    assert_true(HOLDS(.ou = "ou=servers,*"));
    assert_true(HOLDS(.ou = "OU=SQL\\, old,OU=Servers,DC=corp,DC=example"));
    assert_true(HOLDS(.ou = "DC=corp,DC=example"));
    assert_false(HOLDS(.ou = "OU=Clients,DC=corp,DC=example"));
    assert_false(HOLDS(.ou = "orp,DC=example"));
    /* A comma within a name parts nothing. */
    assert_false(HOLDS(.ou = " old,OU=Servers,DC=corp,DC=example"));
}

static void an_attribute_is_asked_by_its_value_of_any_type(void **state)
{
    (void)state;
    assert_true(HOLDS(.attribute = "computer.cores", .value = "8"));
    assert_false(HOLDS(.attribute = "computer.cores", .value = "80"));
    assert_true(HOLDS(.attribute = "guest.running", .value = "true"));
    assert_false(HOLDS(.attribute = "guest.running", .value = "false"));
    assert_true(HOLDS(.attribute = "cluster.nodes", .value = "n2"));
    assert_false(HOLDS(.attribute = "cluster.nodes", .value = "n3"));
    assert_true(HOLDS(.attribute = "vm.folder", .value = "/dc1/vm/prod/sql"));
    assert_false(HOLDS(.attribute = "vm.folder", .value = "/dc1/*"));
}

static void a_star_or_no_value_is_any_value_that_is_there(void **state)
{
    (void)state;
    assert_true(HOLDS(.attribute = "computer.cores", .value = "*"));
    assert_true(HOLDS(.attribute = "computer.cores"));
    assert_false(HOLDS(.attribute = "os.build", .value = "*"));
    assert_false(HOLDS(.attribute = "os.build"));
}

static void what_a_thing_does_not_say_holds_nowhere(void **state)
{
    const struct thing bare = { .id = 1, .kind = "vm", .name = "bare" };
    const struct estate_rule rules[] = {
        { .where = { .folder = "*" }, .owner = "folder" },
        { .where = { .ou = "*" }, .owner = "unit" },
        { .where = { .workload = "server" }, .owner = "workload" },
    };
    const struct estate estate = { .rules = rules, .rule_count = COUNT(rules) };

    (void)state;
    assert_null(estate_assign(&estate, &bare, NULL, 0).owner);
}

static void for_each_thing_that_rules_set_the_first_decides(void **state)
{
    const struct estate_rule rules[] = {
        { .where = { .name = "other" }, .owner = "nobody", .site = "nowhere" },
        { .owner = "dba" },
        { .owner = "late", .site = "north", .server = "mabs01", .criticality = "high", .installation = "azure-stack" },
    };
    struct estate_assigned assigned = assign(rules, COUNT(rules));

    (void)state;
    assert_string_equal(assigned.owner, "dba");
    assert_string_equal(assigned.site, "north");
    assert_string_equal(assigned.server, "mabs01");
    assert_string_equal(assigned.criticality, "high");
    assert_string_equal(assigned.installation, "azure-stack");
    assert_null(assigned.by);
}

static void a_reason_belongs_to_its_by(void **state)
{
    const struct estate_rule rules[] = {
        { .owner = "dba", .reason = "of no by" },
        { .by = "image" },
        { .by = "none", .reason = "a test machine" },
    };
    struct estate_assigned assigned = assign(rules, COUNT(rules));

    (void)state;
    assert_string_equal(assigned.by, "image");
    assert_null(assigned.reason);
    assigned = assign(rules + 2, 1);
    assert_string_equal(assigned.reason, "a test machine");
}

static const char *server_name(const char *name)
{
    static const struct estate_server servers[] = { { .name = "MABS01" },
                                                    { .name = "mabs02.corp.example" },
                                                    { .name = "mabs01.lab.example" } };
    const struct estate estate = { .servers = servers, .server_count = COUNT(servers) };
    const struct estate_server *found = estate_server(&estate, name);

    return found == NULL ? "none" : found->name;
}

static void a_server_is_found_by_its_name_or_its_label(void **state)
{
    (void)state;
    assert_string_equal(server_name("mabs01"), "MABS01");
    assert_string_equal(server_name("mabs01.corp.example"), "MABS01");
    assert_string_equal(server_name("MABS01.LAB.EXAMPLE"), "mabs01.lab.example");
    assert_string_equal(server_name("MABS02"), "mabs02.corp.example");
    assert_string_equal(server_name("mabs02.lab.example"), "none");
    assert_string_equal(server_name("mabs0"), "none");
    assert_string_equal(server_name("mabs011"), "none");
    assert_string_equal(server_name(""), "none");
}

static void the_hash_tells_each_change(void **state)
{
    static const char *const trusts[] = { "a", "b" };
    struct estate_server server = { .name = "s", .product = "p", .trusts = trusts, .trust_count = 2 };
    struct estate_rule rule = { .where = { .name = "n" }, .owner = "o" };
    struct estate estate = { .servers = &server, .server_count = 1, .rules = &rule, .rule_count = 1 };
    struct hash128 before = estate_hash(&estate);
    const char **slots[] = {
        &server.name,          &server.product,      &server.update,
        &server.installation,  &server.os,           &server.domain,
        &server.site,          &rule.where.workload, &rule.where.kind,
        &rule.where.name,      &rule.where.folder,   &rule.where.ou,
        &rule.where.attribute, &rule.where.value,    &rule.where.tag,
        &rule.where.target,    &rule.server,         &rule.by,
        &rule.owner,           &rule.site,           &rule.installation,
        &rule.criticality,     &rule.reason,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(slots); i++) {
        const char *kept = *slots[i];

        *slots[i] = "changed";
        assert_int_not_equal(estate_hash(&estate).low, before.low);
        *slots[i] = kept;
    }
    server.trust_count = 1;
    assert_int_not_equal(estate_hash(&estate).low, before.low);
    server.trust_count = 2;
    estate.hash.low = 1;
    assert_int_equal(estate_hash(&estate).low, before.low);
    assert_int_equal(estate_hash(&estate).high, before.high);
    estate.rule_count = 0;
    assert_int_not_equal(estate_hash(&estate).low, before.low);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_without_conditions_holds_for_all),
        cmocka_unit_test(each_condition_asks_what_it_says),
        cmocka_unit_test(a_target_is_a_pattern_or_an_entry_with_hosts),
        cmocka_unit_test(all_conditions_must_hold),
        cmocka_unit_test(a_folder_holds_for_what_lies_beneath),
        cmocka_unit_test(a_unit_holds_for_what_lies_beneath),
        cmocka_unit_test(an_attribute_is_asked_by_its_value_of_any_type),
        cmocka_unit_test(a_star_or_no_value_is_any_value_that_is_there),
        cmocka_unit_test(what_a_thing_does_not_say_holds_nowhere),
        cmocka_unit_test(for_each_thing_that_rules_set_the_first_decides),
        cmocka_unit_test(a_reason_belongs_to_its_by),
        cmocka_unit_test(a_server_is_found_by_its_name_or_its_label),
        cmocka_unit_test(the_hash_tells_each_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
