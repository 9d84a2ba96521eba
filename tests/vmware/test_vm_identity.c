/* A machine that other sources see, too, becomes one asset with what was scanned of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "identity.h"
#include "replay.h"
#include "rvtools_read.h"

#include <stdio.h>
#include <string.h>

enum { MAX = 8 };

struct sources {
    struct replay replay; /* what this plugin saw */
    struct arena arena;
    struct identity_item items[MAX];
    struct identity_place places[MAX];
    size_t count;
};

static void add(struct sources *sources, const char *scope, const struct item *item)
{
    const char *facts[FACT_COUNT];

    assert_true(sources->count < MAX);
    for (int i = 0; i < FACT_COUNT; i++)
        facts[i] = item_text(item, evidence_fact_name((enum evidence_fact)i));
    sources->items[sources->count++] = (struct identity_item){
        .scope = scope,
        .kind = item->kind,
        .key = item->key,
        .evidence = evidence_read(&sources->arena, item->kind, item->key, facts),
    };
}

static void open_sources(struct sources *sources)
{
    memset(sources, 0, sizeof *sources);
    arena_init(&sources->arena, ARENA_PLAIN);
    replay_init(&sources->replay);
    replay_add_estate(&sources->replay);
    replay_add_machine(&sources->replay, "vm-1", (struct replay_row[]){ { NULL } });
    replay_scan(&sources->replay);
}

static void close_sources(struct sources *sources)
{
    replay_finish(&sources->replay);
    arena_finish(&sources->arena);
}

static void add_scanned(struct sources *sources, const char *kind, const char *key)
{
    const struct item *item = mock_item(sources->replay.mock, kind, key);

    assert_non_null(item);
    add(sources, "vc01", item);
}

/* The first row of a tab of an export. */
static void add_exported(struct sources *sources, const char *text)
{
    FILE *stream = fmemopen((void *)text, strlen(text), "r");
    struct csv *csv = csv_create(stream);
    struct rvtools_table table;
    struct item item;
    struct err err;

    assert_true(csv_read_header(csv, &err));
    assert_true(rvtools_recognise(&table, csv, &err));
    assert_int_equal(csv_read(csv, &err), CSV_RECORD);
    if (!rvtools_row(&table, &sources->arena, &item, &err))
        fail_msg("%s", err.text);
    add(sources, "export", &item);
    csv_destroy(csv);
    fclose(stream);
}

static void add_machine(struct sources *sources, const char *uuid, const char *fqdn)
{
    struct item item;

    item_init(&item, &sources->arena, "machine", "S-1-5-21-1");
    assert_true(item_set_text(&item, "id.uuid", uuid, NULL));
    assert_true(item_set_text(&item, "id.fqdn", fqdn, NULL));
    add(sources, "winrm", &item);
}

static bool are_one(struct sources *sources)
{
    identity_partition(&sources->arena, sources->items, sources->count, NULL, 0, NULL, sources->places);
    for (size_t i = 1; i < sources->count; i++)
        if (sources->places[i].group != sources->places[0].group)
            return false;
    return true;
}

static void an_export_of_rvtools_and_a_scan_see_one_machine(void **state)
{
    struct sources sources;

    (void)state;
    open_sources(&sources);
    add_scanned(&sources, "vm", REPLAY_KEY);
    add_exported(&sources,
                 "VM,VM UUID,SMBIOS UUID,Powerstate,DNS Name\n"
                 "old name,50170001-AAAA-BBBB-CCCC-000000000001,4217EA70-8C43-2A5B-9E11-0123456789AB,poweredOff,\n");
    assert_true(are_one(&sources));
    close_sources(&sources);
}

static void an_export_without_the_second_uuid_is_joined_by_name(void **state)
{
    struct sources sources;

    (void)state;
    open_sources(&sources);
    add_scanned(&sources, "vm", REPLAY_KEY);
    add_exported(&sources, "VM,VM UUID,Powerstate,DNS Name\n"
                           "web01,50170001-AAAA-BBBB-CCCC-000000000001,poweredOn,web01.corp.example\n");
    assert_true(are_one(&sources));
    close_sources(&sources);
}

static void another_machine_of_the_export_stays_another(void **state)
{
    struct sources sources;

    (void)state;
    open_sources(&sources);
    add_scanned(&sources, "vm", REPLAY_KEY);
    add_exported(&sources,
                 "VM,VM UUID,SMBIOS UUID,Powerstate,DNS Name\n"
                 "web01,50170001-AAAA-BBBB-CCCC-000000000009,4217EA70-8C43-2A5B-9E11-0123456789AC,poweredOn,\n");
    assert_false(are_one(&sources));
    close_sources(&sources);
}

/* Windows reads the first three groups of the same UUID the other way round. */
static void a_machine_seen_from_inside_is_the_same(void **state)
{
    struct sources sources;

    (void)state;
    open_sources(&sources);
    add_scanned(&sources, "vm", REPLAY_KEY);
    add_machine(&sources, "70EA1742-438C-5B2A-9E11-0123456789AB", "web01.corp.example");
    add_exported(&sources,
                 "VM,VM UUID,SMBIOS UUID,Powerstate,DNS Name\n"
                 "web01,50170001-AAAA-BBBB-CCCC-000000000001,4217EA70-8C43-2A5B-9E11-0123456789AB,poweredOn,\n");
    assert_true(are_one(&sources));
    close_sources(&sources);
}

static void a_host_of_the_export_is_the_same(void **state)
{
    struct sources sources;

    (void)state;
    open_sources(&sources);
    add_scanned(&sources, "esxi_host", "esx01.corp.example");
    add_exported(&sources, "Host,ESX Version,Vendor,UUID\n"
                           "esx01.corp.example,VMware ESXi 6.5.0 build-5969303,Dell Inc.,"
                           "4C4C4544-0042-4410-8052-B4C04F000021\n");
    assert_string_equal(sources.items[0].key, sources.items[1].key);
    assert_true(are_one(&sources));
    close_sources(&sources);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_export_of_rvtools_and_a_scan_see_one_machine),
        cmocka_unit_test(an_export_without_the_second_uuid_is_joined_by_name),
        cmocka_unit_test(another_machine_of_the_export_stays_another),
        cmocka_unit_test(a_machine_seen_from_inside_is_the_same),
        cmocka_unit_test(a_host_of_the_export_is_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
