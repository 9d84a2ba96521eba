#include "program.h"

#include "bench.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(const char *path, const char *const *words, int output, int error, const char *notify)
{
    pid_t pid = fork();

    if (pid < 0)
        bench_fail("no process for %s", path);
    if (pid > 0)
        return pid;
    dup2(output, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    if (notify != NULL)
        setenv("NOTIFY_SOCKET", notify, 1);
    unsetenv("JOURNAL_STREAM");
    execv(path, (char *const *)words);
    _exit(127);
}

void program_run(struct program *program, const char *path, const char *const *words)
{
    double begun = bench_now();
    char bytes[4096];
    int ends[2], nowhere, status;
    ssize_t size;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        bench_fail("no pipe for %s", path);
    nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    pid = start(path, words, ends[1], nowhere, NULL);
    close(ends[1]);
    close(nowhere);
    *program = (struct program){ 0 };
    while ((size = read(ends[0], bytes, sizeof bytes)) > 0)
        program->printed += (size_t)size;
    close(ends[0]);
    waitpid(pid, &status, 0);
    program->seconds = bench_now() - begun;
    program->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

pid_t program_start(const char *path, const char *const *words, const char *error, const char *notify)
{
    int file = open(error, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_t pid;

    if (file < 0)
        bench_fail("%s cannot be written", error);
    pid = start(path, words, file, file, notify);
    close(file);
    return pid;
}

static int listen_for_news(const char *folder, char path[108])
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int news = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    snprintf(path, sizeof address.sun_path, "%s/notify", folder);
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (news < 0 || bind(news, (const struct sockaddr *)&address, sizeof address) != 0)
        bench_fail("no socket for the daemon's news");
    return news;
}

static void await_ready(int news, const char *error)
{
    const struct timeval patience = { .tv_sec = 60 };
    char text[4096] = "";

    setsockopt(news, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (strstr(text, "READY=1") == NULL) {
        ssize_t size = recv(news, text, sizeof text - 1, 0);

        if (size < 0)
            bench_fail("the daemon is not ready after a minute; see %s", error);
        text[size] = '\0';
    }
}

pid_t program_start_ready(const char *path, const char *const *words, const char *error, const char *folder)
{
    char notify[108];
    int news = listen_for_news(folder, notify);
    pid_t pid = program_start(path, words, error, notify);

    await_ready(news, error);
    close(news);
    unlink(notify);
    return pid;
}

void program_stop(pid_t pid)
{
    int status;

    kill(pid, SIGTERM);
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        bench_fail("process %d did not end well", (int)pid);
}

pid_t program_child(pid_t pid)
{
    char path[64];
    int child = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%d", &child) != 1)
        bench_fail("process %d has no child", (int)pid);
    fclose(file);
    return child;
}

/* Milliseconds of two of its times that follow each other, behind so many others (proc(5)). */
static double ticks_ms(pid_t pid, int behind)
{
    char path[64], line[1024];
    const char *at = NULL;
    double ticks = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = fopen(path, "r");
    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        at = strrchr(line, ')');
    if (file != NULL)
        fclose(file);
    for (int i = 0; at != NULL && i < behind + 2; i++) {
        at = strchr(at + 1, ' ');
        if (at != NULL && i >= behind)
            ticks += strtod(at + 1, NULL);
    }
    if (at == NULL)
        bench_fail("%s cannot be read", path);
    return ticks * 1000 / (double)sysconf(_SC_CLK_TCK);
}

double program_ms(pid_t pid)
{
    return ticks_ms(pid, 11);
}

double program_children_ms(pid_t pid)
{
    return ticks_ms(pid, 13);
}
