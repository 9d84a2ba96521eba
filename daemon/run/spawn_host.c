#include "spawn_host.h"

#include "environment.h"

#include <stdlib.h>
#include <unistd.h>

#define ARGUMENTS 8

static void add_demand(const char **arguments, size_t *count, const char *name, const char *word)
{
    if (word == NULL)
        return;
    arguments[(*count)++] = name;
    arguments[(*count)++] = word;
}

int spawn_host(uv_loop_t *loop, uv_process_t *child, const struct host_options *options, int control, uv_exit_cb ended)
{
    const char *arguments[ARGUMENTS] = { options->program, "--serve", options->path };
    uv_stdio_container_t descriptors[] = {
        { .flags = UV_INHERIT_FD, .data.fd = control },
        { .flags = UV_INHERIT_FD, .data.fd = STDOUT_FILENO },
        { .flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO },
    };
    uv_process_options_t how = {
        .exit_cb = ended,
        .file = options->program,
        .args = (char **)arguments,
        .flags = UV_PROCESS_DETACHED,
        .stdio_count = sizeof descriptors / sizeof descriptors[0],
        .stdio = descriptors,
    };
    size_t count = 3;
    int result;

    add_demand(arguments, &count, "--landlock", options->landlock);
    add_demand(arguments, &count, "--seccomp", options->seccomp);
    how.env = environment_pick(environ);
    result = uv_spawn(loop, child, &how);
    free(how.env);
    return result;
}
