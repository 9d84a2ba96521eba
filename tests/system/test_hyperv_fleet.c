/* Hyper-V hosts that a peer plays (tests/peers/winpeer), and all of muster around the plugin: a host of 2008 with the
 * first namespace, over HTTP sealed by NTLM, beside newer ones and a cluster. */
#include "rig.h"
#include "winpeer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NODE "\"version\": \"2012-r2\", \"domain\": \"localhost\", \"group\": \"g\""
#define MACHINES 9

static const char told[] =
    "{\"clusters\": [{\"name\": \"clu1\", \"nodes\": [\"n1\", \"n2\"], \"domain\": \"localhost\"}], \"hosts\": ["
    "{\"name\": \"hv08\", \"version\": \"2008-sp2\", \"hyperv\": {\"vms\": [{\"name\": \"old\", \"guest\": "
    "\"2008-sp2\"},"
    "  {\"name\": \"new\", \"guest\": \"2012-r2\"}, {\"name\": \"off\", \"state\": \"off\"}]}},"
    "{\"name\": \"hv12\", \"version\": \"2012-r2\", \"hyperv\": {\"vms\": [{\"name\": \"saved\", \"guest\": "
    "\"2008-sp2\"}]}},"
    "{\"name\": \"hv16\", \"version\": \"2016\", \"hyperv\": {\"vms\": 2}},"
    "{\"name\": \"n1\", " NODE ", \"names\": [\"clu1.localhost\"], \"hyperv\": {\"vms\": [{\"name\": \"mover\"},"
    "  {\"name\": \"stays\"}]}},"
    "{\"name\": \"n2\", " NODE ", \"hyperv\": {\"vms\": [{\"name\": \"other\"}]}}]}";

struct site {
    struct rig rig;
    struct peer *peer;
};

/* Of hosts that stand alone, sealed by NTLM; nodes: how the cluster is reached, as targets. */
static void begin(struct site *site, const char *nodes)
{
    site->peer = winpeer_begin("--fleet", told, NULL);
    rig_set_neighbour(peer_pid(site->peer));
    rig_begin(&site->rig);
    rig_set_password(&site->rig, peer_fact(site->peer, "password"));
    rig_configure(&site->rig,
                  "credentials = ( { name = \"scan\"; username = \"%s\\\\%s\"; password_file = \"word\"; } );\n"
                  "backup_servers = ( { name = \"B\"; product = \"mabs-v2\"; installation = \"physical\";\n"
                  "  os = \"Windows Server 2016\"; domain = \"corp.example\"; trusts = [ \"localhost\" ]; } );\n"
                  "targets = ( { name = \"hv08\"; plugin = \"hyperv\"; credential = \"scan\"; every = \"1h\";\n"
                  "    options = { host = \"localhost\"; port = %d; tls = false; auth = \"ntlm\"; }; },\n"
                  "  { name = \"hv12\"; plugin = \"hyperv\"; credential = \"scan\"; every = \"1h\";\n"
                  "    options = { host = \"localhost\"; port = %d; tls = false; auth = \"ntlm\"; }; },\n"
                  "  { name = \"hv16\"; plugin = \"hyperv\"; credential = \"scan\"; every = \"1h\";\n"
                  "    options = { host = \"localhost\"; port = %d; tls = false; auth = \"ntlm\"; }; },\n"
                  "  { name = \"clu1\"; plugin = \"hyperv\"; credential = \"scan\"; every = \"1h\"; %s\n"
                  "    port = %d; auth = \"ntlm\"; ca_file = \"%s\"; }; } );\n",
                  peer_fact(site->peer, "domain"), peer_fact(site->peer, "username"),
                  winpeer_port(site->peer, "hv08", false), winpeer_port(site->peer, "hv12", false),
                  winpeer_port(site->peer, "hv16", false), nodes, winpeer_port(site->peer, "n1", true),
                  peer_fact(site->peer, "ca_file"));
    rig_start(&site->rig);
}

#define BY_NODES "scope = \"clu1\"; hosts = [ \"n1.localhost\", \"n2.localhost\" ]; options = {"
#define BY_NAME "options = { host = \"clu1.localhost\"; cluster = true;"

static void end(struct site *site)
{
    rig_assert_whole(&site->rig);
    rig_stop(&site->rig);
    rig_end(&site->rig);
    rig_set_neighbour(0);
    peer_stop(site->peer);
}

static void scan(struct site *site, const char *target)
{
    if (rig_muster(&site->rig, "scan", target, NULL) != 0)
        fail_msg("%s%s", site->rig.out, site->rig.err);
}

static void counts(struct site *site, long long wanted, const char *what)
{
    long long found = rig_number(&site->rig, "SELECT count(*) FROM %s", what);

    if (found != wanted)
        fail_msg("%lld of %s", found, what);
}

/* How a machine is judged as a whole. */
static void judges(struct site *site, const char *machine, const char *verdict, const char *reason)
{
    if (rig_number(&site->rig,
                   "SELECT count(*) FROM protection p JOIN item i ON i.asset = p.asset WHERE i.kind = 'vm' AND "
                   "i.name = '%s' AND p.method = 'image' AND p.verdict = '%s' AND p.reason LIKE '%%%s%%'",
                   machine, verdict, reason) != 1) {
        rig_muster(&site->rig, "explain", machine, NULL);
        fail_msg("%s is not %s: %s", machine, verdict, site->rig.out);
    }
}

/* On a host of 2008 SP2 all machines are lost as a whole, whatever runs in them; a guest of 2008 SP2 on a newer host is
 * not. */
static void machines_of_a_host_of_2008_are_lost_and_those_beside_are_not(void **state)
{
    struct site site;

    (void)state;
    begin(&site, BY_NAME);
    scan(&site, NULL);
    counts(&site, 4, "target WHERE result = 'complete'");
    counts(&site, MACHINES, "item WHERE kind = 'vm' AND gone_at IS NULL");
    counts(&site, 5, "item WHERE kind = 'hyperv_host'");
    counts(&site, 1, "item WHERE kind = 'cluster'");
    judges(&site, "old", "unsupported", "row 56");
    judges(&site, "new", "unsupported", "row 56");
    judges(&site, "off", "unsupported", "row 56");
    judges(&site, "saved", "supported", "row 53");
    judges(&site, "mover", "supported", "row 53");
    counts(
        &site, 4,
        "protection p WHERE p.verdict = 'unsupported' AND p.method IN ('image', 'host') AND p.reason LIKE '%row 56%'");
    end(&site);
}

/* A machine is the same item wherever its node is: it moves, and nothing of it is gone or new. */
static void a_live_migration_is_a_move(void **state)
{
    static const char *const ways[] = { BY_NAME, BY_NODES };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct site site;

        begin(&site, ways[i]);
        scan(&site, NULL);
        counts(&site, MACHINES, "item WHERE kind = 'vm' AND gone_at IS NULL");
        peer_tell(site.peer, "move mover n1 n2");
        scan(&site, NULL);
        scan(&site, NULL);
        counts(&site, MACHINES, "item WHERE kind = 'vm' AND gone_at IS NULL AND lost_at IS NULL");
        counts(&site, MACHINES, "item WHERE kind = 'vm'");
        counts(&site, 1, "history h JOIN item i ON i.id = h.item WHERE i.name = 'mover' AND h.what = 'moved'");
        counts(&site, 0, "history WHERE what IN ('gone', 'returned')");
        end(&site);
    }
}

/* Who is shown no machines any more has not lost them. */
static void an_account_that_lost_its_rights_removes_nothing(void **state)
{
    struct site site;

    (void)state;
    begin(&site, BY_NAME);
    scan(&site, "hv08");
    peer_tell(site.peer, "deny\thv08\troot/virtualization");
    rig_muster(&site.rig, "scan", "hv08", NULL);
    counts(&site, 1, "target WHERE name = 'hv08' AND result = 'partial'");
    counts(&site, 3, "item WHERE kind = 'vm' AND gone_at IS NULL");
    end(&site);
}

/* A guest may call itself as it likes: what comes of that is a proposal. */
static void guests_are_proposed_and_not_scanned(void **state)
{
    struct site site;

    (void)state;
    begin(&site, BY_NAME);
    scan(&site, "hv08");
    counts(&site, 2, "offer WHERE plugin = 'windows' AND host IN ('old.corp.example', 'new.corp.example')");
    counts(&site, 4, "target");
    end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines_of_a_host_of_2008_are_lost_and_those_beside_are_not),
        cmocka_unit_test(a_live_migration_is_a_move),
        cmocka_unit_test(an_account_that_lost_its_rights_removes_nothing),
        cmocka_unit_test(guests_are_proposed_and_not_scanned),
    };

    if (winpeer_absent() != 0)
        return winpeer_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
