#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hash.h"

#include <string.h>

/* The reference's key is the bytes 0 to 15, its messages are the bytes 0, 1, 2, ... */
static const struct hash_key reference_key = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };

struct vector {
    size_t size;
    uint64_t short_hash;
    struct hash128 long_hash;
};

static const struct vector vectors[] = {
    { 0, 0x726fdb47dd0e0e31, { 0xe6a825ba047f81a3, 0x930255c71472f66d } },
    { 1, 0x74f839c593dc67fd, { 0x44af996bd8c187da, 0x45fc229b11597634 } },
    { 7, 0xab0200f58b01d137, { 0x53c1dbd8beebf1a1, 0x3982f01fa64ab8c0 } },
    { 8, 0x93f5f5799a932462, { 0x61f55862baa9623b, 0xb49714f364e2830f } },
    { 15, 0xa129ca6149be45e5, { 0x11a8b03399e99354, 0xd9c3cf970fec087e } },
    { 63, 0x958a324ceb064572, { 0x4a83502f77d15051, 0x7cbd3f979a063e50 } },
};

static void fill(unsigned char *message, size_t size)
{
    for (size_t i = 0; i < size; i++)
        message[i] = (unsigned char)i;
}

static void the_reference_vectors_come_out(void **state)
{
    unsigned char message[64];

    (void)state;
    fill(message, sizeof message);
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct hash128 hash = hash128(&reference_key, message, vectors[i].size);

        assert_int_equal(hash64(&reference_key, message, vectors[i].size), vectors[i].short_hash);
        assert_int_equal(hash.low, vectors[i].long_hash.low);
        assert_int_equal(hash.high, vectors[i].long_hash.high);
    }
}

static void alignment_does_not_matter(void **state)
{
    unsigned char buffer[64 + 8];

    (void)state;
    for (size_t shift = 0; shift < 8; shift++) {
        fill(buffer + shift, 63);
        assert_int_equal(hash64(&reference_key, buffer + shift, 63), vectors[5].short_hash);
    }
}

static void every_byte_counts(void **state)
{
    unsigned char message[40] = { 0 };
    uint64_t whole = hash64(&hash_stable_key, message, sizeof message);

    (void)state;
    for (size_t i = 0; i < sizeof message; i++) {
        message[i] = 1;
        assert_int_not_equal(hash64(&hash_stable_key, message, sizeof message), whole);
        message[i] = 0;
    }
}

static void trailing_zeros_count(void **state)
{
    static const char zeros[300];

    (void)state;
    for (size_t size = 1; size < sizeof zeros; size++)
        assert_int_not_equal(hash64(&hash_stable_key, zeros, size), hash64(&hash_stable_key, zeros, size - 1));
}

static void no_bytes_may_be_null(void **state)
{
    (void)state;
    assert_int_equal(hash64(&reference_key, NULL, 0), vectors[0].short_hash);
}

/* A change of this number means that every stored hash is worthless. */
static void the_stable_key_stays_what_it_is(void **state)
{
    (void)state;
    assert_int_equal(hash64(&hash_stable_key, "muster", 6), 0xcd077c9912188cf7);
}

static void the_process_key_is_drawn_once(void **state)
{
    const struct hash_key *key = hash_process_key();
    struct hash_key copy = *key;

    (void)state;
    assert_ptr_equal(hash_process_key(), key);
    assert_memory_equal(hash_process_key(), &copy, sizeof copy);
    assert_int_not_equal(copy.low, copy.high);
    assert_memory_not_equal(key, &hash_stable_key, sizeof copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_vectors_come_out),
        cmocka_unit_test(alignment_does_not_matter),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(trailing_zeros_count),
        cmocka_unit_test(no_bytes_may_be_null),
        cmocka_unit_test(the_stable_key_stays_what_it_is),
        cmocka_unit_test(the_process_key_is_drawn_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
