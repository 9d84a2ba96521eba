/* The worker with a store that is a fake: its trouble is what the test says. */
#include "store.h"
#include "worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct store {
    enum store_trouble trouble;
};

enum store_trouble
__wrap_store_trouble(const struct store *store); /* the linker puts it in the place of the real one */

enum store_trouble __wrap_store_trouble(const struct store *store)
{
    return store->trouble;
}

#define JOBS 4

struct scene;

struct piece {
    struct job job;
    struct scene *scene;
    int failures;               /* so many attempts fail */
    enum store_trouble trouble; /* with this */
    int attempts;
    bool done, good;
    char text[64];
};

struct scene {
    uv_loop_t loop;
    struct store store;
    struct worker *worker;
    struct piece pieces[JOBS];
    size_t order[JOBS];                         /* in which they were done */
    size_t done, recovered, submit_on_recovery; /* the last: so many of the pieces from the second on */
    atomic_int at_once;
    bool overlapped, closed;
};

static bool run(struct job *job, struct store *store, struct err *err)
{
    struct piece *piece = (struct piece *)(void *)job;
    bool fails = piece->attempts++ < piece->failures;

    piece->scene->overlapped |= atomic_fetch_add(&piece->scene->at_once, 1) != 0;
    store->trouble = fails ? piece->trouble : STORE_FINE;
    atomic_fetch_sub(&piece->scene->at_once, 1);
    return !fails || err_set(err, ERR_SYSTEM, "the disk is full");
}

static void closed(void *context)
{
    struct scene *scene = context;

    scene->closed = true;
}

static void done(struct job *job, bool good, const struct err *err)
{
    struct piece *piece = (struct piece *)(void *)job;
    struct scene *scene = piece->scene;

    assert_false(piece->done);
    piece->done = true;
    piece->good = good;
    strncpy(piece->text, good ? "" : err->text, sizeof piece->text - 1);
    scene->order[scene->done++] = (size_t)(piece - scene->pieces);
}

static void recovered(void *context)
{
    struct scene *scene = context;

    scene->recovered++;
    for (size_t i = 0; i < scene->submit_on_recovery; i++)
        worker_submit(scene->worker, &scene->pieces[i + 1].job);
}

static void begin(struct scene *scene)
{
    *scene = (struct scene){ .closed = false };
    assert_int_equal(uv_loop_init(&scene->loop), 0);
    scene->worker = worker_create(&scene->loop, &scene->store, recovered, scene);
    for (size_t i = 0; i < JOBS; i++)
        scene->pieces[i] = (struct piece){ .job = { .run = run, .done = done }, .scene = scene };
}

static void submit_all(struct scene *scene)
{
    for (size_t i = 0; i < JOBS; i++)
        worker_submit(scene->worker, &scene->pieces[i].job);
}

static void until_done(struct scene *scene, size_t count)
{
    while (scene->done < count)
        assert_true(uv_run(&scene->loop, UV_RUN_ONCE) != 0 || scene->done >= count);
}

static void end(struct scene *scene)
{
    worker_close(scene->worker, closed, scene);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_true(scene->closed);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    assert_false(scene->overlapped);
}

static void jobs_run_one_at_a_time_and_in_their_order(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    submit_all(&scene);
    assert_int_equal(worker_pending(scene.worker), JOBS);
    until_done(&scene, JOBS);
    for (size_t i = 0; i < JOBS; i++) {
        assert_int_equal(scene.order[i], i);
        assert_true(scene.pieces[i].good);
        assert_int_equal(scene.pieces[i].attempts, 1);
    }
    assert_int_equal(worker_pending(scene.worker), 0);
    end(&scene);
}

static void a_job_is_tried_again_while_the_trouble_lasts_and_those_behind_it_wait(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    scene.pieces[0].failures = 1;
    scene.pieces[0].trouble = STORE_TRANSIENT;
    submit_all(&scene);
    while (worker_trouble(scene.worker) == NULL)
        uv_run(&scene.loop, UV_RUN_ONCE);
    assert_string_equal(worker_trouble(scene.worker), "the disk is full");
    assert_int_equal(scene.pieces[1].attempts, 0);
    until_done(&scene, JOBS);
    assert_int_equal(scene.pieces[0].attempts, 2);
    assert_true(scene.pieces[0].good);
    assert_int_equal(scene.order[0], 0);
    assert_null(worker_trouble(scene.worker));
    assert_int_equal(scene.recovered, 1);
    end(&scene);
}

static void what_is_submitted_on_recovery_runs_once_behind_the_job_that_recovered(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    scene.pieces[0].failures = 1;
    scene.pieces[0].trouble = STORE_TRANSIENT;
    scene.submit_on_recovery = JOBS - 1;
    worker_submit(scene.worker, &scene.pieces[0].job);
    until_done(&scene, JOBS);
    assert_int_equal(scene.recovered, 1);
    assert_int_equal(scene.pieces[0].attempts, 2);
    for (size_t i = 0; i < JOBS; i++)
        assert_int_equal(scene.order[i], i);
    for (size_t i = 1; i < JOBS; i++)
        assert_int_equal(scene.pieces[i].attempts, 1);
    assert_int_equal(worker_pending(scene.worker), 0);
    end(&scene);
}

static void closing_tries_none_of_the_jobs_behind_one_that_was_given_up(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    for (size_t i = 0; i < JOBS; i++) {
        scene.pieces[i].failures = 1000;
        scene.pieces[i].trouble = STORE_TRANSIENT;
    }
    submit_all(&scene);
    while (worker_trouble(scene.worker) == NULL)
        uv_run(&scene.loop, UV_RUN_ONCE);
    end(&scene);
    assert_int_equal(scene.done, JOBS);
    for (size_t i = 1; i < JOBS; i++) {
        assert_false(scene.pieces[i].good);
        assert_int_equal(scene.pieces[i].attempts, 0);
        assert_string_equal(scene.pieces[i].text, "the disk is full");
    }
}

static void a_job_that_fails_by_itself_is_told_so_at_once(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    scene.pieces[1].failures = 1;
    scene.pieces[1].trouble = STORE_FINE;
    submit_all(&scene);
    until_done(&scene, JOBS);
    assert_false(scene.pieces[1].good);
    assert_string_equal(scene.pieces[1].text, "the disk is full");
    assert_int_equal(scene.pieces[1].attempts, 1);
    assert_null(worker_trouble(scene.worker));
    assert_true(scene.pieces[2].good);
    end(&scene);
}

static void a_damaged_database_is_not_tried_again(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    scene.pieces[0].failures = 1000;
    scene.pieces[0].trouble = STORE_DAMAGED;
    worker_submit(scene.worker, &scene.pieces[0].job);
    until_done(&scene, 1);
    assert_int_equal(scene.pieces[0].attempts, 1);
    assert_non_null(worker_trouble(scene.worker));
    end(&scene);
}

static void closing_finishes_what_was_submitted(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    submit_all(&scene);
    end(&scene);
    assert_int_equal(scene.done, JOBS);
}

static void closing_gives_up_a_job_whose_trouble_does_not_end(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    scene.pieces[0].failures = 1000;
    scene.pieces[0].trouble = STORE_TRANSIENT;
    worker_submit(scene.worker, &scene.pieces[0].job);
    while (worker_trouble(scene.worker) == NULL)
        uv_run(&scene.loop, UV_RUN_ONCE);
    end(&scene);
    assert_int_equal(scene.done, 1);
    assert_false(scene.pieces[0].good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_run_one_at_a_time_and_in_their_order),
        cmocka_unit_test(a_job_is_tried_again_while_the_trouble_lasts_and_those_behind_it_wait),
        cmocka_unit_test(what_is_submitted_on_recovery_runs_once_behind_the_job_that_recovered),
        cmocka_unit_test(a_job_that_fails_by_itself_is_told_so_at_once),
        cmocka_unit_test(a_damaged_database_is_not_tried_again),
        cmocka_unit_test(closing_finishes_what_was_submitted),
        cmocka_unit_test(closing_gives_up_a_job_whose_trouble_does_not_end),
        cmocka_unit_test(closing_tries_none_of_the_jobs_behind_one_that_was_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
