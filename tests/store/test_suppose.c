/* What would change: whose verdicts are compared, as what they are counted, and what is told of the files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "query_suppose.h"

#include <stdio.h>
#include <string.h>

#define W2008 "6.0.6002"
#define W2012 "6.3.9600"
#define W2016 "10.0.14393"

static struct arena arena;
static struct query_supposed supposed;

static void suppose(struct docket *docket, const struct query_suppose *asked)
{
    struct query *query = query_open(docket->world->path, &docket->world->err);

    assert_non_null(query);
    if (!query_suppose(query, asked, docket->world->now, &arena, &supposed, &docket->world->err))
        fail_msg("%s", docket->world->err.text);
    query_close(query);
}

static const struct product *product(struct docket *docket, const char *name)
{
    return products_find(&docket->charter.products, name);
}

/* What a filter, by its members, makes of another product, other facts, or both. */
#define SUPPOSE(docket, to, set, number, ...)                                                                          \
    suppose(docket, &(struct query_suppose){ .matrix = &(docket)->charter.matrix,                                      \
                                             .product = (to) == NULL ? NULL : product(docket, to),                     \
                                             .facts = (set),                                                           \
                                             .fact_count = (number),                                                   \
                                             .filter = &(const struct query_protection_filter){ __VA_ARGS__ } })

static const struct attribute is_2008[] = { { "os.build", { .type = VALUE_TEXT, .text = W2008 } } };
static const struct attribute is_2016[] = { { "os.build", { .type = VALUE_TEXT, .text = W2016 } } };

/* "KIND NAME METHOD VERDICT METHOD VERDICT" of each that is listed, each with a newline; * where it is not picked. */
static const char *listed(void)
{
    static char text[4096];
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; i < supposed.count; i++) {
        const struct query_supposed_change *change = &supposed.list[i];

        length += (size_t)snprintf(text + length, sizeof text - length, "%s %s%s %s %s > %s %s\n",
                                   change_word(change->kind), change->name, change->picked ? "" : "*",
                                   change->before.method == NULL ? "-" : change->before.method,
                                   change->before.method == NULL ? "-" : change->before.verdict,
                                   change->after.method == NULL ? "-" : change->after.method,
                                   change->after.method == NULL ? "-" : change->after.verdict);
        assert_true(length < sizeof text);
    }
    return text;
}

static void nothing_judged_is_nothing_compared(void **state)
{
    struct docket *docket = *state;

    docket->world->basis = NULL;
    docket_host(docket, "h1", W2016, NULL);
    docket_scan(docket);
    SUPPOSE(docket, "mabs-v1", NULL, 0, 0);
    assert_false(supposed.judged);
    assert_int_equal(supposed.compared, 0);
}

static void a_product_without_a_row_loses(void **state)
{
    struct docket *docket = *state;

    docket_machine(docket, "old", W2012);
    docket_machine(docket, "new-2", W2016);
    docket_machine(docket, "new-1", W2016);
    docket_scan(docket);
    SUPPOSE(docket, "mabs-v1", NULL, 0, 0);
    assert_string_equal(listed(), "lost new-1 agent supported > agent unlisted\n"
                                  "lost new-2 agent supported > agent unlisted\n");
    assert_int_equal(supposed.compared, 3);
    assert_int_equal(supposed.assets, 3);
    assert_int_equal(supposed.changed, 2);
    assert_int_equal(supposed.counts[CHANGE_LOST].protections, 2);
    assert_int_equal(supposed.counts[CHANGE_LOST].assets, 2);
    assert_int_equal(supposed.group_count, 1);
    assert_string_equal(supposed.groups[0].name, "server Windows Server 2016, physical");
    assert_int_equal(supposed.groups[0].assets, 2);
    assert_string_equal(supposed.groups[0].before.product, "mabs-v2");
    assert_string_equal(supposed.groups[0].after.product, "mabs-v1");
    assert_string_equal(supposed.groups[0].asset_name, "new-1");
    assert_string_equal(supposed.list[0].after.step,
                        "Move the backup server BKP1 to Azure Backup Server v2 (mabs-v2).");
    assert_string_equal(supposed.groups[0].step, supposed.list[0].after.step);
}

static void the_same_product_changes_nothing(void **state)
{
    struct docket *docket = *state;

    docket_machine(docket, "old", W2008);
    docket_machine(docket, "new", W2016);
    docket_scan(docket);
    SUPPOSE(docket, "mabs-v2", NULL, 0, .all = true);
    assert_int_equal(supposed.compared, 2);
    assert_int_equal(supposed.changed, 0);
    assert_int_equal(supposed.group_count, 0);
}

/* By agent it is lost, but by image it is not, and one of both suffices. */
static void what_counts_is_compared_with_what_counts_instead(void **state)
{
    struct docket *docket = *state;

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "vm", W2016, "h1", NULL);
    docket_scan(docket);
    SUPPOSE(docket, "mabs-v1", NULL, 0, .name = "vm");
    assert_string_equal(listed(), "");
    assert_int_equal(supposed.compared, 1);
    SUPPOSE(docket, "mabs-v1", NULL, 0, .name = "vm", .all = true);
    assert_string_equal(listed(), "lost vm agent supported > agent unlisted\n");
    assert_int_equal(supposed.compared, 2);
}

static void a_filter_narrows_what_is_compared(void **state)
{
    struct docket *docket = *state;

    docket_machine(docket, "a", W2016);
    docket_machine(docket, "b", W2016);
    docket_host(docket, "c", W2016, NULL);
    docket_scan(docket);
    SUPPOSE(docket, "mabs-v1", NULL, 0, .name = "a");
    assert_string_equal(listed(), "lost a agent supported > agent unlisted\n");
    assert_int_equal(supposed.picked, 1);
    SUPPOSE(docket, "mabs-v1", NULL, 0, .method = "host");
    assert_string_equal(listed(), "");
    assert_int_equal(supposed.compared, 1);
    SUPPOSE(docket, "mabs-v1", NULL, 0, .server = "BKP1", .workload = "server", .name = "c");
    assert_string_equal(listed(), "lost c agent supported > agent unlisted\n");
    SUPPOSE(docket, "mabs-v1", NULL, 0, .server = "none");
    assert_int_equal(supposed.compared, 0);
    assert_int_equal(supposed.picked, 0);
    SUPPOSE(docket, "mabs-v1", NULL, 0, .target = "hv", .verdict = "supported");
    assert_int_equal(supposed.compared, 4);
    SUPPOSE(docket, "mabs-v1", NULL, 0, .verdict = "unsupported");
    assert_int_equal(supposed.compared, 0);
}

static void facts_of_a_host_reach_what_runs_on_it(void **state)
{
    struct docket *docket = *state;

    docket_host(docket, "h1", W2016, NULL);
    docket_host(docket, "h2", W2016, NULL);
    docket_vm(docket, "on-h1", W2008, "h1", NULL);
    docket_vm(docket, "on-h2", W2008, "h2", NULL);
    docket_scan(docket);
    SUPPOSE(docket, NULL, is_2008, 1, .name = "h1");
    assert_string_equal(listed(), "lost h1 agent supported > agent unsupported\n"
                                  "lost h1 host supported > host unsupported\n"
                                  "lost on-h1* image supported > agent unsupported\n");
    assert_int_equal(supposed.picked, 1);
    assert_int_equal(supposed.compared, 6);
}

static void an_asset_without_a_protection_can_have_other_facts(void **state)
{
    static const struct attribute newer[] = { { "vsphere.version", { .type = VALUE_TEXT, .text = "7.0" } } };
    struct docket *docket = *state;
    struct item *item = docket_item(docket, "esxi_host", "esx");

    assert_true(item_set_text(item, "vsphere.version", "6.5.0", NULL));
    world_add(docket->world, item);
    item = docket_item(docket, "vm", "vm");
    assert_true(item_set_text(item, "id.instance_uuid", "5011c0de-4d6b-4f3a-8f1f-7a11c0de0001", NULL));
    assert_true(item_link(item, &(struct link){ "runs_on", "esxi_host", "esx", NULL, NULL }, NULL));
    world_add(docket->world, item);
    docket_scan(docket);
    SUPPOSE(docket, NULL, newer, 1, .name = "esx", .all = true);
    assert_int_equal(supposed.picked, 1);
    assert_string_equal(listed(), "other vm* image unknown > image unlisted\n");
    SUPPOSE(docket, NULL, newer, 1, .name = "esx", .method = "image", .all = true);
    assert_int_equal(supposed.picked, 0);
    assert_string_equal(listed(), "");
}

/* Whoever is not picked keeps the backup server that it has; what the host becomes, changes it all the same. */
static void a_product_is_supposed_of_what_is_picked_alone(void **state)
{
    struct docket *docket = *state;

    docket_host(docket, "h1", W2008, NULL);
    docket_machine(docket, "new", W2016);
    docket_vm(docket, "vm", W2008, "h1", NULL);
    docket_scan(docket);
    SUPPOSE(docket, "mabs-v1", is_2016, 1, .name = "h1");
    assert_string_equal(listed(), "other h1 agent unsupported > agent unlisted\n"
                                  "gained h1 host unsupported > host supported\n"
                                  "gained vm* agent unsupported > image supported\n");
    SUPPOSE(docket, "mabs-v1", is_2016, 1, .name = "h1", .method = "host");
    assert_string_equal(listed(), "gained h1* agent unsupported > agent supported\n"
                                  "gained h1 host unsupported > host supported\n"
                                  "gained vm* agent unsupported > image supported\n");
}

static void of_a_long_list_the_worst_are_kept_and_all_are_counted(void **state)
{
    struct docket *docket = *state;
    char whole[4096];

    for (int i = 20; i-- > 0;)
        docket_machine(docket, arena_format(&docket->world->arena, "m-%02d", i), i % 2 == 0 ? W2016 : W2008);
    docket_scan(docket);
    charter_use(&docket->charter, "mabs-v1");
    docket_rejudge(docket, 100, false, &(struct rejudge_result){ 0 });
    SUPPOSE(docket, "mabs-v2", is_2016, 1, .name = "m-*");
    assert_int_equal(supposed.count, 20);
    snprintf(whole, sizeof whole, "%s", listed());
    for (size_t limit = 1; limit <= 20; limit++) {
        SUPPOSE(docket, "mabs-v2", is_2016, 1, .name = "m-*", .limit = limit);
        assert_int_equal(supposed.count, limit);
        assert_int_equal(supposed.more, 20 - limit);
        assert_memory_equal(listed(), whole, strlen(listed()));
        assert_int_equal(supposed.counts[CHANGE_GAINED].protections, 20);
        assert_int_equal(supposed.group_count, 2);
    }
}

static void what_is_kept_grows_with_the_limit_and_not_with_the_fleet(void **state)
{
    struct docket *docket = *state;
    size_t reserved[2];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < (round == 0 ? 20 : 600); i++)
            docket_machine(docket, arena_format(&docket->world->arena, "m-%03d", i), W2016);
        docket_scan(docket);
        arena_finish(&arena);
        arena_init(&arena, ARENA_PLAIN);
        SUPPOSE(docket, "mabs-v1", NULL, 0, .limit = 5);
        reserved[round] = arena.reserved;
        assert_int_equal(supposed.count, 5);
        assert_int_equal(supposed.group_count, 1);
    }
    assert_int_equal(supposed.changed, 600);
    assert_int_equal(reserved[0], reserved[1]);
}

/* An answer that could not be made whole is none. */
static void a_damaged_database_is_an_error(void **state)
{
    const struct query_protection_filter all = { .all = true };
    struct docket *docket = *state;
    const struct query_suppose asked = { .matrix = &docket->charter.matrix,
                                         .product = product(docket, "mabs-v1"),
                                         .filter = &all };
    struct query *query;

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "vm", W2016, "h1", NULL);
    docket_scan(docket);
    world_run(docket->world, "UPDATE item SET gist = x'ff' WHERE kind = 'hyperv_host'");
    query = query_open(docket->world->path, &docket->world->err);
    assert_non_null(query);
    assert_false(query_suppose(query, &asked, docket->world->now, &arena, &supposed, &docket->world->err));
    assert_non_null(strstr(docket->world->err.text, "is damaged"));
    query_close(query);
}

static void it_is_told_which_files_are_others(void **state)
{
    struct docket *docket = *state;
    struct basis made = basis_make(&docket->charter.matrix, &docket->charter.estate);

    docket->world->basis = &made;
    docket_machine(docket, "new", W2016);
    docket_scan(docket);
    SUPPOSE(docket, "mabs-v1", NULL, 0, 0);
    assert_true(supposed.is_in_force);
    assert_null(supposed.other);
    world_run(docket->world, "UPDATE basis SET hash = x'00112233445566778899aabbccddeeff',"
                             " files = json_insert(files, '$[#]', json_object('file', 'products.conf'))");
    SUPPOSE(docket, "mabs-v1", NULL, 0, 0);
    assert_false(supposed.is_in_force);
    assert_non_null(strstr(supposed.other, "rulings"));
    world_run(docket->world, "UPDATE basis SET files = json_replace(files, '$[0].hash', 'another')");
    SUPPOSE(docket, "mabs-v1", NULL, 0, 0);
    assert_non_null(strstr(supposed.other, "musterd judges by: page"));
    world_run(docket->world, "UPDATE basis SET files = '[]'");
    SUPPOSE(docket, "mabs-v1", NULL, 0, 0);
    assert_non_null(strstr(supposed.other, "other editions"));
    assert_int_equal(supposed.changed, 1);
}

/* One that came later, but is not what is judged by, is not the one in force. */
static void the_estate_is_that_by_which_is_judged(void **state)
{
    struct docket *docket = *state;

    docket_machine(docket, "new", W2016);
    docket_scan(docket);
    docket_rejudge(docket, 100, false, &(struct rejudge_result){ 0 });
    charter_use(&docket->charter, "mabs-v1");
    docket_rejudge(docket, 100, false, &(struct rejudge_result){ 0 });
    SUPPOSE(docket, "mabs-v2", NULL, 0, 0);
    assert_string_equal(listed(), "gained new agent unlisted > agent supported\n");
    charter_use(&docket->charter, "mabs-v2");
    docket_rejudge(docket, 100, false, &(struct rejudge_result){ 0 });
    SUPPOSE(docket, "mabs-v1", NULL, 0, 0);
    assert_string_equal(listed(), "lost new agent supported > agent unlisted\n");
}

static int set_up(void **state)
{
    arena_init(&arena, ARENA_PLAIN);
    return docket_open(state);
}

static int tear_down(void **state)
{
    arena_finish(&arena);
    return docket_close(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_judged_is_nothing_compared, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_product_without_a_row_loses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_product_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_counts_is_compared_with_what_counts_instead, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_filter_narrows_what_is_compared, set_up, tear_down),
        cmocka_unit_test_setup_teardown(facts_of_a_host_reach_what_runs_on_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_asset_without_a_protection_can_have_other_facts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_product_is_supposed_of_what_is_picked_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_a_long_list_the_worst_are_kept_and_all_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_kept_grows_with_the_limit_and_not_with_the_fleet, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_database_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_is_told_which_files_are_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_estate_is_that_by_which_is_judged, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
