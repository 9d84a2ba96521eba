/* The yard with products.conf and matrix/ in it, and what comes of loading them.
 *
 *     archive_load(ARCHIVE_EDITION "rows = ( ... );\n");       matrix/a.conf, beside the usual products.conf
 *     archive_loads();                                         no problem, and archive.knowledge is there
 *     yard_has_in("matrix/a.conf", 7, "no such key");          as after yard_load */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include "knowledge.h"
#include "yard.h"

struct archive {
    struct knowledge *knowledge;
    enum source_care care; /* SOURCE_TRUSTED at the start of each test */
};

extern struct archive archive;

/* Windows Server 2008 SP2, 2008 R2 SP1, 2012 and a Storage Server 2012 for server and hyperv-host; SQL Server 2012 for
 * sql; FreeBSD; mabs-v1 and mabs-v2, dpm-2016. */
extern const char archive_products[];

/* Six lines: an edition for mabs-v1 and mabs-v2, without rows and conditions. */
#define ARCHIVE_EDITION                                                                                                \
    "edition = \"seed\"; title = \"A page\"; page = \"https://docs.example/page\"; date = \"2018-08-17\";\n"           \
    "products = [ \"mabs-v2\", \"mabs-v1\" ];\n"                                                                       \
    "levels = \"exact\"; absence = \"unlisted\"; prose = \"encoded\";\n"                                               \
    "installation_of = (\n"                                                                                            \
    "  { workloads = [ \"server\", \"sql\" ]; where = \"workload\"; },\n"                                              \
    "  { workloads = [ \"hyperv-host\" ]; where = \"backup-server\"; } );\n"

/* cmocka's set-up and tear-down. */
int archive_open(void **state);
int archive_close(void **state);

/* The text as matrix/a.conf, the usual products.conf. */
void archive_load(const char *text);

/* The text as products.conf, no rows. */
void archive_load_products(const char *text);

/* What lies in the folder as it is. */
void archive_load_files(void);

/* Fails unless the last load went well. */
void archive_loads(void);

#endif
