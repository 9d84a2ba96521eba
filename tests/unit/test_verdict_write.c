#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict_sample.h"

#include <jansson.h>
#include <string.h>

static struct sample sample;

static int start(void **state)
{
    (void)state;
    sample_make(&sample);
    return 0;
}

/* What was written, read by a JSON library that refuses what is no JSON and what is there twice. */
static json_t *write_and_read(const struct verdict *verdict)
{
    struct str out = STR_EMPTY;
    json_error_t error;
    json_t *read;

    verdict_write(&out, verdict);
    read = json_loadb(out.bytes, out.length, JSON_REJECT_DUPLICATES, &error);
    if (read == NULL)
        print_error("%s: %s\n", error.text, str_text(&out));
    assert_non_null(read);
    str_finish(&out);
    return read;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text == NULL ? "(none)" : text;
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static json_t *entry(const json_t *object, const char *name, size_t index)
{
    return json_array_get(json_object_get(object, name), index);
}

static void a_whole_verdict_is_written_in_this_form(void **state)
{
    struct str out = STR_EMPTY;

    (void)state;
    verdict_write(&out, &sample.verdict);
    assert_string_equal(
        str_text(&out),
        "{\"legs\":[{\"asset\":12,\"kind\":\"hyperv_host\",\"name\":\"ANT-HV08\",\"workload\":\"hyperv-host\","
        "\"versions\":[\"Windows Server 2008 SP2\"],\"installations\":[\"physical\",\"hyperv-vm\"],"
        "\"installation_of\":\"backup-server\",\"verdict\":\"unlisted\",\"class\":\"newer\","
        "\"edition\":\"edition\",\"page\":\"https://page.example/\",\"date\":\"2018-08-17\",\"rows\":[56,57],"
        "\"conditions\":[{\"id\":\"R5\",\"state\":\"unmet\",\"text\":\"WMF 4.0 is "
        "there.\",\"asset\":14,\"name\":\"D:\","
        "\"fact\":\"wmf.version\",\"value\":\"2.0\",\"why\":\"switched off\",\"remedy\":\"Install it.\"},"
        "{\"id\":\"R5\",\"state\":\"attested\",\"text\":\"WMF 4.0 is there.\","
        "\"attested\":{\"who\":\"ann\",\"basis\":\"seen\",\"until\":5}}],"
        "\"covers\":[\"vhd\",\"entire-vm\"],\"omits\":[\"pass-through disks\"],\"reason\":\"Row 56 says no.\","
        "\"missing\":\"os.build\",\"conflict\":\"os.build says one thing, os.name another.\",\"first\":\"mabs-v3\"},"
        "{\"workload\":\"linux\",\"verdict\":\"supported\",\"edition\":\"edition\","
        "\"page\":\"https://page.example/\",\"date\":\"2018-08-17\"}],"
        "\"step\":{\"type\":\"product\",\"text\":\"Move to mabs-v3.\",\"version\":\"Windows Server 2016\","
        "\"product\":\"mabs-v3\",\"method\":\"agent\",\"support_end\":8},"
        "\"ruling\":{\"answer\":\"yes\",\"who\":\"bob\",\"basis\":\"case 1\",\"review\":7},"
        "\"cause\":{\"asset\":12,\"name\":\"ANT-HV08\"},"
        "\"lifecycle\":{\"version\":\"Windows Server 2008 "
        "SP2\",\"of\":\"esxi_host\",\"mainstream_end\":1,\"support_end\":2,"
        "\"paid_end\":3}}");
    str_finish(&out);
    json_decref(write_and_read(&sample.verdict));
}

static void what_has_no_value_is_left_out(void **state)
{
    const struct leg leg = { .workload = "server", .word = VERDICT_UNKNOWN };
    const struct verdict bare = { .word = VERDICT_UNKNOWN, .legs = &leg, .leg_count = 1 };
    const struct verdict none = { .word = VERDICT_UNKNOWN };
    struct str out = STR_EMPTY;

    (void)state;
    verdict_write(&out, &bare);
    assert_string_equal(str_text(&out), "{\"legs\":[{\"workload\":\"server\",\"verdict\":\"unknown\"}]}");
    str_clear(&out);
    verdict_write(&out, &none);
    assert_string_equal(str_text(&out), "{\"legs\":[]}");
    str_finish(&out);
}

static void no_single_step_is_a_step_without_a_type(void **state)
{
    json_t *read, *step;

    (void)state;
    sample.verdict.step = (struct step){ .text = "No single step." };
    read = write_and_read(&sample.verdict);
    step = json_object_get(read, "step");
    assert_int_equal(json_object_size(step), 1);
    assert_string_equal(text_of(step, "text"), "No single step.");
    json_decref(read);
}

static json_t *condition_value(json_t *read)
{
    return json_object_get(entry(entry(read, "legs", 0), "conditions", 0), "value");
}

static void values_keep_their_type_and_lists_are_read_by_people(void **state)
{
    static const char *const texts[] = { "a", "b" };
    json_t *read;

    (void)state;
    sample.value = (struct value){ .type = VALUE_INT, .number = INT64_MIN };
    read = write_and_read(&sample.verdict);
    assert_true(json_integer_value(condition_value(read)) == INT64_MIN);
    json_decref(read);
    sample.value = (struct value){ .type = VALUE_BOOL, .truth = false };
    read = write_and_read(&sample.verdict);
    assert_true(json_is_false(condition_value(read)));
    json_decref(read);
    sample.value = (struct value){ .type = VALUE_LIST, .list = { texts, 2 } };
    read = write_and_read(&sample.verdict);
    assert_string_equal(json_string_value(condition_value(read)), "a, b");
    json_decref(read);
}

static void a_fact_of_the_backup_server_has_its_name(void **state)
{
    json_t *read, *condition;

    (void)state;
    sample.conditions[0].cause.thing = NULL;
    read = write_and_read(&sample.verdict);
    condition = entry(entry(read, "legs", 0), "conditions", 0);
    assert_string_equal(text_of(condition, "name"), "MABS01");
    assert_null(json_object_get(condition, "asset"));
    json_decref(read);
    sample.verdict.server = NULL;
    read = write_and_read(&sample.verdict);
    assert_null(json_object_get(entry(entry(read, "legs", 0), "conditions", 0), "name"));
    json_decref(read);
}

static void a_collection_stands_where_no_fact_is_known(void **state)
{
    json_t *read;

    (void)state;
    sample.conditions[0].cause =
        (struct condition_cause){ .collection = COLLECTION_VOLUMES, .why = "no scan has looked inside" };
    read = write_and_read(&sample.verdict);
    assert_string_equal(text_of(entry(entry(read, "legs", 0), "conditions", 0), "fact"), "volumes");
    json_decref(read);
}

/* Long as the fleet allows, with everything in it that a reader could trip over. */
static void a_hostile_name_is_cut_and_harmless(void **state)
{
    static char name[60001];
    json_t *read;
    const char *written;

    (void)state;
    for (size_t i = 0; i + 7 <= sizeof name - 1; i += 7)
        memcpy(name + i, "\"\\\n\x1b\xE2\x80\xAE", 7);
    sample.host.name = sample.value.text = sample.conditions[0].cause.why = name;
    sample.legs[0].reason = name;
    read = write_and_read(&sample.verdict);
    written = text_of(entry(read, "legs", 0), "name");
    assert_true(strlen(written) <= 256);
    assert_true(strlen(written) > 256 - 8);
    assert_memory_equal(written, name, strlen(written) - 3);
    assert_string_equal(written + strlen(written) - 3, "...");
    assert_true(strlen(json_string_value(condition_value(read))) <= 256);
    assert_true(strlen(text_of(entry(read, "legs", 0), "reason")) <= 1024);
    json_decref(read);
}

static void bytes_that_are_no_text_do_no_harm(void **state)
{
    (void)state;
    sample.host.name = "\xFF\xC0\x80 name";
    json_decref(write_and_read(&sample.verdict));
}

static void many_legs_and_conditions_are_counted_not_written(void **state)
{
    static struct leg legs[1000];
    static struct verdict_condition conditions[200];
    json_t *read, *leg;

    (void)state;
    for (size_t i = 0; i < 200; i++)
        conditions[i] = sample.conditions[0];
    for (size_t i = 0; i < 1000; i++)
        legs[i] = sample.legs[0];
    legs[0].conditions = conditions;
    legs[0].condition_count = 200;
    sample.verdict.legs = legs;
    sample.verdict.leg_count = 1000;
    read = write_and_read(&sample.verdict);
    leg = entry(read, "legs", 0);
    assert_int_equal(json_array_size(json_object_get(read, "legs")), 16);
    assert_int_equal(number_of(read, "more_legs"), 1000 - 16);
    assert_int_equal(json_array_size(json_object_get(leg, "conditions")), 64);
    assert_int_equal(number_of(leg, "more_conditions"), 200 - 64);
    assert_null(json_object_get(entry(read, "legs", 1), "more_conditions"));
    json_decref(read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_whole_verdict_is_written_in_this_form, start),
        cmocka_unit_test_setup(what_has_no_value_is_left_out, start),
        cmocka_unit_test_setup(no_single_step_is_a_step_without_a_type, start),
        cmocka_unit_test_setup(values_keep_their_type_and_lists_are_read_by_people, start),
        cmocka_unit_test_setup(a_fact_of_the_backup_server_has_its_name, start),
        cmocka_unit_test_setup(a_collection_stands_where_no_fact_is_known, start),
        cmocka_unit_test_setup(a_hostile_name_is_cut_and_harmless, start),
        cmocka_unit_test_setup(bytes_that_are_no_text_do_no_harm, start),
        cmocka_unit_test_setup(many_legs_and_conditions_are_counted_not_written, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
