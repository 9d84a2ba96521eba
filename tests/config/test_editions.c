/* The later editions as conf/matrix/ has them, beside what was taken from the pages by another way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "knowledge.h"
#include "published_answers.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct knowledge *knowledge;

static int set_up(void **state)
{
    struct config_problems problems;

    (void)state;
    config_problems_init(&problems);
    knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    return knowledge == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    knowledge_unload(knowledge);
    return 0;
}

static const struct edition *edition_of(const char *product)
{
    const struct edition *edition = matrix_edition(knowledge_matrix(knowledge), product);

    if (edition == NULL)
        fail_msg("no edition has %s", product);
    return edition;
}

static bool tells(const struct published_answer *key)
{
    const struct entry_row *const *rows;
    struct str text = STR_EMPTY;
    size_t count =
        matrix_rows(knowledge_matrix(knowledge), key->product, key->workload, key->version, key->installation, &rows);
    bool same;

    for (size_t i = 0; i < count; i++)
        str_format(&text, "%s%d %s", i > 0 ? ", " : "", rows[i]->row, answer_word(rows[i]->answer));
    same = strcmp(str_text(&text), key->answers) == 0;
    if (!same)
        fprintf(stderr, "%s, %s %s, %s: \"%s\", not \"%s\"\n", key->product, key->workload, key->version,
                key->installation, str_text(&text), key->answers);
    str_finish(&text);
    return same;
}

static void keys_have_the_answers_of_the_pages(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof published_answers / sizeof *published_answers; i++)
        wrong += !tells(&published_answers[i]);
    if (wrong > 0)
        fail_msg("%zu keys have other answers", wrong);
}

/* A version that tables of products do not know could be in no row. */
static void keys_are_of_known_words(void **state)
{
    const struct products *products = knowledge_products(knowledge);

    (void)state;
    for (size_t i = 0; i < sizeof published_answers / sizeof *published_answers; i++) {
        const struct published_answer *key = &published_answers[i];

        if (products_version(products, key->workload, key->version) == NULL)
            fail_msg("nothing is known of %s %s", key->workload, key->version);
        assert_non_null(products_find(products, key->product));
    }
}

/* How a page is to be read. rows: as many as there are lines of product, version and installation in its tables. */
static const struct shape {
    const char *product, *date;
    size_t rows;
    bool at_least, absence_is_no;
    enum reading server, host; /* of the workloads server and hyperv-host */
} shapes[] = {
    { "mabs-v3", "2024-09-11", 184, false, false, READING_WORKLOAD, READING_SERVER },
    { "mabs-v3-ur1", "2022-08-08", 103, true, true, READING_SERVER, READING_SERVER },
    { "mabs-v3-ur2", "2022-08-08", 115, true, true, READING_SERVER, READING_SERVER },
    { "mabs-v4", "2026-02-10", 135, true, true, READING_SERVER, READING_SERVER },
    { "dpm-2012r2", "2017-06-26", 119, false, false, READING_WORKLOAD, READING_SERVER },
    { "dpm-2016", "2025-03-03", 234, false, false, READING_SERVER, READING_SERVER },
    { "dpm-sac", "2025-03-03", 234, false, false, READING_SERVER, READING_SERVER },
    { "dpm-2019", "2025-03-03", 99, true, true, READING_SERVER, READING_SERVER },
    { "dpm-2022", "2025-03-03", 88, true, true, READING_SERVER, READING_SERVER },
    { "dpm-2025", "2025-03-03", 91, true, true, READING_SERVER, READING_SERVER },
};

static size_t workload_index(const char *word)
{
    size_t index = 0;

    while (strcmp(workload_words[index], word) != 0)
        index++;
    return index;
}

static void editions_say_how_they_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const struct shape *shape = &shapes[i];
        const struct edition *edition = edition_of(shape->product);

        print_message("%s\n", shape->product);
        assert_string_equal(edition->date, shape->date);
        assert_int_equal(edition->row_count, shape->rows);
        assert_int_equal(edition->at_least, shape->at_least);
        assert_int_equal(edition->absence_is_no, shape->absence_is_no);
        assert_false(edition->partly);
        assert_int_equal(edition->readings[workload_index("server")], shape->server);
        assert_int_equal(edition->readings[workload_index("hyperv-host")], shape->host);
    }
}

/* Names of conditions and ids of what is protected, between blanks: what a key has, and what it has not. */
static const struct named {
    const char *product, *workload, *version, *installation, *has, *lacks;
} named[] = {
    /* Exchange over ReFS, SQL Server on cluster shared volumes: refused, then bound to an update, then free. */
    { "mabs-v3", "exchange", "Exchange 2016", "physical", " R10 ", " exchange-csv " },
    { "mabs-v3-ur1", "exchange", "Exchange 2016", "physical", " exchange-csv trusted-exchange ", " R10 " },
    { "mabs-v4", "exchange", "Exchange 2019", "physical", " exchange-csv ", " R10 " },
    { "dpm-2012r2", "exchange", "Exchange 2016", "physical", " R19 ", " R10 " },
    { "dpm-2016", "exchange", "Exchange 2016", "physical", " R10 ", " row5-refs " },
    { "dpm-2019", "exchange", "Exchange 2016", "physical", " row5-refs ", " R10 " },
    { "dpm-2022", "exchange", "Exchange 2016", "physical", " R19 ", " R10 row5-refs " },
    { "mabs-v3", "sql", "SQL Server 2017", "physical", " R20 ", " sql-sofs-2012 row3-sofs " },
    { "mabs-v3-ur1", "sql", "SQL Server 2017", "physical", " R20 sql-sofs-2012 sql-group-role ", " supported-sp " },
    { "mabs-v3-ur2", "sql", "SQL Server 2017", "physical", " sql-sofs-2012 ", " R20 " },
    { "mabs-v4", "sql", "SQL Server 2017", "physical", " row3-sofs sql-group-role ", " R20 sql-sofs-2012 " },
    { "dpm-2016", "sql", "SQL Server 2017", "physical", " R20 row24 ", " row4-csv " },
    { "dpm-sac", "sql", "SQL Server 2017", "physical", " R20 ", " row24 " },
    { "dpm-2019", "sql", "SQL Server 2017", "physical", " row4-csv row4-refs ", " R20 row4-2022 " },
    { "dpm-2022", "sql", "SQL Server 2017", "physical", " R21-sql ", " R20 row4-csv row4-2022 " },

    /* Updates of the backup server, as cells name them. */
    { "dpm-2012r2", "client", "Windows 10", "physical", " row2 R3 ", " row4 " },
    { "dpm-2012r2", "client", "Windows 8.1", "vmware-vm", " row4 ", " row2 " },
    { "dpm-2012r2", "client", "Windows 8.1", "physical", " R3 ", " row4 " },
    { "dpm-2012r2", "sql", "SQL Server 2012 SP2", "physical", " row31 ", " row32 " },
    { "dpm-2016", "client", "Windows 8.1", "vmware-vm", " row4 runs-in-vmware ", " R3 " },
    { "dpm-sac", "client", "Windows 8.1", "vmware-vm", " runs-in-vmware ", " row4 " },
    { "dpm-sac", "vmware-vm", "VMware vSphere 6.7", "hyperv-vm", " row61 vmware-storage ", " R12 " },
    { "dpm-2019", "sql", "SQL Server 2022", "physical", " row4-2022 ", " supported-sp " },
    { "dpm-2019", "vmware-vm", "VMware vSphere 5.5", "physical", " row8-5.5 ", " row8-7.0 R12 " },
    { "dpm-2019", "vmware-vm", "VMware vSphere 7.0", "physical", " row8-7.0 ", " row8-5.5 " },
    { "dpm-2019", "vmware-vm", "VMware vSphere 6.7", "physical", " R12-items ", " row8-7.0 row8-5.5 " },
    { "dpm-2022", "sql", "SQL Server 2022", "physical", " row4-2022 ", " row4-csv " },
    { "dpm-2022", "vmware-vm", "VMware vSphere 6.0", "physical", " row8-6.0 ", " row8-8.0 " },
    { "dpm-2022", "vmware-vm", "VMware vSphere 8.0", "physical", " row8-8.0 ", " row8-6.0 " },
    { "dpm-2025", "vmware-vm", "VMware vSphere 8.0", "physical", " vmware-storage ", " row8-8.0 " },

    /* What must be installed on the protected computer. */
    { "mabs-v3", "server", "Windows Server 2008 R2 SP1", "physical", " wmf-unnumbered R6-standard-enterprise ",
      " R5 " },
    { "mabs-v4", "server", "Windows Server 2008 SP2", "physical", " wmf-unnumbered x64-server ", " row2-vcredist " },
    { "dpm-2016", "server", "Windows Server 2008 R2 SP1", "physical", " row15 ", " wmf-unnumbered " },
    { "dpm-2012r2", "server", "Windows Server 2008 R2 SP1", "physical", " R9 ", " R5 wmf-unnumbered " },
    { "mabs-v4", "server", "Windows Server 2012 R2", "physical", " row2-vcredist ", " wmf-unnumbered " },
    { "mabs-v4", "server", "Windows Server 2016", "physical", " x64-server dedup-ntfs ", " row2-vcredist " },
    { "mabs-v3-ur1", "server", "Windows Server 2012 R2", "physical", " dedup-ntfs ", " row2-vcredist R6 R7 " },
    { "dpm-2025", "sql", "SQL Server 2019", "physical", " row4-oledb ", " row6-oledb " },
    { "dpm-2025", "sharepoint", "SharePoint 2019", "physical", " row6-oledb ", " latest-sp R11 " },
    { "dpm-2022", "sharepoint", "SharePoint 2016", "physical", " latest-sp ", " row6-oledb " },
    { "mabs-v3", "server", "Windows Server 2019", "physical", " R4 x64-server ", " R24 " },

    /* "Supported service packs" is said of two versions. */
    { "mabs-v4", "sql", "SQL Server 2016", "physical", " supported-sp ", " R20 " },
    { "mabs-v4", "sql", "SQL Server 2014", "physical", " supported-sp ", " R20 " },
    { "mabs-v4", "sql", "SQL Server 2019", "physical", " row3-sofs ", " supported-sp " },

    /* Where the workload runs, where the column is about the backup server. */
    { "mabs-v4", "server", "Windows Server 2016", "azure-vm", " runs-in-azure volume ",
      " azure-system-state system-state bare-metal " },
    { "mabs-v4", "server", "Windows Server 2016", "azure-stack", " azure-system-state system-state bare-metal ",
      " runs-in-azure " },
    { "mabs-v3-ur1", "server", "Windows Server 2016", "physical", " azure-system-state system-state ",
      " runs-in-azure " },
    { "mabs-v3-ur1", "server", "Windows Server 2016", "azure-vm", " runs-in-azure ", " system-state bare-metal " },
    { "mabs-v4", "sql", "SQL Server 2019", "azure-vm", " runs-in-azure ", " R20 " },
    { "dpm-2019", "server", "Windows Server 2019", "azure-vm", " runs-in-azure ", " system-state bare-metal " },
    { "dpm-2019", "sql", "SQL Server 2019", "azure-vm", " row4-csv ", " runs-in-azure " },
    { "dpm-2016", "server", "Windows Server 2012 R2", "azure-vm", " runs-in-azure R8 ", " system-state " },
    { "dpm-2016", "server", "Windows Server 2016", "azure-vm", " runs-in-azure system-state ", " R8 " },
    { "dpm-2016", "sql", "SQL Server 2016", "azure-vm", " R20 row26 ", " runs-in-azure " },
    { "dpm-2016", "sql", "SQL Server 2016", "vmware-vm", " runs-in-vmware row26 ", " runs-in-azure " },
    { "mabs-v3", "server", "Windows Server 2012 R2", "azure-vm", " R8 ", " runs-in-azure system-state " },

    /* Virtual machines. */
    { "mabs-v3", "vmware-vm", "VMware vSphere 7.0", "physical", " R12 R12-items ", " vm-raw-disks " },
    { "mabs-v3-ur1", "vmware-vm", "VMware vSphere 6.7", "hyperv-vm", " R12 vm-raw-disks ", " row8-bitlocker " },
    { "mabs-v4", "vmware-vm", "VMware vSphere 8.0", "hyperv-vm", " row8-data-sets row8-bitlocker ", " R13 " },
    { "mabs-v4", "vmware-vm", "VMware vSphere 7.0", "hyperv-vm", " row8-bitlocker ", " row8-data-sets " },
    { "mabs-v3", "hyperv-host", "Windows Server 2016", "physical", " R14 R16 ", " vm-disks-host " },
    { "mabs-v3-ur1", "hyperv-host", "Windows Server 2016", "physical", " vm-disks-host vm-items-host ", " R17 " },
    { "mabs-v4", "hyperv-host", "Windows Server 2016", "physical", " vm-disks-host row6-bitlocker ", " R17 " },
    { "mabs-v3", "hyperv-host", "Windows Server 2008 R2 SP1", "physical", " R17 R18 ", " vm-disks-host " },
    { "dpm-2016", "hyperv-host", "Windows Server 2008 R2 SP1", "physical", " R14 ", " R17 R18 " },
    { "mabs-v4", "azure-local", "Azure Local 23H2", "azure-local-vm", " row7-arc ", " R24 " },
    { "mabs-v4", "azure-local", "Azure Local 22H2", "azure-local-vm", " vm-disks-host ", " row7-arc " },
    { "mabs-v3", "linux", "Linux", "physical", " R13 ", " vm-disks row9 " },
    { "mabs-v3-ur2", "linux", "Linux", "physical", " linux-hosts-2012r2-2019 vm-disks ", " R13 " },
    { "mabs-v4", "linux", "Linux", "vmware-vm", " row9 row9-windows vm-disks ", " R13 " },
    { "mabs-v4", "linux", "Linux", "azure-stack", " row9 ", " row9-windows " },
    { "dpm-2016", "linux", "Linux", "hyperv-vm", " linux-hyperv-only R13 ", " row9 " },
    { "dpm-2025", "linux", "Linux", "hyperv-vm", " row9 R13-distribution ", " linux-hyperv-only " },

    /* SharePoint on AlwaysOn of SQL Server 2012; storage groups; no 32 bits any more. */
    { "mabs-v4", "sharepoint", "SharePoint 2019", "physical", " R11 trusted-sharepoint ", " latest-sp " },
    { "dpm-2016", "sharepoint", "SharePoint 2013", "azure-vm", " R23 ", " R11 " },
    { "dpm-2012r2", "sharepoint", "SharePoint 2013", "azure-vm", " R11 row53 ", " R23 " },
    { "dpm-2012r2", "exchange", "Exchange 2007", "physical", " storage-group ", " dag-database " },
    { "mabs-v3", "client", "Windows 10", "physical", " R24-client ", " x64-client " },
    { "mabs-v3-ur1", "client", "Windows 10", "physical", " x64-client trusted-client ", " R24-client R22 " },
    { "dpm-2022", "client", "Windows 11", "physical", " x64-client R22 ", " trusted-client " },
};

/* What all rows of the key name, with blanks around each. */
static void list_names(const struct named *key, struct str *text)
{
    const struct entry_row *const *rows;
    size_t count =
        matrix_rows(knowledge_matrix(knowledge), key->product, key->workload, key->version, key->installation, &rows);

    if (count == 0)
        fail_msg("%s has no row for %s, %s", key->product, key->version, key->installation);
    str_add(text, " ");
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < rows[i]->condition_count; j++)
            str_format(text, "%s ", rows[i]->conditions[j]->name);
        for (size_t j = 0; j < rows[i]->protect_count; j++)
            str_format(text, "%s ", rows[i]->protects[j]);
    }
}

static bool all_are(const struct named *key, const char *words, const char *text, bool there)
{
    char word[64];
    bool good = true;
    int length;

    for (const char *at = words; sscanf(at, " %62s%n", word + 1, &length) == 1; at += length) {
        word[0] = ' ';
        strcat(word, " ");
        if ((strstr(text, word) != NULL) == there)
            continue;
        good = false;
        fprintf(stderr, "%s, %s, %s: %s%sis among%s\n", key->product, key->version, key->installation, word,
                there ? "not " : "", text);
    }
    return good;
}

static void rows_name_what_their_page_says(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        struct str text = STR_EMPTY;

        list_names(&named[i], &text);
        wrong += !all_are(&named[i], named[i].has, str_text(&text), true);
        wrong += !all_are(&named[i], named[i].lacks, str_text(&text), false);
        str_finish(&text);
    }
    if (wrong > 0)
        fail_msg("%zu rows name something else", wrong);
}

static bool edition_has_row(const char *id, size_t length, int number)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);

    for (size_t i = 0; i < matrix->edition_count; i++) {
        const struct edition *edition = &matrix->editions[i];

        if (strlen(edition->name) != length || strncmp(edition->name, id, length) != 0)
            continue;
        for (size_t j = 0; j < edition->row_count; j++) {
            if (edition->rows[j].row == number)
                return true;
        }
    }
    return false;
}

/* R1 to R24, or EDITION:rowN, which leads to a row that there is. */
static bool is_id(const char *id)
{
    const char *colon = strstr(id, ":row");
    char *end;
    long number = strtol(colon == NULL ? id + 1 : colon + 4, &end, 10);

    if (*end != '\0')
        return false;
    if (colon == NULL)
        return id[0] == 'R' && number >= 1 && number <= 24;
    return edition_has_row(id, (size_t)(colon - id), (int)number);
}

static void ids_lead_to_a_rule_or_a_row(void **state)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);

    (void)state;
    for (size_t i = 0; i < matrix->edition_count; i++) {
        for (size_t j = 0; j < matrix->editions[i].row_count; j++) {
            const struct entry_row *row = &matrix->editions[i].rows[j];

            for (size_t k = 0; k < row->condition_count; k++) {
                if (!is_id(row->conditions[k]->id))
                    fail_msg("%s:%d: %s leads nowhere", row->file, row->line, row->conditions[k]->id);
            }
        }
    }
}

static bool is_named(const struct matrix *matrix, const struct condition *condition)
{
    for (size_t i = 0; i < matrix->edition_count; i++) {
        for (size_t j = 0; j < matrix->editions[i].row_count; j++) {
            const struct entry_row *row = &matrix->editions[i].rows[j];

            for (size_t k = 0; k < row->condition_count; k++) {
                if (row->conditions[k] == condition)
                    return true;
            }
        }
    }
    return false;
}

static void every_common_condition_is_named_by_a_row(void **state)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);

    (void)state;
    for (size_t i = 0; i < matrix->condition_count; i++) {
        if (!is_named(matrix, &matrix->conditions[i]))
            fail_msg("no row names %s", matrix->conditions[i].name);
    }
}

/* A no has no conditions, for it holds whatever they say. */
static void a_no_has_no_conditions(void **state)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);

    (void)state;
    for (size_t i = 0; i < matrix->edition_count; i++) {
        for (size_t j = 0; j < matrix->editions[i].row_count; j++) {
            const struct entry_row *row = &matrix->editions[i].rows[j];

            if (row->answer == ANSWER_NO && row->condition_count > 0)
                fail_msg("%s:%d: a no with conditions", row->file, row->line);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_the_answers_of_the_pages),
        cmocka_unit_test(keys_are_of_known_words),
        cmocka_unit_test(editions_say_how_they_are_read),
        cmocka_unit_test(rows_name_what_their_page_says),
        cmocka_unit_test(ids_lead_to_a_rule_or_a_row),
        cmocka_unit_test(every_common_condition_is_named_by_a_row),
        cmocka_unit_test(a_no_has_no_conditions),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
