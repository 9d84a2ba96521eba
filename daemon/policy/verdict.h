/* A verdict: what the matrix says about one way to protect one asset by one backup server, and why. */
#ifndef VERDICT_H
#define VERDICT_H

#include "hash.h"
#include "matrix.h"
#include "str.h"
#include "thing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From the best to the worst: what combines several, takes the highest. */
enum verdict_word {
    VERDICT_SUPPORTED = 1,
    VERDICT_DEPRECATED,    /* yes, but the edition marks that as ending */
    VERDICT_CONDITIONAL,   /* yes, but for a fact that is missing, or an edition that is encoded partly */
    VERDICT_UNKNOWN,       /* a fact that selects the row is missing, and it matters */
    VERDICT_UNLISTED,      /* no row */
    VERDICT_CONTRADICTORY, /* rows disagree */
    VERDICT_UNSUPPORTED,
};

/* Of an unlisted one: why there is no row. */
enum verdict_class {
    CLASS_NONE,
    CLASS_GAP,     /* the version is listed at other installations, or lies between listed ones */
    CLASS_LEVEL,   /* the version is listed at another level */
    CLASS_NEWER,   /* than all that are listed */
    CLASS_OLDER,   /* than all that are listed */
    CLASS_SKU,     /* an edition or variant that is not listed */
    CLASS_FOREIGN, /* nothing that the tables know */
};

enum method { METHOD_AGENT = 1, METHOD_APPLICATION, METHOD_IMAGE, METHOD_HOST };

enum condition_state {
    STATE_MET = 1,
    STATE_UNMET,
    STATE_MISSING,  /* can be decided by scanning, and a fact is missing */
    STATE_FOOTNOTE, /* nobody has attested it */
    STATE_ATTESTED,
    STATE_SCOPE, /* unmet; something is not covered */
};

/* One condition of the rows that answered. */
struct verdict_condition {
    const struct condition *condition;
    enum condition_state state;
    struct condition_cause cause; /* where it is not met */
    const struct attestation *attestation;
};

/* leg.missing where nothing says where the backup server is installed. */
#define MISSING_SERVER_PLACE "installation of the backup server"

/* One key that was asked: a verdict has one leg, or several where it needs all of them (each host of a virtual machine,
 * its guest's Linux row). */
struct leg {
    const struct thing *thing; /* what the version is that of; NULL in a lookup */
    const char *workload;
    const char *const
        *versions; /* candidates: one where the facts are precise; none where foreign or nothing is known */
    size_t version_count;
    const char *const *installations; /* candidates */
    size_t installation_count;
    enum reading reading; /* of the installation */
    enum verdict_word word;
    enum verdict_class class;
    const struct entry_row **rows; /* those that answered, each number once */
    size_t row_count;
    struct verdict_condition *conditions; /* of these rows, each once */
    size_t condition_count;
    const char *const *covers; /* what is protected */
    size_t cover_count;
    const char *const *omits; /* what is not, though other rows list it, or a scope condition is unmet */
    size_t omit_count;
    const char *reason;   /* the sentence that says why this word; names the fact, the value and the row */
    const char *missing;  /* of unknown: the fact that selects the row; of another word: MISSING_SERVER_PLACE, where
                             there may be no row; may be NULL */
    const char *conflict; /* facts that contradict each other, in a sentence; may be NULL */
    const struct product *first; /* of newer: the first product that lists it; may be NULL */
};

/* What would make it supported. */
struct step {
    enum step_type type;           /* STEP_NONE: no single step */
    const char *text;              /* a sentence; also of STEP_NONE: "no single step ..." or "ask for a ruling" */
    const char *version;           /* of an upgrade or service pack: to which */
    const struct product *product; /* of STEP_PRODUCT */
    enum method method;            /* of STEP_METHOD */
    int64_t support_end;           /* of that version or product, by its vendor; 0: not known, or it is of neither */
};

struct verdict {
    const struct thing *thing; /* NULL in a lookup */
    enum method method;
    const char *server;  /* name of the backup server; NULL in a lookup */
    const char *product; /* NULL: that of the server is not known */
    const struct edition *edition;
    enum verdict_word word;
    enum verdict_class class;
    const struct leg *legs; /* the one that decided first */
    size_t leg_count;
    const struct ruling *ruling;     /* of the leg that decided; NULL: none in force. The word is the published one */
    struct step step;                /* of what is not supported */
    const struct version *lifecycle; /* the version whose support by its vendor ends or ended first; NULL: not known */
    const char *lifecycle_of;        /* kind of the thing (a host) that has that version; NULL: it is the workload's */
    bool counts;                     /* this protection is the one that counts for the asset */
    const char *by;                  /* why it counts or not: "dpmdb", "rule", "any", "parts", "none" */
    const char *owner, *site, *criticality, *excluded; /* of the assign rules; excluded: the reason of by = "none" */
    const char *server_scanned;  /* the product that scans of the server show; NULL: none, or they do not agree */
    const char *server_conflict; /* what scans show of the server against its configuration; NULL: nothing */
    const struct thing *cause;   /* another thing that this verdict comes from (an unsupported host); NULL: itself */
};

const char *verdict_word(enum verdict_word word);
enum verdict_word verdict_find(const char *word);         /* 0: none */
const char *verdict_class_word(enum verdict_class class); /* "" for none */
enum verdict_class verdict_class_find(const char *word);  /* CLASS_NONE: none */
const char *method_word(enum method method);
const char *condition_state_word(enum condition_state state);

/* A hash over everything that people are told about it, the sentences too: two of one hash say the same. */
struct hash128 verdict_digest(const struct verdict *verdict);

/* The reason chain as JSON, one object, as docs/database.md describes reasoning.detail and protection.detail; without a
 * newline. */
void verdict_write(struct str *out, const struct verdict *verdict);

#endif
