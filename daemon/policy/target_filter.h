/* Targets, as hooks, maintenance windows, assign rules and exemptions ask for them. */
#ifndef TARGET_FILTER_H
#define TARGET_FILTER_H

#include "word_list.h"

#include <stdbool.h>

/* Whether the pattern (pattern.h) fits the name, or that of the entry whose hosts are targets: NAME, of NAME/HOST. */
bool target_filter_fits(const char *pattern, const char *name);

/* Whether one of these names fits what is asked of targets, and one of their tags is among those asked for. */
bool target_filter_covers(const struct word_list *targets, const struct word_list *tags, const struct word_list *names,
                          const struct word_list *tagged);

#endif
