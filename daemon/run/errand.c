#include "errand.h"

#include "arena.h"
#include "clock.h"
#include "commit_job.h"
#include "credential.h"
#include "fingerprint.h"
#include "fleet.h"
#include "handback.h"
#include "log.h"

#include <stddef.h>
#include <string.h>

#define REST_MS ((int64_t)365 * 24 * 3600 * 1000) /* longer than any pass */

/* --------------------------------------------------------------------------------------------- the credential ---- */

/* What is new of a credential is stored at once, and said where it matters. */
static void note_credential(struct fleet *fleet, struct fleet_credential *credential, enum credential_word before)
{
    const struct credential_state *state = schedule_credential_state(credential->schedule);
    char until[CLOCK_TEXT_SIZE];

    if (state->word == before)
        return;
    if (state->word == CREDENTIAL_HELD) {
        log_error("credential %s is held: %s was denied: %s; none of its targets is tried before %s, or until its "
                  "secret changes",
                  credential->name, state->target, state->why, clock_text(state->retry_at, until));
        fleet_held(fleet, credential->schedule);
    } else if (before == CREDENTIAL_HELD) {
        log_info("credential %s is no longer held%s", credential->name,
                 state->word == CREDENTIAL_UNTRIED ? ": its secret is new; one target tries it first" : "");
    }
}

static struct fleet_credential *credential_of(const struct target *target)
{
    return target->credential == NULL ? NULL : fleet_credential(target->fleet, target->credential);
}

static enum credential_word word_of(const struct target *target)
{
    return target->credential == NULL ? 0 : schedule_credential_state(target->credential)->word;
}

/* What a run says of the credential is told to others after those who wait for this target: before is the word that the
 * credential had. */
static void note_judged(struct target *target, enum credential_word before)
{
    if (target->credential != NULL)
        note_credential(target->fleet, credential_of(target), before);
}

static void judge(struct target *target, enum err_class class, const char *text)
{
    schedule_end(target->fleet->schedule, target->entry, class, text, fleet_now());
}

void errand_look(struct fleet *fleet, struct fleet_credential *credential)
{
    enum credential_word before = schedule_credential_state(credential->schedule)->word;
    uint8_t fingerprint[FINGERPRINT_SIZE];
    struct arena arena;
    struct err err;
    const char *secret;

    if (credential->config == NULL) /* only a run that is being cancelled has it still */
        return;
    arena_init(&arena, ARENA_SECRET);
    secret = credential_read(credential->config, &arena, &err);
    if (secret != NULL) {
        fingerprint_make(&fleet->key, credential->config->username, secret, fingerprint);
        schedule_secret(fleet->schedule, credential->schedule, fingerprint, fleet_now());
        credential->told = false;
    } else if (!credential->told) {
        log_error("%s", err.text);
        credential->told = true;
    }
    arena_finish(&arena);
    if (schedule_credential_state(credential->schedule)->word != before)
        commit_job_submit_credential(fleet, credential);
    note_credential(fleet, credential, before);
}

/* ---------------------------------------------------------------------------------------------------- the end ---- */

void errand_refuse(struct target *target, const char *result, const char *why)
{
    const struct news news = { .kind = NEWS_ENDED, .result = result, .message = why };

    target_tell(target, RUN_DOCTOR, &news);
    target_tell(target, RUN_SCAN, &news);
    if (target->fleet->once)
        target->removed = target->fleet->leaving = true;
}

/* A repeated failure is one line when it begins, and one each time the failures in a row have doubled. */
static void log_failure(const struct target *target, const struct err *err)
{
    const struct schedule_state *state = schedule_state(target->entry);
    bool is_new = strcmp(target->last.result, err_class_word(err->class)) != 0 &&
                  strcmp(target->last.message, err->text) != 0; /* a refused one may be called partial */
    enum log_level level = err->class == ERR_BUG || err->class == ERR_PROTOCOL ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING;
    char next[CLOCK_TEXT_SIZE];

    if (!is_new && (state->attempts & (state->attempts - 1)) != 0)
        return;
    if (state->retry_at == 0)
        log_write(level, "%s: %s (%s)", target->name, err->text, err_class_word(err->class));
    else
        log_write(level, "%s: %s (%s, %u in a row%s; next try at %s)", target->name, err->text,
                  err_class_word(err->class), state->attempts, state->quarantined ? ", quarantined" : "",
                  clock_text(state->retry_at, next));
}

/* A single pass scans each target once. One whose run is stored a while later may come to its own time before it
 * leaves. */
static void rest(const struct target *target)
{
    struct schedule_now now = fleet_now();

    if (target->fleet->once)
        schedule_pause(target->fleet->schedule, target->entry, now.mono + REST_MS, now);
}

/* Ends a run that was given its slot and could not begin. What it was to be makes no difference. */
static void fail(struct target *target, const struct err *err)
{
    const struct news news = { .kind = NEWS_ENDED, .result = err_class_word(err->class), .message = err->text };
    enum credential_word before = word_of(target);

    target_tell(target, RUN_DOCTOR, &news);
    target->started_at = clock_wall_ms(&clock_system);
    judge(target, err->class, err->text);
    log_failure(target, err);
    rest(target);
    commit_job_submit_failure(target, err);
    note_judged(target, before);
}

static void end_scan(struct target *target, struct scan_end *end)
{
    const struct outcome *outcome = &end->outcome;
    enum credential_word before = word_of(target);

    if (end->untried)
        schedule_untried(target->entry);
    judge(target, outcome->err.class, outcome->err.text);
    if (outcome->err.class != ERR_NONE)
        log_failure(target, &outcome->err);
    rest(target);
    commit_job_submit(target, end);
    note_judged(target, before);
}

static bool was_denied(const struct scan_end *end)
{
    return end->outcome.err.class == ERR_DENIED;
}

/* Of a run that leaves no row of its own: the hold must outlive the daemon all the same. */
static void judge_denied(struct target *target, const struct scan_end *end)
{
    struct fleet_credential *credential = credential_of(target);

    judge(target, ERR_DENIED, end->outcome.err.text);
    if (credential != NULL && credential->config != NULL)
        commit_job_submit_credential(target->fleet, credential);
}

/* A doctor leaves nothing behind, but a refused credential is refused for all. */
static void end_doctor(struct target *target, const struct scan_end *end)
{
    const struct err *err = &end->outcome.err;
    const struct news news = {
        .kind = NEWS_ENDED,
        .good = err->class == ERR_NONE,
        .result = err->class == ERR_NONE ? "complete" : err_class_word(err->class),
        .message = err->text,
        .wall_ms = end->wall_ms,
    };
    enum credential_word before = word_of(target);

    if (was_denied(end))
        judge_denied(target, end);
    else
        schedule_again(target->fleet->schedule, target->entry, fleet_now());
    target_tell(target, RUN_DOCTOR, &news);
    note_judged(target, before);
}

/* Nobody wants its result, but that it was refused has cost an attempt. */
static void end_removed(struct target *target, const struct scan_end *end)
{
    enum credential_word before = word_of(target);

    if (was_denied(end))
        judge_denied(target, end);
    else
        schedule_again(target->fleet->schedule, target->entry, fleet_now());
    errand_refuse(target, "removed", end->outcome.err.text);
    note_judged(target, before);
}

static void end_cut_short(struct target *target, const struct scan_end *end)
{
    struct fleet *fleet = target->fleet;

    schedule_again(fleet->schedule, target->entry, fleet_now());
    if (fleet->stopping) {
        errand_refuse(target, "stopping", end->outcome.err.text);
        return;
    }
    log_warning("%s: %s; it is queued once more", target->name, end->outcome.err.text);
    target->again = end->host_died;
}

/* Whether the run says nothing about its target: it was taken back, or its host went under it for the first time. */
static bool is_cut_short(const struct target *target, const struct scan_end *end)
{
    bool stopped = end->host_died || (!end->outcome.good && end->outcome.err.class == ERR_SYSTEM);

    return (end->cancelled && !was_denied(end)) || (end->host_died && !target->again) ||
           (target->fleet->stopping && stopped);
}

/* Of a scan that will not be committed: what it was given may mean something else by now, and what it kept last is what
 * it holds. Of one that will: it took over what it was given, and its commit has what it kept. */
static void settle_token(struct target *target, const struct scan_end *end, bool submitted)
{
    const struct bytes *kept = &end->batch->token;

    if (target->mode == RUN_SCAN && !submitted) {
        if (kept->size > 0)
            token_set(&target->given, kept->bytes, kept->size);
        handback_order(target->fleet, target->begun, &target->given);
    }
    token_finish(&target->given);
    origin_release(target->begun);
    target->begun = NULL;
}

static void on_ended(void *context, struct scan *scan, struct scan_end *end)
{
    struct target *target = context;
    bool submitted = false;

    (void)scan;
    target->scan = NULL;
    if (target->removed) {
        end_removed(target, end);
    } else if (is_cut_short(target, end)) {
        end_cut_short(target, end);
    } else {
        target->again = false;
        submitted = target->mode == RUN_SCAN && end->outcome.good;
        if (target->mode == RUN_SCAN)
            end_scan(target, end);
        else
            end_doctor(target, end);
    }
    settle_token(target, end, submitted);
    fleet_release(target->fleet, target);
}

/* -------------------------------------------------------------------------------------------------- the begin ---- */

static void on_step(void *context, struct scan *scan, const struct message_step *step)
{
    const struct news news = { .kind = NEWS_STEP, .step = step };

    (void)scan;
    target_tell(context, RUN_DOCTOR, &news);
}

static void on_log(void *context, struct scan *scan, const struct message_log *log)
{
    const struct target *target = context;

    (void)scan;
    log_write((enum log_level)log->level, "%s: %s", target->name, log->text);
}

static const struct scan_events scan_events = { .ended = on_ended, .step = on_step, .log = on_log };

static bool order(struct target *target, const char *secret, struct arena *arena, struct err *err)
{
    const struct config_target *config = target->config;
    struct host *host = target->plugin->host;
    bool has_doctor = (host_modes(host) & UINT64_C(1) << RUN_DOCTOR) != 0;
    const struct scan_request request = {
        .mode = target->mode == RUN_DOCTOR && !has_doctor ? RUN_CHECK : target->mode,
        .deadline_ms = config->deadline_ms,
        .memory_mb = config->memory_mb,
        .cpu_s = config->cpu_s,
        .options = config_request(config, host_table(host), secret, arena),
        .token = { target->token.bytes, target->mode == RUN_SCAN ? target->token.size : 0 },
    };

    target->scan = scan_start(host, target->fleet->budget, &request, &scan_events, target, err);
    if (target->scan == NULL)
        return false;
    target->begun = origin_keep(target->origin);
    if (target->mode == RUN_SCAN)
        token_move(&target->given, &target->token);
    return true;
}

/* With the secret at hand: whether it may be tried is the schedule's to say. */
static void begin_with(struct target *target, const char *secret, struct arena *arena)
{
    struct fleet *fleet = target->fleet;
    const struct news news = { .kind = NEWS_BEGUN };
    uint8_t fingerprint[FINGERPRINT_SIZE];
    struct err err;

    if (secret != NULL)
        fingerprint_make(&fleet->key, target->config->credential->username, secret, fingerprint);
    if (!schedule_begin(fleet->schedule, target->entry, secret == NULL ? NULL : fingerprint, fleet_now()))
        return;
    target->mode = target_is_awaited(target, RUN_DOCTOR) ? RUN_DOCTOR : RUN_SCAN;
    target->started_at = clock_wall_ms(&clock_system);
    if (!order(target, secret, arena, &err)) {
        fail(target, &err);
        return;
    }
    log_debug("%s: begun", target->name);
    target_tell(target, target->mode, &news);
}

void errand_begin(struct target *target)
{
    const struct config_credential *credential = target->config->credential;
    const char *secret = NULL;
    struct arena arena;
    struct err err;

    /* Its token is in force only then, and one without would see everything anew. */
    if (target->committing > 0) {
        log_debug("%s: due, and waits until its last scan is stored", target->name);
        target->deferred = true;
        return;
    }
    plugins_refresh(target->plugin, fleet_now().mono);
    arena_init(&arena, ARENA_SECRET);
    if (credential != NULL)
        secret = credential_read(credential, &arena, &err);
    if (credential != NULL && secret == NULL) {
        err.class =
            ERR_SYSTEM; /* its file may be back in a minute, with no reload to say so: a day is no wait for that */
        fail(target, &err);
    } else {
        begin_with(target, secret, &arena);
    }
    arena_finish(&arena);
}
