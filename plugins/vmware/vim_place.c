#include "vim_place.h"

#include "text.h"

#include <string.h>

#define SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define VIM "urn:vim25"

/* -------------------------------------------------------------------------------------------------- envelope ---- */

static bool refuse_root(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    char local[TEXT_QUOTE_SIZE], space[TEXT_QUOTE_SIZE];

    (void)scene;
    text_quote(local, opening->name->local);
    if (strcmp(opening->name->local, "Envelope") == 0)
        return err_set(err, ERR_PROTOCOL, "the reply is an Envelope of \"%s\", not one of SOAP 1.1",
                       text_quote(space, opening->name->space));
    return err_set(err, ERR_PROTOCOL, "%s, and begins with <%s>", VIM_NO_SOAP, local);
}

static bool open_body(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)opening;
    if (scene->body)
        return err_set(err, ERR_PROTOCOL, "the SOAP message has more than one Body");
    scene->body = true;
    return true;
}

static bool refuse_content(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    char local[TEXT_QUOTE_SIZE], space[TEXT_QUOTE_SIZE];

    (void)scene;
    return err_set(err, ERR_PROTOCOL, "the SOAP message's Body holds <%s> of \"%s\", not a reply of the vSphere API",
                   text_quote(local, opening->name->local), text_quote(space, opening->name->space));
}

static bool open_content(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    if (scene->reply.method != NULL)
        return err_set(err, ERR_PROTOCOL, "the SOAP message's Body holds more than one element");
    scene->reply.method = arena_text(&scene->kept, opening->name->local);
    return true;
}

/* ---------------------------------------------------------------------------------------- faults and results ---- */

static bool open_fault(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    scene->reply.fault.is = true;
    return open_content(scene, opening, err);
}

/* The text as it lies in an arena. */
static const char *keep_text(const struct vim_scene *scene, struct arena *arena)
{
    return arena_bytes(arena, scene->text.bytes, scene->text.length);
}

static bool close_fault_text(struct vim_scene *scene, struct err *err)
{
    (void)err;
    scene->reply.fault.text = keep_text(scene, &scene->kept);
    return true;
}

/* A type's name without the ending Fault, which elements have and some servers repeat. */
static const char *fault_word(struct arena *arena, const char *type)
{
    static const char ending[] = "Fault";
    size_t length = strlen(type), cut = sizeof ending - 1;

    if (length > cut && strcmp(type + length - cut, ending) == 0)
        length -= cut;
    return arena_bytes(arena, type, length);
}

static bool open_kept_tree(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    vim_tree_begin(&scene->tree, &scene->kept, NULL);
    return true;
}

/* Hangs a value behind those that came before it. */
static void append(struct vim_scene *scene, const struct vim_value **first, struct vim_value *value)
{
    if (*first == NULL)
        *first = value;
    else
        scene->last->next = value;
    scene->last = value;
}

static void grown_fault(struct vim_scene *scene, struct vim_value *root)
{
    struct vim_fault *fault = &scene->reply.fault;

    if (fault->detail == NULL)
        fault->type = fault_word(&scene->kept, root->type[0] != '\0' ? root->type : root->name);
    append(scene, &fault->detail, root);
}

static void grown_result(struct vim_scene *scene, struct vim_value *root)
{
    append(scene, &scene->reply.result, root);
}

static bool close_token(struct vim_scene *scene, struct err *err)
{
    (void)err;
    scene->reply.token = scene->text.length == 0 ? NULL : keep_text(scene, &scene->kept);
    return true;
}

/* ----------------------------------------------------------------------------------------------- an UpdateSet ---- */

static bool close_version(struct vim_scene *scene, struct err *err)
{
    (void)err;
    scene->reply.version = scene->text.length == 0 ? NULL : keep_text(scene, &scene->kept);
    return true;
}

static bool close_truncated(struct vim_scene *scene, struct err *err)
{
    struct vim_value value = { .text = str_text(&scene->text) };
    char quote[TEXT_QUOTE_SIZE];

    if (vim_bool(&value, "", &scene->reply.truncated))
        return true;
    return err_set(err, ERR_PROTOCOL, "an UpdateSet whose truncated is \"%s\", neither true nor false",
                   text_quote(quote, value.text));
}

static bool close_set(struct vim_scene *scene, struct err *err)
{
    if (scene->reply.version == NULL)
        return err_set(err, ERR_PROTOCOL, "an UpdateSet without its version");
    return true;
}

static bool open_absent(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    scene->reply.absent = "";
    return true;
}

static bool open_absent_fault(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)err;
    scene->reply.absent = fault_word(&scene->kept, vim_tree_type(opening->attributes, opening->count));
    return true;
}

/* ------------------------------------------------------------------------------------------------- an object ---- */

static bool open_object(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    vim_gather_begin(&scene->gather, VIM_ENTER);
    return true;
}

static bool open_update(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    vim_gather_begin(&scene->gather, 0);
    return true;
}

static bool close_object(struct vim_scene *scene, struct err *err)
{
    if (!vim_gather_end(&scene->gather, err))
        return vim_gather_blame(&scene->gather, err);
    scene->reply.objects++;
    return scene->taker.take == NULL || scene->taker.take(scene->taker.context, &scene->gather.object, err);
}

static bool close_kind(struct vim_scene *scene, struct err *err)
{
    return vim_gather_kind(&scene->gather, str_text(&scene->text), err);
}

static bool open_reference(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)err;
    scene->gather.object.type =
        arena_text(&scene->gather.arena, vim_tree_reference(opening->attributes, opening->count));
    return true;
}

static bool close_reference(struct vim_scene *scene, struct err *err)
{
    (void)err;
    scene->gather.object.moref = keep_text(scene, &scene->gather.arena);
    return true;
}

static bool open_part(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    vim_gather_part(&scene->gather);
    return true;
}

static bool close_path(struct vim_scene *scene, struct err *err)
{
    (void)err;
    scene->gather.path = keep_text(scene, &scene->gather.arena);
    return true;
}

/* remove, and indirectRemove where what held the property is gone; add and assign come with the value. */
static bool close_operation(struct vim_scene *scene, struct err *err)
{
    const char *word = str_text(&scene->text);

    (void)err;
    scene->gather.unset = strcmp(word, "remove") == 0 || strcmp(word, "indirectRemove") == 0;
    return true;
}

static bool open_value(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    vim_tree_begin(&scene->tree, &scene->gather.arena, scene->keep);
    return true;
}

static void grown_value(struct vim_scene *scene, struct vim_value *root)
{
    scene->gather.value = root;
}

static bool close_property(struct vim_scene *scene, struct err *err)
{
    return vim_gather_property(&scene->gather, err);
}

static bool open_missing_fault(struct vim_scene *scene, const struct vim_opening *opening, struct err *err)
{
    (void)err;
    scene->gather.fault = fault_word(&scene->gather.arena, vim_tree_type(opening->attributes, opening->count));
    return true;
}

static bool close_missing(struct vim_scene *scene, struct err *err)
{
    return vim_gather_missing(&scene->gather, err);
}

/* ----------------------------------------------------------------------------------------------------- table ---- */

#define STEPS(...) ((const struct vim_step[]){ __VA_ARGS__, { NULL, NULL, VIM_NOWHERE } })

const struct vim_place vim_places[VIM_PLACE_COUNT] = {
    [VIM_START] = { .steps = STEPS({ SOAP, "Envelope", VIM_ENVELOPE }), .other = refuse_root },
    [VIM_ENVELOPE] = { .steps = STEPS({ SOAP, "Body", VIM_BODY }) },
    [VIM_BODY] = { .steps = STEPS({ SOAP, "Fault", VIM_FAULT }, { VIM, "RetrievePropertiesExResponse", VIM_RETRIEVE },
                                  { VIM, "ContinueRetrievePropertiesExResponse", VIM_RETRIEVE },
                                  { VIM, "WaitForUpdatesExResponse", VIM_WAIT }, { VIM, NULL, VIM_OTHER }),
                   .open = open_body,
                   .other = refuse_content },

    /* SOAP 1.1, section 4.4: what is inside of a Fault has no namespace. */
    [VIM_FAULT] = { .steps = STEPS({ "", "faultstring", VIM_FAULT_TEXT }, { "", "detail", VIM_FAULT_DETAIL }),
                    .open = open_fault },
    [VIM_FAULT_TEXT] = { .text = "the text of a fault", .text_max = VIM_MAX_TEXT, .close = close_fault_text },
    [VIM_FAULT_DETAIL] = { .steps = STEPS({ NULL, NULL, VIM_FAULT_TREE }) },
    [VIM_FAULT_TREE] = { .tree = true, .open = open_kept_tree, .grown = grown_fault },

    [VIM_OTHER] = { .steps = STEPS({ VIM, "returnval", VIM_OTHER_TREE }), .open = open_content },
    [VIM_OTHER_TREE] = { .tree = true, .open = open_kept_tree, .grown = grown_result },

    [VIM_RETRIEVE] = { .steps = STEPS({ VIM, "returnval", VIM_RESULT }), .open = open_content },
    [VIM_RESULT] = { .steps = STEPS({ VIM, "objects", VIM_OBJECT }, { VIM, "token", VIM_TOKEN }) },
    [VIM_TOKEN] = { .text = "a token", .text_max = VIM_MAX_REFERENCE, .close = close_token },
    [VIM_OBJECT] = { .steps = STEPS({ VIM, "propSet", VIM_PROPERTY }, { VIM, "obj", VIM_REFERENCE },
                                    { VIM, "missingSet", VIM_MISSING }),
                     .open = open_object,
                     .close = close_object },

    [VIM_WAIT] = { .steps = STEPS({ VIM, "returnval", VIM_SET }), .open = open_content },
    [VIM_SET] = { .steps = STEPS({ VIM, "version", VIM_VERSION }, { VIM, "filterSet", VIM_FILTER },
                                 { VIM, "truncated", VIM_TRUNCATED }),
                  .close = close_set },
    [VIM_VERSION] = { .text = "a version", .text_max = VIM_MAX_REFERENCE, .close = close_version },
    [VIM_TRUNCATED] = { .text = "truncated", .text_max = VIM_MAX_REFERENCE, .close = close_truncated },
    [VIM_FILTER] = { .steps = STEPS({ VIM, "objectSet", VIM_UPDATE }, { VIM, "missingSet", VIM_ABSENT }) },
    [VIM_ABSENT] = { .steps = STEPS({ VIM, "fault", VIM_ABSENT_WHY }), .open = open_absent },
    [VIM_ABSENT_WHY] = { .steps = STEPS({ VIM, "fault", VIM_ABSENT_FAULT }) },
    [VIM_ABSENT_FAULT] = { .open = open_absent_fault },
    [VIM_UPDATE] = { .steps = STEPS({ VIM, "changeSet", VIM_PROPERTY }, { VIM, "obj", VIM_REFERENCE },
                                    { VIM, "kind", VIM_KIND_WORD }, { VIM, "missingSet", VIM_MISSING }),
                     .open = open_update,
                     .close = close_object },
    [VIM_KIND_WORD] = { .text = "the kind of an update", .text_max = VIM_MAX_REFERENCE, .close = close_kind },

    /* A DynamicProperty or a PropertyChange, which has an op besides. */
    [VIM_PROPERTY] = { .steps = STEPS({ VIM, "name", VIM_PATH }, { VIM, "val", VIM_VALUE_TREE },
                                      { VIM, "op", VIM_OPERATION }),
                       .in_object = true,
                       .open = open_part,
                       .close = close_property },
    [VIM_PATH] = { .text = "the name of a property",
                   .text_max = VIM_MAX_REFERENCE,
                   .in_object = true,
                   .close = close_path },
    [VIM_OPERATION] = { .text = "the op of a change",
                        .text_max = VIM_MAX_REFERENCE,
                        .in_object = true,
                        .close = close_operation },
    [VIM_VALUE_TREE] = { .tree = true, .in_object = true, .open = open_value, .grown = grown_value },
    [VIM_REFERENCE] = { .text = "the reference of an object",
                        .text_max = VIM_MAX_REFERENCE,
                        .open = open_reference,
                        .close = close_reference },
    [VIM_MISSING] = { .steps = STEPS({ VIM, "path", VIM_PATH }, { VIM, "fault", VIM_MISSING_WHY }),
                      .in_object = true,
                      .open = open_part,
                      .close = close_missing },
    [VIM_MISSING_WHY] = { .steps = STEPS({ VIM, "fault", VIM_MISSING_FAULT }), .in_object = true },
    [VIM_MISSING_FAULT] = { .in_object = true, .open = open_missing_fault },
};

static bool leads(const struct vim_step *step, const struct xml_name *name)
{
    return (step->name == NULL || strcmp(step->name, name->local) == 0) &&
           (step->space == NULL || strcmp(step->space, name->space) == 0);
}

enum vim_place_name vim_place_next(const struct vim_place *place, const struct xml_name *name)
{
    const struct vim_step *step = place->steps;

    while (step != NULL && step->to != VIM_NOWHERE && !leads(step, name))
        step++;
    return step == NULL ? VIM_NOWHERE : step->to;
}
