/* The configuration's hooks reach the outbox as they were said, and nothing is judged anew because of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config.h"
#include "judging.h"
#include "rules.h"
#include "rules_hook.h"
#include "tree_rules.h"

#include <string.h>

static const char *const events[] = { "scan.failing", "scan.recovered" }, *const tags[] = { "t" };

static struct config_hook hook_of(const char *name)
{
    return (struct config_hook){ .name = name,
                                 .run = "/say",
                                 .events = { events, 2 },
                                 .tags = { tags, 1 },
                                 .grace_ms = 1,
                                 .window_ms = 2,
                                 .timeout_ms = 3,
                                 .give_up_ms = 4,
                                 .rate = 5,
                                 .storm = 6 };
}

static void what_is_given_is_copied(void **state)
{
    struct config config = { .hooks = VEC_EMPTY };
    char name[] = "first";
    struct arena arena;
    struct hooks hooks;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    vec_push(&config.hooks, hook_of(name));
    vec_push(&config.hooks, hook_of("second"));
    config.hooks.items[1].settings = "/s";
    hooks = rules_hook_list(&config, &arena);
    vec_finish(&config.hooks);
    memset(name, 'x', sizeof name - 1);
    assert_int_equal(hooks.count, 2);
    assert_string_equal(hooks.list[0].name, "first");
    assert_string_equal(hooks.list[0].run, "/say");
    assert_null(hooks.list[0].settings);
    assert_string_equal(hooks.list[1].settings, "/s");
    assert_int_equal(hooks.list[0].events.count, 2);
    assert_string_equal(hooks.list[0].events.words[1], "scan.recovered");
    assert_string_equal(hooks.list[1].tags.words[0], "t");
    assert_int_equal(hooks.list[0].owners.count, 0);
    assert_true(hooks.list[0].grace_ms == 1 && hooks.list[0].window_ms == 2 && hooks.list[0].timeout_ms == 3);
    assert_true(hooks.list[0].give_up_ms == 4 && hooks.list[0].rate == 5 && hooks.list[0].storm == 6);
    arena_finish(&arena);
}

static void another_hook_is_no_reason_to_judge_anew(void **state)
{
    struct config config = { .hooks = VEC_EMPTY };
    struct rules *without = tree_rules(&config), *with;

    (void)state;
    vec_push(&config.hooks, hook_of("h"));
    with = tree_rules(&config);
    assert_int_equal(rules_hooks(with)->count, 1);
    assert_int_equal(rules_hooks(without)->count, 0);
    assert_memory_equal(&rules_basis(with)->hash, &rules_basis(without)->hash, sizeof(struct hash128));
    vec_finish(&config.hooks);
    rules_release(with);
    rules_release(without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_is_copied),
        cmocka_unit_test(another_hook_is_no_reason_to_judge_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
