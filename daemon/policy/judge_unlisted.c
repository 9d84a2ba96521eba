#include "judge_parts.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* Why there is no row for a choice, while it is found out. */
struct absence {
    struct judge *judge;
    const struct plan *plan;
    const struct choice *choice;
    const struct listing *listing;
    const struct listed *like; /* the row's version that comes nearest */
    const struct product *first;
};

static struct listed *listed_of(struct listed *items, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcasecmp(items[i].name, name) == 0)
            return &items[i];
    }
    items[*count] = (struct listed){ .name = name };
    return &items[(*count)++];
}

static bool is_of(const struct entry_row *row, const struct product *product, unsigned workload)
{
    return strcasecmp(row->product, product->name) == 0 && strcasecmp(row->workload, workload_words[workload]) == 0;
}

static void add_row(struct listed *item, const struct entry_row *row)
{
    int place = judge_place_find(row->installation);

    if (place < 0)
        return;
    item->places |= 1U << place;
    if (row->answer != ANSWER_NO)
        item->yes |= 1U << place;
}

static struct listing *make_listing(struct judge *judge, const struct product *product, unsigned workload)
{
    struct listing *listing = arena_alloc(&judge->lasting, sizeof *listing);
    const struct edition *edition = matrix_edition(judge->setting.matrix, product->name);
    struct listed *items = mem_new((edition == NULL ? 0 : edition->row_count) + 1, sizeof *items);

    listing->edition = edition;
    for (size_t i = 0; edition != NULL && i < edition->row_count; i++) {
        if (is_of(&edition->rows[i], product, workload))
            add_row(listed_of(items, &listing->count, edition->rows[i].version), &edition->rows[i]);
    }
    for (size_t i = 0; i < listing->count; i++) {
        items[i].version = products_version(judge->setting.matrix->products, workload_words[workload], items[i].name);
        listing->places |= items[i].places;
    }
    listing->items = arena_bytes(&judge->lasting, items, listing->count * sizeof *items);
    free(items);
    return listing;
}

const struct listing *judge_listing(struct judge *judge, const struct product *product, unsigned workload)
{
    const uint64_t parts[2] = { (uint64_t)(uintptr_t)product, workload };
    struct listing *listing = map_get_bytes(&judge->listings, (const char *)parts, sizeof parts);

    if (listing == NULL) {
        listing = make_listing(judge, product, workload);
        map_put_bytes(&judge->listings, arena_bytes(&judge->lasting, parts, sizeof parts), sizeof parts, listing);
    }
    return listing;
}

unsigned judge_named_places(struct judge *judge, const struct product *product, unsigned workload)
{
    unsigned places = judge_listing(judge, product, workload)->places;

    return places == 0 ? 1U << PLACE_PHYSICAL : places;
}

static unsigned listed_places(const struct edition *edition)
{
    unsigned places = 0;

    for (size_t i = 0; i < edition->row_count && places != PLACE_ALL; i++) {
        int place = judge_place_find(edition->rows[i].installation);
        places |= place < 0 ? 0 : 1U << place;
    }
    return places == 0 ? PLACE_ALL : places;
}

/* It stands among the listings, as that of all workloads. */
unsigned judge_listed_places(struct judge *judge, const struct edition *edition)
{
    const uint64_t parts[2] = { (uint64_t)(uintptr_t)edition, WORKLOADS };
    struct listing *listing = map_get_bytes(&judge->listings, (const char *)parts, sizeof parts);

    if (listing == NULL) {
        listing = arena_alloc(&judge->lasting, sizeof *listing);
        listing->edition = edition;
        listing->places = listed_places(edition);
        map_put_bytes(&judge->listings, arena_bytes(&judge->lasting, parts, sizeof parts), sizeof parts, listing);
    }
    return listing->places;
}

static const struct listed *find_listed(const struct listing *listing, const struct version *version)
{
    for (size_t i = 0; i < listing->count; i++) {
        if (listing->items[i].version == version || strcasecmp(listing->items[i].name, version->name) == 0)
            return &listing->items[i];
    }
    return NULL;
}

static bool is_variant(const struct version *one, const struct version *other)
{
    return (one->variant_of != NULL) != (other->variant_of != NULL);
}

/* The highest listed level of the same version; NULL: none is listed. */
static const struct listed *highest_level(const struct listing *listing, const struct version *version)
{
    const struct listed *highest = NULL;

    for (size_t i = 0; i < listing->count; i++) {
        const struct listed *item = &listing->items[i];
        if (item->version != NULL && item->version->family == version->family && !is_variant(item->version, version) &&
            strcmp(item->version->base, version->base) == 0 &&
            (highest == NULL || item->version->level > highest->version->level))
            highest = item;
    }
    return highest;
}

const struct version *judge_listed_level(const struct listing *listing, const struct version *version)
{
    const struct listed *highest;

    if (listing->edition == NULL || !listing->edition->at_least || find_listed(listing, version) != NULL)
        return NULL;
    highest = highest_level(listing, version);
    return highest != NULL && version->level > highest->version->level ? highest->version : NULL;
}

/* The version, or the level that it is judged as, where a product has a row for it that does not say no. */
static bool is_listed(struct absence *absence, const struct product *product, unsigned places)
{
    const struct listing *listing = judge_listing(absence->judge, product, absence->choice->workload);
    const struct version *version = absence->choice->version, *level;
    const struct listed *item;

    if (version == NULL)
        return false;
    level = judge_listed_level(listing, version);
    item = find_listed(listing, level != NULL ? level : version);
    return item != NULL && (item->yes & places) != 0;
}

/* The first product of the same line after this one (last of those before it, where step is -1) that lists it. */
static const struct product *other_product(struct absence *absence, bool newer, unsigned places)
{
    const struct products *products = absence->judge->setting.matrix->products;
    const struct product *found = NULL;

    for (size_t i = 0; i < products->product_count; i++) {
        const struct product *product = &products->products[i];
        bool side =
            newer ? product->order > absence->plan->product->order : product->order < absence->plan->product->order;
        if (strcmp(product->line, absence->plan->product->line) != 0 || !side || !is_listed(absence, product, places))
            continue;
        if (found == NULL || (product->order < found->order) == newer)
            found = product;
    }
    return found;
}

static const struct product *first_product(struct absence *absence)
{
    const struct product *here = other_product(absence, true, 1U << absence->choice->place);

    return here != NULL ? here : other_product(absence, true, PLACE_ALL);
}

/* A variant is listed under its own name only: Storage Server is not Windows Server. */
static const struct listed *variant_base(const struct absence *absence)
{
    const struct version *version = absence->choice->version;

    for (size_t i = 0; version->variant_of != NULL && i < absence->listing->count; i++) {
        const struct listed *item = &absence->listing->items[i];
        if (strcasecmp(item->name, version->variant_of) == 0 ||
            (item->version != NULL && item->version->family == version->family &&
             item->version->order == version->order))
            return item;
    }
    return NULL;
}

static enum verdict_class class_by_products(struct absence *absence)
{
    absence->first = first_product(absence);
    if (absence->first != NULL)
        return CLASS_NEWER;
    return other_product(absence, false, PLACE_ALL) != NULL ? CLASS_OLDER : CLASS_FOREIGN;
}

/* By its place among those of its family that are listed. */
static enum verdict_class class_by_order(struct absence *absence)
{
    const struct version *version = absence->choice->version;
    bool below = false, above = false;

    for (size_t i = 0; i < absence->listing->count; i++) {
        const struct version *other = absence->listing->items[i].version;
        if (other == NULL || other->family != version->family)
            continue;
        below |= other->order <= version->order;
        above |= other->order >= version->order;
    }
    if (!below && !above)
        return class_by_products(absence);
    if (below && above)
        return CLASS_GAP;
    if (below)
        absence->first = first_product(absence);
    return below ? CLASS_NEWER : CLASS_OLDER;
}

static enum verdict_class class_of(struct absence *absence)
{
    const struct version *version = absence->choice->version;

    if (version == NULL || !judge_family_has(version, absence->choice->workload))
        return CLASS_FOREIGN;
    if (absence->listing->count == 0)
        return class_by_products(absence);
    absence->like = find_listed(absence->listing, absence->choice->listed != NULL ? absence->choice->listed : version);
    if (absence->like != NULL)
        return CLASS_GAP;
    absence->like = highest_level(absence->listing, version);
    if (absence->like != NULL)
        return CLASS_LEVEL;
    absence->like = variant_base(absence);
    return absence->like != NULL ? CLASS_SKU : class_by_order(absence);
}

static void say_like(struct absence *absence, enum verdict_class class)
{
    struct str *text = &absence->judge->text;

    if (class == CLASS_GAP && absence->like != NULL) {
        str_add(text, "; it is listed ");
        judge_say_place(absence->judge, absence->plan->reading, absence->like->places);
    } else if (class == CLASS_GAP) {
        str_add(text, "; it lies between versions that are listed");
    } else if (class == CLASS_LEVEL) {
        str_format(text, "; of its levels %s is listed", absence->like->name);
    } else if (class == CLASS_SKU) {
        str_format(text, "; it is a variant of %s, which is listed", absence->like->name);
    }
}

static void say_foreign(struct absence *absence)
{
    const struct choice *choice = absence->choice;

    if (choice->version == NULL)
        str_add(&absence->judge->text, "; the matrix has nothing like it");
    else
        str_format(&absence->judge->text, "; no row of the workload %s is about %s", workload_words[choice->workload],
                   choice->version->family->name);
}

static void say_class(struct absence *absence, enum verdict_class class)
{
    struct str *text = &absence->judge->text;

    say_like(absence, class);
    if (class == CLASS_NEWER)
        str_format(text, "; it is newer than all that are listed%s%s",
                   absence->first == NULL ? "" : ", and listed first for ",
                   absence->first == NULL ? "" : absence->first->name);
    else if (class == CLASS_OLDER)
        str_add(text, "; it is older than all that are listed");
    else if (class == CLASS_FOREIGN)
        say_foreign(absence);
}

static void say_absence(struct absence *absence, enum verdict_class class)
{
    const struct choice *choice = absence->choice;
    struct str *text = &absence->judge->text;

    str_format(text, "%s has no row for %s ", absence->plan->edition->name, absence->plan->product->name);
    str_format(text, "and %s ", choice->version == NULL ? "what no table of versions knows" : choice->version->name);
    judge_say_place(absence->judge, absence->plan->reading, 1U << choice->place);
    say_class(absence, class);
    if (absence->plan->edition->absence_is_no)
        str_format(text, "; what %s does not list is not supported", absence->plan->edition->name);
}

void judge_unlisted(struct judge *judge, const struct plan *plan, struct choice *choice)
{
    struct absence absence = { .judge = judge, .plan = plan, .choice = choice };

    absence.listing = judge_listing(judge, plan->product, choice->workload);
    choice->class = class_of(&absence);
    choice->first = absence.first;
    say_absence(&absence, choice->class);
    choice->reason = judge_keep(judge, &judge->lasting);
}
