/* What an instance tells of itself, what a login may see, and sections that fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "databases.h"
#include "exterior.h"
#include "files.h"
#include "groups.h"
#include "interior.h"
#include "pretend_sql.h"
#include "privileges.h"
#include "product.h"
#include "sql_nodes.h"

#include <stdlib.h>
#include <string.h>

static int set_up(void **state)
{
    (void)state;
    pretend_begin("sql1.corp.example", "ERP");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pretend_end();
    return 0;
}

/* ---------------------------------------------------------------------------------------------------- product ---- */

static void an_instance_tells_what_it_is(void **state)
{
    const struct item *item = &pretend.item;

    (void)state;
    pretend_product("13.0.4574.0", "2", "0", "0", "SQL1", "ERP");
    assert_string_equal(item->key, "sql1.corp.example\\ERP");
    assert_string_equal(pretend_text(item, "id.name"), "SQL1\\ERP");
    assert_string_equal(pretend_text(item, "sql.instance"), "ERP");
    assert_string_equal(pretend_text(item, "sql.build"), "13.0.4574.0");
    assert_string_equal(pretend_text(item, "sql.build_source"), "login");
    assert_string_equal(pretend_text(item, "sql.level"), "SP1");
    assert_string_equal(pretend_text(item, "sql.update_level"), "CU15");
    assert_string_equal(pretend_text(item, "sql.edition"), "Standard Edition (64-bit)");
    assert_string_equal(pretend_text(item, "sql.machine"), "SQL1");
    assert_string_equal(pretend_text(item, "id.netbios"), "SQL1");
    assert_int_equal(pretend_int(item, "sql.engine_edition"), 2);
    assert_int_equal(pretend_truth(item, "sql.clustered"), 0);
    assert_int_equal(pretend_truth(item, "sql.hadr"), 0);
    assert_int_equal(pretend_truth(item, "cluster.member"), 0);
    assert_string_equal(pretend.fqdn, "sql1.corp.example");
    assert_int_equal(item->unread_count, 0);
    assert_null(pretend.stranger);
}

static void a_name_that_only_the_login_tells_is_taken(void **state)
{
    (void)state;
    pretend_end();
    pretend_begin("sql1.corp.example", "");
    pretend_product("13.0.4574.0", "2", "0", "0", "SQL1", "(null)");
    assert_string_equal(pretend.item.key, "sql1.corp.example\\MSSQLSERVER");
    assert_string_equal(pretend_text(&pretend.item, "id.name"), "SQL1");
}

static void who_calls_itself_otherwise_is_a_stranger(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "2", "0", "0", "SQL1", "SHOP");
    assert_string_equal(pretend.stranger, "SHOP");
    pretend_databases();
    assert_int_equal(pretend.databases.count, 0);
    assert_int_equal(pretend_asked("sys.databases"), 0);
}

static void an_alias_is_no_full_name_of_the_computer(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "2", "0", "0", "SQL77", "ERP");
    assert_null(pretend.fqdn);
    pretend_says(pretend.no_fqdn, "alias");
    sql_nodes_link_computer(&pretend);
    assert_int_equal(pretend.item.link_count, 0);
}

static void before_2012_nobody_has_availability_groups(void **state)
{
    (void)state;
    pretend_product("10.50.6000.34", "2", "0", "(null)", "SQL1", "ERP");
    assert_int_equal(pretend_truth(&pretend.item, "sql.hadr"), 0);
    assert_int_equal(pretend.major, 10);
    pretend_databases();
    pretend_look(&groups_section);
    pretend_look(&groups_membership);
    assert_int_equal(pretend_asked("availability"), 0);
    assert_string_equal(pretend_text(pretend_database("Sales"), "database.availability_group"), "");
}

static void what_is_not_told_is_unread(void **state)
{
    const struct item *item = &pretend.item;

    (void)state;
    pretend_product("none", "(null)", "(null)", "(null)", "(null)", "ERP");
    assert_non_null(pretend_unread(item, "sql.build"));
    assert_non_null(pretend_unread(item, "sql.engine_edition"));
    assert_non_null(pretend_unread(item, "sql.clustered"));
    assert_non_null(pretend_unread(item, "sql.hadr"));
    assert_non_null(pretend_unread(item, "sql.machine"));
    assert_int_equal(pretend_truth(item, "cluster.member"), -1);
    assert_non_null(pretend_unread(item, "cluster."));
}

static void one_row_is_an_answer_and_none_or_two_are_not(void **state)
{
    (void)state;
    pretend_look(&product_section);
    pretend_says(pretend_unread(&pretend.item, "sql.edition"), "no row");
    pretend_row("DEFAULT_DOMAIN", "CORP", NULL);
    pretend_row("DEFAULT_DOMAIN", "OTHER", NULL);
    pretend_look(&product_domain);
    pretend_says(pretend_unread(&pretend.item, "sql.machine"), "no row");
    pretend.rights = 0;
    pretend_row("HAS_PERMS_BY_NAME", "sa", "1", "0", "0", "0", "0", "0", NULL);
    pretend_row("HAS_PERMS_BY_NAME", "sa", "1", "1", "1", "1", "1", "1", NULL);
    pretend_look(&privileges_section);
    pretend_says(pretend.blind, "several rows");
    assert_false(privileges_allows(&pretend, MAY(VIEW_ANY_DEFINITION)));
}

static void a_build_that_was_seen_before_the_login_stands_where_it_fails(void **state)
{
    struct sql_scout_instance found = { .name = "ERP", .port = 49812, .seen = true, .by_browser = true };

    (void)state;
    strcpy(found.prelogin.build, "13.0.4574");
    exterior_record(&pretend, &found);
    pretend_failure("ProductVersion", "the server is busy", false, false);
    pretend_look(&product_section);
    assert_string_equal(pretend_text(&pretend.item, "sql.build"), "13.0.4574");
    assert_string_equal(pretend_text(&pretend.item, "sql.build_source"), "prelogin");
    assert_int_equal(pretend_truth(&pretend.item, "sql.clustered"), 0);
    assert_null(pretend_unread(&pretend.item, "sql.clustered"));
    pretend_says(pretend_unread(&pretend.item, "sql.edition"), "busy");
}

static void a_service_of_azure_is_not_looked_into(void **state)
{
    static const char *const engines[] = { "5", "6", "8", "9", "11", "12" };

    (void)state;
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        pretend_end();
        pretend_begin("sql1.corp.example", "ERP");
        pretend_row("ProductVersion", "12.0.2000.8", "RTM", "(null)", "SQL Azure", engines[i], "0", "1", "SQL1", "SQL1",
                    "ERP", NULL);
        interior_look(&pretend);
        assert_int_equal(pretend_int(&pretend.item, "sql.engine_edition"), atoi(engines[i]));
        assert_int_equal(pretend_asked(""), 1);
        assert_true(pretend.partial);
        assert_non_null(pretend_unread(&pretend.item, "cluster."));
        sql_nodes_link_computer(&pretend);
        assert_int_equal(pretend.item.link_count, 0);
    }
}

/* ----------------------------------------------------------------------------------------------------- domain ---- */

static void the_domain_is_that_of_the_full_name(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "2", "0", "0", "SQL1", "ERP");
    pretend_row("DEFAULT_DOMAIN", "CORP", NULL);
    pretend_look(&product_domain);
    assert_string_equal(pretend_text(&pretend.item, "domain.name"), "corp.example");
}

static void a_computer_in_no_domain_has_none(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "2", "0", "0", "SQL1", "ERP");
    pretend_row("DEFAULT_DOMAIN", "sql1", NULL);
    pretend_look(&product_domain);
    assert_null(pretend_text(&pretend.item, "domain.name"));
    assert_null(pretend_unread(&pretend.item, "domain.name"));
}

static void a_domain_that_is_not_told_is_unread(void **state)
{
    (void)state;
    pretend_row("DEFAULT_DOMAIN", "(null)", NULL);
    pretend_look(&product_domain);
    assert_non_null(pretend_unread(&pretend.item, "domain.name"));
}

/* ---------------------------------------------------------------------------------------------------- cluster ---- */

static void groups_stand_on_a_cluster_which_has_a_name(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    assert_int_equal(pretend_truth(&pretend.item, "cluster.member"), -1);
    pretend_row("dm_hadr_cluster", "CLU1", NULL);
    pretend_look(&product_cluster);
    assert_int_equal(pretend_truth(&pretend.item, "cluster.member"), 1);
    assert_string_equal(pretend_text(&pretend.item, "cluster.name"), "CLU1");
}

static void groups_for_reading_only_stand_on_none(void **state)
{
    (void)state;
    pretend_product("14.0.1000.169", "3", "0", "1", "SQL1", "ERP");
    pretend_look(&product_cluster);
    assert_int_equal(pretend_truth(&pretend.item, "cluster.member"), 0);
}

static void whether_there_is_a_cluster_is_unread_without_the_right(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "3", "0", "1", "SQL1", "ERP");
    pretend.rights = 0;
    pretend_look(&product_cluster);
    pretend_says(pretend_unread(&pretend.item, "cluster.member"),
                 "needs VIEW SERVER STATE: GRANT VIEW SERVER STATE TO [CORP\\muster]");
    assert_int_equal(pretend_asked("dm_hadr_cluster"), 0);
}

static void nodes_are_computers_that_it_is_hosted_on(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "2", "1", "0", "SQL1", "ERP");
    pretend_row("dm_os_cluster_nodes", "NODE2", NULL);
    pretend_row("dm_os_cluster_nodes", "NODE1", NULL);
    pretend_look(&sql_nodes_section);
    assert_int_equal(pretend_truth(&pretend.item, "cluster.member"), 1);
    assert_string_equal(pretend_list(&pretend.item, "sql.nodes"), "NODE1|NODE2");
    assert_true(pretend_linked(&pretend.item, "hosted_on", "machine", "node1.corp.example"));
    assert_true(pretend_linked(&pretend.item, "hosted_on", "machine", "node2.corp.example"));
    sql_nodes_link_computer(&pretend);
    assert_int_equal(pretend.item.link_count, 6);
}

static void nodes_that_are_not_all_shown_are_none(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "2", "1", "0", "SQL1", "ERP");
    pretend_row("dm_os_cluster_nodes", "NODE2", NULL);
    pretend_row("dm_os_cluster_nodes", "(null)", NULL);
    pretend_look(&sql_nodes_section);
    assert_non_null(pretend_unread(&pretend.item, "sql.nodes"));
    assert_int_equal(pretend.item.link_count, 0);
}

static void an_instance_on_one_computer_is_hosted_there(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "2", "0", "0", "SQL1", "ERP");
    pretend_look(&sql_nodes_section);
    assert_int_equal(pretend_asked("dm_os_cluster_nodes"), 0);
    sql_nodes_link_computer(&pretend);
    assert_true(pretend_linked(&pretend.item, "hosted_on", "machine", "sql1.corp.example"));
    assert_true(pretend_linked(&pretend.item, "hosted_on", "vm", "sql1.corp.example"));
}

/* ------------------------------------------------------------------------------------------------------- sight ---- */

static void rights_are_asked_for_first(void **state)
{
    (void)state;
    pretend.rights = 0;
    pretend_row("HAS_PERMS_BY_NAME", "CORP\\scan", "1", "0", "1", "0", "(null)", "1", NULL);
    pretend_look(&privileges_section);
    assert_int_equal(pretend.rights, MAY(VIEW_ANY_DATABASE) | MAY(VIEW_SERVER_STATE) | MAY(SELECT_BACKUPSET));
    assert_string_equal(pretend.login, "CORP\\scan");
    assert_int_equal(pretend_asked("PERFORMANCE"), 0);
}

static void since_2022_a_lesser_right_will_do(void **state)
{
    (void)state;
    pretend.major = 16;
    pretend.rights = 0;
    pretend_row("HAS_PERMS_BY_NAME", "sa", "1", "0", "0", "0", "0", "0", "1", NULL);
    pretend_look(&privileges_section);
    assert_true(privileges_allows(&pretend, MAY_SEE_STATE));
    pretend.rights = 0;
    pretend_says(privileges_needs(&pretend, MAY_SEE_STATE), "GRANT VIEW SERVER PERFORMANCE STATE TO [sa]");
    pretend.major = 15;
    pretend_says(privileges_needs(&pretend, MAY_SEE_STATE), "GRANT VIEW SERVER STATE TO [sa]");
}

static void a_login_is_quoted_as_a_name(void **state)
{
    (void)state;
    pretend.login = "a]; DROP LOGIN [b";
    pretend_says(privileges_needs(&pretend, MAY(VIEW_ANY_DEFINITION)), "TO [a]]; DROP LOGIN [b]");
    pretend.login = "a\nb";
    pretend_says(privileges_needs(&pretend, MAY(VIEW_ANY_DEFINITION)), "TO [LOGIN]");
    pretend.login = "\xE2\x80\xAE"
                    "evil";
    pretend_says(privileges_needs(&pretend, MAY(VIEW_ANY_DEFINITION)), "TO [LOGIN]");
    pretend.login = NULL;
    pretend_says(privileges_needs(&pretend, MAY(VIEW_ANY_DEFINITION)), "TO [LOGIN]");
}

static void without_knowing_its_rights_nothing_is_taken_for_empty(void **state)
{
    (void)state;
    pretend.rights = 0;
    pretend_failure("HAS_PERMS_BY_NAME", "no such function", false, false);
    pretend_look(&privileges_section);
    pretend_databases();
    pretend_look(&files_section);
    assert_true(pretend.partial);
    pretend_says(pretend_unread(pretend_database("Sales"), "database.files"), "no such function");
}

/* ----------------------------------------------------------------------------------------------------- session ---- */

static void a_right_that_lacks_against_expectation_is_told_with_its_grant(void **state)
{
    (void)state;
    pretend_databases();
    pretend_failure("master_files", "VIEW permission was denied on object 'master_files'", true, false);
    pretend_look(&files_section);
    pretend_says(pretend_unread(pretend_database("Sales"), "database.size"), "it needs VIEW ANY DEFINITION: GRANT");
    pretend_says(pretend_unread(pretend_database("Sales"), "database.size"), "was denied");
}

static void each_section_fails_alone(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "3", "1", "1", "SQL1", "ERP");
    pretend_failure("dm_os_cluster_nodes", "broken", false, false);
    pretend_failure("backupset", "broken", false, false);
    pretend_row("DEFAULT_DOMAIN", "CORP", NULL);
    pretend_row("HAS_PERMS_BY_NAME", "sa", "1", "1", "1", "1", "1", "1", NULL);
    pretend_row("DATEDIFF", "0", NULL);
    pretend_row("source_database_id", "5", "Sales", "(null)", "ONLINE", "FULL", "0", "(null)", NULL);
    pretend_row("master_files", "5", "D:\\a", "1", NULL);
    interior_look(&pretend);
    pretend_says(pretend_unread(&pretend.item, "sql.nodes"), "broken");
    pretend_says(pretend_unread(pretend_database("Sales"), "database.last_full_backup"), "broken");
    assert_int_equal(pretend_int(pretend_database("Sales"), "database.size"), 1);
    assert_string_equal(pretend_text(pretend_database("Sales"), "database.availability_group"), "");
    assert_false(pretend.partial);
}

static void nothing_is_asked_of_a_session_that_is_over(void **state)
{
    (void)state;
    pretend_product("13.0.4574.0", "3", "1", "1", "SQL1", "ERP");
    pretend_row("DEFAULT_DOMAIN", "CORP", NULL);
    pretend_row("HAS_PERMS_BY_NAME", "sa", "1", "1", "1", "1", "1", "1", NULL);
    pretend_failure("dm_os_cluster_nodes", "it did not answer within 60 s", false, true);
    interior_look(&pretend);
    pretend_says(pretend_unread(&pretend.item, "sql.nodes"), "60 s");
    pretend_says(pretend.no_databases, "60 s");
    assert_int_equal(pretend_asked("sys.databases"), 0);
    assert_true(pretend.partial);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(an_instance_tells_what_it_is),
        T(a_name_that_only_the_login_tells_is_taken),
        T(who_calls_itself_otherwise_is_a_stranger),
        T(an_alias_is_no_full_name_of_the_computer),
        T(before_2012_nobody_has_availability_groups),
        T(what_is_not_told_is_unread),
        T(one_row_is_an_answer_and_none_or_two_are_not),
        T(a_build_that_was_seen_before_the_login_stands_where_it_fails),
        T(a_service_of_azure_is_not_looked_into),
        T(the_domain_is_that_of_the_full_name),
        T(a_computer_in_no_domain_has_none),
        T(a_domain_that_is_not_told_is_unread),
        T(groups_stand_on_a_cluster_which_has_a_name),
        T(groups_for_reading_only_stand_on_none),
        T(whether_there_is_a_cluster_is_unread_without_the_right),
        T(nodes_are_computers_that_it_is_hosted_on),
        T(nodes_that_are_not_all_shown_are_none),
        T(an_instance_on_one_computer_is_hosted_there),
        T(rights_are_asked_for_first),
        T(since_2022_a_lesser_right_will_do),
        T(a_login_is_quoted_as_a_name),
        T(without_knowing_its_rights_nothing_is_taken_for_empty),
        T(a_right_that_lacks_against_expectation_is_told_with_its_grant),
        T(each_section_fails_alone),
        T(nothing_is_asked_of_a_session_that_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
