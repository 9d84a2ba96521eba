#include "stage.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 60000

static size_t descriptors_before;

/* ----------------------------------------------------------------------------------------------- what is left ---- */

static size_t count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count;
}

static size_t children_of(int64_t pid, int64_t *first)
{
    char path[64];
    size_t count = 0;
    FILE *file;
    int child;

    snprintf(path, sizeof path, "/proc/%lld/task/%lld/children", (long long)pid, (long long)pid);
    file = fopen(path, "r");
    while (file != NULL && fscanf(file, "%d", &child) == 1) {
        if (count++ == 0)
            *first = child;
    }
    if (file != NULL)
        fclose(file);
    return count;
}

static bool has_child(const void *pid)
{
    int64_t first;

    return children_of(*(const int64_t *)pid, &first) > 0;
}

int stage_sweep(void **state)
{
    int64_t pid = 0;

    (void)state;
    while (children_of(getpid(), &pid) > 0) {
        kill((pid_t)pid, SIGKILL);
        waitpid((pid_t)pid, NULL, 0);
    }
    return 0;
}

int stage_warm(void **state)
{
    uv_loop_t loop;

    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    return 0;
}

/* --------------------------------------------------------------------------------------------------- the loop ---- */

static void on_expired(uv_timer_t *timer)
{
    ((struct stage *)timer->data)->expired = true;
}

void stage_until(struct stage *stage, bool (*condition)(const void *what), const void *what)
{
    uv_timer_t timer;

    uv_timer_init(&stage->loop, &timer);
    timer.data = stage;
    stage->expired = false;
    uv_timer_start(&timer, on_expired, PATIENCE_MS, 1);
    while (!condition(what) && !stage->expired)
        uv_run(&stage->loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&stage->loop, UV_RUN_NOWAIT);
    if (stage->expired && !condition(what))
        fail_msg("it did not come true within a minute");
}

static void on_tick(uv_timer_t *timer)
{
    (void)timer;
}

/* Nothing tells of another process's children: it is looked every millisecond. */
int64_t stage_child_of(struct stage *stage, int64_t pid)
{
    int64_t first = 0;
    uv_timer_t tick;

    uv_timer_init(&stage->loop, &tick);
    uv_timer_start(&tick, on_tick, 1, 1);
    stage_until(stage, has_child, &pid);
    uv_close((uv_handle_t *)&tick, NULL);
    uv_run(&stage->loop, UV_RUN_NOWAIT);
    children_of(pid, &first);
    return first;
}

void stage_begin(struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    /* What outlives its host comes to this process, and is found here. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    descriptors_before = count_descriptors();
    assert_int_equal(uv_loop_init(&stage->loop), 0);
    stage->budget = budget_create((size_t)64 << 20);
}

static bool posts_are_closed(const void *what)
{
    const struct stage *stage = what;

    size_t closed = 0;

    while (closed < stage->posts.count && stage->posts.items[closed]->closed)
        closed++;
    return closed == stage->posts.count;
}

static void free_flight(struct flight *flight)
{
    if (flight->keep) {
        budget_close(flight->end.share);
        batch_finish(&flight->batch);
    }
    free(flight);
}

void stage_end(struct stage *stage)
{
    int64_t pid;

    vec_each (post, &stage->posts)
        stage_close(stage, *post, 0);
    stage_until(stage, posts_are_closed, stage);
    stage_all_over(stage);
    assert_int_equal(uv_run(&stage->loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&stage->loop), 0);
    vec_each (flight, &stage->flights)
        free_flight(*flight);
    vec_each (post, &stage->posts)
        free(*post);
    vec_finish(&stage->flights);
    vec_finish(&stage->posts);
    assert_int_equal(budget_used(stage->budget), 0);
    assert_int_equal(budget_scans(stage->budget), 0);
    budget_destroy(stage->budget);
    /* Orphans take a moment to die. */
    while (waitpid(-1, NULL, 0) > 0)
        ;
    assert_int_equal(children_of(getpid(), &pid), 0);
    assert_int_equal(count_descriptors(), descriptors_before);
}

/* ------------------------------------------------------------------------------------------------------- hosts ---- */

static void on_ready(void *context, struct host *host)
{
    struct post *post = context;

    assert_ptr_equal(host, post->host);
    post->readies++;
}

static void on_unready(void *context, struct host *host, const struct err *err, int64_t retry_mono)
{
    struct post *post = context;

    assert_ptr_equal(host, post->host);
    post->unreadies++;
    post->why = *err;
    post->retry = retry_mono;
}

static void on_closed(void *context)
{
    ((struct post *)context)->closed = true;
}

struct post *stage_program(struct stage *stage, const char *program, const char *specimen)
{
    const struct host_events events = { .ready = on_ready, .unready = on_unready };
    struct post *post = mem_new(1, sizeof *post);
    struct host_options options = { .plugin = specimen, .program = program, .path = post->path };

    if (strchr(specimen, '/') == NULL)
        snprintf(post->path, sizeof post->path, "%s/%s.so", SPECIMENS, specimen);
    else
        snprintf(post->path, sizeof post->path, "%s", specimen);
    post->stage = stage;
    post->host = host_create(&stage->loop, &options, &events, post);
    vec_push(&stage->posts, post);
    return post;
}

struct post *stage_host(struct stage *stage, const char *specimen)
{
    return stage_program(stage, HOST_PROGRAM, specimen);
}

void stage_script(char path[512], const char *text)
{
    FILE *file;

    snprintf(path, 512, "%s/host-script-%d", BINARIES, (int)getpid());
    file = fopen(path, "we");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", text);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
}

static bool has_spoken(const void *what)
{
    const struct post *post = what;

    return host_is_ready(post->host) || post->unreadies > 0;
}

void stage_ready(struct stage *stage, struct post *post)
{
    stage_until(stage, has_spoken, post);
    if (!host_is_ready(post->host))
        fail_msg("%s", post->why.text);
}

void stage_close(struct stage *stage, struct post *post, int64_t grace_ms)
{
    (void)stage;
    if (!post->closing)
        host_close(post->host, grace_ms, on_closed, post);
    post->closing = true;
}

/* ------------------------------------------------------------------------------------------------------- scans ---- */

static void on_ended(void *context, struct scan *scan, struct scan_end *end)
{
    struct flight *flight = context;

    assert_ptr_equal(scan, flight->scan);
    assert_false(flight->over);
    flight->over = true;
    flight->scan = NULL;
    flight->end = *end;
    flight->items = end->batch->items.count;
    flight->gone = end->batch->gone.count;
    flight->offers = end->batch->offers.count;
    flight->warnings = end->batch->warnings.count;
    flight->token_size = end->batch->token.size;
    if (!flight->keep)
        return;
    flight->batch = *end->batch;
    batch_init(end->batch);
    end->share = NULL;
}

static void on_step(void *context, struct scan *scan, const struct message_step *step)
{
    struct flight *flight = context;

    assert_ptr_equal(scan, flight->scan);
    flight->steps_told++;
    snprintf(flight->text, sizeof flight->text, "%s: %s", step->name, step->detail);
}

static void on_log(void *context, struct scan *scan, const struct message_log *log)
{
    struct flight *flight = context;

    assert_ptr_equal(scan, flight->scan);
    flight->logs++;
    snprintf(flight->text, sizeof flight->text, "%s", log->text);
}

static int64_t usual(int64_t given, int64_t otherwise)
{
    return given != 0 ? given : otherwise;
}

static size_t fill_options(const struct plan *plan, struct option_given *given)
{
    size_t count = 0;

    for (; count < STAGE_OPTIONS && plan->options[count].name != NULL; count++)
        given[count] = (struct option_given){ plan->options[count].name, &plan->options[count].value, 1 };
    if (plan->list != NULL)
        given[count++] = (struct option_given){ plan->list, plan->texts, plan->text_count };
    return count;
}

struct flight *stage_scan(struct stage *stage, struct post *post, const struct plan *plan)
{
    const struct scan_events events = { .ended = on_ended, .step = on_step, .log = on_log };
    struct option_given given[STAGE_OPTIONS + 1];
    struct scan_request request = {
        .mode = plan->mode == 0 ? RUN_SCAN : plan->mode,
        .deadline_ms = usual(plan->deadline_ms, PATIENCE_MS),
        .memory_mb = usual(plan->memory_mb, 256),
        .cpu_s = usual(plan->cpu_s, 60),
        .options = { given, fill_options(plan, given) },
        .token = plan->token,
    };
    struct flight *flight = mem_new(1, sizeof *flight);
    struct err err = ERR_EMPTY;

    flight->stage = stage;
    flight->keep = plan->keep;
    flight->scan = scan_start(post->host, stage->budget, &request, &events, flight, &err);
    if (flight->scan == NULL) {
        free(flight);
        fail_msg("%s", err.text);
        return NULL;
    }
    vec_push(&stage->flights, flight);
    return flight;
}

static bool is_over(const void *what)
{
    return ((const struct flight *)what)->over;
}

void stage_over(struct stage *stage, struct flight *flight)
{
    stage_until(stage, is_over, flight);
}

void stage_all_over(struct stage *stage)
{
    vec_each (flight, &stage->flights)
        stage_over(stage, *flight);
}

void stage_must_say(const char *text, const char *words)
{
    if (words != NULL && strstr(text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, text);
}

void stage_is_good(struct stage *stage, struct flight *flight)
{
    stage_over(stage, flight);
    if (!flight->end.outcome.good)
        fail_msg("%s", flight->end.outcome.err.text);
}

void stage_is_bad(struct stage *stage, struct flight *flight, enum err_class class, const char *words)
{
    stage_over(stage, flight);
    if (flight->end.outcome.good)
        fail_msg("a scan that must fail is good");
    stage_must_say(flight->end.outcome.err.text, words);
    if (flight->end.outcome.err.class != class)
        fail_msg("its class is %s: %s", err_class_word(flight->end.outcome.err.class), flight->end.outcome.err.text);
}

void stage_neighbour(struct stage *stage, struct post *post)
{
    stage_is_good(stage, stage_scan(stage, post, &(struct plan){ .options = { { "well", "yes" } } }));
}
