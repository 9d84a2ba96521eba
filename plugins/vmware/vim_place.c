#include "vim_place.h"

#include "soap.h"
#include "text.h"
#include "xsd.h"

#include <string.h>

#define VIM "urn:vim25"

enum {
    START = XML_START,
    ENVELOPE,
    BODY,
    FAULT,
    FAULT_TEXT,
    FAULT_DETAIL,
    FAULT_TREE,
    OTHER,
    OTHER_TREE,
    RETRIEVE,
    RESULT,
    TOKEN,
    OBJECT,
    REFERENCE,
    PROPERTY,
    PATH,
    OPERATION,
    VALUE_TREE,
    MISSING,
    MISSING_WHY,
    MISSING_FAULT,
    WAIT,
    SET,
    VERSION,
    TRUNCATED,
    FILTER,
    UPDATE,
    KIND_WORD,
    ABSENT,
    ABSENT_WHY,
    ABSENT_FAULT,
    BRANCH,
};

/* -------------------------------------------------------------------------------------------------- envelope ---- */

static bool refuse_root(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)context;
    return soap_refuse_envelope(opening, "1.1", err);
}

static bool open_body(void *context, const struct xml_opening *opening, struct err *err)
{
    struct vim_scene *scene = context;

    (void)opening;
    if (scene->body)
        return soap_refuse_second_body(err);
    scene->body = true;
    return true;
}

static bool refuse_content(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)context;
    return soap_refuse_content(opening, "the vSphere API", err);
}

static bool open_content(void *context, const struct xml_opening *opening, struct err *err)
{
    struct vim_scene *scene = context;

    if (scene->reply.method != NULL)
        return soap_refuse_second_content(err);
    scene->reply.method = arena_text(&scene->kept, opening->name->local);
    return true;
}

/* ----------------------------------------------------------------------------------------------------- trees ---- */

static int next_branch(void *context, const struct xml_opening *opening)
{
    const struct vim_scene *scene = context;

    return vim_tree_keeps(&scene->tree, opening) ? BRANCH : XML_NOWHERE;
}

static const char *branch_name(const void *context)
{
    const struct vim_tree *tree = &((const struct vim_scene *)context)->tree;

    return tree->open[tree->depth - 1]->name;
}

static bool open_branch(void *context, const struct xml_opening *opening, struct err *err)
{
    struct vim_scene *scene = context;

    (void)err;
    vim_tree_open(&scene->tree, opening);
    return true;
}

static bool close_branch(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_scene *scene = context;

    (void)err;
    vim_tree_close(&scene->tree, text, size);
    return true;
}

static bool open_kept_tree(void *context, const struct xml_opening *opening, struct err *err)
{
    struct vim_scene *scene = context;

    vim_tree_begin(&scene->tree, &scene->kept, NULL);
    return open_branch(scene, opening, err);
}

/* ---------------------------------------------------------------------------------------- faults and results ---- */

static bool open_fault(void *context, const struct xml_opening *opening, struct err *err)
{
    ((struct vim_scene *)context)->reply.fault.is = true;
    return open_content(context, opening, err);
}

static bool close_fault_text(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_scene *scene = context;

    (void)err;
    scene->reply.fault.text = arena_bytes(&scene->kept, text, size);
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

/* Hangs a value behind those that came before it. */
static void append(struct vim_scene *scene, const struct vim_value **first, struct vim_value *value)
{
    if (*first == NULL)
        *first = value;
    else
        scene->last->next = value;
    scene->last = value;
}

static bool close_fault_tree(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_scene *scene = context;
    struct vim_fault *fault = &scene->reply.fault;
    struct vim_value *root = vim_tree_close(&scene->tree, text, size);

    (void)err;
    if (fault->detail == NULL)
        fault->type = fault_word(&scene->kept, root->type[0] != '\0' ? root->type : root->name);
    append(scene, &fault->detail, root);
    return true;
}

static bool close_other_tree(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_scene *scene = context;

    (void)err;
    append(scene, &scene->reply.result, vim_tree_close(&scene->tree, text, size));
    return true;
}

static bool close_token(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_scene *scene = context;

    (void)err;
    scene->reply.token = size == 0 ? NULL : arena_bytes(&scene->kept, text, size);
    return true;
}

/* ----------------------------------------------------------------------------------------------- an UpdateSet ---- */

static bool close_version(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_scene *scene = context;

    (void)err;
    scene->reply.version = size == 0 ? NULL : arena_bytes(&scene->kept, text, size);
    return true;
}

static bool close_truncated(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_scene *scene = context;
    char quote[TEXT_QUOTE_SIZE];

    (void)size;
    if (xsd_bool(text, &scene->reply.truncated))
        return true;
    return err_set(err, ERR_PROTOCOL, "an UpdateSet whose truncated is \"%s\", neither true nor false",
                   text_quote(quote, text));
}

static bool close_set(void *context, const char *text, size_t size, struct err *err)
{
    const struct vim_scene *scene = context;

    (void)text, (void)size;
    if (scene->reply.version == NULL)
        return err_set(err, ERR_PROTOCOL, "an UpdateSet without its version");
    return true;
}

static bool open_absent(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    ((struct vim_scene *)context)->reply.absent = "";
    return true;
}

static bool open_absent_fault(void *context, const struct xml_opening *opening, struct err *err)
{
    struct vim_scene *scene = context;

    (void)err;
    scene->reply.absent = fault_word(&scene->kept, vim_tree_type(opening));
    return true;
}

/* ------------------------------------------------------------------------------------------------- an object ---- */

static bool open_object(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    vim_gather_begin(&((struct vim_scene *)context)->gather, VIM_ENTER);
    return true;
}

static bool open_update(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    vim_gather_begin(&((struct vim_scene *)context)->gather, 0);
    return true;
}

static bool close_object(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_scene *scene = context;

    (void)text, (void)size;
    if (!vim_gather_end(&scene->gather, err))
        return vim_gather_blame(&scene->gather, err);
    scene->reply.objects++;
    return scene->taker.take == NULL || scene->taker.take(scene->taker.context, &scene->gather.object, err);
}

static bool close_kind(void *context, const char *text, size_t size, struct err *err)
{
    (void)size;
    return vim_gather_kind(&((struct vim_scene *)context)->gather, text, err);
}

static bool open_reference(void *context, const struct xml_opening *opening, struct err *err)
{
    struct vim_gather *gather = &((struct vim_scene *)context)->gather;

    (void)err;
    gather->object.type = arena_text(&gather->arena, vim_tree_reference(opening));
    return true;
}

static bool close_reference(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_gather *gather = &((struct vim_scene *)context)->gather;

    (void)err;
    gather->object.moref = arena_bytes(&gather->arena, text, size);
    return true;
}

static bool open_part(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    vim_gather_part(&((struct vim_scene *)context)->gather);
    return true;
}

static bool close_path(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_gather *gather = &((struct vim_scene *)context)->gather;

    (void)err;
    gather->path = arena_bytes(&gather->arena, text, size);
    return true;
}

/* remove, and indirectRemove where what held the property is gone; add and assign come with the value. */
static bool close_operation(void *context, const char *text, size_t size, struct err *err)
{
    (void)size, (void)err;
    ((struct vim_scene *)context)->gather.unset = strcmp(text, "remove") == 0 || strcmp(text, "indirectRemove") == 0;
    return true;
}

static bool open_value(void *context, const struct xml_opening *opening, struct err *err)
{
    struct vim_scene *scene = context;

    vim_tree_begin(&scene->tree, &scene->gather.arena, scene->keep);
    return open_branch(scene, opening, err);
}

static bool close_value(void *context, const char *text, size_t size, struct err *err)
{
    struct vim_scene *scene = context;

    (void)err;
    scene->gather.value = vim_tree_close(&scene->tree, text, size);
    return true;
}

static bool close_property(void *context, const char *text, size_t size, struct err *err)
{
    (void)text, (void)size;
    return vim_gather_property(&((struct vim_scene *)context)->gather, err);
}

static bool open_missing_fault(void *context, const struct xml_opening *opening, struct err *err)
{
    struct vim_gather *gather = &((struct vim_scene *)context)->gather;

    (void)err;
    gather->fault = fault_word(&gather->arena, vim_tree_type(opening));
    return true;
}

static bool close_missing(void *context, const char *text, size_t size, struct err *err)
{
    (void)text, (void)size;
    return vim_gather_missing(&((struct vim_scene *)context)->gather, err);
}

/* Says nothing of an object where none is gathered. */
static bool blame_object(const void *context, struct err *err)
{
    return vim_gather_blame(&((const struct vim_scene *)context)->gather, err);
}

/* ---------------------------------------------------------------------------------------------------- limits ---- */

static bool check(const void *context, struct err *err)
{
    const struct vim_scene *scene = context;

    if (scene->gather.arena.total > VIM_MAX_OBJECT)
        return err_set(err, ERR_PROTOCOL, "the object takes more than %u bytes", VIM_MAX_OBJECT);
    if (scene->kept.total > VIM_MAX_OBJECT)
        return err_set(err, ERR_PROTOCOL, "the result takes more than %u bytes", VIM_MAX_OBJECT);
    return true;
}

/* ----------------------------------------------------------------------------------------------------- table ---- */

#define WORD(what, function) .text = what, .text_max = VIM_MAX_REFERENCE, .close = function
#define TREE(function_open, function_close)                                                                            \
    .next = next_branch, .text = "the text of", .text_max = VIM_MAX_TEXT, .name = branch_name, .open = function_open,  \
    .close = function_close

static const struct xml_place places[] = {
    [START] = { .steps = XML_STEPS({ SOAP_1_1, "Envelope", ENVELOPE }), .other = refuse_root },
    [ENVELOPE] = { .steps = XML_STEPS({ SOAP_1_1, "Body", BODY }) },
    [BODY] = { .steps = XML_STEPS({ SOAP_1_1, "Fault", FAULT }, { VIM, "RetrievePropertiesExResponse", RETRIEVE },
                                  { VIM, "ContinueRetrievePropertiesExResponse", RETRIEVE },
                                  { VIM, "WaitForUpdatesExResponse", WAIT }, { VIM, NULL, OTHER }),
               .open = open_body,
               .other = refuse_content },

    /* SOAP 1.1, section 4.4: what is inside of a Fault has no namespace. */
    [FAULT] = { .steps = XML_STEPS({ "", "faultstring", FAULT_TEXT }, { "", "detail", FAULT_DETAIL }),
                .open = open_fault },
    [FAULT_TEXT] = { .text = "the text of a fault", .text_max = VIM_MAX_TEXT, .close = close_fault_text },
    [FAULT_DETAIL] = { .steps = XML_STEPS({ NULL, NULL, FAULT_TREE }) },
    [FAULT_TREE] = { TREE(open_kept_tree, close_fault_tree) },

    [OTHER] = { .steps = XML_STEPS({ VIM, "returnval", OTHER_TREE }), .open = open_content },
    [OTHER_TREE] = { TREE(open_kept_tree, close_other_tree) },

    [RETRIEVE] = { .steps = XML_STEPS({ VIM, "returnval", RESULT }), .open = open_content },
    [RESULT] = { .steps = XML_STEPS({ VIM, "objects", OBJECT }, { VIM, "token", TOKEN }) },
    [TOKEN] = { .text = "a token", .text_max = VIM_MAX_REFERENCE, .close = close_token },
    [OBJECT] = { .steps =
                     XML_STEPS({ VIM, "propSet", PROPERTY }, { VIM, "obj", REFERENCE }, { VIM, "missingSet", MISSING }),
                 .open = open_object,
                 .close = close_object },

    [WAIT] = { .steps = XML_STEPS({ VIM, "returnval", SET }), .open = open_content },
    [SET] = { .steps =
                  XML_STEPS({ VIM, "version", VERSION }, { VIM, "filterSet", FILTER }, { VIM, "truncated", TRUNCATED }),
              .close = close_set },
    [VERSION] = { .text = "a version", .text_max = VIM_MAX_REFERENCE, .close = close_version },
    [TRUNCATED] = { .text = "truncated", .text_max = VIM_MAX_REFERENCE, .close = close_truncated },
    [FILTER] = { .steps = XML_STEPS({ VIM, "objectSet", UPDATE }, { VIM, "missingSet", ABSENT }) },
    [ABSENT] = { .steps = XML_STEPS({ VIM, "fault", ABSENT_WHY }), .open = open_absent },
    [ABSENT_WHY] = { .steps = XML_STEPS({ VIM, "fault", ABSENT_FAULT }) },
    [ABSENT_FAULT] = { .open = open_absent_fault },
    [UPDATE] = { .steps = XML_STEPS({ VIM, "changeSet", PROPERTY }, { VIM, "obj", REFERENCE },
                                    { VIM, "kind", KIND_WORD }, { VIM, "missingSet", MISSING }),
                 .open = open_update,
                 .close = close_object },
    [KIND_WORD] = { .text = "the kind of an update", .text_max = VIM_MAX_REFERENCE, .close = close_kind },

    /* A DynamicProperty or a PropertyChange, which has an op besides. */
    [PROPERTY] = { .steps = XML_STEPS({ VIM, "name", PATH }, { VIM, "val", VALUE_TREE }, { VIM, "op", OPERATION }),
                   .blame = blame_object,
                   .open = open_part,
                   .close = close_property },
    [PATH] = { .text = "the name of a property",
               .text_max = VIM_MAX_REFERENCE,
               .blame = blame_object,
               .close = close_path },
    [OPERATION] = { .text = "the op of a change",
                    .text_max = VIM_MAX_REFERENCE,
                    .blame = blame_object,
                    .close = close_operation },
    [VALUE_TREE] = { TREE(open_value, close_value), .blame = blame_object },
    [REFERENCE] = { .text = "the reference of an object",
                    .text_max = VIM_MAX_REFERENCE,
                    .open = open_reference,
                    .close = close_reference },
    [MISSING] = { .steps = XML_STEPS({ VIM, "path", PATH }, { VIM, "fault", MISSING_WHY }),
                  .blame = blame_object,
                  .open = open_part,
                  .close = close_missing },
    [MISSING_WHY] = { .steps = XML_STEPS({ VIM, "fault", MISSING_FAULT }), .blame = blame_object },
    [MISSING_FAULT] = { .blame = blame_object, .open = open_missing_fault },
    [BRANCH] = { TREE(open_branch, close_branch), .blame = blame_object },
};

const struct xml_grammar vim_grammar = { .places = places, .check = check, .stranger = SOAP_STRANGER };
