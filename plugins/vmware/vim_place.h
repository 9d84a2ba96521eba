/* Where in a reply a reader is, and what each place leads to: the grammar of vim_read.h as a table. */
#ifndef VIM_PLACE_H
#define VIM_PLACE_H

#include "arena.h"
#include "err.h"
#include "str.h"
#include "vim_gather.h"
#include "vim_read.h"
#include "vim_tree.h"
#include "xml.h"

#include <stdbool.h>
#include <stddef.h>

/* What to say of a reply that is none. */
#define VIM_NO_SOAP "the reply is no SOAP message, but that of a proxy or another service perhaps"

/* What a reader knows of the reply: the places write to it. */
struct vim_scene {
    struct vim_taker taker;
    bool (*keep)(const char *name, const char *type);
    struct arena kept; /* of what stands around the objects */
    struct vim_reply reply;
    struct vim_gather gather;
    struct vim_tree tree;
    struct vim_value *last; /* of the reply's result or the fault's detail: where the next one is hung */
    struct str text;        /* of the element that is open */
    bool begun, body;       /* there was an element, a Body */
};

enum vim_place_name {
    VIM_NOWHERE, /* what is passed over, with all beneath it */
    VIM_START,
    VIM_ENVELOPE,
    VIM_BODY,
    VIM_FAULT,
    VIM_FAULT_TEXT,
    VIM_FAULT_DETAIL,
    VIM_FAULT_TREE,
    VIM_OTHER,
    VIM_OTHER_TREE,
    VIM_RETRIEVE,
    VIM_RESULT,
    VIM_TOKEN,
    VIM_OBJECT,
    VIM_REFERENCE,
    VIM_PROPERTY,
    VIM_PATH,
    VIM_OPERATION,
    VIM_VALUE_TREE,
    VIM_MISSING,
    VIM_MISSING_WHY,
    VIM_MISSING_FAULT,
    VIM_WAIT,
    VIM_SET,
    VIM_VERSION,
    VIM_TRUNCATED,
    VIM_FILTER,
    VIM_UPDATE,
    VIM_KIND_WORD,
    VIM_ABSENT,
    VIM_ABSENT_WHY,
    VIM_ABSENT_FAULT,
    VIM_PLACE_COUNT,
};

/* An element as it opens. */
struct vim_opening {
    const struct xml_name *name;
    const struct xml_attribute *attributes;
    size_t count;
};

struct vim_step {
    const char *space; /* NULL: any */
    const char *name;  /* NULL: any */
    enum vim_place_name to;
};

struct vim_place {
    const struct vim_step *steps; /* to elements beneath, ended by one to VIM_NOWHERE; NULL: none */
    const char *text;             /* what its text is, in words; NULL: the text is passed over */
    size_t text_max;              /* bytes of it */
    bool tree;                    /* all beneath it is a struct vim_value */
    bool in_object;               /* an error here is about the object that is gathered */
    bool (*open)(struct vim_scene *scene, const struct vim_opening *opening, struct err *err);
    bool (*close)(struct vim_scene *scene, struct err *err);
    /* The root is complete. */
    void (*grown)(struct vim_scene *scene, struct vim_value *root);
    /* For an element beneath that no step leads to; NULL: it is passed over. */
    bool (*other)(struct vim_scene *scene, const struct vim_opening *opening, struct err *err);
};

extern const struct vim_place vim_places[VIM_PLACE_COUNT];

/* Where an element leads to from a place that is no tree. */
enum vim_place_name vim_place_next(const struct vim_place *place, const struct xml_name *name);

#endif
