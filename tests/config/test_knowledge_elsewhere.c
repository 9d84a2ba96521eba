/* Rows of a page that are about products of other editions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive.h"

#define ROW_9                                                                                                          \
    "rows = ( { row = 9; workload = \"server\"; versions = [ \"Windows Server 2012\" ]; installations = [ "            \
    "\"physical\" ]; answers = ( { product = \"mabs-v1\"; answer = \"no\"; } ); } );\n"

static void refused(const char *text, int line, const char *sentence)
{
    archive_load(text);
    yard_has_in("matrix/a.conf", line, sentence);
    yard_count(1);
}

static void an_edition_keeps_their_numbers(void **state)
{
    const struct edition *edition;

    (void)state;
    archive_load(ARCHIVE_EDITION "rows_elsewhere = [ 7, 100000 ];\n" ROW_9);
    archive_loads();
    edition = knowledge_matrix(archive.knowledge)->editions;
    assert_int_equal(edition->elsewhere_count, 2);
    assert_int_equal(edition->elsewhere[0], 7);
    assert_int_equal(edition->elsewhere[1], 100000);
}

static void an_edition_without_such_rows_has_none(void **state)
{
    (void)state;
    archive_load(ARCHIVE_EDITION ROW_9);
    archive_loads();
    assert_int_equal(knowledge_matrix(archive.knowledge)->editions[0].elsewhere_count, 0);
}

static void they_are_not_here_too(void **state)
{
    (void)state;
    refused(ARCHIVE_EDITION "rows_elsewhere = [ 7, 9 ];\n" ROW_9, 8, "row 9 stands in rows_elsewhere and is here");
}

static void they_are_numbers_of_rows(void **state)
{
    (void)state;
    refused(ARCHIVE_EDITION "rows_elsewhere = [ 0 ];\n", 7, "0 is out of bounds: 1 to 100000 is possible");
    refused(ARCHIVE_EDITION "rows_elsewhere = [ 100001 ];\n", 7, "100001 is out of bounds: 1 to 100000 is possible");
    refused(ARCHIVE_EDITION "rows_elsewhere = [ \"7\" ];\n", 7, "expected a whole number");
    refused(ARCHIVE_EDITION "rows_elsewhere = 7;\n", 7, "rows_elsewhere: expected a list of numbers, such as [ 7, 9 ]");
}

static void only_an_edition_has_them(void **state)
{
    (void)state;
    refused("rows_elsewhere = [ 7 ];\n", 1, "rows_elsewhere: only an edition has it");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, archive_open, archive_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_edition_keeps_their_numbers), TEST(an_edition_without_such_rows_has_none),
        TEST(they_are_not_here_too),          TEST(they_are_numbers_of_rows),
        TEST(only_an_edition_has_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
