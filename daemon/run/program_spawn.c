#include "program_spawn.h"

#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
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

struct pipes {
    int input[2], output[2];
};

static void close_pair(const int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

static bool open_pipes(struct pipes *pipes, struct err *err)
{
    if (pipe2(pipes->input, O_CLOEXEC) != 0)
        return err_system(err, "a pipe to a program");
    if (pipe2(pipes->output, O_CLOEXEC) == 0)
        return true;
    err_system(err, "a pipe from a program");
    close_pair(pipes->input);
    return false;
}

/* Signals that this process ignores or blocks are as usual there. */
static int start(const struct program *program, const struct pipes *pipes, pid_t *pid)
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
    posix_spawn_file_actions_adddup2(&actions, pipes->input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipes->output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipes->output[1], STDERR_FILENO);
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
    struct pipes pipes;
    int result;

    if (!trust_program(program->path, err) || (program->also != NULL && !trust_file(program->also, err)) ||
        !open_pipes(&pipes, err))
        return false;
    result = start(program, &pipes, &spawned->pid);
    close(pipes.input[0]);
    close(pipes.output[1]);
    spawned->input = pipes.input[1];
    spawned->output = pipes.output[0];
    if (result == 0)
        return true;
    close(spawned->input);
    close(spawned->output);
    return refuse(program->path, result, err);
}
