#include "gist.h"

#include "attribute.h"

#include <stdlib.h>
#include <string.h>

/* In the order of strcmp. A number is for ever; a new fact gets the next free one, whatever its place. Numbers go up to
 * 254. Left out is what no condition can sensibly ask for: what counts, ticks, or only names a thing within its source.
 * The last number that was given is 151. */
#define FACTS(X)                                                                                                       \
    X(1, "availability_group.distributed")                                                                             \
    X(2, "availability_group.replicas")                                                                                \
    X(3, "availability_group.role")                                                                                    \
    X(4, "backup.agent_authentication")                                                                                \
    X(5, "backup.agent_server")                                                                                        \
    X(6, "backup.agent_version")                                                                                       \
    X(7, "backup.database_instance")                                                                                   \
    X(8, "backup.database_name")                                                                                       \
    X(9, "backup.database_version")                                                                                    \
    X(10, "backup.patches")                                                                                            \
    X(11, "backup.product")                                                                                            \
    X(12, "backup.version")                                                                                            \
    X(13, "cluster.drs")                                                                                               \
    X(14, "cluster.ha")                                                                                                \
    X(15, "cluster.member")                                                                                            \
    X(16, "cluster.name")                                                                                              \
    X(17, "cluster.nodes")                                                                                             \
    X(18, "cluster.role_types")                                                                                        \
    X(19, "cluster.type")                                                                                              \
    X(20, "csv.path")                                                                                                  \
    X(21, "database.availability_group")                                                                               \
    X(22, "database.on_csv")                                                                                           \
    X(23, "database.on_share")                                                                                         \
    X(24, "database.read_only")                                                                                        \
    X(25, "database.recovery_model")                                                                                   \
    X(26, "database.snapshot")                                                                                         \
    X(27, "database.state")                                                                                            \
    X(28, "database.system")                                                                                           \
    X(29, "datastore.capacity")                                                                                        \
    X(30, "datastore.local")                                                                                           \
    X(31, "datastore.type")                                                                                            \
    X(32, "domain.name")                                                                                               \
    X(33, "domain.ou")                                                                                                 \
    X(34, "domain.role")                                                                                               \
    X(35, "domain.trusts")                                                                                             \
    X(36, "domain.workgroup")                                                                                          \
    X(37, "dotnet.version")                                                                                            \
    X(38, "exchange.cluster_type")                                                                                     \
    X(39, "exchange.dag")                                                                                              \
    X(40, "exchange.roles")                                                                                            \
    X(41, "exchange.version")                                                                                          \
    X(42, "guest.arch")                                                                                                \
    X(43, "guest.build")                                                                                               \
    X(44, "guest.distribution")                                                                                        \
    X(45, "guest.distribution_version")                                                                                \
    X(46, "guest.family")                                                                                              \
    X(47, "guest.fqdn")                                                                                                \
    X(48, "guest.id")                                                                                                  \
    X(49, "guest.name")                                                                                                \
    X(50, "guest.product_type")                                                                                        \
    X(51, "guest.service_pack")                                                                                        \
    X(52, "hardware.asset_tag")                                                                                        \
    X(53, "hardware.manufacturer")                                                                                     \
    X(54, "hardware.model")                                                                                            \
    X(55, "hyperv.namespace")                                                                                          \
    X(56, "hyperv.role")                                                                                               \
    X(57, "hyperv.visible")                                                                                            \
    X(58, "id.fqdn")                                                                                                   \
    X(59, "id.hyperv_guid")                                                                                            \
    X(60, "id.instance_uuid")                                                                                          \
    X(61, "id.name")                                                                                                   \
    X(62, "id.netbios")                                                                                                \
    X(63, "mailbox_database.copies")                                                                                   \
    X(64, "mailbox_database.edb_path")                                                                                 \
    X(65, "mailbox_database.filesystems")                                                                              \
    X(66, "mailbox_database.log_path")                                                                                 \
    X(67, "os.arch")                                                                                                   \
    X(68, "os.build")                                                                                                  \
    X(69, "os.family")                                                                                                 \
    X(70, "os.hotfixes")                                                                                               \
    X(71, "os.installation_type")                                                                                      \
    X(72, "os.name")                                                                                                   \
    X(73, "os.product_type")                                                                                           \
    X(74, "os.release")                                                                                                \
    X(75, "os.revision")                                                                                               \
    X(76, "os.roles")                                                                                                  \
    X(77, "os.server_levels")                                                                                          \
    X(78, "os.service_pack")                                                                                           \
    X(79, "os.sku")                                                                                                    \
    X(80, "protected.app_id")                                                                                          \
    X(81, "protected.components")                                                                                      \
    X(82, "protected.computer")                                                                                        \
    X(83, "protected.disk")                                                                                            \
    X(84, "protected.group")                                                                                           \
    X(85, "protected.inferred")                                                                                        \
    X(86, "protected.online")                                                                                          \
    X(87, "protected.paths")                                                                                           \
    X(88, "protected.resource_group")                                                                                  \
    X(89, "protected.secondary")                                                                                       \
    X(90, "protected.state")                                                                                           \
    X(91, "protected.type")                                                                                            \
    X(92, "sharepoint.content_databases")                                                                              \
    X(93, "sharepoint.servers")                                                                                        \
    X(94, "sharepoint.version")                                                                                        \
    X(95, "software.vcredist_2015")                                                                                    \
    X(96, "sql.build")                                                                                                 \
    X(97, "sql.build_source")                                                                                          \
    X(98, "sql.clustered")                                                                                             \
    X(99, "sql.edition")                                                                                               \
    X(100, "sql.encryption")                                                                                           \
    X(101, "sql.engine_edition")                                                                                       \
    X(102, "sql.hadr")                                                                                                 \
    X(103, "sql.instance")                                                                                             \
    X(104, "sql.level")                                                                                                \
    X(105, "sql.machine")                                                                                              \
    X(106, "sql.node")                                                                                                 \
    X(107, "sql.nodes")                                                                                                \
    X(108, "sql.tls")                                                                                                  \
    X(109, "sql.update_level")                                                                                         \
    X(110, "vapp.path")                                                                                                \
    X(111, "vm.clustered")                                                                                             \
    X(112, "vm.configuration_version")                                                                                 \
    X(113, "vm.configured_guest_id")                                                                                   \
    X(114, "vm.configured_guest_name")                                                                                 \
    X(115, "vm.connection_state")                                                                                      \
    X(116, "vm.custom_attributes")                                                                                     \
    X(117, "vm.data_sets")                                                                                             \
    X(118, "vm.datacenter")                                                                                            \
    X(119, "vm.datastore_types")                                                                                       \
    X(120, "vm.disk_places")                                                                                           \
    X(121, "vm.folder")                                                                                                \
    X(122, "vm.generation")                                                                                            \
    X(123, "vm.independent_disks")                                                                                     \
    X(124, "vm.integration_version")                                                                                   \
    X(125, "vm.pass_through_disks")                                                                                    \
    X(126, "vm.physical_rdm_disks")                                                                                    \
    X(127, "vm.placeholder")                                                                                           \
    X(128, "vm.remote_disks")                                                                                          \
    X(129, "vm.replication")                                                                                           \
    X(130, "vm.shared_disks")                                                                                          \
    X(131, "vm.state")                                                                                                 \
    X(132, "vm.template")                                                                                              \
    X(133, "vm.tools_status")                                                                                          \
    X(134, "vm.vapp")                                                                                                  \
    X(135, "volume.bitlocker")                                                                                         \
    X(136, "volume.capacity")                                                                                          \
    X(137, "volume.dedup")                                                                                             \
    X(138, "volume.drive_type")                                                                                        \
    X(139, "volume.filesystem")                                                                                        \
    X(140, "volume.paths")                                                                                             \
    X(141, "volume.system")                                                                                            \
    X(142, "vsphere.api_type")                                                                                         \
    X(143, "vsphere.api_version")                                                                                      \
    X(144, "vsphere.build")                                                                                            \
    X(145, "vsphere.connection_state")                                                                                 \
    X(146, "vsphere.license_edition")                                                                                  \
    X(147, "vsphere.license_name")                                                                                     \
    X(148, "vsphere.maintenance")                                                                                      \
    X(149, "vsphere.product")                                                                                          \
    X(150, "vsphere.version")                                                                                          \
    X(151, "wmf.version")

struct fact {
    unsigned char number;
    const char *name;
};

static const struct fact facts[] = {
#define X(number, name) { number, name },
    FACTS(X)
#undef X
};

static const char *const names[256] = {
#define X(number, name) [number] = (name),
    FACTS(X)
#undef X
};

enum { FACT_TOTAL = sizeof facts / sizeof *facts };

static int compare_fact(const void *name, const void *fact)
{
    return strcmp(name, ((const struct fact *)fact)->name);
}

/* 0: it is not kept. */
static unsigned char number_of(const char *name)
{
    const struct fact *found = bsearch(name, facts, FACT_TOTAL, sizeof *facts, compare_fact);

    if (found != NULL)
        return found->number;
    return attribute_find(name) == NULL ? GIST_FREE : 0;
}

bool gist_has(const char *name)
{
    return number_of(name) != 0;
}

static bool is_kept(const struct attribute *attribute, unsigned char number)
{
    if (number != GIST_FREE)
        return number != 0;
    switch (attribute->value.type) {
    case VALUE_TEXT: return strnlen(attribute->value.text, GIST_MAX_FREE + 1) <= GIST_MAX_FREE;
    case VALUE_INT: return false;
    case VALUE_BOOL:
    case VALUE_LIST: break;
    }
    return true;
}

/* A section matters where it can hide what is kept. */
static bool hides(const char *prefix)
{
    size_t length = strlen(prefix);

    if (length == 0 || prefix[length - 1] != '.')
        return gist_has(prefix);
    for (size_t i = 0; i < FACT_TOTAL; i++) {
        if (strncmp(facts[i].name, prefix, length) == 0)
            return true;
    }
    return false;
}

/* ----------------------------------------------------------------------------------------------------- writing ---- */

static void put_number(struct str *out, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        str_add_char(out, (char)(number | 0x80));
    str_add_char(out, (char)number);
}

static void put_text(struct str *out, const char *text)
{
    size_t length = strlen(text);

    put_number(out, length);
    str_add_bytes(out, text, length + 1);
}

static void put_value(struct str *out, const struct value *value)
{
    str_add_char(out, (char)value->type);
    switch (value->type) {
    case VALUE_TEXT: put_text(out, value->text); break;
    case VALUE_INT: put_number(out, ((uint64_t)value->number << 1) ^ (value->number < 0 ? UINT64_MAX : 0)); break;
    case VALUE_BOOL: str_add_char(out, value->truth ? 1 : 0); break;
    case VALUE_LIST:
        put_number(out, value->list.count);
        for (size_t i = 0; i < value->list.count; i++)
            put_text(out, value->list.texts[i]);
        break;
    }
}

void gist_write(struct str *out, const struct item *item)
{
    str_add_char(out, GIST_FORM);
    for (size_t i = 0; i < item->attribute_count; i++) {
        unsigned char number = number_of(item->attributes[i].name);

        if (!is_kept(&item->attributes[i], number))
            continue;
        str_add_char(out, (char)number);
        if (number == GIST_FREE)
            put_text(out, item->attributes[i].name);
        put_value(out, &item->attributes[i].value);
    }
    str_add_char(out, 0);
    for (size_t i = 0; i < item->unread_count; i++) {
        if (!hides(item->unread[i].prefix))
            continue;
        put_text(out, item->unread[i].prefix);
        put_text(out, item->unread[i].why);
    }
}

/* ----------------------------------------------------------------------------------------------------- reading ---- */

struct cursor {
    const unsigned char *at, *end;
    bool broken;
};

static unsigned char get_byte(struct cursor *cursor)
{
    if (cursor->at == cursor->end) {
        cursor->broken = true;
        return 0;
    }
    return *cursor->at++;
}

static uint64_t get_number(struct cursor *cursor)
{
    uint64_t number = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned char byte = get_byte(cursor);

        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
    cursor->broken = true;
    return 0;
}

static const char *get_text(struct cursor *cursor)
{
    uint64_t length = get_number(cursor);
    const char *text = (const char *)cursor->at;

    if (cursor->broken || length >= (uint64_t)(cursor->end - cursor->at) || text[length] != '\0') {
        cursor->broken = true;
        return "";
    }
    cursor->at += length + 1;
    return text;
}

static void get_list(struct cursor *cursor, struct arena *arena, struct value *value)
{
    uint64_t count = get_number(cursor);
    const char **texts;

    if (count > ITEM_MAX_LIST) {
        cursor->broken = true;
        return;
    }
    texts = arena_alloc(arena, (count + 1) * sizeof *texts);
    for (size_t i = 0; i < count; i++)
        texts[i] = get_text(cursor);
    value->list.texts = texts;
    value->list.count = count;
}

static struct value get_value(struct cursor *cursor, struct arena *arena)
{
    struct value value = { .type = (enum value_type)get_byte(cursor) };
    uint64_t number;

    switch (value.type) {
    case VALUE_TEXT: value.text = get_text(cursor); break;
    case VALUE_INT:
        number = get_number(cursor);
        value.number = (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
        break;
    case VALUE_BOOL: value.truth = get_byte(cursor) != 0; break;
    case VALUE_LIST: get_list(cursor, arena, &value); break;
    default: cursor->broken = true; break;
    }
    return value;
}

static void read_facts(struct cursor *cursor, struct arena *arena, struct gist *gist)
{
    struct attribute found[ITEM_MAX_ATTRIBUTES];
    unsigned char number;

    while ((number = get_byte(cursor)) != 0) {
        struct attribute *fact = &found[gist->fact_count];

        if (gist->fact_count == ITEM_MAX_ATTRIBUTES || (number != GIST_FREE && names[number] == NULL)) {
            cursor->broken = true;
            break;
        }
        fact->name = number == GIST_FREE ? get_text(cursor) : names[number];
        fact->value = get_value(cursor, arena);
        gist->fact_count++;
    }
    if (gist->fact_count > 0)
        gist->facts = arena_bytes(arena, found, gist->fact_count * sizeof *found);
}

static void read_unread(struct cursor *cursor, struct arena *arena, struct gist *gist)
{
    struct unread found[ITEM_MAX_UNREAD];

    while (cursor->at < cursor->end && !cursor->broken) {
        if (gist->unread_count == ITEM_MAX_UNREAD) {
            cursor->broken = true;
            break;
        }
        found[gist->unread_count].prefix = get_text(cursor);
        found[gist->unread_count++].why = get_text(cursor);
    }
    if (gist->unread_count > 0)
        gist->unread = arena_bytes(arena, found, gist->unread_count * sizeof *found);
}

bool gist_read(const void *bytes, size_t size, struct arena *arena, struct gist *gist)
{
    const unsigned char *copy = arena_bytes(arena, bytes, size);
    struct cursor cursor = { .at = copy, .end = copy + size };

    *gist = (struct gist){ 0 };
    if (get_byte(&cursor) != GIST_FORM)
        return false;
    read_facts(&cursor, arena, gist);
    read_unread(&cursor, arena, gist);
    return !cursor.broken;
}

void gist_take(const struct item *item, struct arena *arena, struct gist *gist)
{
    *gist = (struct gist){ 0 };
    gist->facts = arena_alloc(arena, (item->attribute_count + 1) * sizeof *gist->facts);
    for (size_t i = 0; i < item->attribute_count; i++) {
        if (is_kept(&item->attributes[i], number_of(item->attributes[i].name)))
            gist->facts[gist->fact_count++] = item->attributes[i];
    }
    gist->unread = arena_alloc(arena, (item->unread_count + 1) * sizeof *gist->unread);
    for (size_t i = 0; i < item->unread_count; i++) {
        if (hides(item->unread[i].prefix))
            gist->unread[gist->unread_count++] = item->unread[i];
    }
}
