#include "vim_value.h"

#include "xsd.h"

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

bool vim_int(const struct vim_value *value, const char *path, int64_t *number)
{
    return xsd_int(vim_text(value, path), number);
}

bool vim_bool(const struct vim_value *value, const char *path, bool *truth)
{
    return xsd_bool(vim_text(value, path), truth);
}
