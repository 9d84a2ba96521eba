/* The vocabulary of the control socket: round trips, every limit, and frames that are cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "control.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct str sent;
static struct err err;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    sent = STR_EMPTY;
    err = ERR_EMPTY;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    str_finish(&sent);
    return 0;
}

static struct frame sent_frame(size_t body)
{
    return (struct frame){ .type = (uint8_t)sent.bytes[FRAME_HEADER - 1],
                           .body = (uint8_t *)sent.bytes + FRAME_HEADER,
                           .size = body };
}

static bool read_back(struct control_message *message)
{
    struct frame frame = sent_frame(sent.length - FRAME_HEADER);

    return control_read(&frame, &arena, message, &err);
}

static const char *const two_targets[] = { "vc01", "hv/hv01.example" };

static struct control_message request_of(const char *verb, const char *const *arguments, size_t count)
{
    return (struct control_message){ .type = CONTROL_REQUEST, .request = { verb, arguments, count } };
}

static struct control_message record_of(const char *name, const struct control_field *fields, size_t count)
{
    return (struct control_message){ .type = CONTROL_RECORD, .record = { name, fields, count } };
}

static struct control_message done_of(uint64_t status, const char *text)
{
    return (struct control_message){ .type = CONTROL_DONE, .done = { status, text } };
}

static void assert_refused(const struct control_message *message, const char *words)
{
    size_t before = sent.length;

    assert_false(control_write(&sent, message, &err));
    assert_int_equal(err.class, ERR_PROTOCOL);
    assert_non_null(strstr(err.text, words));
    assert_int_equal(sent.length, before);
}

/* A text of so many bytes, in the arena. */
static const char *text_of(size_t length)
{
    char *text = arena_alloc(&arena, length + 1);

    memset(text, 'x', length);
    return text;
}

static void a_request_comes_back_as_it_was_sent(void **state)
{
    struct control_message message = request_of("scan", two_targets, 2);

    (void)state;
    assert_true(control_write(&sent, &message, &err));
    assert_true(read_back(&message));
    assert_int_equal(message.type, CONTROL_REQUEST);
    assert_string_equal(message.request.verb, "scan");
    assert_int_equal(message.request.count, 2);
    assert_string_equal(message.request.arguments[1], "hv/hv01.example");
}

static void a_request_needs_no_arguments(void **state)
{
    struct control_message message = request_of("reload", NULL, 0);

    (void)state;
    assert_true(control_write(&sent, &message, &err));
    assert_true(read_back(&message));
    assert_int_equal(message.request.count, 0);
}

static void a_record_keeps_what_is_known_and_what_is_not(void **state)
{
    static const struct control_field fields[] = { { "name", "vc01" }, { "next", NULL }, { "message", "" } };
    struct control_message message = record_of("target", fields, 3);

    (void)state;
    assert_true(control_write(&sent, &message, &err));
    assert_true(read_back(&message));
    assert_string_equal(message.record.name, "target");
    assert_string_equal(control_field(&message.record, "name"), "vc01");
    assert_null(control_field(&message.record, "next"));
    assert_string_equal(control_field(&message.record, "message"), "");
    assert_null(control_field(&message.record, "nam"));
}

static void an_end_has_one_of_four_statuses(void **state)
{
    static const uint64_t good[] = { 0, 1, 64, 78 };
    static const uint64_t bad[] = { 2, 63, 256, UINT64_MAX };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct control_message message = done_of(good[i], "a sentence");

        str_clear(&sent);
        assert_true(control_write(&sent, &message, &err));
        assert_true(read_back(&message));
        assert_int_equal(message.done.status, good[i]);
        message = done_of(bad[i], "");
        assert_refused(&message, "status");
    }
}

static void the_writer_holds_every_limit(void **state)
{
    static const char *const upper[] = { "Scan", "", "scan all", "a.b" };
    const char **arguments = arena_alloc(&arena, (CONTROL_MAX_ARGUMENTS + 1) * sizeof *arguments);
    struct control_field fields[CONTROL_MAX_FIELDS + 1];
    struct control_message message;

    (void)state;
    for (size_t i = 0; i < sizeof upper / sizeof *upper; i++) {
        message = request_of(upper[i], NULL, 0);
        assert_refused(&message, "verb");
        message = record_of(upper[i], NULL, 0);
        assert_refused(&message, "name");
    }
    for (size_t i = 0; i <= CONTROL_MAX_ARGUMENTS; i++)
        arguments[i] = "a";
    for (size_t i = 0; i <= CONTROL_MAX_FIELDS; i++)
        fields[i] = (struct control_field){ "a", NULL };
    message = request_of("scan", arguments, CONTROL_MAX_ARGUMENTS + 1);
    assert_refused(&message, "more arguments");
    message = record_of("target", fields, CONTROL_MAX_FIELDS + 1);
    assert_refused(&message, "more fields");
    arguments[0] = text_of(CONTROL_MAX_TEXT + 1);
    message = request_of("scan", arguments, 1);
    assert_refused(&message, "longer");
    fields[0].value = arguments[0];
    message = record_of("target", fields, 1);
    assert_refused(&message, "longer");
    fields[0] = (struct control_field){ "A", "a" };
    assert_refused(&message, "field's name");
    message = done_of(0, arguments[0]);
    assert_refused(&message, "longer");
}

static void what_is_just_within_the_limits_passes(void **state)
{
    const char **arguments = arena_alloc(&arena, CONTROL_MAX_ARGUMENTS * sizeof *arguments);
    struct control_message message = request_of(text_of(CONTROL_MAX_NAME), arguments, CONTROL_MAX_ARGUMENTS);

    (void)state;
    for (size_t i = 0; i < CONTROL_MAX_ARGUMENTS; i++)
        arguments[i] = i == 0 ? text_of(CONTROL_MAX_TEXT) : text_of(64);
    assert_true(control_write(&sent, &message, &err));
    assert_true(read_back(&message));
    assert_int_equal(message.request.count, CONTROL_MAX_ARGUMENTS);
    assert_int_equal(strlen(message.request.arguments[0]), CONTROL_MAX_TEXT);
}

static void many_long_arguments_are_too_large_for_one_request(void **state)
{
    const char *arguments[17];
    struct control_message message = request_of("scan", arguments, 17);

    (void)state;
    for (size_t i = 0; i < 17; i++)
        arguments[i] = text_of(CONTROL_MAX_TEXT);
    assert_refused(&message, "cannot be sent");
}

static void assert_cut_is_refused(struct control_message *message)
{
    struct control_message out;
    size_t whole;

    str_clear(&sent);
    assert_true(control_write(&sent, message, &err));
    whole = sent.length - FRAME_HEADER;
    for (size_t size = 0; size < whole; size++) {
        /* On the heap and of the exact size, so that a reading past its end is seen. */
        uint8_t *body = mem_new(size + (size == 0), 1);
        struct frame frame = { .type = sent_frame(0).type, .body = body, .size = size };

        memcpy(body, sent.bytes + FRAME_HEADER, size);
        err = ERR_EMPTY;
        assert_false(control_read(&frame, &arena, &out, &err));
        assert_int_equal(err.class, ERR_PROTOCOL);
        free(body);
    }
}

static void a_frame_cut_at_any_byte_is_refused(void **state)
{
    static const struct control_field fields[] = { { "name", "vc01" }, { "next", NULL } };
    struct control_message messages[] = { request_of("scan", two_targets, 2), record_of("target", fields, 2),
                                          done_of(1, "no") };

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_cut_is_refused(&messages[i]);
}

static void what_the_writer_would_never_send_is_refused(void **state)
{
    struct control_message message;
    struct frame_writer writer;

    (void)state;
    frame_begin(&writer, &sent, 4);
    assert_true(frame_end(&writer, NULL));
    assert_false(read_back(&message));
    assert_non_null(strstr(err.text, "type is unknown"));

    str_clear(&sent);
    frame_begin(&writer, &sent, CONTROL_REQUEST);
    frame_put_text(&writer, "scan");
    frame_put_number(&writer, UINT64_MAX);
    assert_true(frame_end(&writer, NULL));
    assert_false(read_back(&message));
    assert_non_null(strstr(err.text, "more arguments"));

    str_clear(&sent);
    frame_begin(&writer, &sent, CONTROL_DONE);
    frame_put_number(&writer, 3);
    frame_put_text(&writer, "");
    assert_true(frame_end(&writer, NULL));
    assert_false(read_back(&message));
    assert_non_null(strstr(err.text, "status"));
}

static void a_text_with_a_nul_or_no_text_is_refused(void **state)
{
    struct control_message message = done_of(0, "abc");

    (void)state;
    assert_true(control_write(&sent, &message, &err));
    sent.bytes[sent.length - 3] = '\0';
    assert_false(read_back(&message));
    sent.bytes[sent.length - 3] = '\xFF';
    assert_false(read_back(&message));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_request_comes_back_as_it_was_sent, start, finish),
        cmocka_unit_test_setup_teardown(a_request_needs_no_arguments, start, finish),
        cmocka_unit_test_setup_teardown(a_record_keeps_what_is_known_and_what_is_not, start, finish),
        cmocka_unit_test_setup_teardown(an_end_has_one_of_four_statuses, start, finish),
        cmocka_unit_test_setup_teardown(the_writer_holds_every_limit, start, finish),
        cmocka_unit_test_setup_teardown(what_is_just_within_the_limits_passes, start, finish),
        cmocka_unit_test_setup_teardown(many_long_arguments_are_too_large_for_one_request, start, finish),
        cmocka_unit_test_setup_teardown(a_frame_cut_at_any_byte_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(what_the_writer_would_never_send_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(a_text_with_a_nul_or_no_text_is_refused, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
