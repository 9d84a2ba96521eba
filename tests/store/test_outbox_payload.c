/* What a hook script gets: whatever the fleet is called, one line of JSON that is as documented, and not too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "postbox.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OLD "6.0.6002" /* Windows Server 2008 SP2: unsupported */

static bool is_valid_json(struct postbox *box, const char *text)
{
    struct sql_query query;
    bool valid;

    sql_query(&query, &box->world->sql, "SELECT json_valid(?1)");
    sql_bind_text(&query, 1, text);
    valid = sql_row(&query) && sql_int(&query, 0) == 1;
    assert_true(sql_done(&query, &box->world->err));
    return valid;
}

/* One line, of characters that neither a terminal nor a line reader acts on. */
static void assert_clean(struct postbox *box, const char *payload)
{
    size_t size = strlen(payload);

    assert_true(size <= OUTBOX_MAX_PAYLOAD);
    assert_true(utf8_valid(payload, size));
    assert_true(is_valid_json(box, payload));
    assert_int_equal(payload[size - 1], '\n');
    for (size_t i = 0; i < size - 1; i++)
        assert_true((unsigned char)payload[i] >= ' ' && payload[i] != 0x7F);
    assert_null(strstr(payload, "\xE2\x80\xAE"));
}

/* By a validator of its own, where the system has it. */
static void assert_documented(struct postbox *box)
{
    const char *path = arena_format(&box->world->arena, "%s/payloads", box->world->folder);
    FILE *file = fopen(path, "w");
    int status;

    fputs(world_text(box->world, "SELECT group_concat(payload, '') FROM alert"), file);
    assert_int_equal(fclose(file), 0);
    status = system(arena_format(&box->world->arena,
                                 "cd ../hooks && /usr/bin/python3 -B check_payload.py <%s >%s/complaints", path,
                                 box->world->folder));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    if (status != 0)
        system(arena_format(&box->world->arena, "cat %s/complaints", box->world->folder));
    assert_int_equal(status, 0);
}

static const char *long_text(struct postbox *box, const char *part, size_t count)
{
    struct str text = STR_EMPTY;
    const char *copy;

    for (size_t i = 0; i < count; i++)
        str_add(&text, part);
    copy = arena_text(&box->world->arena, str_text(&text));
    str_finish(&text);
    return copy;
}

static void names_that_want_to_be_more_than_names_are_texts(void **state)
{
    static const char *const names[] = {
        "<script>alert(1)</script>",
        "=cmd|'/C calc'!A0",
        "$(reboot)",
        "`reboot`",
        "'; rm -rf /",
        "a\"b\\c",
        "-e %s%n",
        "\xE2\x80\xAE"
        "exe.txt",
        "two\nlines\r\ttab",
    };
    struct postbox *box = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        docket_machine(box->docket, names[i], OLD);
    docket_scan(box->docket);
    postbox_step(box, POSTBOX_GRACE);
    assert_clean(box, postbox_payload(box));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct sql_query query;

        sql_query(&query, &box->world->sql,
                  "SELECT count(*) FROM alert, json_each(payload, '$.findings') f"
                  " WHERE f.value ->> '$.asset.name' = ?1");
        sql_bind_text(&query, 1, names[i]);
        assert_true(sql_row(&query));
        assert_int_equal(sql_int(&query, 0), 1);
        assert_true(sql_done(&query, &box->world->err));
    }
    assert_documented(box);
}

static void a_name_without_end_is_cut_where_it_can_be_seen(void **state)
{
    struct postbox *box = *state;

    docket_machine(box->docket, "m", OLD);
    docket_scan(box->docket);
    world_run(box->world, "UPDATE asset SET name = replace(hex(zeroblob(5000)), '00', 'ä')");
    postbox_step(box, POSTBOX_GRACE);
    assert_clean(box, postbox_payload(box));
    assert_int_equal(strlen(postbox_member(box, "$.asset.name")), 256 + 3);
    assert_string_equal(postbox_member(box, "$.asset.name") + 256, "…");
    assert_true(strlen(postbox_member(box, "$.title")) < 300);
    assert_documented(box);
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
    struct postbox *box = *state;

    docket_machine(box->docket, "m", OLD);
    docket_scan(box->docket);
    world_run(box->world, "UPDATE asset SET name = CAST(x'41FF42C3' AS TEXT)");
    postbox_step(box, POSTBOX_GRACE);
    assert_clean(box, postbox_payload(box));
    assert_string_equal(postbox_member(box, "$.asset.name"), "A\xEF\xBF\xBD"
                                                             "B\xEF\xBF\xBD");
}

static void of_many_findings_a_hundred_are_shown_and_the_rest_is_counted(void **state)
{
    struct postbox *box = *state;

    for (unsigned i = 0; i < 250; i++)
        docket_machine(box->docket, arena_format(&box->world->arena, "m%03u", i), OLD);
    docket_scan(box->docket);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "hook finding.opened 250 act: first scan of hv: m000: agent protection is"
                                           " unsupported, and 249 more\n");
    assert_string_equal(world_text(box->world,
                                   "SELECT json_array_length(payload, '$.findings') || ' ' ||"
                                   " (payload ->> 'more') || ' ' || (payload ->> '$.findings[99].asset.name')"
                                   " FROM alert"),
                        "100 150 m099");
    assert_documented(box);
}

/* All that is said of each is as long as it can be. */
static void what_does_not_fit_is_left_out_and_counted(void **state)
{
    struct postbox *box = *state;
    const char *text = long_text(box, "\x01", 4000);

    for (unsigned i = 0; i < 120; i++)
        docket_machine(box->docket, arena_format(&box->world->arena, "m%03u", i), OLD);
    docket_scan(box->docket);
    world_run(box->world,
              arena_format(&box->world->arena,
                           "UPDATE asset SET name = id || '%s';"
                           "UPDATE judgement SET step = '%s', owner = '%s', site = '%s', criticality = '%s',"
                           " version = '%s', product = '%s', server = '%s'; UPDATE reasoning SET detail = json_set("
                           "detail, '$.legs', (SELECT json_group_array(json_object('reason', value || '%s'))"
                           " FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12]')))",
                           text, text, text, text, text, text, text, text, text));
    postbox_step(box, POSTBOX_GRACE);
    assert_clean(box, postbox_payload(box));
    assert_string_equal(postbox_member(box, "$.count"), "120");
    assert_true(world_number(box->world, "SELECT (payload ->> 'more') + json_array_length(payload, '$.findings') = 120"
                                         " AND (payload ->> 'more') > 20 FROM alert"));
    assert_true(world_number(box->world, "SELECT length(payload) > 900000 FROM alert"));
}

/* ---------------------------------------------------------------------------------------------- all the events ---- */

#define EXEMPTION "{\"exemption\":3,\"until\":\"2026-01-01T00:00:00Z\",\"reason\":\"r\",\"ticket\":\"\",\"covered\":2"

/* Each with the detail that is documented for it. */
static const struct event_row events[] = {
    { .what = EVENT_EXEMPTION_EXPIRING, .subject = "exemption 3", .state = "*", .detail = EXEMPTION "}" },
    { .what = EVENT_EXEMPTION_EXPIRED, .subject = "exemption 3", .state = "*", .detail = EXEMPTION "}" },
    { .what = EVENT_EXEMPTION_GROWN, .subject = "exemption 3", .state = "*", .detail = EXEMPTION ",\"before\":1}" },
    { .what = EVENT_EXEMPTION_IDLE, .subject = "exemption 3", .state = "*", .detail = EXEMPTION "}" },
    { .what = EVENT_RULING_LAPSING,
      .subject = "ruling R1",
      .state = "*",
      .detail = "{\"what\":\"ruling\",\"key\":\"R1\",\"who\":\"ada\",\"until\":\"2026-01-01T00:00:00Z\"}" },
    { .what = EVENT_SCAN_FAILING,
      .subject = "target 1 scan",
      .state = "failing",
      .target = 1,
      .detail = "{\"result\":\"timeout\",\n\"message\":\"no answer\"}" },
    { .what = EVENT_CREDENTIAL_HELD,
      .subject = "credential c",
      .state = "held",
      .detail = "{\"credential\":\"c\",\"why\":\"refused\"}" },
    { .what = EVENT_TARGET_QUARANTINED,
      .subject = "target 1 quarantine",
      .state = "quarantined",
      .target = 1,
      .detail = "{\"message\":\"it died\"}" },
    { .what = EVENT_REMOVAL_HELD,
      .subject = "target 1 removal",
      .state = "held",
      .target = 1,
      .detail = "{\"count\":4,\"why\":\"too many\"}" },
    { .what = EVENT_REPORT_READY, .subject = "report", .state = "*", .detail = "{\"file\":\"/r.html\"}" },
    { .what = EVENT_MATRIX_CHANGED,
      .subject = "matrix",
      .state = "basis 2",
      .batch = "basis 2",
      .detail = "{\"files\":[{\"file\":\"a\",\"edition\":\"e\",\"date\":\"2026-01-01\",\"hash\":\"00\",\"sha256\":"
                "\"11\"}]}" },
};

static const char *const titles =
    "exemption 3 ends soon\nexemption 3 has ended: what it covered counts again\n"
    "exemption 3 covers more than when it was made\nexemption 3 covers nothing any more\n"
    "ruling R1 comes to its end\ntarget hv cannot be scanned\ncredential c was refused: its targets wait\n"
    "target hv is in quarantine: its scans keep dying\n"
    "target hv misses so much that removals wait for muster accept\nreport is ready\n"
    "judged anew: matrix changed: verdicts rest on something else now\n";

static void every_beginning_has_the_payload_that_is_documented(void **state)
{
    struct postbox *box = *state;

    world_run(box->world, "UPDATE target SET failing_at = 1");
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        postbox_event(box, &events[i]);
    postbox_step(box, POSTBOX_GRACE);
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM alert"), sizeof events / sizeof *events);
    assert_string_equal(world_text(box->world,
                                   "SELECT group_concat(title || char(10), '') FROM (SELECT title FROM alert"
                                   " ORDER BY json_extract(payload, '$.event') = 'matrix.changed', id)"),
                        titles);
    assert_documented(box);
}

static void every_end_that_has_a_word_has_its_payload(void **state)
{
    struct postbox *box = *state;

    world_run(box->world, "UPDATE target SET failing_at = 1");
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        postbox_event(box, &events[i]);
    postbox_step(box, POSTBOX_GRACE);
    world_run(box->world, "UPDATE target SET failing_at = NULL");
    postbox_event(
        box, &(struct event_row){ .what = EVENT_SCAN_RECOVERED, .subject = "target 1 scan", .state = "", .target = 1 });
    postbox_event(box, &(struct event_row){ .what = EVENT_CREDENTIAL_FREED,
                                            .subject = "credential c",
                                            .state = "",
                                            .detail = "{\"credential\":\"c\"}" });
    postbox_event(box, &(struct event_row){ .what = EVENT_TARGET_QUARANTINED, .subject = "target 1 quarantine" });
    postbox_step(box, POSTBOX_GRACE);
    assert_int_equal(box->frozen, 2);
    assert_string_equal(world_text(box->world, "SELECT group_concat(subject) FROM told"), "matrix,target 1 removal");
    assert_documented(box);
}

static void a_sample_is_as_documented_and_has_an_id_of_its_own(void **state)
{
    struct postbox *box = *state;
    char first[OUTBOX_KEY_SIZE], second[OUTBOX_KEY_SIZE];
    char *payload = outbox_sample(&box->list[0], box->now, first);

    assert_clean(box, payload);
    assert_non_null(strstr(payload, first));
    world_run(box->world, arena_format(&box->world->arena,
                                       "INSERT INTO alert (key, hook, what, title, count, payload, state, made_at)"
                                       " VALUES ('k', 'hook', 'hook.test', 't', 1, '%s', 'waiting', 1)",
                                       payload));
    free(payload);
    payload = outbox_sample(&box->list[0], box->now + 1, second);
    free(payload);
    assert_string_not_equal(first, second);
    assert_documented(box);
}

#define IN_POSTBOX(test) cmocka_unit_test_setup_teardown(test, postbox_open, postbox_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_POSTBOX(names_that_want_to_be_more_than_names_are_texts),
        IN_POSTBOX(a_name_without_end_is_cut_where_it_can_be_seen),
        IN_POSTBOX(bytes_that_are_no_text_are_replaced),
        IN_POSTBOX(of_many_findings_a_hundred_are_shown_and_the_rest_is_counted),
        IN_POSTBOX(what_does_not_fit_is_left_out_and_counted),
        IN_POSTBOX(every_beginning_has_the_payload_that_is_documented),
        IN_POSTBOX(every_end_that_has_a_word_has_its_payload),
        IN_POSTBOX(a_sample_is_as_documented_and_has_an_id_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
