/* The functions of the ABI (plugins/muster_plugin.h) by which a plugin says how it went: end, failure, token, steps,
 * log. */
#include "log.h"
#include "run.h"

#define MAX_LOGS 1000

_Static_assert(MUSTER_COMPLETE == (int)COMPLETE && MUSTER_DELTA == (int)DELTA && MUSTER_PARTIAL == (int)PARTIAL,
               "completeness is the same on both sides");
_Static_assert(MUSTER_UNREACHABLE == (int)ERR_UNREACHABLE && MUSTER_TIMEOUT == (int)ERR_TIMEOUT &&
                   MUSTER_DENIED == (int)ERR_DENIED && MUSTER_PROTOCOL == (int)ERR_PROTOCOL &&
                   MUSTER_BUG == (int)ERR_BUG && MUSTER_UNSUPPORTED == (int)ERR_UNSUPPORTED &&
                   MUSTER_CONFIG == (int)ERR_CONFIG,
               "failure classes are the same on both sides");
_Static_assert(MUSTER_STEP_OK == (int)STEP_OK && MUSTER_STEP_WARNING == (int)STEP_WARNING &&
                   MUSTER_STEP_FAILED == (int)STEP_FAILED && MUSTER_STEP_SKIPPED == (int)STEP_SKIPPED,
               "step states are the same on both sides");
_Static_assert(MUSTER_DEBUG == (int)LOG_LEVEL_DEBUG && MUSTER_ERROR == (int)LOG_LEVEL_ERROR,
               "log levels are the same on both sides");
_Static_assert(MUSTER_TEXT == (int)OPTION_TEXT && MUSTER_INT == (int)OPTION_INT && MUSTER_BOOL == (int)OPTION_BOOL &&
                   MUSTER_SECRET == (int)OPTION_SECRET && MUSTER_CHOICE == (int)OPTION_CHOICE &&
                   MUSTER_DURATION == (int)OPTION_DURATION && MUSTER_LIST == (int)OPTION_LIST &&
                   MUSTER_PATH == (int)OPTION_PATH,
               "option types are the same on both sides");
_Static_assert(MUSTER_MAX_KEY == (int)ITEM_MAX_KEY && MUSTER_MAX_NAME == (int)ITEM_MAX_NAME &&
                   MUSTER_MAX_TEXT == (int)ITEM_MAX_TEXT && MUSTER_MAX_LIST == (int)ITEM_MAX_LIST &&
                   MUSTER_MAX_ATTRIBUTES == (int)ITEM_MAX_ATTRIBUTES && MUSTER_MAX_LINKS == (int)ITEM_MAX_LINKS &&
                   MUSTER_MAX_UNREAD == (int)ITEM_MAX_UNREAD && MUSTER_MAX_ITEM_BYTES == (int)ITEM_MAX_BYTES &&
                   MUSTER_MAX_TOKEN == MESSAGE_MAX_TOKEN,
               "limits are the same on both sides");

MUSTER_EXPORT void muster_end(struct muster *m, int completeness)
{
    if (completeness < MUSTER_COMPLETE || completeness > MUSTER_PARTIAL)
        run_fail(m, ERR_BUG, "the plugin called muster_end() with %d, which is no completeness", completeness);
    else if (m->completeness != 0)
        run_fail(m, ERR_BUG, "the plugin called muster_end() twice");
    else
        m->completeness = (enum completeness)completeness;
}

MUSTER_EXPORT int muster_fail(struct muster *m, int failure_class, const char *format, ...)
{
    bool known = failure_class >= MUSTER_UNREACHABLE && failure_class <= MUSTER_CONFIG;
    va_list args;

    va_start(args, format);
    run_vfail(m, known ? (enum err_class)failure_class : ERR_BUG, format, args);
    va_end(args);
    return -1;
}

MUSTER_EXPORT void muster_refused(struct muster *m, const char *format, ...)
{
    struct message message = { .type = MESSAGE_DENIED };
    struct err why;
    va_list args;

    if (m->refused)
        return;
    m->refused = true;
    va_start(args, format);
    err_vset(&why, ERR_DENIED, format, args);
    va_end(args);
    message.denied.text = run_words(m, why.text, MESSAGE_MAX_WORDS);
    run_send(m, &message);
    run_flush(m); /* it has cost an attempt also where this process is killed in the next moment */
}

MUSTER_EXPORT void muster_untried(struct muster *m)
{
    const struct message message = { .type = MESSAGE_UNTRIED };

    if (m->untried)
        return;
    m->untried = true;
    run_send(m, &message);
}

MUSTER_EXPORT void muster_keep_token(struct muster *m, const void *bytes, size_t size)
{
    struct message message = { .type = MESSAGE_TOKEN, .token = { .token = { bytes, size } } };

    if (size > MESSAGE_MAX_TOKEN) {
        run_warn(m, NULL, NULL, "a token of %zu bytes is not kept: %d are possible", size, MESSAGE_MAX_TOKEN);
        return;
    }
    run_send(m, &message);
    run_flush(m); /* it counts also where this process is killed in the next moment */
}

MUSTER_EXPORT void muster_step(struct muster *m, const char *name, int state, const char *detail, const char *remedy)
{
    bool known = state >= MUSTER_STEP_OK && state <= MUSTER_STEP_SKIPPED;
    struct message message = { .type = MESSAGE_STEP };

    message.step.name = run_words(m, name == NULL ? "" : name, ITEM_MAX_NAME);
    message.step.state = known ? (uint64_t)state : STEP_FAILED;
    message.step.detail = detail == NULL ? NULL : run_words(m, detail, MESSAGE_MAX_WORDS);
    message.step.remedy = remedy == NULL ? NULL : run_words(m, remedy, MESSAGE_MAX_WORDS);
    run_send(m, &message);
    run_flush(m);
}

MUSTER_EXPORT void muster_log(struct muster *m, int level, const char *format, ...)
{
    struct message message = { .type = MESSAGE_LOG };
    struct str text = STR_EMPTY;
    va_list args;

    if (m->logs >= MAX_LOGS)
        return;
    if (++m->logs == MAX_LOGS)
        str_add(&text, "this scan logs too much: further lines are left out");
    va_start(args, format);
    if (text.length == 0)
        str_vformat(&text, format, args);
    va_end(args);
    message.log.level = level >= MUSTER_DEBUG && level <= MUSTER_ERROR ? (uint64_t)level : LOG_LEVEL_ERROR;
    message.log.text = run_words(m, str_text(&text), MESSAGE_MAX_WORDS);
    run_send(m, &message);
    run_flush(m);
    str_finish(&text);
}
