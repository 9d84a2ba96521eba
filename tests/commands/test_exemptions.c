/* Exemptions, as a user asks for them and sees them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"
#include "fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char asked[65536];

/* Against a daemon that says that it is done; the request's words are in asked. */
#define ASK(...) ask((const char *const[]){ __VA_ARGS__, "--database", stock.path, "--control", control(), NULL })

static const char *control(void)
{
    static char path[160];

    snprintf(path, sizeof path, "%s/control", stock.folder);
    return path;
}

static int ask(const char *const *words)
{
    struct str answer = STR_EMPTY;
    struct fake fake;

    fake_done(&answer, 0, "it is done");
    fake_start(&fake, stock.folder, &answer, FAKE_WHOLE);
    desk_ask(words);
    fake_finish(&fake, asked, sizeof asked);
    str_finish(&answer);
    return ran.status;
}

static int open_judged(void **state)
{
    asked[0] = '\0';
    return desk_open_judged(state);
}

/* In force until 2100 unless said otherwise. */
static void exempt(const char *selector, const char *rest)
{
    char text[2048];

    snprintf(text, sizeof text,
             "INSERT INTO exemption (selector, reason, ticket, approved_by, uid, name, made_at, until_at, ended_at,"
             " ended_why) VALUES ('%s', %s)",
             selector, rest != NULL ? rest : "'replaced', 'CHG-1', '', 0, 'ada', 1000, 4102444799000, NULL, ''");
    stock_run(&stock, text);
}

static void open_finding(int asset, const char *method, const char *server, const char *need)
{
    char text[1024];

    snprintf(text, sizeof text,
             "INSERT INTO finding (kind, asset, method, server, state, need, opened_at, changed_at)"
             " VALUES ('verdict', %d, '%s', '%s', 'open', '%s', 1, 1)",
             asset, method, server, need);
    stock_run(&stock, text);
}

/* ---------------------------------------------------------------------------------------------------- reading ---- */

static void what_is_exempt_is_marked_in_each_view(void **state)
{
    (void)state;
    exempt("{\"asset\":2}", NULL);
    assert_int_equal(MUSTER("list"), 0);
    assert_said(ran.out, "until 2099-12-31: replaced, by ada, ticket CHG-1");
    assert_said(ran.out, "unsupported"); /* as ever */
    assert_int_equal(MUSTER("explain", "db01"), 0);
    assert_said(ran.out, "exempt    until 2099-12-31: replaced, by ada");
    assert_int_equal(MUSTER("show", "db01"), 0);
    assert_said(ran.out, "until 2099-12-31: replaced, by ada");
    assert_int_equal(MUSTER("list", "--name", "db01", "--format", "json"), 0);
    assert_string_equal(json("$[0].verdict"), "unsupported");
    assert_string_equal(json("$[0].needs"), "act");
    assert_string_equal(json("$[0].exemption"), "1");
    assert_string_equal(json("$[0].exempt_until"), "2099-12-31T23:59:59Z");
    assert_string_equal(json("$[0].exempt_reason"), "replaced");
    assert_string_equal(json("$[0].exempt_by"), "ada");
    assert_int_equal(MUSTER("explain", "db01", "--format", "json"), 0);
    assert_string_equal(json("$.protections[0].exempt_reason"), "replaced");
}

static void what_is_not_exempt_has_no_column(void **state)
{
    (void)state;
    exempt("{\"asset\":77}", NULL);
    assert_int_equal(MUSTER("list"), 0);
    assert_null(strstr(ran.out, "EXEMPT"));
    assert_int_equal(MUSTER("list", "--format", "json"), 0);
    assert_string_equal(json("$[0].exemption"), "null");
}

static void what_is_supported_or_does_not_count_is_never_exempt(void **state)
{
    (void)state;
    exempt("{\"name\":\"*\"}", NULL);
    assert_int_equal(MUSTER("list", "--all", "--exempt", "--format", "csv"), 0);
    assert_said(ran.out, "db01");
    assert_null(strstr(ran.out, "web01"));
    assert_null(strstr(ran.out, "is to be removed"));
    assert_null(strstr(ran.out, "listed elsewhere")); /* ruled yes: it asks nothing */
}

static void the_list_of_what_is_exempt_is_cut_like_any_other(void **state)
{
    (void)state;
    exempt("{\"name\":\"*\"}", NULL);
    assert_int_equal(MUSTER("list", "--exempt", "--limit", "1"), 0);
    assert_said(ran.out, "db01");
    assert_said(ran.err, "and 2 more");
    assert_int_equal(MUSTER("list", "--exempt", "--limit", "3"), 0);
    assert_null(strstr(ran.err, "more"));
    assert_int_equal(MUSTER("list", "--exempt", "--inventory"), 64);
}

static void the_list_asks_for_criticality(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE judgement SET criticality = 'high' WHERE id = 3");
    assert_int_equal(MUSTER("list", "--criticality", "high", "--format", "csv"), 0);
    assert_said(ran.out, "db01");
    assert_null(strstr(ran.out, "twin"));
    assert_int_equal(MUSTER("list", "--criticality", "hihg"), 64);
    assert_said(ran.err, "did you mean high?");
}

static void the_summary_tells_findings_by_need_and_the_exempt_ones(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("summary"), 0);
    assert_null(strstr(ran.out, "open findings"));
    open_finding(2, "image", "mabs01", "act");
    open_finding(4, "agent", "mabs02", "act");
    open_finding(8, "agent", "mabs01", "look");
    stock_run(&stock, "UPDATE finding SET exempt = 1, exemption = 1 WHERE asset = 2");
    stock_run(&stock, "UPDATE finding SET state = 'resolved' WHERE asset = 8");
    assert_int_equal(MUSTER("summary"), 0);
    assert_said(ran.out, "open findings  2");
    assert_said(ran.out, "to act on    2, of which 1 is exempt");
    assert_int_equal(MUSTER("summary", "--format", "json"), 0);
    assert_string_equal(json("$.findings.open"), "2");
    assert_string_equal(json("$.findings.act"), "2");
    assert_string_equal(json("$.findings.act_exempt"), "1");
    assert_string_equal(json("$.findings.exempt"), "1");
    assert_string_equal(json("$.findings.look"), "0");
}

static void exemptions_are_listed_with_what_they_cover(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("exemptions"), 0);
    assert_said(ran.out, "No exemption is in force.");
    open_finding(2, "image", "mabs01", "act");
    exempt("{\"asset\":2,\"method\":\"image\"}", NULL);
    exempt("{\"workload\":\"sql\"}", "'later', '', 'Grace', 0, 'root', 1000, 4102358399000, NULL, ''");
    exempt("{\"asset\":2}", "'over', '', '', 0, 'root', 1000, 2000, 2000, 'expired'");
    exempt("{\"asset\":2}", "'forgotten', '', '', 0, 'root', 1000, 2000, NULL, ''");
    assert_int_equal(MUSTER("exemptions"), 0);
    assert_said(ran.out, "asset 2 (db01), method image");
    assert_said(ran.out, "1 finding ");
    assert_said(ran.out, "nothing");
    assert_said(ran.out, "days left");
    assert_said(ran.out, "Grace");
    assert_true(strstr(ran.out, "workload sql") < strstr(ran.out, "asset 2")); /* it ends first */
    assert_null(strstr(ran.out, "over"));
    assert_null(strstr(ran.out, "forgotten")); /* though nobody has ended it yet */
    assert_int_equal(MUSTER("exemptions", "--all", "--format", "json"), 0);
    assert_string_equal(json("$[0].what"), "workload sql");
    assert_string_equal(json("$[0].covers"), "0");
    assert_string_equal(json("$[1].id"), "1");
    assert_string_equal(json("$[1].covers"), "1");
    assert_string_equal(json("$[1].in_force"), "1");
    assert_string_equal(json("$[1].selector.method"), "image");
    assert_string_equal(json("$[1].selector.asset"), "2");
    assert_string_equal(json("$[1].asset_name"), "db01");
    assert_string_equal(json("$[1].until"), "2099-12-31T23:59:59Z");
    assert_string_equal(json("$[2].ended_why"), "expired");
    assert_string_equal(json("$[2].covers"), "null");
    assert_string_equal(json("$[3].ended_why"), "expired");
}

static void hostile_texts_harm_no_view(void **state)
{
    (void)state;
    exempt("{\"name\":\"\\u001b[31m=cmd|x\\n\\u202e\"}",
           "'=cmd|''/c calc''!A1' || char(27) || '[2J' || char(10) || 'x', char(8238) || 't', '@a', 0, '+r', 1000,"
           " 4102444799000, NULL, ''");
    for (const char *const *format = (const char *const[]){ "table", "json", "csv", NULL }; *format != NULL; format++) {
        assert_int_equal(MUSTER("exemptions", "--format", *format), 0);
        assert_null(strchr(ran.out, '\033'));
        assert_null(strstr(ran.out, "\xE2\x80\xAE"));
        assert_null(strstr(ran.out, ",=cmd"));
    }
    assert_int_equal(MUSTER("exemptions", "--export"), 0);
    assert_null(strchr(ran.out, '\033'));
    assert_true(strchr(ran.out, '\n') == ran.out + strlen(ran.out) - 1);
    assert_string_equal(json("$.reason"), "=cmd|'/c calc'!A1\033[2J\nx");
}

static void one_that_cannot_be_read_says_so(void **state)
{
    (void)state;
    exempt("{", NULL);
    exempt("{\"colour\":\"red\"}", NULL);
    assert_int_equal(MUSTER("exemptions"), 0);
    assert_said(ran.out, "nothing that this muster understands");
}

/* ----------------------------------------------------------------------------------------------------- asking ---- */

static void making_one_sends_what_was_meant(void **state)
{
    (void)state;
    assert_int_equal(ASK("exempt", "db01", "--reason", "re\"placed", "--until", "2030-03-31", "--ticket", "T1",
                         "--approved-by", "Grace", "--method", "image"),
                     0);
    assert_string_equal(asked, "exempt {\"asset\":2,\"method\":\"image\",\"reason\":\"re\\\"placed\",\"ticket\":\"T1\","
                               "\"approved_by\":\"Grace\",\"until\":\"2030-03-31T23:59:59Z\"}");
    assert_string_equal(ran.out, "");
    assert_said(ran.err, "it is done");
    assert_int_equal(ASK("exempt", "--target", "vc*", "--version", "VMware*", "--class", "act", "--reason", "r",
                         "--until", "2030-03-31T12:00:00Z"),
                     0);
    assert_string_equal(asked, "exempt {\"version\":\"VMware*\",\"class\":\"act\",\"target\":\"vc*\",\"reason\":\"r\","
                               "\"until\":\"2030-03-31T12:00:00Z\"}");
}

static void ending_one_sends_number_and_reason(void **state)
{
    (void)state;
    assert_int_equal(ASK("exempt", "--end", "12", "--reason", "over now"), 0);
    assert_string_equal(asked, "exempt_end 12 over now");
}

static void retiring_sends_the_number_of_the_asset(void **state)
{
    (void)state;
    assert_int_equal(ASK("retire", "db01", "--reason", "scrapped"), 0);
    assert_string_equal(asked, "retire 2 scrapped");
    assert_int_equal(MUSTER("retire", "db01"), 64);
    assert_said(ran.err, "the reason is missing");
    assert_int_equal(MUSTER("retire", "db011", "--reason", "r"), 64);
    assert_said(ran.err, "did you mean one of these?");
    assert_int_equal(MUSTER("retire", "--reason", "r"), 64);
}

static const struct mistake {
    const char *words[10];
    const char *said;
} mistakes[] = {
    { { "exempt", "db01", "--until", "9d" }, "the reason is missing" },
    { { "exempt", "db01", "--reason", "r" }, "--until is missing" },
    { { "exempt", "db01", "--reason", "r", "--until", "soon" }, "--until: \"soon\" is no time" },
    { { "exempt", "db01", "--reason", "r", "--until", "2020-01-01" }, "in the past" },
    { { "exempt", "db01", "--reason", "r", "--until", "300w" }, "more than 5 years" },
    { { "exempt", "db01", "--reason", "r", "--until", "9223372036854775807ms" }, "more than 5 years" },
    { { "exempt", "--reason", "r", "--until", "9d" }, "says nothing of what is exempt" },
    { { "exempt", "db0", "--reason", "r", "--until", "9d" }, "did you mean one of these?" },
    { { "exempt", "TWIN", "--reason", "r", "--until", "9d" }, "is the name of several assets" },
    { { "exempt", "--workload", "sequel", "--reason", "r", "--until", "9d" }, "there is no workload sequel" },
    { { "exempt", "--verdict", "unsuported", "--reason", "r", "--until", "9d" }, "did you mean unsupported?" },
    { { "exempt", "--target", "vc001", "--reason", "r", "--until", "9d" }, "did you mean vc01?" },
    { { "exempt", "--server", "mbas01", "--reason", "r", "--until", "9d" }, "there is no server mbas01" },
    { { "exempt", "--kind", "wm", "--reason", "r", "--until", "9d" }, "there is no kind wm" },
    { { "exempt", "--name", "\xff", "--reason", "r", "--until", "9d" }, "name is not valid UTF-8" },
    { { "exempt", "--end", "x", "--reason", "r" }, "--end takes the number of an exemption" },
    { { "exempt", "--end", "1" }, "the reason is missing" },
    { { "exempt", "db01", "--end", "1", "--reason", "r" }, "--end takes no ITEM" },
    { { "exempt", "--end", "1", "--reason", "r", "--until", "9d" }, "--end and --until do not go together" },
    { { "exempt", "--import", "x", "--reason", "r" }, "--import and --reason do not go together" },
    { { "exemptions", "--export", "--format", "csv" }, "leave out --format" },
};

static void mistakes_are_said_before_anybody_is_asked(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const char *words[16] = { 0 };
        size_t count = 0;

        for (; mistakes[i].words[count] != NULL; count++)
            words[count] = mistakes[i].words[count];
        words[count++] = "--database";
        words[count++] = stock.path;
        words[count++] = "--control";
        words[count++] = "/none";
        if (desk_ask(words) != 64 || strstr(ran.err, mistakes[i].said) == NULL)
            fail_msg("%s: %d %s", mistakes[i].said, ran.status, ran.err);
    }
}

static void without_a_daemon_nothing_is_made(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("exempt", "db01", "--reason", "r", "--until", "9d"), 1);
    assert_int_equal(MUSTER("exempt", "--end", "1", "--reason", "r"), 1);
}

/* -------------------------------------------------------------------------------------------------- importing ---- */

static const char *file_with(const char *text)
{
    static char path[160];
    FILE *file;

    snprintf(path, sizeof path, "%s/import", stock.folder);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    return path;
}

static void what_was_exported_is_imported(void **state)
{
    char *exported;

    (void)state;
    exempt("{\"asset\":2,\"method\":\"image\"}", NULL);
    exempt("{\"workload\":\"sql\"}", "'la\"ter', '', 'Grace', 0, 'root', 1000, 4102358399000, NULL, ''");
    stock_run(&stock, "UPDATE exemption SET until_at = (CAST(strftime('%s', 'now') AS INTEGER) + 86400) * 1000");
    assert_int_equal(MUSTER("exemptions", "--export"), 0);
    exported = ran.out;
    ran.out = NULL;
    assert_int_equal(ASK("exempt", "--import", file_with(exported)), 0);
    assert_said(asked, "exempt {\"asset\":2,\"method\":\"image\",\"asset_name\":\"db01\",\"reason\":\"replaced\","
                       "\"ticket\":\"CHG-1\",\"until\":\"");
    assert_said(asked, " {\"workload\":\"sql\",\"reason\":\"la\\\"ter\",\"approved_by\":\"Grace\",\"until\":\"");
    assert_null(strstr(asked, "made_at"));
    free(exported);
}

static const struct wrong_file {
    const char *text, *said;
} wrong_files[] = {
    { "", "has no exemption in it" },
    { "\n \r\n\t\n", "has no exemption in it" },
    { "{\"asset\":2,\"reason\":\"r\",\"until\":\"2030-01-01\"}\n\nnonsense\n", "import:3: not JSON at column" },
    { "[{\"asset\":2}]", "the facts are a list; expected an object" },
    { "{\"asset\":2,\"reason\":\"r\",\"until\":\"2030-01-01\"", "import:1: not JSON" },
    { "{\"asset\":2,\"reason\":\"r\"}", "the member \"until\" is missing" },
    { "{\"asset\":2,\"until\":\"2030-01-01\"}", "the reason is missing" },
    { "{\"asset\":2,\"reason\":\"r\",\"until\":\"90d\"}", "\"90d\" is no time" },
    { "{\"asset\":2,\"reason\":\"r\",\"until\":20300101}", "\"until\" is to be a text" },
    { "{\"asset\":\"2\",\"reason\":\"r\",\"until\":\"2030-01-01\"}", "\"asset\" is to be a whole number" },
    { "{\"asset\":0,\"reason\":\"r\",\"until\":\"2030-01-01\"}", "above 0" },
    { "{\"asset\":2,\"raeson\":\"r\",\"until\":\"2030-01-01\"}", "did you mean \"reason\"?" },
    { "{\"asset\":2,\"asset\":3,\"reason\":\"r\",\"until\":\"2030-01-01\"}", "duplicate" },
    { "{\"reason\":\"r\",\"until\":\"2030-01-01\"}", "says nothing of what is exempt" },
    { "{\"workload\":\"serve\",\"reason\":\"r\",\"until\":\"2030-01-01\"}", "did you mean server?" },
    { "{\"name\":\"\xff\",\"reason\":\"r\",\"until\":\"2030-01-01\"}", "not JSON" },
    { "{\"name\":\"a\\u0000b\",\"reason\":\"r\",\"until\":\"2030-01-01\"}", "import:1: " },
};

static void a_file_that_is_wrong_is_refused_by_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_files / sizeof *wrong_files; i++) {
        if (MUSTER("exempt", "--import", file_with(wrong_files[i].text)) != 64 ||
            strstr(ran.err, wrong_files[i].said) == NULL)
            fail_msg("%s: %d %s", wrong_files[i].said, ran.status, ran.err);
    }
    assert_int_equal(MUSTER("exempt", "--import", "/none"), 1);
    assert_said(ran.err, "/none cannot be opened");
    assert_int_equal(MUSTER("exempt", "--import", stock.folder), 1);
    assert_said(ran.err, "cannot be read");
}

static void a_file_that_is_too_large_is_refused(void **state)
{
    static const char line[] = "{\"name\":\"n%04d\",\"reason\":\"r\",\"until\":\"2030-01-01\"}\n";
    struct str text = STR_EMPTY;

    (void)state;
    for (int i = 0; i < 1000; i++)
        str_format(&text, line, i);
    assert_int_equal(ASK("exempt", "--import", file_with(str_text(&text))), 0);
    str_format(&text, line, 1000);
    assert_int_equal(MUSTER("exempt", "--import", file_with(str_text(&text))), 64);
    assert_said(ran.err, "import:1001: there are more than the 1000 exemptions");
    str_clear(&text);
    while (text.length <= (size_t)900 << 10)
        str_add(&text, "                                                                \n");
    assert_int_equal(MUSTER("exempt", "--import", file_with(str_text(&text))), 1);
    assert_said(ran.err, "is larger than the");
    str_finish(&text);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, open_judged, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(what_is_exempt_is_marked_in_each_view),
        AT_DESK(what_is_not_exempt_has_no_column),
        AT_DESK(what_is_supported_or_does_not_count_is_never_exempt),
        AT_DESK(the_list_of_what_is_exempt_is_cut_like_any_other),
        AT_DESK(the_list_asks_for_criticality),
        AT_DESK(the_summary_tells_findings_by_need_and_the_exempt_ones),
        AT_DESK(exemptions_are_listed_with_what_they_cover),
        AT_DESK(hostile_texts_harm_no_view),
        AT_DESK(one_that_cannot_be_read_says_so),
        AT_DESK(making_one_sends_what_was_meant),
        AT_DESK(ending_one_sends_number_and_reason),
        AT_DESK(retiring_sends_the_number_of_the_asset),
        AT_DESK(mistakes_are_said_before_anybody_is_asked),
        AT_DESK(without_a_daemon_nothing_is_made),
        AT_DESK(what_was_exported_is_imported),
        AT_DESK(a_file_that_is_wrong_is_refused_by_its_line),
        AT_DESK(a_file_that_is_too_large_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
