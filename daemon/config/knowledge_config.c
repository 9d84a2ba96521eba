/* What the configuration names of the tables of products and of the matrix. */
#include "knowledge.h"
#include "mem.h"
#include "problem.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define FAR 1000        /* names that make a long list */
#define FAR_SEARCHES 20 /* of long lists */

struct check {
    const struct knowledge *knowledge;
    struct config_problems *problems;
    vec(const char *) names;    /* of products */
    vec(const char *) versions; /* of operating systems */
    size_t far_searches;
};

static void gather(struct check *check)
{
    const struct products *products = knowledge_products(check->knowledge);

    for (size_t i = 0; i < products->product_count; i++)
        vec_push(&check->names, products->products[i].name);
    for (size_t i = 0; i < products->family_count; i++) {
        const struct family *family = &products->families[i];

        for (size_t k = 0; family->group == GROUP_OS && k < family->version_count; k++)
            vec_push(&check->versions, family->versions[k].name);
    }
}

static const char *nearest(struct check *check, const char *name, const char *const *known, size_t count)
{
    if (check->problems->list.count == CONFIG_MAX_PROBLEMS || (count > FAR && check->far_searches++ >= FAR_SEARCHES))
        return NULL;
    return text_nearest(name, known, count);
}

/* A problem, with the nearest name that there is; where none is near, with what shows all of them. */
static void unknown(struct check *check, struct config_place place, const char *what, const char *name,
                    const char *near, const char *shown_by)
{
    char quote[TEXT_QUOTE_SIZE], near_quote[TEXT_QUOTE_SIZE];

    text_quote(quote, name);
    if (near != NULL)
        problem_add(check->problems, place, "%s \"%s\" in products.conf; the nearest is \"%s\"", what, quote,
                    text_quote(near_quote, near));
    else
        problem_add(check->problems, place, "%s \"%s\" in products.conf%s", what, quote, shown_by);
}

static void check_product(struct check *check, const struct config_backup_server *server)
{
    char quote[TEXT_QUOTE_SIZE];

    if (products_find(knowledge_products(check->knowledge), server->product) == NULL)
        unknown(check, server->product_place, "product: there is no product", server->product,
                nearest(check, server->product, check->names.items, check->names.count),
                "; \"muster matrix list\" shows those that there are");
    else if (matrix_edition(knowledge_matrix(check->knowledge), server->product) == NULL)
        warning_add(check->problems, server->product_place,
                    "product: no edition of the matrix has \"%s\", so nothing can be judged for this backup server",
                    text_quote(quote, server->product));
}

static void check_os(struct check *check, const struct config_backup_server *server)
{
    for (size_t i = 0; i < check->versions.count; i++) {
        if (strcasecmp(check->versions.items[i], server->os) == 0)
            return;
    }
    unknown(check, server->os_place, "os: there is no version of an operating system", server->os,
            nearest(check, server->os, check->versions.items, check->versions.count),
            ", such as \"Windows Server 2022\"");
}

/* Of what the tables have no version, nothing is ever recognised. */
static void check_workload(struct check *check, const struct config_assign *assign)
{
    const struct products *products = knowledge_products(check->knowledge);

    if (products_group(products, assign->where.workload) == GROUP_COUNT)
        warning_add(check->problems, assign->workload_place,
                    "workload: products.conf has no versions of %s, so this rule is for nothing",
                    assign->where.workload);
}

static void finish(struct check *check)
{
    vec_finish(&check->names);
    vec_finish(&check->versions);
}

bool knowledge_check_config(const struct knowledge *knowledge, const struct config *config,
                            struct config_problems *problems)
{
    struct check check = { .knowledge = knowledge, .problems = problems, .names = VEC_EMPTY, .versions = VEC_EMPTY };
    size_t before = problems->list.count + problems->left_out;

    gather(&check);
    vec_each (server, &config->backup_servers) {
        if (server->product != NULL)
            check_product(&check, server);
        if (server->os != NULL)
            check_os(&check, server);
    }
    vec_each (assign, &config->assigns) {
        if (assign->where.workload != NULL)
            check_workload(&check, assign);
    }
    if (config->backup_servers.count == 0)
        warning_add(problems, (struct config_place){ config->file, 0 },
                    "there are no backup servers, so nothing is judged but what one that was scanned protects; name "
                    "yours: backup_servers = ( { name = \"...\"; product = \"mabs-v4\"; } );");
    finish(&check);
    return problems->list.count + problems->left_out == before;
}
