#include "vcfleet_test.h"

#include "peer_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define MOST_OPTIONS 30

int vcfleet_absent(void)
{
    return peer_absent(vcfleet_missing());
}

struct vcfleet *vcfleet_begin(const char *option, ...)
{
    const char *options[MOST_OPTIONS + 1] = { option };
    struct err err = ERR_EMPTY;
    struct vcfleet *fleet;
    va_list args;

    va_start(args, option);
    for (size_t i = 0; i < MOST_OPTIONS && options[i] != NULL; i++)
        options[i + 1] = va_arg(args, const char *);
    va_end(args);
    assert_null(options[MOST_OPTIONS]);
    fleet = vcfleet_start(options, &err);
    if (fleet == NULL)
        fail_msg("%s", err.text);
    return fleet;
}

const char *vcfleet_tell(struct vcfleet *fleet, const char *format, ...)
{
    const char *answer;
    va_list args;

    va_start(args, format);
    answer = peer_vtell(vcfleet_peer(fleet), format, args);
    va_end(args);
    return answer;
}

int64_t vcfleet_requests(struct vcfleet *fleet, const char *method)
{
    char path[160];

    vcfleet_tell(fleet, "count");
    snprintf(path, sizeof path, "methods.%s", method == NULL ? "" : method);
    return vcfleet_number(fleet, method == NULL ? "requests" : path);
}

int64_t vcfleet_sessions(struct vcfleet *fleet)
{
    vcfleet_tell(fleet, "count");
    return vcfleet_number(fleet, "sessions");
}
