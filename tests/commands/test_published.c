/* muster matrix, run as a user runs it, over the published editions of conf/ and over files made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "invoke.h"
#include "stock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct stock stock; /* its folder, and its JSON */
static struct invoked ran;
static char path[160];

static int start(void **state)
{
    (void)state;
    stock_init(&stock);
    snprintf(path, sizeof path, "%s/bad.conf", stock.folder);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    invoke_finish(&ran);
    unlink(path);
    stock_finish(&stock);
    return 0;
}

static int muster(const char *config, const char *const *words)
{
    invoke_finish(&ran);
    invoke(&ran, config, words);
    return ran.status;
}

#define PLAIN(...) muster(NULL, (const char *const[]){ __VA_ARGS__, NULL })
#define PAGES "--matrix", PUBLISHED "/matrix", "--products", PUBLISHED "/products.conf"
#define MATRIX(...) PLAIN("matrix", __VA_ARGS__, PAGES)
#define LOOKUP(product, workload, version, installation, ...)                                                          \
    MATRIX("lookup", "--product", product, "--workload", workload, "--version", version, "--installation",             \
           installation, __VA_ARGS__)

static void assert_said(const char *text, const char *said)
{
    if (strstr(text, said) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", said, text);
}

static const char *json(const char *at)
{
    return stock_json(&stock, ran.out, at);
}

static void a_lookup_in_json_is_one_object(void **state)
{
    (void)state;
    assert_int_equal(LOOKUP("mabs-v2", "server", "Windows Server 2016", "physical", "--format", "json"), 0);
    assert_int_equal(ran.out[0], '{');
    assert_string_equal(json("$.product"), "mabs-v2");
    assert_string_equal(json("$.workload"), "server");
    assert_string_equal(json("$.version"), "Windows Server 2016");
    assert_string_equal(json("$.installation"), "physical");
    assert_string_equal(json("$.installation_of"), "workload");
    assert_string_equal(json("$.verdict"), "conditional");
    assert_string_equal(json("$.class"), "null");
    assert_string_equal(json("$.rows"), "[8]");
    assert_string_equal(json("$.conditions[0]"), "R4");
    assert_string_equal(json("$.condition_texts[0].state"), "missing");
    assert_string_equal(json("$.protects[0]"), "volume");
    assert_string_equal(json("$.edition"), "azure-backup-server");
    assert_string_equal(json("$.date"), "2018-08-17");
    assert_string_equal(json("$.first_product"), "null");
    assert_string_equal(ran.err, "");
}

static void what_can_be_recovered_is_told(void **state)
{
    (void)state;
    assert_int_equal(LOOKUP("mabs-v2", "hyperv-host", "Windows Server 2016", "physical", "--format", "json"), 0);
    assert_string_equal(json("$.recovers"), "[\"vm\",\"item-level\",\"volume-level\",\"vhd\"]");
    assert_int_equal(LOOKUP("mabs-v2", "hyperv-host", "Windows Server 2008 SP2", "physical", "--format", "json"), 0);
    assert_string_equal(json("$.recovers"), "[]");
}

static void verdicts_are_those_of_the_page(void **state)
{
    static const struct {
        const char *product, *workload, *version, *installation, *verdict, *rows;
    } rows[] = {
        { "mabs-v1", "server", "Windows Server 2016", "physical", "unsupported", "[8]" },
        { "mabs-v2", "server", "Windows Server 2008 SP2", "azure-stack", "contradictory", "[20,21]" },
        { "mabs-v2", "server", "Windows Server 2012 R2", "physical", "unlisted", "[]" },
        { "mabs-v2", "hyperv-host", "Windows Server 2016", "physical", "conditional", "[52]" },
        { "mabs-v2", "vmware-vm", "VMware vSphere 5.5", "physical", "conditional", "[57]" },
        { "mabs-v2", "client", "Windows 8.1", "vmware-vm", "conditional", "[3]" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(
            LOOKUP(rows[i].product, rows[i].workload, rows[i].version, rows[i].installation, "--format", "json"), 0);
        assert_string_equal(json("$.verdict"), rows[i].verdict);
        assert_string_equal(json("$.rows"), rows[i].rows);
    }
}

static void what_is_not_listed_has_its_class(void **state)
{
    static const struct {
        const char *workload, *version, *installation, *class;
    } rows[] = {
        { "server", "Windows Server 2012 R2", "physical", "gap" },
        { "client", "Windows 7 SP1", "physical", "level" },
        { "sql", "SQL Server 2022", "physical", "newer" },
        { "sql", "SQL Server 2005 SP4", "physical", "older" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(LOOKUP("mabs-v2", rows[i].workload, rows[i].version, rows[i].installation, "--format=json"),
                         0);
        assert_string_equal(json("$.verdict"), "unlisted");
        assert_string_equal(json("$.class"), rows[i].class);
        assert_string_equal(json("$.rows"), "[]");
    }
}

static void the_column_installation_is_the_servers_for_hosts(void **state)
{
    (void)state;
    assert_int_equal(LOOKUP("mabs-v2", "linux", "Linux", "hyperv-vm", "--format", "json"), 0);
    assert_string_equal(json("$.installation_of"), "backup-server");
}

static void letter_case_does_not_matter_and_names_come_back_as_they_are_written(void **state)
{
    (void)state;
    assert_int_equal(LOOKUP("MABS-V2", "Server", "WINDOWS server 2016", "Physical", "--format", "json"), 0);
    assert_string_equal(json("$.product"), "mabs-v2");
    assert_string_equal(json("$.workload"), "server");
    assert_string_equal(json("$.version"), "Windows Server 2016");
    assert_string_equal(json("$.installation"), "physical");
}

static void conditions_come_once_and_in_order(void **state)
{
    (void)state;
    assert_int_equal(LOOKUP("mabs-v2", "server", "Windows Server 2008 R2 SP1", "physical", "--format", "json"), 0);
    assert_string_equal(json("$.conditions"), "[\"R5\",\"R6\",\"R9\",\"R15\",\"R21\",\"R22\",\"R24\"]");
    assert_int_equal(LOOKUP("mabs-v1", "vmware-vm", "VMware vSphere 5.5", "physical", "--format", "json"), 0);
    assert_string_equal(json("$.conditions"), "[\"R12\",\"azure-backup-server:row57\"]");
}

static void people_are_told_the_text_of_each_condition(void **state)
{
    (void)state;
    assert_int_equal(LOOKUP("mabs-v2", "server", "Windows Server 2008 R2 SP1", "physical", "--no-color"), 0);
    assert_said(ran.out, "verdict               conditional\n");
    assert_said(ran.out, "Conditions:\n");
    assert_said(ran.out, "Windows Management Framework 4.0");
}

static void what_is_not_known_is_no_verdict(void **state)
{
    static const struct {
        const char *product, *workload, *version, *installation, *said;
    } rows[] = {
        { "mabs-v22", "server", "Windows Server 2016", "physical", "no product mabs-v22; did you mean mabs-v2?" },
        { "mabs-v2", "srver", "Windows Server 2016", "physical", "did you mean server?" },
        { "mabs-v2", "server", "Windows Server 2061", "physical", "did you mean Windows Server 2016?" },
        { "mabs-v2", "server", "2012 R2", "physical", "Windows Server 2012 R2" },
        { "mabs-v2", "sql", "Windows Server 2016", "physical",
          "there is no sql version Windows Server 2016; known here: SQL Server 2016," },
        { "mabs-v2", "server", "Windows2008", "physical",
          "there is no server version Windows2008; known here: Windows Server 2008," },
        { "mabs-v2", "server", "xyz", "physical", "version xyz; muster matrix list --product mabs-v2 shows" },
        { "mabs-v2", "server", "Windows Server 2016", "phsical", "did you mean physical?" },
        { "mabs-v2", "server", "\x1b[31m", "physical", "\\x1B[31m" },
        { "", "server", "Windows Server 2016", "physical", "no product" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(
            LOOKUP(rows[i].product, rows[i].workload, rows[i].version, rows[i].installation, "--format", "json"), 64);
        assert_said(ran.err, rows[i].said);
        assert_string_equal(ran.out, "");
    }
}

static void all_four_are_needed(void **state)
{
    (void)state;
    assert_int_equal(MATRIX("lookup", "--product", "mabs-v2", "--workload", "server", "--version", "x"), 64);
    assert_said(ran.err, "--installation is missing");
    assert_int_equal(MATRIX("lookup"), 64);
    assert_said(ran.err, "--product is missing");
}

static void the_version_of_a_lookup_is_not_that_of_the_program(void **state)
{
    (void)state;
    assert_int_equal(PLAIN("matrix", "lookup", "--version", "x"), 64);
    assert_string_equal(ran.out, "");
    assert_int_equal(PLAIN("--version", "matrix", "lookup", "--version", "x"), 0);
    assert_said(ran.out, "muster 0.");
    assert_int_equal(PLAIN("matrix", "list", "--version"), 0);
    assert_said(ran.out, "muster 0.");
}

static void a_group_names_its_commands(void **state)
{
    (void)state;
    assert_int_equal(PLAIN("matrix"), 64);
    assert_said(ran.err, "lookup|list|lint|diff");
    assert_int_equal(PLAIN("matrix", "lokup"), 64);
    assert_said(ran.err, "did you mean lookup?");
    assert_int_equal(PLAIN("matrix", "--help"), 0);
    assert_said(ran.out, "  lint ");
    assert_int_equal(PLAIN("matrix", "lint", "--help"), 0);
    assert_said(ran.out, "usage: muster matrix lint");
    assert_int_equal(PLAIN("matrix", "lint", "more"), 64);
}

static void the_list_shows_the_editions_or_the_rows_of_a_product(void **state)
{
    char sum[16];

    (void)state;
    assert_int_equal(MATRIX("list", "--format", "json"), 0);
    assert_string_equal(json("$[0].name"), "azure-backup-server");
    assert_string_equal(json("$[0].rows"), "58");
    assert_string_equal(json("$[0].levels"), "exact");
    assert_string_equal(json("$[0].absence"), "unlisted");
    assert_string_equal(json("$[0].prose"), "encoded");
    assert_string_equal(json("$[0].products[0]"), "mabs-v2");
    assert_int_equal(strlen(json("$[0].hash")), 32);
    assert_int_equal(strlen(json("$[0].sha256")), 64);
    snprintf(sum, sizeof sum, "  %.12s\n", json("$[0].sha256"));
    assert_int_equal(MATRIX("list"), 0);
    assert_said(ran.out, sum);
    assert_int_equal(MATRIX("list", "--format", "json"), 0);
    assert_said(json("$[0].file"), "/azure-backup-server.conf");
    assert_int_equal(MATRIX("list", "--product", "mabs-v1", "--format", "json"), 0);
    assert_string_equal(json("$[0].row"), "1");
    assert_string_equal(json("$[0].answer"), "yes");
    assert_string_equal(json("$[0].conditions[0]"), "R1");
    assert_string_equal(json("$[0].protects[0]"), "volume");
    assert_string_equal(json("$[0].product"), "mabs-v1");
    assert_int_equal(MATRIX("list", "--product", "mabs-v9"), 64);
    assert_said(ran.err, "did you mean mabs-v");
}

static void lint_lists_with_rows_and_lines_and_is_no_failure(void **state)
{
    (void)state;
    assert_int_equal(MATRIX("lint"), 0);
    assert_said(ran.out, "contradiction");
    assert_said(ran.out, "azure-backup-server.conf:");
    assert_int_equal(MATRIX("lint", "--format", "json"), 0);
    assert_string_equal(json("$[0].kind"), "contradiction");
    assert_string_equal(json("$[0].edition"), "azure-backup-server");
    assert_string_not_equal(json("$[0].rows[0]"), "null");
    assert_string_not_equal(json("$[0].line"), "null");
    assert_said(json("$[0].file"), "azure-backup-server.conf");
}

static void diff_tells_what_is_lost_and_gained(void **state)
{
    (void)state;
    assert_int_equal(MATRIX("diff", "mabs-v1", "mabs-v2", "--format", "json"), 0);
    assert_string_equal(json("$[0].kind"), "lost");
    assert_string_equal(json("$[0].workload"), "server");
    assert_said(ran.out, "\"kind\":\"gained\",\"workload\":\"server\",\"version\":\"Windows Server 2016\"");
    assert_said(ran.out, "\"from\":[8],\"to\":[8]");
    assert_int_equal(MATRIX("diff", "mabs-v1", "mabs-v1"), 0);
    assert_string_equal(ran.out, "Both products are answered alike.\n");
    assert_int_equal(MATRIX("diff", "mabs-v1"), 64);
    assert_int_equal(MATRIX("diff", "mabs-v1", "mabsv2"), 64);
    assert_said(ran.err, "did you mean mabs-v2?");
}

static void without_a_configuration_the_files_of_the_build_are_taken(void **state)
{
    (void)state;
    assert_int_equal(PLAIN("matrix", "list", "--format", "json"), 0);
    assert_string_equal(json("$[0].name"), "azure-backup-server");
    assert_string_equal(ran.err, "");
}

static void a_configuration_that_was_named_says_where_the_files_are(void **state)
{
    const char *const words[] = { "matrix", "list", NULL };
    const char *const told[] = { "matrix", "list", PAGES, NULL };
    FILE *file = fopen(path, "w");

    (void)state;
    assert_non_null(file);
    fputs("matrix = \"/none/matrix\";\nproducts = \"" PUBLISHED "/products.conf\";\n", file);
    fclose(file);
    assert_int_equal(muster(path, words), 78);
    assert_said(ran.err, "/none/matrix");
    assert_int_equal(muster("/none/musterd.conf", words), 78);
    assert_said(ran.err, "--matrix DIR and --products FILE lead past");
    assert_int_equal(muster("/none/musterd.conf", told), 0);
}

static void each_problem_of_a_malformed_file_is_told_at_its_line(void **state)
{
    static const char *const commands[] = { "list", "lint" };
    FILE *file = fopen(path, "w");

    (void)state;
    assert_non_null(file);
    fputs("edition = \"x\";\ntitle = 5;\nlevels = \"none\";\n", file);
    fclose(file);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(
            PLAIN("matrix", commands[i], "--matrix", stock.folder, "--products", PUBLISHED "/products.conf"), 78);
        assert_said(ran.err, "bad.conf:2: ");
        assert_said(ran.err, "bad.conf:3: ");
        assert_said(ran.err, "cannot be read as it stands");
        assert_string_equal(ran.out, "");
    }
    assert_int_equal(PLAIN("matrix", "lookup", "--matrix", "/none"), 78);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lookup_in_json_is_one_object, start, finish),
        cmocka_unit_test_setup_teardown(what_can_be_recovered_is_told, start, finish),
        cmocka_unit_test_setup_teardown(verdicts_are_those_of_the_page, start, finish),
        cmocka_unit_test_setup_teardown(what_is_not_listed_has_its_class, start, finish),
        cmocka_unit_test_setup_teardown(the_column_installation_is_the_servers_for_hosts, start, finish),
        cmocka_unit_test_setup_teardown(letter_case_does_not_matter_and_names_come_back_as_they_are_written, start,
                                        finish),
        cmocka_unit_test_setup_teardown(conditions_come_once_and_in_order, start, finish),
        cmocka_unit_test_setup_teardown(people_are_told_the_text_of_each_condition, start, finish),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_no_verdict, start, finish),
        cmocka_unit_test_setup_teardown(all_four_are_needed, start, finish),
        cmocka_unit_test_setup_teardown(the_version_of_a_lookup_is_not_that_of_the_program, start, finish),
        cmocka_unit_test_setup_teardown(a_group_names_its_commands, start, finish),
        cmocka_unit_test_setup_teardown(the_list_shows_the_editions_or_the_rows_of_a_product, start, finish),
        cmocka_unit_test_setup_teardown(lint_lists_with_rows_and_lines_and_is_no_failure, start, finish),
        cmocka_unit_test_setup_teardown(diff_tells_what_is_lost_and_gained, start, finish),
        cmocka_unit_test_setup_teardown(without_a_configuration_the_files_of_the_build_are_taken, start, finish),
        cmocka_unit_test_setup_teardown(a_configuration_that_was_named_says_where_the_files_are, start, finish),
        cmocka_unit_test_setup_teardown(each_problem_of_a_malformed_file_is_told_at_its_line, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
