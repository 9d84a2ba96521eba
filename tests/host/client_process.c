/* The host's process, seen from the client: how it starts, how it ends, what it leaves behind. */
#include "client.h"

#include "clock.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_FLAGS 8

static _Noreturn void exec_host(int control, const char *plugin, const char *const *flags)
{
    const char *arguments[4 + MAX_FLAGS] = { HOST_PROGRAM, "--serve", plugin };

    for (size_t i = 0; flags != NULL && flags[i] != NULL && i < MAX_FLAGS; i++)
        arguments[3 + i] = flags[i];
    dup2(control, STDIN_FILENO);
    /* A descriptor that the daemon forgot to close: no scan may have it. */
    dup2(control, 100);
    execv(HOST_PROGRAM, (char *const *)arguments);
    _exit(127);
}

static bool said_hello(const struct client *client, const struct scan *scan)
{
    (void)scan;
    return client->ready && client->options >= client->hello.option_count;
}

static size_t descriptors_of(pid_t pid)
{
    char path[64];
    DIR *folder;
    size_t count = 0;

    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    folder = opendir(path);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    if (folder != NULL)
        closedir(folder);
    return count;
}

bool client_start(struct client *client, const char *plugin, const char *const *flags, struct err *err)
{
    int ends[2];

    memset(client, 0, sizeof *client);
    /* What outlives its host comes to this process, and is found here. */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return err_system(err, "a control socket");
    client->control = ends[0];
    client->pid = fork();
    if (client->pid == 0)
        exec_host(ends[1], plugin, flags);
    close(ends[1]);
    if (client_until(client, said_hello, NULL)) {
        client->descriptors = descriptors_of(client->pid);
        return true;
    }
    if (client->refusal.class != ERR_NONE)
        *err = client->refusal;
    else
        outcome_host_death(client->status, false, err);
    return false;
}

void client_drain(struct client *client)
{
    shutdown(client->control, SHUT_WR);
}

void client_leave(struct client *client)
{
    close(client->control);
    client->control = -1;
}

static bool is_gone(const struct client *client, const struct scan *scan)
{
    (void)scan;
    return client->gone;
}

bool client_wait_gone(struct client *client)
{
    return client_until(client, is_gone, NULL);
}

/* ---------------------------------------------------------------------------------------- what is left behind ---- */

/* Whatever a scan starts has a child of the host among its parents, or is one: orphans come to the host. */
static size_t children_of(pid_t pid, pid_t *first)
{
    char path[64];
    FILE *file;
    size_t count = 0;
    int child;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    file = fopen(path, "r");
    while (file != NULL && fscanf(file, "%d", &child) == 1) {
        if (count++ == 0 && first != NULL)
            *first = child;
    }
    if (file != NULL)
        fclose(file);
    return count;
}

static bool host_is_clean(const struct client *client)
{
    return children_of(client->pid, NULL) == 0 && descriptors_of(client->pid) == client->descriptors;
}

/* Orphans of the host that are dead already are taken away. */
static bool nobody_is_left(const struct client *client)
{
    (void)client;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    return children_of(getpid(), NULL) == 0;
}

/* Orphans take a moment to die, and nothing tells this process of it. */
static bool comes_true(bool (*condition)(const struct client *client), const struct client *client)
{
    int64_t end = clock_mono_ms(&clock_system) + CLIENT_PATIENCE_MS;

    while (!condition(client)) {
        if (clock_mono_ms(&clock_system) > end)
            return false;
        poll(NULL, 0, 1);
    }
    return true;
}

static bool has_child(const struct client *client)
{
    return children_of(client->pid, NULL) > 0;
}

bool client_wait_child(struct client *client, pid_t *pid)
{
    return comes_true(has_child, client) && children_of(client->pid, pid) > 0;
}

static void free_scans(struct client *client)
{
    for (size_t i = 0; i < client->scan_count; i++) {
        client_cancel(client->scans[i]);
        stream_finish(&client->scans[i]->received);
        free(client->scans[i]);
    }
    client->scan_count = 0;
}

static const char *end_host(struct client *client)
{
    const char *wrong = NULL;

    client_drain(client);
    if (!client_wait_gone(client)) {
        kill(client->pid, SIGKILL);
        waitpid(client->pid, NULL, 0);
        return "the host did not end";
    }
    if (!WIFEXITED(client->status) || WEXITSTATUS(client->status) != 0)
        wrong = "the host did not exit with status 0";
    return wrong;
}

const char *client_stop(struct client *client)
{
    const char *wrong = NULL, *end;

    for (size_t i = 0; i < client->scan_count; i++)
        client_cancel(client->scans[i]);
    if (!client->gone && !comes_true(host_is_clean, client))
        wrong = "the host kept a process or a descriptor of a scan";
    end = end_host(client);
    if (!comes_true(nobody_is_left, client))
        wrong = "a process outlived the host";
    if (wrong == NULL)
        wrong = end;
    free_scans(client);
    if (client->control >= 0)
        close(client->control);
    return wrong;
}

void client_sweep(void)
{
    pid_t pid;

    while (children_of(getpid(), &pid) > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
}
