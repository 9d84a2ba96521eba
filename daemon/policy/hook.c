#include "hook.h"

#include "pattern.h"
#include "target_name.h"

#include <string.h>

/* Words of ours are compared as they are, names of the configuration as patterns. */
typedef bool fitting(const char *wanted, const char *text);

static bool is_same(const char *wanted, const char *text)
{
    return strcmp(wanted, text) == 0;
}

static bool meets(const struct hook_words *asked, const char *text, fitting *fits)
{
    for (size_t i = 0; text != NULL && i < asked->count; i++) {
        if (fits(asked->words[i], text))
            return true;
    }
    return asked->count == 0;
}

static bool meets_any(const struct hook_words *asked, const struct hook_words *texts, fitting *fits)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (meets(asked, texts->words[i], fits))
            return true;
    }
    return asked->count == 0;
}

bool hook_hears(const struct hook *hook, enum event_what what)
{
    return hook->events.count == 0 ? event_is_usual(what) : meets(&hook->events, event_word(what), is_same);
}

static bool minds_finding(const struct hook *hook, const struct hook_subject *subject)
{
    return meets(&hook->classes, need_word(subject->need), is_same) &&
           meets(&hook->verdicts, subject->verdict, is_same) && meets(&hook->workloads, subject->workload, is_same);
}

bool hook_minds(const struct hook *hook, const struct hook_subject *subject)
{
    return (!event_is_finding(subject->what) || minds_finding(hook, subject)) &&
           meets(&hook->owners, subject->owner, pattern_fits) && meets(&hook->sites, subject->site, pattern_fits) &&
           meets(&hook->criticalities, subject->criticality, is_same) &&
           hook_covers(&hook->targets, &hook->tags, &subject->targets, &subject->tags);
}

bool hook_covers(const struct hook_words *targets, const struct hook_words *tags, const struct hook_words *names,
                 const struct hook_words *tagged)
{
    return meets_any(targets, names, target_name_fits) && meets_any(tags, tagged, is_same);
}

const struct hook *hooks_find(const struct hooks *hooks, const char *name)
{
    for (size_t i = 0; i < hooks->count; i++) {
        if (strcmp(hooks->list[i].name, name) == 0)
            return &hooks->list[i];
    }
    return NULL;
}
