/* What the page of 2018 says of SQL Server as it was scanned: rows 23 to 38 at each installation that a scan can tell,
 * and rules R20 (cluster shared volumes) and R11 (SharePoint on an availability group). What is expected was taken from
 * the page, by row and product. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge.h"
#include "knowledge.h"
#include "sent_things.h"
#include "sql_site.h"
#include "sqlpeer.h"

#include "str.h"

#include <stdio.h>
#include <string.h>

#define YES VERDICT_SUPPORTED
#define NO VERDICT_UNSUPPORTED
#define NONE VERDICT_UNLISTED

enum place { PHYSICAL, HYPERV, AZURE, VMWARE };

struct expected {
    enum verdict_word word;
    const char *says; /* in the reason */
};

static const struct judged {
    const char *host;
    enum place place;
    struct expected v2, v1;
} cases[] = {
    { "v2016sp1", PHYSICAL, { YES, "row 23 says" }, { NO, "row 23 says" } },
    { "v2016sp1", HYPERV, { YES, "row 23 says" }, { NO, "row 23 says" } },
    { "v2016sp1", AZURE, { YES, "row 23 says" }, { NO, "row 23 says" } },
    { "v2016sp1", VMWARE, { YES, "row 23 says" }, { NO, "row 23 says" } },
    { "v2016", PHYSICAL, { YES, "row 24 says" }, { NO, "row 24 says" } },
    { "v2016", HYPERV, { YES, "row 24 says" }, { NO, "row 24 says" } },
    { "v2016", AZURE, { YES, "row 24 says" }, { NO, "row 24 says" } },
    { "v2016", VMWARE, { YES, "row 24 says" }, { NO, "row 24 says" } },
    { "v2014", AZURE, { YES, "row 25 says" }, { YES, "row 25 says" } },
    { "v2014", VMWARE, { YES, "row 26 says" }, { YES, "row 26 says" } },
    { "v2014", PHYSICAL, { NONE, "has no row" }, { NONE, "has no row" } },
    { "v2014", HYPERV, { NONE, "has no row" }, { NONE, "has no row" } },
    { "v2014sp1", VMWARE, { NONE, "of its levels" }, { NONE, "of its levels" } },
    { "v2012sp2", PHYSICAL, { YES, "row 27 says" }, { YES, "row 27 says" } },
    { "v2012sp2", HYPERV, { YES, "row 27 says" }, { YES, "row 27 says" } },
    { "v2012sp2", AZURE, { YES, "row 28 says" }, { YES, "row 28 says" } },
    { "v2012sp2", VMWARE, { YES, "row 29 says" }, { YES, "row 29 says" } },
    { "v2012sp1", PHYSICAL, { YES, "row 30 says" }, { YES, "row 30 says" } },
    { "v2012", PHYSICAL, { YES, "row 30 says" }, { YES, "row 30 says" } },
    { "v2012", HYPERV, { YES, "row 30 says" }, { YES, "row 30 says" } },
    { "v2012", AZURE, { YES, "row 31 says" }, { YES, "row 31 says" } },
    { "v2012", VMWARE, { YES, "row 32 says" }, { YES, "row 32 says" } },
    { "v2008r2", PHYSICAL, { YES, "row 33 says" }, { YES, "row 33 says" } },
    { "v2008r2", HYPERV, { YES, "row 33 says" }, { YES, "row 33 says" } },
    { "v2008r2", AZURE, { YES, "row 34 says" }, { YES, "row 34 says" } },
    { "v2008r2", VMWARE, { YES, "row 35 says" }, { YES, "row 35 says" } },
    { "v2008", PHYSICAL, { YES, "row 36 says" }, { YES, "row 36 says" } },
    { "v2008", HYPERV, { YES, "row 36 says" }, { YES, "row 36 says" } },
    { "v2008", AZURE, { YES, "row 37 says" }, { YES, "row 37 says" } },
    { "v2008", VMWARE, { YES, "row 38 says" }, { YES, "row 38 says" } },
    { "v2008sp3", PHYSICAL, { NONE, "of its levels" }, { NONE, "of its levels" } },
    { "v2019", PHYSICAL, { NONE, "" }, { NONE, "" } },
};

static const struct {
    const char *host, *version, *more;
} hosts[] = {
    { "v2016sp1", "2016 SP1", "\"Sales\"" },
    { "v2016", "2016", "\"Sales\"" },
    { "v2014", "2014", "\"Sales\"" },
    { "v2014sp1", "2014 SP1", "\"Sales\"" },
    { "v2012sp2", "2012 SP2", "\"Sales\", {\"name\": \"Shared\", \"folder\": \"C:\\\\ClusterStorage\\\\Volume1\"}" },
    { "v2012sp1", "2012 SP1", "\"Sales\"" },
    { "v2012", "2012", "\"Sales\", \"Other\"" },
    { "v2008r2", "2008 R2", "\"Sales\"" },
    { "v2008", "2008", "\"Sales\"" },
    { "v2008sp3", "2008 SP3", "\"Sales\"" },
    { "v2019", "2019", "\"Sales\"" },
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
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        str_format(&fleet,
                   "%s{\"name\": \"%s\", \"names\": [\"%s.corp.example\"], \"address\": \"@.%zu\", \"instances\":"
                   " [{\"version\": \"%s\", \"edition\": \"enterprise\", \"databases\": [%s]}]}",
                   i == 0 ? "" : ", ", hosts[i].host, hosts[i].host, i + 11, hosts[i].version, hosts[i].more);
    str_add(&fleet,
            "], \"groups\": [{\"name\": \"AG\", \"replicas\": [\"V2012\", \"V2016\"], \"databases\": [\"Sales\"]}]}");
    sql_site_begin(str_text(&fleet));
    str_finish(&fleet);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sql_site_end();
    knowledge_unload(knowledge);
    return 0;
}

/* The computer, as another source has it. */
static void make_machine(struct item *machine, struct arena *arena, const char *host, enum place place)
{
    static const char *const makers[][2] = { [PHYSICAL] = { "Dell Inc.", "PowerEdge R640" },
                                             [HYPERV] = { "Microsoft Corporation", "Virtual Machine" },
                                             [AZURE] = { "Microsoft Corporation", "Virtual Machine" },
                                             [VMWARE] = { "VMware, Inc.", "VMware Virtual Platform" } };
    struct err err;

    item_init(machine, arena, "machine", host);
    item_set_text(machine, "id.fqdn", arena_format(arena, "%s.corp.example", host), &err);
    item_set_text(machine, "hardware.manufacturer", makers[place][0], &err);
    item_set_text(machine, "hardware.model", makers[place][1], &err);
    if (place == HYPERV)
        item_set_text(machine, "id.hyperv_guid", "1988e45c-d03a-56ce-b705-d2abe832c082", &err);
    if (place == AZURE)
        item_set_text(machine, "hardware.asset_tag", "7783-7084-3265-9085-8269-3286-77", &err);
}

static const struct thing *find(const struct sent_things *things, const char *kind, const char *name)
{
    for (size_t i = 0; i < things->count; i++) {
        const char *called = things->things[i].name;

        if (thing_is(&things->things[i], kind) && called != NULL && strcmp(called, name) == 0)
            return &things->things[i];
    }
    fail_msg("there is no %s %s", kind, name);
    return NULL;
}

static bool judges(const char *title, const struct sent_things *things, const struct thing *thing, const char *product,
                   const struct expected *answer)
{
    const struct estate_server server = { "B", .product = product, .installation = "physical",
                                          .os = "Windows Server 2016", .domain = "corp.example" };
    struct estate estate = { .servers = &server, .server_count = 1 };
    struct judge_setting setting = { .matrix = knowledge_matrix(knowledge),
                                     .estate = &estate,
                                     .world = (struct world *)&things->world };
    struct judge *judge = judge_create(&setting);
    size_t count;
    const struct verdict *verdicts = judge_thing(judge, thing, &count), *verdict = NULL;
    bool good;

    for (size_t i = 0; i < count; i++)
        if (verdicts[i].method == METHOD_APPLICATION)
            verdict = &verdicts[i];
    assert_non_null(verdict);
    good = verdict->word == answer->word && strstr(verdict->legs[0].reason, answer->says) != NULL;
    if (!good)
        print_error("%s, %s: %s %s: %s\n", title, product, verdict_word(verdict->word),
                    verdict_class_word(verdict->class), verdict->legs[0].reason);
    judge_destroy(judge);
    return good;
}

/* Of one database, or of another thing's application. */
static size_t judge_both(const char *host, enum place place, const struct item *further, const char *kind,
                         const char *name, const struct expected *v2, const struct expected *v1)
{
    struct sent_things things;
    struct item machine;
    const struct item *others[] = { &machine, further };
    struct arena arena;
    size_t wrong;

    arena_init(&arena, ARENA_PLAIN);
    make_machine(&machine, &arena, host, place);
    sent_things_init_beside(&things, sql_site.mock, others, further == NULL ? 1 : 2);
    wrong = !judges(host, &things, find(&things, kind, name), "mabs-v2", v2);
    wrong += !judges(host, &things, find(&things, kind, name), "mabs-v1", v1);
    sent_things_finish(&things);
    arena_finish(&arena);
    return wrong;
}

static void each_row_of_sql_server_is_judged_by_the_page(void **state)
{
    const char *scanned = "";
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct judged *one = &cases[i];

        if (strcmp(scanned, one->host) != 0)
            sql_site_scan(one->host);
        scanned = one->host;
        wrong += judge_both(one->host, one->place, NULL, "database", "Sales", &one->v2, &one->v1);
    }
    if (wrong > 0)
        fail_msg("%zu are judged in another way", wrong);
}

static void a_database_on_a_cluster_shared_volume_is_not_supported(void **state)
{
    const struct expected no = { NO, "R20" }, yes = { YES, "row 27 says" };

    (void)state;
    sql_site_scan("v2012sp2");
    assert_int_equal(judge_both("v2012sp2", PHYSICAL, NULL, "database", "Shared", &no, &no), 0);
    assert_int_equal(judge_both("v2012sp2", PHYSICAL, NULL, "database", "Sales", &yes, &yes), 0);
}

static void whether_it_lies_on_one_is_open_where_it_was_not_read(void **state)
{
    const struct expected open = { VERDICT_CONDITIONAL, "R20" };
    char why[] = "\tVIEW ANY DEFINITION";

    (void)state;
    peer_tell(sql_site.peer, "revoke\tv2012sp2\tscan%s", why);
    sql_site_scan("v2012sp2");
    peer_tell(sql_site.peer, "grant\tv2012sp2\tscan%s", why);
    assert_int_equal(judge_both("v2012sp2", PHYSICAL, NULL, "database", "Shared", &open, &open), 0);
}

/* As another source has it: a farm whose content database is called so. */
static void make_farm(struct item *farm, struct arena *arena, const char *database)
{
    const char *names[] = { arena_format(arena, "V2012\\%s", database) };
    struct err err;

    item_init(farm, arena, "sharepoint_farm", "farm");
    item_set_text(farm, "id.name", "Farm", &err);
    item_set_text(farm, "sharepoint.version", "15.0.4571.1502", &err);
    item_set_list(farm, "sharepoint.content_databases", names, 1, &err);
    item_link(farm,
              &(struct link){
                  .relation = "hosted_on", .kind = "machine", .attribute = "id.fqdn", .value = "v2012.corp.example" },
              &err);
    item_link(farm,
              &(struct link){ .relation = "uses", .kind = "sql_instance", .key = "v2012.corp.example\\MSSQLSERVER" },
              &err);
}

static void a_farm_on_an_availability_group_of_2012_is_not_supported(void **state)
{
    const struct expected no = { NO, "R11" }, yes = { YES, "row 46 says" };
    struct arena arena;
    struct item farm;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    sql_site_scan("v2012");
    make_farm(&farm, &arena, "Sales");
    assert_int_equal(judge_both("v2012", PHYSICAL, &farm, "sharepoint_farm", "Farm", &no, &no), 0);
    make_farm(&farm, &arena, "Other");
    assert_int_equal(judge_both("v2012", PHYSICAL, &farm, "sharepoint_farm", "Farm", &yes, &yes), 0);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_of_sql_server_is_judged_by_the_page),
        cmocka_unit_test(a_database_on_a_cluster_shared_volume_is_not_supported),
        cmocka_unit_test(whether_it_lies_on_one_is_open_where_it_was_not_read),
        cmocka_unit_test(a_farm_on_an_availability_group_of_2012_is_not_supported),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
