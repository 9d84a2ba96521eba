#include "client.h"

#include "clock.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

const struct message_order usual_order = { .deadline_ms = 60000, .memory_mb = 256, .cpu_s = 60 };

/* ------------------------------------------------------------------------------------- what a scan sends ---- */

static void remember(char *buffer, size_t size, const char *text)
{
    snprintf(buffer, size, "%s", text == NULL ? "" : text);
}

static void on_item(void *context, struct item *item, struct hash128 content)
{
    struct scan *scan = context;

    (void)content;
    scan->recorded++;
    remember(scan->note, sizeof scan->note, item_text(item, "note"));
    if (item->unread_count > 0)
        remember(scan->why, sizeof scan->why, item->unread[item->unread_count - 1].why);
}

static void on_warning(void *context, const struct message_warning *warning)
{
    struct scan *scan = context;

    remember(scan->warning, sizeof scan->warning, warning->text);
}

static void on_log(void *context, const struct message_log *log)
{
    struct scan *scan = context;

    remember(scan->log, sizeof scan->log, log->text);
}

static void on_token(void *context, const struct message_token *token)
{
    struct scan *scan = context;

    scan->token_size = token->token.size;
    remember(scan->token, sizeof scan->token, token->token.bytes);
}

static void on_step(void *context, const struct message_step *step)
{
    struct scan *scan = context;

    scan->steps++;
    remember(scan->step, sizeof scan->step, step->detail);
}

static const struct stream_handler handler = {
    .item = on_item, .warning = on_warning, .log = on_log, .token = on_token, .step = on_step
};

static bool is_over(const struct client *client, const struct scan *scan)
{
    return scan->exited || scan->refused || client->gone;
}

/* What is in the socket when the run is over is all that it sent: it is not waited for an end of the stream. */
static void drain(struct scan *scan)
{
    static char bytes[1 << 16];
    ssize_t size;

    while (scan->stream >= 0 && (size = recv(scan->stream, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
        if (!stream_feed(&scan->received, bytes, (size_t)size))
            break;
    }
}

static void close_stream(struct scan *scan)
{
    if (scan->stream >= 0)
        close(scan->stream);
    scan->stream = -1;
}

static void conclude(struct scan *scan)
{
    drain(scan);
    close_stream(scan);
    stream_close(&scan->received);
    scan->outcome = outcome_judge(&scan->received, scan->exited ? &scan->exit : NULL);
    if (scan->refused)
        scan->outcome.err = scan->refusal;
    outcome_add_refusal(&scan->outcome, &scan->received);
}

static void take_bytes(struct scan *scan)
{
    static char bytes[1 << 16];
    ssize_t size = recv(scan->stream, bytes, sizeof bytes, MSG_DONTWAIT);

    if (size < 0 && errno == EAGAIN)
        return;
    if (size <= 0)
        scan->stalled = true; /* its end of stream says nothing: EXIT ends it */
    else if (!stream_feed(&scan->received, bytes, (size_t)size))
        close_stream(scan);
}

void client_cancel(struct scan *scan)
{
    stream_cancel(&scan->received, "the client closed the stream");
    close_stream(scan);
}

/* ------------------------------------------------------------------------------------ what the host sends ---- */

static struct scan *find(struct client *client, uint64_t id)
{
    for (size_t i = 0; i < client->scan_count; i++) {
        if (client->scans[i]->id == id)
            return client->scans[i];
    }
    return NULL;
}

static void take_exit(struct client *client, const struct message_exit *ended)
{
    struct scan *scan = find(client, ended->id);

    client->exits++;
    if (scan == NULL)
        return;
    scan->exit = *ended;
    remember(scan->last_words, sizeof scan->last_words, ended->last_words);
    scan->exit.last_words = scan->last_words;
    scan->exited = true;
    conclude(scan);
}

static void take_refused(struct client *client, const struct message_refused *refused)
{
    struct scan *scan = find(client, refused->id);

    if (scan == NULL) {
        err_set(&client->refusal, (enum err_class)refused->class, "%s", refused->text);
        return;
    }
    err_set(&scan->refusal, (enum err_class)refused->class, "%s", refused->text);
    scan->refused = true;
    conclude(scan);
}

static void take_hello(struct client *client, const struct message_hello *hello)
{
    client->ready = true;
    client->hello = *hello;
    remember(client->name, sizeof client->name, hello->name);
    remember(client->confinement, sizeof client->confinement, hello->confinement);
}

static void take_packet(struct client *client, const char *bytes, size_t size)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    struct message message;
    struct arena arena;
    struct frame frame;

    arena_init(&arena, ARENA_PLAIN);
    frame_feed(&decoder, bytes, size);
    if (frame_next(&decoder, &frame, NULL) == FRAME_READY && message_read(&frame, &arena, &message, NULL)) {
        switch (message.type) {
        case MESSAGE_HELLO: take_hello(client, &message.hello); break;
        case MESSAGE_OPTION: client->options++; break;
        case MESSAGE_EXIT: take_exit(client, &message.exit); break;
        case MESSAGE_REFUSED: take_refused(client, &message.refused); break;
        default: break;
        }
    }
    frame_decoder_finish(&decoder);
    arena_finish(&arena);
}

/* One that has closed its socket and stays is killed in the end. */
static void reap_host(struct client *client)
{
    for (int i = 0; i < CLIENT_PATIENCE_MS; i++) {
        if (waitpid(client->pid, &client->status, WNOHANG) == client->pid)
            return;
        poll(NULL, 0, 1);
    }
    kill(client->pid, SIGKILL);
    waitpid(client->pid, &client->status, 0);
}

static void host_gone(struct client *client)
{
    client->gone = true;
    reap_host(client);
    for (size_t i = 0; i < client->scan_count; i++) {
        if (!client->scans[i]->exited && !client->scans[i]->refused)
            conclude(client->scans[i]);
    }
}

static void take_control(struct client *client)
{
    static char bytes[1 << 20];
    ssize_t size;

    while ((size = recv(client->control, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        take_packet(client, bytes, (size_t)size);
    if (size == 0 || (errno != EAGAIN && errno != EINTR))
        host_gone(client);
}

/* ------------------------------------------------------------------------------------------------- the loop ---- */

static void turn(struct client *client, int timeout)
{
    static struct pollfd polls[CLIENT_MAX_SCANS + 1];

    for (size_t i = 0; i < client->scan_count; i++) {
        struct scan *scan = client->scans[i];
        bool wanted = scan->stream >= 0 && !scan->stalled && !is_over(client, scan);

        polls[i] = (struct pollfd){ .fd = wanted ? scan->stream : -1, .events = POLLIN };
    }
    polls[client->scan_count] = (struct pollfd){ .fd = client->control, .events = POLLIN };
    if (poll(polls, client->scan_count + 1, timeout) <= 0)
        return;
    for (size_t i = 0; i < client->scan_count; i++) {
        if (polls[i].revents != 0)
            take_bytes(client->scans[i]);
    }
    if (polls[client->scan_count].revents != 0)
        take_control(client);
}

bool client_until(struct client *client, bool (*condition)(const struct client *client, const struct scan *scan),
                  const struct scan *scan)
{
    int64_t end = clock_mono_ms(&clock_system) + CLIENT_PATIENCE_MS;

    while (!condition(client, scan)) {
        int64_t left = end - clock_mono_ms(&clock_system);

        if (left <= 0 || client->gone)
            return condition(client, scan);
        turn(client, (int)left);
    }
    return true;
}

bool client_wait(struct client *client, struct scan *scan)
{
    return client_until(client, is_over, scan);
}

bool client_wait_exits(struct client *client, size_t count)
{
    int64_t end = clock_mono_ms(&clock_system) + CLIENT_PATIENCE_MS;

    while (client->exits < count && !client->gone && clock_mono_ms(&clock_system) < end)
        turn(client, CLIENT_PATIENCE_MS);
    return client->exits >= count;
}

bool client_wait_all(struct client *client)
{
    for (size_t i = 0; i < client->scan_count; i++) {
        if (!client_wait(client, client->scans[i]))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------------- orders ---- */

bool client_packet(struct client *client, const void *bytes, size_t size, const int *descriptors, size_t count)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(CLIENT_MAX_DESCRIPTORS * sizeof(int))];
    } ancillary = { .bytes = { 0 } };
    struct iovec part = { (void *)(uintptr_t)bytes, size };
    struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };

    if (count > 0) {
        packet.msg_control = ancillary.bytes;
        packet.msg_controllen = CMSG_SPACE(count * sizeof(int));
        CMSG_FIRSTHDR(&packet)->cmsg_level = SOL_SOCKET;
        CMSG_FIRSTHDR(&packet)->cmsg_type = SCM_RIGHTS;
        CMSG_FIRSTHDR(&packet)->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(CMSG_FIRSTHDR(&packet)), descriptors, count * sizeof(int));
    }
    return sendmsg(client->control, &packet, MSG_NOSIGNAL) > 0;
}

bool client_send_order(struct client *client, const struct message_order *order, const int *descriptors, size_t count)
{
    struct message message = { .type = MESSAGE_ORDER, .order = *order };
    struct str frame = STR_EMPTY;
    bool sent;

    message_write(&frame, &message, NULL);
    sent = client_packet(client, frame.bytes, frame.length, descriptors, count);
    str_finish(&frame);
    return sent;
}

struct scan *client_order(struct client *client, const struct message_order *order)
{
    struct scan *scan = mem_new(1, sizeof *scan);
    struct message_order own = *order;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
        abort();
    own.id = scan->id = ++client->next_id;
    scan->stream = ends[0];
    stream_init(&scan->received, &stream_default_limits, &handler, scan);
    client->scans[client->scan_count++] = scan;
    client_send_order(client, &own, &ends[1], 1);
    close(ends[1]);
    return scan;
}

bool client_write(struct scan *scan, const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size > 0) {
        ssize_t sent = send(scan->stream, at, size, MSG_NOSIGNAL);

        if (sent < 0 && errno != EAGAIN)
            return false;
        if (sent < 0) {
            struct pollfd writable = { .fd = scan->stream, .events = POLLOUT };

            if (poll(&writable, 1, CLIENT_PATIENCE_MS) <= 0)
                return false;
            continue;
        }
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

bool client_send(struct scan *scan, const struct message *message)
{
    struct str frame = STR_EMPTY;
    bool sent;

    message_write(&frame, message, NULL);
    sent = client_write(scan, frame.bytes, frame.length);
    str_finish(&frame);
    return sent;
}

void client_cut_off(struct scan *scan)
{
    shutdown(scan->stream, SHUT_WR);
}

bool client_request(struct scan *scan, enum run_mode mode, const struct client_option *options, size_t count)
{
    struct message message = { .type = MESSAGE_REQUEST, .request = { .mode = mode, .token = { "", 0 } } };
    struct option_given given[16];

    for (size_t i = 0; i < count; i++)
        given[i] = (struct option_given){ options[i].name, &options[i].value, 1 };
    message.request.options = (struct option_list){ given, count };
    return client_send(scan, &message);
}

struct scan *client_scan(struct client *client, enum run_mode mode, const struct message_order *order,
                         const struct client_option *options, size_t count)
{
    struct scan *scan = client_order(client, order);

    client_request(scan, mode, options, count);
    return scan;
}
