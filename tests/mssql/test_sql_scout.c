/* Looking at a computer's instances: which are found, and which are wanted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scouting.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------------------------------------------- finding ---- */

static void three_instances_of_three_versions_are_found(void **state)
{
    int sales = answers(0, scouting.build_2008), fci = answers(0, scouting.build_2019);

    (void)state;
    answers(1433, scouting.build_2012);
    name("SALES", sales);
    name("FCI", fci);
    name("MSSQLSERVER", 1433);
    browse();
    look();
    assert_true(scouting.scout.browser);
    assert_int_equal(scouting.scout.count, 3);
    assert_int_equal(scouting.scout.left_out, 0);
    assert_seen(sales, "SALES", "10.0.6000");
    assert_seen(fci, "FCI", "15.0.2000");
    assert_seen(1433, "MSSQLSERVER", "11.0.7001");
    assert_int_equal(scouting.scout.instances[0].port, 1433);
    assert_true(scouting.scout.instances[1].port < scouting.scout.instances[2].port);
    assert_true(at_port(fci)->clustered);
    assert_false(at_port(sales)->clustered);
    assert_string_equal(at_port(sales)->browser_version, "11.0.2100.60");
    assert_int_equal(at_port(fci)->prelogin.encryption, PRELOGIN_REQUIRED);
    assert_false(at_port(fci)->strict);
    assert_int_equal(far_end_asked(scouting.far), 1);
    assert_int_equal(far_end_accepted(scouting.far), 3);
}

static void an_address_is_looked_at_in_place_of_what_the_name_resolves_to(void **state)
{
    (void)state;
    answers(1433, scouting.build_2012);
    scouting.settings.address = scouting.settings.host;
    scouting.settings.host = "sql.corp.invalid";
    look();
    assert_seen(1433, "", "11.0.7001");
    assert_string_equal(scouting.scout.address, scouting.settings.address);
}

static void without_a_browser_the_usual_port_is_found(void **state)
{
    (void)state;
    answers(1433, scouting.build_2012);
    look();
    assert_false(scouting.scout.browser);
    assert_int_equal(scouting.scout.count, 1);
    assert_seen(1433, "", "11.0.7001");
    assert_int_equal(scouting.scout.browser_why.class, ERR_UNREACHABLE);
    assert_non_null(strstr(scouting.scout.browser_why.text, "Connection refused"));
    assert_string_equal(scouting.scout.instances[0].browser_version, "");
}

static void a_browser_that_is_silent_is_no_loss_for_the_usual_port(void **state)
{
    (void)state;
    answers(1433, scouting.build_2012);
    far_end_browse(scouting.far, &(struct far_browser){ 0 });
    scouting.settings.browser_ms = SCOUTING_SHORT_MS;
    look();
    assert_seen(1433, "", "11.0.7001");
    assert_int_equal(scouting.scout.browser_why.class, ERR_TIMEOUT);
    assert_int_equal(far_end_asked(scouting.far), 2);
}

static void a_datagram_may_be_lost(void **state)
{
    int port = answers(0, scouting.build_2012);

    (void)state;
    name("SALES", port);
    browse_with((struct far_browser){ .lost = 1 });
    scouting.settings.browser_ms = 2000;
    look();
    assert_seen(port, "SALES", "11.0.7001");
    assert_int_equal(far_end_asked(scouting.far), 2);
}

static void a_cluster_answers_from_another_address(void **state)
{
    int port = answers(0, scouting.build_2012);

    (void)state;
    name("FCI", port);
    browse_with((struct far_browser){ .other_address = true });
    look();
    assert_seen(port, "FCI", "11.0.7001");
}

static void nobody_answers_from_another_port(void **state)
{
    (void)state;
    answers(1433, scouting.build_2012);
    name("FORGED", answers(0, scouting.build_2019));
    browse_with((struct far_browser){ .other_port = true });
    scouting.settings.browser_ms = SCOUTING_SHORT_MS;
    look();
    assert_false(scouting.scout.browser);
    assert_int_equal(scouting.scout.count, 1);
    assert_int_equal(scouting.scout.browser_why.class, ERR_PROTOCOL);
    assert_non_null(strstr(scouting.scout.browser_why.text, "from another port"));
}

static void rubbish_before_the_answer_is_passed_over(void **state)
{
    int port = answers(0, scouting.build_2012);

    (void)state;
    name("SALES", port);
    browse_with((struct far_browser){ .rubbish = "\x05\xff\xff", .rubbish_size = 3 });
    look();
    assert_seen(port, "SALES", "11.0.7001");
}

static void an_instance_that_the_browser_hides_is_found_at_the_usual_port(void **state)
{
    int port = answers(0, scouting.build_2012);

    (void)state;
    answers(1433, scouting.build_2019);
    name("SALES", port);
    browse();
    look();
    assert_int_equal(scouting.scout.count, 2);
    assert_seen(1433, "", "15.0.2000");
    assert_seen(port, "SALES", "11.0.7001");
}

static void the_usual_port_is_no_instance_where_nothing_is_there(void **state)
{
    int port = answers(0, scouting.build_2012);

    (void)state;
    name("SALES", port);
    browse();
    look();
    assert_int_equal(scouting.scout.count, 1);
    assert_seen(port, "SALES", "11.0.7001");
}

/* Waiting for that port alone would take longer than this test may. */
static void a_usual_port_that_is_silent_and_not_named_is_not_waited_for(void **state)
{
    int port = answers(0, scouting.build_2012);

    (void)state;
    listens(1433, FAR_SILENT, NULL, 0);
    name("SALES", port);
    browse();
    scouting.settings.browser_ms = 1000;
    scouting.settings.port_ms = 1000000;
    look();
    assert_int_equal(scouting.scout.count, 1);
}

static void all_is_found_over_ipv6_too(void **state)
{
    int port;

    (void)state;
    far_end_close(scouting.far);
    scouting.far = far_end_open_six();
    if (scouting.far == NULL)
        skip();
    scouting.settings.host = "::1";
    port = answers(0, scouting.build_2012);
    name("SALES", port);
    browse();
    look();
    assert_seen(port, "SALES", "11.0.7001");
}

/* ------------------------------------------------------------------------------------------------- what is wanted ----
 */

static void one_instance_can_be_wanted(void **state)
{
    int sales = answers(0, scouting.build_2008), other = answers(0, scouting.build_2019);

    (void)state;
    answers(1433, scouting.build_2012);
    name("SALES", sales);
    name("OTHER", other);
    browse();
    scouting.settings.instance = "sales";
    look();
    assert_int_equal(scouting.scout.count, 1);
    assert_seen(sales, "SALES", "10.0.6000");
    assert_int_equal(far_end_accepted(scouting.far), 1);
}

static void an_instance_that_is_not_named_is_told(void **state)
{
    (void)state;
    answers(1433, scouting.build_2012);
    name("SALES", answers(0, scouting.build_2008));
    browse();
    scouting.settings.instance = "x\"; DROP";
    look_in_vain(ERR_UNREACHABLE, "names no instance x\"; DROP");
}

static void without_a_browser_no_instance_can_be_found_by_its_name(void **state)
{
    (void)state;
    answers(1433, scouting.build_2012);
    scouting.settings.instance = "SALES";
    look_in_vain(ERR_UNREACHABLE,
                 "instance SALES cannot be found; start SQL Server Browser and open UDP 1434, or set port");
    assert_int_equal(far_end_accepted(scouting.far), 0);
}

static void the_default_instance_is_at_the_usual_port_unless_the_browser_knows_better(void **state)
{
    int elsewhere = answers(0, scouting.build_2019);

    (void)state;
    answers(1433, scouting.build_2012);
    scouting.settings.instance = "mssqlserver";
    look();
    assert_int_equal(scouting.scout.count, 1);
    assert_seen(1433, "", "11.0.7001");
    name("SALES", 1433);
    name("MSSQLSERVER", elsewhere);
    browse_with((struct far_browser){ .lost = 1 }); /* so that the port has answered before */
    scouting.settings.browser_ms = 2000;
    look();
    assert_int_equal(scouting.scout.count, 1);
    assert_seen(elsewhere, "MSSQLSERVER", "15.0.2000");
}

static void a_port_that_is_set_is_all_that_is_looked_at(void **state)
{
    (void)state;
    answers(1433, scouting.build_2012);
    scouting.settings.port = answers(0, scouting.build_2019);
    name("SALES", 1433);
    browse();
    look();
    assert_int_equal(scouting.scout.count, 1);
    assert_seen(scouting.settings.port, "", "15.0.2000");
    assert_int_equal(far_end_asked(scouting.far), 0);
    assert_int_equal(far_end_accepted(scouting.far), 1);
    assert_non_null(strstr(scouting.scout.browser_why.text, "is not asked"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCOUTING_TEST(three_instances_of_three_versions_are_found),
        SCOUTING_TEST(an_address_is_looked_at_in_place_of_what_the_name_resolves_to),
        SCOUTING_TEST(without_a_browser_the_usual_port_is_found),
        SCOUTING_TEST(a_browser_that_is_silent_is_no_loss_for_the_usual_port),
        SCOUTING_TEST(a_datagram_may_be_lost),
        SCOUTING_TEST(a_cluster_answers_from_another_address),
        SCOUTING_TEST(nobody_answers_from_another_port),
        SCOUTING_TEST(rubbish_before_the_answer_is_passed_over),
        SCOUTING_TEST(an_instance_that_the_browser_hides_is_found_at_the_usual_port),
        SCOUTING_TEST(the_usual_port_is_no_instance_where_nothing_is_there),
        SCOUTING_TEST(a_usual_port_that_is_silent_and_not_named_is_not_waited_for),
        SCOUTING_TEST(all_is_found_over_ipv6_too),
        SCOUTING_TEST(one_instance_can_be_wanted),
        SCOUTING_TEST(an_instance_that_is_not_named_is_told),
        SCOUTING_TEST(without_a_browser_no_instance_can_be_found_by_its_name),
        SCOUTING_TEST(the_default_instance_is_at_the_usual_port_unless_the_browser_knows_better),
        SCOUTING_TEST(a_port_that_is_set_is_all_that_is_looked_at),
    };
    int absent = scouting_begin(), failed;

    if (absent != 0)
        return absent;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    scouting_end();
    return failed;
}
