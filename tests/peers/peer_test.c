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
