/* What the page of 2018 says of computers as they were scanned: rows 1 to 22 and 39 to 51, each at the installations
 * that a scan can tell. What is expected was taken from the page, by row and product. */
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
#include <stdlib.h>
#include <string.h>

struct judged {
    const char *name, *version, *model; /* of winpeer */
    const char *more;                   /* further settings of the host, each with a comma in front */
    const char *kind;
    struct {
        enum verdict_word word;
        const char *says; /* in the reason */
    } v2, v1;
};

#define YES VERDICT_SUPPORTED
#define NO VERDICT_UNSUPPORTED
#define NONE VERDICT_UNLISTED
#define OPEN VERDICT_CONDITIONAL

static const struct judged cases[] = {
    { "client-10-physical", "client-10", "physical", "", "machine", { YES, "row 1 says" }, { YES, "row 1 says" } },
    { "client-10-hyperv", "client-10", "hyperv", "", "machine", { YES, "row 1 says" }, { YES, "row 1 says" } },
    { "client-10-vmware", "client-10", "vmware", "", "machine", { YES, "row 1 says" }, { YES, "row 1 says" } },
    { "client-81-physical", "client-8.1", "physical", "", "machine", { YES, "row 2 says" }, { YES, "row 2 says" } },
    { "client-81-hyperv", "client-8.1", "hyperv", "", "machine", { YES, "row 2 says" }, { YES, "row 2 says" } },
    { "client-81-vmware", "client-8.1", "vmware", "", "machine", { YES, "row 3 says" }, { YES, "row 3 says" } },
    { "client-8-physical", "client-8", "physical", "", "machine", { YES, "row 4 says" }, { YES, "row 4 says" } },
    { "client-8-hyperv", "client-8", "hyperv", "", "machine", { YES, "row 4 says" }, { YES, "row 4 says" } },
    { "client-8-vmware", "client-8", "vmware", "", "machine", { YES, "row 5 says" }, { YES, "row 5 says" } },
    { "client-7-physical", "client-7-rtm", "physical", "", "machine", { YES, "row 6 says" }, { YES, "row 6 says" } },
    { "client-7-hyperv", "client-7-rtm", "hyperv", "", "machine", { YES, "row 6 says" }, { YES, "row 6 says" } },
    { "client-7-vmware", "client-7-rtm", "vmware", "", "machine", { YES, "row 7 says" }, { YES, "row 7 says" } },
    { "2016-physical", "2016-datacenter", "physical", "", "machine", { YES, "row 8 says" }, { NO, "row 8 says" } },
    { "2016-hyperv", "2016-datacenter", "hyperv", "", "machine", { YES, "row 8 says" }, { NO, "row 8 says" } },
    { "2016-vmware", "2016-datacenter", "vmware", "", "machine", { YES, "row 8 says" }, { NO, "row 8 says" } },
    { "2016-azure", "2016-datacenter", "azure", "", "machine", { YES, "row 8 says" }, { NO, "row 8 says" } },
    { "nano", "2016-nano", "physical", "", "machine", { NO, "R4" }, { NO, "row 8 says" } },
    { "2012r2-azure", "2012-r2", "azure", "", "machine", { YES, "row 9 says" }, { YES, "row 9 says" } },
    { "2012r2-vmware", "2012-r2-datacenter", "vmware", "", "machine", { YES, "row 10 says" }, { YES, "row 10 says" } },
    { "2012r2-physical", "2012-r2", "physical", "", "machine", { NONE, "has no row" }, { NONE, "has no row" } },
    { "2012r2-hyperv", "2012-r2", "hyperv", "", "machine", { NONE, "has no row" }, { NONE, "has no row" } },
    { "2012-physical", "2012", "physical", "", "machine", { YES, "row 11 says" }, { YES, "row 11 says" } },
    { "2012-hyperv", "2012", "hyperv", "", "machine", { YES, "row 11 says" }, { YES, "row 11 says" } },
    { "2012-azure", "2012", "azure", "", "machine", { YES, "row 12 says" }, { YES, "row 12 says" } },
    { "2012-vmware", "2012", "vmware", "", "machine", { YES, "row 13 says" }, { YES, "row 13 says" } },
    { "2008r2sp1-physical",
      "2008-r2-sp1-wmf4",
      "physical",
      "",
      "machine",
      { YES, "row 14 says" },
      { YES, "row 14 says" } },
    { "2008r2sp1-hyperv", "2008-r2-sp1-wmf4", "hyperv", "", "machine", { YES, "row 14 says" }, { YES, "row 14 says" } },
    { "2008r2sp1-azure", "2008-r2-sp1-wmf4", "azure", "", "machine", { YES, "row 15 says" }, { YES, "row 15 says" } },
    { "2008r2sp1-vmware", "2008-r2-sp1-wmf4", "vmware", "", "machine", { YES, "row 16 says" }, { YES, "row 16 says" } },
    { "2008r2sp1-nowmf", "2008-r2-sp1", "physical", "", "machine", { NO, "R5" }, { YES, "row 14 says" } },
    { "2008r2sp1-dc", "2008-r2-sp1-datacenter", "physical", "", "machine", { NONE, "R6 says" }, { NONE, "R6 says" } },
    { "2008r2-physical", "2008-r2", "physical", "", "machine", { YES, "row 17 says" }, { YES, "row 17 says" } },
    { "2008r2-hyperv", "2008-r2", "hyperv", "", "machine", { YES, "row 17 says" }, { YES, "row 17 says" } },
    { "2008r2-azure", "2008-r2", "azure", "", "machine", { NO, "row 18 says" }, { YES, "row 18 says" } },
    { "2008r2-vmware", "2008-r2", "vmware", "", "machine", { NO, "row 19 says" }, { YES, "row 19 says" } },
    { "2008sp2-physical", "2008-sp2", "physical", "", "machine", { NO, "row 20 says" }, { YES, "row 20 says" } },
    { "2008sp2-hyperv", "2008-sp2", "hyperv", "", "machine", { NO, "row 20 says" }, { YES, "row 20 says" } },
    { "2008sp2-vmware", "2008-sp2", "vmware", "", "machine", { YES, "row 21 says" }, { YES, "row 21 says" } },
    { "2008", "2008", "physical", "", "machine", { NONE, "has no row" }, { NONE, "has no row" } },
    { "storage-physical", "storage-2008", "physical", "", "machine", { YES, "row 22 says" }, { YES, "row 22 says" } },
    { "storage-hyperv", "storage-2008", "hyperv", "", "machine", { YES, "row 22 says" }, { YES, "row 22 says" } },
    { "ex2016-physical",
      "2012-r2",
      "physical",
      ", \"exchange\": \"2016\"",
      "exchange_server",
      { OPEN, "R10 cannot be decided" },
      { OPEN, "R10 cannot be decided" } },
    { "ex2016-hyperv",
      "2012-r2",
      "hyperv",
      ", \"exchange\": \"2016\"",
      "exchange_server",
      { OPEN, "R10 cannot be decided" },
      { OPEN, "R10 cannot be decided" } },
    { "ex2016-vmware",
      "2012-r2",
      "vmware",
      ", \"exchange\": \"2016\"",
      "exchange_server",
      { OPEN, "R10 cannot be decided" },
      { OPEN, "R10 cannot be decided" } },
    { "ex2013-physical",
      "2012-r2",
      "physical",
      ", \"exchange\": \"2013\"",
      "exchange_server",
      { OPEN, "R10 cannot be decided" },
      { OPEN, "R10 cannot be decided" } },
    { "ex2013-hyperv",
      "2012-r2",
      "hyperv",
      ", \"exchange\": \"2013\"",
      "exchange_server",
      { OPEN, "R10 cannot be decided" },
      { OPEN, "R10 cannot be decided" } },
    { "ex2013-vmware",
      "2012-r2",
      "vmware",
      ", \"exchange\": \"2013\"",
      "exchange_server",
      { OPEN, "R10 cannot be decided" },
      { OPEN, "R10 cannot be decided" } },
    { "ex2010-physical",
      "2012-r2",
      "physical",
      ", \"exchange\": \"2010\"",
      "exchange_server",
      { OPEN, "R10 cannot be decided" },
      { OPEN, "R10 cannot be decided" } },
    { "ex2010-hyperv",
      "2012-r2",
      "hyperv",
      ", \"exchange\": \"2010\"",
      "exchange_server",
      { OPEN, "R10 cannot be decided" },
      { OPEN, "R10 cannot be decided" } },
    { "ex2010-vmware",
      "2012-r2",
      "vmware",
      ", \"exchange\": \"2010\"",
      "exchange_server",
      { OPEN, "R10 cannot be decided" },
      { OPEN, "R10 cannot be decided" } },
    { "sp2016-physical",
      "2012-r2",
      "physical",
      ", \"sharepoint\": \"2016\"",
      "sharepoint_farm",
      { OPEN, "row 45 says" },
      { NO, "row 45 says" } },
    { "sp2016-hyperv",
      "2012-r2",
      "hyperv",
      ", \"sharepoint\": \"2016\"",
      "sharepoint_farm",
      { OPEN, "row 45 says" },
      { NO, "row 45 says" } },
    { "sp2016-azure",
      "2012-r2",
      "azure",
      ", \"sharepoint\": \"2016\"",
      "sharepoint_farm",
      { OPEN, "row 45 says" },
      { NO, "row 45 says" } },
    { "sp2016-vmware",
      "2012-r2",
      "vmware",
      ", \"sharepoint\": \"2016\"",
      "sharepoint_farm",
      { OPEN, "row 45 says" },
      { NO, "row 45 says" } },
    { "sp2013-physical",
      "2012-r2",
      "physical",
      ", \"sharepoint\": \"2013\"",
      "sharepoint_farm",
      { OPEN, "row 46 says" },
      { OPEN, "row 46 says" } },
    { "sp2013-hyperv",
      "2012-r2",
      "hyperv",
      ", \"sharepoint\": \"2013\"",
      "sharepoint_farm",
      { OPEN, "row 46 says" },
      { OPEN, "row 46 says" } },
    { "sp2013-azure",
      "2012-r2",
      "azure",
      ", \"sharepoint\": \"2013\"",
      "sharepoint_farm",
      { OPEN, "row 47 says" },
      { OPEN, "row 47 says" } },
    { "sp2013-vmware",
      "2012-r2",
      "vmware",
      ", \"sharepoint\": \"2013\"",
      "sharepoint_farm",
      { OPEN, "row 48 says" },
      { OPEN, "row 48 says" } },
    { "sp2010-physical",
      "2012-r2",
      "physical",
      ", \"sharepoint\": \"2010\"",
      "sharepoint_farm",
      { YES, "row 49 says" },
      { YES, "row 49 says" } },
    { "sp2010-hyperv",
      "2012-r2",
      "hyperv",
      ", \"sharepoint\": \"2010\"",
      "sharepoint_farm",
      { YES, "row 49 says" },
      { YES, "row 49 says" } },
    { "sp2010-azure",
      "2012-r2",
      "azure",
      ", \"sharepoint\": \"2010\"",
      "sharepoint_farm",
      { YES, "row 50 says" },
      { YES, "row 50 says" } },
    { "sp2010-vmware",
      "2012-r2",
      "vmware",
      ", \"sharepoint\": \"2010\"",
      "sharepoint_farm",
      { YES, "row 51 says" },
      { YES, "row 51 says" } },
    { "client-7-sp1", "client-7", "physical", "", "machine", { NONE, "of its levels" }, { NONE, "of its levels" } },
};

static struct knowledge *knowledge;

static void add_host(struct str *fleet, const struct judged *one, bool first)
{
    str_format(fleet, "%s{\"name\": \"%s\", \"version\": \"%s\", \"model\": \"%s\"%s%s}", first ? "" : ", ", one->name,
               one->version, one->model, strcmp(one->model, "hyperv") == 0 ? ", \"on\": \"hv1.corp.example\"" : "",
               one->more);
}

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
        add_host(&fleet, &cases[i], i == 0);
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

static const struct thing *thing_of(const struct sent_things *things, const char *kind)
{
    const struct item *item = site_item(kind);

    return sent_things_find(things, site.mock, kind, item->key);
}

static const struct verdict *verdict_of(const struct verdict *verdicts, size_t count, const char *kind)
{
    enum method method = strcmp(kind, "machine") == 0 ? METHOD_AGENT : METHOD_APPLICATION;

    for (size_t i = 0; i < count; i++)
        if (verdicts[i].method == method)
            return &verdicts[i];
    fail_msg("%s of %s is not judged by that method", kind, item_text(site_item("machine"), "id.name"));
    return NULL;
}

static bool judges(const struct judged *one, const struct sent_things *things, const char *product,
                   enum verdict_word word, const char *says)
{
    const struct estate_server server = { "B", .product = product, .installation = "physical",
                                          .os = "Windows Server 2016", .domain = "corp.example" };
    struct estate estate = { .servers = &server, .server_count = 1 };
    struct judge_setting setting = { .matrix = knowledge_matrix(knowledge),
                                     .estate = &estate,
                                     .world = (struct world *)&things->world };
    struct judge *judge = judge_create(&setting);
    size_t count;
    const struct verdict *verdicts = judge_thing(judge, thing_of(things, one->kind), &count);
    const struct verdict *verdict = verdict_of(verdicts, count, one->kind);
    bool good = verdict->word == word && strstr(verdict->legs[0].reason, says) != NULL;

    if (!good)
        print_error("%s, %s: %s %s: %s\n", one->name, product, verdict_word(verdict->word),
                    verdict_class_word(verdict->class), verdict->legs[0].reason);
    judge_destroy(judge);
    return good;
}

static void each_row_of_windows_exchange_and_sharepoint_is_judged_by_the_page(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct judged *one = &cases[i];
        struct sent_things things;

        site_scan(one->name);
        sent_things_init(&things, site.mock);
        wrong += !judges(one, &things, "mabs-v2", one->v2.word, one->v2.says);
        wrong += !judges(one, &things, "mabs-v1", one->v1.word, one->v1.says);
        sent_things_finish(&things);
    }
    if (wrong > 0)
        fail_msg("%zu are judged in another way", wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_of_windows_exchange_and_sharepoint_is_judged_by_the_page),
    };

    if (winpeer_absent() != 0)
        return winpeer_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
