#include "step_parts.h"

#include "vec.h"

#include <stdint.h>
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

bool condition_is_step(const struct condition *condition)
{
    return condition->cannot == NULL && (condition->step != STEP_NONE || condition->remedy != NULL);
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

static bool is_listed_at(const struct question *question, const char *product, const char *version,
                         const char *const *installations, size_t count)
{
    for (size_t i = 0; i < count && installations[i] != NULL; i++) {
        if (row_says_yes(question, product, version, installations[i]))
            return true;
    }
    return false;
}

/* Another product's edition may read the column of installations in another way, so every word of it is asked. */
static bool is_listed(const struct question *question, const struct product *product, const char *version)
{
    const struct leg *leg = question->leg;

    if (product == question->product)
        return is_listed_at(question, product->name, version, leg->installations, leg->installation_count);
    return is_listed_at(question, product->name, version, installation_words, SIZE_MAX);
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
        return is_listed(question, product, version->name);
    for (size_t i = 0; i < family->version_count; i++) {
        if (is_level_of(&family->versions[i], version) && is_listed(question, product, family->versions[i].name))
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

enum { KEY_SIZE = 512 };

struct key {
    char bytes[KEY_SIZE];
    size_t size;
    bool whole;
};

/* Each text with its NUL. */
static void key_add(struct key *key, const char *text)
{
    size_t length = strlen(text) + 1;

    key->whole = key->whole && length <= KEY_SIZE - key->size;
    if (!key->whole)
        return;
    memcpy(key->bytes + key->size, text, length);
    key->size += length;
}

static void key_make(struct key *key, const struct verdict *verdict)
{
    const struct leg *leg = &verdict->legs[0];

    key->size = 0;
    key->whole = true;
    key_add(key, verdict->product);
    key_add(key, leg->workload);
    key_add(key, leg->versions[0]);
    for (size_t i = 0; i < leg->installation_count; i++)
        key_add(key, leg->installations[i]);
}

const struct offers *offers_find(struct step_memo *memo, const struct matrix *matrix, const struct verdict *verdict)
{
    static const struct offers none;
    const struct leg *leg = &verdict->legs[0];
    const struct offers *offers;
    struct question question = { .matrix = matrix, .leg = leg };
    struct key key;

    if (verdict->product == NULL || leg->version_count != 1)
        return &none;
    key_make(&key, verdict);
    offers = key.whole ? map_get_bytes(&memo->offers, key.bytes, key.size) : &none;
    if (offers != NULL)
        return offers;
    question.product = products_find(matrix->products, verdict->product);
    question.version = products_version(matrix->products, leg->workload, leg->versions[0]);
    offers = ask(&question, &memo->arena);
    map_put_bytes(&memo->offers, arena_bytes(&memo->arena, key.bytes, key.size), key.size, (void *)offers);
    return offers;
}

void step_memo_finish(struct step_memo *memo)
{
    map_finish(&memo->offers);
    arena_finish(&memo->arena);
}
