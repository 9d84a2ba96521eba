#include "vcfleet.h"

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

#define MOST_OPTIONS 32
#define MOST_REPLY ((size_t)64 << 20)
#define END_MS 20000

struct vcfleet {
    pid_t pid;
    int in, out;     /* its standard input and output */
    struct str line; /* read, and not yet taken; the answer is in front */
    size_t taken;    /* of line, with the answer's newline */
    json_t *facts, *answer;
};

static const char *const fact_names[] = {
    [VCFLEET_URL] = "url",           [VCFLEET_FINGERPRINT] = "fingerprint", [VCFLEET_CA_FILE] = "ca_file",
    [VCFLEET_USERNAME] = "username", [VCFLEET_PASSWORD] = "password",
};

const char *vcfleet_missing(void)
{
    if (access(VCFLEET, X_OK) == 0)
        return NULL;
    return "no vCenter simulator: golang-go and golang-github-vmware-govmomi-dev were not there when the tree was "
           "configured";
}

/* ------------------------------------------------------------------------------------------------------ lines ---- */

/* Waits for more of its output; false at its end, or when the time is over. */
static bool read_more(struct vcfleet *fleet, int64_t until, struct err *err)
{
    struct pollfd ready = { .fd = fleet->out, .events = POLLIN };
    int64_t left = until - clock_mono_ms(&clock_system);
    ssize_t size;

    if (left <= 0 || poll(&ready, 1, (int)left) == 0)
        return err_set(err, ERR_SYSTEM, "vcfleet does not answer");
    size = read(fleet->out, str_room(&fleet->line, 65536), 65536);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (size <= 0)
        return err_set(err, ERR_SYSTEM, "vcfleet has ended; standard error says why");
    fleet->line.length += (size_t)size;
    if (fleet->line.length > MOST_REPLY)
        return err_set(err, ERR_SYSTEM, "vcfleet answers more than %zu bytes", MOST_REPLY);
    return true;
}

/* The next line, which lives until the next call; NULL with err filled. */
static const char *next_line(struct vcfleet *fleet, int64_t patience_ms, struct err *err)
{
    int64_t until = clock_mono_ms(&clock_system) + patience_ms;
    char *end;

    fleet->line.length -= fleet->taken;
    if (fleet->taken > 0)
        memmove(fleet->line.bytes, fleet->line.bytes + fleet->taken, fleet->line.length);
    fleet->taken = 0;
    while (fleet->line.length == 0 || (end = memchr(fleet->line.bytes, '\n', fleet->line.length)) == NULL)
        if (!read_more(fleet, until, err))
            return NULL;
    *end = '\0';
    fleet->taken = (size_t)(end - fleet->line.bytes) + 1;
    return fleet->line.bytes;
}

static json_t *parse(const char *line, struct err *err)
{
    json_error_t why;
    json_t *value = json_loads(line, JSON_REJECT_DUPLICATES, &why);

    if (value == NULL)
        err_set(err, ERR_SYSTEM, "vcfleet answers what is no JSON: %s", why.text);
    return value;
}

/* -------------------------------------------------------------------------------------------- start and stop ---- */

static _Noreturn void become(const char *program, const char *const *options, int in, int out, pid_t parent)
{
    const char *words[MOST_OPTIONS + 2] = { program };
    size_t count = 1;

    for (; options != NULL && options[count - 1] != NULL; count++) {
        if (count > MOST_OPTIONS)
            _exit(126);
        words[count] = options[count - 1];
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
        _exit(126);
    execv(program, (char *const *)words);
    _exit(127);
}

static bool spawn(struct vcfleet *fleet, const char *program, const char *const *options, struct err *err)
{
    int in[2], out[2];
    pid_t parent = getpid();

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0) /* unlike a pipe it raises no SIGPIPE */
        return err_system(err, "no socket to vcfleet");
    if (pipe2(out, O_CLOEXEC) != 0) {
        close(in[0]);
        close(in[1]);
        return err_system(err, "no pipe from vcfleet");
    }
    fleet->pid = fork();
    if (fleet->pid == 0)
        become(program, options, in[0], out[1], parent);
    close(in[0]);
    close(out[1]);
    fleet->in = in[1];
    fleet->out = out[0];
    return fleet->pid > 0 || err_system(err, "no process for vcfleet");
}

static bool await_ready(struct vcfleet *fleet, struct err *err)
{
    const char *line = next_line(fleet, VCFLEET_START_MS, err);

    if (line == NULL)
        return err_add(err, "the vCenter simulator did not start");
    fleet->facts = parse(line, err);
    return fleet->facts != NULL;
}

static struct vcfleet *start(const char *program, const char *const *options, struct err *err)
{
    struct vcfleet *fleet = mem_new(1, sizeof *fleet);

    if (spawn(fleet, program, options, err) && await_ready(fleet, err))
        return fleet;
    vcfleet_stop(fleet);
    return NULL;
}

struct vcfleet *vcfleet_start(const char *const *options, struct err *err)
{
    if (vcfleet_missing() == NULL)
        return start(VCFLEET, options, err);
    err_set(err, ERR_SYSTEM, "%s", vcfleet_missing());
    return NULL;
}

struct vcfleet *vcfleet_start_hostile(const char *trick, unsigned page, struct err *err)
{
    char size[16];
    const char *const options[] = { "--trick", trick, "--page", size, NULL };

    snprintf(size, sizeof size, "%u", page);
    return start(HOSTILE, options, err);
}

/* Its output ends with it. */
static bool await_end(const struct vcfleet *fleet)
{
    int64_t until = clock_mono_ms(&clock_system) + END_MS;
    struct pollfd ended = { .fd = fleet->out, .events = POLLIN };
    char rest[4096];

    for (;;) {
        int64_t left = until - clock_mono_ms(&clock_system);

        if (left <= 0 || poll(&ended, 1, (int)left) == 0)
            return false;
        if (read(fleet->out, rest, sizeof rest) == 0)
            return true;
    }
}

void vcfleet_stop(struct vcfleet *fleet)
{
    if (fleet == NULL)
        return;
    close(fleet->in);
    if (fleet->pid > 0) {
        if (!await_end(fleet))
            kill(fleet->pid, SIGKILL);
        waitpid(fleet->pid, NULL, 0);
    }
    close(fleet->out);
    json_decref(fleet->facts);
    json_decref(fleet->answer);
    str_finish(&fleet->line);
    free(fleet);
}

/* ------------------------------------------------------------------------------------------ facts and commands ---- */

const char *vcfleet_fact(const struct vcfleet *fleet, enum vcfleet_fact fact)
{
    const char *text = json_string_value(json_object_get(fleet->facts, fact_names[fact]));

    return text == NULL ? "" : text;
}

pid_t vcfleet_pid(const struct vcfleet *fleet)
{
    return fleet->pid;
}

int64_t vcfleet_machines(const struct vcfleet *fleet)
{
    return json_integer_value(json_object_get(fleet->facts, "machines"));
}

static bool send_line(const struct vcfleet *fleet, const char *line, struct err *err)
{
    struct str text = STR_EMPTY;
    bool sent;

    str_format(&text, "%s\n", line);
    sent = send(fleet->in, text.bytes, text.length, MSG_NOSIGNAL) == (ssize_t)text.length;
    if (!sent)
        err_system(err, "vcfleet takes no command");
    str_finish(&text);
    return sent;
}

const char *vcfleet_command(struct vcfleet *fleet, const char *line, struct err *err)
{
    const char *reply, *why;

    if (!send_line(fleet, line, err))
        return NULL;
    json_decref(fleet->answer);
    fleet->answer = NULL;
    reply = next_line(fleet, VCFLEET_REPLY_MS, err);
    if (reply == NULL || (fleet->answer = parse(reply, err)) == NULL)
        return NULL;
    why = json_string_value(json_object_get(fleet->answer, "error"));
    if (why == NULL)
        return reply;
    err_set(err, ERR_CONFIG, "vcfleet, asked for '%s': %s", line, why);
    return NULL;
}

int64_t vcfleet_number(const struct vcfleet *fleet, const char *path)
{
    const json_t *at = fleet->answer;

    while (*path != '\0' && at != NULL) {
        size_t length = strcspn(path, ".");
        char name[128];

        snprintf(name, sizeof name, "%.*s", (int)length, path);
        at = json_object_get(at, name);
        path += length + (path[length] == '.');
    }
    return json_integer_value(at);
}
