/* A credential that was refused while records came: what the stream makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stream.h"

static struct stream stream;
static struct str out;
static int told;

static void on_denied(void *context, const struct message_denied *denied)
{
    (void)context, (void)denied;
    told++;
}

static const struct stream_handler handler = { .denied = on_denied };

static void begin(void)
{
    told = 0;
    str_clear(&out);
    stream_init(&stream, &stream_default_limits, &handler, NULL);
}

static void again(void)
{
    stream_finish(&stream);
    begin();
}

static int start(void **state)
{
    (void)state;
    out = STR_EMPTY;
    begin();
    return 0;
}

static int finish(void **state)
{
    (void)state;
    stream_finish(&stream);
    str_finish(&out);
    return 0;
}

static void put(struct message message)
{
    assert_true(message_write(&out, &message, NULL));
}

static void put_denied(const char *text)
{
    put((struct message){ .type = MESSAGE_DENIED, .denied = { text } });
}

static void put_item(void)
{
    struct arena arena;
    struct item item;

    arena_init(&arena, ARENA_PLAIN);
    item_init(&item, &arena, "vm", "1");
    assert_true(message_write_item(&out, &item, NULL));
    arena_finish(&arena);
}

static void put_end(enum completeness completeness)
{
    put((struct message){ .type = MESSAGE_END, .end = { .completeness = completeness, .items = 1 } });
}

static bool feed_out(void)
{
    return stream_feed(&stream, out.bytes, out.length);
}

static void records_stand_beside_a_refusal_and_are_partial(void **state)
{
    static const enum completeness said[] = { COMPLETE, DELTA, PARTIAL };

    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        again();
        put_denied("login failed for \"sa\"");
        put_item();
        put_end(said[i]);
        assert_true(feed_out());
        assert_int_equal(stream.state, STREAM_ENDED);
        assert_int_equal(stream.completeness, PARTIAL);
        assert_int_equal(stream.items, 1);
        assert_int_equal(stream.err.class, ERR_NONE);
        assert_int_equal(stream.refusal.class, ERR_DENIED);
        assert_string_equal(stream.refusal.text, "login failed for \"sa\"");
    }
}

static void a_refusal_stands_however_the_stream_ends(void **state)
{
    (void)state;
    put_denied("");
    put((struct message){ .type = MESSAGE_FAIL, .fail = { ERR_TIMEOUT, "too slow" } });
    assert_true(feed_out());
    assert_int_equal(stream.state, STREAM_FAILED);
    assert_int_equal(stream.err.class, ERR_TIMEOUT);
    assert_string_equal(stream.refusal.text, "the credential was refused");
    again();
    put_denied("no");
    assert_true(feed_out());
    stream_close(&stream);
    assert_int_equal(stream.state, STREAM_BROKEN);
    assert_int_equal(stream.refusal.class, ERR_DENIED);
    again();
    put_item();
    put_end(COMPLETE);
    assert_true(feed_out());
    assert_int_equal(stream.completeness, COMPLETE);
    assert_int_equal(stream.refusal.class, ERR_NONE);
}

static void a_refusal_is_told_once(void **state)
{
    (void)state;
    put_denied("no");
    put_denied("no");
    assert_false(feed_out());
    assert_int_equal(stream.state, STREAM_BROKEN);
    assert_int_equal(stream.err.class, ERR_BUG);
    assert_string_equal(stream.err.text, "it said twice that the credential was refused");
    assert_int_equal(told, 1);
}

static void that_nothing_was_tried_is_told_once(void **state)
{
    (void)state;
    put((struct message){ .type = MESSAGE_UNTRIED });
    put_item();
    put_end(COMPLETE);
    assert_true(feed_out());
    assert_int_equal(stream.completeness, COMPLETE);
    assert_true(stream.untried);
    again();
    put((struct message){ .type = MESSAGE_UNTRIED });
    put((struct message){ .type = MESSAGE_UNTRIED });
    assert_false(feed_out());
    assert_int_equal(stream.err.class, ERR_BUG);
    assert_string_equal(stream.err.text, "it said twice that the credential was not tried");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_stand_beside_a_refusal_and_are_partial),
        TEST(a_refusal_stands_however_the_stream_ends),
        TEST(a_refusal_is_told_once),
        TEST(that_nothing_was_tried_is_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
