/* Which protections a command is about: options that several commands have, and what they mean.
 *
 *     struct selection selection = { 0 };
 *     selection_take(&selection, view->call->flags);
 *     status = selection_check(view, &selection);
 *     filter = selection_filter(&selection); */
#ifndef SELECTION_H
#define SELECTION_H

#include "commands.h"
#include "query_protection.h"
#include "view.h"

#include <stdbool.h>

/* Entries of a table of options. */
#define SELECTION_FLAGS                                                                                                \
    { "verdict", 'v', "VERDICT",                                                                                       \
      "supported, deprecated, conditional, unknown, unlisted, contradictory, unsupported" },                           \
        { "class", 0, "CLASS", "act, decide, look; or of what is unlisted: gap, level, newer, older, sku, foreign" },  \
        { "workload", 'w', "WORKLOAD", "server, sql, hyperv-host, ..." },                                              \
        { "method", 'm', "METHOD", "agent, application, image, host" },                                                \
        { "server", 0, "SERVER", "only what this backup server protects" },                                            \
        { "owner", 0, "OWNER", "only what the configuration gives this owner" },                                       \
        { "site", 0, "SITE", "only what the configuration gives this site" },                                          \
        { "criticality", 0, "CRITICALITY", "only what the configuration calls so critical" },                          \
        { "target", 't', "TARGET", "only what this target sees" },                                                     \
        { "tag", 0, "TAG", "only what targets with this tag see" },                                                    \
    {                                                                                                                  \
        "name", 'n', "PATTERN", "only these names; * is any text, ? one character"                                     \
    }

/* Each NULL where it was not asked for. class: also a word of need.h. */
struct selection {
    const char *verdict, *class, *workload, *method, *server, *owner, *site, *criticality, *target, *tag, *name;
    const char *kind; /* of what assets; for commands that have such an option */
};

/* Takes what the options say; what they do not say stays. */
void selection_take(struct selection *selection, const struct flags *flags);

/* The same by the name of an option. False, with a sentence that names the nearest, where there is none. */
bool selection_set(struct selection *selection, const char *name, const char *value, struct err *err);

/* A misspelt word must not look like a fleet without trouble: STATUS_USAGE, having said which word is not known, or
 * STATUS_COULD_NOT. */
enum status selection_check(struct view *view, const struct selection *selection);

/* What is asked for, "server=mabs01", in the arena. */
struct query_texts selection_texts(const struct selection *selection, struct arena *arena);

struct query_protection_filter selection_filter(const struct selection *selection);

#endif
