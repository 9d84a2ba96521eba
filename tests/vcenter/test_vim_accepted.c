/* What vim_request writes is taken by a server that nobody here wrote, and what it answers is read: hostile texts too.
 */
#include "vim.h"

#include "vcfleet_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOSTILE "<&>\"' ]]> </name> &#60; %s %n \xc3\xbc \xe2\x82\xac \xf0\x9f\x94\x91"

static const char *const paths[] = { "name", "runtime.host" };
static const struct vim_wanted wanted = { .type = "VirtualMachine", .paths = paths, .count = 2 };

static int64_t left(void *context)
{
    (void)context;
    return 60000;
}

static struct vim *connect_to(const struct vcfleet *fleet)
{
    static struct http_settings settings; /* outlives the struct vim */
    struct err err = ERR_EMPTY;
    struct vim *vim;

    settings = (struct http_settings){
        .url = vcfleet_fact(fleet, VCFLEET_URL),
        .fingerprint = vcfleet_fact(fleet, VCFLEET_FINGERPRINT),
        .max_reply = 1 << 30,
        .left_ms = left,
    };
    vim = http_prepare(&err) ? vim_create(&settings, &err) : NULL;
    if (vim == NULL)
        fail_msg("%s", err.text);
    return vim;
}

static void expect(bool good, const struct err *err)
{
    if (!good)
        fail_msg("%s", err->text);
}

static struct vim *log_in(const struct vcfleet *fleet)
{
    struct vim *vim = connect_to(fleet);
    struct err err = ERR_EMPTY;

    expect(vim_login(vim, vcfleet_fact(fleet, VCFLEET_USERNAME), vcfleet_fact(fleet, VCFLEET_PASSWORD), &err), &err);
    return vim;
}

/* How many came, the first one's reference, and one that has this name. */
struct found {
    size_t objects, named;
    const char *name;
    char moref[VIM_MAX_REFERENCE + 1];
};

static bool find(void *context, const struct vim_object *object, struct err *err)
{
    struct found *found = context;

    (void)err;
    assert_string_equal(object->type, "VirtualMachine");
    assert_int_equal(object->property_count, 2);
    assert_string_equal(vim_property(object, "runtime.host")->ref_type, "HostSystem");
    if (found->objects++ == 0)
        snprintf(found->moref, sizeof found->moref, "%s", object->moref);
    if (found->name != NULL && strcmp(vim_text(vim_property(object, "name"), ""), found->name) == 0)
        found->named++;
    return true;
}

static struct found look(struct vim *vim, const struct vim_source *source, const char *name)
{
    struct found found = { .name = name };
    const struct vim_reading reading = { .taker = { find, &found } };
    struct err err = ERR_EMPTY;

    expect(vim_retrieve(vim, &wanted, 1, source, &reading, &err), &err);
    return found;
}

static const char *create_view(struct vim *vim)
{
    const char *const type = "VirtualMachine";
    struct err err = ERR_EMPTY;
    const char *view = vim_create_view(vim, &type, 1, &err);

    expect(view != NULL, &err);
    return view;
}

static void a_view_brings_all_there_is(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "3", NULL);
    struct vim *vim = log_in(fleet);
    const struct vim_source source = { .view = create_view(vim) };

    (void)state;
    assert_int_equal(look(vim, &source, NULL).objects, vcfleet_machines(fleet));
    vim_destroy(vim);
    vcfleet_stop(fleet);
}

static void a_listed_object_that_has_gone_is_left_out(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "3", NULL);
    struct vim *vim = log_in(fleet);
    const struct vim_source all = { .view = create_view(vim) };
    const struct found found = look(vim, &all, NULL);
    const char *const morefs[] = { "vm-that-never-was", found.moref, HOSTILE };
    const struct vim_source listed = { .type = "VirtualMachine", .morefs = morefs, .count = 3 };
    struct found again = look(vim, &listed, NULL);

    (void)state;
    assert_int_equal(again.objects, 1);
    assert_string_equal(again.moref, found.moref);
    vim_destroy(vim);
    vcfleet_stop(fleet);
}

static void a_hostile_name_comes_as_it_was_given(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "3", NULL);
    struct vim *vim = log_in(fleet);
    const struct vim_source source = { .view = create_view(vim) };

    (void)state;
    vcfleet_tell(fleet, "rename\tDC0_H0_VM0\t%s", HOSTILE);
    assert_int_equal(look(vim, &source, HOSTILE).named, 1);
    vim_destroy(vim);
    vcfleet_stop(fleet);
}

static void a_hostile_account_gets_in(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "1", "-username", "o'neil@<corp>", "-password", HOSTILE, NULL);
    struct vim *vim = log_in(fleet);
    const struct vim_source source = { .view = create_view(vim) };

    (void)state;
    assert_int_equal(look(vim, &source, NULL).objects, vcfleet_machines(fleet));
    vim_destroy(vim);
    vcfleet_stop(fleet);
}

static void a_hostile_reference_is_one_that_is_not_there(void **state)
{
    struct vcfleet *fleet = vcfleet_begin("-vm", "1", NULL);
    struct vim *vim = log_in(fleet);
    const struct vim_source source = { .view = HOSTILE };
    struct found found = { 0 };
    const struct vim_reading reading = { .taker = { find, &found } };
    struct err err = ERR_EMPTY;

    (void)state;
    assert_false(vim_retrieve(vim, &wanted, 1, &source, &reading, &err));
    assert_true(vim_is_lost(vim));
    vim_destroy(vim);
    vcfleet_stop(fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_brings_all_there_is),
        cmocka_unit_test(a_listed_object_that_has_gone_is_left_out),
        cmocka_unit_test(a_hostile_name_comes_as_it_was_given),
        cmocka_unit_test(a_hostile_account_gets_in),
        cmocka_unit_test(a_hostile_reference_is_one_that_is_not_there),
    };

    if (vcfleet_absent() != 0)
        return vcfleet_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
