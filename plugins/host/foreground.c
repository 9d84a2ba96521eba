#include "foreground.h"

#include "arguments.h"
#include "clock.h"
#include "log.h"
#include "mem.h"
#include "plugin.h"
#include "print.h"
#include "run.h"
#include "stream.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define SHOW_MS 50

/* One foreground run: the frames go straight into the receiving end. */
struct session {
    const struct foreground *foreground;
    const struct plugin *plugin;
    struct stream stream;
    struct print print;
    int64_t shown_ms; /* when records were last written out */
    bool over;        /* the plugin has come back */
};

/* What came before a crash should be there to be seen; but a write for each of a million records takes its time. */
static void show(struct session *session)
{
    int64_t now_ms = clock_mono_ms(&clock_system);

    if (now_ms - session->shown_ms < SHOW_MS)
        return;
    fflush(session->print.out);
    session->shown_ms = now_ms;
}

/* A stream that is broken takes nothing more, and the plugin need not go on: there is no daemon to kill it. */
static void feed(void *context, const void *bytes, size_t size)
{
    struct session *session = context;

    if (stream_feed(&session->stream, bytes, size)) {
        show(session);
        return;
    }
    session->over = true;
    print_end(&session->print, &session->stream);
    log_error("the plugin is stopped: %s", session->stream.err.text);
    exit(EXIT_FAILURE);
}

/* A plugin, or a library of its, that calls exit() must not make a scan that was cut short look good. */
static void at_exit(int status, void *context)
{
    struct session *session = context;

    if (session->over)
        return;
    stream_close(&session->stream);
    print_end(&session->print, &session->stream);
    log_error("the plugin called exit(%d) before it was done", status);
    fflush(NULL);
    _exit(EXIT_FAILURE);
}

static void past_deadline(int number)
{
    static const char text[] = "muster-plugin-host: error: the deadline has passed: the plugin is stopped\n";
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);

    (void)number, (void)written;
    _exit(EXIT_FAILURE);
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

/* A release is in the process that was its scan's: it is confined already. */
static void call(struct session *session, enum run_mode mode, const struct option_list *options,
                 const struct bytes *token)
{
    const struct message_request request = { .mode = mode, .options = *options, .token = *token };
    int64_t deadline_ms = session->foreground->deadline_ms;
    struct muster m;

    if (deadline_ms != 0)
        deadline_ms += clock_mono_ms(&clock_system);
    run_init(&m, session->plugin, &(struct sink){ feed, session, .eager = true },
             deadline_ms == 0 ? INT64_MAX : deadline_ms);
    set_alarm(session->foreground->deadline_ms);
    if (run_request(&m, &request) && (mode == RUN_RELEASE || confine_run(&m, session->foreground->confinement)))
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
    char steps[COUNT_TEXT_SIZE];

    if (stream->refusal.class != ERR_NONE && stream->state == STREAM_ENDED) {
        *err = stream->refusal;
        return err_add(err, "the credential was refused (denied)");
    }
    if (stream->state == STREAM_ENDED && session->print.failed_steps == 0)
        return true;
    if (stream->state == STREAM_ENDED)
        return err_set(err, ERR_SYSTEM, "%s failed", count_text(session->print.failed_steps, "step", steps));
    *err = stream->err;
    return err->class == ERR_CONFIG ? false
                                    : err_add(err, "%s failed (%s)", mode_word(mode), err_class_word(err->class));
}

static struct session *begin(const struct foreground *foreground, const struct plugin *plugin)
{
    struct session *session = mem_new(1, sizeof *session);

    session->foreground = foreground;
    session->plugin = plugin;
    print_init(&session->print, foreground->output, foreground->out);
    stream_init(&session->stream, &stream_default_limits, &print_handler, &session->print);
    on_exit(at_exit, session);
    return session;
}

/* The session's own memory stays for at_exit. */
static void finish(struct session *session)
{
    stream_finish(&session->stream);
    print_finish(&session->print);
}

/* There is no next scan that could use the token. */
static void give_back(const struct session *scan, const struct option_list *options)
{
    struct session *session;
    struct err err = ERR_EMPTY;

    if (scan->print.token.size == 0 || scan->plugin->table.release == NULL)
        return;
    session = begin(scan->foreground, scan->plugin);
    call(session, RUN_RELEASE, options, &scan->print.token);
    session->over = true;
    if (!conclude(session, RUN_RELEASE, &err))
        log_warning("what the scan's token holds on the target could not be given back: %s", err.text);
    finish(session);
}

static bool run_as(const struct foreground *foreground, const struct plugin *plugin, enum run_mode mode,
                   const struct option_list *options, struct err *err)
{
    struct session *session = begin(foreground, plugin);
    bool good;

    call(session, mode, options, &(struct bytes){ "", 0 });
    session->over = true;
    if (mode == RUN_SCAN) {
        print_end(&session->print, &session->stream);
        give_back(session, options);
    }
    good = conclude(session, mode, err);
    finish(session);
    return good;
}

/* Whatever the plugin prints is no record: it goes to standard error, as in the daemon. */
static FILE *take_output(struct err *err)
{
    int records = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    FILE *out = records < 0 ? NULL : fdopen(records, "w");

    if (out == NULL || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        err_system(err, "standard output");
        return NULL;
    }
    return out;
}

static bool close_output(FILE *out, struct err *err)
{
    bool good = ferror(out) == 0;

    return (fclose(out) == 0 && good) || err_system(err, "the records could not all be written to standard output");
}

static bool run_plugin(struct foreground *foreground, struct plugin *plugin, const struct option_list *options,
                       struct err *err)
{
    if (!run_as(foreground, plugin, foreground->mode, options, err))
        return false;
    if (foreground->mode == RUN_CHECK)
        fprintf(stderr, "the options of plugin %s are fine\n", plugin->table.name);
    if (foreground->mode == RUN_DOCTOR && plugin->table.doctor == NULL)
        fprintf(stderr, "plugin %s has no doctor; its options are fine\n", plugin->table.name);
    return true;
}

static bool load_and_run(struct foreground *foreground, struct plugin *plugin, struct arena *arena, struct err *err)
{
    struct option_list options;

    return plugin_load(plugin, foreground->path, err) && plugin_prepare(plugin, err) &&
           arguments_read(&plugin->options, foreground->words, foreground->word_count, arena, &options, err) &&
           run_plugin(foreground, plugin, &options, err);
}

bool foreground_run(struct foreground *foreground, struct err *err)
{
    struct plugin plugin = { .table = { 0 } };
    struct arena arena;
    bool good;

    foreground->out = take_output(err);
    if (foreground->out == NULL)
        return false;
    arena_init(&arena, ARENA_SECRET);
    good = load_and_run(foreground, &plugin, &arena, err);
    arena_finish(&arena);
    plugin_finish(&plugin);
    return close_output(foreground->out, good ? err : NULL) && good;
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
