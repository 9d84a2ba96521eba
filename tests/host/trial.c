#include "trial.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const no_seccomp[] = { "--seccomp", "off", NULL };
const char *const no_landlock[] = { "--landlock", "off", NULL };
const char *const no_confinement[] = { "--seccomp", "off", "--landlock", "off", NULL };

static const struct client_option well = { "well", "yes" };

int trial_end(void **state)
{
    (void)state;
    client_sweep();
    return 0;
}

const char *trial_path(const char *specimen)
{
    static char path[512];

    snprintf(path, sizeof path, SPECIMENS "/%s.so", specimen);
    return path;
}

void trial_start(struct client *client, const char *specimen, const char *const *flags)
{
    struct err err = ERR_EMPTY;

    if (!client_start(client, trial_path(specimen), flags, &err))
        fail_msg("%s", err.text);
}

void trial_needs(struct client *client, const char *layer)
{
    const char *lacking = strstr(client->confinement, layer);

    if (lacking == NULL)
        return;
    print_message("skipped: %s\n", lacking);
    trial_stop(client);
    skip();
}

void trial_is_good(struct client *client, struct scan *scan)
{
    if (!client_wait(client, scan))
        fail_msg("scan %llu is not over", (unsigned long long)scan->id);
    if (!scan->outcome.good)
        fail_msg("scan %llu: %s", (unsigned long long)scan->id, scan->outcome.err.text);
}

static void must_have(const char *text, const char *words)
{
    if (words != NULL && strstr(text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, text);
}

void trial_is_bad(struct client *client, struct scan *scan, enum err_class class, const char *words)
{
    if (!client_wait(client, scan))
        fail_msg("scan %llu is not over", (unsigned long long)scan->id);
    if (scan->outcome.good)
        fail_msg("scan %llu is good", (unsigned long long)scan->id);
    must_have(scan->outcome.err.text, words);
    if (scan->outcome.err.class != class)
        fail_msg("its class is %s: %s", err_class_word(scan->outcome.err.class), scan->outcome.err.text);
}

void trial_neighbour(struct client *client)
{
    trial_is_good(client, client_scan(client, RUN_SCAN, &usual_order, &well, 1));
}

void trial_go_on(struct client *client, struct scan *neighbour)
{
    client_request(neighbour, RUN_SCAN, &well, 1);
    trial_is_good(client, neighbour);
}

void trial_stop(struct client *client)
{
    const char *wrong = client_stop(client);

    if (wrong != NULL)
        fail_msg("%s", wrong);
}

static void is_refused(const char *path, const char *const *flags, enum err_class class, struct err *err)
{
    struct client client;

    *err = ERR_EMPTY;
    if (client_start(&client, path, flags, err))
        fail_msg("%s was not refused", path);
    assert_true(client_wait_gone(&client));
    assert_string_equal(client_stop(&client), "the host did not exit with status 0");
    if (err->class != class)
        fail_msg("its class is %s: %s", err_class_word(err->class), err->text);
}

void trial_is_refused(const char *path, const char *const *flags, enum err_class class, const char *words)
{
    struct err err;

    is_refused(path, flags, class, &err);
    must_have(err.text, words);
}

static struct message_order order_of(const struct trial *trial)
{
    struct message_order order = usual_order;

    if (trial->order.deadline_ms != 0)
        order.deadline_ms = trial->order.deadline_ms;
    if (trial->order.memory_mb != 0)
        order.memory_mb = trial->order.memory_mb;
    if (trial->order.cpu_s != 0)
        order.cpu_s = trial->order.cpu_s;
    return order;
}

static struct scan *start_scan(struct client *client, const struct trial *trial)
{
    const struct message_order order = order_of(trial);
    size_t count = 0;

    while (count < sizeof trial->options / sizeof trial->options[0] && trial->options[count].name != NULL)
        count++;
    return client_scan(client, RUN_SCAN, &order, trial->options, count);
}

static void judge(struct client *client, const struct trial *trial, struct scan *scan)
{
    if (trial->good) {
        trial_is_good(client, scan);
        assert_int_equal(scan->outcome.completeness, trial->completeness == 0 ? COMPLETE : trial->completeness);
    } else {
        trial_is_bad(client, scan, trial->class, NULL);
    }
    for (size_t i = 0; i < sizeof trial->words / sizeof trial->words[0]; i++)
        must_have(scan->outcome.err.text, trial->words[i]);
    if (trial->recorded != 0)
        assert_int_equal(scan->recorded, trial->recorded);
    must_have(scan->warning, trial->warning);
    must_have(scan->why, trial->why);
    must_have(scan->log, trial->log);
    must_have(scan->note, trial->note);
    if (getenv("TRIAL_TELL") != NULL)
        print_message("%s: %s%s%s\n", trial->specimen, trial->good ? scan->warning : scan->outcome.err.text,
                      scan->why[0] == '\0' ? "" : "; unread: ", scan->why);
}

static void run(void **state)
{
    const struct trial *trial = *state;
    struct client client;
    struct scan *before, *bad;

    trial_start(&client, trial->specimen, trial->flags);
    if (trial->needs != NULL)
        trial_needs(&client, trial->needs);
    before = client_order(&client, &usual_order);
    bad = start_scan(&client, trial);
    judge(&client, trial, bad);
    trial_go_on(&client, before);
    trial_neighbour(&client);
    trial_stop(&client);
}

static void run_refusal(void **state)
{
    const struct trial *trial = *state;
    struct err err;

    is_refused(trial_path(trial->specimen), trial->flags, trial->class, &err);
    if (getenv("TRIAL_TELL") != NULL)
        print_message("%s: %s\n", trial->specimen, err.text);
    for (size_t i = 0; i < sizeof trial->words / sizeof trial->words[0]; i++)
        must_have(err.text, trial->words[i]);
}

static int run_all(const char *group, const struct trial *trials, size_t count, CMUnitTestFunction run)
{
    struct CMUnitTest *tests = mem_new(count, sizeof *tests);
    int failed;

    for (size_t i = 0; i < count; i++) {
        tests[i].name = trials[i].sentence;
        tests[i].test_func = run;
        tests[i].teardown_func = trial_end;
        tests[i].initial_state = (void *)(uintptr_t)&trials[i];
    }
    failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    free(tests);
    return failed;
}

int trials_run(const char *group, const struct trial *trials, size_t count)
{
    return run_all(group, trials, count, run);
}

int refusals_run(const char *group, const struct trial *trials, size_t count)
{
    return run_all(group, trials, count, run_refusal);
}
