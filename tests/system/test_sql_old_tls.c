/* SQL Servers that have only TLS 1.0 (tests/peers/sqlpeer), and all of muster around the plugins: without the option
 * nobody logs in; with it they are read, and every report says so. */
#include "rig.h"
#include "sqlpeer.h"

#include "str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
#define HOST(name, instance, version, database) \
    "{\"name\": \"" name "\", \"names\": [\"" name ".corp.example\"], \"address\": \"127.0.0.1\", \"browser\": false," \
    " \"instances\": [{\"name\": \"" instance "\", \"version\": \"" version "\", \"tls\": \"1.0\", \"databases\": [" database "]}]}"

static const char fleet[] =
    "{\"hosts\": [" HOST("allowed", "AGED", "2008 SP3", "\"Sales\"") ", " HOST("plain", "AGED", "2008 SP3", "\"Sales\"") ", "
    HOST("mabs1", "MABS", "2016", "{\"name\": \"DPMDB\", \"dpm\": {\"server\": \"mabs1.corp.example\", \"version\": \"12.0.332.0\","
         " \"sources\": [{\"type\": \"volume\", \"computer\": \"fs1.corp.example\", \"name\": \"D:\", \"group\": \"Files\"}]}}")
    "]}";
/* clang-format on */

struct site {
    struct rig rig;
    struct peer *peer;
};

static void add_target(struct str *targets, struct peer *peer, const char *plugin, const char *host,
                       const char *instance, const char *more)
{
    str_format(targets,
               "%s{ name = \"%s\"; plugin = \"%s\"; credential = \"sql\"; every = \"1h\";\n"
               "  options = { host = \"%s.corp.example\"; address = \"127.0.0.1\"; port = %d; instance = \"%s\";"
               " ca_file = \"%s\";%s }; }",
               targets->length == 0 ? "" : ",\n", host, plugin, host, sqlpeer_port(peer, host, instance), instance,
               peer_fact(peer, "ca_file"), more);
}

static void begin(struct site *site)
{
    struct str targets = STR_EMPTY;

    site->peer = sqlpeer_begin("--fleet", fleet, NULL);
    rig_set_neighbour(peer_pid(site->peer));
    rig_begin(&site->rig);
    rig_set_password(&site->rig, "right");
    add_target(&targets, site->peer, "sql", "allowed", "AGED", " allow_tls_1_0 = true;");
    add_target(&targets, site->peer, "sql", "plain", "AGED", "");
    add_target(&targets, site->peer, "dpm", "mabs1", "MABS", " allow_tls_1_0 = true;");
    rig_configure(&site->rig,
                  "credentials = ( { name = \"sql\"; username = \"scan\"; password_file = \"word\"; } );\n"
                  "backup_servers = ( { name = \"mabs1\"; product = \"mabs-v2\"; installation = \"physical\"; } );\n"
                  "matrix = \"%s/matrix\"; products = \"%s/products.conf\";\ntargets = ( %s );\n",
                  CONF, CONF, str_text(&targets));
    str_finish(&targets);
    rig_start(&site->rig);
}

static void end(struct site *site)
{
    rig_assert_whole(&site->rig);
    rig_stop(&site->rig);
    rig_end(&site->rig);
    rig_set_neighbour(0);
    peer_stop(site->peer);
}

static int64_t count(struct site *site, const char *host, const char *what)
{
    peer_tell(site->peer, "count\t%s", host);
    return peer_number(site->peer, what);
}

static void scan(struct site *site, const char *target)
{
    if (rig_muster(&site->rig, "scan", target, NULL) != 0)
        fail_msg("%s: %s%s", target, site->rig.out, site->rig.err);
}

/* The report of now has this, or it has not. */
static void assert_report(struct site *site, const char *format, const char *words, bool there)
{
    if (rig_muster(&site->rig, "report", "--format", format, NULL) != 0)
        fail_msg("%s", site->rig.err);
    if ((strstr(site->rig.out, words) != NULL) != there)
        fail_msg("%s: %s \"%s\": %s", format, there ? "nothing of" : "it has", words, site->rig.out);
}

static void without_the_option_nobody_logs_in_and_no_report_speaks_of_it(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    rig_muster(&site.rig, "scan", "plain", NULL);
    assert_int_equal(count(&site, "plain", "logins"), 0);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM unread WHERE prefix = 'sql.tls'"
                                           " AND why LIKE '%%allow_tls_1_0%%'"),
                     1);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM item WHERE kind = 'database'"), 0);
    assert_report(&site, "html", "Read over an old TLS", false);
    assert_report(&site, "json", "\"old_tls\": []", true);
    end(&site);
}

static void with_it_every_report_says_so_and_of_whom(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    scan(&site, "allowed");
    scan(&site, "mabs1");
    rig_muster(&site.rig, "scan", "plain", NULL);
    assert_true(count(&site, "allowed", "logins") > 0);
    assert_int_equal(count(&site, "plain", "logins"), 0);
    assert_report(&site, "html", "2 instances of SQL Server</a> were read over TLS 1.0 or 1.1", true);
    assert_report(&site, "html", "<td data-label=\"TLS\">TLSv1</td><td data-label=\"Read by\">allowed</td>", true);
    assert_report(&site, "html", "<td data-label=\"TLS\">TLSv1</td><td data-label=\"Read by\">mabs1</td>", true);
    assert_report(&site, "html", "data-label=\"Read by\">plain</td>", false);
    assert_report(&site, "json", "\"tls\":\"TLSv1\",\"unread\":null,\"sources\":[\"allowed\"],\"more_sources\":0}",
                  true);
    assert_report(&site, "junit", "<property name=\"old_tls\" value=\"ALLOWED\\AGED (TLSv1), MABS1 (TLSv1)\"/>", true);
    rig_muster(&site.rig, "show", "ALLOWED\\AGED", NULL);
    assert_non_null(strstr(site.rig.out, "TLSv1"));
    end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_option_nobody_logs_in_and_no_report_speaks_of_it),
        cmocka_unit_test(with_it_every_report_says_so_and_of_whom),
    };

    if (sqlpeer_absent() != 0)
        return sqlpeer_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
