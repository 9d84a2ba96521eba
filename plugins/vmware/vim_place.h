/* Where in a reply a reader is, and what each place leads to: the grammar of vim_read.h as a table. */
#ifndef VIM_PLACE_H
#define VIM_PLACE_H

#include "arena.h"
#include "err.h"
#include "vim_gather.h"
#include "vim_read.h"
#include "vim_tree.h"
#include "xml_walk.h"

#include <stdbool.h>
#include <stddef.h>

/* What a reader knows of the reply: the places write to it. */
struct vim_scene {
    struct vim_taker taker;
    bool (*keep)(const char *name, const char *type);
    struct arena kept; /* of what stands around the objects */
    struct vim_reply reply;
    struct vim_gather gather;
    struct vim_tree tree;
    struct vim_value *last; /* of the reply's result or the fault's detail: where the next one is hung */
    bool body;              /* there was one */
};

/* Its places get a struct vim_scene. */
extern const struct xml_grammar vim_grammar;

#endif
