#include "peer_child.h"

#include "clock.h"
#include "mem.h"
#include "str.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_REPLY ((size_t)64 << 20)
#define END_MS 20000

struct peer {
    const char *name;
    pid_t pid;
    int in, out;     /* its standard input and output */
    struct str line; /* read, and not yet taken; the answer is in front */
    size_t taken;    /* of line, with the answer's newline */
    json_t *facts, *answer;
};

/* ------------------------------------------------------------------------------------------------------ lines ---- */

/* Waits for more of its output; false at its end, or when the time is over. */
static bool read_more(struct peer *peer, int64_t until, struct err *err)
{
    struct pollfd ready = { .fd = peer->out, .events = POLLIN };
    int64_t left = until - clock_mono_ms(&clock_system);
    ssize_t size;

    if (left <= 0 || poll(&ready, 1, (int)left) == 0)
        return err_set(err, ERR_SYSTEM, "%s does not answer", peer->name);
    size = read(peer->out, str_room(&peer->line, 65536), 65536);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (size <= 0)
        return err_set(err, ERR_SYSTEM, "%s has ended; standard error says why", peer->name);
    peer->line.length += (size_t)size;
    if (peer->line.length > MOST_REPLY)
        return err_set(err, ERR_SYSTEM, "%s answers more than %zu bytes", peer->name, MOST_REPLY);
    return true;
}

/* The next line, which lives until the next call; NULL with err filled. */
static const char *next_line(struct peer *peer, int64_t patience_ms, struct err *err)
{
    int64_t until = clock_mono_ms(&clock_system) + patience_ms;
    char *end;

    peer->line.length -= peer->taken;
    if (peer->taken > 0)
        memmove(peer->line.bytes, peer->line.bytes + peer->taken, peer->line.length);
    peer->taken = 0;
    while (peer->line.length == 0 || (end = memchr(peer->line.bytes, '\n', peer->line.length)) == NULL)
        if (!read_more(peer, until, err))
            return NULL;
    *end = '\0';
    peer->taken = (size_t)(end - peer->line.bytes) + 1;
    return peer->line.bytes;
}

static json_t *parse(const struct peer *peer, const char *line, struct err *err)
{
    json_error_t why;
    json_t *value = json_loads(line, JSON_REJECT_DUPLICATES, &why);

    if (value == NULL)
        err_set(err, ERR_SYSTEM, "%s answers what is no JSON: %s", peer->name, why.text);
    return value;
}

/* -------------------------------------------------------------------------------------------- start and stop ---- */

static _Noreturn void become(const char *const *words, int in, int out, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
        _exit(126);
    execv(words[0], (char *const *)words);
    _exit(127);
}

static bool spawn(struct peer *peer, const char *const *words, struct err *err)
{
    int in[2], out[2];
    pid_t parent = getpid();

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0) /* unlike a pipe it raises no SIGPIPE */
        return err_system(err, "no socket to %s", peer->name);
    if (pipe2(out, O_CLOEXEC) != 0) {
        close(in[0]);
        close(in[1]);
        return err_system(err, "no pipe from %s", peer->name);
    }
    peer->pid = fork();
    if (peer->pid == 0)
        become(words, in[0], out[1], parent);
    close(in[0]);
    close(out[1]);
    peer->in = in[1];
    peer->out = out[0];
    return peer->pid > 0 || err_system(err, "no process for %s", peer->name);
}

static bool await_ready(struct peer *peer, struct err *err)
{
    const char *line = next_line(peer, PEER_START_MS, err);

    if (line == NULL)
        return err_add(err, "%s did not start", peer->name);
    peer->facts = parse(peer, line, err);
    return peer->facts != NULL;
}

struct peer *peer_start(const char *name, const char *const *words, struct err *err)
{
    struct peer *peer = mem_new(1, sizeof *peer);

    peer->name = name;
    peer->in = peer->out = -1;
    if (spawn(peer, words, err) && await_ready(peer, err))
        return peer;
    peer_stop(peer);
    return NULL;
}

/* Its output ends with it. */
static bool await_end(const struct peer *peer)
{
    int64_t until = clock_mono_ms(&clock_system) + END_MS;
    struct pollfd ended = { .fd = peer->out, .events = POLLIN };
    char rest[4096];

    for (;;) {
        int64_t left = until - clock_mono_ms(&clock_system);

        if (left <= 0 || poll(&ended, 1, (int)left) == 0)
            return false;
        if (read(peer->out, rest, sizeof rest) == 0)
            return true;
    }
}

void peer_stop(struct peer *peer)
{
    if (peer == NULL)
        return;
    if (peer->in >= 0)
        close(peer->in);
    if (peer->pid > 0) {
        if (!await_end(peer))
            kill(peer->pid, SIGKILL);
        waitpid(peer->pid, NULL, 0);
    }
    if (peer->out >= 0)
        close(peer->out);
    json_decref(peer->facts);
    json_decref(peer->answer);
    str_finish(&peer->line);
    free(peer);
}

/* ------------------------------------------------------------------------------------------ facts and commands ---- */

pid_t peer_pid(const struct peer *peer)
{
    return peer->pid;
}

/* NULL: there is none. */
static const json_t *at_path(const json_t *at, const char *path)
{
    while (*path != '\0' && at != NULL) {
        size_t length = strcspn(path, ".");
        char name[128];

        snprintf(name, sizeof name, "%.*s", (int)length, path);
        at = json_object_get(at, name);
        path += length + (path[length] == '.');
    }
    return at;
}

const char *peer_fact(const struct peer *peer, const char *path)
{
    const char *text = json_string_value(at_path(peer->facts, path));

    return text == NULL ? "" : text;
}

int64_t peer_fact_number(const struct peer *peer, const char *path)
{
    return json_integer_value(at_path(peer->facts, path));
}

static bool send_line(const struct peer *peer, const char *line, struct err *err)
{
    struct str text = STR_EMPTY;
    bool sent;

    str_format(&text, "%s\n", line);
    sent = send(peer->in, text.bytes, text.length, MSG_NOSIGNAL) == (ssize_t)text.length;
    if (!sent)
        err_system(err, "%s takes no command", peer->name);
    str_finish(&text);
    return sent;
}

const char *peer_command(struct peer *peer, const char *line, struct err *err)
{
    const char *reply, *why;

    if (!send_line(peer, line, err))
        return NULL;
    json_decref(peer->answer);
    peer->answer = NULL;
    reply = next_line(peer, PEER_REPLY_MS, err);
    if (reply == NULL || (peer->answer = parse(peer, reply, err)) == NULL)
        return NULL;
    why = json_string_value(json_object_get(peer->answer, "error"));
    if (why == NULL)
        return reply;
    err_set(err, ERR_CONFIG, "%s, asked for '%s': %s", peer->name, line, why);
    return NULL;
}

int64_t peer_number(const struct peer *peer, const char *path)
{
    return json_integer_value(at_path(peer->answer, path));
}
