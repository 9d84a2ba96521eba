#include "target_filter.h"

#include "pattern.h"

#include <string.h>

/* The entry's own name may have slashes, too. */
bool target_filter_fits(const char *pattern, const char *name)
{
    const char *slash = strrchr(name, '/');

    return pattern_fits(pattern, name) || (slash != NULL && pattern_fits_bytes(pattern, name, (size_t)(slash - name)));
}

bool target_filter_covers(const struct word_list *targets, const struct word_list *tags, const struct word_list *names,
                          const struct word_list *tagged)
{
    return word_list_meets_any(targets, names, target_filter_fits) && word_list_meets_any(tags, tagged, word_is);
}
