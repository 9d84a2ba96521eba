#include "paths.h"

#include "source.h"
#include "tree.h"
#include "vet.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What lies at a path that starts at this program's folder, the fallback where nothing does. */
static const char *beside_program(struct arena *arena, const char *relative, const char *fallback)
{
    char program[PATH_MAX], path[PATH_MAX + 64];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    char *slash, *real;
    const char *found = fallback;

    if (length <= 0)
        return fallback;
    program[length] = '\0';
    slash = strrchr(program, '/');
    if (slash == NULL)
        return fallback;
    *slash = '\0';
    snprintf(path, sizeof path, "%s/%s", program, relative);
    real = realpath(path, NULL);
    if (real != NULL)
        found = arena_text(arena, real);
    free(real);
    return found;
}

static const char *matrix_path(struct arena *arena)
{
    return beside_program(arena, "../share/muster/matrix", PATHS_MATRIX);
}

static const char *products_path(struct arena *arena)
{
    return beside_program(arena, "../share/muster/products.conf", PATHS_PRODUCTS);
}

void paths_set_defaults(struct config *config)
{
    config->database = PATHS_DATABASE;
    config->control = PATHS_CONTROL;
    config->plugin_dir = beside_program(&config->arena, "../plugins", PATHS_PLUGINS);
    config->plugin_host = beside_program(&config->arena, "muster-plugin-host", PATHS_PLUGIN_HOST);
    config->matrix = matrix_path(&config->arena);
    config->products = products_path(&config->arena);
}

/* A path of the configuration, made absolute; the fallback where the key is not there. */
static bool find_path(const config_t *tree, const struct source *source, const char *name, const char **path,
                      struct err *err)
{
    const config_setting_t *setting = config_setting_get_member(config_root_setting(tree), name);
    const char *text;

    if (setting == NULL)
        return true;
    text = config_setting_get_string(setting);
    if (text == NULL || text[0] == '\0')
        return err_set(err, ERR_CONFIG, "%s: expected a path in quotes, such as \"%s\"", name, *path);
    *path = text[0] == '/' ? arena_text(source->arena, text)
                           : arena_format(source->arena, "%s/%s",
                                          source_folder(source, (int)config_setting_source_line(setting)), text);
    return true;
}

static bool find_paths(const struct source *source, struct config_paths *paths, int *line, struct err *err)
{
    config_t tree;
    bool good;

    if (!vet(source, line, err))
        return false;
    good = tree_parse(&tree, source, line, err);
    if (good) {
        *line = 0;
        good = find_path(&tree, source, "database", &paths->database, err) &&
               find_path(&tree, source, "control", &paths->control, err) &&
               find_path(&tree, source, "matrix", &paths->matrix, err) &&
               find_path(&tree, source, "products", &paths->products, err);
    }
    tree_finish(&tree);
    return good;
}

bool config_paths_load(const char *path, struct arena *arena, struct config_paths *paths, struct err *err)
{
    const struct config_paths defaults = { PATHS_DATABASE, PATHS_CONTROL, matrix_path(arena), products_path(arena) };
    struct config_place place = { path, 0 };
    struct err own = ERR_EMPTY;
    struct source source;
    int line = 0;
    bool good;

    *paths = defaults;
    good = source_read(&source, path, SOURCE_READABLE, arena, NULL, &place, &own);
    if (good && !find_paths(&source, paths, &line, &own)) {
        good = false;
        if (line > 0)
            place = source_place(&source, line);
    }
    source_finish(&source);
    if (good)
        return true;
    *paths = defaults;
    err_set(err, own.class, "%s", own.text);
    return place.line > 0 ? err_add(err, "%s:%d", place.file, place.line) : err_add(err, "%s", place.file);
}

const char *paths_command(struct arena *arena)
{
    return beside_program(arena, "muster", PATHS_COMMAND);
}
