/* What a report reads of what its verdicts rest on: ends of support, rules, conditions, documents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dossier.h"

#include <string.h>

#define DAY INT64_C(86400000)

static bool tell_lifecycle(void *context, const struct query_report_lifecycle *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%s %s%s%s %lld", row->workload, row->version, row->of[0] == '\0' ? "" : " of ", row->of,
               (long long)row->assets);
    str_format(&told, "%s%s\n", row->exempt > 0 ? ", exempt" : "", row->support_end == 0 ? ", no end" : "");
    return true;
}

static const char *lifecycles(void)
{
    dossier_read((struct query_report_wish){ 0 });
    str_clear(&told);
    dossier_must(query_report_lifecycles(report, tell_lifecycle, NULL, &err));
    return str_text(&told);
}

/* What no date is known of, behind all others. */
#define ENDLESS                                                                                                        \
    "backup-server mabs-v1 1, no end\nbackup-server mabs-v2 1, no end\nserver Windows Server 2012 R2 1, no end\n"      \
    "server Windows Server 2022 1, exempt, no end\n"

static void a_version_is_told_when_its_support_ends_within_half_a_year(void **state)
{
    (void)state;
    stock_run_timed(&stock, "UPDATE judgement SET support_end = N + 9e10 WHERE id = 1");
    assert_string_equal(lifecycles(), "vmware-vm VMware vSphere 4.0 1\n" ENDLESS);
    stock_run_timed(&stock, "UPDATE judgement SET support_end = N + 155520e5 WHERE id = 1");
    assert_string_equal(lifecycles(), "vmware-vm VMware vSphere 4.0 1\nserver Windows Server 2016 1\n" ENDLESS);
    stock_run_timed(&stock, "UPDATE judgement SET support_end = N + 155521e5 WHERE id = 1");
    assert_string_equal(lifecycles(), "vmware-vm VMware vSphere 4.0 1\n" ENDLESS);
    stock_run(&stock, "UPDATE judgement SET detail = '{\"lifecycle\":{\"version\":\"ESXi 4\",\"of\":\"esxi_host\"}}'"
                      " WHERE id = 3");
    assert_string_equal(lifecycles(), "vmware-vm ESXi 4 of esxi_host 1\n" ENDLESS);
}

static void a_backup_product_ends_as_the_basis_says(void **state)
{
    (void)state;
    stock_run_timed(&stock, "UPDATE judgement SET support_end = N + 9e10");
    stock_run_timed(&stock,
                    "UPDATE basis SET estate = json_object('servers', json_array(), 'rules', json_array(), 'ends',"
                    " json_object('mabs-v2', N - 1, 'mabs-v1', N + 155521e5, 'dpm-2016', 1))");
    assert_string_equal(lifecycles(), "backup-server mabs-v2 1\n");
    stock_run(&stock, "UPDATE basis SET estate = '{\"servers\":[],\"rules\":[]}'");
    assert_string_equal(lifecycles(), "backup-server mabs-v1 1, no end\nbackup-server mabs-v2 1, no end\n");
}

static bool tell_rules(void *context, const struct query_report_excluded *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%s: %s", row->name, row->reason);
    for (size_t i = 0; i < row->rules.count; i++)
        str_format(&told, " %s", row->rules.texts[i]);
    str_add_char(&told, '\n');
    return true;
}

static const char *taken_out(void)
{
    dossier_read((struct query_report_wish){ 0 });
    str_clear(&told);
    dossier_must(query_report_excluded(report, tell_rules, NULL, &err));
    return str_text(&told);
}

static void the_rules_that_take_out_are_told_by_their_place(void **state)
{
    (void)state;
    assert_string_equal(taken_out(), "TWIN: is to be removed\n");
    stock_run(
        &stock,
        "UPDATE basis SET estate = '{\"servers\":[],\"rules\":[{\"owner\":\"x\"},"
        "{\"by\":\"none\",\"reason\":\"is to be removed\"},{\"by\":\"none\",\"reason\":\"another\"},"
        "{\"by\":\"agent\",\"reason\":\"is to be removed\"},{\"by\":\"NONE\",\"reason\":\"is to be removed\"}]}'");
    assert_string_equal(taken_out(), "TWIN: is to be removed 2 5\n");
}

static bool tell_condition(void *context, const struct query_report_condition *row, struct err *unused)
{
    (void)context;
    (void)unused;
    str_format(&told, "%s: %s", row->id, row->text);
    for (size_t i = 0; i < row->editions.count; i++)
        str_format(&told, " %s", row->editions.texts[i]);
    str_add_char(&told, '\n');
    return true;
}

/* One that nothing that counts rests on is not told. */
static void conditions_are_told_once_with_each_of_their_sentences(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE reasoning SET detail = '{\"legs\":[]}';"
                      "UPDATE reasoning SET detail = '{\"legs\":[{\"edition\":\"b\",\"conditions\":["
                      "{\"id\":\"R10\",\"text\":\"ten\"},{\"id\":\"R2\",\"text\":\"two\"}]},{\"edition\":\"b\"}]}'"
                      " WHERE id = (SELECT reasoning FROM judgement WHERE id = 1);"
                      "UPDATE reasoning SET detail = '{\"legs\":[{\"edition\":\"a\",\"conditions\":["
                      "{\"id\":\"R2\",\"text\":\"two\"},{\"id\":\"R2\",\"text\":\"other\"},"
                      "{\"id\":\"e:row12\",\"text\":\"x\"},{\"id\":\"e:row9\",\"text\":\"y\"}]}]}'"
                      " WHERE id = (SELECT reasoning FROM judgement WHERE id = 3);"
                      "INSERT INTO reasoning (digest, detail) VALUES (x'77',"
                      " '{\"legs\":[{\"edition\":\"a\",\"conditions\":[{\"id\":\"R1\",\"text\":\"nobody\"}]}]}')");
    dossier_read((struct query_report_wish){ 0 });
    str_clear(&told);
    dossier_must(query_report_conditions(report, tell_condition, NULL, &err));
    assert_string_equal(str_text(&told), "e:row9: y a\ne:row12: x a\nR2: other a\nR2: two a b\nR10: ten b\n");
}

static void rulings_are_told_until_they_lapse(void **state)
{
    (void)state;
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.ruling_count, 2);
    assert_string_equal(head.rulings[1].what, "attestation");
    assert_null(head.rulings[1].verdict);
    dossier_read((struct query_report_wish){ .at = STOCK_NOW - 15 * DAY });
    assert_int_equal(head.ruling_count, 3);
    dossier_read((struct query_report_wish){ .now = STOCK_NOW + 3650 * DAY });
    assert_int_equal(head.ruling_count, 0);
}

static void an_edition_is_used_where_a_verdict_rests_on_it(void **state)
{
    (void)state;
    dossier_read((struct query_report_wish){ 0 });
    assert_string_equal(head.files[0].used, "yes");
    assert_string_equal(head.files[0].page, "https://example.com/page"); /* that of the verdicts: the basis has none */
    assert_null(head.files[1].used);
    stock_run(&stock, "UPDATE basis SET files = '[{\"file\":\"x.conf\",\"edition\":\"x\",\"page\":\"p\"}]'");
    dossier_read((struct query_report_wish){ 0 });
    assert_string_equal(head.files[0].used, "no");
    assert_string_equal(head.files[0].page, "p");
}

/* A basis that comes back is not the newest one. */
static void files_are_those_that_were_in_force(void **state)
{
    (void)state;
    stock_run_timed(&stock,
                    "INSERT INTO basis (id, hash, files, first_at) VALUES (2, x'02',"
                    " '[{\"file\":\"other.conf\",\"hash\":\"02\",\"sha256\":\"03\"}]', N - 12960e5);"
                    "INSERT INTO event (at, what, subject, state) VALUES (N - 12960e5, 'matrix.changed', 'matrix',"
                    " 'basis 2'), (N - 8640e5, 'matrix.changed', 'matrix', 'basis 1')");
    dossier_read((struct query_report_wish){ .at = STOCK_NOW - 20 * DAY });
    assert_string_equal(head.files[0].file, "matrix/azure-backup-server.conf");
    dossier_read((struct query_report_wish){ .at = STOCK_NOW - 12 * DAY });
    assert_int_equal(head.file_count, 1);
    assert_string_equal(head.files[0].file, "other.conf");
    assert_string_equal(head.files[0].sha256, "03");
    assert_null(head.files[0].edition);
    dossier_read((struct query_report_wish){ .at = STOCK_NOW - 5 * DAY });
    assert_int_equal(head.file_count, 2);
    dossier_read((struct query_report_wish){ 0 });
    assert_int_equal(head.file_count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, dossier_open, dossier_close)

/* ----------------------------------------------------------------------------------------------------- servers ---- */

static const char *servers(struct query_report_wish wish)
{
    dossier_read(wish);
    str_clear(&told);
    for (size_t i = 0; i < head.server_count; i++) {
        const struct query_report_server *server = &head.servers[i];

        str_format(&told, "%s %s by %s%s %lld", server->name, server->product == NULL ? "-" : server->product,
                   server->product_from == NULL ? "-" : server->product_from, server->support_end == 7 ? " 7" : "",
                   (long long)server->protections);
        if (server->read_at != 0)
            str_format(&told, " seen %lld", (long long)(server->read_at - STOCK_NOW));
        str_add(&told, server->read ? " read\n" : "\n");
    }
    return str_text(&told);
}

#define ESTATE                                                                                                         \
    "UPDATE basis SET estate = '{\"servers\":[{\"name\":\"spare\"},{\"name\":\"mabs02\",\"product\":\"mabs-v1\"},"     \
    "{\"name\":\"MABS02\",\"product\":\"mabs-v4\"}],\"rules\":[],\"ends\":{\"mabs-v2\":7}}';"

static void a_backup_server_is_told_with_who_says_what_it_is(void **state)
{
    struct query_report_wish wish = { 0 };

    (void)state;
    assert_string_equal(servers(wish), "mabs01 mabs-v2 by item 3 read\nmabs02 mabs-v1 by item 2\n");
    stock_run(&stock, ESTATE);
    assert_string_equal(servers(wish), "spare - by - 0\nmabs02 mabs-v1 by configuration 2\n"
                                       "mabs01 mabs-v2 by item 7 3 read\n");
    wish.server = "mabs*";
    wish.owner = "web team";
    assert_string_equal(servers(wish), "mabs02 mabs-v1 by configuration 0\nmabs01 mabs-v2 by item 7 1 read\n");
}

/* mabs01 is an item of vc01, and what is entry-1 names it by its key there; entry-2, of inside, by a fact. */
#define ENTRIES                                                                                                        \
    "INSERT INTO item (id, scope, kind, key, asset, name, facts, appeared_at, changed_at) VALUES"                      \
    " (80, 1, 'backup_server', 'guid-b', 3, 'mabs01', '{}', 1, 1), (81, 1, 'protected', 'entry-1', 4, 'e', '{}', 1, "  \
    "1),"                                                                                                              \
    " (82, 3, 'protected', 'entry-2', 5, 'e', '{}', 1, 1), (83, 3, 'backup_server', 'guid-b', 6, 'x', '{}', 1, 1);"    \
    "INSERT INTO sighting VALUES (1, 'e1', 'h', 81, NULL, 0), (3, 'e2', 'h', 82, NULL, 0);"                            \
    "INSERT INTO claim VALUES ('id.netbios', 'mabs01', 80), ('id.fqdn', 'mabs02', 83);"                                \
    "INSERT INTO link VALUES (81, 0, 'protected_by', 'backup_server', 'guid-b', NULL, NULL),"                          \
    " (82, 0, 'protected_by', 'backup_server', NULL, 'id.netbios', 'MABS01');"

static void a_dpmdb_is_as_old_as_the_entry_of_it_that_was_seen_last(void **state)
{
    struct query_report_wish wish = { .at = STOCK_NOW - 1 };

    (void)state;
    stock_run(&stock, ENTRIES);
    assert_string_equal(servers((struct query_report_wish){ 0 }),
                        "mabs01 mabs-v2 by item 3 seen -61000 read\nmabs02 mabs-v1 by item 2\n");
    stock_run(&stock, "UPDATE item SET gone_at = 1 WHERE id = 81");
    assert_string_equal(servers((struct query_report_wish){ 0 }),
                        "mabs01 mabs-v2 by item 3 seen -864000000 read\nmabs02 mabs-v1 by item 2\n");
    assert_string_equal(servers(wish), "mabs01 mabs-v2 by item 3 read\nmabs02 mabs-v1 by item 2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_version_is_told_when_its_support_ends_within_half_a_year),
        TEST(a_backup_product_ends_as_the_basis_says),
        TEST(the_rules_that_take_out_are_told_by_their_place),
        TEST(conditions_are_told_once_with_each_of_their_sentences),
        TEST(an_edition_is_used_where_a_verdict_rests_on_it),
        TEST(files_are_those_that_were_in_force),
        TEST(rulings_are_told_until_they_lapse),
        TEST(a_backup_server_is_told_with_who_says_what_it_is),
        TEST(a_dpmdb_is_as_old_as_the_entry_of_it_that_was_seen_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
