/* What the configuration names must be in the tables of products and in the matrix. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive.h"
#include "str.h"

#include <string.h>

#define SERVER(rest) "backup_servers = ( { name = \"m1\"; product = \"mabs-v1\"; " rest " } );\n"

/* The configuration, checked against an edition of mabs-v1 and mabs-v2, beside which products.conf has dpm-2016. */
static bool check(const char *text)
{
    archive_load(ARCHIVE_EDITION);
    archive_loads();
    yard_load(text);
    yard_loads();
    yard_count_warnings(1); /* there are no targets */
    return knowledge_check_config(archive.knowledge, yard.config, &yard.problems);
}

static void good(const char *text, size_t warnings)
{
    assert_true(check(text));
    yard_count(0);
    yard_count_warnings(1 + warnings);
}

static void bad(const char *text, int line, const char *sentence)
{
    assert_false(check(text));
    yard_count(1);
    yard_count_warnings(1);
    yard_has(line, sentence);
}

static void names_that_are_known_are_fine(void **state)
{
    (void)state;
    good(SERVER("os = \"windows server 2012\"; installation = \"azure-local-vm\";") "assign = ( { where = { workload = "
                                                                                    "\"hyperv-host\"; }; server = "
                                                                                    "\"m1\"; } );\n",
         0);
}

static void a_product_is_one_of_the_tables(void **state)
{
    (void)state;
    bad("backup_servers = (\n{ name = \"m1\";\nproduct = \"mabs-v3\"; } );\n", 3,
        "product: there is no product \"mabs-v3\" in products.conf; the nearest is \"mabs-v1\"");
    bad("backup_servers = ( { name = \"m1\"; product = \"MABS-V1\"; } );\n", 1, "the nearest is \"mabs-v1\"");
    bad("backup_servers = ( { name = \"m1\"; product = \"veeam\"; } );\n", 1,
        "there is no product \"veeam\" in products.conf; \"muster matrix list\" shows those that there are");
}

static void a_product_without_an_edition_is_warned_of(void **state)
{
    (void)state;
    good("backup_servers = ( { name = \"m1\";\nproduct = \"dpm-2016\"; } );\n", 1);
    yard_warns(2, "product: no edition of the matrix has \"dpm-2016\"");
}

static void an_operating_system_is_a_version_of_one(void **state)
{
    (void)state;
    good(SERVER("os = \"FreeBSD 12\";"), 0);
    bad(SERVER("\nos = \"Windows Server 2013\";"), 2,
        "os: there is no version of an operating system \"Windows Server 2013\" in products.conf; the nearest is "
        "\"Windows Server 2012\"");
    bad(SERVER("os = \"SQL Server 2012\";"), 1, "os: there is no version of an operating system \"SQL Server 2012\"");
    bad(SERVER("os = \"Plan 9\";"), 1, "in products.conf, such as \"Windows Server 2022\"");
}

static void a_workload_that_nothing_is_recognised_as_is_warned_of(void **state)
{
    (void)state;
    good(SERVER("") "assign = ( { where = {\nworkload = \"azure-local\"; }; server = \"m1\"; } );\n", 1);
    yard_warns(3, "workload: products.conf has no versions of azure-local, so this rule is for nothing");
}

static void without_backup_servers_it_is_said_that_nothing_is_judged(void **state)
{
    (void)state;
    good("\n", 1);
    yard_warns(0, "there are no backup servers, so nothing is judged");
}

static void all_that_is_unknown_is_told_at_once(void **state)
{
    (void)state;
    assert_false(check("backup_servers = ( { name = \"m1\"; product = \"mabs-v4\"; os = \"x\"; },\n"
                       "{ name = \"m2\"; product = \"mabs-v5\"; } );\n"));
    yard_count(3);
    yard_has(2, "\"mabs-v5\"");
}

/* Each unknown name costs a search for the nearest: as many as can be told. */
static void a_thousand_unknown_names_are_told_and_the_rest_is_counted(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "backup_servers = ( ");
    for (int i = 0; i < 1500; i++)
        str_format(&text, "%s{ name = \"m%d\"; product = \"mabs-%d\"; }", i == 0 ? "" : ",\n", i, i);
    str_add(&text, " );\n");
    assert_false(check(str_text(&text)));
    yard_count(CONFIG_MAX_PROBLEMS);
    assert_int_equal(yard.problems.left_out, 500);
    str_finish(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, archive_open, archive_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_that_are_known_are_fine),
        TEST(a_product_is_one_of_the_tables),
        TEST(a_product_without_an_edition_is_warned_of),
        TEST(an_operating_system_is_a_version_of_one),
        TEST(a_workload_that_nothing_is_recognised_as_is_warned_of),
        TEST(without_backup_servers_it_is_said_that_nothing_is_judged),
        TEST(all_that_is_unknown_is_told_at_once),
        TEST(a_thousand_unknown_names_are_told_and_the_rest_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
