#include "meta.h"

#include "sql.h"

#include <stdio.h>

bool meta_write(struct sql *sql, const char *name, const char *value, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
              " WHERE value <> excluded.value");
    sql_bind_text(&query, 1, name);
    sql_bind_text(&query, 2, value);
    return sql_done(&query, err);
}

bool meta_write_number(struct sql *sql, const char *name, int64_t number, struct err *err)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)number);
    return meta_write(sql, name, text, err);
}

bool meta_read_number(struct sql *sql, const char *name, int64_t *number, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?1");
    sql_bind_text(&query, 1, name);
    *number = sql_row(&query) ? sql_int(&query, 0) : 0;
    return sql_done(&query, err);
}

bool meta_drop(struct sql *sql, const char *name, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "DELETE FROM meta WHERE name = ?1");
    sql_bind_text(&query, 1, name);
    return sql_done(&query, err);
}
