/* Any text as a configuration: it is loaded, or there is a sentence for each problem. libconfig is never brought to
 * open a file, whatever the text says; no password gets into a sentence. */
#include "config.h"
#include "interpret.h"
#include "source.h"
#include "utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void check_problems(const struct config_problems *problems)
{
    for (size_t i = 0; i < problems->list.count; i++) {
        const struct config_problem *problem = &problems->list.items[i];

        expect(problem->text[0] != '\0' && utf8_valid(problem->text, strlen(problem->text)));
        expect(strcmp(problem->place.file, "fuzz.conf") == 0 && problem->place.line >= 0);
        /* Of libconfig's own errors one is left; ours has a colon where libconfig's is followed by a comma. */
        expect(strncmp(problem->text, "cannot open include file", 24) != 0);
        expect(strncmp(problem->text, "syntax error,", 13) != 0);
        expect(strncmp(problem->text, "mismatched element", 18) != 0);
    }
}

static void check_targets(const struct config *config)
{
    for (size_t i = 0; i < config->targets.count; i++) {
        const struct config_target *target = &config->targets.items[i];

        expect(target->name[0] != '\0' && target->scope[0] != '\0');
        expect(target->plugin_number < config->plugins.count);
        expect(strcmp(config->plugins.items[target->plugin_number].name, target->plugin) == 0);
        expect(target->every_ms >= 1000 && target->deadline_ms >= 1000 && target->memory_mb >= 16 &&
               target->cpu_s >= 1);
        for (size_t option = 0; option < target->options.count; option++)
            expect(target->option_places[option].line > 0 && target->option_folders[option][0] == '/');
    }
}

/* A plugin with each type of option, and the options that a credential gives. */
static void check_options(const struct config *config, struct config_problems *problems)
{
    static const struct option_spec specs[] = {
        { .name = "host", .type = OPTION_TEXT },       { .name = "port", .type = OPTION_INT, .min = 1, .max = 65535 },
        { .name = "all", .type = OPTION_BOOL },        { .name = "username", .type = OPTION_TEXT },
        { .name = "password", .type = OPTION_SECRET }, { .name = "wait", .type = OPTION_DURATION },
        { .name = "folders", .type = OPTION_LIST },    { .name = "ca_file", .type = OPTION_PATH },
    };
    static const struct option_table table = { specs, sizeof specs / sizeof specs[0] };

    for (size_t plugin = 0; plugin < config->plugins.count; plugin++)
        config_check_options(config, plugin, &table, problems);
    check_problems(problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config *config = mem_new(1, sizeof *config);
    const struct source_text text = { "fuzz.conf", (const char *)data, size };
    struct config_problems problems;
    struct config_place place;
    struct source source;
    struct err err = ERR_EMPTY;

    arena_init(&config->arena, ARENA_SECRET);
    config->references = 1;
    config->file = "fuzz.conf";
    config->plugin_dir = "/plugins";
    config_problems_init(&problems);
    if (!source_take(&source, &text, &config->arena, NULL, &place, &err)) {
        expect(err.text[0] != '\0' && place.file[0] != '\0');
    } else if (interpret(config, &source, false, &problems)) {
        check_targets(config);
        check_options(config, &problems);
    } else {
        expect(problems.list.count > 0);
    }
    check_problems(&problems);
    source_finish(&source);
    config_problems_finish(&problems);
    config_unload(config);
    return 0;
}
