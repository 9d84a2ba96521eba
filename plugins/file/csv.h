/* Comma-separated values, read strictly and in bounded memory: RFC 4180 with its quotes, doubled quotes and newlines
 * within quotes. Lines end in CRLF or LF; a byte order mark is skipped; text in UTF-16 that has one is turned into
 * UTF-8. The separator (comma, semicolon or TAB) is the one that the header holds most of.
 *
 *     struct csv *csv = csv_create(stream);
 *     enum csv_result result = csv_read_header(csv, &err) ? CSV_RECORD : CSV_END;
 *     while (result != CSV_END && (result = csv_read(csv, &err)) != CSV_END)
 *         if (result == CSV_RECORD)
 *             puts(csv_cell(csv, 0));
 *     csv_destroy(csv);
 *
 * A bad record costs itself only: reading goes on with the next line. Sentences name the line. */
#ifndef CSV_H
#define CSV_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    CSV_MAX_COLUMNS = 512,
    CSV_MAX_CELL = 65536,      /* bytes of one cell */
    CSV_MAX_RECORD = 1 << 20,  /* bytes of one record, the header too */
    CSV_MAX_RECORDS = 2000000, /* records of one file, good and bad */
};

enum csv_result {
    CSV_RECORD, /* its cells are there until the next call */
    CSV_BAD,    /* the record is unusable, err says why; go on */
    CSV_BROKEN, /* nothing more can be read, err says why: a limit, or the system; then always CSV_END */
    CSV_END,
};

struct csv;

/* The stream stays the caller's; it need not be able to seek. */
struct csv *csv_create(FILE *stream);
void csv_destroy(struct csv *csv);

/* Reads the first record as the names of the columns; must come first. */
bool csv_read_header(struct csv *csv, struct err *err);

size_t csv_column_count(const struct csv *csv);
const char *csv_column_name(const struct csv *csv, size_t column);
char csv_separator(const struct csv *csv);

/* The next record that is not an empty line. It has as many cells as the header, else it is bad. */
enum csv_result csv_read(struct csv *csv, struct err *err);

/* The line on which the record starts, counted from 1. */
size_t csv_line(const struct csv *csv);

/* A cell of the record, without its quotes; never NULL. */
const char *csv_cell(const struct csv *csv, size_t column);

#endif
