#include "ssrp.h"

#include "str.h"
#include "text.h"
#include "utf8.h"

#include <string.h>
#include <strings.h>

#define SVR_RESP 0x05
#define HEAD 3
#define MAX_SERVER 255
#define MAX_VERSION 16
#define BEGIN "ServerName;"
#define BORDER ";;" BEGIN /* between two instances: no value can hold a semicolon */

const unsigned char ssrp_request[1] = { 0x03 };

/* What is left of one instance's text, and the field that was read from it last. */
struct cursor {
    const char *at, *end;
    const char *field;
    size_t size;
    bool closed; /* a semicolon ended it: it is whole */
};

static bool next(struct cursor *cursor)
{
    const char *stop;

    if (cursor->at == cursor->end)
        return false;
    stop = memchr(cursor->at, ';', (size_t)(cursor->end - cursor->at));
    cursor->closed = stop != NULL;
    cursor->field = cursor->at;
    cursor->size = (size_t)((cursor->closed ? stop : cursor->end) - cursor->at);
    cursor->at = cursor->closed ? stop + 1 : cursor->end;
    return true;
}

static bool is(const struct cursor *cursor, const char *word)
{
    return cursor->size == strlen(word) && memcmp(cursor->field, word, cursor->size) == 0;
}

/* The value behind a key that must come next. */
static bool value_of(struct cursor *cursor, const char *key)
{
    return next(cursor) && is(cursor, key) && next(cursor) && cursor->closed;
}

/* ---------------------------------------------------------------------------------------------------- values ---- */

/* Names come in the code page of their computer, which nobody tells: what is no UTF-8 is replaced. */
static bool read_name(const struct cursor *cursor, char name[SSRP_MAX_NAME + 1])
{
    struct str clean = STR_EMPTY;
    bool good;

    if (cursor->size == 0 || cursor->size > SSRP_MAX_NAME)
        return false;
    utf8_clean(&clean, cursor->field, cursor->size);
    good = clean.length <= SSRP_MAX_NAME;
    for (size_t at = 0, length; good && at < clean.length; at += length)
        good = !text_is_unseen(utf8_decode(clean.bytes + at, &length));
    if (good)
        memcpy(name, clean.bytes, clean.length + 1);
    str_finish(&clean);
    return good;
}

/* An instance is not worth less for a version that is none. */
static void read_version(const struct cursor *cursor, char version[MAX_VERSION + 1])
{
    bool good = cursor->size <= MAX_VERSION;

    for (size_t i = 0; good && i < cursor->size; i++)
        good = strchr("0123456789.", cursor->field[i]) != NULL && cursor->field[i] != '\0';
    if (good)
        memcpy(version, cursor->field, cursor->size);
    version[good ? cursor->size : 0] = '\0';
}

static bool read_port(const struct cursor *cursor, int *port)
{
    *port = 0;
    for (size_t i = 0; i < cursor->size; i++) {
        if (cursor->field[i] < '0' || cursor->field[i] > '9' || *port > 65535)
            return false;
        *port = *port * 10 + (cursor->field[i] - '0');
    }
    return *port >= 1 && *port <= 65535;
}

/* ------------------------------------------------------------------------------------------------- instances ---- */

/* Of the protocols, in any order, TCP alone is of use. A port without its end may have more digits: none was told. */
static bool read_protocols(struct cursor *cursor, int *port)
{
    while (next(cursor) && cursor->size > 0) {
        bool tcp = is(cursor, "tcp") && cursor->closed;

        if (!next(cursor))
            return !tcp;
        if (!tcp || !cursor->closed)
            continue;
        if (*port != 0 || !read_port(cursor, port))
            return false;
    }
    return true;
}

static bool read_instance(struct ssrp_instance *instance, const char *text, size_t size)
{
    struct cursor cursor = { .at = text, .end = text + size };
    char server[SSRP_MAX_NAME + 1];

    memset(instance, 0, sizeof *instance);
    if (!value_of(&cursor, "ServerName") || cursor.size > MAX_SERVER || !read_name(&cursor, server))
        return false;
    if (!value_of(&cursor, "InstanceName") || !read_name(&cursor, instance->name))
        return false;
    if (!value_of(&cursor, "IsClustered") || (!is(&cursor, "Yes") && !is(&cursor, "No")))
        return false;
    instance->clustered = is(&cursor, "Yes");
    if (!value_of(&cursor, "Version"))
        return false;
    read_version(&cursor, instance->version);
    return read_protocols(&cursor, &instance->port);
}

static bool is_known(const struct ssrp_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->count; i++)
        if (strcasecmp(reply->instances[i].name, name) == 0)
            return true;
    return false;
}

static void take(struct ssrp_reply *reply, const char *text, size_t size)
{
    struct ssrp_instance instance;
    bool good = read_instance(&instance, text, size);

    if (good && is_known(reply, instance.name))
        return;
    if (good && reply->count < SSRP_MAX_INSTANCES)
        reply->instances[reply->count++] = instance;
    else
        reply->left_out++;
}

static void read_instances(struct ssrp_reply *reply, const char *text, size_t size)
{
    while (size > 0) {
        const char *border = memmem(text, size, BORDER, strlen(BORDER));
        size_t length = border == NULL ? size : (size_t)(border - text) + 2;

        take(reply, text, length);
        text += length;
        size -= length;
    }
}

bool ssrp_read(struct ssrp_reply *reply, const unsigned char *bytes, size_t size, struct err *err)
{
    size_t told;

    memset(reply, 0, sizeof *reply);
    if (size < HEAD || bytes[0] != SVR_RESP)
        return err_set(err, ERR_PROTOCOL, "what answers is not SQL Server Browser: no SVR_RESP in %zu bytes", size);
    told = (size_t)bytes[1] | (size_t)bytes[2] << 8;
    if (told > size - HEAD)
        return err_set(err, ERR_PROTOCOL, "the browser's reply says %zu bytes and has %zu", told, size - HEAD);
    read_instances(reply, (const char *)bytes + HEAD, told);
    reply->left_out += told < size - HEAD; /* there is more than it says: nobody knows what */
    return reply->count > 0 ||
           err_set(err, ERR_PROTOCOL, "the browser's reply names no instance that makes sense (%zu left out)",
                   reply->left_out);
}
