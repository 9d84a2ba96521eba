#include "exterior.h"

#include "old_tls.h"
#include "version.h"

static void set_build(struct instance *instance, const char *build, const char *source)
{
    facts_text(&instance->item, "sql.build", build);
    facts_text(&instance->item, "sql.build_source", source);
    instance->major = (int)version_number(build, 0);
}

static void set_encryption(struct instance *instance, const struct sql_scout_instance *found)
{
    const char *word = found->strict ? "strict"
                       : found->seen ? prelogin_encryption_word(found->prelogin.encryption)
                                     : NULL;

    if (word != NULL)
        facts_text(&instance->item, "sql.encryption", word);
    else
        facts_unread(&instance->item, "sql.encryption", found->why.text);
}

void exterior_record(struct instance *instance, const struct sql_scout_instance *found)
{
    struct item *item = &instance->item;

    if (found->port != 0)
        facts_int(item, "sql.port", found->port);
    else
        facts_unread(item, "sql.port", "SQL Server Browser tells none");
    if (found->by_browser)
        facts_bool(item, "sql.clustered", found->clustered);
    if (found->seen && found->prelogin.build[0] != '\0')
        set_build(instance, found->prelogin.build, "prelogin");
    else if (found->browser_version[0] != '\0')
        set_build(instance, found->browser_version, "browser");
    else
        facts_unread(item, "sql.build", found->seen ? "it tells none before a login" : found->why.text);
    set_encryption(instance, found);
}

void exterior_tls(struct instance *instance, const char *version)
{
    facts_text(&instance->item, "sql.tls", version);
    if (old_tls_is(version))
        instance_warn(instance, "%s is the newest that it agrees to: update SQL Server so that it speaks TLS 1.2",
                      version);
}
