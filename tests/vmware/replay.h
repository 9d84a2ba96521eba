/* A scan without a server, for tests of what becomes of objects: replies are made of tables and read, and inventory and
 * machines are made of them and sent, as the plugin does it.
 *
 *     struct replay replay;
 *     replay_init(&replay);
 *     replay_add_estate(&replay);
 *     replay_add_machine(&replay, "vm-1", (struct replay_row[]){ { "name", "string", "web01" }, { NULL } });
 *     replay_scan(&replay);
 *     assert_string_equal(replay_says(&replay, "vm", REPLAY_KEY, "vm.folder"), "/DC0/vm/Prod");
 *     replay_finish(&replay);
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "choice.h"
#include "licence.h"
#include "mock.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define REPLAY_ROOT "group-d1"
#define REPLAY_KEY "50170001-aaaa-bbbb-cccc-000000000001" /* of the machine of replay_add_machine */
#define REPLAY_UUID "4217ea70-8c43-2a5b-9e11-0123456789ab"

/* A property. type is one of XML Schema ("string", "int", "long", "boolean"), "ref " and the type of what is referred
 * to, any other of the API; "missing": value is the fault for which it did not come; NULL: it is unset. value is XML.
 */
struct replay_row {
    const char *path, *type, *value;
};

struct licences {
    const char *why;
    const char *entity; /* moref of a host; NULL: of all */
    struct licence licence;
};

/* The first five are given. */
struct replay {
    const struct licences *licences; /* NULL: they were not read */
    const struct choice *choice;     /* NULL: all machines */
    const char *fields;              /* CustomFieldDef elements; NULL: there are none */
    const char *vcenter;             /* key of its item; NULL: a host answers for itself */
    bool quiet;                      /* nothing of the inventory is sent */

    struct mock *mock;
    size_t unplaced; /* machines that were sent while something of their place was not known */
    struct str objects, text;
};

void replay_init(struct replay *replay);
void replay_finish(struct replay *replay);

/* One object; rows end with one that has no path. A later one of a path counts. */
void replay_add(struct replay *replay, const char *type, const char *moref, const struct replay_row *rows);

/* /DC0 with the cluster C0 (domain-c7: host-21 ESX01.corp.example, host-22 esx02.corp.example) and the lone host
 * host-31 (192.0.2.31); folders /DC0/vm (group-v3), /DC0/vm/Prod (group-v4) and Lost (group-v60), which is in none;
 * datastores datastore-11 VMFS that is shared, -12 NFS, -13 VMFS that is local, -14 vsan; vApps Shop in Prod
 * (resgroup-v40) and Till within it (resgroup-v41). */
void replay_add_estate(struct replay *replay);

/* A machine web01 in Prod on host-21 with one disk on datastore-11, running Windows with VMware Tools, but for what
 * rows say. */
void replay_add_machine(struct replay *replay, const char *moref, const struct replay_row *rows);

/* Fails the test where the reply itself cannot be read, or the scan fails. */
void replay_scan(struct replay *replay);

/* An attribute as a text, a number, true, false or [text,text]; "? " and why where it was not read; "-" where there is
 * none. Of a relation, which has no dot: each far end as "kind key", with commas. Good until the next call. */
const char *replay_says(struct replay *replay, const char *kind, const char *key, const char *attribute);

/* A machine as replay_add_machine makes it, and what is said of it then. Custom attributes 101 and 102 are called Owner
 * and Backup. */
struct replay_case {
    struct replay_row rows[10];
    const char *attribute, *says;
};

/* Fails the test where one of them is told otherwise. */
void replay_check(const struct replay_case *cases, size_t count);

/* Whether a warning of the scan has these words. */
bool replay_warns(const struct replay *replay, const char *words);

/* Reads objects as they stand in a RetrieveResult, as the plugin does; what take refuses, ends it. */
bool replay_read(const char *objects, bool take(void *context, const struct vim_object *object, struct err *err),
                 void *context, struct err *err);

#endif
