#include "estate_row.h"

#include "json.h"
#include "products.h"
#include "sql.h"
#include "vec.h"

#include <inttypes.h>
#include <stddef.h>

/* A text of a server or a rule. The statements below have them in the order of these tables. */
struct member {
    const char *name;
    size_t place;
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define MEMBER(type, name, member)                                                                                     \
    {                                                                                                                  \
        name, offsetof(struct type, member)                                                                            \
    }

static const struct member server_members[] = {
    MEMBER(estate_server, "name", name),     MEMBER(estate_server, "product", product),
    MEMBER(estate_server, "update", update), MEMBER(estate_server, "installation", installation),
    MEMBER(estate_server, "os", os),         MEMBER(estate_server, "domain", domain),
    MEMBER(estate_server, "site", site),
};

static const struct member where_members[] = {
    MEMBER(estate_rule, "workload", where.workload),
    MEMBER(estate_rule, "kind", where.kind),
    MEMBER(estate_rule, "name", where.name),
    MEMBER(estate_rule, "folder", where.folder),
    MEMBER(estate_rule, "ou", where.ou),
    MEMBER(estate_rule, "attribute", where.attribute),
    MEMBER(estate_rule, "value", where.value),
    MEMBER(estate_rule, "tag", where.tag),
    MEMBER(estate_rule, "target", where.target),
};

static const struct member rule_members[] = {
    MEMBER(estate_rule, "server", server),
    MEMBER(estate_rule, "by", by),
    MEMBER(estate_rule, "owner", owner),
    MEMBER(estate_rule, "site", site),
    MEMBER(estate_rule, "installation", installation),
    MEMBER(estate_rule, "criticality", criticality),
    MEMBER(estate_rule, "reason", reason),
};

static const char **member_of(const void *whole, const struct member *member)
{
    return (const char **)((char *)whole + member->place);
}

/* ------------------------------------------------------------------------------------------------------- write ---- */

static void add_members(struct str *out, const void *whole, const struct member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = *member_of(whole, &members[i]);

        if (text == NULL)
            continue;
        json_add_name(out, members[i].name);
        json_add_text(out, text);
    }
}

static void add_trusts(struct str *out, const struct estate_server *server)
{
    if (server->trusts == NULL)
        return;
    json_add_name(out, "trusts");
    str_add_char(out, '[');
    for (size_t i = 0; i < server->trust_count; i++) {
        str_add(out, i == 0 ? "" : ",");
        json_add_text(out, server->trusts[i]);
    }
    str_add_char(out, ']');
}

static void add_server(struct str *out, const struct estate_server *server)
{
    str_add_char(out, '{');
    add_members(out, server, server_members, COUNT(server_members));
    add_trusts(out, server);
    str_add_char(out, '}');
}

static void add_rule(struct str *out, const struct estate_rule *rule)
{
    str_add_char(out, '{');
    json_add_name(out, "where");
    str_add_char(out, '{');
    add_members(out, rule, where_members, COUNT(where_members));
    str_add_char(out, '}');
    add_members(out, rule, rule_members, COUNT(rule_members));
    str_add_char(out, '}');
}

/* Which product a server has is seen in scans, too: so all that there are. */
static void add_ends(struct str *out, const struct products *products)
{
    const char *comma = "";

    str_add(out, ",\"ends\":{");
    for (size_t i = 0; products != NULL && i < products->product_count; i++) {
        const struct product *product = &products->products[i];

        if (product->support_end == 0)
            continue;
        str_add(out, comma);
        json_add_text(out, product->name);
        str_format(out, ":%" PRId64, product->support_end);
        comma = ",";
    }
    str_add_char(out, '}');
}

void estate_row_write(struct str *out, const struct estate *estate, const struct products *products)
{
    str_add(out, "{\"servers\":[");
    for (size_t i = 0; i < estate->server_count; i++) {
        str_add(out, i == 0 ? "" : ",");
        add_server(out, &estate->servers[i]);
    }
    str_add(out, "],\"rules\":[");
    for (size_t i = 0; i < estate->rule_count; i++) {
        str_add(out, i == 0 ? "" : ",");
        add_rule(out, &estate->rules[i]);
    }
    str_add_char(out, ']');
    add_ends(out, products);
    str_add_char(out, '}');
}

/* -------------------------------------------------------------------------------------------------------- read ---- */

typedef vec(struct estate_server) server_vec;
typedef vec(struct estate_rule) rule_vec;

static void take_members(struct sql_query *rows, int column, struct arena *arena, void *whole,
                         const struct member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = sql_text(rows, column + (int)i);

        *member_of(whole, &members[i]) = text == NULL ? NULL : arena_text(arena, text);
    }
}

/* An empty list is one, too. */
static bool read_trusts(struct sql *sql, const char *json, struct arena *arena, struct estate_server *server,
                        struct err *err)
{
    vec(const char *) trusts = VEC_EMPTY;
    struct sql_query rows;

    if (json == NULL)
        return true;
    sql_query(&rows, sql, "SELECT atom FROM json_each(?1) WHERE type = 'text' ORDER BY key");
    sql_bind_text(&rows, 1, json);
    while (sql_row(&rows))
        vec_push(&trusts, arena_text(arena, sql_text(&rows, 0)));
    server->trust_count = trusts.count;
    server->trusts =
        arena_bytes(arena, trusts.items == NULL ? "" : (const void *)trusts.items, trusts.count * sizeof *trusts.items);
    vec_finish(&trusts);
    return sql_done(&rows, err);
}

static bool read_servers(struct sql *sql, int64_t basis, struct arena *arena, server_vec *servers, struct err *err)
{
    struct sql_query rows;
    bool good = true;

    sql_query(&rows, sql,
              "SELECT s.value ->> 'name', s.value ->> 'product', s.value ->> 'update', s.value ->> 'installation',"
              " s.value ->> 'os', s.value ->> 'domain', s.value ->> 'site', s.value -> 'trusts'"
              " FROM basis b JOIN json_each(b.estate, '$.servers') s WHERE b.id = ?1 ORDER BY s.key");
    sql_bind_int(&rows, 1, basis);
    while (good && sql_row(&rows)) {
        struct estate_server server = { 0 };

        take_members(&rows, 0, arena, &server, server_members, COUNT(server_members));
        good = server.name == NULL || read_trusts(sql, sql_text(&rows, COUNT(server_members)), arena, &server, err);
        if (server.name != NULL)
            vec_push(servers, server);
    }
    return sql_done(&rows, good ? err : NULL) && good;
}

static bool read_rules(struct sql *sql, int64_t basis, struct arena *arena, rule_vec *rules, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, sql,
              "SELECT r.value ->> '$.where.workload', r.value ->> '$.where.kind', r.value ->> '$.where.name',"
              " r.value ->> '$.where.folder', r.value ->> '$.where.ou', r.value ->> '$.where.attribute',"
              " r.value ->> '$.where.value', r.value ->> '$.where.tag', r.value ->> '$.where.target',"
              " r.value ->> 'server', r.value ->> 'by', r.value ->> 'owner', r.value ->> 'site',"
              " r.value ->> 'installation', r.value ->> 'criticality', r.value ->> 'reason'"
              " FROM basis b JOIN json_each(b.estate, '$.rules') r WHERE b.id = ?1 ORDER BY r.key");
    sql_bind_int(&rows, 1, basis);
    while (sql_row(&rows)) {
        struct estate_rule rule = { 0 };

        take_members(&rows, 0, arena, &rule, where_members, COUNT(where_members));
        take_members(&rows, COUNT(where_members), arena, &rule, rule_members, COUNT(rule_members));
        vec_push(rules, rule);
    }
    return sql_done(&rows, err);
}

bool estate_row_read(struct sql *sql, int64_t basis, struct arena *arena, struct estate *estate, struct err *err)
{
    server_vec servers = VEC_EMPTY;
    rule_vec rules = VEC_EMPTY;
    bool good = read_servers(sql, basis, arena, &servers, err) && read_rules(sql, basis, arena, &rules, err);

    *estate = (struct estate){ .server_count = servers.count, .rule_count = rules.count };
    if (servers.count > 0)
        estate->servers = arena_bytes(arena, servers.items, servers.count * sizeof *servers.items);
    if (rules.count > 0)
        estate->rules = arena_bytes(arena, rules.items, rules.count * sizeof *rules.items);
    estate->hash = estate_hash(estate);
    vec_finish(&servers);
    vec_finish(&rules);
    return good;
}
