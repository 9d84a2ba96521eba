#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conduit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* A writer of replies whose sizes are listed, in a thread of its own: each byte tells which one of them it is. */
struct writer {
    struct conduit *conduit;
    const size_t *sizes;
    size_t count, part;
    atomic_size_t ended; /* replies whose conduit_end has returned */
    atomic_bool refused;
    pthread_t thread;
};

static bool write_reply(struct writer *writer, size_t number)
{
    char bytes[70000];

    memset(bytes, (int)('a' + number % 26), sizeof bytes);
    for (size_t left = writer->sizes[number], part; left > 0; left -= part) {
        part = left < writer->part ? left : writer->part;
        if (!conduit_write(writer->conduit, bytes, part))
            return false;
    }
    return conduit_end(writer->conduit);
}

static void *write_all(void *context)
{
    struct writer *writer = context;

    for (size_t i = 0; i < writer->count; i++) {
        if (!write_reply(writer, i)) {
            writer->refused = true;
            break;
        }
        writer->ended++;
    }
    return NULL;
}

static void begin(struct writer *writer, size_t size)
{
    writer->conduit = conduit_create(size);
    assert_int_equal(pthread_create(&writer->thread, NULL, write_all, writer), 0);
}

static void end(struct writer *writer)
{
    pthread_join(writer->thread, NULL);
    conduit_destroy(writer->conduit);
}

/* How many bytes it has; each must be the reply's own. */
static size_t read_reply(struct writer *writer, size_t number)
{
    const char *bytes;
    size_t total = 0, size;

    while ((size = conduit_read(writer->conduit, &bytes)) > 0) {
        assert_true(size <= CONDUIT_BATCH);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 'a' + (int)(number % 26));
        total += size;
    }
    assert_int_equal(conduit_read(writer->conduit, &bytes), 0);
    return total;
}

static void read_all(size_t ring, const size_t *sizes, size_t count, size_t part)
{
    struct writer writer = { .sizes = sizes, .count = count, .part = part };

    begin(&writer, ring);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(read_reply(&writer, i), sizes[i]);
        assert_in_range(writer.ended, i, i + 1); /* never two whole ones ahead */
        conduit_next(writer.conduit);
    }
    end(&writer);
    assert_false(writer.refused);
}

static void replies_come_whole_and_apart_whatever_their_size(void **state)
{
    static const size_t sizes[] = { 1, 0, 70000, 3, 999999, 0, 0, CONDUIT_BATCH, CONDUIT_BATCH + 1, 400001, 2 };
    static const size_t rings[] = { 1, 7, 4096, CONDUIT_BATCH, CONDUIT_BATCH + 3, 4U << 20 };
    static const size_t parts[] = { 16384, 1000, 70000 };

    (void)state;
    for (size_t ring = 2; ring < sizeof rings / sizeof *rings; ring++)
        for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
            read_all(rings[ring], sizes, sizeof sizes / sizeof *sizes, parts[part]);
    read_all(rings[0], sizes, 2, 1);
    read_all(rings[1], sizes, 4, 16384);
}

static void many_small_replies_follow_each_other(void **state)
{
    static size_t sizes[5000];

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        sizes[i] = i * 7919 % 1300;
    read_all(2000, sizes, sizeof sizes / sizeof *sizes, 333);
}

/* The first one of three is read only when the writer cannot have come further. */
static void a_writer_waits_with_the_end_of_a_reply_until_the_last_one_was_read(void **state)
{
    static const size_t sizes[] = { 10, 10, 10 };
    struct writer writer = { .sizes = sizes, .count = 3, .part = 10 };
    const char *bytes;

    (void)state;
    begin(&writer, 1000);
    assert_int_equal(conduit_read(writer.conduit, &bytes), 10);
    assert_in_range(writer.ended, 0, 1);
    assert_int_equal(conduit_read(writer.conduit, &bytes), 0);
    assert_in_range(writer.ended, 0, 1);
    conduit_next(writer.conduit);
    assert_int_equal(read_reply(&writer, 1), 10);
    conduit_next(writer.conduit);
    assert_int_equal(read_reply(&writer, 2), 10);
    end(&writer);
}

/* Where it waits for room, for the last reply to be read, or not at all. */
static void who_closes_it_ends_the_writer(void **state)
{
    static const size_t endless[] = { SIZE_MAX }, short_ones[] = { 10, 10, 10 };
    struct writer full = { .sizes = endless, .count = 1, .part = 4096 };
    struct writer ahead = { .sizes = short_ones, .count = 3, .part = 10 };
    const char *bytes;

    (void)state;
    begin(&full, 100000);
    assert_int_equal(conduit_read(full.conduit, &bytes), CONDUIT_BATCH);
    assert_false(conduit_is_closed(full.conduit));
    conduit_close(full.conduit);
    assert_true(conduit_is_closed(full.conduit));
    end(&full);
    assert_true(full.refused);
    assert_int_equal(full.ended, 0);
    begin(&ahead, 100000);
    assert_int_equal(conduit_read(ahead.conduit, &bytes), 10);
    conduit_close(ahead.conduit);
    end(&ahead);
    assert_true(ahead.refused);
    assert_in_range(ahead.ended, 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_come_whole_and_apart_whatever_their_size),
        cmocka_unit_test(many_small_replies_follow_each_other),
        cmocka_unit_test(a_writer_waits_with_the_end_of_a_reply_until_the_last_one_was_read),
        cmocka_unit_test(who_closes_it_ends_the_writer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
