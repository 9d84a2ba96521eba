#include "control_server.h"

#include "list.h"
#include "mem.h"
#include "peer.h"
#include "text.h"
#include "trust.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MOST_PEERS 64
#define MOST_ASKING 48   /* of those who may not change things */
#define MOST_OF_A_USER 8 /* of them */

struct control_server {
    uv_pipe_t pipe;
    char *path;
    char *readers, *operators; /* what the rules borrow: the configuration may be another by now */
    struct peer_rules rules;
    const struct control_verb *verbs;
    void *context;
    struct list peers;
    size_t peer_count;
    bool pipe_closed;
    void (*closed)(void *context);
    void *closed_context;
};

/* --------------------------------------------------------------------------------------------- the requests ---- */

static const struct control_verb *find(const struct control_server *server, const char *verb)
{
    for (const struct control_verb *each = server->verbs; each->verb != NULL; each++) {
        if (strcmp(each->verb, verb) == 0)
            return each;
    }
    return NULL;
}

static void on_request(void *context, struct peer *peer, const struct control_request *request)
{
    struct control_server *server = context;
    const struct control_verb *verb = find(server, request->verb);
    char quoted[TEXT_QUOTE_SIZE];

    if (verb == NULL)
        peer_done(peer, 64, "musterd knows no request \"%s\"; it may be of another version than this command",
                  text_quote(quoted, request->verb));
    else if (verb->changes && !peer_may_change(peer))
        peer_done(peer, 1, "%s may ask, but not change anything%s%s; ask a member to do it", peer_name(peer),
                  server->rules.operators == NULL ? "" : ": only root and the group ",
                  server->rules.operators == NULL ? "" : server->rules.operators);
    else
        verb->act(server->context, peer, request);
}

/* ---------------------------------------------------------------------------------------------- connections ---- */

static void end_if_over(struct control_server *server)
{
    void (*closed)(void *context) = server->closed;
    void *context = server->closed_context;

    if (!server->pipe_closed || server->peer_count > 0)
        return;
    free(server->path);
    free(server->readers);
    free(server->operators);
    free(server);
    closed(context);
}

static void on_gone(void *context, struct peer *peer)
{
    struct control_server *server = context;

    list_remove(peer_link(peer));
    server->peer_count--;
    end_if_over(server);
}

/* Whether there is room for one more, which is in the list already. */
static bool has_room(const struct control_server *server, const struct peer *fresh)
{
    size_t asking = 0, own = 0;

    if (peer_may_change(fresh))
        return server->peer_count <= MOST_PEERS;
    list_each (node, &server->peers) {
        const struct peer *peer = peer_of(node);

        asking += peer_may_change(peer) ? 0 : 1;
        own += !peer_may_change(peer) && peer_user(peer) == peer_user(fresh) ? 1 : 0;
    }
    return asking <= MOST_ASKING && own <= MOST_OF_A_USER;
}

static const struct peer_events peer_events = { .request = on_request, .gone = on_gone };

static void on_connection(uv_stream_t *stream, int status)
{
    struct control_server *server = stream->data;
    struct peer *peer;

    if (status < 0)
        return;
    peer = peer_accept(stream, &server->rules, &peer_events, server);
    list_append(&server->peers, peer_link(peer));
    server->peer_count++;
    if (!has_room(server, peer))
        peer_drop(peer);
}

/* ------------------------------------------------------------------------------------------------ the socket ---- */

/* A socket that nobody listens on is what a daemon that was killed has left; anything else is somebody's. */
static bool clear_path(const char *path, struct err *err)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct stat status;
    int descriptor, result;

    if (lstat(path, &status) != 0)
        return errno == ENOENT || err_system(err, "control socket %s", path);
    if (!S_ISSOCK(status.st_mode))
        return err_set(err, ERR_CONFIG,
                       "control socket %s: there is a file of another kind; move it away, or set "
                       "control to another path",
                       path);
    memcpy(address.sun_path, path, strlen(path)); /* it fits: control_server_create has looked */
    descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    result = connect(descriptor, (const struct sockaddr *)&address, sizeof address);
    close(descriptor);
    if (result == 0 || errno == EAGAIN)
        return err_set(err, ERR_CONFIG,
                       "control socket %s: another program listens there; end it, or set control to "
                       "another path",
                       path);
    return unlink(path) == 0 || err_system(err, "control socket %s is a dead one that cannot be removed", path);
}

/* In a folder that others can write to, the socket could be another one's by the time that somebody connects. */
static bool trust_place(const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = mem_text(slash == NULL ? "." : slash == path ? "/" : path);
    bool trusted;

    if (slash != NULL && slash != path)
        folder[slash - path] = '\0';
    trusted = trust_folder(folder, err) || err_add(err, "control socket %s", path);
    free(folder);
    return trusted;
}

/* Everybody may connect; who may do what is decided peer by peer. */
static bool listen_at(struct control_server *server, struct err *err)
{
    mode_t mask = umask(0111);
    int result = uv_pipe_bind(&server->pipe, server->path);

    umask(mask);
    if (result == 0)
        result = uv_listen((uv_stream_t *)&server->pipe, MOST_PEERS, on_connection);
    return result == 0 ||
           err_set(err, ERR_SYSTEM, "control socket %s: %s; look whether its folder exists and may be written",
                   server->path, uv_strerror(result));
}

static void on_pipe_closed(uv_handle_t *handle)
{
    struct control_server *server = handle->data;

    server->pipe_closed = true;
    end_if_over(server);
}

static void nothing(void *context)
{
    (void)context;
}

static char *maybe_text(const char *text)
{
    return text == NULL ? NULL : mem_text(text);
}

struct control_server *control_server_create(uv_loop_t *loop, const struct control_server_options *options,
                                             const struct control_verb *verbs, void *context, struct err *err)
{
    struct control_server *server;
    struct peer_rules rules;

    if (strlen(options->path) >= sizeof((struct sockaddr_un *)NULL)->sun_path) {
        err_set(err, ERR_CONFIG, "control socket %s: the path is longer than the %zu bytes that a socket may have",
                options->path, sizeof((struct sockaddr_un *)NULL)->sun_path - 1);
        return NULL;
    }
    if (!peer_rules_resolve(&rules, options->readers, options->operators, err) || !trust_place(options->path, err) ||
        !clear_path(options->path, err))
        return NULL;
    server = mem_new(1, sizeof *server);
    server->path = mem_text(options->path);
    server->rules = rules;
    server->rules.readers = server->readers = maybe_text(rules.readers);
    server->rules.operators = server->operators = maybe_text(rules.operators);
    server->verbs = verbs;
    server->context = context;
    server->pipe.data = server;
    list_init(&server->peers);
    uv_pipe_init(loop, &server->pipe, 0);
    server->pipe.data = server;
    if (listen_at(server, err))
        return server;
    control_server_close(server, nothing, NULL);
    return NULL;
}

void control_server_close(struct control_server *server, void (*closed)(void *context), void *context)
{
    if (server == NULL) {
        closed(context);
        return;
    }
    server->closed = closed;
    server->closed_context = context;
    list_each (node, &server->peers)
        peer_drop(peer_of(node));
    uv_close((uv_handle_t *)&server->pipe, on_pipe_closed); /* libuv removes the path */
}
