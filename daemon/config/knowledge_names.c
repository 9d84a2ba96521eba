/* Names that knowledge looks up, and the nearest of those that there are. */
#include "knowledge_parts.h"
#include "problem.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FAR 1000        /* names that make a long list */
#define FAR_SEARCHES 20 /* of long lists */

bool knowledge_may_search(struct lore *lore, size_t count)
{
    return lore->reader.problems->list.count < CONFIG_MAX_PROBLEMS &&
           (count <= FAR || lore->far_searches++ < FAR_SEARCHES);
}

void knowledge_unknown(struct lore *lore, const struct unknown *unknown, const char *const *known, size_t count)
{
    char quote[TEXT_QUOTE_SIZE], near[TEXT_QUOTE_SIZE];
    const char *nearest = NULL;

    if (count > 0 && lore->reader.problems->list.count < CONFIG_MAX_PROBLEMS)
        nearest = text_nearest(unknown->name, known, count);
    text_quote(quote, unknown->name);
    if (nearest != NULL)
        problem_add(lore->reader.problems, unknown->place, "%s: there is no %s \"%s\"%s; the nearest is \"%s\"",
                    unknown->key, unknown->what, quote, unknown->where, text_quote(near, nearest));
    else
        problem_add(lore->reader.problems, unknown->place, "%s: there is no %s \"%s\"%s", unknown->key, unknown->what,
                    quote, unknown->where);
}

bool knowledge_has_product(struct lore *lore, struct config_place place, const char *key, const char *name)
{
    const struct products *products = &lore->knowledge->products;
    const char **known;

    if (!lore->products_read || products_find(products, name) != NULL)
        return true;
    known = mem_new(products->product_count + 1, sizeof *known);
    for (size_t i = 0; i < products->product_count; i++)
        known[i] = products->products[i].name;
    knowledge_unknown(lore, &(struct unknown){ place, key, "product", name, " in products.conf" }, known,
                      products->product_count);
    free(known);
    return false;
}

static const struct version *find_version(const struct products *products, const char *workload, const char *name)
{
    const struct version *version = NULL;

    if (workload != NULL)
        return products_version(products, workload, name);
    for (size_t i = 0; i < products->family_count && version == NULL; i++) {
        const struct family *family = &products->families[i];

        for (size_t j = 0; j < family->version_count && version == NULL; j++)
            version = strcasecmp(family->versions[j].name, name) == 0 ? &family->versions[j] : NULL;
    }
    return version;
}

static bool has_workload(const struct family *family, const char *workload)
{
    for (size_t i = 0; i < family->workload_count; i++) {
        if (workload != NULL && strcmp(family->workloads[i], workload) == 0)
            return true;
    }
    return workload == NULL;
}

static size_t count_versions(const struct products *products)
{
    size_t count = 0;

    for (size_t i = 0; i < products->family_count; i++)
        count += products->families[i].version_count;
    return count;
}

static void unknown_version(struct lore *lore, struct config_place place, const char *key, const char *workload,
                            const char *name)
{
    const struct products *products = &lore->knowledge->products;
    size_t families = knowledge_may_search(lore, count_versions(products)) ? products->family_count : 0;
    vec(const char *) known = VEC_EMPTY;
    char where[100];

    for (size_t i = 0; i < families; i++) {
        for (size_t j = 0; j < products->families[i].version_count; j++) {
            if (has_workload(&products->families[i], workload))
                vec_push(&known, products->families[i].versions[j].name);
        }
    }
    snprintf(where, sizeof where, " in products.conf%s%s", workload == NULL ? "" : " for the workload ",
             workload == NULL ? "" : workload);
    knowledge_unknown(lore, &(struct unknown){ place, key, "version", name, where }, known.items, known.count);
    vec_finish(&known);
}

bool knowledge_has_version(struct lore *lore, struct config_place place, const char *key, const char *workload,
                           const char **name)
{
    const struct version *version;

    if (!lore->products_read)
        return true;
    version = find_version(&lore->knowledge->products, workload, *name);
    if (version != NULL)
        *name = version->name;
    else
        unknown_version(lore, place, key, workload, *name);
    return version != NULL;
}
