#include "knowledge.h"

#include "clock.h"
#include "knowledge_parts.h"
#include "problem.h"
#include "str.h"

#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* Setting. */

size_t knowledge_index(const char *const *words, const char *word)
{
    size_t index = 0;

    while (words[index] != NULL && strcmp(words[index], word) != 0)
        index++;
    return index;
}

size_t knowledge_count(const char *const *words)
{
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    return count;
}

bool knowledge_is_among(const char *const *words, const char *word)
{
    return words[knowledge_index(words, word)] != NULL;
}

/* Readers of lists with their place. */
static void read_names(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to,
                       setting_reader *read)
{
    struct names *names = to;
    struct key inner = *key;

    inner.offset = offsetof(struct names, items);
    inner.count_offset = offsetof(struct names, count);
    names->place = setting_place(reader, setting);
    read(reader, setting, &inner, &names->items);
}

void knowledge_names(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    read_names(reader, setting, key, to, setting_names);
}

void knowledge_words(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    read_names(reader, setting, key, to, setting_words);
}

/* From start to end. */

struct arena *knowledge_arena(struct lore *lore)
{
    return &lore->knowledge->arena;
}

void *knowledge_kept(struct lore *lore, const void *bytes, size_t size)
{
    return size == 0 ? NULL : arena_bytes(knowledge_arena(lore), bytes, size);
}

static size_t count_problems(const struct config_problems *problems)
{
    return problems->list.count + problems->left_out;
}

static void start(struct lore *lore, int64_t now_ms, struct config_problems *problems)
{
    *lore = (struct lore){ .now_ms = now_ms, .knowledge = mem_new(1, sizeof *lore->knowledge) };
    lore->before = count_problems(problems);
    lore->knowledge->matrix.products = &lore->knowledge->products;
    arena_init(knowledge_arena(lore), ARENA_PLAIN);
    arena_init(&lore->scratch, ARENA_PLAIN);
    intern_init(&lore->texts, knowledge_arena(lore));
    intern_init(&lore->lists, knowledge_arena(lore));
    lore->reader = (struct reader){ .arena = &lore->scratch, .texts = &lore->texts, .problems = problems };
}

/* Numbers of rows, each counted once. */
static size_t count_rows(const struct sheet *sheet)
{
    bool *seen = mem_new(KNOWLEDGE_MAX_ROWS + 1, sizeof *seen);
    size_t count = 0;

    vec_each (row, &sheet->rows) {
        count += !seen[row->row];
        seen[row->row] = true;
    }
    free(seen);
    return count;
}

static void read_sheet(struct lore *lore, struct knowledge_file *file)
{
    size_t before = count_problems(lore->reader.problems);
    struct sheet sheet = { .file = lore->files.count };

    lore->sheet = &sheet;
    if (reader_read(&lore->reader, &knowledge_matrix_root, &sheet, knowledge_end_sheet)) {
        file->edition = sheet.edition.name;
        file->date = sheet.edition.date;
        file->rows = count_rows(&sheet);
    }
    lore->torn |= sheet.place.file == NULL && !sheet.local && count_problems(lore->reader.problems) > before;
    vec_push(&lore->sheets, sheet);
}

static void read_products(struct lore *lore)
{
    size_t before = count_problems(lore->reader.problems);

    reader_read(&lore->reader, &knowledge_products_root, lore, knowledge_end_products);
    lore->products_read = count_problems(lore->reader.problems) == before;
}

/* One file; products.conf is the first. Its places name it, so its source lies in the arena. */
static void read_source(struct lore *lore, const char *path, const struct source *source, bool products)
{
    struct knowledge_file file = { .path = arena_text(knowledge_arena(lore), path) };

    file.hash = hash128(&hash_stable_key, str_text(&source->text), source->text.length);
    lore->reader.source = source;
    if (products)
        read_products(lore);
    else
        read_sheet(lore, &file);
    lore->reader.source = NULL;
    vec_push(&lore->files, file);
}

static void finish(struct lore *lore)
{
    vec_each (sheet, &lore->sheets) {
        vec_finish(&sheet->conditions);
        vec_finish(&sheet->rows);
    }
    vec_finish(&lore->sheets);
    vec_finish(&lore->products);
    vec_finish(&lore->families);
    vec_finish(&lore->rulings);
    vec_finish(&lore->attestations);
    vec_finish(&lore->mentions);
    vec_finish(&lore->files);
    vec_finish(&lore->sums.list);
    map_finish(&lore->first);
    intern_finish(&lore->texts);
    intern_finish(&lore->lists);
    arena_finish(&lore->scratch);
}

static struct hash128 hash_of_all(const struct lore *lore)
{
    struct hash128 *hashes = mem_new(lore->files.count + 1, sizeof *hashes), hash;

    for (size_t i = 0; i < lore->files.count; i++)
        hashes[i] = lore->files.items[i].hash;
    hash = hash128(&hash_stable_key, hashes, lore->files.count * sizeof *hashes);
    free(hashes);
    return hash;
}

const char *knowledge_sha256(struct lore *lore, const char *name)
{
    vec_each (sum, &lore->sums.list) {
        if (strcmp(sum->name, name) == 0)
            return arena_text(knowledge_arena(lore), sum->sha256);
    }
    return NULL;
}

/* Each once, and first those that are not included: these have the hash of all that they include. */
static void list_files(struct lore *lore)
{
    struct matrix *matrix = &lore->knowledge->matrix;
    vec(struct matrix_file) files = VEC_EMPTY;
    struct map listed = MAP_EMPTY;

    vec_each (file, &lore->files) {
        struct matrix_file own = { .file = file->path,
                                   .hash = file->hash,
                                   .sha256 = knowledge_sha256(lore, file->path),
                                   .date = file == lore->files.items ? lore->dated : NULL };

        vec_push(&files, own);
        map_put(&listed, file->path, file);
    }
    vec_each (sum, &lore->sums.list) {
        struct matrix_file own = { .file = sum->name, .hash = sum->hash };

        if (map_get(&listed, sum->name) != NULL)
            continue;
        own.sha256 = arena_text(knowledge_arena(lore), sum->sha256);
        vec_push(&files, own);
        map_put(&listed, sum->name, sum);
    }
    matrix->files = knowledge_kept(lore, files.items, files.count * sizeof *files.items);
    matrix->file_count = files.count;
    vec_finish(&files);
    map_finish(&listed);
}

/* The knowledge, or NULL where there was a problem; the lore is finished. */
static struct knowledge *end(struct lore *lore)
{
    struct knowledge *knowledge = lore->knowledge;
    const struct config_problems *problems = lore->reader.problems;

    knowledge_cross(lore);
    knowledge->files = knowledge_kept(lore, lore->files.items, lore->files.count * sizeof *knowledge->files);
    knowledge->file_count = lore->files.count;
    list_files(lore);
    knowledge->matrix.hash = hash_of_all(lore);
    matrix_index_make(&knowledge->matrix, &knowledge->arena);
    if (count_problems(problems) > lore->before) {
        knowledge_unload(knowledge);
        knowledge = NULL;
    }
    finish(lore);
    return knowledge;
}

void knowledge_unload(struct knowledge *knowledge)
{
    if (knowledge == NULL)
        return;
    arena_finish(&knowledge->arena);
    free(knowledge);
}

/* Files. */

static void read_file(struct lore *lore, const char *path, enum source_care care, bool products)
{
    struct config_place place;
    struct source source;
    struct err err;

    if (source_read(&source, path, care, knowledge_arena(lore), &lore->sums, &place, &err)) {
        read_source(lore, path, &source, products);
    } else {
        problem_add(lore->reader.problems, place, "%s", err.text);
        lore->torn = true;
    }
    source_finish(&source);
}

static int is_sheet(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".conf") == 0;
}

/* Unlike alphasort, which goes by the language that is set. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_sheets(struct lore *lore, const char *folder, struct dirent **names, size_t count,
                        enum source_care care)
{
    struct config_place place = { folder, 0 };

    if (count == 0)
        problem_add(lore->reader.problems, place,
                    "the folder of the matrix holds no file *.conf; put the editions there");
    if (count > KNOWLEDGE_MAX_FILES) {
        problem_add(lore->reader.problems, place,
                    "the folder of the matrix holds %zu files *.conf, where %d are possible", count,
                    KNOWLEDGE_MAX_FILES);
        return;
    }
    for (size_t i = 0; i < count; i++)
        read_file(lore, arena_format(&lore->scratch, "%s/%s", folder, names[i]->d_name), care, false);
}

static void read_folder(struct lore *lore, const char *folder, enum source_care care)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_sheet, by_name);

    if (count < 0) {
        problem_add(lore->reader.problems, (struct config_place){ folder, 0 },
                    "the folder of the matrix cannot be read: %s", strerror(errno));
        return;
    }
    read_sheets(lore, folder, names, (size_t)count, care);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

struct knowledge *knowledge_load(const char *products, const char *matrix, enum source_care care,
                                 struct config_problems *problems)
{
    struct knowledge *knowledge;
    struct lore lore;

    start(&lore, clock_wall_ms(&clock_system), problems);
    read_file(&lore, products, care, true);
    read_folder(&lore, matrix, care);
    knowledge = end(&lore);
    /* As in config_load. */
    malloc_trim(0);
    return knowledge;
}

static void take_text(struct lore *lore, const struct source_text *text, bool products)
{
    struct config_place place;
    struct source source;
    struct err err;

    if (source_take(&source, text, knowledge_arena(lore), &lore->sums, &place, &err))
        read_source(lore, text->name, &source, products);
    else
        problem_add(lore->reader.problems, place, "%s", err.text);
    source_finish(&source);
}

struct knowledge *knowledge_take(const struct source_text *texts, size_t count, int64_t now_ms,
                                 struct config_problems *problems)
{
    struct lore lore;

    start(&lore, now_ms, problems);
    for (size_t i = 0; i < count; i++)
        take_text(&lore, &texts[i], i == 0);
    return end(&lore);
}

const struct matrix *knowledge_matrix(const struct knowledge *knowledge)
{
    return &knowledge->matrix;
}

const struct products *knowledge_products(const struct knowledge *knowledge)
{
    return &knowledge->products;
}

const struct knowledge_file *knowledge_files(const struct knowledge *knowledge, size_t *count)
{
    *count = knowledge->file_count;
    return knowledge->files;
}

size_t knowledge_bytes(const struct knowledge *knowledge)
{
    return sizeof *knowledge + knowledge->arena.reserved;
}
