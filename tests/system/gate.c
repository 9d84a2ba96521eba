#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

void gate_open(struct gate *gate, const char *right)
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

void gate_close(struct gate *gate)
{
    close(gate->stop[1]);
    pthread_join(gate->thread, NULL);
    close(gate->stop[0]);
    close(gate->listener);
}
