#include "rvtools_read.h"

#include "str.h"
#include "text.h"
#include "utf8.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* --------------------------------------------------------------------------------------------------- columns ---- */

static const char *const column_names[][RVTOOLS_COLUMN_COUNT] = {
    [RVTOOLS_TAB_INFO] = {
#define X(name, info, host) [RVTOOLS_##name] = info,
        RVTOOLS_COLUMNS(X)
#undef X
    },
    [RVTOOLS_TAB_HOST] = {
#define X(name, info, host) [RVTOOLS_##name] = host,
        RVTOOLS_COLUMNS(X)
#undef X
    },
};

/* What makes a tab the tab it is. */
static const struct {
    enum rvtools_tab tab;
    const char *name;
    enum rvtools_column needed[3];
    const char *needs;
} tabs[] = {
    { RVTOOLS_TAB_INFO, "vInfo", { RVTOOLS_NAME, RVTOOLS_UUID, RVTOOLS_POWER }, "VM, VM UUID, Powerstate" },
    { RVTOOLS_TAB_HOST, "vHost", { RVTOOLS_NAME, RVTOOLS_PRODUCT, RVTOOLS_VENDOR }, "Host, ESX Version, Vendor" },
};

/* Letters and digits alone, in lower case: versions differ in blanks, capitals and signs. */
static void plain_name(const char *name, char *plain, size_t size)
{
    size_t length = 0;

    for (; *name != '\0' && length + 1 < size; name++)
        if (isalnum((unsigned char)*name))
            plain[length++] = (char)tolower((unsigned char)*name);
    plain[length] = '\0';
}

/* Where the header has a column of this plain name; the first one, as a custom attribute may have the same. */
static size_t find_name(const struct csv *csv, const char *name, size_t length)
{
    char plain[64];

    for (size_t at = 0; at < csv_column_count(csv); at++) {
        plain_name(csv_column_name(csv, at), plain, sizeof plain);
        if (strlen(plain) == length && memcmp(plain, name, length) == 0)
            return at;
    }
    return SIZE_MAX;
}

/* The names of a column stand in order of preference. */
static size_t find_column(const struct csv *csv, const char *names)
{
    size_t at = SIZE_MAX;

    while (at == SIZE_MAX && *names != '\0') {
        size_t length = strcspn(names, " ");

        at = find_name(csv, names, length);
        names += length + (names[length] == ' ');
    }
    return at;
}

static void find_columns(struct rvtools_table *table, enum rvtools_tab tab)
{
    table->tab = tab;
    for (size_t i = 0; i < RVTOOLS_COLUMN_COUNT; i++)
        table->at[i] = find_column(table->csv, column_names[tab][i]);
}

bool rvtools_recognise(struct rvtools_table *table, const struct csv *csv, struct err *err)
{
    *table = (struct rvtools_table){ .csv = csv };
    for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
        const enum rvtools_column *needed = tabs[i].needed;

        find_columns(table, tabs[i].tab);
        if (rvtools_has(table, needed[0]) && rvtools_has(table, needed[1]) && rvtools_has(table, needed[2]))
            return true;
    }
    return err_set(err, ERR_PROTOCOL,
                   "line 1: the header is not that of an RVTools tab in English: %s has the columns %s, %s has %s",
                   tabs[0].name, tabs[0].needs, tabs[1].name, tabs[1].needs);
}

bool rvtools_has(const struct rvtools_table *table, enum rvtools_column column)
{
    return table->at[column] != SIZE_MAX;
}

/* ----------------------------------------------------------------------------------------------------- cells ---- */

static bool is_blank(char character)
{
    return strchr(" \t\r\n", character) != NULL;
}

/* The cell without blanks around it, as valid UTF-8; "" where the export lacks the column. */
static char *cell(struct rvtools_table *table, struct arena *arena, enum rvtools_column column)
{
    const char *text = rvtools_has(table, column) ? csv_cell(table->csv, table->at[column]) : "";
    struct str clean = STR_EMPTY;
    size_t size;
    char *copy;

    text += strspn(text, " \t\r\n");
    size = strlen(text);
    while (size > 0 && is_blank(text[size - 1]))
        size--;
    if (utf8_valid(text, size))
        return arena_bytes(arena, text, size);
    table->unclean = true;
    utf8_clean(&clean, text, size);
    copy = arena_bytes(arena, clean.bytes, clean.length);
    str_finish(&clean);
    return copy;
}

static char *lower_cell(struct rvtools_table *table, struct arena *arena, enum rvtools_column column)
{
    char *text = cell(table, arena, column);

    for (char *at = text; *at != '\0'; at++)
        *at = (char)((unsigned char)*at < 0x80 ? tolower((unsigned char)*at) : *at);
    return text;
}

static bool is_uuid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    for (size_t i = 0; i < sizeof form; i++) {
        if (form[i] == 'x' ? !isxdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    }
    return true;
}

/* A whole number, perhaps with a mark between groups of three digits, as the exporting computer's locale has it. */
static bool number(const char *text, int64_t *value)
{
    size_t digits = 0;
    char mark = '\0';

    *value = 0;
    for (; *text != '\0'; text++) {
        if (isdigit((unsigned char)*text)) {
            if (++digits > 15 || (mark != '\0' && digits > 3))
                return false;
            *value = *value * 10 + (*text - '0');
        } else {
            if (strchr(".,' ", *text) == NULL || (mark != '\0' && (*text != mark || digits != 3)) || digits == 0 ||
                digits > 3 || *value > 999999999)
                return false;
            mark = *text;
            digits = 0;
        }
    }
    return digits > 0 && (mark == '\0' || digits == 3);
}

/* ----------------------------------------------------------------------------------------------------- items ---- */

/* An item that is being filled; bad as soon as one setter refused. */
struct fill {
    struct rvtools_table *table;
    struct arena *arena;
    struct item *item;
    struct err *err;
    bool bad;
};

static const char *get(const struct fill *fill, enum rvtools_column column)
{
    return cell(fill->table, fill->arena, column);
}

/* Sets what has a text; no text is no fact. */
static void put(struct fill *fill, const char *name, const char *text)
{
    if (text[0] != '\0')
        fill->bad |= !item_set_text(fill->item, name, text, fill->err);
}

static void put_cell(struct fill *fill, const char *name, enum rvtools_column column)
{
    put(fill, name, get(fill, column));
}

static void put_bool(struct fill *fill, const char *name, enum rvtools_column column)
{
    const char *text = get(fill, column);

    if (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0)
        fill->bad |= !item_set_bool(fill->item, name, strcasecmp(text, "true") == 0, fill->err);
}

static void put_number(struct fill *fill, const char *name, enum rvtools_column column, int64_t factor)
{
    int64_t value;

    if (number(get(fill, column), &value) && value <= INT64_MAX / factor)
        fill->bad |= !item_set_int(fill->item, name, value * factor, fill->err);
}

static void put_one(struct fill *fill, const char *name, const char *text)
{
    if (text[0] != '\0')
        fill->bad |= !item_set_list(fill->item, name, &text, 1, fill->err);
}

static void put_link(struct fill *fill, const char *relation, const char *kind, const char *key)
{
    struct link link = { .relation = relation, .kind = kind, .key = key };

    if (key[0] != '\0')
        fill->bad |= !item_link(fill->item, &link, fill->err);
}

static void not_read(struct fill *fill, const char *prefix, const char *why)
{
    fill->bad |= !item_unread(fill->item, prefix, why, fill->err);
}

static void put_uuid(struct fill *fill, const char *name, enum rvtools_column column)
{
    const char *text = lower_cell(fill->table, fill->arena, column);

    if (is_uuid(text))
        put(fill, name, text);
}

/* A cluster's name is unique within its datacenter only. */
static const char *cluster_key(struct rvtools_table *table, struct arena *arena)
{
    const char *name = cell(table, arena, RVTOOLS_CLUSTER);

    return name[0] == '\0' ? "" : arena_format(arena, "%s/%s", cell(table, arena, RVTOOLS_DATACENTER), name);
}

const char *rvtools_server_key(struct rvtools_table *table, struct arena *arena)
{
    const char *uuid = lower_cell(table, arena, RVTOOLS_SERVER_UUID);

    return uuid[0] != '\0' ? uuid : lower_cell(table, arena, RVTOOLS_SERVER);
}

static bool is_address(const char *text)
{
    unsigned char buffer[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, text, buffer) == 1 || inet_pton(AF_INET6, text, buffer) == 1;
}

/* A host or vCenter Server goes by the name or the address that it was added under. */
static void put_name(struct fill *fill, enum rvtools_column column)
{
    const char *name = lower_cell(fill->table, fill->arena, column);

    put_cell(fill, "id.name", column);
    if (is_address(name))
        put_one(fill, "id.addresses", name);
    else if (strchr(name, '.') != NULL)
        put(fill, "id.fqdn", name);
}

/* "VMware ESXi 6.5.0 build-5969303" */
static void put_product(struct fill *fill, const char *text)
{
    static const char mark[] = " build-";
    const char *build = strstr(text, mark), *version = text;
    size_t length;

    put(fill, "vsphere.product", text);
    if (build == NULL)
        return;
    while (version < build && !(isdigit((unsigned char)*version) && version > text && version[-1] == ' '))
        version++;
    length = strspn(version, "0123456789.");
    if (version < build && version + length == build)
        put(fill, "vsphere.version", arena_bytes(fill->arena, version, length));
    build += sizeof mark - 1;
    put(fill, "vsphere.build", arena_bytes(fill->arena, build, strspn(build, "0123456789")));
}

/* ----------------------------------------------------------------------------------------------------- guest ---- */

/* The value of one pair in "architecture='X86' bitness='64' ..."; "" where there is none. */
static const char *detail(const struct fill *fill, const char *text, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = text; (at = strstr(at, name)) != NULL; at += length) {
        const char *value = at + length;

        if ((at == text || at[-1] == ' ') && strncmp(value, "='", 2) == 0) {
            value += 2;
            return arena_bytes(fill->arena, value, strcspn(value, "'"));
        }
    }
    return "";
}

static void put_arch(struct fill *fill, const char *text)
{
    static const char *const arches[][3] = { { "X86", "64", "x64" }, { "X86", "32", "x86" }, { "Arm", "64", "arm64" } };

    for (size_t i = 0; i < sizeof arches / sizeof *arches; i++)
        if (strcasecmp(detail(fill, text, "architecture"), arches[i][0]) == 0 &&
            strcmp(detail(fill, text, "bitness"), arches[i][1]) == 0)
            put(fill, "guest.arch", arches[i][2]);
}

static void put_detail(struct fill *fill, const char *text)
{
    const char *family = detail(fill, text, "familyName"), *build = detail(fill, text, "buildNumber");
    const char *version = detail(fill, text, "distroVersion");

    if (family[0] == '\0')
        return;
    put_arch(fill, text);
    if (strcasecmp(family, "Windows") == 0) {
        put(fill, "guest.family", "windows");
        if (version[0] != '\0' && build[0] != '\0')
            put(fill, "guest.build", arena_format(fill->arena, "%s.%s", version, build));
    } else if (strcasecmp(family, "Linux") == 0) {
        put(fill, "guest.family", "linux");
        put(fill, "guest.distribution", detail(fill, text, "distroName"));
        put(fill, "guest.distribution_version", version);
    } else {
        put(fill, "guest.family", "other");
    }
}

static void put_guest(struct fill *fill, const char *state)
{
    const char *connection = get(fill, RVTOOLS_CONNECTION), *name = get(fill, RVTOOLS_OS_TOOLS);
    const char *fqdn = lower_cell(fill->table, fill->arena, RVTOOLS_DNS_NAME), *text = get(fill, RVTOOLS_OS_DETAIL);
    const char *address = get(fill, RVTOOLS_ADDRESS);

    if (connection[0] != '\0' && strcasecmp(connection, "connected") != 0) {
        not_read(fill, "guest.", arena_format(fill->arena, "the virtual machine is %.40s", connection));
        return;
    }
    if (name[0] == '\0' && fqdn[0] == '\0' && text[0] == '\0' && address[0] == '\0') {
        not_read(fill, "guest.",
                 strcmp(state, "running") == 0
                     ? "VMware Tools told nothing"
                     : arena_format(fill->arena, "the virtual machine is not running (%.40s)", state));
        return;
    }
    put(fill, "guest.name", name);
    put(fill, "guest.fqdn", fqdn);
    put_one(fill, "guest.addresses", address);
    put_detail(fill, text);
}

/* ------------------------------------------------------------------------------------------------------ rows ---- */

static const char *vm_state(const char *power)
{
    static const char *const states[][2] = { { "poweredOn", "running" },
                                             { "poweredOff", "off" },
                                             { "suspended", "saved" } };

    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcasecmp(states[i][0], power) == 0)
            return states[i][1];
    return "other";
}

/* RVTools writes "13" or "vmx-13". */
static const char *hardware_version(const struct fill *fill)
{
    const char *text = get(fill, RVTOOLS_HARDWARE_VERSION);
    int64_t version;

    if (!number(text, &version) || version > 999)
        return text;
    return arena_format(fill->arena, "vmx-%02" PRId64, version);
}

static void put_vm_identity(struct fill *fill)
{
    const char *holder = lower_cell(fill->table, fill->arena, RVTOOLS_SERVER), *name = get(fill, RVTOOLS_NAME);

    put_cell(fill, "id.name", RVTOOLS_NAME);
    if (name[0] != '\0' && strchr(holder, '.') != NULL && !is_address(holder)) /* as backup servers name it */
        put(fill, "id.path", arena_format(fill->arena, "%s/%s", holder, name));
    put_cell(fill, "id.moref", RVTOOLS_MOREF);
    /* Without the other column beside it, it is not sure which of the two the one UUID is. */
    if (rvtools_has(fill->table, RVTOOLS_SMBIOS_UUID)) {
        put_uuid(fill, "id.instance_uuid", RVTOOLS_UUID);
        put_uuid(fill, "id.uuid", RVTOOLS_SMBIOS_UUID);
    }
}

static void put_vm(struct fill *fill)
{
    static const char *const elsewhere[] = { "vm.datastore_types", "vm.independent_disks", "vm.physical_rdm_disks",
                                             "vm.shared_disks" };
    const char *state = vm_state(get(fill, RVTOOLS_POWER));

    put_vm_identity(fill);
    put(fill, "vm.state", state);
    put_bool(fill, "vm.template", RVTOOLS_TEMPLATE);
    put_bool(fill, "vm.placeholder", RVTOOLS_PLACEHOLDER);
    put_cell(fill, "vm.connection_state", RVTOOLS_CONNECTION);
    put_cell(fill, "vm.configured_guest_name", RVTOOLS_OS_CONFIGURED);
    put(fill, "vm.configuration_version", hardware_version(fill));
    put_cell(fill, "vm.folder", RVTOOLS_FOLDER);
    if (rvtools_has(fill->table, RVTOOLS_VAPP))
        fill->bad |= !item_set_text(fill->item, "vm.vapp", get(fill, RVTOOLS_VAPP), fill->err);
    put_number(fill, "hardware.cpu_count", RVTOOLS_CPUS, 1);
    put_number(fill, "hardware.memory", RVTOOLS_MEMORY, 1 << 20);
    put_guest(fill, state);
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        not_read(fill, elsewhere[i], "the vInfo tab of RVTools does not tell it");
    put_link(fill, "runs_on", "esxi_host", lower_cell(fill->table, fill->arena, RVTOOLS_HOST));
    put_link(fill, "may_run_on", "cluster", cluster_key(fill->table, fill->arena));
}

static void put_host(struct fill *fill)
{
    put_name(fill, RVTOOLS_NAME);
    put_uuid(fill, "id.uuid", RVTOOLS_UUID);
    put_cell(fill, "id.moref", RVTOOLS_MOREF);
    put_product(fill, get(fill, RVTOOLS_PRODUCT));
    put_cell(fill, "vsphere.license_name", RVTOOLS_LICENSES);
    not_read(fill, "vsphere.license_edition", "RVTools names licences, not the keys of their editions");
    put_bool(fill, "vsphere.maintenance", RVTOOLS_MAINTENANCE);
    put_cell(fill, "hardware.manufacturer", RVTOOLS_VENDOR);
    put_cell(fill, "hardware.model", RVTOOLS_MODEL);
    put_link(fill, "member_of", "cluster", cluster_key(fill->table, fill->arena));
}

bool rvtools_row(struct rvtools_table *table, struct arena *arena, struct item *item, struct err *err)
{
    bool is_vm = table->tab == RVTOOLS_TAB_INFO;
    const char *key = lower_cell(table, arena, is_vm ? RVTOOLS_UUID : RVTOOLS_NAME);
    struct fill fill = { .table = table, .arena = arena, .item = item, .err = err };
    char quote[TEXT_QUOTE_SIZE];

    if (is_vm && !is_uuid(key))
        return err_set(err, ERR_PROTOCOL, "the VM UUID is '%s', not a UUID, so the virtual machine has no key",
                       text_quote(quote, key));
    if (key[0] == '\0')
        return err_set(err, ERR_PROTOCOL, "the host has no name");
    item_init(item, arena, is_vm ? "vm" : "esxi_host", key);
    if (is_vm)
        put_vm(&fill);
    else
        put_host(&fill);
    return !fill.bad && item_check(item, err);
}

bool rvtools_cluster(struct rvtools_table *table, struct arena *arena, struct item *item)
{
    const char *key = cluster_key(table, arena);
    struct fill fill = { .table = table, .arena = arena, .item = item };

    item_init(item, arena, "cluster", key);
    put_cell(&fill, "id.name", RVTOOLS_CLUSTER);
    put(&fill, "cluster.type", "vsphere");
    return key[0] != '\0' && !fill.bad;
}

bool rvtools_vcenter(struct rvtools_table *table, struct arena *arena, struct item *item)
{
    const char *type = cell(table, arena, RVTOOLS_SERVER_TYPE), *key = rvtools_server_key(table, arena);
    struct fill fill = { .table = table, .arena = arena, .item = item };

    item_init(item, arena, "vcenter", key);
    put_name(&fill, RVTOOLS_SERVER);
    put(&fill, "vsphere.api_type", "VirtualCenter");
    put_cell(&fill, "vsphere.api_version", RVTOOLS_API_VERSION);
    put_product(&fill, type);
    if (item_get(item, "vsphere.version") == NULL)
        not_read(&fill, "vsphere.version", "RVTools tells the version of the API only");
    return key[0] != '\0' && !fill.bad &&
           (strncasecmp(type, "VMware vCenter", 14) == 0 || strncasecmp(type, "VMware VirtualCenter", 20) == 0);
}
