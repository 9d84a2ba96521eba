#include "step_parts.h"

#include "vec.h"

#include <string.h>

typedef vec(struct offer) offer_vec;

struct question {
    const struct matrix *matrix;
    const struct leg *leg;
    const struct product *product; /* NULL: not known */
    const struct version *version; /* NULL: not known, or several */
    offer_vec found;
};

bool leg_is_alike(const struct leg *leg, const struct leg *first)
{
    if (strcmp(leg->workload, first->workload) != 0 || leg->version_count != first->version_count)
        return false;
    for (size_t i = 0; i < leg->version_count; i++) {
        if (strcmp(leg->versions[i], first->versions[i]) != 0)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------------- rows ---- */

static bool row_says_yes(const struct question *question, const char *product, const char *version,
                         const char *installation)
{
    const struct entry_row *const *rows;
    size_t count = matrix_rows(question->matrix, product, question->leg->workload, version, installation, &rows);

    for (size_t i = 0; i < count; i++) {
        if (rows[i]->answer != ANSWER_NO)
            return true;
    }
    return false;
}

/* Another product's edition may read the column of installations in another way, so every word of it is asked. */
static bool is_listed(const struct question *question, const char *product, const char *version)
{
    for (size_t i = 0; installation_words[i] != NULL; i++) {
        if (row_says_yes(question, product, version, installation_words[i]))
            return true;
    }
    return false;
}

static bool is_level_of(const struct version *version, const struct version *wanted)
{
    return version->level <= wanted->level && strcmp(version->base, wanted->base) == 0;
}

/* Whether it may be worth trying: an edition of levels at-least answers by a lower level too. */
static bool may_help(const struct question *question, const struct product *product, const struct version *version)
{
    const struct edition *edition = matrix_edition(question->matrix, product->name);
    const struct family *family = version->family;

    if (edition == NULL)
        return false;
    if (!edition->at_least)
        return is_listed(question, product->name, version->name);
    for (size_t i = 0; i < family->version_count; i++) {
        if (is_level_of(&family->versions[i], version) && is_listed(question, product->name, family->versions[i].name))
            return true;
    }
    return false;
}

/* ----------------------------------------------------------------------------------------------------- offers ---- */

/* mabs-v3 and mabs-v3-ur1 are one product, of which the second is an update. */
static size_t release_length(const char *product)
{
    const char *update = strstr(product, "-ur");

    return update == NULL ? strlen(product) : (size_t)(update - product);
}

static bool is_update(const struct product *product, const struct product *of)
{
    size_t length = release_length(of->name);

    return length == release_length(product->name) && strncmp(product->name, of->name, length) == 0;
}

static void offer_products(struct question *question, enum step_type type)
{
    const struct products *products = question->matrix->products;

    for (size_t i = 0; i < products->product_count && question->version != NULL; i++) {
        const struct product *product = &products->products[i];

        if (strcmp(product->line, question->product->line) != 0 || product->order <= question->product->order)
            continue;
        if (is_update(product, question->product) == (type == STEP_UPDATE) &&
            may_help(question, product, question->version))
            vec_push(&question->found, (struct offer){ .type = type, .product = product });
    }
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool is_pack(const struct version *version, const struct version *of)
{
    return version->level > of->level && strcmp(version->base, of->base) == 0 &&
           same(version->variant_of, of->variant_of);
}

static bool is_upgrade(const struct version *version, const struct version *of)
{
    return version->order > of->order && strcmp(version->base, of->base) != 0 && version->variant_of == NULL;
}

static void offer_versions(struct question *question, enum step_type type)
{
    const struct version *of = question->version;

    for (size_t i = 0; of != NULL && i < of->family->version_count; i++) {
        const struct version *version = &of->family->versions[i];
        bool fits = type == STEP_UPGRADE ? is_upgrade(version, of) : is_pack(version, of);

        if (fits && may_help(question, question->product, version))
            vec_push(&question->found, (struct offer){ .type = type, .version = version });
    }
}

static const struct offers *ask(struct question *question, struct arena *arena)
{
    struct offers *offers = arena_alloc(arena, sizeof *offers);

    if (question->product != NULL) {
        offer_products(question, STEP_UPDATE);
        offer_versions(question, STEP_SERVICE_PACK);
        offer_products(question, STEP_PRODUCT);
        offer_versions(question, STEP_UPGRADE);
    }
    offers->count = question->found.count;
    if (offers->count > 0)
        offers->items = arena_bytes(arena, question->found.items, offers->count * sizeof *offers->items);
    vec_finish(&question->found);
    return offers;
}

/* ------------------------------------------------------------------------------------------------------- memo ---- */

/* Texts one after the other, each with its NUL. Returns the size; 0 where it does not fit. */
static size_t join(char *key, size_t size, const char *const *texts, size_t count)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(texts[i]) + 1;

        if (length > size - used)
            return 0;
        memcpy(key + used, texts[i], length);
        used += length;
    }
    return used;
}

const struct offers *offers_find(struct step_memo *memo, const struct matrix *matrix, const struct verdict *verdict)
{
    static const struct offers none;
    const struct leg *leg = &verdict->legs[0];
    const char *version = leg->version_count == 1 ? leg->versions[0] : NULL;
    char key[512];
    size_t size;
    const struct offers *offers;
    struct question question = { .matrix = matrix, .leg = leg };

    if (verdict->product == NULL || version == NULL)
        return &none;
    size = join(key, sizeof key, (const char *const[]){ verdict->product, leg->workload, version }, 3);
    if (size == 0)
        return &none;
    offers = map_get_bytes(&memo->offers, key, size);
    if (offers != NULL)
        return offers;
    question.product = products_find(matrix->products, verdict->product);
    question.version = products_version(matrix->products, leg->workload, version);
    offers = ask(&question, &memo->arena);
    map_put_bytes(&memo->offers, arena_bytes(&memo->arena, key, size), size, (void *)offers);
    return offers;
}

void step_memo_finish(struct step_memo *memo)
{
    map_finish(&memo->offers);
    arena_finish(&memo->arena);
}
