/* One wrong password and 300 hosts: an account that is locked after a few attempts must live. */
#include "rig.h"

#include "str.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HOSTS 300

/* Everybody's other end: counts who comes, and lets in who says the right word, except at the address that hates all.
 */
struct gate {
    int listener, stop[2];
    unsigned port;
    const char *_Atomic right;
    const char *_Atomic hater; /* NULL: none */
    atomic_int refused, admitted;
    pthread_t thread;
};

static void answer(struct gate *gate, int descriptor)
{
    char word[64] = "", address[INET_ADDRSTRLEN] = "";
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    const char *hater = gate->hater;
    bool good;

    getsockname(descriptor, (struct sockaddr *)&own, &size);
    inet_ntop(AF_INET, &own.sin_addr, address, sizeof address);
    if (recv(descriptor, word, sizeof word - 1, 0) <= 0)
        return;
    good = strcmp(word, gate->right) == 0 && (hater == NULL || strcmp(hater, address) != 0);
    atomic_fetch_add(good ? &gate->admitted : &gate->refused, 1);
    (void)send(descriptor, good ? "y" : "n", 1, MSG_NOSIGNAL);
}

static void *serve(void *context)
{
    struct gate *gate = context;
    struct pollfd polls[] = { { .fd = gate->listener, .events = POLLIN }, { .fd = gate->stop[0], .events = POLLIN } };

    while (poll(polls, 2, -1) > 0 && polls[1].revents == 0) {
        int descriptor = accept(gate->listener, NULL, NULL);

        if (descriptor < 0)
            continue;
        answer(gate, descriptor);
        close(descriptor);
    }
    return NULL;
}

static void gate_open(struct gate *gate, const char *right)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;

    *gate = (struct gate){ .right = right };
    gate->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(gate->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(gate->listener, 512), 0);
    getsockname(gate->listener, (struct sockaddr *)&address, &size);
    gate->port = ntohs(address.sin_port);
    assert_int_equal(pipe(gate->stop), 0);
    assert_int_equal(pthread_create(&gate->thread, NULL, serve, gate), 0);
}

static void gate_close(struct gate *gate)
{
    close(gate->stop[1]);
    pthread_join(gate->thread, NULL);
    close(gate->stop[0]);
    close(gate->listener);
}

static void configure(struct rig *rig, const struct gate *gate)
{
    struct str hosts = STR_EMPTY;

    for (int i = 0; i < HOSTS; i++)
        str_format(&hosts, "%s\"127.0.%d.%d\"", i == 0 ? "" : ", ", i / 250, i % 250 + 1);
    rig_configure(rig,
                  "credentials = ( { name = \"scan\"; username = \"u\"; password_file = \"word\"; } );\n"
                  "slots = { total = 32; };\n"
                  "targets = ( { name = \"all\"; plugin = \"login\"; credential = \"scan\"; every = \"1h\";\n"
                  "  hosts = [ %s ]; options = { port = \"%u\"; }; } );\n",
                  str_text(&hosts), gate->port);
    str_finish(&hosts);
}

static void set_password(struct rig *rig, const char *word)
{
    char path[128];

    rig_write(rig, "word", "%s\n", word);
    snprintf(path, sizeof path, "%s/word", rig->folder);
    assert_int_equal(chmod(path, 0600), 0);
}

static void a_wrong_password_costs_one_attempt_however_it_is_asked_for(void **state)
{
    struct gate gate;
    struct rig rig;

    (void)state;
    gate_open(&gate, "right");
    rig_begin(&rig);
    set_password(&rig, "wrong");
    configure(&rig, &gate);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(gate.admitted, 0);
    /* Held: neither a scan nor a doctor nor a restart nor a single pass may try again. */
    assert_int_equal(rig_muster(&rig, "scan", "all/127.0.0.7", NULL), 1);
    assert_non_null(strstr(rig.out, "held"));
    assert_int_equal(rig_muster(&rig, "doctor", "all/127.0.0.8", NULL), 1);
    rig_stop(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    rig_stop(&rig);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 1);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'held'"), 1);
    rig_assert_whole(&rig);
    rig_end(&rig);
    gate_close(&gate);
}

static void another_password_frees_them_all(void **state)
{
    struct gate gate;
    struct rig rig;

    (void)state;
    gate_open(&gate, "right");
    rig_begin(&rig);
    set_password(&rig, "wrong");
    configure(&rig, &gate);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 1);
    assert_int_equal(gate.refused, 1);
    set_password(&rig, "right");
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(gate.admitted, HOSTS);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), HOSTS);
    rig_end(&rig);
    gate_close(&gate);
}

static void a_good_password_that_one_host_denies_is_tried_no_more_until_the_wait_is_over(void **state)
{
    struct gate gate;
    struct rig rig;

    (void)state;
    gate_open(&gate, "right");
    rig_begin(&rig);
    set_password(&rig, "right");
    configure(&rig, &gate);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 0);
    gate.hater = "127.0.0.5";
    gate.refused = gate.admitted = 0;
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", "all/127.0.0.5", NULL), 1);
    assert_int_equal(gate.refused, 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM credential WHERE state = 'held'"), 1);
    rig_end(&rig);
    gate_close(&gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_password_costs_one_attempt_however_it_is_asked_for),
        cmocka_unit_test(another_password_frees_them_all),
        cmocka_unit_test(a_good_password_that_one_host_denies_is_tried_no_more_until_the_wait_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
