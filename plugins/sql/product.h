/* What an instance says of itself: version, edition, where it runs, and its domain. */
#ifndef PRODUCT_H
#define PRODUCT_H

#include "sql_section.h"

/* Version, edition, names, whether it is clustered. */
extern const struct section product_section;

/* Whether its computer is in a domain. */
extern const struct section product_domain;

/* The failover cluster that its availability groups need. */
extern const struct section product_cluster;

#endif
