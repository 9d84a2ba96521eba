/* Whatever happens in whatever order, in the end a hook knows how everything is: what it was told, one alert after the
 * other, comes to the findings that are open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "finding_row.h"
#include "points.h"
#include "postbox.h"

#include <stdio.h>

enum { LIVES = 30, TURNS = 60, FINDINGS = 6 };

/* What may be said of one of them; the last is that it is over. */
static const struct finding_now states[] = {
    { .need = NEED_ACT, .verdict = "unsupported", .assets = 1 },
    { .need = NEED_ACT, .verdict = "unlisted", .class = "newer", .assets = 1 },
    { .need = NEED_LOOK, .verdict = "unknown", .assets = 1 },
    { .need = NEED_NOTHING },
};

static struct finding_key key_of(unsigned number)
{
    static const char *const servers[FINDINGS] = { "b0", "b1", "b2", "b3", "b4", "b5" };

    return (struct finding_key){ .kind = FINDING_VERDICT, .asset = 1, .method = "agent", .server = servers[number] };
}

static void change(struct postbox *box)
{
    static const char *const batches[] = { NULL, NULL, "first 1", "clock 7" };
    const struct occasion occasion = { .batch = batches[points_random(4)] };
    struct finding_key key = key_of(points_random(FINDINGS));
    struct finding_now now = states[points_random(4)];

    now.exempt = now.need != NEED_NOTHING && points_random(5) == 0;
    if (!finding_set(&box->world->sql, &key, &now, &occasion, box->now, &box->world->err))
        fail_msg("%s", box->world->err.text);
}

static void turn_maintenance(struct postbox *box)
{
    if (box->setting.quiet_count > 0)
        box->setting.quiet_count = 0;
    else
        postbox_hush(box, box->docket->target, points_random(2) == 0 ? "day" : "night", box->now + 60 * POSTBOX_MINUTE);
}

static void turn_clock(struct postbox *box)
{
    box->now += (points_random(2) == 0 ? -300 : 300) * POSTBOX_MINUTE;
    box->world->now = box->now;
}

static void live(struct postbox *box)
{
    for (unsigned i = 0; i < TURNS; i++) {
        unsigned what = points_random(20);

        if (what < 10)
            change(box);
        else if (what < 18)
            postbox_step(box, points_random(8) * POSTBOX_MINUTE);
        else if (what < 19)
            turn_maintenance(box);
        else
            turn_clock(box);
    }
    box->setting.quiet_count = 0;
    for (unsigned i = 0; i < 4; i++)
        postbox_step(box, 24 * 60 * POSTBOX_MINUTE);
}

/* The last that was told of each finding is how it is. Of what is exempt it may be what was told before. */
static void assert_known(struct postbox *box, const char *hook)
{
    struct sql_query query;

    sql_query(
        &query, &box->world->sql,
        "SELECT f.id, f.state = 'open', f.exempt >= f.assets, f.need || '/' || f.verdict || '/' || f.class,"
        " (SELECT CASE e.value ->> 'event' WHEN 'finding.resolved' THEN '' ELSE (e.value ->> 'class') || '/' ||"
        " (e.value ->> 'verdict') || '/' || coalesce(e.value ->> 'unlisted', '') END"
        " FROM alert a, json_each(a.payload, '$.findings') e WHERE a.hook = ?1 AND e.value ->> '$.finding.id' = f.id"
        " ORDER BY a.id DESC LIMIT 1) FROM finding f");
    sql_bind_text(&query, 1, hook);
    while (sql_row(&query)) {
        bool open = sql_int(&query, 1) != 0, exempt = sql_int(&query, 2) != 0;
        const char *is = sql_text(&query, 3), *heard = sql_is_null(&query, 4) ? "" : sql_text(&query, 4);

        if (!open && heard[0] != '\0')
            fail_msg("%s: finding %lld is over, and was told as %s", hook, (long long)sql_int(&query, 0), heard);
        if (open && !exempt)
            assert_string_equal(heard, is);
    }
    assert_true(sql_done(&query, &box->world->err));
}

/* Nothing is told twice in the same words, and no end that had no beginning. */
static void assert_no_idle_words(struct postbox *box)
{
    assert_int_equal(
        world_number(box->world,
                     "SELECT count(*) FROM alert a, json_each(a.payload, '$.findings') e"
                     " WHERE e.value ->> 'event' <> 'finding.opened' AND NOT EXISTS (SELECT 1 FROM alert b,"
                     " json_each(b.payload, '$.findings') f WHERE b.hook = a.hook AND b.id < a.id"
                     " AND f.value ->> '$.finding.id' = e.value ->> '$.finding.id' AND f.value ->> 'event' <>"
                     " 'finding.resolved')"),
        0);
    assert_int_equal(
        world_number(box->world,
                     "SELECT count(*) FROM alert a, json_each(a.payload, '$.findings') e"
                     " WHERE e.value ->> 'event' = 'finding.changed' AND e.value ->> '$.previous.class' = e.value ->>"
                     " 'class' AND e.value ->> '$.previous.verdict' = e.value ->> 'verdict' AND e.value ->>"
                     " '$.previous.unlisted' IS e.value ->> 'unlisted'"),
        0);
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM pending"), 0);
}

static void one_life(void)
{
    struct postbox *box;
    void *state;

    assert_int_equal(postbox_open(&state), 0);
    box = state;
    docket_machine(box->docket, "m", "10.0.14393");
    docket_scan(box->docket);
    postbox_hook(box, "storm")->storm = 2;
    postbox_hook(box, "rate")->rate = 1;
    postbox_hook(box, "window")->window_ms = 20 * POSTBOX_MINUTE;
    box->most = 1 + points_random(10);
    live(box);
    for (size_t i = 0; i < box->hooks.count; i++)
        assert_known(box, box->list[i].name);
    assert_no_idle_words(box);
    assert_int_equal(postbox_close(&state), 0);
}

static void what_a_hook_was_told_is_how_it_is(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LIVES; i++)
        one_life();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_hook_was_told_is_how_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
