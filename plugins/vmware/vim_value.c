#include "vim_value.h"

#include <string.h>

static const struct vim_value *named(const struct vim_value *value, const char *name, size_t length)
{
    for (; value != NULL; value = value->next)
        if (strncmp(value->name, name, length) == 0 && value->name[length] == '\0')
            return value;
    return NULL;
}

const struct vim_value *vim_child(const struct vim_value *value, const char *name)
{
    return value == NULL ? NULL : named(value->first, name, strlen(name));
}

const struct vim_value *vim_again(const struct vim_value *value)
{
    return value == NULL ? NULL : named(value->next, value->name, strlen(value->name));
}

const char *vim_text(const struct vim_value *value, const char *path)
{
    while (value != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");

        value = named(value->first, path, length);
        path += length + (path[length] == '.');
    }
    return value == NULL ? NULL : value->text;
}

/* The text without the blanks that XML Schema allows around a number, its length in *length; NULL where it is missing.
 */
static const char *bare(const struct vim_value *value, const char *path, size_t *length)
{
    static const char blanks[] = " \t\r\n";
    const char *text = vim_text(value, path);

    if (text == NULL)
        return NULL;
    text += strspn(text, blanks);
    *length = strcspn(text, blanks);
    return text[*length + strspn(text + *length, blanks)] == '\0' ? text : NULL;
}

bool vim_int(const struct vim_value *value, const char *path, int64_t *number)
{
    size_t length = 0, at = 0;
    const char *text = bare(value, path, &length);
    bool negative = text != NULL && *text == '-';
    int64_t sum = 0;

    if (text != NULL && (*text == '-' || *text == '+'))
        at++;
    if (text == NULL || at == length)
        return false;
    /* Summed up below zero, where there is room for one more than above. */
    for (; at < length; at++)
        if (text[at] < '0' || text[at] > '9' || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_sub_overflow(sum, text[at] - '0', &sum))
            return false;
    if (!negative && sum == INT64_MIN)
        return false;
    *number = negative ? sum : -sum;
    return true;
}

bool vim_bool(const struct vim_value *value, const char *path, bool *truth)
{
    static const struct {
        const char *word;
        bool truth;
    } words[] = { { "true", true }, { "false", false }, { "1", true }, { "0", false } };
    size_t length = 0;
    const char *text = bare(value, path, &length);

    if (text == NULL)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == length && memcmp(words[i].word, text, length) == 0) {
            *truth = words[i].truth;
            return true;
        }
    return false;
}
