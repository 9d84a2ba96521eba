#include "vim.h"

#include "mem.h"
#include "text.h"
#include "version.h"
#include "vim_error.h"
#include "vim_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH "/sdk"

/* Versions of the API that can be asked for, newest first. A server answers in the terms of the version that it is
 * asked in: one it does not know is refused, and an older one knows less (disks shared by several writers are
 * since 6.0). */
static const char *const api_versions[] = { "6.5", "6.0", "5.5", "5.1", "5.0" };

#define OLDEST (api_versions[sizeof api_versions / sizeof *api_versions - 1])

struct vim *vim_create(const struct http_settings *settings, struct err *err)
{
    struct vim *vim = mem_new(1, sizeof *vim);

    vim->settings = settings;
    vim->collector = vim->key = vim->user = "";
    vim->api_version = OLDEST;
    arena_init(&vim->texts, ARENA_SECRET);
    vim->http = http_create(settings, err);
    if (vim->http == NULL) {
        vim_destroy(vim);
        return NULL;
    }
    return vim;
}

void vim_destroy(struct vim *vim)
{
    if (vim == NULL)
        return;
    http_destroy(vim->http);
    vim_reader_destroy(vim->reader);
    str_finish(&vim->body);
    arena_finish(&vim->texts);
    free(vim);
}

const struct http_reply *vim_connection(const struct vim *vim)
{
    return vim->requests == 0 ? NULL : &vim->connection;
}

void vim_certificate(const struct vim *vim, struct str *out)
{
    http_certificate(vim->http, out);
}

size_t vim_requests(const struct vim *vim)
{
    return vim->requests;
}

bool vim_is_lost(const struct vim *vim)
{
    return vim->lost;
}

/* -------------------------------------------------------------------------------------------------- exchange ---- */

struct watch {
    struct vim *vim;
    const struct vim_taker *taker;
};

/* A server without our session answers a retrieval as if all were well, and says so with each property only. */
static bool watch_object(void *context, const struct vim_object *object, struct err *err)
{
    struct watch *watch = context;

    for (size_t i = 0; i < object->missing_count; i++) {
        if (strcmp(object->missing[i].fault, "NotAuthenticated") == 0) {
            watch->vim->lost = true;
            return vim_error_lost(err);
        }
    }
    return watch->taker == NULL || watch->taker->take(watch->taker->context, object, err);
}

/* Says whose reply it was that could not be read, or not taken. Always false. */
static bool of_reply(const struct vim *vim, struct err *err)
{
    const int status = vim->connection.status;

    if (status != 200 && status != 500)
        return vim_error_status(err, vim->settings->url, status);
    return err_add(err, "%s, its reply to %s", vim->settings->url, vim->method);
}

static bool feed(void *context, const char *bytes, size_t size, struct err *err)
{
    const struct vim *vim = context;

    return vim_reader_feed(vim->reader, bytes, size, err) || of_reply(vim, err);
}

static bool post(struct vim *vim, struct err *err)
{
    char action[64];
    const char *const headers[] = { "Content-Type: text/xml; charset=utf-8", action, NULL };
    const struct http_request request = { PATH, headers, vim->body.bytes, vim->body.length };
    const struct http_sink sink = { feed, vim };

    snprintf(action, sizeof action, "SOAPAction: \"urn:vim25/%s\"", vim->api_version);
    return http_send(vim->http, &request, &sink, &vim->connection, err) &&
           (vim_reader_end(vim->reader, err) || of_reply(vim, err));
}

struct str *vim_begin(struct vim *vim, const char *method, const char *type, const char *moref)
{
    vim->method = method;
    str_clear(&vim->body);
    vim_request_open(&vim->body, method, type, moref);
    return &vim->body;
}

/* What answers another call tells nothing of this one: it would be taken for a server that has nothing. */
static bool is_answer(const struct vim *vim, const struct vim_reply *reply, struct err *err)
{
    const size_t length = strlen(vim->method);
    char quote[TEXT_QUOTE_SIZE];

    if (strncmp(reply->method, vim->method, length) == 0 && strcmp(reply->method + length, "Response") == 0)
        return true;
    return err_set(err, ERR_PROTOCOL, "%s answered %s with %s", vim->settings->url, vim->method,
                   text_quote(quote, reply->method));
}

bool vim_exchange(struct vim *vim, const struct vim_taker *taker, bool (*keep)(const char *name, const char *type),
                  const struct vim_reply **reply, struct err *err)
{
    struct watch watch = { vim, taker };
    const struct vim_taker watching = { watch_object, &watch };
    struct err unasked;
    bool good;

    if (err == NULL)
        err = &unasked;
    vim_request_close(&vim->body, vim->method);
    vim->lost = false;
    vim->requests++;
    vim_reader_destroy(vim->reader);
    vim->reader = vim_reader_create(&watching, keep);
    vim->connection = (struct http_reply){ 0 };
    good = post(vim, err);
    *reply = vim_reader_reply(vim->reader);
    if (!good)
        return false;
    if ((*reply)->fault.is)
        return vim_error_fault(err, vim->settings->url, vim->method, &(*reply)->fault, &vim->lost);
    return is_answer(vim, *reply, err);
}

bool vim_call(struct vim *vim, const struct vim_call *call, const struct vim_reply **reply, struct err *err)
{
    struct str *body = vim_begin(vim, call->method, call->type, call->moref);

    if (call->arguments != NULL)
        str_add_bytes(body, call->arguments->bytes, call->arguments->length);
    return vim_exchange(vim, NULL, call->keep, reply, err);
}

const char *vim_keep_reference(struct vim *vim, const struct vim_reply *reply, struct err *err)
{
    const char *text = vim_text(reply->result, "");

    if (text != NULL && text[0] != '\0' && strlen(text) <= VIM_MAX_REFERENCE)
        return arena_text(&vim->texts, text);
    err_set(err, ERR_PROTOCOL, "%s answered %s without the reference of an object", vim->settings->url, vim->method);
    return NULL;
}

/* ----------------------------------------------------------------------------------------------------- about ---- */

static const char *keep(struct vim *vim, const struct vim_value *content, const char *path)
{
    const char *text = vim_text(content, path);

    return text == NULL ? "" : arena_text(&vim->texts, text);
}

static void keep_about(struct vim *vim, const struct vim_value *content)
{
    vim->about = (struct vim_about){
        .full_name = keep(vim, content, "about.fullName"),
        .version = keep(vim, content, "about.version"),
        .build = keep(vim, content, "about.build"),
        .api_type = keep(vim, content, "about.apiType"),
        .api_version = keep(vim, content, "about.apiVersion"),
        .instance_uuid = keep(vim, content, "about.instanceUuid"),
        .licence_product = keep(vim, content, "about.licenseProductName"),
        .root = keep(vim, content, "rootFolder"),
        .collector = keep(vim, content, "propertyCollector"),
        .views = keep(vim, content, "viewManager"),
        .sessions = keep(vim, content, "sessionManager"),
        .authorisation = keep(vim, content, "authorizationManager"),
        .licences = keep(vim, content, "licenseManager"),
        .custom_fields = keep(vim, content, "customFieldsManager"),
    };
}

static const char *choose_version(const char *offered)
{
    for (size_t i = 0; i < sizeof api_versions / sizeof *api_versions; i++)
        if (version_compare(offered, api_versions[i]) >= 0)
            return api_versions[i];
    return OLDEST;
}

const struct vim_about *vim_about(struct vim *vim, struct err *err)
{
    const struct vim_call call = { "RetrieveServiceContent", "ServiceInstance", "ServiceInstance", NULL, NULL };
    const struct vim_reply *reply;

    if (vim->about_known)
        return &vim->about;
    if (!vim_call(vim, &call, &reply, err))
        return NULL;
    keep_about(vim, reply->result);
    if (vim->about.root[0] == '\0' || vim->about.collector[0] == '\0' || vim->about.sessions[0] == '\0') {
        err_set(err, ERR_PROTOCOL,
                "%s answered RetrieveServiceContent without root folder, collector or sessions: is it a vCenter Server "
                "or an ESXi host?",
                vim->settings->url);
        return NULL;
    }
    vim->about_known = true;
    vim->collector = vim->about.collector;
    vim->api_version = choose_version(vim->about.api_version);
    return &vim->about;
}

bool vim_find_collector(struct vim *vim, struct err *err)
{
    return vim->collector[0] != '\0' || vim_about(vim, err) != NULL;
}
