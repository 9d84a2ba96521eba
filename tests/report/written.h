/* Reports of the stock database (stock_report), written into memory. */
#ifndef WRITTEN_H
#define WRITTEN_H

#include "err.h"
#include "query_report.h"
#include "stock.h"

extern struct stock stock;
extern struct query *query; /* of the stock */
extern struct err err;      /* of the last thing that failed */

/* Setup and teardown of a test: a stock of its own, opened. */
int written_start(void **state);
int written_finish(void **state);

/* On the heap. Ends the test where it cannot be written. */
char *written_text(const char *format, const struct query_report_wish *wish);

#endif
