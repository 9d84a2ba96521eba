/* What a basis is kept as: files, rulings and attestations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "basis_row.h"
#include "docket.h"

#include <string.h>

#define EVIL "a\"b\\\x1b\n\xE2\x80\xAE"

static void files_are_those_of_editions_and_then_the_others(void **state)
{
    static const struct edition editions[] = {
        { .file = "one.conf",
          .name = "one",
          .date = "2018-08-17",
          .hash = { .high = 1, .low = 2 },
          .sha256 = "ab01",
          .page = "https://one.example/" },
        { .file = EVIL, .name = "two", .date = "2020-01-01" },
    };
    static const struct matrix_file files[] = {
        { .file = "products.conf", .hash = { .high = 3, .low = 4 }, .sha256 = "cd02", .date = "2026-08-22" },
        { .file = "one.conf" },
        { .file = "local.conf" },
        { .file = EVIL },
    };
    const struct matrix matrix = { .editions = editions, .edition_count = 2, .files = files, .file_count = 4 };
    struct str out = STR_EMPTY;

    (void)state;
    basis_row_files(&out, &matrix);
    assert_string_equal(
        str_text(&out),
        "[{\"file\":\"one.conf\",\"edition\":\"one\",\"date\":\"2018-08-17\",\"hash\":"
        "\"00000000000000010000000000000002\",\"sha256\":\"ab01\",\"page\":\"https://one.example/\"},"
        "{\"file\":\"a\\\"b\\\\\\u001b\\n\\u202e\",\"edition\":\"two\",\"date\":\"2020-01-01\",\"hash\":"
        "\"00000000000000000000000000000000\",\"sha256\":null,\"page\":null},"
        "{\"file\":\"products.conf\",\"edition\":null,\"date\":\"2026-08-22\",\"hash\":"
        "\"00000000000000030000000000000004\","
        "\"sha256\":\"cd02\",\"page\":null},"
        "{\"file\":\"local.conf\",\"edition\":null,\"date\":null,\"hash\":\"00000000000000000000000000000000\","
        "\"sha256\":null,\"page\":null}]");
    str_finish(&out);
}

static void rulings_and_attestations_say_what_they_are_about(void **state)
{
    static const struct ruling rulings[] = {
        { .product = "mabs-v1",
          .workload = "server",
          .version = "Windows Server 2016",
          .installation = "physical",
          .answer = ANSWER_YES,
          .who = "the board",
          .basis = "case 7",
          .review_at = 1780000000000 },
        { .product = "mabs-v1", .workload = "linux", .version = "", .answer = ANSWER_NO, .who = EVIL, .basis = "" },
    };
    static const struct attestation attestations[] = {
        { .condition = "R16", .name = "web*", .tag = "eu", .who = "ann", .until_at = 5 },
    };
    const struct matrix matrix = {
        .rulings = rulings, .ruling_count = 2, .attestations = attestations, .attestation_count = 1
    };
    struct str out = STR_EMPTY;

    (void)state;
    basis_row_rulings(&out, &matrix);
    assert_string_equal(
        str_text(&out),
        "[{\"what\":\"ruling\",\"key\":\"server Windows Server 2016, physical, mabs-v1\",\"verdict\":\"yes\","
        "\"who\":\"the board\",\"basis\":\"case 7\",\"until\":1780000000000},"
        "{\"what\":\"ruling\",\"key\":\"linux, any installation, mabs-v1\",\"verdict\":\"no\","
        "\"who\":\"a\\\"b\\\\\\u001b\\n\\u202e\",\"basis\":\"\",\"until\":0},"
        "{\"what\":\"attestation\",\"key\":\"condition R16, name web*, tag eu\",\"verdict\":null,\"who\":\"ann\","
        "\"basis\":null,\"until\":5}]");
    str_finish(&out);
}

static void a_verdict_brings_the_row_of_its_basis(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct rejudge_result total;

    docket_machine(docket, "web", "10.0.14393");
    docket_scan(docket);
    assert_string_equal(world_text(world, "SELECT rulings FROM basis"), "[]");
    assert_string_equal(world_text(world, "SELECT files ->> '$[0].edition' FROM basis"), "page");
    charter_use(&docket->charter, "mabs-v1");
    charter_ruling(&docket->charter, ANSWER_DEPRECATED);
    docket_rejudge(docket, 100, false, &total);
    assert_string_equal(world_text(world, "SELECT rulings ->> '$[0].verdict' FROM basis ORDER BY id DESC LIMIT 1"),
                        "deprecated");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_those_of_editions_and_then_the_others),
        cmocka_unit_test(rulings_and_attestations_say_what_they_are_about),
        cmocka_unit_test_setup_teardown(a_verdict_brings_the_row_of_its_basis, docket_open, docket_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
