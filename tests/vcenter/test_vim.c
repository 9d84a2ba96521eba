/* A session with the peer, call by call. */
#include "vcfleet_test.h"
#include "vim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const machine[] = { "VirtualMachine" };
static const char *const name_only[] = { "name" };
static const struct vim_wanted names = { "VirtualMachine", name_only, 1 };

static struct http_settings settings_of(const struct vcfleet *fleet)
{
    return (struct http_settings){
        .url = vcfleet_fact(fleet, VCFLEET_URL),
        .fingerprint = vcfleet_fact(fleet, VCFLEET_FINGERPRINT),
        .max_reply = 1 << 24,
    };
}

static struct vim *log_in(struct vcfleet *fleet, const struct http_settings *settings)
{
    struct err err;
    struct vim *vim = vim_create(settings, &err);

    assert_non_null(vim);
    if (!vim_login(vim, vcfleet_fact(fleet, VCFLEET_USERNAME), vcfleet_fact(fleet, VCFLEET_PASSWORD), &err))
        fail_msg("%s", err.text);
    return vim;
}

struct counter {
    size_t taken, most; /* one more than most ends it; 0: none does */
};

static bool count(void *context, const struct vim_object *object, struct err *err)
{
    struct counter *counter = context;

    (void)object;
    return ++counter->taken != counter->most || err_set(err, ERR_BUG, "that is enough");
}

static void a_server_tells_what_it_is(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "1", NULL);
    struct http_settings settings = settings_of(fleet);
    struct vim *vim = vim_create(&settings, NULL);
    const struct vim_about *about = vim_about(vim, NULL);

    (void)state;
    assert_non_null(about);
    assert_string_equal(about->api_type, "VirtualCenter");
    assert_string_equal(about->api_version, "6.5");
    assert_string_equal(about->root, "group-d1");
    assert_string_equal(about->collector, "propertyCollector");
    assert_ptr_equal(vim_about(vim, NULL), about);
    assert_int_equal(vim_requests(vim), 1);
    assert_string_equal(vim_key(vim), "");
    vim_destroy(vim);
    vcfleet_stop(fleet);
}

static void who_stops_reading_leaves_no_page_behind(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "5", NULL);
    struct http_settings settings = settings_of(fleet);
    struct vim *vim = log_in(fleet, &settings);
    const char *view = vim_create_view(vim, machine, 1, NULL);
    struct counter counter = { .most = 4 };
    const struct vim_source source = { .view = view };
    const struct vim_reading reading = { .page = 2, .taker = { count, &counter } };
    struct err err;

    (void)state;
    assert_non_null(view);
    assert_false(vim_retrieve(vim, &names, 1, &source, &reading, &err));
    assert_non_null(strstr(err.text, "that is enough"));
    assert_in_range(vcfleet_requests(fleet, "ContinueRetrievePropertiesEx"), 1, 2); /* one may be under way */
    assert_int_equal(vcfleet_requests(fleet, "CancelRetrievePropertiesEx"), 1);
    assert_true(vim_destroy_view(vim, view, &err));
    assert_true(vim_logout(vim, &err));
    assert_int_equal(vcfleet_sessions(fleet), 0);
    vim_destroy(vim);
    vcfleet_stop(fleet);
}

/* The simulator answers a retrieval without a session with 200 and no properties. */
static void no_properties_for_want_of_a_session_is_no_empty_server(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "1", NULL);
    struct http_settings settings = settings_of(fleet);
    struct vim *vim = log_in(fleet, &settings);
    const char *root = vim_about(vim, NULL)->root;
    const struct vim_wanted wanted = { "Folder", name_only, 1 };
    const struct vim_source source = { .type = "Folder", .morefs = &root, .count = 1 };
    struct counter counter = { 0 };
    const struct vim_reading reading = { .taker = { count, &counter } };
    struct err err;

    (void)state;
    assert_true(vim_retrieve(vim, &wanted, 1, &source, &reading, &err));
    assert_int_equal(counter.taken, 1);
    assert_false(vim_is_lost(vim));
    vcfleet_tell(fleet, "expire-sessions");
    assert_false(vim_retrieve(vim, &wanted, 1, &source, &reading, &err));
    assert_true(vim_is_lost(vim));
    assert_int_equal(err.class, ERR_UNREACHABLE);
    assert_int_equal(counter.taken, 1);
    vim_destroy(vim);
    vcfleet_stop(fleet);
}

static void a_session_goes_on_elsewhere(void **state)
{
    static char session[VIM_MAX_SESSION];
    struct vcfleet *fleet = vcfleet_begin("-vm", "2", NULL);
    struct http_settings settings = settings_of(fleet);
    struct vim *vim = log_in(fleet, &settings);
    const struct vim_source source = { .view = vim_create_view(vim, machine, 1, NULL) };
    struct counter counter = { 0 };
    const struct vim_reading reading = { .taker = { count, &counter } };
    const char *version;
    char first[64];

    (void)state;
    assert_non_null(vim_create_filter(vim, &names, 1, &source, NULL));
    assert_true(vim_updates(vim, "", &reading, &version, NULL));
    assert_int_equal(counter.taken, vcfleet_machines(fleet));
    snprintf(first, sizeof first, "%s", version);
    assert_true(vim_session(vim, session, sizeof session));
    assert_false(vim_session(vim, session, 20));
    assert_true(vim_session(vim, session, sizeof session));
    vim_destroy(vim);

    vim = vim_create(&settings, NULL);
    assert_true(vim_resume(vim, session));
    assert_string_equal(vim_user(vim), vcfleet_fact(fleet, VCFLEET_USERNAME));
    vcfleet_tell(fleet, "power-on DC0_H0_VM0");
    vcfleet_tell(fleet, "rename DC0_H0_VM0 web01");
    counter.taken = 0;
    assert_true(vim_updates(vim, first, &reading, &version, NULL));
    assert_true(counter.taken >= 1);
    assert_int_equal(vim_requests(vim), 1);
    assert_true(vim_logout(vim, NULL));
    assert_int_equal(vcfleet_sessions(fleet), 0);
    vim_destroy(vim);
    vcfleet_stop(fleet);
}

static void what_is_no_session_is_not_taken_up(void **state)
{
    static const char *const texts[] = { "", "6.5", "6.5\ncollector\nkey\n", "6.5\ncollector\nkey\nuser" };
    const struct http_settings settings = { .url = "https://127.0.0.1:1", .max_reply = 1000 };
    struct vim *vim = vim_create(&settings, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(vim_resume(vim, texts[i]));
    assert_null(vim_connection(vim));
    vim_destroy(vim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_tells_what_it_is),
        cmocka_unit_test(who_stops_reading_leaves_no_page_behind),
        cmocka_unit_test(no_properties_for_want_of_a_session_is_no_empty_server),
        cmocka_unit_test(a_session_goes_on_elsewhere),
        cmocka_unit_test(what_is_no_session_is_not_taken_up),
    };

    if (vcfleet_absent() != 0)
        return vcfleet_absent();
    return http_prepare(NULL) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
