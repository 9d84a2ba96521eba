/* The control socket with real connections: each client is a thread with a blocking socket. */
#include "control_server.h"

#include "mem.h"
#include "str.h"

#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define NOBODY 65534

struct scene {
    uv_loop_t loop;
    uv_async_t wake; /* keeps the loop while a client is at work, and ends its turn */
    char folder[64], path[96];
    struct control_server *server;
    struct err err;
    const char *said; /* what the client sends */
    size_t said_size;
    struct str got; /* texts of all that came back */
    unsigned status;
    struct peer *waiting;
    bool gone, closed, client_done, connected;
    char by[32];
};

/* -------------------------------------------------------------------------------------------------- the verbs ---- */

static void echo(void *context, struct peer *peer, const struct control_request *request)
{
    (void)context;
    for (size_t i = 0; i < request->count; i++) {
        const struct control_field fields[] = { { "text", request->arguments[i] }, { "none", NULL } };

        peer_send(peer, "said", fields, 2);
    }
    peer_done(peer, 0, "%zu said", request->count);
}

static void change(void *context, struct peer *peer, const struct control_request *request)
{
    struct scene *scene = context;

    (void)request;
    snprintf(scene->by, sizeof scene->by, "%s", peer_name(peer));
    peer_done(peer, 0, "changed");
}

static void on_gone(void *context)
{
    struct scene *scene = context;

    scene->gone = true;
}

/* Never answers. */
static void wait_for_ever(void *context, struct peer *peer, const struct control_request *request)
{
    struct scene *scene = context;

    (void)request;
    scene->waiting = peer;
    peer_watch(peer, on_gone, scene);
}

static void flood(void *context, struct peer *peer, const struct control_request *request)
{
    char *large = mem_new(CONTROL_MAX_TEXT, 1);
    const struct control_field fields[] = { { "text", large } };

    (void)context, (void)request;
    memset(large, 'x', CONTROL_MAX_TEXT - 1);
    for (int i = 0; i < 1000; i++)
        peer_send(peer, "flood", fields, 1);
    peer_done(peer, 0, "%s", "");
    free(large);
}

static const struct control_verb verbs[] = {
    { "echo", false, echo },   { "change", true, change }, { "wait", false, wait_for_ever },
    { "flood", false, flood }, { NULL, false, NULL },
};

/* -------------------------------------------------------------------------------------------------- the client ---- */

static int connect_to(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(address.sun_path, path);
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    close(descriptor);
    return -1;
}

static void take(struct scene *scene, const struct control_message *message)
{
    if (message->type == CONTROL_DONE) {
        scene->status = (unsigned)message->done.status;
        str_format(&scene->got, "[%s]", message->done.text);
        return;
    }
    str_format(&scene->got, "%s:%.20s ", message->record.name, control_field(&message->record, "text"));
    assert_null(control_field(&message->record, "none"));
}

static void read_all(struct scene *scene, int descriptor)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    static char bytes[65536];
    ssize_t size;

    while ((size = recv(descriptor, bytes, sizeof bytes, 0)) > 0) {
        struct frame frame;

        frame_feed(&decoder, bytes, (size_t)size);
        while (frame_next(&decoder, &frame, NULL) == FRAME_READY) {
            struct control_message message;
            struct arena arena;

            arena_init(&arena, ARENA_PLAIN);
            if (control_read(&frame, &arena, &message, NULL))
                take(scene, &message);
            arena_finish(&arena);
        }
    }
    frame_decoder_finish(&decoder);
}

static void client(void *context)
{
    struct scene *scene = context;
    int descriptor = connect_to(scene->path);

    scene->connected = descriptor >= 0;
    if (descriptor >= 0) {
        (void)send(descriptor, scene->said, scene->said_size, MSG_NOSIGNAL);
        read_all(scene, descriptor);
        close(descriptor);
    }
    uv_async_send(&scene->wake);
}

static void on_wake(uv_async_t *wake)
{
    struct scene *scene = wake->data;

    scene->client_done = true;
}

/* Runs one client to its end, and the loop meanwhile. */
static void converse(struct scene *scene, const void *bytes, size_t size)
{
    uv_thread_t thread;

    scene->said = bytes;
    scene->said_size = size;
    scene->client_done = false;
    scene->status = 999;
    str_clear(&scene->got);
    assert_int_equal(uv_thread_create(&thread, client, scene), 0);
    while (!scene->client_done)
        uv_run(&scene->loop, UV_RUN_ONCE);
    uv_thread_join(&thread);
}

static void ask(struct scene *scene, const char *verb, const char *const *arguments, size_t count)
{
    const struct control_message message = { .type = CONTROL_REQUEST, .request = { verb, arguments, count } };
    struct str bytes = STR_EMPTY;

    assert_true(control_write(&bytes, &message, NULL));
    converse(scene, bytes.bytes, bytes.length);
    str_finish(&bytes);
}

/* --------------------------------------------------------------------------------------------------- the scene ---- */

static bool try_listen(struct scene *scene, const char *readers, const char *operators)
{
    const struct control_server_options options = { scene->path, readers, operators };

    scene->server = control_server_create(&scene->loop, &options, verbs, scene, &scene->err);
    return scene->server != NULL;
}

static void begin(struct scene *scene)
{
    *scene = (struct scene){ .folder = "/tmp/muster-control-XXXXXX" };
    assert_non_null(mkdtemp(scene->folder));
    assert_int_equal(chmod(scene->folder, 0755), 0);
    snprintf(scene->path, sizeof scene->path, "%s/control", scene->folder);
    uv_loop_init(&scene->loop);
    uv_async_init(&scene->loop, &scene->wake, on_wake);
    scene->wake.data = scene;
}

static void on_closed(void *context)
{
    struct scene *scene = context;

    scene->closed = true;
}

static void end(struct scene *scene)
{
    control_server_close(scene->server, on_closed, scene);
    uv_close((uv_handle_t *)&scene->wake, NULL);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_true(scene->closed);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    str_finish(&scene->got);
    assert_int_not_equal(access(scene->path, F_OK), 0);
    assert_int_equal(rmdir(scene->folder), 0);
}

/* --------------------------------------------------------------------------------------------------- the tests ---- */

static void a_request_gets_its_records_and_its_end(void **state)
{
    static const char *const words[] = { "one", "two" };
    struct scene scene;

    (void)state;
    begin(&scene);
    assert_true(try_listen(&scene, NULL, NULL));
    ask(&scene, "echo", words, 2);
    assert_string_equal(str_text(&scene.got), "said:one said:two [2 said]");
    assert_int_equal(scene.status, 0);
    ask(&scene, "change", NULL, 0);
    assert_int_equal(scene.status, 0);
    assert_true(strncmp(scene.by, "uid ", 4) == 0);
    end(&scene);
}

static void an_unknown_verb_is_named(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    assert_true(try_listen(&scene, NULL, NULL));
    ask(&scene, "frobnicate", NULL, 0);
    assert_int_equal(scene.status, 64);
    assert_non_null(strstr(str_text(&scene.got), "\"frobnicate\""));
    end(&scene);
}

static void bytes_that_are_no_request_end_the_connection(void **state)
{
    static const char junk[] = "GET / HTTP/1.1\r\n\r\n";
    static const char lying[] = { '\xff', '\xff', '\xff', '\x7f', 1 };
    struct scene scene;

    (void)state;
    begin(&scene);
    assert_true(try_listen(&scene, NULL, NULL));
    converse(&scene, junk, sizeof junk - 1);
    assert_int_equal(scene.got.length, 0);
    converse(&scene, lying, sizeof lying);
    assert_int_equal(scene.got.length, 0);
    ask(&scene, "echo", NULL, 0);
    assert_int_equal(scene.status, 0);
    end(&scene);
}

static void who_answers_later_is_told_that_the_peer_is_gone(void **state)
{
    const struct control_message message = { .type = CONTROL_REQUEST, .request = { "wait", NULL, 0 } };
    struct str bytes = STR_EMPTY;
    struct scene scene;
    int descriptor;

    (void)state;
    begin(&scene);
    assert_true(try_listen(&scene, NULL, NULL));
    assert_true(control_write(&bytes, &message, NULL));
    descriptor = connect_to(scene.path);
    assert_true(descriptor >= 0);
    assert_int_equal(send(descriptor, bytes.bytes, bytes.length, 0), (ssize_t)bytes.length);
    while (scene.waiting == NULL)
        uv_run(&scene.loop, UV_RUN_ONCE);
    assert_false(scene.gone);
    close(descriptor);
    while (!scene.gone)
        uv_run(&scene.loop, UV_RUN_ONCE);
    str_finish(&bytes);
    end(&scene);
}

static void a_peer_that_takes_no_answers_is_dropped(void **state)
{
    const struct control_message message = { .type = CONTROL_REQUEST, .request = { "flood", NULL, 0 } };
    struct str bytes = STR_EMPTY;
    struct scene scene;
    int descriptor;

    (void)state;
    begin(&scene);
    assert_true(try_listen(&scene, NULL, NULL));
    assert_true(control_write(&bytes, &message, NULL));
    descriptor = connect_to(scene.path);
    assert_int_equal(send(descriptor, bytes.bytes, bytes.length, 0), (ssize_t)bytes.length);
    /* Nothing is read. Another client is served all the same, and the server ends although this one is still there. */
    ask(&scene, "echo", NULL, 0);
    assert_int_equal(scene.status, 0);
    end(&scene);
    close(descriptor);
    str_finish(&bytes);
}

/* In a process of another user, without groups: exits with the status that it was told, 200 where it had none. */
static int ask_as_nobody(struct scene *scene, const char *verb)
{
    const struct control_message message = { .type = CONTROL_REQUEST, .request = { verb, NULL, 0 } };
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        struct str bytes = STR_EMPTY;
        int descriptor;

        if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
            _exit(201);
        control_write(&bytes, &message, NULL);
        descriptor = connect_to(scene->path);
        scene->status = 200;
        if (descriptor >= 0 && send(descriptor, bytes.bytes, bytes.length, MSG_NOSIGNAL) > 0)
            read_all(scene, descriptor);
        _exit((int)scene->status);
    }
    while (waitpid(pid, &status, WNOHANG) == 0)
        uv_run(&scene->loop, UV_RUN_NOWAIT);
    return WEXITSTATUS(status);
}

static void another_user_may_ask_but_not_change(void **state)
{
    struct scene scene;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin(&scene);
    assert_true(try_listen(&scene, NULL, NULL));
    assert_int_equal(ask_as_nobody(&scene, "echo"), 0);
    assert_int_equal(ask_as_nobody(&scene, "change"), 1);
    assert_string_equal(scene.by, "");
    end(&scene);
}

static void with_a_group_of_readers_others_may_not_even_ask(void **state)
{
    struct scene scene;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin(&scene);
    assert_true(try_listen(&scene, "root", NULL));
    assert_int_equal(ask_as_nobody(&scene, "echo"), 1);
    end(&scene);
}

static void a_member_of_the_operators_may_change(void **state)
{
    const struct group *group = getgrgid(NOBODY);
    struct scene scene;

    (void)state;
    if (geteuid() != 0 || group == NULL)
        skip();
    begin(&scene);
    assert_true(try_listen(&scene, "root", group->gr_name));
    assert_int_equal(ask_as_nobody(&scene, "change"), 0);
    end(&scene);
}

static void a_group_that_does_not_exist_is_refused(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    assert_false(try_listen(&scene, NULL, "no-such-group"));
    assert_non_null(strstr(scene.err.text, "operators = \"no-such-group\""));
    assert_non_null(strstr(scene.err.text, "groupadd"));
    end(&scene);
}

static void a_dead_socket_is_replaced_and_a_live_one_is_not(void **state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct scene scene;
    int descriptor;

    (void)state;
    begin(&scene);
    descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    strcpy(address.sun_path, scene.path);
    assert_int_equal(bind(descriptor, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(descriptor, 1), 0);
    assert_false(try_listen(&scene, NULL, NULL));
    assert_non_null(strstr(scene.err.text, "another program listens"));
    close(descriptor);
    assert_true(try_listen(&scene, NULL, NULL));
    ask(&scene, "echo", NULL, 0);
    assert_int_equal(scene.status, 0);
    end(&scene);
}

static void a_file_in_the_place_of_the_socket_stays(void **state)
{
    struct scene scene;
    FILE *file;

    (void)state;
    begin(&scene);
    file = fopen(scene.path, "w");
    fclose(file);
    assert_false(try_listen(&scene, NULL, NULL));
    assert_non_null(strstr(scene.err.text, "file of another kind"));
    assert_int_equal(unlink(scene.path), 0);
    end(&scene);
}

static void the_end_does_not_wait_for_peers(void **state)
{
    struct scene scene;
    int descriptor;

    (void)state;
    begin(&scene);
    assert_true(try_listen(&scene, NULL, NULL));
    descriptor = connect_to(scene.path);
    ask(&scene, "echo", NULL, 0); /* so that the first connection was taken, too */
    end(&scene);
    close(descriptor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_gets_its_records_and_its_end),
        cmocka_unit_test(an_unknown_verb_is_named),
        cmocka_unit_test(bytes_that_are_no_request_end_the_connection),
        cmocka_unit_test(who_answers_later_is_told_that_the_peer_is_gone),
        cmocka_unit_test(a_peer_that_takes_no_answers_is_dropped),
        cmocka_unit_test(another_user_may_ask_but_not_change),
        cmocka_unit_test(with_a_group_of_readers_others_may_not_even_ask),
        cmocka_unit_test(a_member_of_the_operators_may_change),
        cmocka_unit_test(a_group_that_does_not_exist_is_refused),
        cmocka_unit_test(a_dead_socket_is_replaced_and_a_live_one_is_not),
        cmocka_unit_test(a_file_in_the_place_of_the_socket_stays),
        cmocka_unit_test(the_end_does_not_wait_for_peers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
