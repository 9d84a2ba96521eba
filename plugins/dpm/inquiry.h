/* The XML in which DPMDB keeps what of a computer is protected (LogicalPath, an ArrayOfInquiryPathEntryType) and where
 * that is (PhysicalPath). No document of its makers has the schema: texts and attributes are taken that look like what
 * is wanted, wherever they stand. Pure. */
#ifndef INQUIRY_H
#define INQUIRY_H

#include "err.h"

#include <stdbool.h>

#define INQUIRY_MAX_PATH 1024 /* bytes; what is longer is no path */

typedef void inquiry_found(void *context, const char *text);

/* Each path in it: D:\..., or \\server\share. False: it is no such document (class protocol); what was found before
 * stands. */
bool inquiry_paths(const char *xml, inquiry_found *found, void *context, struct err *err);

/* What is called VMMIdentifier in it. */
bool inquiry_identifier(const char *xml, inquiry_found *found, void *context, struct err *err);

/* Whether a text is a path of a volume, or of a share. */
bool inquiry_is_path(const char *text);

#endif
