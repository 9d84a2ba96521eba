#include "tree.h"

#include "mem.h"
#include "quote.h"
#include "str.h"

#include <string.h>

/* The library does not look at what it gets for a name or a text: without them the file would say something else.
 * NOLINTNEXTLINE(misc-no-recursion): as deep as the brackets, GRAMMAR_MAX_DEPTH at the most */
static void insist_on_memory(const config_setting_t *setting)
{
    if (config_setting_type(setting) == CONFIG_TYPE_STRING && config_setting_get_string(setting) == NULL)
        mem_exhausted(0);
    if (!config_setting_is_aggregate(setting))
        return;
    for (int i = 0; i < config_setting_length(setting); i++) {
        const config_setting_t *inner = config_setting_get_elem((config_setting_t *)setting, (unsigned)i);

        if (config_setting_is_group(setting) && config_setting_name(inner) == NULL)
            mem_exhausted(0);
        insist_on_memory(inner);
    }
}

bool tree_parse(config_t *tree, const struct source *source, int *line, struct err *err)
{
    struct str quote = STR_EMPTY;

    config_init(tree);
    /* Nothing is left to include; if something were, this is no folder, and so nothing can be opened beneath it. */
    config_set_include_dir(tree, "/dev/null");
    if (config_read_string(tree, str_text(&source->text)) == CONFIG_TRUE) {
        insist_on_memory(config_root_setting(tree));
        return true;
    }
    *line = config_error_line(tree);
    quote_line(&quote, source, *line);
    err_set(err, ERR_CONFIG, "%s, in: %s", config_error_text(tree), str_text(&quote));
    str_finish(&quote);
    return false;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the brackets, GRAMMAR_MAX_DEPTH at the most */
static void wipe(config_setting_t *setting)
{
    if (config_setting_type(setting) == CONFIG_TYPE_STRING && setting->value.sval != NULL)
        explicit_bzero(setting->value.sval, strlen(setting->value.sval));
    if (!config_setting_is_aggregate(setting))
        return;
    for (int i = 0; i < config_setting_length(setting); i++)
        wipe(config_setting_get_elem(setting, (unsigned)i));
}

void tree_finish(config_t *tree)
{
    wipe(config_root_setting(tree));
    config_destroy(tree);
}
