/* Which hook hears of what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hook.h"

#define WORDS(...)                                                                                                     \
    {                                                                                                                  \
        (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)      \
    }

/* An unsupported SQL server of the finance people in Delft, seen by two targets. */
static const struct hook_subject server = {
    .what = EVENT_FINDING_OPENED,
    .need = NEED_ACT,
    .verdict = "unsupported",
    .workload = "sql",
    .owner = "Finance",
    .site = "delft-1",
    .criticality = "high",
    .targets = WORDS("hv/hv01.example", "sql-farm"),
    .tags = WORDS("prod", "site-a"),
};

static const struct hook_subject stale = {
    .what = EVENT_FINDING_OPENED,
    .need = NEED_LOOK,
    .targets = WORDS("hv/hv01.example"),
    .tags = WORDS("prod"),
};

static const struct hook_subject held = { .what = EVENT_CREDENTIAL_HELD };
static const struct hook_subject failing = { .what = EVENT_SCAN_FAILING, .targets = WORDS("hv/hv01.example") };
static const struct hook_subject appeared = { .what = EVENT_ASSET_APPEARED, .targets = WORDS("sql-farm") };
static const struct hook_subject sample = { .what = EVENT_HOOK_TEST };

static bool wants(const struct hook *hook, const struct hook_subject *subject)
{
    return hook_hears(hook, subject->what) && hook_minds(hook, subject);
}

static void each_filter_that_asks_must_be_met_by_one_of_its_words(void **state)
{
    const struct {
        const char *what;
        struct hook hook;
        bool server, stale, held, failing, appeared;
    } rows[] = {
        { "asks nothing", { 0 }, true, true, true, true, false },
        { "an event", { .events = WORDS("finding.opened") }, true, true, false, false, false },
        { "another event", { .events = WORDS("finding.changed", "scan.failing") }, false, false, false, true, false },
        { "assets", { .events = WORDS("asset.appeared") }, false, false, false, false, true },
        { "a class", { .classes = WORDS("act") }, true, false, true, true, false },
        { "two classes", { .classes = WORDS("look", "act") }, true, true, true, true, false },
        { "no such class", { .classes = WORDS("decide") }, false, false, true, true, false },
        { "a verdict", { .verdicts = WORDS("unlisted", "unsupported") }, true, false, true, true, false },
        { "another verdict", { .verdicts = WORDS("unlisted") }, false, false, true, true, false },
        { "a workload", { .workloads = WORDS("sql") }, true, false, true, true, false },
        { "another workload", { .workloads = WORDS("sql-server") }, false, false, true, true, false },
        { "an owner", { .owners = WORDS("finance") }, true, false, false, false, false },
        { "an owner's pattern", { .owners = WORDS("hr", "fin*") }, true, false, false, false, false },
        { "any owner", { .owners = WORDS("*") }, true, false, false, false, false },
        { "another owner", { .owners = WORDS("financ") }, false, false, false, false, false },
        { "a site", { .sites = WORDS("delft-?") }, true, false, false, false, false },
        { "another site", { .sites = WORDS("delft") }, false, false, false, false, false },
        { "a criticality", { .criticalities = WORDS("low", "high") }, true, false, false, false, false },
        { "another criticality", { .criticalities = WORDS("low") }, false, false, false, false, false },
        { "a target", { .targets = WORDS("hv/hv01.example") }, true, true, false, true, false },
        { "an entry's hosts", { .targets = WORDS("hv") }, true, true, false, true, false },
        { "an entry's hosts by a pattern", { .targets = WORDS("h?") }, true, true, false, true, false },
        { "a part of an entry's name", { .targets = WORDS("h") }, false, false, false, false, false },
        { "the other target", { .targets = WORDS("sql-*") }, true, false, false, false, false },
        { "a tag", { .tags = WORDS("site-a", "site-b") }, true, false, false, false, false },
        { "a tag is no pattern", { .tags = WORDS("site-*") }, false, false, false, false, false },
        { "all of it",
          { .classes = WORDS("act"), .owners = WORDS("finance"), .tags = WORDS("prod") },
          true,
          false,
          false,
          false,
          false },
        { "one of it is not met",
          { .classes = WORDS("act"), .owners = WORDS("finance"), .tags = WORDS("test") },
          false,
          false,
          false,
          false,
          false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct hook *hook = &rows[i].hook;

        if (wants(hook, &server) != rows[i].server || wants(hook, &stale) != rows[i].stale ||
            wants(hook, &held) != rows[i].held || wants(hook, &failing) != rows[i].failing ||
            wants(hook, &appeared) != rows[i].appeared)
            fail_msg("a hook that asks for: %s", rows[i].what);
        assert_false(wants(hook, &sample));
    }
}

static void a_hook_is_found_by_its_name(void **state)
{
    static const struct hook list[] = { { .name = "mail" }, { .name = "chat" } };
    const struct hooks hooks = { list, 2 };

    (void)state;
    assert_ptr_equal(hooks_find(&hooks, "chat"), &list[1]);
    assert_null(hooks_find(&hooks, "Chat"));
    assert_null(hooks_find(&(struct hooks){ 0 }, "mail"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_filter_that_asks_must_be_met_by_one_of_its_words),
        cmocka_unit_test(a_hook_is_found_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
