/* A far end in another source that is named as several kinds: what nobody shows is not missed where another is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "sql.h"
#include "things.h"

#include <string.h>

static void add_instance(struct docket *docket, const char *host)
{
    static const char *const ends[][2] = { { "machine", "id.fqdn" }, { "vm", "guest.fqdn" } };
    struct item *item = docket_item(docket, "sql_instance", "sql1.example\\ERP");

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        item_link(item, &(struct link){ "hosted_on", ends[i][0], NULL, ends[i][1], host }, NULL);
    world_add(docket->world, item);
}

static void add_vm(struct docket *docket, const char *host)
{
    struct item *item = docket_item(docket, "vm", "vm1");

    item_set_text(item, "guest.fqdn", host, NULL);
    world_add(docket->world, item);
}

/* Its ties that lead to something, and those that lead to nothing. */
static void assert_ties(struct docket *docket, size_t there, size_t missing)
{
    int64_t id = world_number(docket->world, "SELECT asset FROM item WHERE kind = 'sql_instance'");
    size_t found = 0, dangling = 0;
    const struct thing *thing;
    struct things things;
    struct sql sql;

    assert_true(sql_open(&sql, docket->world->path, SQLITE_OPEN_READONLY, &docket->world->err));
    things_init(&things, &sql);
    assert_true(things_load(&things, id, id, &docket->world->err));
    thing = map_get_bytes(&things.known, (const char *)&id, sizeof id);
    assert_non_null(thing);
    for (size_t i = 0; i < thing->tie_count; i++) {
        found += thing->ties[i].outward && thing->ties[i].far > 0;
        dangling += thing->ties[i].outward && thing->ties[i].far == 0;
    }
    assert_int_equal(found, there);
    assert_int_equal(dangling, missing);
    things_finish(&things);
    sql_close(&sql);
}

static void what_another_source_has_as_one_kind_is_not_missed_as_others(void **state)
{
    struct docket *docket = *state;

    add_instance(docket, "SQL1.example");
    add_vm(docket, "sql1.example");
    docket_scan(docket);
    assert_ties(docket, 1, 0);
}

static void where_nobody_shows_it_each_is_missed(void **state)
{
    struct docket *docket = *state;

    add_instance(docket, "sql1.example");
    add_vm(docket, "sql2.example");
    docket_scan(docket);
    assert_ties(docket, 0, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_another_source_has_as_one_kind_is_not_missed_as_others),
        TEST(where_nobody_shows_it_each_is_missed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
