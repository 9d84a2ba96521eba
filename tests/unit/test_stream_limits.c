/* What a stream lets in: its limits, words that are only counted, objects that come twice; and giving it up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stream.h"

#include <string.h>

static const struct stream_limits small = { .bytes = 4096, .items = 3, .offers = 2, .words = 2, .steps = 1 };

static struct {
    uint64_t items, gone, offers, tokens, warnings, logs, steps;
    int64_t number;   /* of the last item */
    char warned[512]; /* the last warning, and of what */
} got;
static struct stream stream;
static struct str out;

static void on_item(void *context, struct item *item, struct hash128 content)
{
    (void)context, (void)content;
    got.items++;
    got.number = item_get(item, "number")->number;
}

static void on_gone(void *context, const struct message_gone *gone)
{
    (void)context, (void)gone;
    got.gone++;
}

static void on_gone_by(void *context, const struct message_gone_by *gone)
{
    (void)context, (void)gone;
    got.gone++;
}

static void on_offer(void *context, const struct message_offer *offer)
{
    (void)context, (void)offer;
    got.offers++;
}

static void on_token(void *context, const struct message_token *token)
{
    (void)context, (void)token;
    got.tokens++;
}

static void on_warning(void *context, const struct message_warning *warning)
{
    (void)context;
    got.warnings++;
    got.warned[0] = '\0';
    if (warning->kind != NULL)
        strcat(strcat(strcat(got.warned, warning->kind), " "), warning->key);
    strcat(strcat(got.warned, ": "), warning->text);
}

static void on_log(void *context, const struct message_log *log)
{
    (void)context, (void)log;
    got.logs++;
}

static void on_step(void *context, const struct message_step *step)
{
    (void)context, (void)step;
    got.steps++;
}

static void on_denied(void *context, const struct message_denied *denied)
{
    (void)context, (void)denied;
}

static const struct stream_handler handler = { on_item, on_gone, on_offer,   on_token, on_warning,
                                               on_log,  on_step, on_gone_by, on_denied };

static int start(void **state)
{
    (void)state;
    out = STR_EMPTY;
    memset(&got, 0, sizeof got);
    stream_init(&stream, &small, &handler, NULL);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    stream_finish(&stream);
    str_finish(&out);
    return 0;
}

/* Feeds one message. */
static bool feed(struct message message)
{
    str_clear(&out);
    assert_true(message_write(&out, &message, NULL));
    return stream_feed(&stream, out.bytes, out.length);
}

static bool feed_item(const char *kind, const char *key, int64_t number)
{
    struct message message = { .type = MESSAGE_ITEM };
    struct arena arena;
    bool good;

    arena_init(&arena, ARENA_PLAIN);
    item_init(&message.item, &arena, kind, key);
    item_set_int(&message.item, "number", number, NULL);
    good = feed(message);
    arena_finish(&arena);
    return good;
}

static bool feed_end(enum completeness completeness, uint64_t items, uint64_t gone, uint64_t offers, uint64_t warnings)
{
    return feed((struct message){ .type = MESSAGE_END, .end = { completeness, items, gone, offers, warnings } });
}

static const struct message gone = { .type = MESSAGE_GONE, .gone = { "vm", "1" } };
static const struct message gone_by = { .type = MESSAGE_GONE_BY, .gone_by = { "vm", "id.moref", "vm-7" } };
static const struct message offer = { .type = MESSAGE_OFFER, .offer = { "sql", "db", "SSRP", 1433 } };
static const struct message warning = { .type = MESSAGE_WARNING, .warning = { .text = "careful" } };
static const struct message line = { .type = MESSAGE_LOG, .log = { 1, "line" } };
static const struct message step = { .type = MESSAGE_STEP, .step = { .name = "login", .state = STEP_OK } };

static void assert_broken(const char *sentence)
{
    assert_int_equal(stream.state, STREAM_BROKEN);
    assert_string_equal(stream.err.text, sentence);
    assert_int_equal(stream.err.class, ERR_PROTOCOL);
    assert_false(stream.closed_early);
}

/* --------------------------------------------------------------------------------------------------- limits ---- */

static void so_many_items_and_no_more(void **state)
{
    (void)state;
    assert_true(feed_item("vm", "1", 1) && feed_item("vm", "2", 2) && feed_item("vm", "3", 3));
    assert_false(feed_item("vm", "4", 4));
    assert_broken("more than 3 items in one scan");
    assert_int_equal(got.items, 3);
}

static void so_many_gone_and_no_more(void **state)
{
    (void)state;
    assert_true(feed(gone) && feed(gone) && feed(gone));
    assert_false(feed(gone));
    assert_broken("more than 3 objects said to be gone in one scan");
    assert_int_equal(got.gone, 3);
}

static void what_is_gone_by_a_fact_counts_among_them(void **state)
{
    (void)state;
    assert_true(feed(gone) && feed(gone_by) && feed(gone_by));
    assert_false(feed(gone_by));
    assert_broken("more than 3 objects said to be gone in one scan");
    assert_int_equal(got.gone, 3);
}

static void what_is_gone_by_a_fact_is_for_a_delta_too(void **state)
{
    (void)state;
    assert_true(feed(gone_by));
    assert_false(feed_end(COMPLETE, 0, 1, 0, 0));
    assert_non_null(strstr(stream.err.text, "only a delta scan may"));
    assert_int_equal(stream.err.class, ERR_BUG);
}

static void so_many_offers_and_no_more(void **state)
{
    (void)state;
    assert_true(feed(offer) && feed(offer));
    assert_false(feed(offer));
    assert_broken("more than 2 offers in one scan");
    assert_int_equal(got.offers, 2);
}

static void so_many_steps_and_no_more(void **state)
{
    (void)state;
    assert_true(feed(step));
    assert_false(feed(step));
    assert_broken("more than 1 steps in one scan");
    assert_int_equal(got.steps, 1);
}

static void at_every_limit_a_stream_is_good(void **state)
{
    (void)state;
    assert_true(feed_item("vm", "1", 1) && feed_item("vm", "2", 2) && feed_item("vm", "3", 3));
    assert_true(feed(gone) && feed(gone) && feed(gone) && feed(offer) && feed(offer) && feed(step));
    assert_true(feed_end(DELTA, 3, 3, 2, 0));
    assert_int_equal(stream.state, STREAM_ENDED);
}

static void so_many_bytes_and_no_more(void **state)
{
    static const char bytes[4086] = { 0 };

    (void)state;
    assert_true(feed((struct message){ .type = MESSAGE_TOKEN, .token = { { bytes, sizeof bytes } } }));
    assert_int_equal(out.length, 4096);
    assert_int_equal(got.tokens, 1);
    assert_false(stream_feed(&stream, bytes, 1));
    assert_broken("more than 4KiB in one scan");
}

/* Counted before it is kept: a feed over the limit costs no memory. */
static void what_is_over_the_limit_of_bytes_is_not_kept(void **state)
{
    static const char many[1 << 16] = { 1 };

    (void)state;
    assert_false(stream_feed(&stream, many, sizeof many));
    assert_broken("more than 4KiB in one scan");
    assert_int_equal(frame_pending(&stream.decoder), 0);
}

static void records_that_were_handed_on_take_no_memory(void **state)
{
    static const struct stream_limits more = { .bytes = 1 << 20, .items = 1000 };

    (void)state;
    stream_finish(&stream);
    stream_init(&stream, &more, &handler, NULL);
    for (int i = 0; i < 1000; i++)
        assert_true(feed_item("vm", "1", 5));
    assert_true(stream.arena.total < 4096);
    assert_true(stream.decoder.buffer.capacity < 4096);
}

/* ---------------------------------------------------------------------------------------------------- words ---- */

static void warnings_past_the_limit_are_only_counted(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_true(feed(warning));
    assert_int_equal(got.warnings, 2);
    assert_int_equal(stream.warnings, 10);
    assert_true(feed_end(COMPLETE, 0, 0, 0, 10));
    assert_int_equal(stream.state, STREAM_ENDED);
    assert_int_equal(stream.completeness, COMPLETE);
}

static void log_lines_past_the_limit_are_only_counted(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_true(feed(line));
    assert_int_equal(got.logs, 2);
    assert_int_equal(stream.logs, 10);
    assert_true(feed(warning));
    assert_int_equal(got.warnings, 1);
    assert_true(feed_end(COMPLETE, 0, 0, 0, 1));
}

/* ---------------------------------------------------------------------------------------------------- twice ---- */

static void the_same_item_twice_is_handed_on_once(void **state)
{
    (void)state;
    assert_true(feed_item("vm", "1", 5) && feed_item("vm", "1", 5));
    assert_int_equal(got.items, 1);
    assert_int_equal(stream.items, 2);
    assert_int_equal(got.warnings, 0);
    assert_true(feed_end(COMPLETE, 2, 0, 0, 0));
    assert_int_equal(stream.completeness, COMPLETE);
    assert_int_equal(stream.twice, 0);
}

static void an_item_twice_with_other_content_makes_the_scan_partial(void **state)
{
    (void)state;
    assert_true(feed_item("vm", "1", 5) && feed_item("vm", "1", 6) && feed_item("vm", "1", 5));
    assert_int_equal(got.items, 1);
    assert_int_equal(got.number, 5);
    assert_int_equal(got.warnings, 1);
    assert_string_equal(got.warned, "vm 1: it came twice in one scan with different content; the first is kept, so the "
                                    "scan counts as partial");
    assert_true(feed_end(COMPLETE, 3, 0, 0, 0));
    assert_int_equal(stream.state, STREAM_ENDED);
    assert_int_equal(stream.completeness, PARTIAL);
    assert_int_equal(stream.twice, 1);
}

static void a_delta_with_an_item_twice_is_partial_too(void **state)
{
    (void)state;
    assert_true(feed_item("vm", "1", 5) && feed_item("vm", "1", 6) && feed_end(DELTA, 2, 0, 0, 0));
    assert_int_equal(stream.completeness, PARTIAL);
}

static void kind_and_key_together_make_the_object(void **state)
{
    (void)state;
    assert_true(feed_item("vm", "a", 1) && feed_item("v", "ma", 2) && feed_item("host", "a", 3));
    assert_int_equal(got.items, 3);
    assert_int_equal(stream.twice, 0);
}

static void warnings_of_items_that_came_twice_are_limited(void **state)
{
    static const struct stream_limits more = { .bytes = 1 << 20, .items = 100, .words = 2 };

    (void)state;
    stream_finish(&stream);
    stream_init(&stream, &more, &handler, NULL);
    for (int i = 0; i < 10; i++)
        assert_true(feed_item("vm", "1", i));
    assert_int_equal(stream.twice, 9);
    assert_int_equal(got.warnings, 2);
    assert_true(feed_end(COMPLETE, 10, 0, 0, 0));
    assert_int_equal(stream.completeness, PARTIAL);
}

static void the_longest_kind_and_key_are_told_apart(void **state)
{
    static char key[ITEM_MAX_KEY + 1], kind[ITEM_MAX_NAME + 1];

    (void)state;
    memset(key, 'k', ITEM_MAX_KEY);
    memset(kind, 'k', ITEM_MAX_NAME);
    assert_true(feed_item(kind, key, 1));
    key[ITEM_MAX_KEY - 1] = 'z';
    assert_true(feed_item(kind, key, 2));
    assert_int_equal(got.items, 2);
}

/* -------------------------------------------------------------------------------------------------- giving up ---- */

static void assert_cancelled(const char *sentence)
{
    assert_int_equal(stream.state, STREAM_BROKEN);
    assert_string_equal(stream.err.text, sentence);
    assert_int_equal(stream.err.class, ERR_SYSTEM);
    assert_false(stream.closed_early);
    assert_false(feed_item("vm", "2", 2));
}

static void a_cancelled_stream_says_why(void **state)
{
    (void)state;
    assert_true(feed_item("vm", "1", 1));
    stream_cancel(&stream, "the daemon stops");
    stream_cancel(&stream, "a later reason");
    stream_close(&stream);
    assert_cancelled("it was cancelled: the daemon stops");
    assert_int_equal(got.items, 1);
}

static void a_stream_that_had_ended_can_be_given_up(void **state)
{
    (void)state;
    assert_true(feed_end(COMPLETE, 0, 0, 0, 0));
    stream_cancel(&stream, "it did not exit");
    assert_cancelled("it was cancelled: it did not exit");
}

static void a_reason_that_came_before_is_kept(void **state)
{
    (void)state;
    assert_true(feed((struct message){ .type = MESSAGE_FAIL, .fail = { ERR_DENIED, "login refused" } }));
    stream_cancel(&stream, "the daemon stops");
    assert_int_equal(stream.state, STREAM_FAILED);
    assert_int_equal(stream.err.class, ERR_DENIED);
    assert_string_equal(stream.err.text, "login refused");
}

static void what_broke_a_stream_is_kept(void **state)
{
    (void)state;
    assert_true(feed(step));
    assert_false(feed(step));
    stream_cancel(&stream, "the daemon stops");
    assert_broken("more than 1 steps in one scan");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(so_many_items_and_no_more),
        TEST(so_many_gone_and_no_more),
        TEST(what_is_gone_by_a_fact_counts_among_them),
        TEST(what_is_gone_by_a_fact_is_for_a_delta_too),
        TEST(so_many_offers_and_no_more),
        TEST(so_many_steps_and_no_more),
        TEST(at_every_limit_a_stream_is_good),
        TEST(so_many_bytes_and_no_more),
        TEST(what_is_over_the_limit_of_bytes_is_not_kept),
        TEST(records_that_were_handed_on_take_no_memory),
        TEST(warnings_past_the_limit_are_only_counted),
        TEST(log_lines_past_the_limit_are_only_counted),
        TEST(the_same_item_twice_is_handed_on_once),
        TEST(an_item_twice_with_other_content_makes_the_scan_partial),
        TEST(a_delta_with_an_item_twice_is_partial_too),
        TEST(kind_and_key_together_make_the_object),
        TEST(warnings_of_items_that_came_twice_are_limited),
        TEST(the_longest_kind_and_key_are_told_apart),
        TEST(a_cancelled_stream_says_why),
        TEST(a_stream_that_had_ended_can_be_given_up),
        TEST(a_reason_that_came_before_is_kept),
        TEST(what_broke_a_stream_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
