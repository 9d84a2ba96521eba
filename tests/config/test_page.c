/* The data file against the page: every row, installation and product, and nothing besides. page.def is the page, read
 * by a person; knowledge_load reads what ships. */
#include "knowledge.h"
#include "matrix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PRODUCTS TREE "/conf/products.conf"
#define MATRIX TREE "/conf/matrix"
#define ROWS 58

enum { N, Y };

struct page_row {
    int row;
    const char *workload, *versions, *installations;
    int answers[2]; /* of v2, of v1 */
    const char *protects, *both;
    const char *own[2];
};

static const struct page_row page[] = {
#define ROW(row, workload, versions, installations, v2, v1, protects, both, of_v2, of_v1)                              \
    { row, workload, versions, installations, { v2, v1 }, protects, both, { of_v2, of_v1 } },
#include "page.def"
#undef ROW
};

static const char *const products[] = { "mabs-v2", "mabs-v1" };

/* Where the prose of these belongs is a reading, not the page's table; R23 has a test of its own. */
static const char *const readings[] = { "R9", "R15", "R21", "R22", "R23" };

static struct knowledge *knowledge;

static int load(void **state)
{
    struct config_problems problems;

    (void)state;
    config_problems_init(&problems);
    knowledge = knowledge_load(PRODUCTS, MATRIX, SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    return knowledge == NULL;
}

static int unload(void **state)
{
    (void)state;
    knowledge_unload(knowledge);
    return 0;
}

static const char *installation_of(char letter)
{
    static const struct {
        char letter;
        const char *word;
    } words[] = {
        { 'P', "physical" }, { 'H', "hyperv-vm" }, { 'V', "vmware-vm" }, { 'A', "azure-vm" }, { 'S', "azure-stack" }
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].letter == letter)
            return words[i].word;
    }
    return "?";
}

/* Whether a word is in a list whose words are separated. */
static bool has_word(const char *list, char separator, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == list || at[-1] == separator) && (at[length] == '\0' || at[length] == separator))
            return true;
    }
    return false;
}

static size_t count_words(const char *list)
{
    size_t count = list[0] != '\0';

    for (; *list != '\0'; list++)
        count += *list == ' ';
    return count;
}

static bool is_reading(const char *id)
{
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        if (strcmp(readings[i], id) == 0)
            return true;
    }
    return false;
}

static const struct page_row *row_of(int number)
{
    assert_in_range(number, 1, ROWS);
    assert_int_equal(page[number - 1].row, number);
    return &page[number - 1];
}

static const struct edition *seed(void)
{
    const struct edition *edition = matrix_edition(knowledge_matrix(knowledge), "mabs-v2");

    assert_non_null(edition);
    assert_ptr_equal(edition, matrix_edition(knowledge_matrix(knowledge), "mabs-v1"));
    return edition;
}

static int product_of(const struct entry_row *entry)
{
    for (int i = 0; i < 2; i++) {
        if (strcmp(products[i], entry->product) == 0)
            return i;
    }
    fail_msg("row %d has product %s", entry->row, entry->product);
    return 0;
}

/* ---------------------------------------------------------------------------------------------------- the data ---- */

static const struct entry_row *find(const struct page_row *row, const char *version, const char *installation,
                                    int product)
{
    const struct entry_row *const *rows, *found = NULL;
    size_t count =
        matrix_rows(knowledge_matrix(knowledge), products[product], row->workload, version, installation, &rows);

    for (size_t i = 0; i < count; i++) {
        if (rows[i]->row == row->row) {
            assert_null(found);
            found = rows[i];
        }
    }
    if (found == NULL)
        fail_msg("row %d: no answer for %s, %s, %s", row->row, version, installation, products[product]);
    return found;
}

static void check_conditions(const struct page_row *row, const struct entry_row *entry, int product)
{
    char wanted[200];

    for (size_t i = 0; i < entry->condition_count; i++) {
        const char *id = entry->conditions[i]->id;

        if (!is_reading(id) && !has_word(row->both, ' ', id) && !has_word(row->own[product], ' ', id))
            fail_msg("row %d, %s: condition %s does not belong to it", row->row, products[product], id);
    }
    snprintf(wanted, sizeof wanted, "%s %s", row->both, row->own[product]);
    for (char *rest = wanted, *id; (id = strsep(&rest, " ")) != NULL;) {
        bool there = id[0] == '\0' || is_reading(id);

        for (size_t i = 0; i < entry->condition_count; i++)
            there = there || strcmp(entry->conditions[i]->id, id) == 0;
        if (!there)
            fail_msg("row %d, %s: condition %s is missing", row->row, products[product], id);
    }
}

static void check_entry(const struct page_row *row, const char *version, const char *installation, int product)
{
    const struct entry_row *entry = find(row, version, installation, product);

    if (entry->answer != (row->answers[product] == Y ? ANSWER_YES : ANSWER_NO))
        fail_msg("row %d: %s, %s, %s is answered %s", row->row, version, installation, products[product],
                 answer_word(entry->answer));
    assert_int_equal(entry->protect_count, count_words(row->protects));
    for (size_t i = 0; i < entry->protect_count; i++) {
        if (!has_word(row->protects, ' ', entry->protects[i]))
            fail_msg("row %d: %s is not protected", row->row, entry->protects[i]);
    }
    if (entry->answer == ANSWER_YES)
        check_conditions(row, entry, product);
}

static void every_row_of_the_page_is_in_the_data(void **state)
{
    (void)state;
    for (int number = 1; number <= ROWS; number++) {
        const struct page_row *row = row_of(number);
        char versions[200];

        snprintf(versions, sizeof versions, "%s", row->versions);
        for (char *rest = versions, *version; (version = strsep(&rest, "|")) != NULL;) {
            for (const char *letter = row->installations; *letter != '\0'; letter++) {
                check_entry(row, version, installation_of(*letter), 0);
                check_entry(row, version, installation_of(*letter), 1);
            }
        }
    }
}

/* By the sections of the page, as their cells say "Recover"; that of VMware says what recovery is available. */
static const struct {
    int first, last;
    const char *recovers;
} recovered[] = {
    { 1, 38, "" },
    { 39, 44, "mailbox mailbox-database" },
    { 45, 51, "farm database web-application item sharepoint-search frontend-content" },
    { 52, 56, "vm item-level volume-level vhd" },
    { 57, 57, "vm item-level" },
    { 58, 58, "entire-vm" },
};

static const char *recovered_of(int row)
{
    for (size_t i = 0; i < sizeof recovered / sizeof recovered[0]; i++) {
        if (row >= recovered[i].first && row <= recovered[i].last)
            return recovered[i].recovers;
    }
    fail_msg("the page has no row %d", row);
    return "";
}

static void rows_have_what_the_page_says_of_recovery(void **state)
{
    const struct edition *edition = seed();

    (void)state;
    for (size_t i = 0; i < edition->row_count; i++) {
        const struct entry_row *entry = &edition->rows[i];
        const char *words = recovered_of(entry->row);

        if (entry->recover_count != count_words(words))
            fail_msg("row %d recovers %zu things, not %s", entry->row, entry->recover_count, words);
        for (size_t k = 0; k < entry->recover_count; k++) {
            if (!has_word(words, ' ', entry->recovers[k]))
                fail_msg("row %d: %s is not recovered", entry->row, entry->recovers[k]);
        }
    }
}

static bool page_has(const struct page_row *row, const struct entry_row *entry)
{
    bool installed = false;

    for (const char *letter = row->installations; *letter != '\0'; letter++)
        installed = installed || strcmp(installation_of(*letter), entry->installation) == 0;
    return installed && strcmp(row->workload, entry->workload) == 0 && has_word(row->versions, '|', entry->version);
}

static void the_data_have_nothing_that_the_page_has_not(void **state)
{
    const struct edition *edition = seed();
    size_t wanted = 0;

    (void)state;
    for (size_t i = 0; i < edition->row_count; i++) {
        const struct entry_row *entry = &edition->rows[i];

        product_of(entry);
        if (!page_has(row_of(entry->row), entry))
            fail_msg("row %d does not answer for %s, %s", entry->row, entry->version, entry->installation);
    }
    for (int number = 1; number <= ROWS; number++) {
        const struct page_row *row = row_of(number);
        size_t versions = 1;

        for (const char *at = row->versions; (at = strchr(at, '|')) != NULL; at++)
            versions++;
        wanted += versions * strlen(row->installations) * 2;
    }
    assert_int_equal(edition->row_count, wanted);
}

static void each_row_says_where_it_comes_from(void **state)
{
    const struct edition *edition = seed();

    (void)state;
    assert_string_equal(edition->date, "2018-08-17");
    assert_true(edition->page[0] != '\0' && edition->title[0] != '\0');
    assert_false(edition->at_least);
    assert_false(edition->absence_is_no);
    for (size_t i = 0; i < edition->row_count; i++) {
        assert_true(edition->rows[i].line > 0);
        assert_non_null(strstr(edition->rows[i].file, "azure-backup-server.conf"));
    }
}

static bool asks_for(const struct entry_row *entry, const char *id)
{
    for (size_t i = 0; i < entry->condition_count; i++) {
        if (strcmp(entry->conditions[i]->id, id) == 0)
            return true;
    }
    return false;
}

/* It stands beside "Azure virtual machine" in the cell of row 47. */
static void an_update_rollup_is_asked_for_in_azure_alone(void **state)
{
    const struct edition *edition = seed();

    (void)state;
    for (size_t i = 0; i < edition->row_count; i++) {
        const struct entry_row *entry = &edition->rows[i];
        bool wanted = entry->row == 47 && strcmp(entry->installation, "azure-vm") == 0;

        assert_int_equal(asks_for(entry, "R23"), wanted);
    }
}

static void the_column_of_installations_has_the_reading_of_its_workload(void **state)
{
    const struct edition *edition = seed();

    (void)state;
    for (size_t i = 0; workload_words[i] != NULL; i++) {
        bool of_server = strcmp(workload_words[i], "hyperv-host") == 0 || strcmp(workload_words[i], "vmware-vm") == 0 ||
                         strcmp(workload_words[i], "linux") == 0;
        bool later = strcmp(workload_words[i], "vmm") == 0 || strcmp(workload_words[i], "azure-local") == 0;

        assert_int_equal(edition->readings[i], later ? 0 : of_server ? READING_SERVER : READING_WORKLOAD);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_page_is_in_the_data),
        cmocka_unit_test(rows_have_what_the_page_says_of_recovery),
        cmocka_unit_test(the_data_have_nothing_that_the_page_has_not),
        cmocka_unit_test(each_row_says_where_it_comes_from),
        cmocka_unit_test(an_update_rollup_is_asked_for_in_azure_alone),
        cmocka_unit_test(the_column_of_installations_has_the_reading_of_its_workload),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
