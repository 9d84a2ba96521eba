#include "section.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The time of the last job of that state: jobs are many, and only their last ones count. */
#define LAST(state) "CONVERT(varchar(30), MAX(CASE WHEN Status = " state " THEN CreationTime END), 126)"

const struct section sections[SECTION_COUNT] = {
    [SECTION_SETTINGS] = { "tbl_DLS_GlobalSetting",
                           { { "PropertyName", NULL, false }, { "PropertyValue", NULL, false } },
                           " WHERE PropertyName = N'DatabaseVersion'",
                           "the version of the backup server" },
    [SECTION_PATCHES] = { "tbl_AM_AgentPatch",
                          { { "MajorVersionNumber", NULL, false },
                            { "MinorVersionNumber", NULL, false },
                            { "BuildNumber", NULL, false } },
                          " GROUP BY MajorVersionNumber, MinorVersionNumber, BuildNumber",
                          "updates of the backup server" },
    [SECTION_SERVERS] = { "Vw_DPM_Server",
                          { { "ServerId", NULL, false },
                            { "ServerName", NULL, false },
                            { "NetBiosName", NULL, true },
                            { "DomainName", NULL, true },
                            { "IsRG", NULL, true } },
                          NULL,
                          "the computers that data sources are on" },
    [SECTION_AGENTS] = { "Vw_DPM_Agents",
                         { { "ServerName", NULL, false }, { "Version", NULL, false } },
                         NULL,
                         "versions of protection agents" },
    [SECTION_GROUPS] = { "Vw_DPM_ProtectedGroup",
                         { { "PGId", NULL, false }, { "ProtectionGroupName", NULL, false } },
                         NULL,
                         "names of protection groups" },
    [SECTION_INTENTS] = { "tbl_IM_ProtectedGroup",
                          { { "ProtectedGroupId", NULL, false },
                            { "FriendlyName", NULL, true },
                            { "DiskIntentId", NULL, true } },
                          NULL,
                          "which protection groups keep recovery points on disk" },
    [SECTION_SOURCES] = { "tbl_IM_DataSource",
                          { { "DataSourceId", NULL, false },
                            { "DataSourceName", NULL, false },
                            { "ServerId", NULL, false },
                            { "ProtectedGroupId", NULL, false },
                            { "AppId", NULL, true },
                            { "CloudProtectionStatus", NULL, true } },
                          NULL,
                          "types of data sources, and of those that are in no protection group" },
    [SECTION_LOGICAL] = { "tbl_PRM_LogicalReplica",
                          { { "DataSourceId", NULL, false },
                            { "Validity", NULL, false },
                            { "PhysicalReplicaId", NULL, true } },
                          NULL,
                          "replicas of data sources whose protection has ended" },
    [SECTION_REPLICAS] = { "Vw_DPM_Replica",
                           { { "ReplicaId", NULL, false },
                             { "PhysicalPath", NULL, false },
                             { "ServerName", NULL, false },
                             { "PGId", NULL, true },
                             { "ValidTo", "CONVERT(varchar(30), ValidTo, 126)", true },
                             { "StorageNode", NULL, true } },
                           NULL,
                           "the name of the backup server" },
    [SECTION_DISK_POINTS] = { "Vw_DPM_DiskRecoveryPoints",
                              { { "DataSourceName", NULL, false },
                                { "PGId", NULL, false },
                                { "ServerId", NULL, false },
                                { "Frequency", NULL, false } },
                              NULL,
                              "how many recovery points there are" },
    [SECTION_JOBS] = { "Vw_DPM_Total_RecoveryPoint",
                       { { "DataSourceName", NULL, false },
                         { "ServerName", NULL, false },
                         { "CreationTime", LAST("2"), false },
                         { "Status", LAST("3"), false } },
                       " GROUP BY DataSourceName, ServerName",
                       "when the last recovery point was made, and when making one failed" },
    [SECTION_DISK_JOBS] = { "Vw_DPM_RecoveryPointDisk",
                            { { "DatasourceName", NULL, false },
                              { "ServerName", NULL, false },
                              { "CreationTime", LAST("2"), false },
                              { "Status", LAST("3"), false } },
                            " GROUP BY DatasourceName, ServerName",
                            "when the last recovery point on disk was made, and when making one failed" },
    [SECTION_OBJECTS] = { "tbl_IM_ProtectedObject",
                          { { "DataSourceId", NULL, false },
                            { "ComponentName", NULL, true },
                            { "LogicalPath", NULL, true },
                            { "PhysicalPath", NULL, true },
                            { "ProtectedInPlan", "", false } },
                          " WHERE ProtectedInPlan = 1",
                          "which folders and components of a computer are protected" },
    [SECTION_VOLUMES] = { "tbl_IM_Volume",
                          { { "VolumeId", NULL, false }, { "VolumePath", NULL, false } },
                          NULL,
                          "the volumes that data sources lie on" },
    [SECTION_SOURCE_VOLUMES] = { "tbl_IM_DataSourceVolume",
                                 { { "DataSourceId", NULL, false }, { "VolumeId", NULL, false } },
                                 NULL,
                                 "the volumes that data sources lie on" },
};

void schema_init(struct schema *schema)
{
    arena_init(&schema->arena, ARENA_PLAIN);
    schema->names = MAP_EMPTY;
}

void schema_finish(struct schema *schema)
{
    map_finish(&schema->names);
    arena_finish(&schema->arena);
}

static void add_upper(struct str *out, const char *text)
{
    for (; *text != '\0'; text++)
        str_add_char(out, (char)toupper((unsigned char)*text));
}

const char *schema_statement(struct arena *arena)
{
    struct str out = STR_EMPTY;
    const char *text;

    str_add(&out, "SELECT TABLE_NAME AS c1, COLUMN_NAME AS c2 FROM INFORMATION_SCHEMA.COLUMNS"
                  " WHERE TABLE_SCHEMA = N'dbo' AND UPPER(TABLE_NAME) IN (");
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        str_add(&out, i == 0 ? "N'" : ", N'");
        add_upper(&out, sections[i].object);
        str_add_char(&out, '\'');
    }
    str_add_char(&out, ')');
    text = arena_text(arena, str_text(&out));
    str_finish(&out);
    return text;
}

/* "OBJECT", or "OBJECT.COLUMN"; the caller finishes it. */
static struct str name_of(const char *object, const char *column)
{
    struct str name = STR_EMPTY;

    add_upper(&name, object);
    if (column != NULL) {
        str_add_char(&name, '.');
        add_upper(&name, column);
    }
    return name;
}

static const char *spelling(const struct schema *schema, const char *object, const char *column)
{
    struct str name = name_of(object, column);
    const char *found = map_get(&schema->names, str_text(&name));

    str_finish(&name);
    return found;
}

static void keep(struct schema *schema, const char *object, const char *column, const char *text)
{
    struct str name = name_of(object, column);

    if (map_get(&schema->names, str_text(&name)) == NULL)
        map_put(&schema->names, arena_text(&schema->arena, str_text(&name)), arena_text(&schema->arena, text));
    str_finish(&name);
}

/* Only what differs in capitals alone from a name of ours is kept, and may so become part of a statement. */
void schema_take(struct schema *schema, const char *object, const char *column)
{
    if (object == NULL || column == NULL)
        return;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (strcasecmp(sections[i].object, object) != 0)
            continue;
        keep(schema, object, NULL, object);
        for (size_t at = 0; at < SECTION_MAX_COLUMNS && sections[i].columns[at].name != NULL; at++) {
            if (strcasecmp(sections[i].columns[at].name, column) == 0)
                keep(schema, object, column, column);
        }
    }
}

bool schema_has(const struct schema *schema, const char *object, const char *column)
{
    return spelling(schema, object, column) != NULL;
}

static bool is_complete(const struct schema *schema, const struct section *section, struct err *err)
{
    if (!schema_has(schema, section->object, NULL))
        return err_set(err, ERR_UNSUPPORTED,
                       "dbo.%s is not there, or the login may not read it: GRANT SELECT ON dbo.%s TO the login's user",
                       section->object, section->object);
    for (size_t i = 0; i < SECTION_MAX_COLUMNS && section->columns[i].name != NULL; i++) {
        const struct section_column *column = &section->columns[i];

        if (!column->optional && !schema_has(schema, section->object, column->name))
            return err_set(err, ERR_UNSUPPORTED, "dbo.%s has no column %s, or the login may not read it",
                           section->object, column->name);
    }
    return true;
}

static const char *selected(const struct schema *schema, const struct section *section,
                            const struct section_column *column)
{
    const char *name = spelling(schema, section->object, column->name);

    if (name == NULL)
        return "NULL";
    return column->expression != NULL ? column->expression : name;
}

bool section_ask(const struct schema *schema, const struct section *section, struct str *statement, struct err *err)
{
    size_t count = 0;

    if (!is_complete(schema, section, err))
        return false;
    for (size_t i = 0; i < SECTION_MAX_COLUMNS && section->columns[i].name != NULL; i++) {
        const char *text = selected(schema, section, &section->columns[i]);

        if (text[0] == '\0')
            continue;
        count++;
        str_format(statement, "%s%s AS c%zu", count == 1 ? "SELECT " : ", ", text, count);
    }
    str_format(statement, " FROM dbo.%s%s", spelling(schema, section->object, NULL),
               section->tail == NULL ? "" : section->tail);
    return true;
}
