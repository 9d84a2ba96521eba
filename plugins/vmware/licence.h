/* Which edition each host and the vCenter Server is licensed for: LicenseAssignmentManager.QueryAssignedLicenses of a
 * vCenter Server, LicenseManager.licenses of a stand-alone host. The licence keys themselves are read over, and never
 * kept. Needs Global.Licenses; without it the editions are unread, with the reason. */
#ifndef LICENCE_H
#define LICENCE_H

#include "err.h"
#include "vim.h"

struct licences;

struct licence {
    const char *edition; /* editionKey, such as esxEnterprisePlus or esxBasic */
    const char *name;    /* in words */
};

/* Never NULL, and never fails the scan: what could not be read has its reason in licences_why. */
struct licences *licences_read(struct vim *vim);
void licences_destroy(struct licences *licences);

/* Of a host's moref, or of the vCenter Server by its instance UUID; NULL: not assigned, or not read. */
const struct licence *licences_find(const struct licences *licences, const char *entity);

/* Why nothing could be read; NULL where it could. */
const char *licences_why(const struct licences *licences);

#endif
