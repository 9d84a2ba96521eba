#include "ask.h"

#include "frame.h"
#include "str.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define PIECE 65536

/* Why there is no connection, and what to do about it. */
static enum ask_result cannot_connect(const char *path, int code, struct err *err)
{
    if (code == ENOENT || code == ECONNREFUSED) {
        err_set(err, ERR_UNREACHABLE,
                "musterd is not running: nobody listens at %s (%s); start it, or name its socket "
                "with --control",
                path, code == ENOENT ? "no such socket" : "an old socket");
        return ASK_DOWN;
    }
    if (code == EACCES || code == EPERM) {
        err_set(err, ERR_DENIED,
                "you may not ask musterd at %s: join the group `readers` or `operators` of its "
                "configuration, or ask as the user it runs as",
                path);
        return ASK_FAILED;
    }
    errno = code;
    err_system(err, "control socket %s", path);
    return ASK_FAILED;
}

/* The peer must be root, or the one who owns the socket's file: anybody could listen at a path in an open folder. */
static bool check_peer(int fd, const char *path, struct err *err)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    struct stat status;

    if (stat(path, &status) != 0 || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return err_system(err, "control socket %s: who listens there cannot be told", path);
    if (peer.uid == 0 || peer.uid == status.st_uid)
        return true;
    return err_set(err, ERR_DENIED,
                   "control socket %s belongs to user %u, but user %u listens there: that is not musterd; look at who "
                   "may write its folder",
                   path, status.st_uid, peer.uid);
}

static enum ask_result connect_to(const struct ask *ask, int *fd, struct err *err)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const struct timeval silence = { .tv_sec = ask->silence_ms / 1000, .tv_usec = ask->silence_ms % 1000 * 1000L };

    if (strlen(ask->socket) >= sizeof address.sun_path) {
        err_set(err, ERR_CONFIG, "control socket %s: a socket's path has at most %zu bytes", ask->socket,
                sizeof address.sun_path - 1);
        return ASK_FAILED;
    }
    memcpy(address.sun_path, ask->socket, strlen(ask->socket) + 1);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0) {
        err_system(err, "control socket %s", ask->socket);
        return ASK_FAILED;
    }
    setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
    setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &silence, sizeof silence);
    while (connect(*fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        if (errno != EINTR)
            return cannot_connect(ask->socket, errno, err);
    }
    return check_peer(*fd, ask->socket, err) ? ASK_ANSWERED : ASK_FAILED;
}

static bool broken(const char *path, int code, struct err *err)
{
    if (code == EAGAIN || code == EWOULDBLOCK)
        return err_set(err, ERR_TIMEOUT, "musterd at %s does not answer: it may be stuck; look at its log", path);
    if (code == 0 || code == ECONNRESET || code == EPIPE)
        return err_set(err, ERR_UNREACHABLE,
                       "musterd at %s closed the connection before it had answered: it stopped, died, or refused you; "
                       "look at its log, and ask again",
                       path);
    errno = code;
    return err_system(err, "control socket %s", path);
}

static bool send_request(int fd, const struct ask *ask, struct err *err)
{
    const struct control_message message = { .type = CONTROL_REQUEST,
                                             .request = { ask->verb, ask->arguments, ask->count } };
    struct str bytes = STR_EMPTY;
    size_t sent = 0;
    bool good = control_write(&bytes, &message, err);

    while (good && sent < bytes.length) {
        ssize_t size = send(fd, bytes.bytes + sent, bytes.length - sent, MSG_NOSIGNAL);

        if (size < 0 && errno == EINTR)
            continue;
        /* Whoever closes early may have said why: that is for the reader. */
        if (size < 0 && errno == EPIPE)
            break;
        good = size > 0 || broken(ask->socket, errno, err);
        sent += size > 0 ? (size_t)size : 0;
    }
    str_finish(&bytes);
    return good;
}

struct answer {
    const struct ask *ask;
    struct ask_answer *to;
    struct frame_decoder decoder;
    struct arena arena;
    bool done;
};

static bool take_message(struct answer *answer, const struct frame *frame, struct err *err)
{
    struct control_message message;

    arena_reset(&answer->arena);
    if (!control_read(frame, &answer->arena, &message, err))
        return false;
    if (message.type == CONTROL_RECORD) {
        answer->ask->record(answer->ask->context, &message.record);
    } else if (message.type == CONTROL_DONE) {
        answer->to->status = (int)message.done.status;
        err_set(err, ERR_NONE, "%s", message.done.text);
        answer->done = true;
    } else {
        return err_set(err, ERR_PROTOCOL, "it sends a request where an answer belongs");
    }
    return true;
}

static bool take_frames(struct answer *answer, struct err *err)
{
    enum frame_status status = FRAME_MORE;
    struct frame frame;
    bool good = true;

    while (good && !answer->done && (status = frame_next(&answer->decoder, &frame, err)) == FRAME_READY)
        good = take_message(answer, &frame, err);
    if (good && status != FRAME_BAD)
        return true;
    return err_add(err, "what listens at %s is no musterd of this release; use the command that came with it",
                   answer->ask->socket);
}

static bool receive_answer(int fd, struct answer *answer, struct err *err)
{
    char piece[PIECE];

    while (!answer->done) {
        ssize_t size = recv(fd, piece, sizeof piece, 0);

        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return broken(answer->ask->socket, size == 0 ? 0 : errno, err);
        frame_feed(&answer->decoder, piece, (size_t)size);
        if (!take_frames(answer, err))
            return false;
    }
    return true;
}

enum ask_result ask_daemon(const struct ask *ask, struct ask_answer *answer)
{
    struct answer reading = { .ask = ask, .to = answer };
    enum ask_result result;
    int fd = -1;

    *answer = (struct ask_answer){ .status = 1 };
    arena_init(&reading.arena, ARENA_PLAIN);
    result = connect_to(ask, &fd, &answer->err);
    if (result == ASK_ANSWERED && (!send_request(fd, ask, &answer->err) || !receive_answer(fd, &reading, &answer->err)))
        result = ASK_FAILED;
    if (fd >= 0)
        close(fd);
    frame_decoder_finish(&reading.decoder);
    arena_finish(&reading.arena);
    return result;
}
