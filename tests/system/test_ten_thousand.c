/* Ten thousand targets: what is asked of all of them at once. */
#include "rig.h"

#include "str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TARGETS 10000
#define NAME "a folder that is not there and has a long name, as folders have on machines that many people use"
#define LONG_TEXT NAME "/" NAME "/" NAME "/" NAME

/* All fail at once, and with a message of some length: their password is not there. */
static void configure(struct rig *rig)
{
    struct str entries = STR_EMPTY;

    for (int entry = 0; entry < 10; entry++) {
        str_format(&entries, "%s{ name = \"n%d\"; plugin = \"login\"; credential = \"scan\"; every = \"1w\";",
                   entry == 0 ? "" : ",\n", entry);
        str_add(&entries, " options = { port = \"9\"; }; hosts = [ ");
        for (int i = 0; i < TARGETS / 10; i++)
            str_format(&entries, "%s\"host-%d-%d.example.test\"", i == 0 ? "" : ", ", entry, i);
        str_add(&entries, " ]; }");
    }
    rig_configure(rig,
                  "credentials = ( { name = \"scan\"; username = \"u\"; password_file = \"" LONG_TEXT "\"; } );\n"
                  "targets = ( %s );\n",
                  str_text(&entries));
    str_finish(&entries);
}

static size_t lines_of(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += *text == '\n' ? 1 : 0;
    return count;
}

static void all_of_them_can_be_scanned_and_shown(void **state)
{
    struct rig rig;

    (void)state;
    rig_begin(&rig);
    configure(&rig);
    rig_start(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 1);
    assert_true(lines_of(rig.out) >= TARGETS);
    assert_int_equal(rig_muster(&rig, "--format", "csv", "status", NULL), 0);
    assert_true(lines_of(rig.out) >= TARGETS);
    assert_true(strlen(rig.out) > (size_t)5 << 20);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_them_can_be_scanned_and_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
