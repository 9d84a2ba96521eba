/* The update that a backup server shows, beside the one that the configuration says it has; by the published builds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge_parts.h"
#include "knowledge.h"
#include "scene.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *product, *update; /* of the configuration */
    const char *version;          /* that the scan shows */
    const char *told;             /* NULL: nothing */
} cases[] = {
    { "mabs-v3-ur1", "UR1", "13.0.580.0", NULL },
    { "mabs-v3-ur1", "ur1", "13.0.580", NULL },
    { "mabs-v3-ur2", "UR1", "13.0.657.0", "has UR1; its scan shows UR2" },
    { "mabs-v3-ur1", "UR2", "13.0.580.0", "has UR2; its scan shows UR1" },
    /* Beyond the last build that is known there may be a later one. */
    { "mabs-v3-ur2", "UR3", "13.0.657.0", NULL },
    /* Of one as it was first released, an update's build may not be known. */
    { "mabs-v2", "UR1", "12.0.332.0", NULL },
    { "mabs-v3-ur1", "UR1", NULL, NULL },
    { "dpm-2012r2", "UR3", "4.2.1254.0", NULL },
    { "dpm-2012r2", "UR2", "4.2.1254.0", "has UR2; its scan shows UR3" },
    { "dpm-2012r2", "UR12", "4.2.1254.0", "has UR12; its scan shows UR3" },
};

static int load(void **state)
{
    struct config_problems problems;

    config_problems_init(&problems);
    *state = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    return *state == NULL ? -1 : 0;
}

static int unload(void **state)
{
    knowledge_unload(*state);
    return 0;
}

static void the_update_that_a_scan_surely_shows_is_held_against_the_configuration(void **state)
{
    struct knowledge *knowledge = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct estate_server configured = { .name = "B", .product = cases[i].product, .update = cases[i].update };
        static const struct estate estate = { .server_count = 0 };
        struct served server = { .name = "B", .configured = &configured };
        struct scene scene;
        struct judge *judge;
        const char *told;
        char line[128];

        scene_init(&scene);
        snprintf(line, sizeof line, "backup_server; id.name=B%s%s",
                 cases[i].version == NULL ? "" : "; backup.version=", cases[i].version == NULL ? "" : cases[i].version);
        scene_add(&scene, line);
        server.asset = scene.things[0];
        server.product = products_find(knowledge_matrix(knowledge)->products, cases[i].product);
        judge = judge_create(
            &(struct judge_setting){ .matrix = knowledge_matrix(knowledge), .estate = &estate, .world = &scene.world });
        told = judge_contradiction(judge, &server);
        if ((told == NULL) != (cases[i].told == NULL) || (told != NULL && strstr(told, cases[i].told) == NULL))
            fail_msg("%s %s, %s: %s", cases[i].product, cases[i].update,
                     cases[i].version == NULL ? "nothing" : cases[i].version, told == NULL ? "nothing is told" : told);
        judge_destroy(judge);
        scene_finish(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_update_that_a_scan_surely_shows_is_held_against_the_configuration, load,
                                        unload),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
