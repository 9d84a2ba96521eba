#include "stock.h"

#include <stdlib.h>

/* Days before STOCK_NOW are written in milliseconds: 864e5 is one. */
static const char basis[] =
    "UPDATE basis SET first_at = N - 34560e5, files ="
    " '[{\"file\":\"matrix/azure-backup-server.conf\",\"edition\":\"azure-backup-server\",\"date\":\"2018-08-17\","
    "\"hash\":\"0123456789abcdef0123456789abcdef\","
    "\"sha256\":"
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"},"
    "{\"file\":\"products.conf\",\"edition\":null,\"date\":null,"
    "\"hash\":\"fedcba9876543210fedcba9876543210\","
    "\"sha256\":"
    "\"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210\"}]', rulings ="
    " '[{\"what\":\"ruling\",\"key\":\"server Windows Server 2012 R2, physical, mabs-v1\",\"verdict\":\"yes\","
    "\"who\":\"the board\",\"basis\":\"case 7\",\"until\":1780000000000},"
    "{\"what\":\"attestation\",\"key\":\"condition R16, name web*\",\"verdict\":null,\"who\":\"the host team\","
    "\"basis\":null,\"until\":1780000000000},"
    "{\"what\":\"ruling\",\"key\":\"server Windows Server 2008, physical, mabs-v1\",\"verdict\":\"no\","
    "\"who\":\"the board\",\"basis\":\"lapsed\",\"until\":1763000000000}]';"
    "INSERT INTO meta VALUES ('judging_basis', '00112233445566778899aabbccddeeff');";

/* db01 (2) was supported by image until two hours ago; old (6) was, until it went; twin (4) was unlisted as a gap a
 * fortnight ago; web01 (1) came a month ago. */
static const char past[] =
    "INSERT INTO judgement (id, method, server, product, workload, version, installation, verdict, class, counts,"
    " by_what, reason, owner, site, digest, reasoning, detail) VALUES"
    " (8, 'image', 'mabs01', 'mabs-v2', 'vmware-vm', 'VMware vSphere 6.5', 'physical', 'supported', '', 1, 'any',"
    "  'row 60 says yes', NULL, 'ant', x'08', 1, '{}'),"
    " (9, 'agent', 'mabs02', 'mabs-v1', 'server', 'Windows Server 2019', 'physical', 'unlisted', 'gap', 1, 'any',"
    "  'listed elsewhere', NULL, NULL, x'09', 1, '{}');"
    "UPDATE guard SET since_at = N - 25920e5 WHERE asset IN (1, 5, 8);"
    "UPDATE guard SET since_at = N - 12096e5 WHERE asset = 4;"
    "INSERT INTO guard_past (asset, judgement, basis, from_at, until_at) VALUES"
    " (4, 9, 1, N - 25920e5, N - 12096e5), (6, 8, 1, N - 25920e5, N - 5e6), (2, 8, 1, N - 25920e5, N - 72e5);";

/* In force: twin's; for all that asks for a look. Ended: one for db01, two days ago, and one long ago. */
static const char exemptions[] =
    "INSERT INTO exemption (id, selector, reason, ticket, approved_by, uid, name, made_at, until_at, ended_at,"
    " ended_why) VALUES"
    " (1, '{\"asset\":4}', 'replaced in spring', 'CHG-12', 'the board', 1000, 'ann', N - 8640e5, N + 43200e5, NULL,"
    "  ''),"
    " (2, '{\"class\":\"look\"}', '?', '', '', NULL, 'system', N - 864e5, N + 8640e5, NULL, ''),"
    " (3, '{\"asset\":2}', 'was in the lab', '', '', 1000, 'ann', N - 17280e5, N + 8640e5, N - 1728e5, 'moved'),"
    " (4, '{\"asset\":2}', 'long ago', '', '', 1000, 'ann', N - 25920e5, N - 17280e5, N - 17280e5, 'expired');";

void stock_report(struct stock *stock)
{
    struct sql_query rows;
    struct err err = ERR_EMPTY;

    stock_fleet(stock);
    stock_verdicts(stock);
    stock_run_timed(stock, basis);
    stock_run_timed(stock, past);
    stock_run_timed(stock, exemptions);
    sql_query(&rows, &stock->sql, "UPDATE exemption SET reason = ?1, ticket = ?1, name = ?1 WHERE id = 2");
    sql_bind_text(&rows, 1, STOCK_HOSTILE);
    if (!sql_done(&rows, &err))
        abort();
}
