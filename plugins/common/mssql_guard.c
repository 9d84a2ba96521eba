#include "mssql_guard.h"

#include "clock.h"
#include "mem.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_DESCRIPTORS 4096
#define AGAIN_MS 20 /* between two looks, once the time is over: the driver may be just about to connect */

struct mssql_guard {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int64_t until;  /* 0: nothing is guarded */
    int64_t waking; /* when the thread looks next by itself; INT64_MAX: never */
    bool over, ended;
    struct sockaddr_storage peer;
    int descriptors;      /* there can be */
    int ended_descriptor; /* what is read from it is at its end */
};

/* ------------------------------------------------------------------------------------------------ the thread ---- */

static bool is_same(const struct sockaddr_storage *one, const struct sockaddr_storage *other)
{
    struct sockaddr_in four = { 0 }, other_four = { 0 };
    struct sockaddr_in6 six = { 0 }, other_six = { 0 };

    if (one->ss_family != other->ss_family)
        return false;
    memcpy(&four, one, sizeof four);
    memcpy(&other_four, other, sizeof other_four);
    if (four.sin_family == AF_INET)
        return four.sin_port == other_four.sin_port && four.sin_addr.s_addr == other_four.sin_addr.s_addr;
    memcpy(&six, one, sizeof six);
    memcpy(&other_six, other, sizeof other_six);
    return six.sin6_port == other_six.sin6_port &&
           memcmp(&six.sin6_addr, &other_six.sin6_addr, sizeof six.sin6_addr) == 0;
}

/* A connection that is only shut down still brings whatever somebody keeps sending, and FreeTDS looks for ever at one
 * that is dissolved. So in its place comes one that is at its end; shutting it down wakes who waits for the old one. */
static void shut(const struct mssql_guard *guard)
{
    for (int descriptor = 0; descriptor < guard->descriptors; descriptor++) {
        struct sockaddr_storage peer = { 0 };
        socklen_t size = sizeof peer;

        if (getpeername(descriptor, (struct sockaddr *)&peer, &size) != 0 || !is_same(&peer, &guard->peer))
            continue;
        shutdown(descriptor, SHUT_RDWR);
        dup3(guard->ended_descriptor, descriptor, O_CLOEXEC);
    }
}

static void sleep_until(struct mssql_guard *guard, int64_t ms)
{
    const struct timespec time = { .tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000 };

    guard->waking = ms;
    if (ms == INT64_MAX)
        pthread_cond_wait(&guard->changed, &guard->lock);
    else
        pthread_cond_timedwait(&guard->changed, &guard->lock, &time);
}

static void *watch(void *context)
{
    struct mssql_guard *guard = context;

    pthread_mutex_lock(&guard->lock);
    while (!guard->ended) {
        int64_t now = clock_mono_ms(&clock_system);

        if (guard->until == 0) {
            sleep_until(guard, INT64_MAX);
        } else if (guard->until > now) {
            sleep_until(guard, guard->until);
        } else {
            guard->over = true;
            shut(guard);
            sleep_until(guard, now + AGAIN_MS);
        }
    }
    pthread_mutex_unlock(&guard->lock);
    return NULL;
}

/* ------------------------------------------------------------------------------------------------- its owner ---- */

static bool read_address(struct mssql_guard *guard, const char *address, int port, struct err *err)
{
    const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *found;
    char service[16];
    int code;

    snprintf(service, sizeof service, "%d", port);
    code = getaddrinfo(address, service, &wanted, &found);
    if (code != 0)
        return err_set(err, ERR_CONFIG, "%s is no address: %s", address, gai_strerror(code));
    memcpy(&guard->peer, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

/* The time of the condition is the monotonic clock's, as that of clock_mono_ms. */
static void make_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

static bool make_end(struct mssql_guard *guard, struct err *err)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return err_system(err, "a pair of sockets");
    close(pair[1]);
    guard->ended_descriptor = pair[0];
    return true;
}

static bool start(struct mssql_guard *guard, struct err *err)
{
    int code = pthread_create(&guard->thread, NULL, watch, guard);

    return code == 0 || err_set(err, ERR_SYSTEM, "a thread: %s", strerror(code));
}

static void release(struct mssql_guard *guard)
{
    if (guard->ended_descriptor >= 0)
        close(guard->ended_descriptor);
    pthread_cond_destroy(&guard->changed);
    pthread_mutex_destroy(&guard->lock);
    free(guard);
}

struct mssql_guard *mssql_guard_create(const char *address, int port, struct err *err)
{
    struct mssql_guard *guard = mem_new(1, sizeof *guard);
    struct rlimit limit = { .rlim_cur = MAX_DESCRIPTORS };

    getrlimit(RLIMIT_NOFILE, &limit);
    guard->descriptors = limit.rlim_cur < MAX_DESCRIPTORS ? (int)limit.rlim_cur : MAX_DESCRIPTORS;
    pthread_mutex_init(&guard->lock, NULL);
    make_condition(&guard->changed);
    guard->ended_descriptor = -1;
    if (read_address(guard, address, port, err) && make_end(guard, err) && start(guard, err))
        return guard;
    release(guard);
    return NULL;
}

void mssql_guard_destroy(struct mssql_guard *guard)
{
    if (guard == NULL)
        return;
    pthread_mutex_lock(&guard->lock);
    guard->ended = true;
    pthread_cond_signal(&guard->changed);
    pthread_mutex_unlock(&guard->lock);
    pthread_join(guard->thread, NULL);
    release(guard);
}

/* A row after the other is guarded: the thread is left asleep where it wakes soon enough. */
void mssql_guard_begin(struct mssql_guard *guard, int64_t ms)
{
    int64_t now = clock_mono_ms(&clock_system);

    pthread_mutex_lock(&guard->lock);
    guard->over = false;
    guard->until = ms > INT64_MAX - now ? INT64_MAX : now + (ms > 0 ? ms : 0);
    if (guard->until < guard->waking)
        pthread_cond_signal(&guard->changed);
    pthread_mutex_unlock(&guard->lock);
}

bool mssql_guard_end(struct mssql_guard *guard)
{
    bool over;

    pthread_mutex_lock(&guard->lock);
    guard->until = 0;
    over = guard->over;
    pthread_mutex_unlock(&guard->lock);
    return over;
}
