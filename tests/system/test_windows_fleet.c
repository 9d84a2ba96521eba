/* Windows computers (tests/peers/winpeer), and all of muster around the plugin: scanned by sealed HTTP, classified,
 * judged; and what is refused or fails later takes nothing away. */
#include "rig.h"
#include "winpeer.h"

#include "str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const hosts[] = { "fs1", "old", "nano", "ex1", "pc1", NULL };

static const char fleet[] =
    "{\"hosts\": ["
    "{\"name\": \"fs1\", \"version\": \"2016\", \"hotfixes\": [\"KB4013429\"],"
    " \"sql\": {\"MSSQLSERVER\": \"2016\"}},"
    "{\"name\": \"old\", \"version\": \"2008-sp2\"},"
    "{\"name\": \"nano\", \"version\": \"2016-nano\"},"
    "{\"name\": \"ex1\", \"version\": \"2012\", \"exchange\": \"2016\"},"
    "{\"name\": \"pc1\", \"version\": \"client-10\","
    " \"volumes\": [[\"C:\", \"\", \"NTFS\", 107374182400], [\"D:\", \"stick\", \"FAT32\", 8589934592]]}]}";

struct site {
    struct rig rig;
    struct peer *peer;
};

static void add_target(struct str *targets, const struct peer *peer, const char *host)
{
    str_format(targets,
               "{ name = \"%s\"; plugin = \"windows\"; credential = \"win\"; every = \"1h\";\n"
               "  options = { host = \"localhost\"; port = %d; tls = false; auth = \"ntlm\"; }; }%s\n",
               host, winpeer_port(peer, host, false), strcmp(host, "pc1") == 0 ? "" : ",");
}

static void begin(struct site *site)
{
    struct str targets = STR_EMPTY;

    site->peer = winpeer_begin("--fleet", fleet, NULL);
    rig_set_neighbour(peer_pid(site->peer));
    rig_begin(&site->rig);
    rig_set_password(&site->rig, peer_fact(site->peer, "password"));
    for (size_t i = 0; hosts[i] != NULL; i++)
        add_target(&targets, site->peer, hosts[i]);
    rig_configure(&site->rig,
                  "credentials = ( { name = \"win\"; username = \"CORP\\\\scan\"; password_file = \"word\"; } );\n"
                  "backup_servers = ( { name = \"mabs1\"; product = \"mabs-v2\"; installation = \"physical\"; } );\n"
                  "matrix = \"%s/matrix\"; products = \"%s/products.conf\";\n"
                  "targets = ( %s );\n",
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

static void assert_result(struct site *site, const char *target, const char *result)
{
    if (rig_number(&site->rig, "SELECT count(*) FROM target WHERE name = '%s' AND result = '%s'", target, result) != 1)
        fail_msg("%s: not %s: %s%s", target, result, site->rig.out, site->rig.err);
}

static void scan(struct site *site, const char *target, const char *result)
{
    rig_muster(&site->rig, "scan", target, NULL);
    assert_result(site, target, result);
}

static void scan_all(struct site *site)
{
    for (size_t i = 0; hosts[i] != NULL; i++)
        scan(site, hosts[i], "complete");
}

/* The asset of that kind and name by that method: the verdict, and a word of why. */
static void assert_judged(struct site *site, const char *kind, const char *name, const char *verdict, const char *why)
{
    const char *method = strcmp(kind, "machine") == 0 ? "agent" : "application";
    long long id = rig_number(&site->rig, "SELECT id FROM asset WHERE kind = '%s' AND name = '%s'", kind, name);
    char text[24];

    snprintf(text, sizeof text, "%lld", id);
    rig_muster(&site->rig, "explain", text, "--format", "json", NULL);
    if (strstr(site->rig.out, why) == NULL)
        fail_msg("%s: nothing of %s in: %s%s", name, why, site->rig.out, site->rig.err);
    if (rig_number(&site->rig,
                   "SELECT count(*) FROM protection WHERE asset = %lld AND method = '%s' AND verdict = '%s'", id,
                   method, verdict) != 1)
        fail_msg("%s is not %s by %s: %s", name, verdict, method, site->rig.out);
}

static void each_computer_is_scanned_classified_and_judged(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    scan_all(&site);
    assert_judged(&site, "machine", "fs1", "supported", "row 8");
    assert_judged(&site, "machine", "old", "unsupported", "row 20");
    assert_judged(&site, "machine", "nano", "unsupported", "R4");
    assert_judged(&site, "exchange_server", "ex1", "conditional", "R10");
    assert_judged(&site, "machine", "pc1", "unsupported", "R1");
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM offer WHERE plugin = 'sql'"), 1);
    end(&site);
}

static void what_is_refused_later_keeps_its_last_value(void **state)
{
    static const char kept[] = "SELECT count(*) FROM item WHERE kind = 'machine' AND facts LIKE '%KB4013429%'";
    struct site site;

    (void)state;
    begin(&site);
    scan(&site, "fs1", "complete");
    assert_int_equal(rig_number(&site.rig, "%s", kept), 1);
    peer_tell(site.peer, "deny\tfs1\troot/cimv2/Win32_QuickFixEngineering");
    scan(&site, "fs1", "complete");
    assert_int_equal(rig_number(&site.rig, "%s", kept), 1);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM history WHERE what = 'changed'"), 0);
    end(&site);
}

static void whatever_a_scan_fails_of_nothing_is_gone(void **state)
{
    static const struct {
        const char *trick, *result;
    } tricks[] = { { "access-denied", "unsupported" },
                   { "nothing", "unsupported" },
                   { "reboots:down@9", "unreachable" },
                   { "cut@5", "unreachable" },
                   { "sealed-altered@6", "protocol" } };
    struct site site;
    long long items;

    (void)state;
    begin(&site);
    scan(&site, "fs1", "complete");
    items = rig_number(&site.rig, "SELECT count(*) FROM item WHERE gone_at IS NULL");
    assert_int_equal(items, 2);
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        peer_tell(site.peer, "trick\tfs1\t%s", tricks[i].trick);
        scan(&site, "fs1", tricks[i].result);
        peer_tell(site.peer, "trick\tfs1\thonest");
        peer_tell(site.peer, "up\tfs1");
        assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM item WHERE gone_at IS NULL"), items);
    }
    scan(&site, "fs1", "complete");
    end(&site);
}

/* Five computers, one credential: what is refused at one is tried at no other. */
static void a_refused_credential_is_tried_once(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    for (size_t i = 0; hosts[i] != NULL; i++)
        peer_tell(site.peer, "trick\t%s\tdenied", hosts[i]);
    peer_tell(site.peer, "reset");
    rig_muster(&site.rig, "scan", NULL);
    assert_int_equal(winpeer_count(site.peer, "attempts"), 1);
    end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_computer_is_scanned_classified_and_judged),
        cmocka_unit_test(what_is_refused_later_keeps_its_last_value),
        cmocka_unit_test(whatever_a_scan_fails_of_nothing_is_gone),
        cmocka_unit_test(a_refused_credential_is_tried_once),
    };

    if (winpeer_absent() != 0)
        return winpeer_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
