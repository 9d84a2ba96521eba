#include "asset.h"

#include "history.h"
#include "json.h"
#include "sql.h"
#include "str.h"

#include <inttypes.h>

bool asset_create(struct sql *sql, const char *kind, const char *name, int64_t at, int64_t *asset, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "INSERT INTO asset (kind, name, created_at) VALUES (?1, ?2, ?3)");
    sql_bind_text(&query, 1, kind);
    sql_bind_text(&query, 2, name);
    sql_bind_int(&query, 3, at);
    if (!sql_done(&query, err))
        return false;
    *asset = sqlite3_last_insert_rowid(sql->handle);
    return true;
}

bool asset_merge(struct sql *sql, int64_t asset, int64_t into, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "UPDATE item SET asset = ?2 WHERE asset = ?1");
    sql_bind_int(&query, 1, asset);
    sql_bind_int(&query, 2, into);
    if (!sql_done(&query, err))
        return false;
    sql_query(&query, sql, "UPDATE asset SET merged_into = ?2 WHERE id = ?1");
    sql_bind_int(&query, 1, asset);
    sql_bind_int(&query, 2, into);
    return sql_done(&query, err);
}

bool asset_lives(struct sql *sql, int64_t asset, bool *lives, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT 1 FROM item WHERE asset = ?1 AND gone_at IS NULL LIMIT 1");
    sql_bind_int(&query, 1, asset);
    *lives = sql_row(&query);
    return sql_done(&query, err);
}

bool asset_refresh(struct sql *sql, int64_t asset, const char *kind, const char *name, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE asset SET kind = ?2, name = ?3, gone_at = NULL"
              " WHERE id = ?1 AND (kind <> ?2 OR name <> ?3 OR gone_at IS NOT NULL)");
    sql_bind_int(&query, 1, asset);
    sql_bind_text(&query, 2, kind);
    sql_bind_text(&query, 3, name);
    return sql_done(&query, err);
}

bool asset_close(struct sql *sql, int64_t asset, int64_t at, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE asset SET gone_at = ?2 WHERE id = ?1 AND gone_at IS NULL"
              " AND NOT EXISTS (SELECT 1 FROM item WHERE asset = ?1 AND gone_at IS NULL)");
    sql_bind_int(&query, 1, asset);
    sql_bind_int(&query, 2, at);
    return sql_done(&query, err);
}

bool asset_find(struct sql *sql, int64_t asset, struct arena *arena, struct asset_found *found, struct err *err)
{
    struct sql_query query;
    int64_t merged = 0;

    *found = (struct asset_found){ NULL, NULL, 0 };
    sql_query(&query, sql, "SELECT name, kind, gone_at, merged_into FROM asset WHERE id = ?1");
    sql_bind_int(&query, 1, asset);
    if (sql_row(&query)) {
        found->name = arena_text(arena, sql_text(&query, 0));
        found->kind = arena_text(arena, sql_text(&query, 1));
        found->gone_at = sql_int(&query, 2);
        merged = sql_int(&query, 3);
    }
    if (!sql_done(&query, err))
        return false;
    if (found->name == NULL)
        return err_set(err, ERR_CONFIG, "there is no asset %" PRId64 "; muster list --inventory lists them", asset);
    return merged == 0 ||
           err_set(err, ERR_CONFIG, "asset %" PRId64 " is part of asset %" PRId64 " by now: name that one", asset,
                   merged);
}

bool asset_record(struct sql *sql, const struct asset_event *event, struct err *err)
{
    struct history_row row = {
        .journal = event->journal,
        .at = event->at,
        .item = event->item,
        .asset = event->asset,
        .what = event->what,
    };
    struct str detail = STR_EMPTY;
    bool good;

    str_add(&detail, "{\"asset\":");
    if (event->other == 0)
        str_add(&detail, "null");
    else
        str_format(&detail, "%lld", (long long)event->other);
    str_add(&detail, ",\"why\":");
    json_add_text(&detail, event->why);
    str_add(&detail, "}");
    row.detail = str_text(&detail);
    good = history_write(sql, &row, err);
    str_finish(&detail);
    return good;
}
