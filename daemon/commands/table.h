/* What a command shows, described once and written in three ways: a table for people, JSON, CSV.
 *
 *     static const struct column columns[] = { { "NAME", "name", CELL_TEXT }, { "SEEN", "seen", CELL_AGE }, { NULL } };
 *     struct document document;
 *     document_init(&document, "assets");
 *     struct table *table = document_table(&document, "assets", columns);
 *     table_add(table, (struct cell[]){ cell_text("vc01"), cell_age(seen_at) });
 *     bool good = document_print(&document, &style, &err);
 *     document_finish(&document);
 *
 * People see no column that is empty in all rows, and no row of a single table whose cell is. On a terminal that is too
 * narrow, texts are cut, but sentences are not: they stand on lines of their own beneath their row; and before texts
 * become too short to be read, the columns go that a table can spare. All text is taken
 * as hostile: escaped for a terminal, for JSON, or for a spreadsheet. Texts and lists given to cells are borrowed until
 * document_print. */
#ifndef TABLE_H
#define TABLE_H

#include "arena.h"
#include "control.h"
#include "err.h"
#include "str.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV }; /* in the order of --format's words */

struct style {
    enum format format;
    bool color;
    size_t columns; /* to fit into; 0: nothing is shortened (a pipe) */
    int64_t now;    /* wall time, for ages */
    FILE *out;
};

enum cell_type {
    CELL_NONE,   /* not known: "-", null, nothing */
    CELL_TEXT,   /* "" is shown as "-" in tables */
    CELL_NUMBER, /* on the right */
    CELL_TRUTH,  /* yes or no; true or false in JSON and CSV */
    CELL_TIME,   /* RFC 3339; wall milliseconds, 0 is "not known" */
    CELL_AGE,    /* the same, shown to people as "3m ago", "in 2h" */
    CELL_DUE,    /* the same, of what is to come: once it is past it is shown as "now" */
    CELL_SPAN,   /* milliseconds: shown to people as "3h 20m", a number of seconds else */
    CELL_LIST,   /* texts: "a, b"; an array in JSON, "a; b" in CSV */
    CELL_PROSE,  /* of a column: sentences. Its cells are texts */
    CELL_JSON,   /* JSON that was checked before; for JSON and CSV only */
};

/* How it looks on a terminal with colours. */
enum tone { TONE_PLAIN, TONE_GOOD, TONE_WARN, TONE_BAD, TONE_DIM };

/* Which word has which tone; a list of them ends with one that has no word. */
struct tone_of {
    const char *word;
    enum tone tone;
};

struct cell_list {
    const char *const *texts;
    size_t count;
    bool numbers; /* the texts are numbers, and are such in JSON */
};

struct cell {
    uint8_t type; /* enum cell_type */
    uint8_t tone; /* enum tone */
    union {
        const char *text;
        int64_t number;
        const struct cell_list *list;
    };
};

struct cell cell_text(const char *text); /* NULL: not known */
struct cell cell_number(int64_t number);
struct cell cell_truth(bool truth);
struct cell cell_time(int64_t wall_ms);
struct cell cell_age(int64_t wall_ms);
struct cell cell_due(int64_t wall_ms);
struct cell cell_list(const struct cell_list *list);
struct cell cell_json(const char *json);
struct cell cell_toned(struct cell cell, enum tone tone);

/* The tone of a word; fallback where it is none of these. */
enum tone tone_find(const struct tone_of *tones, const char *word, enum tone fallback);

/* Columns end with one that has no name. */
struct column {
    const char *title;   /* for people; NULL: they do not see it */
    const char *name;    /* of the JSON member, of the CSV column, and of a record's field */
    enum cell_type type; /* what a record's field, which is text, is taken for */
    bool hidden;         /* not in JSON and CSV */
};

struct table {
    const char *name; /* of the member in the JSON document */
    const char *caption, *empty;
    const struct column *columns;
    size_t column_count;
    bool single;    /* one row, shown as a list of its cells; an object in JSON (null where there is no row) */
    size_t at_most; /* rows that people see; 0: all */
    const char *const *spare; /* titles of columns that a narrow terminal does without, the first one first, then NULL.
                                 NULL: there are none */
    vec(struct cell) cells;
};

#define DOCUMENT_MAX_TABLES 12

/* Not to be copied once it has tables: they are handed out by address. */
struct document {
    const char *main; /* the table that is the whole of CSV; NULL: the first one. May be set later */
    struct arena arena;
    struct table tables[DOCUMENT_MAX_TABLES];
    size_t count;
};

/* main: the name of the main table, or NULL. Where it stays the only one, JSON is one array of its rows, else an object
 * with a member for each table. */
void document_init(struct document *document, const char *main);
void document_finish(struct document *document);

/* A further table. caption stands above it and empty in its place where it has no rows; both may be set afterwards, and
 * are for people only. */
struct table *document_table(struct document *document, const char *name, const struct column *columns);

/* Adds a row: one cell for each column. */
void table_add(struct table *table, const struct cell *cells);

/* Adds a row out of a record of the control socket, whose texts are copied. A field that is missing, or is not of its
 * column's type, is not known. Columns of which the record has nothing stay empty; fields without a column are left
 * out. */
void table_add_record(struct document *document, struct table *table, const struct control_record *record);

size_t table_rows(const struct table *table);
struct cell *table_cell(struct table *table, size_t row, const char *name);

/* Writes it all. False where the output takes no more. */
bool document_print(const struct document *document, const struct style *style, struct err *err);

/* One cell for people, as it stands in a table. */
void cell_show(struct str *out, const struct cell *cell, int64_t now);

/* The escape sequences around a tone; "" where the style has no colour. */
const char *style_begin(const struct style *style, enum tone tone);
const char *style_end(const struct style *style, enum tone tone);

#endif
