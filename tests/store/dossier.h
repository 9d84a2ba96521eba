/* A report over the database made by hand (stock.h), which tests of its reading side share.
 *
 *     cmocka_unit_test_setup_teardown(test, dossier_open, dossier_close)
 *     dossier_read((struct query_report_wish){ 0 });      report and head are those of that wish */
#ifndef DOSSIER_H
#define DOSSIER_H

#include "arena.h"
#include "err.h"
#include "query_report.h"
#include "stock.h"
#include "str.h"

#include <stdbool.h>

extern struct stock stock;
extern struct arena arena;
extern struct query *query;
extern struct query_report *report; /* the one that is open, or NULL */
extern struct query_report_head head;
extern struct str told; /* for what rows say */
extern struct err err;

int dossier_open(void **state);
int dossier_close(void **state);

/* Fails the test with err where it is not good. */
void dossier_must(bool good);

/* Closes the report that is open and opens this one; without a time, now is STOCK_NOW. */
void dossier_read(struct query_report_wish wish);

#endif
