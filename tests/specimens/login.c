/* Logs in: sends its password to host:port and does what the answer says, y or n. The test is the other end, and
 * counts. Where it sees something all the same (the option blind is no), a refusal costs it no record. */
#include "muster_plugin.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int connect_to(const char *host, const char *port)
{
    const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int descriptor = -1;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    descriptor = socket(found->ai_family, SOCK_STREAM, 0);
    if (descriptor >= 0 && connect(descriptor, found->ai_addr, found->ai_addrlen) != 0) {
        close(descriptor);
        descriptor = -1;
    }
    freeaddrinfo(found);
    return descriptor;
}

/* 'y', 'n', or 0 where there was no answer. */
static char log_in(struct muster *m)
{
    const char *password = muster_secret(m, "password", NULL);
    int descriptor = connect_to(muster_text(m, "host"), muster_text(m, "port"));
    char answer = 0;

    if (descriptor < 0)
        return 0;
    if (send(descriptor, password, strlen(password) + 1, MSG_NOSIGNAL) < 0 || recv(descriptor, &answer, 1, 0) != 1)
        answer = 0;
    close(descriptor);
    return answer;
}

static int scan(struct muster *m)
{
    char answer = log_in(m);

    if (answer == 0 && !muster_bool(m, "blind")) {
        muster_untried(m);
        return muster_emit(muster_item(m, "machine", muster_text(m, "host")));
    }
    if (answer == 0)
        return muster_fail(m, MUSTER_UNREACHABLE, "%s: no answer: %s", muster_text(m, "host"), strerror(errno));
    if (answer != 'y' && !muster_bool(m, "blind"))
        muster_refused(m, "%s: the password was refused", muster_text(m, "host"));
    else if (answer != 'y')
        return muster_fail(m, MUSTER_DENIED, "%s: the password was refused", muster_text(m, "host"));
    return muster_emit(muster_item(m, "machine", muster_text(m, "host")));
}

static int doctor(struct muster *m)
{
    char answer = log_in(m);

    muster_step(m, "login", answer == 'y' ? MUSTER_STEP_OK : MUSTER_STEP_FAILED, "what the other end said",
                answer == 'y' ? NULL : "give it the right password");
    if (answer != 'n')
        return 0;
    if (muster_bool(m, "blind"))
        return muster_fail(m, MUSTER_DENIED, "the password was refused");
    muster_refused(m, "the password was refused");
    return 0;
}

static const struct muster_option options[] = {
    { .name = "host", .type = MUSTER_TEXT, .required = 1, .help = "its address" },
    { .name = "port", .type = MUSTER_TEXT, .required = 1, .help = "its port" },
    { .name = "username", .type = MUSTER_TEXT, .help = "who logs in" },
    { .name = "blind", .type = MUSTER_BOOL, .fallback = "yes", .help = "whether it sees nothing without a login" },
    { .name = "password", .type = MUSTER_SECRET, .required = 1, .help = "what it says" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "login", .version = "1", .summary = "logs in", .options = options, .kinds = kinds, .scan = scan,
              .doctor = doctor);
