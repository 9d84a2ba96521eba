/* products.conf: products = ( { name; line; test; ... } ) and families = ( { name; group; versions = ( ... ); } ). */
#include "knowledge_parts.h"
#include "problem.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define PRODUCT(member) offsetof(struct product, member)
#define FAMILY(member) offsetof(struct family, member)
#define VERSION(member) offsetof(struct version_draft, version.member)

struct version_draft {
    struct version version;
    size_t level;
};

static setting_reader read_versions;
static void add_product(struct reader *reader, const config_setting_t *setting);
static void add_family(struct reader *reader, const config_setting_t *setting);

static const struct key product_keys[] = {
    { .name = "name", .read = setting_name, .offset = PRODUCT(name), .required = true },
    { .name = "title", .read = setting_name, .offset = PRODUCT(title), .required = true },
    { .name = "line", .read = setting_name, .offset = PRODUCT(line), .required = true },
    { .name = "test", .read = knowledge_test, .offset = PRODUCT(test) },
    { .name = "support_end", .read = setting_day, .offset = PRODUCT(support_end) },
};

static const struct group product_group = { "a product", product_keys, sizeof product_keys / sizeof product_keys[0] };

static const struct key version_keys[] = {
    { .name = "name", .read = setting_name, .offset = VERSION(name), .required = true },
    { .name = "base", .read = setting_name, .offset = VERSION(base) },
    { .name = "level", .read = setting_count, .offset = offsetof(struct version_draft, level), .max = 1000 },
    { .name = "variant_of", .read = setting_name, .offset = VERSION(variant_of) },
    { .name = "test",
      .read = knowledge_test,
      .offset = VERSION(test),
      .required = true,
      .example = KNOWLEDGE_TEST_EXAMPLE },
    { .name = "hint", .read = knowledge_test, .offset = VERSION(hint) },
    { .name = "weak", .read = knowledge_test, .offset = VERSION(weak) },
    { .name = "mainstream_end", .read = setting_day, .offset = VERSION(mainstream_end) },
    { .name = "support_end", .read = setting_day, .offset = VERSION(support_end) },
    { .name = "paid_end", .read = setting_day, .offset = VERSION(paid_end) },
};

static const struct group version_group = { "a version", version_keys, sizeof version_keys / sizeof version_keys[0] };

struct family_draft {
    struct family family;
    const char *group;
    struct names workloads;
    struct config_place *places; /* of the versions */
};

static const struct key family_keys[] = {
    { .name = "name", .read = setting_name, .offset = FAMILY(name), .required = true },
    { .name = "group",
      .read = setting_word,
      .offset = offsetof(struct family_draft, group),
      .required = true,
      .words = group_words },
    { .name = "workloads",
      .read = knowledge_words,
      .offset = offsetof(struct family_draft, workloads),
      .words = workload_words },
    { .name = "versions", .read = read_versions, .required = true, .example = "( { ... } );", .group = &version_group },
};

static const struct group family_group = { "a family", family_keys, sizeof family_keys / sizeof family_keys[0] };

static const struct key root_keys[] = {
    { .name = "date", .read = knowledge_date, .offset = offsetof(struct lore, dated) },
    { .name = "products", .read = setting_list, .required = true, .group = &product_group, .element = add_product },
    { .name = "families", .read = setting_list, .required = true, .group = &family_group, .element = add_family },
};

const struct group knowledge_products_root = { "products.conf", root_keys, sizeof root_keys / sizeof root_keys[0] };

/* Names are compared without regard to case. */
static const char *lowered(char *text)
{
    for (char *at = text; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    return text;
}

/* False: something of that kind has the name; a problem says where. */
static bool take_name(struct lore *lore, struct config_place place, const char *kind, const char *name)
{
    char *key = arena_format(&lore->scratch, "%s\n%s", kind, name);
    struct config_place *first = map_get(&lore->first, lowered(key));
    char quote[TEXT_QUOTE_SIZE], file[TEXT_QUOTE_SIZE];

    if (first == NULL) {
        map_put(&lore->first, key, arena_bytes(&lore->scratch, &place, sizeof place));
        return true;
    }
    problem_add(lore->reader.problems, place, "a %s \"%s\" is already at %s:%d", kind, text_quote(quote, name),
                text_quote(file, first->file), first->line);
    return false;
}

static void add_product(struct reader *reader, const config_setting_t *setting)
{
    struct product product = { .name = NULL };
    struct lore *lore = lore_of(reader);

    setting_group(reader, setting, &product_group, &product);
    if (product.name == NULL || product.line == NULL ||
        !take_name(lore, setting_place(reader, setting), "product", product.name))
        return;
    vec_each (other, &lore->products)
        product.order += strcmp(other->line, product.line) == 0;
    if (lore->products.count < KNOWLEDGE_MAX_PRODUCTS)
        vec_push(&lore->products, product);
    else
        problem_add(reader->problems, setting_place(reader, setting), "more than %d products", KNOWLEDGE_MAX_PRODUCTS);
}

static const struct version *find(const struct version *versions, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(versions[i].name, name) == 0)
            return &versions[i];
    }
    return NULL;
}

/* A variant has the place of what it is a variant of, which stands before or behind it. */
static void place_variant(struct lore *lore, struct config_place place, const struct family *family,
                          struct version *version)
{
    const struct version *origin = find(family->versions, family->version_count, version->variant_of);
    const char **names;

    if (origin != NULL && origin->variant_of == NULL) {
        version->order = origin->order;
        return;
    }
    names = mem_new(family->version_count + 1, sizeof *names);
    for (size_t i = 0; i < family->version_count; i++)
        names[i] = family->versions[i].name;
    if (origin != NULL)
        problem_add(lore->reader.problems, place,
                    "variant_of: \"%s\" is itself a variant; name what that is a variant of", origin->name);
    else
        knowledge_unknown(lore,
                          &(struct unknown){ place, "variant_of", "version", version->variant_of, " in this family" },
                          names, knowledge_may_search(lore, family->version_count) ? family->version_count : 0);
    free(names);
}

static struct version read_version(struct reader *reader, const config_setting_t *setting)
{
    struct version_draft draft = { .level = 0 };

    if (!setting_is_group(reader, setting))
        return draft.version;
    setting_group(reader, setting, &version_group, &draft);
    draft.version.level = (int)draft.level;
    if (draft.version.base == NULL)
        draft.version.base = draft.version.name;
    return draft.version;
}

static void read_versions(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct family_draft *draft = (void *)((char *)to - key->offset);
    size_t count = (size_t)config_setting_length(setting), named = 0;
    struct version *versions;

    if (!setting_is_list(reader, setting))
        return;
    if (count == 0 || count > KNOWLEDGE_MAX_VERSIONS) {
        setting_problem(reader, setting, "%zu versions, where 1 to %d are possible", count, KNOWLEDGE_MAX_VERSIONS);
        return;
    }
    versions = arena_alloc(knowledge_arena(lore_of(reader)), count * sizeof *versions);
    draft->places = arena_alloc(reader->arena, count * sizeof *draft->places);
    for (size_t i = 0; i < count; i++) {
        const config_setting_t *element = setting_element(setting, i);

        versions[named] = read_version(reader, element);
        versions[named].order = i;
        draft->places[named] = setting_place(reader, element);
        named += versions[named].name != NULL;
    }
    draft->family.versions = versions;
    draft->family.version_count = named;
}

/* A name is one version's alone among all that a workload may have. */
static void check_name(struct lore *lore, const struct family *family, struct config_place place, const char *name)
{
    if (!take_name(lore, place, arena_format(&lore->scratch, "version of the family %s", family->name), name))
        return;
    for (size_t i = 0; i < family->workload_count; i++)
        take_name(lore, place, arena_format(&lore->scratch, "version of workload %s", family->workloads[i]), name);
}

static void check_versions(struct lore *lore, struct family_draft *draft)
{
    struct version *versions = (struct version *)draft->family.versions;

    for (size_t i = 0; i < draft->family.version_count; i++) {
        if (versions[i].variant_of != NULL)
            place_variant(lore, draft->places[i], &draft->family, &versions[i]);
        check_name(lore, &draft->family, draft->places[i], versions[i].name);
    }
}

static void add_family(struct reader *reader, const config_setting_t *setting)
{
    struct family_draft draft = { .group = NULL };
    struct lore *lore = lore_of(reader);
    struct family *family = &draft.family;

    setting_group(reader, setting, &family_group, &draft);
    if (family->name == NULL || !take_name(lore, setting_place(reader, setting), "family", family->name))
        return;
    if (draft.group != NULL)
        family->group = (enum product_group)knowledge_index(group_words, draft.group);
    family->workloads =
        intern_bytes(&lore->lists, draft.workloads.items, draft.workloads.count * sizeof *draft.workloads.items);
    family->workload_count = draft.workloads.count;
    check_versions(lore, &draft);
    if (lore->families.count < KNOWLEDGE_MAX_PRODUCTS)
        vec_push(&lore->families, *family);
    else
        problem_add(reader->problems, setting_place(reader, setting), "more than %d families", KNOWLEDGE_MAX_PRODUCTS);
}

static int by_line(const void *a, const void *b)
{
    const struct product *one = a, *other = b;
    int lines = strcmp(one->line, other->line);

    return lines != 0 ? lines : (one->order > other->order) - (one->order < other->order);
}

void knowledge_end_products(struct reader *reader, const config_setting_t *root, void *to)
{
    struct lore *lore = lore_of(reader);
    struct products *products = &lore->knowledge->products;
    struct family *families;

    (void)root, (void)to;
    if (lore->products.count > 0)
        qsort(lore->products.items, lore->products.count, sizeof *lore->products.items, by_line);
    products->products = knowledge_kept(lore, lore->products.items, lore->products.count * sizeof(struct product));
    products->product_count = lore->products.count;
    families = knowledge_kept(lore, lore->families.items, lore->families.count * sizeof *families);
    for (size_t i = 0; i < lore->families.count; i++) {
        for (size_t j = 0; j < families[i].version_count; j++)
            ((struct version *)families[i].versions)[j].family = &families[i];
    }
    products->families = families;
    products->family_count = lore->families.count;
}
