#include "product.h"

#include "column.h"
#include "names.h"
#include "privileges.h"
#include "ssrp.h"
#include "version.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* In the order of the statement's columns. */
enum column {
    PRODUCT_VERSION,
    PRODUCT_LEVEL,
    UPDATE_LEVEL,
    EDITION,
    ENGINE_EDITION,
    IS_CLUSTERED,
    IS_HADR_ENABLED,
    MACHINE_NAME,
    PHYSICAL_NETBIOS,
    INSTANCE_NAME,
    COLUMNS,
};

/* Not engines that a computer of ours has: Azure SQL Database, Synapse, Managed Instance, Edge and their kin. */
static const int foreign[] = { 5, 6, 8, 9, 11, 12 };

static bool is_version(const char *text)
{
    return text != NULL && isdigit((unsigned char)text[0]) && strspn(text, "0123456789.") == strlen(text) &&
           strlen(text) < 32;
}

static void take_version(struct instance *instance, const char *version)
{
    if (!is_version(version)) {
        instance_unread(instance, "sql.build", "what it gives as its version is none");
        return;
    }
    facts_text(&instance->item, "sql.build", version);
    facts_text(&instance->item, "sql.build_source", "login");
    instance->major = (int)version_number(version, 0);
}

static void take_engine(struct instance *instance, const struct mssql_row *row)
{
    int64_t engine;

    if (!column_int(row, ENGINE_EDITION, &engine)) {
        facts_unread(&instance->item, "sql.engine_edition", "it does not tell");
        return;
    }
    facts_int(&instance->item, "sql.engine_edition", engine);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        instance->foreign |= engine == foreign[i];
}

/* What calls itself otherwise is not what was to be looked at: a port that lies, or a name of many computers. */
static void take_name(struct instance *instance, const char *told)
{
    const char *name = told == NULL || told[0] == '\0' ? SSRP_DEFAULT : told;

    if (instance->name[0] == '\0' && names_is_instance(name))
        instance_call(instance, name);
    else if (strcasecmp(instance->name, name) != 0)
        instance->stranger = instance_keep(instance, name);
}

static void take_computer(struct instance *instance, const char *machine)
{
    struct item *item = &instance->item;

    if (machine == NULL || machine[0] == '\0') {
        facts_unread(item, "sql.machine", "it does not tell");
        facts_unread(item, "id.netbios", "it does not tell");
        return;
    }
    facts_text(item, "sql.machine", machine);
    facts_text(item, "id.netbios", names_short(&instance->arena, machine));
    if (instance->fqdn != NULL && !names_agree(instance->host, machine)) {
        instance->fqdn = NULL;
        instance->no_fqdn = "host is another name than the computer's own: an alias, or an availability group's "
                            "listener; set it to the computer's full name";
        instance_warn(instance, "the computer calls itself by another name than %s: set host to its own",
                      instance->host);
    }
}

static void set_or_unread(struct instance *instance, const char *attribute, const char *text)
{
    if (text != NULL && text[0] != '\0')
        facts_text(&instance->item, attribute, text);
    else
        instance_unread(instance, attribute, "it does not tell");
}

static void take_flag(struct instance *instance, const struct mssql_row *row, enum column column, const char *attribute,
                      bool *flag)
{
    if (column_bool(row, column, flag))
        facts_bool(&instance->item, attribute, *flag);
    else
        instance_unread(instance, attribute, "it does not tell");
}

/* Availability groups came with 2012: an older one knows no such property. */
static void take_hadr(struct instance *instance, const struct mssql_row *row)
{
    if (instance->major > 0 && instance->major < 11)
        facts_bool(&instance->item, "sql.hadr", false);
    else
        take_flag(instance, row, IS_HADR_ENABLED, "sql.hadr", &instance->hadr);
}

/* A role of a failover cluster, or none; where its availability groups need one, the cluster itself is asked. */
static void take_member(struct instance *instance)
{
    bool told = item_get(&instance->item, "sql.clustered") != NULL && item_get(&instance->item, "sql.hadr") != NULL;

    if (instance->clustered)
        facts_bool(&instance->item, "cluster.member", true);
    else if (!instance->foreign && !told)
        facts_unread(&instance->item, "cluster.", "it does not tell whether it is clustered");
    else if (!instance->foreign && !instance->hadr)
        facts_bool(&instance->item, "cluster.member", false);
}

static void take(struct instance *instance, const struct mssql_row *row)
{
    struct item *item = &instance->item;

    take_version(instance, column_text(row, PRODUCT_VERSION));
    take_engine(instance, row);
    take_name(instance, column_text(row, INSTANCE_NAME));
    take_computer(instance, column_text(row, MACHINE_NAME));
    take_flag(instance, row, IS_CLUSTERED, "sql.clustered", &instance->clustered);
    take_hadr(instance, row);
    set_or_unread(instance, "sql.level", column_text(row, PRODUCT_LEVEL));
    facts_text(item, "sql.update_level", column_text(row, UPDATE_LEVEL));
    set_or_unread(instance, "sql.edition", column_text(row, EDITION));
    set_or_unread(instance, "sql.node", column_text(row, PHYSICAL_NETBIOS));
    take_member(instance);
}

static const struct statement statements[] = {
    { 0, 0, COLUMNS, true,
      "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS product_version, "
      "CAST(SERVERPROPERTY('ProductLevel') AS nvarchar(128)) AS product_level, "
      "CAST(SERVERPROPERTY('ProductUpdateLevel') AS nvarchar(128)) AS product_update_level, "
      "CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition, "
      "CAST(SERVERPROPERTY('EngineEdition') AS int) AS engine_edition, "
      "CAST(SERVERPROPERTY('IsClustered') AS int) AS is_clustered, "
      "CAST(SERVERPROPERTY('IsHadrEnabled') AS int) AS is_hadr_enabled, "
      "CAST(SERVERPROPERTY('MachineName') AS nvarchar(128)) AS machine_name, "
      "CAST(SERVERPROPERTY('ComputerNamePhysicalNetBIOS') AS nvarchar(128)) AS physical_netbios, "
      "CAST(SERVERPROPERTY('InstanceName') AS nvarchar(128)) AS instance_name",
      take },
};

const struct section product_section = {
    .name = "what the instance says of itself",
    .statements = statements,
    .count = 1,
    .unread = { "sql.edition", "sql.engine_edition", "sql.level", "sql.update_level", "sql.machine", "sql.node",
                "sql.clustered", "sql.hadr", "cluster.", "id.netbios" },
};

/* --------------------------------------------------------------------------------------------------- domain ---- */

/* A computer in no domain gives itself as its domain. The domain's DNS name is taken from the computer's own. */
static void take_domain(struct instance *instance, const struct mssql_row *row)
{
    const char *domain = column_text(row, 0);
    const char *names[] = { facts_get(&instance->item, "sql.machine"), facts_get(&instance->item, "sql.node") };

    if (domain == NULL || domain[0] == '\0') {
        facts_unread(&instance->item, "domain.name", "it does not tell its domain");
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i] != NULL && strcasecmp(names[i], domain) == 0)
            return;
    }
    if (instance->fqdn == NULL)
        facts_unread(&instance->item, "domain.name", instance->no_fqdn);
    else
        facts_text(&instance->item, "domain.name", strchr(instance->fqdn, '.') + 1);
}

static const struct statement domain_statements[] = {
    { 0, 0, 1, true, "SELECT CAST(DEFAULT_DOMAIN() AS nvarchar(128)) AS default_domain", take_domain },
};

const struct section product_domain = {
    .name = "the domain of the computer",
    .statements = domain_statements,
    .count = 1,
    .applies = instance_is_ours,
    .unread = { "domain.name" },
};

/* -------------------------------------------------------------------------------------------------- cluster ---- */

static bool has_groups(const struct instance *instance)
{
    return instance_is_ours(instance) && instance->hadr;
}

static void take_cluster(struct instance *instance, const struct mssql_row *row)
{
    const char *name = column_text(row, 0);

    set_or_unread(instance, "cluster.name", name);
    facts_bool(&instance->item, "cluster.member", true);
}

static void failed_cluster(struct instance *instance, const char *why)
{
    instance_unread(instance, "cluster.name", why);
    instance_unread(instance, "cluster.member", why);
}

/* Groups for reading only, since 2017, need none. */
static void finish_cluster(struct instance *instance)
{
    if (instance->left_out > 0)
        failed_cluster(instance, "the name of the cluster is too long");
    else if (item_get(&instance->item, "cluster.member") == NULL)
        facts_bool(&instance->item, "cluster.member", false);
}

static const struct statement cluster_statements[] = {
    { 11, 0, 1, false, "SELECT CAST(c.cluster_name AS nvarchar(256)) AS cluster_name FROM sys.dm_hadr_cluster c",
      take_cluster },
};

const struct section product_cluster = {
    .name = "the failover cluster",
    .statements = cluster_statements,
    .count = 1,
    .rights = MAY_SEE_STATE,
    .applies = has_groups,
    .finish = finish_cluster,
    .failed = failed_cluster,
};
