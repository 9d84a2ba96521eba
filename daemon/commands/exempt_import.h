/* `muster exempt --import FILE`: a file that `muster exemptions --export` wrote, and somebody reviewed. */
#ifndef EXEMPT_IMPORT_H
#define EXEMPT_IMPORT_H

#include "commands.h"

#define EXEMPT_IMPORT_MAX ((size_t)900 << 10) /* bytes of the file: what the control socket takes at once */

/* One line of JSON an exemption; empty lines do no harm. The whole file is checked first; then the daemon makes all or
 * none. "-" is standard input. */
enum status exempt_import(const struct call *call, const char *path);

#endif
