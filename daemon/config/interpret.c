#include "interpret.h"

#include "cross.h"
#include "problem.h"
#include "reader.h"
#include "sections.h"
#include "tree.h"
#include "vet.h"

static void set_defaults(struct config *config)
{
    config->landlock = "wanted";
    config->seccomp = "wanted";
    config->slots = 16;
    config->scan_memory = 256 * SECTION_MIB;
    config->retention_ms = 400 * SECTION_MS_DAY;
    config->log_level = LOG_LEVEL_INFO;
}

static void read_tree(struct config *config, const struct source *source, const config_t *tree, bool look,
                      struct config_problems *problems)
{
    struct reader reader = { .config = config, .source = source, .problems = problems, .look = look };

    setting_group(&reader, config_root_setting(tree), &section_root, config);
    cross_check(&reader);
    vec_finish(&reader.entries);
    vec_finish(&reader.slots);
    map_finish(&reader.names);
}

bool interpret(struct config *config, const struct source *source, bool look, struct config_problems *problems)
{
    size_t before = problems->list.count + problems->left_out;
    struct err err;
    config_t tree;
    int line;

    set_defaults(config);
    if (!vet(source, &line, &err)) {
        problem_add(problems, source_place(source, line), "%s", err.text);
        return false;
    }
    if (tree_parse(&tree, source, &line, &err))
        read_tree(config, source, &tree, look, problems);
    else
        problem_add(problems, source_place(source, line), "%s", err.text);
    tree_finish(&tree);
    return problems->list.count + problems->left_out == before;
}
