#include "hook_spawn.h"

#include "trust.h"
#include "vec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
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

/* Our side's; all close-on-exec. */
struct ends {
    int input, output, written; /* written: the script's end of the pipe that output is the other end of */
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

/* A file in memory, there as a whole before the script is: a pipe would end early where this process is killed, and
 * half an alert, or none, would go out under an id that is then known to those who are told. */
static int open_payload(const char *payload, struct err *err)
{
    int file = memfd_create("payload", MFD_CLOEXEC);

    if (file >= 0 && write_all(file, payload, strlen(payload)) && lseek(file, 0, SEEK_SET) == 0)
        return file;
    err_system(err, "the payload of a hook cannot be kept in memory");
    if (file >= 0)
        close(file);
    return -1;
}

static bool open_ends(struct ends *ends, const char *payload, struct err *err)
{
    int pipe[2];

    ends->input = open_payload(payload, err);
    if (ends->input < 0)
        return false;
    if (pipe2(pipe, O_CLOEXEC) != 0) {
        err_system(err, "a pipe for what a hook writes cannot be made");
        close(ends->input);
        return false;
    }
    ends->output = pipe[0];
    ends->written = pipe[1];
    return true;
}

/* Signals that this process ignores or blocks are as usual there. */
static int start(const char *script, const struct ends *ends, char *const *variables, pid_t *pid)
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
    posix_spawn_file_actions_adddup2(&actions, ends->input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends->written, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends->written, STDERR_FILENO);
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
    struct ends ends;
    int result;

    if (!trust_program(hook->run, err) || (hook->settings != NULL && !trust_file(hook->settings, err)) ||
        !open_ends(&ends, input->payload, err))
        return false;
    set_all(&variables, input);
    result = start(hook->run, &ends, variables.items, &spawned->pid);
    forget(&variables);
    close(ends.input);
    close(ends.written);
    spawned->output = ends.output;
    if (result == 0)
        return true;
    close(ends.output);
    return refuse(hook->run, result, err);
}
