#include "tree.h"

#include "str.h"
#include "text.h"
#include "utf8.h"

#include <string.h>
#include <strings.h>

#define MAX_QUOTE 200 /* bytes of a quoted line */

/* Behind one of these stands what must not get into a log. */
static const char *const secrets[] = { "pass", "pwd", "secret", "token", "key", "community" };

/* Where the text must not be shown any more: behind the first word that announces a secret. */
static size_t secret_from(const char *text, size_t size)
{
    for (size_t at = 0; at < size; at++) {
        for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
            size_t length = strlen(secrets[i]);

            if (size - at >= length && strncasecmp(text + at, secrets[i], length) == 0)
                return at + length;
        }
    }
    return size;
}

static const char *start_of_line(const char *text, int line)
{
    for (; line > 1 && text != NULL; line--) {
        text = strchr(text, '\n');
        text += text != NULL;
    }
    return text;
}

/* Whether a secret that was announced on the line before may stand on this one. */
static bool follows_secret(const char *text, int line)
{
    const char *before = line > 1 ? start_of_line(text, line - 1) : NULL;
    size_t size = before == NULL ? 0 : strcspn(before, "\n");
    size_t from = secret_from(before, size);

    return from < size && memchr(before + from, ';', size - from) == NULL;
}

/* The line for a sentence: fit for a terminal, cut where it is long or where a secret may begin. */
static void quote_line(struct str *out, const char *text, int line)
{
    const char *start = start_of_line(text, line);
    size_t size = start == NULL ? 0 : strcspn(start, "\r\n");
    size_t shown = follows_secret(text, line) ? 0 : secret_from(start, size);
    size_t blanks = start == NULL ? 0 : strspn(start, " \t");
    char copy[MAX_QUOTE + 1];

    if (shown > blanks) {
        start += blanks;
        shown -= blanks;
        size -= blanks;
    }
    if (shown > MAX_QUOTE)
        shown = MAX_QUOTE;
    memcpy(copy, shown == 0 ? "" : start, shown);
    copy[shown] = '\0';
    if (shown < size)
        utf8_trim(copy);
    text_line(out, copy);
    str_add(out, shown < size ? "..." : "");
}

bool tree_parse(config_t *tree, const struct source *source, int *line, struct err *err)
{
    struct str quote = STR_EMPTY;

    config_init(tree);
    /* Nothing is left to include; if something were, this is no folder, and so nothing can be opened beneath it. */
    config_set_include_dir(tree, "/dev/null");
    if (config_read_string(tree, str_text(&source->text)) == CONFIG_TRUE)
        return true;
    *line = config_error_line(tree);
    quote_line(&quote, str_text(&source->text), *line);
    err_set(err, ERR_CONFIG, "%s, here or just before: %s", config_error_text(tree), str_text(&quote));
    str_finish(&quote);
    return false;
}

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
