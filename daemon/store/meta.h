/* Rows of the table meta: single values by name. Of the store alone. */
#ifndef META_H
#define META_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;

/* Nothing is written where it says that already. */
bool meta_write(struct sql *sql, const char *name, const char *value, struct err *err);
bool meta_write_number(struct sql *sql, const char *name, int64_t number, struct err *err);

/* 0 where there is none. */
bool meta_read_number(struct sql *sql, const char *name, int64_t *number, struct err *err);

bool meta_drop(struct sql *sql, const char *name, struct err *err);

#endif
