/* What the configuration says of the estate reaches the judge as it was said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules_estate.h"

static struct arena arena;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct estate estate_of(const char *const *trusts, size_t count)
{
    struct config_backup_server server = { .name = "m1", .product = "mabs-v1", .trusts = trusts, .trust_count = count };
    struct config config = { .backup_servers = VEC_EMPTY };
    struct estate estate;

    vec_push(&config.backup_servers, server);
    estate = rules_estate(&config, &arena);
    vec_finish(&config.backup_servers);
    return estate;
}

/* An empty list would count more than the domains that a scan found. */
static void trusts_that_are_not_given_are_left_to_a_scan(void **state)
{
    (void)state;
    assert_null(estate_of(NULL, 0).servers[0].trusts);
}

static void no_trusts_at_all_is_said_and_another_estate(void **state)
{
    static const char *const none[1] = { NULL };
    const struct estate said = estate_of(none, 0), open = estate_of(NULL, 0);

    (void)state;
    assert_non_null(said.servers[0].trusts);
    assert_int_equal(said.servers[0].trust_count, 0);
    assert_int_not_equal(said.hash.low, open.hash.low);
}

static void what_is_given_is_copied(void **state)
{
    static const char *const trusts[] = { "a.example", "b.example" };
    const struct estate estate = estate_of(trusts, 2);

    (void)state;
    assert_string_equal(estate.servers[0].product, "mabs-v1");
    assert_int_equal(estate.servers[0].trust_count, 2);
    assert_string_equal(estate.servers[0].trusts[1], "b.example");
    assert_ptr_not_equal(estate.servers[0].trusts[1], trusts[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(trusts_that_are_not_given_are_left_to_a_scan, start, finish),
        cmocka_unit_test_setup_teardown(no_trusts_at_all_is_said_and_another_estate, start, finish),
        cmocka_unit_test_setup_teardown(what_is_given_is_copied, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
