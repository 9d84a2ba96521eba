#include "sessions.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

size_t sessions_count(struct rig *rig, const char *text)
{
    char *log = rig_read(rig, "log");
    size_t count = 0;

    for (const char *at = log; (at = strstr(at, text)) != NULL; at += strlen(text))
        count++;
    free(log);
    return count;
}

void sessions_order(struct rig *rig, const char *orders)
{
    rig_write(rig, "orders", "%s\n", orders);
}

static char targets[16384];

void sessions_add(const char *text)
{
    size_t size = strlen(targets);

    snprintf(targets + size, sizeof targets - size, "%s%s", size == 0 ? "" : ",\n", text);
}

void sessions_add_one(const struct rig *rig, const char *name, const char *more)
{
    char text[512];

    snprintf(text, sizeof text, "{ name = \"%s\"; plugin = \"session\"; options = { folder = \"%s\"; %s }; }", name,
             rig->folder, more);
    sessions_add(text);
}

void sessions_configure(struct rig *rig)
{
    rig_configure(rig, "targets = ( %s );\n", targets);
    targets[0] = '\0';
}

void sessions_reload(struct rig *rig)
{
    sessions_configure(rig);
    rig_reload(rig);
}

void sessions_scan(struct rig *rig, const char *orders, int status)
{
    sessions_order(rig, orders);
    assert_int_equal(rig_muster(rig, "scan", "t", NULL), status);
}

void sessions_begin(struct rig *rig)
{
    rig_begin(rig);
    sessions_order(rig, "well 1 well");
    sessions_add_one(rig, "t", "");
    sessions_configure(rig);
    rig_start(rig);
    sessions_scan(rig, "well 1 well", 0);
    assert_int_equal(sessions_count(rig, "t: given nothing"), 1);
    assert_int_equal(sessions_count(rig, "gave back"), 0);
}

void sessions_stop(struct rig *rig)
{
    assert_int_equal(kill(rig->daemon, SIGTERM), 0);
    assert_int_equal(rig_wait(rig), 0);
}

void sessions_end(struct rig *rig)
{
    assert_int_equal(sessions_count(rig, "something was still open"), 0);
    rig_end(rig);
}
