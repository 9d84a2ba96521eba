/* Kerberos in SPNEGO, with tickets of a KDC of MIT; and what is said where there is no ticket to be had. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair.h"
#include "realm.h"
#include "winpeer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct negotiate_settings settings;

static int set_out(void **state)
{
    (void)state;
    settings = (struct negotiate_settings){
        .mechanism = NEGOTIATE_KERBEROS, .host = "localhost", .user = "scanner@EXAMPLE.TEST", .password = "secret"
    };
    return 0;
}

static int come_back(void **state)
{
    (void)state;
    pair_end();
    return 0;
}

static void assert_shakes(void)
{
    pair_begin(&settings, "kerberos");
    assert_int_equal(pair.legs, 1);
    assert_true(negotiate_seals(pair.client));
    assert_int_equal(negotiate_mechanism(pair.client), NEGOTIATE_KERBEROS);
    assert_string_equal(acceptor_user(), "scanner@EXAMPLE.TEST");
    pair_says("<s:Envelope/>");
}

static void a_password_is_enough(void **state)
{
    (void)state;
    assert_shakes();
}

static void the_realm_may_be_written_in_lower_case_or_left_out(void **state)
{
    (void)state;
    settings.user = "scanner@example.test";
    assert_shakes();
    settings.user = "scanner";
    assert_shakes();
}

static void a_keytab_is_enough_with_a_name_or_without(void **state)
{
    (void)state;
    settings.password = NULL;
    settings.keytab = realm_keytab_of("scanner@EXAMPLE.TEST");
    assert_shakes();
    settings.user = NULL;
    assert_shakes();
}

static long size_of(const char *path)
{
    FILE *file = fopen(path, "re");
    long size;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    fclose(file);
    return size;
}

static void a_cache_is_enough_and_stays_as_it_is(void **state)
{
    long size;

    (void)state;
    settings.user = settings.password = NULL;
    settings.cache = realm_cache_of("scanner@EXAMPLE.TEST", "secret");
    size = size_of(settings.cache);
    assert_shakes();
    assert_int_equal(size_of(settings.cache), size);
}

static void messages_go_both_ways_sealed(void **state)
{
    char text[100000];

    (void)state;
    pair_begin(&settings, "kerberos");
    pair_says("");
    for (size_t size = 1; size < 70; size++) {
        memset(text, 'x', size);
        text[size] = '\0';
        pair_says(text);
    }
    memset(text, 'y', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    pair_says(text);
}

/* As Windows has it: 60 bytes with AES, and the data as long as it was (MS-WSMV 2.2.9.1.1.2). */
static void the_header_is_as_windows_has_it(void **state)
{
    struct sealed sealed;

    (void)state;
    pair_begin(&settings, "kerberos");
    sealed = pair_client_seals("hello");
    assert_int_equal(sealed.header.length, 60);
    assert_int_equal(sealed.data.length, 5);
    assert_null(memmem(sealed.data.bytes, 5, "hello", 5));
    sealed_finish(&sealed);
}

static void assert_not_opened(const struct sealed *sealed, const char *text)
{
    assert_false(pair_client_opens(sealed, text));
    assert_int_equal(pair.err.class, ERR_PROTOCOL);
    assert_non_null(strstr(pair.err.text, "Kerberos: the reply"));
}

static void a_message_that_was_altered_is_refused(void **state)
{
    (void)state;
    pair_begin(&settings, "kerberos");
    for (size_t at = 0; at < 65; at++) {
        struct sealed sealed = pair_server_seals("hello");

        if (at < 60)
            sealed.header.bytes[at] ^= 1;
        else
            sealed.data.bytes[at - 60] ^= 1;
        assert_false(pair_client_opens(&sealed, "hello"));
        sealed_finish(&sealed);
    }
}

static void one_that_is_replayed_is_refused(void **state)
{
    struct sealed sealed;

    (void)state;
    pair_begin(&settings, "kerberos");
    sealed = pair_server_seals("hello");
    assert_true(pair_client_opens(&sealed, "hello"));
    assert_not_opened(&sealed, "hello");
    sealed_finish(&sealed);
}

static void one_out_of_order_is_refused(void **state)
{
    struct sealed first, second;

    (void)state;
    pair_begin(&settings, "kerberos");
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
    pair_begin(&settings, "kerberos");
    sealed = pair_client_seals("hello");
    assert_not_opened(&sealed, "hello");
    sealed_finish(&sealed);
}

static void the_binding_is_of_the_channel(void **state)
{
    (void)state;
    settings.binding = "0123456789abcdef0123456789abcdef";
    settings.binding_size = 32;
    assert_true(pair_shakes(&settings, "kerberos", settings.binding, 32));
    assert_false(pair_shakes(&settings, "kerberos", "0123456789abcdef0123456789abcdeF", 32));
}

/* ------------------------------------------------------------------------------------------------- refusals ---- */

static void assert_refused(enum err_class class, const char *why, const char *remedy)
{
    struct negotiate *negotiate = negotiate_create(&settings, &pair.err);

    if (negotiate != NULL)
        fail_msg("it was to be refused: %s", why);
    if (strstr(pair.err.text, why) == NULL || strstr(pair.err.text, remedy) == NULL)
        fail_msg("no \"%s\" or no \"%s\" in: %s", why, remedy, pair.err.text);
    assert_string_equal(err_class_word(pair.err.class), err_class_word(class));
}

static void a_wrong_password_is_denied(void **state)
{
    (void)state;
    settings.password = "Secret";
    assert_refused(ERR_DENIED, "login of scanner@EXAMPLE.TEST: Preauthentication failed", "not the account's");
}

static void an_unknown_account_is_denied(void **state)
{
    (void)state;
    settings.user = "nobody@EXAMPLE.TEST";
    assert_refused(ERR_DENIED, "not found in Kerberos database", "look at username");
}

static void a_locked_account_is_denied(void **state)
{
    (void)state;
    settings.user = "locked@EXAMPLE.TEST";
    assert_refused(ERR_DENIED, "revoked", "locked, disabled or expired");
}

static void an_old_password_is_denied(void **state)
{
    (void)state;
    settings.user = "old@EXAMPLE.TEST";
    assert_refused(ERR_DENIED, "Password has expired", "give the account a new password");
}

static void a_service_that_nobody_knows_is_not_the_accounts_fault(void **state)
{
    (void)state;
    settings.host = "other.localhost";
    assert_refused(ERR_UNSUPPORTED, "a ticket for HTTP/other.localhost:", "setspn -L");
}

static void a_realm_without_a_kdc_is_unreachable(void **state)
{
    (void)state;
    settings.user = "scanner@SILENT.TEST";
    assert_refused(ERR_UNREACHABLE, "Cannot contact any KDC", "port 88");
}

static void a_realm_that_nobody_described_is_told(void **state)
{
    (void)state;
    settings.user = "scanner@UNKNOWN.TEST";
    assert_refused(ERR_CONFIG, "Cannot find KDC for realm", "krb5.conf");
}

static void files_that_are_none_are_told(void **state)
{
    (void)state;
    settings.password = NULL;
    settings.keytab = realm_path("nothing");
    assert_refused(ERR_CONFIG, "/nothing", "klist -k");
    settings.keytab = realm_keytab();
    assert_refused(ERR_CONFIG, "http.keytab", "klist -k");
    settings.keytab = NULL;
    settings.cache = realm_path("nothing");
    assert_refused(ERR_CONFIG, "/nothing", "kinit");
    settings.cache = realm_path("krb5.conf");
    assert_refused(ERR_CONFIG, "krb5.conf", "kinit");
    settings.cache = NULL;
    assert_refused(ERR_CONFIG, "needs a password, a keytab or a cache", "");
}

static void a_keytab_of_another_key_is_denied(void **state)
{
    (void)state;
    settings.password = NULL;
    settings.keytab = realm_keytab_of("turned@EXAMPLE.TEST");
    settings.user = "turned@EXAMPLE.TEST";
    realm_admin("cpw -pw other turned@EXAMPLE.TEST");
    assert_refused(ERR_DENIED, "Preauthentication failed", "keytab");
}

/* Tickets in a cache, or a keytab, that the environment names belong to somebody else. */
static void the_environment_is_not_looked_at(void **state)
{
    char cache[512], keytab[512];

    (void)state;
    snprintf(cache, sizeof cache, "FILE:%s", realm_cache_of("scanner@EXAMPLE.TEST", "secret"));
    setenv("KRB5CCNAME", cache, 1);
    snprintf(keytab, sizeof keytab, "%s", realm_keytab_of("scanner@EXAMPLE.TEST"));
    setenv("KRB5_CLIENT_KTNAME", keytab, 1);
    settings.password = NULL;
    assert_refused(ERR_CONFIG, "needs a password, a keytab or a cache", "");
    settings.user = "other@EXAMPLE.TEST";
    settings.password = "secret";
    pair_begin(&settings, "kerberos");
    assert_string_equal(acceptor_user(), "other@EXAMPLE.TEST");
    unsetenv("KRB5CCNAME");
    unsetenv("KRB5_CLIENT_KTNAME");
}

/* --------------------------------------------------------------------------------------------------- either ---- */

static void either_is_kerberos_where_a_ticket_can_be_had(void **state)
{
    (void)state;
    settings.mechanism = NEGOTIATE_EITHER;
    assert_shakes();
    assert_string_equal(negotiate_reason(pair.client), "");
}

static void assert_ntlm_because(const char *why)
{
    pair.client = negotiate_create(&settings, &pair.err);
    if (pair.client == NULL)
        fail_msg("%s", pair.err.text);
    assert_int_equal(negotiate_mechanism(pair.client), NEGOTIATE_NTLM);
    if (strstr(negotiate_reason(pair.client), why) == NULL)
        fail_msg("no \"%s\" in: %s", why, negotiate_reason(pair.client));
    pair_end();
}

static void either_is_ntlm_where_none_can_be_had(void **state)
{
    (void)state;
    settings.mechanism = NEGOTIATE_EITHER;
    settings.host = "other.localhost";
    assert_ntlm_because("HTTP/other.localhost");
    settings.user = "scanner@SILENT.TEST";
    assert_ntlm_because("Cannot contact any KDC");
    settings.user = "local";
    settings.host = "localhost";
    assert_ntlm_because("not found in Kerberos database");
}

/* A second try of a password that is wrong brings the account nearer to being locked. */
static void a_password_that_the_kdc_refused_is_not_tried_by_ntlm(void **state)
{
    (void)state;
    settings.mechanism = NEGOTIATE_EITHER;
    settings.password = "Secret";
    settings.user = "wrong@EXAMPLE.TEST";
    assert_refused(ERR_DENIED, "Preauthentication failed", "");
    assert_int_equal(realm_failures("wrong@EXAMPLE.TEST"), 1);
    settings.user = "locked@EXAMPLE.TEST";
    settings.password = "secret";
    assert_refused(ERR_DENIED, "revoked", "");
}

/* The KDC has seen it and wants more (here, a device): what that means for the password nobody knows. */
static void a_password_that_was_shown_and_not_taken_is_not_tried_by_ntlm(void **state)
{
    (void)state;
    settings.mechanism = NEGOTIATE_EITHER;
    settings.user = "device@EXAMPLE.TEST";
    assert_refused(ERR_DENIED, "device@EXAMPLE.TEST", "");
}

/* Whoever answers for DNS would else choose whose ticket proves the host: here the address's name has a service, and
 * the address has none. */
static void dns_does_not_choose_the_service(void **state)
{
    static const char relay[] = "[libdefaults]\n dns_canonicalize_hostname = true\n rdns = true\n";
    char config[1200], before[600];
    FILE *file;

    (void)state;
    snprintf(before, sizeof before, "%s", getenv("KRB5_CONFIG"));
    snprintf(config, sizeof config, "%s:%s", realm_path("by_dns.conf"), before);
    file = fopen(realm_path("by_dns.conf"), "we");
    assert_non_null(file);
    assert_int_equal(fwrite(relay, 1, sizeof relay - 1, file), sizeof relay - 1);
    assert_int_equal(fclose(file), 0);
    setenv("KRB5_CONFIG", config, 1);
    settings.host = "127.0.0.1";
    pair.client = negotiate_create(&settings, &pair.err);
    setenv("KRB5_CONFIG", before, 1);
    assert_null(pair.client);
    assert_non_null(strstr(pair.err.text, "not found in Kerberos database"));
}

/* Nor does NTLM alone ask the KDC of whatever realm there is. */
static void ntlm_alone_tries_no_password_by_kerberos(void **state)
{
    (void)state;
    settings.mechanism = NEGOTIATE_NTLM;
    settings.password = "Secret";
    settings.user = "never@EXAMPLE.TEST";
    pair.client = negotiate_create(&settings, &pair.err);
    assert_non_null(pair.client);
    assert_int_equal(realm_failures("never@EXAMPLE.TEST"), 0);
}

static void without_a_password_either_is_kerberos(void **state)
{
    (void)state;
    settings.mechanism = NEGOTIATE_EITHER;
    settings.password = NULL;
    settings.keytab = realm_path("nothing");
    assert_refused(ERR_CONFIG, "/nothing", "");
}

static void a_kdc_that_went_silent_is_unreachable(void **state)
{
    (void)state;
    realm_silence();
    assert_refused(ERR_UNREACHABLE, "Cannot contact any KDC", "port 88");
    realm_wake();
    assert_shakes();
}

static void add_accounts(void)
{
    realm_add("scanner@EXAMPLE.TEST", "secret");
    realm_add("other@EXAMPLE.TEST", "secret");
    realm_add("turned@EXAMPLE.TEST", "secret");
    realm_add("wrong@EXAMPLE.TEST", "secret");
    realm_add("never@EXAMPLE.TEST", "secret");
    realm_add("locked@EXAMPLE.TEST", "secret");
    realm_admin("modprinc -allow_tix locked@EXAMPLE.TEST");
    realm_add("device@EXAMPLE.TEST", "secret");
    realm_admin("modprinc +requires_hwauth device@EXAMPLE.TEST");
    realm_add("old@EXAMPLE.TEST", "secret");
    realm_admin("modprinc -pwexpire yesterday old@EXAMPLE.TEST");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_out, come_back)
        TEST(a_password_is_enough),
        TEST(the_realm_may_be_written_in_lower_case_or_left_out),
        TEST(a_keytab_is_enough_with_a_name_or_without),
        TEST(a_cache_is_enough_and_stays_as_it_is),
        TEST(messages_go_both_ways_sealed),
        TEST(the_header_is_as_windows_has_it),
        TEST(a_message_that_was_altered_is_refused),
        TEST(one_that_is_replayed_is_refused),
        TEST(one_out_of_order_is_refused),
        TEST(what_we_said_is_no_answer),
        TEST(the_binding_is_of_the_channel),
        TEST(a_wrong_password_is_denied),
        TEST(an_unknown_account_is_denied),
        TEST(a_locked_account_is_denied),
        TEST(an_old_password_is_denied),
        TEST(a_service_that_nobody_knows_is_not_the_accounts_fault),
        TEST(a_realm_without_a_kdc_is_unreachable),
        TEST(a_realm_that_nobody_described_is_told),
        TEST(files_that_are_none_are_told),
        TEST(a_keytab_of_another_key_is_denied),
        TEST(the_environment_is_not_looked_at),
        TEST(either_is_kerberos_where_a_ticket_can_be_had),
        TEST(either_is_ntlm_where_none_can_be_had),
        TEST(a_password_that_the_kdc_refused_is_not_tried_by_ntlm),
        TEST(a_password_that_was_shown_and_not_taken_is_not_tried_by_ntlm),
        TEST(dns_does_not_choose_the_service),
        TEST(ntlm_alone_tries_no_password_by_kerberos),
        TEST(without_a_password_either_is_kerberos),
        TEST(a_kdc_that_went_silent_is_unreachable),
    };
    int result;

    if (acceptor_absent() != 0)
        return acceptor_absent();
    if (!negotiate_prepare(NULL))
        return 1;
    if (kdc_absent() != 0)
        return kdc_absent();
    realm_start();
    add_accounts();
    result = cmocka_run_group_tests(tests, NULL, NULL);
    realm_stop();
    return result;
}
