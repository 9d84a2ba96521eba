#include "err.h"

#include "utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const words[ERR_CLASS_COUNT] = { [ERR_NONE] = "none",
#define X(name, word, meaning) [ERR_##name] = word,
                                                    ERR_CLASSES(X)
#undef X
};

bool err_vset(struct err *err, enum err_class class, const char *format, va_list args)
{
    if (err == NULL)
        return false;
    err->class = class;
    vsnprintf(err->text, sizeof err->text, format, args);
    utf8_trim(err->text);
    return false;
}

bool err_set(struct err *err, enum err_class class, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    err_vset(err, class, format, args);
    va_end(args);
    return false;
}

bool err_system(struct err *err, const char *format, ...)
{
    const char *reason = strerror(errno);
    size_t room = sizeof err->text - sizeof ": " - strlen(reason);
    size_t length;
    va_list args;

    if (err == NULL)
        return false;
    va_start(args, format);
    err_vset(err, ERR_SYSTEM, format, args);
    va_end(args);
    /* A sentence that is too long loses its own end, not the reason. */
    if (strlen(err->text) > room) {
        err->text[room] = '\0';
        utf8_trim(err->text);
    }
    length = strlen(err->text);
    snprintf(err->text + length, sizeof err->text - length, ": %s", reason);
    return false;
}

bool err_add(struct err *err, const char *format, ...)
{
    char context[ERR_TEXT_SIZE];
    struct err whole;
    va_list args;

    if (err == NULL)
        return false;
    va_start(args, format);
    vsnprintf(context, sizeof context, format, args);
    va_end(args);
    utf8_trim(context);
    err_set(&whole, err->class, "%s: %s", context, err->text);
    *err = whole;
    return false;
}

const char *err_class_word(enum err_class class)
{
    return (unsigned)class < ERR_CLASS_COUNT ? words[class] : words[ERR_BUG];
}

enum err_class err_class_named(const char *word)
{
    for (enum err_class i = ERR_NONE + 1; i < ERR_CLASS_COUNT; i++) {
        if (strcmp(words[i], word) == 0)
            return i;
    }
    return ERR_NONE;
}
