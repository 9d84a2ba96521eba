#include "estate.h"

#include "digest.h"
#include "pattern.h"
#include "target_filter.h"

#include <string.h>
#include <strings.h>

static bool is_among(const char *wanted, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(texts[i], wanted) == 0)
            return true;
    }
    return false;
}

/* Folders are written from the top: each beginning that ends before a slash is one that it lies in. */
static bool is_in_folder(const struct thing *thing, const char *pattern)
{
    const char *folder = thing_text(thing, "vm.folder");

    if (folder == NULL)
        return false;
    for (const char *slash = strchr(folder, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        if (slash > folder && pattern_fits_bytes(pattern, folder, (size_t)(slash - folder)))
            return true;
    }
    return pattern_fits(pattern, folder);
}

/* Distinguished names are written from the bottom: what follows a comma, unless it is a part of a name. */
static bool is_in_unit(const struct thing *thing, const char *pattern)
{
    const char *unit = thing_text(thing, "domain.ou");

    for (const char *at = unit; at != NULL; at = strchr(at, ',')) {
        if (at > unit) {
            at++;
            if (at[-2] == '\\')
                continue;
        }
        if (pattern_fits(pattern, at))
            return true;
    }
    return false;
}

static bool is_of_target(const struct thing *thing, const char *pattern)
{
    for (size_t i = 0; i < thing->target_count; i++) {
        if (target_filter_fits(pattern, thing->targets[i]))
            return true;
    }
    return false;
}

static bool list_has(const struct value *value, const char *wanted)
{
    for (size_t i = 0; i < value->list.count; i++) {
        if (strcasecmp(value->list.texts[i], wanted) == 0)
            return true;
    }
    return false;
}

static bool value_is(const struct value *value, const char *wanted)
{
    char number[24];

    switch (value->type) {
    case VALUE_TEXT: return strcasecmp(value->text, wanted) == 0;
    case VALUE_BOOL: return strcasecmp(value->truth ? "true" : "false", wanted) == 0;
    case VALUE_LIST: return list_has(value, wanted);
    case VALUE_INT: break;
    }
    return strcmp(thing_value_text(value, number, sizeof number), wanted) == 0;
}

static bool has_value(const struct thing *thing, const char *attribute, const char *wanted)
{
    const struct value *value = thing_fact(thing, attribute);

    return value != NULL && (wanted == NULL || strcmp(wanted, "*") == 0 || value_is(value, wanted));
}

static bool matches(const struct estate_rule *rule, const struct thing *thing, const char *const *workloads,
                    size_t workload_count)
{
    if (rule->where.workload != NULL && !is_among(rule->where.workload, workloads, workload_count))
        return false;
    if (rule->where.kind != NULL && !thing_is(thing, rule->where.kind))
        return false;
    if (rule->where.name != NULL && !pattern_fits(rule->where.name, thing->name))
        return false;
    if (rule->where.target != NULL && !is_of_target(thing, rule->where.target))
        return false;
    if (rule->where.tag != NULL && !is_among(rule->where.tag, thing->tags, thing->tag_count))
        return false;
    if (rule->where.attribute != NULL && !has_value(thing, rule->where.attribute, rule->where.value))
        return false;
    if (rule->where.folder != NULL && !is_in_folder(thing, rule->where.folder))
        return false;
    return rule->where.ou == NULL || is_in_unit(thing, rule->where.ou);
}

/* What is set already was set by an earlier rule. */
static void set(const char **slot, const char *value)
{
    if (*slot == NULL)
        *slot = value;
}

static void apply(struct estate_assigned *assigned, const struct estate_rule *rule)
{
    if (assigned->by == NULL && rule->by != NULL)
        assigned->reason = rule->reason;
    set(&assigned->by, rule->by);
    set(&assigned->server, rule->server);
    set(&assigned->owner, rule->owner);
    set(&assigned->site, rule->site);
    set(&assigned->installation, rule->installation);
    set(&assigned->criticality, rule->criticality);
}

struct estate_assigned estate_assign(const struct estate *estate, const struct thing *thing,
                                     const char *const *workloads, size_t workload_count)
{
    struct estate_assigned assigned = { 0 };

    for (size_t i = 0; i < estate->rule_count; i++) {
        if (matches(&estate->rules[i], thing, workloads, workload_count))
            apply(&assigned, &estate->rules[i]);
    }
    return assigned;
}

/* Two names with domains are of two computers unless they are the same; a name without one is of any domain. */
static bool is_label_of(const char *a, const char *b)
{
    size_t label = strcspn(a, ".");

    return label == strcspn(b, ".") && (a[label] == '\0' || b[label] == '\0') && strncasecmp(a, b, label) == 0;
}

const struct estate_server *estate_server(const struct estate *estate, const char *name)
{
    for (size_t i = 0; i < estate->server_count; i++) {
        if (strcasecmp(estate->servers[i].name, name) == 0)
            return &estate->servers[i];
    }
    for (size_t i = 0; i < estate->server_count; i++) {
        if (is_label_of(estate->servers[i].name, name))
            return &estate->servers[i];
    }
    return NULL;
}

static void digest_server(struct digest *digest, const struct estate_server *server)
{
    const char *const texts[] = { server->name, server->product, server->update, server->installation,
                                  server->os,   server->domain,  server->site };

    digest_texts(digest, texts, sizeof texts / sizeof texts[0]);
    digest_number(digest, server->trusts != NULL); /* none is something else than not known */
    digest_texts(digest, server->trusts, server->trust_count);
}

static void digest_rule(struct digest *digest, const struct estate_rule *rule)
{
    const char *const where[] = { rule->where.workload, rule->where.kind, rule->where.name,
                                  rule->where.folder,   rule->where.ou,   rule->where.attribute,
                                  rule->where.value,    rule->where.tag,  rule->where.target };
    const char *const sets[] = { rule->server,       rule->by,          rule->owner, rule->site,
                                 rule->installation, rule->criticality, rule->reason };

    digest_texts(digest, where, sizeof where / sizeof where[0]);
    digest_texts(digest, sets, sizeof sets / sizeof sets[0]);
}

struct hash128 estate_hash(const struct estate *estate)
{
    struct digest digest = DIGEST_EMPTY;

    digest_number(&digest, (int64_t)estate->server_count);
    for (size_t i = 0; i < estate->server_count; i++)
        digest_server(&digest, &estate->servers[i]);
    digest_number(&digest, (int64_t)estate->rule_count);
    for (size_t i = 0; i < estate->rule_count; i++)
        digest_rule(&digest, &estate->rules[i]);
    return digest_end(&digest);
}
