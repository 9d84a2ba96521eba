/* A fault of the vSphere API, or a reply that is none of its own, as what the scheduler acts on and people read. Pure.
 */
#ifndef VIM_ERROR_H
#define VIM_ERROR_H

#include "err.h"
#include "vim_read.h"

#include <stdbool.h>

/* Fills err from a fault: its type, the server's own words, what to do. lost: as vim_is_lost. Always false. */
bool vim_error_fault(struct err *err, const char *url, const char *method, const struct vim_fault *fault, bool *lost);

/* A session that a property's missingSet denies. Always false. */
bool vim_error_lost(struct err *err);

/* Puts the HTTP status in front of an error that came of reading the body, where that is neither 200 nor 500, and so
 * explains it: a proxy's or a web server's own page. Always false. */
bool vim_error_status(struct err *err, const char *url, int status);

#endif
