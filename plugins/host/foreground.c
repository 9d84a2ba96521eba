#include "foreground.h"

#include "arguments.h"
#include "clock.h"
#include "log.h"
#include "plugin.h"
#include "print.h"
#include "run.h"
#include "stream.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* One foreground run: the frames go straight into the receiving end. */
struct session {
    const struct foreground *foreground;
    const struct plugin *plugin;
    struct stream stream;
    struct print print;
};

/* A stream that is broken takes nothing more, and the plugin need not go on: there is no daemon to kill it. */
static void feed(void *context, const void *bytes, size_t size)
{
    struct session *session = context;

    if (stream_feed(&session->stream, bytes, size))
        return;
    print_end(&session->print, &session->stream);
    log_error("the plugin is stopped: %s", session->stream.err.text);
    exit(EXIT_FAILURE);
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

static void call(struct session *session, enum run_mode mode, const struct option_list *options)
{
    const struct message_request request = { .mode = mode, .options = *options, .token = { "", 0 } };
    int64_t deadline_ms = session->foreground->deadline_ms;
    struct muster m;

    if (deadline_ms != 0)
        deadline_ms += clock_mono_ms(&clock_system);
    run_init(&m, session->plugin, &(struct sink){ feed, session }, deadline_ms == 0 ? INT64_MAX : deadline_ms);
    set_alarm(session->foreground->deadline_ms);
    if (run_request(&m, &request))
        run_call(&m);
    run_close(&m);
    run_finish(&m);
    stream_close(&session->stream);
}

static const char *mode_word(enum run_mode mode)
{
    static const char *const words[] = {
        [RUN_SCAN] = "the scan", [RUN_CHECK] = "the check", [RUN_DOCTOR] = "the doctor", [RUN_RELEASE] = "the release"
    };

    return words[mode];
}

/* What the administrator gave is wrong, whatever was tried with it; all else is the run's own failure. */
static bool conclude(const struct session *session, enum run_mode mode, struct err *err)
{
    const struct stream *stream = &session->stream;

    if (stream->state == STREAM_ENDED && session->print.failed_steps == 0)
        return true;
    if (stream->state == STREAM_ENDED)
        return err_set(err, ERR_SYSTEM, "%zu steps failed", session->print.failed_steps);
    *err = stream->err;
    return err->class == ERR_CONFIG ? false
                                    : err_add(err, "%s failed (%s)", mode_word(mode), err_class_word(err->class));
}

static bool run_mode(const struct foreground *foreground, const struct plugin *plugin, enum run_mode mode,
                     const struct option_list *options, struct err *err)
{
    struct session session = { .foreground = foreground, .plugin = plugin };
    bool good;

    print_init(&session.print, foreground->output, plugin);
    stream_init(&session.stream, &stream_default_limits, &print_handler, &session.print);
    call(&session, mode, options);
    if (mode == RUN_SCAN)
        print_end(&session.print, &session.stream);
    good = conclude(&session, mode, err);
    stream_finish(&session.stream);
    print_finish(&session.print);
    return good;
}

/* A doctor looks at the options first. */
static bool run_plugin(const struct foreground *foreground, const struct plugin *plugin,
                       const struct option_list *options, struct err *err)
{
    bool look = foreground->mode == RUN_CHECK || foreground->mode == RUN_DOCTOR;

    if (look && !run_mode(foreground, plugin, RUN_CHECK, options, err))
        return false;
    if (look)
        fprintf(stderr, "the options of plugin %s are fine\n", plugin->table.name);
    if (foreground->mode == RUN_DOCTOR && plugin->table.doctor == NULL)
        fprintf(stderr, "plugin %s has no doctor\n", plugin->table.name);
    return foreground->mode == RUN_CHECK || run_mode(foreground, plugin, foreground->mode, options, err);
}

bool foreground_run(const struct foreground *foreground, struct err *err)
{
    struct plugin plugin = { .table = { 0 } };
    struct option_list options;
    struct arena arena;
    bool good;

    arena_init(&arena, ARENA_SECRET);
    good = plugin_load(&plugin, foreground->path, err) && plugin_prepare(&plugin, err) &&
           arguments_read(&plugin.options, foreground->words, foreground->word_count, &arena, &options, err) &&
           run_plugin(foreground, &plugin, &options, err);
    arena_finish(&arena);
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
