/* TLS as an instance offers it: whom it is, which version, and each way in which it can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "far_end.h"
#include "peer_test.h"
#include "tds_tls.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONG_MS 60000 /* for what comes */
#define SHORT_MS 300  /* for what does not */

static struct far_end *far;
static struct tds_tls tls;
static struct tds_tls_settings settings;
static struct err err;

static struct far_certificate authority, other_authority, good, misnamed, expired, alone;
static char folder[] = "/tmp/muster-tds-tls-XXXXXX", ca_file[64], other_file[64];
static unsigned char reply[64];
static size_t reply_size;

static int set_up(void **state)
{
    (void)state;
    far = far_end_open();
    settings = (struct tds_tls_settings){
        .address = far_end_host(far), .name = "sql01.corp.example", .ca_file = ca_file, .timeout_ms = LONG_MS
    };
    memset(&tls, 0, sizeof tls);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tds_tls_finish(&tls);
    far_end_close(far);
    return 0;
}

static void listens(struct far_port door)
{
    if (door.bytes == NULL) {
        door.bytes = reply;
        door.size = reply_size;
    }
    if (door.certificate == NULL)
        door.certificate = &good;
    settings.port = far_end_listen(far, &door);
}

static void look(void)
{
    tds_tls_finish(&tls);
    err = ERR_EMPTY;
    if (!tds_tls_look(&tls, &settings, &err))
        fail_msg("%s", err.text);
}

static void look_in_vain(enum err_class class, const char *why)
{
    tds_tls_finish(&tls);
    err = ERR_EMPTY;
    assert_false(tds_tls_look(&tls, &settings, &err));
    if (err.class != class || strstr(err.text, why) == NULL)
        fail_msg("%s: %s", err_class_word(err.class), err.text);
    assert_non_null(strstr(err.text, settings.name));
}

static void assert_shown(const struct far_certificate *wanted, const char *common_name)
{
    char print[96];

    far_certificate_print(wanted, print);
    assert_string_equal(tls.fingerprint, print);
    assert_non_null(strstr(str_text(&tls.words), common_name));
    assert_non_null(strstr(str_text(&tls.words), print));
    assert_int_equal(strncmp(str_text(&tls.certificate), "-----BEGIN CERTIFICATE-----\n", 28), 0);
}

/* ----------------------------------------------------------------------------------------------- what is trusted ----
 */

static void the_right_ca_and_the_right_name_are_trusted(void **state)
{
    (void)state;
    listens((struct far_port){ .manner = FAR_TLS });
    look();
    assert_string_equal(tls.version, "TLSv1.2");
    assert_shown(&good, "/CN=sql01");
    settings.name = far_end_host(far);
    look_in_vain(ERR_PROTOCOL, "IP address mismatch");
    settings.name = "192.0.2.7";
    look();
}

static void packets_may_be_as_small_as_they_like(void **state)
{
    (void)state;
    listens((struct far_port){ .manner = FAR_TLS, .packet = 9 });
    look();
    assert_string_equal(tls.version, "TLSv1.2");
    listens((struct far_port){ .manner = FAR_TLS, .packet = 4096, .type = 0x04 });
    look();
}

static void the_wrong_ca_is_refused_with_what_was_shown(void **state)
{
    (void)state;
    listens((struct far_port){ .manner = FAR_TLS });
    settings.ca_file = other_file;
    look_in_vain(ERR_PROTOCOL, "its certificate is refused: unable to get local issuer certificate");
    assert_non_null(strstr(err.text, "give its CA as ca_file"));
    assert_non_null(strstr(err.text, tls.fingerprint));
    assert_shown(&good, "/CN=sql01");
    settings.ca_file = NULL;
    look_in_vain(ERR_PROTOCOL, "its certificate is refused");
}

static void the_wrong_name_is_refused_with_the_names_that_it_has(void **state)
{
    (void)state;
    listens((struct far_port){ .manner = FAR_TLS, .certificate = &misnamed });
    look_in_vain(ERR_PROTOCOL, "hostname mismatch: sql01.corp.example; the certificate is of /CN=other");
    assert_non_null(strstr(err.text, "for other.corp.example"));
    assert_non_null(strstr(err.text, "set host to a name that it has"));
    assert_shown(&misnamed, "/CN=other");
}

static void what_has_expired_is_refused(void **state)
{
    (void)state;
    listens((struct far_port){ .manner = FAR_TLS, .certificate = &expired });
    look_in_vain(ERR_PROTOCOL, "certificate has expired");
}

/* As an SQL Server has that nobody gave a certificate to. */
static void a_certificate_that_signs_itself_is_refused(void **state)
{
    (void)state;
    listens((struct far_port){ .manner = FAR_TLS, .certificate = &alone });
    look_in_vain(ERR_PROTOCOL, "self-signed certificate");
    assert_shown(&alone, "SSL_Self_Signed_Fallback");
}

static void a_fingerprint_decides_alone(void **state)
{
    const struct far_certificate *const shown[] = { &alone, &expired, &misnamed, &good };
    char print[96];

    (void)state;
    settings.fingerprint = print;
    settings.ca_file = NULL;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        far_certificate_print(shown[i], print);
        listens((struct far_port){ .manner = FAR_TLS, .certificate = shown[i] });
        look();
        assert_string_equal(tls.fingerprint, print);
    }
    far_certificate_print(&alone, print);
    look_in_vain(ERR_PROTOCOL, "it is not the one of the option fingerprint");
    assert_shown(&good, "/CN=sql01");
}

static void what_is_configured_badly_is_told_before_anybody_is_asked(void **state)
{
    (void)state;
    listens((struct far_port){ .manner = FAR_TLS });
    settings.ca_file = "/no/such/file";
    assert_false(tds_tls_look(&tls, &settings, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    settings.fingerprint = "AA:BB";
    assert_false(tds_tls_look(&tls, &settings, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    settings.fingerprint = NULL;
    settings.ca_file = ca_file;
    settings.address = "sql01";
    assert_false(tds_tls_look(&tls, &settings, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    assert_int_equal(far_end_accepted(far), 0);
}

/* ------------------------------------------------------------------------------------------------------ versions ----
 */

static void what_has_only_tls_1_0_is_refused_unless_it_is_allowed(void **state)
{
    static const struct {
        int version;
        const char *name;
    } rows[] = { { TLS1_VERSION, "TLSv1" }, { TLS1_1_VERSION, "TLSv1.1" } };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        settings.tls_1_0 = false;
        listens((struct far_port){ .manner = FAR_TLS, .version = rows[i].version });
        look_in_vain(ERR_PROTOCOL, "set allow_tls_1_0 = true");
        settings.tls_1_0 = true;
        look();
        assert_string_equal(tls.version, rows[i].name);
        settings.ca_file = other_file;
        look_in_vain(ERR_PROTOCOL, "its certificate is refused");
        settings.ca_file = ca_file;
    }
}

static void what_is_allowed_is_not_what_is_preferred(void **state)
{
    (void)state;
    settings.tls_1_0 = true;
    listens((struct far_port){ .manner = FAR_TLS });
    look();
    assert_string_equal(tls.version, "TLSv1.2");
}

static void inside_of_packets_there_is_no_tls_1_3(void **state)
{
    (void)state;
    listens((struct far_port){ .manner = FAR_TLS, .version = TLS1_3_VERSION });
    look_in_vain(ERR_PROTOCOL, "no TLS comes about: ");
}

static void strict_shakes_hands_before_anything_else(void **state)
{
    (void)state;
    settings.strict = true;
    listens((struct far_port){ .manner = FAR_STRICT });
    look();
    assert_string_equal(tls.version, "TLSv1.3");
    assert_shown(&good, "/CN=sql01");
    settings.ca_file = other_file;
    look_in_vain(ERR_PROTOCOL, "its certificate is refused");
    settings.ca_file = ca_file;
    settings.tls_1_0 = true;
    listens((struct far_port){ .manner = FAR_STRICT, .version = TLS1_VERSION });
    look_in_vain(ERR_PROTOCOL, "no TLS comes about");
}

/* ---------------------------------------------------------------------------------------------- what is not well ----
 */

static void what_cannot_encrypt_is_refused(void **state)
{
    static const int values[] = { 0, 2 };
    static unsigned char weak[2][64];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        size_t size = far_end_prelogin(weak[i], 10, 0, 6000, values[i]);

        listens((struct far_port){ .manner = FAR_TLS, .bytes = weak[i], .size = size });
        look_in_vain(ERR_PROTOCOL, "it offers no encryption");
        assert_string_equal(tls.fingerprint, "");
    }
}

/* What stands behind the reply to PRELOGIN, in place of a handshake. */
static void whatever_comes_in_place_of_a_handshake_is_told(void **state)
{
    static const struct {
        enum far_manner manner;
        const char *bytes;
        size_t size;
        enum err_class class;
        const char *why;
    } rows[] = {
        { FAR_ANSWERS, "", 0, ERR_TIMEOUT, "no end of the TLS handshake within" },
        { FAR_ANSWERS, "\x12\x01\x00\x0f\x00\x00\x00\x00\x15\x03\x03\x00\x02\x02\x28", 15, ERR_PROTOCOL,
          "alert handshake failure" },
        { FAR_ANSWERS, "\x12\x01\x00\x0f\x00\x00\x00\x00\x15\x03\x01\x00\x02\x02\x46", 15, ERR_PROTOCOL,
          "alert protocol version; where it has no TLS 1.2" },
        { FAR_ANSWERS, "\x12\x01\x00\x0f\x00\x00\x00\x00\x15\x03\x03\x00\x02\x02\x50", 15, ERR_PROTOCOL,
          "alert internal error" },
        { FAR_ANSWERS, "\x12\x01\x00\x07\x00\x00\x00\x00", 8, ERR_PROTOCOL, "a packet of type 0x12 and 7 bytes" },
        { FAR_ANSWERS, "\x10\x01\x00\x20\x00\x00\x00\x00", 8, ERR_PROTOCOL, "a packet of type 0x10" },
        { FAR_ANSWERS, "\x12\x01\x00\x10\x00\x00\x00\x00GET / HT", 16, ERR_PROTOCOL, "no TLS comes about: " },
        { FAR_ANSWERS, "\x12\x01\x10\x00\x00\x00\x00\x00\x16\x03\x03\x40\x00", 13, ERR_TIMEOUT, "no end of the TLS" },
        { FAR_FLOODS, "\x12\x01\x00\x08\x00\x00\x00\x00", 8, ERR_PROTOCOL, "does not end within 262144 bytes" },
    };
    static unsigned char all[sizeof rows / sizeof *rows][128];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char *bytes = all[i];
        size_t size = far_end_prelogin(bytes, 10, 0, 6000, 1);

        memcpy(bytes + size, rows[i].bytes, rows[i].size);
        settings.timeout_ms = rows[i].class == ERR_TIMEOUT ? SHORT_MS : LONG_MS;
        listens((struct far_port){ .manner = rows[i].manner, .bytes = bytes, .size = size + rows[i].size });
        look_in_vain(rows[i].class, rows[i].why);
    }
}

static void before_the_handshake_all_that_goes_wrong_is_told(void **state)
{
    static const struct {
        enum far_manner manner;
        enum err_class class;
        const char *why;
    } rows[] = {
        { FAR_SILENT, ERR_TIMEOUT, "no whole answer to PRELOGIN within 300 ms" },
        { FAR_DRIPS, ERR_TIMEOUT, "no whole answer to PRELOGIN within 300 ms" },
        { FAR_CLOSES, ERR_PROTOCOL, "closed the connection at PRELOGIN" },
        { FAR_RESETS, ERR_PROTOCOL, "Connection reset" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        settings.timeout_ms = SHORT_MS;
        listens((struct far_port){ .manner = rows[i].manner });
        look_in_vain(rows[i].class, rows[i].why);
    }
    settings.port = 1;
    look_in_vain(ERR_UNREACHABLE, "port 1 of sql01.corp.example: Connection refused");
    assert_false(tds_tls_look(&tls, &settings, NULL));
}

/* As Windows does where no version suits it. */
static void one_that_closes_without_a_word_may_have_no_tls_1_2(void **state)
{
    (void)state;
    listens((struct far_port){ .manner = FAR_LEAVES });
    look_in_vain(ERR_PROTOCOL, "set allow_tls_1_0 = true");
    settings.tls_1_0 = true;
    look_in_vain(ERR_PROTOCOL, "no TLS comes about: ");
    assert_null(strstr(err.text, "allow_tls_1_0"));
}

/* ------------------------------------------------------------------------------------------------------------------ */

static const char *missing(void)
{
    struct far_end *tried = far_end_open();

    if (tried == NULL)
        return "UDP 1434 or TCP 1433 is taken here: run it by unshare -rn sh -c 'ip link set lo up; ...'";
    far_end_close(tried);
    return NULL;
}

static void make_certificates(void)
{
    const char *names = "DNS:sql01.corp.example,IP:192.0.2.7";

    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(ca_file, sizeof ca_file, "%s/ca", folder);
    snprintf(other_file, sizeof other_file, "%s/other", folder);
    far_certificate_make(&authority, "the CA", NULL, 10, NULL);
    far_certificate_make(&other_authority, "another CA", NULL, 10, NULL);
    far_certificate_make(&good, "sql01", names, 10, &authority);
    far_certificate_make(&misnamed, "other", "DNS:other.corp.example", 10, &authority);
    far_certificate_make(&expired, "sql01", names, -1, &authority);
    far_certificate_make(&alone, "SSL_Self_Signed_Fallback", names, 10, NULL);
    far_certificate_write(&authority, ca_file);
    far_certificate_write(&other_authority, other_file);
    reply_size = far_end_prelogin(reply, 15, 0, 2000, 1);
}

static void drop_certificates(void)
{
    struct far_certificate *const made[] = { &authority, &other_authority, &good, &misnamed, &expired, &alone };

    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        far_certificate_finish(made[i]);
    unlink(ca_file);
    unlink(other_file);
    rmdir(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_right_ca_and_the_right_name_are_trusted),
        TEST(packets_may_be_as_small_as_they_like),
        TEST(the_wrong_ca_is_refused_with_what_was_shown),
        TEST(the_wrong_name_is_refused_with_the_names_that_it_has),
        TEST(what_has_expired_is_refused),
        TEST(a_certificate_that_signs_itself_is_refused),
        TEST(a_fingerprint_decides_alone),
        TEST(what_is_configured_badly_is_told_before_anybody_is_asked),
        TEST(what_has_only_tls_1_0_is_refused_unless_it_is_allowed),
        TEST(what_is_allowed_is_not_what_is_preferred),
        TEST(inside_of_packets_there_is_no_tls_1_3),
        TEST(strict_shakes_hands_before_anything_else),
        TEST(what_cannot_encrypt_is_refused),
        TEST(whatever_comes_in_place_of_a_handshake_is_told),
        TEST(before_the_handshake_all_that_goes_wrong_is_told),
        TEST(one_that_closes_without_a_word_may_have_no_tls_1_2),
    };
    const char *why = missing();
    int failed;

    if (why != NULL)
        return peer_absent(why);
    make_certificates();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    drop_certificates();
    return failed;
}
