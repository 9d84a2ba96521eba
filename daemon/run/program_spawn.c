#include "program_spawn.h"

#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What exec(3) says of it is about the file or about what its first line names. */
static bool refuse(const char *path, int number, struct err *err)
{
    static const struct {
        int number;
        const char *advice;
    } known[] = {
        { ENOENT, "; the program that its first line names is missing" },
        { ENOEXEC, "; its first line must name what runs it, such as #!/bin/sh" },
        { EACCES, "; it, or the program that its first line names, may not be executed, or lies on a file system that "
                  "is mounted with noexec" },
        { ETXTBSY, "; somebody is writing it" },
    };
    const char *advice = "";

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        advice = known[i].number == number ? known[i].advice : advice;
    return err_set(err, ERR_SYSTEM, "%s cannot be started: %s%s", path, strerror(number), advice);
}

/* ------------------------------------------------------------------------------------------------ its descriptors */

/* Our side's; all close-on-exec. */
struct ends {
    int input, output, written; /* written: the program's end of the pipe that output is the other end of */
};

static bool write_all(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, bytes, size);

        if (written < 0 && errno != EINTR)
            return false;
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* A file in memory, there as a whole before the program is: a pipe would end early where this process is killed, and
 * half an alert, or none, would go out under an id that is then known to those who are told. */
static int open_input(const char *input, struct err *err)
{
    int file = memfd_create("input", MFD_CLOEXEC);

    if (file >= 0 && write_all(file, input, strlen(input)) && lseek(file, 0, SEEK_SET) == 0)
        return file;
    err_system(err, "the input of a program cannot be kept in memory");
    if (file >= 0)
        close(file);
    return -1;
}

static bool open_ends(struct ends *ends, const char *input, struct err *err)
{
    int pipe[2];

    ends->input = open_input(input, err);
    if (ends->input < 0)
        return false;
    if (pipe2(pipe, O_CLOEXEC) != 0) {
        err_system(err, "a pipe from a program");
        close(ends->input);
        return false;
    }
    ends->output = pipe[0];
    ends->written = pipe[1];
    return true;
}

/* Signals that this process ignores or blocks are as usual there. */
static int start(const struct program *program, const struct ends *ends, pid_t *pid)
{
    char *alone[] = { (char *)program->path, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t how;
    sigset_t none, all;
    mode_t mask;
    int result;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends->input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends->written, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends->written, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&actions, "/");
    mask = umask(program->mask);
    result = posix_spawn(pid, program->path, &actions, &how, program->words == NULL ? alone : program->words,
                         program->settings);
    umask(mask);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&how);
    return result;
}

bool program_spawn(const struct program *program, struct program_spawned *spawned, struct err *err)
{
    struct ends ends;
    int result;

    if (!trust_program(program->path, err) || (program->also != NULL && !trust_file(program->also, err)) ||
        !open_ends(&ends, program->input, err))
        return false;
    result = start(program, &ends, &spawned->pid);
    close(ends.input);
    close(ends.written);
    spawned->output = ends.output;
    if (result == 0)
        return true;
    close(ends.output);
    return refuse(program->path, result, err);
}
