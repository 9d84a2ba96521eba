/* What the files of wsman share: a session, and one exchange of messages in it. */
#ifndef WSMAN_EXCHANGE_H
#define WSMAN_EXCHANGE_H

#include "wsman.h"
#include "wsman_limits.h"

struct wsman {
    struct wsman_settings settings;
    struct http_settings http_settings;
    struct str to;     /* the whole URL */
    struct str server; /* host:port */
    struct http *http;
    struct http_reply connection; /* of the last reply */

    /* The login. */
    struct negotiate *negotiate;
    struct str authorization; /* a secret: the header of every request, or of the handshake's next one */
    struct str offered;       /* the schemes of the last 401, as people read them */
    struct str token;         /* what came with Negotiate in the last reply, in base 64 */
    bool logged_in;
    bool proved; /* the login has been good for a call */

    struct wsman_limits limits;
    bool identified;
    struct str request, body;    /* the envelope that is asked with; the sealed reply */
    struct wsman_reader *reader; /* NULL: there was no reply */
    const char *registry;        /* the namespace in which StdRegProv was found; NULL: not yet */
    size_t requests;
    enum wsman_meaning meaning; /* of the last failure */
};

/* A call that can be written anew, as limits or the key stream change. */
struct wsman_call {
    const char *what; /* for people: "a query in root/cimv2" */
    void (*write)(const struct wsman_call *call, const struct wsman_header *header, uint32_t elements, struct str *out);
    const struct wsman_taker *taker;
    enum wsman_reply_kind expected; /* EMPTY: any will do */
    const char *space, *text;       /* text: WQL, or the context of an enumeration */
    const struct wsman_object *object;
    const struct wsman_method *method;
};

/* One call with its answer, which may be tried again as wsman.h says. The reply is never NULL: where the call failed,
 * it holds what there was of it. False: err, meaning and the reply's fault tell why. */
bool wsman_exchange(struct wsman *wsman, const struct wsman_call *call, const struct wsman_reply **reply,
                    struct err *err);

/* Sends an empty request with these headers, for the login; the answer's body does not count. */
bool wsman_knock(struct wsman *wsman, const char *authorization, struct err *err);

/* Sees to it that headers of replies are looked at; before the connection is made. */
void wsman_watch(struct wsman *wsman);

/* Forgets the security context: the next call logs in anew. */
void wsman_logout(struct wsman *wsman);

/* Wipes what the header of requests holds. */
void wsman_forget_authorization(struct wsman *wsman);

/* For a 401 after a login; always false. */
bool wsman_login_refused(struct wsman *wsman, struct err *err);

/* What an HTTP status that is neither 200, 401 nor 500 says; always false. */
bool wsman_status_error(const struct wsman *wsman, struct err *err);

#endif
