/* Views, and what the property collector tells of their objects. */
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

/* Asks for the next page, or tells that nobody will. token is the last reply's. */
static void begin_with_token(struct vim *vim, const char *method, const char *token)
{
    vim_request_text(vim_begin(vim, method, "PropertyCollector", vim->collector), "token", token);
}

static bool no_answer(const struct err *err)
{
    return err->class == ERR_UNREACHABLE || err->class == ERR_TIMEOUT;
}

/* The pages that were not asked for would stay in the server's memory until the session ends. */
static void give_up(struct vim *vim, const char *token, const struct err *err)
{
    char copy[VIM_MAX_REFERENCE + 1];
    const struct vim_reply *reply;

    if (vim->lost || no_answer(err))
        return;
    snprintf(copy, sizeof copy, "%s", token);
    begin_with_token(vim, "CancelRetrievePropertiesEx", copy);
    vim_exchange(vim, NULL, NULL, &reply, NULL);
    vim->lost = false;
}

bool vim_retrieve(struct vim *vim, const struct vim_wanted *wanted, size_t count, const struct vim_source *source,
                  const struct vim_reading *reading, struct err *err)
{
    struct err own;
    const struct vim_reply *reply;

    err = err == NULL ? &own : err;
    if (!vim_find_collector(vim, err))
        return false;
    begin_retrieval(vim, wanted, count, source, reading->page);
    for (size_t pages = 1; vim_exchange(vim, &reading->taker, reading->keep, &reply, err); pages++) {
        if (reply->token == NULL)
            return true;
        if (pages == VIM_MAX_PAGES) {
            err_set(err, ERR_PROTOCOL, "%s: more than %d pages of objects", vim->settings->url, VIM_MAX_PAGES);
            break;
        }
        begin_with_token(vim, "ContinueRetrievePropertiesEx", reply->token);
    }
    if (reply->token != NULL)
        give_up(vim, reply->token, err);
    return false;
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

static void begin_wait(struct vim *vim, unsigned page)
{
    struct str *body = vim_begin(vim, "WaitForUpdatesEx", "PropertyCollector", vim->collector);

    vim_request_text(body, "version", vim->version);
    str_add(body, "<options>");
    vim_request_int(body, "maxWaitSeconds", 0);
    if (page > 0)
        vim_request_int(body, "maxObjectUpdates", page);
    str_add(body, "</options>");
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

bool vim_updates(struct vim *vim, const char *version, const struct vim_reading *reading, const char **next,
                 struct err *err)
{
    const struct vim_reply *reply;

    if (!vim_find_collector(vim, err))
        return false;
    *next = vim->version;
    if (version != vim->version)
        snprintf(vim->version, sizeof vim->version, "%s", version);
    for (size_t pages = 0; pages < VIM_MAX_PAGES; pages++) {
        begin_wait(vim, reading->page);
        if (!vim_exchange(vim, &reading->taker, reading->keep, &reply, err) || !has_view(vim, reply, err))
            return false;
        if (reply->version == NULL)
            return pages == 0 || err_set(err, ERR_PROTOCOL, "%s said that there is more, and then told of nothing",
                                         vim->settings->url);
        snprintf(vim->version, sizeof vim->version, "%s", reply->version);
        if (!reply->truncated)
            return true;
    }
    return err_set(err, ERR_PROTOCOL, "%s: more than %d sets of updates", vim->settings->url, VIM_MAX_PAGES);
}
