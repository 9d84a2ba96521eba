#include "licence.h"

#include "arena.h"
#include "map.h"
#include "mem.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

#define MANAGER "LicenseManager"
#define MAX_LICENCES 100000 /* that are remembered */

struct licences {
    struct arena arena;
    struct map by_entity;        /* struct licence */
    const struct licence *alone; /* of a host that answers for itself, whoever asks */
    const char *why;
};

static const struct licence *copy(struct licences *licences, const struct vim_value *info)
{
    const char *edition = vim_text(info, "editionKey"), *name = vim_text(info, "name");
    struct licence *licence = arena_alloc(&licences->arena, sizeof *licence);

    licence->edition = arena_text(&licences->arena, edition == NULL ? "" : edition);
    licence->name = arena_text(&licences->arena, name == NULL ? "" : name);
    return licence;
}

/* The features that a licence has are most of it, and its key is nobody's business. */
static bool keep(const char *name, const char *type)
{
    (void)type;
    return strcmp(name, "properties") != 0 && strcmp(name, "licenseKey") != 0 && strcmp(name, "labels") != 0;
}

/* ------------------------------------------------------------------------------------------------ the manager ---- */

/* What two properties of the LicenseManager say: whom to ask of assignments, and a host's own licences. */
struct manager {
    struct licences *licences;
    char assignments[VIM_MAX_REFERENCE + 1];
    const char *denied; /* the fault, where the server gave neither */
};

static void take_own(struct manager *manager, const struct vim_value *list)
{
    for (const struct vim_value *info = list == NULL ? NULL : list->first; info != NULL; info = info->next) {
        const char *edition = vim_text(info, "editionKey");

        if (manager->licences->alone == NULL || (edition != NULL && strcmp(edition, "eval") != 0))
            manager->licences->alone = copy(manager->licences, info);
    }
}

static bool take_manager(void *context, const struct vim_object *object, struct err *err)
{
    struct manager *manager = context;
    const char *moref = vim_text(vim_property(object, "licenseAssignmentManager"), "");

    (void)err;
    if (moref != NULL && strlen(moref) < sizeof manager->assignments)
        memcpy(manager->assignments, moref, strlen(moref) + 1);
    else
        take_own(manager, vim_property(object, "licenses"));
    for (size_t i = 0; i < object->missing_count; i++)
        manager->denied = arena_text(&manager->licences->arena, object->missing[i].fault);
    return true;
}

/* The list of all licences of a vCenter Server is not asked for: it is long, and says nothing of hosts. */
static bool read_manager(struct vim *vim, const struct vim_about *about, struct manager *manager, struct err *err)
{
    static const char *const of_server[] = { "licenseAssignmentManager" }, *const of_host[] = { "licenses" };
    const bool host = strcmp(about->api_type, "HostAgent") == 0;
    const struct vim_wanted wanted = { MANAGER, host ? of_host : of_server, 1 };
    const struct vim_source source = { .type = MANAGER, .morefs = &about->licences, .count = 1 };
    const struct vim_reading reading = { 0, keep, { take_manager, manager } };

    return vim_retrieve(vim, &wanted, 1, &source, &reading, err);
}

/* ------------------------------------------------------------------------------------------------ assignments ---- */

static void take_assignment(struct licences *licences, const struct vim_value *assignment)
{
    const char *entity = vim_text(assignment, "entityId");
    const struct vim_value *info = vim_child(assignment, "assignedLicense");

    if (entity == NULL || entity[0] == '\0' || info == NULL || licences->by_entity.count == MAX_LICENCES)
        return;
    map_put(&licences->by_entity, arena_text(&licences->arena, entity), (void *)copy(licences, info));
}

static bool read_assignments(struct vim *vim, struct licences *licences, const char *manager, struct err *err)
{
    const struct vim_call call = { "QueryAssignedLicenses", "LicenseAssignmentManager", manager, NULL, keep };
    const struct vim_reply *reply;

    if (!vim_call(vim, &call, &reply, err))
        return false;
    for (const struct vim_value *at = reply->result; at != NULL; at = vim_again(at))
        take_assignment(licences, at);
    return true;
}

/* ---------------------------------------------------------------------------------------------------- reading ---- */

static bool read_all(struct vim *vim, struct licences *licences, struct err *err)
{
    const struct vim_about *about = vim_about(vim, err);
    struct manager manager = { .licences = licences };

    if (about == NULL)
        return false;
    if (about->licences[0] == '\0')
        return err_set(err, ERR_UNSUPPORTED, "the server has no licence manager");
    if (!read_manager(vim, about, &manager, err))
        return false;
    if (manager.assignments[0] != '\0')
        return read_assignments(vim, licences, manager.assignments, err);
    if (licences->alone != NULL)
        return true;
    return err_set(err, ERR_DENIED, "the account may not read licences (%s): give it the privilege Global.Licenses",
                   manager.denied == NULL ? "the server tells none" : manager.denied);
}

struct licences *licences_read(struct vim *vim)
{
    struct licences *licences = mem_new(1, sizeof *licences);
    struct err err;

    arena_init(&licences->arena, ARENA_PLAIN);
    if (read_all(vim, licences, &err))
        return licences;
    if (err.class == ERR_DENIED && strstr(err.text, "Global.Licenses") == NULL)
        err_add(&err, "licences need the privilege Global.Licenses");
    licences->why = arena_text(&licences->arena, err.text);
    return licences;
}

void licences_destroy(struct licences *licences)
{
    if (licences == NULL)
        return;
    map_finish(&licences->by_entity);
    arena_finish(&licences->arena);
    free(licences);
}

const struct licence *licences_find(const struct licences *licences, const char *entity)
{
    const struct licence *licence;

    if (licences == NULL || licences->why != NULL)
        return NULL;
    licence = map_get(&licences->by_entity, entity);
    return licence == NULL ? licences->alone : licence;
}

const char *licences_why(const struct licences *licences)
{
    return licences->why;
}
