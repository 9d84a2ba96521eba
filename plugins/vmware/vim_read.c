#include "vim_read.h"

#include "mem.h"
#include "text.h"
#include "vim_place.h"

#include <stdlib.h>
#include <string.h>

#define START_SIZE 64 /* bytes of a reply that a sentence may quote */

struct vim_reader {
    struct xml *xml;
    struct vim_scene scene;
    enum vim_place_name places[XML_MAX_DEPTH + 1]; /* from the start to the element that was opened last */
    size_t depth;
    size_t passed; /* elements open that are passed over */
    bool leaf;     /* the element that was opened last is still open, and nothing was beneath it */
    char start[START_SIZE + 1];
    size_t started; /* bytes of start */
};

static const struct vim_place *here(const struct vim_reader *reader)
{
    return &vim_places[reader->places[reader->depth]];
}

/* An error at this place, with the object that it is about. */
static bool blame(const struct vim_reader *reader, struct err *err)
{
    return here(reader)->in_object && vim_gather_blame(&reader->scene.gather, err);
}

/* Looked at behind each event, which adds one text and a little more. */
static bool is_small(const struct vim_reader *reader, struct err *err)
{
    const struct vim_scene *scene = &reader->scene;

    if (scene->gather.arena.total > VIM_MAX_OBJECT) {
        err_set(err, ERR_PROTOCOL, "the object takes more than %u bytes", VIM_MAX_OBJECT);
        return vim_gather_blame(&scene->gather, err);
    }
    if (scene->kept.total > VIM_MAX_OBJECT)
        return err_set(err, ERR_PROTOCOL, "the result takes more than %u bytes", VIM_MAX_OBJECT);
    return true;
}

/* --------------------------------------------------------------------------------------------------- events ---- */

static bool enter(struct vim_reader *reader, enum vim_place_name to, const struct vim_opening *opening, struct err *err)
{
    bool beneath = to == reader->places[reader->depth];
    const struct vim_place *place = &vim_places[to];

    reader->places[++reader->depth] = to;
    reader->leaf = true;
    str_clear(&reader->scene.text);
    if (!beneath && place->open != NULL && !place->open(&reader->scene, opening, err))
        return false;
    if (place->tree)
        vim_tree_open(&reader->scene.tree, opening->name, opening->attributes, opening->count);
    return is_small(reader, err);
}

static enum vim_place_name next(const struct vim_reader *reader, const struct vim_opening *opening)
{
    if (!here(reader)->tree)
        return vim_place_next(here(reader), opening->name);
    return vim_tree_keeps(&reader->scene.tree, opening->name, opening->attributes, opening->count)
               ? reader->places[reader->depth]
               : VIM_NOWHERE;
}

static bool on_open(void *context, const struct xml_name *name, const struct xml_attribute *attributes, size_t count,
                    struct err *err)
{
    struct vim_reader *reader = context;
    struct vim_opening opening = { .name = name, .attributes = attributes, .count = count };
    enum vim_place_name to;

    reader->leaf = false;
    reader->scene.begun = true;
    if (reader->passed > 0) {
        reader->passed++;
        return true;
    }
    to = next(reader, &opening);
    if (to != VIM_NOWHERE)
        return enter(reader, to, &opening, err);
    reader->passed = 1;
    return here(reader)->other == NULL || here(reader)->other(&reader->scene, &opening, err);
}

static bool leave(struct vim_reader *reader, struct err *err)
{
    const struct vim_place *place = here(reader);

    if (!reader->leaf)
        str_clear(&reader->scene.text);
    if (place->tree) {
        struct vim_value *root =
            vim_tree_close(&reader->scene.tree, str_text(&reader->scene.text), reader->scene.text.length);

        if (root != NULL)
            place->grown(&reader->scene, root);
    }
    if (place->close != NULL && !place->close(&reader->scene, err))
        return blame(reader, err);
    return is_small(reader, err);
}

static bool on_close(void *context, struct err *err)
{
    struct vim_reader *reader = context;
    bool good = true;

    if (reader->passed > 0) {
        reader->passed--;
    } else {
        good = leave(reader, err);
        reader->depth--;
    }
    reader->leaf = false;
    return good;
}

static bool too_long(const struct vim_reader *reader, struct err *err)
{
    const struct vim_tree *tree = &reader->scene.tree;
    char quote[TEXT_QUOTE_SIZE];

    if (here(reader)->tree)
        err_set(err, ERR_PROTOCOL, "the text of <%s> has more than %u bytes",
                text_quote(quote, tree->open[tree->depth - 1]->name), VIM_MAX_TEXT);
    else
        err_set(err, ERR_PROTOCOL, "%s has more than %zu bytes", here(reader)->text, here(reader)->text_max);
    return blame(reader, err);
}

static bool on_text(void *context, const char *bytes, size_t size, struct err *err)
{
    struct vim_reader *reader = context;
    struct str *text = &reader->scene.text;
    size_t max = here(reader)->tree ? VIM_MAX_TEXT : here(reader)->text_max;

    if (!reader->leaf || max == 0)
        return true;
    if (size > max - text->length)
        return too_long(reader, err);
    str_add_bytes(text, bytes, size);
    return true;
}

/* --------------------------------------------------------------------------------------------------- reader ---- */

struct vim_reader *vim_reader_create(const struct vim_taker *taker, bool (*keep)(const char *name, const char *type))
{
    static const struct xml_events events = { .open = on_open, .close = on_close, .text = on_text };
    struct vim_reader *reader = mem_new(1, sizeof *reader);

    reader->xml = xml_create(&events, reader);
    reader->places[0] = VIM_START;
    if (taker != NULL)
        reader->scene.taker = *taker;
    reader->scene.keep = keep;
    reader->scene.reply.fault.type = reader->scene.reply.fault.text = "";
    arena_init(&reader->scene.kept, ARENA_PLAIN);
    vim_gather_init(&reader->scene.gather);
    return reader;
}

void vim_reader_destroy(struct vim_reader *reader)
{
    if (reader == NULL)
        return;
    xml_destroy(reader->xml);
    arena_finish(&reader->scene.kept);
    vim_gather_finish(&reader->scene.gather);
    str_finish(&reader->scene.text);
    free(reader);
}

static void remember_start(struct vim_reader *reader, const char *bytes, size_t size)
{
    size_t part = START_SIZE - reader->started < size ? START_SIZE - reader->started : size;

    memcpy(reader->start + reader->started, bytes, part);
    reader->started += part;
}

/* For what is not even XML, or ends before its first element; false. */
static bool tell_start(const struct vim_reader *reader, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (reader->scene.begun)
        return false;
    if (reader->started == 0)
        return err_set(err, ERR_PROTOCOL, "the reply is empty");
    return err_add(err, "%s, and begins with \"%s\"", VIM_NO_SOAP, text_quote(quote, reader->start));
}

bool vim_reader_feed(struct vim_reader *reader, const char *bytes, size_t size, struct err *err)
{
    if (!reader->scene.begun)
        remember_start(reader, bytes, size);
    return xml_feed(reader->xml, bytes, size, err) || tell_start(reader, err);
}

bool vim_reader_end(struct vim_reader *reader, struct err *err)
{
    if (!xml_end(reader->xml, err))
        return tell_start(reader, err);
    if (reader->scene.reply.method == NULL)
        return err_set(err, ERR_PROTOCOL, "the SOAP message's Body is empty");
    return true;
}

const struct vim_reply *vim_reader_reply(const struct vim_reader *reader)
{
    return &reader->scene.reply;
}

const struct vim_value *vim_property(const struct vim_object *object, const char *path)
{
    for (size_t i = object->property_count; i > 0; i--)
        if (strcmp(object->properties[i - 1].path, path) == 0)
            return object->properties[i - 1].value;
    return NULL;
}
