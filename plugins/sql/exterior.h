/* What an instance tells without a login: its place, its build and what it asks for before one. */
#ifndef EXTERIOR_H
#define EXTERIOR_H

#include "sql_instance.h"
#include "sql_scout.h"

/* What SQL Server Browser and PRELOGIN said; its version is the best that is known until a login tells more. */
void exterior_record(struct instance *instance, const struct sql_scout_instance *found);

/* The TLS version that it agreed to; one before 1.2 is warned of. */
void exterior_tls(struct instance *instance, const char *version);

#endif
