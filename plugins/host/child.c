#include "child.h"

#include "run.h"
#include "stream.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The stream is all there is to report by: when nobody reads it any more the run has been cancelled. */
static void write_stream(void *context, const void *bytes, size_t size)
{
    const int *stream = context;
    const char *at = bytes;

    while (size > 0) {
        ssize_t written = write(*stream, at, size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            _exit(1);
        at += written;
        size -= (size_t)written;
    }
}

/* The host blocks signals for its own loop. How each is handled it has set back already (serve.c). */
static void unblock_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Keeps standard input (/dev/null), output and error, what the plugin opened in prepare(), and the stream, which
 * takes the place of the host's first descriptor. */
static int keep_descriptors(const struct child *child)
{
    dup2(child->errors, STDOUT_FILENO);
    dup2(child->errors, STDERR_FILENO);
    if (child->stream != child->base)
        dup2(child->stream, child->base);
    closefrom(child->base + 1);
    fcntl(child->base, F_SETFL, fcntl(child->base, F_GETFL) & ~O_NONBLOCK);
    return child->base;
}

/* Reads one frame. The daemon sends nothing behind it; it may be larger than the socket's buffer. */
static bool read_request(int stream, struct frame_decoder *decoder, struct arena *arena, struct message *message,
                         struct err *err)
{
    struct frame frame;
    enum frame_status status;
    char bytes[1024], text[COUNT_TEXT_SIZE];
    ssize_t size;

    while ((status = frame_next(decoder, &frame, err)) == FRAME_MORE) {
        size = read(stream, bytes, sizeof bytes);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return err_set(err, ERR_PROTOCOL, "the request was cut off after %s",
                           count_text(frame_pending(decoder), "byte", text));
        frame_feed(decoder, bytes, (size_t)size);
        explicit_bzero(bytes, sizeof bytes);
    }
    if (status == FRAME_BAD || !message_read(&frame, arena, message, err))
        return err_add(err, "the request");
    if (message->type != MESSAGE_REQUEST)
        return err_set(err, ERR_PROTOCOL, "the request is no request but a message %s", message_name(message->type));
    return true;
}

/* Takes the request from the stream. The decoder's memory held secrets, and is wiped. */
static bool take_request(struct muster *m, int stream)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    struct message message;
    struct arena arena;
    struct err err;
    bool good;

    arena_init(&arena, ARENA_SECRET);
    good = read_request(stream, &decoder, &arena, &message, &err);
    if (good)
        good = run_request(m, &message.request);
    else
        run_fail(m, err.class, "%s", err.text);
    arena_finish(&arena);
    if (decoder.buffer.bytes != NULL)
        explicit_bzero(decoder.buffer.bytes, decoder.buffer.length);
    frame_decoder_finish(&decoder);
    return good;
}

void child_run(const struct child *child)
{
    struct muster m;
    struct err err;
    int stream;

    unblock_signals();
    stream = keep_descriptors(child);
    run_init(&m, child->plugin, &(struct sink){ .write = write_stream, .context = &stream }, child->deadline_ms);
    if (!confine_limits(child->order, child->parent, &err))
        run_fail(&m, err.class, "%s", err.text);
    else if (take_request(&m, stream) && confine_run(&m, child->confinement))
        run_call(&m);
    run_close(&m);
    run_finish(&m);
    /* No exit handlers: they are the host's and its libraries', and would run once for every scan. */
    _exit(0);
}
