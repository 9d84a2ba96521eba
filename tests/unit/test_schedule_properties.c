#include "model.h"

#include <stdlib.h>

/* Random events, and a model that knows what must hold after each of them. MUSTER_SEED and MUSTER_ROUNDS in the
 * environment choose other sequences; a failure prints its seed. */

enum { TARGETS = 24, PLUGINS = 3, WALLETS = 2, SECRETS = 4096, STEPS = 3000 };

#define LEAST_HOLD (30 * MINUTE / 4 * 3)

struct target {
    struct schedule_entry *entry;
    struct schedule_spec spec;
    char name[16];
    int wallet; /* -1: no credential */
    bool hostile, running, begun, alone, unproven;
    bool asked;           /* and no run has ended since */
    int64_t paused;       /* until then it does not start by itself */
    int secret;           /* of the run */
    int run_wallet;       /* whose secret the run has */
    enum err_class will;  /* how the run will end */
    int64_t succeeded_at; /* monotonic */
    size_t run_plugin;
};

/* A credential and what its file holds. */
struct wallet {
    struct schedule_credential *credential;
    int secret;
    int former[4]; /* 0 where there is none */
};

struct secret_truth {
    bool right;
    int64_t denied_at; /* the last time that it cost an attempt that counts; 0: never */
    int unproven;      /* runs with it that began when it was not known to be good */
};

struct model {
    struct schedule *schedule;
    struct schedule_now now;
    uint64_t random, seed;
    int step, secret_count;
    bool jumps; /* the wall clock jumps; else the daemon is restarted */
    struct target targets[TARGETS];
    struct wallet wallets[WALLETS];
    struct secret_truth secrets[SECRETS];
    bool ready[PLUGINS];
    size_t slots[PLUGINS], total;
};

#define check(model, condition)                                                                                        \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            print_error("seed %llu, step %d\n", (unsigned long long)(model)->seed, (model)->step);                     \
            assert_true(condition);                                                                                    \
        }                                                                                                              \
    } while (0)

static uint64_t draw(struct model *model, uint64_t below)
{
    model->random ^= model->random << 13;
    model->random ^= model->random >> 7;
    model->random ^= model->random << 17;
    return (model->random >> 11) % below;
}

static void fingerprint_of(int number, uint8_t fingerprint[SCHEDULE_FINGERPRINT])
{
    memset(fingerprint, 0, SCHEDULE_FINGERPRINT);
    memcpy(fingerprint, &number, sizeof number);
}

static int new_secret(struct model *model, bool right)
{
    int number = ++model->secret_count;

    check(model, number < SECRETS);
    model->secrets[number].right = right;
    return number;
}

static struct target *target_of(struct schedule_entry *entry)
{
    return schedule_context(entry);
}

static enum err_class random_failure(struct model *model)
{
    static const enum err_class classes[] = { ERR_UNREACHABLE, ERR_TIMEOUT, ERR_PROTOCOL, ERR_BUG,
                                              ERR_BUG,         ERR_BUG,     ERR_SYSTEM,   ERR_UNSUPPORTED };

    return classes[draw(model, sizeof classes / sizeof *classes)];
}

/* Decided when it begins: a secret that becomes wrong does so for those that begin later. */
static enum err_class will_end(struct model *model, const struct target *target)
{
    if (draw(model, 10) < 3)
        return random_failure(model);
    if (target->hostile || (target->wallet >= 0 && !model->secrets[target->secret].right))
        return ERR_DENIED;
    return ERR_NONE;
}

static void forget_run(struct model *model, struct target *target)
{
    if (target->begun && target->unproven)
        model->secrets[target->secret].unproven--;
    target->running = target->begun = target->unproven = false;
}

/* The lockout: a secret that is wrong costs one attempt in each wait. */
static void check_attempt(struct model *model, struct target *target)
{
    struct secret_truth *truth = &model->secrets[target->secret];
    const struct wallet *wallet = &model->wallets[target->wallet];

    target->unproven = schedule_credential_state(wallet->credential)->word != CREDENTIAL_GOOD;
    if (target->unproven)
        check(model, ++truth->unproven == 1);
    if (!truth->right && truth->denied_at != 0)
        check(model, model->now.mono - truth->denied_at >= LEAST_HOLD);
}

static void start(struct model *model, struct target *target)
{
    uint8_t fingerprint[SCHEDULE_FINGERPRINT];
    size_t of_plugin = 0, all = 0;

    check(model, !target->running);
    check(model, model->ready[target->spec.plugin]);
    check(model, target->asked || target->paused <= model->now.mono);
    target->running = true;
    target->run_plugin = target->spec.plugin;
    for (size_t i = 0; i < TARGETS; i++) {
        all += model->targets[i].running;
        of_plugin += model->targets[i].running && model->targets[i].run_plugin == target->run_plugin;
    }
    check(model, all <= model->total && of_plugin <= model->slots[target->run_plugin]);
    if (draw(model, 20) == 0)
        return; /* begins later, or never */
    target->secret = target->wallet < 0 ? 0 : model->wallets[target->wallet].secret;
    target->run_wallet = target->wallet;
    target->alone = schedule_state(target->entry)->denied_alone;
    fingerprint_of(target->secret, fingerprint);
    target->running =
        schedule_begin(model->schedule, target->entry, target->wallet < 0 ? NULL : fingerprint, model->now);
    if (!target->running)
        return;
    target->begun = true;
    target->will = will_end(model, target);
    if (target->wallet >= 0)
        check_attempt(model, target);
}

static void look(struct model *model, struct schedule_credential *credential)
{
    uint8_t fingerprint[SCHEDULE_FINGERPRINT];

    check(model, schedule_credential_state(credential)->word == CREDENTIAL_HELD);
    for (size_t i = 0; i < WALLETS; i++) {
        if (model->wallets[i].credential == credential) {
            fingerprint_of(model->wallets[i].secret, fingerprint);
            schedule_secret(model->schedule, credential, fingerprint, model->now);
        }
    }
}

static void drain(struct model *model)
{
    struct schedule_step step;

    for (int i = 0; schedule_next(model->schedule, model->now, &step); i++) {
        check(model, i < 1000);
        if (step.what == SCHEDULE_START)
            start(model, target_of(step.entry));
        else
            look(model, step.credential);
    }
    check(model, schedule_due(model->schedule) > model->now.mono);
}

static void end(struct model *model, struct target *target)
{
    enum err_class class = target->begun ? target->will : ERR_SYSTEM;
    struct secret_truth *truth = &model->secrets[target->secret];
    bool begun = target->begun, held = false;

    if (!target->running)
        return;
    forget_run(model, target);
    if (begun && target->run_wallet >= 0)
        held = schedule_credential_state(model->wallets[target->run_wallet].credential)->word == CREDENTIAL_HELD;
    schedule_end(model->schedule, target->entry, class, "because", model->now);
    target->asked = false;
    if (class == ERR_NONE)
        target->succeeded_at = model->now.mono;
    if (!begun || class != ERR_DENIED || target->run_wallet < 0)
        return;
    if (!truth->right && !target->alone)
        truth->denied_at = model->now.mono;
    /* Who is denied alone holds nobody that was not held. */
    if (target->alone && !held && schedule_state(target->entry)->denied_alone)
        check(model, schedule_credential_state(model->wallets[target->run_wallet].credential)->word != CREDENTIAL_HELD);
}

static void add(struct model *model, struct target *target, const struct schedule_state *state)
{
    target->asked = false;
    target->paused = INT64_MIN;
    target->spec.name = target->name;
    target->spec.credential = target->wallet < 0 ? NULL : model->wallets[target->wallet].credential;
    target->entry = schedule_add(model->schedule, &target->spec, state, target, model->now);
}

static void respecify(struct model *model, struct target *target)
{
    target->spec.plugin = draw(model, PLUGINS);
    target->spec.every_ms = MINUTE * (int64_t)(1 + draw(model, 300));
    if (draw(model, 3) == 0)
        target->wallet = (int)draw(model, WALLETS + 1) - 1;
}

static void change_secret(struct model *model)
{
    struct wallet *wallet = &model->wallets[draw(model, WALLETS)];
    int back = wallet->former[draw(model, 4)], former = wallet->secret;
    uint8_t fingerprint[SCHEDULE_FINGERPRINT];

    wallet->secret = back != 0 && draw(model, 2) == 0 ? back : new_secret(model, draw(model, 2) == 0);
    memmove(&wallet->former[1], wallet->former, 3 * sizeof *wallet->former);
    wallet->former[0] = former;
    fingerprint_of(wallet->secret, fingerprint);
    schedule_secret(model->schedule, wallet->credential, fingerprint, model->now);
}

static void set_slots(struct model *model)
{
    model->total = draw(model, 8);
    for (size_t i = 0; i < PLUGINS; i++)
        model->slots[i] = draw(model, 5);
    schedule_set_slots(model->schedule, model->total, model->slots, PLUGINS);
}

static void create(struct model *model)
{
    model->schedule = schedule_create(model->total, model->slots, PLUGINS);
    for (size_t i = 0; i < PLUGINS; i++)
        schedule_plugin_ready(model->schedule, i, model->ready[i]);
}

/* What is stored is all that the next daemon knows; what waits goes on waiting. */
static void restart(struct model *model)
{
    struct schedule *old = model->schedule;
    int64_t down = (int64_t)draw(model, (uint64_t)HOUR);
    struct schedule_now then;

    for (size_t i = 0; i < TARGETS; i++) {
        if (model->targets[i].running)
            schedule_again(old, model->targets[i].entry, model->now);
        forget_run(model, &model->targets[i]);
    }
    then = (struct schedule_now){ model->now.mono + down, model->now.wall + down };
    model->now = then;
    create(model);
    for (int i = 0; i < WALLETS; i++) {
        const struct credential_state *state = schedule_credential_state(model->wallets[i].credential);
        const char *name = i == 0 ? "first" : "second";

        memset(model->wallets[i].former, 0, sizeof model->wallets[i].former);
        model->wallets[i].credential = schedule_add_credential(model->schedule, name, state, model->now);
        check(model, memcmp(state, schedule_credential_state(model->wallets[i].credential), sizeof *state) == 0);
    }
    for (size_t i = 0; i < TARGETS; i++) {
        struct schedule_entry *before = model->targets[i].entry;
        struct schedule_state state = *schedule_state(before);

        add(model, &model->targets[i], &state);
        check(model, memcmp(&state, schedule_state(model->targets[i].entry), sizeof state) == 0);
        if (state.attempts > 0 && state.retry_at > then.wall)
            check(model, schedule_next_at(old, before, then) ==
                             schedule_next_at(model->schedule, model->targets[i].entry, then));
    }
    schedule_destroy(old);
}

static void pass(struct model *model)
{
    int64_t due = schedule_due(model->schedule);
    int64_t ms = (int64_t)draw(model, 10 * (uint64_t)MINUTE);

    if (draw(model, 2) == 0 && due != INT64_MAX && due > model->now.mono)
        ms = due - model->now.mono;
    model->now.mono += ms;
    model->now.wall += ms;
}

static void jump(struct model *model)
{
    int64_t due = schedule_due(model->schedule);

    if (model->jumps)
        model->now.wall += (int64_t)draw(model, 2 * (uint64_t)DAY) - DAY;
    else
        restart(model);
    if (model->jumps)
        check(model, schedule_due(model->schedule) == due);
}

static void remove_and_add(struct model *model, struct target *target)
{
    schedule_remove(model->schedule, target->entry);
    forget_run(model, target);
    respecify(model, target);
    add(model, target, NULL);
}

static void ask(struct model *model, struct target *target)
{
    check(model, (schedule_ask(model->schedule, target->entry, model->now) == SCHEDULE_RUNNING) == target->running);
    target->asked = target->asked || !target->running;
}

/* Some are over as they begin. */
static void pause(struct model *model, struct target *target)
{
    target->paused = model->now.mono + (int64_t)draw(model, 3 * (uint64_t)HOUR) - HOUR;
    schedule_pause(model->schedule, target->entry, target->paused, model->now);
}

static void act(struct model *model)
{
    struct target *target = &model->targets[draw(model, TARGETS)];
    uint64_t dice = draw(model, 100);
    size_t plugin = draw(model, PLUGINS);

    if (dice < 35) {
        pass(model);
    } else if (dice < 80) {
        end(model, target);
    } else if (dice < 84) {
        change_secret(model);
    } else if (dice < 86) {
        schedule_plugin_ready(model->schedule, plugin, model->ready[plugin] = !model->ready[plugin]);
    } else if (dice < 91) {
        ask(model, target);
    } else if (dice < 93) {
        schedule_again(model->schedule, target->entry, model->now);
        forget_run(model, target);
    } else if (dice < 94) {
        pause(model, target);
    } else if (dice < 95) {
        set_slots(model);
    } else if (dice < 96) {
        remove_and_add(model, target);
    } else if (dice < 97) {
        schedule_forgive(model->schedule, target->entry, model->now);
    } else if (dice < 98) {
        respecify(model, target);
        target->spec.credential = target->wallet < 0 ? NULL : model->wallets[target->wallet].credential;
        schedule_change(model->schedule, target->entry, &target->spec, model->now);
    } else if (dice < 99) {
        model->secrets[model->wallets[draw(model, WALLETS)].secret].right = false;
    } else {
        jump(model);
    }
}

static void check_all(struct model *model)
{
    size_t running = 0;

    for (size_t i = 0; i < TARGETS; i++) {
        const struct target *target = &model->targets[i];

        running += target->running;
        check(model, schedule_is_running(target->entry) == target->running);
        check(model, target->running == false || schedule_next_at(model->schedule, target->entry, model->now) == 0);
    }
    check(model, schedule_running(model->schedule) == running);
}

static void init(struct model *model, uint64_t seed)
{
    *model = (struct model){ .seed = seed, .random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1, .jumps = seed % 2 == 0 };
    model->now = (struct schedule_now){ DAY, INT64_C(1700000000000) };
    model->total = 5;
    for (size_t i = 0; i < PLUGINS; i++)
        model->slots[i] = 3;
    create(model);
    for (int i = 0; i < WALLETS; i++) {
        model->wallets[i].secret = new_secret(model, draw(model, 2) == 0);
        model->wallets[i].credential =
            schedule_add_credential(model->schedule, i == 0 ? "first" : "second", NULL, model->now);
    }
    for (size_t i = 0; i < TARGETS; i++) {
        struct target *target = &model->targets[i];

        snprintf(target->name, sizeof target->name, "target%zu", i);
        target->hostile = i % 9 == 4;
        target->wallet = (int)(i % (WALLETS + 1)) - 1;
        respecify(model, target);
        add(model, target, NULL);
    }
}

/* From now on all is well, but for the hostile ones: everyone must come to its scans, and go on doing so. */
static void recover(struct model *model)
{
    int64_t until = model->now.mono + 9 * DAY;

    for (size_t i = 0; i < TARGETS; i++)
        end(model, &model->targets[i]);
    for (size_t i = 0; i < WALLETS; i++)
        model->wallets[i].secret = new_secret(model, true);
    for (size_t i = 0; i < PLUGINS; i++)
        schedule_plugin_ready(model->schedule, i, model->ready[i] = true);
    model->total = 2;
    model->slots[0] = model->slots[1] = model->slots[2] = 1;
    schedule_set_slots(model->schedule, model->total, model->slots, PLUGINS);
    while (model->now.mono < until) {
        int64_t due;

        drain(model);
        for (size_t i = 0; i < TARGETS; i++) {
            struct target *target = &model->targets[i];

            if (target->running && target->begun)
                target->will = target->hostile && target->wallet >= 0 ? ERR_DENIED : ERR_NONE;
            end(model, target);
        }
        drain(model);
        due = schedule_due(model->schedule);
        check(model, due != INT64_MAX || schedule_running(model->schedule) > 0);
        if (schedule_running(model->schedule) > 0)
            continue;
        model->now.wall += due - model->now.mono;
        model->now.mono = due;
    }
    for (size_t i = 0; i < TARGETS; i++) {
        const struct target *target = &model->targets[i];

        check(model, (target->hostile && target->wallet >= 0) ||
                         target->succeeded_at >= model->now.mono - target->spec.every_ms - HOUR);
    }
}

static void play(uint64_t seed)
{
    struct model *model = malloc(sizeof *model);

    assert_non_null(model);
    init(model, seed);
    for (model->step = 0; model->step < STEPS; model->step++) {
        act(model);
        drain(model);
        check_all(model);
    }
    recover(model);
    schedule_destroy(model->schedule);
    free(model);
}

static uint64_t setting(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL ? fallback : strtoull(text, NULL, 10);
}

static void whatever_happens_the_rules_hold_and_all_come_to_their_scans(void **state)
{
    uint64_t first = setting("MUSTER_SEED", 1), rounds = setting("MUSTER_ROUNDS", 40);

    (void)state;
    for (uint64_t i = 0; i < rounds; i++)
        play(first + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_the_rules_hold_and_all_come_to_their_scans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
