/* Reaches, in one way after the other, for what other processes would feel. Each must be refused. */
#include "muster_plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A socket that lingers makes whoever closes it last wait for its peer. */
static int linger(void)
{
    const struct linger hour = { .l_onoff = 1, .l_linger = 3600 };

    return setsockopt(socket(AF_INET, SOCK_STREAM, 0), SOL_SOCKET, SO_LINGER, &hour, sizeof hour);
}

static int local_service(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int hypervisor(void)
{
    return socket(AF_VSOCK, SOCK_STREAM, 0);
}

static int datagram_pair(void)
{
    int ends[2];

    return socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
}

static int file_flags(void)
{
    long flags = FS_SYNC_FL;

    return ioctl(open("/proc/self/exe", O_RDONLY), FS_IOC_SETFLAGS, &flags);
}

static int asynchronous_contexts(void)
{
    unsigned long context = 0;

    return (int)syscall(SYS_io_setup, 256, &context);
}

static int watches(void)
{
    return inotify_init1(0);
}

static int keyring(void)
{
    return (int)syscall(SYS_keyctl, 0 /* the id of a keyring */, -3 /* the session's */, 1);
}

static const struct {
    const char *name;
    int (*act)(void);
} reaches[] = {
    { "linger", linger },         { "local service", local_service },
    { "hypervisor", hypervisor }, { "datagrams", datagram_pair },
    { "file flags", file_flags }, { "asynchronous contexts", asynchronous_contexts },
    { "watches", watches },       { "keyring", keyring },
};

static int scan(struct muster *m)
{
    if (muster_bool(m, "well"))
        return 0;
    for (size_t i = 0; i < sizeof reaches / sizeof reaches[0]; i++) {
        errno = 0;
        if (reaches[i].act() >= 0 || errno != EPERM)
            return muster_fail(m, MUSTER_BUG, "%s: %s", reaches[i].name, strerror(errno));
    }
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "reach", .version = "1", .summary = "reaches for others", .options = options, .kinds = kinds,
              .scan = scan);
