#include "check_config.h"

#include "mem.h"
#include "str.h"

#include <signal.h>
#include <stdlib.h>

#define PATIENCE_MS 120000 /* the plugins have 90 seconds to load */
#define TERM_MS 5000       /* between SIGTERM and SIGKILL */
#define LINGER_MS 2000     /* for the rest of its output, which somebody it left behind may keep open */

struct check_config {
    uv_process_t process;
    uv_pipe_t output;
    uv_timer_t timer;
    unsigned open; /* handles that are not closed yet */
    bool exited, ended, terminated, closing, good;
    struct str text;
    char buffer[4096];
    void (*done)(void *context, bool good, const char *text); /* NULL: it was cancelled */
    void *context;
};

static void on_closed(uv_handle_t *handle)
{
    struct check_config *check = handle->data;

    if (--check->open > 0)
        return;
    str_finish(&check->text);
    free(check);
}

static void close_all(struct check_config *check)
{
    if (check->closing)
        return;
    check->closing = true;
    uv_close((uv_handle_t *)&check->process, on_closed);
    uv_close((uv_handle_t *)&check->output, on_closed);
    uv_close((uv_handle_t *)&check->timer, on_closed);
}

static void conclude_if_over(struct check_config *check)
{
    if (!check->exited || !check->ended || check->closing)
        return;
    if (check->done != NULL)
        check->done(check->context, check->good, str_text(&check->text));
    close_all(check);
}

/* First by itself, so that its plugin hosts end with it. */
static void terminate(struct check_config *check)
{
    uv_process_kill(&check->process, check->terminated ? SIGKILL : SIGTERM);
    check->terminated = true;
}

static void on_timeout(uv_timer_t *timer)
{
    struct check_config *check = timer->data;

    if (check->exited) {
        check->ended = true;
        conclude_if_over(check);
        return;
    }
    if (!check->terminated)
        str_add(&check->text, "checking the configuration took too long\n");
    terminate(check);
    uv_timer_start(&check->timer, on_timeout, TERM_MS, 0);
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal)
{
    struct check_config *check = process->data;

    check->exited = true;
    check->good = status == 0 && signal == 0 && !check->terminated;
    if (signal != 0)
        str_format(&check->text, "checking the configuration ended by signal %d\n", signal);
    check->ended = check->ended || check->done == NULL;
    uv_timer_start(&check->timer, on_timeout, LINGER_MS, 0);
    conclude_if_over(check);
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct check_config *check = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(check->buffer, sizeof check->buffer);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct check_config *check = stream->data;

    if (size > 0 && check->text.length < CHECK_CONFIG_OUTPUT)
        str_add_bytes(&check->text, buffer->base, (size_t)size);
    if (size >= 0)
        return;
    check->ended = true;
    conclude_if_over(check);
}

static int spawn(struct check_config *check, const char *file)
{
    char *name = mem_text(file); /* what libuv takes may be changed */
    char *arguments[] = { "musterd", "--check-config", "-c", name, NULL };
    uv_stdio_container_t descriptors[] = {
        { .flags = UV_IGNORE },
        { .flags = UV_IGNORE },
        { .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&check->output },
    };
    const uv_process_options_t options = {
        .exit_cb = on_exit_of,
        .file = "/proc/self/exe",
        .args = arguments,
        .stdio_count = 3,
        .stdio = descriptors,
    };

    int result = uv_spawn(check->output.loop, &check->process, &options);

    free(name);
    return result;
}

struct check_config *check_config_start(uv_loop_t *loop, const char *file,
                                        void (*done)(void *context, bool good, const char *text), void *context)
{
    struct check_config *check = mem_new(1, sizeof *check);
    int result;

    check->done = done;
    check->context = context;
    check->open = 3;
    uv_pipe_init(loop, &check->output, 0);
    uv_timer_init(loop, &check->timer);
    check->process.data = check->output.data = check->timer.data = check;
    result = spawn(check, file);
    if (result == 0) {
        uv_read_start((uv_stream_t *)&check->output, give_buffer, on_read);
        uv_timer_start(&check->timer, on_timeout, PATIENCE_MS, 0);
        return check;
    }
    /* In a turn of the loop of its own, so that the caller has what this returns. */
    str_format(&check->text, "checking the configuration could not begin: %s\n", uv_strerror(result));
    check->exited = true;
    uv_timer_start(&check->timer, on_timeout, 0, 0);
    return check;
}

void check_config_cancel(struct check_config *check)
{
    check->done = NULL;
    if (check->exited) {
        close_all(check);
        return;
    }
    terminate(check);
    uv_timer_start(&check->timer, on_timeout, TERM_MS, 0);
}
