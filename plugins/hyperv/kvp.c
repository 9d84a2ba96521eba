#include "kvp.h"

#include "arena.h"
#include "mem.h"
#include "text.h"
#include "xml_walk.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CLASS "Msvm_KvpExchangeDataItem"

struct kvp {
    struct xml_walk *walk;
    struct arena arena; /* of the item */
    struct kvp_item item;
};

enum { START = XML_START, INSTANCE, NAME, DATA, NAME_VALUE, DATA_VALUE };

static bool is_named(const struct xml_opening *opening, const char *attribute, const char *wanted)
{
    const char *value = xml_attribute(opening, "", attribute);

    return value != NULL && strcasecmp(value, wanted) == 0;
}

static bool refuse_root(void *context, const struct xml_opening *opening, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    (void)context;
    return err_set(err, ERR_PROTOCOL, "it begins with <%s> instead of <INSTANCE>",
                   text_quote(quote, opening->name->local));
}

static bool open_instance(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)context;
    if (is_named(opening, "CLASSNAME", CLASS))
        return true;
    return err_set(err, ERR_PROTOCOL, "it is of another class than " CLASS);
}

static int property(void *context, const struct xml_opening *opening)
{
    (void)context;
    if (*opening->name->space != '\0' || strcmp(opening->name->local, "PROPERTY") != 0)
        return XML_NOWHERE;
    if (is_named(opening, "NAME", "Name"))
        return NAME;
    return is_named(opening, "NAME", "Data") ? DATA : XML_NOWHERE;
}

static bool take(struct kvp *kvp, const char **member, const char *text, size_t size, struct err *err)
{
    if (*member != NULL)
        return err_set(err, ERR_PROTOCOL, "it has a value twice");
    *member = arena_bytes(&kvp->arena, text, size);
    return true;
}

static bool close_name(void *context, const char *text, size_t size, struct err *err)
{
    return take(context, &((struct kvp *)context)->item.name, text, size, err);
}

static bool close_data(void *context, const char *text, size_t size, struct err *err)
{
    return take(context, &((struct kvp *)context)->item.data, text, size, err);
}

static const struct xml_place places[] = {
    [START] = { .steps = XML_STEPS({ "", "INSTANCE", INSTANCE }), .other = refuse_root },
    [INSTANCE] = { .next = property, .open = open_instance },
    [NAME] = { .steps = XML_STEPS({ "", "VALUE", NAME_VALUE }) },
    [DATA] = { .steps = XML_STEPS({ "", "VALUE", DATA_VALUE }) },
    [NAME_VALUE] = { .text = "its name", .text_max = KVP_MAX_NAME, .close = close_name },
    [DATA_VALUE] = { .text = "its data", .text_max = KVP_MAX_DATA, .close = close_data },
};

struct kvp *kvp_create(void)
{
    static const struct xml_grammar grammar = { .places = places };
    struct kvp *kvp = mem_new(1, sizeof *kvp);

    kvp->walk = xml_walk_create(&grammar, kvp);
    arena_init(&kvp->arena, ARENA_PLAIN);
    return kvp;
}

void kvp_destroy(struct kvp *kvp)
{
    if (kvp == NULL)
        return;
    xml_walk_destroy(kvp->walk);
    arena_finish(&kvp->arena);
    free(kvp);
}

bool kvp_may_be(const char *text, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = text; (at = strstr(at, name)) != NULL; at++)
        if (at > text && at[-1] == '>' && at[length] == '<')
            return true;
    return false;
}

static void begin(struct kvp *kvp)
{
    arena_reset(&kvp->arena);
    kvp->item = (struct kvp_item){ 0 };
}

/* ------------------------------------------------------------------------------------------------------ alike ---- */

/* Hosts write nearly all items alike, and a parser takes ten times as long over one: of a hundred machines, a third of
 * the whole scan. What is written in any other way, or holds more than plain ASCII, is the parser's. */

static bool skip(const char **at, const char *word)
{
    size_t length = strlen(word);

    if (**at != *word || strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

static bool is_plain(char byte)
{
    return byte >= ' ' && byte < 0x7F && byte != '&' && byte != '<' && byte != '>';
}

/* Text of a VALUE, where there is one; kept as *member, where that is wanted and is not there yet. */
static bool skip_value(struct kvp *kvp, const char **at, const char **member, size_t max)
{
    size_t length = 0;

    if (!skip(at, "<VALUE>"))
        return true;
    while (is_plain((*at)[length]))
        length++;
    if (member != NULL && (*member != NULL || length > max))
        return false;
    if (member != NULL)
        *member = arena_bytes(&kvp->arena, *at, length);
    *at += length;
    return skip(at, "</VALUE>");
}

static bool skip_property(struct kvp *kvp, const char **at)
{
    const char **member = NULL;
    size_t max = 0;

    if (skip(at, "Name\"")) {
        member = &kvp->item.name;
        max = KVP_MAX_NAME;
    } else if (skip(at, "Data\"")) {
        member = &kvp->item.data;
        max = KVP_MAX_DATA;
    } else {
        static const char *const others[] = { "Caption\"",    "Description\"", "ElementName\"",
                                              "InstanceID\"", "Source\"",      NULL };
        size_t i = 0;

        while (others[i] != NULL && !skip(at, others[i]))
            i++;
        if (others[i] == NULL)
            return false;
    }
    skip(at, " PROPAGATED=\"true\"");
    return (skip(at, " TYPE=\"string\">") || skip(at, " TYPE=\"uint16\">")) && skip_value(kvp, at, member, max) &&
           skip(at, "</PROPERTY>");
}

static bool read_alike(struct kvp *kvp, const char *text)
{
    const char *at = text;

    if (!skip(&at, "<INSTANCE CLASSNAME=\"" CLASS "\">"))
        return false;
    while (skip(&at, "<PROPERTY NAME=\"")) {
        if (!skip_property(kvp, &at))
            return false;
    }
    return skip(&at, "</INSTANCE>") && *at == '\0' && kvp->item.name != NULL && kvp->item.name[0] != '\0';
}

/* -------------------------------------------------------------------------------------------------------- any ---- */

static bool read_any(struct kvp *kvp, const char *text, size_t size, struct err *err)
{
    begin(kvp);
    xml_walk_restart(kvp->walk);
    if (!xml_walk_feed(kvp->walk, text, size, err) || !xml_walk_end(kvp->walk, err))
        return false;
    if (kvp->item.name == NULL || *kvp->item.name == '\0')
        return err_set(err, ERR_PROTOCOL, "it has no name");
    return true;
}

static void end(struct kvp *kvp, struct kvp_item *item)
{
    if (kvp->item.data == NULL)
        kvp->item.data = "";
    *item = kvp->item;
}

bool kvp_skim(struct kvp *kvp, const char *text, struct kvp_item *item)
{
    begin(kvp);
    if (strnlen(text, KVP_MAX_ITEM + 1) > KVP_MAX_ITEM || !read_alike(kvp, text))
        return false;
    end(kvp, item);
    return true;
}

static bool read_item(struct kvp *kvp, const char *text, struct err *err)
{
    size_t size = strlen(text);

    if (size > KVP_MAX_ITEM)
        return err_set(err, ERR_PROTOCOL, "it has more than %d bytes", KVP_MAX_ITEM);
    return read_any(kvp, text, size, err);
}

bool kvp_read(struct kvp *kvp, const char *text, struct kvp_item *item, struct err *err)
{
    if (kvp_skim(kvp, text, item))
        return true;
    if (!read_item(kvp, text, err))
        return err_add(err, "a key-value item of the guest");
    end(kvp, item);
    return true;
}
