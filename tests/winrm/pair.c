#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair.h"

#include <string.h>

struct pair pair;

static bool exchange(struct str *in, struct str *out)
{
    bool client = false, server = false;

    while (!client || !server) {
        str_clear(out);
        if (!negotiate_step(pair.client, in->bytes, in->length, out, &client, &pair.err))
            return false;
        if (client && out->length == 0)
            return server;
        pair.legs++;
        if (server || !acceptor_step(out, in, &server))
            return false;
    }
    return true;
}

bool pair_shakes(const struct negotiate_settings *settings, const char *mechanism, const void *expected, size_t size)
{
    struct str in = STR_EMPTY, out = STR_EMPTY;
    bool good;

    pair_end();
    pair.client = negotiate_create(settings, &pair.err);
    if (pair.client == NULL)
        return false;
    acceptor_begin(mechanism, expected, size);
    good = exchange(&in, &out);
    str_finish(&in);
    str_finish(&out);
    return good;
}

void pair_begin(const struct negotiate_settings *settings, const char *mechanism)
{
    if (!pair_shakes(settings, mechanism, NULL, 0))
        fail_msg("no handshake: %s", pair.err.text);
}

void pair_end(void)
{
    negotiate_destroy(pair.client);
    acceptor_end();
    memset(&pair, 0, sizeof pair);
}

struct sealed pair_client_seals(const char *text)
{
    struct sealed sealed = { STR_EMPTY, STR_EMPTY };

    if (!negotiate_wrap(pair.client, text, strlen(text), &sealed.header, &sealed.data, &pair.err))
        fail_msg("%s", pair.err.text);
    return sealed;
}

struct sealed pair_server_seals(const char *text)
{
    struct sealed sealed = { STR_EMPTY, STR_EMPTY };

    acceptor_wrap(text, strlen(text), &sealed.header, &sealed.data);
    return sealed;
}

void sealed_finish(struct sealed *sealed)
{
    str_finish(&sealed->header);
    str_finish(&sealed->data);
}

/* A copy: it may be opened where it lies. */
bool pair_client_opens(const struct sealed *sealed, const char *text)
{
    struct negotiate_message message;
    struct str data = STR_EMPTY;
    bool good;

    str_add_bytes(&data, sealed->data.bytes, sealed->data.length);
    good = negotiate_unwrap(pair.client, sealed->header.bytes, sealed->header.length, data.bytes, data.length, &message,
                            &pair.err) &&
           message.size == strlen(text) && memcmp(message.bytes, text, message.size) == 0;
    str_finish(&data);
    return good;
}

bool pair_server_opens(const struct sealed *sealed, const char *text)
{
    struct str plain = STR_EMPTY;
    bool good = acceptor_unwrap(&sealed->header, &sealed->data, &plain) && strcmp(str_text(&plain), text) == 0;

    str_finish(&plain);
    return good;
}

void pair_says(const char *text)
{
    struct sealed there = pair_client_seals(text), back;

    assert_int_equal(there.data.length, strlen(text));
    assert_true(pair_server_opens(&there, text));
    back = pair_server_seals(text);
    assert_true(pair_client_opens(&back, text));
    sealed_finish(&there);
    sealed_finish(&back);
}
