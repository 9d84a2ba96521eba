#include "stock.h"

#include <stdlib.h>

/* What verdict_write would have written. */
static const char reasonings[] =
    "INSERT INTO basis (id, hash, files, first_at) VALUES (1, x'00112233445566778899aabbccddeeff', '[]', N - 1e6);"
    "INSERT INTO meta VALUES ('judging_done_at', '1763999990000');"
    "INSERT INTO reasoning VALUES (1, x'01', '{\"legs\":[]}'),"
    " (2, x'02', '{\"legs\":[{\"asset\":3,\"kind\":\"esxi_host\",\"name\":\"esx01.example\",\"workload\":\"vmware-vm\","
    "\"versions\":[\"VMware vSphere 4.0\",\"VMware vSphere 4.1\"],\"installations\":[\"physical\"],"
    "\"installation_of\":\"backup-server\",\"verdict\":\"unsupported\",\"edition\":\"azure-backup-server\","
    "\"page\":\"https://example.com/page\",\"date\":\"2018-08-17\",\"rows\":[57,58],\"covers\":[\"vm\"],"
    "\"omits\":[\"item\"],\"reason\":\"esx01.example runs VMware vSphere 4.0, and no row has it\","
    "\"conflict\":\"two sources differ\",\"missing\":\"os.build\",\"first\":\"mabs-v3\",\"conditions\":["
    "{\"id\":\"R22\",\"state\":\"met\",\"text\":\"The agent is there.\"},"
    "{\"id\":\"R13\",\"state\":\"footnote\",\"text\":\"It is consistent.\",\"why\":\"no fact tells\"},"
    "{\"id\":\"R12\",\"state\":\"unmet\",\"text\":\"Every host is licensed.\",\"asset\":3,\"name\":\"esx01.example\","
    "\"fact\":\"vsphere.product\",\"value\":\"VMware ESXi 6.5.0\",\"remedy\":\"Buy a licence.\"}]}]}'),"
    " (3, x'03', '{\"legs\":[{\"workload\":\"server\",\"verdict\":\"supported\",\"conditions\":["
    "{\"id\":\"R16\",\"state\":\"attested\",\"text\":\"It is in Dynamic mode.\",\"attested\":{\"who\":\"the host "
    "team\","
    "\"basis\":\"ticket 9\",\"until\":1780000000000}},{\"id\":\"R20\",\"state\":\"scope\",\"text\":\"None is on one.\","
    "\"asset\":1,\"name\":\"web01\",\"fact\":\"vm.clustered\",\"value\":true}]}]}'),"
    " (4, x'04', '');";

#define OWN                                                                                                            \
    "INSERT INTO judgement (id, method, server, product, workload, version, installation, verdict, class,"             \
    " counts, by_what, ruled, reason, step, cause, owner, site, excluded, support_end, digest, reasoning,"             \
    " detail) VALUES "

static const char verdicts[] =
    OWN "(1, 'agent', 'mabs01', 'mabs-v2', 'server', 'Windows Server 2016', 'vmware-vm', 'supported', '', 1, 'dpmdb',"
        " NULL, 'row 8 says yes', NULL, NULL, 'web team', 'rtm', NULL, 1800000000000, x'01', 3, '{}');" OWN
        "(2, 'image', 'mabs01', 'mabs-v2', 'vmware-vm', 'VMware vSphere 4.0', 'physical', 'unsupported', '', 0,"
        " 'dpmdb', NULL, 'no row has it', 'Upgrade it.', 3, 'web team', 'rtm', NULL, NULL, x'02', 2, "
        "'{}');" OWN
        "(3, 'image', 'mabs01', 'mabs-v2', 'vmware-vm', 'VMware vSphere 4.0', 'physical', 'unsupported', '', 1, 'any',"
        " NULL, 'esx01.example runs VMware vSphere 4.0, and no row has it', 'Upgrade it.', 3, NULL, 'ant', NULL,"
        " 1500000000000, x'03', 2, '{\"step\":{\"type\":\"upgrade\",\"text\":\"Upgrade it.\"}}');" OWN
        "(4, 'agent', 'mabs02', 'mabs-v1', 'server', 'Windows Server 2022', 'physical', 'unlisted', 'newer', 1,"
        " 'any', NULL, 'newer than all', NULL, NULL, NULL, NULL, NULL, NULL, x'04', 1, '{}');" OWN
        "(5, 'agent', 'mabs02', 'mabs-v1', 'server', 'Windows Server 2012 R2', 'physical', 'unlisted', 'gap', 1,"
        " 'any', 'yes', 'listed elsewhere', NULL, NULL, NULL, NULL, NULL, NULL, x'05', 1, "
        " '{\"ruling\":{\"answer\":\"yes\",\"who\":\"the board\",\"basis\":\"case 7\",\"review\":1780000000000}}');" OWN
        "(6, 'agent', 'mabs01', 'mabs-v2', 'server', 'Windows Server 2012 R2', 'physical', 'unlisted', 'gap', 0,"
        " 'none', NULL, 'listed elsewhere', NULL, NULL, NULL, NULL, 'is to be removed', NULL, x'06', 1, "
        " '{}');" OWN
        "(7, 'agent', 'mabs01', 'mabs-v2', 'server', '', 'physical', 'conditional', '', 1, 'any', NULL, '?', NULL,"
        " NULL, '?', NULL, NULL, NULL, x'07', 4, '{}');"
        "INSERT INTO guard (id, asset, judgement, basis, since_at) VALUES (1, 1, 1, 1, N - 864e5), (2, 1, 2, 1, N - "
        "864e5), (3, 2, 3, 1, N - 72e5), (4, 4, 4, 1, N - 864e5), (5, 5, 5, 1, N - 864e5), (6, 5, 6, 1, N - 864e5), "
        "(7, 8, 7, 1, N - 864e5);";

static void run_hostile(struct stock *stock, const char *sql)
{
    struct sql_query rows;
    struct err err = ERR_EMPTY;

    sql_query(&rows, &stock->sql, sql);
    sql_bind_text(&rows, 1, STOCK_HOSTILE);
    if (!sql_done(&rows, &err))
        abort();
}

void stock_verdicts(struct stock *stock)
{
    stock_run_timed(stock, reasonings);
    stock_run_timed(stock, verdicts);
    run_hostile(stock, "UPDATE judgement SET reason = ?1, owner = ?1, step = ?1 WHERE id = 7");
    run_hostile(stock, "UPDATE reasoning SET detail = json_object('legs', json_array(json_object('workload', ?1,"
                       " 'versions', json_array(?1), 'installations', json_array(?1), 'reason', ?1, 'conditions',"
                       " json_array(json_object('id', ?1, 'state', ?1, 'text', ?1, 'fact', ?1, 'value', ?1, 'name', ?1,"
                       " 'why', ?1))))) WHERE id = 4");
}
