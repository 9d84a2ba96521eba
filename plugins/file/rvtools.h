/* Hands the tabs of one RVTools export to the host, row by row. A bad row costs itself and makes the scan partial. */
#ifndef RVTOOLS_H
#define RVTOOLS_H

#include "relay.h"

#include <stdio.h>

struct rvtools;

/* The relay is borrowed. */
struct rvtools *rvtools_create(struct relay *relay);
void rvtools_destroy(struct rvtools *rvtools);

/* Reads one tab; vInfo goes first, as only it tells which servers are vCenter Servers. 0, or -1 after muster_fail(). */
int rvtools_read(struct rvtools *rvtools, FILE *stream);

#endif
