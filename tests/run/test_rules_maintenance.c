/* The configuration's windows outlive it as they were said, and nothing is judged anew because of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config.h"
#include "judging.h"
#include "rules.h"
#include "rules_maintenance.h"
#include "tree_rules.h"

#include <string.h>

/* Clocks that are an hour ahead, as a file of version 1 says it. */
static const char ahead[] = "TZif\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1"
                            "\0\0\x0e\x10\0\0";

static const char *const names[] = { "vc*", "x" }, *const tags[] = { "t" };

static struct config_maintenance window_of(const char *name, const void *zone)
{
    return (struct config_maintenance){ .name = name,
                                        .targets = { names, 2 },
                                        .tags = { tags, 1 },
                                        .weekly = true,
                                        .days = 5,
                                        .begin_minute = 7,
                                        .minutes = 8,
                                        .from = { .year = 2030 },
                                        .until = { .year = 2031 },
                                        .zone.bytes = zone,
                                        .zone.size = zone == NULL ? 0 : sizeof ahead };
}

static void what_is_given_is_copied(void **state)
{
    struct config config = { .maintenances = VEC_EMPTY };
    char name[] = "first", zone[sizeof ahead];
    const struct maintenance_window *first;
    struct maintenance all;
    struct arena arena;

    (void)state;
    memcpy(zone, ahead, sizeof ahead);
    arena_init(&arena, ARENA_PLAIN);
    vec_push(&config.maintenances, window_of(name, zone));
    vec_push(&config.maintenances, window_of("second", NULL));
    all = rules_maintenance_list(&config, &arena);
    vec_finish(&config.maintenances);
    memset(name, 'x', sizeof name - 1);
    memset(zone, 'x', sizeof zone);
    assert_int_equal(all.count, 2);
    first = &all.list[0];
    assert_string_equal(first->name, "first");
    assert_string_equal(first->targets.words[1], "x");
    assert_string_equal(first->tags.words[0], "t");
    assert_true(first->weekly && first->days == 5 && first->begin_minute == 7 && first->minutes == 8);
    assert_true(first->from.year == 2030 && first->until.year == 2031);
    assert_int_equal(zone_local(first->zone, 0).hour, 1);
    assert_int_equal(zone_local(all.list[1].zone, 0).hour, 0);
    arena_finish(&arena);
}

static void another_window_is_no_reason_to_judge_anew(void **state)
{
    struct config config = { .maintenances = VEC_EMPTY };
    struct rules *without = tree_rules(&config), *with;

    (void)state;
    vec_push(&config.maintenances, window_of("w", NULL));
    with = tree_rules(&config);
    assert_int_equal(rules_maintenance(with)->count, 1);
    assert_int_equal(rules_maintenance(without)->count, 0);
    assert_memory_equal(&rules_basis(with)->hash, &rules_basis(without)->hash, sizeof(struct hash128));
    vec_finish(&config.maintenances);
    rules_release(with);
    rules_release(without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_is_copied),
        cmocka_unit_test(another_window_is_no_reason_to_judge_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
