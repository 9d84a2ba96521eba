#include "guest.h"

#include "address.h"
#include "cim_facts.h"
#include "str.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The order is that of names below. */
enum told {
    TOLD_FQDN,
    TOLD_NAME,
    TOLD_VERSION,
    TOLD_MAJOR,
    TOLD_MINOR,
    TOLD_PLATFORM,
    TOLD_SERVICE_PACK,
    TOLD_PRODUCT_TYPE,
    TOLD_ARCHITECTURE,
    TOLD_SERVICES,
    TOLD_IPV4,
    TOLD_IPV6,
    TOLD_COUNT,
};

/* Attributes: what is unread where the item is broken. */
static const struct {
    const char *name, *attribute;
} names[] = {
    [TOLD_FQDN] = { "FullyQualifiedDomainName", "guest.fqdn" },
    [TOLD_NAME] = { "OSName", "guest.name" },
    [TOLD_VERSION] = { "OSVersion", "guest.build" },
    [TOLD_MAJOR] = { "OSMajorVersion", "guest.distribution_version" },
    [TOLD_MINOR] = { "OSMinorVersion", "guest.distribution_version" },
    [TOLD_PLATFORM] = { "OSPlatformId", "guest.family" },
    [TOLD_SERVICE_PACK] = { "ServicePackMajor", "guest.service_pack" },
    [TOLD_PRODUCT_TYPE] = { "ProductType", "guest.product_type" },
    [TOLD_ARCHITECTURE] = { "ProcessorArchitecture", "guest.arch" },
    [TOLD_SERVICES] = { "IntegrationServicesVersion", "vm.integration_version" },
    [TOLD_IPV4] = { "NetworkAddressIPv4", "guest.addresses" },
    [TOLD_IPV6] = { "NetworkAddressIPv6", "guest.addresses" },
};

struct guest {
    struct item *item;
    const char *told[TOLD_COUNT]; /* NULL: not, or empty */
};

/* ---------------------------------------------------------------------------------------------------- reading ---- */

static const char *trimmed(struct arena *arena, const char *text)
{
    size_t length;

    while (isspace((unsigned char)*text))
        text++;
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return length == 0 ? NULL : arena_bytes(arena, text, length);
}

/* The first of a name counts. */
static void keep(struct guest *guest, const struct kvp_item *item, enum told told)
{
    if (strcmp(item->name, names[told].name) == 0 && guest->told[told] == NULL)
        guest->told[told] = trimmed(guest->item->arena, item->data);
}

static void read_any(struct guest *guest, struct kvp *kvp, const char *text)
{
    struct kvp_item item;
    enum told told = 0;
    struct err err;

    while (told < TOLD_COUNT && !kvp_may_be(text, names[told].name))
        told++;
    if (told == TOLD_COUNT)
        return;
    if (kvp_read(kvp, text, &item, &err))
        keep(guest, &item, told);
    else
        facts_unread(guest->item, names[told].attribute, err.text);
}

static void read_items(struct guest *guest, struct kvp *kvp, const struct cim_property *items)
{
    struct kvp_item item;

    for (size_t i = 0; i < items->count; i++) {
        if (!kvp_skim(kvp, items->texts[i], &item)) {
            read_any(guest, kvp, items->texts[i]);
            continue;
        }
        for (enum told told = 0; told < TOLD_COUNT; told++)
            keep(guest, &item, told);
    }
}

/* ------------------------------------------------------------------------------------------------------ facts ---- */

static bool is_digits(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static void set_number(struct guest *guest, enum told told)
{
    const char *text = guest->told[told];
    char quote[TEXT_QUOTE_SIZE], why[TEXT_QUOTE_SIZE + 60];

    if (text == NULL)
        return;
    if (is_digits(text) && strlen(text) <= 9) {
        facts_int(guest->item, names[told].attribute, strtol(text, NULL, 10));
        return;
    }
    snprintf(why, sizeof why, "the guest says %s is '%s'", names[told].name, text_quote(quote, text));
    facts_unread(guest->item, names[told].attribute, why);
}

/* Windows gives a number (SYSTEM_INFO.wProcessorArchitecture), others the word of their kernel. */
static const struct {
    const char *word, *arch;
} architectures[] = {
    { "0", "x86" },      { "6", "ia64" },    { "9", "x64" },     { "12", "arm64" },
    { "x86_64", "x64" }, { "amd64", "x64" }, { "i386", "x86" },  { "i486", "x86" },
    { "i586", "x86" },   { "i686", "x86" },  { "ia64", "ia64" }, { "aarch64", "arm64" },
};

static void set_architecture(struct guest *guest)
{
    const char *word = guest->told[TOLD_ARCHITECTURE];

    for (size_t i = 0; word != NULL && i < sizeof architectures / sizeof *architectures; i++) {
        if (strcmp(word, architectures[i].word) == 0)
            facts_text(guest->item, "guest.arch", architectures[i].arch);
    }
}

/* Only Windows has a platform; only others name their processor in words, and of these some are no Linux. */
static const char *family_of(const struct guest *guest)
{
    const char *name = guest->told[TOLD_NAME], *arch = guest->told[TOLD_ARCHITECTURE];

    if (guest->told[TOLD_PLATFORM] != NULL || guest->told[TOLD_PRODUCT_TYPE] != NULL)
        return "windows";
    if (name != NULL && (strstr(name, "BSD") != NULL || strstr(name, "SunOS") != NULL))
        return "other";
    return arch != NULL && !is_digits(arch) ? "linux" : NULL;
}

static bool is_version(const char *text)
{
    return isdigit((unsigned char)text[0]) && text[strspn(text, "0123456789.")] == '\0';
}

/* OSVersion is major.minor.build of Windows; of a Linux it is its kernel's. */
static void set_windows(struct guest *guest)
{
    const char *version = guest->told[TOLD_VERSION];
    char quote[TEXT_QUOTE_SIZE], why[TEXT_QUOTE_SIZE + 60];

    set_number(guest, TOLD_SERVICE_PACK);
    set_number(guest, TOLD_PRODUCT_TYPE);
    if (version == NULL)
        return;
    if (is_version(version)) {
        facts_text(guest->item, "guest.build", version);
        return;
    }
    snprintf(why, sizeof why, "the guest says OSVersion is '%s'", text_quote(quote, version));
    facts_unread(guest->item, "guest.build", why);
}

static void set_linux(struct guest *guest)
{
    const char *major = guest->told[TOLD_MAJOR], *minor = guest->told[TOLD_MINOR];

    facts_text(guest->item, "guest.distribution", guest->told[TOLD_NAME]);
    if (major != NULL && minor != NULL && strchr(major, '.') == NULL)
        major = arena_format(guest->item->arena, "%s.%s", major, minor);
    facts_text(guest->item, "guest.distribution_version", major);
}

static void set_name(struct guest *guest, struct machine *machine)
{
    char *name;
    size_t length;

    if (guest->told[TOLD_FQDN] == NULL)
        return;
    name = arena_text(guest->item->arena, guest->told[TOLD_FQDN]);
    length = strlen(name);
    if (length > 1 && name[length - 1] == '.')
        name[length - 1] = '\0';
    for (char *at = name; *at != '\0'; at++)
        *at = (char)((unsigned char)*at < 0x80 ? tolower((unsigned char)*at) : *at);
    facts_text(guest->item, "guest.fqdn", name);
    machine->hostname = name;
}

/* Each is a list with semicolons; those of version 6 may end in a zone. */
static void set_addresses(struct guest *guest)
{
    struct arena *arena = guest->item->arena;
    struct texts found = VEC_EMPTY;

    for (int told = TOLD_IPV4; told <= TOLD_IPV6; told++) {
        const char *at = guest->told[told] == NULL ? "" : guest->told[told];

        while (*at != '\0' && found.count < MACHINE_MAX_PARTS) {
            size_t length = strcspn(at, ";");
            const char *address = address_ip(arena, arena_bytes(arena, at, strcspn(at, ";%")));

            if (address != NULL)
                vec_push(&found, address);
            at += length + (at[length] == ';');
        }
    }
    if (guest->told[TOLD_IPV4] != NULL || guest->told[TOLD_IPV6] != NULL)
        facts_set(guest->item, "guest.addresses", found.items, found.count);
    vec_finish(&found);
}

void guest_take(struct machine *machine, struct kvp *kvp, const struct cim_property *items)
{
    struct guest guest = { .item = &machine->item };
    const char *family;

    read_items(&guest, kvp, items);
    for (int i = 0; i < TOLD_COUNT; i++)
        machine->told |= guest.told[i] != NULL;
    family = family_of(&guest);
    facts_text(guest.item, "guest.family", family);
    facts_text(guest.item, "guest.name", guest.told[TOLD_NAME]);
    facts_text(guest.item, "vm.integration_version", guest.told[TOLD_SERVICES]);
    set_architecture(&guest);
    set_name(&guest, machine);
    set_addresses(&guest);
    if (family != NULL && strcmp(family, "windows") == 0)
        set_windows(&guest);
    else if (family != NULL && strcmp(family, "linux") == 0)
        set_linux(&guest);
}

const char *guest_silence(const struct machine *machine, struct arena *arena)
{
    if (machine->told)
        return NULL;
    if (machine->state != NULL && strcmp(machine->state, "running") != 0)
        return arena_format(arena, "the virtual machine is not running (%s)", machine->state);
    return "the guest told nothing: it has no integration services, or their data exchange is off";
}

bool guest_is_name(const char *name)
{
    size_t length = strnlen(name, 254), label = 0, dots = 0;

    if (length == 0 || length > 253)
        return false;
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '.') {
            if (label == 0 || at[-1] == '-')
                return false;
            label = 0;
            dots++;
        } else if ((!isalnum((unsigned char)*at) && (*at != '-' || label == 0)) || ++label > 63) {
            return false;
        }
    }
    return label > 0 && dots > 0 && name[length - 1] != '-';
}
