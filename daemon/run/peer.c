#include "peer.h"

#include "log.h"
#include "mem.h"

#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 10000                    /* for the request to arrive, and for the last answer to be taken */
#define MOST_WAITING ((size_t)4 << 20)       /* bytes of answers that the peer has not taken, */
#define MOST_WAITING_LONG ((size_t)64 << 20) /* and of one who may change things: all its targets may end at once */
#define MOST_GROUPS 1024

enum right { RIGHT_NONE, RIGHT_ASK, RIGHT_CHANGE };

struct peer {
    struct list link;
    uv_pipe_t pipe;
    uv_timer_t timer;
    unsigned open; /* handles that are not closed yet */
    bool closing, asked, done;
    enum right right;
    uid_t uid;
    char name[32];
    struct frame_decoder decoder;
    const struct peer_events *events;
    void *context;
    void (*watcher)(void *context);
    void *watcher_context;
    bool (*more)(void *context, struct peer *peer); /* of a long answer; NULL: none, or its end is sent */
    void *more_context;
    size_t writes; /* answers that are not sent, or failed, yet */
    char buffer[4096];
};

/* ------------------------------------------------------------------------------------------------- the rights ---- */

static bool group_number(const char *name, const char *key, gid_t *number, struct err *err)
{
    const struct group *group = name == NULL ? NULL : getgrnam(name);

    if (group != NULL)
        *number = group->gr_gid;
    return name == NULL || group != NULL ||
           err_set(err, ERR_CONFIG,
                   "%s = \"%s\": there is no such group on this machine; create it with: groupadd -r %s", key, name,
                   name);
}

bool peer_rules_resolve(struct peer_rules *rules, const char *readers, const char *operators, struct err *err)
{
    *rules = (struct peer_rules){ .readers = readers, .operators = operators };
    return group_number(readers, "readers", &rules->reader_group, err) &&
           group_number(operators, "operators", &rules->operator_group, err);
}

static bool is_member(const struct ucred *who, const gid_t *groups, size_t count, gid_t wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (groups[i] == wanted)
            return true;
    }
    return who->gid == wanted;
}

static enum right decide(const struct peer_rules *rules, const struct ucred *who, const gid_t *groups, size_t count)
{
    if (who->uid == 0 || (rules->operators != NULL && is_member(who, groups, count, rules->operator_group)))
        return RIGHT_CHANGE;
    if (rules->operators == NULL && who->uid == geteuid())
        return RIGHT_CHANGE;
    if (rules->readers == NULL || who->uid == geteuid() || is_member(who, groups, count, rules->reader_group))
        return RIGHT_ASK;
    return RIGHT_NONE;
}

static enum right right_of(struct peer *peer, const struct peer_rules *rules)
{
    gid_t groups[MOST_GROUPS];
    socklen_t size = sizeof groups;
    struct ucred who;
    socklen_t who_size = sizeof who;
    uv_os_fd_t descriptor;

    if (uv_fileno((uv_handle_t *)&peer->pipe, &descriptor) != 0 ||
        getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &who, &who_size) != 0)
        return RIGHT_NONE;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0)
        size = 0; /* more groups than anybody has: its first one counts */
    peer->uid = who.uid;
    snprintf(peer->name, sizeof peer->name, "uid %u", (unsigned)who.uid);
    return decide(rules, &who, groups, size / sizeof *groups);
}

/* ------------------------------------------------------------------------------------------------- the end ---- */

static void on_closed(uv_handle_t *handle)
{
    struct peer *peer = handle->data;

    if (--peer->open > 0)
        return;
    peer->events->gone(peer->context, peer);
    frame_decoder_finish(&peer->decoder);
    free(peer);
}

void peer_drop(struct peer *peer)
{
    void (*watcher)(void *context) = peer->watcher;

    if (peer->closing)
        return;
    peer->closing = true;
    peer->watcher = NULL;
    peer->more = NULL;
    if (watcher != NULL)
        watcher(peer->watcher_context);
    uv_close((uv_handle_t *)&peer->pipe, on_closed);
    uv_close((uv_handle_t *)&peer->timer, on_closed);
}

static void on_timeout(uv_timer_t *timer)
{
    peer_drop(timer->data);
}

/* ------------------------------------------------------------------------------------------------ the answers ---- */

struct answer {
    uv_write_t write;
    struct str bytes;
};

static size_t not_taken(const struct peer *peer)
{
    return uv_stream_get_write_queue_size((const uv_stream_t *)&peer->pipe);
}

/* A portion in a turn of the loop, however fast it is taken; slowly is good enough, but it must go on. */
static void feed(struct peer *peer)
{
    while (peer->more != NULL && peer->writes == 0) {
        if (!peer->more(peer->more_context, peer))
            peer->more = NULL;
    }
    if (peer->more != NULL)
        uv_timer_start(&peer->timer, on_timeout, PATIENCE_MS, 0);
}

static void on_written(uv_write_t *write, int status)
{
    struct answer *answer = (struct answer *)(void *)write;
    struct peer *peer = write->handle->data;

    str_finish(&answer->bytes);
    free(answer);
    peer->writes--;
    if (status < 0 || (peer->done && not_taken(peer) == 0))
        peer_drop(peer);
    else
        feed(peer);
}

static void send_message(struct peer *peer, const struct control_message *message)
{
    struct answer *answer;
    uv_buf_t buffer;
    struct err err;

    if (peer->closing)
        return;
    /* Not dropped here: whoever sends may be in the middle of telling several. */
    if (not_taken(peer) > (peer->right == RIGHT_CHANGE ? MOST_WAITING_LONG : MOST_WAITING)) {
        uv_timer_start(&peer->timer, on_timeout, 0, 0);
        return;
    }
    answer = mem_new(1, sizeof *answer);
    if (control_write(&answer->bytes, message, &err)) {
        buffer = uv_buf_init(answer->bytes.bytes, (unsigned)answer->bytes.length);
        if (uv_write(&answer->write, (uv_stream_t *)&peer->pipe, &buffer, 1, on_written) == 0) {
            peer->writes++;
            return;
        }
    } else {
        log_error("an answer on the control socket: %s", err.text);
    }
    str_finish(&answer->bytes);
    free(answer);
}

void peer_send(struct peer *peer, const char *name, const struct control_field *fields, size_t count)
{
    const struct control_message message = { .type = CONTROL_RECORD, .record = { name, fields, count } };

    send_message(peer, &message);
}

void peer_done(struct peer *peer, unsigned status, const char *format, ...)
{
    struct control_message message = { .type = CONTROL_DONE, .done = { .status = status } };
    struct str text = STR_EMPTY;
    va_list args;

    va_start(args, format);
    str_vformat(&text, format, args);
    va_end(args);
    message.done.text = str_text(&text);
    peer->watcher = NULL;
    peer->done = true;
    send_message(peer, &message);
    str_finish(&text);
    if (!peer->closing)
        uv_timer_start(&peer->timer, on_timeout, PATIENCE_MS, 0);
}

/* ------------------------------------------------------------------------------------------------ the request ---- */

static void take_request(struct peer *peer, const struct frame *frame)
{
    struct control_message message;
    struct arena arena;
    struct err err;

    arena_init(&arena, ARENA_PLAIN);
    peer->asked = true;
    uv_timer_stop(&peer->timer);
    if (!control_read(frame, &arena, &message, &err))
        peer_done(peer, 1, "%s", err.text);
    else if (message.type != CONTROL_REQUEST)
        peer_done(peer, 1, "that is no request");
    else if (peer->right == RIGHT_NONE)
        peer_done(peer, 1, "%s may not ask this daemon anything: it is not in the group of its readers", peer->name);
    else
        peer->events->request(peer->context, peer, &message.request);
    arena_finish(&arena);
}

static void take_bytes(struct peer *peer, const char *bytes, size_t size)
{
    struct frame frame;

    frame_feed(&peer->decoder, bytes, size);
    switch (frame_next(&peer->decoder, &frame, NULL)) {
    case FRAME_READY: take_request(peer, &frame); break;
    case FRAME_MORE: break;
    default: peer_drop(peer);
    }
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct peer *peer = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(peer->buffer, sizeof peer->buffer);
}

/* What comes after the request is of no interest; that the peer hangs up is. */
static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct peer *peer = stream->data;

    if (size < 0)
        peer_drop(peer);
    else if (!peer->asked && size > 0)
        take_bytes(peer, buffer->base, (size_t)size);
}

struct peer *peer_accept(uv_stream_t *listener, const struct peer_rules *rules, const struct peer_events *events,
                         void *context)
{
    struct peer *peer = mem_new(1, sizeof *peer);

    peer->events = events;
    peer->context = context;
    peer->open = 2;
    list_init(&peer->link);
    uv_pipe_init(listener->loop, &peer->pipe, 0);
    uv_timer_init(listener->loop, &peer->timer);
    peer->pipe.data = peer->timer.data = peer;
    if (uv_accept(listener, (uv_stream_t *)&peer->pipe) != 0) {
        peer_drop(peer);
        return peer;
    }
    peer->right = right_of(peer, rules);
    uv_timer_start(&peer->timer, on_timeout, PATIENCE_MS, 0);
    uv_read_start((uv_stream_t *)&peer->pipe, give_buffer, on_read);
    return peer;
}

void peer_watch(struct peer *peer, void (*gone)(void *context), void *context)
{
    peer->watcher = gone;
    peer->watcher_context = context;
}

void peer_feed(struct peer *peer, bool (*more)(void *context, struct peer *peer), void *context)
{
    peer->more = more;
    peer->more_context = context;
    feed(peer);
}

uid_t peer_user(const struct peer *peer)
{
    return peer->uid;
}

const char *peer_name(const struct peer *peer)
{
    return peer->name;
}

bool peer_may_change(const struct peer *peer)
{
    return peer->right == RIGHT_CHANGE;
}

struct list *peer_link(struct peer *peer)
{
    return &peer->link;
}

struct peer *peer_of(struct list *link)
{
    return list_entry(link, struct peer, link);
}
