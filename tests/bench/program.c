#include "program.h"

#include "bench.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
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

void program_stop(pid_t pid)
{
    int status;

    kill(pid, SIGTERM);
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        bench_fail("process %d did not end well", (int)pid);
}
