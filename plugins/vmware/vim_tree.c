#include "vim_tree.h"

#include "xsd.h"

#include <string.h>

const char *vim_tree_type(const struct xml_opening *opening)
{
    const char *type = xml_attribute(opening, XSD_INSTANCE, "type");
    const char *colon = type == NULL ? NULL : strrchr(type, ':');

    return type == NULL ? "" : colon == NULL ? type : colon + 1;
}

const char *vim_tree_reference(const struct xml_opening *opening)
{
    const char *type = xml_attribute(opening, "", "type");

    return type == NULL ? "" : type;
}

void vim_tree_begin(struct vim_tree *tree, struct arena *arena, bool (*keep)(const char *name, const char *type))
{
    tree->arena = arena;
    tree->keep = keep;
    tree->depth = 0;
}

bool vim_tree_keeps(const struct vim_tree *tree, const struct xml_opening *opening)
{
    return tree->keep == NULL || tree->keep(opening->name->local, vim_tree_type(opening));
}

static const char *copy(struct vim_tree *tree, const char *text)
{
    return *text == '\0' ? "" : arena_text(tree->arena, text);
}

static void hang(struct vim_tree *tree, struct vim_value *value)
{
    struct vim_value *parent = tree->open[tree->depth - 1], **last = &tree->last[tree->depth - 1];

    if (*last == NULL)
        parent->first = value;
    else
        (*last)->next = value;
    *last = value;
}

void vim_tree_open(struct vim_tree *tree, const struct xml_opening *opening)
{
    struct vim_value *value = arena_alloc(tree->arena, sizeof *value);

    value->name = copy(tree, opening->name->local);
    value->type = copy(tree, vim_tree_type(opening));
    value->ref_type = copy(tree, vim_tree_reference(opening));
    value->text = "";
    if (tree->depth > 0)
        hang(tree, value);
    tree->open[tree->depth] = value;
    tree->last[tree->depth] = NULL;
    tree->depth++;
}

struct vim_value *vim_tree_close(struct vim_tree *tree, const char *text, size_t size)
{
    struct vim_value *value = tree->open[--tree->depth];

    if (size > 0)
        value->text = arena_bytes(tree->arena, text, size);
    return tree->depth == 0 ? value : NULL;
}
