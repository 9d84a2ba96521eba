/* Elements as they open and close, made into a tree of struct vim_value. Pure.
 *
 *     vim_tree_begin(&tree, &arena, keep);
 *     vim_tree_open(&tree, opening);                     the root, and then each element beneath
 *     root = vim_tree_close(&tree, text, size);          for each; NULL until it is the root's turn
 *
 * An element that is not kept must not be told to the tree, nor what is beneath it. */
#ifndef VIM_TREE_H
#define VIM_TREE_H

#include "arena.h"
#include "vim_value.h"
#include "xml_walk.h"

#include <stdbool.h>
#include <stddef.h>

struct vim_tree {
    struct arena *arena; /* of all that is made */
    bool (*keep)(const char *name, const char *type);
    struct vim_value *open[XML_MAX_DEPTH]; /* from the root to the element that was opened last */
    struct vim_value *last[XML_MAX_DEPTH]; /* the last child of each */
    size_t depth;
};

/* keep NULL: everything is of use. */
void vim_tree_begin(struct vim_tree *tree, struct arena *arena, bool (*keep)(const char *name, const char *type));

/* Whether an element beneath the root is of use. */
bool vim_tree_keeps(const struct vim_tree *tree, const struct xml_opening *opening);

/* At most XML_MAX_DEPTH above each other, as xml.h has it. */
void vim_tree_open(struct vim_tree *tree, const struct xml_opening *opening);

/* The text is the element's own; one that has children has none. */
struct vim_value *vim_tree_close(struct vim_tree *tree, const char *text, size_t size);

/* xsi:type without its prefix, and the plain attribute type; "" where there is none. They live as long as the
 * opening. */
const char *vim_tree_type(const struct xml_opening *opening);
const char *vim_tree_reference(const struct xml_opening *opening);

#endif
