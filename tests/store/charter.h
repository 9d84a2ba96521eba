/* A small matrix and a small estate, for what judges in the database.
 *
 *     server       2016 and 2012 R2: yes, the latter where all volumes are NTFS; 2008 SP2: no; under mabs-v1 2016 has
 * no row hyperv-host  2016, 2012 R2: yes; 2008 SP2: no vmware-vm    vSphere 6.5: yes sql          2012 SP2: yes
 *
 * One backup server, BKP1, which is physical. */
#ifndef CHARTER_H
#define CHARTER_H

#include "arena.h"
#include "judging.h"

struct charter {
    struct arena arena;
    struct products products;
    struct matrix matrix;
    struct edition edition;
    struct estate estate;
    struct estate_server server;
    struct estate_rule rule; /* counted in where a test says so */
    struct ruling ruling;    /* likewise */
    struct version *versions;
    struct basis basis;
};

void charter_init(struct charter *charter);
void charter_finish(struct charter *charter);

/* The backup server has this product from now on: another basis. */
void charter_use(struct charter *charter, const char *product);

/* The one rule of the estate is this: another basis. */
void charter_rule(struct charter *charter, const struct estate_rule *rule);

/* The vendor's support of this version ends or ended then: another basis. */
void charter_support(struct charter *charter, const char *version, int64_t end);

/* The organisation rules so on physical servers of 2016 under mabs-v1: another basis. */
void charter_ruling(struct charter *charter, enum answer answer);

#endif
