/* Says that this was all, and stays. */
#include "message.h"
#include "muster_plugin.h"

#include <sys/stat.h>
#include <unistd.h>

/* The stream is the only socket there is. */
static int stream(void)
{
    struct stat status;
    int descriptor = 3;

    while (fstat(descriptor, &status) != 0 || !S_ISSOCK(status.st_mode))
        descriptor++;
    return descriptor;
}

static void send_message(const struct message *message)
{
    struct str out = STR_EMPTY;

    message_write(&out, message, NULL);
    if (write(stream(), out.bytes, out.length) < 0)
        _exit(1);
    str_finish(&out);
}

static int scan(struct muster *m)
{
    struct message end = { .type = MESSAGE_END, .end = { .completeness = COMPLETE } };

    if (muster_bool(m, "well"))
        return 0;
    send_message(&end);
    for (;;)
        pause();
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "end_hang", .version = "1", .summary = "stays after its end", .options = options, .kinds = kinds,
              .scan = scan);
