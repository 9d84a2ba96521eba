/* What a plugin host says, a packet at a time: one whole message of those that are a host's to send. */
#ifndef PACKET_H
#define PACKET_H

#include "err.h"
#include "frame.h"
#include "message.h"

#include <stddef.h>

enum packet_answer {
    PACKET_READ, /* message is good until the next packet_read or packet_finish */
    PACKET_NONE, /* there is none for now */
    PACKET_END,  /* there will be none any more */
    PACKET_BAD,  /* it is not what a host says, and err says why (class protocol) */
};

/* Its memory is that of one packet. */
struct packet {
    struct str bytes;
    struct frame_decoder decoder;
    struct arena arena;
};

void packet_init(struct packet *packet);
void packet_finish(struct packet *packet);

/* control is a socket of type SOCK_SEQPACKET; never waits. */
enum packet_answer packet_read(struct packet *packet, int control, struct message *message, struct err *err);

#endif
