#include "wsman_read.h"

#include "mem.h"
#include "soap.h"
#include "wsman_place.h"

#include <stdlib.h>

struct wsman_reader {
    struct xml_walk *walk;
    struct wsman_scene scene;
};

struct wsman_reader *wsman_reader_create(const struct wsman_taker *taker)
{
    struct wsman_reader *reader = mem_new(1, sizeof *reader);
    struct wsman_reply *reply = &reader->scene.reply;

    reader->walk = xml_walk_create(&wsman_grammar, &reader->scene);
    if (taker != NULL)
        reader->scene.taker = *taker;
    reply->fault.code = reply->fault.subcode = reply->fault.detail = reply->fault.text = "";
    arena_init(&reader->scene.kept, ARENA_PLAIN);
    cim_gather_init(&reader->scene.gather);
    return reader;
}

void wsman_reader_destroy(struct wsman_reader *reader)
{
    if (reader == NULL)
        return;
    xml_walk_destroy(reader->walk);
    arena_finish(&reader->scene.kept);
    cim_gather_finish(&reader->scene.gather);
    free(reader);
}

bool wsman_reader_feed(struct wsman_reader *reader, const char *bytes, size_t size, struct err *err)
{
    return xml_walk_feed(reader->walk, bytes, size, err);
}

bool wsman_reader_end(struct wsman_reader *reader, struct err *err)
{
    const struct wsman_reply *reply = &reader->scene.reply;

    if (!xml_walk_end(reader->walk, err))
        return false;
    if (!reader->scene.body)
        return err_set(err, ERR_PROTOCOL, "the SOAP message has no Body");
    if (reply->kind == WSMAN_REPLY_ENUMERATE && reply->context == NULL && !reply->ended)
        return err_set(err, ERR_PROTOCOL, "an EnumerateResponse without its context, which is not at its end either");
    return true;
}

const struct wsman_reply *wsman_reader_reply(const struct wsman_reader *reader)
{
    return &reader->scene.reply;
}
