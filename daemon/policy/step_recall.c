/* What came of a search for a step, for the next machine of which the same is asked. The answer on a virtual machine
 * whose every leg is that of a Hyper-V host, and whose guest is no Linux, depends on nothing of the machine itself. */
#include "judge_parts.h"
#include "step_parts.h"

#include <string.h>

static bool is_of_host(const struct verdict *verdict, const struct leg *leg)
{
    return leg->thing != NULL && leg->thing != verdict->thing &&
           strcmp(leg->workload, workload_words[WORKLOAD_HYPERV_HOST]) == 0;
}

static bool can_recall(struct judge *judge, const struct verdict *verdict)
{
    if (verdict->method != METHOD_IMAGE || verdict->thing == NULL || judge->supposing != NULL)
        return false;
    for (size_t i = 0; i < verdict->leg_count; i++) {
        if (!is_of_host(verdict, &verdict->legs[i]))
            return false;
    }
    return judge_linux(judge, verdict->thing) == TRUTH_NO;
}

static void add_pointer(struct str *key, const void *pointer)
{
    str_add_bytes(key, &pointer, sizeof pointer);
}

/* The words of the other verdicts are what another method comes to. */
static void add_others(struct str *key, const struct verdict *verdicts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const unsigned char words[] = { (unsigned char)verdicts[i].method, (unsigned char)verdicts[i].word };

        str_add_bytes(key, words, sizeof words);
        add_pointer(key, verdicts[i].server);
    }
}

static void make_key(struct str *key, const struct verdict *verdicts, size_t count, const struct verdict *verdict)
{
    str_clear(key);
    add_pointer(key, verdict->server);
    add_pointer(key, verdict->product);
    add_pointer(key, verdict->edition);
    str_add_bytes(key, &verdict->leg_count, sizeof verdict->leg_count);
    for (size_t i = 0; i < verdict->leg_count; i++) {
        const struct leg *leg = &verdict->legs[i];
        const void *const parts[] = { leg->thing, leg->reason, leg->conditions };

        str_add_bytes(key, parts, sizeof parts);
    }
    add_others(key, verdicts, count);
}

struct found_step *step_recall(struct judge *judge, const struct verdict *verdicts, size_t count, size_t index)
{
    struct str *key = &judge->step_key;
    struct found_step *found;

    if (!can_recall(judge, &verdicts[index]))
        return NULL;
    make_key(key, verdicts, count, &verdicts[index]);
    found = map_get_bytes(&judge->steps_found, key->bytes, key->length);
    if (found != NULL)
        return found;
    found = arena_alloc(&judge->arena, sizeof *found);
    *found = (struct found_step){ 0 };
    map_put_bytes(&judge->steps_found, arena_bytes(&judge->arena, key->bytes, key->length), key->length, found);
    return found;
}
