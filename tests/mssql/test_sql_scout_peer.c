/* Looking at SQL Servers of sqlpeer, which other people's clients have found before, and at each of its tricks: what is
 * hostile costs itself alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sql_scout.h"
#include "sqlpeer.h"
#include "tds_tls.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LONG_MS 60000 /* for what comes */
#define SHORT_MS 300  /* for what does not */

static struct peer *peer;
static struct sql_scout scout;
static struct err err;
static char address[32];

static bool look(int64_t browser_ms, int64_t port_ms)
{
    const struct sql_scout_settings settings = { .host = address, .browser_ms = browser_ms, .port_ms = port_ms };

    err = ERR_EMPTY;
    return sql_scout(&scout, &settings, &err);
}

static const struct sql_scout_instance *find(const char *name)
{
    for (size_t i = 0; i < scout.count; i++)
        if (strcmp(scout.instances[i].name, name) == 0)
            return &scout.instances[i];
    fail_msg("there is no instance %s", name);
    return NULL;
}

/* ------------------------------------------------------------------------------------------------ honest ones ---- */

static void each_of_them_is_found_with_its_build_and_its_encryption(void **state)
{
    static const struct {
        const char *name, *build;
        bool strict;
    } rows[] = { { "PAY", "11.0.", false }, { "OLD", "10.50.", false }, { "STRICT", "16.0.", true } };

    (void)state;
    assert_true(look(LONG_MS, LONG_MS));
    assert_true(scout.browser);
    assert_int_equal(scout.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct sql_scout_instance *found = find(rows[i].name);

        assert_true(found->seen);
        assert_int_equal(found->port, sqlpeer_port(peer, "sql1", rows[i].name));
        assert_int_equal(found->strict, rows[i].strict);
        assert_int_equal(found->prelogin.encryption, rows[i].strict ? PRELOGIN_REQUIRED : PRELOGIN_OFF);
        assert_int_equal(strncmp(found->prelogin.build, rows[i].build, strlen(rows[i].build)), 0);
        assert_false(found->prelogin.wrong_instance);
    }
    assert_int_equal(sqlpeer_count(peer, "logins"), 0);
    assert_int_equal(sqlpeer_count(peer, "refused"), 0);
}

static void their_tls_is_shaken_hands_with(void **state)
{
    static const struct {
        const char *name, *version;
        bool strict;
    } rows[] = { { "PAY", "TLSv1.2", false }, { "OLD", "TLSv1", false }, { "STRICT", "TLSv1.3", true } };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct tds_tls_settings settings = { .address = address,
                                                   .port = sqlpeer_port(peer, "sql1", rows[i].name),
                                                   .name = "sql1",
                                                   .ca_file = peer_fact(peer, "ca_file"),
                                                   .tls_1_0 = i == 1,
                                                   .strict = rows[i].strict,
                                                   .timeout_ms = LONG_MS };
        struct tds_tls tls;

        if (!tds_tls_look(&tls, &settings, &err))
            fail_msg("%s: %s", rows[i].name, err.text);
        assert_string_equal(tls.version, rows[i].version);
        assert_string_equal(tls.fingerprint, peer_fact(peer, "fingerprint"));
        tds_tls_finish(&tls);
    }
}

/* ---------------------------------------------------------------------------------------------------- tricks ---- */

/* What the browser makes of it: the instances that are told, how many of them are seen; count 0: nothing is there, and
 * why. Where nothing sensible comes, the browser's time is waited for. */
static void a_browser_that_lies_costs_what_it_lied_about(void **state)
{
    static const struct {
        const char *trick;
        size_t count, seen, left_out;
        const char *why;
    } rows[] = {
        { "browser-control", 0, 0, 0, "names no instance that makes sense (3 left out)" },
        { "browser-empty", 0, 0, 0, "no SVR_RESP in 0 bytes" },
        { "browser-flood", 0, 0, 0, "names no instance that makes sense" },
        { "browser-huge", 1, 1, 0, NULL },
        { "browser-long-name", 0, 0, 0, "names no instance that makes sense" },
        { "browser-lower-case", 0, 0, 0, "names no instance that makes sense" },
        { "browser-many", 50, 0, 550, NULL },
        { "browser-name", 1, 1, 0, NULL },
        { "browser-no-name", 0, 0, 0, "names no instance that makes sense" },
        { "browser-no-tcp", 3, 0, 0, NULL },
        { "browser-nonsense-first", 3, 3, 0, NULL },
        { "browser-other-host", 3, 3, 0, NULL },
        { "browser-other-type", 0, 0, 0, "is not SQL Server Browser" },
        { "browser-port:0", 0, 0, 0, "(3 left out)" },
        { "browser-port:70000", 0, 0, 0, "(3 left out)" },
        { "browser-port:-1", 0, 0, 0, "(3 left out)" },
        { "browser-short", 0, 0, 0, "no SVR_RESP in 2 bytes" },
        { "browser-silent", 0, 0, 0, "no answer in time" },
        { "browser-size-more", 0, 0, 0, "the browser's reply says" },
        { "browser-size-zero", 0, 0, 0, "names no instance that makes sense (1 left out)" },
        { "browser-twice", 3, 3, 0, NULL },
        { "browser-version", 3, 3, 0, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t seen = 0;

        peer_tell(peer, "trick\tsql1\t%s", rows[i].trick);
        if (look(rows[i].count > 0 ? LONG_MS : SHORT_MS, LONG_MS) != (rows[i].count > 0))
            fail_msg("%s: %s", rows[i].trick, err.text);
        for (size_t j = 0; j < scout.count; j++)
            seen += scout.instances[j].seen;
        if (rows[i].count > 0 &&
            (scout.count != rows[i].count || seen != rows[i].seen || scout.left_out != rows[i].left_out))
            fail_msg("%s: %zu told, %zu seen, %zu left out", rows[i].trick, scout.count, seen, scout.left_out);
        if (rows[i].count == 0 && strstr(err.text, rows[i].why) == NULL)
            fail_msg("%s: %s", rows[i].trick, err.text);
    }
    peer_tell(peer, "trick\tsql1\thonest");
}

static void an_instance_that_does_it_badly_costs_itself_alone(void **state)
{
    static const struct {
        const char *trick;
        enum err_class class; /* ERR_NONE: it is seen all the same */
        const char *why;
    } rows[] = {
        { "closes:prelogin", ERR_PROTOCOL, "takes no TLS before it either" },
        { "cut:prelogin", ERR_PROTOCOL, "closed the connection at PRELOGIN" },
        { "drips:prelogin", ERR_TIMEOUT, "no whole answer to PRELOGIN" },
        { "empty:prelogin", ERR_PROTOCOL, "says that it has 8 bytes" },
        { "endless:prelogin", ERR_PROTOCOL, "status 0x00" },
        { "garbage:prelogin", ERR_PROTOCOL, "is no SQL Server" },
        { "silent:tls", ERR_NONE, "" },
        { "http", ERR_PROTOCOL, "is no SQL Server" },
        { "length-less:prelogin", ERR_PROTOCOL, "option 4" },
        { "length-more:prelogin", ERR_TIMEOUT, "no whole answer to PRELOGIN" },
        { "length-most:prelogin", ERR_PROTOCOL, "says that it has 65535 bytes" },
        { "length-seven:prelogin", ERR_PROTOCOL, "says that it has 7 bytes" },
        { "length-zero:prelogin", ERR_PROTOCOL, "says that it has 0 bytes" },
        { "no-version", ERR_PROTOCOL, "has no version" },
        { "other-type:prelogin", ERR_PROTOCOL, "is no SQL Server" },
        { "prelogin-huge", ERR_PROTOCOL, "9 to 4096 make sense" },
        { "prelogin-past-end", ERR_PROTOCOL, "option 0" },
        { "prelogin-unended", ERR_PROTOCOL, "have no end" },
        { "resets:prelogin", ERR_PROTOCOL, "Connection reset" },
        { "silent", ERR_TIMEOUT, "no whole answer to PRELOGIN" },
        { "strange-encryption", ERR_PROTOCOL, "which is none" },
        { "tls-alert:prelogin", ERR_PROTOCOL, "is no SQL Server" },
        { "truncated-head:prelogin", ERR_PROTOCOL, "closed the connection at PRELOGIN" },
        { "wrong-instance", ERR_NONE, "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct sql_scout_instance *found;

        peer_tell(peer, "trick\tsql1/PAY\t%s", rows[i].trick);
        assert_true(look(LONG_MS, rows[i].class == ERR_TIMEOUT ? SHORT_MS : LONG_MS));
        found = find("PAY");
        if (found->why.class != rows[i].class || strstr(found->why.text, rows[i].why) == NULL)
            fail_msg("%s: %s: %s", rows[i].trick, err_class_word(found->why.class), found->why.text);
        assert_int_equal(found->seen, rows[i].class == ERR_NONE);
        assert_int_equal(found->prelogin.wrong_instance, strcmp(rows[i].trick, "wrong-instance") == 0);
        assert_true(find("OLD")->by_browser);
    }
    peer_tell(peer, "trick\tsql1\thonest");
}

static void a_handshake_that_goes_wrong_is_told(void **state)
{
    static const struct {
        const char *trick;
        enum err_class class;
    } rows[] = {
        { "closes:tls", ERR_PROTOCOL },     { "resets:tls", ERR_PROTOCOL },  { "silent:tls", ERR_TIMEOUT },
        { "tls-alert:tls", ERR_PROTOCOL },  { "drips:tls", ERR_TIMEOUT },    { "tls-garbage:tls", ERR_PROTOCOL },
        { "other-type:tls", ERR_PROTOCOL }, { "garbage:tls", ERR_PROTOCOL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct tds_tls_settings settings = { .address = address,
                                                   .port = sqlpeer_port(peer, "sql1", "PAY"),
                                                   .name = "sql1",
                                                   .ca_file = peer_fact(peer, "ca_file"),
                                                   .timeout_ms = rows[i].class == ERR_TIMEOUT ? SHORT_MS : LONG_MS };
        struct tds_tls tls;

        peer_tell(peer, "trick\tsql1/PAY\t%s", rows[i].trick);
        if (tds_tls_look(&tls, &settings, &err) || err.class != rows[i].class)
            fail_msg("%s: %s", rows[i].trick, err.text);
        tds_tls_finish(&tls);
    }
    peer_tell(peer, "trick\tsql1\thonest");
}

/* ------------------------------------------------------------------------------------------------------------------ */

static void begin(void)
{
    char fleet[512];

    snprintf(address, sizeof address, "127.%d.%d.9", 30 + (getpid() >> 8) % 90, getpid() & 0xff);
    snprintf(
        fleet, sizeof fleet,
        "{\"hosts\": [{\"name\": \"sql1\", \"address\": \"%s\", \"instances\": ["
        "{\"name\": \"PAY\", \"version\": \"2012\"}, {\"name\": \"OLD\", \"version\": \"2008 R2\", \"tls\": \"1.0\"},"
        "{\"name\": \"STRICT\", \"version\": \"2022\", \"encryption\": \"strict\"}]}]}",
        address);
    peer = sqlpeer_begin("--fleet", fleet, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_of_them_is_found_with_its_build_and_its_encryption),
        cmocka_unit_test(their_tls_is_shaken_hands_with),
        cmocka_unit_test(a_browser_that_lies_costs_what_it_lied_about),
        cmocka_unit_test(an_instance_that_does_it_badly_costs_itself_alone),
        cmocka_unit_test(a_handshake_that_goes_wrong_is_told),
    };
    int failed = sqlpeer_absent();

    if (failed != 0)
        return failed;
    begin();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    peer_stop(peer);
    return failed;
}
