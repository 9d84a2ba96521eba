#include "rig.h"

#include "clock.h"
#include "str.h"
#include "whole.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define MOST_WORDS 32

/* ------------------------------------------------------------------------------------------------------ files ---- */

static void path_of(const struct rig *rig, char path[256], const char *name)
{
    snprintf(path, 256, "%s/%s", rig->folder, name);
}

static void write_whole(const struct rig *rig, const char *name, const char *text, size_t size)
{
    char path[256], fresh[300];
    FILE *file;

    path_of(rig, path, name);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    file = fopen(fresh, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(fresh, path), 0);
}

void rig_write(struct rig *rig, const char *name, const char *format, ...)
{
    struct str text = STR_EMPTY;
    va_list args;

    va_start(args, format);
    str_vformat(&text, format, args);
    va_end(args);
    write_whole(rig, name, str_text(&text), text.length);
    str_finish(&text);
}

void rig_set_password(struct rig *rig, const char *password)
{
    char path[256];

    rig_write(rig, "word", "%s\n", password);
    path_of(rig, path, "word");
    assert_int_equal(chmod(path, 0600), 0);
}

void rig_configure(struct rig *rig, const char *format, ...)
{
    struct str text = STR_EMPTY;
    va_list args;

    str_format(&text, "database = \"%s/muster.db\"; control = \"%s/control\"; plugins = \"%s/plugins\";\n", rig->folder,
               rig->folder, rig->folder);
    str_format(&text, "plugin_host = \"%s\"; log = { level = \"debug\"; };\n", HOST_PROGRAM);
    va_start(args, format);
    str_vformat(&text, format, args);
    va_end(args);
    write_whole(rig, "musterd.conf", str_text(&text), text.length);
    str_finish(&text);
}

static char *read_path(const char *path)
{
    struct str text = STR_EMPTY;
    FILE *file = fopen(path, "r");
    size_t size;

    if (file != NULL) {
        while ((size = fread(str_room(&text, 65536), 1, 65536, file)) > 0)
            text.length += size;
        fclose(file);
    }
    *str_room(&text, 1) = '\0';
    return text.bytes;
}

char *rig_read(struct rig *rig, const char *name)
{
    char path[256];

    path_of(rig, path, name);
    return read_path(path);
}

static void link_all(const struct rig *rig, const char *folder)
{
    DIR *all = opendir(folder);
    struct dirent *entry;

    assert_non_null(all);
    while ((entry = readdir(all)) != NULL) {
        char from[1024], to[1024];

        if (strstr(entry->d_name, ".so") == NULL)
            continue;
        snprintf(from, sizeof from, "%s/%s", folder, entry->d_name);
        snprintf(to, sizeof to, "%s/plugins/%s", rig->folder, entry->d_name);
        assert_int_equal(symlink(from, to), 0);
    }
    closedir(all);
}

/* --------------------------------------------------------------------------------------------- begin and end ---- */

static void listen_for_news(struct rig *rig)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    rig->notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", rig->folder);
    assert_int_equal(bind(rig->notify, (const struct sockaddr *)&address, sizeof address), 0);
}

/* The daemon of a test that failed in the middle must not spoil the next one. */
static pid_t unfinished;

static void sweep(void)
{
    if (unfinished == 0)
        return;
    kill(unfinished, SIGKILL);
    waitpid(unfinished, NULL, 0);
    unfinished = 0;
    rig_assert_alone();
}

void rig_begin(struct rig *rig)
{
    char plugins[96];

    sweep();
    *rig = (struct rig){ .folder = "/tmp/muster-rig-XXXXXX" };
    assert_non_null(mkdtemp(rig->folder));
    assert_int_equal(chmod(rig->folder, 0755), 0);
    snprintf(rig->config, sizeof rig->config, "%s/musterd.conf", rig->folder);
    snprintf(plugins, sizeof plugins, "%s/plugins", rig->folder);
    assert_int_equal(mkdir(plugins, 0755), 0);
    link_all(rig, PLUGINS);
    link_all(rig, SPECIMENS);
    listen_for_news(rig);
    /* What a daemon that is killed leaves behind comes here, where rig_kill and rig_end see it. */
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status, (void)type, (void)place;
    return remove(path);
}

static pid_t neighbour;

void rig_set_neighbour(pid_t pid)
{
    neighbour = pid;
}

/* Whether all children that this process has are the neighbour. */
static bool is_neighbour_alone(void)
{
    char *children = neighbour == 0 ? NULL : read_path("/proc/thread-self/children"), *at = children;
    bool alone = children != NULL;

    while (alone && at[strspn(at, " ")] != '\0')
        alone = strtol(at, &at, 10) == neighbour;
    free(children);
    return alone;
}

/* Waits for all children to be gone: hosts and scans die with the daemon, but not in the same instant. */
void rig_assert_alone(void)
{
    int64_t end = clock_mono_ms(&clock_system) + RIG_PATIENCE_MS;
    pid_t pid;

    while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
        if (pid == 0 && is_neighbour_alone())
            return;
        if (pid == 0)
            poll(NULL, 0, 1);
        assert_true(clock_mono_ms(&clock_system) < end);
    }
    assert_int_equal(errno, ECHILD);
}

void rig_end(struct rig *rig)
{
    if (rig->daemon != 0)
        rig_stop(rig);
    rig_assert_alone();
    close(rig->notify);
    free(rig->out);
    free(rig->err);
    nftw(rig->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ------------------------------------------------------------------------------------------------- processes ---- */

static void redirect(const struct rig *rig, const char *name, int descriptor, int flags)
{
    char path[256];
    int file;

    path_of(rig, path, name);
    file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    if (file < 0 || dup2(file, descriptor) < 0)
        _exit(126);
}

static void become(const struct rig *rig, const char *program, const char *const *words, const char *preload)
{
    char notify[128];

    snprintf(notify, sizeof notify, "%s/notify", rig->folder);
    setenv("NOTIFY_SOCKET", notify, 1);
    unsetenv("JOURNAL_STREAM");
    if (preload != NULL)
        setenv("LD_PRELOAD", preload, 1);
    execv(program, (char **)(uintptr_t)words);
    _exit(127);
}

pid_t rig_fork(void)
{
    pid_t parent = getpid(), pid = fork();

    assert_true(pid >= 0);
    /* The parent may have ended before the child could ask for the signal. */
    if (pid == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent))
        _exit(125);
    return pid;
}

/* What the one before has said is no news of this one. */
static void forget_news(const struct rig *rig)
{
    char text[4096];

    while (recv(rig->notify, text, sizeof text, MSG_DONTWAIT) >= 0)
        continue;
}

void rig_spawn(struct rig *rig, const char *argument)
{
    const char *const words[] = { "musterd", "-c", rig->config, argument, NULL };

    forget_news(rig);
    rig->daemon = unfinished = rig_fork();
    if (rig->daemon > 0)
        return;
    redirect(rig, "out", STDOUT_FILENO, O_TRUNC);
    redirect(rig, "log", STDERR_FILENO, O_APPEND);
    become(rig, DAEMON_PROGRAM, words, rig->preload);
}

static void show_log(struct rig *rig);

/* A daemon that does not end is killed, so that nothing is left behind by a test that fails. */
static void wait_for_end(struct rig *rig)
{
    struct pollfd end = { .fd = pidfd_open(rig->daemon, 0), .events = POLLIN };
    int ready = poll(&end, 1, RIG_PATIENCE_MS);

    close(end.fd);
    if (ready == 1)
        return;
    show_log(rig);
    kill(rig->daemon, SIGKILL);
    fail_msg("the daemon has not ended within a minute");
}

int rig_wait(struct rig *rig)
{
    int status;

    wait_for_end(rig);
    assert_int_equal(waitpid(rig->daemon, &status, 0), rig->daemon);
    rig->daemon = unfinished = 0;
    return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What the daemon printed so far, for whoever reads why a test failed. */
static void show_log(struct rig *rig)
{
    char *log = rig_read(rig, "log");

    print_message("%s", log);
    free(log);
}

void rig_await(struct rig *rig, const char *state)
{
    struct pollfd news = { .fd = rig->notify, .events = POLLIN };
    char text[4096];
    ssize_t size;

    do {
        if (poll(&news, 1, RIG_PATIENCE_MS) != 1) {
            show_log(rig);
            fail_msg("the daemon has not said \"%s\" within a minute", state);
        }
        size = recv(rig->notify, text, sizeof text - 1, 0);
        assert_true(size >= 0);
        text[size] = '\0';
    } while (strstr(text, state) == NULL);
}

void rig_await_text(struct rig *rig, const char *name, const char *text)
{
    int64_t end = clock_mono_ms(&clock_system) + RIG_PATIENCE_MS;

    for (;;) {
        char *whole = rig_read(rig, name);
        bool found = strstr(whole, text) != NULL;

        free(whole);
        if (found)
            return;
        if (clock_mono_ms(&clock_system) > end) {
            show_log(rig);
            fail_msg("%s does not hold \"%s\" after a minute", name, text);
        }
        poll(NULL, 0, 5);
    }
}

void rig_reload(struct rig *rig)
{
    forget_news(rig);
    assert_int_equal(kill(rig->daemon, SIGHUP), 0);
    rig_await(rig, "RELOADING=1");
    rig_await(rig, "READY=1");
}

void rig_start(struct rig *rig)
{
    rig_spawn(rig, NULL);
    rig_await(rig, "READY=1");
}

void rig_stop(struct rig *rig)
{
    int status;

    assert_int_equal(kill(rig->daemon, SIGTERM), 0);
    status = rig_wait(rig);
    if (status != 0)
        show_log(rig);
    assert_int_equal(status, 0);
    rig_assert_alone();
}

void rig_kill(struct rig *rig)
{
    assert_int_equal(kill(rig->daemon, SIGKILL), 0);
    rig_wait(rig);
}

int rig_muster(struct rig *rig, ...)
{
    char database[96], control[96];
    const char *words[MOST_WORDS] = { "muster", "--database", database, "--control", control };
    char out[32], err[32]; /* a test may have one command in the background */
    size_t count = 5;
    va_list args;
    int status;
    pid_t pid;

    va_start(args, rig);
    while ((words[count] = va_arg(args, const char *)) != NULL)
        count++;
    va_end(args);
    snprintf(database, sizeof database, "%s/muster.db", rig->folder);
    snprintf(control, sizeof control, "%s/control", rig->folder);
    snprintf(out, sizeof out, "out-%d", (int)getpid());
    snprintf(err, sizeof err, "err-%d", (int)getpid());
    pid = rig_fork();
    if (pid == 0) {
        redirect(rig, out, STDOUT_FILENO, O_TRUNC);
        redirect(rig, err, STDERR_FILENO, O_TRUNC);
        become(rig, COMMAND_PROGRAM, words, NULL);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    free(rig->out);
    free(rig->err);
    rig->out = rig_read(rig, out);
    rig->err = rig_read(rig, err);
    return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

pid_t rig_scan_in_background(struct rig *rig)
{
    pid_t pid = rig_fork();

    if (pid == 0)
        _exit(rig_muster(rig, "scan", NULL));
    return pid;
}

int rig_end_of(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WEXITSTATUS(status);
}

/* ---------------------------------------------------------------------------------------------- the database ---- */

static sqlite3 *open_database(const struct rig *rig)
{
    char path[256];
    sqlite3 *database;

    path_of(rig, path, "muster.db");
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_busy_timeout(database, 10000);
    return database;
}

static long long number_of(sqlite3 *database, const char *text)
{
    sqlite3_stmt *statement;
    long long number;

    if (sqlite3_prepare_v2(database, text, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(database));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

long long rig_number(struct rig *rig, const char *format, ...)
{
    sqlite3 *database = open_database(rig);
    struct str text = STR_EMPTY;
    long long number;
    va_list args;

    va_start(args, format);
    str_vformat(&text, format, args);
    va_end(args);
    number = number_of(database, str_text(&text));
    str_finish(&text);
    sqlite3_close(database);
    return number;
}

void rig_assert_whole(struct rig *rig)
{
    sqlite3 *database = open_database(rig);
    const char *fault = whole_fault(database);

    sqlite3_close(database);
    if (fault != NULL)
        fail_msg("not whole: %s", fault);
}
