#include "hook_run.h"

#include "mem.h"
#include "program_run.h"
#include "vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hook_run {
    struct program_run *run;
    void (*done)(void *context, const struct hook_run_result *result);
    void *context;
};

typedef vec(char *) variable_vec;

static void set(variable_vec *variables, const char *name, const char *value)
{
    char *both = mem_new(1, strlen(name) + strlen(value) + 2);

    sprintf(both, "%s=%s", name, value);
    vec_push(variables, both);
}

static void set_number(variable_vec *variables, const char *name, uint64_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    set(variables, name, text);
}

static void set_all(variable_vec *variables, const struct hook_run_input *input)
{
    const struct hook *hook = input->hook;

    set(variables, "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    set(variables, "LANG", "C.UTF-8");
    set(variables, "MUSTER_EVENT", event_word(input->what));
    set(variables, "MUSTER_CLASS", need_word(input->need));
    set(variables, "MUSTER_ID", input->key);
    set_number(variables, "MUSTER_COUNT", input->count);
    set_number(variables, "MUSTER_TRY", (uint64_t)input->tries + 1);
    set(variables, "MUSTER_HOOK", hook->name);
    set(variables, "MUSTER_SETTINGS", hook->settings == NULL ? "" : hook->settings);
    vec_push(variables, NULL);
}

static void forget(variable_vec *variables)
{
    vec_each (variable, variables)
        free(*variable);
    vec_finish(variables);
}

static void on_done(void *context, const struct program_result *result)
{
    struct hook_run *run = context;

    run->done(run->context,
              &(struct hook_run_result){ result->good, result->message, result->output, result->wall_ms });
    free(run);
}

struct hook_run *hook_run_start(uv_loop_t *loop, const struct hook_run_input *input,
                                void (*done)(void *context, const struct hook_run_result *result), void *context)
{
    struct hook_run *run = mem_new(1, sizeof *run);
    variable_vec variables = VEC_EMPTY;

    run->done = done;
    run->context = context;
    set_all(&variables, input);
    run->run = program_run_start(loop,
                                 &(struct program){ .path = input->hook->run,
                                                    .also = input->hook->settings,
                                                    .settings = variables.items,
                                                    .input = input->payload,
                                                    .mask = 077,
                                                    .timeout_ms = input->hook->timeout_ms },
                                 on_done, run);
    forget(&variables);
    return run;
}

void hook_run_cancel(struct hook_run *run)
{
    program_run_cancel(run->run);
}
