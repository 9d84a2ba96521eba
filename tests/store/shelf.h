/* A folder of a test's own, with the database DATABASE in it that is not there yet.
 *
 * Whatever fails in here fails the test. */
#ifndef SHELF_H
#define SHELF_H

#include "err.h"
#include "migration.h"
#include "store.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shelf {
    char folder[32];
    char path[96]; /* of the database */
    char beside[160];
    struct store *store; /* closed by shelf_close, where it is one */
    struct err err;
};

/* For cmocka: *state is the shelf. */
int shelf_open(void **state);
int shelf_close(void **state);

/* PATH and the ending; good until the next call. */
const char *shelf_beside(struct shelf *shelf, const char *ending);

/* Opens the store, which must succeed; or must be refused, with all these words in the sentence. */
struct sql *shelf_store(struct shelf *shelf);
void shelf_refuses(struct shelf *shelf, const char *const *words);
#define SHELF_REFUSES(shelf, ...) shelf_refuses(shelf, (const char *const[]){ __VA_ARGS__, NULL })
void shelf_leave(struct shelf *shelf); /* closes the store */

/* Runs statements on a connection of its own, to the file as it is. */
void shelf_run(struct shelf *shelf, const char *text);

/* The rows of a statement on a connection of its own: columns parted by '|', rows by blanks; NULL is "-". Good until
 * the next call. */
const char *shelf_rows(struct shelf *shelf, const char *text);
int64_t shelf_number(struct shelf *shelf, const char *text);

/* A hash of all that stands in all tables of the database. */
uint64_t shelf_digest(const char *path);

/* Fails the test where SQLite finds the database damaged, or a reference that leads nowhere. */
void shelf_assert_sound(const char *path);

void shelf_write_file(const char *path, const void *bytes, size_t size);
void shelf_read_file(const char *path, struct str *bytes);
bool shelf_has(const char *path);

#endif
