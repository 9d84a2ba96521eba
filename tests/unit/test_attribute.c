/* The data dictionary: its tables are what binary search and the documents rely on, and its types are held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attribute.h"

#include <string.h>

/* Each name of a table in its place: sorted, none twice, found again. */
static void rules_are_sorted_and_found(void **state)
{
    size_t count;
    const struct attribute_rule *rules = attribute_rules(&count);

    (void)state;
    assert_true(count > 100);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(rules[i - 1].name, rules[i].name) >= 0)
            fail_msg("%s must stand after %s, once", rules[i - 1].name, rules[i].name);
        assert_ptr_equal(attribute_find(rules[i].name), &rules[i]);
    }
}

static void check_words(const struct attribute_word *words, size_t count,
                        const struct attribute_word *(*find)(const char *))
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(words[i - 1].word, words[i].word) >= 0)
            fail_msg("%s must stand after %s, once", words[i - 1].word, words[i].word);
        assert_ptr_equal(find(words[i].word), &words[i]);
        assert_true(item_is_word(words[i].word));
        assert_true(strlen(words[i].meaning) > 10);
    }
    assert_null(find(""));
    assert_null(find("no_such_word"));
    assert_null(find("zzzz"));
}

static void kinds_and_relations_are_sorted_and_found(void **state)
{
    const struct attribute_word *words;
    size_t count;

    (void)state;
    words = kind_words(&count);
    assert_int_equal(count, 18);
    check_words(words, count, kind_find);
    words = relation_words(&count);
    check_words(words, count, relation_find);
}

static void every_rule_is_well_formed(void **state)
{
    size_t count;
    const struct attribute_rule *rules = attribute_rules(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(rules[i].meaning);

        assert_true(item_is_name(rules[i].name));
        assert_non_null(strchr(rules[i].name, '.'));
        assert_string_not_equal(attribute_type_word(rules[i].type), "unknown");
        assert_true(strcmp(rules[i].unit, "") == 0 || strcmp(rules[i].unit, "bytes") == 0);
        assert_true(rules[i].unit[0] == '\0' || rules[i].type == ATTRIBUTE_INT);
        if (length < 10 || rules[i].meaning[length - 1] != '.')
            fail_msg("the meaning of %s is no sentence", rules[i].name);
    }
}

static void every_rule_names_kinds_that_there_are(void **state)
{
    size_t count;
    const struct attribute_rule *rules = attribute_rules(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        char kinds[512];
        size_t words = 0;

        assert_true(strlen(rules[i].kinds) < sizeof kinds);
        strcpy(kinds, rules[i].kinds);
        for (char *word = strtok(kinds, " "); word != NULL; word = strtok(NULL, " ")) {
            if (kind_find(word) == NULL)
                fail_msg("%s is of kind %s, which there is not", rules[i].name, word);
            words++;
        }
        assert_true(words > 0);
    }
}

static void every_kind_has_attributes(void **state)
{
    size_t kind_count, count;
    const struct attribute_word *kinds = kind_words(&kind_count);
    const struct attribute_rule *rules = attribute_rules(&count);

    (void)state;
    for (size_t k = 0; k < kind_count; k++) {
        size_t length = strlen(kinds[k].word), uses = 0;

        for (size_t i = 0; i < count; i++) {
            for (const char *at = rules[i].kinds; (at = strstr(at, kinds[k].word)) != NULL; at += length)
                uses += (at == rules[i].kinds || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0');
        }
        if (uses < 3)
            fail_msg("kind %s has %zu attributes", kinds[k].word, uses);
    }
}

/* These names are promised to plugins already written: the dictionary may grow, but not lose or retype them. */
static void names_in_use_keep_their_type(void **state)
{
    static const struct {
        const char *name;
        enum attribute_type type;
    } used[] = {
        { "os.build", ATTRIBUTE_TEXT },       { "os.service_pack", ATTRIBUTE_INT },
        { "os.sku", ATTRIBUTE_INT },          { "os.product_type", ATTRIBUTE_INT },
        { "os.arch", ATTRIBUTE_TEXT },        { "os.hotfixes", ATTRIBUTE_LIST },
        { "id.uuid", ATTRIBUTE_TEXT },        { "id.fqdn", ATTRIBUTE_TEXT },
        { "id.netbios", ATTRIBUTE_TEXT },     { "volume.filesystem", ATTRIBUTE_TEXT },
        { "volume.capacity", ATTRIBUTE_INT }, { "volume.dedup", ATTRIBUTE_BOOL },
        { "wmf.version", ATTRIBUTE_TEXT },    { "sql.build", ATTRIBUTE_TEXT },
        { "vm.template", ATTRIBUTE_BOOL },    { "protected.last_recovery_point", ATTRIBUTE_TIME },
    };

    (void)state;
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) {
        const struct attribute_rule *rule = attribute_find(used[i].name);

        assert_non_null(rule);
        assert_int_equal(rule->type, used[i].type);
    }
}

static void other_names_are_not_found(void **state)
{
    static const char *const names[] = { "", "os", "os.", "os.buil", "os.build2", "OS.build", "a", "zzz.zzz", "\xFF" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_null(attribute_find(names[i]));
}

static struct value text(const char *text)
{
    return (struct value){ .type = VALUE_TEXT, .text = text };
}

static void each_type_accepts_its_own_values_only(void **state)
{
    const struct value values[] = {
        [ATTRIBUTE_TEXT] = text("x"),
        [ATTRIBUTE_INT] = { .type = VALUE_INT, .number = 1 },
        [ATTRIBUTE_BOOL] = { .type = VALUE_BOOL, .truth = true },
        [ATTRIBUTE_LIST] = { .type = VALUE_LIST },
        [ATTRIBUTE_TIME] = text("2018-03-01T12:00:00Z"),
    };

    (void)state;
    for (size_t type = ATTRIBUTE_TEXT; type <= ATTRIBUTE_TIME; type++) {
        struct attribute_rule rule = { .type = (enum attribute_type)type };

        for (size_t given = ATTRIBUTE_TEXT; given <= ATTRIBUTE_TIME; given++) {
            bool fits = given == type || (type == ATTRIBUTE_TEXT && given == ATTRIBUTE_TIME);

            assert_int_equal(attribute_accepts(&rule, &values[given]), fits);
        }
    }
}

static void a_time_is_an_instant_in_utc(void **state)
{
    static const char *const good[] = {
        "2018-03-01T12:00:00Z", "1970-01-01T00:00:00Z",     "9999-12-31T23:59:59Z",
        "2016-02-29T00:00:00Z", "2000-02-29T00:00:00.250Z", "9999-12-31T23:59:59.999Z",
    };
    static const char *const bad[] = {
        "",
        "2018-03-01",
        "2018-03-01T12:00:00",
        "2018-03-01 12:00:00Z",
        "2018-03-01t12:00:00Z",
        "2018-03-01T12:00:00z",
        "2018-03-01T12:00Z",
        "2018-03-01T12:00:00+00:00",
        "2018-03-01T12:00:00+01:00",
        "2018-03-01T12:00:00.Z",
        "2018-03-01T12:00:00.1234567Z",
        "1969-12-31T23:59:59Z",
        "2018-03-01T12:00:00,5Z",
        "2018-03-01T12:00:00ZZ",
        "2018-03-01T12:00:00Z ",
        " 2018-03-01T12:00:00Z",
        "2018-3-01T12:00:00Z",
        "18-03-01T12:00:00Z",
        "2018-00-01T12:00:00Z",
        "2018-13-01T12:00:00Z",
        "2018-03-00T12:00:00Z",
        "2018-04-31T12:00:00Z",
        "2018-03-32T12:00:00Z",
        "2018-02-29T12:00:00Z",
        "1900-02-29T12:00:00Z",
        "2018-03-01T24:00:00Z",
        "2018-03-01T12:60:00Z",
        "2018-06-30T23:59:60Z",
        "2018-03-01T12:0a:00Z",
        "-018-03-01T12:00:00Z",
        "20181-03-01T12:00:00Z",
    };
    struct attribute_rule rule = { .type = ATTRIBUTE_TIME };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct value value = text(good[i]);

        if (!attribute_accepts(&rule, &value))
            fail_msg("%s is a time", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct value value = text(bad[i]);

        if (attribute_accepts(&rule, &value))
            fail_msg("%s is no time", bad[i]);
    }
}

static void assert_says(bool result, const struct err *err, const char *const parts[])
{
    assert_false(result);
    assert_int_equal(err->class, ERR_PROTOCOL);
    for (; *parts != NULL; parts++) {
        if (strstr(err->text, *parts) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", *parts, err->text);
    }
}

static void a_known_name_of_another_type_is_refused(void **state)
{
    static const char *const types[] = { "os.build", "machine", "type int", "says text", NULL };
    static const char *const times[] = { "protected.last_recovery_point", "'yester\\nday'", "2018-03-01T12:00:00Z",
                                         NULL };
    static const char *const both[] = { "protected.last_recovery_point", "type bool", "says time", NULL };
    struct value number = { .type = VALUE_INT }, truth = { .type = VALUE_BOOL }, word = text("yester\nday");
    struct err err = ERR_EMPTY;

    (void)state;
    assert_says(attribute_check("machine", "os.build", &number, &err), &err, types);
    assert_says(attribute_check("protected", "protected.last_recovery_point", &word, &err), &err, times);
    assert_says(attribute_check("protected", "protected.last_recovery_point", &truth, &err), &err, both);
    assert_false(attribute_check("machine", "os.build", &number, NULL));
}

static void unknown_names_and_unusual_kinds_are_free(void **state)
{
    struct value number = { .type = VALUE_INT }, word = text("6.0.6002");
    struct err err = ERR_EMPTY;

    (void)state;
    assert_true(attribute_check("machine", "acme.rack", &number, &err));
    assert_true(attribute_check("toaster", "os.build", &word, &err));
    assert_true(attribute_check("machine", "os.build", &word, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_sorted_and_found),
        cmocka_unit_test(kinds_and_relations_are_sorted_and_found),
        cmocka_unit_test(every_rule_is_well_formed),
        cmocka_unit_test(every_rule_names_kinds_that_there_are),
        cmocka_unit_test(every_kind_has_attributes),
        cmocka_unit_test(names_in_use_keep_their_type),
        cmocka_unit_test(other_names_are_not_found),
        cmocka_unit_test(each_type_accepts_its_own_values_only),
        cmocka_unit_test(a_time_is_an_instant_in_utc),
        cmocka_unit_test(a_known_name_of_another_type_is_refused),
        cmocka_unit_test(unknown_names_and_unusual_kinds_are_free),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
