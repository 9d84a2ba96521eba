/* What lint says of the shipped matrix is true of the pages. The table is the page of 2018-08-17, looked through by a
 * person for what is odd about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "knowledge.h"
#include "matrix_lint.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

#define SEED "azure-backup-server"
#define BOTH "for mabs-v1, mabs-v2 "

static const struct {
    enum lint_kind kind;
    const char *rows, *head, *tail; /* how its sentence begins, and what it holds */
} odd[] = {
    /* On Azure Stack rows of one version say yes and no. */
    { LINT_CONTRADICTION, "17,18,19", "server Windows Server 2008 R2 for mabs-v2 at azure-stack: ", "row 18 says no" },
    { LINT_CONTRADICTION, "20,21", "server Windows Server 2008 SP2 for mabs-v2 at azure-stack: ", "row 21 says yes" },
    /* There they say yes to different things. Under v2, 2008 R2 is contradictory already. */
    { LINT_SCOPE, "9,10", "server Windows Server 2012 R2 " BOTH, "row 9 does not list system-state, bare-metal." },
    { LINT_SCOPE, "11,12,13", "server Windows Server 2012 " BOTH, "row 12 does not list system-state, bare-metal." },
    { LINT_SCOPE, "11,12,13", "server Windows Server 2012 SP1 " BOTH,
      "row 12 does not list system-state, bare-metal." },
    { LINT_SCOPE, "14,15,16", "server Windows Server 2008 R2 SP1 " BOTH, "row 15 does not list system-state, bare-" },
    { LINT_SCOPE, "17,18,19", "server Windows Server 2008 R2 for mabs-v1 at ", "row 18 does not list system-state, " },
    { LINT_SCOPE, "46,47,48", "sharepoint SharePoint 2013 " BOTH, "row 46 does not list sharepoint-search." },
    /* No cell of any client is in Azure or on Azure Stack, none of Exchange in Azure, none of hosts on VMware. */
    { LINT_GAP, "1,2,3,4,5,6,7", "client is listed at ", ", not at azure-vm, azure-stack, where other workloads are." },
    { LINT_GAP, "39,40,41,42,43,44", "exchange is listed at ", ", not at azure-vm, where other workloads are." },
    { LINT_GAP, "52,53,54,55,56", "hyperv-host is listed at ", ", not at vmware-vm, where other workloads are." },
    { LINT_GAP, "9,10", "server Windows Server 2012 R2 is listed " BOTH, ", not at physical, hyperv-vm." },
    { LINT_GAP, "20,21", "server Windows Server 2008 SP2 is listed " BOTH, ", not at azure-vm." },
    { LINT_GAP, "22", "server Windows Storage Server 2008 is listed " BOTH, ", not at vmware-vm, azure-vm." },
    { LINT_GAP, "25,26", "sql SQL Server 2014 is listed " BOTH, ", not at physical, hyperv-vm." },
    /* There is no Service Pack 2 of Windows Server 2008 R2. */
    { LINT_IMPOSSIBLE, "55", "R18 cannot be met as it is written", "2008 R2 has no Service Pack 2." },
};

enum { ODD = sizeof odd / sizeof odd[0] };

static struct knowledge *knowledge;
static struct arena arena;
static const struct lint_finding *findings;
static size_t finding_count;

static int load(void **state)
{
    struct config_problems problems;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    config_problems_init(&problems);
    knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    if (knowledge == NULL)
        return -1;
    finding_count = matrix_lint(knowledge_matrix(knowledge), &arena, &findings);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    knowledge_unload(knowledge);
    arena_finish(&arena);
    return 0;
}

static bool has_rows(const struct lint_finding *finding, const char *rows)
{
    struct str text = STR_EMPTY;
    bool same;

    for (size_t i = 0; i < finding->row_count; i++)
        str_format(&text, "%s%d", i == 0 ? "" : ",", finding->rows[i]);
    same = strcmp(str_text(&text), rows) == 0;
    str_finish(&text);
    return same;
}

static bool is_odd(const struct lint_finding *finding, size_t i)
{
    return finding->kind == odd[i].kind && has_rows(finding, odd[i].rows) &&
           strncmp(finding->text, odd[i].head, strlen(odd[i].head)) == 0 && strstr(finding->text, odd[i].tail) != NULL;
}

static void what_is_odd_about_the_seeds_page_is_found_and_nothing_else(void **state)
{
    size_t found[ODD] = { 0 }, others = 0;

    (void)state;
    for (size_t k = 0; k < finding_count; k++) {
        size_t i = 0;

        if (findings[k].edition == NULL || strcmp(findings[k].edition, SEED) != 0)
            continue;
        while (i < ODD && !is_odd(&findings[k], i))
            i++;
        if (i < ODD) {
            found[i]++;
        } else {
            fprintf(stderr, "not of the page: %s %s\n", lint_kind_word(findings[k].kind), findings[k].text);
            others++;
        }
    }
    for (size_t i = 0; i < ODD; i++) {
        if (found[i] != 1)
            fail_msg("%s of rows %s: found %zu times", lint_kind_word(odd[i].kind), odd[i].rows, found[i]);
    }
    assert_int_equal(others, 0);
}

/* The rest of what lint can say would be an error of the files, or prose that was left out. */
static void nothing_shipped_is_an_error_of_the_files(void **state)
{
    (void)state;
    for (size_t k = 0; k < finding_count; k++) {
        if (findings[k].kind == LINT_DATA || findings[k].kind == LINT_PROSE)
            fail_msg("%s: %s", findings[k].edition == NULL ? "-" : findings[k].edition, findings[k].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_odd_about_the_seeds_page_is_found_and_nothing_else),
        cmocka_unit_test(nothing_shipped_is_an_error_of_the_files),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
