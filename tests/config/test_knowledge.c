/* Knowledge that is right: what the files say is what there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive.h"
#include "clock.h"
#include "matrix_lint.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

#define CONDITIONS                                                                                                     \
    "conditions = (\n"                                                                                                 \
    "  { name = \"R5\"; text = \"Service Pack 1.\"; test = { fact = \"os.service_pack\"; at_least = 1; };\n"           \
    "    step = \"service-pack\"; remedy = \"Install it.\"; },\n"                                                      \
    "  { name = \"R7\"; id = \"seed:row7\"; text = \"Not Nano.\"; effect = \"row\"; cannot = \"there is none\";\n"     \
    "    missing = \"footnote\"; test = { not = { fact = \"os.sku\"; in = [ 109, 144 ]; }; }; },\n"                    \
    "  { name = \"R6\"; text = \"Deduplicated volumes.\"; effect = \"scope\"; omits = \"deduplicated volumes\";\n"     \
    "    test = { every = \"volumes\"; that = { fact = \"volume.dedup\"; is = false; }; }; } );\n"

static const struct entry_row *find(const char *version, const char *installation, const char *product)
{
    const struct edition *edition = &knowledge_matrix(archive.knowledge)->editions[0];

    for (size_t i = 0; i < edition->row_count; i++) {
        const struct entry_row *row = &edition->rows[i];

        if (strcmp(row->version, version) == 0 && strcmp(row->installation, installation) == 0 &&
            strcmp(row->product, product) == 0)
            return row;
    }
    fail_msg("no row for %s, %s, %s", version, installation, product);
    return NULL;
}

static void an_edition_says_where_it_comes_from(void **state)
{
    const struct edition *edition;

    (void)state;
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    archive_loads();
    yard_count_warnings(0);
    assert_int_equal(knowledge_matrix(archive.knowledge)->edition_count, 1);
    edition = knowledge_matrix(archive.knowledge)->editions;
    assert_string_equal(edition->name, "seed");
    assert_string_equal(edition->title, "A page");
    assert_string_equal(edition->page, "https://docs.example/page");
    assert_string_equal(edition->date, "2018-08-17");
    assert_int_equal(edition->product_count, 2);
    assert_string_equal(edition->products[0], "mabs-v2");
    assert_false(edition->at_least || edition->absence_is_no || edition->partly);
    assert_int_equal(edition->readings[0], 0); /* client */
    assert_int_equal(edition->readings[1], READING_WORKLOAD);
    assert_int_equal(edition->readings[2], READING_WORKLOAD);
    assert_int_equal(edition->readings[5], READING_SERVER);
    assert_string_equal(edition->file, yard_path("matrix/a.conf"));
    assert_ptr_equal(knowledge_matrix(archive.knowledge)->products, knowledge_products(archive.knowledge));
}

static void an_edition_has_its_own_rules(void **state)
{
    const struct edition *edition;

    (void)state;
    archive_load("edition = \"e\"; title = \"t\"; page = \"p\"; date = \"2024-02-29\"; products = [ \"dpm-2016\" ];\n"
                 "levels = \"at-least\"; absence = \"unsupported\"; prose = \"partly\"; installation_of = ( );");
    archive_loads();
    edition = knowledge_matrix(archive.knowledge)->editions;
    assert_true(edition->at_least && edition->absence_is_no && edition->partly);
    assert_int_equal(edition->row_count, 0);
}

static void a_row_becomes_one_for_each_version_installation_and_product(void **state)
{
    const struct edition *edition;
    const struct entry_row *row;

    (void)state;
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    archive_loads();
    edition = knowledge_matrix(archive.knowledge)->editions;
    assert_int_equal(edition->row_count, 10);
    row = find("Windows Server 2008 R2 SP1", "hyperv-vm", "mabs-v2");
    assert_ptr_equal(row->edition, edition);
    assert_int_equal(row->row, 14);
    assert_string_equal(row->workload, "server");
    assert_int_equal(row->answer, ANSWER_YES);
    assert_int_equal(row->protect_count, 2);
    assert_string_equal(row->protects[1], "system-state");
    assert_int_equal(row->recover_count, 1);
    assert_string_equal(row->recovers[0], "file");
    assert_string_equal(row->note, "so it says");
    assert_string_equal(row->file, yard_path("matrix/a.conf"));
    assert_int_equal(row->line, 15);
    assert_int_equal(find("Windows Server 2012", "physical", "mabs-v1")->answer, ANSWER_DEPRECATED);
    row = find("Windows Server 2008 SP2", "azure-vm", "mabs-v2");
    assert_int_equal(row->answer, ANSWER_NO);
    assert_int_equal(row->line, 20);
    assert_null(row->note);
    assert_int_equal(row->condition_count, 0);
    assert_int_equal(row->recover_count, 0);
    assert_int_equal(find("Windows Server 2008 SP2", "physical", "mabs-v2")->protect_count, 0);
}

static void an_answer_adds_its_conditions_to_those_of_its_row(void **state)
{
    const struct entry_row *both, *one;

    (void)state;
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    archive_loads();
    both = find("Windows Server 2012", "physical", "mabs-v2");
    assert_int_equal(both->condition_count, 3);
    assert_string_equal(both->conditions[0]->name, "R6");
    assert_string_equal(both->conditions[1]->name, "R5");
    assert_string_equal(both->conditions[2]->name, "R7");
    one = find("Windows Server 2012", "physical", "mabs-v1");
    assert_int_equal(one->condition_count, 2);
    assert_ptr_equal(one->conditions[0], both->conditions[0]);
}

static void a_condition_is_what_its_keys_say(void **state)
{
    const struct condition *const *conditions;

    (void)state;
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    archive_loads();
    conditions = find("Windows Server 2012", "physical", "mabs-v2")->conditions;
    assert_string_equal(conditions[1]->id, "R5");
    assert_string_equal(conditions[1]->text, "Service Pack 1.");
    assert_int_equal(conditions[1]->effect, EFFECT_VERDICT);
    assert_false(conditions[1]->footnote);
    assert_int_equal(conditions[1]->step, STEP_SERVICE_PACK);
    assert_string_equal(conditions[1]->remedy, "Install it.");
    assert_null(conditions[1]->cannot);
    assert_string_equal(conditions[2]->id, "seed:row7");
    assert_int_equal(conditions[2]->effect, EFFECT_ROW);
    assert_true(conditions[2]->footnote);
    assert_string_equal(conditions[2]->cannot, "there is none");
    assert_int_equal(conditions[2]->step, STEP_NONE);
    assert_int_equal(conditions[0]->effect, EFFECT_SCOPE);
    assert_string_equal(conditions[0]->omits, "deduplicated volumes");
    assert_int_equal(knowledge_matrix(archive.knowledge)->condition_count, 0);
}

static bool lint_says(enum lint_kind kind, const char *sentence)
{
    const struct lint_finding *findings;
    struct arena arena;
    bool said = false;
    size_t count;

    arena_init(&arena, ARENA_PLAIN);
    count = matrix_lint(knowledge_matrix(archive.knowledge), &arena, &findings);
    for (size_t i = 0; i < count; i++)
        said = said || (findings[i].kind == kind && strcmp(findings[i].text, sentence) == 0);
    arena_finish(&arena);
    return said;
}

static void an_edition_has_its_conditions_with_those_that_no_row_names(void **state)
{
    const struct edition *edition;

    (void)state;
    archive_load(ARCHIVE_EDITION
                 "conditions = ( { name = \"R5\"; text = \"Five.\"; test = { undecided = \"u\"; }; },\n"
                 "  { name = \"R6\"; text = \"Six.\"; test = { fact = \"os.build\"; is = \"6.1\"; }; } );\n"
                 "rows = ( { row = 1; workload = \"server\"; versions = [ \"Windows Server 2012\" ];\n"
                 "  installations = [ \"physical\" ]; answers = ( { product = \"mabs-v1\"; answer = \"yes\"; } );\n"
                 "  conditions = [ \"R5\" ]; } );\n");
    archive_loads();
    edition = knowledge_matrix(archive.knowledge)->editions;
    assert_int_equal(edition->condition_count, 2);
    assert_string_equal(edition->conditions[1].name, "R6");
    assert_ptr_equal(edition->rows[0].conditions[0], &edition->conditions[0]);
    assert_true(lint_says(LINT_PROSE, "No row has the condition R6: Six."));
    assert_false(lint_says(LINT_PROSE, "No row has the condition R5: Five."));
}

static void what_is_equal_is_kept_once(void **state)
{
    const struct entry_row *one, *other;

    (void)state;
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    archive_loads();
    one = find("Windows Server 2012", "physical", "mabs-v1");
    other = find("Windows Server 2008 SP2", "azure-vm", "mabs-v2");
    assert_ptr_equal(one->protects, other->protects);
    assert_ptr_equal(one->conditions, find("Windows Server 2012", "hyperv-vm", "mabs-v1")->conditions);
    assert_ptr_equal(one->version,
                     products_version(knowledge_products(archive.knowledge), "server", one->version)->name);
}

static void rows_are_found_by_their_key(void **state)
{
    const struct matrix *matrix;
    const struct entry_row *const *rows;

    (void)state;
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    archive_loads();
    matrix = knowledge_matrix(archive.knowledge);
    assert_ptr_equal(matrix_edition(matrix, "mabs-v1"), matrix->editions);
    assert_int_equal(matrix_rows(matrix, "mabs-v2", "server", "Windows Server 2008 SP2", "physical", &rows), 1);
    assert_int_equal(rows[0]->row, 20);
    assert_int_equal(matrix_rows(matrix, "mabs-v1", "server", "Windows Server 2008 SP2", "physical", &rows), 0);
}

static void common_conditions_may_stand_in_any_file(void **state)
{
    const struct matrix *matrix;
    const struct entry_row *row;

    (void)state;
    yard_write("matrix/z.conf",
               "conditions = ( { name = \"R5\"; text = \"another\"; test = { undecided = \"u\"; }; },\n"
               "{ name = \"R24\"; text = \"common\"; test = { undecided = \"u\"; }; } );");
    archive_load(ARCHIVE_EDITION
                 "conditions = ( { name = \"R5\"; text = \"own\"; test = { undecided = \"u\"; }; } );\n"
                 "rows = ( { row = 1; workload = \"server\"; versions = [ \"Windows Server 2012\" ];\n"
                 "installations = [ \"physical\" ]; answers = ( { product = \"mabs-v1\"; answer = \"yes\"; } );\n"
                 "conditions = [ \"R5\", \"R24\" ]; } );");
    archive_loads();
    matrix = knowledge_matrix(archive.knowledge);
    assert_int_equal(matrix->condition_count, 2);
    row = find("Windows Server 2012", "physical", "mabs-v1");
    assert_string_equal(row->conditions[0]->text, "own");
    assert_ptr_equal(row->conditions[1], &matrix->conditions[1]);
}

static void the_organisation_rules_and_attests(void **state)
{
    const struct matrix *matrix;
    char text[CLOCK_TEXT_SIZE];

    (void)state;
    archive_load(
        "rulings = ( { product = \"mabs-v1\"; workload = \"sql\"; version = \"sql server 2012\"; answer = \"yes\";\n"
        "who = \"J. Jansen\"; basis = \"case 1\"; review = \"2999-06-30\"; },\n"
        "{ product = \"mabs-v1\"; workload = \"sql\"; version = \"SQL Server 2012\"; answer = \"no\";\n"
        "installation = \"physical\"; who = \"J\"; basis = \"b\"; review = \"2999-06-30\"; } );\n"
        "conditions = ( { name = \"n\"; id = \"R16\"; text = \"t\"; missing = \"footnote\"; test = { undecided = "
        "\"u\"; }; } );\n"
        "attestations = ( { condition = \"R16\"; where = { kind = \"vm\"; name = \"RTM-*\"; target = \"vc\"; tag = "
        "\"t\"; server = \"s\"; };\n"
        "who = \"J\"; basis = \"seen\"; until = \"2999-06-30\"; }, { condition = \"R16\"; who = \"J\"; until = "
        "\"2999-01-01\"; } );");
    archive_loads();
    yard_count_warnings(0);
    matrix = knowledge_matrix(archive.knowledge);
    assert_int_equal(matrix->ruling_count, 2);
    assert_string_equal(matrix->rulings[0].version, "SQL Server 2012");
    assert_null(matrix->rulings[0].installation);
    assert_int_equal(matrix->rulings[0].answer, ANSWER_YES);
    assert_string_equal(matrix->rulings[0].who, "J. Jansen");
    assert_string_equal(matrix->rulings[0].basis, "case 1");
    assert_string_equal(clock_text(matrix->rulings[0].review_at, text), "2999-06-30T23:59:59Z");
    assert_string_equal(matrix->rulings[1].installation, "physical");
    assert_int_equal(matrix->rulings[1].line, 3);
    assert_int_equal(matrix->attestation_count, 2);
    assert_string_equal(matrix->attestations[0].condition, "R16");
    assert_string_equal(matrix->attestations[0].kind, "vm");
    assert_string_equal(matrix->attestations[0].name, "RTM-*");
    assert_string_equal(matrix->attestations[0].target, "vc");
    assert_string_equal(matrix->attestations[0].tag, "t");
    assert_string_equal(matrix->attestations[0].server, "s");
    assert_string_equal(matrix->attestations[0].basis, "seen");
    assert_int_equal(matrix->attestations[0].line, 6);
    assert_null(matrix->attestations[1].basis);
    assert_string_equal(clock_text(matrix->attestations[1].until_at, text), "2999-01-01T23:59:59Z");
}

static void products_are_in_the_order_of_their_line(void **state)
{
    const struct products *products;
    char text[CLOCK_TEXT_SIZE];

    (void)state;
    archive_load(ARCHIVE_EDITION);
    archive_loads();
    products = knowledge_products(archive.knowledge);
    assert_int_equal(products->product_count, 3);
    assert_string_equal(products->products[0].name, "dpm-2016");
    assert_string_equal(products->products[1].name, "mabs-v1");
    assert_string_equal(products->products[1].title, "Azure Backup Server v1");
    assert_string_equal(clock_text(products->products[1].support_end, text), "2020-01-14T23:59:59Z");
    assert_null(products->products[1].test);
    assert_string_equal(products->products[2].name, "mabs-v2");
    assert_int_equal(products->products[1].order, 0);
    assert_int_equal(products->products[2].order, 1);
    assert_int_equal(products->products[2].support_end, 0);
    assert_int_equal(products->products[2].test->type, TEST_FACT);
}

static void versions_are_read(void **state)
{
    const struct products *products;
    const struct version *version;
    char text[CLOCK_TEXT_SIZE];

    (void)state;
    archive_load(ARCHIVE_EDITION);
    archive_loads();
    products = knowledge_products(archive.knowledge);
    assert_int_equal(products->family_count, 3);
    assert_int_equal(products->families[0].group, GROUP_OS);
    assert_int_equal(products->families[0].workload_count, 2);
    assert_string_equal(products->families[0].workloads[1], "hyperv-host");
    assert_int_equal(products->families[2].workload_count, 0);
    version = products_version(products, "hyperv-host", "Windows Server 2008 SP2");
    assert_ptr_equal(version->family, &products->families[0]);
    assert_string_equal(version->base, "Windows Server 2008");
    assert_int_equal(version->level, 2);
    assert_int_equal(version->order, 0);
    assert_non_null(version->hint);
    assert_null(version->weak);
    assert_string_equal(clock_text(version->mainstream_end, text), "2015-01-13T23:59:59Z");
    assert_string_equal(clock_text(version->support_end, text), "2020-01-14T23:59:59Z");
    assert_string_equal(clock_text(version->paid_end, text), "2023-01-10T23:59:59Z");
    version = products_version(products, "server", "Windows Server 2012");
    assert_string_equal(version->base, "Windows Server 2012");
    assert_int_equal(version->level, 0);
    assert_int_equal(version->support_end, 0);
    assert_int_equal(products_version(products, "server", "Windows Storage Server 2012")->order, version->order);
    assert_null(products_version(products, "client", "Windows Server 2012"));
}

static void files_are_read_in_the_order_of_their_names(void **state)
{
    const struct knowledge_file *files;
    struct hash128 hash, all;
    size_t count;

    (void)state;
    yard_write("matrix/b.conf", "");
    yard_write("matrix/B.conf", "");
    yard_write("matrix/.hidden.conf", "nonsense");
    yard_write("matrix/notes.txt", "nonsense");
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    archive_loads();
    files = knowledge_files(archive.knowledge, &count);
    assert_int_equal(count, 4);
    assert_string_equal(files[0].path, yard_path("products.conf"));
    assert_string_equal(files[1].path, yard_path("matrix/B.conf"));
    assert_string_equal(files[2].path, yard_path("matrix/a.conf"));
    assert_string_equal(files[2].edition, "seed");
    assert_string_equal(files[2].date, "2018-08-17");
    assert_int_equal(files[2].rows, 2);
    assert_null(files[3].edition);
    assert_int_equal(files[3].rows, 0);
    hash = files[2].hash;
    all = knowledge_matrix(archive.knowledge)->hash;
    assert_memory_equal(&hash, &knowledge_matrix(archive.knowledge)->editions[0].hash, sizeof hash);
    archive_load(ARCHIVE_EDITION CONDITIONS ROW "# a word\n");
    archive_loads();
    assert_memory_not_equal(&hash, &knowledge_matrix(archive.knowledge)->editions[0].hash, sizeof hash);
    assert_memory_not_equal(&all, &knowledge_matrix(archive.knowledge)->hash, sizeof all);
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    assert_memory_equal(&all, &knowledge_matrix(archive.knowledge)->hash, sizeof all);
}

static void an_included_file_has_its_own_lines(void **state)
{
    (void)state;
    yard_write("matrix/rows.inc", ROW);
    archive_load(ARCHIVE_EDITION CONDITIONS "@include \"rows.inc\"\n");
    archive_loads();
    assert_string_equal(find("Windows Server 2008 SP2", "azure-vm", "mabs-v2")->file, yard_path("matrix/rows.inc"));
    assert_int_equal(find("Windows Server 2008 SP2", "azure-vm", "mabs-v2")->line, 7);
    yard_write("matrix/rows.inc", "rows = (\n{ row = 1; } );\n");
    archive_load_files();
    yard_has_in("matrix/rows.inc", 2, "a row has no workload");
}

static void the_command_reads_what_others_may_write(void **state)
{
    (void)state;
    archive_load(ARCHIVE_EDITION CONDITIONS ROW);
    archive_loads();
    assert_int_equal(chmod(yard_path("matrix/a.conf"), 0666), 0);
    archive_load_files();
    yard_has_in("matrix/a.conf", 0, "everybody may change it");
    archive.care = SOURCE_READABLE;
    archive_load_files();
    archive_loads();
}

static void nothing_to_unload_is_allowed(void **state)
{
    (void)state;
    knowledge_unload(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_edition_says_where_it_comes_from, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(an_edition_has_its_own_rules, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_row_becomes_one_for_each_version_installation_and_product, archive_open,
                                        archive_close),
        cmocka_unit_test_setup_teardown(an_answer_adds_its_conditions_to_those_of_its_row, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_condition_is_what_its_keys_say, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(an_edition_has_its_conditions_with_those_that_no_row_names, archive_open,
                                        archive_close),
        cmocka_unit_test_setup_teardown(what_is_equal_is_kept_once, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(rows_are_found_by_their_key, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(common_conditions_may_stand_in_any_file, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(the_organisation_rules_and_attests, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(products_are_in_the_order_of_their_line, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(versions_are_read, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(files_are_read_in_the_order_of_their_names, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(an_included_file_has_its_own_lines, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(the_command_reads_what_others_may_write, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(nothing_to_unload_is_allowed, archive_open, archive_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
