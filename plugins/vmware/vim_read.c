#include "vim_read.h"

#include "mem.h"
#include "soap.h"
#include "vim_place.h"

#include <stdlib.h>
#include <string.h>

struct vim_reader {
    struct xml_walk *walk;
    struct vim_scene scene;
};

struct vim_reader *vim_reader_create(const struct vim_taker *taker, bool (*keep)(const char *name, const char *type))
{
    struct vim_reader *reader = mem_new(1, sizeof *reader);

    reader->walk = xml_walk_create(&vim_grammar, &reader->scene);
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
    xml_walk_destroy(reader->walk);
    arena_finish(&reader->scene.kept);
    vim_gather_finish(&reader->scene.gather);
    free(reader);
}

bool vim_reader_feed(struct vim_reader *reader, const char *bytes, size_t size, struct err *err)
{
    return xml_walk_feed(reader->walk, bytes, size, err);
}

bool vim_reader_end(struct vim_reader *reader, struct err *err)
{
    if (!xml_walk_end(reader->walk, err))
        return false;
    return reader->scene.reply.method != NULL || soap_refuse_no_content(err);
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
