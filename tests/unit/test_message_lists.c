/* What is nested in messages: a REQUEST's options, the kinds of HELLO, the choices of OPTION; and counts that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message.h"

#include <string.h>

static struct arena arena;
static struct str out;
static struct frame_writer writer;
static struct message read;
static struct err err;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    out = STR_EMPTY;
    err = ERR_EMPTY;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    str_finish(&out);
    return 0;
}

/* Reads the one frame in out. */
static bool read_out(void)
{
    const struct frame frame = {
        .type = (uint8_t)out.bytes[4],
        .body = (const uint8_t *)out.bytes + FRAME_HEADER,
        .size = out.length - FRAME_HEADER,
    };

    return message_read(&frame, &arena, &read, &err);
}

static bool there_and_back(const struct message *message)
{
    str_clear(&out);
    assert_true(message_write(&out, message, &err));
    return read_out();
}

static void assert_refused(bool result, const char *part)
{
    assert_false(result);
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
    assert_int_equal(err.class, ERR_PROTOCOL);
}

static const char *text_of(size_t size)
{
    char *text = arena_alloc(&arena, size + 1);

    memset(text, 'x', size);
    return text;
}

/* So many texts, all of them the same. */
static struct text_list texts_of(size_t count, const char *text)
{
    const char **texts = arena_alloc(&arena, (count + 1) * sizeof *texts);

    for (size_t i = 0; i < count; i++)
        texts[i] = text;
    return (struct text_list){ texts, count };
}

/* A REQUEST with so many options, each given by so many texts. */
static struct message request(size_t options, size_t texts, const char *name, const char *text)
{
    struct message message = { .type = MESSAGE_REQUEST, .request = { .mode = RUN_SCAN } };
    struct option_given *given = arena_alloc(&arena, (options + 1) * sizeof *given);

    for (size_t i = 0; i < options; i++)
        given[i] = (struct option_given){ name, texts_of(texts, text).texts, texts };
    message.request.options = (struct option_list){ given, options };
    return message;
}

static struct message hello(struct text_list kinds)
{
    struct message message = { .type = MESSAGE_HELLO };

    message.hello.name = message.hello.version = message.hello.summary = message.hello.confinement = "";
    message.hello.kinds = kinds;
    return message;
}

static void options_come_back_in_their_order(void **state)
{
    static const char *const hosts[] = { "b", "a", "" };
    static const char *const password[] = { "p\xC3\xA4ss" };
    static const struct option_given given[] = { { "hosts", hosts, 3 },
                                                 { "password", password, 1 },
                                                 { "none", NULL, 0 } };
    struct message message = { .type = MESSAGE_REQUEST };
    const struct option_list *list = &read.request.options;

    (void)state;
    message.request.mode = RUN_DOCTOR;
    message.request.options = (struct option_list){ given, 3 };
    message.request.token = (struct bytes){ "\0t", 2 };
    assert_true(there_and_back(&message));
    assert_int_equal(read.request.mode, RUN_DOCTOR);
    assert_memory_equal(read.request.token.bytes, "\0t", 2);
    assert_int_equal(list->count, 3);
    assert_string_equal(list->given[0].name, "hosts");
    assert_int_equal(list->given[0].count, 3);
    assert_string_equal(list->given[0].texts[0], "b");
    assert_string_equal(list->given[0].texts[1], "a");
    assert_string_equal(list->given[0].texts[2], "");
    assert_string_equal(list->given[1].name, "password");
    assert_string_equal(list->given[1].texts[0], "p\xC3\xA4ss");
    assert_int_equal(list->given[2].count, 0);
}

static void a_request_without_options_is_a_request(void **state)
{
    struct message message = request(0, 0, "", "");

    (void)state;
    assert_true(there_and_back(&message));
    assert_int_equal(read.request.options.count, 0);
    assert_int_equal(read.request.token.size, 0);
}

static void a_request_has_at_most_256_options(void **state)
{
    struct message most = request(256, 1, "name", "text"), over = request(257, 1, "name", "text");

    (void)state;
    assert_true(there_and_back(&most));
    assert_int_equal(read.request.options.count, 256);
    assert_refused(there_and_back(&over), "a number is over its limit");
}

static void an_option_has_at_most_4096_texts(void **state)
{
    struct message most = request(2, 4096, "name", ""), over = request(1, 4097, "name", "");

    (void)state;
    assert_true(there_and_back(&most));
    assert_int_equal(read.request.options.given[1].count, 4096);
    assert_refused(there_and_back(&over), "a number is over its limit");
}

static void an_option_name_has_at_most_128_bytes_and_a_text_65536(void **state)
{
    struct message most = request(1, 2, text_of(128), text_of(65536));
    struct message long_name = request(1, 1, text_of(129), "");
    struct message long_text = request(1, 2, "name", text_of(65537));

    (void)state;
    assert_true(there_and_back(&most));
    assert_int_equal(strlen(read.request.options.given[0].texts[1]), 65536);
    assert_refused(there_and_back(&long_name), "a value is longer than its limit");
    assert_refused(there_and_back(&long_text), "a value is longer than its limit");
}

static void kinds_and_choices_come_back(void **state)
{
    static const char *const words[] = { "vm", "host" };
    struct message message = hello((struct text_list){ words, 2 });

    (void)state;
    assert_true(there_and_back(&message));
    assert_int_equal(read.hello.kinds.count, 2);
    assert_string_equal(read.hello.kinds.texts[0], "vm");
    assert_string_equal(read.hello.kinds.texts[1], "host");

    message = (struct message){ .type = MESSAGE_OPTION };
    message.option.name = "auth";
    message.option.type = OPTION_CHOICE;
    message.option.choices = (struct text_list){ words, 2 };
    assert_true(there_and_back(&message));
    assert_int_equal(read.option.choices.count, 2);
    assert_string_equal(read.option.choices.texts[1], "host");
}

static void hello_has_at_most_4096_kinds_of_128_bytes(void **state)
{
    struct message most = hello(texts_of(4096, text_of(128)));
    struct message over = hello(texts_of(4097, "vm")), longer = hello(texts_of(1, text_of(129)));

    (void)state;
    assert_true(there_and_back(&most));
    assert_int_equal(read.hello.kinds.count, 4096);
    assert_refused(there_and_back(&over), "a number is over its limit");
    assert_refused(there_and_back(&longer), "a value is longer than its limit");
}

/* A REQUEST up to its first option's number of texts. */
static void begin_request(uint64_t options, uint64_t texts)
{
    str_clear(&out);
    frame_begin(&writer, &out, MESSAGE_REQUEST);
    frame_put_number(&writer, RUN_SCAN);
    frame_put_number(&writer, options);
    frame_put_text(&writer, "name");
    frame_put_number(&writer, texts);
}

static bool end_and_read(void)
{
    assert_true(frame_end(&writer, &err));
    return read_out();
}

static void a_count_that_lies_is_refused(void **state)
{
    static const struct {
        uint64_t options, texts;
        const char *part;
    } lies[] = {
        { 1, 2, "a text is missing" },
        { 1, 4096, "there are fewer texts than it says" },
        { 1, 0, "bytes are missing" },
        { 2, 1, "a text is missing" },
        { 256, 1, "a text is missing" },
        { UINT64_MAX, 1, "a number is over its limit" },
        { 1, UINT64_MAX, "a number is over its limit" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        begin_request(lies[i].options, lies[i].texts);
        frame_put_text(&writer, "only one");
        frame_put_bytes(&writer, "", 0);
        assert_refused(end_and_read(), lies[i].part);
    }
    begin_request(1, 1);
    frame_put_text(&writer, "only one");
    frame_put_bytes(&writer, "", 0);
    assert_true(end_and_read());
}

/* The memory that a hostile frame can make its reader take is in proportion to its own size. */
static void a_count_that_lies_costs_little_memory(void **state)
{
    struct arena own;
    struct frame frame;

    (void)state;
    arena_init(&own, ARENA_PLAIN);
    begin_request(256, 4096);
    assert_true(frame_end(&writer, &err));
    frame = (struct frame){ MESSAGE_REQUEST, (const uint8_t *)out.bytes + FRAME_HEADER, out.length - FRAME_HEADER };
    assert_false(message_read(&frame, &own, &read, &err));
    assert_true(own.total < 16384);
    arena_finish(&own);
}

static void a_request_cut_off_at_any_byte_is_refused(void **state)
{
    struct message message = request(2, 2, "name", "text");
    size_t whole;

    (void)state;
    assert_true(there_and_back(&message));
    whole = out.length;
    for (out.length = FRAME_HEADER; out.length < whole; out.length++)
        assert_false(read_out());
    assert_true(read_out());
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(options_come_back_in_their_order),
        TEST(a_request_without_options_is_a_request),
        TEST(a_request_has_at_most_256_options),
        TEST(an_option_has_at_most_4096_texts),
        TEST(an_option_name_has_at_most_128_bytes_and_a_text_65536),
        TEST(kinds_and_choices_come_back),
        TEST(hello_has_at_most_4096_kinds_of_128_bytes),
        TEST(a_count_that_lies_is_refused),
        TEST(a_count_that_lies_costs_little_memory),
        TEST(a_request_cut_off_at_any_byte_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
