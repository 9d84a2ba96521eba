#include "privileges.h"

#include "column.h"
#include "str.h"
#include "text.h"
#include "utf8.h"

#include <string.h>

enum { MAX_LOGIN = 128 }; /* characters of a login, and bytes of one that is worth repeating */

static const struct {
    const char *name;
    int since; /* major version that has it first */
} rights[RIGHT_COUNT] = {
#define X(word, name, since) [RIGHT_##word] = { name, since },
    RIGHTS(X)
#undef X
};

bool privileges_allows(const struct instance *instance, unsigned needed)
{
    return needed == 0 || (instance->rights & needed) != 0;
}

const char *privileges_name(enum right right)
{
    return rights[right].name;
}

static bool is_shown_as_it_is(const char *text)
{
    for (size_t length; *text != '\0'; text += length) {
        if (text_is_unseen(utf8_decode(text, &length)))
            return false;
    }
    return true;
}

/* The login in brackets, for people to copy; one that nobody can copy is called by its kind. */
static const char *quoted_login(struct instance *instance)
{
    const char *login = instance->login;
    struct str quoted = STR_EMPTY;
    const char *kept;

    if (login == NULL || login[0] == '\0' || strlen(login) > MAX_LOGIN || !is_shown_as_it_is(login))
        return "[LOGIN]";
    str_add_char(&quoted, '[');
    for (; *login != '\0'; login++) {
        str_add_char(&quoted, *login);
        if (*login == ']')
            str_add_char(&quoted, ']');
    }
    str_add_char(&quoted, ']');
    kept = instance_keep(instance, str_text(&quoted));
    str_finish(&quoted);
    return kept;
}

const char *privileges_grant(struct instance *instance, enum right right)
{
    const char *login = quoted_login(instance);

    if (right == RIGHT_SELECT_BACKUPSET)
        return arena_format(&instance->arena,
                            "USE msdb; CREATE USER %s FOR LOGIN %s; GRANT SELECT ON dbo.backupset TO %s", login, login,
                            login);
    return arena_format(&instance->arena, "GRANT %s TO %s", privileges_name(right), login);
}

enum right privileges_first(const struct instance *instance, unsigned needed)
{
    enum right right = 0;

    while (right < RIGHT_COUNT - 1 && ((needed & 1U << right) == 0 || instance->major < rights[right].since))
        right++;
    return right;
}

const char *privileges_needs(struct instance *instance, unsigned needed)
{
    enum right right = privileges_first(instance, needed);

    if (instance->blind != NULL)
        return arena_format(&instance->arena, "what the login may see could not be read: %s", instance->blind);
    return arena_format(&instance->arena, "needs %s: %s", privileges_name(right), privileges_grant(instance, right));
}

/* -------------------------------------------------------------------------------------------------- section ---- */

/* In the order of the columns. */
static const enum right asked[] = {
    RIGHT_VIEW_ANY_DATABASE,
    RIGHT_VIEW_ANY_DEFINITION,
    RIGHT_VIEW_SERVER_STATE,
    RIGHT_CREATE_ANY_DATABASE,
    RIGHT_ALTER_ANY_DATABASE,
    RIGHT_SELECT_BACKUPSET,
    RIGHT_VIEW_SERVER_PERFORMANCE_STATE,
};

static void take(struct instance *instance, const struct mssql_row *row)
{
    instance->login = instance_keep(instance, column_text(row, 0));
    for (size_t i = 0; i + 1 < row->count && i < sizeof asked / sizeof *asked; i++) {
        bool has = false;

        if (column_bool(row, i + 1, &has) && has)
            instance->rights |= 1U << asked[i];
    }
}

static void failed(struct instance *instance, const char *why)
{
    instance->blind = why;
}

static bool applies(const struct instance *instance)
{
    return !instance->foreign;
}

#define COLUMNS                                                                                                        \
    "SELECT CAST(SUSER_SNAME() AS nvarchar(256)) AS login_name, "                                                      \
    "CAST(HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE') AS int) AS view_any_database, "                           \
    "CAST(HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') AS int) AS view_any_definition, "                       \
    "CAST(HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') AS int) AS view_server_state, "                           \
    "CAST(HAS_PERMS_BY_NAME(NULL, NULL, 'CREATE ANY DATABASE') AS int) AS create_any_database, "                       \
    "CAST(HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY DATABASE') AS int) AS alter_any_database, "                         \
    "CAST(HAS_PERMS_BY_NAME('msdb.dbo.backupset', 'OBJECT', 'SELECT') AS int) AS select_backupset"

/* The right that SQL Server 2022 brought is no right before. */
static const struct statement statements[] = {
    { 0, 15, 7, true, COLUMNS, take },
    { 16, 0, 8, true,
      COLUMNS ", CAST(HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE') AS int) "
              "AS view_server_performance_state",
      take },
};

const struct section privileges_section = {
    .name = "what the login may see",
    .statements = statements,
    .count = sizeof statements / sizeof *statements,
    .failed = failed,
    .applies = applies,
};
