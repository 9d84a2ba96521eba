/* The smallest step forward: what would make a verdict supported. Each step that is told was tried by judging the same
 * protection as if it had been taken (judge_suppose.h).
 *
 * A step never leads to a lower level, version or product, nor to what its vendor does not support any more
 * (support_end is known and past; paid support does not count), nor to another platform. The first that leads to
 * supported is it, in this order:
 *
 *     update          unmet conditions that an update meets, of the workload or of the backup server; a newer update
 *                     of the same backup product (mabs-v3 to mabs-v3-ur1)
 *     service pack    a higher level of the same version
 *     other method    another protection of the same asset by the same server that is supported
 *     file system     unmet conditions that another file system meets
 *     other           unmet conditions of any other remedy: a change of what is protected, or of where it lies
 *     product         a newer backup product of the same line
 *     upgrade         a newer version of the same family
 *     all at once     all unmet conditions, which is of type other, too
 *
 * A condition of which no remedy is known is no step, and neither is what nobody can meet as it is written.
 *
 * Where none leads to supported, the first that leads to something better, conditional at worst, is told as such. What
 * is missing (unknown, conditional) is looked for in no table: the step is to find the fact. */
#ifndef STEP_H
#define STEP_H

#include "arena.h"
#include "map.h"
#include "verdict.h"

#include <stddef.h>

struct judge;

/* How the sentence of a step ends where a ruling would do as well. */
#define STEP_OR_RULING " Or ask for a ruling."

/* What the tables have to offer for one key of the matrix, looked up once. It depends on the matrix alone, so it lives
 * as long as the session. Embedded in the judge, which gives it out as judge_step_memo; zero at the start. */
struct step_memo {
    struct map offers;
    struct arena arena;
};

void step_memo_finish(struct step_memo *memo);

/* Fills the step of verdicts[index], which is not supported, or clears it. verdicts: all of the same thing, judged but
 * for their steps; what else they hold is only read. Texts lie in the session (judge_arena). */
void step_forward(struct judge *judge, struct verdict *verdicts, size_t count, size_t index);

#endif
