#include "peer_test.h"

#include "str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SKIPPED 77
#define PYTHON "/usr/bin/python3"
#define MOST_OPTIONS 30

static bool is(const char *variable, const char *value)
{
    const char *text = getenv(variable);

    return text != NULL && strcmp(text, value) == 0;
}

int peer_absent(const char *missing)
{
    if (missing == NULL)
        return 0;
    fprintf(stderr, "%s\n", missing);
    return is("CI", "true") || is("MUSTER_PEERS", "required") ? 1 : SKIPPED;
}

struct peer *peer_vbegin(const char *name, const char *program, const char *option, va_list args)
{
    const char *words[MOST_OPTIONS + 1] = { PYTHON, "-B", program, option };
    struct err err = ERR_EMPTY;
    struct peer *peer;

    for (size_t i = 3; i < MOST_OPTIONS && words[i] != NULL; i++)
        words[i + 1] = va_arg(args, const char *);
    assert_null(words[MOST_OPTIONS]);
    peer = peer_start(name, words, &err);
    if (peer == NULL)
        fail_msg("%s", err.text);
    return peer;
}

struct peer *peer_begin(const char *name, const char *program, ...)
{
    struct peer *peer;
    const char *option;
    va_list args;

    va_start(args, program);
    option = va_arg(args, const char *);
    peer = peer_vbegin(name, program, option, args);
    va_end(args);
    return peer;
}

const char *peer_vtell(struct peer *peer, const char *format, va_list args)
{
    struct str line = STR_EMPTY;
    struct err err = ERR_EMPTY;
    const char *answer;

    str_vformat(&line, format, args);
    answer = peer_command(peer, str_text(&line), &err);
    str_finish(&line);
    if (answer == NULL)
        fail_msg("%s", err.text);
    return answer;
}

const char *peer_tell(struct peer *peer, const char *format, ...)
{
    const char *answer;
    va_list args;

    va_start(args, format);
    answer = peer_vtell(peer, format, args);
    va_end(args);
    return answer;
}
