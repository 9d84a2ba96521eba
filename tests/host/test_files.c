/* What a scan may do to files: read what it was given, and the system's own. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/muster-files-XXXXXX";
static char granted[64], other[64], new[64];

/* Each test has two files with some text, and a name for a new one. */
static int make_files(void **state)
{
    const char *const paths[] = { granted, other };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        int file = open(paths[i], O_WRONLY | O_CREAT | O_TRUNC, 0644);

        if (file < 0 || write(file, "text", 4) != 4 || fchmod(file, 0644) != 0 || close(file) != 0)
            return -1;
    }
    unlink(new);
    return 0;
}

static bool is_unharmed(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && status.st_size == 4 && (status.st_mode & 07777) == 0644;
}

/* What one act comes to; which is "path" for a file that the scan may read, "other" for any other. */
static struct scan *act(struct client *client, const char *act, const char *which, const char *path)
{
    const struct client_option options[] = { { "act", act }, { which, path } };

    return client_scan(client, RUN_SCAN, &usual_order, options, 2);
}

static void is_refused(struct client *client, const char *word, const char *which, const char *path, const char *why)
{
    char words[128];

    snprintf(words, sizeof words, "%s: %s", word, why);
    trial_is_bad(client, act(client, word, which, path), ERR_UNSUPPORTED, words);
}

static void a_file_named_by_an_option_can_be_read(void **state)
{
    struct client client;

    (void)state;
    trial_start(&client, "files", NULL);
    trial_is_good(&client, act(&client, "read", "path", granted));
    trial_stop(&client);
}

static void all_beneath_a_folder_named_by_an_option_can_be_read(void **state)
{
    const struct client_option options[] = { { "path", folder }, { "other", granted } };
    struct client client;

    (void)state;
    trial_start(&client, "files", NULL);
    trial_is_good(&client, client_scan(&client, RUN_SCAN, &usual_order, options, 2));
    trial_stop(&client);
}

static void other_files_cannot_be_read(void **state)
{
    struct client client;

    (void)state;
    trial_start(&client, "files", NULL);
    trial_needs(&client, "Landlock");
    is_refused(&client, "read", "other", other, "Permission denied");
    is_refused(&client, "read", "other", "/etc/shadow", "Permission denied");
    is_refused(&client, "read", "other", "/", "Permission denied");
    trial_stop(&client);
}

static void the_systems_own_files_can_be_read(void **state)
{
    static const char *const paths[] = { "/etc/os-release", "/etc/passwd", "/dev/urandom", "/proc/self/status",
                                         "/usr/bin/env" };
    struct client client;

    (void)state;
    trial_start(&client, "files", NULL);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        trial_is_good(&client, act(&client, "read", "other", paths[i]));
    trial_stop(&client);
}

static void nothing_can_be_written(void **state)
{
    struct client client;

    (void)state;
    trial_start(&client, "files", NULL);
    trial_needs(&client, "Landlock");
    is_refused(&client, "write", "path", granted, "Permission denied");
    is_refused(&client, "write", "other", other, "Permission denied");
    is_refused(&client, "create", "other", new, "Permission denied");
    is_refused(&client, "remove", "path", granted, "Permission denied");
    trial_neighbour(&client);
    trial_stop(&client);
    assert_true(is_unharmed(granted) && is_unharmed(other));
    assert_int_not_equal(access(new, F_OK), 0);
}

static void attributes_cannot_be_changed(void **state)
{
    static const char *const acts[] = { "truncate", "empty", "chmod", "chmod_anew" };
    struct client client;

    (void)state;
    trial_start(&client, "files", NULL);
    trial_needs(&client, "seccomp");
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        is_refused(&client, acts[i], "path", granted, "Operation not permitted");
    trial_stop(&client);
    assert_true(is_unharmed(granted));
}

/* seccomp alone does not know one file from another, and keeps what it can. */
static void without_landlock_a_scan_writes_but_empties_nothing(void **state)
{
    struct client client;

    (void)state;
    trial_start(&client, "files", no_landlock);
    assert_non_null(strstr(client.confinement, "Landlock is switched off"));
    trial_is_good(&client, act(&client, "create", "other", new));
    trial_is_good(&client, act(&client, "read", "other", other));
    trial_needs(&client, "seccomp");
    is_refused(&client, "empty", "path", granted, "Operation not permitted");
    trial_stop(&client);
    assert_true(is_unharmed(granted));
    assert_int_equal(access(new, F_OK), 0);
}

static void with_no_confinement_all_is_allowed(void **state)
{
    static const char *const acts[] = { "read", "write", "empty", "chmod", "remove" };
    struct client client;

    (void)state;
    trial_start(&client, "files", no_confinement);
    assert_string_equal(client.confinement, "Landlock is switched off, seccomp is switched off");
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        trial_is_good(&client, act(&client, acts[i], "other", other));
    trial_stop(&client);
    assert_int_not_equal(access(other, F_OK), 0);
}

static bool has_limit(pid_t pid, const char *limit)
{
    char name[64], line[256];
    bool found = false;
    FILE *file;

    snprintf(name, sizeof name, "/proc/%d/limits", (int)pid);
    file = fopen(name, "r");
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        found = strstr(line, limit) != NULL;
    if (file != NULL)
        fclose(file);
    return found;
}

/* A scan confines itself before it reads its request, and says nothing of it; its limits come after its secrecy. */
static void wait_for_limits(pid_t pid)
{
    for (int i = 0; i < CLIENT_PATIENCE_MS && !has_limit(pid, "Max open files            256 "); i++)
        poll(NULL, 0, 1);
}

/* That of a process of the same user, which holds the secret of another target. */
static void the_memory_of_a_neighbour_cannot_be_read(void **state)
{
    struct client client;
    struct scan *neighbour;
    char memory[64];
    pid_t pid = 0;

    (void)state;
    trial_start(&client, "files", no_confinement);
    neighbour = client_order(&client, &usual_order);
    assert_true(client_wait_child(&client, &pid));
    wait_for_limits(pid);
    snprintf(memory, sizeof memory, "/proc/%d/mem", (int)pid);
    is_refused(&client, "read", "other", memory, "Permission denied");
    trial_go_on(&client, neighbour);
    trial_stop(&client);
}

/* What is left to root is to read, so that a file of somebody else's can be named by an option. */
static void root_reads_what_it_was_given_and_writes_to_nobody_elses_files(void **state)
{
    struct client client;

    (void)state;
    if (geteuid() != 0) {
        print_message("skipped: this user is not root\n");
        skip();
    }
    assert_int_equal(chown(granted, 65534, 65534), 0);
    assert_int_equal(chmod(granted, 0600), 0);
    trial_start(&client, "files", no_confinement);
    trial_is_good(&client, act(&client, "read", "path", granted));
    is_refused(&client, "write", "path", granted, "Permission denied");
    is_refused(&client, "chmod", "path", granted, "Operation not permitted");
    trial_stop(&client);
}

/* Where the kernel has what is required, that changes nothing; else the plugin is refused. */
static void what_is_required_is_there_or_the_plugin_is_refused(void **state)
{
    static const char *const required[] = { "--landlock", "required", "--seccomp", "required", NULL };
    struct client client;

    (void)state;
    trial_start(&client, "files", NULL);
    if (client.confinement[0] != '\0') {
        trial_stop(&client);
        trial_is_refused(trial_path("files"), required, ERR_CONFIG, "is required, and this kernel does not have it");
        return;
    }
    trial_stop(&client);
    trial_start(&client, "files", required);
    trial_neighbour(&client);
    trial_stop(&client);
}

static void a_secret_is_seen_by_nobody(void **state)
{
    const struct client_option password = { "password", "correct horse battery staple" };
    struct client client;

    (void)state;
    trial_start(&client, "secret", NULL);
    trial_is_good(&client, client_scan(&client, RUN_SCAN, &usual_order, &password, 1));
    trial_stop(&client);
}

/* Each test is a root's too: what root may do is taken from it. */
int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_files, trial_end)
    const struct CMUnitTest tests[] = {
        TEST(a_file_named_by_an_option_can_be_read),
        TEST(all_beneath_a_folder_named_by_an_option_can_be_read),
        TEST(other_files_cannot_be_read),
        TEST(the_systems_own_files_can_be_read),
        TEST(nothing_can_be_written),
        TEST(attributes_cannot_be_changed),
        TEST(without_landlock_a_scan_writes_but_empties_nothing),
        TEST(with_no_confinement_all_is_allowed),
        TEST(what_is_required_is_there_or_the_plugin_is_refused),
        TEST(a_secret_is_seen_by_nobody),
        TEST(the_memory_of_a_neighbour_cannot_be_read),
        TEST(root_reads_what_it_was_given_and_writes_to_nobody_elses_files),
    };
    int failed;

    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(granted, sizeof granted, "%s/granted", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    snprintf(new, sizeof new, "%s/new", folder);
    failed = cmocka_run_group_tests_name("files", tests, NULL, NULL);
    unlink(granted);
    unlink(other);
    unlink(new);
    rmdir(folder);
    return failed;
}
