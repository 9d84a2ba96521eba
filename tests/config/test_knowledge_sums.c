/* The SHA-256 that every file is listed with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive.h"

#include <stdio.h>
#include <string.h>

#define CONDITIONS                                                                                                     \
    "conditions = (\n"                                                                                                 \
    "  { name = \"R5\"; text = \"Service Pack 1.\"; test = { fact = \"os.service_pack\"; at_least = 1; };\n"           \
    "    step = \"service-pack\"; remedy = \"Install it.\"; },\n"                                                      \
    "  { name = \"R7\"; id = \"seed:row7\"; text = \"Not Nano.\"; effect = \"row\"; cannot = \"there is none\";\n"     \
    "    missing = \"footnote\"; test = { not = { fact = \"os.sku\"; in = [ 109, 144 ]; }; }; },\n"                    \
    "  { name = \"R6\"; text = \"Deduplicated volumes.\"; effect = \"scope\"; omits = \"deduplicated volumes\";\n"     \
    "    test = { every = \"volumes\"; that = { fact = \"volume.dedup\"; is = false; }; }; } );\n"
#define ROW                                                                                                            \
    "rows = (\n"                                                                                                       \
    "  { row = 14; workload = \"server\"; versions = [ \"windows server 2008 r2 SP1\", \"Windows Server 2012\" ];\n"   \
    "    installations = [ \"physical\", \"hyperv-vm\" ]; conditions = [ \"R6\", \"R5\" ];\n"                          \
    "    answers = ( { product = \"mabs-v2\"; answer = \"yes\"; conditions = [ \"R5\", \"R7\" ]; },\n"                 \
    "                { product = \"mabs-v1\"; answer = \"deprecated\"; } );\n"                                         \
    "    protects = [ \"volume\", \"system-state\" ]; recovers = [ \"file\" ]; note = \"so it says\"; },\n"            \
    "  { row = 20; workload = \"server\"; versions = [ \"Windows Server 2008 SP2\" ];\n"                               \
    "    installations = [ \"azure-vm\" ]; answers = ( { product = \"mabs-v2\"; answer = \"no\"; } );\n"               \
    "    protects = [ \"volume\", \"system-state\" ]; },\n"                                                            \
    "  { row = 20; workload = \"server\"; versions = [ \"Windows Server 2008 SP2\" ];\n"                               \
    "    installations = [ \"physical\" ]; answers = ( { product = \"mabs-v2\"; answer = \"yes\"; } ); } );\n"

/* Of the file of that name; it must be listed. */
static const char *sum_of(const char *name)
{
    const struct matrix *matrix = knowledge_matrix(archive.knowledge);

    for (size_t i = 0; i < matrix->file_count; i++) {
        if (strcmp(matrix->files[i].file, yard_path(name)) == 0)
            return matrix->files[i].sha256;
    }
    fail_msg("%s is not listed", name);
    return NULL;
}

/* The digits are those of sha256sum. */
static void the_sum_of_a_file_is_of_all_its_bytes(void **state)
{
    char before[SHA256_HEX_SIZE];

    (void)state;
    yard_write("matrix/b.conf", "# abc\n");
    yard_write("matrix/c.conf", "\xEF\xBB\xBF# abc\n");
    yard_write("matrix/d.conf", "");
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    archive_loads();
    assert_string_equal(sum_of("matrix/b.conf"), "c96d70129517a804082ed92c0ff5cc78c880c661376df954acf1d349484a7715");
    assert_string_equal(sum_of("matrix/c.conf"), "b96b7bff0a7c395f6f66b4d0508ea97f2cfb7ff680e35bc532d50a36a82c0a07");
    assert_string_equal(sum_of("matrix/d.conf"), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    snprintf(before, sizeof before, "%s", sum_of("matrix/a.conf"));
    archive_load(ARCHIVE_EDITION CONDITIONS ROW " ");
    assert_string_not_equal(sum_of("matrix/a.conf"), before);
    assert_string_equal(sum_of("matrix/b.conf"), "c96d70129517a804082ed92c0ff5cc78c880c661376df954acf1d349484a7715");
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    assert_string_equal(sum_of("matrix/a.conf"), before);
}

/* However often it is included; the file around it is not another one when what it includes is. */
static void an_included_file_has_its_own_sum(void **state)
{
    const struct matrix *matrix;
    char around[SHA256_HEX_SIZE], inner[SHA256_HEX_SIZE];
    struct hash128 hash;

    (void)state;
    yard_write("matrix/rows.inc", ROW);
    yard_write("matrix/head.inc", ARCHIVE_EDITION);
    yard_write("matrix/empty.inc", "");
    archive_load("@include \"head.inc\"\n@include \"empty.inc\"\n" CONDITIONS
                 "@include \"rows.inc\"\n@include \"empty.inc\"\n");
    archive_loads();
    matrix = knowledge_matrix(archive.knowledge);
    assert_int_equal(matrix->file_count, 5);
    assert_string_equal(matrix->editions[0].file, yard_path("matrix/head.inc"));
    assert_string_equal(matrix->editions[0].sha256, sum_of("matrix/head.inc"));
    snprintf(around, sizeof around, "%s", sum_of("matrix/a.conf"));
    snprintf(inner, sizeof inner, "%s", sum_of("matrix/rows.inc"));
    hash = matrix->editions[0].hash;
    yard_write("matrix/rows.inc", ROW "\n");
    archive_load_files();
    archive_loads();
    assert_string_equal(sum_of("matrix/a.conf"), around);
    assert_string_not_equal(sum_of("matrix/rows.inc"), inner);
    assert_memory_not_equal(&knowledge_matrix(archive.knowledge)->editions[0].hash, &hash, sizeof hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_sum_of_a_file_is_of_all_its_bytes, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(an_included_file_has_its_own_sum, archive_open, archive_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
