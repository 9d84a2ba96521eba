/* A vSphere API session with one vCenter Server or stand-alone ESXi host: the calls that muster makes, no others, each
 * a function. Blocking; every reply streams through vim_read.
 *
 * A call fails with the class that the scheduler acts on: denied for InvalidLogin and NoPermission, unreachable and
 * timeout as http says, protocol for everything else; the server's own words are kept. A session that is not there any
 * more (NotAuthenticated, or a view, a filter or a version that the server does not know) is told apart: vim_is_lost.
 */
#ifndef VIM_H
#define VIM_H

#include "arena.h"
#include "err.h"
#include "http.h"
#include "vim_read.h"
#include "vim_request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIM_MAX_PAGES 100000 /* of one retrieval or update: a server that never ends is cut off */
#define VIM_MAX_SESSION (HTTP_MAX_COOKIES + 4 * (VIM_MAX_REFERENCE + 1)) /* bytes of vim_session, with its NUL */

struct vim;

/* ServiceContent and AboutInfo (RetrieveServiceContent). Texts live as long as the struct vim; "" where the server has
 * none. */
struct vim_about {
    const char *full_name, *version, *build, *api_type, *api_version, *instance_uuid, *licence_product;
    const char *root, *collector, *views, *sessions, *authorisation, *licences, *custom_fields; /* morefs */
};

/* Connects at the first call. The settings must outlive it. */
struct vim *vim_create(const struct http_settings *settings, struct err *err);
void vim_destroy(struct vim *vim); /* says nothing to the server */

/* Needs no session. */
const struct vim_about *vim_about(struct vim *vim, struct err *err);

/* What the last reply told of the connection; NULL before there was one. */
const struct http_reply *vim_connection(const struct vim *vim);

/* Whose the server's certificate is, as http_certificate adds it. */
void vim_certificate(const struct vim *vim, struct str *out);

/* How many HTTP requests were made. */
size_t vim_requests(const struct vim *vim);

bool vim_login(struct vim *vim, const char *name, const char *password, struct err *err);
bool vim_logout(struct vim *vim, struct err *err); /* whatever comes of it, the session is forgotten here */

/* The session's key and its account as the server writes it; "" where nobody is logged in. */
const char *vim_key(const struct vim *vim);
const char *vim_user(const struct vim *vim);

/* Whether the last call failed because the session or what it held is lost: log in anew and begin again. */
bool vim_is_lost(const struct vim *vim);

/* One ContainerView from the root over objects of these types, recursively. The moref lives as long as the struct vim.
 */
const char *vim_create_view(struct vim *vim, const char *const *types, size_t count, struct err *err);
bool vim_destroy_view(struct vim *vim, const char *view, struct err *err);

/* How objects are read. */
struct vim_reading {
    unsigned page;                                    /* objects of one reply; 0: let the server choose */
    bool (*keep)(const char *name, const char *type); /* as vim_reader_create takes it */
    struct vim_taker taker;
};

/* All objects, page after page whatever the page size of the server. A taker that ends it leaves nothing open on the
 * server (CancelRetrievePropertiesEx). */
bool vim_retrieve(struct vim *vim, const struct vim_wanted *wanted, size_t count, const struct vim_source *source,
                  const struct vim_reading *reading, struct err *err);

/* A filter of the session's property collector. The moref lives as long as the struct vim. */
const char *vim_create_filter(struct vim *vim, const struct vim_wanted *wanted, size_t count,
                              const struct vim_source *source, struct err *err);

/* What changed since the version, "" for everything, without waiting; truncated sets are followed. The version that it
 * came to stands in *next: the same one where nothing has changed. *next lives until the next call. */
bool vim_updates(struct vim *vim, const char *version, const struct vim_reading *reading, const char **next,
                 struct err *err);

/* Any other call: the method of an object. */
struct vim_call {
    const char *method, *type, *moref;
    const struct str *arguments; /* already written (vim_request_text ...); NULL: none */
    bool (*keep)(const char *name, const char *type);
};

/* reply lives until the next call. */
bool vim_call(struct vim *vim, const struct vim_call *call, const struct vim_reply **reply, struct err *err);

/* The session as a text for vim_resume, at most VIM_MAX_SESSION bytes with the NUL: a secret. False: it is longer. A
 * session that is taken up needs no RetrieveServiceContent for vim_updates. False: it is no such text. */
bool vim_session(struct vim *vim, char *buffer, size_t size);
bool vim_resume(struct vim *vim, const char *session);

#endif
