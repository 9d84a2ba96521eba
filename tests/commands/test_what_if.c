/* What would change, asked as a user asks: the answer in its three forms, and what is said to wrong words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MATRIX "--matrix", PUBLISHED "/matrix", "--products", PUBLISHED "/products.conf"
#define WHAT_IF(...) MUSTER("what-if", MATRIX, __VA_ARGS__)

static int open_estate(void **state)
{
    desk_open_judged(state);
    stock_run(&stock,
              "UPDATE basis SET estate = '{\"servers\":[{\"name\":\"mabs01\",\"product\":\"mabs-v2\",\"installation\":"
              "\"physical\"}],\"rules\":[{\"where\":{\"name\":\"web*\"},\"owner\":\"web team\",\"by\":\"agent\"}]}';"
              "UPDATE item SET facts = json_set(facts, '$.\"os.build\"', '10.0.17763', '$.\"os.name\"',"
              " 'Microsoft Windows Server 2019 Standard', '$.\"os.product_type\"', 3, '$.\"os.sku\"', 7)"
              " WHERE kind = 'machine';"
              "UPDATE item SET facts = json_remove(facts, '$.\"guest.name\"') WHERE id = 1;"
              "UPDATE item SET facts = json_set(facts, '$.\"guest.build\"', '10.0.17763', '$.\"os.name\"',"
              " 'Microsoft Windows Server 2019 Standard', '$.\"guest.product_type\"', 3) WHERE id = 8;"
              "UPDATE item SET gist = NULL;");
    return 0;
}

static void what_changes_is_counted_grouped_and_named(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--name", "web01"), 0);
    assert_said(ran.out, "product               mabs-v4");
    assert_said(ran.out, "protections compared  1");
    assert_said(ran.out, "CHANGE  PROTECTIONS  ASSETS  MEANS");
    assert_said(ran.out, "gained            1       1  was not answered with yes, and is now");
    assert_said(ran.out, "server Windows Server 2019");
    assert_said(ran.out, "by mabs-v2");
    assert_said(ran.out, "web01");
    assert_null(strstr(ran.out, "METHOD"));
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--name", "web01", "--each"), 0);
    assert_said(ran.out, "METHOD");
}

static void the_json_has_every_member(void **state)
{
    static const struct {
        const char *path, *value;
    } members[] = {
        { "$.supposed.product", "mabs-v4" },
        { "$.supposed.facts", "[]" },
        { "$.supposed.selected", "1" },
        { "$.supposed.compared", "1" },
        { "$.supposed.assets", "1" },
        { "$.supposed.changed", "1" },
        { "$.supposed.left_out", "0" },
        { "$.supposed.in_force", "0" },
        { "$.counts[0].change", "lost" },
        { "$.counts[0].protections", "0" },
        { "$.counts[7].change", "gained" },
        { "$.counts[7].protections", "1" },
        { "$.counts[7].assets", "1" },
        { "$.counts[8]", "null" },
        { "$.groups[0].change", "gained" },
        { "$.groups[0].assets", "1" },
        { "$.groups[0].before_product", "mabs-v2" },
        { "$.groups[0].after_product", "mabs-v4" },
        { "$.groups[0].asset", "1" },
        { "$.groups[0].asset_name", "web01" },
        { "$.protections[0].change", "gained" },
        { "$.protections[0].also", "[]" },
        { "$.protections[0].id", "1" },
        { "$.protections[0].name", "web01" },
        { "$.protections[0].method", "agent" },
        { "$.protections[0].server", "mabs01" },
        { "$.protections[0].selected", "1" },
        { "$.protections[0].owner", "web team" },
        { "$.protections[0].site", "null" },
        { "$.protections[0].before_method", "agent" },
        { "$.protections[0].before_verdict", "unlisted" },
        { "$.protections[0].before_class", "newer" },
        { "$.protections[0].before_workload", "server" },
        { "$.protections[0].before_version", "Windows Server 2019" },
        { "$.protections[0].before_ruled", "null" },
        { "$.protections[0].after_product", "mabs-v4" },
        { "$.protections[1]", "null" },
    };

    (void)state;
    assert_int_equal(WHAT_IF("--product", "MABS-V4", "--name", "web01", "--format", "json"), 0);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(json(members[i].path), members[i].value) != 0)
            fail_msg("%s is %s, not %s", members[i].path, json(members[i].path), members[i].value);
    }
    assert_said(json("$.supposed.notes[0]"), "both sides are judged by those here");
}

static void the_csv_is_the_list(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--name", "web01", "--format", "csv"), 0);
    assert_int_equal(strncmp(ran.out, "change,also,id,name,kind,method,server,text,step,selected,", 58), 0);
    assert_said(ran.out, "\r\ngained,,1,web01,");
}

static void a_fact_is_of_the_type_that_the_dictionary_says(void **state)
{
    static const struct {
        const char *given, *said;
    } wrong[] = {
        { "os.build", "--set takes FACT=VALUE, such as os.service_pack=1, not os.build" },
        { "=1", "--set takes FACT=VALUE" },
        { "os.bild=6.0", "there is no fact os.bild; did you mean os.build?" },
        { "nothing.like.this=1", "there is no fact nothing.like.this" },
        { "os.service_pack=SP1", "--set os.service_pack: its value is a whole number, not SP1" },
        { "os.service_pack=", "its value is a whole number" },
        { "hyperv.role=1", "--set hyperv.role: its value is yes or no, not 1" },
        { "os.build=\xff", "--set" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(WHAT_IF("--set", wrong[i].given), 64);
        assert_said(ran.err, wrong[i].said);
        assert_string_equal(ran.out, "");
    }
    assert_int_equal(WHAT_IF("--set", "os.build=6.0.6001", "--set", "os.hotfixes=KB1,KB2", "--set", "hyperv.role=no",
                             "--set", "os.build=6.0.6002", "--set", "os.name=Microsoft Windows Server 2008 Standard",
                             "--name", "web01", "--format", "json"),
                     0);
    assert_string_equal(json("$.supposed.facts[0]"), "hyperv.role=no");
    assert_string_equal(json("$.supposed.facts[1]"), "os.build=6.0.6002");
    assert_string_equal(json("$.supposed.facts[2]"), "os.hotfixes=KB1, KB2");
    assert_said(json("$.protections[0].after_version"), "Windows Server 2008 SP2");
}

static void a_fact_that_nothing_is_judged_by_is_told(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--set", "hardware.memory=1", "--name", "web01"), 0);
    assert_said(ran.out, "no verdict depends on hardware.memory");
    assert_said(ran.out, "Nothing would change.");
}

static void wrong_words_are_named_with_the_nearest(void **state)
{
    static const struct {
        const char *option, *value, *said;
    } wrong[] = {
        { "--product", "mabsv4", "there is no product mabsv4; did you mean mabs-v4?" },
        { "--server", "mabs1", "there is no server mabs1; did you mean mabs01?" },
        { "--workload", "servr", "there is no workload servr; did you mean server?" },
        { "--kind", "esxihost", "there is no kind esxihost" },
        { "--where", "owner", "--where takes WORD=VALUE, such as owner=web, not owner" },
        { "--where", "ownr=x", "--where: there is no word to select by ownr; did you mean owner?" },
        { "--where", "owner=x", "there is no owner x" },
        { "--limit", "x", "--limit takes a number" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(WHAT_IF("--set", "os.build=1", wrong[i].option, wrong[i].value), 64);
        assert_said(ran.err, wrong[i].said);
    }
    assert_int_equal(WHAT_IF("--name", "web01"), 64);
    assert_said(ran.err, "what if what?");
    assert_int_equal(WHAT_IF("web01", "--product", "mabs-v4"), 64);
}

static void where_says_the_same_as_the_options(void **state)
{
    (void)state;
    assert_int_equal(
        WHAT_IF("--product", "mabs-v4", "--where", "name=web01", "--where", "method=agent", "--format", "json"), 0);
    assert_string_equal(json("$.supposed.selected"), "1");
    assert_string_equal(json("$.protections[0].name"), "web01");
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--where", "kind=esxi_host", "--format", "json"), 0);
    assert_string_equal(json("$.supposed.selected"), "1");
    assert_string_equal(json("$.supposed.compared"), "0");
}

static void nothing_selected_and_nothing_judged_are_told(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--name", "nobody"), 0);
    assert_said(ran.out, "nothing is selected");
    assert_said(ran.out, "There is no protection to compare.");
    stock_run(&stock, "DELETE FROM guard; DELETE FROM basis; DELETE FROM meta");
    assert_int_equal(WHAT_IF("--product", "mabs-v4"), 0);
    assert_said(ran.out, "Nothing is judged yet");
}

static void it_needs_the_database_and_the_matrix(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("what-if", "--matrix", "/none", "--products", "/none", "--product", "mabs-v4"), 78);
    stock_run(&stock, "UPDATE basis SET estate = '{'");
    assert_int_equal(WHAT_IF("--product", "mabs-v4"), 1);
    assert_said(ran.err, "malformed JSON");
}

/* Control characters, formulas and what turns the direction of text. */
static void hostile_names_are_harmless_in_each_form(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--all", "--each"), 0);
    assert_said(ran.out, "=cmd|'/c calc'!A1\\x1B[31m");
    assert_null(strchr(ran.out, '\033'));
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--all", "--format", "csv"), 0);
    assert_said(ran.out, "'=cmd|");
    assert_null(strchr(ran.out, '\033'));
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--all", "--format", "json"), 0);
    assert_string_not_equal(json("$.protections[0].name"), "invalid");
    assert_null(strchr(ran.out, '\033'));
}

static void a_limit_cuts_the_list_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--all", "--limit", "1", "--format", "json"), 0);
    assert_string_not_equal(json("$.protections[0].name"), "null");
    assert_string_equal(json("$.protections[1]"), "null");
    assert_string_not_equal(json("$.supposed.left_out"), "0");
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--all", "--limit", "1", "--each"), 0);
    assert_said(ran.err, "... and ");
}

/* -------------------------------------------------------------------------------------------------------- page ---- */

static int count_in(const char *text, const char *part)
{
    int count = 0;

    while ((text = strstr(text, part)) != NULL) {
        count++;
        text += strlen(part);
    }
    return count;
}

/* The count of that kind in the table of the first screen. */
static long counted(const char *page, const char *word, const char *column)
{
    char label[64];
    const char *at;

    snprintf(label, sizeof label, ">%s</a></th>", word);
    at = strstr(page, label);
    if (at == NULL) {
        snprintf(label, sizeof label, ">%s</th>", word);
        at = strstr(page, label);
    }
    assert_non_null(at);
    snprintf(label, sizeof label, "data-label=\"%s\">", column);
    at = strstr(at, label);
    assert_non_null(at);
    return strtol(at + strlen(label), NULL, 10);
}

static void assert_count(int i, const char *member, long number)
{
    char path[64];

    snprintf(path, sizeof path, "$.counts[%d].%s", i, member);
    assert_int_equal(strtol(json(path), NULL, 10), number);
}

static int length_of(const char *list)
{
    char path[64];
    int count = 0;

    for (snprintf(path, sizeof path, "$.%s[0].change", list); strcmp(json(path), "null") != 0;
         snprintf(path, sizeof path, "$.%s[%d].change", list, count))
        count++;
    return count;
}

/* What the page says that the JSON says, too. */
static void the_page_has_the_figures_of_the_json(void **state)
{
    char *page, answer[128];

    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--all", "--format", "html"), 0);
    assert_string_equal(ran.err, "");
    page = strdup(ran.out);
    assert_int_equal(strncmp(page, "<!DOCTYPE html>", 15), 0);
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--all", "--format", "json"), 0);
    for (int i = 0; i < 8; i++) {
        char path[64];

        snprintf(path, sizeof path, "$.counts[%d].change", i);
        assert_count(i, "protections", counted(page, json(path), "Protections"));
        snprintf(path, sizeof path, "$.counts[%d].change", i);
        assert_count(i, "assets", counted(page, json(path), "Assets"));
    }
    assert_true(length_of("groups") > 1);
    assert_int_equal(count_in(page, "<article "), length_of("groups"));
    assert_int_equal(count_in(page, "data-label=\"Owner\""), length_of("protections"));
    assert_int_equal(strtol(json("$.supposed.changed"), NULL, 10), length_of("protections"));
    snprintf(answer, sizeof answer, "\">%s of ", json("$.supposed.changed"));
    snprintf(answer + strlen(answer), sizeof answer - strlen(answer),
             "%s protections would change: ", json("$.supposed.compared"));
    assert_said(page, answer);
    free(page);
}

static void the_page_says_what_was_asked(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--set", "hardware.memory=1", "--where", "kind=vm", "--server",
                             "mabs01", "--format", "html"),
                     0);
    assert_said(ran.out, "(mabs-v4)</dd>");
    assert_said(ran.out, "<dt>Facts</dt><dd>hardware.memory=1</dd>");
    assert_said(ran.out, "<dt>Of what</dt><dd>server=mabs01; kind=vm</dd>");
    assert_said(ran.out, "both sides are judged by those here.</p>");
    assert_said(ran.out, "<p class=\"doubt\">no verdict depends on hardware.memory.</p>");
    assert_said(ran.out, "is no proof that there is a backup");
    assert_said(ran.out, "<td data-label=\"Date\">2018-08-17</td>");
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--name", "nobody", "--format", "html"), 0);
    assert_said(ran.out, "<p class=\"answer warn\">There is no protection to compare.</p>");
}

static void the_page_has_the_title_that_was_asked_for(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--format", "html"), 0);
    assert_said(ran.out, "<h1>Upgrade plan: ");
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--format", "html", "--title", "Spring <2027>"), 0);
    assert_said(ran.out, "<h1>Spring &lt;2027&gt;</h1>");
    assert_said(ran.out, "<title>Spring &lt;2027&gt;</title>");
    assert_null(strstr(ran.out, "Upgrade plan"));
}

static void hostile_names_of_the_database_are_text_in_the_page(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--all", "--format", "html"), 0);
    assert_said(ran.out, "=cmd|&#39;/c calc&#39;!A1\\x1B[31m&quot;x&quot;,\\u202Egpj\\n2");
    assert_null(strchr(ran.out, '\033'));
    assert_null(strstr(ran.out, "\xE2\x80\xAE"));
}

/* What the file holds, on the heap. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 20);

    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

static void the_page_goes_into_a_file_whole(void **state)
{
    char path[160], *page;

    (void)state;
    snprintf(path, sizeof path, "%s/plan.html", stock.folder);
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--format", "html", "--output", path), 0);
    assert_string_equal(ran.out, "");
    page = read_file(path);
    assert_string_equal(page + strlen(page) - strlen("</html>\n"), "</html>\n");
    free(page);
    unlink(path);
}

/* As on a disk that is full: a file cannot grow beyond a few bytes. */
static void a_full_disk_leaves_the_page_of_before(void **state)
{
    struct rlimit usual, little;
    char path[160], *text;
    FILE *file;

    (void)state;
    snprintf(path, sizeof path, "%s/plan.html", stock.folder);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("of before", file);
    fclose(file);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    little = (struct rlimit){ .rlim_cur = 512, .rlim_max = usual.rlim_max };
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    WHAT_IF("--product", "mabs-v4", "--format", "html", "--output", path);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(ran.status, 1);
    assert_said(ran.err, "plan.html");
    assert_said(ran.err, "File too large");
    text = read_file(path);
    assert_string_equal(text, "of before");
    free(text);
    unlink(path);
}

static void an_output_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--output", "/nowhere/p.html"), 64);
    assert_said(ran.err, "--output takes the page: say --format html, too");
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--title", "Plan"), 64);
    assert_said(ran.err, "--title is of the page: say --format html, too");
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--format", "html", "--output", ""), 64);
    assert_said(ran.err, "--output: name a file");
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--format", "html", "--output", "/nowhere/p.html"), 1);
    assert_said(ran.err, "/nowhere/p.html");
    assert_said(ran.err, "No such file");
    assert_int_equal(WHAT_IF("--product", "mabs-v4", "--format", "junit"), 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_changes_is_counted_grouped_and_named, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(the_json_has_every_member, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(the_csv_is_the_list, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(a_fact_is_of_the_type_that_the_dictionary_says, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(a_fact_that_nothing_is_judged_by_is_told, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(wrong_words_are_named_with_the_nearest, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(where_says_the_same_as_the_options, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(nothing_selected_and_nothing_judged_are_told, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(it_needs_the_database_and_the_matrix, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(hostile_names_are_harmless_in_each_form, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(a_limit_cuts_the_list_and_nothing_else, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(the_page_has_the_figures_of_the_json, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(the_page_says_what_was_asked, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(the_page_has_the_title_that_was_asked_for, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(hostile_names_of_the_database_are_text_in_the_page, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(the_page_goes_into_a_file_whole, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(a_full_disk_leaves_the_page_of_before, open_estate, desk_close),
        cmocka_unit_test_setup_teardown(an_output_that_makes_no_sense_is_refused, open_estate, desk_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
