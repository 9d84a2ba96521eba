/* What the facts of an item say about which thing it is, in a form that can be compared over sources.
 *
 * Computers (machine, vm, hyperv_host, esxi_host) are of one class: a machine and a vm may be one thing. Each other
 * kind is a class of its own, and its items are compared with one another only:
 *
 *     class                         uuid                      instance                 name
 *     computer                      SMBIOS UUID (id.uuid)     vCenter instance UUID,   id.fqdn, guest.fqdn
 *                                                             Hyper-V GUID
 *     vcenter, cluster              key, where it is a GUID                            id.fqdn
 *     exchange_server,              key, where it is a GUID                            id.fqdn
 *     backup_server
 *     sql_instance, database                                                           key: host.domain\INSTANCE...
 *     volume, protected             (none: theirs belong to one source's view of one machine)
 *     any other                     key, where it is a GUID
 *
 * An SMBIOS UUID is given in lower case in the lesser of its two spellings (its first three groups may have been read
 * in either byte order). One that vendors ship by the thousand says nothing and is left out: all digits alike, or one
 * of a table. A name is in lower case without a final dot; an address or "localhost" is no name. */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>

/* The attributes that name things: those that are looked at here, and by which a link may name its far end. */
#define EVIDENCE_FACTS(X)                                                                                              \
    X(GUEST_FQDN, "guest.fqdn")                                                                                        \
    X(FQDN, "id.fqdn")                                                                                                 \
    X(HYPERV_GUID, "id.hyperv_guid")                                                                                   \
    X(INSTANCE_UUID, "id.instance_uuid")                                                                               \
    X(NETBIOS, "id.netbios")                                                                                           \
    X(PATH, "id.path")                                                                                                 \
    X(UUID, "id.uuid")

/* Kinds whose key is their id.path, where they have no other. */
#define EVIDENCE_KEY_PATHS "('database', 'sql_instance')"

enum evidence_fact {
#define X(word, name) FACT_##word,
    EVIDENCE_FACTS(X) FACT_COUNT
#undef X
};

/* The strongest first. */
enum evidence_kind { EVIDENCE_UUID, EVIDENCE_INSTANCE, EVIDENCE_NAME, EVIDENCE_COUNT };

#define EVIDENCE_MAX_NAME 511 /* bytes; a longer name is none */

struct evidence {
    const char *class;                  /* "(computer)", which is no kind, or the kind */
    const char *values[EVIDENCE_COUNT]; /* NULL where there is none */
};

/* The attribute's name. */
const char *evidence_fact_name(enum evidence_fact fact);

/* Whether a change of this attribute may change what an item is one asset with, or what its asset is called: all those
 * above, and id.name. */
bool evidence_is_fact(const char *attribute);

/* Whether the key of an item of this kind is its id.path (EVIDENCE_KEY_PATHS). */
bool evidence_key_is_path(const char *kind);

/* facts: the attributes' texts, NULL where the item has none. Texts of the result lie in the arena, or are kind. */
struct evidence evidence_read(struct arena *arena, const char *kind, const char *key,
                              const char *const facts[FACT_COUNT]);

/* Whether a name is good enough to join by: it is qualified, so that it means one thing in the whole organisation. */
bool evidence_name_joins(const char *name);

/* Whether two names can be those of one thing: they are equal, or one is the unqualified form of the other. */
bool evidence_names_agree(const char *one, const char *other);

/* How much the kind decides what an asset of several kinds is: the highest gives its kind. 0 for one that is alone in
 * its class. */
int evidence_kind_rank(const char *kind);

#endif
