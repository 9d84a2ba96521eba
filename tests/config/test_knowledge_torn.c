/* Mistakes that other files rest on: one typo must not be the last of hundreds of lines about all who name the thing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive.h"

/* One that names everything: a product, a version, two common conditions. */
#define EDITION                                                                                                        \
    ARCHIVE_EDITION "rows = ( { row = 1; workload = \"server\"; versions = [ \"Windows Server 2012\" ]; "              \
                    "installations = [ \"physical\" ]; answers = ( { product = \"mabs-v1\"; answer = \"yes\"; } ); "   \
                    "protects = [ \"volume\" ]; conditions = [ \"R5\", \"R6\" ]; } );\n"
#define CONDITION(name) "{ name = \"" name "\"; text = \"t\"; test = { undecided = \"u\"; }; }"
#define ATTESTATION "attestations = ( { condition = \"R77\"; who = \"J\"; until = \"2999-01-01\"; } );"

static void load(const char *products, const char *conditions)
{
    yard_write("products.conf", products);
    yard_write("matrix/a.conf", EDITION);
    yard_write("matrix/b.conf", conditions);
    archive_load_files();
}

static void what_is_not_there_is_missed_while_all_files_are_right(void **state)
{
    (void)state;
    load(archive_products, "conditions = ( " CONDITION("R5") " );\n" ATTESTATION);
    yard_has_in("matrix/a.conf", 7, "conditions: there is no condition \"R6\"; the nearest is \"R5\"");
    yard_has_in("matrix/b.conf", 2, "there is no condition with the id \"R77\"");
    yard_count(2);
}

static void of_a_file_of_common_conditions_only_its_own_mistake_is_told(void **state)
{
    (void)state;
    load(archive_products, "conditions = ( " CONDITION("R5") ",\n{ nam = \"R6\"; } );\n" ATTESTATION);
    yard_has_in("matrix/b.conf", 2, "nam: a condition has no such key");
    assert_int_equal(yard_says("there is no condition"), 0);
    load(archive_products, "conditions = (\n{ name = }");
    yard_has_in("matrix/b.conf", 2, "syntax");
    yard_count(1);
}

static void what_the_organisation_says_hides_nothing(void **state)
{
    (void)state;
    yard_write("matrix/c.conf", "rulings = ( { product = \"mabs-v9\"; } );\n" ATTESTATION);
    load(archive_products, "conditions = ( " CONDITION("R5") " );");
    yard_has_in("matrix/a.conf", 7, "there is no condition \"R6\"");
    yard_has_in("matrix/c.conf", 1, "a ruling has no workload");
    yard_has_in("matrix/c.conf", 2, "there is no condition with the id \"R77\"");
}

static void of_the_products_only_their_own_mistake_is_told(void **state)
{
    (void)state;
    load("products = ( );\nfamilie = ( );", "conditions = ( " CONDITION("R5") ", " CONDITION("R6") " );");
    yard_has_in("products.conf", 2, "familie");
    assert_int_equal(yard_says("there is no product"), 0);
    assert_int_equal(yard_says("there is no version"), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_not_there_is_missed_while_all_files_are_right, archive_open,
                                        archive_close),
        cmocka_unit_test_setup_teardown(of_a_file_of_common_conditions_only_its_own_mistake_is_told, archive_open,
                                        archive_close),
        cmocka_unit_test_setup_teardown(what_the_organisation_says_hides_nothing, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(of_the_products_only_their_own_mistake_is_told, archive_open, archive_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
