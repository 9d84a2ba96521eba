#include "shared_volumes.h"

#include "column.h"
#include "privileges.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ----------------------------------------------------------------------------------------------------- paths ---- */

static bool is_slash(char character)
{
    return character == '\\' || character == '/';
}

static char plain(char character)
{
    return (char)(is_slash(character) ? '\\' : tolower((unsigned char)character));
}

/* Whether the path begins with all of these characters. */
static bool begins(const char *path, const char *with)
{
    for (; *with != '\0'; path++, with++) {
        if (plain(*path) != plain(*with))
            return false;
    }
    return true;
}

/* Windows takes \\?\C:\data for C:\data. */
static const char *without_prefix(const char *path)
{
    return begins(path, "\\\\?\\") || begins(path, "\\\\.\\") ? path + 4 : path;
}

bool shared_volumes_is_share(const char *path)
{
    const char *rest = without_prefix(path);

    if (rest != path)
        return begins(rest, "UNC\\");
    return is_slash(path[0]) && is_slash(path[1]);
}

static bool is_cluster_storage(const char *path)
{
    return isalpha((unsigned char)path[0]) && begins(path + 1, ":\\ClusterStorage\\");
}

/* The volume's name ends where the path has a slash, whether it has one at its own end or not. */
static bool is_beneath(const char *path, const char *volume)
{
    size_t length = strlen(volume);

    if (length == 0 || !begins(path, volume))
        return false;
    return is_slash(volume[length - 1]) || is_slash(path[length]) || path[length] == '\0';
}

bool shared_volumes_hold(const struct instance *instance, const char *path)
{
    path = without_prefix(path);
    if (is_cluster_storage(path))
        return true;
    vec_each (volume, &instance->volumes) {
        if (is_beneath(path, without_prefix(*volume)))
            return true;
    }
    return false;
}

/* --------------------------------------------------------------------------------------------------- section ---- */

/* Where it does not tell whether it is clustered, it may be. */
static bool applies(const struct instance *instance)
{
    bool told = item_get(&instance->item, "sql.clustered") != NULL;

    return instance_is_ours(instance) && (instance->clustered || !told) && instance->major >= 12;
}

static void take(struct instance *instance, const struct mssql_row *row)
{
    const char *path = column_text(row, 0);
    bool shared = false;

    if (path == NULL || !column_bool(row, 1, &shared) || instance->volumes.count == INSTANCE_MAX_VOLUMES)
        instance->left_out++;
    else if (shared)
        vec_push(&instance->volumes, instance_keep(instance, path));
}

static void finish(struct instance *instance)
{
    if (instance->left_out > 0)
        instance->no_volumes = "a volume of the instance could not be read";
}

static void failed(struct instance *instance, const char *why)
{
    instance->no_volumes = why;
}

static const struct statement statements[] = {
    { 12, 0, 2, false,
      "SELECT p.path_name AS path_name, CAST(p.is_cluster_shared_volume AS int) AS is_shared "
      "FROM sys.dm_io_cluster_valid_path_names p",
      take },
};

const struct section shared_volumes_section = {
    .name = "cluster shared volumes",
    .statements = statements,
    .count = 1,
    .rights = MAY_SEE_STATE,
    .applies = applies,
    .finish = finish,
    .failed = failed,
};
