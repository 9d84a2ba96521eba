#include "hook_spawn.h"

#include "trust.h"
#include "vec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What exec(3) says of it is about the script or about what its first line names. */
static bool refuse(const char *script, int number, struct err *err)
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
    return err_set(err, ERR_SYSTEM, "%s cannot be started: %s%s", script, strerror(number), advice);
}

/* -------------------------------------------------------------------------------------------------- its environment */

typedef vec(char *) variable_vec;

static void set(variable_vec *variables, const char *name, const char *value)
{
    char *both = mem_new(1, strlen(name) + strlen(value) + 2);

    sprintf(both, "%s=%s", name, value);
    vec_push(variables, both);
}

static void set_number(variable_vec *variables, const char *name, uint64_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    set(variables, name, text);
}

static void set_all(variable_vec *variables, const struct hook_run_input *input)
{
    const struct hook *hook = input->hook;

    set(variables, "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    set(variables, "LANG", "C.UTF-8");
    set(variables, "MUSTER_EVENT", event_word(input->what));
    set(variables, "MUSTER_CLASS", need_word(input->need));
    set(variables, "MUSTER_ID", input->key);
    set_number(variables, "MUSTER_COUNT", input->count);
    set_number(variables, "MUSTER_TRY", (uint64_t)input->tries + 1);
    set(variables, "MUSTER_HOOK", hook->name);
    set(variables, "MUSTER_SETTINGS", hook->settings == NULL ? "" : hook->settings);
    vec_push(variables, NULL);
}

static void forget(variable_vec *variables)
{
    vec_each (variable, variables)
        free(*variable);
    vec_finish(variables);
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
        return err_system(err, "a pipe to a hook");
    if (pipe2(pipes->output, O_CLOEXEC) == 0)
        return true;
    err_system(err, "a pipe from a hook");
    close_pair(pipes->input);
    return false;
}

/* Signals that this process ignores or blocks are as usual there. */
static int start(const char *script, const struct pipes *pipes, char *const *variables, pid_t *pid)
{
    char *arguments[] = { (char *)script, NULL };
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
    mask = umask(077);
    result = posix_spawn(pid, script, &actions, &how, arguments, variables);
    umask(mask);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&how);
    return result;
}

bool hook_spawn(const struct hook_run_input *input, struct hook_spawned *spawned, struct err *err)
{
    const struct hook *hook = input->hook;
    variable_vec variables = VEC_EMPTY;
    struct pipes pipes;
    int result;

    if (!trust_program(hook->run, err) || (hook->settings != NULL && !trust_file(hook->settings, err)) ||
        !open_pipes(&pipes, err))
        return false;
    set_all(&variables, input);
    result = start(hook->run, &pipes, variables.items, &spawned->pid);
    forget(&variables);
    close(pipes.input[0]);
    close(pipes.output[1]);
    spawned->input = pipes.input[1];
    spawned->output = pipes.output[0];
    if (result == 0)
        return true;
    close(spawned->input);
    close(spawned->output);
    return refuse(hook->run, result, err);
}
