#include "interpret.h"

#include "cross.h"
#include "draft.h"
#include "sections.h"

static void set_defaults(struct config *config)
{
    config->landlock = "wanted";
    config->seccomp = "wanted";
    config->slots = 16;
    config->scan_memory = 256 * SECTION_MIB;
    config->retention_ms = 400 * SECTION_MS_DAY;
    config->log_level = LOG_LEVEL_INFO;
}

bool interpret(struct config *config, const struct source *source, bool look, struct config_problems *problems)
{
    size_t before = problems->list.count + problems->left_out;
    struct draft draft = {
        .reader = { .arena = &config->arena, .source = source, .problems = problems },
        .config = config,
        .look = look,
    };

    set_defaults(config);
    if (reader_read(&draft.reader, &section_root, config, NULL))
        cross_check(&draft);
    vec_finish(&draft.entries);
    vec_finish(&draft.slots);
    map_finish(&draft.names);
    return problems->list.count + problems->left_out == before;
}
