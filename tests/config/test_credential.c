/* Secrets out of files that nobody else can read, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "credential.h"
#include "yard.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct err err;

static int start(void **state)
{
    arena_init(&arena, ARENA_SECRET);
    err = ERR_EMPTY;
    return yard_open(state);
}

static int finish(void **state)
{
    arena_finish(&arena);
    unsetenv("CREDENTIALS_DIRECTORY");
    return yard_close(state);
}

static const char *from_file(const char *name)
{
    struct config_credential credential = { .name = "k", .password_file = yard_path(name) };

    return credential_read(&credential, &arena, &err);
}

static const char *from_systemd(const char *name)
{
    struct config_credential credential = { .name = "k", .systemd_credential = name };

    return credential_read(&credential, &arena, &err);
}

/* Refused, with a sentence that holds the text and nothing of the secret. */
static void refused(const char *secret, const char *text)
{
    assert_null(secret);
    assert_int_equal(err.class, ERR_CONFIG);
    assert_memory_equal(err.text, "credential \"k\": ", 16);
    if (strstr(err.text, text) == NULL || strstr(err.text, "geheim") != NULL)
        fail_msg("%s", err.text);
}

static void a_line_end_is_no_part_of_a_secret(void **state)
{
    static const struct {
        const char *written, *read;
    } cases[] = {
        { "geheim", "geheim" }, { "geheim\n", "geheim" }, { "geheim\r\n", "geheim" },        { " geheim ", " geheim " },
        { "a\rb\n", "a\rb" },   { "a\r", "a\r" },         { "\xC3\xA4\xFF", "\xC3\xA4\xFF" }
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        yard_write("pw", cases[i].written);
        assert_string_equal(from_file("pw"), cases[i].read);
    }
}

static void what_is_no_secret_is_refused(void **state)
{
    (void)state;
    yard_write("pw", "");
    refused(from_file("pw"), "pw: the secret is empty");
    yard_write("pw", "\n");
    refused(from_file("pw"), "empty");
    yard_write("pw", "\r\n");
    refused(from_file("pw"), "empty");
    yard_write("pw", "geheim\ngeheim\n");
    refused(from_file("pw"), "more than one line");
    yard_write("pw", "geheim\n\n");
    refused(from_file("pw"), "more than one line");
    yard_write_bytes("pw", "geh\0eim", 7);
    refused(from_file("pw"), "NUL byte");
}

static void a_secret_has_its_limit(void **state)
{
    static char much[CREDENTIAL_MAX + 3];

    (void)state;
    memset(much, 'q', CREDENTIAL_MAX);
    yard_write("pw", much);
    assert_int_equal(strlen(from_file("pw")), CREDENTIAL_MAX);
    strcpy(much + CREDENTIAL_MAX, "\r\n");
    yard_write("pw", much);
    assert_int_equal(strlen(from_file("pw")), CREDENTIAL_MAX);
    strcpy(much + CREDENTIAL_MAX, "q");
    yard_write("pw", much);
    refused(from_file("pw"), "longer than 4096 bytes");
    strcpy(much + CREDENTIAL_MAX, "qq");
    yard_write("pw", much);
    refused(from_file("pw"), "longer than 4096 bytes");
}

static void a_file_that_is_open_to_others_is_refused(void **state)
{
    static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0610 };

    (void)state;
    yard_write("pw", "geheim");
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(chmod(yard_path("pw"), modes[i]), 0);
        refused(from_file("pw"), "mend it with: chmod ");
    }
    assert_int_equal(chmod(yard_path("pw"), 0400), 0);
    assert_string_equal(from_file("pw"), "geheim");
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    refused(from_file("none"), "No such file");
    refused(from_file("plugins"), "regular file");
    assert_int_equal(mkfifo(yard_path("pipe"), 0600), 0);
    refused(from_file("pipe"), "regular file");
}

static void a_new_secret_is_seen_at_once(void **state)
{
    (void)state;
    yard_write("pw", "one");
    assert_string_equal(from_file("pw"), "one");
    yard_write("pw", "two");
    assert_string_equal(from_file("pw"), "two");
}

static void a_literal_is_what_it_is(void **state)
{
    struct config_credential credential = { .name = "k", .password = "geheim" };

    (void)state;
    assert_string_equal(credential_read(&credential, &arena, &err), "geheim");
}

static void systemd_gives_files_of_one_folder(void **state)
{
    (void)state;
    refused(from_systemd("corp"), "systemd gave this process no credentials; add LoadCredential=corp:FILE");
    setenv("CREDENTIALS_DIRECTORY", "relative", 1);
    refused(from_systemd("corp"), "no credentials");
    setenv("CREDENTIALS_DIRECTORY", yard_path("creds"), 1);
    refused(from_systemd("corp"), "cannot be opened");
    assert_int_equal(mkdir(yard_path("creds"), 0700), 0);
    refused(from_systemd("corp"), "/creds/corp cannot be opened: No such file");
    yard_write("creds/corp", "geheim\n");
    assert_string_equal(from_systemd("corp"), "geheim");
    assert_int_equal(chmod(yard_path("creds/corp"), 0440), 0);
    assert_string_equal(from_systemd("corp"), "geheim");
}

static void a_systemd_credential_that_is_open_or_elsewhere_is_refused(void **state)
{
    (void)state;
    assert_int_equal(mkdir(yard_path("creds"), 0700), 0);
    setenv("CREDENTIALS_DIRECTORY", yard_path("creds"), 1);
    yard_write("creds/corp", "geheim");
    assert_int_equal(chmod(yard_path("creds/corp"), 0444), 0);
    refused(from_systemd("corp"), "open to others (mode 0444)");
    assert_int_equal(chmod(yard_path("creds/corp"), 0660), 0);
    refused(from_systemd("corp"), "open to others (mode 0660)");
    yard_write("pw", "geheim");
    refused(from_systemd("../pw"), "no name of a systemd credential");
    refused(from_systemd(".."), "no name of a systemd credential");
    refused(from_systemd("."), "not a regular file");
    assert_int_equal(symlink("../pw", yard_path("creds/link")), 0);
    refused(from_systemd("link"), "cannot be opened");
    assert_int_equal(mkfifo(yard_path("creds/pipe"), 0600), 0);
    refused(from_systemd("pipe"), "not a regular file");
}

static void a_file_of_a_stranger_is_refused(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(mkdir(yard_path("creds"), 0700), 0);
    setenv("CREDENTIALS_DIRECTORY", yard_path("creds"), 1);
    yard_write("creds/corp", "geheim");
    assert_int_equal(chown(yard_path("creds/corp"), 54321, 54321), 0);
    refused(from_systemd("corp"), "belongs to neither root nor the user this runs as");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_end_is_no_part_of_a_secret, start, finish),
        cmocka_unit_test_setup_teardown(what_is_no_secret_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(a_secret_has_its_limit, start, finish),
        cmocka_unit_test_setup_teardown(a_file_that_is_open_to_others_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(a_new_secret_is_seen_at_once, start, finish),
        cmocka_unit_test_setup_teardown(a_literal_is_what_it_is, start, finish),
        cmocka_unit_test_setup_teardown(systemd_gives_files_of_one_folder, start, finish),
        cmocka_unit_test_setup_teardown(a_systemd_credential_that_is_open_or_elsewhere_is_refused, yard_open,
                                        yard_close),
        cmocka_unit_test_setup_teardown(a_file_of_a_stranger_is_refused, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
