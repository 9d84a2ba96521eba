#include "stock.h"

#include "schema.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(bool good, const struct err *err)
{
    if (good)
        return;
    fprintf(stderr, "stock: %s\n", err->text);
    abort();
}

void stock_init(struct stock *stock)
{
    struct err err = ERR_EMPTY;
    char pragmas[128];
    int persist = 1;

    *stock = (struct stock){ .folder = "/tmp/muster-stock-XXXXXX" };
    must(mkdtemp(stock->folder) != NULL, &err);
    snprintf(stock->path, sizeof stock->path, "%s/muster.db", stock->folder);
    must(sql_open(&stock->sql, stock->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &err), &err);
    sqlite3_file_control(stock->sql.handle, NULL, SQLITE_FCNTL_PERSIST_WAL, &persist);
    stock_run(stock, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    for (int version = 1; version <= SCHEMA_VERSION; version++)
        stock_run(stock, schema_step(version));
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d", SCHEMA_APPLICATION,
             SCHEMA_VERSION);
    stock_run(stock, pragmas);
}

void stock_run(struct stock *stock, const char *sql)
{
    struct err err = ERR_EMPTY;

    must(sql_run(&stock->sql, sql, &err), &err);
}

void stock_close(struct stock *stock)
{
    sql_close(&stock->sql);
}

void stock_finish(struct stock *stock)
{
    static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
    char path[160];

    if (stock->sql.handle != NULL)
        stock_close(stock);
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", stock->path, suffixes[i]);
        unlink(path);
    }
    rmdir(stock->folder);
}

/* Times: N is STOCK_NOW. */
static const char fleet[] =
    "INSERT INTO scope VALUES (1, 'vc01'), (2, 'hv01'), (3, 'inside');"
    "INSERT INTO target (id, name, plugin, scope, tags, every_ms, credential, result, message, started_at, ended_at,"
    " succeeded_at, completed_at, attempts, held_count, held_why) VALUES"
    " (1, 'vc01', 'vmware', 1, '[\"prod\",\"eu\"]', 3600000, NULL, 'complete', '', N - 61000, N - 60000, N - 61000,"
    "  N - 61000, 0, 0, ''),"
    " (2, 'hv01', 'hyperv', 2, '[]', 3600000, 'corp', 'denied', 'the password was refused', N - 9000, N - 8000, NULL,"
    "  NULL, 1, 0, ''),"
    " (3, 'inside', 'windows', 3, '[\"test\"]', 3600000, NULL, 'partial', '', N - 864000000, N - 864000000,"
    "  N - 864000000, NULL, 0, 12, '12 of 20 items are missing');"
    "INSERT INTO credential VALUES ('corp', 'held', NULL, 1, N + 3600000, N - 8000, 'hv01', 'the password was "
    "refused');"
    "INSERT INTO asset VALUES (1, 'machine', 'web01', N - 9e8, NULL, NULL), (2, 'vm', 'db01', N - 9e8, NULL, NULL),"
    " (3, 'esxi_host', 'esx01.example', N - 9e8, NULL, NULL), (4, 'vm', 'twin', N - 9e8, NULL, NULL),"
    " (5, 'vm', 'TWIN', N - 9e8, NULL, NULL), (6, 'vm', 'old', N - 9e8, NULL, N - 5e6),"
    " (7, 'vm', 'web01-vm', N - 8e8, 1, NULL), (9, 'volume', 'web01 C:', N - 9e8, NULL, NULL);"
    "INSERT INTO item (id, scope, kind, key, asset, joined, name, facts, appeared_at, changed_at, gone_at, gone_why)"
    " VALUES"
    " (1, 1, 'vm', 'guid-1', 1, '', 'web01',"
    "  '{\"guest.name\":\"Guest says 2016\",\"guest.fqdn\":\"web01.example\",\"hardware.memory\":8589934592,"
    "\"id.name\":\"web01\",\"vm.clustered\":false,\"vm.disks\":[\"[ds] a, b.vmdk\",\"c\"],\"vm.state\":\"off\"}',"
    "  N - 9e8, N - 1e6, NULL, NULL),"
    " (2, 3, 'machine', 'web01.example', 1, 'id.uuid as vm guid-1 of vc01', 'web01',"
    "  '{\"id.fqdn\":\"web01.example\",\"os.name\":\"Windows Server 2016\"}', N - 9e8, N - 9e8, NULL, NULL),"
    " (3, 1, 'vm', 'guid-2', 2, '', 'db01', '{\"id.name\":\"db01\"}', N - 9e8, N - 9e8, NULL, NULL),"
    " (4, 1, 'esxi_host', 'host-1', 3, '', 'esx01.example', '{\"vsphere.product\":\"VMware ESXi 6.5.0\"}', N - 9e8,"
    "  N - 9e8, NULL, NULL),"
    " (5, 1, 'vm', 'guid-3', 4, '', 'twin', '{}', N - 9e8, N - 9e8, NULL, NULL),"
    " (6, 1, 'vm', 'guid-4', 5, '', 'TWIN', '{}', N - 9e8, N - 9e8, NULL, NULL),"
    " (7, 1, 'vm', 'guid-5', 6, '', 'old', '{}', N - 9e8, N - 9e8, N - 5e6, 'missed'),"
    " (9, 3, 'volume', 'web01 C', 9, '', 'web01 C:', '{\"volume.capacity\":1000}', N - 9e8, N - 9e8, NULL, NULL);"
    "INSERT INTO sighting SELECT 1, 'i' || id, 'h', id, NULL, 0 FROM item WHERE scope = 1 AND gone_at IS NULL;"
    "INSERT INTO sighting SELECT 3, 'i' || id, 'h', id, NULL, 0 FROM item WHERE scope = 3;"
    "INSERT INTO link VALUES (1, 0, 'runs_on', 'esxi_host', 'host-1', NULL, NULL),"
    " (3, 0, 'runs_on', 'esxi_host', 'host-1', NULL, NULL), (1, 1, 'stored_on', 'datastore', 'ds-gone', NULL, NULL),"
    " (9, 0, 'part_of', 'machine', NULL, 'id.fqdn', 'WEB01.example'),"
    " (9, 1, 'protected_by', 'backup_server', NULL, 'id.fqdn', 'nowhere.example');"
    "INSERT INTO claim VALUES ('id.fqdn', 'web01.example', 2);"
    "INSERT INTO unread VALUES (1, 'guest.', 'it is switched off', N - 7e7), (1, 'hardware.', 'denied', NULL),"
    " (2, 'sql.', 'no rights', NULL);"
    "INSERT INTO journal (id, kind, target, started_at, ended_at, result) VALUES"
    " (1, 'scan', 1, N - 9e8, N - 9e8, 'complete'), (2, 'scan', 1, N - 1e6, N - 1e6, 'complete'),"
    " (3, 'accept', NULL, N - 1e5, N - 1e5, 'complete');"
    "INSERT INTO history (journal, at, asset, item, what, detail) VALUES"
    " (1, N - 9e8, 1, 1, 'appeared', '{}'), (1, N - 9e8, 7, 1, 'appeared', '{}'),"
    " (2, N - 1e6, 1, 1, 'changed', '{\"attributes\":[{\"name\":\"vm.state\",\"from\":\"running\",\"to\":\"off\"},"
    "{\"name\":\"vm.clustered\",\"from\":null,\"to\":false},{\"name\":\"vm.disks\",\"from\":[\"c\"],\"to\":[\"c\","
    "\"d\"]}],"
    "\"links\":{\"added\":[{\"relation\":\"runs_on\",\"kind\":\"esxi_host\",\"key\":\"host-1\"}],"
    "\"removed\":[{\"relation\":\"stored_on\",\"kind\":\"datastore\",\"by\":{\"id.name\":\"ds9\"}}]},\"more\":3}'),"
    " (2, N - 1e6, 2, 3, 'moved', '{\"from\":\"esx02\",\"to\":\"esx01\"}'),"
    " (3, N - 1e5, 6, 7, 'gone', '{\"why\":\"accepted\"}');"
    "UPDATE history SET previous = (SELECT max(p.id) FROM history p WHERE p.item = history.item AND p.id < history.id);"
    "UPDATE item SET last_history = (SELECT max(h.id) FROM history h WHERE h.item = item.id);";

void stock_run_timed(struct stock *stock, const char *sql)
{
    struct str text = STR_EMPTY;

    for (const char *at = sql; *at != '\0'; at++) {
        bool alone =
            *at == 'N' && at > sql && strchr(" ,(:", at[-1]) != NULL && at[1] == ' ' && strchr("+-", at[2]) != NULL;

        if (alone)
            str_format(&text, "%lld", (long long)STOCK_NOW);
        else
            str_add_char(&text, *at);
    }
    stock_run(stock, str_text(&text));
    str_finish(&text);
}

void stock_fleet(struct stock *stock)
{
    struct sql_query rows;
    struct err err = ERR_EMPTY;

    stock_run_timed(stock, fleet);
    sql_query(&rows, &stock->sql, "INSERT INTO asset VALUES (8, 'vm', ?1, 1, NULL, NULL)");
    sql_bind_text(&rows, 1, STOCK_HOSTILE);
    must(sql_done(&rows, &err), &err);
    sql_query(&rows, &stock->sql,
              "INSERT INTO item (id, scope, kind, key, asset, name, facts, appeared_at, changed_at)"
              " VALUES (8, 1, 'vm', ?1, 8, ?1, json_object('os.name', ?1), 1, 1)");
    sql_bind_text(&rows, 1, STOCK_HOSTILE);
    must(sql_done(&rows, &err), &err);
    stock_run(stock, "INSERT INTO sighting VALUES (1, 'i8', 'h', 8, NULL, 0)");
}

const char *stock_json(struct stock *stock, const char *text, const char *path)
{
    static char value[4096];
    struct sql_query rows;
    struct err err = ERR_EMPTY;

    sql_query(&rows, &stock->sql, "SELECT CASE WHEN json_valid(?1) THEN json_extract(?1, ?2) ELSE 'invalid' END");
    sql_bind_text(&rows, 1, text);
    sql_bind_text(&rows, 2, path);
    must(sql_row(&rows), &err);
    snprintf(value, sizeof value, "%s", sql_is_null(&rows, 0) ? "null" : sql_text(&rows, 0));
    must(sql_done(&rows, &err), &err);
    return value;
}
