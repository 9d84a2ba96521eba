/* What the page of 2018 says of Hyper-V hosts as they were scanned (rows 52 to 56), of machines on them as a whole, and
 * of Linux in them (row 58). What is expected was taken from the page, by row and product. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge.h"
#include "knowledge.h"
#include "sent_things.h"
#include "site.h"
#include "winpeer.h"

#include "str.h"

#include <stdio.h>
#include <string.h>

#define YES VERDICT_SUPPORTED
#define NO VERDICT_UNSUPPORTED

struct expected {
    enum verdict_word word;
    const char *says; /* in the reason of some leg */
};

/* A host and its two machines: a Windows and a Linux. */
struct judged {
    const char *name, *version, *more;
    struct expected v2, v1;         /* of the host, and of the Windows in it as a whole */
    struct expected linux2, linux1; /* of the Linux as a whole */
};

static const struct judged cases[] = {
    { "hv16",
      "2016-datacenter",
      "",
      { YES, "row 52 says" },
      { NO, "row 52 says" },
      { YES, "row 58 says" },
      { NO, "row 52 says" } },
    { "hv12r2",
      "2012-r2-datacenter",
      "",
      { YES, "row 53 says" },
      { YES, "row 53 says" },
      { YES, "row 58 says" },
      { YES, "row 58 says" } },
    { "hv12", "2012-datacenter", "", { YES, "row 54 says" }, { YES, "row 54 says" }, { NO, "R13" }, { NO, "R13" } },
    { "hv08r2",
      "2008-r2-sp1",
      ", \"hotfixes\": [\"KB975354\"]",
      { YES, "row 55 says" },
      { YES, "row 55 says" },
      { NO, "R13" },
      { NO, "R13" } },
    { "hv08",
      "2008-sp2",
      "",
      { NO, "row 56 says" },
      { NO, "row 56 says" },
      { NO, "row 56 says" },
      { NO, "row 56 says" } },
};

static struct knowledge *knowledge;

static int set_up(void **state)
{
    struct str fleet = STR_EMPTY;
    struct config_problems problems;

    (void)state;
    config_problems_init(&problems);
    knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    if (knowledge == NULL)
        return -1;
    str_add(&fleet, "{\"hosts\": [");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        str_format(&fleet,
                   "%s{\"name\": \"%s\", \"version\": \"%s\"%s, \"hyperv\": {\"vms\": [{\"name\": \"win\", \"guest\": "
                   "\"2008-sp2\"}, {\"name\": \"lin\", \"guest\": \"ubuntu-16.04\"}]}}",
                   i > 0 ? ", " : "", cases[i].name, cases[i].version, cases[i].more);
    str_add(&fleet, "]}");
    site_begin(str_text(&fleet));
    str_finish(&fleet);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    site_end();
    knowledge_unload(knowledge);
    return 0;
}

static const struct item *machine(const char *name)
{
    for (size_t i = 0; i < mock_item_count(site.mock, NULL); i++) {
        const struct item *item = mock_item_at(site.mock, i);

        if (strcmp(item->kind, "vm") == 0 && strcmp(item_text(item, "id.name"), name) == 0)
            return item;
    }
    fail_msg("there is no machine %s", name);
    return NULL;
}

static bool says(const struct verdict *verdict, const char *words)
{
    for (size_t i = 0; i < verdict->leg_count; i++)
        if (strstr(verdict->legs[i].reason, words) != NULL)
            return true;
    return false;
}

static bool judges(const struct sent_things *things, const struct item *item, enum method method, const char *product,
                   const struct expected *expected)
{
    const struct estate_server server = { "B", .product = product, .installation = "physical",
                                          .os = "Windows Server 2016", .domain = "corp.example" };
    struct estate estate = { .servers = &server, .server_count = 1 };
    struct judge_setting setting = { .matrix = knowledge_matrix(knowledge),
                                     .estate = &estate,
                                     .world = (struct world *)&things->world };
    struct judge *judge = judge_create(&setting);
    size_t count;
    const struct verdict *verdicts =
        judge_thing(judge, sent_things_find(things, site.mock, item->kind, item->key), &count);
    bool good = false;

    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].method != method)
            continue;
        good = verdicts[i].word == expected->word && says(&verdicts[i], expected->says);
        if (!good)
            print_error("%s %s, %s: %s: %s\n", item_text(item, "os.name") == NULL ? "" : item_text(item, "os.name"),
                        item_text(item, "id.name"), product, verdict_word(verdicts[i].word),
                        verdicts[i].legs[0].reason);
    }
    judge_destroy(judge);
    return good;
}

static void each_row_of_hyperv_is_judged_by_the_page(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct judged *one = &cases[i];
        struct sent_things things;

        site_scan(one->name);
        sent_things_init(&things, site.mock);
        wrong += !judges(&things, site_item("hyperv_host"), METHOD_HOST, "mabs-v2", &one->v2);
        wrong += !judges(&things, site_item("hyperv_host"), METHOD_HOST, "mabs-v1", &one->v1);
        wrong += !judges(&things, machine("win"), METHOD_IMAGE, "mabs-v2", &one->v2);
        wrong += !judges(&things, machine("win"), METHOD_IMAGE, "mabs-v1", &one->v1);
        wrong += !judges(&things, machine("lin"), METHOD_IMAGE, "mabs-v2", &one->linux2);
        wrong += !judges(&things, machine("lin"), METHOD_IMAGE, "mabs-v1", &one->linux1);
        sent_things_finish(&things);
    }
    if (wrong > 0)
        fail_msg("%zu are judged in another way", wrong);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_of_hyperv_is_judged_by_the_page),
    };

    if (winpeer_absent() != 0)
        return winpeer_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
