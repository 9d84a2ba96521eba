#include "request.h"

#include "message.h"

#include <stdint.h>
#include <string.h>

#define FIELD_ROOM ((size_t)16) /* more than any field takes besides its bytes */

static bool check(int64_t number, int64_t least, int64_t most, const char *what, struct err *err)
{
    return (number >= least && number <= most) ||
           err_set(err, ERR_CONFIG, "the %s of a scan is %lld, which is not within %lld to %lld", what,
                   (long long)number, (long long)least, (long long)most);
}

static bool check_limits(const struct scan_request *request, struct err *err)
{
    return check(request->deadline_ms, 1, INT64_MAX / 1000000, "deadline in milliseconds", err) &&
           check(request->memory_mb, 0, UINT32_MAX, "memory limit in megabytes", err) &&
           check(request->cpu_s, 0, UINT32_MAX, "limit of processor seconds", err);
}

/* Not counted much further than the frame's own limit, past which it is refused. */
size_t request_room(const struct scan_request *request)
{
    size_t room = 1024 + request->token.size;

    for (size_t i = 0; i < request->options.count && room < FRAME_MAX; i++) {
        const struct option_given *given = &request->options.given[i];

        room += 2 * FIELD_ROOM + strlen(given->name);
        for (size_t j = 0; j < given->count && room < FRAME_MAX; j++)
            room += FIELD_ROOM + strlen(given->texts[j]);
    }
    return room;
}

bool request_write(struct str *out, const struct scan_request *request, struct err *err)
{
    const struct message message = {
        .type = MESSAGE_REQUEST,
        .request = { .mode = request->mode,
                     .options = request->options,
                     .token = { request->token.bytes == NULL ? "" : request->token.bytes, request->token.size } },
    };
    size_t room = request_room(request);

    if (room > FRAME_MAX)
        return err_set(err, ERR_CONFIG, "the options of a scan are larger than the %u bytes that a request may have",
                       FRAME_MAX);
    str_room(out, room);
    return check_limits(request, err) && (message_write(out, &message, err) || err_add(err, "the request of a scan"));
}

void request_wipe(struct str *bytes)
{
    if (bytes->bytes != NULL)
        explicit_bzero(bytes->bytes, bytes->capacity);
    str_finish(bytes);
}
