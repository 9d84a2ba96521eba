/* Where the database and the control socket are, for somebody who may not read the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "yard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct config_paths paths;
static struct err err;

static int start(void **state)
{
    arena_init(&arena, ARENA_PLAIN);
    err = ERR_EMPTY;
    return yard_open(state);
}

static int finish(void **state)
{
    arena_finish(&arena);
    return yard_close(state);
}

static bool load(const char *text)
{
    yard_write("m.conf", text);
    return config_paths_load(yard_path("m.conf"), &arena, &paths, &err);
}

static void refused(const char *text, const char *sentence)
{
    assert_false(load(text));
    assert_int_equal(err.class, ERR_CONFIG);
    if (strstr(err.text, yard_path("m.conf")) != err.text || strstr(err.text, sentence) == NULL)
        fail_msg("%s", err.text);
}

static void paths_are_found_or_have_their_defaults(void **state)
{
    (void)state;
    assert_true(load(""));
    assert_string_equal(paths.database, "/var/lib/muster/muster.db");
    assert_string_equal(paths.control, "/run/muster/control");
    assert_true(load("database = \"db\"; control = \"/c\"; other = ( 1 );"));
    assert_string_equal(paths.database, yard_path("db"));
    assert_string_equal(paths.control, "/c");
    assert_true(load("matrix = \"m\"; products = \"/p.conf\";"));
    assert_string_equal(paths.matrix, yard_path("m"));
    assert_string_equal(paths.products, "/p.conf");
}

/* This program is one of a build, in whose share/muster they are. */
static void the_published_knowledge_is_beside_the_program(void **state)
{
    char *here = realpath("/proc/self/exe", NULL), path[4096];

    (void)state;
    assert_non_null(here);
    *strrchr(here, '/') = '\0';
    *strrchr(here, '/') = '\0';
    assert_true(load(""));
    snprintf(path, sizeof path, "%s/share/muster/matrix", here);
    assert_string_equal(paths.matrix, path);
    snprintf(path, sizeof path, "%s/share/muster/products.conf", here);
    assert_string_equal(paths.products, path);
    free(here);
}

static void a_failure_leaves_the_usual_paths(void **state)
{
    (void)state;
    assert_false(load("database = \"/d\"; control = 5;"));
    assert_string_equal(paths.database, "/var/lib/muster/muster.db");
    assert_string_equal(paths.control, "/run/muster/control");
    assert_non_null(paths.matrix);
    assert_non_null(paths.products);
}

/* What concerns only the daemon is for the daemon to refuse. */
static void what_else_is_wrong_does_not_matter(void **state)
{
    (void)state;
    assert_true(load("nonsense = 1; targets = 5; database = \"/d\";"));
    assert_string_equal(paths.database, "/d");
}

static void what_cannot_be_read_is_told(void **state)
{
    (void)state;
    refused("database = 1;", ": database: expected a path in quotes, such as \"/var/lib/muster/muster.db\"");
    refused("database = \"\";", "database: expected a path");
    refused("matrix = 1;", "matrix: expected a path in quotes, such as ");
    refused("products = [ ];", "products: expected a path in quotes, such as ");
    refused("\n\nx y", ":3: syntax error");
    refused("a = 99999999999;", ":1: the number 99999999999 does not fit");
    assert_false(config_paths_load(yard_path("none"), &arena, &paths, &err));
    assert_non_null(strstr(err.text, "No such file"));
    assert_false(config_paths_load(yard_path("plugins"), &arena, &paths, &err));
    assert_false(config_paths_load(yard_path("none"), &arena, &paths, NULL));
    assert_int_equal(mkfifo(yard_path("pipe"), 0600), 0);
    assert_false(config_paths_load(yard_path("pipe"), &arena, &paths, &err));
    assert_non_null(strstr(err.text, "not a regular file"));
}

static void whose_the_file_is_does_not_matter(void **state)
{
    (void)state;
    yard_write("m.conf", "database = \"/d\";");
    assert_int_equal(chmod(yard_path("m.conf"), 0666), 0);
    assert_true(config_paths_load(yard_path("m.conf"), &arena, &paths, &err));
}

/* As another user: root may read everything. */
static void an_included_file_that_must_not_be_read_is_left_out(void **state)
{
    bool good;

    (void)state;
    yard_write("secret.conf", "control = \"/secret\";");
    yard_write("m.conf", "@include \"secret.conf\"\ndatabase = \"/d\";");
    assert_int_equal(chmod(yard_path("secret.conf"), geteuid() == 0 ? 0600 : 0000), 0);
    assert_int_equal(chmod(yard_path("m.conf"), 0644), 0);
    assert_int_equal(chmod(yard.folder, 0755), 0);
    if (geteuid() == 0)
        assert_int_equal(seteuid(54321), 0);
    good = config_paths_load(yard_path("m.conf"), &arena, &paths, &err);
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
    if (!good)
        fail_msg("%s", err.text);
    assert_string_equal(paths.database, "/d");
    assert_string_equal(paths.control, "/run/muster/control");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paths_are_found_or_have_their_defaults, start, finish),
        cmocka_unit_test_setup_teardown(the_published_knowledge_is_beside_the_program, start, finish),
        cmocka_unit_test_setup_teardown(a_failure_leaves_the_usual_paths, start, finish),
        cmocka_unit_test_setup_teardown(what_else_is_wrong_does_not_matter, start, finish),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_told, start, finish),
        cmocka_unit_test_setup_teardown(whose_the_file_is_does_not_matter, start, finish),
        cmocka_unit_test_setup_teardown(an_included_file_that_must_not_be_read_is_left_out, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
