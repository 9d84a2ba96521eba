#include "foreground.h"

#include "arguments.h"
#include "clock.h"
#include "plugin.h"
#include "print.h"
#include "run.h"
#include "stream.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* The frames go straight into the receiving end. */
static void feed(void *context, const void *bytes, size_t size)
{
    stream_feed(context, bytes, size);
}

static void past_deadline(int number)
{
    static const char text[] = "the deadline has passed: the plugin is stopped\n";
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);

    (void)number, (void)written;
    _exit(1);
}

static void set_alarm(int64_t deadline_ms)
{
    const struct itimerval timer = {
        .it_value = { .tv_sec = deadline_ms / 1000, .tv_usec = deadline_ms % 1000 * 1000 },
    };

    if (deadline_ms == 0)
        return;
    signal(SIGALRM, past_deadline);
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* Reads the words, then calls the plugin, with its records going into the stream. */
static bool call(const struct foreground *foreground, const struct plugin *plugin, struct stream *stream,
                 struct err *err)
{
    int64_t deadline_ms = foreground->deadline_ms == 0 ? INT64_MAX
                                                       : clock_mono_ms(&clock_system) + foreground->deadline_ms;
    const struct sink sink = { feed, stream };
    struct message_request request = { .mode = foreground->mode, .token = { "", 0 } };
    struct arena arena;
    struct muster m;
    bool good;

    arena_init(&arena, ARENA_SECRET);
    good = arguments_read(&plugin->options, foreground->words, foreground->word_count, &arena, &request.options, err);
    if (good) {
        run_init(&m, plugin, &sink, deadline_ms);
        set_alarm(foreground->deadline_ms);
        if (run_request(&m, &request))
            run_call(&m);
        run_close(&m);
        run_finish(&m);
        stream_close(stream);
    }
    arena_finish(&arena);
    return good;
}

static bool run_plugin(const struct foreground *foreground, struct plugin *plugin, struct err *err)
{
    struct stream stream;
    struct print print;
    bool good;

    print_init(&print, foreground->output, plugin);
    stream_init(&stream, &stream_default_limits, &print_handler, &print);
    good = call(foreground, plugin, &stream, err);
    if (good) {
        if (foreground->mode == RUN_SCAN)
            print_end(&print, &stream);
        good = stream.state == STREAM_ENDED && print.failed_steps == 0;
        *err = stream.err;
    }
    if (good && foreground->mode == RUN_DOCTOR && plugin->table.doctor == NULL)
        fprintf(stderr, "plugin %s has no doctor; its options are fine\n", plugin->table.name);
    stream_finish(&stream);
    print_finish(&print);
    return good;
}

bool foreground_run(const struct foreground *foreground, struct err *err)
{
    struct plugin plugin = { .table = { 0 } };
    bool good = plugin_load(&plugin, foreground->path, err) && plugin_prepare(&plugin, err)
        && run_plugin(foreground, &plugin, err);

    plugin_finish(&plugin);
    return good;
}

bool foreground_describe(const char *path, enum output output, struct err *err)
{
    struct plugin plugin = { .table = { 0 } };
    bool good = plugin_load(&plugin, path, err);

    if (good)
        print_plugin(&plugin, output);
    plugin_finish(&plugin);
    return good;
}
