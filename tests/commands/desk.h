/* A fleet made by hand, and the program muster that is asked about it as a user asks.
 *
 *     cmocka_unit_test_setup_teardown(a_test, desk_open, desk_close)
 *     assert_int_equal(MUSTER("list", "--format", "json"), 0);
 *     assert_string_equal(json("$[0].id"), "2");
 *     assert_said(ran.out, "...");                             */
#ifndef DESK_H
#define DESK_H

#include "invoke.h"
#include "stock.h"

extern struct stock stock;
extern struct invoked ran; /* the last time that it was asked */

/* cmocka's set-ups and tear-down: stock_fleet, also with stock_verdicts. */
int desk_open(void **state);
int desk_open_judged(void **state);
int desk_close(void **state);

/* Its exit status. Options that stand behind: the stock's database, and no daemon. */
#define MUSTER(...) desk_ask((const char *const[]){ __VA_ARGS__, "--database", stock.path, "--control", "/none", NULL })
int desk_ask(const char *const *words);

/* Fails the test, showing all of the text, where it is not in it. */
void assert_said(const char *text, const char *said);

/* stock_json of what it wrote. */
const char *json(const char *path);

#endif
