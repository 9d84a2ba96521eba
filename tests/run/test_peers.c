/* Who connects to the control socket, how many of them, and how much they are sent: clients are processes. */
#include "control_server.h"

#include "mem.h"
#include "str.h"

#include <grp.h>
#include <poll.h>
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
#define PORTIONS 200
#define RECORDS 100
#define RECORD_SIZE 1024

struct scene {
    uv_loop_t loop;
    char folder[64], path[96];
    struct control_server *server;
    struct err err;
    size_t portions, records; /* of a portion */
    bool gone, closed;
};

/* -------------------------------------------------------------------------------------------------- the verbs ---- */

static void echo(void *context, struct peer *peer, const struct control_request *request)
{
    (void)context, (void)request;
    peer_done(peer, 0, "%s", "");
}

static void on_gone(void *context)
{
    struct scene *scene = context;

    scene->gone = true;
}

static bool more(void *context, struct peer *peer)
{
    struct scene *scene = context;
    char text[RECORD_SIZE + 1];
    const struct control_field fields[] = { { "text", text } };

    memset(text, 'x', RECORD_SIZE);
    text[RECORD_SIZE] = '\0';
    for (size_t i = 0; i < scene->records; i++)
        peer_send(peer, "part", fields, 1);
    if (++scene->portions < PORTIONS)
        return true;
    peer_done(peer, 0, "%s", "");
    return false;
}

static void feed(void *context, struct peer *peer, const struct control_request *request)
{
    (void)request;
    peer_watch(peer, on_gone, context);
    peer_feed(peer, more, context);
}

static const struct control_verb verbs[] = {
    { "echo", false, echo },
    { "change", true, echo },
    { "feed", false, feed },
    { NULL, false, NULL },
};

/* ------------------------------------------------------------------------------------------------- the clients ---- */

static int connect_to(const struct scene *scene)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", scene->path);
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    close(descriptor);
    return -1;
}

static int ask(const struct scene *scene, const char *verb)
{
    const struct control_message message = { .type = CONTROL_REQUEST, .request = { verb, NULL, 0 } };
    struct str bytes = STR_EMPTY;
    int descriptor = connect_to(scene);

    control_write(&bytes, &message, NULL);
    if (descriptor >= 0)
        (void)send(descriptor, bytes.bytes, bytes.length, MSG_NOSIGNAL);
    str_finish(&bytes);
    return descriptor;
}

/* Returns the status of the end, 200 where none came; its text is put into text, and *records counts what came before.
 */
static int read_all(int descriptor, char *text, size_t size, size_t *records)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    static char bytes[65536];
    int status = 200;
    ssize_t got;

    while ((got = recv(descriptor, bytes, sizeof bytes, 0)) > 0) {
        struct frame frame;

        frame_feed(&decoder, bytes, (size_t)got);
        while (frame_next(&decoder, &frame, NULL) == FRAME_READY) {
            struct control_message message;
            struct arena arena;

            arena_init(&arena, ARENA_PLAIN);
            if (control_read(&frame, &arena, &message, NULL) && message.type == CONTROL_DONE) {
                status = (int)message.done.status;
                snprintf(text, size, "%s", message.done.text);
            } else {
                (*records)++;
            }
            arena_finish(&arena);
        }
    }
    frame_decoder_finish(&decoder);
    close(descriptor);
    return status;
}

/* Runs a client in a process of another user, without groups, and the loop meanwhile. Returns its exit status. */
static int as_nobody(struct scene *scene, int (*client)(const struct scene *scene))
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
            _exit(201);
        alarm(60);
        _exit(client(scene));
    }
    assert_true(pid > 0);
    while (waitpid(pid, &status, WNOHANG) == 0)
        uv_run(&scene->loop, UV_RUN_NOWAIT);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

/* --------------------------------------------------------------------------------------------------- the scene ---- */

static void listen_for(struct scene *scene, const char *readers, const char *operators)
{
    const struct control_server_options options = { scene->path, readers, operators };

    scene->server = control_server_create(&scene->loop, &options, verbs, scene, &scene->err);
}

static void begin(struct scene *scene)
{
    *scene = (struct scene){ .folder = "/tmp/muster-peers-XXXXXX", .records = RECORDS };
    assert_non_null(mkdtemp(scene->folder));
    assert_int_equal(chmod(scene->folder, 0755), 0);
    snprintf(scene->path, sizeof scene->path, "%s/control", scene->folder);
    uv_loop_init(&scene->loop);
}

static void on_closed(void *context)
{
    struct scene *scene = context;

    scene->closed = true;
}

static void end(struct scene *scene)
{
    control_server_close(scene->server, on_closed, scene);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_true(scene->closed);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    assert_int_equal(rmdir(scene->folder), 0);
}

/* --------------------------------------------------------------------------------------------------- the tests ---- */

static int is_told_whom_to_ask(const struct scene *scene)
{
    char text[1024] = "";
    size_t records = 0;

    if (read_all(ask(scene, "change"), text, sizeof text, &records) != 1)
        return 2;
    return strstr(text, "the group root;") == NULL ? 3 : 0;
}

static void names_of_groups_outlive_the_configuration_that_gave_them(void **state)
{
    char *operators = mem_text("root");
    struct scene scene;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin(&scene);
    listen_for(&scene, NULL, operators);
    assert_non_null(scene.server);
    memset(operators, 'x', strlen(operators));
    free(operators);
    assert_int_equal(as_nobody(&scene, is_told_whom_to_ask), 0);
    end(&scene);
}

/* Twenty connections that ask nothing: waits until twelve were hung up on, and none of the others. */
static int hogs(const struct scene *scene)
{
    struct pollfd polls[20];
    size_t hung_up = 0;

    for (size_t i = 0; i < 20; i++)
        polls[i] = (struct pollfd){ .fd = connect_to(scene) };
    while (hung_up < 12 && poll(polls, 20, -1) > 0) {
        for (size_t i = 0; i < 20; i++) {
            if (polls[i].fd >= 0 && (polls[i].revents & POLLHUP) != 0) {
                polls[i].fd = -1;
                hung_up++;
            }
        }
    }
    return poll(polls, 20, 200) == 0 && hung_up == 12 ? 0 : 2;
}

static void one_user_cannot_take_all_connections(void **state)
{
    struct scene scene;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin(&scene);
    listen_for(&scene, NULL, NULL);
    assert_int_equal(as_nobody(&scene, hogs), 0);
    end(&scene);
}

static void a_folder_that_others_can_write_to_is_refused(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    assert_int_equal(chmod(scene.folder, 0777), 0);
    listen_for(&scene, NULL, NULL);
    assert_null(scene.server);
    assert_non_null(strstr(scene.err.text, scene.folder));
    assert_int_not_equal(access(scene.path, F_OK), 0);
    end(&scene);
}

static void everybody_may_connect_to_the_socket(void **state)
{
    struct stat status;
    struct scene scene;

    (void)state;
    begin(&scene);
    listen_for(&scene, NULL, NULL);
    assert_int_equal(stat(scene.path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0666);
    end(&scene);
}

static int reads_all_of_it(const struct scene *scene)
{
    char text[64];
    size_t records = 0;

    if (read_all(ask(scene, "feed"), text, sizeof text, &records) != 0)
        return 2;
    return records == (size_t)PORTIONS * RECORDS ? 0 : 3;
}

/* Twenty megabytes: many times what may wait for a peer. */
static void a_long_answer_arrives_whole(void **state)
{
    struct scene scene;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin(&scene);
    listen_for(&scene, NULL, NULL);
    assert_int_equal(as_nobody(&scene, reads_all_of_it), 0);
    assert_int_equal(scene.portions, PORTIONS);
    assert_false(scene.gone);
    end(&scene);
}

static void a_long_answer_waits_for_whoever_does_not_take_it(void **state)
{
    struct scene scene;
    int descriptor;

    (void)state;
    begin(&scene);
    listen_for(&scene, NULL, NULL);
    descriptor = ask(&scene, "feed");
    while (scene.portions == 0)
        uv_run(&scene.loop, UV_RUN_ONCE);
    for (int i = 0; i < 100; i++)
        uv_run(&scene.loop, UV_RUN_NOWAIT);
    assert_true(scene.portions < 20);
    close(descriptor);
    while (!scene.gone)
        uv_run(&scene.loop, UV_RUN_ONCE);
    end(&scene);
}

static void a_portion_with_nothing_in_it_does_not_stop_the_answer(void **state)
{
    struct scene scene;
    int descriptor;

    (void)state;
    begin(&scene);
    scene.records = 0;
    listen_for(&scene, NULL, NULL);
    descriptor = ask(&scene, "feed");
    while (scene.portions < PORTIONS)
        uv_run(&scene.loop, UV_RUN_ONCE);
    close(descriptor);
    end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_groups_outlive_the_configuration_that_gave_them),
        cmocka_unit_test(one_user_cannot_take_all_connections),
        cmocka_unit_test(a_folder_that_others_can_write_to_is_refused),
        cmocka_unit_test(everybody_may_connect_to_the_socket),
        cmocka_unit_test(a_long_answer_arrives_whole),
        cmocka_unit_test(a_long_answer_waits_for_whoever_does_not_take_it),
        cmocka_unit_test(a_portion_with_nothing_in_it_does_not_stop_the_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
