#include "packet.h"

#include <errno.h>
#include <sys/socket.h>

static const bool from_host[MESSAGE_TYPE_COUNT] = {
    [MESSAGE_HELLO] = true,
    [MESSAGE_OPTION] = true,
    [MESSAGE_EXIT] = true,
    [MESSAGE_REFUSED] = true,
};

void packet_init(struct packet *packet)
{
    packet->bytes = STR_EMPTY;
    packet->decoder = FRAME_DECODER_EMPTY;
    arena_init(&packet->arena, ARENA_PLAIN);
}

void packet_finish(struct packet *packet)
{
    str_finish(&packet->bytes);
    frame_decoder_finish(&packet->decoder);
    arena_finish(&packet->arena);
}

static bool understand(struct packet *packet, struct message *message, struct err *err)
{
    struct frame frame;

    switch (frame_next(&packet->decoder, &frame, err)) {
    case FRAME_READY: break;
    case FRAME_MORE: return err_set(err, ERR_PROTOCOL, "a message is cut off");
    default: return false;
    }
    if (frame_pending(&packet->decoder) > 0)
        return err_set(err, ERR_PROTOCOL, "there is more than one message in a packet");
    if (!message_read(&frame, &packet->arena, message, err))
        return false;
    return from_host[message->type] ||
           err_set(err, ERR_PROTOCOL, "a message %s, which is not a host's to send", message_name(message->type));
}

/* The size of the next packet, which can be more than what is taken of it; 0 at the end. */
static ssize_t next_size(int control)
{
    return recv(control, NULL, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
}

enum packet_answer packet_read(struct packet *packet, int control, struct message *message, struct err *err)
{
    ssize_t size = next_size(control);

    packet_finish(packet);
    packet_init(packet);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return PACKET_NONE;
    if (size <= 0)
        return PACKET_END;
    if (size > (ssize_t)FRAME_MAX)
        size = (ssize_t)FRAME_MAX; /* what is cut off is found to be */
    size = recv(control, str_room(&packet->bytes, (size_t)size), (size_t)size, MSG_DONTWAIT);
    if (size <= 0)
        return PACKET_END;
    frame_feed(&packet->decoder, packet->bytes.bytes, (size_t)size);
    return understand(packet, message, err) ? PACKET_READ : PACKET_BAD;
}
