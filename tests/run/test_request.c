/* Requests as bytes: whole, in one piece of memory, within their limits. */
#include "request.h"

#include "message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const char *const hosts[] = { "a", "", "c" };
static const char *const password[] = { "hunter2" };
static const struct option_given given[] = { { "hosts", hosts, 3 }, { "password", password, 1 }, { "empty", NULL, 0 } };

static void a_request_can_be_read_again(void **state)
{
    const struct scan_request request = {
        .mode = RUN_DOCTOR, .deadline_ms = 1, .options = { given, 3 }, .token = { "tok\0en", 6 }
    };
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    struct str bytes = STR_EMPTY;
    struct message message;
    struct arena arena;
    struct frame frame;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    assert_true(request_write(&bytes, &request, NULL));
    frame_feed(&decoder, bytes.bytes, bytes.length);
    assert_int_equal(frame_next(&decoder, &frame, NULL), FRAME_READY);
    assert_true(message_read(&frame, &arena, &message, NULL));
    assert_int_equal(message.request.mode, RUN_DOCTOR);
    assert_int_equal(message.request.options.count, 3);
    assert_string_equal(message.request.options.given[0].texts[2], "c");
    assert_string_equal(message.request.options.given[1].texts[0], "hunter2");
    assert_int_equal(message.request.options.given[2].count, 0);
    assert_int_equal(message.request.token.size, 6);
    assert_memory_equal(message.request.token.bytes, "tok\0en", 6);
    frame_decoder_finish(&decoder);
    request_wipe(&bytes);
    assert_null(bytes.bytes);
    arena_finish(&arena);
}

/* A str that had to grow has left a copy behind in freed memory: its room is the first one that was asked for. */
static void its_memory_is_taken_once(void **state)
{
    static char token[60000];
    static const char *texts[4096];
    const struct option_given many = { "list", texts, 4096 };

    (void)state;
    for (size_t i = 0; i < 4096; i++)
        texts[i] = i % 2 == 0 ? "" : "0123456789";
    for (size_t size = 0; size < sizeof token; size += 7001) {
        struct scan_request request = { .mode = RUN_SCAN, .deadline_ms = 1, .options = { &many, 1 } };
        struct str bytes = STR_EMPTY;
        size_t room;

        request.token = (struct bytes){ token, size };
        room = request_room(&request);
        assert_true(request_write(&bytes, &request, NULL));
        assert_true(bytes.length < room);
        request_wipe(&bytes);
    }
}

static void refuse(const struct scan_request *request, const char *words)
{
    struct str bytes = STR_EMPTY;
    struct err err = ERR_EMPTY;

    assert_false(request_write(&bytes, request, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, err.text);
    request_wipe(&bytes);
}

static void limits_that_an_order_cannot_hold_are_refused(void **state)
{
    (void)state;
    refuse(&(struct scan_request){ .mode = RUN_SCAN }, "deadline in milliseconds of a scan is 0");
    refuse(&(struct scan_request){ .mode = RUN_SCAN, .deadline_ms = INT64_MAX }, "deadline");
    refuse(&(struct scan_request){ .mode = RUN_SCAN, .deadline_ms = 1, .memory_mb = -1 }, "memory limit");
    refuse(&(struct scan_request){ .mode = RUN_SCAN, .deadline_ms = 1, .cpu_s = INT64_MAX }, "processor seconds");
}

static void options_that_a_request_cannot_hold_are_refused(void **state)
{
    static char text[OPTION_MAX_TEXT + 1];
    const char *texts[17];
    const struct option_given large = { "list", texts, 17 };

    (void)state;
    memset(text, 'x', OPTION_MAX_TEXT);
    for (size_t i = 0; i < 17; i++)
        texts[i] = text;
    refuse(&(struct scan_request){ .mode = RUN_SCAN, .deadline_ms = 1, .options = { &large, 1 } },
           "larger than the 1048576 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_can_be_read_again),
        cmocka_unit_test(its_memory_is_taken_once),
        cmocka_unit_test(limits_that_an_order_cannot_hold_are_refused),
        cmocka_unit_test(options_that_a_request_cannot_hold_are_refused),
    };

    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
