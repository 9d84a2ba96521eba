/* What a host says of its plugin: whole, in parts, and out of order. */
#include "greeting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct greeting greeting;

static int begin(void **state)
{
    (void)state;
    greeting_init(&greeting);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    greeting_finish(&greeting);
    return 0;
}

static struct message hello(uint64_t options)
{
    struct message message = { .type = MESSAGE_HELLO };

    message.hello = (struct message_hello){
        .modes = 6, .option_count = options, .name = "a", .version = "1.2", .summary = "s", .confinement = "no Landlock"
    };
    return message;
}

static struct message option(const char *name, enum option_type type)
{
    struct message message = { .type = MESSAGE_OPTION };

    message.option = (struct message_option){ .name = name, .type = type };
    return message;
}

static void take(struct message message)
{
    struct err err = ERR_EMPTY;

    if (!greeting_take(&greeting, &message, &err))
        fail_msg("%s", err.text);
}

static void refuse(struct message message, const char *words)
{
    struct err err = ERR_EMPTY;

    assert_false(greeting_take(&greeting, &message, &err));
    assert_int_equal(err.class, ERR_BUG);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, err.text);
}

static void a_plugin_without_options_has_said_all_with_hello(void **state)
{
    (void)state;
    assert_false(greeting_is_whole(&greeting));
    take(hello(0));
    assert_true(greeting_is_whole(&greeting));
    assert_string_equal(greeting.name, "a 1.2");
    assert_string_equal(greeting.confinement, "no Landlock");
    assert_int_equal(greeting.modes, 6);
    assert_int_equal(greeting.table.count, 0);
}

static void all_options_are_waited_for(void **state)
{
    const char *const words[] = { "red", "green" };
    struct message choice = option("colour", OPTION_CHOICE);

    (void)state;
    choice.option.choices = (struct text_list){ words, 2 };
    choice.option.fallback = "red";
    take(hello(2));
    take(option("host", OPTION_TEXT));
    assert_false(greeting_is_whole(&greeting));
    take(choice);
    assert_true(greeting_is_whole(&greeting));
    assert_int_equal(greeting.table.count, 2);
    assert_string_equal(greeting.table.specs[1].choices[1], "green");
    assert_null(greeting.table.specs[1].choices[2]);
    assert_null(greeting.table.specs[0].fallback);
}

static void what_is_said_is_copied(void **state)
{
    char name[] = "host";
    struct message message = option(name, OPTION_TEXT);

    (void)state;
    take(hello(1));
    take(message);
    memset(name, 'x', sizeof name - 1);
    assert_string_equal(greeting.table.specs[0].name, "host");
}

static void it_can_be_moved(void **state)
{
    struct greeting other;

    (void)state;
    greeting_init(&other);
    take(hello(1));
    take(option("host", OPTION_TEXT));
    greeting_move(&other, &greeting);
    assert_false(greeting_is_whole(&greeting));
    assert_string_equal(greeting.name, "");
    assert_string_equal(other.table.specs[0].name, "host");
    greeting_finish(&other);
}

static void hello_comes_once(void **state)
{
    (void)state;
    take(hello(1));
    refuse(hello(1), "said HELLO twice");
}

static void no_option_comes_before_hello(void **state)
{
    (void)state;
    refuse(option("host", OPTION_TEXT), "more options than it had announced");
}

static void no_more_options_come_than_announced(void **state)
{
    (void)state;
    take(hello(1));
    take(option("host", OPTION_TEXT));
    refuse(option("port", OPTION_INT), "more options than it had announced");
}

static void a_table_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    take(hello(2));
    take(option("host", OPTION_TEXT));
    refuse(option("host", OPTION_TEXT), "option host is there twice");
}

static void a_choice_without_words_is_refused(void **state)
{
    (void)state;
    take(hello(1));
    refuse(option("colour", OPTION_CHOICE), "colour");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_plugin_without_options_has_said_all_with_hello),
        TEST(all_options_are_waited_for),
        TEST(what_is_said_is_copied),
        TEST(it_can_be_moved),
        TEST(hello_comes_once),
        TEST(no_option_comes_before_hello),
        TEST(no_more_options_come_than_announced),
        TEST(a_table_that_makes_no_sense_is_refused),
        TEST(a_choice_without_words_is_refused),
    };

    return cmocka_run_group_tests_name("greeting", tests, NULL, NULL);
}
