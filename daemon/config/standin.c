/* For the time until daemon/policy/ has products.c, condition.c and matrix.c: only what reading the files needs. */
#include "matrix.h"

#include <string.h>
#include <strings.h>

const char *const workload_words[] = { "client",    "server", "sql", "exchange",    "sharepoint", "hyperv-host",
                                       "vmware-vm", "linux",  "vmm", "azure-local", NULL };
const char *const installation_words[] = { "physical",    "hyperv-vm",      "vmware-vm", "azure-vm",
                                           "azure-stack", "azure-local-vm", NULL };
const char *const group_words[] = {
#define X(name, word) word,
    PRODUCT_GROUPS(X) NULL
#undef X
};

static const char *const collections[] = {
#define X(name, word) word,
    CONDITION_COLLECTIONS(X)
#undef X
};

static const char *const steps[] = { "",        "update",  "service-pack", "method", "file-system",
                                     "product", "upgrade", "other" };

const struct product *products_find(const struct products *products, const char *name)
{
    for (size_t i = 0; i < products->product_count; i++) {
        if (strcmp(products->products[i].name, name) == 0)
            return &products->products[i];
    }
    return NULL;
}

static bool has(const struct family *family, const char *workload)
{
    for (size_t i = 0; i < family->workload_count; i++) {
        if (strcmp(family->workloads[i], workload) == 0)
            return true;
    }
    return false;
}

const struct version *products_version(const struct products *products, const char *workload, const char *name)
{
    for (size_t i = 0; i < products->family_count; i++) {
        const struct family *family = &products->families[i];

        for (size_t j = 0; has(family, workload) && j < family->version_count; j++) {
            if (strcasecmp(family->versions[j].name, name) == 0)
                return &family->versions[j];
        }
    }
    return NULL;
}

enum compare compare_find(const char *word)
{
    static const struct {
        const char *word;
        enum compare compare;
    } words[] = {
        { "is", COMPARE_IS },
        { "in", COMPARE_IS },
        { "is_not", COMPARE_IS_NOT },
        { "not_in", COMPARE_IS_NOT },
        { "at_least", COMPARE_AT_LEAST },
        { "at_most", COMPARE_AT_MOST },
        { "above", COMPARE_ABOVE },
        { "below", COMPARE_BELOW },
        { "starts", COMPARE_STARTS },
        { "contains", COMPARE_CONTAINS },
        { "has", COMPARE_HAS },
        { "lacks", COMPARE_LACKS },
        { "empty", COMPARE_EMPTY },
        { "trusted_by", COMPARE_TRUSTED_BY },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].word, word) == 0)
            return words[i].compare;
    }
    return 0;
}

enum collection collection_find(const char *word)
{
    int at = 0;

    while (at < COLLECTION_COUNT && strcmp(collections[at], word) != 0)
        at++;
    return (enum collection)at;
}

const char *collection_word(enum collection collection)
{
    return collections[collection];
}

enum step_type step_find(const char *word)
{
    for (int i = 1; i <= STEP_OTHER; i++) {
        if (strcmp(steps[i], word) == 0)
            return (enum step_type)i;
    }
    return STEP_NONE;
}

void matrix_index_make(struct matrix *matrix, struct arena *arena)
{
    (void)matrix, (void)arena;
}
