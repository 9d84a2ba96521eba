/* Login, logout, and a session that goes on in another process. */
#include "vim_exchange.h"

#include <stdio.h>
#include <string.h>

/* What a session says of itself has to fit a line of vim_session. */
static bool fits(const char *text)
{
    return text != NULL && strlen(text) <= VIM_MAX_REFERENCE && strchr(text, '\n') == NULL;
}

static bool keep_session(struct vim *vim, const struct vim_value *session, struct err *err)
{
    const char *key = vim_text(session, "key"), *user = vim_text(session, "userName");

    if (!fits(key) || !fits(user))
        return err_set(err, ERR_PROTOCOL, "%s answered Login without a session's key and user", vim->settings->url);
    vim->key = arena_text(&vim->texts, key);
    vim->user = arena_text(&vim->texts, user);
    return true;
}

/* The request with the password, in memory that is wiped: room for all of it is made before, so that it never moves. */
static void write_login(struct vim *vim, const char *name, const char *password)
{
    struct str *body;

    str_clear(&vim->body);
    str_room(&vim->body, 4096 + 8 * (strlen(name) + strlen(password)));
    body = vim_begin(vim, "Login", "SessionManager", vim->about.sessions);
    vim_request_text(body, "userName", name);
    vim_request_text(body, "password", password);
}

/* A server may say what it was sent, and what it says is written down. */
static void hide_password(struct err *err, const char *url, const char *password)
{
    if (err != NULL && strstr(err->text, password) != NULL)
        err_set(err, err->class, "%s refused Login, in words that hold the password and are not shown", url);
}

bool vim_login(struct vim *vim, const char *name, const char *password, struct err *err)
{
    const struct vim_reply *reply;
    bool good;

    if (vim_about(vim, err) == NULL)
        return false;
    write_login(vim, name, password);
    good = vim_exchange(vim, NULL, NULL, &reply, err) && keep_session(vim, reply->result, err);
    explicit_bzero(vim->body.bytes, vim->body.capacity);
    str_clear(&vim->body);
    if (!good)
        hide_password(err, vim->settings->url, password);
    return good;
}

bool vim_logout(struct vim *vim, struct err *err)
{
    const struct vim_reply *reply;
    bool good = vim_about(vim, err) != NULL;

    if (good) {
        vim_begin(vim, "Logout", "SessionManager", vim->about.sessions);
        good = vim_exchange(vim, NULL, NULL, &reply, err);
    }
    vim->key = vim->user = "";
    http_set_cookies(vim->http, "");
    return good;
}

const char *vim_key(const struct vim *vim)
{
    return vim->key;
}

const char *vim_user(const struct vim *vim)
{
    return vim->user;
}

/* Lines: version of the API, collector, key, user; then the cookies, which have lines of their own. */
bool vim_session(struct vim *vim, char *buffer, size_t size)
{
    int head = snprintf(buffer, size, "%s\n%s\n%s\n%s\n", vim->api_version, vim->collector, vim->key, vim->user);

    return head > 0 && (size_t)head < size && fits(vim->collector) &&
           http_cookies(vim->http, buffer + head, size - (size_t)head);
}

/* One line, and *text behind it; NULL where there is none. */
static const char *take_line(struct vim *vim, const char **text)
{
    const char *end = strchr(*text, '\n'), *line;

    if (end == NULL)
        return NULL;
    line = arena_bytes(&vim->texts, *text, (size_t)(end - *text));
    *text = end + 1;
    return line;
}

bool vim_resume(struct vim *vim, const char *session)
{
    const char *version = take_line(vim, &session);
    const char *collector = version == NULL ? NULL : take_line(vim, &session);
    const char *key = collector == NULL ? NULL : take_line(vim, &session);
    const char *user = key == NULL ? NULL : take_line(vim, &session);

    if (user == NULL || !http_set_cookies(vim->http, session))
        return false;
    vim->api_version = version;
    vim->collector = collector;
    vim->key = key;
    vim->user = user;
    return true;
}
