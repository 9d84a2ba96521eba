/* Whom a data source of a backup server protects, where it names it by its path: through a scan to the verdict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include <string.h>

#define W2016 "10.0.14393"
#define WHO                                                                                                            \
    "SELECT coalesce(group_concat(a.name || ' ' || p.method, ', '), '') FROM protection p JOIN asset a ON a.id = "     \
    "p.asset WHERE p.by_what = 'dpmdb' AND p.counts ORDER BY a.name, p.method"

static void add_vm(struct docket *docket, const char *key, const char *path)
{
    struct item *item = docket_item(docket, "vm", key);

    item_set_text(item, "id.hyperv_guid", key, NULL);
    item_set_text(item, "guest.build", W2016, NULL);
    if (path != NULL)
        item_set_text(item, "id.path", path, NULL);
    item_link(item, &(struct link){ "runs_on", "hyperv_host", "h1", NULL, NULL }, NULL);
    world_add(docket->world, item);
}

/* In a scan of its own target, as its source is. */
static void scan_source(struct docket *docket, int64_t target, const char *type, const char *kind, const char *path)
{
    struct item *item = docket_item(docket, "protected", "source");

    item_set_text(item, "protected.type", type, NULL);
    item_set_text(item, "protected.state", "protected", NULL);
    item_link(item, &(struct link){ "protected_by", "backup_server", NULL, "id.fqdn", "BKP1" }, NULL);
    item_link(item, &(struct link){ "protects", kind, NULL, "id.path", path }, NULL);
    world_add(docket->world, item);
    assert_true(world_scan(docket->world, target, COMPLETE));
}

static const char *protected_by_it(struct docket *docket)
{
    return world_text(docket->world, WHO);
}

static void a_machine_is_found_by_its_path_in_any_letters(void **state)
{
    struct docket *docket = *state;
    int64_t dpm = world_target(docket->world, "dpm", "dpm");

    docket_host(docket, "h1", W2016, NULL);
    add_vm(docket, "web", "clu1.example/Web");
    docket_scan(docket);
    scan_source(docket, dpm, "Microsoft Hyper-V", "vm", "CLU1.example/WEB");
    assert_string_equal(protected_by_it(docket), "web image");
}

static void who_comes_later_is_found_too(void **state)
{
    struct docket *docket = *state;
    int64_t dpm = world_target(docket->world, "dpm", "dpm");

    scan_source(docket, dpm, "Microsoft Hyper-V", "vm", "clu1.example/web");
    docket_host(docket, "h1", W2016, NULL);
    add_vm(docket, "web", "clu1.example/Web");
    docket_scan(docket);
    assert_string_equal(protected_by_it(docket), "web image");
}

/* A wrong end would call protected what is not. */
static void of_two_that_are_called_alike_neither_is_protected_until_one_is_called_otherwise(void **state)
{
    struct docket *docket = *state;
    int64_t dpm = world_target(docket->world, "dpm", "dpm");

    scan_source(docket, dpm, "VMware", "vm", "vc.example/web");
    for (int round = 0; round < 3; round++) {
        docket_host(docket, "h1", W2016, NULL);
        add_vm(docket, "one", "vc.example/web");
        add_vm(docket, "two", round == 1 ? "vc.example/web" : "vc.example/web-copy");
        docket_scan(docket);
        assert_string_equal(protected_by_it(docket), round == 1 ? "" : "one image");
        assert_int_equal(world_number(docket->world, "SELECT count(*) FROM relation WHERE relation = 'protects'"),
                         round == 1 ? 0 : 1);
    }
}

static void a_database_is_found_by_its_key(void **state)
{
    struct docket *docket = *state;
    int64_t dpm = world_target(docket->world, "dpm", "dpm");

    scan_source(docket, dpm, "SQL Server", "database", "sql1.example\\ERP/Sales");
    world_add(docket->world, docket_item(docket, "database", "sql1.example\\ERP/Sales"));
    world_add(docket->world, docket_item(docket, "database", "sql1.example\\ERP/Sales2"));
    docket_scan(docket);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM relation r JOIN item f ON f.id = r.far WHERE"
                                                 " r.relation = 'protects' AND f.key = 'sql1.example\\ERP/Sales'"),
                     1);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM relation WHERE relation = 'protects'"), 1);
}

/* Databases may differ in capitals alone; the backup server's words do not tell which is meant. */
static void of_databases_that_differ_in_capitals_neither_is_meant(void **state)
{
    struct docket *docket = *state;
    int64_t dpm = world_target(docket->world, "dpm", "dpm");

    scan_source(docket, dpm, "SQL Server", "database", "sql1.example\\ERP/Sales");
    world_add(docket->world, docket_item(docket, "database", "sql1.example\\ERP/Sales"));
    world_add(docket->world, docket_item(docket, "database", "sql1.example\\ERP/SALES"));
    docket_scan(docket);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM relation WHERE relation = 'protects'"), 0);
}

static void who_is_gone_is_protected_no_more(void **state)
{
    struct docket *docket = *state;
    int64_t dpm = world_target(docket->world, "dpm", "dpm");

    docket_host(docket, "h1", W2016, NULL);
    add_vm(docket, "web", "clu1.example/web");
    add_vm(docket, "other", NULL);
    docket_scan(docket);
    scan_source(docket, dpm, "Microsoft Hyper-V", "vm", "clu1.example/web");
    assert_string_equal(protected_by_it(docket), "web image");
    docket_host(docket, "h1", W2016, NULL);
    add_vm(docket, "other", NULL);
    docket_scan(docket);
    assert_string_equal(protected_by_it(docket), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, docket_open, docket_close)

/* A guest, with an SMBIOS UUID of its own, that calls itself so. */
static void add_guest(struct docket *docket, const char *uuid, const char *name)
{
    struct item *item = docket_item(docket, "vm", uuid);

    item_set_text(item, "id.uuid", uuid, NULL);
    item_set_text(item, "guest.fqdn", name, NULL);
    item_set_text(item, "guest.build", W2016, NULL);
    world_add(docket->world, item);
}

static void add_computer(struct docket *docket, const char *uuid, const char *name)
{
    struct item *item = docket_item(docket, "machine", "inside");

    item_set_text(item, "id.uuid", uuid, NULL);
    item_set_text(item, "id.fqdn", name, NULL);
    item_set_text(item, "os.build", W2016, NULL);
    world_add(docket->world, item);
}

/* As the plugin dpm names a computer that it may be known by from inside, or by its hypervisor alone. */
static void scan_volume(struct docket *docket, int64_t target, const char *name)
{
    struct item *item = docket_item(docket, "protected", "volume");

    item_set_text(item, "protected.type", "Volume", NULL);
    item_set_text(item, "protected.state", "protected", NULL);
    item_link(item, &(struct link){ "protected_by", "backup_server", NULL, "id.fqdn", "BKP1" }, NULL);
    item_link(item, &(struct link){ "protects", "machine", NULL, "id.fqdn", name }, NULL);
    item_link(item, &(struct link){ "protects", "vm", NULL, "guest.fqdn", name }, NULL);
    world_add(docket->world, item);
    assert_true(world_scan(docket->world, target, COMPLETE));
}

static void a_guest_that_calls_itself_as_another_computer_is_not_protected_with_it(void **state)
{
    static const char one[] = "42100000-0000-4000-8000-000000000001", other[] = "42100000-0000-4000-8000-000000000002";
    struct docket *docket = *state;
    int64_t dpm = world_target(docket->world, "dpm", "dpm");

    add_guest(docket, one, "fs.example");
    docket_scan(docket);
    scan_volume(docket, dpm, "FS.example");
    assert_string_equal(protected_by_it(docket), arena_format(&docket->world->arena, "%s agent", one));
    add_guest(docket, one, "fs.example");
    add_computer(docket, other, "fs.example");
    docket_scan(docket);
    assert_string_equal(protected_by_it(docket), "inside agent");
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM relation WHERE relation = 'protects'"), 1);
    add_guest(docket, one, "fs.example");
    add_computer(docket, one, "fs.example");
    docket_scan(docket);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM asset WHERE kind IN ('machine', 'vm')"
                                                 " AND gone_at IS NULL AND merged_into IS NULL"),
                     1);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM relation WHERE relation = 'protects'"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_machine_is_found_by_its_path_in_any_letters),
        TEST(who_comes_later_is_found_too),
        TEST(of_two_that_are_called_alike_neither_is_protected_until_one_is_called_otherwise),
        TEST(a_database_is_found_by_its_key),
        TEST(of_databases_that_differ_in_capitals_neither_is_meant),
        TEST(who_is_gone_is_protected_no_more),
        TEST(a_guest_that_calls_itself_as_another_computer_is_not_protected_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
