/* Backup servers' databases of the peer sqlpeer, scanned by the plugin without a host.
 *
 *     dpm_site_begin("{\"hosts\": [...]}");
 *     dpm_site_scan("mabs1", NULL);                                         must end well
 *     assert_string_equal(item_text(dpm_site_item("backup_server", "mabs1.corp.example"), "backup.version"), "...");
 *     dpm_site_end(); */
#ifndef DPM_SITE_H
#define DPM_SITE_H

#include "mock.h"
#include "peer_test.h"

extern struct dpm_site {
    struct peer *peer;
    struct mock *mock; /* of the last scan or doctor */
} dpm_site;

void dpm_site_begin(const char *fleet);
void dpm_site_end(void);

/* Makes a mock that leads to the first instance of the host; further options as name and value, NULL at their end. */
void dpm_site_aim(const char *host, ...) __attribute__((sentinel));
void dpm_site_scan(const char *host, ...) __attribute__((sentinel));

/* Fails the test where there is none. */
const struct item *dpm_site_item(const char *kind, const char *key);
const struct item *dpm_site_source(const char *name); /* a data source by its name */

/* Why it is unread; NULL: nothing says so. */
const char *dpm_site_unread(const struct item *item, const char *attribute);

int64_t dpm_site_count(const char *host, const char *what);

/* The warnings that hold this text. */
size_t dpm_site_warned(const char *words);

#endif
