#include "census.h"

#include "json.h"
#include "schema.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need(bool good, const struct err *err)
{
    if (good)
        return;
    fprintf(stderr, "fleet: %s\n", err->text);
    abort();
}

static void run(struct fleet *fleet, const char *text)
{
    struct err err = ERR_EMPTY;

    need(sql_run(&fleet->sql, text, &err), &err);
}

void fleet_open(struct fleet *fleet)
{
    struct err err = ERR_EMPTY;

    *fleet = (struct fleet){ .now = 1000 };
    need(sql_open(&fleet->sql, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &err), &err);
    for (int version = 1; version <= SCHEMA_VERSION; version++)
        run(fleet, schema_step(version));
    run(fleet, "INSERT INTO journal (id, kind, started_at, ended_at, result) VALUES (1, 'scan', 0, 0, 'complete')");
    run(fleet, "BEGIN");
}

void fleet_close(struct fleet *fleet)
{
    run(fleet, "COMMIT");
    vec_finish(&fleet->touched);
    sql_close(&fleet->sql);
}

/* Runs a statement with up to four texts and a number in front of them. */
static void change(struct fleet *fleet, const char *text, int64_t number, const char *const *values, int count)
{
    struct sql_query query;
    struct err err = ERR_EMPTY;

    sql_query(&query, &fleet->sql, text);
    sql_bind_int(&query, 1, number);
    for (int i = 0; i < count; i++)
        sql_bind_text(&query, i + 2, values[i]);
    need(sql_done(&query, &err), &err);
}

static struct assets_item *touch(struct fleet *fleet, int64_t item)
{
    vec_each (touched, &fleet->touched) {
        if (touched->id == item)
            return touched;
    }
    vec_push(&fleet->touched, (struct assets_item){ .id = item });
    return &vec_last(&fleet->touched);
}

int64_t fleet_add(struct fleet *fleet, const char *scope, const char *kind, const char *key, const char *facts)
{
    const char *values[] = { scope, kind, key, facts };
    int64_t item;

    change(fleet, "INSERT OR IGNORE INTO scope (name) SELECT ?2 WHERE ?1 = 0", 0, values, 1);
    change(fleet,
           "INSERT INTO item (scope, kind, key, name, facts, appeared_at, changed_at)"
           " SELECT id, ?3, ?4, coalesce(json_extract(?5, '$.\"id.name\"'), ?4), ?5, ?1, ?1 FROM scope WHERE name = ?2",
           fleet->now, values, 4);
    item = sqlite3_last_insert_rowid(fleet->sql.handle);
    vec_push(&fleet->touched, (struct assets_item){ .id = item, .appeared = true });
    return item;
}

static void add_fact(struct str *facts, const char *name, const char *value)
{
    if (value == NULL)
        return;
    str_add(facts, facts->length == 1 ? "" : ",");
    json_add_text(facts, name);
    str_add(facts, ":");
    json_add_text(facts, value);
}

int64_t fleet_computer(struct fleet *fleet, const char *scope, const char *kind, const char *key, const char *uuid,
                       const char *fqdn, const char *name)
{
    struct str facts = STR_EMPTY;
    int64_t item;

    str_add(&facts, "{");
    add_fact(&facts, "id.uuid", uuid);
    add_fact(&facts, strcmp(kind, "vm") == 0 ? "guest.fqdn" : "id.fqdn", fqdn);
    add_fact(&facts, "id.name", name);
    str_add(&facts, "}");
    item = fleet_add(fleet, scope, kind, key, str_text(&facts));
    str_finish(&facts);
    return item;
}

void fleet_change(struct fleet *fleet, int64_t item, const char *facts)
{
    change(fleet, "UPDATE item SET facts = ?2 WHERE id = ?1", item, &facts, 1);
    touch(fleet, item)->identity_changed = true;
}

void fleet_lose(struct fleet *fleet, int64_t item)
{
    change(fleet, "UPDATE item SET gone_at = 1 WHERE id = ?1", item, NULL, 0);
    touch(fleet, item)->gone = true;
}

void fleet_return(struct fleet *fleet, int64_t item)
{
    change(fleet, "UPDATE item SET gone_at = NULL WHERE id = ?1", item, NULL, 0);
    touch(fleet, item)->appeared = true;
}

void fleet_link(struct fleet *fleet, int64_t item, const char *relation, const char *kind, const char *attribute,
                const char *value)
{
    const char *values[] = { relation, kind, attribute, value };

    change(fleet,
           attribute == NULL
               ? "INSERT INTO link (item, number, relation, kind, key) SELECT ?1, count(*), ?2, ?3, ?5 FROM link"
                 " WHERE item = ?1 AND ?4 IS NULL"
               : "INSERT INTO link (item, number, relation, kind, attribute, value)"
                 " SELECT ?1, count(*), ?2, ?3, ?4, ?5 FROM link WHERE item = ?1",
           item, values, 4);
    touch(fleet, item)->identity_changed = true;
}

void fleet_update(struct fleet *fleet)
{
    struct err err = ERR_EMPTY;

    need(assets_update(&fleet->sql, 1, ++fleet->now, fleet->touched.items, fleet->touched.count, fleet->rules, &err),
         &err);
    vec_clear(&fleet->touched);
}

int64_t fleet_number(struct fleet *fleet, const char *text, int64_t one, int64_t other)
{
    struct err err = ERR_EMPTY;
    struct sql_query query;
    int64_t number;

    sql_query(&query, &fleet->sql, text);
    if (sqlite3_bind_parameter_count(query.statement) > 0)
        sql_bind_int(&query, 1, one);
    if (sqlite3_bind_parameter_count(query.statement) > 1)
        sql_bind_int(&query, 2, other);
    number = sql_row(&query) ? sql_int(&query, 0) : -1;
    need(sql_done(&query, &err), &err);
    return number;
}

int64_t fleet_asset(struct fleet *fleet, int64_t item)
{
    return fleet_number(fleet, "SELECT asset FROM item WHERE id = ?1", item, 0);
}

const char *fleet_text(struct fleet *fleet, const char *text, int64_t number)
{
    static char kept[4096];
    struct err err = ERR_EMPTY;
    struct sql_query query;

    kept[0] = '\0';
    sql_query(&query, &fleet->sql, text);
    if (sqlite3_bind_parameter_count(query.statement) > 0)
        sql_bind_int(&query, 1, number);
    if (sql_row(&query) && sql_text(&query, 0) != NULL)
        snprintf(kept, sizeof kept, "%s", sql_text(&query, 0));
    need(sql_done(&query, &err), &err);
    return kept;
}

bool fleet_says(struct fleet *fleet, const char *query, int64_t number, const char *words)
{
    const char *text = fleet_text(fleet, query, number);

    if (strstr(text, words) != NULL)
        return true;
    fprintf(stderr, "it says: %s\n", text);
    return false;
}
