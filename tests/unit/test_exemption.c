/* What an exemption covers, and which wishes are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exemption.h"

#include <string.h>

#define DAY ((int64_t)24 * 3600 * 1000)
#define NOW ((int64_t)1700000000000)

static const char *const targets[] = { "vc01", "cluster1/hv01" };
static const char *const tags[] = { "dmz", "site-a" };
static const struct exemption_subject subject = {
    .asset = 7,
    .cause = 70,
    .name = "SQL01",
    .kind = "machine",
    .method = "agent",
    .server = "MABS1.corp.example",
    .workload = "server",
    .version = "Windows Server 2008 SP2",
    .installation = "hyperv-vm",
    .product = "mabs-v2",
    .verdict = "unlisted",
    .class = "older",
    .need = "act",
    .owner = "dba",
    .site = "Graz",
    .targets = targets,
    .target_count = 2,
    .tags = tags,
    .tag_count = 2,
};

#define COVERS(...) exemption_covers(&(struct exemption_selector){ __VA_ARGS__ }, &subject)

static void each_member_asks_what_it_says(void **state)
{
    (void)state;
    assert_true(COVERS(.asset = 7));
    assert_false(COVERS(.asset = 8));
    assert_true(COVERS(.asset = 70)); /* its cause */
    assert_true(COVERS(.name = "sql*"));
    assert_false(COVERS(.name = "sql"));
    assert_true(COVERS(.kind = "machine"));
    assert_false(COVERS(.kind = "mach*"));
    assert_true(COVERS(.method = "agent"));
    assert_false(COVERS(.method = "image"));
    assert_true(COVERS(.server = "mabs1.*"));
    assert_false(COVERS(.server = "mabs2.*"));
    assert_true(COVERS(.workload = "server"));
    assert_false(COVERS(.workload = "sql"));
    assert_true(COVERS(.version = "windows server 2008*"));
    assert_false(COVERS(.version = "Windows Server 2008"));
    assert_true(COVERS(.installation = "hyperv-vm"));
    assert_false(COVERS(.installation = "physical"));
    assert_true(COVERS(.product = "mabs-v2"));
    assert_false(COVERS(.product = "mabs-v1"));
    assert_true(COVERS(.verdict = "unlisted"));
    assert_false(COVERS(.verdict = "unknown"));
    assert_true(COVERS(.owner = "DBA"));
    assert_false(COVERS(.owner = "dba2"));
    assert_true(COVERS(.site = "gr?z"));
    assert_false(COVERS(.site = "Wien"));
    assert_true(COVERS(.tag = "dmz"));
    assert_false(COVERS(.tag = "site-b"));
}

static void a_class_is_what_is_asked_or_why_it_is_unlisted(void **state)
{
    (void)state;
    assert_true(COVERS(.class = "act"));
    assert_true(COVERS(.class = "older"));
    assert_false(COVERS(.class = "decide"));
    assert_false(COVERS(.class = "newer"));
}

static void an_entry_names_all_of_its_hosts(void **state)
{
    (void)state;
    assert_true(COVERS(.target = "vc01"));
    assert_true(COVERS(.target = "cluster1"));
    assert_true(COVERS(.target = "cluster1/hv01"));
    assert_false(COVERS(.target = "hv01"));
    assert_false(COVERS(.target = "vc0"));
}

static void all_that_is_asked_must_hold(void **state)
{
    (void)state;
    assert_true(COVERS(.asset = 7, .workload = "server", .owner = "dba"));
    assert_false(COVERS(.asset = 7, .workload = "server", .owner = "ops"));
    assert_false(COVERS(.asset = 8, .workload = "server"));
}

static void one_that_asks_for_nothing_covers_nothing(void **state)
{
    (void)state;
    assert_false(COVERS(.asset = 0));
}

static void what_is_not_known_is_not_covered(void **state)
{
    const struct exemption_subject bare = { .asset = 7 };

    (void)state;
    assert_true(exemption_covers(&(struct exemption_selector){ .asset = 7 }, &bare));
    for (const struct exemption_member *member = exemption_members; member->name != NULL; member++) {
        struct exemption_selector selector = { .asset = 7 };

        exemption_set(&selector, member, "*");
        if (exemption_covers(&selector, &bare))
            fail_msg("%s", member->name);
    }
}

static void only_targets_and_tags_take_a_look_up(void **state)
{
    (void)state;
    assert_true(exemption_asks_sources(&(struct exemption_selector){ .target = "x" }));
    assert_true(exemption_asks_sources(&(struct exemption_selector){ .tag = "x" }));
    assert_false(exemption_asks_sources(&(struct exemption_selector){ .asset = 1, .name = "x" }));
}

static void it_is_written_as_json_that_cannot_be_broken(void **state)
{
    const struct exemption_selector selector = { .asset = 12, .name = "a\"},\n\xe2\x80\xae", .tag = "t" };
    struct str text = STR_EMPTY;

    (void)state;
    exemption_write(&text, &selector);
    assert_string_equal(str_text(&text), "{\"asset\":12,\"name\":\"a\\\"},\\n\\u202e\",\"tag\":\"t\"}");
    str_clear(&text);
    exemption_write(&text, &(struct exemption_selector){ .workload = "sql" });
    assert_string_equal(str_text(&text), "{\"workload\":\"sql\"}");
    str_finish(&text);
}

static void it_is_said_in_words(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    exemption_say(&text, &(struct exemption_selector){ .asset = 12, .method = "agent" }, "web");
    assert_string_equal(str_text(&text), "asset 12 (web), method agent");
    str_clear(&text);
    exemption_say(&text, &(struct exemption_selector){ .workload = "sql", .owner = "dba" }, NULL);
    assert_string_equal(str_text(&text), "workload sql, owner dba");
    str_finish(&text);
}

/* ---------------------------------------------------------------------------------------------------- refusing ---- */

static char long_name[EXEMPTION_MAX_NAME + 2], long_reason[EXEMPTION_MAX_REASON + 2],
    long_ticket[EXEMPTION_MAX_TICKET + 2];

static const struct refusal {
    struct exemption_wish wish;
    const char *words;
} refusals[] = {
    { { .reason = "r", .until_at = NOW + DAY }, "says nothing of what is exempt" },
    { { .selector = { .asset = -1 }, .reason = "r", .until_at = NOW + DAY }, "above 0" },
    { { .selector = { .asset = 1 }, .until_at = NOW + DAY }, "reason is missing" },
    { { .selector = { .asset = 1 }, .reason = " \n\t", .until_at = NOW + DAY }, "reason is missing" },
    { { .selector = { .asset = 1 }, .reason = "\xff", .until_at = NOW + DAY }, "not valid UTF-8" },
    { { .selector = { .asset = 1 }, .reason = long_reason, .until_at = NOW + DAY }, "reason is longer than the 2000" },
    { { .selector = { .name = long_name }, .reason = "r", .until_at = NOW + DAY }, "name is longer than the 512" },
    { { .selector = { .name = "" }, .reason = "r", .until_at = NOW + DAY }, "name is empty" },
    { { .selector = { .owner = "\xc0\x80" }, .reason = "r", .until_at = NOW + DAY }, "owner is not valid UTF-8" },
    { { .selector = { .workload = "severs" }, .reason = "r", .until_at = NOW + DAY },
      "no workload severs; did you mean server?" },
    { { .selector = { .verdict = "green" }, .reason = "r", .until_at = NOW + DAY },
      "no verdict green; there are supported" },
    { { .selector = { .class = "a;b" }, .reason = "r", .until_at = NOW + DAY }, "no class a;b; there are act" },
    { { .selector = { .method = "x" }, .reason = "r", .until_at = NOW + DAY }, "no method" },
    { { .selector = { .installation = "moon" }, .reason = "r", .until_at = NOW + DAY }, "no installation" },
    { { .selector = { .asset = 1 }, .reason = "r", .ticket = long_ticket, .until_at = NOW + DAY }, "the ticket is" },
    { { .selector = { .asset = 1 }, .reason = "r", .approved_by = "\x80", .until_at = NOW + DAY }, "who approved it" },
    { { .selector = { .asset = 1 }, .reason = "r", .until_at = NOW }, "in the past" },
    { { .selector = { .asset = 1 }, .reason = "r", .until_at = INT64_MIN + 1 }, "in the past" },
    { { .selector = { .asset = 1 }, .reason = "r", .until_at = NOW + EXEMPTION_MAX_MS + 1 }, "more than 5 years" },
    { { .selector = { .asset = 1 }, .reason = "r", .until_at = INT64_MAX }, "more than 5 years" },
};

static void what_is_wrong_with_a_wish_is_said(void **state)
{
    (void)state;
    memset(long_name, 'x', sizeof long_name - 1);
    memset(long_reason, 'x', sizeof long_reason - 1);
    memset(long_ticket, 'x', sizeof long_ticket - 1);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct err err = ERR_EMPTY;

        if (exemption_check(&refusals[i].wish, NOW, &err) || strstr(err.text, refusals[i].words) == NULL)
            fail_msg("%s: %s", refusals[i].words, err.text);
        assert_int_equal(err.class, ERR_CONFIG);
    }
}

static void what_is_just_within_the_limits_is_fine(void **state)
{
    struct exemption_wish wish = {
        .selector = { .asset = 1, .name = long_name + 1, .class = "look", .verdict = "supported" },
        .reason = long_reason + 1,
        .ticket = long_ticket + 1,
        .approved_by = "Ren\xc3\xa9",
        .until_at = NOW + EXEMPTION_MAX_MS,
    };
    struct err err = ERR_EMPTY;

    (void)state;
    memset(long_name, 'x', sizeof long_name - 1);
    memset(long_reason, 'x', sizeof long_reason - 1);
    memset(long_ticket, 'x', sizeof long_ticket - 1);
    if (!exemption_check(&wish, NOW, &err))
        fail_msg("%s", err.text);
    wish.until_at = NOW + 1;
    assert_true(exemption_check(&wish, NOW, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_member_asks_what_it_says),
        cmocka_unit_test(a_class_is_what_is_asked_or_why_it_is_unlisted),
        cmocka_unit_test(an_entry_names_all_of_its_hosts),
        cmocka_unit_test(all_that_is_asked_must_hold),
        cmocka_unit_test(one_that_asks_for_nothing_covers_nothing),
        cmocka_unit_test(what_is_not_known_is_not_covered),
        cmocka_unit_test(only_targets_and_tags_take_a_look_up),
        cmocka_unit_test(it_is_written_as_json_that_cannot_be_broken),
        cmocka_unit_test(it_is_said_in_words),
        cmocka_unit_test(what_is_wrong_with_a_wish_is_said),
        cmocka_unit_test(what_is_just_within_the_limits_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
