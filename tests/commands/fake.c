#include "fake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(bool good, const char *what)
{
    if (good)
        return;
    perror(what);
    abort();
}

void fake_record(struct str *answer, const char *name, ...)
{
    struct control_field fields[CONTROL_MAX_FIELDS];
    struct control_message message = { .type = CONTROL_RECORD, .record = { name, fields, 0 } };
    const char *field;
    va_list args;

    va_start(args, name);
    while ((field = va_arg(args, const char *)) != NULL)
        fields[message.record.count++] = (struct control_field){ field, va_arg(args, const char *) };
    va_end(args);
    must(control_write(answer, &message, NULL), "fake_record");
}

void fake_done(struct str *answer, unsigned status, const char *text)
{
    const struct control_message message = { .type = CONTROL_DONE, .done = { status, text } };

    must(control_write(answer, &message, NULL), "fake_done");
}

/* Reads one request and tells the parent its words. */
static void read_request(int fd, int to)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    struct control_message message;
    struct arena arena;
    struct frame frame;
    char piece[4096];

    arena_init(&arena, ARENA_PLAIN);
    while (frame_next(&decoder, &frame, NULL) != FRAME_READY) {
        ssize_t size = read(fd, piece, sizeof piece);

        if (size <= 0)
            _exit(3);
        frame_feed(&decoder, piece, (size_t)size);
    }
    if (!control_read(&frame, &arena, &message, NULL) || message.type != CONTROL_REQUEST)
        _exit(4);
    dprintf(to, "%s", message.request.verb);
    for (size_t i = 0; i < message.request.count; i++)
        dprintf(to, " %s", message.request.arguments[i]);
    arena_finish(&arena);
    frame_decoder_finish(&decoder);
}

static void send_answer(int fd, const struct str *answer, enum fake_way way)
{
    size_t size = way == FAKE_CUT ? answer->length - 1 : answer->length;
    size_t piece = way == FAKE_BYTES ? 1 : 65536;

    for (size_t at = 0; at < size; at += piece) {
        if (send(fd, answer->bytes + at, size - at < piece ? size - at : piece, MSG_NOSIGNAL) < 0)
            _exit(5);
    }
    if (way == FAKE_GARBAGE)
        send(fd, "\xFF\xFF\xFF\xFFgarbage", 11, MSG_NOSIGNAL);
}

static _Noreturn void serve(int listener, int to, const struct str *answer, enum fake_way way)
{
    int fd = accept(listener, NULL, NULL);
    char byte;

    if (way != FAKE_DEAF)
        read_request(fd, to);
    if (way == FAKE_SILENT)
        while (read(fd, &byte, 1) > 0)
            ;
    else if (way != FAKE_DEAF)
        send_answer(fd, answer, way);
    _exit(0);
}

void fake_start(struct fake *fake, const char *folder, const struct str *answer, enum fake_way way)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int ends[2];

    snprintf(fake->socket, sizeof fake->socket, "%s/control", folder);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", fake->socket);
    must(listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 1) == 0,
         fake->socket);
    must(pipe(ends) == 0, "pipe");
    fake->pid = fork();
    must(fake->pid >= 0, "fork");
    if (fake->pid == 0)
        serve(listener, ends[1], answer, way);
    close(listener);
    close(ends[1]);
    fake->request = ends[0];
}

void fake_finish(struct fake *fake, char *words, size_t size)
{
    size_t length = 0;
    ssize_t more;

    while ((more = read(fake->request, words + length, size - 1 - length)) > 0)
        length += (size_t)more;
    words[length] = '\0';
    close(fake->request);
    must(waitpid(fake->pid, NULL, 0) == fake->pid, "waitpid");
    unlink(fake->socket);
}
