#include "reader.h"

#include "problem.h"
#include "setting.h"
#include "tree.h"
#include "vet.h"

const char *reader_text(const struct reader *reader, const char *text)
{
    return reader->texts != NULL ? intern_text(reader->texts, text) : arena_text(reader->arena, text);
}

bool reader_read(struct reader *reader, const struct group *root, void *to,
                 void (*after)(struct reader *reader, const config_setting_t *setting, void *to))
{
    struct err err;
    config_t tree;
    bool good;
    int line;

    if (!vet(reader->source, &line, &err)) {
        problem_add(reader->problems, source_place(reader->source, line), "%s", err.text);
        return false;
    }
    good = tree_parse(&tree, reader->source, &line, &err);
    if (good)
        setting_group(reader, config_root_setting(&tree), root, to);
    if (good && after != NULL)
        after(reader, config_root_setting(&tree), to);
    if (!good)
        problem_add(reader->problems, source_place(reader->source, line), "%s", err.text);
    tree_finish(&tree);
    return good;
}
