/* What logins of their own need of http.c: one connection, headers as they come, the certificate's hash, and HTTP. */
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
#include <string.h>
#include <strings.h>

static struct str types; /* what the watch was told of Content-Type; "|" where a reply began */

static void watch(void *context, const char *name, const char *value, size_t size)
{
    assert_ptr_equal(context, &types);
    if (name == NULL)
        str_add_char(&types, '|');
    else if (strcasecmp(name, "Content-Type") == 0)
        str_add_bytes(&types, value, size);
}

static void headers_are_told_as_they_came(void **state)
{
    (void)state;
    set_out("good");
    trip.settings.watch = (struct http_watch){ watch, &types };
    assert_true(get("/echo"));
    assert_true(get("/status/401"));
    assert_string_equal(str_text(&types), "|Text/XML; charset=utf-8|text/html");
    str_finish(&types);
}

static void a_type_is_known_with_its_parameters_too(void **state)
{
    (void)state;
    set_out("good");
    assert_true(get("/echo"));
    assert_string_equal(trip.reply.whole_type, "Text/XML; charset=utf-8");
    assert_string_equal(trip.reply.type, "text/xml");
    assert_true(get("/date"));
    assert_string_equal(trip.reply.whole_type, "");
}

static void a_connection_is_made_anew_when_it_is_asked_for(void **state)
{
    (void)state;
    set_out("good");
    assert_true(get("/echo"));
    assert_true(trip.reply.fresh);
    assert_true(get("/echo"));
    assert_false(trip.reply.fresh);
    http_renew(trip.http);
    assert_true(get("/echo"));
    assert_true(trip.reply.fresh);
    assert_true(get("/echo"));
    assert_false(trip.reply.fresh);
}

/* The certificate is signed with SHA-256, by which fingerprints are, too. */
static void the_end_point_is_the_certificates_hash(void **state)
{
    unsigned char hash[HTTP_MAX_END_POINT];
    char text[HTTP_FINGERPRINT_SIZE];

    (void)state;
    set_out("good");
    trip.http = http_create(&trip.settings, &trip.err);
    assert_int_equal(http_end_point(trip.http, hash), 0);
    assert_true(get("/echo"));
    assert_int_equal(http_end_point(trip.http, hash), 32);
    for (size_t i = 0; i < 32; i++)
        snprintf(text + 3 * i, 4, "%02X%s", hash[i], i < 31 ? ":" : "");
    assert_string_equal(text, https_server_fact("fingerprint.good"));
}

static void http_is_for_what_is_sealed_alone(void **state)
{
    struct http_settings settings = { .url = "http://host:5985", .max_reply = 1 };
    struct err err;

    (void)state;
    assert_false(http_check(&settings, &err));
    assert_has(err.text, "does not begin with https://");
    settings.sealed = true;
    assert_true(http_check(&settings, &err));
    settings.url = "ftp://host";
    assert_false(http_check(&settings, &err));
    settings.url = "https://host";
    assert_true(http_check(&settings, &err));
}

static void an_empty_body_has_a_length(void **state)
{
    (void)state;
    set_out("good");
    assert_true(post("/echo", "", 0));
    assert_has(str_text(&trip.body), "POST /echo\n");
    assert_has(str_text(&trip.body), "\nContent-Length: 0\n");
}

static void a_clients_certificate_that_is_none_is_told(void **state)
{
    (void)state;
    set_out("good");
    trip.settings.certificate = "/dev/null";
    assert_fails("/echo", ERR_CONFIG, "the client's certificate cannot be used");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_told_as_they_came),
        cmocka_unit_test(a_type_is_known_with_its_parameters_too),
        cmocka_unit_test(a_connection_is_made_anew_when_it_is_asked_for),
        cmocka_unit_test(the_end_point_is_the_certificates_hash),
        cmocka_unit_test(http_is_for_what_is_sealed_alone),
        cmocka_unit_test(an_empty_body_has_a_length),
        cmocka_unit_test(a_clients_certificate_that_is_none_is_told),
    };

    return cmocka_run_group_tests(tests, trips_begin, trips_end);
}
