#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "postbox.h"

#include "mem.h"

#include <stdlib.h>

static void run(struct postbox *box)
{
    do {
        box->setting.now = box->now;
        box->setting.hooks = &box->hooks;
        box->setting.quiet = box->quiet;
        if (!outbox_step(box->world->store, &box->setting, box->most, &box->step, &box->world->err))
            fail_msg("%s", box->world->err.text);
        box->frozen += box->step.frozen;
    } while (box->step.more);
}

struct hook *postbox_hook(struct postbox *box, const char *name)
{
    struct hook *hook = &box->list[box->hooks.count++];

    *hook = (struct hook){ .name = name,
                           .run = "/bin/true",
                           .grace_ms = POSTBOX_GRACE,
                           .timeout_ms = 1000,
                           .give_up_ms = 72 * 60 * POSTBOX_MINUTE };
    run(box);
    return hook;
}

int postbox_open(void **state)
{
    struct postbox *box = mem_new(1, sizeof *box);
    void *docket;

    assert_int_equal(docket_open(&docket), 0);
    box->docket = docket;
    box->world = box->docket->world;
    box->hooks.list = box->list;
    box->now = box->world->now;
    box->most = 1000;
    postbox_hook(box, "hook");
    *state = box;
    return 0;
}

int postbox_close(void **state)
{
    struct postbox *box = *state;
    void *docket = box->docket;

    free(box);
    return docket_close(&docket);
}

void postbox_step(struct postbox *box, int64_t later)
{
    box->now = box->now < box->world->now ? box->world->now : box->now;
    box->now += later;
    box->world->now = box->world->now < box->now ? box->now : box->world->now;
    box->frozen = 0;
    run(box);
}

const char *postbox_news(struct postbox *box)
{
    const char *text = world_text(
        box->world,
        arena_format(&box->world->arena,
                     "SELECT group_concat(told, '') FROM (SELECT hook || ' ' || what || ' ' || count || ' ' ||"
                     " need || ': ' || title || char(10) AS told FROM alert WHERE id > %lld ORDER BY id)",
                     (long long)box->told));

    box->told = world_number(box->world, "SELECT max(id) FROM alert");
    return text == NULL ? "" : text;
}

void postbox_event(struct postbox *box, const struct event_row *event)
{
    struct event_row row = *event;

    if (row.at == 0)
        row.at = box->now;
    if (!event_write(&box->world->sql, &row, &box->world->err))
        fail_msg("%s", box->world->err.text);
}

const char *postbox_payload(struct postbox *box)
{
    return world_text(box->world, "SELECT payload FROM alert ORDER BY id DESC LIMIT 1");
}

const char *postbox_member(struct postbox *box, const char *path)
{
    return world_text(box->world,
                      arena_format(&box->world->arena,
                                   "SELECT json_extract(payload, '%s') FROM alert ORDER BY id DESC LIMIT 1", path));
}

void postbox_hush(struct postbox *box, int64_t target, const char *window, int64_t until)
{
    box->quiet[box->setting.quiet_count++] = (struct outbox_quiet){ target, window, until };
}
