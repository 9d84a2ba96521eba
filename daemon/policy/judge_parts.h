/* The inside of a session, for the judge_*.c files alone.
 *
 * A verdict is made in these steps, each of a file of its own:
 *
 *     judge_guards.c    which methods a thing has, and which backup servers (judge_server.c makes a thing of each)
 *     judge_methods.c   which keys a method asks, of which things; judge_image.c those of a virtual machine, and
 *     judge_hosts.c     what may run it
 *     judge_place.c     where a thing may be installed; which version it may be is for classify.c
 *     judge_plan.c      what the matrix alone says about such a set of candidates; judge_unlisted.c: without a row
 *     judge_leg.c       what the conditions of these rows are for the thing
 *     judge_settle.c    what the plan comes to in that state of its conditions; judge_reason.c says it in a sentence
 *     judge_combine.c   what several legs come to
 *     judge_counts.c    which of a thing's methods counts
 *
 * A plan and what it comes to depend on the matrix alone: they are worked out once and remembered for the session, so a
 * thing costs little more than weighing its conditions. judge_key.c asks without a thing, judge_suppose.c what if. */
#ifndef JUDGE_PARTS_H
#define JUDGE_PARTS_H

#include "classify_memo.h"
#include "condition_memo.h"
#include "judge.h"
#include "map.h"
#include "step.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORKLOADS 10
#define INSTALLATIONS 6
#define PLACE_ALL ((1U << INSTALLATIONS) - 1) /* nothing is known: every word */

/* By their place in workload_words and installation_words. */
enum workload {
    WORKLOAD_CLIENT,
    WORKLOAD_SERVER,
    WORKLOAD_SQL,
    WORKLOAD_EXCHANGE,
    WORKLOAD_SHAREPOINT,
    WORKLOAD_HYPERV_HOST,
    WORKLOAD_VMWARE_VM,
    WORKLOAD_LINUX,
    WORKLOAD_VMM,
    WORKLOAD_AZURE_LOCAL,
    WORKLOAD_COMPUTER, /* client or server, as each version is */
};

enum place { PLACE_PHYSICAL, PLACE_HYPERV, PLACE_VMWARE, PLACE_AZURE, PLACE_STACK, PLACE_AZURE_LOCAL };

/* A backup server that verdicts are given for. */
struct served {
    const char *name;
    const struct estate_server *configured; /* NULL: scans alone know it */
    const struct thing *asset;              /* NULL: the configuration alone knows it */
    const struct product *product;          /* NULL: not known */
    const struct edition *edition;          /* NULL: none has the product */
    unsigned places;                        /* where it is installed; PLACE_ALL: not known */
    unsigned places_named;                  /* words that its edition has for an installation */
    struct thing thing;                     /* what judge_server gives */
    const struct product *scanned;          /* that scans show; NULL: they show none, or do not agree */
    const char *conflict;                   /* what scans show against the configuration; NULL: nothing */
};

/* A row, and where its conditions are in the plan's. */
struct plan_row {
    const struct entry_row *row;
    const unsigned *conditions; /* of the row; without those that the plan leaves out */
    size_t condition_count;
};

/* One key of a set of candidates. */
struct choice {
    const struct version *version; /* NULL: none of the tables */
    unsigned workload, place;
    const struct plan_row *rows;
    size_t row_count;
    const struct version *listed; /* judged as this one, of a lower level; NULL: as itself */
    enum verdict_class class;     /* of no row */
    const char *reason;           /* of no row */
    const struct product *first;
};

/* What the matrix alone says about a set of candidates. It lives as long as the session. */
struct plan {
    const struct product *product;
    const struct edition *edition;
    enum reading reading;
    unsigned workload; /* of the first choice */
    bool open;         /* nothing is known of the version */
    bool alone;        /* of a host by itself: conditions of what is protected are left out */
    bool of_protected; /* some condition is one of what is protected */
    const struct choice *choices;
    size_t choice_count;
    const struct choice *elsewhere; /* where the backup server may be as well, but no row of the workload names it */
    size_t elsewhere_count;
    const struct condition **conditions; /* of all rows, each once */
    size_t condition_count;
    const char **versions; /* names of the candidates, each once */
    size_t version_count;
    const char *const *places;
    size_t place_count;
    const char *what;             /* the candidates in words */
    const struct version *ending; /* the version, where there is one only */
    struct settled *settled;      /* what was made of it so far */
    size_t settled_count;
};

/* What a plan comes to where its conditions are in certain states. */
struct settled {
    struct settled *next;
    const unsigned char *states; /* one for each condition of the plan */
    struct leg leg;              /* but for its thing, the causes of conditions, and what they add to the reason */
    size_t deciding;             /* the condition that decided; condition_count: none did */
    bool elsewhere;              /* it would be another word where no row names the backup server's place */
};

/* What one choice comes to. */
struct outcome {
    enum verdict_word word;
    enum verdict_class class;
    size_t deciding;
};

/* A plan in one state of its conditions, while it is worked out. */
struct settling {
    struct judge *judge;
    const struct plan *plan;
    struct settled *settled;
    struct arena *arena;
    const struct outcome *outcomes; /* one for each choice */
    const struct choice *differing; /* of elsewhere: unlisted of another class than the choices; NULL: none */
};

/* A key that is asked for a thing. */
struct question {
    const struct thing *about;   /* what the version is that of; NULL: of no thing, a key is asked by itself */
    const struct thing *subject; /* what conditions look at */
    const struct thing *machine; /* what those of the protected look at; NULL: at the subject as well */
    bool alone;                  /* the plan's */
    const struct plan *plan;
    const struct verdict_condition *of_subject, *of_machine; /* both weighed already; NULL: they are not */
    const struct classification *classification;             /* NULL: the version is not in question */
};

/* A leg with what the verdict needs to know beside it. */
struct judged {
    struct leg leg;
    const struct version *ending;
    const struct thing *cause; /* of the condition that decided */
};

/* What the rows say of a host for one backup server. */
struct host_answer {
    struct host_answer *next;
    const struct served *server;
    bool known, asked, plain_known;
    struct judged judged; /* of the Hyper-V role by itself */
    struct question
        question;        /* of its virtual machines, but for the machine; without a plan: the server has no edition */
    struct judged plain; /* of a virtual machine that meets all that is asked of itself */
};

/* A host, or its vCenter Server, as many virtual machines ask for it. */
struct host {
    const struct thing *thing;
    bool hyperv, esxi;
    bool nested;                 /* it runs on something itself */
    unsigned places;             /* where its virtual machines are; 0: it is no host of any */
    struct host_answer *answers; /* one for each backup server */
    uint64_t asked;              /* the machine for which it was named last, as judge->hostings counts them */
};

/* All legs of one method. */
struct draft {
    struct leg *legs;
    size_t count, capacity;
    const struct version *ending;
    const struct thing *cause; /* of the leg that decided */
};

/* A backup server of a thing, and the methods (1 << method) by which it protects it, as DPMDB shows. */
struct guard {
    const struct served *server;
    unsigned methods;
};

struct guards {
    struct guard *items;
    size_t count, capacity;
    size_t strangers; /* among them, those that the configuration does not name */
    size_t looked;    /* ties that were followed so far */
};

#define HERD_ASKED 4

/* The legs by image of those machines of a herd that meet what they are asked themselves. */
struct herd_answer {
    struct herd_answer *next;
    const struct served *server;
    const struct version *supposed; /* of those hosts that have these versions; NULL: nothing is supposed */
    const char *const *versions;
    struct draft draft;
    struct {
        const struct plan *plan;
        bool all; /* all its conditions look at the machine; else those of the protected alone */
    } asked[HERD_ASKED];
    size_t asked_count;
};

/* The hosts of machines that have the same ties to them. */
struct herd {
    bool shared; /* hosts, count and answers are the same for all of them */
    struct host **hosts;
    size_t count;
    struct herd_answer *answers; /* one for each backup server, and each version that is supposed */
    bool placed;
    unsigned places; /* where these hosts are, as judge_place has it; 0: nothing tells */
};

/* A virtual machine and what may run it, while it is asked about: judge_hosts.c. */
struct hosting {
    struct judge *judge;
    const struct thing *machine;
    struct host **hosts; /* with the vCenters of ESXi hosts */
    size_t count, capacity, looked;
    bool enough;         /* nothing more is looked at */
    const char *trouble; /* why the hosts are not all known; NULL: they are */
    const char *missing; /* the tie that is */
    struct herd *herd;   /* NULL: they are its own alone */

    /* judge_image.c */
    const struct plan *weighed_for; /* NULL: none yet */
    const struct verdict_condition *weighed;
    bool plain;      /* all that is asked of the machine is met, in that plan */
    bool plain_legs; /* and in all plans */
    struct herd_answer asked;
};

/* What is taken for granted while a step is tried: judge_suppose.h. */
struct supposing {
    const struct verdict *verdict;
    const struct version *version;
    struct classification classification; /* of that version alone */
    const struct condition *const *met;
    size_t met_count;
};

struct judge {
    struct judge_setting setting;
    const struct product *assumed;
    struct arena arena;   /* until judge_reset */
    struct arena lasting; /* what depends on the matrix alone */
    struct map named;     /* name of a backup server -> its thing, as the world says */
    struct map servers, hosts, plans, listings;
    uint64_t hostings; /* machines that were asked for their hosts */
    struct condition_memo tests;
    struct step_memo steps;
    struct classify_memo classified;
    const struct served *server; /* that is judged for; NULL outside of a verdict */
    const struct thing *ruled;   /* whose rules these are */
    struct estate_assigned assigned;
    const struct thing *guarded; /* whose backup servers these are, while its steps are looked for */
    const struct guards *guards;
    const struct thing *kinds_of; /* whose methods these are */
    unsigned kinds;
    const struct thing *linux_of; /* of which it is known whether it runs Linux */
    enum truth linux_guest;
    bool rules_place;                  /* some rule sets an installation */
    struct map steps_found;            /* step_recall.c */
    struct str step_key;               /* of it, scratch */
    const struct supposing *supposing; /* NULL: things are judged as they are */
    unsigned char *states;             /* of the conditions in hand */
    size_t state_capacity;
    struct str text; /* a sentence in hand */
    const char *places[PLACE_ALL + 1][INSTALLATIONS + 1];
};

/* judge.c */
const struct thing *judge_find(const struct judge *judge, int64_t id); /* NULL: there is none */
const char *judge_keep(struct judge *judge, struct arena *arena);      /* judge->text, kept in the arena */
bool judge_flag(const struct thing *thing, const char *fact);          /* it is there, and true */

/* judge_server.c: asset and configured may be NULL; name where both are */
struct served *judge_served(struct judge *judge, const struct thing *asset, const struct estate_server *configured,
                            const char *name, const struct product *product);
const struct thing *judge_server_asset(struct judge *judge, const char *name); /* as world->server says; NULL: none */
const struct thing *judge_server_machine(const struct judge *judge, const struct thing *asset); /* NULL: not known */

/* judge_contradiction.c: in sentences, what scans show of a backup server against what the configuration says of it;
 * NULL: nothing, or nothing that is certain. The product that its scans show; NULL: they do not agree on one. */
const char *judge_contradiction(struct judge *judge, const struct served *server);
const struct product *judge_scanned_product(struct judge *judge, const struct thing *asset);

/* judge_guards.c. Nothing where there is no backup server. */
void judge_guards(struct judge *judge, const struct thing *thing, struct guards *guards);
const struct estate_assigned *judge_rules(struct judge *judge, const struct thing *thing);
unsigned judge_kinds(struct judge *judge,
                     const struct thing *thing); /* methods that there are for it, as 1 << method; 0: no workload */
enum truth judge_linux(struct judge *judge, const struct thing *machine); /* whether it runs Linux */
/* Whether a database of this instance, or a mailbox database of this Exchange server, is asked about by itself: known,
 * with a method, and not taken out by a rule. */
bool judge_has_parts(struct judge *judge, const struct thing *thing);
const char *judge_exempt(const struct thing *thing,
                         unsigned methods); /* why it is out of scope by itself; NULL: it is not */

/* judge_place.c. Bits by enum place. missing: the fact that would tell, where there is more than one. */
unsigned judge_place(struct judge *judge, const struct thing *thing);
unsigned judge_place_on(struct judge *judge, const struct host *host); /* of virtual machines on it; 0: it is none */
const char *judge_place_missing(const struct thing *thing);
int judge_place_find(const char *word); /* -1: none */

/* judge_plan.c. count 0: foreign, or where open nothing is known of the version. unplaced: places are not all, but
 * those that rows name for a backup server of which nothing says where it is. */
struct plan_key {
    const struct product *product;
    const struct version *const *versions;
    size_t count;
    unsigned workload, places;
    bool open, alone, unplaced;
};
const struct plan *judge_plan(struct judge *judge, const struct plan_key *key);
unsigned judge_workload(unsigned workload, const struct version *version); /* WORKLOAD_COMPUTER made certain */
bool judge_family_has(const struct version *version, unsigned workload);
enum reading judge_reading(const struct edition *edition, unsigned workload);

/* judge_unlisted.c */
struct listed {
    const char *name;
    const struct version *version; /* NULL: not in the tables */
    unsigned places, yes;          /* where there is a row, and one that does not say no */
};

/* The versions of a workload that rows name for a product. */
struct listing {
    const struct edition *edition;
    const struct listed *items;
    size_t count;
    unsigned places; /* of all of them */
};
const struct listing *judge_listing(struct judge *judge, const struct product *product, unsigned workload);
unsigned judge_named_places(struct judge *judge, const struct product *product,
                            unsigned workload); /* of its listing; where it has none, one that stands for all */
unsigned judge_listed_places(struct judge *judge,
                             const struct edition *edition); /* installations that any row of it names */
const struct version *judge_listed_level(const struct listing *listing, const struct version *version);
void judge_unlisted(struct judge *judge, const struct plan *plan, struct choice *choice);

/* judge_words.c: parts of sentences, added to judge->text */
void judge_say_place(struct judge *judge, enum reading reading, unsigned places);
void judge_say_server(struct judge *judge);
void judge_say_names(struct judge *judge, const char *const *names, size_t count, const char *last);
void judge_say_rows(struct judge *judge, const struct entry_row *const *rows, size_t count);
void judge_say_cause(struct judge *judge, const struct thing *subject, const struct condition_cause *cause);

/* judge_settle.c: the states of the conditions are judge->states */
const struct settled *judge_settle(struct judge *judge, const struct plan *plan);

/* judge_reason.c */
void judge_say_reason(struct settling *settling);

/* judge_leg.c */
struct judged judge_leg(struct judge *judge, const struct question *question);

/* The conditions of the protected, or all others, as they are for a thing: one place for each of the plan's. */
const struct verdict_condition *judge_weigh(struct judge *judge, const struct plan *plan, const struct thing *thing,
                                            bool of_protected);
struct leg judge_leg_unknown(unsigned workload, const struct thing *about, const char *reason, const char *missing);

/* judge_methods.c, judge_image.c, judge_hosts.c */
struct herd *judge_herd(struct judge *judge, const struct thing *machine); /* NULL: it has ties of its own */
void judge_hosting(struct hosting *hosting); /* judge and machine are given, the rest is zero */
void judge_draft(struct judge *judge, const struct thing *thing, enum method method, struct draft *draft);
void judge_draft_image(struct judge *judge, const struct thing *thing, struct draft *draft);
const struct judged *judge_host(struct judge *judge, struct host *host);
struct host *judge_host_of(struct judge *judge, const struct thing *thing);
struct judged judge_unknown(unsigned workload, const struct thing *about, const char *reason, const char *missing);
void judge_key_places(struct judge *judge, const struct thing *about, struct plan_key *key); /* all else is given */

/* All of a question but its subject; false where the server's product has no edition. */
bool judge_ask(struct judge *judge, unsigned workload, enum product_group group, const struct thing *about,
               struct question *question);
struct judged judge_version(struct judge *judge, unsigned workload, enum product_group group, const struct thing *about,
                            const struct thing *subject);
bool judge_is_worse(const struct leg *one, const struct leg *other);
void judge_draft_add(struct judge *judge, struct draft *draft, const struct judged *judged);

/* judge_combine.c: word, class, ruling, lifecycle and cause */
void judge_combine(struct judge *judge, const struct draft *draft, struct verdict *verdict);
const struct version *judge_sooner(const struct version *one, const struct version *other); /* whose support ends */

/* judge_counts.c: what counts, of the verdicts of one server */
struct counting {
    const struct estate_assigned *assigned;
    const char *exempt; /* as judge_exempt says */
    unsigned shown;     /* methods that DPMDB shows */
    bool parts;         /* as judge_has_parts says */
};
void judge_counts(const struct counting *counting, struct verdict *verdicts, size_t count);

/* judge_key.c: the word of a lookup's leg, of another version where that is not NULL */
enum verdict_word judge_key_word(struct judge *judge, const struct leg *leg, const struct version *version);

#endif
