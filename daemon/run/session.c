#include "session.h"

#include "answer.h"
#include "mem.h"
#include "rejudge.h"
#include "str.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define PROGRESS_MS 500

struct session;

struct session_target {
    struct watcher watcher;
    struct session *session;
    struct target *target; /* NULL once it has ended */
    uint64_t items;        /* that the peer was told of */
};

struct session {
    struct fleet *fleet;
    struct peer *peer;
    struct rejudge_wait judged;
    enum run_mode mode;
    uv_timer_t timer;
    size_t count, left, failed;
    char *why; /* a doctor's last word, where it could not examine; else NULL */
    struct session_target targets[];
};

/* ---------------------------------------------------------------------------------------------------- the end ---- */

static void freed(uv_handle_t *handle)
{
    struct session *session = handle->data;

    free(session->why);
    free(session);
}

static void finish(struct session *session)
{
    for (size_t i = 0; i < session->count; i++) {
        if (session->targets[i].target != NULL)
            target_unwatch(&session->targets[i].watcher);
    }
    list_remove(&session->judged.link);
    uv_close((uv_handle_t *)&session->timer, freed);
}

static void on_gone(void *context)
{
    finish(context);
}

static void conclude(struct session *session)
{
    const char *what = session->mode == RUN_SCAN ? "scanned" : "examined";
    char targets[COUNT_TEXT_SIZE];

    if (session->failed == 0 && session->mode == RUN_SCAN && rejudge_has_failed(session->fleet->rejudge))
        peer_done(session->peer, 1, "%s",
                  "what was found is stored, but the fleet could not be judged anew: musterd's log tells why");
    else if (session->failed == 0)
        peer_done(session->peer, 0, "%s", "");
    else if (session->why != NULL)
        peer_done(session->peer, 1, "%s", session->why);
    else
        peer_done(session->peer, 1, "%zu of %s could not be %s", session->failed,
                  count_text(session->count, "target", targets), what);
    finish(session);
}

static void on_judged(struct rejudge_wait *wait)
{
    conclude(list_entry(&wait->link, struct session, judged.link));
}

/* Not before every target was asked: one may answer at once. Who waited for a scan finds its verdicts, too. */
static void conclude_if_over(struct session *session)
{
    if (session->left > 0)
        return;
    session->judged.told = on_judged;
    if (session->mode != RUN_SCAN || !rejudge_await(session->fleet->rejudge, &session->judged))
        conclude(session);
}

/* ------------------------------------------------------------------------------------------------- the records ---- */

static void send_begun(struct session *session, const struct target *target)
{
    const struct control_field fields[] = { { "target", target->name } };

    ANSWER_SEND(session->peer, "begun", fields);
}

static void send_step(struct session *session, const struct target *target, const struct message_step *step)
{
    static const char *const states[] = {
        [STEP_OK] = "ok", [STEP_WARNING] = "warning", [STEP_FAILED] = "failed", [STEP_SKIPPED] = "skipped"
    };
    const struct control_field fields[] = {
        { "target", target->name }, { "name", step->name },     { "state", states[step->state] },
        { "detail", step->detail }, { "remedy", step->remedy },
    };

    ANSWER_SEND(session->peer, "step", fields);
    if (step->state == STEP_FAILED)
        session->failed = 1;
}

static void send_ended(struct session *session, const struct target *target, const struct news *news)
{
    static const struct commit_result nothing;
    const struct commit_result *commit = news->commit == NULL ? &nothing : news->commit;
    char numbers[6][ANSWER_NUMBER_SIZE];
    const struct control_field fields[] = {
        { "target", target->name },
        { "result", news->result },
        { "message", news->message },
        { "appeared", answer_number(numbers[0], (int64_t)commit->appeared) },
        { "changed", answer_number(numbers[1], (int64_t)commit->changed) },
        { "moved", answer_number(numbers[2], (int64_t)commit->moved) },
        { "gone", answer_number(numbers[3], (int64_t)commit->gone) },
        { "held", answer_number(numbers[4], (int64_t)commit->held) },
        { "wall_ms", answer_number(numbers[5], (int64_t)news->wall_ms) },
    };

    ANSWER_SEND(session->peer, "ended", fields);
}

/* Of a doctor only its steps are shown; what kept it from them is the answer itself. */
static void keep_why(struct session *session, const struct target *target, const struct news *news)
{
    struct str text = STR_EMPTY;

    if (session->mode != RUN_DOCTOR || news->good)
        return;
    str_format(&text, "%s: %s (%s)", target->name, news->message, news->result);
    free(session->why);
    session->why = text.bytes;
}

static void told(struct watcher *watcher, struct target *target, const struct news *news)
{
    struct session_target *self = (struct session_target *)(void *)watcher;
    struct session *session = self->session;

    switch (news->kind) {
    case NEWS_BEGUN: send_begun(session, target); break;
    case NEWS_STEP: send_step(session, target, news->step); break;
    case NEWS_ENDED:
        self->target = NULL;
        session->left--;
        if (!news->good && (session->mode == RUN_SCAN || session->failed == 0))
            session->failed++;
        keep_why(session, target, news);
        send_ended(session, target, news);
        conclude_if_over(session);
    }
}

static void send_progress(uv_timer_t *timer)
{
    struct session *session = timer->data;

    for (size_t i = 0; i < session->count; i++) {
        struct session_target *each = &session->targets[i];
        uint64_t items = each->target == NULL || each->target->scan == NULL ? 0 : scan_items(each->target->scan);
        char text[ANSWER_NUMBER_SIZE];

        if (items > each->items) {
            const struct control_field fields[] = { { "target", each->target->name },
                                                    { "items", answer_number(text, (int64_t)items) } };

            each->items = items;
            ANSWER_SEND(session->peer, "progress", fields);
        }
    }
}

void session_start(struct fleet *fleet, struct peer *peer, enum run_mode mode, struct target *const *targets,
                   size_t count)
{
    struct session *session = mem_new(1, sizeof *session + count * sizeof *session->targets);

    session->fleet = fleet;
    session->peer = peer;
    session->mode = mode;
    session->count = count;
    session->left = count + 1;
    list_init(&session->judged.link);
    uv_timer_init(fleet->loop, &session->timer);
    session->timer.data = session;
    uv_timer_start(&session->timer, send_progress, PROGRESS_MS, PROGRESS_MS);
    for (size_t i = 0; i < count; i++) {
        struct session_target *each = &session->targets[i];

        *each = (struct session_target){ .watcher = { .told = told, .mode = mode },
                                         .session = session,
                                         .target = targets[i] };
        list_init(&each->watcher.link);
    }
    peer_watch(peer, on_gone, session);
    for (size_t i = 0; i < count; i++)
        fleet_ask(fleet, targets[i], &session->targets[i].watcher);
    session->left--;
    conclude_if_over(session);
    fleet_wake(fleet);
}
