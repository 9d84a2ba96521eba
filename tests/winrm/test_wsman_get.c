/* Get: one instance by its keys, from hosts of each generation. What is sent is held against a recorded request that
 * a server nobody here wrote understood, and its answer is read, in tests/wsman. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "visit.h"
#include "winpeer.h"

#include <stdio.h>
#include <string.h>

#define CLASS "Win32_QuickFixEngineering"

static char class[64], description[64];

static bool take(void *context, const struct cim_instance *instance, struct err *err)
{
    (void)context, (void)err;
    visit.instances++;
    snprintf(class, sizeof class, "%s", instance->class);
    snprintf(visit.last, sizeof visit.last, "%s", cim_text(instance, "HotFixID"));
    snprintf(description, sizeof description, "%s", cim_text(instance, "Description"));
    return true;
}

static bool get(const char *space, const char *of, const char *key, const char *value)
{
    const struct wsman_selector keys[] = { { key, value } };
    const struct wsman_object object = { space, of, keys, key == NULL ? 0 : 1 };
    const struct wsman_taker taker = { take, NULL };

    visit.err = (struct err)ERR_EMPTY;
    visit.instances = 0;
    if (visit.wsman == NULL)
        visit.wsman = wsman_create(&visit.settings, &visit.err);
    return visit.wsman != NULL && wsman_get(visit.wsman, &object, &taker, &visit.err);
}

static bool get_hotfix(const char *id)
{
    return get("root/cimv2", CLASS, "HotFixID", id);
}

static int come_back(void **state)
{
    (void)state;
    visit_end();
    return 0;
}

static void one_instance_comes_by_its_keys(void **state)
{
    static const char *const hosts[] = { "old", "middle", "new" };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (int transport = VISIT_SEALED; transport <= VISIT_TLS; transport++) {
            visit_to(hosts[i], (enum visit_transport)transport);
            assert_true(get_hotfix("KB40052"));
            assert_int_equal(visit.instances, 1);
            assert_string_equal(class, CLASS);
            assert_string_equal(visit.last, "KB40052");
            assert_string_equal(description, "Update");
            assert_int_equal(visit_count("actions.Get"), 1);
            assert_int_equal(visit_count("contexts"), 0);
            assert_int_equal(wsman_requests(visit.wsman), 2);
        }
    }
}

static void a_class_of_one_instance_needs_no_key(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    assert_true(get("root/cimv2", "Win32_OperatingSystem", NULL, NULL));
    assert_int_equal(visit.instances, 1);
    assert_string_equal(class, "Win32_OperatingSystem");
}

static void what_is_not_there_is_absent_and_the_rest_stands(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    assert_false(get_hotfix("<&>\"none"));
    visit_failed(ERR_UNSUPPORTED, WSMAN_ABSENT, "refused an instance of " CLASS " in root/cimv2");
    assert_int_equal(wsman_fault(visit.wsman)->number, 0x80041002);
    assert_int_equal(visit.instances, 0);
    assert_false(get("root/cimv2", "Win32_Nothing", "Name", "x"));
    visit_failed(ERR_UNSUPPORTED, WSMAN_ABSENT, "refused an instance of Win32_Nothing");
    assert_true(get_hotfix("KB40010"));
    assert_false(wsman_fault(visit.wsman)->is);
    assert_int_equal(visit_count("handshakes"), 1);
}

static void what_is_denied_is_refused(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    peer_tell(visits_peer(), "deny new " CLASS);
    assert_false(get_hotfix("KB40010"));
    visit_failed(ERR_DENIED, WSMAN_REFUSED, "Remote Enable");
    assert_int_equal(visit_count("attempts"), 1);
}

static void a_quota_is_waited_for(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    peer_tell(visits_peer(), "trick\tnew\tquota:1@2");
    assert_true(get_hotfix("KB40010"));
    assert_int_equal(visit.pauses, 1);
    assert_int_equal(visit_count("actions.Get"), 2);
}

static void an_answer_that_is_broken_concerns_this_call_alone(void **state)
{
    (void)state;
    for (int transport = VISIT_SEALED; transport <= VISIT_TLS; transport++) {
        visit_to("new", (enum visit_transport)transport);
        peer_tell(visits_peer(), "trick\tnew\tcut-xml@2");
        assert_false(get_hotfix("KB40010"));
        visit_failed(ERR_PROTOCOL, WSMAN_BROKEN, "XML");
        peer_tell(visits_peer(), "trick\tnew\thonest");
        assert_true(get_hotfix("KB40010"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, come_back)
        TEST(one_instance_comes_by_its_keys),
        TEST(a_class_of_one_instance_needs_no_key),
        TEST(what_is_not_there_is_absent_and_the_rest_stands),
        TEST(what_is_denied_is_refused),
        TEST(a_quota_is_waited_for),
        TEST(an_answer_that_is_broken_concerns_this_call_alone),
    };
    int failed;

    if (winpeer_absent() != 0)
        return winpeer_absent();
    visits_begin(NULL, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    visits_end();
    return failed;
}
