/* Views, and what the property collector tells of their objects. */
#include "vim_ahead.h"
#include "vim_exchange.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------------------------------------------- a view ---- */

const char *vim_create_view(struct vim *vim, const char *const *types, size_t count, struct err *err)
{
    const struct vim_reply *reply;
    struct str *body;

    if (vim_about(vim, err) == NULL)
        return NULL;
    body = vim_begin(vim, "CreateContainerView", "ViewManager", vim->about.views);
    vim_request_reference(body, "container", "Folder", vim->about.root);
    for (size_t i = 0; i < count; i++)
        vim_request_text(body, "type", types[i]);
    vim_request_text(body, "recursive", "true");
    return vim_exchange(vim, NULL, NULL, &reply, err) ? vim_keep_reference(vim, reply, err) : NULL;
}

bool vim_destroy_view(struct vim *vim, const char *view, struct err *err)
{
    const struct vim_reply *reply;

    vim_begin(vim, "DestroyView", "ContainerView", view);
    return vim_exchange(vim, NULL, NULL, &reply, err);
}

/* ------------------------------------------------------------------------------------------------- retrieval ---- */

static void begin_retrieval(struct vim *vim, const struct vim_wanted *wanted, size_t count,
                            const struct vim_source *source, unsigned page)
{
    struct str *body = vim_begin(vim, "RetrievePropertiesEx", "PropertyCollector", vim->collector);

    vim_request_spec(body, "specSet", wanted, count, source);
    str_add(body, "<options>");
    if (page > 0)
        vim_request_int(body, "maxObjects", page);
    str_add(body, "</options>");
}

static void add_token(struct str *out, const char *token, unsigned page)
{
    (void)page;
    vim_request_text(out, "token", token);
}

/* The token that was given last, and not been asked for; NULL: none. */
static const char *latest(struct vim_ahead *ahead, const struct vim_reply *reply)
{
    const char *token = vim_ahead_stop(ahead);

    return token != NULL ? token : reply->token;
}

static bool no_answer(const struct err *err)
{
    return err->class == ERR_UNREACHABLE || err->class == ERR_TIMEOUT;
}

/* The pages that were not asked for would stay in the server's memory until the session ends. */
static void give_up(struct vim *vim, const char *token, const struct err *err)
{
    const struct vim_reply *reply;

    if (token == NULL || vim->lost || no_answer(err))
        return;
    add_token(vim_begin(vim, "CancelRetrievePropertiesEx", "PropertyCollector", vim->collector), token, 0);
    vim_exchange(vim, NULL, NULL, &reply, NULL);
    vim->lost = false;
}

/* Goes on until there is no token. */
static bool read_pages(struct vim_ahead *ahead, const struct vim_reply **reply, const char *url, struct err *err)
{
    for (size_t pages = 1; (*reply)->token != NULL; pages++) {
        if (pages == VIM_MAX_PAGES)
            return err_set(err, ERR_PROTOCOL, "%s: more than %d pages of objects", url, VIM_MAX_PAGES);
        if (!vim_ahead_exchange(ahead, (*reply)->token, reply, err))
            return false;
    }
    return true;
}

bool vim_retrieve(struct vim *vim, const struct vim_wanted *wanted, size_t count, const struct vim_source *source,
                  const struct vim_reading *reading, struct err *err)
{
    static const struct vim_series pages = { "ContinueRetrievePropertiesEx", add_token };
    struct vim_ahead *ahead;
    const struct vim_reply *reply;
    struct err own;
    bool good;

    err = err == NULL ? &own : err;
    if (!vim_find_collector(vim, err))
        return false;
    begin_retrieval(vim, wanted, count, source, reading->page);
    ahead = vim_ahead_create(vim, &pages, reading);
    good = vim_exchange(vim, &reading->taker, reading->keep, &reply, err) &&
           read_pages(ahead, &reply, vim->settings->url, err);
    if (!good)
        give_up(vim, latest(ahead, reply), err);
    vim_ahead_destroy(ahead);
    return good;
}

/* --------------------------------------------------------------------------------------------------- updates ---- */

const char *vim_create_filter(struct vim *vim, const struct vim_wanted *wanted, size_t count,
                              const struct vim_source *source, struct err *err)
{
    const struct vim_reply *reply;
    struct str *body;

    if (!vim_find_collector(vim, err))
        return NULL;
    body = vim_begin(vim, "CreateFilter", "PropertyCollector", vim->collector);
    vim_request_spec(body, "spec", wanted, count, source);
    vim_request_text(body, "partialUpdates", "false");
    return vim_exchange(vim, NULL, NULL, &reply, err) ? vim_keep_reference(vim, reply, err) : NULL;
}

static void add_wait(struct str *out, const char *version, unsigned page)
{
    vim_request_text(out, "version", version);
    str_add(out, "<options>");
    vim_request_int(out, "maxWaitSeconds", 0);
    if (page > 0)
        vim_request_int(out, "maxObjectUpdates", page);
    str_add(out, "</options>");
}

/* A filter whose view is not there any more tells of nothing for ever. */
static bool has_view(struct vim *vim, const struct vim_reply *reply, struct err *err)
{
    if (reply->absent == NULL)
        return true;
    vim->lost = true;
    return err_set(err, ERR_UNREACHABLE, "%s knows the view of the session no more (%.100s)", vim->settings->url,
                   reply->absent);
}

static bool has_more(const struct vim *vim, const struct vim_reply *reply, struct err *err)
{
    return reply->version != NULL ||
           err_set(err, ERR_PROTOCOL, "%s said that there is more, and then told of nothing", vim->settings->url);
}

/* What a reply that came tells of it: true where there is more. */
static bool note_version(struct vim *vim, const struct vim_reply *reply)
{
    if (reply->version != NULL)
        snprintf(vim->version, sizeof vim->version, "%s", reply->version);
    return reply->version != NULL && reply->truncated;
}

static bool read_updates(struct vim *vim, struct vim_ahead *ahead, const struct vim_series *series,
                         const struct vim_reading *reading, struct err *err)
{
    const struct vim_reply *reply;
    bool good;

    add_wait(vim_begin(vim, series->method, "PropertyCollector", vim->collector), vim->version, reading->page);
    good = vim_exchange(vim, &reading->taker, reading->keep, &reply, err) && has_view(vim, reply, err);
    for (size_t sets = 1; good && note_version(vim, reply); sets++) {
        if (sets == VIM_MAX_PAGES)
            return err_set(err, ERR_PROTOCOL, "%s: more than %d sets of updates", vim->settings->url, VIM_MAX_PAGES);
        good = vim_ahead_exchange(ahead, vim->version, &reply, err) && has_view(vim, reply, err) &&
               has_more(vim, reply, err);
    }
    return good;
}

bool vim_updates(struct vim *vim, const char *version, const struct vim_reading *reading, const char **next,
                 struct err *err)
{
    static const struct vim_series sets = { "WaitForUpdatesEx", add_wait };
    struct vim_ahead *ahead;
    struct err own;
    bool good;

    err = err == NULL ? &own : err;
    if (!vim_find_collector(vim, err))
        return false;
    *next = vim->version;
    if (version != vim->version)
        snprintf(vim->version, sizeof vim->version, "%s", version);
    ahead = vim_ahead_create(vim, &sets, reading);
    good = read_updates(vim, ahead, &sets, reading, err);
    vim_ahead_destroy(ahead);
    return good;
}
