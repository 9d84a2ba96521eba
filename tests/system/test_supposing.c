/* What muster what-if says of the demo fleet comes true when the configuration is changed so. */
#include "rig.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A line of shell in the rig's folder. */
static void shell(struct rig *rig, const char *line)
{
    char whole[1024];

    snprintf(whole, sizeof whole, "cd %s && %s", rig->folder, line);
    assert_int_equal(system(whole), 0);
}

/* The demo, but that no scan shows of which product the backup servers are: who configures another one has updated
 * them. */
static void begin(struct rig *rig)
{
    char *configuration;

    rig_begin(rig);
    shell(rig, "cp -R " DEMO "/musterd.conf " DEMO "/fleet.jsonl " DEMO "/rvtools .");
    shell(rig, "sed -i 's/\"backup\\.[a-z_]*\":\\(\"[^\"]*\"\\|\\[[^]]*\\]\\),//g' fleet.jsonl");
    configuration = rig_read(rig, "musterd.conf");
    rig_write(rig, "musterd.conf", "plugins = \"plugins\"; plugin_host = \"" HOST_PROGRAM "\";\n%s", configuration);
    free(configuration);
    rig_start(rig);
    assert_int_equal(rig_muster(rig, "scan", NULL), 0);
}

/* What a statement makes of a JSON text (?1) and the database. */
static long long number_of(struct rig *rig, const char *json, const char *statement)
{
    sqlite3_stmt *query = NULL;
    sqlite3 *database = NULL;
    char path[256];
    long long number;

    snprintf(path, sizeof path, "%s/muster.db", rig->folder);
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(database, statement, -1, &query, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(database));
    assert_int_equal(sqlite3_bind_text(query, 1, json, -1, SQLITE_TRANSIENT), SQLITE_OK);
    if (sqlite3_step(query) != SQLITE_ROW)
        fail_msg("%s", sqlite3_errmsg(database));
    number = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(database);
    return number;
}

#define CHANGES "json_each(?1, '$.protections') c"
#define OF_CHANGE(side)                                                                                                \
    "p.asset = c.value ->> 'id' AND p.server = c.value ->> 'server' AND p.method = c.value ->> 'method'"               \
    " AND p.verdict = c.value ->> '" side "_verdict' AND p.class = coalesce(c.value ->> '" side "_class', '')"         \
    " AND p.product = c.value ->> '" side "_product' AND p.reason = c.value ->> '" side "_reason'"

static char *ask(struct rig *rig, const char *product)
{
    assert_int_equal(rig_muster(rig, "what-if", "--product", product, "--all", "--format", "json", NULL), 0);
    return strdup(rig->out);
}

static void what_is_supposed_comes_true(void **state)
{
    struct rig rig;
    char *before;

    (void)state;
    begin(&rig);
    before = ask(&rig, "mabs-v4");
    assert_int_equal(number_of(&rig, before, "SELECT ?1 ->> '$.supposed.in_force'"), 1);
    assert_int_equal(number_of(&rig, before, "SELECT ?1 ->> '$.supposed.compared'"),
                     rig_number(&rig, "SELECT count(*) FROM protection"));
    assert_true(number_of(&rig, before, "SELECT count(*) FROM " CHANGES) > 60);
    assert_int_equal(number_of(&rig, before,
                               "SELECT count(*) FROM " CHANGES
                               " WHERE NOT EXISTS (SELECT 1 FROM protection p WHERE " OF_CHANGE("before") ")"),
                     0);
    shell(&rig, "sed -i 's/product = \"[a-z0-9-]*\"/product = \"mabs-v4\"/' musterd.conf");
    rig_reload(&rig);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    assert_int_equal(number_of(&rig, before,
                               "SELECT count(*) FROM " CHANGES
                               " WHERE NOT EXISTS (SELECT 1 FROM protection p WHERE " OF_CHANGE("after") ")"),
                     0);
    free(before);
    before = ask(&rig, "mabs-v4");
    assert_int_equal(number_of(&rig, before, "SELECT ?1 ->> '$.supposed.changed'"), 0);
    free(before);
    rig_end(&rig);
}

/* Of each backup server by itself, then of all of them. */
static void servers_are_supposed_by_themselves(void **state)
{
    static const char *const servers[] = { "rtm-mabs01.corp.brackwater.example",
                                           "ant-mabs01.ant.corp.brackwater.example",
                                           "gnt-mabs01.corp.brackwater.example" };
    long long changed = 0, all;
    struct rig rig;
    char *answer;

    (void)state;
    begin(&rig);
    rig_stop(&rig);
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        assert_int_equal(rig_muster(&rig, "what-if", "--product", "mabs-v1", "--server", servers[i], "--all",
                                    "--format", "json", NULL),
                         0);
        changed += number_of(&rig, rig.out, "SELECT ?1 ->> '$.supposed.changed'");
        assert_int_equal(number_of(&rig, rig.out, "SELECT count(DISTINCT c.value ->> 'server') > 1 FROM " CHANGES), 0);
    }
    answer = ask(&rig, "mabs-v1");
    all = number_of(&rig, answer, "SELECT ?1 ->> '$.supposed.changed'");
    free(answer);
    assert_true(changed > 0);
    assert_int_equal(changed, all);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_supposed_comes_true),
        cmocka_unit_test(servers_are_supposed_by_themselves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
