#include "running.h"

#include "clock.h"
#include "mem.h"
#include "str.h"
#include "text.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WATCH_MS 1000
#define READ_SIZE 4096 /* on the stack: each page of it is copied anew after each fork */

static bool fork_run(struct running *running, struct child *child, int errors, struct err *err)
{
    running->pid = fork();
    if (running->pid < 0)
        return err_system(err, "a process for the run cannot be started");
    if (running->pid == 0) {
        child->stream = running->stream;
        child->errors = errors;
        child_run(child);
    }
    return true;
}

static void close_pipe(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

/* Both ends lie at base or above, so that no other run inherits them; a plugin may have left a gap below. */
static bool open_pipe(int ends[2], int base, struct err *err)
{
    int low[2];

    if (pipe2(low, O_CLOEXEC) != 0)
        return err_system(err, "a pipe for the run's standard error");
    for (int i = 0; i < 2; i++)
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, base);
    close_pipe(low);
    if (ends[0] >= 0 && ends[1] >= 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        return true;
    err_system(err, "a pipe for the run's standard error");
    close_pipe(ends);
    return false;
}

static struct running *create(struct child *child, int stream, int errors)
{
    struct running *running = mem_new(1, sizeof *running);

    running->id = child->order->id;
    running->stream = stream;
    running->errors = errors;
    running->started_ms = clock_mono_ms(&clock_system);
    running->deadline_ms = running->started_ms + (int64_t)child->order->deadline_ms;
    child->deadline_ms = running->deadline_ms;
    return running;
}

static bool start(struct runs *runs, struct child *child, int stream, struct err *err)
{
    struct running *running;
    int errors[2] = { -1, -1 };

    if (runs->count == RUNNING_MAX)
        return err_set(err, ERR_SYSTEM, "%d runs are in flight already", RUNNING_MAX);
    if (!open_pipe(errors, child->base, err))
        return false;
    running = create(child, stream, errors[0]);
    if (!fork_run(running, child, errors[1], err)) {
        close_pipe(errors);
        free(running);
        return false;
    }
    close(errors[1]);
    runs->running[runs->count++] = running;
    return true;
}

bool runs_start(struct runs *runs, struct child *child, int stream, struct err *err)
{
    if (start(runs, child, stream, err))
        return true;
    close(stream);
    return false;
}

void running_kill(struct running *running, enum exit_reason reason)
{
    if (running->reason == 0)
        running->reason = reason;
    /* The process itself too: it may not have started its session yet. */
    kill(-running->pid, SIGKILL);
    kill(running->pid, SIGKILL);
}

void running_poll(const struct running *running, struct pollfd polls[2])
{
    polls[0] = (struct pollfd){ .fd = running->reason == 0 ? running->stream : -1 };
    polls[1] = (struct pollfd){ .fd = running->errors, .events = POLLIN };
}

static void keep_tail(struct running *running, const char *bytes, size_t size)
{
    size_t kept = running->tail_size;

    if (size >= RUNNING_TAIL) {
        memcpy(running->tail, bytes + size - RUNNING_TAIL, RUNNING_TAIL);
        running->tail_size = RUNNING_TAIL;
        return;
    }
    if (kept + size > RUNNING_TAIL) {
        size_t dropped = kept + size - RUNNING_TAIL;
        memmove(running->tail, running->tail + dropped, kept - dropped);
        kept -= dropped;
    }
    memcpy(running->tail + kept, bytes, size);
    running->tail_size = kept + size;
}

/* One read: a run that floods gets no more of the host's time than any other. */
static bool read_errors(struct running *running)
{
    char bytes[READ_SIZE];
    ssize_t size = read(running->errors, bytes, sizeof bytes);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (size <= 0) {
        close(running->errors);
        running->errors = -1;
        return false;
    }
    keep_tail(running, bytes, (size_t)size);
    running->error_bytes += (uint64_t)size;
    return true;
}

void running_ready(struct running *running, const struct pollfd polls[2])
{
    if ((polls[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
        running_kill(running, EXIT_CANCELLED);
    if (polls[1].revents == 0)
        return;
    read_errors(running);
    if (running->error_bytes > RUNNING_MAX_ERRORS)
        running_kill(running, EXIT_FLOODED);
}

size_t runs_find(const struct runs *runs, pid_t pid)
{
    size_t i = 0;

    while (i < runs->count && runs->running[i]->pid != pid)
        i++;
    return i;
}

/* The kernel shows it as the number of links of a folder (two of which are . and ..). 0: it is gone. */
static size_t count_threads(pid_t pid)
{
    char path[40];
    struct stat status;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    return stat(path, &status) == 0 && status.st_nlink >= 2 ? status.st_nlink - 2 : 0;
}

/* Nothing in the kernel bounds the threads of one process, and root's not at all: a run that starts them without end
 * would keep all others from starting. */
static void watch_threads(struct runs *runs, int64_t now)
{
    if (now - runs->counted_ms < WATCH_MS)
        return;
    runs->counted_ms = now;
    for (size_t i = 0; i < runs->count; i++) {
        if (runs->running[i]->reason == 0 && count_threads(runs->running[i]->pid) > RUNNING_MAX_THREADS)
            running_kill(runs->running[i], EXIT_CROWDED);
    }
}

int runs_watch(struct runs *runs)
{
    int64_t now = clock_mono_ms(&clock_system);
    int64_t next = now + WATCH_MS;

    if (runs->count == 0)
        return -1;
    watch_threads(runs, now);
    for (size_t i = 0; i < runs->count; i++) {
        struct running *running = runs->running[i];

        if (running->reason != 0)
            continue;
        if (running->deadline_ms <= now)
            running_kill(running, EXIT_DEADLINE);
        else if (running->deadline_ms < next)
            next = running->deadline_ms;
    }
    return (int)(next - now);
}

/* Where what was kept begins: at a line's beginning, unless all of it is one line. */
static size_t tail_start(const struct running *running, size_t size)
{
    const char *newline = memchr(running->tail, '\n', size);

    return running->tail_size < RUNNING_TAIL || newline == NULL ? 0 : (size_t)(newline - running->tail) + 1;
}

/* The end of what the run wrote to standard error, on one line. */
static void last_words(struct running *running, char *words)
{
    struct str clean = STR_EMPTY, line = STR_EMPTY;
    size_t size = running->tail_size;
    size_t start;

    while (size > 0 && (running->tail[size - 1] == '\n' || running->tail[size - 1] == ' '))
        size--;
    start = tail_start(running, size);
    utf8_clean(&clean, running->tail + start, size - start);
    text_line(&line, str_text(&clean));
    snprintf(words, MESSAGE_MAX_WORDS, "%s", str_text(&line));
    utf8_trim(words);
    str_finish(&clean);
    str_finish(&line);
}

void runs_end(struct runs *runs, size_t index, int status, struct message_exit *ended, char *words)
{
    struct running *running = runs->running[index];

    while (running->errors >= 0 && running->error_bytes <= RUNNING_MAX_ERRORS && read_errors(running))
        ;
    last_words(running, words);
    ended->id = running->id;
    ended->reason = running->reason;
    ended->code = WIFEXITED(status) ? (uint64_t)WEXITSTATUS(status) : 0;
    ended->signal = WIFSIGNALED(status) ? (uint64_t)WTERMSIG(status) : 0;
    ended->wall_ms = (uint64_t)(clock_mono_ms(&clock_system) - running->started_ms);
    ended->last_words = words;
    close(running->stream);
    if (running->errors >= 0)
        close(running->errors);
    runs->running[index] = runs->running[--runs->count];
    free(running);
}

static int compare_pids(const void *one, const void *other)
{
    pid_t first = *(const pid_t *)one, second = *(const pid_t *)other;

    return (first > second) - (first < second);
}

size_t runs_sweep(const struct runs *runs)
{
    FILE *children = fopen("/proc/thread-self/children", "re");
    pid_t pids[RUNNING_MAX], pid;
    size_t orphans = 0;

    /* A kernel without this file leaves it at the session, which running_kill() has killed. */
    if (children == NULL)
        return 0;
    for (size_t i = 0; i < runs->count; i++)
        pids[i] = runs->running[i]->pid;
    qsort(pids, runs->count, sizeof pids[0], compare_pids);
    while (fscanf(children, "%d", &pid) == 1) { /* NOLINT(cert-err34-c): the kernel writes it */
        if (bsearch(&pid, pids, runs->count, sizeof pids[0], compare_pids) == NULL) {
            kill(pid, SIGKILL);
            orphans++;
        }
    }
    fclose(children);
    return orphans;
}
