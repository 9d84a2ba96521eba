#include "far_end.h"

#include "far_tls.h"
#include "mem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PORTS 64
#define PRELOGIN_SIZE 47
#define DRIP_MS 20

struct door {
    struct far_end *far;
    struct far_port port;
    int listener;
    pthread_t thread;
};

struct far_end {
    struct sockaddr_storage address;
    socklen_t size;
    char host[64];
    atomic_int asked, accepted;
    atomic_bool over;
    struct door doors[MAX_PORTS];
    size_t count;
    struct far_browser browser;
    int browser_socket, other_socket;
    pthread_t browser_thread;
};

static void expect(bool truth)
{
    if (!truth)
        abort();
}

/* --------------------------------------------------------------------------------------------------- addresses ---- */

static void set_port(struct sockaddr_storage *address, int port)
{
    if (address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)address)->sin6_port = htons((uint16_t)port);
    else
        ((struct sockaddr_in *)address)->sin_port = htons((uint16_t)port);
}

static int bound(const struct far_end *far, int type, int port)
{
    struct sockaddr_storage address = far->address;
    int descriptor = socket(address.ss_family, type | SOCK_CLOEXEC, 0), yes = 1;

    set_port(&address, port);
    if (type == SOCK_STREAM)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (descriptor >= 0 && bind(descriptor, (const struct sockaddr *)&address, far->size) == 0)
        return descriptor;
    close(descriptor);
    return -1;
}

static int port_of(int descriptor)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;

    expect(getsockname(descriptor, (struct sockaddr *)&address, &size) == 0);
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

static struct far_end *adopt(struct far_end *far)
{
    int udp = bound(far, SOCK_DGRAM, 1434), tcp = bound(far, SOCK_STREAM, 1433);
    bool good = udp >= 0 && tcp >= 0;

    close(udp);
    close(tcp);
    far->browser_socket = far->other_socket = -1;
    if (good)
        return far;
    free(far);
    return NULL;
}

struct far_end *far_end_open(void)
{
    static atomic_uint opened;
    struct far_end *far = mem_new(1, sizeof *far);
    struct sockaddr_in *address = (struct sockaddr_in *)&far->address;
    unsigned number = ((unsigned)getpid() * 16 + opened++) & 0x3fffff;

    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(0x7f400001 + number);
    far->size = sizeof *address;
    inet_ntop(AF_INET, &address->sin_addr, far->host, sizeof far->host);
    return adopt(far);
}

struct far_end *far_end_open_six(void)
{
    struct far_end *far = mem_new(1, sizeof *far);
    struct sockaddr_in6 *address = (struct sockaddr_in6 *)&far->address;

    address->sin6_family = AF_INET6;
    address->sin6_addr = in6addr_loopback;
    far->size = sizeof *address;
    snprintf(far->host, sizeof far->host, "::1");
    return adopt(far);
}

const char *far_end_host(const struct far_end *far)
{
    return far->host;
}

/* ------------------------------------------------------------------------------------------------ connections ---- */

static bool read_whole(int descriptor, size_t size)
{
    char bytes[256];

    while (size > 0) {
        ssize_t got = recv(descriptor, bytes, size, 0);

        if (got <= 0)
            return false;
        size -= (size_t)got;
    }
    return true;
}

static void wait_for_end(int descriptor)
{
    while (read_whole(descriptor, 1))
        ;
}

/* The pace is what is tested, and no wait for anything. */
static void drip(const struct far_port *port, int descriptor)
{
    for (size_t at = 0;; at = (at + 1) % port->size) {
        if (send(descriptor, (const char *)port->bytes + at, 1, MSG_NOSIGNAL) != 1)
            return;
        poll(NULL, 0, DRIP_MS);
    }
}

static void flood(const struct far_port *port, int descriptor)
{
    const char *last = (const char *)port->bytes + port->size - FAR_PACKET;

    while (send(descriptor, last, FAR_PACKET, MSG_NOSIGNAL) > 0)
        ;
}

static void reset_on_close(int descriptor)
{
    const struct linger now = { .l_onoff = 1 };

    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void serve(const struct far_port *port, int descriptor)
{
    if (port->manner == FAR_STRICT) {
        far_tls_strict(port, descriptor);
        return;
    }
    if (port->manner == FAR_SILENT || !read_whole(descriptor, PRELOGIN_SIZE)) {
        wait_for_end(descriptor);
        return;
    }
    if (port->manner == FAR_RESETS)
        reset_on_close(descriptor);
    if (port->manner == FAR_CLOSES || port->manner == FAR_RESETS)
        return;
    if (port->manner == FAR_DRIPS) {
        drip(port, descriptor);
        return;
    }
    if (port->size > 0)
        send(descriptor, port->bytes, port->size, MSG_NOSIGNAL);
    if (port->manner == FAR_LEAVES) {
        read_whole(descriptor, 1);
        return;
    }
    if (port->manner == FAR_TLS)
        far_tls_inside(port, descriptor);
    if (port->manner == FAR_FLOODS)
        flood(port, descriptor);
    wait_for_end(descriptor);
}

static void *keep_door(void *context)
{
    struct door *door = context;
    sigset_t broken;
    int descriptor;

    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken, NULL);
    while ((descriptor = accept4(door->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        door->far->accepted++;
        serve(&door->port, descriptor);
        close(descriptor);
    }
    return NULL;
}

int far_end_listen(struct far_end *far, const struct far_port *port)
{
    struct door *door = &far->doors[far->count++];

    expect(far->count <= MAX_PORTS);
    door->far = far;
    door->port = *port;
    door->listener = bound(far, SOCK_STREAM, port->port);
    expect(door->listener >= 0 && listen(door->listener, 16) == 0);
    expect(pthread_create(&door->thread, NULL, keep_door, door) == 0);
    return port_of(door->listener);
}

/* ------------------------------------------------------------------------------------------------- the browser ---- */

static void answer(struct far_end *far, const struct sockaddr_storage *from, socklen_t size)
{
    const struct far_browser *browser = &far->browser;
    int descriptor = far->other_socket >= 0 ? far->other_socket : far->browser_socket;

    if (browser->rubbish != NULL)
        sendto(descriptor, browser->rubbish, browser->rubbish_size, MSG_NOSIGNAL, (const struct sockaddr *)from, size);
    if (browser->bytes != NULL)
        sendto(descriptor, browser->bytes, browser->size, MSG_NOSIGNAL, (const struct sockaddr *)from, size);
}

static void *browse(void *context)
{
    struct far_end *far = context;
    struct sockaddr_storage from;
    unsigned char request[16];

    for (;;) {
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(far->browser_socket, request, sizeof request, 0, (struct sockaddr *)&from, &size);

        if (far->over)
            return NULL;
        if (got != 1 || request[0] != 0x03)
            continue;
        if (far->asked++ >= far->browser.lost)
            answer(far, &from, size);
    }
}

void far_end_browse(struct far_end *far, const struct far_browser *browser)
{
    far->browser = *browser;
    far->browser_socket = bound(far, SOCK_DGRAM, 1434);
    expect(far->browser_socket >= 0);
    if (browser->other_address) {
        struct far_end *other = far_end_open();

        expect(other != NULL);
        far->other_socket = bound(other, SOCK_DGRAM, 1434);
        far_end_close(other);
    } else if (browser->other_port) {
        far->other_socket = bound(far, SOCK_DGRAM, 0);
    }
    expect(pthread_create(&far->browser_thread, NULL, browse, far) == 0);
}

/* --------------------------------------------------------------------------------------------------- the end ---- */

static void close_browser(struct far_end *far)
{
    if (far->browser_socket < 0)
        return;
    shutdown(far->browser_socket, SHUT_RDWR); /* wakes the thread, although it says that it is not connected */
    pthread_join(far->browser_thread, NULL);
    close(far->browser_socket);
    if (far->other_socket >= 0)
        close(far->other_socket);
}

void far_end_close(struct far_end *far)
{
    if (far == NULL)
        return;
    far->over = true;
    close_browser(far);
    for (size_t i = 0; i < far->count; i++) {
        shutdown(far->doors[i].listener, SHUT_RDWR);
        pthread_join(far->doors[i].thread, NULL);
        close(far->doors[i].listener);
    }
    free(far);
}

int far_end_asked(struct far_end *far)
{
    return far->asked;
}

int far_end_accepted(struct far_end *far)
{
    return far->accepted;
}

/* -------------------------------------------------------------------------------------------------- messages ---- */

size_t far_end_reply(void *out, const char *text)
{
    unsigned char *bytes = out;
    size_t size = strlen(text);

    bytes[0] = 0x05;
    bytes[1] = (unsigned char)size;
    bytes[2] = (unsigned char)(size >> 8);
    memcpy(bytes + 3, text, size);
    return size + 3;
}

size_t far_end_prelogin(void *out, int major, int minor, int build, int encryption)
{
    unsigned char bytes[] = "\x04\x01\x00\x1a\x00\x00\x00\x00"
                            "\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff"
                            "\x00\x00\x00\x00\x00\x00\x00";

    bytes[19] = (unsigned char)major;
    bytes[20] = (unsigned char)minor;
    bytes[21] = (unsigned char)(build >> 8);
    bytes[22] = (unsigned char)build;
    bytes[25] = (unsigned char)encryption;
    memcpy(out, bytes, sizeof bytes - 1);
    return sizeof bytes - 1;
}
