#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "registry.h"
#include "visit.h"
#include "winpeer.h"

#include <string.h>

#define KEY "SOFTWARE\\Muster\\Test"

static struct arena arena;

static int set_out(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    visit_to("registry", VISIT_SEALED);
    visit.wsman = wsman_create(&visit.settings, NULL);
    return 0;
}

static int come_back(void **state)
{
    (void)state;
    visit_end();
    arena_finish(&arena);
    return 0;
}

static enum registry_result text_of(const char *value, const char **text)
{
    return registry_text(visit.wsman, KEY, value, &arena, text, &visit.err);
}

static void values_of_each_kind_are_read(void **state)
{
    const char *const *texts;
    const char *text;
    size_t count;
    int64_t number;

    (void)state;
    assert_int_equal(text_of("Text", &text), REGISTRY_FOUND);
    assert_string_equal(text, "a <&> b");
    assert_int_equal(text_of("Empty", &text), REGISTRY_FOUND);
    assert_string_equal(text, "");
    assert_int_equal(registry_int(visit.wsman, KEY, "Number", &number, &visit.err), REGISTRY_FOUND);
    assert_int_equal(number, 4294967295);
    assert_int_equal(registry_texts(visit.wsman, KEY, "List", &arena, &texts, &count, &visit.err), REGISTRY_FOUND);
    assert_int_equal(count, 2);
    assert_string_equal(texts[0], "one");
    assert_string_equal(texts[1], "two");
}

static void keys_are_listed(void **state)
{
    const char *const *names;
    size_t count;

    (void)state;
    assert_int_equal(registry_keys(visit.wsman, "SOFTWARE\\Muster", &arena, &names, &count, &visit.err),
                     REGISTRY_FOUND);
    assert_int_equal(count, 1);
    assert_string_equal(names[0], "Test");
    assert_int_equal(registry_keys(visit.wsman, KEY, &arena, &names, &count, &visit.err), REGISTRY_FOUND);
    assert_int_equal(count, 0);
}

static void what_is_not_there_is_absent(void **state)
{
    const char *const *names;
    const char *text;
    size_t count;
    int64_t number;

    (void)state;
    assert_int_equal(text_of("Nothing", &text), REGISTRY_ABSENT);
    assert_int_equal(registry_int(visit.wsman, KEY "\\Deeper", "Number", &number, &visit.err), REGISTRY_ABSENT);
    assert_int_equal(registry_keys(visit.wsman, KEY "\\Deeper", &arena, &names, &count, &visit.err), REGISTRY_ABSENT);
    assert_int_equal(registry_texts(visit.wsman, KEY, "Nothing", &arena, &names, &count, &visit.err), REGISTRY_ABSENT);
}

static void a_provider_that_is_refused_in_one_namespace_is_asked_in_the_other(void **state)
{
    const char *text;

    (void)state;
    peer_tell(visits_peer(), "deny registry root/cimv2/StdRegProv");
    assert_int_equal(text_of("Text", &text), REGISTRY_FOUND);
    assert_int_equal(text_of("Text", &text), REGISTRY_FOUND);
    assert_int_equal(visit_count("actions.GetStringValue"), 3); /* once in vain */
}

static void one_that_is_refused_in_both_is_refused(void **state)
{
    const char *text;

    (void)state;
    peer_tell(visits_peer(), "deny registry StdRegProv");
    assert_int_equal(text_of("Text", &text), REGISTRY_REFUSED);
    visit_failed(ERR_DENIED, WSMAN_REFUSED, "StdRegProv.GetStringValue");
}

static void a_call_that_fails_says_why(void **state)
{
    const char *text;

    (void)state;
    peer_tell(visits_peer(), "trick registry timed-out@2");
    assert_int_equal(text_of("Text", &text), REGISTRY_FAILED);
    visit_failed(ERR_TIMEOUT, WSMAN_BROKEN, "StdRegProv.GetStringValue in root/cimv2");
    peer_tell(visits_peer(), "trick registry reboots:down");
    assert_int_equal(text_of("Text", &text), REGISTRY_FAILED);
    visit_failed(ERR_UNREACHABLE, WSMAN_FATAL, "127.0.0.1:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_out, come_back)
        TEST(values_of_each_kind_are_read),
        TEST(keys_are_listed),
        TEST(what_is_not_there_is_absent),
        TEST(a_provider_that_is_refused_in_one_namespace_is_asked_in_the_other),
        TEST(one_that_is_refused_in_both_is_refused),
        TEST(a_call_that_fails_says_why),
    };
    int failed;

    if (winpeer_absent() != 0)
        return winpeer_absent();
    visits_begin(NULL, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    visits_end();
    return failed;
}
