/* What the configuration says of one hook script: what it is told, when, and how it is run. Constant. */
#ifndef HOOK_H
#define HOOK_H

#include "event.h"
#include "need.h"
#include "word_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hook {
    const char *name;     /* unique */
    const char *run;      /* absolute path of the script */
    const char *settings; /* absolute path, which the script finds in MUSTER_SETTINGS; may be NULL */
    struct word_list events, classes, verdicts, workloads, owners, sites, criticalities, targets, tags;
    int64_t grace_ms;   /* what is undone within it is not told */
    int64_t window_ms;  /* what belongs together and comes within it is one alert */
    int64_t timeout_ms; /* of one run */
    int64_t give_up_ms; /* after its first try an alert that was never delivered is dead */
    size_t rate;        /* alerts an hour; 0: any number. What comes beyond it waits, and becomes one alert */
    size_t storm;       /* more groups than this that are due at once become one alert; 0: never */
};

struct hooks {
    const struct hook *list;
    size_t count;
};

/* What an event is about, as far as a hook can ask for it; texts may be NULL. Several owners, sites or criticalities
 * do not occur: one event is about one protection, or about something that has none. */
struct hook_subject {
    enum event_what what;
    enum need need; /* of a finding */
    const char *verdict, *workload, *owner, *site, *criticality;
    struct word_list targets, tags; /* targets that see it, or that it is about; their tags */
};

/* Whether `events` has it. */
bool hook_hears(const struct hook *hook, enum event_what what);

/* Whether all other filters are met, each that asks by one of its words. owners, sites and targets are patterns with *
 * and ?, a target NAME also stands for NAME/HOST (target_filter.h). A filter on what the event has none of (an owner,
 * of a credential that is held) is not met, but verdicts, classes and workloads ask only about findings. */
bool hook_minds(const struct hook *hook, const struct hook_subject *subject);

/* NULL: none of that name. */
const struct hook *hooks_find(const struct hooks *hooks, const char *name);

#endif
