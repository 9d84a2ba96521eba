#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "whole.h"

/* Each counts what must not be. The history of a journal's row is complete while nothing of a later one was forgotten,
 * so the oldest one that has any is left out. */
#define TOLD(counter, words)                                                                                           \
    "SELECT count(*) FROM journal j"                                                                                   \
    " LEFT JOIN (SELECT journal, count(*) AS told FROM history WHERE what IN (" words ") GROUP BY journal) h"          \
    " ON h.journal = j.id"                                                                                             \
    " WHERE j.id > (SELECT min(journal) FROM history) AND j." counter " <> coalesce(h.told, 0)"

#define ASKED                                                                                                          \
    "SELECT *, CASE WHEN ruled = 'no' THEN 'act' WHEN ruled = 'deprecated' THEN 'decide'"                              \
    " WHEN verdict IN ('unsupported', 'contradictory') OR class IN ('newer', 'older') THEN 'act'"                      \
    " WHEN verdict IN ('unlisted', 'deprecated') THEN 'decide' ELSE 'look' END AS need FROM protection"                \
    " WHERE counts = 1 AND excluded IS NULL AND ruled IS NOT 'yes' AND (verdict <> 'supported' OR ruled IS NOT NULL)"
#define UNLISTED                                                                                                       \
    "SELECT workload, version, installation, coalesce(product, '') AS product, count(DISTINCT asset), min(need)"       \
    " FROM (" ASKED ") WHERE verdict = 'unlisted' GROUP BY workload, version, installation, coalesce(product, '')"
#define ENDED                                                                                                          \
    "SELECT workload, coalesce(detail ->> '$.lifecycle.version', version) AS ending, count(DISTINCT asset)"            \
    " FROM protection WHERE counts = 1 AND excluded IS NULL"                                                           \
    " AND support_end <= (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'findings_at')"                         \
    " GROUP BY workload, ending"

static const char *const nothing[] = {
    "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "SELECT count(*) FROM pragma_foreign_key_check",
    "SELECT count(*) FROM item WHERE asset IS NULL",
    "SELECT count(*) FROM item WHERE gone_at IS NULL AND lost_at IS NULL AND id NOT IN (SELECT item FROM sighting)",
    "SELECT count(*) FROM sighting WHERE item NOT IN (SELECT id FROM item WHERE gone_at IS NULL)",
    "SELECT count(*) FROM sighting WHERE target IN (SELECT id FROM target WHERE configured = 0)",
    "SELECT count(*) FROM target t WHERE held_count <>"
    " (SELECT count(*) FROM sighting s WHERE s.target = t.id AND s.held = 1)",
    "SELECT count(*) FROM target WHERE (held_count > 0) <> (held_at IS NOT NULL) OR (held_count > 0) <> (held_why <> "
    "'')",
    "SELECT count(*) FROM asset a WHERE gone_at IS NULL AND merged_into IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM item WHERE asset = a.id AND gone_at IS NULL)",
    "SELECT count(*) FROM item i JOIN asset a ON a.id = i.asset"
    " WHERE a.merged_into IS NOT NULL OR (i.gone_at IS NULL AND a.gone_at IS NOT NULL)",
    /* What is protected lives, and its verdict says what its detail says. */
    "SELECT count(*) FROM protection p JOIN asset a ON a.id = p.asset"
    " WHERE a.gone_at IS NOT NULL OR a.merged_into IS NOT NULL",
    "SELECT count(*) FROM protection p JOIN reasoning r ON r.id = p.reasoning WHERE NOT json_valid(p.detail)"
    " OR length(p.digest) <> 16 OR p.verdict IS NOT json_extract(r.detail, '$.legs[0].verdict')"
    " OR p.reason IS NOT json_extract(r.detail, '$.legs[0].reason')",
    "SELECT count(*) FROM protection_past WHERE from_at > until_at",
    /* Of each way to protect it there is one. */
    "SELECT count(*) - count(DISTINCT asset || ' ' || method || ' ' || server) FROM protection",
    /* Findings are what verdicts ask; ASKED is need.h once more, and act comes before decide also in min. */
    "SELECT count(*) FROM (SELECT asset, method, server, verdict, class, need, judgement FROM finding"
    " WHERE kind = 'verdict' AND state = 'open' EXCEPT SELECT asset, method, server, verdict, class, need, judgement"
    " FROM (" ASKED ") WHERE verdict <> 'unlisted')",
    "SELECT count(*) FROM (SELECT asset, method, server FROM (" ASKED ") WHERE verdict <> 'unlisted'"
    " EXCEPT SELECT asset, method, server FROM finding WHERE kind = 'verdict' AND state = 'open')",
    "SELECT count(*) FROM (SELECT workload, version, installation, product, assets, need FROM finding"
    " WHERE kind = 'unlisted' AND state = 'open' EXCEPT " UNLISTED ")",
    "SELECT count(*) FROM (" UNLISTED " EXCEPT SELECT workload, version, installation, product, assets, need"
    " FROM finding WHERE kind = 'unlisted' AND state = 'open')",
    "SELECT count(*) FROM (SELECT workload, version, assets FROM finding WHERE kind = 'lifecycle' AND state = 'open'"
    " EXCEPT " ENDED ")",
    "SELECT count(*) FROM (" ENDED " EXCEPT SELECT workload, version, assets FROM finding WHERE kind = 'lifecycle'"
    " AND state = 'open')",
    "SELECT count(*) FROM finding WHERE (state = 'open') <> (ended_at IS NULL) OR (state = 'open') <> (assets > 0)"
    " OR exempt > assets OR (exempt > 0) <> (exemption IS NOT NULL)",
    /* The last event of each finding says how it is. */
    "SELECT count(*) FROM finding f WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.finding = f.id)"
    " OR (SELECT state FROM event e WHERE e.finding = f.id ORDER BY e.id DESC LIMIT 1) <>"
    " CASE WHEN state = 'open' THEN rtrim(rtrim(need || ' ' || verdict) || ' ' || class) ELSE '' END",
    /* What is exempt is so by an exemption that has not ended, and which says what it is about. */
    "SELECT count(*) FROM finding WHERE exemption IN (SELECT id FROM exemption WHERE ended_at IS NOT NULL)",
    "SELECT count(*) FROM exemption WHERE (ended_at IS NULL) <> (ended_why = '') OR NOT json_valid(selector)",
    "SELECT count(*) FROM history WHERE journal NOT IN (SELECT id FROM journal)",
    "SELECT count(*) FROM (SELECT journal, lag(journal) OVER (ORDER BY id) AS before FROM history)"
    " WHERE before > journal",
    /* What hooks wait for is there, and what they were told ends with them. */
    "SELECT count(*) FROM pending p LEFT JOIN hook h ON h.name = p.hook WHERE h.name IS NULL OR p.event > h.cursor",
    "SELECT count(*) FROM pending WHERE event > 0 AND event NOT IN (SELECT id FROM event)",
    "SELECT count(*) FROM told WHERE hook NOT IN (SELECT name FROM hook)",
    "SELECT count(*) FROM alert WHERE (state = 'waiting') <> (ended_at IS NULL) OR count < 1 OR NOT json_valid(payload)"
    " OR key <> payload ->> 'id' OR count <> payload ->> 'count'",
    TOLD("appeared", "'appeared', 'returned'"),
    TOLD("changed", "'changed'"),
    TOLD("moved", "'moved'"),
    TOLD("gone", "'gone', 'retired'"),
};

static long long count(sqlite3 *database, const char *text)
{
    sqlite3_stmt *statement;
    long long number;

    if (sqlite3_prepare_v2(database, text, -1, &statement, NULL) != SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW)
        fail_msg("%s: %s", text, sqlite3_errmsg(database));
    number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

const char *whole_fault(sqlite3 *database)
{
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        if (count(database, nothing[i]) != 0)
            return nothing[i];
    }
    return NULL;
}

void whole_assert(const char *path)
{
    sqlite3 *database;
    const char *fault;

    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    /* So that looking on changes nothing. */
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    fault = whole_fault(database);
    sqlite3_close(database);
    if (fault != NULL)
        fail_msg("not whole: %s", fault);
}
