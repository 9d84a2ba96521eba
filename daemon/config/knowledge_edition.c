/* A file of matrix/: an edition with its rows, and what may stand in any of them. Names that may be defined further
 * down, or in another file, are looked at when everything is read (knowledge_cross.c). */
#include "knowledge_parts.h"
#include "mem.h"
#include "problem.h"

#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct sheet, member)
#define ROW(member) offsetof(struct row_draft, member)
#define ANSWER(member) offsetof(struct answer_draft, member)
#define PLACED(member) offsetof(struct placed, member)

static setting_reader read_edition, read_answers, read_elsewhere;
static void add_installation(struct reader *reader, const config_setting_t *setting);
static void add_row(struct reader *reader, const config_setting_t *setting);

/* An element of installation_of. */
struct placed {
    struct names workloads;
    const char *where;
};

const char *const knowledge_answers[] = {
    [ANSWER_NO - 1] = "no", [ANSWER_YES - 1] = "yes", [ANSWER_DEPRECATED - 1] = "deprecated", NULL
};

static const char *const readings[] = { [READING_WORKLOAD - 1] = "workload",
                                        [READING_SERVER - 1] = "backup-server",
                                        NULL };
static const char *const levels[] = { "exact", "at-least", NULL };
static const char *const absences[] = { "unlisted", "unsupported", NULL };
static const char *const proses[] = { "encoded", "partly", NULL };

/* What a row protects, and what can be recovered of it. */
static const char *const protected_ids[] = {
    "volume",
    "share",
    "folder",
    "file",
    "dedup-volume",
    "system-state",
    "bare-metal",
    "database",
    "standalone-server",
    "dag-database",
    "mailbox",
    "mailbox-database",
    "storage-group",
    "farm",
    "frontend-content",
    "sharepoint-search",
    "web-application",
    "item",
    "vm",
    "csv",
    "item-level",
    "volume-level",
    "vhd",
    "entire-vm",
    NULL,
};

static const struct key placed_keys[] = {
    { .name = "workloads",
      .read = knowledge_words,
      .offset = PLACED(workloads),
      .required = true,
      .example = "[ \"server\" ];",
      .words = workload_words },
    { .name = "where", .read = setting_word, .offset = PLACED(where), .required = true, .words = readings },
};

static const struct group placed_group = { "an entry of installation_of", placed_keys,
                                           sizeof placed_keys / sizeof placed_keys[0] };

static const struct key answer_keys[] = {
    { .name = "product", .read = setting_name, .offset = ANSWER(product), .required = true },
    { .name = "answer", .read = setting_word, .offset = ANSWER(word), .required = true, .words = knowledge_answers },
    { .name = "conditions", .read = knowledge_names, .offset = ANSWER(conditions) },
};

static const struct group answer_group = { "an answer", answer_keys, sizeof answer_keys / sizeof answer_keys[0] };

static const struct key row_keys[] = {
    { .name = "row",
      .read = setting_count,
      .offset = ROW(row),
      .required = true,
      .example = "1;",
      .min = 1,
      .max = KNOWLEDGE_MAX_ROWS },
    { .name = "workload", .read = setting_word, .offset = ROW(workload), .required = true, .words = workload_words },
    { .name = "versions",
      .read = knowledge_names,
      .offset = ROW(versions),
      .required = true,
      .example = "[ \"...\" ];" },
    { .name = "installations",
      .read = knowledge_words,
      .offset = ROW(installations),
      .required = true,
      .example = "[ \"physical\" ];",
      .words = installation_words },
    { .name = "answers",
      .read = read_answers,
      .offset = ROW(answers),
      .required = true,
      .example = "( { ... } );",
      .group = &answer_group },
    { .name = "conditions", .read = knowledge_names, .offset = ROW(conditions) },
    { .name = "protects", .read = knowledge_words, .offset = ROW(protects), .words = protected_ids },
    { .name = "recovers", .read = knowledge_words, .offset = ROW(recovers), .words = protected_ids },
    { .name = "note", .read = setting_text, .offset = ROW(note) },
};

static const struct group row_group = { "a row", row_keys, sizeof row_keys / sizeof row_keys[0] };

static const struct key root_keys[] = {
    { .name = "edition", .read = read_edition, .offset = AT(edition.name) },
    { .name = "title", .read = setting_text, .offset = AT(edition.title) },
    { .name = "page", .read = setting_text, .offset = AT(edition.page) },
    { .name = "date", .read = knowledge_date, .offset = AT(edition.date) },
    { .name = "products", .read = knowledge_names, .offset = AT(products) },
    { .name = "levels", .read = setting_word, .offset = AT(levels), .words = levels },
    { .name = "absence", .read = setting_word, .offset = AT(absence), .words = absences },
    { .name = "prose", .read = setting_word, .offset = AT(prose), .words = proses },
    { .name = "installation_of", .read = setting_list, .group = &placed_group, .element = add_installation },
    { .name = "conditions", .read = setting_list, .group = &knowledge_condition, .element = knowledge_add_condition },
    { .name = "rows_elsewhere", .read = read_elsewhere, .min = 1, .max = KNOWLEDGE_MAX_ROWS },
    { .name = "rows", .read = setting_list, .group = &row_group, .element = add_row },
    { .name = "rulings", .read = setting_list, .group = &knowledge_ruling, .element = knowledge_add_ruling },
    { .name = "attestations",
      .read = setting_list,
      .group = &knowledge_attestation,
      .element = knowledge_add_attestation },
};

const struct group knowledge_matrix_root = { "a file of matrix/", root_keys, sizeof root_keys / sizeof root_keys[0] };

enum answer knowledge_answer(const char *word)
{
    return (enum answer)(knowledge_index(knowledge_answers, word) + 1);
}

static void read_edition(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    lore_of(reader)->sheet->place = setting_place(reader, setting);
    setting_name(reader, setting, key, to);
}

void knowledge_date(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    int64_t day = -1;

    setting_day(reader, setting, key, &day);
    if (day >= 0)
        setting_name(reader, setting, key, to);
}

/* A list of numbers of rows. */
static void read_elsewhere(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    int count = config_setting_length(setting);
    struct sheet *sheet = lore_of(reader)->sheet;
    int *numbers;

    (void)to;
    if (config_setting_is_list(setting) == CONFIG_FALSE && config_setting_is_array(setting) == CONFIG_FALSE) {
        setting_unexpected(reader, setting, "a list of numbers, such as [ 7, 9 ]");
        return;
    }
    if (count > SETTING_MAX_LIST) {
        setting_problem(reader, setting, "a list of %d, where %d are possible", count, SETTING_MAX_LIST);
        return;
    }
    numbers = arena_alloc(knowledge_arena(lore_of(reader)), (size_t)count * sizeof *numbers);
    for (int i = 0; i < count; i++) {
        size_t number = 0;

        setting_count(reader, setting_element(setting, (size_t)i), key, &number);
        numbers[i] = (int)number;
    }
    sheet->edition.elsewhere = numbers;
    sheet->edition.elsewhere_count = (size_t)count;
}

static void add_installation(struct reader *reader, const config_setting_t *setting)
{
    struct edition *edition = &lore_of(reader)->sheet->edition;
    struct placed placed = { .where = NULL };

    setting_group(reader, setting, &placed_group, &placed);
    if (placed.where == NULL)
        return;
    for (size_t i = 0; i < placed.workloads.count; i++) {
        enum reading *reading = &edition->readings[knowledge_index(workload_words, placed.workloads.items[i])];

        if (*reading != 0)
            problem_add(reader->problems, placed.workloads.place, "workload %s stands in installation_of twice",
                        placed.workloads.items[i]);
        *reading = (enum reading)(knowledge_index(readings, placed.where) + 1);
    }
}

static void read_answer(struct reader *reader, const config_setting_t *setting, struct answer_draft *answer)
{
    answer->place = setting_place(reader, setting);
    if (!setting_is_group(reader, setting))
        return;
    setting_group(reader, setting, &answer_group, answer);
    if (answer->word != NULL)
        answer->answer = knowledge_answer(answer->word);
    if (answer->product != NULL && !knowledge_has_product(lore_of(reader), answer->place, "product", answer->product))
        answer->product = NULL;
}

static void read_answers(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct row_draft *row = (void *)((char *)to - key->offset);
    size_t count = (size_t)config_setting_length(setting);

    if (!setting_is_list(reader, setting))
        return;
    if (count == 0 || count > KNOWLEDGE_MAX_ANSWERS) {
        setting_problem(reader, setting, "%zu answers, where 1 to %d are possible", count, KNOWLEDGE_MAX_ANSWERS);
        return;
    }
    row->answers = arena_alloc(reader->arena, count * sizeof *row->answers);
    for (size_t i = 0; i < count; i++)
        read_answer(reader, setting_element(setting, i), &row->answers[i]);
    row->answer_count = count;
}

/* Versions as products.conf calls them; without those that it does not know. */
static void check_versions(struct lore *lore, struct row_draft *row)
{
    const char **versions = arena_alloc(lore->reader.arena, (row->versions.count + 1) * sizeof *versions);
    size_t count = 0;

    for (size_t i = 0; i < row->versions.count; i++) {
        versions[count] = row->versions.items[i];
        if (row->workload != NULL &&
            knowledge_has_version(lore, row->versions.place, "versions", row->workload, &versions[count]))
            count++;
    }
    row->versions.items = versions;
    row->versions.count = count;
}

static void check_not_empty(struct reader *reader, const struct names *names, const char *key)
{
    if (names->items != NULL && names->count == 0)
        problem_add(reader->problems, names->place, "%s: a row without any says nothing", key);
}

static void add_row(struct reader *reader, const config_setting_t *setting)
{
    struct row_draft row = { .place = setting_place(reader, setting) };
    struct lore *lore = lore_of(reader);

    setting_group(reader, setting, &row_group, &row);
    check_not_empty(reader, &row.versions, "versions");
    check_not_empty(reader, &row.installations, "installations");
    check_versions(lore, &row);
    vec_push(&lore->sheet->rows, row);
}

/* The end of a file. */

/* What only an edition has, and what it must have. */
static const struct {
    const char *key;
    const char *example; /* NULL: it may be missing */
} provenance[] = {
    { "title", "\"...\"" },       { "page", "\"https://...\"" },
    { "date", "\"2018-08-17\"" }, { "products", "[ \"mabs-v2\" ]" },
    { "levels", "\"exact\"" },    { "absence", "\"unlisted\"" },
    { "prose", "\"encoded\"" },   { "installation_of", "( { workloads = [ \"server\" ]; where = \"workload\"; } )" },
    { "rows_elsewhere", NULL },   { "rows", NULL },
};

static void check_provenance(struct reader *reader, const config_setting_t *root)
{
    const config_setting_t *edition = setting_member(root, "edition");

    for (size_t i = 0; i < sizeof provenance / sizeof provenance[0]; i++) {
        const config_setting_t *setting = setting_member(root, provenance[i].key);

        if (edition == NULL && setting != NULL)
            setting_problem(reader, setting,
                            "only an edition has it; name the edition in this file: edition = \"...\";");
        else if (edition != NULL && setting == NULL && provenance[i].example != NULL)
            problem_add(reader->problems, setting_place(reader, edition), "an edition has no %s; add: %s = %s;",
                        provenance[i].key, provenance[i].key, provenance[i].example);
    }
}

/* Without those that products.conf does not know. */
static void check_products(struct lore *lore, struct sheet *sheet)
{
    const char **products = arena_alloc(lore->reader.arena, (sheet->products.count + 1) * sizeof *products);
    size_t count = 0;

    for (size_t i = 0; i < sheet->products.count; i++) {
        if (knowledge_has_product(lore, sheet->products.place, "products", sheet->products.items[i]))
            products[count++] = sheet->products.items[i];
    }
    sheet->edition.products = intern_bytes(&lore->lists, products, count * sizeof *products);
    sheet->edition.product_count = count;
}

static bool has_product(const struct edition *edition, const char *product)
{
    for (size_t i = 0; i < edition->product_count; i++) {
        if (strcmp(edition->products[i], product) == 0)
            return true;
    }
    return false;
}

static void check_answers(struct lore *lore, const struct edition *edition, const struct row_draft *row)
{
    for (size_t i = 0; i < row->answer_count; i++) {
        const struct answer_draft *answer = &row->answers[i];

        if (answer->product != NULL && edition->products != NULL && !has_product(edition, answer->product))
            knowledge_unknown(
                lore, &(struct unknown){ answer->place, "product", "product", answer->product, " in this edition" },
                edition->products, edition->product_count);
    }
}

static void check_rows(struct lore *lore, const struct sheet *sheet, bool placed)
{
    const struct edition *edition = &sheet->edition;

    vec_each (row, &sheet->rows) {
        check_answers(lore, edition, row);
        if (placed && row->workload != NULL && edition->readings[knowledge_index(workload_words, row->workload)] == 0)
            problem_add(lore->reader.problems, row->place,
                        "workload: installation_of does not say where %s is read; add it to: workloads = [ \"%s\" ]; "
                        "where = \"workload\";",
                        row->workload, row->workload);
    }
}

/* A row that is here is not elsewhere. */
static void check_elsewhere(struct lore *lore, const struct sheet *sheet)
{
    bool *elsewhere = mem_new(KNOWLEDGE_MAX_ROWS + 1, sizeof *elsewhere);

    for (size_t i = 0; i < sheet->edition.elsewhere_count; i++)
        elsewhere[sheet->edition.elsewhere[i]] = true;
    elsewhere[0] = false; /* of rows and numbers that could not be read */
    vec_each (row, &sheet->rows) {
        if (elsewhere[row->row])
            problem_add(lore->reader.problems, row->place, "row %zu stands in rows_elsewhere and is here", row->row);
        elsewhere[row->row] = false; /* said once */
    }
    free(elsewhere);
}

void knowledge_end_sheet(struct reader *reader, const config_setting_t *root, void *to)
{
    struct lore *lore = lore_of(reader);
    struct sheet *sheet = to;
    struct edition *edition = &sheet->edition;

    check_provenance(reader, root);
    edition->file = sheet->place.file;
    sheet->local = setting_member(root, "conditions") == NULL &&
                   (setting_member(root, "rulings") != NULL || setting_member(root, "attestations") != NULL);
    edition->at_least = sheet->levels != NULL && strcmp(sheet->levels, "at-least") == 0;
    edition->absence_is_no = sheet->absence != NULL && strcmp(sheet->absence, "unsupported") == 0;
    edition->partly = sheet->prose != NULL && strcmp(sheet->prose, "partly") == 0;
    check_products(lore, sheet);
    check_rows(lore, sheet, setting_member(root, "installation_of") != NULL);
    check_elsewhere(lore, sheet);
}
