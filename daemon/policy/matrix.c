#include "matrix.h"

#include "arena.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

/* The rows of one key, which stand behind one another in the index. */
struct key_slot {
    uint64_t hash;
    size_t first, count; /* of rows; count 0: the slot is free */
};

struct matrix_index {
    const struct entry_row **rows;
    struct key_slot *slots;
    size_t capacity; /* 0 or a power of two */
};

static uint64_t mix(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte >= 'A' && byte <= 'Z')
            byte = (unsigned char)(byte - 'A' + 'a');
        hash = (hash ^ byte) * UINT64_C(0x100000001b3);
    }
    return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

/* The files of the matrix are trusted, so a simple hash will do. */
static uint64_t key_hash(const char *product, const char *workload, const char *version, const char *installation)
{
    uint64_t hash = mix(mix(mix(mix(UINT64_C(0xcbf29ce484222325), product), workload), version), installation);

    return hash ^ hash >> 29;
}

static uint64_t row_hash(const struct entry_row *row)
{
    return key_hash(row->product, row->workload, row->version, row->installation);
}

static bool is_key(const struct entry_row *row, const char *product, const char *workload, const char *version,
                   const char *installation)
{
    return strcasecmp(row->version, version) == 0 && strcasecmp(row->installation, installation) == 0 &&
           strcasecmp(row->product, product) == 0 && strcasecmp(row->workload, workload) == 0;
}

/* The slot of a key, or the free one where it belongs. */
static struct key_slot *find_slot(const struct matrix_index *index, uint64_t hash, const char *product,
                                  const char *workload, const char *version, const char *installation)
{
    for (size_t at = hash & (index->capacity - 1);; at = (at + 1) & (index->capacity - 1)) {
        struct key_slot *slot = &index->slots[at];
        if (slot->count == 0 ||
            (slot->hash == hash && is_key(index->rows[slot->first], product, workload, version, installation)))
            return slot;
    }
}

const struct edition *matrix_edition(const struct matrix *matrix, const char *product)
{
    for (size_t i = 0; i < matrix->edition_count; i++) {
        for (size_t j = 0; j < matrix->editions[i].product_count; j++) {
            if (strcasecmp(matrix->editions[i].products[j], product) == 0)
                return &matrix->editions[i];
        }
    }
    return NULL;
}

size_t matrix_rows(const struct matrix *matrix, const char *product, const char *workload, const char *version,
                   const char *installation, const struct entry_row *const **rows)
{
    const struct matrix_index *index = matrix->index;
    const struct key_slot *slot;

    *rows = NULL;
    if (index == NULL || index->capacity == 0)
        return 0;
    slot =
        find_slot(index, key_hash(product, workload, version, installation), product, workload, version, installation);
    if (slot->count > 0)
        *rows = &index->rows[slot->first];
    return slot->count;
}

struct placed {
    const struct entry_row *row;
    uint64_t hash;
    size_t at;
};

static int compare_text(const char *one, const char *other, int before)
{
    return before != 0 ? before : strcasecmp(one, other);
}

/* Rows of one key stand together, in the order of their numbers, then of the files. */
static int compare_placed(const void *one, const void *other)
{
    const struct placed *a = one, *b = other;
    int order = (a->hash > b->hash) - (a->hash < b->hash);

    order = compare_text(a->row->version, b->row->version, order);
    order = compare_text(a->row->installation, b->row->installation, order);
    order = compare_text(a->row->product, b->row->product, order);
    order = compare_text(a->row->workload, b->row->workload, order);
    if (order != 0)
        return order;
    if (a->row->row != b->row->row)
        return a->row->row < b->row->row ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static size_t collect(const struct matrix *matrix, struct placed *placed)
{
    size_t count = 0;

    for (size_t i = 0; i < matrix->edition_count; i++) {
        for (size_t j = 0; j < matrix->editions[i].row_count; j++) {
            const struct entry_row *row = &matrix->editions[i].rows[j];
            if (placed != NULL)
                placed[count] = (struct placed){ .row = row, .hash = row_hash(row), .at = count };
            count++;
        }
    }
    return count;
}

static void put_row(struct matrix_index *index, size_t at, uint64_t hash)
{
    const struct entry_row *row = index->rows[at];
    struct key_slot *slot = find_slot(index, hash, row->product, row->workload, row->version, row->installation);

    if (slot->count == 0)
        *slot = (struct key_slot){ .hash = hash, .first = at };
    slot->count++;
}

void matrix_index_make(struct matrix *matrix, struct arena *arena)
{
    struct matrix_index *index = arena_alloc(arena, sizeof *index);
    size_t count = collect(matrix, NULL);
    struct placed *placed = mem_new(count + 1, sizeof *placed);

    collect(matrix, placed);
    qsort(placed, count, sizeof *placed, compare_placed);
    for (index->capacity = 8; index->capacity < count * 2; index->capacity *= 2)
        ;
    index->slots = arena_alloc(arena, index->capacity * sizeof *index->slots);
    index->rows = arena_alloc(arena, (count + 1) * sizeof *index->rows);
    for (size_t i = 0; i < count; i++) {
        index->rows[i] = placed[i].row;
        put_row(index, i, placed[i].hash);
    }
    free(placed);
    matrix->index = index;
}

static const char *const answers[] = { [ANSWER_NO] = "no", [ANSWER_YES] = "yes", [ANSWER_DEPRECATED] = "deprecated" };

const char *answer_word(enum answer answer)
{
    return answers[answer];
}

enum answer answer_find(const char *word)
{
    enum answer answer = ANSWER_DEPRECATED;

    while (answer != 0 && strcmp(answers[answer], word) != 0)
        answer--;
    return answer;
}

const char *reading_word(enum reading reading)
{
    return reading == READING_SERVER ? "backup-server" : "workload";
}
