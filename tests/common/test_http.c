/* plugins/common/http.c against a server of HTTPS that is Python's: replies good and bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http.h"
#include "https_server.h"
#include "str.h"
#include "trip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --------------------------------------------------------------------------------------------- good replies ---- */

static void a_request_is_sent_as_given_and_its_reply_streams_in(void **state)
{
    const char *seen;

    (void)state;
    set_out("good");
    if (!post("/echo/x?y=/../z", "<a>b\0c</a>", 10))
        fail_msg("%s", trip.err.text);
    seen = str_text(&trip.body);
    assert_has(seen, "POST /echo/x?y=/../z\n");
    assert_has(seen, "\nContent-Type: text/xml; charset=utf-8\n");
    assert_has(seen, "\nSOAPAction: \"urn:vim25/5.5\"\n");
    assert_has(seen, "\nContent-Length: 10\n");
    assert_null(strstr(seen, "Expect"));
    assert_null(strstr(seen, "Accept-Encoding"));
    assert_memory_equal(seen + trip.body.length - 10, "<a>b\0c</a>", 10);
    assert_int_equal(trip.reply.status, 200);
    assert_string_equal(trip.reply.type, "text/xml");
    assert_string_equal(trip.reply.fingerprint, https_server_fact("fingerprint.good"));
    assert_string_equal(trip.reply.tls, "TLSv1.3");
    assert_true(trip.reply.date_ms > INT64_C(1700000000000));
    assert_true(get("/echo"));
    assert_has(str_text(&trip.body), "GET /echo\n");
}

static void any_status_but_a_redirect_is_a_reply(void **state)
{
    (void)state;
    set_out("good");
    assert_got("/status/500", "status 500");
    assert_int_equal(trip.reply.status, 500);
    assert_string_equal(trip.reply.type, "text/html");
    assert_got("/status/404", "status 404");
    assert_got("/date", "");
    assert_int_equal(trip.reply.date_ms, INT64_C(1519905600000));
    assert_string_equal(trip.reply.type, "");
}

static void what_comes_before_the_reply_is_passed_over(void **state)
{
    (void)state;
    set_out("good");
    assert_got("/continue/3", "went on");
    assert_string_equal(trip.reply.type, "");
    assert_int_equal(trip.reply.status, 200);
}

static void a_connection_is_used_again(void **state)
{
    char before[32];

    (void)state;
    set_out("good");
    assert_true(get("/count"));
    snprintf(before, sizeof before, "%s", str_text(&trip.body));
    for (int i = 0; i < 10; i++) {
        assert_true(post("/echo", "x", 1));
        assert_got("/count", before);
    }
    assert_string_equal(trip.reply.fingerprint, https_server_fact("fingerprint.good"));
}

static void cookies_are_kept_handed_over_and_sent(void **state)
{
    static char kept[HTTP_MAX_COOKIES];

    (void)state;
    set_out("good");
    assert_true(http_prepare(NULL));
    assert_true(get("/cookie/vmware_soap_session=\"52a-b%20c\";Path=/;HttpOnly;Secure"));
    assert_true(get("/echo"));
    assert_has(str_text(&trip.body), "\nCookie: vmware_soap_session=\"52a-b%20c\"\n");
    assert_true(http_cookies(trip.http, kept, sizeof kept));

    set_out("good");
    assert_true(get("/echo"));
    assert_null(strstr(str_text(&trip.body), "Cookie"));
    assert_true(http_set_cookies(trip.http, kept));
    assert_true(get("/echo"));
    assert_has(str_text(&trip.body), "\nCookie: vmware_soap_session=\"52a-b%20c\"\n");

    assert_true(http_set_cookies(trip.http, ""));
    assert_true(get("/echo"));
    assert_null(strstr(str_text(&trip.body), "Cookie"));

    set_out("other");
    assert_true(get("/cookie/a=1"));
    assert_true(get("/cookie/b=2"));
    assert_true(http_cookies(trip.http, kept, sizeof kept));
    assert_false(http_cookies(trip.http, kept, 20));
    assert_string_equal(kept, "");
}

static void too_many_cookies_are_not_cut(void **state)
{
    static char kept[HTTP_MAX_COOKIES];

    (void)state;
    set_out("good");
    assert_true(get("/cookies/20"));
    assert_false(http_cookies(trip.http, kept, sizeof kept));
    assert_string_equal(kept, "");
}

static void no_cookies_are_an_empty_text_and_nonsense_is_refused(void **state)
{
    static char kept[HTTP_MAX_COOKIES];

    (void)state;
    set_out("good");
    assert_true(get("/count"));
    assert_true(http_cookies(trip.http, kept, sizeof kept));
    assert_string_equal(kept, "");
    assert_true(http_set_cookies(trip.http, ""));
    assert_false(http_set_cookies(trip.http, "Set-Cookie: a=b"));
    assert_false(http_set_cookies(trip.http, "ALL"));
    assert_true(get("/echo"));
    assert_null(strstr(str_text(&trip.body), "Cookie"));
}

/* --------------------------------------------------------------------------------------------------- bad input ---- */

static void a_redirect_is_refused_and_nothing_comes_where_it_leads(void **state)
{
    static const char *const statuses[] = { "301", "302", "303", "307", "308" };

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        char path[32], answer[64];

        set_out("good");
        assert_true(get("/cookie/secret=1"));
        snprintf(path, sizeof path, "/redirect/%s", statuses[i]);
        snprintf(answer, sizeof answer, "it answers %s, a redirect to https://127.0.0.1:%s/steal; ", statuses[i],
                 https_server_fact("port.other"));
        assert_false(post(path, "password", 8));
        assert_int_equal(trip.err.class, ERR_PROTOCOL);
        assert_has(trip.err.text, answer);
        assert_string_equal(str_text(&trip.body), "");
    }
    assert_fails("/nowhere", ERR_PROTOCOL, "304, a redirect to nowhere");
    nobody_was_asked();
}

static void a_compressed_reply_is_refused(void **state)
{
    static const char *const encodings[] = { "gzip", "deflate", "br", "identity,gzip" };

    (void)state;
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        char path[64];

        set_out("good");
        snprintf(path, sizeof path, "/encoded/%s", encodings[i]);
        assert_fails(path, ERR_PROTOCOL, "the reply is compressed");
        assert_has(trip.err.text, encodings[i]);
        assert_string_equal(str_text(&trip.body), "");
    }
    assert_fails("/transfer", ERR_PROTOCOL, "compressed (gzip, chunked)");
    assert_string_equal(str_text(&trip.body), "");
}

static void a_reply_has_a_limit(void **state)
{
    (void)state;
    set_out("good");
    trip.settings.max_reply = 100000;
    assert_true(get("/large/100000"));
    assert_int_equal(trip.body.length, 100000);
    assert_fails("/large/100001", ERR_PROTOCOL, "more than 100000 bytes");
    assert_true(trip.body.length <= 100000);
    assert_true(get("/chunked/100"));
    assert_int_equal(trip.body.length, 100000);
    assert_fails("/chunked/101", ERR_PROTOCOL, "more than 100000 bytes");
}

static void headers_have_a_limit(void **state)
{
    (void)state;
    set_out("good");
    assert_true(get("/flood/60"));
    assert_fails("/flood/70", ERR_PROTOCOL, "more than 65536 bytes of headers");
    assert_true(get("/continue/60"));
    assert_fails("/continue/70", ERR_PROTOCOL, "more than 65536 bytes of headers");
}

static void a_reply_that_is_cut_off_is_none(void **state)
{
    (void)state;
    set_out("good");
    assert_fails("/cut", ERR_UNREACHABLE, "the answer is cut off");
    assert_string_equal(str_text(&trip.body), "only this");
    assert_fails("/cut-chunk", ERR_UNREACHABLE, "127.0.0.1:");
    assert_fails("/cut-header", ERR_UNREACHABLE, "127.0.0.1:");
    assert_fails("/nothing", ERR_UNREACHABLE, "127.0.0.1:");
    assert_got("/status/200", "status 200");
}

/* Not by curl either, which would where the connection was used before. */
static void a_request_is_not_repeated(void **state)
{
    long before;

    (void)state;
    set_out("good");
    assert_true(get("/nothings"));
    before = strtol(str_text(&trip.body), NULL, 10);
    assert_fails("/nothing", ERR_UNREACHABLE, "the connection was closed without an answer");
    assert_true(get("/nothings"));
    assert_false(post("/nothing", "password", 8));
    assert_true(get("/nothings"));
    assert_int_equal(strtol(str_text(&trip.body), NULL, 10), before + 2);
}

static void what_does_not_speak_https_is_told(void **state)
{
    (void)state;
    set_out("plain");
    assert_fails("/echo", ERR_PROTOCOL, "TLS cannot be agreed on");
    assert_has(trip.err.text, "wrong version number");
    set_out("good");
    assert_fails("/garbage", ERR_PROTOCOL, "does not speak HTTP");
}

static void nobody_there_is_unreachable(void **state)
{
    (void)state;
    set_out("closed");
    assert_fails("/echo", ERR_UNREACHABLE, "no connection");
    assert_has(trip.err.text, "a firewall");
    assert_string_equal(trip.reply.fingerprint, "");
    set_out("good");
    trip.settings.url = "https://no-such-name.invalid";
    assert_fails("/echo", ERR_UNREACHABLE, "no-such-name.invalid:443: the name cannot be resolved");
}

static void a_deadline_ends_whatever_is_under_way(void **state)
{
    (void)state;
    set_out("good");
    trip.looks_left = 3;
    assert_fails("/hang/0", ERR_TIMEOUT, "the time that a scan may take is over, after 0 bytes");
    assert_true(trip.looks > 3);
    set_out("good");
    assert_got("/status/200", "status 200");
    trip.over_at = 1000;
    assert_fails("/hang/1000", ERR_TIMEOUT, "the time that a scan may take is over, after ");
    assert_int_equal(trip.body.length, 1000);
    trip.looks_left = trip.looks = 1;
    assert_fails("/echo", ERR_TIMEOUT, "the time that a scan may take is over");
}

static void the_sink_ends_a_transfer_with_its_own_error(void **state)
{
    (void)state;
    set_out("good");
    trip.full = true;
    assert_fails("/large/100000", ERR_DENIED, "the sink is full");
    assert_string_equal(trip.err.text, "the sink is full");
    trip.full = false;
    assert_got("/status/200", "status 200");
    trip.unwanted = true;
    assert_fails("/hang/0", ERR_BUG, "nobody waits any more");
    assert_string_equal(trip.err.text, "nobody waits any more");
    trip.unwanted = false;
    assert_got("/status/200", "status 200");
}

/* ------------------------------------------------------------------------------------------------------ settings ----
 */

static void assert_no_settings(const struct http_settings *settings, const char *part)
{
    struct err err = ERR_EMPTY;

    assert_false(http_check(settings, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    assert_has(err.text, part);
    assert_null(http_create(settings, &err));
}

static void settings_that_cannot_be_understood_are_refused(void **state)
{
    static const char fingerprint_of_sha1[] = "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD";
    static const struct {
        struct http_settings settings;
        const char *part;
    } bad[] = {
        { { .url = "vc01.example" }, "it is written https://HOST or https://HOST:PORT" },
        { { .url = "http://vc01.example/sdk" }, "does not begin with https://" },
        { { .url = "https://" }, "url: https:// cannot be understood" },
        { { .url = "https://vc01:99999" }, "cannot be understood" },
        { { .url = "https://vc01 .example" }, "cannot be understood" },
        { { .url = "" }, "cannot be understood" },
        { { .url = "https://admin:secret@vc01" }, "a user or password in an address" },
        { { .url = "https://vc01", .proxy = "socks5://proxy:1" },
          "proxy: socks5://proxy:1 does not begin with http://" },
        { { .url = "https://vc01", .proxy = "http://u:secret@proxy:1" }, "proxy: a user or password" },
        { { .url = "https://vc01", .fingerprint = "" }, "is not the SHA-256" },
        { { .url = "https://vc01", .fingerprint = "xyz" }, "xyz is not the SHA-256" },
        { { .url = "https://vc01", .fingerprint = "AA:BB:CC" }, "is not the SHA-256" },
        { { .url = "https://vc01", .fingerprint = fingerprint_of_sha1 }, "is one of SHA-1" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_no_settings(&bad[i].settings, bad[i].part);
}

static void a_secret_in_an_address_is_not_told(void **state)
{
    struct http_settings settings = { .url = "https://admin:secret@vc01" };
    struct err err = ERR_EMPTY;

    (void)state;
    assert_false(http_check(&settings, &err));
    assert_null(strstr(err.text, "secret"));
    settings = (struct http_settings){ .url = "http://admin:secret@vc01" };
    assert_false(http_check(&settings, &err));
    assert_null(strstr(err.text, "secret"));
    settings = (struct http_settings){ .url = "admin:secret@vc01" };
    assert_false(http_check(&settings, &err));
    assert_null(strstr(err.text, "secret"));
}

static void a_file_of_cas_that_is_none_is_told(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    set_out("good");
    trip.settings.ca_file = "/no/such/file.pem";
    assert_null(http_create(&trip.settings, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    assert_has(err.text, "ca_file /no/such/file.pem: No such file or directory");
    trip.settings.ca_file = "test_http.c";
    assert_null(http_create(&trip.settings, &err));
    assert_has(err.text, "ca_file test_http.c: no certificate or crl found");
    trip.settings.ca_file = "/dev/null";
    assert_null(http_create(&trip.settings, &err));
    assert_has(err.text, "ca_file /dev/null: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_sent_as_given_and_its_reply_streams_in),
        cmocka_unit_test(any_status_but_a_redirect_is_a_reply),
        cmocka_unit_test(what_comes_before_the_reply_is_passed_over),
        cmocka_unit_test(a_connection_is_used_again),
        cmocka_unit_test(cookies_are_kept_handed_over_and_sent),
        cmocka_unit_test(too_many_cookies_are_not_cut),
        cmocka_unit_test(no_cookies_are_an_empty_text_and_nonsense_is_refused),
        cmocka_unit_test(a_redirect_is_refused_and_nothing_comes_where_it_leads),
        cmocka_unit_test(a_compressed_reply_is_refused),
        cmocka_unit_test(a_reply_has_a_limit),
        cmocka_unit_test(headers_have_a_limit),
        cmocka_unit_test(a_reply_that_is_cut_off_is_none),
        cmocka_unit_test(a_request_is_not_repeated),
        cmocka_unit_test(what_does_not_speak_https_is_told),
        cmocka_unit_test(nobody_there_is_unreachable),
        cmocka_unit_test(a_deadline_ends_whatever_is_under_way),
        cmocka_unit_test(the_sink_ends_a_transfer_with_its_own_error),
        cmocka_unit_test(settings_that_cannot_be_understood_are_refused),
        cmocka_unit_test(a_secret_in_an_address_is_not_told),
        cmocka_unit_test(a_file_of_cas_that_is_none_is_told),
    };
    return cmocka_run_group_tests(tests, trips_begin, trips_end);
}
