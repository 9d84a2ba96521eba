/* What a report reads of a database made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query_report.h"
#include "stock.h"
#include "str.h"

#include <string.h>

#define DAY INT64_C(86400000)

static struct stock stock;
static struct arena arena;
static struct query *query;
static struct query_report *report;
static struct query_report_head head;
static struct str told;
static struct err err;

static int start(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_report(&stock);
    arena_init(&arena, ARENA_PLAIN);
    err = ERR_EMPTY;
    query = query_open(stock.path, &err);
    return query == NULL;
}

static int finish(void **state)
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

static void must(bool good)
{
    if (!good)
        fail_msg("%s", err.text);
}

static void open_report(struct query_report_wish wish)
{
    query_report_close(report);
    if (wish.now == 0)
        wish.now = STOCK_NOW;
    report = query_report_open(query, &wish, &err);
    must(report != NULL);
    must(query_report_head(report, &arena, &head, &err));
}

/* ------------------------------------------------------------------------------------------------- protections ---- */

static bool tell_protection(void *context, const struct query_report_protection *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%lld %s %s %s%s%s %s [%s]\n", (long long)row->protection.asset.id, row->protection.method,
               row->protection.server, row->protection.verdict, row->protection.class[0] == '\0' ? "" : " ",
               row->protection.class, need_word(row->need), row->group);
    return true;
}

static const char *protections(enum need need)
{
    str_clear(&told);
    must(query_report_protections(report, need, tell_protection, NULL, &err));
    return str_text(&told);
}

static void what_counts_is_told_by_cause_then_key_then_name(void **state)
{
    (void)state;
    open_report((struct query_report_wish){ 0 });
    assert_string_equal(protections(NEED_NOTHING),
                        "2 image mabs01 unsupported act [cause: esx01.example]\n"
                        "8 agent mabs01 conditional look [server, physical, mabs-v2]\n"
                        "5 agent mabs02 unlisted gap  [server Windows Server 2012 R2, physical, mabs-v1]\n"
                        "1 agent mabs01 supported  [server Windows Server 2016, vmware-vm, mabs-v2]\n"
                        "4 agent mabs02 unlisted newer act [server Windows Server 2022, physical, mabs-v1]\n");
    assert_string_equal(protections(NEED_ACT),
                        "2 image mabs01 unsupported act [cause: esx01.example]\n"
                        "4 agent mabs02 unlisted newer act [server Windows Server 2022, physical, mabs-v1]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_counts_is_told_by_cause_then_key_then_name, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
