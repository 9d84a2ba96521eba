/* What the tests of exemptions share: a docket with two findings, exemptions for them, and what is told. */
#ifndef EXEMPTING_H
#define EXEMPTING_H

#include "docket.h"
#include "exemption_act.h"
#include "exemption_row.h"
#include "exemption_tick.h"

#include <string.h>

#define SHARED __attribute__((unused)) static

#define W2008 "6.0.6002"
#define W2016 "10.0.14393"
#define DAY ((int64_t)24 * 3600 * 1000)

SHARED const struct actor ada = { 1000, "ada" };

SHARED int64_t asset(struct docket *docket, const char *name)
{
    return world_number(docket->world,
                        arena_format(&docket->world->arena, "SELECT min(id) FROM asset WHERE name = '%s'", name));
}

/* "old" and "older" are not supported by agent: the method that is made to count. */
SHARED void fill(struct docket *docket)
{
    static const struct estate_rule rule = { .by = "agent" };

    charter_rule(&docket->charter, &rule);
    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "old", W2008, "h1", NULL);
    docket_vm(docket, "older", W2008, "h1", NULL);
    docket_scan(docket);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM finding WHERE state = 'open'"), 2);
    world_run(docket->world, "DELETE FROM event");
}

SHARED struct exemption_wish wish_of(struct docket *docket, const char *name)
{
    return (struct exemption_wish){
        .selector = { .asset = asset(docket, name) },
        .reason = "replaced in May",
        .until_at = docket->world->now + 90 * DAY,
    };
}

SHARED struct exemption_result make(struct docket *docket, const struct exemption_wish *wish)
{
    struct test_world *world = docket->world;
    struct exemption_result result;

    if (!exemption_make(world->store, &(struct exemption_wishes){ wish, NULL, 1 }, &ada, world->now, &result,
                        &world->err))
        fail_msg("%s", world->err.text);
    return result;
}

SHARED void assert_refused(struct docket *docket, const struct exemption_wish *wishes, size_t count, const char *words)
{
    struct test_world *world = docket->world;
    struct exemption_result results[4];
    int64_t before = world_number(world, "SELECT count(*) FROM exemption");

    assert_false(exemption_make(world->store, &(struct exemption_wishes){ wishes, NULL, count }, &ada, world->now,
                                results, &world->err));
    if (strstr(world->err.text, words) == NULL)
        fail_msg("%s", world->err.text);
    assert_int_equal(world->err.class, ERR_CONFIG);
    assert_int_equal(world_number(world, "SELECT count(*) FROM exemption"), before);
    assert_int_equal(world_number(world, "SELECT count(*) FROM action"), before);
}

SHARED const char *log_row(struct docket *docket)
{
    return world_text(docket->world, "SELECT uid || '|' || name || '|' || what || '|' || subject || '|' || before ||"
                                     " '|' || after || '|' || result || '|' || message FROM action"
                                     " ORDER BY id DESC LIMIT 1");
}

/* "WHAT SUBJECT DETAIL" of the events since the last call. */
SHARED const char *told(struct docket *docket)
{
    const char *text =
        world_text(docket->world, "SELECT coalesce(group_concat(line, '; '), '') FROM (SELECT what || ' ' ||"
                                  " iif(finding IS NULL, subject, (SELECT name FROM asset a WHERE a.id = event.asset))"
                                  " AS line FROM event ORDER BY id)");

    text = arena_text(&docket->world->arena, text);
    world_run(docket->world, "DELETE FROM event");
    return text;
}

SHARED const char *exempt(struct docket *docket)
{
    return world_text(docket->world, "SELECT coalesce(group_concat(line, '; '), '') FROM (SELECT a.name || ' ' ||"
                                     " f.exempt || ' of ' || f.assets || ' by ' || coalesce(f.exemption, '-') AS line"
                                     " FROM finding f JOIN asset a ON a.id = f.asset WHERE f.state = 'open'"
                                     " ORDER BY a.name)");
}

SHARED int64_t tick(struct docket *docket, int64_t now)
{
    struct test_world *world = docket->world;
    const struct occasion occasion = { .batch = "clock" };
    int64_t next = INT64_MAX;

    world_run(world, "BEGIN IMMEDIATE");
    if (!exemption_tick(&world->sql, &occasion, now, &next, &world->err))
        fail_msg("%s", world->err.text);
    world_run(world, "COMMIT");
    return next;
}

#undef SHARED

#endif
