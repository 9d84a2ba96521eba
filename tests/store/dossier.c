#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dossier.h"

struct stock stock;
struct arena arena;
struct query *query;
struct query_report *report;
struct query_report_head head;
struct str told;
struct err err;

int dossier_open(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_report(&stock);
    arena_init(&arena, ARENA_PLAIN);
    err = ERR_EMPTY;
    query = query_open(stock.path, &err);
    return query == NULL;
}

int dossier_close(void **state)
{
    (void)state;
    query_report_close(report);
    report = NULL;
    query_close(query);
    query = NULL;
    str_finish(&told);
    arena_finish(&arena);
    stock_finish(&stock);
    return 0;
}

void dossier_must(bool good)
{
    if (!good)
        fail_msg("%s", err.text);
}

void dossier_read(struct query_report_wish wish)
{
    query_report_close(report);
    if (wish.now == 0)
        wish.now = STOCK_NOW;
    report = query_report_open(query, &wish, &err);
    dossier_must(report != NULL);
    dossier_must(query_report_head(report, &arena, &head, &err));
}
