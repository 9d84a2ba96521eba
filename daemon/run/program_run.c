#include "program_run.h"

#include "brood.h"
#include "clock.h"
#include "mem.h"
#include "program_spawn.h"
#include "str.h"
#include "text.h"
#include "unit.h"
#include "utf8.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SWEEP_MS 5       /* between two looks at whether those that were killed are gone */
#define SWEEPS 400       /* then whoever is left is left */
#define LAST_READS 64    /* of what the pipe still holds at the end: somebody may write on */
#define SHORT_MS 2000    /* in so short a run, numbers of processes do not come round */
#define READ_SIZE 65536U /* at once */

/* Why it is being ended. */
enum ending { BY_ITSELF, TIMED_OUT, CANCELLED };

/* Shared by all runs, for the loop uses it between two calls only. */
static char read_buffer[READ_SIZE];

struct program_run {
    uv_loop_t *loop;
    void (*done)(void *context, const struct program_result *result);
    void *context;
    char *path;
    int64_t timeout_ms, begun;
    pid_t pid; /* 0: there is none, or not any more */
    int status;
    bool ended; /* it has; it is not reaped before its brood is gone, so that its number stays its own */
    enum ending ending;
    uv_signal_t children;
    uv_timer_t timer;
    uv_pipe_t output;
    struct brood brood;
    uv_work_t sweep;
    bool hurry; /* no patience after SIGTERM */
    bool sweeping, closing;
    int sweep_signal;          /* of the sweep under way */
    unsigned sweeps;           /* since it ended */
    size_t left;               /* processes that the last sweep found */
    size_t handles;            /* that are not closed yet */
    struct err refusal;        /* why it was not started */
    char kept[PROGRAM_OUTPUT]; /* the end of what it wrote: a ring */
    uint64_t written;
};

/* -------------------------------------------------------------------------------------------- what came of it ---- */

static void keep(struct program_run *run, const char *bytes, size_t size)
{
    size_t skip = size > PROGRAM_OUTPUT ? size - PROGRAM_OUTPUT : 0;

    run->written += skip;
    for (size_t i = skip; i < size; i++)
        run->kept[run->written++ % PROGRAM_OUTPUT] = bytes[i];
}

/* A character whose beginning was lost is left out. */
static void gather_output(const struct program_run *run, struct str *out)
{
    size_t size = run->written < PROGRAM_OUTPUT ? (size_t)run->written : PROGRAM_OUTPUT;
    char bytes[PROGRAM_OUTPUT];
    size_t skip = 0;

    for (size_t i = 0; i < size; i++)
        bytes[i] = run->kept[(run->written - size + i) % PROGRAM_OUTPUT];
    while (run->written > size && skip < size && skip < 3 && ((unsigned char)bytes[skip] & 0xC0U) == 0x80U)
        skip++;
    utf8_clean(out, bytes + skip, size - skip);
}

static void add_output(struct str *message, const char *output)
{
    char *trimmed = mem_text(output);
    size_t length = strlen(trimmed);

    while (length > 0 && (trimmed[length - 1] == '\n' || trimmed[length - 1] == '\r' || trimmed[length - 1] == ' '))
        trimmed[--length] = '\0';
    if (length == 0) {
        str_add(message, "; it wrote nothing");
    } else {
        str_add(message, "; it wrote: ");
        text_line(message, trimmed);
    }
    free(trimmed);
}

static void add_end(const struct program_run *run, struct str *message)
{
    char limit[UNIT_TEXT_SIZE];

    if (run->ending == TIMED_OUT)
        str_format(message, " took longer than %s and was ended", duration_text(run->timeout_ms, limit));
    else if (run->ending == CANCELLED)
        str_add(message, " was ended before it was done");
    else if (WIFSIGNALED(run->status))
        str_format(message, " was ended by signal %d (%s)", WTERMSIG(run->status), strsignal(WTERMSIG(run->status)));
    else
        str_format(message, " ended with exit status %d", WEXITSTATUS(run->status));
}

static void describe(const struct program_run *run, struct str *message, const char *output)
{
    char processes[COUNT_TEXT_SIZE];

    if (run->refusal.class != ERR_NONE) {
        text_line(message, run->refusal.text);
        return;
    }
    text_line(message, run->path);
    add_end(run, message);
    if (run->left > 0)
        str_format(message, ", and %s of it cannot be killed", count_text(run->left, "process", processes));
    add_output(message, output);
}

static bool went_well(const struct program_run *run)
{
    return run->refusal.class == ERR_NONE && run->ending == BY_ITSELF && WIFEXITED(run->status) &&
           WEXITSTATUS(run->status) == 0;
}

static void tell(struct program_run *run)
{
    struct str message = STR_EMPTY, output = STR_EMPTY;

    gather_output(run, &output);
    if (!went_well(run))
        describe(run, &message, str_text(&output));
    run->done(run->context, &(struct program_result){
                                .good = went_well(run),
                                .message = str_text(&message),
                                .output = str_text(&output),
                                .wall_ms = clock_mono_ms(&clock_system) - run->begun,
                            });
    str_finish(&message);
    str_finish(&output);
}

/* ----------------------------------------------------------------------------------------------------- the end ---- */

static void on_closed(uv_handle_t *handle)
{
    struct program_run *run = handle->data;

    if (--run->handles > 0)
        return;
    tell(run);
    brood_finish(&run->brood);
    free(run->path);
    free(run);
}

static void close_all(struct program_run *run)
{
    if (run->closing)
        return;
    run->closing = true;
    uv_close((uv_handle_t *)&run->children, on_closed);
    uv_close((uv_handle_t *)&run->timer, on_closed);
    uv_close((uv_handle_t *)&run->output, on_closed);
}

/* What it wrote before its end and was not read yet. */
static void read_rest(struct program_run *run)
{
    uv_os_fd_t descriptor;
    ssize_t size = 1;

    if (uv_fileno((uv_handle_t *)&run->output, &descriptor) != 0)
        return;
    uv_read_stop((uv_stream_t *)&run->output);
    for (int i = 0; i < LAST_READS && size > 0; i++) {
        size = read(descriptor, read_buffer, sizeof read_buffer);
        keep(run, read_buffer, size > 0 ? (size_t)size : 0);
    }
}

static void finish(struct program_run *run)
{
    while (waitpid(run->pid, &run->status, 0) < 0 && errno == EINTR)
        ;
    run->pid = 0;
    read_rest(run);
    close_all(run);
}

/* ---------------------------------------------------------------------------------------- its processes and it ---- */

static void sweep(struct program_run *run, int number);
static void on_kill(uv_timer_t *timer);

static void run_sweep(uv_work_t *work)
{
    struct program_run *run = work->data;

    run->left = brood_signal(&run->brood, run->sweep_signal);
}

static void go_on(struct program_run *run)
{
    if (run->ended && run->sweeps > 0)
        uv_timer_start(&run->timer, on_kill, SWEEP_MS, 0);
    else if (run->ended || (run->sweep_signal != SIGKILL && run->hurry))
        sweep(run, SIGKILL);
    else if (run->sweep_signal != SIGKILL)
        uv_timer_start(&run->timer, on_kill, PROGRAM_TERM_MS, 0);
}

/* Those that were killed are looked at until they are gone. It is not reaped before: as long as it is there, dead or
 * not, its number is no other process's. */
static void after_sweep(uv_work_t *work, int status)
{
    struct program_run *run = work->data;

    (void)status;
    run->sweeping = false;
    if (run->sweeps > 0 && (run->left == 0 || run->sweeps >= SWEEPS))
        finish(run);
    else
        go_on(run);
}

/* Looking at all processes of a machine may take a while: not in the loop. */
static void sweep(struct program_run *run, int number)
{
    if (run->sweeping)
        return;
    uv_timer_stop(&run->timer);
    run->sweeping = true;
    run->sweep_signal = number;
    run->sweeps += run->ended ? 1 : 0;
    uv_queue_work(run->loop, &run->sweep, run_sweep, after_sweep);
}

static void on_kill(uv_timer_t *timer)
{
    sweep(timer->data, SIGKILL);
}

static void on_timeout(uv_timer_t *timer)
{
    struct program_run *run = timer->data;

    run->ending = TIMED_OUT;
    sweep(run, SIGTERM);
}

static void on_child(uv_signal_t *signal, int number)
{
    struct program_run *run = signal->data;
    siginfo_t info = { 0 };

    (void)number;
    if (run->ended || run->pid == 0 || waitid(P_PID, (id_t)run->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0)
        return;
    run->ended = true;
    if (!run->sweeping && clock_mono_ms(&clock_system) - run->begun < SHORT_MS && brood_is_empty(&run->brood))
        finish(run);
    else
        sweep(run, SIGKILL);
}

/* --------------------------------------------------------------------------------------------------- output ---- */

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    (void)handle, (void)wanted;
    *buffer = uv_buf_init(read_buffer, sizeof read_buffer);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct program_run *run = stream->data;

    if (size > 0)
        keep(run, buffer->base, (size_t)size);
    else if (size < 0)
        uv_read_stop(stream);
}

/* --------------------------------------------------------------------------------------------------- the start ---- */

static void on_refused(uv_timer_t *timer)
{
    close_all(timer->data);
}

static struct program_run *create(uv_loop_t *loop, const struct program *program)
{
    struct program_run *run = mem_new(1, sizeof *run);

    run->loop = loop;
    run->path = mem_text(program->path);
    run->timeout_ms = program->timeout_ms;
    run->begun = clock_mono_ms(&clock_system);
    uv_signal_init(loop, &run->children);
    uv_timer_init(loop, &run->timer);
    uv_pipe_init(loop, &run->output, 0);
    run->handles = 3;
    run->children.data = run->timer.data = run->output.data = run->sweep.data = run;
    return run;
}

struct program_run *program_run_start(uv_loop_t *loop, const struct program *program,
                                      void (*done)(void *context, const struct program_result *result), void *context)
{
    struct program_run *run = create(loop, program);
    struct program_spawned spawned;

    run->done = done;
    run->context = context;
    uv_signal_start(&run->children, on_child, SIGCHLD);
    if (!program_spawn(program, &spawned, &run->refusal)) {
        uv_timer_start(&run->timer, on_refused, 0, 0);
        return run;
    }
    run->pid = spawned.pid;
    brood_init(&run->brood, run->pid);
    uv_pipe_open(&run->output, spawned.output);
    uv_read_start((uv_stream_t *)&run->output, give_buffer, on_read);
    uv_timer_start(&run->timer, on_timeout, (uint64_t)run->timeout_ms, 0);
    return run;
}

void program_run_cancel(struct program_run *run)
{
    if (run->pid == 0 || run->ended)
        return;
    run->ending = run->ending == BY_ITSELF ? CANCELLED : run->ending;
    run->hurry = true;
    sweep(run, SIGKILL);
}
