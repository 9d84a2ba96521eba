#include "vim_tree.h"

#include <string.h>

static const char *attribute(const struct xml_attribute *attributes, size_t count, const char *space)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(attributes[i].name.local, "type") == 0 && strcmp(attributes[i].name.space, space) == 0)
            return attributes[i].value;
    return "";
}

const char *vim_tree_type(const struct xml_attribute *attributes, size_t count)
{
    const char *type = attribute(attributes, count, VIM_XSI), *colon = strrchr(type, ':');

    return colon == NULL ? type : colon + 1;
}

const char *vim_tree_reference(const struct xml_attribute *attributes, size_t count)
{
    return attribute(attributes, count, "");
}

void vim_tree_begin(struct vim_tree *tree, struct arena *arena, bool (*keep)(const char *name, const char *type))
{
    tree->arena = arena;
    tree->keep = keep;
    tree->depth = 0;
}

bool vim_tree_keeps(const struct vim_tree *tree, const struct xml_name *name, const struct xml_attribute *attributes,
                    size_t count)
{
    return tree->keep == NULL || tree->keep(name->local, vim_tree_type(attributes, count));
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

void vim_tree_open(struct vim_tree *tree, const struct xml_name *name, const struct xml_attribute *attributes,
                   size_t count)
{
    struct vim_value *value = arena_alloc(tree->arena, sizeof *value);

    value->name = copy(tree, name->local);
    value->type = copy(tree, vim_tree_type(attributes, count));
    value->ref_type = copy(tree, vim_tree_reference(attributes, count));
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
