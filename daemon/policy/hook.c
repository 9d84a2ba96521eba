#include "hook.h"

#include "pattern.h"
#include "target_filter.h"

#include <string.h>

bool hook_hears(const struct hook *hook, enum event_what what)
{
    return hook->events.count == 0 ? event_is_usual(what) : word_list_meets(&hook->events, event_word(what), word_is);
}

static bool minds_finding(const struct hook *hook, const struct hook_subject *subject)
{
    return word_list_meets(&hook->classes, need_word(subject->need), word_is) &&
           word_list_meets(&hook->verdicts, subject->verdict, word_is) &&
           word_list_meets(&hook->workloads, subject->workload, word_is);
}

bool hook_minds(const struct hook *hook, const struct hook_subject *subject)
{
    return (!event_is_finding(subject->what) || minds_finding(hook, subject)) &&
           word_list_meets(&hook->owners, subject->owner, pattern_fits) &&
           word_list_meets(&hook->sites, subject->site, pattern_fits) &&
           word_list_meets(&hook->criticalities, subject->criticality, word_is) &&
           target_filter_covers(&hook->targets, &hook->tags, &subject->targets, &subject->tags);
}

const struct hook *hooks_find(const struct hooks *hooks, const char *name)
{
    for (size_t i = 0; i < hooks->count; i++) {
        if (strcmp(hooks->list[i].name, name) == 0)
            return &hooks->list[i];
    }
    return NULL;
}
