#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "written.h"

#include "report.h"

#include <stdio.h>

struct stock stock;
struct query *query;
struct err err;

int written_start(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_report(&stock);
    err = ERR_EMPTY;
    query = query_open(stock.path, &err);
    return query == NULL;
}

int written_finish(void **state)
{
    (void)state;
    query_close(query);
    query = NULL;
    stock_finish(&stock);
    return 0;
}

char *written_text(const char *format, const struct query_report_wish *wish)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    if (!report_write(query, wish, report_format(format), "Weekly", "1.0", out, &err))
        fail_msg("%s", err.text);
    assert_int_equal(fclose(out), 0);
    return text;
}
