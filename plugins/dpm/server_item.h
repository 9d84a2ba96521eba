/* The backup server, as its own database shows it. Pure. */
#ifndef SERVER_ITEM_H
#define SERVER_ITEM_H

#include "err.h"
#include "holdings.h"
#include "item.h"

#include <stdbool.h>

/* Its full name in lower case: the option's where there is one, else that of the replicas' storage node, with the
 * domain of a computer that is called so, or of the target's host. NULL: it can not be told (class config: give
 * "server"). *other: a node that says otherwise than the option; NULL: none does. */
const char *server_name(struct holdings *holdings, const char *option, const char *host, const char **other,
                        struct err *err);

/* instance: as SQL Server calls itself; database: DPMDB's name. The item's memory is the holdings'. */
void server_item(struct item *item, struct holdings *holdings, const char *name, const char *instance,
                 const char *database);

#endif
