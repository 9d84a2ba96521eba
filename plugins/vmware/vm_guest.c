#include "vm_guest.h"

#include "address.h"
#include "property.h"
#include "str.h"

#include <ctype.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------------ network ----
 */

static const struct vim_value *first_card(const struct vim_object *object)
{
    const struct vim_value *net = vim_property(object, "guest.net");

    return net == NULL ? NULL : net->first;
}

void vm_guest_macs(const struct vim_object *object, struct arena *arena, struct texts *macs)
{
    for (const struct vim_value *card = first_card(object); card != NULL; card = card->next) {
        const char *text = vim_text(card, "macAddress"), *mac = text == NULL ? NULL : address_mac(arena, text);
        int64_t device;
        if (mac != NULL && !(vim_int(card, "deviceConfigId", &device) && device < 0))
            vec_push(macs, mac);
    }
}

static void add_address(struct texts *addresses, struct arena *arena, const char *text)
{
    const char *address = text == NULL ? NULL : address_ip(arena, text);

    if (address != NULL)
        vec_push(addresses, address);
}

static void add_addresses(const struct vim_object *object, struct texts *addresses, struct arena *arena)
{
    for (const struct vim_value *card = first_card(object); card != NULL; card = card->next)
        for (const struct vim_value *at = vim_child(card, "ipAddress"); at != NULL; at = vim_again(at))
            add_address(addresses, arena, at->text);
    add_address(addresses, arena, property_text(object, "guest.ipAddress"));
    texts_order(addresses);
}

/* ------------------------------------------------------------------------------------------------------- facts ---- */

/* One guest that is being written; absent as property_write has it. */
struct guest {
    const struct vim_object *object;
    struct muster_item *item;
    struct arena *arena;
    const char *absent;
};

static void not_told(struct guest *guest, const char *path, const char *attribute)
{
    if (!property_refused(guest->item, guest->object, path, attribute) && guest->absent != NULL)
        muster_unread(guest->item, attribute, "%s", guest->absent);
}

static void write_addresses(struct guest *guest)
{
    struct texts addresses = VEC_EMPTY;

    add_addresses(guest->object, &addresses, guest->arena);
    if (addresses.count > 0 || first_card(guest->object) != NULL)
        texts_write(&addresses, guest->item, "guest.addresses");
    else
        not_told(guest, "guest.net", "guest.addresses");
    vec_finish(&addresses);
}

static void write_family(struct guest *guest)
{
    static const char *const families[][2] = { { "windowsGuest", "windows" }, { "linuxGuest", "linux" } };
    const char *text = property_text(guest->object, "guest.guestFamily"), *family = "other";

    if (text == NULL) {
        not_told(guest, "guest.guestFamily", "guest.family");
        return;
    }
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strcmp(families[i][0], text) == 0)
            family = families[i][1];
    muster_set(guest->item, "guest.family", family);
}

/* Identifiers of 64-bit systems end alike (VirtualMachineGuestOsIdentifier). Of the others only those of Windows are
 * known to be of 32 bits, but for Hyper-V's. */
static const char *arch_of(const char *id)
{
    static const char wide[] = "64Guest";
    const size_t length = strlen(id), end = sizeof wide - 1;

    if (length > end && strcmp(id + length - end, wide) == 0)
        return "x64";
    return strncmp(id, "win", 3) == 0 && strcmp(id, "windowsHyperVGuest") != 0 ? "x86" : NULL;
}

static void write_arch(struct guest *guest)
{
    const char *id = property_text(guest->object, "guest.guestId");

    if (id == NULL)
        not_told(guest, "guest.guestId", "guest.arch");
    else
        muster_set(guest->item, "guest.arch", arch_of(id));
}

static void write_name(struct guest *guest)
{
    const char *text = property_text(guest->object, "guest.hostName");
    char *name;
    size_t length;

    if (text == NULL) {
        not_told(guest, "guest.hostName", "guest.fqdn");
        return;
    }
    name = arena_text(guest->arena, text);
    length = strlen(name);
    if (length > 1 && name[length - 1] == '.')
        name[length - 1] = '\0';
    for (char *at = name; *at != '\0'; at++)
        *at = (char)((unsigned char)*at < 0x80 ? tolower((unsigned char)*at) : *at);
    muster_set(guest->item, "guest.fqdn", name);
}

/* -------------------------------------------------------------------------------------------------------- all ---- */

/* guest.guestFamily alone says nothing: servers fill it from the configuration. A refusal has a reason of its own. */
static bool told_anything(const struct vim_object *object)
{
    static const char *const paths[] = { "guest.guestId", "guest.guestFullName", "guest.hostName", "guest.ipAddress",
                                         "guest.net" };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (property_text(object, paths[i]) != NULL || property_fault(object, paths[i]) != NULL)
            return true;
    return first_card(object) != NULL;
}

static const char *why_nothing(struct guest *guest, const char *state)
{
    const char *tools = property_text(guest->object, "guest.toolsStatus");

    if (strcmp(state, "running") != 0)
        return arena_format(guest->arena, "the virtual machine is not running (%s)", state);
    if (tools == NULL)
        return "VMware Tools told nothing";
    return arena_format(guest->arena, "VMware Tools told nothing (%.40s)", tools);
}

void vm_guest_write(const struct vim_object *object, const char *state, struct arena *arena, struct muster_item *item)
{
    static const struct property_rule rules[] = {
        { "guest.guestId", "guest.id", PROPERTY_TEXT },
        { "guest.guestFullName", "guest.name", PROPERTY_TEXT },
    };
    const char *connection = property_text(object, "runtime.connectionState");
    struct guest guest = { .object = object, .item = item, .arena = arena };

    if (connection != NULL && strcmp(connection, "connected") != 0) {
        muster_unread(item, "guest.", "the virtual machine is %.40s", connection);
        return;
    }
    if (!told_anything(object)) {
        muster_unread(item, "guest.", "%s", why_nothing(&guest, state));
        return;
    }
    guest.absent = strcmp(state, "running") == 0 ? NULL : why_nothing(&guest, state);
    property_write(item, object, rules, sizeof rules / sizeof *rules, guest.absent);
    write_family(&guest);
    write_arch(&guest);
    write_name(&guest);
    write_addresses(&guest);
}
