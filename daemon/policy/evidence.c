#include "evidence.h"

#include <ctype.h>
#include <string.h>

/* Where the evidence of a kind comes from. */
struct source {
    const char *kind, *class;
    int rank; /* evidence_kind_rank */
    enum { NAME_NONE, NAME_FQDN, NAME_GUEST, NAME_KEY } name;
    enum { UUID_NONE, UUID_SMBIOS, UUID_KEY } uuid;
};

static const struct source sources[] = {
    { "hyperv_host", "(computer)", 4, NAME_FQDN, UUID_SMBIOS },
    { "esxi_host", "(computer)", 3, NAME_FQDN, UUID_SMBIOS },
    { "machine", "(computer)", 2, NAME_FQDN, UUID_SMBIOS },
    { "vm", "(computer)", 1, NAME_GUEST, UUID_SMBIOS },
    { "vcenter", NULL, 0, NAME_FQDN, UUID_KEY },
    { "cluster", NULL, 0, NAME_FQDN, UUID_KEY },
    { "exchange_server", NULL, 0, NAME_FQDN, UUID_KEY },
    { "backup_server", NULL, 0, NAME_FQDN, UUID_KEY },
    { "sql_instance", NULL, 0, NAME_KEY, UUID_NONE },
    { "database", NULL, 0, NAME_KEY, UUID_NONE },
    { "volume", NULL, 0, NAME_NONE, UUID_NONE },
    { "protected", NULL, 0, NAME_NONE, UUID_NONE },
};

/* A kind that a plugin brought along. */
static const struct source unlisted = { NULL, NULL, 0, NAME_NONE, UUID_KEY };

/* UUIDs that boards come with when nobody filled them in; each as the lesser of its two spellings. */
static const char *const dummies[] = {
    "00020003-0004-0005-0006-000700080009", /* American Megatrends' sample: 03000200-0400-0500-0006-... */
    "00010203-0405-0607-0809-0a0b0c0d0e0f", /* counted up */
    "01234567-89ab-cdef-0123-456789abcdef",
    "12345678-1234-5678-90ab-cddeefaabbcc",
    "11111111-2222-3333-4444-555555555555",
    "44454c4c-2000-1020-8020-80c04f202020", /* service tags of blanks, or of nothing */
    "44454c4c-0000-1020-8020-80c04f202020",
    "49434d53-0200-9033-2500-339025003390", /* an embedded board maker's sample */
    "00000000-0000-0000-0000-000000000001",
    "00ffffff-ffff-ffff-ffff-ffffffffffff",
};

enum { UUID_LENGTH = 36 };

const char *evidence_fact_name(enum evidence_fact fact)
{
    static const char *const names[] = {
#define X(word, name) [FACT_##word] = (name),
        EVIDENCE_FACTS(X)
#undef X
    };

    return names[fact];
}

bool evidence_is_fact(const char *attribute)
{
    for (int i = 0; i < FACT_COUNT; i++) {
        if (strcmp(evidence_fact_name((enum evidence_fact)i), attribute) == 0)
            return true;
    }
    return strcmp(attribute, "id.name") == 0;
}

static const struct source *find_source(const char *kind)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (strcmp(sources[i].kind, kind) == 0)
            return &sources[i];
    }
    return &unlisted;
}

int evidence_kind_rank(const char *kind)
{
    return find_source(kind)->rank;
}

static void lower(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        text[i] = (char)tolower((unsigned char)text[i]);
}

/* Digits and dashes as they stand in a UUID; braces and capitals are forgiven. */
static bool uuid_tidy(const char *text, char uuid[UUID_LENGTH + 1])
{
    size_t length = strnlen(text, UUID_LENGTH + 3);

    if (length == UUID_LENGTH + 2 && text[0] == '{' && text[length - 1] == '}') {
        text++;
        length -= 2;
    }
    if (length != UUID_LENGTH)
        return false;
    for (size_t i = 0; i < UUID_LENGTH; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    memcpy(uuid, text, UUID_LENGTH);
    uuid[UUID_LENGTH] = '\0';
    lower(uuid, UUID_LENGTH);
    return true;
}

/* The other spelling: the bytes of the first three groups the other way round. */
static void uuid_swap(const char *uuid, char swapped[UUID_LENGTH + 1])
{
    static const unsigned char from[] = { 6, 4, 2, 0, 8, 11, 9, 13, 16, 14, 18 };

    memcpy(swapped, uuid, UUID_LENGTH + 1);
    for (size_t i = 0, at = 0; i < sizeof from; i++) {
        if (uuid[from[i]] == '-') {
            at++;
            continue;
        }
        memcpy(swapped + at, uuid + from[i], 2);
        at += 2;
    }
}

static bool uuid_is_dummy(const char *canonical)
{
    char digits[] = { canonical[0], '-', '\0' };

    if (strspn(canonical, digits) == UUID_LENGTH)
        return true;
    for (size_t i = 0; i < sizeof dummies / sizeof *dummies; i++) {
        if (strcmp(dummies[i], canonical) == 0)
            return true;
    }
    return false;
}

static const char *read_uuid(struct arena *arena, const char *text, bool either_order)
{
    char uuid[UUID_LENGTH + 1], swapped[UUID_LENGTH + 1];
    const char *canonical;

    if (text == NULL || !uuid_tidy(text, uuid))
        return NULL;
    uuid_swap(uuid, swapped);
    canonical = strcmp(swapped, uuid) < 0 ? swapped : uuid;
    if (uuid_is_dummy(canonical))
        return NULL;
    return arena_text(arena, either_order ? canonical : uuid);
}

/* An address, or what every machine calls itself. */
static bool name_says_nothing(const char *name)
{
    return strspn(name, "0123456789.") == strlen(name) || strchr(name, ':') != NULL || strcmp(name, "localhost") == 0 ||
           strncmp(name, "localhost.", 10) == 0;
}

/* Of those that a host may have; those beyond ASCII are as a guest gives them. */
static bool is_name_character(unsigned char character)
{
    return isalnum(character) || character == '-' || character == '_' || character == '.' || character >= 0x80;
}

/* Of at most EVIDENCE_MAX_NAME bytes. */
static const char *read_name(struct arena *arena, const char *text)
{
    size_t length = text == NULL ? 0 : strnlen(text, EVIDENCE_MAX_NAME + 1);
    char *name;

    if (length == 0 || length > EVIDENCE_MAX_NAME)
        return NULL;
    name = arena_text(arena, text);
    if (length > 1 && name[length - 1] == '.')
        name[--length] = '\0';
    for (size_t i = 0; i < length; i++) {
        if (!is_name_character((unsigned char)name[i]))
            return NULL;
    }
    lower(name, length);
    return name_says_nothing(name) ? NULL : name;
}

/* A key such as sql01.example\ERP/Sales: what is behind the host's name is compared as it stands, since databases may
 * differ in capitals alone. */
static const char *read_key_name(struct arena *arena, const char *key)
{
    size_t host = strcspn(key, "\\");
    char *name;

    if (key[host] == '\0' || memchr(key, '.', host) == NULL || strlen(key) > EVIDENCE_MAX_NAME)
        return NULL;
    name = arena_text(arena, key);
    lower(name, strcspn(name, "/"));
    return name;
}

bool evidence_key_is_path(const char *kind)
{
    return find_source(kind)->name == NAME_KEY;
}

struct evidence evidence_read(struct arena *arena, const char *kind, const char *key,
                              const char *const facts[FACT_COUNT])
{
    const struct source *source = find_source(kind);
    struct evidence evidence = { .class = source->class == NULL ? kind : source->class };

    switch (source->uuid) {
    case UUID_NONE: break;
    case UUID_KEY: evidence.values[EVIDENCE_UUID] = read_uuid(arena, key, false); break;
    case UUID_SMBIOS:
        evidence.values[EVIDENCE_UUID] = read_uuid(arena, facts[FACT_UUID], true);
        evidence.values[EVIDENCE_INSTANCE] = read_uuid(arena, facts[FACT_INSTANCE_UUID], false);
        if (evidence.values[EVIDENCE_INSTANCE] == NULL)
            evidence.values[EVIDENCE_INSTANCE] = read_uuid(arena, facts[FACT_HYPERV_GUID], false);
        break;
    }
    switch (source->name) {
    case NAME_NONE: break;
    case NAME_FQDN: evidence.values[EVIDENCE_NAME] = read_name(arena, facts[FACT_FQDN]); break;
    case NAME_GUEST: evidence.values[EVIDENCE_NAME] = read_name(arena, facts[FACT_GUEST_FQDN]); break;
    case NAME_KEY: evidence.values[EVIDENCE_NAME] = read_key_name(arena, key); break;
    }
    return evidence;
}

bool evidence_name_joins(const char *name)
{
    return strchr(name, '.') != NULL;
}

bool evidence_names_agree(const char *one, const char *other)
{
    size_t length = strcspn(one, ".");

    if (strcmp(one, other) == 0)
        return true;
    return (strchr(one, '.') == NULL || strchr(other, '.') == NULL) && strcspn(other, ".") == length &&
           memcmp(one, other, length) == 0;
}
