/* Conditions over the facts of a thing and of its related things: the small language in which matrix/ and products.conf
 * speak (docs/matrix.md), as a tree, and its evaluation in three values: yes, no, unknown.
 *
 * Unknown is what a missing fact makes, and never less: whatever a fact that is still missing will say, a yes stays a
 * yes and a no stays a no. A collection of related things is unknown as a whole while none of them is known, unless the
 * condition says what an empty one means. */
#ifndef CONDITION_H
#define CONDITION_H

#include "item.h"
#include "thing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONDITION_MAX_DEPTH 12     /* tests within tests */
#define CONDITION_MAX_PARTS 64     /* of one test */
#define CONDITION_MAX_RELATED 4096 /* members of one collection that are looked at; what is beyond makes it unknown */

enum truth { TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN };

enum test_type {
    TEST_FACT = 1,  /* compare a fact */
    TEST_ALL,       /* of the parts */
    TEST_ANY,       /* of the parts */
    TEST_NOT,       /* the one part */
    TEST_EVERY,     /* related thing for which parts[1] (where; may be missing) holds: parts[0] */
    TEST_SOME,      /* the same, at least one */
    TEST_UNDECIDED, /* no fact tells; why says so */
};

/* Texts are compared without regard to case (ASCII). at_least and its like compare numbers as numbers, texts as
 * versions (version.h); of the fact "version" they compare the place in its family of products.conf. */
enum compare {
    COMPARE_IS = 1, /* one of the values */
    COMPARE_IS_NOT, /* none of the values */
    COMPARE_AT_LEAST,
    COMPARE_AT_MOST,
    COMPARE_ABOVE,
    COMPARE_BELOW,
    COMPARE_STARTS,     /* with one of the values; a number of a version is not cut: 6.1 does not start 6.10 */
    COMPARE_CONTAINS,   /* one of the values somewhere in the text */
    COMPARE_HAS,        /* a list: one of the values is in it */
    COMPARE_LACKS,      /* a list: none of the values is in it */
    COMPARE_EMPTY,      /* a list or text: it is empty, or is not (the one value, a bool) */
    COMPARE_SAME_AS,    /* the text is that of another fact of the same thing, which the one value names */
    COMPARE_TRUSTED_BY, /* a domain: that of the backup server, a child of it, or one that it trusts; no value */
};

/* Related things. Each is worked out from ties as condition.c says beside its name; "server" is the backup server that
 * the verdict is about. The words are those of docs/matrix.md. */
#define CONDITION_COLLECTIONS(X)                                                                                       \
    X(VOLUMES, "volumes")     /* of a computer: those with a path, and where protection names some, these */           \
    X(HOSTS, "hosts")         /* that run it now or may */                                                             \
    X(CLUSTER, "cluster")     /* of a node, of an application, of a host */                                            \
    X(NODES, "nodes")         /* of a cluster, or of the cluster of this */                                            \
    X(MACHINE, "machine")     /* computers that execute an application (of a farm: its servers) */                     \
    X(INSTANCE, "instance")   /* of a database; an instance itself */                                                  \
    X(INSTANCES, "instances") /* of a farm */                                                                          \
    X(DATABASES, "databases") /* of an instance, of its own ones none; a database itself */                            \
    X(AVAILABILITY_GROUPS, "availability-groups") /* of a database; of an instance: with a replica on it */            \
    X(MAILBOX_DATABASES, "mailbox-databases")     /* of an Exchange server; a mailbox database itself */               \
    X(CONTENT_DATABASES, "content-databases")     /* of a farm */                                                      \
    X(EXCHANGE_SERVER, "exchange-server")         /* of a mailbox database; an Exchange server itself */               \
    X(DATASTORES, "datastores")                   /* of a virtual machine */                                           \
    X(VAPP, "vapp")                               /* of a virtual machine */                                           \
    X(PROTECTED, "protected")                     /* data sources of a backup server that are this or of this */       \
    X(PROTECTED_HERE, "protected-here")           /* of these, those of the backup server that is judged for */        \
    X(SERVER, "server")                           /* the backup server */

enum collection {
#define X(name, word) COLLECTION_##name,
    CONDITION_COLLECTIONS(X) COLLECTION_COUNT
#undef X
};

/* Facts that no item has, worked out of others: version (the names that classify gives, a set), kind (all kinds of the
 * asset, a list), name, workload and installation (sets). The server also has update, product and site. */
#define CONDITION_DERIVED(X)                                                                                           \
    X(INSTALLATION, "installation")                                                                                    \
    X(KIND, "kind")                                                                                                    \
    X(NAME, "name")                                                                                                    \
    X(VERSION, "version")                                                                                              \
    X(WORKLOAD, "workload")

struct test {
    enum test_type type;
    const char *fact;           /* TEST_FACT: of the data dictionary, or derived */
    enum compare compare;       /* TEST_FACT */
    const struct value *values; /* TEST_FACT: texts, numbers or bools, all of one type */
    size_t value_count;
    enum collection collection; /* TEST_EVERY, TEST_SOME */
    enum truth empty; /* TEST_EVERY, TEST_SOME: what an empty collection means; TRUTH_UNKNOWN where not said */
    const struct test *parts;
    size_t part_count;
    const char *why; /* TEST_UNDECIDED */
};

enum effect {
    EFFECT_VERDICT = 1, /* unmet: the yes of the row does not hold */
    EFFECT_ROW,         /* unmet: the row is not about this at all (an edition that it does not name) */
    EFFECT_SCOPE,       /* unmet: the verdict stays, but `omits` is not covered */
};

/* What a step forward changes, in the order in which steps are preferred. */
enum step_type {
    STEP_NONE,
    STEP_UPDATE, /* of the workload or of the backup product: an update rollup, a hotfix, a framework */
    STEP_SERVICE_PACK,
    STEP_METHOD,
    STEP_FILE_SYSTEM,
    STEP_OTHER,   /* what no other word says: what is protected, or where it lies, is less than another product */
    STEP_PRODUCT, /* a newer backup product */
    STEP_UPGRADE, /* of the workload's own product */
};

struct condition {
    const char *name; /* by which rows name it; unique within common conditions, and within an edition */
    const char *id;   /* as it is shown: R1 to R24, or EDITION:rowN */
    const char *text; /* what must hold, as a sentence */
    const struct test *test;
    enum effect effect;
    bool of_protected;   /* in a row of hosts it looks at the virtual machine that is protected, not at its host */
    bool footnote;       /* while a fact is missing it is no more than a footnote, which somebody can attest */
    const char *omits;   /* EFFECT_SCOPE: what is not covered when unmet; may be NULL otherwise */
    const char *cannot;  /* why nobody can meet it as it is written, for matrix lint; NULL: it can be met */
    enum step_type step; /* what meets it; STEP_NONE: nothing known */
    const char *remedy;  /* in words; may be NULL */
};

/* What made a test come out as it did: the first leaf that decided (of a no), or that is missing (of an unknown). */
struct condition_cause {
    const struct thing *thing;  /* NULL: the backup server, or nothing known of any */
    const char *fact;           /* NULL: a collection of which nothing is known, named by `collection` */
    enum collection collection; /* COLLECTION_COUNT: none */
    const struct value *value;  /* as found; NULL: missing */
    const char *why;            /* why it is missing, where a scan said; of TEST_UNDECIDED its why; of a
                                   collection, a sentence that says why it is not known as a whole */
};

struct judge; /* judge.h */

/* Whether a data source of a backup server is protected now. Where protection was stopped or is inactive, the server
 * holds what it had; where it is unprotected, it only knows the source. Unknown without its state. */
enum truth condition_is_protected(const struct thing *source);

/* cause may be NULL; it is filled where the result is not yes. Derived facts and collections need the session. */
enum truth condition_test(struct judge *judge, const struct test *test, const struct thing *thing,
                          struct condition_cause *cause);

/* The words of the files. 0 (COLLECTION_COUNT) where there is none of that word. */
enum compare compare_find(const char *word);
enum collection collection_find(const char *word);
const char *collection_word(enum collection collection);
enum step_type step_find(const char *word); /* update service-pack method file-system other product upgrade */
const char *step_word(enum step_type step);

/* Whether conditions may name this fact: it is derived, of the server alone, or in the data dictionary. */
bool condition_knows_fact(const char *fact);

#endif
