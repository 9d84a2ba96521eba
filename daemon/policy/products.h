/* conf/products.conf: how to recognise products and their versions by raw facts, in which order they are, and when
 * their vendors' support ends. Constant once read; read by daemon/config/. */
#ifndef PRODUCTS_H
#define PRODUCTS_H

#include "condition.h"
#include "map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a version is a version of. Exactly one family of a group fits a thing. */
#define PRODUCT_GROUPS(X)                                                                                              \
    X(OS, "os")                                                                                                        \
    X(SQL, "sql")                                                                                                      \
    X(EXCHANGE, "exchange")                                                                                            \
    X(SHAREPOINT, "sharepoint")                                                                                        \
    X(VSPHERE, "vsphere")                                                                                              \
    X(BACKUP, "backup")

enum product_group {
#define X(name, word) GROUP_##name,
    PRODUCT_GROUPS(X) GROUP_COUNT
#undef X
};

/* A version as Microsoft or VMware writes it. */
struct version {
    const char *name;       /* Windows Server 2008 SP2; unique within its family */
    const char *base;       /* without its level: Windows Server 2008 */
    int level;              /* 0: as first released; the number of its service pack */
    const char *variant_of; /* the version that this is a variant of (Storage Server, Hyper-V Server), or NULL */
    const struct family *family;
    size_t order;            /* place in its family, oldest first; variants have that of their base */
    const struct test *test; /* yes: it is this version */
    const struct test *hint; /* may be NULL: what names and identifiers say, where no build tells */
    const struct test *weak; /* may be NULL: the same of what was set by hand */
    int64_t mainstream_end, support_end, paid_end; /* wall ms of the day's end; 0: not known, or none */
};

struct family {
    const char *name; /* Windows Server */
    enum product_group group;
    const char *const *workloads; /* that its versions are versions of: server and hyperv-host; none: foreign to all */
    size_t workload_count;
    const struct version *versions; /* oldest first */
    size_t version_count;
};

/* A backup product. */
struct product {
    const char *name;  /* mabs-v2 */
    const char *title; /* Azure Backup Server v2 */
    const char *line;  /* mabs or dpm: a newer product is one of the same line with a higher order */
    size_t order;
    const struct test *test; /* over a backup_server's facts; may be NULL */
    int64_t support_end;     /* 0: not known */
};

/* The workloads and installations that there are: constant words, in this order. */
extern const char *const workload_words[]; /* client server sql exchange sharepoint hyperv-host vmware-vm linux vmm
                                              azure-local, NULL */
extern const char
    *const installation_words[]; /* physical hyperv-vm vmware-vm azure-vm azure-stack azure-local-vm, NULL */
extern const char *const installation_phrases[]; /* in their places: "on physical hardware"; NULL */
extern const char *const group_words[];

struct products {
    const struct family *families;
    size_t family_count;
    const struct product *products; /* by line, then order */
    size_t product_count;
};

const struct product *products_find(const struct products *products, const char *name);

/* The version of that name among the families of a workload; NULL: none. Without regard to case. */
const struct version *products_version(const struct products *products, const char *workload, const char *name);

/* The family's version of that name; NULL: none. Without regard to case. */
const struct version *family_version(const struct family *family, const char *name);

/* The group whose versions a workload has; GROUP_COUNT: none (no such workload). */
enum product_group products_group(const struct products *products, const char *workload);

#endif
