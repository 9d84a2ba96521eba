#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "err.h"
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A user and a group that are neither root's nor anybody's here. */
enum { STRANGER = 54321 };

/* TOP/above/own/file; TOP lies in /tmp, which everybody may write to but which has the sticky bit. */
struct tree {
    char top[64], above[128], own[192], file[256];
};

static struct tree tree;

static int plant(void **state)
{
    int fd;

    (void)state;
    strcpy(tree.top, "/tmp/test_trust_XXXXXX");
    umask(022);
    if (mkdtemp(tree.top) == NULL)
        return -1;
    snprintf(tree.above, sizeof tree.above, "%s/above", tree.top);
    snprintf(tree.own, sizeof tree.own, "%s/own", tree.above);
    snprintf(tree.file, sizeof tree.file, "%s/file", tree.own);
    if (chmod(tree.top, 0755) != 0 || mkdir(tree.above, 0755) != 0 || mkdir(tree.own, 0755) != 0)
        return -1;
    fd = open(tree.file, O_CREAT | O_WRONLY, 0600);
    return fd < 0 ? -1 : close(fd);
}

static int fell(void **state)
{
    (void)state;
    return unlink(tree.file) | rmdir(tree.own) | rmdir(tree.above) | rmdir(tree.top);
}

typedef bool judge(const char *path, struct err *err);

static void trusts(judge *trust)
{
    struct err err = ERR_EMPTY;

    if (!trust(tree.file, &err))
        fail_msg("%s", err.text);
}

/* The sentence must name path and hold the remedy. */
static void refuses(judge *trust, const char *path, const char *remedy)
{
    struct err err = ERR_EMPTY;
    char command[PATH_MAX];

    if (trust(tree.file, &err))
        fail_msg("trusted, though it needs %s %s", remedy, path);
    assert_int_equal(err.class, ERR_CONFIG);
    snprintf(command, sizeof command, "with: %s %s", remedy, path);
    if (strstr(err.text, command) == NULL)
        fail_msg("no \"%s\" in: %s", command, err.text);
    assert_memory_equal(err.text, path, strlen(path));
    assert_false(trust(tree.file, NULL));
}

static void a_file_of_our_own_is_trusted(void **state)
{
    (void)state;
    trusts(trust_file);
    trusts(trust_private);
    chmod(tree.file, 0644);
    trusts(trust_file);
}

static void a_file_that_is_not_there_is_refused(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    assert_false(trust_file("/tmp/test_trust_is_not_there", &err));
    assert_int_equal(err.class, ERR_SYSTEM);
    assert_non_null(strstr(err.text, "/tmp/test_trust_is_not_there"));
    assert_non_null(strstr(err.text, strerror(ENOENT)));
    assert_false(trust_file("", NULL));
}

static void what_is_no_regular_file_is_refused(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    assert_false(trust_file(tree.own, &err));
    assert_non_null(strstr(err.text, "regular file"));
    assert_false(trust_file("/dev/null", &err));
    assert_non_null(strstr(err.text, "regular file"));
    assert_false(trust_file("/", &err));
}

static void what_everybody_may_change_is_refused(void **state)
{
    (void)state;
    chmod(tree.file, 0646);
    refuses(trust_file, tree.file, "chmod o-w");
    chmod(tree.file, 0644);
    chmod(tree.own, 0757);
    refuses(trust_file, tree.own, "chmod o-w");
    chmod(tree.own, 0755);
    chmod(tree.above, 0757);
    refuses(trust_file, tree.above, "chmod o-w");
    chmod(tree.above, 0755);
    trusts(trust_file);
}

static void the_sticky_bit_helps_only_folders_above(void **state)
{
    (void)state;
    chmod(tree.above, 01777);
    trusts(trust_file);
    chmod(tree.own, 01777);
    refuses(trust_file, tree.own, "chmod o-w");
    chmod(tree.own, 0755);
    chmod(tree.file, 01646);
    refuses(trust_file, tree.file, "chmod o-w");
}

static void our_own_group_may_write(void **state)
{
    (void)state;
    chmod(tree.file, 0664);
    chmod(tree.own, 0775);
    trusts(trust_file);
}

static void a_strange_group_may_not_write(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(tree.file, 0, STRANGER), 0);
    assert_int_equal(chown(tree.own, 0, STRANGER), 0);
    trusts(trust_file);
    chmod(tree.file, 0664);
    refuses(trust_file, tree.file, "chmod g-w");
    chmod(tree.file, 0644);
    chmod(tree.own, 0775);
    refuses(trust_file, tree.own, "chmod g-w");
}

static void the_effective_group_may_write(void **state)
{
    bool trusted;

    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(tree.own, 0, STRANGER), 0);
    chmod(tree.own, 0775);
    assert_int_equal(setegid(STRANGER), 0);
    trusted = trust_file(tree.file, NULL);
    assert_int_equal(setegid(0), 0);
    assert_true(trusted);
    assert_false(trust_file(tree.file, NULL));
}

static void a_strange_owner_is_refused(void **state)
{
    const char *const places[] = { tree.file, tree.own, tree.above, tree.top };

    (void)state;
    if (geteuid() != 0)
        skip();
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        assert_int_equal(chown(places[i], STRANGER, 0), 0);
        refuses(trust_file, places[i], "chown root");
        assert_int_equal(chown(places[i], 0, 0), 0);
    }
    trusts(trust_file);
}

static void the_effective_user_counts_as_owner(void **state)
{
    bool trusted;

    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(tree.file, STRANGER, 0), 0);
    assert_int_equal(seteuid(STRANGER), 0);
    trusted = trust_file(tree.file, NULL);
    assert_int_equal(seteuid(0), 0);
    assert_true(trusted);
    assert_false(trust_file(tree.file, NULL));
}

static void a_password_file_is_for_its_owner_alone(void **state)
{
    static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0610, 0601, 0644, 0777 };

    (void)state;
    chmod(tree.file, 0400);
    trusts(trust_private);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct err err = ERR_EMPTY;

        chmod(tree.file, modes[i]);
        assert_false(trust_private(tree.file, &err));
        assert_non_null(strstr(err.text, tree.file));
    }
    chmod(tree.file, 0640);
    refuses(trust_private, tree.file, "chmod go-rwx");
    chmod(tree.file, 0600);
    chmod(tree.own, 0757);
    refuses(trust_private, tree.own, "chmod o-w");
}

static void a_program_must_be_executable_too(void **state)
{
    (void)state;
    chmod(tree.file, 0600);
    refuses(trust_program, tree.file, "chmod +x");
    chmod(tree.file, 0700);
    trusts(trust_program);
    chmod(tree.file, 0777);
    refuses(trust_program, tree.file, "chmod o-w");
}

static void a_link_is_followed_before_anything_is_looked_at(void **state)
{
    char link[256];
    struct err err = ERR_EMPTY;
    bool good, bad;

    (void)state;
    snprintf(link, sizeof link, "%s/link", tree.top);
    assert_int_equal(symlink(tree.file, link), 0);
    good = trust_file(link, NULL);
    chmod(tree.own, 0757);
    bad = trust_file(link, &err);
    unlink(link);
    assert_true(good);
    assert_false(bad);
    assert_memory_equal(err.text, tree.own, strlen(tree.own));
}

static void a_hostile_name_cannot_forge_a_line(void **state)
{
    char name[300];
    struct err err = ERR_EMPTY;
    bool trusted;
    int fd;

    (void)state;
    snprintf(name, sizeof name, "%s/a\nb", tree.own);
    fd = open(name, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    fchmod(fd, 0666);
    close(fd);
    trusted = trust_file(name, &err);
    unlink(name);
    assert_false(trusted);
    assert_null(strchr(err.text, '\n'));
    assert_non_null(strstr(err.text, "a\\nb"));
}

static void a_folder_is_judged_with_those_above(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    assert_true(trust_folder(tree.own, NULL));
    assert_true(trust_folder("/", NULL));
    chmod(tree.own, 01777);
    assert_false(trust_folder(tree.own, &err));
    assert_memory_equal(err.text, tree.own, strlen(tree.own));
    chmod(tree.own, 0755);
    chmod(tree.above, 0757);
    assert_false(trust_folder(tree.own, NULL));
    chmod(tree.above, 01777);
    assert_true(trust_folder(tree.own, NULL));
}

static void what_is_no_folder_is_refused_as_one(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    assert_false(trust_folder(tree.file, &err));
    assert_non_null(strstr(err.text, strerror(ENOTDIR)));
    assert_false(trust_folder("/tmp/test_trust_is_not_there", &err));
    assert_non_null(strstr(err.text, strerror(ENOENT)));
    assert_non_null(strstr(err.text, "/tmp/test_trust_is_not_there"));
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, plant, fell)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TREE(a_file_of_our_own_is_trusted),
        IN_TREE(a_file_that_is_not_there_is_refused),
        IN_TREE(what_is_no_regular_file_is_refused),
        IN_TREE(what_everybody_may_change_is_refused),
        IN_TREE(the_sticky_bit_helps_only_folders_above),
        IN_TREE(our_own_group_may_write),
        IN_TREE(a_strange_group_may_not_write),
        IN_TREE(the_effective_group_may_write),
        IN_TREE(a_strange_owner_is_refused),
        IN_TREE(the_effective_user_counts_as_owner),
        IN_TREE(a_password_file_is_for_its_owner_alone),
        IN_TREE(a_program_must_be_executable_too),
        IN_TREE(a_link_is_followed_before_anything_is_looked_at),
        IN_TREE(a_hostile_name_cannot_forge_a_line),
        IN_TREE(a_folder_is_judged_with_those_above),
        IN_TREE(what_is_no_folder_is_refused_as_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
