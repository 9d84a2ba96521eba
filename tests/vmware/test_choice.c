#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "choice.h"
#include "pattern.h"
#include "points.h"

#include <stdio.h>
#include <string.h>

enum { MAX = 4 };

static size_t count(const char *const *patterns)
{
    size_t number = 0;

    while (number < MAX && patterns[number] != NULL)
        number++;
    return number;
}

static struct choice choice_of(const char *const *include, const char *const *exclude)
{
    return (struct choice){
        .include = include, .exclude = exclude, .include_count = count(include), .exclude_count = count(exclude)
    };
}

/* All of the machine web01 in /DC0/vm/Prod/Web, of which Backup=nightly and Owner=Ann are said. */
static const struct {
    const char *include[MAX], *exclude[MAX];
    bool taken;
} choices[] = {
    { { NULL }, { NULL }, true },
    /* By name, the whole of it, in any letters. */
    { { "web01" }, { NULL }, true },
    { { "WEB*" }, { NULL }, true },
    { { "web?1" }, { NULL }, true },
    { { "web" }, { NULL }, false },
    { { "sql*", "web*" }, { NULL }, true },
    { { "sql*" }, { NULL }, false },
    /* By path: its own, or that of a folder above. */
    { { "/DC0/vm/Prod/Web/web01" }, { NULL }, true },
    { { "/dc0/vm/prod" }, { NULL }, true },
    { { "/DC0/vm/Prod/" }, { NULL }, true },
    { { "/DC0" }, { NULL }, true },
    { { "/" }, { NULL }, true },
    { { "/*/vm/Prod" }, { NULL }, true },
    { { "/DC?/*/web*" }, { NULL }, true },
    { { "/DC0/vm/Pro" }, { NULL }, false },
    { { "/DC0/vm/Prod/Web/web" }, { NULL }, false },
    { { "/DC0/vm/Test" }, { NULL }, false },
    { { "/vm/Prod" }, { NULL }, false },
    { { "/DC0/vm/Prod/Web/web01/more" }, { NULL }, false },
    /* By custom attribute. */
    { { "attribute:Backup=nightly" }, { NULL }, true },
    { { "attribute:backup=NIGHT*" }, { NULL }, true },
    { { "attribute:*=ann" }, { NULL }, true },
    { { "attribute:Backup=" }, { NULL }, false },
    { { "attribute:Backup=no*" }, { NULL }, false },
    { { "attribute:Site=*" }, { NULL }, false },
    /* What is excluded is out in any case. */
    { { NULL }, { "web01" }, false },
    { { "web01" }, { "web*" }, false },
    { { "/DC0" }, { "/DC0/vm/Prod" }, false },
    { { "/DC0" }, { "attribute:Owner=Ann" }, false },
    { { "web01" }, { "sql*", "/DC0/vm/Test", "attribute:Backup=never" }, true },
};

static const char *const custom[] = { "Backup=nightly", "Owner=Ann" };
static const struct vm_face web01 = {
    .name = "web01", .path = "/DC0/vm/Prod/Web/web01", .custom = custom, .custom_count = 2
};

static void patterns_choose_by_path_name_and_attribute(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        struct choice choice = choice_of(choices[i].include, choices[i].exclude);

        assert_true(choice_check(&choice, NULL));
        if (choice_takes(&choice, &web01) != choices[i].taken)
            fail_msg("case %zu", i);
    }
}

/* Without a whole path nothing says that it lies in that folder. */
static void a_path_that_is_not_known_fits_no_pattern_of_paths(void **state)
{
    static const char *const include[MAX] = { "/*" }, *const none[MAX] = { NULL };
    struct choice choice = choice_of(include, none);
    struct vm_face lost = { .name = "web01", .path = "Prod/web01" };

    (void)state;
    assert_false(choice_takes(&choice, &lost));
}

static const struct {
    const char *pattern, *says;
} mistakes[] = {
    { "", "include has an empty pattern" },
    { "attribute:", "include: 'attribute:' is not attribute:NAME=VALUE" },
    { "attribute:=x", "include: 'attribute:=x' is not attribute:NAME=VALUE" },
    { "attribute:Backup", "include: 'attribute:Backup' is not attribute:NAME=VALUE" },
};

static void what_is_no_pattern_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const char *const include[MAX] = { "web*", mistakes[i].pattern }, *const none[MAX] = { NULL };
        struct choice choice = choice_of(include, none);
        struct err err = ERR_EMPTY;

        assert_false(choice_check(&choice, &err));
        assert_int_equal(err.class, ERR_CONFIG);
        if (strstr(err.text, mistakes[i].says) == NULL)
            fail_msg("'%s'", err.text);
        choice = choice_of(none, include);
        assert_false(choice_check(&choice, &err));
        assert_non_null(strstr(err.text, "exclude"));
    }
}

/* What is not known of the machine decides only where nothing else does. */
static void what_is_not_known_leaves_it_open(void **state)
{
    static const struct {
        const char *include, *exclude;
        bool name, path, custom, open;
    } cases[] = {
        { NULL, NULL, true, true, true, false },
        { "web*", NULL, false, true, true, false },
        { "db*", NULL, false, true, true, false },
        { "db*", NULL, true, false, false, true },
        { "/DC9", NULL, false, true, false, true },
        { "/DC9", NULL, true, false, true, false },
        { "attribute:Owner=*", NULL, false, false, true, true },
        { "attribute:Owner=*", NULL, true, true, false, false },
        { "/DC9", "web*", false, true, false, false },
        { "/DC9", "db*", false, true, false, true },
        { NULL, "/DC9", false, true, false, true },
        { NULL, "web*", true, true, true, false },
        { "db*", "/DC9", false, true, false, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct vm_face face = { .name = "web01",
                                      .path = "/DC0/vm/web01",
                                      .name_open = cases[i].name,
                                      .path_open = cases[i].path,
                                      .custom_open = cases[i].custom };
        const struct choice choice = { .include = &cases[i].include,
                                       .exclude = &cases[i].exclude,
                                       .include_count = cases[i].include != NULL,
                                       .exclude_count = cases[i].exclude != NULL };

        if (choice_is_open(&choice, &face) != cases[i].open)
            fail_msg("case %zu", i);
    }
}

/* Against the definition, over random short texts: any folder above, or the machine itself. */
static bool by_definition(const char *pattern, const char *path)
{
    char folder[32];

    for (size_t length = 1; length <= strlen(path); length++) {
        bool ends = path[length] == '\0' || path[length] == '/' || path[length - 1] == '/';
        snprintf(folder, sizeof folder, "%.*s", (int)length, path);
        if (ends && pattern_fits(pattern, folder))
            return true;
    }
    return false;
}

static void fill(char *text, size_t size, const char *letters)
{
    size_t length = 1 + points_random((unsigned)size - 2);

    text[0] = '/';
    for (size_t i = 1; i < length; i++)
        text[i] = letters[points_random((unsigned)strlen(letters))];
    text[length] = '\0';
}

static void random_paths_are_chosen_as_defined(void **state)
{
    size_t taken = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char pattern[8], path[12];
        const char *const include[MAX] = { pattern }, *const none[MAX] = { NULL };
        struct vm_face face = { .name = "", .path = path };
        struct choice choice = choice_of(include, none);

        fill(pattern, sizeof pattern, "ab/*?");
        fill(path, sizeof path, "ab/");
        if (choice_takes(&choice, &face) != by_definition(pattern, path))
            fail_msg("'%s' and '%s'", pattern, path);
        taken += choice_takes(&choice, &face);
    }
    assert_in_range(taken, 1000, 19000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_choose_by_path_name_and_attribute),
        cmocka_unit_test(a_path_that_is_not_known_fits_no_pattern_of_paths),
        cmocka_unit_test(what_is_no_pattern_is_told),
        cmocka_unit_test(what_is_not_known_leaves_it_open),
        cmocka_unit_test(random_paths_are_chosen_as_defined),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
