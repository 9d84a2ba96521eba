/* The peer, and all of muster around the plugin: the daemon, its confined scans, the database, the command. */
#include "rig.h"
#include "vcfleet_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct site {
    struct rig rig;
    struct vcfleet *fleet;
};

#define SERVERS "backup_servers = ( { name = \"mabs01\"; product = \"mabs-v2\"; installation = \"physical\"; } );\n"

/* names: of the targets, each the same vCenter Server. */
static void configure(struct site *site, const char *const *names)
{
    const char *url = vcfleet_fact(site->fleet, VCFLEET_URL), *name = vcfleet_fact(site->fleet, VCFLEET_USERNAME);
    const char *fingerprint = vcfleet_fact(site->fleet, VCFLEET_FINGERPRINT);
    char targets[4096] = "";

    for (; *names != NULL; names++)
        snprintf(targets + strlen(targets), sizeof targets - strlen(targets),
                 "%s{ name = \"%s\"; plugin = \"vmware\"; credential = \"vc\"; every = \"1h\";\n"
                 "  options = { url = \"%s\"; fingerprint = \"%s\"; }; }",
                 targets[0] == '\0' ? "" : ", ", *names, url, fingerprint);
    rig_configure(&site->rig,
                  "credentials = ( { name = \"vc\"; username = \"%s\"; password_file = \"word\"; } );\n" SERVERS
                  "targets = ( %s );\n",
                  name, targets);
}

static void begin(struct site *site, const char *option, const char *value)
{
    site->fleet = vcfleet_begin("-vm", "3", option, value, NULL);
    rig_set_neighbour(vcfleet_pid(site->fleet));
    rig_begin(&site->rig);
    rig_set_password(&site->rig, vcfleet_fact(site->fleet, VCFLEET_PASSWORD));
    configure(site, (const char *const[]){ "vc01", NULL });
    rig_start(&site->rig);
}

/* The peer outlives the daemon, which gives its session back. */
static void end(struct site *site)
{
    rig_assert_whole(&site->rig);
    rig_stop(&site->rig);
    assert_int_equal(vcfleet_sessions(site->fleet), 0);
    rig_end(&site->rig);
    rig_set_neighbour(0);
    vcfleet_stop(site->fleet);
}

/* muster scan, and what it came to ("complete", "delta", "partial"). */
static void scan(struct site *site, const char *result)
{
    if (rig_muster(&site->rig, "scan", "vc01", NULL) != 0)
        fail_msg("the scan failed: %s%s", site->rig.out, site->rig.err);
    if (rig_number(&site->rig, "SELECT count(*) FROM target WHERE name = 'vc01' AND result = '%s'", result) != 1)
        fail_msg("not %s: %s", result, site->rig.out);
}

static long long machines(struct site *site)
{
    return rig_number(&site->rig, "SELECT count(*) FROM item WHERE kind = 'vm' AND gone_at IS NULL");
}

/* muster status tells what the target sees, whatever the last scan sent of it. */
static void assert_status_counts_what_is_seen(struct site *site)
{
    char items[64];

    snprintf(items, sizeof items, "\"items\":%lld,",
             rig_number(&site->rig, "SELECT count(*) FROM sighting WHERE missed_at IS NULL"));
    assert_int_equal(rig_muster(&site->rig, "status", "--format", "json", NULL), 0);
    if (strstr(site->rig.out, items) == NULL)
        fail_msg("not %s: %s", items, site->rig.out);
}

/* ---------------------------------------------------------------------------------------------------------- scans */

static void the_first_scan_is_complete_and_the_next_costs_one_request(void **state)
{
    struct site site;
    long long history;

    (void)state;
    begin(&site, NULL, NULL);
    scan(&site, "complete");
    assert_int_equal(machines(&site), vcfleet_machines(site.fleet));
    history = rig_number(&site.rig, "SELECT count(*) + max(changed_at) FROM item");
    vcfleet_tell(site.fleet, "reset");
    scan(&site, "delta");
    assert_int_equal(vcfleet_requests(site.fleet, NULL), 1);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) + max(changed_at) FROM item"), history);
    assert_status_counts_what_is_seen(&site);
    end(&site);
}

static void a_machine_that_is_new_is_judged_without_a_full_scan(void **state)
{
    struct site site;

    (void)state;
    begin(&site, NULL, NULL);
    scan(&site, "complete");
    vcfleet_tell(site.fleet, "add-vm new01 windows9Server64Guest");
    vcfleet_tell(site.fleet, "reset");
    scan(&site, "delta");
    assert_int_equal(vcfleet_requests(site.fleet, "Login"), 0);
    assert_int_equal(rig_muster(&site.rig, "explain", "new01", NULL), 0);
    assert_non_null(strstr(site.rig.out, "row 57"));
    assert_status_counts_what_is_seen(&site);
    end(&site);
}

static void one_that_left_is_gone_and_its_history_says_so(void **state)
{
    struct site site;

    (void)state;
    begin(&site, NULL, NULL);
    scan(&site, "complete");
    vcfleet_tell(site.fleet, "destroy DC0_H0_VM1");
    scan(&site, "delta");
    assert_int_equal(machines(&site), vcfleet_machines(site.fleet) - 1);
    assert_int_equal(
        rig_number(&site.rig, "SELECT count(*) FROM item WHERE name = 'DC0_H0_VM1' AND gone_at IS NOT NULL"), 1);
    assert_status_counts_what_is_seen(&site);
    end(&site);
}

/* Rows that one target's scope has and the other's has not. */
static long long differences(struct site *site, const char *one, const char *other)
{
    return rig_number(&site->rig,
                      "SELECT count(*) FROM (SELECT kind, key, facts FROM item JOIN sighting ON sighting.item = item.id"
                      " JOIN target ON target.id = sighting.target WHERE target.name = '%s' AND gone_at IS NULL"
                      " EXCEPT SELECT kind, key, facts FROM item JOIN sighting ON sighting.item = item.id"
                      " JOIN target ON target.id = sighting.target WHERE target.name = '%s' AND gone_at IS NULL)",
                      one, other);
}

static void what_changes_bring_is_what_a_fresh_target_sees(void **state)
{
    static const char *const changes[] = {
        "clone DC0_H0_VM0 new01",         "power-on DC0_C0_RP0_VM0",  "move-host DC0_C0_RP0_VM2 DC0_C0_H0",
        "rename DC0_C0_RP0_VM1 other",    "destroy DC0_H0_VM2",       "maintenance DC0_C0_H1 on",
        "attribute DC0_H0_VM0 Backup no", "rename DC0_C0_H2 esx99.x",
    };
    struct site site;

    (void)state;
    begin(&site, "-max-updates", "2");
    scan(&site, "complete");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        vcfleet_tell(site.fleet, "%s", changes[i]);
        if (rig_muster(&site.rig, "scan", "vc01", NULL) != 0)
            fail_msg("%s: %s%s", changes[i], site.rig.out, site.rig.err);
    }
    configure(&site, (const char *const[]){ "vc01", "fresh", NULL });
    rig_reload(&site.rig);
    assert_int_equal(rig_muster(&site.rig, "scan", "fresh", NULL), 0);
    assert_int_equal(differences(&site, "vc01", "fresh"), 0);
    assert_int_equal(differences(&site, "fresh", "vc01"), 0);
    assert_true(rig_number(&site.rig, "SELECT count(*) FROM item WHERE gone_at IS NULL") > 20);
    end(&site);
}

/* --------------------------------------------------------------------------------------------------------- leaving */

/* Destroys machines by number, as far as there are such; how many there were. */
static int destroy_many(struct site *site)
{
    char command[64];
    struct err err;
    int count = 0;

    for (int i = 0; i < 40; i++) {
        snprintf(command, sizeof command, "destroy DC0_%s_VM%d", i % 2 == 0 ? "H0" : "C0_RP0", i / 2);
        count += vcfleet_command(site->fleet, command, &err) != NULL;
    }
    return count;
}

static void a_mass_of_leaves_waits_for_somebody(void **state)
{
    struct site site;
    long long all;
    int many;

    (void)state;
    begin(&site, "-vm", "20");
    scan(&site, "complete");
    all = machines(&site);
    many = destroy_many(&site);
    assert_true(many > 30);
    scan(&site, "delta");
    assert_int_equal(machines(&site), all);
    assert_int_equal(rig_number(&site.rig, "SELECT held_count FROM target WHERE name = 'vc01'"), many);
    scan(&site, "delta");
    assert_int_equal(machines(&site), all);
    assert_int_equal(rig_muster(&site.rig, "accept", "vc01", NULL), 0);
    assert_int_equal(machines(&site), all - many);
    end(&site);
}

static void an_account_without_sight_empties_nothing(void **state)
{
    struct site site;
    long long all;

    (void)state;
    begin(&site, NULL, NULL);
    scan(&site, "complete");
    all = machines(&site);
    vcfleet_tell(site.fleet, "destroy DC0_H0_VM1");
    vcfleet_tell(site.fleet, "deny propagate");
    scan(&site, "partial");
    assert_int_equal(machines(&site), all);
    end(&site);
}

/* -------------------------------------------------------------------------------------------------------- sessions */

static void a_stop_of_the_daemon_ends_the_session(void **state)
{
    struct site site;

    (void)state;
    begin(&site, NULL, NULL);
    scan(&site, "complete");
    assert_int_equal(vcfleet_sessions(site.fleet), 1);
    rig_stop(&site.rig);
    assert_int_equal(vcfleet_sessions(site.fleet), 0);
    rig_start(&site.rig);
    end(&site);
}

static void a_restart_of_the_server_needs_no_restart_of_anything(void **state)
{
    struct site site;

    (void)state;
    begin(&site, NULL, NULL);
    scan(&site, "complete");
    vcfleet_tell(site.fleet, "add-vm new01");
    vcfleet_tell(site.fleet, "cut RetrievePropertiesEx 2");
    assert_int_equal(rig_muster(&site.rig, "scan", "vc01", NULL), 1);
    assert_int_equal(machines(&site), vcfleet_machines(site.fleet));
    scan(&site, "complete");
    assert_int_equal(machines(&site), vcfleet_machines(site.fleet) + 1);
    scan(&site, "delta");
    assert_int_equal(vcfleet_sessions(site.fleet), 1);
    end(&site);
}

static void a_wrong_password_is_tried_once(void **state)
{
    struct site site;

    (void)state;
    begin(&site, NULL, NULL);
    rig_set_password(&site.rig, "wrong");
    assert_int_equal(rig_muster(&site.rig, "scan", "vc01", NULL), 1);
    assert_non_null(strstr(site.rig.out, "InvalidLogin"));
    assert_int_equal(rig_muster(&site.rig, "scan", "vc01", NULL), 1);
    assert_int_equal(rig_muster(&site.rig, "doctor", "vc01", NULL), 1);
    assert_int_equal(vcfleet_requests(site.fleet, "Login"), 1);
    end(&site);
}

static void a_doctor_that_is_refused_holds_the_credential_too(void **state)
{
    struct site site;

    (void)state;
    begin(&site, NULL, NULL);
    rig_set_password(&site.rig, "wrong");
    assert_int_equal(rig_muster(&site.rig, "doctor", "vc01", NULL), 1);
    assert_non_null(strstr(site.rig.out, "lock the account"));
    assert_int_equal(rig_muster(&site.rig, "scan", "vc01", NULL), 1);
    assert_int_equal(vcfleet_requests(site.fleet, "Login"), 1);
    end(&site);
}

static void a_doctor_finds_all_well(void **state)
{
    struct site site;

    (void)state;
    begin(&site, NULL, NULL);
    assert_int_equal(rig_muster(&site.rig, "doctor", "vc01", NULL), 0);
    for (const char *const *step = (const char *const[]){ "name", "route", "trust", "api", "login", "sight", "licences",
                                                          "sessions", "clock", NULL };
         *step != NULL; step++)
        assert_non_null(strstr(site.rig.out, *step));
    end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_scan_is_complete_and_the_next_costs_one_request),
        cmocka_unit_test(a_machine_that_is_new_is_judged_without_a_full_scan),
        cmocka_unit_test(one_that_left_is_gone_and_its_history_says_so),
        cmocka_unit_test(what_changes_bring_is_what_a_fresh_target_sees),
        cmocka_unit_test(a_mass_of_leaves_waits_for_somebody),
        cmocka_unit_test(an_account_without_sight_empties_nothing),
        cmocka_unit_test(a_stop_of_the_daemon_ends_the_session),
        cmocka_unit_test(a_restart_of_the_server_needs_no_restart_of_anything),
        cmocka_unit_test(a_wrong_password_is_tried_once),
        cmocka_unit_test(a_doctor_that_is_refused_holds_the_credential_too),
        cmocka_unit_test(a_doctor_finds_all_well),
    };

    return vcfleet_absent() != 0 ? vcfleet_absent() : cmocka_run_group_tests(tests, NULL, NULL);
}
