#include "outcome.h"

#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* What a signal usually means for whoever looks after a plugin. */
static const char *signal_hint(int number)
{
    switch (number) {
    case SIGXCPU: return "it used up its processor time";
    case SIGKILL: return "killed from outside, perhaps for lack of memory";
    default: return strsignal(number);
    }
}

static void add_last_words(struct err *err, const struct message_exit *ended)
{
    struct err whole;

    if (ended->last_words[0] == '\0')
        return;
    err_set(&whole, err->class, "%s; its last words: %s", err->text, ended->last_words);
    *err = whole;
}

static const char *when(const struct stream *stream)
{
    return stream->state == STREAM_ENDED ? "after its end" : "before its end";
}

/* The run's process died or gave up by its own doing. */
static void judge_death(const struct stream *stream, const struct message_exit *ended, struct err *err)
{
    char items[COUNT_TEXT_SIZE];

    if (ended->signal != 0)
        err_set(err, ERR_BUG, "the plugin died of signal %d (%s) %s, having sent %s", (int)ended->signal,
                signal_hint((int)ended->signal), when(stream), count_text(stream->items, "item", items));
    else
        err_set(err, ERR_BUG, "the plugin exited with status %d %s", (int)ended->code, when(stream));
    add_last_words(err, ended);
}

static void judge_kill(const struct stream *stream, const struct message_exit *ended, struct err *err)
{
    char items[COUNT_TEXT_SIZE];

    switch ((enum exit_reason)ended->reason) {
    case EXIT_DEADLINE:
        err_set(err, ERR_TIMEOUT, "it was killed at its deadline, after %.1f s and %s", (double)ended->wall_ms / 1e3,
                count_text(stream->items, "item", items));
        break;
    case EXIT_FLOODED: err_set(err, ERR_BUG, "it was killed because it flooded standard error with text"); break;
    case EXIT_STOPPING: err_set(err, ERR_SYSTEM, "it was stopped together with its plugin host"); return;
    case EXIT_CROWDED: err_set(err, ERR_BUG, "it was killed because it started too many threads"); break;
    /* Whoever cancels a stream says so to it: here, nobody has. */
    default: err_set(err, ERR_BUG, "the plugin shut its own stream after %s", count_text(stream->items, "item", items));
    }
    add_last_words(err, ended);
}

struct outcome outcome_judge(const struct stream *stream, const struct message_exit *ended)
{
    struct outcome outcome = { .completeness = stream->completeness, .err = stream->err };
    bool died = ended != NULL && ended->reason == EXIT_ITSELF && (ended->signal != 0 || ended->code != 0);
    bool silent = stream->state == STREAM_BROKEN && stream->closed_early;

    if (stream->state == STREAM_FAILED || (stream->state == STREAM_BROKEN && !silent))
        return outcome;
    if (ended == NULL)
        err_set(&outcome.err, ERR_BUG, "the plugin host died, and the scan with it");
    else if (died)
        judge_death(stream, ended, &outcome.err);
    else if (ended->reason != EXIT_ITSELF)
        judge_kill(stream, ended, &outcome.err);
    else if (stream->state == STREAM_ENDED)
        outcome.good = true;
    else
        add_last_words(&outcome.err, ended);
    return outcome;
}

void outcome_add_refusal(struct outcome *outcome, const struct stream *stream)
{
    struct err whole;

    if (stream->refusal.class == ERR_NONE)
        return;
    if (outcome->good) {
        outcome->err = stream->refusal;
    } else {
        err_set(&whole, ERR_DENIED, "%s; after that: %s", stream->refusal.text, outcome->err.text);
        outcome->err = whole;
    }
}

void outcome_host_death(int status, bool was_ready, struct err *err)
{
    const char *phase = was_ready ? "while it was serving" : "before the plugin was loaded and prepared";

    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM && !was_ready)
        err_set(err, ERR_BUG, "the plugin host ended itself, because loading and preparing the plugin took too long");
    else if (WIFSIGNALED(status))
        err_set(err, ERR_BUG, "the plugin host died of signal %d (%s) %s", WTERMSIG(status),
                signal_hint(WTERMSIG(status)), phase);
    else
        err_set(err, ERR_BUG, "the plugin host exited with status %d %s", WEXITSTATUS(status), phase);
}
