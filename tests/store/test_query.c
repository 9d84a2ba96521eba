/* The reading side of the database: what it refuses to open, and what it gives of the stock's fleet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query.h"
#include "stock.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct stock stock;
static struct arena arena;
static struct query *query;
static struct err err;

static int start(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_fleet(&stock);
    arena_init(&arena, ARENA_PLAIN);
    err = ERR_EMPTY;
    query = query_open(stock.path, &err);
    return query == NULL;
}

static int finish(void **state)
{
    (void)state;
    query_close(query);
    query = NULL;
    arena_finish(&arena);
    stock_finish(&stock);
    return 0;
}

static void assert_not_opened(const char *path, const char *words)
{
    struct query *opened = query_open(path, &err);

    assert_null(opened);
    assert_int_equal(err.class, ERR_SYSTEM);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, err.text);
    assert_non_null(strstr(err.text, path));
}

static void a_database_that_is_none_of_ours_is_refused_in_words(void **state)
{
    char path[160];
    FILE *file;

    (void)state;
    snprintf(path, sizeof path, "%s/none", stock.folder);
    assert_not_opened(path, "start musterd");
    assert_not_opened(stock.folder, "no regular file");
    file = fopen(path, "w");
    fclose(file);
    assert_not_opened(path, "nothing of muster");
    file = fopen(path, "w");
    for (int i = 0; i < 500; i++)
        fputs("this is no database\n", file);
    fclose(file);
    assert_not_opened(path, "not a database");
    unlink(path);
    stock_run(&stock, "PRAGMA application_id = 7");
    assert_not_opened(stock.path, "another program");
}

static void a_database_of_another_release_is_refused_in_words(void **state)
{
    (void)state;
    stock_run(&stock, "PRAGMA user_version = 99");
    assert_not_opened(stock.path, "newer muster");
    stock_run(&stock, "PRAGMA user_version = 0");
    assert_not_opened(stock.path, "older muster");
}

/* A query_open in a child that is nobody. */
static int open_as_nobody(void)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        struct query *opened;

        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(9);
        opened = query_open(stock.path, &err);
        if (opened == NULL)
            _exit(strstr(err.text, "readable") != NULL ? 1 : 2);
        query_close(opened);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_reader_without_rights_is_told_what_it_lacks(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    chmod(stock.folder, 0755);
    stock_close(&stock);
    assert_int_equal(open_as_nobody(), 0);
    chmod(stock.path, 0600);
    assert_int_equal(open_as_nobody(), 1);
}

static void it_opens_while_nobody_writes(void **state)
{
    struct query_filter filter = { 0 };
    struct query_assets assets;

    (void)state;
    query_close(query);
    stock_close(&stock);
    query = query_open(stock.path, &err);
    assert_non_null(query);
    assert_true(query_list(query, &filter, STOCK_NOW, &arena, &assets, &err));
    assert_int_equal(assets.count, 7);
}

static void no_transaction_stays_open_after_an_answer(void **state)
{
    struct query_filter filter = { 0 };
    struct query_assets assets;
    int64_t left = -1;

    (void)state;
    assert_true(query_list(query, &filter, STOCK_NOW, &arena, &assets, &err));
    stock_run(&stock, "UPDATE asset SET name = name || '.x' WHERE id = 2");
    /* Truncating waits for readers: with one it says busy. */
    assert_true(sql_number(&stock.sql, "PRAGMA wal_checkpoint(TRUNCATE)", &left, &err));
    assert_int_equal(left, 0);
    assert_true(query_list(query, &filter, STOCK_NOW, &arena, &assets, &err));
    assert_string_equal(assets.list[1].name, "db01.x");
}

static void names_of(const struct query_filter *filter, char *names, size_t size)
{
    struct query_assets assets;

    if (!query_list(query, filter, STOCK_NOW, &arena, &assets, &err))
        fail_msg("%s", err.text);
    names[0] = '\0';
    for (size_t i = 0; i < assets.count; i++)
        snprintf(names + strlen(names), size - strlen(names), "%lld ", (long long)assets.list[i].id);
}

static void assert_list(struct query_filter filter, const char *expected)
{
    char names[256];

    names_of(&filter, names, sizeof names);
    assert_string_equal(names, expected);
}

static void the_list_is_in_the_order_of_names_without_the_gone_and_the_merged(void **state)
{
    (void)state;
    assert_list((struct query_filter){ 0 }, "8 2 3 4 5 1 9 ");
    assert_list((struct query_filter){ .gone = true }, "6 ");
}

static void every_filter_filters(void **state)
{
    (void)state;
    assert_list((struct query_filter){ .kind = "vm" }, "8 2 4 5 ");
    assert_list((struct query_filter){ .kind = "none" }, "");
    assert_list((struct query_filter){ .target = "inside" }, "1 9 ");
    assert_list((struct query_filter){ .target = "hv01" }, "");
    assert_list((struct query_filter){ .tag = "test" }, "1 9 ");
    assert_list((struct query_filter){ .tag = "eu", .kind = "machine" }, "1 ");
    assert_list((struct query_filter){ .name = "*IN*" }, "4 5 ");
    assert_list((struct query_filter){ .name = "web01" }, "1 ");
    assert_list((struct query_filter){ .name = "web0?*" }, "1 9 ");
    assert_list((struct query_filter){ .name = "web0" }, "");
    assert_list((struct query_filter){ .gone = true, .target = "vc01" }, "6 ");
    assert_list((struct query_filter){ .gone = true, .target = "inside" }, "");
}

static void characters_that_sql_knows_are_only_text(void **state)
{
    (void)state;
    assert_list((struct query_filter){ .name = "%" }, "");
    assert_list((struct query_filter){ .name = "web_1" }, "");
    assert_list((struct query_filter){ .name = "we\\b01" }, "");
    assert_list((struct query_filter){ .kind = "vm' OR '1'='1" }, "");
    assert_list((struct query_filter){ .target = "'; DROP TABLE asset; --" }, "");
    assert_list((struct query_filter){ .name = STOCK_HOSTILE }, "8 ");
}

static void a_limit_says_how_many_more_there_are(void **state)
{
    struct query_filter filter = { .limit = 2 };
    struct query_assets assets;

    (void)state;
    assert_true(query_list(query, &filter, STOCK_NOW, &arena, &assets, &err));
    assert_int_equal(assets.count, 2);
    assert_int_equal(assets.more, 5);
    filter.kind = "vm";
    filter.limit = 4;
    assert_true(query_list(query, &filter, STOCK_NOW, &arena, &assets, &err));
    assert_int_equal(assets.count, 4);
    assert_int_equal(assets.more, 0);
}

static const struct query_asset *listed(const struct query_assets *assets, int64_t id)
{
    for (size_t i = 0; i < assets->count; i++) {
        if (assets->list[i].id == id)
            return &assets->list[i];
    }
    fail_msg("asset %lld is not listed", (long long)id);
    return NULL;
}

static void an_asset_has_its_system_sources_and_age(void **state)
{
    struct query_filter filter = { 0 };
    struct query_assets assets;
    const struct query_asset *web, *volume;

    (void)state;
    assert_true(query_list(query, &filter, STOCK_NOW, &arena, &assets, &err));
    web = listed(&assets, 1);
    /* What the machine says of itself counts more than what its hypervisor was told. */
    assert_string_equal(web->system, "Windows Server 2016");
    assert_int_equal(web->sources.count, 2);
    assert_string_equal(web->sources.texts[0], "inside");
    assert_string_equal(web->sources.texts[1], "vc01");
    assert_int_equal(web->seen_at, STOCK_NOW - 61000);
    assert_false(web->stale);
    volume = listed(&assets, 9);
    assert_null(volume->system);
    assert_true(volume->stale);
    assert_string_equal(listed(&assets, 3)->system, "VMware ESXi 6.5.0");
}

static void a_source_that_missed_an_item_does_not_make_it_look_fresh(void **state)
{
    struct query_filter filter = { .kind = "esxi_host" };
    struct query_assets assets;

    (void)state;
    stock_run(&stock, "UPDATE sighting SET missed_at = 1700000000000 WHERE item = 4");
    assert_true(query_list(query, &filter, STOCK_NOW, &arena, &assets, &err));
    assert_int_equal(assets.list[0].seen_at, INT64_C(1700000000000));
    assert_true(assets.list[0].stale);
}

static struct query_found find(const char *item)
{
    struct query_found found;

    if (!query_find(query, item, &arena, &found, &err))
        fail_msg("%s", err.text);
    return found;
}

static void an_item_is_found_by_its_id_or_its_only_name(void **state)
{
    struct query_found found;

    (void)state;
    assert_int_equal(find("2").id, 2);
    assert_int_equal(find("WEB01").id, 1);
    assert_int_equal(find("old").id, 6);
    found = find("7");
    assert_int_equal(found.id, 1);
    assert_int_equal(found.merged_from, 7);
}

static void a_name_of_several_gives_its_candidates(void **state)
{
    struct query_found found = find("Twin");

    (void)state;
    assert_int_equal(found.id, 0);
    assert_true(found.ambiguous);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.candidates[0].id, 4);
    assert_int_equal(found.candidates[1].id, 5);
    stock_run(&stock, "UPDATE asset SET gone_at = 5 WHERE id = 4");
    assert_int_equal(find("twin").id, 5);
}

static void an_unknown_name_gives_what_it_may_have_meant(void **state)
{
    struct query_found found = find("esx01");

    (void)state;
    assert_int_equal(found.id, 0);
    assert_false(found.ambiguous);
    assert_int_equal(found.count, 1);
    assert_string_equal(found.candidates[0].name, "esx01.example");
    found = find("dbo1");
    assert_int_equal(found.count, 1);
    assert_string_equal(found.candidates[0].name, "db01");
    assert_int_equal(find("99999999999999999999").count, 0);
    assert_int_equal(find("").count, 0);
    assert_int_equal(find("%").count, 0);
}

static void a_ring_of_merges_ends(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE asset SET merged_into = 2 WHERE id = 1; UPDATE asset SET merged_into = 1 WHERE id = 2");
    assert_int_equal(find("1").id, 0);
}

static void a_damaged_fact_is_an_error_and_not_a_crash(void **state)
{
    struct query_filter filter = { 0 };
    struct query_assets assets;

    (void)state;
    stock_run(&stock, "UPDATE item SET facts = '{\"a\":' WHERE id = 3");
    assert_false(query_list(query, &filter, STOCK_NOW, &arena, &assets, &err));
    assert_non_null(strstr(err.text, "JSON"));
    /* And the next question is answered. */
    filter.kind = "volume";
    assert_true(query_list(query, &filter, STOCK_NOW, &arena, &assets, &err));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_database_that_is_none_of_ours_is_refused_in_words, start, finish),
        cmocka_unit_test_setup_teardown(a_database_of_another_release_is_refused_in_words, start, finish),
        cmocka_unit_test_setup_teardown(a_reader_without_rights_is_told_what_it_lacks, start, finish),
        cmocka_unit_test_setup_teardown(it_opens_while_nobody_writes, start, finish),
        cmocka_unit_test_setup_teardown(no_transaction_stays_open_after_an_answer, start, finish),
        cmocka_unit_test_setup_teardown(the_list_is_in_the_order_of_names_without_the_gone_and_the_merged, start,
                                        finish),
        cmocka_unit_test_setup_teardown(every_filter_filters, start, finish),
        cmocka_unit_test_setup_teardown(characters_that_sql_knows_are_only_text, start, finish),
        cmocka_unit_test_setup_teardown(a_limit_says_how_many_more_there_are, start, finish),
        cmocka_unit_test_setup_teardown(an_asset_has_its_system_sources_and_age, start, finish),
        cmocka_unit_test_setup_teardown(a_source_that_missed_an_item_does_not_make_it_look_fresh, start, finish),
        cmocka_unit_test_setup_teardown(an_item_is_found_by_its_id_or_its_only_name, start, finish),
        cmocka_unit_test_setup_teardown(a_name_of_several_gives_its_candidates, start, finish),
        cmocka_unit_test_setup_teardown(an_unknown_name_gives_what_it_may_have_meant, start, finish),
        cmocka_unit_test_setup_teardown(a_ring_of_merges_ends, start, finish),
        cmocka_unit_test_setup_teardown(a_damaged_fact_is_an_error_and_not_a_crash, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
