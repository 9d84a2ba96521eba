#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "version.h"

#include <stdlib.h>
#include <string.h>

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void check_order(const char *a, const char *b, int wanted)
{
    if (sign(version_compare(a, b)) != wanted || sign(version_compare(b, a)) != -wanted)
        fail_msg("\"%s\" against \"%s\" is %d and %d, not %d", a, b, version_compare(a, b), version_compare(b, a),
                 wanted);
}

/* Each list is in ascending order, all pairs are compared. */
static void ascends(const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i; j < count; j++)
            check_order(list[i], list[j], i == j ? 0 : -1);
    }
}

#define ASCENDS(...)                                                                                                   \
    ascends((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void builds_order_by_their_numbers(void **state)
{
    (void)state;
    ASCENDS("6.0.6003", "6.1.7600", "6.1.7601", "6.2.9200", "6.3.9600", "10.0.9999", "10.0.14393", "10.0.17763");
    ASCENDS("8.0.760", "10.0.1600", "10.0.6000", "10.50.1600", "10.50.2500", "11.0.2100", "13.0.4001");
    ASCENDS("14.0.639.21", "15.0.516.32", "15.0.1497.2", "15.1.225.42", "15.2.2562.17");
    ASCENDS("5.5", "6.0", "6.5", "6.7", "7.0", "10");
}

static void products_order_by_level(void **state)
{
    (void)state;
    ASCENDS("2008", "2008 SP1", "2008 SP2", "2008 R2", "2008 R2 SP1", "2012", "2012 SP1", "2012 R2", "2016", "2025");
    ASCENDS("2012", "2012 CU5", "2012 CU10", "2012 SP1", "2012 SP1 CU1", "2012 SP2", "2012 SP10", "2012 R2");
    ASCENDS("Windows Server 2008 R2 SP1", "Windows Server 2012", "Windows Server 2012 R2", "Windows Server 2016");
    ASCENDS("SQL Server 2008 R2", "SQL Server 2012", "SQL Server 2012 SP1", "SQL Server 2016 SP1");
    ASCENDS("Windows Vista SP2", "Windows 7", "Windows 8", "Windows 8.1", "Windows 10", "Windows 11");
    ASCENDS("VMware vSphere 5.5", "VMware vSphere 6.0", "VMware vSphere 6.5", "VMware vSphere 8.0");
    ASCENDS("Exchange 2007", "Exchange 2019", "Exchange Subscription Edition");
    ASCENDS("v1", "v2", "v3", "v3 UR1", "v3 UR2", "v4");
    ASCENDS("6.5", "6.5 U1", "6.5 U3", "6.5 U3c", "6.7");
    ASCENDS("20H2", "21H2", "22H2", "23H2");
}

static void early_versions_order_before_the_plain_one(void **state)
{
    (void)state;
    ASCENDS("6.0", "6.5 dev", "6.5 alpha", "6.5 alpha2", "6.5-beta", "6.5-beta2", "6.5 preview", "6.5rc1", "6.5 RC 2",
            "6.5", "6.5 (1)", "6.5.0.1");
    check_order("2022 CTP2", "2022 Preview 2", 0);
}

static void words_order_between_the_plain_version_and_a_further_number(void **state)
{
    (void)state;
    ASCENDS("5.5", "5.5a", "5.5b", "5.5ba", "5.5 SP1", "5.5.1", "5.5.1a", "5.6");
}

static void a_build_in_brackets_only_decides_between_equals(void **state)
{
    (void)state;
    ASCENDS("6.1", "6.1 (7600)", "6.1 (7601)", "6.1 U1", "6.1 U1 (7500)", "6.1.1");
    check_order("6.5.0 (4564106)", "6.5 build-4564106", 0);
    check_order("6.5 [4564106]", "6.5 (Build 4564106)", 0);
    check_order("Version 15.1 (Build 31466.3)", "15.1 build 31466.3", 0);
}

static void these_are_the_same(void **state)
{
    static const char *const pairs[][2] = {
        { "15.00.1497.002", "15.0.1497.2" },
        { "6.5", "6.5.0" },
        { "6.5.0.0.0", "6.5" },
        { "6.5 SP1", "6.5.0 SP1" },
        { "2012R2", "2012 R2" },
        { "2012-r2", "2012 R2" },
        { "2012 Service Pack 1", "2012 SP1" },
        { "2012 SP 1", "2012 sp1" },
        { "2012 SP0", "2012 SP" },
        { "2019 Cumulative Update 5", "2019 CU5" },
        { "v3 Update Rollup 1", "3 UR1" },
        { "2012 RTM", "2012" },
        { "  2012  ", "2012" },
        { "2012 ga", "2012" },
        { "v2", "2" },
        { " V2", "2.0" },
        { "", "0" },
        { "", "..." },
        { "", "v0.00" },
        { "0000000000000000000000000000000000000000000007", "7" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        check_order(pairs[i][0], pairs[i][1], 0);
}

static void these_are_not(void **state)
{
    (void)state;
    check_order("6.1 (7601)", "6.1.7601", -1);
    check_order("0.9.8", "0.9.8v", -1);
    check_order("6.0.0.1", "6.0.1", -1);
    check_order("6", "6.0.1", -1);
    check_order("sp", "", 1);
    check_order("v", "", 1);
    check_order("5.5 a b", "5.5 a", 1);
    check_order("5.5 a a", "5.5 a", 1);
    check_order("\xC3\xA9", "\xC3\xA8", 1);
    check_order("6.5", "6.5 \xFF", -1);
}

static void numbers_of_any_length_are_compared(void **state)
{
    (void)state;
    ASCENDS("18446744073709551615", "18446744073709551616", "18446744073709551617", "99999999999999999999999");
}

static char *filled(char with, size_t size)
{
    char *text = malloc(size + 1);

    assert_non_null(text);
    memset(text, with, size);
    text[size] = '\0';
    return text;
}

static void huge_hostile_versions_are_compared(void **state)
{
    static const char with[] = { '9', '0', '.', 'x', '(', '\xFF' };

    (void)state;
    for (size_t i = 0; i < sizeof with; i++) {
        char *text = filled(with[i], 100000);
        char *other = filled(with[i], 100000);

        assert_int_equal(version_compare(text, other), 0);
        other[99999] = '8';
        assert_int_equal(sign(version_compare(text, other)), -sign(version_compare(other, text)));
        free(text);
        free(other);
    }
}

static void a_hundred_thousand_zero_components_are_nothing(void **state)
{
    char *text = filled('.', 100001);

    (void)state;
    for (size_t i = 0; i < 100000; i += 2)
        text[i] = '0';
    assert_int_equal(version_compare(text, ""), 0);
    text[100000] = '1';
    assert_true(version_compare(text, "0.0.0.1") < 0);
    assert_true(version_compare(text, "") > 0);
    free(text);
}

/* Generated versions, small enough that equal and near ones are frequent. */
enum { GENERATED = 250, GENERATED_SIZE = 40 };

static void generate(char *text, uint32_t *random)
{
    static const char *const pieces[] = {
        "0",
        "1",
        "2",
        "10",
        "01",
        "00",
        ".",
        ".",
        ".",
        " ",
        "-",
        "(",
        ")",
        "[",
        "a",
        "b",
        "SP",
        "sp",
        "R",
        "CU",
        "rc",
        "beta",
        "RTM",
        "U",
        "build",
        "v",
        "Service",
        " Pack ",
        "ga",
        "B",
        "é",
        "\xFF",
        "99999999999999999999",
        "subscription",
        "\x01",
    };
    size_t length = 0;

    text[0] = '\0';
    for (;;) {
        const char *piece;

        *random = *random * 1664525 + 1013904223;
        piece = pieces[(*random >> 16) % (sizeof pieces / sizeof pieces[0])];
        if (*random >> 29 == 0 || length + strlen(piece) >= GENERATED_SIZE)
            return;
        strcpy(text + length, piece);
        length += strlen(piece);
    }
}

static void the_order_is_total(void **state)
{
    static char texts[GENERATED][GENERATED_SIZE];
    static signed char orders[GENERATED][GENERATED];
    uint32_t random = 2026;

    (void)state;
    for (size_t i = 0; i < GENERATED; i++)
        generate(texts[i], &random);
    for (size_t i = 0; i < GENERATED; i++) {
        for (size_t j = 0; j < GENERATED; j++)
            orders[i][j] = (signed char)sign(version_compare(texts[i], texts[j]));
    }
    for (size_t i = 0; i < GENERATED; i++) {
        assert_int_equal(orders[i][i], 0);
        for (size_t j = 0; j < GENERATED; j++) {
            if (orders[i][j] != -orders[j][i])
                fail_msg("\"%s\" and \"%s\" are not antisymmetric", texts[i], texts[j]);
            for (size_t k = 0; k < GENERATED; k++) {
                if (orders[i][j] <= 0 && orders[j][k] <= 0 &&
                    (orders[i][k] > 0 || (orders[i][k] == 0 && orders[i][j] + orders[j][k] < 0)))
                    fail_msg("\"%s\", \"%s\", \"%s\" are not transitive", texts[i], texts[j], texts[k]);
            }
        }
    }
}

static void the_numbers_are_given_by_place(void **state)
{
    (void)state;
    assert_int_equal(version_number("10.0.14393", 0), 10);
    assert_int_equal(version_number("10.0.14393", 1), 0);
    assert_int_equal(version_number("10.0.14393", 2), 14393);
    assert_int_equal(version_number("10.0.14393", 3), -1);
    assert_int_equal(version_number("6.1 (7601)", 2), 7601);
    assert_int_equal(version_number("15.00.1497.002", 3), 2);
    assert_int_equal(version_number("2012 R2 SP1", 1), 2);
    assert_int_equal(version_number("2012 R2 SP1", 2), 1);
    assert_int_equal(version_number("v3 UR2", 0), 3);
}

static void a_number_that_is_not_there_is_minus_one(void **state)
{
    (void)state;
    assert_int_equal(version_number("", 0), -1);
    assert_int_equal(version_number("none", 0), -1);
    assert_int_equal(version_number("1.2", SIZE_MAX), -1);
    assert_int_equal(version_number("9223372036854775807", 0), INT64_MAX);
    assert_int_equal(version_number("9223372036854775808", 0), -1);
    assert_int_equal(version_number("99999999999999999999.5", 1), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_order_by_their_numbers),
        cmocka_unit_test(products_order_by_level),
        cmocka_unit_test(early_versions_order_before_the_plain_one),
        cmocka_unit_test(words_order_between_the_plain_version_and_a_further_number),
        cmocka_unit_test(a_build_in_brackets_only_decides_between_equals),
        cmocka_unit_test(these_are_the_same),
        cmocka_unit_test(these_are_not),
        cmocka_unit_test(numbers_of_any_length_are_compared),
        cmocka_unit_test(huge_hostile_versions_are_compared),
        cmocka_unit_test(a_hundred_thousand_zero_components_are_nothing),
        cmocka_unit_test(the_order_is_total),
        cmocka_unit_test(the_numbers_are_given_by_place),
        cmocka_unit_test(a_number_that_is_not_there_is_minus_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
