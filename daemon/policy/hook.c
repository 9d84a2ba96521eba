#include "hook.h"

#include "pattern.h"

#include <string.h>

/* Words of ours are compared as they are, names of the configuration as patterns. */
typedef bool fitting(const char *wanted, const char *text);

static bool is_same(const char *wanted, const char *text)
{
    return strcmp(wanted, text) == 0;
}

/* An entry with several hosts stands for each of its targets. */
static bool fits_target(const char *wanted, const char *text)
{
    const char *slash = strchr(text, '/');

    return pattern_fits(wanted, text) || (slash != NULL && pattern_fits_bytes(wanted, text, (size_t)(slash - text)));
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
    return meets_any(targets, names, fits_target) && meets_any(tags, tagged, is_same);
}

bool hook_wants(const struct hook *hook, const struct hook_subject *subject)
{
    return hook_hears(hook, subject->what) && hook_minds(hook, subject);
}

const struct hook *hooks_find(const struct hooks *hooks, const char *name)
{
    for (size_t i = 0; i < hooks->count; i++) {
        if (strcmp(hooks->list[i].name, name) == 0)
            return &hooks->list[i];
    }
    return NULL;
}
