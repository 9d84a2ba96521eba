/* The incremental decoder: frames cut out of bytes that arrive in pieces of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frame.h"

#include <stdlib.h>
#include <string.h>

static struct frame_decoder decoder;
static struct str sent;
static struct err err;

static int start(void **state)
{
    (void)state;
    decoder = FRAME_DECODER_EMPTY;
    sent = STR_EMPTY;
    err = ERR_EMPTY;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    frame_decoder_finish(&decoder);
    str_finish(&sent);
    return 0;
}

static void send_text(uint8_t type, const char *text)
{
    struct frame_writer writer;

    frame_begin(&writer, &sent, type);
    frame_put_text(&writer, text);
    assert_true(frame_end(&writer, &err));
}

/* The next frame is whole, and is this one. */
static void assert_next(uint8_t type, const char *text)
{
    struct frame frame;
    struct frame_reader reader;

    assert_int_equal(frame_next(&decoder, &frame, &err), FRAME_READY);
    assert_int_equal(frame.type, type);
    reader = frame_read(&frame);
    assert_string_equal(frame_get_text(&reader, FRAME_MAX), text);
    assert_true(frame_done(&reader, &err));
}

static void assert_more(size_t pending)
{
    struct frame frame;

    assert_int_equal(frame_next(&decoder, &frame, &err), FRAME_MORE);
    assert_int_equal(frame_pending(&decoder), pending);
}

static void nothing_fed_is_nothing_there(void **state)
{
    (void)state;
    assert_more(0);
    frame_feed(&decoder, NULL, 0);
    assert_more(0);
    frame_feed(&decoder, "", 0);
    assert_more(0);
}

static void a_frame_cut_at_any_length_waits_for_its_rest(void **state)
{
    (void)state;
    send_text(3, "a few words");
    for (size_t cut = 0; cut < sent.length; cut++) {
        frame_feed(&decoder, sent.bytes, cut);
        assert_more(cut);
        frame_feed(&decoder, sent.bytes + cut, sent.length - cut);
        assert_next(3, "a few words");
        assert_more(0);
    }
}

static void frames_fed_byte_by_byte_come_as_they_are_whole(void **state)
{
    size_t first;

    (void)state;
    send_text(1, "one");
    first = sent.length;
    send_text(2, "");
    for (size_t i = 0; i < sent.length; i++) {
        if (i < first)
            assert_more(i);
        if (i == first)
            assert_next(1, "one");
        if (i >= first)
            assert_more(i - first);
        frame_feed(&decoder, sent.bytes + i, 1);
    }
    assert_next(2, "");
    assert_more(0);
}

static void frames_in_a_row_come_in_order_however_they_are_cut(void **state)
{
    (void)state;
    send_text(1, "one");
    send_text(2, "zwei");
    send_text(255, "");
    for (size_t cut = 0; cut <= sent.length; cut++) {
        frame_feed(&decoder, sent.bytes, cut);
        frame_feed(&decoder, sent.bytes + cut, sent.length - cut);
        assert_next(1, "one");
        assert_next(2, "zwei");
        assert_next(255, "");
        assert_more(0);
    }
}

static void what_was_taken_does_not_come_again(void **state)
{
    (void)state;
    send_text(1, "one");
    send_text(2, "two");
    frame_feed(&decoder, sent.bytes, sent.length);
    assert_next(1, "one");
    frame_feed(&decoder, sent.bytes, sent.length);
    assert_next(2, "two");
    assert_next(1, "one");
    assert_next(2, "two");
    assert_more(0);
}

static void put_length(char bytes[5], uint32_t length)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(unsigned char)(length >> (8 * i));
    bytes[4] = 1;
}

static void a_length_that_cannot_be_is_refused_as_soon_as_it_is_there(void **state)
{
    static const uint32_t lengths[] = {
        0, FRAME_MAX - 3, FRAME_MAX, FRAME_MAX + 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF
    };
    struct frame frame;
    char bytes[5];

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        put_length(bytes, lengths[i]);
        frame_feed(&decoder, bytes, 3);
        assert_more(3);
        frame_feed(&decoder, bytes + 3, 1);
        assert_int_equal(frame_next(&decoder, &frame, &err), FRAME_BAD);
        assert_non_null(strstr(err.text, "where 1 to 1048572 are possible"));
        assert_int_equal(err.class, ERR_PROTOCOL);
        frame_decoder_finish(&decoder);
    }
}

static void the_smallest_and_the_largest_length_are_taken(void **state)
{
    char *bytes = calloc(1, FRAME_MAX);
    struct frame frame;

    (void)state;
    put_length(bytes, 1);
    frame_feed(&decoder, bytes, 5);
    assert_int_equal(frame_next(&decoder, &frame, &err), FRAME_READY);
    assert_int_equal(frame.type, 1);
    assert_int_equal(frame.size, 0);
    put_length(bytes, FRAME_MAX - 4);
    frame_feed(&decoder, bytes, FRAME_MAX - 1);
    assert_more(FRAME_MAX - 1);
    frame_feed(&decoder, bytes, 1);
    assert_int_equal(frame_next(&decoder, &frame, &err), FRAME_READY);
    assert_int_equal(frame.size, FRAME_MAX - FRAME_HEADER);
    free(bytes);
}

static void memory_is_bounded_by_what_is_unfinished(void **state)
{
    (void)state;
    send_text(1, "a text of some length that is sent time and again");
    for (int round = 0; round < 10000; round++) {
        frame_feed(&decoder, sent.bytes, 10);
        frame_feed(&decoder, sent.bytes + 10, sent.length - 10);
        assert_next(1, "a text of some length that is sent time and again");
    }
    assert_true(decoder.buffer.capacity <= 4 * sent.length);
}

/* A frame borrowed from a buffer that has grown and moved meanwhile would show here. */
static void a_large_frame_behind_small_ones_comes_whole(void **state)
{
    char *text = malloc(200001);

    (void)state;
    memset(text, 'x', 200000);
    text[200000] = '\0';
    for (int i = 0; i < 50; i++)
        send_text(1, "small");
    send_text(2, text);
    send_text(3, "last");
    for (size_t at = 0, taken = 0; at < sent.length;) {
        size_t size = sent.length - at < 777 ? sent.length - at : 777;
        struct frame frame;

        frame_feed(&decoder, sent.bytes + at, size);
        for (at += size; taken < 50 && frame_next(&decoder, &frame, &err) == FRAME_READY; taken++)
            assert_int_equal(frame.type, 1);
    }
    assert_next(2, text);
    assert_next(3, "last");
    assert_more(0);
    free(text);
}

static void a_finished_decoder_starts_afresh(void **state)
{
    (void)state;
    send_text(1, "one");
    frame_feed(&decoder, sent.bytes, sent.length - 1);
    frame_decoder_finish(&decoder);
    assert_more(0);
    frame_feed(&decoder, sent.bytes, sent.length);
    assert_next(1, "one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_fed_is_nothing_there, start, finish),
        cmocka_unit_test_setup_teardown(a_frame_cut_at_any_length_waits_for_its_rest, start, finish),
        cmocka_unit_test_setup_teardown(frames_fed_byte_by_byte_come_as_they_are_whole, start, finish),
        cmocka_unit_test_setup_teardown(frames_in_a_row_come_in_order_however_they_are_cut, start, finish),
        cmocka_unit_test_setup_teardown(what_was_taken_does_not_come_again, start, finish),
        cmocka_unit_test_setup_teardown(a_length_that_cannot_be_is_refused_as_soon_as_it_is_there, start, finish),
        cmocka_unit_test_setup_teardown(the_smallest_and_the_largest_length_are_taken, start, finish),
        cmocka_unit_test_setup_teardown(memory_is_bounded_by_what_is_unfinished, start, finish),
        cmocka_unit_test_setup_teardown(a_large_frame_behind_small_ones_comes_whole, start, finish),
        cmocka_unit_test_setup_teardown(a_finished_decoder_starts_afresh, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
