/* A fleet of virtual machines as a scan brings it. */
#ifndef GOODS_H
#define GOODS_H

#include "batch.h"

/* One of so many is another than in the edition before. */
#define GOODS_EACH 100

/* An empty batch gets so many machines of ten attributes and a host. Editions count from 0 to GOODS_EACH. */
void goods_fill(struct batch *batch, unsigned count, unsigned edition);

#endif
