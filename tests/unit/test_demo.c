#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attribute.h"
#include "json.h"
#include "map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char path[] = "../../conf/demo/fleet.jsonl";

/* The demo fleet, read whole; the lines live in the arena. */
struct fleet {
    struct arena arena;
    struct json_line *lines;
    size_t count;
    struct map items; /* kind, a blank, key */
};

static const char *name_of(struct fleet *fleet, const char *kind, const char *key)
{
    return arena_format(&fleet->arena, "%s %s", kind, key);
}

static int read_fleet(void **state)
{
    struct fleet *fleet = calloc(1, sizeof *fleet);
    FILE *stream = fopen(path, "r");
    char *text = NULL;
    size_t size = 0;
    ssize_t length;
    struct err err;

    assert_non_null(stream);
    arena_init(&fleet->arena, ARENA_PLAIN);
    fleet->lines = calloc(1000, sizeof *fleet->lines);
    while ((length = getline(&text, &size, stream)) > 0) {
        struct json_line *line = &fleet->lines[fleet->count++];

        if (!json_read_line(text, (size_t)length - 1, &fleet->arena, line, &err))
            fail_msg("line %zu: %s", fleet->count, err.text);
        if (line->type == JSON_ITEM)
            assert_null(map_put(&fleet->items, name_of(fleet, line->item.kind, line->item.key), line));
    }
    free(text);
    fclose(stream);
    *state = fleet;
    return 0;
}

static int forget_fleet(void **state)
{
    struct fleet *fleet = *state;

    map_finish(&fleet->items);
    arena_finish(&fleet->arena);
    free(fleet->lines);
    free(fleet);
    return 0;
}

static void every_kind_attribute_and_relation_is_in_the_dictionary(void **state)
{
    const struct fleet *fleet = *state;
    struct err err;

    for (size_t i = 0; i < fleet->count; i++) {
        const struct item *item = &fleet->lines[i].item;

        if (fleet->lines[i].type != JSON_ITEM)
            continue;
        assert_non_null(kind_find(item->kind));
        for (size_t j = 0; j < item->attribute_count; j++) {
            const struct attribute *attribute = &item->attributes[j];

            if (attribute_find(attribute->name) == NULL)
                fail_msg("line %zu: %s is not in the dictionary", i + 1, attribute->name);
            if (!attribute_check(item->kind, attribute->name, &attribute->value, &err))
                fail_msg("line %zu: %s", i + 1, err.text);
        }
        for (size_t j = 0; j < item->link_count; j++)
            assert_non_null(relation_find(item->links[j].relation));
    }
}

static void every_link_within_the_fleet_has_a_far_end(void **state)
{
    struct fleet *fleet = *state;

    for (size_t i = 0; i < fleet->count; i++) {
        const struct item *item = &fleet->lines[i].item;

        for (size_t j = 0; fleet->lines[i].type == JSON_ITEM && j < item->link_count; j++) {
            const struct link *link = &item->links[j];

            if (link->key != NULL && map_get(&fleet->items, name_of(fleet, link->kind, link->key)) == NULL)
                fail_msg("line %zu: no %s %s", i + 1, link->kind, link->key);
        }
    }
}

static void the_end_line_counts_the_items(void **state)
{
    const struct fleet *fleet = *state;
    const struct json_line *last = &fleet->lines[fleet->count - 1];

    assert_int_equal(last->type, JSON_END);
    assert_int_equal(last->items, fleet->items.count);
    assert_string_equal(last->completeness, "complete");
}

static void every_workload_has_items(void **state)
{
    static const char *const kinds[] = { "machine",
                                         "sql_instance",
                                         "database",
                                         "exchange_server",
                                         "mailbox_database",
                                         "sharepoint_farm",
                                         "hyperv_host",
                                         "cluster",
                                         "csv",
                                         "vm",
                                         "vcenter",
                                         "esxi_host",
                                         "datastore",
                                         "vapp",
                                         "volume",
                                         "availability_group",
                                         "backup_server",
                                         "protected" };
    const struct fleet *fleet = *state;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t count = 0;

        for (size_t j = 0; j < fleet->count; j++)
            count += fleet->lines[j].type == JSON_ITEM && strcmp(fleet->lines[j].item.kind, kinds[i]) == 0;
        if (count == 0)
            fail_msg("no %s in the fleet", kinds[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_attribute_and_relation_is_in_the_dictionary),
        cmocka_unit_test(every_link_within_the_fleet_has_a_far_end),
        cmocka_unit_test(the_end_line_counts_the_items),
        cmocka_unit_test(every_workload_has_items),
    };

    return cmocka_run_group_tests(tests, read_fleet, forget_fleet);
}
