#include "choice.h"

#include "pattern.h"
#include "text.h"

#include <string.h>

static const char attribute_prefix[] = "attribute:";

static bool is_of_attribute(const char *pattern)
{
    return strncmp(pattern, attribute_prefix, sizeof attribute_prefix - 1) == 0;
}

/* ----------------------------------------------------------------------------------------------------- check ---- */

static bool check_pattern(const char *option, const char *pattern, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (pattern[0] == '\0')
        return err_set(err, ERR_CONFIG, "%s has an empty pattern, which fits nothing: take it out", option);
    if (is_of_attribute(pattern)) {
        const char *name = pattern + sizeof attribute_prefix - 1;
        if (name[0] == '\0' || name[0] == '=' || strchr(name, '=') == NULL)
            return err_set(err, ERR_CONFIG, "%s: '%s' is not attribute:NAME=VALUE; * is any text", option,
                           text_quote(quote, pattern));
    }
    return true;
}

static bool check_all(const char *option, const char *const *patterns, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (!check_pattern(option, patterns[i], err))
            return false;
    return true;
}

bool choice_check(const struct choice *choice, struct err *err)
{
    return check_all("include", choice->include, choice->include_count, err) &&
           check_all("exclude", choice->exclude, choice->exclude_count, err);
}

/* ----------------------------------------------------------------------------------------------------- takes ---- */

/* Each beginning of the path that ends before a slash is a folder above, or behind one where it is written so. */
static bool fits_path(const char *pattern, const char *path)
{
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        size_t length = (size_t)(slash - path);
        if (pattern_fits_bytes(pattern, path, length + 1) || (length > 0 && pattern_fits_bytes(pattern, path, length)))
            return true;
    }
    return pattern_fits(pattern, path);
}

static bool fits_attribute(const char *pattern, const struct vm_face *face)
{
    for (size_t i = 0; i < face->custom_count; i++)
        if (pattern_fits(pattern, face->custom[i]))
            return true;
    return false;
}

static bool fits(const char *pattern, const struct vm_face *face)
{
    if (pattern[0] == '/')
        return fits_path(pattern, face->path);
    if (is_of_attribute(pattern))
        return fits_attribute(pattern + sizeof attribute_prefix - 1, face);
    return pattern_fits(pattern, face->name);
}

static bool fits_any(const char *const *patterns, size_t count, const struct vm_face *face)
{
    for (size_t i = 0; i < count; i++)
        if (fits(patterns[i], face))
            return true;
    return false;
}

bool choice_takes(const struct choice *choice, const struct vm_face *face)
{
    return (choice->include_count == 0 || fits_any(choice->include, choice->include_count, face)) &&
           !fits_any(choice->exclude, choice->exclude_count, face);
}

/* What does not fit may fit all the same where it is not known. */
static bool may_fit(const char *pattern, const struct vm_face *face)
{
    if (pattern[0] == '/')
        return face->path_open;
    return is_of_attribute(pattern) ? face->custom_open : face->name_open;
}

static bool may_fit_any(const char *const *patterns, size_t count, const struct vm_face *face)
{
    for (size_t i = 0; i < count; i++)
        if (may_fit(patterns[i], face))
            return true;
    return false;
}

bool choice_is_open(const struct choice *choice, const struct vm_face *face)
{
    const bool in = choice->include_count == 0 || fits_any(choice->include, choice->include_count, face);

    if (fits_any(choice->exclude, choice->exclude_count, face))
        return false;
    return in ? may_fit_any(choice->exclude, choice->exclude_count, face)
              : may_fit_any(choice->include, choice->include_count, face);
}
