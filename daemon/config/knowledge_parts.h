/* The parts of knowledge.c, for them alone. What stays is put into the knowledge's arena, texts and equal lists once;
 * what is needed only while reading goes into the scratch arena, which is the reader's. */
#ifndef KNOWLEDGE_PARTS_H
#define KNOWLEDGE_PARTS_H

#include "intern.h"
#include "knowledge.h"
#include "reader.h"
#include "setting.h"
#include "vec.h"

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A list of names and where it stands. */
struct names {
    const char *const *items;
    size_t count;
    struct config_place place;
};

struct condition_draft {
    struct condition condition;
    const char *effect, *missing, *step, *of; /* words; NULL: not given */
    struct config_place place;
};

struct answer_draft {
    const char *product, *word;
    enum answer answer; /* 0: it could not be read */
    struct names conditions;
    struct config_place place;
};

/* An element of `rows` as it is written. */
struct row_draft {
    size_t row;
    const char *workload, *note;
    struct names versions, installations, conditions, protects, recovers;
    struct answer_draft *answers;
    size_t answer_count;
    struct config_place place;
};

/* A file of matrix/. */
struct sheet {
    struct edition edition; /* name NULL: it holds none */
    struct names products;
    const char *levels, *absence, *prose; /* words */
    vec(struct condition_draft) conditions;
    vec(struct row_draft) rows;
    struct config_place place; /* of `edition` */
    bool local;                /* it says what the organisation says, and has no conditions */
    size_t file;               /* in lore.files */
};

/* A version or product that a test names: known only when all of products.conf is read. */
struct mention {
    bool product;
    const char *name;
    struct config_place place;
};

struct lore {
    struct reader reader; /* first: lore_of */
    struct knowledge *knowledge;
    struct arena scratch;
    struct intern texts, lists;
    int64_t now_ms;
    size_t before;      /* problems that there were */
    bool products_read; /* without a mistake, so that names can be checked against them */
    bool torn;          /* a file that others may name conditions of is not whole: nothing is missed then */
    vec(struct product) products;
    vec(struct family) families;
    vec(struct sheet) sheets;
    vec(struct ruling) rulings;
    vec(struct attestation) attestations;
    vec(struct mention) mentions;
    vec(struct knowledge_file) files;
    struct source_sums sums; /* of all that was read */
    struct sheet *sheet;     /* that is being read */
    struct family *family;   /* the same */
    const char *dated;       /* `date` of products.conf, or NULL */
    struct map first;        /* names of products.conf, to what has them first */
    size_t far_searches;
};

/* Of a reader that reads knowledge. */
static inline struct lore *lore_of(struct reader *reader)
{
    return (struct lore *)(void *)reader;
}

struct knowledge {
    struct arena arena;
    struct products products;
    struct matrix matrix;
    const struct knowledge_file *files;
    size_t file_count;
};

/* The SHA-256 of a file that was read, kept; NULL: it was not. */
const char *knowledge_sha256(struct lore *lore, const char *name);

/* Of what stays. */
struct arena *knowledge_arena(struct lore *lore);

/* Roots of the two kinds of files: read into the lore, into a sheet. */
extern const struct group knowledge_products_root, knowledge_matrix_root;

/* What follows the reading of the one and of the other, as reader_read calls it. */
void knowledge_end_products(struct reader *reader, const config_setting_t *root, void *to);
void knowledge_end_sheet(struct reader *reader, const config_setting_t *root, void *to);

/* What follows the reading of everything: editions, rows, rulings and attestations of the matrix. */
void knowledge_cross(struct lore *lore);

/* A test, which must be a group; the place is of a const struct test *. */
setting_reader knowledge_test;
#define KNOWLEDGE_TEST_EXAMPLE "{ fact = \"os.build\"; at_least = \"...\"; };"

/* Where in the tree a test stands. */
struct walk {
    struct lore *lore;
    int depth;
    bool server; /* about the backup server, which has three facts that no item has */
};

/* The test of a fact, whose name stands in the setting, read into a test that has its type; and the words that may
 * stand beside it, NULL at the end. */
void knowledge_fact(const struct walk *walk, const config_setting_t *setting, struct test *test);
extern const char *const knowledge_comparisons[];

/* As setting_names and setting_words, with their place: into a struct names. */
setting_reader knowledge_names, knowledge_words;

/* As setting_name, of what must be a day. */
setting_reader knowledge_date;

/* Elements of lists. */
extern const struct group knowledge_condition, knowledge_ruling, knowledge_attestation;
void knowledge_add_condition(struct reader *reader, const config_setting_t *setting);
void knowledge_add_ruling(struct reader *reader, const config_setting_t *setting);
void knowledge_add_attestation(struct reader *reader, const config_setting_t *setting);

/* The words yes, no, deprecated for setting_word, and what they mean. */
extern const char *const knowledge_answers[];
enum answer knowledge_answer(const char *word);

/* A copy in the knowledge's arena; NULL where size is 0. */
void *knowledge_kept(struct lore *lore, const void *bytes, size_t size);

/* Of words with a NULL at the end: how many, and whether one is among them. */
size_t knowledge_count(const char *const *words);
bool knowledge_is_among(const char *const *words, const char *word);

/* The place of a word among others, which it must be of. */
size_t knowledge_index(const char *const *words, const char *word);

/* Whether products.conf has it; if not, a problem says so, with the nearest that it has. True where products.conf
 * has a mistake, too: one there must not be told as hundreds in the editions. A version is that of a workload, or of
 * any where that is NULL; it becomes what products.conf calls it, letter by letter. */
bool knowledge_has_product(struct lore *lore, struct config_place place, const char *key, const char *name);
bool knowledge_has_version(struct lore *lore, struct config_place place, const char *key, const char *workload,
                           const char **name);

/* A name that names nothing: "KEY: there is no WHAT "NAME"WHERE". */
struct unknown {
    struct config_place place;
    const char *key, *what, *name, *where; /* where begins with a blank, or is "" */
};

/* A problem with the nearest of those that there are, if there are any. */
void knowledge_unknown(struct lore *lore, const struct unknown *unknown, const char *const *known, size_t count);

/* Whether so many names may be searched for a near one: knowledge that is wrong a thousand times must not take minutes.
 * Asked before they are gathered. */
bool knowledge_may_search(struct lore *lore, size_t count);

#endif
