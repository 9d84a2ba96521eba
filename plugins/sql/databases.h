/* Databases of an instance. */
#ifndef DATABASES_H
#define DATABASES_H

#include "sql_instance.h"
#include "sql_section.h"

#include <stdbool.h>

extern const struct section databases_section;

/* Whether there are any, or would be: what hangs on them is worth asking for. */
bool databases_any(const struct instance *instance);

/* Sends a record of each, with what the other sections found of it. */
void databases_emit(struct instance *instance);

/* Makes one such record in the instance's scratch arena. */
void databases_record(struct instance *instance, const struct database *database, struct item *item);

#endif
