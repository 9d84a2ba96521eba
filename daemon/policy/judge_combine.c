#include "judge_parts.h"

#include <string.h>

const struct version *judge_sooner(const struct version *one, const struct version *other)
{
    if (one == NULL || one->support_end == 0)
        return other != NULL && other->support_end != 0 ? other : one != NULL ? one : other;
    return other == NULL || other->support_end == 0 || one->support_end <= other->support_end ? one : other;
}

static bool is_only(const char *const *words, size_t count, const char *word)
{
    return count == 1 && strcasecmp(words[0], word) == 0;
}

/* Only a key that is certain can have been ruled on. */
static bool rules_leg(const struct judge *judge, const struct ruling *ruling, const char *product,
                      const struct leg *leg)
{
    return ruling->review_at > judge->setting.now && strcasecmp(ruling->product, product) == 0 &&
           strcasecmp(ruling->workload, leg->workload) == 0 &&
           is_only(leg->versions, leg->version_count, ruling->version) &&
           (ruling->installation == NULL || is_only(leg->installations, leg->installation_count, ruling->installation));
}

static const struct ruling *find_ruling(const struct judge *judge, const struct verdict *verdict)
{
    const struct matrix *matrix = judge->setting.matrix;

    for (size_t i = 0; verdict->product != NULL && i < matrix->ruling_count; i++) {
        if (rules_leg(judge, &matrix->rulings[i], verdict->product, &verdict->legs[0]))
            return &matrix->rulings[i];
    }
    return NULL;
}

/* What is a part of the thing itself, and the backup server, is not another thing that could be the cause. */
static bool can_cause(const struct verdict *verdict, const struct thing *cause)
{
    static const char *const parts[] = { "volume", "database", "mailbox_database", "protected", "backup_server", "" };

    if (cause == NULL || verdict->thing == NULL || cause->id == verdict->thing->id)
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(cause->kind, parts[i]) == 0)
            return false;
    }
    return true;
}

static const struct thing *find_cause(const struct draft *draft, const struct verdict *verdict)
{
    const struct thing *about = draft->legs[0].thing;

    if (verdict->word == VERDICT_SUPPORTED)
        return NULL;
    if (draft->cause != NULL)
        return can_cause(verdict, draft->cause) ? draft->cause : NULL;
    return can_cause(verdict, about) ? about : NULL;
}

static bool is_one_of(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

/* A host's version is not one of the workload that runs there: Windows Server of a Linux machine. */
static const char *find_owner(const struct verdict *verdict)
{
    const struct version *version = verdict->lifecycle;

    if (version == NULL || version->family == NULL || verdict->legs[0].workload == NULL ||
        is_one_of(version->family->workloads, version->family->workload_count, verdict->legs[0].workload))
        return NULL;
    for (size_t i = 0; i < verdict->leg_count; i++) {
        const struct leg *leg = &verdict->legs[i];

        if (leg->thing != NULL && leg->thing != verdict->thing &&
            is_one_of(leg->versions, leg->version_count, version->name))
            return leg->thing->kind;
    }
    return NULL;
}

void judge_combine(struct judge *judge, const struct draft *draft, struct verdict *verdict)
{
    verdict->legs = draft->legs;
    verdict->leg_count = draft->count;
    verdict->word = draft->legs[0].word;
    verdict->class = draft->legs[0].class;
    verdict->ruling = find_ruling(judge, verdict);
    verdict->lifecycle = draft->ending != NULL && draft->ending->support_end != 0 ? draft->ending : NULL;
    verdict->lifecycle_of = find_owner(verdict);
    verdict->cause = find_cause(draft, verdict);
}
