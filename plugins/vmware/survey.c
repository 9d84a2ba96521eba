#include "survey.h"

#include "address.h"
#include "probe.h"

#include <ctype.h>
#include <string.h>

static const char *const types[] = {
    "Folder", "Datacenter", "ComputeResource", "HostSystem", "Datastore", "VirtualApp", "VirtualMachine",
};

void survey_begin(struct survey *survey, struct vcenter *vcenter)
{
    *survey = (struct survey){ .vcenter = vcenter, .later = changes_create() };
    if (vcenter->http.url == NULL || !probe_read(&survey->self, vcenter->http.url, "443"))
        survey->self.host[0] = '\0';
    for (char *at = survey->self.host; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
}

static bool has_full_name(const struct survey *survey)
{
    return !address_is(survey->self.host) && strchr(survey->self.host, '.') != NULL;
}

void survey_finish(struct survey *survey)
{
    inventory_destroy(survey->inventory);
    custom_fields_destroy(survey->fields);
    licences_destroy(survey->licences);
    changes_destroy(survey->later);
}

const char *const *survey_types(size_t *count)
{
    *count = sizeof types / sizeof *types;
    return types;
}

size_t survey_wanted(struct vim_wanted wanted[SURVEY_MAX_WANTED])
{
    size_t count;
    const struct vim_wanted *around = inventory_wanted(&count);

    if (count > SURVEY_MAX_WANTED - 1)
        count = SURVEY_MAX_WANTED - 1;
    memcpy(wanted, around, count * sizeof *wanted);
    wanted[count] = *vm_item_wanted();
    return count + 1;
}

/* -------------------------------------------------------------------------------------------------- reading ---- */

static bool take_fields(void *context, const struct vim_object *object, struct err *err)
{
    struct survey *survey = context;

    (void)err;
    if (survey->fields == NULL)
        survey->fields = custom_fields_create(vim_property(object, "field"));
    return true;
}

/* A host that answers for itself has none. Who may not read them has machines without custom attributes. */
static bool read_fields(struct survey *survey, const struct vim_about *about, struct err *err)
{
    static const char *const field[] = { "field" };
    const struct vim_wanted wanted = { "CustomFieldsManager", field, 1 };
    const struct vim_source source = { .type = wanted.type, .morefs = &about->custom_fields, .count = 1 };
    const struct vim_reading reading = { .taker = { take_fields, survey } };

    if (about->custom_fields[0] == '\0')
        return true;
    if (!vim_retrieve(survey->vcenter->vim, &wanted, 1, &source, &reading, err))
        return false;
    if (survey->fields == NULL) /* there are some, and the server tells of none */
        survey->fields = custom_fields_create(NULL);
    return true;
}

static bool read_surroundings(struct survey *survey, const struct vim_about *about, struct err *err)
{
    size_t count;
    const struct vim_wanted *wanted = inventory_wanted(&count);
    const struct vim_source source = { .view = survey->vcenter->view };
    const struct vim_reading reading = { survey->vcenter->page, NULL, { inventory_take, NULL } };
    struct vim_reading taking = reading;

    survey->inventory = inventory_create(about->root);
    taking.taker.context = survey->inventory;
    return vim_retrieve(survey->vcenter->vim, wanted, count, &source, &taking, err);
}

bool survey_read(struct survey *survey, struct err *err)
{
    const struct vim_about *about = vim_about(survey->vcenter->vim, err);

    if (about == NULL || !read_fields(survey, about, err) || !read_surroundings(survey, about, err))
        return false;
    survey->licences = licences_read(survey->vcenter->vim);
    if (vim_is_lost(survey->vcenter->vim))
        return err_set(err, ERR_UNREACHABLE, "%s", licences_why(survey->licences));
    return true;
}

/* ------------------------------------------------------------------------------------------------- machines ---- */

/* What could not be recorded wholly may be readable next time, and no update need tell of that. */
static void miss(struct survey *survey, const struct vim_object *object, const char *key, const char *why)
{
    muster_warn(survey->vcenter->m, "vm", key, "%s", why);
    survey->partial = true;
    changes_take(survey->later, object, NULL);
}

/* One that cannot be recorded, and that nobody wants, keeps no scan from being complete. */
static bool is_excluded(const struct survey *survey, const struct vm_face *face)
{
    struct choice choice = survey->vcenter->choice;

    choice.include_count = 0;
    return !choice_takes(&choice, face);
}

bool survey_take(void *context, const struct vim_object *object, struct err *err)
{
    struct survey *survey = context;
    struct muster *m = survey->vcenter->m;
    struct vm_face face;
    struct err why;

    (void)err;
    if (strcmp(object->type, "VirtualMachine") != 0)
        return true;
    if (!vm_item_face(object, survey->inventory, survey->fields, &face, &why)) {
        if (!is_excluded(survey, &face))
            miss(survey, object, object->moref, why.text);
        return true;
    }
    if (choice_is_open(&survey->vcenter->choice, &face)) {
        miss(survey, object, face.key,
             "whether it is included cannot be decided: its name, a folder above it or a custom attribute cannot be "
             "seen");
        return true;
    }
    survey->sent = true;
    if (!choice_takes(&survey->vcenter->choice, &face)) {
        if (survey->by_changes)
            muster_gone(m, "vm", face.key);
        return true;
    }
    if (face.unplaced)
        miss(survey, object, face.key, "its host, a folder above it or a datastore of it cannot be seen");
    face.holder = has_full_name(survey) ? survey->self.host : NULL;
    vm_item_emit(object, survey->inventory, &face, m);
    return true;
}

/* --------------------------------------------------------------------------------------------- surroundings ---- */

static void emit_licence(struct muster_item *item, const struct survey *survey, const char *entity)
{
    const struct licence *licence = licences_find(survey->licences, entity);
    const char *why = licences_why(survey->licences);

    if (licence != NULL) {
        muster_set(item, "vsphere.license_edition", licence->edition);
        muster_set(item, "vsphere.license_name", licence->name);
    } else if (why != NULL) {
        muster_unread(item, "vsphere.license_edition", "%s", why);
        muster_unread(item, "vsphere.license_name", "%s", why);
    }
}

/* A vCenter Server does not tell its own name: it goes by the one that it is reached under. */
static void emit_name(struct muster_item *item, const struct survey *survey)
{
    const char *host = survey->self.host;

    if (host[0] == '\0')
        return;
    muster_set(item, "id.name", host);
    if (address_is(host))
        muster_set_list(item, "id.addresses", &host, 1);
    else if (has_full_name(survey))
        muster_set(item, "id.fqdn", host);
}

static void emit_vcenter(const struct survey *survey, const struct vim_about *about)
{
    struct muster_item *item = muster_item(survey->vcenter->m, "vcenter", about->instance_uuid);

    emit_name(item, survey);
    muster_set(item, "vsphere.api_type", about->api_type);
    muster_set(item, "vsphere.api_version", about->api_version);
    muster_set(item, "vsphere.build", about->build);
    muster_set(item, "vsphere.product", about->full_name);
    muster_set(item, "vsphere.version", about->version);
    emit_licence(item, survey, about->instance_uuid);
    muster_emit(item);
}

/* They are asked for again next time. */
static void miss_hosts(struct survey *survey)
{
    const struct vim_object host = { .kind = VIM_ENTER, .type = "HostSystem" };

    survey->partial = true;
    changes_take(survey->later, &host, NULL);
}

void survey_emit(struct survey *survey)
{
    const struct vim_about *about = vim_about(survey->vcenter->vim, NULL);
    const bool vcenter = strcmp(about->api_type, "VirtualCenter") == 0 && about->instance_uuid[0] != '\0';

    if (vcenter)
        emit_vcenter(survey, about);
    if (!inventory_emit(survey->inventory, survey->vcenter->m, vcenter ? about->instance_uuid : NULL, survey->licences))
        miss_hosts(survey);
}
