/* Orders on their way to a plugin host: those that wait for room in its control socket, each with the descriptor of its
 * run's stream. */
#ifndef ORDERS_H
#define ORDERS_H

#include "err.h"
#include "list.h"
#include "message.h"

#include <stdint.h>

struct orders {
    struct list waiting;
};

void orders_init(struct orders *orders);

/* Drops what waits, with its descriptors. */
void orders_finish(struct orders *orders);

/* Puts one at the end. The descriptor is taken over. */
void orders_add(struct orders *orders, const struct message_order *order, int stream);

enum orders_answer {
    ORDERS_SENT,   /* none waits any more */
    ORDERS_WAIT,   /* there is no room for now, or nobody at the other end */
    ORDERS_FAILED, /* this one cannot be sent, for the reason in err, and was dropped; the others still wait */
};

/* Sends what waits over the control socket. id: of the one that failed. */
enum orders_answer orders_send(struct orders *orders, int control, uint64_t *id, struct err *err);

#endif
