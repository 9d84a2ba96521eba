#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "digest.h"

#include <stdbool.h>
#include <string.h>

static struct hash128 of(const char *const *texts, size_t count)
{
    struct digest digest = DIGEST_EMPTY;

    for (size_t i = 0; i < count; i++)
        digest_text(&digest, texts[i]);
    return digest_end(&digest);
}

#define OF(...) of((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static bool same(struct hash128 a, struct hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

static void only_the_same_series_is_the_same(void **state)
{
    (void)state;
    assert_true(same(OF("a", "bc"), OF("a", "bc")));
    assert_false(same(OF("a", "bc"), OF("ab", "c")));
    assert_false(same(OF("a", "b"), OF("b", "a")));
    assert_false(same(OF("a"), OF("a", "")));
    assert_false(same(OF(""), OF(NULL)));
    assert_false(same(OF(""), of(NULL, 0)));
}

static void a_list_is_not_its_texts(void **state)
{
    const char *const texts[] = { "a", "b" };
    struct digest list = DIGEST_EMPTY;

    (void)state;
    digest_texts(&list, texts, 2);
    assert_false(same(digest_end(&list), OF("a", "b")));
}

static struct hash128 of_number(int64_t number)
{
    struct digest digest = DIGEST_EMPTY;

    digest_number(&digest, number);
    digest_number(&digest, 7);
    return digest_end(&digest);
}

static void numbers_count_with_all_their_bits(void **state)
{
    struct digest small = DIGEST_EMPTY, large = DIGEST_EMPTY;

    (void)state;
    digest_number(&small, 1);
    digest_number(&large, 1 + ((int64_t)1 << 40));
    assert_false(same(digest_end(&small), digest_end(&large)));
    for (unsigned bit = 0; bit < 64; bit++) {
        assert_false(same(of_number(0), of_number((int64_t)((uint64_t)1 << bit))));
        assert_false(same(of_number(-1), of_number((int64_t) ~((uint64_t)1 << bit))));
    }
}

/* Texts longer than what waits at once, that differ in any one byte. */
static void each_byte_of_a_long_text_counts(void **state)
{
    static char text[2000];
    struct hash128 plain;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    plain = OF(text);
    for (size_t i = 0; i < sizeof text - 1; i++) {
        text[i] = 'y';
        assert_false(same(plain, OF(text)));
        text[i] = 'x';
    }
    assert_true(same(plain, OF(text)));
}

/* It is stored: another value would make everything look changed once. */
static void it_is_the_same_for_ever(void **state)
{
    struct hash128 hash = OF("muster");

    (void)state;
    assert_int_equal(hash.low, 0x5885d37d81b35366);
    assert_int_equal(hash.high, 0xf29f33c0ca119701);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_same_series_is_the_same),  cmocka_unit_test(a_list_is_not_its_texts),
        cmocka_unit_test(numbers_count_with_all_their_bits), cmocka_unit_test(each_byte_of_a_long_text_counts),
        cmocka_unit_test(it_is_the_same_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
