/* Requests of the vSphere API as SOAP 1.1 envelopes. Pure: texts in, bytes out, everything escaped. Names of elements
 * are the program's own. Texts are escaped as xml_write.h says.
 *
 *     struct str body = STR_EMPTY;
 *     vim_request_open(&body, "Login", "SessionManager", session_manager);
 *     vim_request_text(&body, "userName", name);
 *     vim_request_close(&body, "Login");
 *
 * The bodies may hold a password: wipe what they stood in (explicit_bzero) before it is given back. */
#ifndef VIM_REQUEST_H
#define VIM_REQUEST_H

#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void vim_request_open(struct str *out, const char *method, const char *type, const char *moref);
void vim_request_text(struct str *out, const char *name, const char *text);
void vim_request_int(struct str *out, const char *name, int64_t number);
void vim_request_reference(struct str *out, const char *name, const char *type, const char *moref);
void vim_request_close(struct str *out, const char *method);

/* Which properties of which type are wanted. */
struct vim_wanted {
    const char *type;
    const char *const *paths;
    size_t count;
};

/* Where the objects come from: all of a view (ContainerView, traversed by "view"), or those that are listed. */
struct vim_source {
    const char *view;          /* its moref; NULL: the objects below */
    const char *type;          /* of the objects below */
    const char *const *morefs; /* one that is not there any more is left out of the result */
    size_t count;
};

/* The PropertyFilterSpec of RetrievePropertiesEx (name "specSet") and CreateFilter ("spec"). */
void vim_request_spec(struct str *out, const char *name, const struct vim_wanted *wanted, size_t count,
                      const struct vim_source *source);

#endif
