/* Hooks in the configuration: what is right, what is wrong, and what is only doubtful. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "yard.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (24 * INT64_C(60) * MINUTE_MS)

static int open_with_script(void **state)
{
    if (yard_open(state) != 0)
        return -1;
    yard_write("say", "#!/bin/sh\n");
    return chmod(yard_path("say"), 0755);
}

static void a_hook_is_read(void **state)
{
    const struct config_hook *hook;

    (void)state;
    yard_write("say.conf", "");
    yard_load(
        "targets = ( { name = \"c\"; plugin = \"file\"; hosts = [ \"a\", \"b\" ]; tags = [ \"t\" ]; } );\n"
        "assign = ( { owner = \"Ann\"; site = \"x\"; criticality = \"high\"; } );\n"
        "hooks = ( { name = \"h\";\n run = \"say\"; settings = \"say.conf\"; events = [ \"finding.opened\", "
        "\"asset.gone\" ]; classes = [ \"act\", \"look\" ]; verdicts = [ \"unlisted\" ]; workloads = ( \"sql\" ); "
        "owners "
        "= [ \"ann\", \"d*\" ]; sites = [ \"X\" ]; criticalities = [ \"high\" ]; targets = [ \"c\", \"c/A\" ]; tags = "
        "[ "
        "\"t\" ]; grace = \"0s\"; window = \"1d\"; rate = 0; storm = 5; timeout = \"1h\"; give_up = \"1m\"; } );");
    yard_loads();
    yard_count_warnings(0);
    assert_int_equal(yard.config->hooks.count, 1);
    hook = &yard.config->hooks.items[0];
    assert_string_equal(hook->name, "h");
    assert_string_equal(hook->run, yard_path("say"));
    assert_string_equal(hook->settings, yard_path("say.conf"));
    assert_int_equal(hook->events.count, 2);
    assert_string_equal(hook->events.words[1], "asset.gone");
    assert_int_equal(hook->classes.count, 2);
    assert_string_equal(hook->verdicts.words[0], "unlisted");
    assert_string_equal(hook->workloads.words[0], "sql");
    assert_string_equal(hook->owners.words[1], "d*");
    assert_string_equal(hook->sites.words[0], "X");
    assert_string_equal(hook->criticalities.words[0], "high");
    assert_string_equal(hook->targets.words[1], "c/A");
    assert_string_equal(hook->tags.words[0], "t");
    assert_true(hook->grace_ms == 0 && hook->window_ms == DAY_MS && hook->timeout_ms == INT64_C(60) * MINUTE_MS);
    assert_true(hook->give_up_ms == MINUTE_MS);
    assert_int_equal(hook->rate, 0);
    assert_int_equal(hook->storm, 5);
    assert_int_equal(hook->place.line, 3);
    assert_int_equal(hook->run_place.line, 4);
}

static void what_a_hook_does_not_say_has_its_default(void **state)
{
    const struct config_hook *hook;

    (void)state;
    yard_load("hooks = ( { name = \"h\"; run = \"say\"; } );");
    yard_loads();
    hook = &yard.config->hooks.items[0];
    assert_null(hook->settings);
    assert_int_equal(hook->events.count + hook->classes.count + hook->verdicts.count + hook->workloads.count, 0);
    assert_int_equal(hook->owners.count + hook->sites.count + hook->criticalities.count + hook->targets.count, 0);
    assert_true(hook->grace_ms == INT64_C(5) * MINUTE_MS && hook->window_ms == MINUTE_MS && hook->timeout_ms == 30000);
    assert_true(hook->give_up_ms == INT64_C(3) * DAY_MS);
    assert_int_equal(hook->rate, 30);
    assert_int_equal(hook->storm, 20);
}

#define HOOK "name = \"h\"; run = \"say\"; "

static const struct {
    const char *text;
    const char *sentence;
} cases[] = {
    { "hooks = { };", "hooks: expected a list of groups" },
    { "hooks = ( \"say\" );", "hooks: expected a group" },
    { "hooks = ( { run = \"say\"; } );", "a hook has no name; add: name = \"...\";" },
    { "hooks = ( { name = \"h\"; } );", "a hook has no run; add: run = \"...\";" },
    { "hooks = ( { " HOOK "event = [ \"finding.opened\" ]; } );",
      "event: a hook has no such key; the nearest is events" },
    { "hooks = ( { name = \"a\\nb\"; run = \"say\"; } );", "name: \"a\\nb\" holds U+000A" },
    { "hooks = ( { name = \"h\"; run = \"\"; } );", "run: expected a path of 1 to 4095 bytes" },
    { "hooks = ( { name = \"h\"; run = [ \"say\" ]; } );", "run: expected a path in quotes" },
    { "hooks = ( { " HOOK "events = [ \"finding.open\" ]; } );", "; the nearest is finding.opened" },
    { "hooks = ( { " HOOK "events = [ \"hook.test\" ]; } );", "events: \"hook.test\" is none of finding.opened, " },
    { "hooks = ( { " HOOK "events = \"finding.opened\"; } );", "events: expected a list of texts" },
    { "hooks = ( { " HOOK "events = [ ]; } );", "events: an empty list; name something, or leave the key out" },
    { "hooks = ( { " HOOK "owners = ( ); } );", "owners: an empty list" },
    { "hooks = ( { " HOOK "owners = { }; } );", "owners: an empty list" },
    { "hooks = ( { " HOOK "classes = [ \"acts\" ]; } );",
      "classes: \"acts\" is none of act, decide, look; the nearest is act" },
    { "hooks = ( { " HOOK "verdicts = [ \"supported\" ]; } );", "verdicts: \"supported\" is none of unsupported, " },
    { "hooks = ( { " HOOK "workloads = [ 1 ]; } );", "workloads: expected a word in quotes" },
    { "hooks = ( { " HOOK "tags = [ \" t\" ]; } );", "tags: \" t\" has blanks around it" },
    { "hooks = ( { " HOOK "grace = \"8d\"; } );", "grace: \"8d\" is out of bounds: 0s to 1w is possible" },
    { "hooks = ( { " HOOK "window = \"25h\"; } );", "window: \"25h\" is out of bounds: 0s to 1d is possible" },
    { "hooks = ( { " HOOK "timeout = \"0s\"; } );", "timeout: \"0s\" is out of bounds: 1s to 1h is possible" },
    { "hooks = ( { " HOOK "give_up = \"59s\"; } );", "give_up: \"59s\" is out of bounds: 1m to 60d is possible" },
    { "hooks = ( { " HOOK "rate = -1; } );", "rate: -1 is out of bounds: 0 to 100000 is possible" },
    { "hooks = ( { " HOOK "storm = 1.5; } );", "storm: expected a whole number" },
    { "hooks = ( { " HOOK "}, { " HOOK "} );", "a hook \"h\" is already at " },
};

/* Each stands on line 3, and is the only thing that is wrong. */
static void each_mistake_has_its_sentence_at_its_line(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        str_clear(&text);
        str_format(&text, "# one\n/* two */\n%s\n", cases[i].text);
        yard_load(str_text(&text));
        yard_has(3, cases[i].sentence);
        yard_count(1);
    }
    str_finish(&text);
}

static void all_that_is_wrong_with_hooks_is_told_at_once(void **state)
{
    (void)state;
    yard_load("hooks = (\n{ name = \"h\"; run = 1; events = [ \"x\", \"y\" ]; },\n{ timeout = \"2h\"; },\n{ name = "
              "\"h\"; run = \"say\"; classes = [ ]; } );");
    yard_count(8);
    yard_has(2, "run: ");
    yard_has(2, "\"x\" is none of");
    yard_has(2, "\"y\" is none of");
    yard_has(3, "no name");
    yard_has(3, "no run");
    yard_has(3, "timeout: ");
    yard_has(4, "classes: ");
    yard_has(4, "already at");
}

static void there_are_a_hundred_hooks_and_no_more(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "hooks = (");
    for (int i = 0; i < 100; i++)
        str_format(&text, "%s{ name = \"h%d\"; run = \"say\"; }", i == 0 ? "" : ",", i);
    str_add(&text, ");");
    yard_load(str_text(&text));
    yard_loads();
    text.length -= 2;
    str_add(&text, ",\n{ name = \"h100\"; run = \"say\"; } );");
    yard_load(str_text(&text));
    yard_count(1);
    yard_has(2, "more than 100 hooks");
    str_finish(&text);
}

/* A hook that never hears of anything is seen by nobody. */
static void a_filter_that_nothing_can_meet_is_warned_of(void **state)
{
    (void)state;
    yard_load("targets = ( { name = \"c\"; plugin = \"file\"; hosts = [ \"a\" ]; tags = [ \"t\" ]; } );\n"
              "assign = ( { owner = \"Ann\"; site = \"x\"; criticality = \"high\"; } );\nhooks = (\n"
              "{ " HOOK "targets = [ \"c\", \"C/A\", \"z*\", \"c/b\" ]; owners = [ \"ANN\", \"bob\" ];\n"
              "sites = [ \"y\", \"?\" ]; criticalities = [ \"low\" ]; tags = [ \"u\" ]; } );");
    yard_loads();
    yard_count_warnings(5);
    yard_warns(4, "targets: there is no target \"c/b\"");
    yard_warns(4, "owners: no rule of assign gives the owner \"bob\"");
    yard_warns(4, "sites: no rule of assign gives the site \"y\"");
    yard_warns(4, "criticalities: no rule of assign gives the criticality \"low\"");
    yard_warns(4, "tags: no target has the tag \"u\"");
}

static void a_script_that_cannot_be_run_is_warned_of_and_nothing_more(void **state)
{
    (void)state;
    yard_write("open", "");
    yard_write("plain", "");
    assert_int_equal(chmod(yard_path("open"), 0777), 0);
    yard_load("targets = ( { name = \"a\"; plugin = \"file\"; } );\nhooks = (\n"
              "{ name = \"a\"; run = \"none\"; },\n{ name = \"b\"; run = \"open\"; },\n{ name = \"c\"; run = "
              "\"plain\"; },\n{ name = \"d\"; run = \"plugins\"; },\n{ name = \"e\"; run = \"say\"; settings = "
              "\"open\"; } );");
    yard_loads();
    yard_count_warnings(5);
    yard_warns(3, "run: ");
    yard_warns(3, "none cannot be looked at: No such file");
    yard_warns(4, "chmod o-w");
    yard_warns(5, "plain may not be executed; mend it with: chmod +x");
    yard_warns(6, "plugins is not a regular file");
    yard_warns(7, "settings: ");
}

#define YARD(test) cmocka_unit_test_setup_teardown(test, open_with_script, yard_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        YARD(a_hook_is_read),
        YARD(what_a_hook_does_not_say_has_its_default),
        YARD(each_mistake_has_its_sentence_at_its_line),
        YARD(all_that_is_wrong_with_hooks_is_told_at_once),
        YARD(there_are_a_hundred_hooks_and_no_more),
        YARD(a_filter_that_nothing_can_meet_is_warned_of),
        YARD(a_script_that_cannot_be_run_is_warned_of_and_nothing_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
