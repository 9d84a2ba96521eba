/* conf/matrix/azure-backup-server.conf against a second transcription of the page's table, made by a program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "knowledge.h"

#include <stdio.h>
#include <string.h>

/* installations: p physical, h Hyper-V, v VMware, a Azure, s Azure Stack. answers: of v2 and of v1, y or n. */
static const struct {
    const char *workload, *versions, *installations, *answers;
} page[] = {
    { "client", "Windows 10", "phv", "yy" },
    { "client", "Windows 8.1", "ph", "yy" },
    { "client", "Windows 8.1", "v", "yy" },
    { "client", "Windows 8", "ph", "yy" },
    { "client", "Windows 8", "v", "yy" },
    { "client", "Windows 7", "ph", "yy" },
    { "client", "Windows 7", "v", "yy" },
    { "server", "Windows Server 2016", "phvas", "yn" },
    { "server", "Windows Server 2012 R2", "as", "yy" },
    { "server", "Windows Server 2012 R2", "vs", "yy" },
    { "server", "Windows Server 2012 | Windows Server 2012 SP1", "phs", "yy" },
    { "server", "Windows Server 2012 | Windows Server 2012 SP1", "as", "yy" },
    { "server", "Windows Server 2012 | Windows Server 2012 SP1", "vs", "yy" },
    { "server", "Windows Server 2008 R2 SP1", "phs", "yy" },
    { "server", "Windows Server 2008 R2 SP1", "as", "yy" },
    { "server", "Windows Server 2008 R2 SP1", "vs", "yy" },
    { "server", "Windows Server 2008 R2", "phs", "yy" },
    { "server", "Windows Server 2008 R2", "as", "ny" },
    { "server", "Windows Server 2008 R2", "vs", "ny" },
    { "server", "Windows Server 2008 SP2", "phs", "ny" },
    { "server", "Windows Server 2008 SP2", "vs", "yy" },
    { "server", "Windows Storage Server 2008", "phs", "yy" },
    { "sql", "SQL Server 2016 SP1", "phvas", "yn" },
    { "sql", "SQL Server 2016", "phvas", "yn" },
    { "sql", "SQL Server 2014", "as", "yy" },
    { "sql", "SQL Server 2014", "vs", "yy" },
    { "sql", "SQL Server 2012 SP2", "phs", "yy" },
    { "sql", "SQL Server 2012 SP2", "as", "yy" },
    { "sql", "SQL Server 2012 SP2", "vs", "yy" },
    { "sql", "SQL Server 2012 | SQL Server 2012 SP1", "phs", "yy" },
    { "sql", "SQL Server 2012 | SQL Server 2012 SP1", "as", "yy" },
    { "sql", "SQL Server 2012 | SQL Server 2012 SP1", "vs", "yy" },
    { "sql", "SQL Server 2008 R2", "phs", "yy" },
    { "sql", "SQL Server 2008 R2", "as", "yy" },
    { "sql", "SQL Server 2008 R2", "vs", "yy" },
    { "sql", "SQL Server 2008", "phs", "yy" },
    { "sql", "SQL Server 2008", "as", "yy" },
    { "sql", "SQL Server 2008", "vs", "yy" },
    { "exchange", "Exchange 2016", "phs", "yy" },
    { "exchange", "Exchange 2016", "vs", "yy" },
    { "exchange", "Exchange 2013", "phs", "yy" },
    { "exchange", "Exchange 2013", "vs", "yy" },
    { "exchange", "Exchange 2010", "phs", "yy" },
    { "exchange", "Exchange 2010", "vs", "yy" },
    { "sharepoint", "SharePoint 2016", "phvas", "yn" },
    { "sharepoint", "SharePoint 2013", "phs", "yy" },
    { "sharepoint", "SharePoint 2013", "as", "yy" },
    { "sharepoint", "SharePoint 2013", "vs", "yy" },
    { "sharepoint", "SharePoint 2010", "phs", "yy" },
    { "sharepoint", "SharePoint 2010", "as", "yy" },
    { "sharepoint", "SharePoint 2010", "vs", "yy" },
    { "hyperv-host", "Windows Server 2016", "ph", "yn" },
    { "hyperv-host", "Windows Server 2012 R2", "ph", "yy" },
    { "hyperv-host", "Windows Server 2012", "ph", "yy" },
    { "hyperv-host", "Windows Server 2008 R2 SP1", "ph", "yy" },
    { "hyperv-host", "Windows Server 2008 SP2", "ph", "nn" },
    { "vmware-vm", "VMware vSphere 5.5 | VMware vSphere 6.0 | VMware vSphere 6.5", "phv", "yy" },
    { "linux", "Linux", "phv", "yy" },
};

enum { ROWS = sizeof page / sizeof *page };

static const struct {
    char letter;
    const char *word;
} places[] = {
    { 'p', "physical" }, { 'h', "hyperv-vm" }, { 'v', "vmware-vm" }, { 'a', "azure-vm" }, { 's', "azure-stack" },
};

static struct knowledge *knowledge;

static int set_up(void **state)
{
    struct config_problems problems;

    (void)state;
    config_problems_init(&problems);
    knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    return knowledge == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    knowledge_unload(knowledge);
    return 0;
}

static const struct edition *edition(void)
{
    const struct edition *found = matrix_edition(knowledge_matrix(knowledge), "mabs-v2");

    assert_non_null(found);
    assert_string_equal(found->name, "azure-backup-server");
    return found;
}

/* Whether a list with " | " between its names has this one. */
static bool lists(const char *names, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = names; (at = strstr(at, name)) != NULL; at++) {
        bool begins = at == names || (at >= names + 3 && strncmp(at - 3, " | ", 3) == 0);

        if (begins && (at[length] == '\0' || strncmp(at + length, " | ", 3) == 0))
            return true;
    }
    return false;
}

static size_t count_names(const char *names)
{
    size_t count = 1;

    for (const char *at = names; (at = strstr(at, " | ")) != NULL; at++)
        count++;
    return count;
}

static char letter_of(const char *installation)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(places[i].word, installation) == 0)
            return places[i].letter;
    }
    return '\0';
}

static enum answer answer_of(int row, const char *product)
{
    return page[row - 1].answers[strcmp(product, "mabs-v2") == 0 ? 0 : 1] == 'y' ? ANSWER_YES : ANSWER_NO;
}

static void every_row_says_what_the_page_says(void **state)
{
    const struct edition *found = edition();
    size_t seen[ROWS] = { 0 };

    (void)state;
    for (size_t i = 0; i < found->row_count; i++) {
        const struct entry_row *row = &found->rows[i];

        assert_in_range(row->row, 1, ROWS);
        assert_string_equal(row->workload, page[row->row - 1].workload);
        assert_true(lists(page[row->row - 1].versions, row->version));
        assert_non_null(strchr(page[row->row - 1].installations, letter_of(row->installation)));
        assert_int_equal(row->answer, answer_of(row->row, row->product));
        assert_true(row->protect_count > 0);
        seen[row->row - 1]++;
    }
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(seen[i], 2 * count_names(page[i].versions) * strlen(page[i].installations));
}

static void the_edition_says_where_it_is_from(void **state)
{
    const struct edition *found = edition();

    (void)state;
    assert_ptr_equal(found, matrix_edition(knowledge_matrix(knowledge), "mabs-v1"));
    assert_string_equal(found->date, "2018-08-17");
    assert_false(found->at_least || found->absence_is_no || found->partly);
}

/* A no needs no condition, and nobody can meet one. */
static void no_row_that_says_no_has_a_condition(void **state)
{
    const struct edition *found = edition();

    (void)state;
    for (size_t i = 0; i < found->row_count; i++)
        assert_true(found->rows[i].answer != ANSWER_NO || found->rows[i].condition_count == 0);
}

static void what_contradicts_itself_is_kept(void **state)
{
    const struct entry_row *const *rows;

    (void)state;
    assert_int_equal(
        matrix_rows(knowledge_matrix(knowledge), "mabs-v2", "server", "Windows Server 2008 SP2", "azure-stack", &rows),
        2);
    assert_int_equal(rows[0]->answer, ANSWER_NO);
    assert_int_equal(rows[1]->answer, ANSWER_YES);
}

static void what_is_missing_is_kept_missing(void **state)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);
    const struct entry_row *const *rows;

    (void)state;
    assert_int_equal(matrix_rows(matrix, "mabs-v2", "server", "Windows Server 2012 R2", "physical", &rows), 0);
    assert_int_equal(matrix_rows(matrix, "mabs-v2", "sql", "SQL Server 2014", "hyperv-vm", &rows), 0);
    assert_int_equal(matrix_rows(matrix, "mabs-v1", "client", "Windows 7 SP1", "physical", &rows), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_says_what_the_page_says),   cmocka_unit_test(the_edition_says_where_it_is_from),
        cmocka_unit_test(no_row_that_says_no_has_a_condition), cmocka_unit_test(what_contradicts_itself_is_kept),
        cmocka_unit_test(what_is_missing_is_kept_missing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
