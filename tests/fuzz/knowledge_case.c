#include "knowledge_case.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

#define NOW_MS INT64_C(1800000000000)
#define TEXT(name, text)                                                                                               \
    {                                                                                                                  \
        name, text, sizeof(text) - 1                                                                                   \
    }

const struct source_text knowledge_case_products =
    TEXT("products.conf",
         "products = ( { name = \"mabs-v1\"; title = \"v1\"; line = \"mabs\"; }, { name = \"mabs-v2\"; title = \"v2\"; "
         "line = \"mabs\"; } );\n"
         "families = ( { name = \"Windows Server\"; group = \"os\"; workloads = [ \"server\", \"hyperv-host\" ];\n"
         "versions = ( { name = \"Windows Server 2012\"; test = { fact = \"os.build\"; is = \"9200\"; }; } ); },\n"
         "{ name = \"SQL Server\"; group = \"sql\"; workloads = [ \"sql\" ];\n"
         "versions = ( { name = \"SQL Server 2012\"; test = { undecided = \"u\"; }; } ); } );\n");

const struct source_text knowledge_case_matrix =
    TEXT("matrix.conf",
         "edition = \"seed\"; title = \"t\"; page = \"p\"; date = \"2018-08-17\"; products = [ \"mabs-v1\" ];\n"
         "levels = \"exact\"; absence = \"unlisted\"; prose = \"encoded\";\n"
         "installation_of = ( { workloads = [ \"server\" ]; where = \"workload\"; } );\n"
         "conditions = ( { name = \"R5\"; text = \"t\"; test = { undecided = \"u\"; }; },\n"
         "{ name = \"R16\"; text = \"t\"; test = { undecided = \"u\"; }; missing = \"footnote\"; } );\n"
         "rows = ( { row = 1; workload = \"server\"; versions = [ \"Windows Server 2012\" ]; installations = [ "
         "\"physical\" ];\n"
         "answers = ( { product = \"mabs-v1\"; answer = \"yes\"; } ); conditions = [ \"R5\" ]; } );\n");

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static bool is_name_of(const struct source_text *texts, size_t count, const char *file)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(texts[i].name, file) == 0)
            return true;
    }
    return false;
}

static void check_problems(const struct config_problems *problems, const struct source_text *texts, size_t count)
{
    for (size_t i = 0; i < problems->list.count; i++) {
        const struct config_problem *problem = &problems->list.items[i];

        expect(problem->text[0] != '\0' && utf8_valid(problem->text, strlen(problem->text)));
        expect(is_name_of(texts, count, problem->place.file) && problem->place.line >= 0);
    }
}

static void check_values(const struct test *test)
{
    expect(condition_knows_fact(test->fact));
    expect(test->compare >= COMPARE_IS && test->compare <= COMPARE_TRUSTED_BY);
    expect((test->value_count > 0) == (test->compare != COMPARE_TRUSTED_BY));
    for (size_t i = 0; i < test->value_count; i++) {
        expect(test->values[i].type == test->values[0].type && test->values[i].type != VALUE_LIST);
        expect(test->values[i].type != VALUE_TEXT || test->values[i].text != NULL);
    }
}

static void check_test(const struct test *test, int depth)
{
    expect(test->type >= TEST_FACT && test->type <= TEST_UNDECIDED && depth <= CONDITION_MAX_DEPTH);
    expect(test->part_count <= CONDITION_MAX_PARTS);
    if (test->type == TEST_FACT)
        check_values(test);
    else if (test->type == TEST_UNDECIDED)
        expect(test->why != NULL);
    else
        expect(test->part_count > 0 && test->collection < COLLECTION_COUNT);
    for (size_t i = 0; i < test->part_count; i++)
        check_test(&test->parts[i], depth + 1);
}

static void check_condition(const struct condition *condition)
{
    expect(condition->name != NULL && condition->id != NULL && condition->text != NULL);
    expect(condition->effect >= EFFECT_VERDICT && condition->effect <= EFFECT_SCOPE);
    expect(condition->effect != EFFECT_SCOPE || condition->omits != NULL);
    check_test(condition->test, 1);
}

static void check_row(const struct matrix *matrix, const struct entry_row *row)
{
    const struct entry_row *const *rows;
    bool found = false;

    expect(products_version(matrix->products, row->workload, row->version)->name == row->version);
    expect(products_find(matrix->products, row->product) != NULL);
    expect(row->answer >= ANSWER_NO && row->answer <= ANSWER_DEPRECATED && row->row > 0 && row->line > 0);
    for (size_t i = 0; i < row->condition_count; i++)
        check_condition(row->conditions[i]);
    for (size_t i = matrix_rows(matrix, row->product, row->workload, row->version, row->installation, &rows); i > 0;
         i--)
        found = found || rows[i - 1] == row;
    expect(found);
}

static void check_matrix(const struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->edition_count; i++) {
        const struct edition *edition = &matrix->editions[i];

        for (size_t j = 0; j < edition->product_count; j++)
            expect(matrix_edition(matrix, edition->products[j]) == edition);
        for (size_t j = 0; j < edition->row_count; j++)
            check_row(matrix, &edition->rows[j]);
    }
    for (size_t i = 0; i < matrix->condition_count; i++)
        check_condition(&matrix->conditions[i]);
    for (size_t i = 0; i < matrix->ruling_count; i++)
        expect(matrix->rulings[i].review_at > 0 && matrix->rulings[i].answer != 0 && matrix->rulings[i].line > 0);
    for (size_t i = 0; i < matrix->attestation_count; i++)
        expect(matrix->attestations[i].until_at > 0 && matrix->attestations[i].condition != NULL);
}

static void check_products(const struct products *products)
{
    for (size_t i = 0; i < products->family_count; i++) {
        const struct family *family = &products->families[i];

        for (size_t j = 0; j < family->version_count; j++) {
            expect(family->versions[j].family == family && family->versions[j].order < family->version_count);
            expect(family_version(family, family->versions[j].name) == &family->versions[j]);
            check_test(family->versions[j].test, 1);
        }
    }
    for (size_t i = 0; i < products->product_count; i++)
        expect(products_find(products, products->products[i].name) == &products->products[i]);
}

void knowledge_case(const struct source_text *texts, size_t count)
{
    struct config_problems problems;
    struct knowledge *knowledge;

    config_problems_init(&problems);
    knowledge = knowledge_take(texts, count, NOW_MS, &problems);
    expect((knowledge == NULL) == (problems.list.count > 0));
    check_problems(&problems, texts, count);
    if (knowledge != NULL) {
        check_products(knowledge_products(knowledge));
        check_matrix(knowledge_matrix(knowledge));
    }
    knowledge_unload(knowledge);
    config_problems_finish(&problems);
}
