#include "judge_parts.h"

#include <string.h>

#define WHOLE (1U << METHOD_AGENT | 1U << METHOD_IMAGE)

static bool is_whole_machine(enum method method)
{
    return method == METHOD_AGENT || method == METHOD_IMAGE;
}

static void set_all(struct verdict *verdicts, size_t count, bool counts, const char *by, const char *excluded)
{
    for (size_t i = 0; i < count; i++) {
        verdicts[i].counts = counts;
        verdicts[i].by = by;
        verdicts[i].excluded = excluded;
    }
}

/* The methods of 1 << method that there are among these. */
static unsigned methods_of(const struct verdict *verdicts, size_t count)
{
    unsigned methods = 0;

    for (size_t i = 0; i < count; i++)
        methods |= 1U << verdicts[i].method;
    return methods;
}

static unsigned ruled_method(const char *by)
{
    for (enum method method = METHOD_AGENT; by != NULL && method <= METHOD_IMAGE; method++) {
        if (strcasecmp(by, method_word(method)) == 0)
            return 1U << method;
    }
    return 0;
}

/* One supported whole-machine method suffices. */
static unsigned best_method(const struct verdict *verdicts, size_t count)
{
    const struct verdict *best = NULL;

    for (size_t i = 0; i < count; i++) {
        if (is_whole_machine(verdicts[i].method) && (best == NULL || verdicts[i].word < best->word))
            best = &verdicts[i];
    }
    return best == NULL ? 0 : 1U << best->method;
}

static void set_whole(struct verdict *verdicts, size_t count, unsigned methods, const char *by)
{
    for (size_t i = 0; i < count; i++) {
        if (is_whole_machine(verdicts[i].method)) {
            verdicts[i].counts = (methods >> verdicts[i].method & 1) != 0;
            verdicts[i].by = by;
        }
    }
}

/* Of an application the parts are what a backup server protects, whatever it is said to hold of the whole. */
static const char *why_by_itself(const struct counting *counting, enum method method)
{
    if (counting->parts && method == METHOD_APPLICATION)
        return "parts";
    return (counting->shown >> method & 1) != 0 ? "dpmdb" : "any";
}

void judge_counts(const struct counting *counting, struct verdict *verdicts, size_t count)
{
    const struct estate_assigned *assigned = counting->assigned;
    unsigned here = methods_of(verdicts, count), shown = counting->shown;
    unsigned ruled = ruled_method(assigned->by) & here;

    if (assigned->by != NULL && strcasecmp(assigned->by, "none") == 0) {
        set_all(verdicts, count, false, "none", assigned->reason);
        return;
    }
    if (counting->exempt != NULL) {
        set_all(verdicts, count, false, "none", counting->exempt);
        return;
    }
    set_all(verdicts, count, true, "any", NULL);
    /* A rule for a method that the thing does not have would leave it uncounted, and so unseen. */
    if ((shown & here & WHOLE) != 0)
        set_whole(verdicts, count, shown, "dpmdb");
    else if (ruled != 0)
        set_whole(verdicts, count, ruled, "rule");
    else
        set_whole(verdicts, count, best_method(verdicts, count), "any");
    for (size_t i = 0; i < count; i++) {
        if (!is_whole_machine(verdicts[i].method))
            verdicts[i].by = why_by_itself(counting, verdicts[i].method);
    }
}
