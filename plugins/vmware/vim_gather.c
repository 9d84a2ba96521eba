#include "vim_gather.h"

#include "text.h"

#include <string.h>

void vim_gather_init(struct vim_gather *gather)
{
    arena_init(&gather->arena, ARENA_PLAIN);
    vim_gather_begin(gather, 0);
}

void vim_gather_finish(struct vim_gather *gather)
{
    arena_finish(&gather->arena);
}

void vim_gather_begin(struct vim_gather *gather, enum vim_kind kind)
{
    arena_reset(&gather->arena);
    gather->object = (struct vim_object){
        .kind = kind, .type = "", .moref = "", .properties = gather->properties, .missing = gather->missing
    };
    vim_gather_part(gather);
}

bool vim_gather_kind(struct vim_gather *gather, const char *word, struct err *err)
{
    static const struct {
        const char *word;
        enum vim_kind kind;
    } kinds[] = { { "enter", VIM_ENTER }, { "modify", VIM_MODIFY }, { "leave", VIM_LEAVE } };
    char quote[TEXT_QUOTE_SIZE];

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].word, word) == 0) {
            gather->object.kind = kinds[i].kind;
            return true;
        }
    return err_set(err, ERR_PROTOCOL, "an update of the unknown kind \"%s\"", text_quote(quote, word));
}

void vim_gather_part(struct vim_gather *gather)
{
    gather->path = "";
    gather->fault = "";
    gather->value = NULL;
    gather->unset = false;
}

/* Whether there is room for one more, and it says whose it is. */
static bool may_add(const struct vim_gather *gather, size_t count, bool missing, struct err *err)
{
    const char *word = missing ? "missing " : "";

    if (gather->path[0] == '\0')
        return err_set(err, ERR_PROTOCOL, "a %sproperty without its name", word);
    if (count == VIM_MAX_PROPERTIES)
        return err_set(err, ERR_PROTOCOL, "more than %d %sproperties", VIM_MAX_PROPERTIES, word);
    return true;
}

bool vim_gather_property(struct vim_gather *gather, struct err *err)
{
    struct vim_object *object = &gather->object;

    if (!may_add(gather, object->property_count, false, err))
        return false;
    gather->properties[object->property_count++] =
        (struct vim_property){ .path = gather->path, .value = gather->unset ? NULL : gather->value };
    vim_gather_part(gather);
    return true;
}

bool vim_gather_missing(struct vim_gather *gather, struct err *err)
{
    struct vim_object *object = &gather->object;

    if (!may_add(gather, object->missing_count, true, err))
        return false;
    gather->missing[object->missing_count++] = (struct vim_missing){ .path = gather->path, .fault = gather->fault };
    vim_gather_part(gather);
    return true;
}

bool vim_gather_end(struct vim_gather *gather, struct err *err)
{
    struct vim_object *object = &gather->object;

    if (object->moref[0] == '\0' || object->type[0] == '\0')
        return err_set(err, ERR_PROTOCOL, "an object without its reference and type");
    if (object->kind == 0)
        return err_set(err, ERR_PROTOCOL, "an update without its kind");
    if (object->kind == VIM_LEAVE)
        object->property_count = object->missing_count = 0;
    return true;
}

bool vim_gather_blame(const struct vim_gather *gather, struct err *err)
{
    char type[TEXT_QUOTE_SIZE], moref[TEXT_QUOTE_SIZE], path[TEXT_QUOTE_SIZE];

    if (gather->path[0] != '\0')
        err_add(err, "property %s", text_quote(path, gather->path));
    if (gather->object.moref[0] != '\0' && gather->object.type[0] != '\0')
        err_add(err, "%s %s", text_quote(type, gather->object.type), text_quote(moref, gather->object.moref));
    return false;
}
