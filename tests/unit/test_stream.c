/* What a stream makes of what it is sent: records, ends, and what comes twice. Its limits: test_stream_limits.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stream.h"

#include <stdio.h>
#include <string.h>

/* What the handlers saw, as text: "item vm 1; warning vm 1 ...". */
static char seen[4096];
static struct hash128 last_content;
static struct stream stream;
static struct str out;

static void __attribute__((format(printf, 1, 2))) note(const char *format, ...)
{
    size_t length = strlen(seen);
    va_list args;

    va_start(args, format);
    vsnprintf(seen + length, sizeof seen - length, format, args);
    va_end(args);
}

static void on_item(void *context, struct item *item, struct hash128 content)
{
    assert_ptr_equal(context, &stream);
    last_content = content;
    note("item %s %s; ", item->kind, item->key);
}

static void on_gone(void *context, const struct message_gone *gone)
{
    assert_ptr_equal(context, &stream);
    note("gone %s %s; ", gone->kind, gone->key);
}

static void on_gone_by(void *context, const struct message_gone_by *gone)
{
    assert_ptr_equal(context, &stream);
    note("gone by %s %s %s; ", gone->kind, gone->attribute, gone->value);
}

static void on_offer(void *context, const struct message_offer *offer)
{
    assert_ptr_equal(context, &stream);
    note("offer %s %s %d %s; ", offer->plugin, offer->host, (int)offer->port, offer->evidence);
}

static void on_token(void *context, const struct message_token *token)
{
    assert_ptr_equal(context, &stream);
    note("token %zu %.*s; ", token->token.size, (int)token->token.size, (const char *)token->token.bytes);
}

static void on_warning(void *context, const struct message_warning *warning)
{
    assert_ptr_equal(context, &stream);
    note("warning %s %s %.20s; ", warning->kind == NULL ? "-" : warning->kind,
         warning->key == NULL ? "-" : warning->key, warning->text);
}

static void on_log(void *context, const struct message_log *log)
{
    assert_ptr_equal(context, &stream);
    note("log %d %s; ", (int)log->level, log->text);
}

static void on_step(void *context, const struct message_step *step)
{
    assert_ptr_equal(context, &stream);
    note("step %s %d; ", step->name, (int)step->state);
}

static void on_denied(void *context, const struct message_denied *denied)
{
    assert_ptr_equal(context, &stream);
    note("denied %s; ", denied->text);
}

static const struct stream_handler handler = { on_item, on_gone, on_offer,   on_token, on_warning,
                                               on_log,  on_step, on_gone_by, on_denied };

static void begin(void)
{
    seen[0] = '\0';
    str_clear(&out);
    stream_init(&stream, &stream_default_limits, &handler, &stream);
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

/* ---------------------------------------------------------------------------------------- what can be sent ---- */

static void put(struct message message)
{
    assert_true(message_write(&out, &message, NULL));
}

static void put_item(const char *kind, const char *key, int64_t number)
{
    struct arena arena;
    struct item item;

    arena_init(&arena, ARENA_PLAIN);
    item_init(&item, &arena, kind, key);
    item_set_int(&item, "number", number, NULL);
    assert_true(message_write_item(&out, &item, NULL));
    arena_finish(&arena);
}

static void put_gone(const char *key)
{
    put((struct message){ .type = MESSAGE_GONE, .gone = { "vm", key } });
}

static void put_warning(const char *text)
{
    put((struct message){ .type = MESSAGE_WARNING, .warning = { .text = text } });
}

static void put_fail(enum err_class class, const char *text)
{
    put((struct message){ .type = MESSAGE_FAIL, .fail = { class, text } });
}

static void put_end(enum completeness completeness, uint64_t items, uint64_t gone, uint64_t offers, uint64_t warnings)
{
    put((struct message){ .type = MESSAGE_END, .end = { completeness, items, gone, offers, warnings } });
}

/* One of each, and their end. */
static void put_everything(void)
{
    put_item("vm", "1", 1);
    put_gone("2");
    put((struct message){ .type = MESSAGE_OFFER, .offer = { "sql", "db.example", "SSRP", 1433 } });
    put((struct message){ .type = MESSAGE_TOKEN, .token = { { "tok", 3 } } });
    put((struct message){ .type = MESSAGE_WARNING, .warning = { "vm", "3", "bad object" } });
    put((struct message){ .type = MESSAGE_LOG, .log = { 2, "hello" } });
    put((struct message){ .type = MESSAGE_STEP, .step = { .name = "login", .state = STEP_OK } });
    put((struct message){ .type = MESSAGE_GONE_BY, .gone_by = { "vm", "id.moref", "vm-7" } });
    put((struct message){ .type = MESSAGE_DENIED, .denied = { "wrong password" } });
    put_end(DELTA, 1, 2, 1, 1);
}

static const char everything[] = "item vm 1; gone vm 2; offer sql db.example 1433 SSRP; token 3 tok; "
                                 "warning vm 3 bad object; log 2 hello; step login 1; gone by vm id.moref vm-7; "
                                 "denied wrong password; ";

static bool feed_out(void)
{
    return stream_feed(&stream, out.bytes, out.length);
}

static void assert_broken(enum err_class class, const char *part)
{
    assert_int_equal(stream.state, STREAM_BROKEN);
    if (strstr(stream.err.text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, stream.err.text);
    assert_int_equal(stream.err.class, class);
}

/* --------------------------------------------------------------------------------------------------- good ends ---- */

static void every_record_reaches_its_handler(void **state)
{
    (void)state;
    put_everything();
    assert_true(feed_out());
    assert_int_equal(stream.state, STREAM_ENDED);
    assert_int_equal(stream.completeness, PARTIAL); /* it was denied */
    assert_string_equal(seen, everything);
    assert_int_equal(stream.bytes, out.length);
    assert_int_equal(stream.items + stream.gone + stream.offers + stream.warnings + stream.logs + stream.steps, 7);
    stream_close(&stream);
    assert_int_equal(stream.state, STREAM_ENDED);
    assert_false(stream.closed_early);
}

static void it_does_not_matter_how_the_bytes_are_cut(void **state)
{
    (void)state;
    put_everything();
    for (size_t size = 1, whole = out.length; size <= whole; size++) {
        again();
        put_everything();
        for (size_t at = 0; at < whole; at += size)
            assert_true(stream_feed(&stream, out.bytes + at, whole - at < size ? whole - at : size));
        assert_int_equal(stream.state, STREAM_ENDED);
        assert_string_equal(seen, everything);
    }
}

static void a_handler_may_be_missing(void **state)
{
    static const struct stream_handler none = { 0 };

    (void)state;
    stream_finish(&stream);
    stream_init(&stream, &stream_default_limits, &none, NULL);
    put_everything();
    put_item("vm", "1", 1);
    assert_false(feed_out());
    assert_string_equal(seen, "");
}

static void the_content_handed_over_is_the_items_hash(void **state)
{
    struct arena arena;
    struct item item;
    struct hash128 expected;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    item_init(&item, &arena, "vm", "1");
    item_set_int(&item, "number", 7, NULL);
    expected = item_hash(&item);
    put_item("vm", "1", 7);
    assert_true(feed_out());
    assert_true(last_content.low == expected.low && last_content.high == expected.high);
    arena_finish(&arena);
}

static void every_completeness_is_told(void **state)
{
    (void)state;
    for (enum completeness completeness = COMPLETE; completeness < COMPLETENESS_COUNT; completeness++) {
        again();
        put_end(completeness, 0, 0, 0, 0);
        assert_true(feed_out());
        assert_int_equal(stream.state, STREAM_ENDED);
        assert_int_equal(stream.completeness, completeness);
    }
}

/* ---------------------------------------------------------------------------------------------------- failing ---- */

static void a_failure_is_told_with_its_class(void **state)
{
    (void)state;
    put_item("vm", "1", 1);
    put_fail(ERR_DENIED, "login as scan: 100%s of %n refused");
    assert_true(feed_out());
    assert_int_equal(stream.state, STREAM_FAILED);
    assert_int_equal(stream.err.class, ERR_DENIED);
    assert_string_equal(stream.err.text, "login as scan: 100%s of %n refused");
    stream_close(&stream);
    assert_int_equal(stream.state, STREAM_FAILED);
}

static void a_failure_without_class_or_words_is_a_bug(void **state)
{
    (void)state;
    put_fail(ERR_NONE, "");
    assert_true(feed_out());
    assert_int_equal(stream.state, STREAM_FAILED);
    assert_int_equal(stream.err.class, ERR_BUG);
    assert_string_equal(stream.err.text, "it failed and did not say why");
}

static void a_long_failure_is_cut_and_stays_utf8(void **state)
{
    static char text[MESSAGE_MAX_WORDS + 1];

    (void)state;
    for (size_t i = 0; i < MESSAGE_MAX_WORDS / 3; i++)
        memcpy(text + 3 * i, "\xE2\x82\xAC", 3);
    put_fail(ERR_TIMEOUT, text);
    assert_true(feed_out());
    assert_int_equal(strlen(stream.err.text), (ERR_TEXT_SIZE - 1) / 3 * 3);
}

/* ------------------------------------------------------------------------------------- what breaks a stream ---- */

static void every_count_must_be_right(void **state)
{
    static const struct {
        uint64_t counts[4];
        const char *part;
    } ends[] = {
        { { 0, 1, 1, 1 }, "it ended with 0 items by its own count, but 1 came" },
        { { 2, 1, 1, 1 }, "it ended with 2 items by its own count, but 1 came" },
        { { 1, 0, 1, 1 }, "it ended with 0 gone objects by its own count, but 1 came" },
        { { 1, UINT64_MAX, 1, 1 }, "it ended with 18446744073709551615 gone objects by its own count, but 1 came" },
        { { 1, 1, 2, 1 }, "it ended with 2 offers by its own count, but 1 came" },
        { { 1, 1, 1, 0 }, "it ended with 0 warnings by its own count, but 1 came" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const uint64_t *counts = ends[i].counts;

        again();
        put_item("vm", "1", 1);
        put_gone("2");
        put((struct message){ .type = MESSAGE_OFFER, .offer = { "sql", "db", "SSRP", 0 } });
        put_warning("careful");
        put_end(DELTA, counts[0], counts[1], counts[2], counts[3]);
        assert_false(feed_out());
        assert_broken(ERR_BUG, ends[i].part);
    }
}

static void only_a_delta_may_say_what_is_gone(void **state)
{
    (void)state;
    put_gone("1");
    put_end(COMPLETE, 0, 1, 0, 0);
    assert_false(feed_out());
    assert_broken(ERR_BUG, "only a delta scan may");
    again();
    put_gone("1");
    put_end(PARTIAL, 0, 1, 0, 0);
    assert_false(feed_out());
    assert_broken(ERR_BUG, "only a delta scan may");
}

static void a_message_of_the_control_socket_is_refused(void **state)
{
    static const struct message messages[] = {
        { .type = MESSAGE_ORDER, .order = { 1, 1, 0, 0 } },
        { .type = MESSAGE_HELLO, .hello = { .name = "", .version = "", .summary = "", .confinement = "" } },
        { .type = MESSAGE_OPTION, .option = { .name = "x", .type = OPTION_INT } },
        { .type = MESSAGE_EXIT, .exit = { .id = 1, .reason = EXIT_ITSELF, .last_words = "" } },
        { .type = MESSAGE_REFUSED, .refused = { .text = "" } },
        { .type = MESSAGE_REQUEST, .request = { .mode = RUN_SCAN } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        again();
        put(messages[i]);
        assert_false(feed_out());
        assert_broken(ERR_PROTOCOL, "which is not a scan's to send");
        assert_non_null(strstr(stream.err.text, message_name(messages[i].type)));
    }
}

static void what_is_no_message_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *part;
    } garbage[] = {
        { "Hello, world\n", 13, "no frame of ours" },
        { "\0\0\0\0", 4, "no frame of ours" },
        { "\1\0\0\0\x63", 5, "a message of type 99, which there is not" },
        { "\1\0\0\0\x07", 5, "a message ITEM is not as it must be" },
        { "\2\0\0\0\x0Ex", 6, "a message END is not as it must be" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        again();
        put_item("vm", "1", 1);
        str_add_bytes(&out, garbage[i].bytes, garbage[i].size);
        assert_false(feed_out());
        assert_broken(ERR_PROTOCOL, garbage[i].part);
        assert_string_equal(seen, "item vm 1; ");
    }
}

static void nothing_may_follow_an_end(void **state)
{
    (void)state;
    for (int failed = 0; failed < 2; failed++) {
        for (int parts = 1; parts <= 2; parts++) {
            for (int whole = 0; whole < 2; whole++) {
                size_t end;

                again();
                if (failed)
                    put_fail(ERR_TIMEOUT, "no answer");
                else
                    put_end(COMPLETE, 0, 0, 0, 0);
                end = out.length;
                put_item("vm", "1", 1);
                out.length = whole ? out.length : end + 1;
                assert_true(parts == 1 || stream_feed(&stream, out.bytes, end));
                end = parts == 1 ? 0 : end;
                assert_false(stream_feed(&stream, out.bytes + end, out.length - end));
                assert_broken(ERR_BUG, whole ? "a message ITEM after the end" : "it sent more after its end");
                assert_string_equal(seen, "");
            }
        }
    }
}

static void a_broken_stream_stays_broken(void **state)
{
    struct err before;

    (void)state;
    assert_false(stream_feed(&stream, "\0\0\0\0", 4));
    before = stream.err;
    put_item("vm", "1", 1);
    put_end(COMPLETE, 1, 0, 0, 0);
    assert_false(feed_out());
    assert_false(stream_feed(&stream, "", 0));
    stream_close(&stream);
    assert_int_equal(stream.state, STREAM_BROKEN);
    assert_false(stream.closed_early);
    assert_string_equal(stream.err.text, before.text);
    assert_string_equal(seen, "");
}

static void a_stream_that_stops_without_an_end_is_broken(void **state)
{
    (void)state;
    stream_close(&stream);
    assert_broken(ERR_BUG, "the stream stopped without an end, after 0 items");
    assert_true(stream.closed_early);
    again();
    put_item("vm", "1", 1);
    assert_true(feed_out());
    stream_close(&stream);
    assert_broken(ERR_BUG, "the stream stopped without an end, after 1 item");
    assert_false(feed_out());
}

static void a_stream_cut_off_anywhere_is_broken(void **state)
{
    size_t whole, item;

    (void)state;
    put_item("vm", "1", 1);
    item = out.length;
    put_end(COMPLETE, 1, 0, 0, 0);
    whole = out.length;
    for (size_t cut = 0; cut < whole; cut++) {
        size_t pending = cut < item ? cut : cut - item;
        char part[80];

        again();
        put_item("vm", "1", 1);
        put_end(COMPLETE, 1, 0, 0, 0);
        assert_true(stream_feed(&stream, out.bytes, cut));
        stream_close(&stream);
        snprintf(part, sizeof part, "in the middle of a message, %zu byte%s into it", pending, pending == 1 ? "" : "s");
        assert_broken(ERR_BUG, cut == 0 || cut == item ? "without an end" : part);
        assert_true(stream.closed_early);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_record_reaches_its_handler),
        TEST(it_does_not_matter_how_the_bytes_are_cut),
        TEST(a_handler_may_be_missing),
        TEST(the_content_handed_over_is_the_items_hash),
        TEST(every_completeness_is_told),
        TEST(a_failure_is_told_with_its_class),
        TEST(a_failure_without_class_or_words_is_a_bug),
        TEST(a_long_failure_is_cut_and_stays_utf8),
        TEST(every_count_must_be_right),
        TEST(only_a_delta_may_say_what_is_gone),
        TEST(a_message_of_the_control_socket_is_refused),
        TEST(what_is_no_message_is_refused),
        TEST(nothing_may_follow_an_end),
        TEST(a_broken_stream_stays_broken),
        TEST(a_stream_that_stops_without_an_end_is_broken),
        TEST(a_stream_cut_off_anywhere_is_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
