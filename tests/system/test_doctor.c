/* The doctor beside scans, and what it costs an account. */
#include "rig.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* The other end of every login: refuses, and counts. */
struct wall {
    int listener, stop[2];
    unsigned port;
    atomic_int refused;
    pthread_t thread;
};

static void refuse(struct wall *wall, int descriptor)
{
    char word[64];

    if (recv(descriptor, word, sizeof word, 0) <= 0)
        return;
    atomic_fetch_add(&wall->refused, 1);
    (void)send(descriptor, "n", 1, MSG_NOSIGNAL);
}

static void *serve(void *context)
{
    struct wall *wall = context;
    struct pollfd polls[] = { { .fd = wall->listener, .events = POLLIN }, { .fd = wall->stop[0], .events = POLLIN } };

    while (poll(polls, 2, -1) > 0 && polls[1].revents == 0) {
        int descriptor = accept(wall->listener, NULL, NULL);

        if (descriptor < 0)
            continue;
        refuse(wall, descriptor);
        close(descriptor);
    }
    return NULL;
}

static void wall_open(struct wall *wall)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;

    *wall = (struct wall){ 0 };
    wall->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(wall->listener, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(wall->listener, 16), 0);
    assert_int_equal(getsockname(wall->listener, (struct sockaddr *)&address, &size), 0);
    wall->port = ntohs(address.sin_port);
    assert_int_equal(pipe(wall->stop), 0);
    assert_int_equal(pthread_create(&wall->thread, NULL, serve, wall), 0);
}

static void wall_close(struct wall *wall)
{
    close(wall->stop[1]);
    pthread_join(wall->thread, NULL);
    close(wall->stop[0]);
    close(wall->listener);
}

static void configure_login(struct rig *rig, unsigned port, const char *username)
{
    rig_configure(rig,
                  "credentials = ( { name = \"scan\"; username = \"%s\"; password_file = \"word\"; } );\n"
                  "targets = ( { name = \"a\"; plugin = \"login\"; credential = \"scan\"; every = \"1h\";\n"
                  "  options = { host = \"127.0.0.1\"; port = \"%u\"; }; } );\n",
                  username, port);
}

/* The doctor is asked for while a scan is under way, which must not be mistaken for it. */
static void a_doctor_that_comes_during_a_scan_is_run_after_it(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"a\"; plugin = \"hang\"; deadline = \"1s\"; } );\n");
    rig_start(&rig);
    rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "a: begun");
    assert_int_equal(rig_muster(&rig, "doctor", "a", NULL), 0);
    rig_end(&rig);
}

static void a_doctor_without_its_secret_says_so(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    configure_login(&rig, 9, "u");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "doctor", "a", NULL), 1);
    assert_non_null(strstr(rig.err, "credential \"scan\""));
    rig_end(&rig);
}

static void a_secret_that_cannot_be_read_is_looked_for_again_soon(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    configure_login(&rig, 9, "u");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 1);
    assert_non_null(strstr(rig.out, "credential \"scan\""));
    assert_true(rig_number(&rig, "SELECT retry_at - ended_at FROM target WHERE name = 'a'") <= 60000);
    rig_end(&rig);
}

static void a_password_that_a_doctor_found_wrong_is_held_over_a_restart(void **state)
{
    struct wall wall;
    struct rig rig;

    (void)state;
    wall_open(&wall);
    rig_begin(&rig);
    rig_set_password(&rig, "wrong");
    configure_login(&rig, wall.port, "u");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "doctor", "a", NULL), 1);
    assert_int_equal(wall.refused, 1);
    rig_stop(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 1);
    assert_int_equal(wall.refused, 1);
    rig_end(&rig);
    wall_close(&wall);
}

static void another_username_ends_a_hold(void **state)
{
    struct wall wall;
    struct rig rig;

    (void)state;
    wall_open(&wall);
    rig_begin(&rig);
    rig_set_password(&rig, "wrong");
    configure_login(&rig, wall.port, "u");
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 1);
    assert_int_equal(wall.refused, 1);
    configure_login(&rig, wall.port, "v");
    assert_int_equal(rig_muster(&rig, "reload", NULL), 0);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 1);
    assert_int_equal(wall.refused, 2);
    configure_login(&rig, wall.port, "u");
    assert_int_equal(rig_muster(&rig, "reload", NULL), 0);
    assert_int_equal(rig_muster(&rig, "scan", "a", NULL), 1);
    assert_int_equal(wall.refused, 2); /* that one was denied before */
    rig_end(&rig);
    wall_close(&wall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_doctor_that_comes_during_a_scan_is_run_after_it),
        cmocka_unit_test(a_doctor_without_its_secret_says_so),
        cmocka_unit_test(a_secret_that_cannot_be_read_is_looked_for_again_soon),
        cmocka_unit_test(a_password_that_a_doctor_found_wrong_is_held_over_a_restart),
        cmocka_unit_test(another_username_ends_a_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
