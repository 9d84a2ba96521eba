/* Everything is read: names find what they name, and rows become one for each version, installation and product. */
#include "knowledge_parts.h"
#include "problem.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Conditions by name, and the arrays in which they stay. */
struct shelf {
    struct condition *conditions;
    size_t count;
    struct map names; /* to the condition */
};

/* The one answer of a version, an installation and a product in a row of the page. Without gaps, as it is a key: its
 * texts are kept once, so that equal ones are the same pointers. */
struct cell {
    const char *version, *installation, *product;
    size_t row;
};

/* An edition whose rows are being made. */
struct expansion {
    struct lore *lore;
    struct edition *edition;
    struct shelf *common, *own;
    struct entry_row *rows;
    size_t count;
    struct map cells; /* to the row */
};

static void second(struct lore *lore, struct config_place place, const char *what, const char *name,
                   struct config_place first)
{
    char quote[TEXT_QUOTE_SIZE], file[TEXT_QUOTE_SIZE];

    problem_add(lore->reader.problems, place, "%s \"%s\" is already at %s:%d", what, text_quote(quote, name),
                text_quote(file, first.file), first.line);
}

/* Conditions. */

static struct shelf shelf_start(struct lore *lore, size_t most)
{
    return (struct shelf){ .conditions = arena_alloc(knowledge_arena(lore), most * sizeof(struct condition)) };
}

static void shelve(struct lore *lore, struct shelf *shelf, struct map *places, struct condition_draft *draft)
{
    const struct config_place *first = map_get(places, draft->condition.name);

    if (first != NULL) {
        second(lore, draft->place, "a condition", draft->condition.name, *first);
        return;
    }
    map_put(places, draft->condition.name, &draft->place);
    shelf->conditions[shelf->count] = draft->condition;
    map_put(&shelf->names, draft->condition.name, &shelf->conditions[shelf->count++]);
}

static void shelve_sheet(struct lore *lore, struct shelf *shelf, struct map *places, struct sheet *sheet)
{
    vec_each (draft, &sheet->conditions)
        shelve(lore, shelf, places, draft);
}

static bool is_common(const struct sheet *sheet)
{
    return sheet->place.file == NULL;
}

static struct shelf shelve_common(struct lore *lore)
{
    struct map places = MAP_EMPTY;
    struct shelf shelf;
    size_t most = 0;

    vec_each (sheet, &lore->sheets)
        most += is_common(sheet) ? sheet->conditions.count : 0;
    shelf = shelf_start(lore, most);
    vec_each (sheet, &lore->sheets) {
        if (is_common(sheet))
            shelve_sheet(lore, &shelf, &places, sheet);
    }
    map_finish(&places);
    return shelf;
}

static struct shelf shelve_own(struct lore *lore, struct sheet *sheet)
{
    struct shelf shelf = shelf_start(lore, sheet->conditions.count);
    struct map places = MAP_EMPTY;

    shelve_sheet(lore, &shelf, &places, sheet);
    map_finish(&places);
    return shelf;
}

/* Rows. */

static void unknown_condition(struct expansion *expansion, struct config_place place, const char *name)
{
    const struct shelf *own = expansion->own, *common = expansion->common;
    const struct unknown unknown = { place, "conditions", "condition", name, "" };
    const char **known = NULL;
    size_t count = 0;

    if (expansion->lore->torn)
        return;
    if (knowledge_may_search(expansion->lore, own->count + common->count)) {
        known = mem_new(own->count + common->count + 1, sizeof *known);
        for (size_t i = 0; i < own->count; i++)
            known[count++] = own->conditions[i].name;
        for (size_t i = 0; i < common->count; i++)
            known[count++] = common->conditions[i].name;
    }
    knowledge_unknown(expansion->lore, &unknown, known, count);
    free(known);
}

static bool is_there(const struct condition *const *found, size_t count, const struct condition *condition)
{
    for (size_t i = 0; i < count; i++) {
        if (found[i] == condition)
            return true;
    }
    return false;
}

/* Appends those that are there; one that a row and its answer both name is one. */
static size_t find_conditions(struct expansion *expansion, const struct names *names, const struct condition **found,
                              size_t count)
{
    for (size_t i = 0; i < names->count; i++) {
        const struct condition *condition = map_get(&expansion->own->names, names->items[i]);

        if (condition == NULL)
            condition = map_get(&expansion->common->names, names->items[i]);
        if (condition == NULL)
            unknown_condition(expansion, names->place, names->items[i]);
        else if (!is_there(found, count, condition))
            found[count++] = condition;
    }
    return count;
}

/* A row's conditions, room for those of one of its answers behind them. */
struct found {
    const struct condition *items[2 * KNOWLEDGE_MAX_CONDITIONS];
    size_t count;
};

static void find_capped(struct expansion *expansion, const struct names *names, struct found *found)
{
    if (names->count <= KNOWLEDGE_MAX_CONDITIONS)
        found->count = find_conditions(expansion, names, found->items, found->count);
    else
        problem_add(expansion->lore->reader.problems, names->place, "conditions: %zu of them, where %d are possible",
                    names->count, KNOWLEDGE_MAX_CONDITIONS);
}

static void set_conditions(struct expansion *expansion, const struct answer_draft *answer, const struct found *of_row,
                           struct entry_row *entry)
{
    struct found found = *of_row;

    find_capped(expansion, &answer->conditions, &found);
    entry->conditions =
        intern_bytes(&expansion->lore->lists, found.items, found.count * sizeof(const struct condition *));
    entry->condition_count = found.count;
}

static void add_cell(struct expansion *expansion, const struct entry_row *entry, const struct row_draft *row)
{
    struct cell *cell = arena_alloc(&expansion->lore->scratch, sizeof *cell);
    struct entry_row *first;

    *cell = (struct cell){ entry->version, entry->installation, entry->product, row->row };
    first = map_get_bytes(&expansion->cells, (const char *)cell, sizeof *cell);
    if (first != NULL) {
        problem_add(expansion->lore->reader.problems, row->place,
                    "row %zu has its answer for %s, %s, %s already at %s:%d", row->row, entry->version,
                    entry->installation, entry->product, first->file, first->line);
        return;
    }
    expansion->rows[expansion->count] = *entry;
    map_put_bytes(&expansion->cells, (const char *)cell, sizeof *cell, &expansion->rows[expansion->count++]);
}

static void add_cells(struct expansion *expansion, const struct row_draft *row, struct entry_row *entry)
{
    for (size_t i = 0; i < row->versions.count; i++) {
        entry->version = row->versions.items[i];
        for (size_t j = 0; j < row->installations.count; j++) {
            entry->installation = row->installations.items[j];
            add_cell(expansion, entry, row);
        }
    }
}

/* Words are constants, so that equal lists are equal bytes. */
static const char *const *keep_words(struct lore *lore, const struct names *words)
{
    return intern_bytes(&lore->lists, words->items, words->count * sizeof *words->items);
}

static void expand(struct expansion *expansion, const struct row_draft *row)
{
    struct entry_row entry = {
        .edition = expansion->edition,
        .row = (int)row->row,
        .workload = row->workload,
        .protects = keep_words(expansion->lore, &row->protects),
        .protect_count = row->protects.count,
        .recovers = keep_words(expansion->lore, &row->recovers),
        .recover_count = row->recovers.count,
        .note = row->note,
        .file = row->place.file,
        .line = row->place.line,
    };
    struct found found = { .count = 0 };

    find_capped(expansion, &row->conditions, &found);
    for (size_t i = 0; i < row->answer_count; i++) {
        const struct answer_draft *answer = &row->answers[i];

        set_conditions(expansion, answer, &found, &entry);
        entry.product = answer->product;
        entry.answer = answer->answer;
        if (entry.product != NULL && entry.answer != 0)
            add_cells(expansion, row, &entry);
    }
}

/* How many rows the sheet makes; more than there may be is said once. */
static size_t measure(const struct sheet *sheet, size_t room)
{
    size_t count = 0;

    vec_each (row, &sheet->rows) {
        /* Each factor is capped by its reader: SETTING_MAX_LIST twice, KNOWLEDGE_MAX_ANSWERS. */
        count += row->versions.count * row->installations.count * row->answer_count;
        if (count > room)
            return room + 1;
    }
    return count;
}

/* And its own conditions, which they name. */
static void make_rows(struct lore *lore, struct sheet *sheet, struct edition *edition, struct shelf *common,
                      size_t *room)
{
    struct shelf own = shelve_own(lore, sheet);
    struct expansion expansion = { .lore = lore, .edition = edition, .common = common, .own = &own };
    size_t count = measure(sheet, *room);

    edition->conditions = own.conditions;
    edition->condition_count = own.count;
    if (count > *room) {
        problem_add(lore->reader.problems, sheet->place, "with this edition there are more than %d rows in all",
                    KNOWLEDGE_MAX_ROWS);
    } else {
        expansion.rows = arena_alloc(knowledge_arena(lore), count * sizeof *expansion.rows);
        vec_each (row, &sheet->rows)
            expand(&expansion, row);
        edition->rows = expansion.rows;
        edition->row_count = expansion.count;
        *room -= count;
    }
    map_finish(&expansion.cells);
    map_finish(&own.names);
}

/* Editions. */

/* A product is one edition's alone. */
static void take_products(struct lore *lore, struct map *products, struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->edition.product_count; i++) {
        const char *product = sheet->edition.products[i];
        const struct sheet *first = map_get(products, product);

        if (first != NULL)
            second(lore, sheet->products.place, "an edition with the product", product, first->products.place);
        else
            map_put(products, product, sheet);
    }
}

static void take_name(struct lore *lore, struct map *names, struct sheet *sheet)
{
    const struct sheet *first;

    if (sheet->edition.name == NULL)
        return;
    first = map_get(names, sheet->edition.name);
    if (first != NULL)
        second(lore, sheet->place, "an edition", sheet->edition.name, first->place);
    else
        map_put(names, sheet->edition.name, sheet);
}

static void make_editions(struct lore *lore, struct shelf *common)
{
    struct matrix *matrix = &lore->knowledge->matrix;
    struct map names = MAP_EMPTY, products = MAP_EMPTY;
    size_t room = KNOWLEDGE_MAX_ROWS, count = 0;
    struct edition *editions;

    vec_each (sheet, &lore->sheets)
        count += !is_common(sheet);
    editions = arena_alloc(knowledge_arena(lore), count * sizeof *editions);
    vec_each (sheet, &lore->sheets) {
        struct edition *edition = &editions[matrix->edition_count];

        if (is_common(sheet))
            continue;
        take_name(lore, &names, sheet);
        take_products(lore, &products, sheet);
        *edition = sheet->edition;
        edition->hash = lore->files.items[sheet->file].hash;
        edition->sha256 = knowledge_sha256(lore, edition->file);
        make_rows(lore, sheet, edition, common, &room);
        matrix->edition_count++;
    }
    matrix->editions = editions;
    map_finish(&names);
    map_finish(&products);
}

/* What tests and the organisation name. */

static void check_mentions(struct lore *lore)
{
    vec_each (mention, &lore->mentions) {
        const char *name = mention->name;

        if (mention->product)
            knowledge_has_product(lore, mention->place, "product", name);
        else
            knowledge_has_version(lore, mention->place, "version", NULL, &name);
    }
}

/* Those of all sheets, by what is shown of them: whether one of that id is a footnote. */
static void gather_ids(struct lore *lore, struct map *ids)
{
    static bool footnote = true, decided = false; /* never changed: a map's values are pointers */

    vec_each (sheet, &lore->sheets) {
        vec_each (draft, &sheet->conditions) {
            const struct condition *condition = &draft->condition;

            if (condition->footnote || map_get(ids, condition->id) == NULL)
                map_put(ids, condition->id, condition->footnote ? &footnote : &decided);
        }
    }
}

static void unknown_id(struct lore *lore, struct config_place place, const struct map *ids, const char *name)
{
    const char **known;
    const struct map_entry *entry;
    size_t at = 0, count = 0;

    if (lore->torn)
        return;
    known = mem_new(ids->count + 1, sizeof *known);
    while ((entry = map_next(ids, &at)) != NULL)
        known[count++] = entry->key;
    knowledge_unknown(lore, &(struct unknown){ place, "condition", "condition with the id", name, "" }, known, count);
    free(known);
}

static void check_attestations(struct lore *lore)
{
    struct map ids = MAP_EMPTY;
    char quote[TEXT_QUOTE_SIZE];

    gather_ids(lore, &ids);
    vec_each (attestation, &lore->attestations) {
        struct config_place place = { attestation->file, attestation->line };
        const bool *footnote = map_get(&ids, attestation->condition);

        if (footnote == NULL)
            unknown_id(lore, place, &ids, attestation->condition);
        else if (!*footnote)
            problem_add(
                lore->reader.problems, place,
                "condition: \"%s\" is decided by facts and cannot be attested; a condition that can has missing "
                "= \"footnote\"",
                text_quote(quote, attestation->condition));
    }
    map_finish(&ids);
}

void knowledge_cross(struct lore *lore)
{
    struct matrix *matrix = &lore->knowledge->matrix;
    struct shelf common = shelve_common(lore);

    matrix->conditions = common.conditions;
    matrix->condition_count = common.count;
    make_editions(lore, &common);
    check_mentions(lore);
    check_attestations(lore);
    matrix->rulings = knowledge_kept(lore, lore->rulings.items, lore->rulings.count * sizeof *matrix->rulings);
    matrix->ruling_count = lore->rulings.count;
    matrix->attestations =
        knowledge_kept(lore, lore->attestations.items, lore->attestations.count * sizeof *matrix->attestations);
    matrix->attestation_count = lore->attestations.count;
    map_finish(&common.names);
}
