/* What a verdict would be if something were changed: how step.c tries a step before it recommends it. Part of the
 * judge, for step.c alone. */
#ifndef JUDGE_SUPPOSE_H
#define JUDGE_SUPPOSE_H

#include "judge.h"

/* Each but met may be NULL: then it stays as it is. All of them are held against the same facts. */
struct suppose {
    const struct version
        *version;                       /* of the leg that decided (legs[0]), and of each other leg of the same workload
                                           whose      candidates are the same versions: all hosts of a cluster are upgraded in one
                                           step.      These have it as their only candidate, for conditions over `version` too */
    const struct product *product;      /* of the backup server: with its edition, for all legs */
    const struct condition *const *met; /* what these say is taken as met, in each leg and for each thing */
    size_t met_count;
};

/* The word that the verdict's protection would have: the published one, without rulings. The verdict is one that this
 * session made and has not forgotten, of a thing or of a key. Nothing that the session remembers changes, and no step
 * is looked for. */
enum verdict_word judge_suppose(struct judge *judge, const struct verdict *verdict, const struct suppose *suppose);

#endif
