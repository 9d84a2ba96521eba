/* Every step that is told is taken, in random matrices, and what is told to have none is searched by trying all. */
#include "step_fleet.h"

/* The build that is this version in matrix_sample.h. */
static const char *build_of(const char *version)
{
    for (size_t i = 0; i < SAMPLE_COUNT(sample_windows); i++) {
        if (strcmp(sample_windows[i].name, version) == 0)
            return sample_windows[i].test->values[0].text;
    }
    fail_msg("no version %s", version);
    return NULL;
}

static uint64_t dice_state;

static unsigned dice(unsigned sides)
{
    dice_state = dice_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(dice_state >> 33) % sides;
}

enum { RANDOM_PRODUCTS = 4 };

/* A row of one condition, or none, for about half of all keys, with about as many yes as no. */
static size_t random_rows(struct entry_row *rows)
{
    static const struct condition *const conditions[] = { &wmf, &place };
    static const char *const protects[] = { "volume" };
    size_t count = 0;

    for (size_t v = 0; v < SAMPLE_COUNT(sample_windows); v++) {
        for (size_t p = 0; p < RANDOM_PRODUCTS; p++) {
            struct entry_row *row = &rows[count];

            if (dice(2) == 0)
                continue;
            *row = (struct entry_row)ROW((int)count + 1, "server", sample_windows[v].name, "physical", all_products[p],
                                         NO);
            if (dice(5) < 2) {
                row->answer = ANSWER_YES;
                row->protects = protects;
                row->protect_count = 1;
                row->conditions = &conditions[dice(2)];
                row->condition_count = dice(2);
            }
            count++;
        }
    }
    return count;
}

static void take_step(struct fleet *fleet, const struct step *step)
{
    struct thing *machine = &fleet->things[0];

    if (step->version != NULL)
        set_text(fleet, machine, "os.build", build_of(step->version));
    else if (step->product != NULL)
        fleet->server.product = step->product->name;
    else if (step->type == STEP_UPDATE)
        set_text(fleet, machine, "wmf.version", "4.0");
    else
        set_text(fleet, machine, "x.place", "gpt");
}

/* Whether any single change that a step may be makes it supported, found out by trying all of them. */
static bool any_change_helps(struct fleet *fleet, size_t version, size_t product)
{
    static const char *const facts[][2] = { { "wmf.version", "4.0" }, { "x.place", "gpt" } };
    struct thing *machine = &fleet->things[0];
    bool helps = false;

    for (size_t v = version + 1; v < SAMPLE_COUNT(sample_windows); v++) {
        if (sample_windows[v].support_end != 0 && sample_windows[v].support_end < SAMPLE_NOW)
            continue;
        set_text(fleet, machine, "os.build", build_of(sample_windows[v].name));
        helps |= judge_again(fleet, 1, METHOD_AGENT)->word == VERDICT_SUPPORTED;
    }
    set_text(fleet, machine, "os.build", build_of(sample_windows[version].name));
    for (size_t p = product + 1; p < RANDOM_PRODUCTS; p++) {
        if (sample_products[p].support_end != 0 && sample_products[p].support_end < SAMPLE_NOW)
            continue;
        fleet->server.product = sample_products[p].name;
        helps |= judge_again(fleet, 1, METHOD_AGENT)->word == VERDICT_SUPPORTED;
    }
    fleet->server.product = sample_products[product].name;
    for (size_t i = 0; i < 2; i++) {
        const char *kept = thing_text(machine, facts[i][0]);

        set_text(fleet, machine, facts[i][0], facts[i][1]);
        helps |= judge_again(fleet, 1, METHOD_AGENT)->word == VERDICT_SUPPORTED;
        set_text(fleet, machine, facts[i][0], kept);
    }
    return helps;
}

/* For one random matrix: each version under each product. Returns how many steps were taken. */
static size_t try_matrix(struct fleet *fleet)
{
    size_t taken = 0;

    for (size_t v = 0; v < SAMPLE_COUNT(sample_windows); v++) {
        for (size_t p = 0; p < RANDOM_PRODUCTS; p++) {
            const struct verdict *verdict;
            struct step step;

            fleet->server.product = sample_products[p].name;
            set_text(fleet, &fleet->things[0], "os.build", build_of(sample_windows[v].name));
            set_text(fleet, &fleet->things[0], "wmf.version", dice(2) == 0 ? "2.0" : "4.0");
            set_text(fleet, &fleet->things[0], "x.place", dice(2) == 0 ? "mbr" : "gpt");
            verdict = judge_again(fleet, 1, METHOD_AGENT);
            if (verdict->word == VERDICT_SUPPORTED)
                continue;
            step = verdict->step;
            assert_int_equal(step.type != STEP_NONE, any_change_helps(fleet, v, p));
            if (step.type == STEP_NONE)
                continue;
            take_step(fleet, &step);
            assert_int_equal(judge_again(fleet, 1, METHOD_AGENT)->word, VERDICT_SUPPORTED);
            taken++;
        }
    }
    return taken;
}

static void each_step_leads_to_supported_and_none_is_missed(void **state)
{
    struct entry_row rows[SAMPLE_COUNT(sample_windows) * RANDOM_PRODUCTS];
    struct fleet *fleet = *state;
    size_t taken = 0;

    add_machine(fleet, "0");
    for (unsigned round = 0; round < 60; round++) {
        dice_state = round;
        fleet->edition_count = 0;
        add_rows(fleet, all_products, SAMPLE_COUNT(all_products), rows, random_rows(rows));
        taken += try_matrix(fleet);
        judge_destroy(fleet->judge);
        fleet->judge = NULL;
        arena_reset(&fleet->arena);
    }
    assert_true(taken > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_step_leads_to_supported_and_none_is_missed, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
