/* What is another about a protection that is judged under two circumstances: for `muster what-if`. */
#ifndef VERDICT_CHANGE_H
#define VERDICT_CHANGE_H

#include "str.h"
#include "verdict.h"

#include <stdbool.h>

/* The worst first. What is answered with yes is supported, deprecated or conditional. */
#define CHANGE_KINDS(X)                                                                                                \
    X(LOST, "lost", "was answered with yes, and is not any more")                                                      \
    X(RULING, "ruling", "a ruling does not carry over, and nothing else says yes")                                     \
    X(SCOPE_LOST, "scope-lost", "still yes, but less is covered")                                                      \
    X(CONDITIONS, "conditions", "still yes, but it hangs on something new")                                            \
    X(DEPRECATED, "deprecated", "still yes, but marked as ending")                                                     \
    X(ABSENCE, "absence", "no row before and after: only how absence is read")                                         \
    X(OTHER, "other", "another word, class or ruling, or counts only before or after")                                 \
    X(GAINED, "gained", "was not answered with yes, and is now")

enum change_kind {
#define X(name, word, meaning) CHANGE_##name,
    CHANGE_KINDS(X) CHANGE_COUNT
#undef X
};

/* The kinds of change as 1 << kind; 0: people are told the same, but perhaps for another reason. One of both may be
 * NULL: there is no such protection, or it does not count. They may be of two methods, where the one counts instead of
 * the other. Words are those that are published; rulings are looked at by themselves. */
unsigned verdict_change(const struct verdict *before, const struct verdict *after);

/* The worst of them; CHANGE_COUNT: there is none. */
enum change_kind change_first(unsigned kinds);

/* Appends what is another, in a sentence for each kind that needs one: what is not covered any more, what it hangs on
 * now, whose ruling ends, by which method instead; and where the word is another, the reason of the verdict afterwards,
 * and which facts contradict each other that did not before. */
void verdict_change_write(struct str *out, const struct verdict *before, const struct verdict *after, unsigned kinds);

const char *change_word(enum change_kind kind);

/* What it means, for people: a sentence without its subject. */
const char *change_meaning(enum change_kind kind);

#endif
