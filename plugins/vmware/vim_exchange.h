/* One call to the server and its reply: what vim.c, vim_session.c, vim_collect.c and vim_ahead.c share, and nobody else
 * sees. */
#ifndef VIM_EXCHANGE_H
#define VIM_EXCHANGE_H

#include "vim.h"

struct vim {
    const struct http_settings *settings;
    struct http *http;
    struct http_reply connection; /* of the last reply */
    size_t requests;
    bool lost;
    const char *method; /* of the request in body */
    struct str body;
    struct vim_reader *reader; /* of the last reply */
    const struct vim_taker *taker;
    struct arena texts; /* of the session: a secret */
    struct vim_about about;
    bool about_known;
    const char *collector;   /* "" where it is not known yet */
    const char *key, *user;  /* of the session */
    const char *api_version; /* that is asked for */
    char version[VIM_MAX_REFERENCE + 1];
};

/* Begins a request; its arguments are written to what is returned. */
struct str *vim_begin(struct vim *vim, const char *method, const char *type, const char *moref);

/* Sends it, and reads the reply: true where it is no fault. reply lives until the next one. */
bool vim_exchange(struct vim *vim, const struct vim_taker *taker, bool (*keep)(const char *name, const char *type),
                  const struct vim_reply **reply, struct err *err);

/* What vim_exchange is made of, for replies that another thread receives (vim_ahead.h).
 *
 * vim_expect gets ready to read one, as vim_exchange takes it, and vim_conclude says what it was: came is whether all
 * of it did. In between, vim->reader is fed. vim_send makes a request of a body that is complete; it touches nothing of
 * the struct vim that may change but its connection. vim_of_reply says of an error whose reply it was that could not be
 * read, or not taken; always false. */
void vim_expect(struct vim *vim, const struct vim_taker *taker, bool (*keep)(const char *name, const char *type));
bool vim_conclude(struct vim *vim, bool came, const struct vim_reply **reply, struct err *err);
bool vim_send(const struct vim *vim, const struct str *body, const struct http_sink *sink, struct http_reply *reply,
              struct err *err);
bool vim_of_reply(const struct vim *vim, struct err *err);

/* Finds out the property collector, where the session was not taken up with it. */
bool vim_find_collector(struct vim *vim, struct err *err);

/* The text of the reply's result as one that lives as long as the struct vim; NULL, with err, where it is none. */
const char *vim_keep_reference(struct vim *vim, const struct vim_reply *reply, struct err *err);

#endif
