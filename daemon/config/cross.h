/* The second half of reading: entries become targets, and what names something else is checked against it. */
#ifndef CROSS_H
#define CROSS_H

#include "draft.h"

/* Everything below, in order. What is wrong becomes problems. */
void cross_check(struct draft *draft);

/* Targets out of entries, hosts expanded, credentials and plugins found. */
void cross_targets(struct draft *draft);

/* What hooks and maintenance windows ask for, and the scripts. */
void cross_hooks(struct draft *draft);

/* Each plugin that a target uses: its slots, and where its .so is. */
void cross_plugins(struct draft *draft);

#endif
