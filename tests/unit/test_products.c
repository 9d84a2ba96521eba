#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "products.h"

#include <string.h>

static const char *const servers[] = { "server", "hyperv-host" }, *const clients[] = { "client" };

static const struct version server_versions[] = { { .name = "Windows Server 2008" },
                                                  { .name = "Windows Server 2016" } };
static const struct version client_versions[] = { { .name = "Windows 10" } };
static const struct version foreign_versions[] = { { .name = "FreeBSD" } };

static const struct family families[] = {
    { "Windows", GROUP_OS, clients, 1, client_versions, 1 },
    { "Windows Server", GROUP_OS, servers, 2, server_versions, 2 },
    { "FreeBSD", GROUP_OS, NULL, 0, foreign_versions, 1 },
};

static const struct product mabs[] = { { .name = "mabs-v1" }, { .name = "mabs-v2" } };

static const struct products products = { families, 3, mabs, 2 };

static void a_product_is_found_by_its_whole_name(void **state)
{
    (void)state;
    assert_ptr_equal(products_find(&products, "mabs-v1"), &mabs[0]);
    assert_ptr_equal(products_find(&products, "mabs-v2"), &mabs[1]);
    assert_null(products_find(&products, "mabs-v"));
    assert_null(products_find(&products, ""));
}

static void a_version_is_found_among_those_of_its_workload(void **state)
{
    (void)state;
    assert_ptr_equal(products_version(&products, "hyperv-host", "Windows Server 2016"), &server_versions[1]);
    assert_ptr_equal(products_version(&products, "server", "windows server 2008"), &server_versions[0]);
    assert_null(products_version(&products, "client", "Windows Server 2016"));
    assert_null(products_version(&products, "server", "Windows Server"));
    assert_null(products_version(&products, "server", "FreeBSD"));
    assert_null(products_version(&products, "toaster", "Windows 10"));
}

static void a_family_s_version_is_found_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(family_version(&families[2], "freebsd"), &foreign_versions[0]);
    assert_null(family_version(&families[2], "Windows 10"));
}

static void a_workload_leads_to_its_group(void **state)
{
    (void)state;
    assert_int_equal(products_group(&products, "hyperv-host"), GROUP_OS);
    assert_int_equal(products_group(&products, "client"), GROUP_OS);
    assert_int_equal(products_group(&products, "sql"), GROUP_COUNT);
    assert_int_equal(products_group(&products, ""), GROUP_COUNT);
}

static size_t count_words(const char *const *words)
{
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    return count;
}

static void the_words_are_these(void **state)
{
    (void)state;
    assert_int_equal(count_words(workload_words), 10);
    assert_int_equal(count_words(installation_words), 6);
    assert_int_equal(count_words(group_words), GROUP_COUNT);
    assert_string_equal(workload_words[5], "hyperv-host");
    assert_string_equal(installation_words[0], "physical");
    assert_string_equal(group_words[GROUP_SHAREPOINT], "sharepoint");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_product_is_found_by_its_whole_name),
        cmocka_unit_test(a_version_is_found_among_those_of_its_workload),
        cmocka_unit_test(a_family_s_version_is_found_by_name),
        cmocka_unit_test(a_workload_leads_to_its_group),
        cmocka_unit_test(the_words_are_these),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
