/* A failover cluster that a peer plays: nodes by their names, as DNS would have them. A name beneath localhost is that
 * of this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "site.h"
#include "winpeer.h"

#include <stdio.h>
#include <string.h>

#define NODE "\"version\": \"2016\", \"domain\": \"localhost\", \"group\": \"g\""
#define ON_CSV "\"disks\": [\"C:\\\\ClusterStorage\\\\Volume2\\\\a.vhdx\"]"

static const char fleet[] = "{\"clusters\": [{\"name\": \"clu1\", \"nodes\": [\"n1\", \"n2\", \"n3\"], \"volumes\": 2, "
                            "\"domain\": \"localhost\","
                            "  \"roles\": [\"File Server\"]}],"
                            "\"hosts\": ["
                            "{\"name\": \"n1\", " NODE ", \"names\": [\"clu1.localhost\"], \"hyperv\": {\"vms\": ["
                            "  {\"name\": \"mover\", " ON_CSV "}, {\"name\": \"second\"}]}},"
                            "{\"name\": \"n2\", " NODE ", \"hyperv\": {\"vms\": [{\"name\": \"third\"}]}},"
                            "{\"name\": \"n3\", " NODE ", \"hyperv\": {\"vms\": [{\"name\": \"fourth\"}]}},"
                            "{\"name\": \"alone\", " NODE ", \"hyperv\": {\"vms\": [{\"name\": \"own\"}]}}]}";

static int set_up(void **state)
{
    (void)state;
    site_begin(fleet);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    site_end();
    return 0;
}

static void aim(const char *host)
{
    site_aim_with("n1", true, "host", host);
}

static void scan(const char *host, bool cluster)
{
    aim(host);
    if (cluster)
        mock_option(site.mock, "cluster", "true");
    if (!mock_scan(site.mock))
        fail_msg("%s: %s", host, mock_failure(site.mock)->text);
}

static const struct item *find(const char *kind, const char *name)
{
    const struct item *found = NULL;

    for (size_t i = 0; i < mock_item_count(site.mock, NULL); i++) {
        const struct item *item = mock_item_at(site.mock, i);
        const char *shown = item_text(item, "id.name");

        if (strcmp(item->kind, kind) != 0 || shown == NULL || strcmp(shown, name) != 0)
            continue;
        if (found != NULL)
            fail_msg("%s %s is there twice", kind, name);
        found = item;
    }
    if (found == NULL)
        fail_msg("there is no %s %s", kind, name);
    return found;
}

static const char *far_end(const struct item *item, const char *relation)
{
    for (size_t i = 0; i < item->link_count; i++)
        if (strcmp(item->links[i].relation, relation) == 0)
            return item->links[i].key;
    return "";
}

static void runs_on(const char *machine, const char *node)
{
    assert_string_equal(far_end(find("vm", machine), "runs_on"), find("hyperv_host", node)->key);
}

static void a_node_tells_its_cluster(void **state)
{
    const struct item *cluster, *volume, *machine;

    (void)state;
    scan("n1.localhost", false);
    cluster = find("cluster", "clu1");
    assert_string_equal(cluster->key, "clu1.localhost");
    assert_string_equal(item_text(cluster, "domain.name"), "localhost");
    assert_string_equal(site_list(cluster, "cluster.nodes"), "n1 n2 n3");
    assert_non_null(strstr(site_list(cluster, "cluster.role_types"), "File Server"));
    assert_non_null(strstr(site_list(cluster, "cluster.role_types"), "Virtual Machine"));
    volume = find("csv", "Volume2");
    assert_string_equal(item_text(volume, "csv.path"), "C:\\ClusterStorage\\Volume2");
    assert_string_equal(item_text(volume, "volume.filesystem"), "CSVFS");
    assert_true(mock_int(site.mock, "csv", volume->key, "volume.capacity") > 0);
    assert_string_equal(far_end(volume, "part_of"), "clu1.localhost");
    machine = find("vm", "mover");
    assert_true(item_get(machine, "vm.clustered")->truth);
    assert_string_equal(far_end(machine, "may_run_on"), "clu1.localhost");
    assert_string_equal(item_text(machine, "id.path"), "clu1.localhost/mover");
    assert_string_equal(far_end(machine, "stored_on"), volume->key);
    assert_string_equal(site_list(machine, "vm.disk_places"), "csv");
    assert_string_equal(far_end(find("hyperv_host", "n1"), "member_of"), "clu1.localhost");
    assert_int_equal(mock_item_count(site.mock, "vm"), 2);
    assert_int_equal(mock_completeness(site.mock), COMPLETE);
}

static void the_other_nodes_are_offered(void **state)
{
    size_t nodes = 0;

    (void)state;
    scan("n1.localhost", false);
    for (size_t i = 0; i < mock_offer_count(site.mock); i++) {
        const struct message_offer *offer = mock_offer_at(site.mock, i);

        if (strcmp(offer->plugin, "hyperv") != 0)
            continue;
        nodes++;
        assert_true(strcmp(offer->host, "n2.localhost") == 0 || strcmp(offer->host, "n3.localhost") == 0);
        assert_string_equal(offer->evidence, "a node of the cluster clu1.localhost");
    }
    assert_int_equal(nodes, 2);
}

static void a_host_that_is_no_node_has_machines_that_move_nowhere(void **state)
{
    (void)state;
    scan("alone.localhost", false);
    assert_false(item_get(find("vm", "own"), "vm.clustered")->truth);
    assert_string_equal(far_end(find("vm", "own"), "may_run_on"), "");
    assert_string_equal(item_text(find("vm", "own"), "id.path"), "alone.localhost/own");
    assert_int_equal(mock_item_count(site.mock, "cluster"), 0);
}

static void a_cluster_is_scanned_once_with_all_its_nodes(void **state)
{
    (void)state;
    scan("clu1.localhost", true);
    assert_int_equal(mock_item_count(site.mock, "cluster"), 1);
    assert_int_equal(mock_item_count(site.mock, "csv"), 2);
    assert_int_equal(mock_item_count(site.mock, "hyperv_host"), 3);
    assert_int_equal(mock_item_count(site.mock, "vm"), 4);
    runs_on("mover", "n1");
    runs_on("third", "n2");
    runs_on("fourth", "n3");
    assert_int_equal(mock_completeness(site.mock), COMPLETE);
    assert_int_equal(mock_warning_count(site.mock), 0);
}

static void a_live_migration_is_a_move_of_the_same_machine(void **state)
{
    char key[64];

    (void)state;
    scan("clu1.localhost", true);
    snprintf(key, sizeof key, "%s", find("vm", "mover")->key);
    peer_tell(site.peer, "move mover n1 n3");
    scan("clu1.localhost", true);
    peer_tell(site.peer, "move mover n3 n1");
    assert_string_equal(find("vm", "mover")->key, key);
    runs_on("mover", "n3");
    assert_int_equal(mock_item_count(site.mock, "vm"), 4);
    assert_int_equal(mock_completeness(site.mock), COMPLETE);
}

static void a_node_that_is_down_makes_it_partial(void **state)
{
    (void)state;
    peer_tell(site.peer, "trick\tn2\tunavailable");
    scan("clu1.localhost", true);
    peer_tell(site.peer, "trick\tn2\thonest");
    assert_int_equal(mock_completeness(site.mock), PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "hyperv_host"), 2);
    assert_int_equal(mock_item_count(site.mock, "vm"), 3);
    assert_int_equal(mock_warning_count(site.mock), 1);
    assert_non_null(strstr(mock_warning_at(site.mock, 0)->text, "its node n2 could not be scanned: "));
}

/* One refusal, and one account that is not locked by its own scan. */
static void after_a_node_that_refuses_the_login_none_sees_the_credential(void **state)
{
    (void)state;
    peer_tell(site.peer, "trick\tn2\tdenied");
    peer_tell(site.peer, "reset");
    scan("clu1.localhost", true);
    peer_tell(site.peer, "trick\tn2\thonest");
    assert_int_equal(winpeer_count(site.peer, "handshakes"), 1);
    assert_int_equal(winpeer_count(site.peer, "attempts"), 2);
    assert_int_equal(mock_completeness(site.mock), PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "hyperv_host"), 1);
    assert_int_equal(mock_warning_count(site.mock), 2);
    assert_non_null(strstr(mock_warning_at(site.mock, 0)->text, "its node n2 could not be scanned: "));
    assert_non_null(strstr(mock_warning_at(site.mock, 1)->text, "its node n3 was not asked: n2 refuses the login"));
}

static void a_node_that_is_silent_does_not_take_the_time_of_others(void **state)
{
    (void)state;
    peer_tell(site.peer, "trick\tn2\tsilent");
    aim("clu1.localhost");
    mock_option(site.mock, "cluster", "true");
    mock_deadline(site.mock, 12000);
    assert_true(mock_scan(site.mock));
    peer_tell(site.peer, "trick\tn2\thonest");
    assert_int_equal(mock_completeness(site.mock), PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "hyperv_host"), 2);
    runs_on("fourth", "n3");
}

/* What a node says of itself silences no other: whose machines would be gone, and the scan complete. */
static void a_node_that_calls_itself_as_another_hides_it_not(void **state)
{
    (void)state;
    peer_tell(site.peer, "set\tn2\troot/cimv2\tWin32_ComputerSystem\tDNSHostName\tn3");
    scan("clu1.localhost", true);
    peer_tell(site.peer, "set\tn2\troot/cimv2\tWin32_ComputerSystem\tDNSHostName\tn2");
    assert_int_equal(mock_item_count(site.mock, "hyperv_host"), 3);
    find("vm", "fourth");
}

/* Boards share them, and a node may lie. */
static void nodes_of_one_uuid_are_hosts_of_their_own(void **state)
{
    static const char *const nodes[] = { "n1", "n2" };

    (void)state;
    for (size_t i = 0; i < 2; i++)
        peer_tell(site.peer,
                  "set\t%s\troot/cimv2\tWin32_ComputerSystemProduct\tUUID\t03000200-0400-0500-0006-000700080009",
                  nodes[i]);
    scan("clu1.localhost", true);
    assert_int_equal(mock_item_count(site.mock, "hyperv_host"), 3);
    runs_on("mover", "n1");
    runs_on("third", "n2");
}

/* What the cluster names as its node must say so, too: else its machines would be the cluster's. */
static void a_computer_that_is_named_and_is_no_node_is_left_out(void **state)
{
    (void)state;
    peer_tell(site.peer, "set\tn1\troot/MSCluster\tMSCluster_Node\tName\talone\tName=n2");
    scan("clu1.localhost", true);
    peer_tell(site.peer, "set\tn1\troot/MSCluster\tMSCluster_Node\tName\tn2\tName=alone");
    assert_int_equal(mock_completeness(site.mock), PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "hyperv_host"), 2);
    assert_int_equal(mock_item_count(site.mock, "vm"), 3);
    assert_non_null(strstr(mock_warning_at(site.mock, mock_warning_count(site.mock) - 1)->text,
                           "its node alone could not be scanned: "));
}

/* A cluster that names somebody else's computer gets no account there. */
static void nodes_are_followed_in_the_domain_of_host_only(void **state)
{
    (void)state;
    peer_tell(site.peer, "set\tn1\troot/MSCluster\tMSCluster_Node\tName\tevil.example.com\tName=n2");
    peer_tell(site.peer, "set\tn1\troot/MSCluster\tMSCluster_Node\tName\tn2@evil\tName=n3");
    peer_tell(site.peer, "reset");
    scan("clu1.localhost", true);
    peer_tell(site.peer, "trick\tn1\thonest");
    assert_int_equal(mock_completeness(site.mock), PARTIAL);
    assert_int_equal(mock_item_count(site.mock, "hyperv_host"), 1);
    assert_int_equal(mock_warning_count(site.mock), 2);
    assert_non_null(strstr(mock_warning_at(site.mock, 0)->text, "no name that a computer can have"));
    assert_int_equal(winpeer_count(site.peer, "attempts"), 1);
}

static void a_computer_that_is_no_cluster_is_told(void **state)
{
    (void)state;
    aim("alone.localhost");
    mock_option(site.mock, "cluster", "true");
    assert_false(mock_scan(site.mock));
    assert_int_equal(mock_failure(site.mock)->class, ERR_UNSUPPORTED);
    assert_non_null(strstr(mock_failure(site.mock)->text, "is no failover cluster"));
}

static void nodes_must_prove_who_they_are(void **state)
{
    static const struct {
        const char *host, *option, *value, *why;
        bool tls;
    } cases[] = {
        { "clu1", NULL, NULL, "it is a full name", true },
        { "127.0.0.1", NULL, NULL, "it is a full name", true },
        { "clu1.localhost", "fingerprint",
          "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:"
          "66:77:88:99",
          "it is of one computer", true },
        { "clu1.localhost", NULL, NULL, "nodes have to prove who they are", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        site_aim_with("n1", cases[i].tls, "host", cases[i].host);
        mock_option(site.mock, "cluster", "true");
        if (cases[i].option != NULL)
            mock_option(site.mock, cases[i].option, cases[i].value);
        if (mock_check(site.mock) || strstr(mock_failure(site.mock)->text, cases[i].why) == NULL)
            fail_msg("%s: %s", cases[i].host, mock_failure(site.mock)->text);
        assert_int_equal(mock_failure(site.mock)->class, ERR_CONFIG);
    }
}

/* The cluster has told its name: a class that WMI lost behind that makes it no lone host. */
static void a_class_that_wmi_lost_is_no_host_without_a_cluster(void **state)
{
    (void)state;
    peer_tell(site.peer, "trick\tn1\tlost:MSCluster_Node");
    scan("n1.localhost", false);
    peer_tell(site.peer, "trick\tn1\thonest");
    assert_non_null(site_unread(find("hyperv_host", "n1"), "cluster.member"));
    assert_int_equal(mock_completeness(site.mock), PARTIAL);
}

/* Which machines are its roles is not known: they may move, so that all nodes count. */
static void without_the_resources_each_machine_may_move(void **state)
{
    const struct item *machine;

    (void)state;
    peer_tell(site.peer, "deny\tn1\tMSCluster_Resource");
    scan("n1.localhost", false);
    peer_tell(site.peer, "allow\tn1");
    machine = find("vm", "mover");
    assert_null(item_get(machine, "vm.clustered"));
    assert_non_null(site_unread(machine, "vm.clustered"));
    assert_int_equal(mock_completeness(site.mock), PARTIAL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_tells_its_cluster),
        cmocka_unit_test(the_other_nodes_are_offered),
        cmocka_unit_test(a_host_that_is_no_node_has_machines_that_move_nowhere),
        cmocka_unit_test(a_cluster_is_scanned_once_with_all_its_nodes),
        cmocka_unit_test(a_live_migration_is_a_move_of_the_same_machine),
        cmocka_unit_test(a_node_that_is_down_makes_it_partial),
        cmocka_unit_test(after_a_node_that_refuses_the_login_none_sees_the_credential),
        cmocka_unit_test(a_node_that_is_silent_does_not_take_the_time_of_others),
        cmocka_unit_test(a_node_that_calls_itself_as_another_hides_it_not),
        cmocka_unit_test(nodes_of_one_uuid_are_hosts_of_their_own),
        cmocka_unit_test(a_computer_that_is_named_and_is_no_node_is_left_out),
        cmocka_unit_test(nodes_are_followed_in_the_domain_of_host_only),
        cmocka_unit_test(a_computer_that_is_no_cluster_is_told),
        cmocka_unit_test(nodes_must_prove_who_they_are),
        cmocka_unit_test(a_class_that_wmi_lost_is_no_host_without_a_cluster),
        cmocka_unit_test(without_the_resources_each_machine_may_move),
    };

    if (winpeer_absent() != 0)
        return winpeer_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
