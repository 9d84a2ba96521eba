#include "registry.h"

#include "wsman_exchange.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define MACHINE "2147483650" /* HKEY_LOCAL_MACHINE (winreg.h) */
#define NO_SUCH_VALUE 1
#define NO_SUCH_KEY 2
#define ACCESS_DENIED 5

/* StdRegProv is in root/default always, in root/cimv2 too since Vista; not every account may see both. */
static const char *const spaces[] = { "root/cimv2", "root/default" };

/* One question, and where its answer goes. */
struct asking {
    const char *method, *property; /* property NULL: nothing but the return value is wanted */
    const char *key, *value;       /* value NULL: the method takes none */
    struct arena *arena;           /* NULL: number is what is wanted */

    bool returned, has;
    int64_t result, number;
    const char **texts;
    size_t count;
};

static void keep_texts(struct asking *asking, const struct cim_property *property)
{
    asking->count = property->count;
    if (asking->arena == NULL || property->count == 0)
        return;
    asking->texts = arena_alloc(asking->arena, property->count * sizeof *asking->texts);
    for (size_t i = 0; i < property->count; i++)
        asking->texts[i] = arena_text(asking->arena, property->texts[i]);
}

static bool take(void *context, const struct cim_instance *instance, struct err *err)
{
    struct asking *asking = context;
    const struct cim_property *property = cim_property(instance, asking->property);

    (void)err;
    asking->returned = cim_int(instance, "ReturnValue", &asking->result);
    asking->has = property != NULL && property->count > 0;
    if (property != NULL)
        keep_texts(asking, property);
    if (asking->arena == NULL)
        asking->has = cim_int(instance, asking->property, &asking->number);
    return true;
}

static bool call(struct wsman *wsman, const char *space, struct asking *asking, struct err *err)
{
    const struct wsman_selector parameters[] = {
        { "hDefKey", MACHINE },
        { "sSubKeyName", asking->key },
        { "sValueName", asking->value },
    };
    const struct wsman_method method = {
        .space = space,
        .class = "StdRegProv",
        .name = asking->method,
        .parameters = parameters,
        .parameter_count = asking->value != NULL ? 3 : 2,
    };
    const struct wsman_taker taker = { take, asking };

    return wsman_invoke(wsman, &method, &taker, err);
}

/* Where it is known to be, or else in one namespace after the other. */
static bool find(struct wsman *wsman, struct asking *asking, struct err *err)
{
    if (wsman->registry != NULL)
        return call(wsman, wsman->registry, asking, err);
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        bool good = call(wsman, spaces[i], asking, err);

        if (good)
            wsman->registry = spaces[i];
        if (good || (wsman_meaning(wsman) != WSMAN_ABSENT && wsman_meaning(wsman) != WSMAN_REFUSED))
            return good;
    }
    return false;
}

static enum registry_result fail(struct wsman *wsman, const struct asking *asking, struct err *err)
{
    wsman->meaning = WSMAN_BROKEN;
    if (!asking->returned)
        err_set(err, ERR_PROTOCOL, "%s answered StdRegProv.%s without a ReturnValue", str_text(&wsman->server),
                asking->method);
    else
        err_set(err, ERR_PROTOCOL, "%s: HKLM\\%s%s%s: StdRegProv.%s failed with %" PRId64 " (0x%08" PRIX64 ")",
                str_text(&wsman->server), asking->key, asking->value != NULL ? ", value " : "",
                asking->value != NULL ? asking->value : "", asking->method, asking->result,
                (uint64_t)asking->result & UINT32_MAX);
    return REGISTRY_FAILED;
}

static enum registry_result refuse(struct wsman *wsman, const struct asking *asking, struct err *err)
{
    wsman->meaning = WSMAN_REFUSED;
    err_set(err, ERR_DENIED, "%s: HKLM\\%s: access denied; let the account read the key", str_text(&wsman->server),
            asking->key);
    return REGISTRY_REFUSED;
}

static enum registry_result ask(struct wsman *wsman, struct asking *asking, struct err *err)
{
    if (!find(wsman, asking, err))
        return wsman_meaning(wsman) == WSMAN_REFUSED ? REGISTRY_REFUSED : REGISTRY_FAILED;
    if (!asking->returned)
        return fail(wsman, asking, err);
    switch (asking->result) {
    case 0: return REGISTRY_FOUND;
    case NO_SUCH_VALUE:
    case NO_SUCH_KEY: return REGISTRY_ABSENT;
    case ACCESS_DENIED: return refuse(wsman, asking, err);
    default: return fail(wsman, asking, err);
    }
}

enum registry_result registry_text(struct wsman *wsman, const char *key, const char *value, struct arena *arena,
                                   const char **text, struct err *err)
{
    struct asking asking = {
        .method = "GetStringValue", .property = "sValue", .key = key, .value = value, .arena = arena
    };
    enum registry_result result = ask(wsman, &asking, err);

    if (result == REGISTRY_FOUND && !asking.has)
        return REGISTRY_ABSENT;
    if (result == REGISTRY_FOUND)
        *text = asking.texts[0];
    return result;
}

enum registry_result registry_int(struct wsman *wsman, const char *key, const char *value, int64_t *number,
                                  struct err *err)
{
    struct asking asking = { .method = "GetDWORDValue", .property = "uValue", .key = key, .value = value };
    enum registry_result result = ask(wsman, &asking, err);

    if (result == REGISTRY_FOUND && !asking.has)
        return REGISTRY_ABSENT;
    if (result == REGISTRY_FOUND)
        *number = asking.number;
    return result;
}

static enum registry_result list(struct wsman *wsman, struct asking *asking, const char *const **texts, size_t *count,
                                 struct err *err)
{
    enum registry_result result = ask(wsman, asking, err);

    if (result == REGISTRY_FOUND) {
        *texts = asking->texts;
        *count = asking->count;
    }
    return result;
}

enum registry_result registry_texts(struct wsman *wsman, const char *key, const char *value, struct arena *arena,
                                    const char *const **texts, size_t *count, struct err *err)
{
    struct asking asking = {
        .method = "GetMultiStringValue", .property = "sValue", .key = key, .value = value, .arena = arena
    };

    return list(wsman, &asking, texts, count, err);
}

/* Each byte is a number in decimal. */
static bool byte_of(const char *text, unsigned char *byte)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    *byte = (unsigned char)number;
    return end != text && *end == '\0' && number <= UCHAR_MAX;
}

enum registry_result registry_bytes(struct wsman *wsman, const char *key, const char *value, struct arena *arena,
                                    const unsigned char **bytes, size_t *size, struct err *err)
{
    struct asking asking = {
        .method = "GetBinaryValue", .property = "uValue", .key = key, .value = value, .arena = arena
    };
    enum registry_result result = ask(wsman, &asking, err);
    unsigned char *filled;

    if (result != REGISTRY_FOUND)
        return result;
    filled = arena_alloc(arena, asking.count + 1);
    for (size_t i = 0; i < asking.count; i++) {
        if (!byte_of(asking.texts[i], &filled[i]))
            return fail(wsman, &asking, err);
    }
    *bytes = filled;
    *size = asking.count;
    return result;
}

enum registry_result registry_keys(struct wsman *wsman, const char *key, struct arena *arena, const char *const **names,
                                   size_t *count, struct err *err)
{
    struct asking asking = { .method = "EnumKey", .property = "sNames", .key = key, .arena = arena };

    return list(wsman, &asking, names, count, err);
}
