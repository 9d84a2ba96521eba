#include "vim_error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *fault;
    enum err_class class;
    bool lost;
};

static const struct row rows[] = {
    { "InvalidLogin", ERR_DENIED, false },
    { "NoPermission", ERR_DENIED, false },
    { "NotAuthenticated", ERR_UNREACHABLE, true },
    { "ManagedObjectNotFound", ERR_UNREACHABLE, true },
    { "RequestCanceled", ERR_TIMEOUT, false },
    { "InvalidCollectorVersion", ERR_UNREACHABLE, true },
    { "MethodNotFound", ERR_UNSUPPORTED, false },
    { "SystemError", ERR_PROTOCOL, false },
    { "", ERR_PROTOCOL, false },
};

static void each_fault_has_its_class(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct vim_fault fault = { .is = true, .type = rows[i].fault, .text = "in its words" };
        struct err err;
        bool lost = !rows[i].lost;

        assert_false(vim_error_fault(&err, "https://vc01", "Login", &fault, &lost));
        assert_int_equal(err.class, rows[i].class);
        assert_int_equal(lost, rows[i].lost);
        assert_non_null(strstr(err.text, "https://vc01 refused Login"));
        assert_non_null(strstr(err.text, rows[i].fault));
        assert_non_null(strstr(err.text, "in its words"));
    }
}

static void the_privilege_that_lacks_is_named(void **state)
{
    struct vim_value privilege = { .name = "privilegeId", .type = "", .ref_type = "", .text = "System.Read" };
    struct vim_value detail = {
        .name = "NoPermissionFault", .type = "", .ref_type = "", .text = "", .first = &privilege
    };
    const struct vim_fault fault = { .is = true, .type = "NoPermission", .text = "", .detail = &detail };
    struct err err;
    bool lost;

    (void)state;
    vim_error_fault(&err, "https://vc01", "CreateFilter", &fault, &lost);
    assert_non_null(strstr(err.text, "NoPermission (System.Read)"));
}

static void words_of_any_length_leave_room_for_what_to_do(void **state)
{
    static char text[100000], type[100000];
    const struct vim_fault fault = { .is = true, .type = "InvalidLogin", .text = text };
    const struct vim_fault unknown = { .is = true, .type = type, .text = text };
    struct err err;
    bool lost;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    memset(type, 'y', sizeof type - 1);
    vim_error_fault(&err, "https://vc01", "Login", &fault, &lost);
    assert_non_null(strstr(err.text, "check username"));
    vim_error_fault(&err, "https://vc01", "Login", &unknown, &lost);
    assert_true(strlen(err.text) < ERR_TEXT_SIZE);
}

static void a_status_that_explains_a_body_is_told(void **state)
{
    struct err err;

    (void)state;
    err_set(&err, ERR_PROTOCOL, "no SOAP");
    vim_error_status(&err, "https://vc01", 503);
    assert_int_equal(err.class, ERR_UNREACHABLE);
    assert_non_null(strstr(err.text, "HTTP 503"));
    assert_non_null(strstr(err.text, "no SOAP"));
    err_set(&err, ERR_PROTOCOL, "no SOAP");
    vim_error_status(&err, "https://vc01", 404);
    assert_int_equal(err.class, ERR_PROTOCOL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_has_its_class),
        cmocka_unit_test(the_privilege_that_lacks_is_named),
        cmocka_unit_test(words_of_any_length_leave_room_for_what_to_do),
        cmocka_unit_test(a_status_that_explains_a_body_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
