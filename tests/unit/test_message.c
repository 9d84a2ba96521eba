/* Every message of the table, there and back, with each of its limits. What is nested (option lists, items) has tests
 * of its own: test_message_lists.c, test_record.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message.h"

#include <stdlib.h>
#include <string.h>

enum sort { NUMBER, POSITIVE, SIGNED, TEXT, MAYBE_TEXT, BYTES };

/* One member of a message, and the largest number or the most bytes that it may have. */
struct member {
    enum message_type type;
    const char *name;
    enum sort sort;
    size_t offset;
    uint64_t most;
};

#define MEMBER(type, sort, member, most)                                                                               \
    {                                                                                                                  \
        MESSAGE_##type, #member, sort, offsetof(struct message, member), most                                          \
    }
#define ANY UINT64_MAX

static const struct member members[] = {
    MEMBER(ORDER, POSITIVE, order.id, ANY),
    MEMBER(ORDER, POSITIVE, order.deadline_ms, INT64_MAX / 1000000),
    MEMBER(ORDER, NUMBER, order.memory_mb, UINT32_MAX),
    MEMBER(ORDER, NUMBER, order.cpu_s, UINT32_MAX),
    MEMBER(HELLO, NUMBER, hello.pid, INT32_MAX),
    MEMBER(HELLO, NUMBER, hello.modes, ANY),
    MEMBER(HELLO, NUMBER, hello.option_count, 256),
    MEMBER(HELLO, TEXT, hello.name, 128),
    MEMBER(HELLO, TEXT, hello.version, 128),
    MEMBER(HELLO, TEXT, hello.summary, 4096),
    MEMBER(HELLO, TEXT, hello.confinement, 4096),
    MEMBER(OPTION, TEXT, option.name, 128),
    MEMBER(OPTION, POSITIVE, option.type, OPTION_PATH),
    MEMBER(OPTION, NUMBER, option.required, 1),
    MEMBER(OPTION, MAYBE_TEXT, option.fallback, 65536),
    MEMBER(OPTION, MAYBE_TEXT, option.help, 4096),
    MEMBER(OPTION, SIGNED, option.min, ANY),
    MEMBER(OPTION, SIGNED, option.max, ANY),
    MEMBER(EXIT, POSITIVE, exit.id, ANY),
    MEMBER(EXIT, POSITIVE, exit.reason, EXIT_CROWDED),
    MEMBER(EXIT, NUMBER, exit.code, 255),
    MEMBER(EXIT, NUMBER, exit.signal, 127),
    MEMBER(EXIT, NUMBER, exit.peak_kb, ANY),
    MEMBER(EXIT, NUMBER, exit.cpu_us, ANY),
    MEMBER(EXIT, NUMBER, exit.wall_ms, ANY),
    MEMBER(EXIT, TEXT, exit.last_words, 4096),
    MEMBER(REFUSED, NUMBER, refused.id, ANY),
    MEMBER(REFUSED, NUMBER, refused.class, ERR_SYSTEM),
    MEMBER(REFUSED, TEXT, refused.text, 4096),
    MEMBER(REQUEST, POSITIVE, request.mode, RUN_RELEASE),
    MEMBER(REQUEST, BYTES, request.token, 65536),
    MEMBER(GONE, TEXT, gone.kind, 128),
    MEMBER(GONE, TEXT, gone.key, 1024),
    MEMBER(OFFER, TEXT, offer.plugin, 128),
    MEMBER(OFFER, TEXT, offer.host, 1024),
    MEMBER(OFFER, TEXT, offer.evidence, 4096),
    MEMBER(OFFER, NUMBER, offer.port, 65535),
    MEMBER(TOKEN, BYTES, token.token, 65536),
    MEMBER(WARNING, MAYBE_TEXT, warning.kind, 128),
    MEMBER(WARNING, MAYBE_TEXT, warning.key, 1024),
    MEMBER(WARNING, TEXT, warning.text, 4096),
    MEMBER(LOG, POSITIVE, log.level, 4),
    MEMBER(LOG, TEXT, log.text, 4096),
    MEMBER(STEP, TEXT, step.name, 128),
    MEMBER(STEP, POSITIVE, step.state, STEP_SKIPPED),
    MEMBER(STEP, MAYBE_TEXT, step.detail, 4096),
    MEMBER(STEP, MAYBE_TEXT, step.remedy, 4096),
    MEMBER(END, POSITIVE, end.completeness, PARTIAL),
    MEMBER(END, NUMBER, end.items, ANY),
    MEMBER(END, NUMBER, end.gone, ANY),
    MEMBER(END, NUMBER, end.offers, ANY),
    MEMBER(END, NUMBER, end.warnings, ANY),
    MEMBER(FAIL, NUMBER, fail.class, ERR_SYSTEM),
    MEMBER(FAIL, TEXT, fail.text, 4096),
    MEMBER(GONE_BY, TEXT, gone_by.kind, 128),
    MEMBER(GONE_BY, TEXT, gone_by.attribute, 128),
    MEMBER(GONE_BY, TEXT, gone_by.value, 65536),
    MEMBER(DENIED, TEXT, denied.text, 4096),
};

#define MEMBERS (sizeof members / sizeof members[0])

static struct arena arena;
static struct str out;
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

static void *place(struct message *message, const struct member *member)
{
    return (char *)message + member->offset;
}

/* Of so many bytes. */
static const char *text_of(size_t size)
{
    char *text = arena_alloc(&arena, size + 1);

    memset(text, 'x', size);
    return text;
}

static void set(struct message *message, const struct member *member, uint64_t value)
{
    void *at = place(message, member);

    switch (member->sort) {
    case NUMBER:
    case POSITIVE: *(uint64_t *)at = value; break;
    case SIGNED: *(int64_t *)at = (int64_t)value; break;
    case TEXT:
    case MAYBE_TEXT: *(const char **)at = text_of(value); break;
    case BYTES: *(struct bytes *)at = (struct bytes){ text_of(value), value }; break;
    }
}

/* A message of the type whose members all differ, each within its limits. */
static struct message sample(enum message_type type)
{
    struct message message = { .type = type };

    if (type == MESSAGE_ITEM)
        item_init(&message.item, &arena, "vm", "42");
    for (size_t i = 0; i < MEMBERS; i++) {
        if (members[i].type == type)
            set(&message, &members[i], members[i].most < 3 ? 1 : members[i].most < 20 ? 3 : 20 + i);
    }
    return message;
}

/* The frame that message_write appended last, in memory of its own that ends with it. */
static bool read_copy(size_t size)
{
    uint8_t *copy = malloc(size + 1);
    struct frame frame = { .type = (uint8_t)out.bytes[4], .body = copy + 1, .size = size };
    bool good;

    memcpy(copy + 1, out.bytes + FRAME_HEADER, size);
    good = message_read(&frame, &arena, &read, &err);
    free(copy);
    return good;
}

static bool there_and_back(const struct message *message)
{
    struct frame frame;

    str_clear(&out);
    assert_true(message_write(&out, message, &err));
    frame.type = (uint8_t)out.bytes[4];
    frame.body = (const uint8_t *)out.bytes + FRAME_HEADER;
    frame.size = out.length - FRAME_HEADER;
    return message_read(&frame, &arena, &read, &err);
}

static void assert_same(struct message *expected, const struct member *member)
{
    const void *a = place(expected, member), *b = place(&read, member);
    const struct bytes *x = a, *y = b;

    switch (member->sort) {
    case NUMBER:
    case POSITIVE:
    case SIGNED: assert_memory_equal(a, b, sizeof(uint64_t)); break;
    case TEXT:
    case MAYBE_TEXT: assert_string_equal(*(const char *const *)a, *(const char *const *)b); break;
    case BYTES:
        assert_int_equal(x->size, y->size);
        assert_memory_equal(x->bytes, y->bytes, x->size);
        break;
    }
}

static void assert_refused(const struct message *message, const struct member *member)
{
    if (there_and_back(message))
        fail_msg("%s was taken", member->name);
    if (strncmp(err.text, "a message ", 10) != 0 || strstr(err.text, message_name(message->type)) == NULL)
        fail_msg("%s: \"%s\"", member->name, err.text);
    assert_int_equal(err.class, ERR_PROTOCOL);
}

static void every_member_of_every_message_comes_back(void **state)
{
    (void)state;
    for (enum message_type type = MESSAGE_ORDER; type < MESSAGE_TYPE_COUNT; type++) {
        struct message message = sample(type);

        assert_true(there_and_back(&message));
        assert_int_equal(read.type, type);
        for (size_t i = 0; i < MEMBERS; i++) {
            if (members[i].type == type)
                assert_same(&message, &members[i]);
        }
    }
}

static void what_was_read_is_written_as_the_same_bytes(void **state)
{
    (void)state;
    for (enum message_type type = MESSAGE_ORDER; type < MESSAGE_TYPE_COUNT; type++) {
        struct message message = sample(type);
        struct str again = STR_EMPTY;

        assert_true(there_and_back(&message));
        assert_true(message_write(&again, &read, &err));
        assert_int_equal(again.length, out.length);
        assert_memory_equal(again.bytes, out.bytes, out.length);
        str_finish(&again);
    }
}

static void every_member_is_taken_at_its_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        struct message message = sample(members[i].type);

        set(&message, &members[i], members[i].most);
        if (!there_and_back(&message))
            fail_msg("%s: %s", members[i].name, err.text);
        assert_same(&message, &members[i]);
    }
}

static void every_member_is_refused_past_its_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        struct message message = sample(members[i].type);

        if (members[i].most == ANY)
            continue;
        set(&message, &members[i], members[i].most + 1);
        assert_refused(&message, &members[i]);
    }
}

static void an_enum_or_an_id_is_never_zero(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        struct message message = sample(members[i].type);

        set(&message, &members[i], 0);
        if (members[i].sort == POSITIVE)
            assert_refused(&message, &members[i]);
        else if (!there_and_back(&message))
            fail_msg("%s: %s", members[i].name, err.text);
    }
}

static void only_a_maybe_text_can_be_missing(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        struct message message = sample(members[i].type);

        if (members[i].sort != TEXT && members[i].sort != MAYBE_TEXT)
            continue;
        *(const char **)place(&message, &members[i]) = NULL;
        if (members[i].sort == TEXT) {
            assert_refused(&message, &members[i]);
        } else {
            assert_true(there_and_back(&message));
            assert_null(*(const char **)place(&read, &members[i]));
        }
    }
}

static void a_text_must_be_utf8(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        struct message message = sample(members[i].type);

        if (members[i].sort != TEXT && members[i].sort != MAYBE_TEXT)
            continue;
        *(const char **)place(&message, &members[i]) = "caf\xE9";
        assert_refused(&message, &members[i]);
    }
}

static void every_message_cut_off_at_any_byte_is_refused(void **state)
{
    (void)state;
    for (enum message_type type = MESSAGE_ORDER; type < MESSAGE_TYPE_COUNT; type++) {
        struct message message = sample(type);

        assert_true(there_and_back(&message));
        for (size_t size = 0; size < out.length - FRAME_HEADER; size++)
            assert_false(read_copy(size));
        assert_true(read_copy(out.length - FRAME_HEADER));
    }
}

static void what_follows_the_last_field_is_refused(void **state)
{
    (void)state;
    for (enum message_type type = MESSAGE_ORDER; type < MESSAGE_TYPE_COUNT; type++) {
        struct message message = sample(type);

        assert_true(there_and_back(&message));
        str_add_bytes(&out, "0", 1);
        assert_false(read_copy(out.length - FRAME_HEADER));
        assert_non_null(strstr(err.text, "it has 1 byte too many"));
    }
}

static void a_type_that_there_is_not_is_refused(void **state)
{
    static const uint8_t types[] = { 0, MESSAGE_TYPE_COUNT, 128, 255 };

    (void)state;
    for (size_t i = 0; i < sizeof types; i++) {
        struct frame frame = { .type = types[i], .body = (const uint8_t *)"" };

        assert_false(message_read(&frame, &arena, &read, &err));
        assert_non_null(strstr(err.text, "which there is not"));
        assert_int_equal(err.class, ERR_PROTOCOL);
    }
}

static void every_message_has_its_name(void **state)
{
    (void)state;
    assert_string_equal(message_name(MESSAGE_ORDER), "ORDER");
    assert_string_equal(message_name(MESSAGE_FAIL), "FAIL");
    for (unsigned type = MESSAGE_ORDER; type < MESSAGE_TYPE_COUNT; type++)
        assert_string_not_equal(message_name(type), "?");
    assert_string_equal(message_name(0), "?");
    assert_string_equal(message_name(MESSAGE_TYPE_COUNT), "?");
    assert_string_equal(message_name(~0U), "?");
}

static void a_message_that_no_frame_holds_is_not_written(void **state)
{
    struct message message = sample(MESSAGE_TOKEN);

    (void)state;
    assert_true(message_write(&out, &message, &err));
    message.token.token = (struct bytes){ text_of(FRAME_MAX), FRAME_MAX };
    assert_false(message_write(&out, &message, &err));
    assert_non_null(strstr(err.text, "TOKEN: a message of more than"));
    assert_int_equal(out.length, FRAME_HEADER + 5 + sample(MESSAGE_TOKEN).token.token.size);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_member_of_every_message_comes_back),
        TEST(what_was_read_is_written_as_the_same_bytes),
        TEST(every_member_is_taken_at_its_limit),
        TEST(every_member_is_refused_past_its_limit),
        TEST(an_enum_or_an_id_is_never_zero),
        TEST(only_a_maybe_text_can_be_missing),
        TEST(a_text_must_be_utf8),
        TEST(every_message_cut_off_at_any_byte_is_refused),
        TEST(what_follows_the_last_field_is_refused),
        TEST(a_type_that_there_is_not_is_refused),
        TEST(every_message_has_its_name),
        TEST(a_message_that_no_frame_holds_is_not_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
