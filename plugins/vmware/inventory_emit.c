/* The items of what stands around the virtual machines. */
#include "address.h"
#include "inventory_parts.h"
#include "licence.h"
#include "property.h"
#include "texts.h"

#include <string.h>

#define COUNT(rules) (sizeof(rules) / sizeof *(rules))

/* What all items of one scan are made with. */
struct scene {
    struct inventory *inventory;
    const char *vcenter;
    const struct licences *licences;
};

typedef void write_place(struct scene *scene, const struct place *place, struct muster_item *item);

static const struct property_rule name_rule[] = { { "name", "id.name", PROPERTY_NAME } };

static void link_to_vcenter(const struct scene *scene, struct muster_item *item)
{
    if (scene->vcenter != NULL)
        muster_link(item, "managed_by", "vcenter", scene->vcenter);
}

/* --------------------------------------------------------------------------------------------------- clusters ---- */

static void write_cluster(struct scene *scene, const struct place *place, struct muster_item *item)
{
    static const struct property_rule rules[] = {
        { "configuration.dasConfig.enabled", "cluster.ha", PROPERTY_TRUTH },
        { "configuration.drsConfig.enabled", "cluster.drs", PROPERTY_TRUTH },
    };

    muster_set(item, "cluster.type", "vsphere");
    property_write(item, place->object, rules, COUNT(rules), NULL);
    link_to_vcenter(scene, item);
}

/* ------------------------------------------------------------------------------------------------------ hosts ---- */

static void add_address(struct scene *scene, struct texts *addresses, const char *text)
{
    const char *address = text == NULL ? NULL : address_ip(&scene->inventory->scratch, text);

    if (address != NULL)
        vec_push(addresses, address);
}

static void add_addresses_of_card(struct scene *scene, struct texts *addresses, const struct vim_value *card)
{
    const struct vim_value *six = vim_child(vim_child(vim_child(card, "spec"), "ip"), "ipV6Config");

    add_address(scene, addresses, vim_text(card, "spec.ip.ipAddress"));
    for (const struct vim_value *at = vim_child(six, "ipV6Address"); at != NULL; at = vim_again(at))
        add_address(scene, addresses, vim_text(at, "ipAddress"));
}

/* A host goes by the name or the address that it was added under. */
static void write_addresses(struct scene *scene, const struct place *place, struct muster_item *item,
                            const char *absent)
{
    const struct vim_value *cards = vim_property(place->object, "config.network.vnic");
    struct texts addresses = VEC_EMPTY;

    add_address(scene, &addresses, place->shown.key);
    for (const struct vim_value *card = cards == NULL ? NULL : cards->first; card != NULL; card = card->next)
        add_addresses_of_card(scene, &addresses, card);
    texts_order(&addresses);
    if (addresses.count > 0 || cards != NULL)
        texts_write(&addresses, item, "id.addresses");
    else if (!property_refused(item, place->object, "config.network.vnic", "id.addresses") && absent != NULL)
        muster_unread(item, "id.addresses", "%s", absent);
    vec_finish(&addresses);
    if (!address_is(place->shown.key) && strchr(place->shown.key, '.') != NULL &&
        property_text(place->object, "name") != NULL)
        muster_set(item, "id.fqdn", place->shown.key);
}

static void write_licence(struct scene *scene, const struct place *place, struct muster_item *item)
{
    const char *why = scene->licences == NULL ? "the licences were not read" : licences_why(scene->licences);
    const struct licence *licence = why == NULL ? licences_find(scene->licences, place->shown.moref) : NULL;

    if (licence != NULL) {
        muster_set(item, "vsphere.license_edition", licence->edition);
        muster_set(item, "vsphere.license_name", licence->name);
        return;
    }
    why = why == NULL ? "the server names no licence for this host" : why;
    muster_unread(item, "vsphere.license_edition", "%s", why);
    muster_unread(item, "vsphere.license_name", "%s", why);
}

static void link_to_cluster(struct scene *scene, const struct place *place, struct muster_item *item)
{
    const struct inventory_place *cluster = inventory_cluster(scene->inventory, place->shown.moref);

    if (cluster != NULL)
        muster_link(item, "member_of", "cluster", cluster->key);
}

static void write_host(struct scene *scene, const struct place *place, struct muster_item *item)
{
    static const struct property_rule rules[] = {
        { "runtime.connectionState", "vsphere.connection_state", PROPERTY_TEXT },
        { "runtime.inMaintenanceMode", "vsphere.maintenance", PROPERTY_TRUTH },
        { "summary.config.product.fullName", "vsphere.product", PROPERTY_TEXT },
        { "summary.config.product.version", "vsphere.version", PROPERTY_TEXT },
        { "summary.config.product.build", "vsphere.build", PROPERTY_TEXT },
        { "summary.config.product.apiVersion", "vsphere.api_version", PROPERTY_TEXT },
        { "summary.hardware.vendor", "hardware.manufacturer", PROPERTY_TEXT },
        { "summary.hardware.model", "hardware.model", PROPERTY_TEXT },
        { "summary.hardware.uuid", "id.uuid", PROPERTY_UUID },
        { "summary.hardware.numCpuThreads", "hardware.cpu_count", PROPERTY_NUMBER },
        { "summary.hardware.memorySize", "hardware.memory", PROPERTY_NUMBER },
    };
    const char *state = property_text(place->object, "runtime.connectionState"), *absent = NULL;

    if (state != NULL && strcmp(state, "connected") != 0)
        absent = arena_format(&scene->inventory->scratch, "the host is %.40s", state);
    property_write(item, place->object, rules, COUNT(rules), absent);
    if (scene->vcenter == NULL)
        muster_set(item, "vsphere.api_type", "HostAgent");
    write_addresses(scene, place, item, absent);
    write_licence(scene, place, item);
    link_to_cluster(scene, place, item);
    link_to_vcenter(scene, item);
}

/* ------------------------------------------------------------------------------------------ datastores, vApps ---- */

/* Whether others reach it, the vCenter Server knows, and no host; what lies on a file server lies on no host's disks.
 */
static void write_local(const struct place *place, struct muster_item *item)
{
    const char *type = property_text(place->object, "summary.type");
    bool shared;

    if (type != NULL && strncmp(type, "NFS", 3) == 0)
        muster_set_bool(item, "datastore.local", 0);
    else if (vim_bool(vim_property(place->object, "summary.multipleHostAccess"), "", &shared))
        muster_set_bool(item, "datastore.local", !shared);
    else if (!property_refused(item, place->object, "summary.multipleHostAccess", "datastore.local"))
        muster_unread(item, "datastore.local", "the server does not tell whether other hosts reach the datastore");
}

static void write_datastore(struct scene *scene, const struct place *place, struct muster_item *item)
{
    static const struct property_rule rules[] = {
        { "summary.type", "datastore.type", PROPERTY_TEXT },
        { "summary.capacity", "datastore.capacity", PROPERTY_NUMBER },
    };

    (void)scene;
    property_write(item, place->object, rules, COUNT(rules), NULL);
    write_local(place, item);
}

static void write_vapp(struct scene *scene, const struct place *place, struct muster_item *item)
{
    const struct place *above = inventory_place_of(scene->inventory, place->parent, "vapp");

    if (above != NULL)
        muster_link(item, "member_of", "vapp", above->shown.key);
}

/* -------------------------------------------------------------------------------------------------------- all ---- */

static const struct {
    const char *kind;
    write_place *write;
} writers[] = {
    { "cluster", write_cluster },
    { "esxi_host", write_host },
    { "datastore", write_datastore },
    { "vapp", write_vapp },
};

static void emit(struct scene *scene, const struct place *place, struct muster *m)
{
    struct muster_item *item = muster_item(m, place->shown.kind, place->shown.key);

    muster_set(item, "id.moref", place->shown.moref);
    property_write(item, place->object, name_rule, COUNT(name_rule), NULL);
    for (size_t i = 0; i < COUNT(writers); i++)
        if (strcmp(writers[i].kind, place->shown.kind) == 0)
            writers[i].write(scene, place, item);
    muster_emit(item);
    arena_reset(&scene->inventory->scratch);
}

static bool is_nameless_host(const struct place *place)
{
    return place->shown.kind == NULL && strcmp(place->shown.type, "HostSystem") == 0;
}

bool inventory_emit(struct inventory *inventory, struct muster *m, const char *vcenter, const struct licences *licences)
{
    struct scene scene = { .inventory = inventory, .vcenter = vcenter, .licences = licences };
    bool all = true;

    for (size_t i = 0; i < inventory->order.count; i++) {
        const struct place *place = inventory->order.items[i];

        if (place->shown.kind != NULL) {
            emit(&scene, place, m);
        } else if (is_nameless_host(place)) {
            muster_warn(m, "esxi_host", place->shown.moref,
                        "the host %s cannot be told apart: the server did not give %s", place->shown.moref, "its name");
            all = false;
        }
    }
    return all;
}
