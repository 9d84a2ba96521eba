#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

#include <string.h>

struct stock stock;
struct invoked ran;

int desk_open(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_fleet(&stock);
    return 0;
}

int desk_open_judged(void **state)
{
    desk_open(state);
    stock_verdicts(&stock);
    return 0;
}

int desk_close(void **state)
{
    (void)state;
    invoke_finish(&ran);
    stock_finish(&stock);
    return 0;
}

int desk_ask(const char *const *words)
{
    invoke_finish(&ran);
    invoke(&ran, NULL, words);
    return ran.status;
}

void assert_said(const char *text, const char *said)
{
    if (strstr(text, said) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", said, text);
}

const char *json(const char *path)
{
    return stock_json(&stock, ran.out, path);
}
