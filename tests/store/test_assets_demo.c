/* The items of the demo fleet that must be one, and those that must not: conf/demo/README.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "census.h"
#include "json.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef DEMO
#error "where the demo fleet lies"
#endif

static struct fleet fleet;

static void add_facts(struct str *facts, const struct item *item)
{
    for (size_t i = 0; i < item->attribute_count; i++) {
        const struct attribute *attribute = &item->attributes[i];

        if (attribute->value.type != VALUE_TEXT)
            continue;
        str_add(facts, facts->length == 1 ? "" : ",");
        json_add_text(facts, attribute->name);
        str_add(facts, ":");
        json_add_text(facts, attribute->value.text);
    }
}

static void add_item(const struct item *item)
{
    struct str facts = STR_EMPTY;
    int64_t id;

    str_add(&facts, "{");
    add_facts(&facts, item);
    str_add(&facts, "}");
    id = fleet_add(&fleet, "fleet", item->kind, item->key, str_text(&facts));
    for (size_t i = 0; i < item->link_count; i++) {
        const struct link *link = &item->links[i];

        fleet_link(&fleet, id, link->relation, link->kind, link->attribute,
                   link->key != NULL ? link->key : link->value);
    }
    str_finish(&facts);
}

static void read_fleet(void)
{
    FILE *file = fopen(DEMO "/fleet.jsonl", "r");
    struct arena arena;
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    assert_non_null(file);
    arena_init(&arena, ARENA_PLAIN);
    while ((length = getline(&line, &room, file)) > 0) {
        struct json_line read;
        struct err err;

        arena_reset(&arena);
        assert_true(json_read_line(line, (size_t)length - 1, &arena, &read, &err));
        if (read.type == JSON_ITEM)
            add_item(&read.item);
    }
    arena_finish(&arena);
    free(line);
    fclose(file);
}

/* What RVTools shows of the one desktop that both know, and of another one. */
static void read_rvtools(void)
{
    fleet_computer(&fleet, "rvtools", "vm", "bbe00dc0-19d6-5a21-a2b0-5ae0a26a6146",
                   "bbe00dc0-19d6-5a21-a2b0-5ae0a26a6146", "vdi-0022.corp.brackwater.example", "VDI-0022");
    fleet_computer(&fleet, "rvtools", "vm", "b54cb277-e9fa-5a35-8280-eba03e49c0cf",
                   "b54cb277-e9fa-5a35-8280-eba03e49c0cf", "rtm-web02.corp.brackwater.example", "RTM-WEB02");
    fleet_computer(&fleet, "rvtools", "vm", "rtm-sql14v", NULL, "rtm-sql14v.corp.brackwater.example", "RTM-SQL14V");
}

/* How many items the asset of this name has that are of a kind in the list. */
static int64_t members(const char *name)
{
    char query[512];

    snprintf(query, sizeof query,
             "SELECT count(*) FROM item WHERE asset = (SELECT asset FROM item JOIN asset a ON a.id = asset WHERE"
             " a.name = '%s' AND item.kind IN ('machine', 'vm', 'hyperv_host'))",
             name);
    return fleet_number(&fleet, query, 0, 0);
}

static void check(void)
{
    static const char *const pairs[] = { "VDI-0022", "RTM-SQL12",  "RTM-EX13", "RTM-SP16",
                                         "RTM-SP13", "RTM-NANO01", "RTM-HV03" };
    static const char *const alone[] = { "RTM-DC01", "RTM-WEB02", "RTM-OFF01", "RTM-MABS01", "RTM-SQL16" };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_int_equal(members(pairs[i]), 2);
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        assert_int_equal(members(alone[i]), 1);
    assert_int_equal(fleet_number(&fleet, "SELECT count(*) FROM item", 0, 0) -
                         fleet_number(&fleet, "SELECT count(*) FROM asset WHERE merged_into IS NULL", 0, 0),
                     7);
    assert_true(fleet_says(&fleet, "SELECT joined FROM item WHERE key = '1988e45c-d03a-56ce-b705-d2abe832c082'", 0,
                           "by the same UUID 45185add-557c-5a15-a37e-accf3d4a2513 and name"));
    assert_string_equal(fleet_text(&fleet, "SELECT a.kind FROM asset a WHERE name = 'RTM-HV03'", 0), "hyperv_host");
    /* The instance that is named by its guest's name finds it in the other source. */
    assert_int_equal(fleet_number(&fleet,
                                  "SELECT count(*) FROM relation r JOIN item f ON f.id = r.far"
                                  " WHERE r.relation = 'hosted_on' AND f.key = 'rtm-sql14v'",
                                  0, 0),
                     1);
}

static void the_demo_fleet_joins_as_its_page_says(void **state)
{
    (void)state;
    fleet_open(&fleet);
    read_fleet();
    read_rvtools();
    fleet_update(&fleet);
    check();
    fleet_close(&fleet);
}

static void and_so_it_does_source_after_source(void **state)
{
    (void)state;
    fleet_open(&fleet);
    read_rvtools();
    fleet_update(&fleet);
    read_fleet();
    fleet_update(&fleet);
    check();
    fleet_close(&fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_fleet_joins_as_its_page_says),
        cmocka_unit_test(and_so_it_does_source_after_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
