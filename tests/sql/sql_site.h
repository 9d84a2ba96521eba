/* Computers of sqlpeer, scanned by the plugin without a host, one after the other. Their names lead to their addresses
 * in this process alone.
 *
 *     sql_site_begin("{\"hosts\": [{\"name\": \"sql1\", \"address\": \"@.11\", ...}]}");
 *     sql_site_scan("sql1");
 *     assert_string_equal(item_text(sql_site_item("sql_instance", "sql1.corp.example\\ERP"), "sql.level"), "SP1");
 *     sql_site_end(); */
#ifndef SQL_SITE_H
#define SQL_SITE_H

#include "mock.h"
#include "peer_test.h"

#include <stdbool.h>

extern struct sql_site {
    struct peer *peer;
    struct mock *mock; /* of the last scan or doctor */
} sql_site;

/* "@" in the fleet stands for a part of 127/8 that is this process's own. Each name is that of a computer in
 * corp.example; write names: [full name] so that its certificate has it. */
void sql_site_begin(const char *fleet);

/* The two halves of that: a network of this process's own, where the system allows one (a KDC is to be started in it),
 * and the fleet with an option of sqlpeer (NULL: none). */
void sql_site_part(void);
void sql_site_begin_with(const char *fleet, const char *option, const char *value);

void sql_site_end(void);

/* Makes a mock that leads to the computer; options as name and value, NULL at their end, in place of the usual ones; a
 * value "" leaves one out. A name without dots is that in corp.example. */
void sql_site_aim(const char *host, ...) __attribute__((sentinel));

/* The scan must end well. */
void sql_site_scan(const char *host);

/* Fails the test where there is none. */
const struct item *sql_site_item(const char *kind, const char *key);

/* The list as one text, a bar between; NULL: it has none. Lives until the next call. */
const char *sql_site_list(const struct item *item, const char *attribute);

/* 1 true, 0 false, -1 it has none. */
int sql_site_truth(const struct item *item, const char *attribute);

/* Why an attribute is unread; NULL: nothing says so. */
const char *sql_site_unread(const struct item *item, const char *attribute);

/* What the peer counted of a host, or of HOST/INSTANCE. */
int64_t sql_site_count(const char *host, const char *what);

/* Whether a warning has these words. */
bool sql_site_warned(const char *words);

/* Fails the test where the text has no such part. */
void sql_site_says(const char *text, const char *part);

#endif
