#include "report_run.h"

#include "arena.h"
#include "clock.h"
#include "mem.h"
#include "program_run.h"
#include "report_files.h"
#include "str.h"
#include "vec.h"

#include <stdlib.h>

struct report_run {
    uv_loop_t *loop;
    struct report_run_input input;
    void (*done)(void *context, const struct report_run_result *result);
    void *context;
    struct arena arena;
    const char **files;
    size_t next; /* the format that is being written */
    struct program_run *program;
    bool cancelled;
    uv_work_t prune;
    struct err pruning; /* why an old file is still there */
};

static void end(struct report_run *run, bool good, const char *message)
{
    run->done(run->context, &(struct report_run_result){
                                .good = good,
                                .message = message,
                                .trouble = run->pruning.class == ERR_NONE ? NULL : run->pruning.text,
                                .files = run->files,
                            });
    arena_finish(&run->arena);
    free(run);
}

/* ------------------------------------------------------------------------------------------------ the oldest go ----
 */

static void run_prune(uv_work_t *work)
{
    struct report_run *run = work->data;
    const struct report_order *order = run->input.order;

    for (size_t i = 0; i < order->formats.count && run->pruning.class == ERR_NONE; i++)
        report_files_prune(order->folder, order->name, order->formats.words[i], order->keep, &run->pruning);
}

static void after_prune(uv_work_t *work, int status)
{
    (void)status;
    end(work->data, true, "");
}

/* ------------------------------------------------------------------------------------------- a process a format ----
 */

typedef vec(char *) word_vec;

/* Name and value are one word: a value that begins with a hyphen is no option. */
static void add(struct report_run *run, word_vec *words, const char *option, const char *value)
{
    if (value != NULL)
        vec_push(words, arena_format(&run->arena, "--%s=%s", option, value));
}

static void add_all(struct report_run *run, word_vec *words)
{
    const struct report_order *order = run->input.order;
    char since[CLOCK_TEXT_SIZE];

    vec_push(words, arena_text(&run->arena, run->input.program));
    add(run, words, "database", run->input.database);
    add(run, words, "control", run->input.control); /* all is told: it reads no configuration */
    vec_push(words, arena_text(&run->arena, "report"));
    add(run, words, "format", order->formats.words[run->next]);
    add(run, words, "output", run->files[run->next]);
    add(run, words, "title", order->title);
    add(run, words, "owner", order->owner);
    add(run, words, "site", order->site);
    add(run, words, "server", order->server);
    add(run, words, "workload", order->workload);
    add(run, words, "since", run->input.since == 0 ? NULL : clock_text_ms(run->input.since, since));
    vec_push(words, NULL);
}

static void write_next(struct report_run *run);

static void on_written(void *context, const struct program_result *result)
{
    struct report_run *run = context;

    run->program = NULL;
    if (!result->good) {
        end(run, false, result->message);
        return;
    }
    run->next++;
    if (run->cancelled && run->next < run->input.order->formats.count)
        end(run, false, "it was ended before all of its formats were written");
    else
        write_next(run);
}

static void write_next(struct report_run *run)
{
    static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", language[] = "LANG=C.UTF-8";
    char *const settings[] = { path, language, NULL };
    word_vec words = VEC_EMPTY;

    if (run->next == run->input.order->formats.count) {
        uv_queue_work(run->loop, &run->prune, run_prune, after_prune);
        return;
    }
    add_all(run, &words);
    run->program = program_run_start(run->loop,
                                     &(struct program){ .path = run->input.program,
                                                        .words = words.items,
                                                        .settings = settings,
                                                        .input = "",
                                                        .mask = 027,
                                                        .timeout_ms = REPORT_RUN_TIMEOUT_MS },
                                     on_written, run);
    vec_finish(&words);
}

struct report_run *report_run_start(uv_loop_t *loop, const struct report_run_input *input,
                                    void (*done)(void *context, const struct report_run_result *result), void *context)
{
    const struct report_order *order = input->order;
    struct report_run *run = mem_new(1, sizeof *run);

    run->loop = loop;
    run->input = *input;
    run->done = done;
    run->context = context;
    run->prune.data = run;
    arena_init(&run->arena, ARENA_PLAIN);
    run->files = arena_alloc(&run->arena, order->formats.count * sizeof *run->files);
    for (size_t i = 0; i < order->formats.count; i++) {
        struct str path = STR_EMPTY;

        str_format(&path, "%s/", order->folder);
        report_plan_file(&path, order->name, order->plan.zone, input->now, order->formats.words[i]);
        run->files[i] = arena_text(&run->arena, str_text(&path));
        str_finish(&path);
    }
    write_next(run);
    return run;
}

void report_run_cancel(struct report_run *run)
{
    run->cancelled = true;
    if (run->program != NULL)
        program_run_cancel(run->program);
}
