#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "mem.h"

#include <stdlib.h>

int docket_open(void **state)
{
    struct docket *docket = mem_new(1, sizeof *docket);
    void *world;

    assert_int_equal(world_open(&world), 0);
    docket->world = world;
    charter_init(&docket->charter);
    docket->world->basis = &docket->charter.basis;
    docket->target = world_target(docket->world, "hv", "hv");
    *state = docket;
    return 0;
}

int docket_close(void **state)
{
    struct docket *docket = *state;
    void *world = docket->world;

    charter_finish(&docket->charter);
    free(docket);
    return world_close(&world);
}

/* ------------------------------------------------------------------------------------------------------- items ---- */

struct item *docket_item(struct docket *docket, const char *kind, const char *name)
{
    struct item *item = world_item(docket->world, kind, name);

    assert_true(item_set_text(item, "id.name", name, &docket->world->err));
    return item;
}

static void set(struct docket *docket, struct item *item, const char *fact, const char *text)
{
    if (text != NULL)
        assert_true(item_set_text(item, fact, text, &docket->world->err));
}

static void tie(struct docket *docket, struct item *item, const char *relation, const char *kind, const char *key)
{
    if (key != NULL)
        assert_true(item_link(item, &(struct link){ relation, kind, key, NULL, NULL }, &docket->world->err));
}

void docket_host(struct docket *docket, const char *name, const char *build, const char *cluster)
{
    struct item *item = docket_item(docket, "hyperv_host", name);

    set(docket, item, "os.build", build);
    set(docket, item, "hardware.manufacturer", "Dell Inc.");
    assert_true(item_set_bool(item, "hyperv.role", true, NULL));
    tie(docket, item, "member_of", "cluster", cluster);
    world_add(docket->world, item);
}

void docket_vm(struct docket *docket, const char *name, const char *build, const char *host, const char *cluster)
{
    struct item *item = docket_item(docket, "vm", name);

    set(docket, item, "guest.build", build);
    set(docket, item, "id.hyperv_guid", name);
    tie(docket, item, "runs_on", "hyperv_host", host);
    tie(docket, item, "may_run_on", "cluster", cluster);
    world_add(docket->world, item);
}

void docket_machine(struct docket *docket, const char *name, const char *build)
{
    struct item *item = docket_item(docket, "machine", name);

    set(docket, item, "os.build", build);
    set(docket, item, "hardware.manufacturer", "Dell Inc.");
    world_add(docket->world, item);
}

void docket_volume(struct docket *docket, const char *name, const char *machine, const char *filesystem)
{
    const char *const paths[] = { "D:\\" };
    struct item *item = docket_item(docket, "volume", name);

    set(docket, item, "volume.filesystem", filesystem);
    assert_true(item_set_list(item, "volume.paths", paths, 1, NULL));
    assert_true(item_set_int(item, "volume.drive_type", 3, NULL));
    tie(docket, item, "part_of", "machine", machine);
    world_add(docket->world, item);
}

void docket_scan(struct docket *docket)
{
    if (!world_scan(docket->world, docket->target, COMPLETE))
        fail_msg("%s", docket->world->err.text);
}

/* ---------------------------------------------------------------------------------------------------- verdicts ---- */

const char *docket_verdicts(struct docket *docket, const char *name)
{
    struct arena *arena = &docket->world->arena;
    const char *text = world_text(
        docket->world, arena_format(arena,
                                    "SELECT group_concat(said, ', ') FROM (SELECT method || ' ' || verdict AS said"
                                    " FROM protection WHERE asset IN (SELECT id FROM asset WHERE name = '%s')"
                                    " ORDER BY method, server)",
                                    name));

    return text == NULL ? "" : text;
}

const char *docket_past(struct docket *docket)
{
    struct test_world *world = docket->world;
    const char *text = world_text(
        world, arena_format(&world->arena,
                            "SELECT group_concat(said, '') FROM (SELECT a.name || ' ' || p.method || ' ' || p.verdict"
                            " || char(10) AS said FROM protection_past p JOIN asset a ON a.id = p.asset"
                            " WHERE p.id > %lld ORDER BY 1)",
                            (long long)docket->news));

    docket->news = world_number(world, "SELECT max(id) FROM protection_past");
    return text == NULL ? "" : text;
}

unsigned docket_rejudge(struct docket *docket, size_t assets, bool again, struct rejudge_result *total)
{
    struct test_world *world = docket->world;
    struct rejudge_result result;
    unsigned slices = 0;

    *total = (struct rejudge_result){ 0 };
    do {
        if (!rejudge_slice(world->store, &docket->charter.basis, ++world->now, assets, again, &result, &world->err))
            fail_msg("%s", world->err.text);
        total->judged += result.judged;
        total->changed += result.changed;
        slices++;
    } while (result.more);
    return slices;
}
