/* NTLM: gss-ntlmssp on both sides, as Debian has no other implementation that seals. That it is
 * what MS-NLMP says is test_ntlm_seal.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNATURE 16

static struct negotiate_settings settings;

static int set_out(void **state)
{
    (void)state;
    settings = (struct negotiate_settings){
        .mechanism = NEGOTIATE_NTLM, .host = "localhost", .user = "DOM\\scanner", .password = "secret"
    };
    return 0;
}

static int come_back(void **state)
{
    (void)state;
    pair_end();
    return 0;
}

static void two_tokens_and_the_context_stands(void **state)
{
    (void)state;
    pair_begin(&settings, "ntlm");
    assert_int_equal(pair.legs, 2);
    assert_true(negotiate_seals(pair.client));
    assert_int_equal(negotiate_mechanism(pair.client), NEGOTIATE_NTLM);
    assert_string_equal(acceptor_user(), "DOM\\scanner");
}

static void names_are_taken_as_people_write_them(void **state)
{
    (void)state;
    settings.user = "scanner@DOM";
    pair_begin(&settings, "ntlm");
    settings.user = "DOM\\scanner";
    pair_begin(&settings, "ntlm");
}

/* The acceptor knows users of ASCII names only. */
static void passwords_may_hold_any_letter(void **state)
{
    (void)state;
    settings.user = "DOM\\other";
    settings.password = "gr\xC3\xBC\xC3\x9Fn";
    pair_begin(&settings, "ntlm");
    settings.password = "grussn";
    assert_false(pair_shakes(&settings, "ntlm", NULL, 0));
}

static size_t entries_of(const char *folder)
{
    DIR *entries = opendir(folder);
    size_t count = 0;

    while (readdir(entries) != NULL)
        count++;
    closedir(entries);
    return count;
}

static size_t descriptors, threads; /* before anything was prepared */

static void preparing_leaves_no_descriptor_and_no_thread(void **state)
{
    (void)state;
    assert_int_equal(entries_of("/proc/self/fd"), descriptors);
    assert_int_equal(entries_of("/proc/self/task"), threads);
}

static void messages_go_both_ways_sealed(void **state)
{
    char text[100000];

    (void)state;
    pair_begin(&settings, "ntlm");
    pair_says("<s:Envelope/>");
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    pair_says(text);
    for (int i = 0; i < 50; i++)
        pair_says("<s:Envelope/>");
}

static void nothing_of_a_message_can_be_read(void **state)
{
    struct sealed sealed;

    (void)state;
    pair_begin(&settings, "ntlm");
    sealed = pair_client_seals("SELECT Name FROM Win32_ComputerSystem");
    assert_int_equal(sealed.header.length, SIGNATURE);
    assert_null(memmem(sealed.data.bytes, sealed.data.length, "Win32", 5));
    sealed_finish(&sealed);
}

static void assert_not_opened(const struct sealed *sealed, const char *text)
{
    assert_false(pair_client_opens(sealed, text));
    assert_int_equal(pair.err.class, ERR_PROTOCOL);
    assert_non_null(strstr(pair.err.text, "NTLM: the reply"));
}

static void a_message_that_was_altered_is_refused(void **state)
{
    (void)state;
    for (size_t at = 0; at < SIGNATURE + 5; at++) {
        struct sealed sealed;

        pair_begin(&settings, "ntlm");
        sealed = pair_server_seals("hello");
        if (at < SIGNATURE)
            sealed.header.bytes[at] ^= 1;
        else
            sealed.data.bytes[at - SIGNATURE] ^= 1;
        assert_not_opened(&sealed, "hello");
        sealed_finish(&sealed);
    }
}

static void one_that_was_cut_is_refused(void **state)
{
    struct sealed sealed;

    (void)state;
    pair_begin(&settings, "ntlm");
    sealed = pair_server_seals("hello");
    sealed.data.length--;
    assert_not_opened(&sealed, "hell");
    sealed_finish(&sealed);
    pair_begin(&settings, "ntlm");
    sealed = pair_server_seals("hello");
    sealed.data.length = 0;
    sealed.header.length = 3;
    assert_not_opened(&sealed, "");
    sealed_finish(&sealed);
}

static void one_that_is_replayed_is_refused(void **state)
{
    struct sealed sealed;

    (void)state;
    pair_begin(&settings, "ntlm");
    sealed = pair_server_seals("hello");
    assert_true(pair_client_opens(&sealed, "hello"));
    assert_not_opened(&sealed, "hello");
    sealed_finish(&sealed);
}

static void one_out_of_order_is_refused(void **state)
{
    struct sealed first, second;

    (void)state;
    pair_begin(&settings, "ntlm");
    first = pair_server_seals("first");
    second = pair_server_seals("second");
    assert_not_opened(&second, "second");
    sealed_finish(&first);
    sealed_finish(&second);
}

static void what_we_said_is_no_answer(void **state)
{
    struct sealed sealed;

    (void)state;
    pair_begin(&settings, "ntlm");
    sealed = pair_client_seals("hello");
    assert_not_opened(&sealed, "hello");
    sealed_finish(&sealed);
}

static void a_wrong_password_is_refused_by_the_server(void **state)
{
    (void)state;
    settings.password = "Secret";
    assert_false(pair_shakes(&settings, "ntlm", NULL, 0));
    assert_int_equal(pair.legs, 2);
}

static void the_binding_is_of_the_channel(void **state)
{
    (void)state;
    settings.binding = "0123456789abcdef0123456789abcdef";
    settings.binding_size = 32;
    assert_true(pair_shakes(&settings, "ntlm", settings.binding, 32));
    assert_false(pair_shakes(&settings, "ntlm", "0123456789abcdef0123456789abcdeF", 32));
}

static void the_environment_is_not_looked_at(void **state)
{
    (void)state;
    setenv("NTLM_USER_FILE", "/nowhere", 1);
    settings.password = NULL;
    pair.client = negotiate_create(&settings, &pair.err);
    assert_null(pair.client);
    assert_string_equal(pair.err.text, "NTLM needs username and password");
    assert_int_equal(pair.err.class, ERR_CONFIG);
    unsetenv("NTLM_USER_FILE");
}

static void either_is_ntlm_where_no_realm_is_named(void **state)
{
    (void)state;
    settings.mechanism = NEGOTIATE_EITHER;
    pair_begin(&settings, "ntlm");
    assert_int_equal(negotiate_mechanism(pair.client), NEGOTIATE_NTLM);
    assert_non_null(strstr(negotiate_reason(pair.client), "user@REALM"));
    pair_says("<s:Envelope/>");
}

static void garbage_from_the_server_is_refused_in_words(void **state)
{
    static const char *const tokens[] = { "garbage", "\x60\x48", "NTLMSSP\0\2",
                                          "\xa1\x07\x30\x05\xa0\x03\x0a\x01\x02" };
    static const size_t sizes[] = { 7, 2, 9, 9 };
    struct str out = STR_EMPTY;
    bool done;

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        pair_end();
        pair.client = negotiate_create(&settings, &pair.err);
        assert_true(negotiate_step(pair.client, "", 0, &out, &done, &pair.err));
        assert_false(negotiate_step(pair.client, tokens[i], sizes[i], &out, &done, &pair.err));
        assert_false(done);
        assert_int_equal(pair.err.class, ERR_PROTOCOL);
        assert_int_equal(strncmp(pair.err.text, "NTLM: ", 6), 0);
    }
    str_finish(&out);
}

static void a_server_that_says_nothing_has_proved_nothing(void **state)
{
    struct str out = STR_EMPTY;
    bool done;

    (void)state;
    pair.client = negotiate_create(&settings, &pair.err);
    assert_true(negotiate_step(pair.client, "", 0, &out, &done, &pair.err));
    assert_false(negotiate_step(pair.client, "", 0, &out, &done, &pair.err));
    assert_string_equal(pair.err.text, "NTLM: the server did not prove who it is");
    str_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_out, come_back)
        TEST(preparing_leaves_no_descriptor_and_no_thread),
        TEST(two_tokens_and_the_context_stands),
        TEST(names_are_taken_as_people_write_them),
        TEST(passwords_may_hold_any_letter),
        TEST(messages_go_both_ways_sealed),
        TEST(nothing_of_a_message_can_be_read),
        TEST(a_message_that_was_altered_is_refused),
        TEST(one_that_was_cut_is_refused),
        TEST(one_that_is_replayed_is_refused),
        TEST(one_out_of_order_is_refused),
        TEST(what_we_said_is_no_answer),
        TEST(a_wrong_password_is_refused_by_the_server),
        TEST(the_binding_is_of_the_channel),
        TEST(the_environment_is_not_looked_at),
        TEST(either_is_ntlm_where_no_realm_is_named),
        TEST(garbage_from_the_server_is_refused_in_words),
        TEST(a_server_that_says_nothing_has_proved_nothing),
    };

    if (acceptor_absent() != 0)
        return acceptor_absent();
    descriptors = entries_of("/proc/self/fd");
    threads = entries_of("/proc/self/task");
    if (!negotiate_prepare(NULL))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
