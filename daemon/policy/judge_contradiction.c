#include "judge_parts.h"

#include "text.h"
#include "version.h"

#include <string.h>

/* What the configuration says of a backup server, beside what its scans and those of its computer show. The
 * configuration counts, but whoever reads a verdict is to know that it may be out of date. Where scans do not agree, or
 * show nothing that is certain, nothing is told. */

#define UPDATE " UR" /* behind a product's name, as in "Azure Backup Server v3 UR2" */

static void add(const struct served *server, struct str *out, const char *what, const char *said, const char *shown)
{
    char one[TEXT_QUOTE_SIZE], other[TEXT_QUOTE_SIZE], third[TEXT_QUOTE_SIZE];

    str_format(out, "%sthe configuration says %s %s %s; its scan shows %s", out->length == 0 ? "" : "; ",
               text_quote(one, server->name), what, text_quote(other, said), text_quote(third, shown));
}

/* ---------------------------------------------------------------------------------------------------- product ---- */

/* The same with another value of one fact. A thing of its own: what is known of one is remembered by where it lies. */
static const struct thing *with_fact(struct judge *judge, const struct thing *thing, const struct attribute *other)
{
    struct attribute *facts = arena_bytes(&judge->arena, thing->facts, thing->fact_count * sizeof *facts);
    struct thing *copy = arena_bytes(&judge->arena, thing, sizeof *copy);

    for (size_t i = 0; i < thing->fact_count; i++) {
        if (strcmp(facts[i].name, other->name) == 0)
            facts[i].value = other->value;
    }
    copy->facts = facts;
    copy->others = NULL;
    copy->other_count = 0;
    return copy;
}

/* Its own word and its database's need not be of one build, as long as they are of one product. */
const struct product *judge_scanned_product(struct judge *judge, const struct thing *asset)
{
    const struct product *found = asset == NULL ? NULL : classify_product(judge, asset);

    for (size_t i = 0; found != NULL && i < asset->other_count; i++) {
        if (strcmp(asset->others[i].name, "backup.version") == 0 &&
            classify_product(judge, with_fact(judge, asset, &asset->others[i])) != found)
            return NULL;
    }
    return found;
}

static void compare_product(struct judge *judge, const struct served *server, struct str *out)
{
    const char *said = server->configured->product;
    const struct product *scanned;

    if (said == NULL || server->product == NULL || strcasecmp(said, server->product->name) != 0)
        return;
    scanned = judge_scanned_product(judge, server->asset);
    if (scanned != NULL && scanned != server->product)
        add(server, out, "is", server->product->name, scanned->title);
}

/* ----------------------------------------------------------------------------------------------------- update ---- */

static const char *update_of(const struct version *version)
{
    const char *at = strstr(version->name, UPDATE);

    return at == NULL ? NULL : at + 1;
}

/* Of the last update that the table knows the server may have a later one; and a product as it was first released may
 * have one whose build nobody published. */
static bool is_surely(const struct version *version)
{
    const struct family *family = version->family;
    size_t length = (size_t)(update_of(version) - version->name);

    for (size_t i = 0; i < family->version_count; i++) {
        const struct version *other = &family->versions[i];

        if (other->order > version->order && strncmp(other->name, version->name, length) == 0)
            return true;
    }
    return false;
}

static void compare_update(struct judge *judge, const struct served *server, struct str *out)
{
    const char *said = server->configured->update, *shown;
    const struct classification *found;
    int order;

    if (said == NULL || server->asset == NULL)
        return;
    found = classify(judge, server->asset, GROUP_BACKUP);
    shown = found->count == 1 ? update_of(found->candidates[0]) : NULL;
    if (shown == NULL)
        return;
    order = version_compare(shown, said);
    if (order > 0 || (order < 0 && is_surely(found->candidates[0])))
        add(server, out, "has", said, shown);
}

/* ---------------------------------------------------------------------------------------------- its computer ---- */

static bool is_called(const struct version *version, const char *name)
{
    return strcasecmp(version->name, name) == 0 || strcasecmp(version->base, name) == 0 ||
           (version->variant_of != NULL && strcasecmp(version->variant_of, name) == 0);
}

static void compare_os(struct judge *judge, const struct served *server, const struct thing *machine, struct str *out)
{
    const char *said = server->configured->os;
    const struct classification *found;

    if (said == NULL || machine == NULL)
        return;
    found = classify(judge, machine, GROUP_OS);
    if (found->count == 1 && !is_called(found->candidates[0], said))
        add(server, out, "runs", said, found->candidates[0]->name);
}

/* The word of a set of one; NULL: of another. */
static const char *word_of(unsigned places)
{
    for (int i = 0; i < INSTALLATIONS; i++) {
        if (places == 1U << i)
            return installation_words[i];
    }
    return NULL;
}

static void compare_place(struct judge *judge, const struct served *server, const struct thing *machine,
                          struct str *out)
{
    const char *said = server->configured->installation, *shown;
    int place = judge_place_find(said);

    if (place < 0 || machine == NULL)
        return;
    shown = word_of(judge_place(judge, machine));
    if (shown != NULL && strcasecmp(shown, installation_words[place]) != 0)
        add(server, out, "is installed as", said, shown);
}

static const char *own_domain(const struct thing *thing)
{
    for (size_t i = 0; thing != NULL && i < thing->other_count; i++) {
        if (strcmp(thing->others[i].name, "domain.name") == 0)
            return NULL;
    }
    return thing == NULL ? NULL : thing_text(thing, "domain.name");
}

static void compare_domain(const struct served *server, const struct thing *machine, struct str *out)
{
    const char *said = server->configured->domain, *shown = own_domain(server->asset);

    if (shown == NULL)
        shown = own_domain(machine);
    if (said != NULL && shown != NULL && shown[0] != '\0' && strcasecmp(said, shown) != 0)
        add(server, out, "is in the domain", said, shown);
}

const char *judge_contradiction(struct judge *judge, const struct served *server)
{
    const struct thing *machine = judge_server_machine(judge, server->asset);
    struct str out = STR_EMPTY;
    const char *text = NULL;

    if (server->configured == NULL || server->asset == NULL)
        return NULL;
    compare_product(judge, server, &out);
    compare_update(judge, server, &out);
    compare_place(judge, server, machine, &out);
    compare_os(judge, server, machine, &out);
    compare_domain(server, machine, &out);
    if (out.length > 0)
        text = arena_text(&judge->arena, str_text(&out));
    str_finish(&out);
    return text;
}
