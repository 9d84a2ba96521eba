#include "serve.h"

#include "frame.h"
#include "log.h"
#include "pieces.h"
#include "plugin.h"
#include "running.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREPARE_SECONDS 60 /* for loading and preparing; SIGALRM ends the host after it */
#define ORDER_SIZE 256     /* more than any ORDER takes */

struct host {
    struct plugin plugin;
    const struct confinement *confinement;
    int control, signals;
    int base;            /* the host's own descriptors start here */
    bool draining;       /* no more orders will come */
    bool alone;          /* nobody listens any more */
    struct str outgoing; /* frames that wait for room in the control socket */
    struct runs runs;
    size_t orphans; /* killed, and not reaped yet */
    struct pollfd polls[2 + 2 * RUNNING_MAX];
};

/* ------------------------------------------------------------------------------------------ what goes out ---- */

/* Sends what waits, one frame to a packet, until the socket is full. */
static void flush(struct host *host)
{
    struct frame_decoder waiting = { .buffer = host->outgoing };
    size_t sent = 0;
    struct frame frame;

    while (!host->alone && frame_next(&waiting, &frame, NULL) == FRAME_READY) {
        ssize_t result =
            send(host->control, host->outgoing.bytes + sent, waiting.consumed - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (result < 0 && (errno == EAGAIN || errno == EINTR))
            break;
        host->alone = result < 0;
        sent = waiting.consumed;
    }
    if (host->alone)
        sent = host->outgoing.length;
    if (sent > 0) {
        memmove(host->outgoing.bytes, host->outgoing.bytes + sent, host->outgoing.length - sent);
        host->outgoing.length -= sent;
    }
}

static void tell(struct host *host, const struct message *message)
{
    struct err err;

    if (!message_write(&host->outgoing, message, &err))
        log_error("%s", err.text);
    flush(host);
}

static void refuse(struct host *host, uint64_t id, const struct err *err)
{
    const struct message message = {
        .type = MESSAGE_REFUSED,
        .refused = { .id = id, .class = err->class, .text = err->text },
    };

    tell(host, &message);
}

static uint64_t modes_of(const struct muster_plugin *table)
{
    return UINT64_C(1) << RUN_SCAN | (uint64_t)(table->check != NULL) << RUN_CHECK |
           (uint64_t)(table->doctor != NULL) << RUN_DOCTOR | (uint64_t)(table->release != NULL) << RUN_RELEASE;
}

static struct text_list list_of(const char *const *texts)
{
    struct text_list list = { .texts = texts };

    while (texts != NULL && texts[list.count] != NULL)
        list.count++;
    return list;
}

static void tell_options(struct host *host)
{
    for (size_t i = 0; i < host->plugin.options.count; i++) {
        const struct option_spec *spec = &host->plugin.options.specs[i];
        struct message message = { .type = MESSAGE_OPTION };

        message.option.name = spec->name;
        message.option.type = spec->type;
        message.option.required = spec->required;
        message.option.fallback = spec->fallback;
        message.option.help = spec->help;
        message.option.choices = list_of(spec->choices);
        message.option.min = spec->min;
        message.option.max = spec->max;
        tell(host, &message);
    }
}

static void say_hello(struct host *host)
{
    const struct muster_plugin *table = &host->plugin.table;
    struct message message = { .type = MESSAGE_HELLO };
    struct str lacking = STR_EMPTY;

    confine_describe(host->confinement, &lacking);
    message.hello.pid = (uint64_t)getpid();
    message.hello.modes = modes_of(table);
    message.hello.option_count = host->plugin.options.count;
    message.hello.name = table->name;
    message.hello.version = table->version;
    message.hello.summary = table->summary;
    message.hello.kinds = list_of(table->kinds);
    message.hello.confinement = str_text(&lacking);
    tell(host, &message);
    str_finish(&lacking);
    tell_options(host);
}

/* -------------------------------------------------------------------------------------------- what comes in ---- */

/* Moves a descriptor of the host's above those that the plugin may have opened in prepare(). False: there is no room,
 * and it is where it was. */
static bool own(const struct host *host, int *descriptor)
{
    int moved;

    if (*descriptor >= host->base)
        return true;
    moved = fcntl(*descriptor, F_DUPFD_CLOEXEC, host->base);
    if (moved < 0)
        return false;
    close(*descriptor);
    *descriptor = moved;
    return true;
}

/* The descriptor that came with a packet; -1 without one, or with more, which are closed. */
static int take_descriptor(struct msghdr *packet)
{
    int descriptor = -1;
    size_t taken = 0;

    for (struct cmsghdr *part = CMSG_FIRSTHDR(packet); part != NULL; part = CMSG_NXTHDR(packet, part)) {
        size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);

        for (size_t i = 0; part->cmsg_type == SCM_RIGHTS && i < count; i++) {
            if (taken++ > 0)
                close(descriptor);
            memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
        }
    }
    if (taken <= 1)
        return descriptor;
    close(descriptor);
    return -1;
}

/* An ORDER holds numbers only, so that no arena is needed. */
static bool read_frame(struct frame_decoder *decoder, struct message *message, struct err *err)
{
    struct frame frame;

    switch (frame_next(decoder, &frame, err)) {
    case FRAME_READY: break;
    case FRAME_MORE: return err_set(err, ERR_PROTOCOL, "it is cut off");
    default: return false;
    }
    if (frame.type != MESSAGE_ORDER)
        return err_set(err, ERR_PROTOCOL, "it is a message %s", message_name(frame.type));
    return message_read(&frame, NULL, message, err);
}

static bool read_order(const void *bytes, size_t size, struct message *message, struct err *err)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    bool good;

    frame_feed(&decoder, bytes, size);
    good = read_frame(&decoder, message, err);
    frame_decoder_finish(&decoder);
    return good || err_add(err, "an order to the plugin host");
}

static void start(struct host *host, const struct message_order *order, int stream)
{
    struct child child = {
        .plugin = &host->plugin,
        .confinement = host->confinement,
        .order = order,
        .parent = getpid(),
        .base = host->base,
    };
    struct err err;

    if (stream < 0)
        err_set(&err, ERR_PROTOCOL,
                "an order came without a descriptor for its stream, or with several, or this process may have no more");
    else if (runs_start(&host->runs, &child, stream, &err))
        return;
    refuse(host, order->id, &err);
}

/* Takes one packet. False: there is none for now. */
static bool take_order(struct host *host)
{
    char bytes[ORDER_SIZE];
    alignas(struct cmsghdr) char ancillary[CMSG_SPACE(4 * sizeof(int))];
    struct iovec part = { bytes, sizeof bytes };
    struct msghdr packet = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = ancillary, .msg_controllen = sizeof ancillary
    };
    ssize_t size = recvmsg(host->control, &packet, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    struct message message = { .order = { 0 } };
    struct err err;
    int stream;

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    host->draining |= size <= 0;
    host->alone |= size < 0;
    if (size <= 0)
        return false;
    stream = take_descriptor(&packet);
    if (stream >= 0 && !own(host, &stream)) {
        close(stream);
        stream = -1;
    }
    if (read_order(bytes, (size_t)size, &message, &err)) {
        start(host, &message.order, stream);
        return true;
    }
    if (stream >= 0)
        close(stream);
    refuse(host, 0, &err);
    return true;
}

/* ------------------------------------------------------------------------------------------------- the loop ---- */

static void kill_all(struct host *host)
{
    host->draining = true;
    for (size_t i = 0; i < host->runs.count; i++)
        running_kill(host->runs.running[i], EXIT_STOPPING);
}

static void end_run(struct host *host, size_t index, int status, const struct rusage *used)
{
    struct message message = { .type = MESSAGE_EXIT };
    char words[MESSAGE_MAX_WORDS];

    message.exit.peak_kb = (uint64_t)used->ru_maxrss;
    message.exit.cpu_us = (uint64_t)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000000 +
                          (uint64_t)(used->ru_utime.tv_usec + used->ru_stime.tv_usec);
    runs_end(&host->runs, index, status, &message.exit, words);
    tell(host, &message);
}

static void reap(struct host *host)
{
    siginfo_t info = { 0 };
    struct rusage used;
    int status;

    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid > 0) {
        size_t index = runs_find(&host->runs, info.si_pid);

        /* Its session goes before it is reaped: until then its number cannot be another's. */
        if (index < host->runs.count)
            running_kill(host->runs.running[index], EXIT_ITSELF);
        wait4(info.si_pid, &status, 0, &used);
        if (index < host->runs.count)
            end_run(host, index, status, &used);
        info.si_pid = 0;
    }
    host->orphans = runs_sweep(&host->runs);
}

static void take_signals(struct host *host)
{
    struct signalfd_siginfo info;
    bool children = false;

    while (read(host->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGCHLD)
            children = true;
        else
            kill_all(host);
    }
    if (children)
        reap(host);
}

static void fill_polls(struct host *host)
{
    short wanted = (short)((host->draining ? 0 : POLLIN) | (host->outgoing.length > 0 ? POLLOUT : 0));

    host->polls[0] = (struct pollfd){ .fd = host->alone ? -1 : host->control, .events = wanted };
    host->polls[1] = (struct pollfd){ .fd = host->signals, .events = POLLIN };
    for (size_t i = 0; i < host->runs.count; i++)
        running_poll(host->runs.running[i], &host->polls[2 + 2 * i]);
}

static void turn(struct host *host)
{
    size_t count = host->runs.count;
    int timeout = runs_watch(&host->runs);

    fill_polls(host);
    if (poll(host->polls, 2 + 2 * count, timeout) <= 0)
        return;
    /* Runs first: their places in polls hold only until one is started or ended. */
    for (size_t i = 0; i < count; i++)
        running_ready(host->runs.running[i], &host->polls[2 + 2 * i]);
    if (host->polls[1].revents != 0)
        take_signals(host);
    if ((host->polls[0].revents & POLLIN) != 0) {
        while (take_order(host))
            ;
    }
    if ((host->polls[0].revents & POLLOUT) != 0)
        flush(host);
    if ((host->polls[0].revents & (POLLHUP | POLLERR)) != 0)
        host->alone = true;
    if (host->alone)
        kill_all(host);
}

/* ------------------------------------------------------------------------------------------------ beginnings ---- */

/* One above the highest descriptor in use. Valgrind keeps its own above the limit it shows. */
static int first_own(void)
{
    struct rlimit limit;
    int highest = STDERR_FILENO;

    getrlimit(RLIMIT_NOFILE, &limit);
    for (int i = STDERR_FILENO + 1; i < (limit.rlim_cur > 1024 ? 1024 : (int)limit.rlim_cur); i++) {
        if (fcntl(i, F_GETFD) >= 0)
            highest = i;
    }
    return highest + 1;
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool is_control(int descriptor)
{
    int type = 0;
    socklen_t size = sizeof type;

    return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

/* Standard input becomes /dev/null for the plugin and every run; the control socket goes elsewhere. */
static bool take_control(struct host *host, struct err *err)
{
    int nowhere;

    if (!is_control(STDIN_FILENO))
        return err_set(err, ERR_CONFIG,
                       "--serve is for the daemon: standard input must be its control socket (SOCK_SEQPACKET)");
    /* What else the daemon left open is not for plugins. */
    closefrom(STDERR_FILENO + 1);
    host->control = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (host->control < 0 || nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0)
        return err_system(err, "taking over the control socket");
    close(nowhere);
    return true;
}

/* A library may have set handlers in prepare(), or have something ignored. The host has none, and a run starts with
 * what any program starts with, so that a crash is told by its signal. SIGPIPE is ignored in both: a peer that closes
 * its connection must not end the run. Done here, and not in each run: a fork keeps it. */
static void restore_signals(void)
{
    for (int number = 1; number < NSIG; number++) {
        if (number != SIGKILL && number != SIGSTOP)
            signal(number, SIG_DFL);
    }
    signal(SIGPIPE, SIG_IGN);
}

/* All but those of a crash are blocked: a timer that prepare() left running has no handler any more. */
static bool take_signal_mask(struct host *host, struct err *err)
{
    static const int wanted[] = { SIGCHLD, SIGTERM, SIGINT };
    static const int crashes[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP };
    sigset_t read, blocked;

    sigemptyset(&read);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        sigaddset(&read, wanted[i]);
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        sigdelset(&blocked, crashes[i]);
    host->signals = signalfd(-1, &read, SFD_CLOEXEC | SFD_NONBLOCK);
    return (host->signals >= 0 && sigprocmask(SIG_SETMASK, &blocked, NULL) == 0) || err_system(err, "signals");
}

static bool begin(struct host *host, const char *path, struct err *err)
{
    /* What a plugin prints is among a run's last words even when it crashes. */
    setlinebuf(stdout);
    if (!confine_possible(host->confinement, err))
        return false;
    /* Runs have the same user: without Landlock, one could write into this process's memory by /proc. */
    if (prctl(PR_SET_DUMPABLE, 0) != 0)
        return err_system(err, "closing the host's memory");
    /* The grandchildren of a run that died come to this process, which kills them. */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        return err_system(err, "becoming the reaper of orphans");
    alarm(PREPARE_SECONDS);
    if (!plugin_load(&host->plugin, path, err) || !plugin_prepare(&host->plugin, err))
        return false;
    alarm(0);
    if (!is_control(host->control))
        return err_set(err, ERR_BUG,
                       "plugin %s: prepare() closed a descriptor that was not its own, the control socket",
                       host->plugin.table.name);
    pieces_take();
    raise_descriptor_limit();
    host->base = first_own();
    /* In this order: a signal in between would find neither its handler nor a mask. */
    if (!take_signal_mask(host, err))
        return false;
    restore_signals();
    return (own(host, &host->control) && own(host, &host->signals)) ||
           err_set(err, ERR_BUG,
                   "plugin %s: prepare() left descriptor %d open, and this process may have none above it",
                   host->plugin.table.name, host->base - 1);
}

static bool serve_control(struct host *host, const char *path, struct err *err)
{
    if (!begin(host, path, err)) {
        runs_sweep(&host->runs);
        refuse(host, 0, err);
        return false;
    }
    say_hello(host);
    /* Whoever started this process may be gone already. */
    if (host->alone)
        kill_all(host);
    while (!host->draining || host->runs.count > 0 || host->orphans > 0 || (host->outgoing.length > 0 && !host->alone))
        turn(host);
    return true;
}

bool serve(const char *path, const struct confinement *confinement, struct err *err)
{
    struct host *host = calloc(1, sizeof *host);
    bool good;

    if (host == NULL)
        return err_system(err, "memory for the host");
    host->confinement = confinement;
    good = take_control(host, err) && serve_control(host, path, err);
    str_finish(&host->outgoing);
    plugin_finish(&host->plugin);
    free(host);
    return good;
}
