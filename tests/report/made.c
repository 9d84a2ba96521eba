/* The reports that are made by hand. */
#include "made_parts.h"

#include <string.h>

/* -------------------------------------------------------------------------------------------------------- tiny ---- */

static const struct made_row tiny_rows[] = {
    ROW(3, "db01", NEED_ACT, "cause: esx01.example", "unsupported", "", .row.protection.cause = 9,
        .row.protection.cause_name = "esx01.example", .row.protection.method = "image",
        .row.protection.workload = "vmware-vm", .row.protection.version = "VMware vSphere 6.7",
        .row.protection.step = "db01 on esx01.example: Move the virtual machine.", .row.mends = true,
        .row.protection.step_end = MADE_AT + 366 * DAY,
        .row.remedy = "each of them on esx01.example: Move the virtual machine.", .row.configured = true,
        .row.protection.by = "dpmdb", .row.installation_of = "backup-server",
        .row.protection.reason = "row 57 says yes, but R12 is not met: datastore.local of local disk 1 is yes",
        .row.names = { (const char *const[]){ "local disk 1" }, 1 }, .row.protection.site = "Antwerp",
        .row.protection.owner = "database team", .row.sources = { (const char *const[]){ "hv01", "rvt", "vc01" }, 3 },
        .row.more_sources = 1200),
    ROW(1, "app01", NEED_ACT, OLD, "unsupported", "", .row.protection.step = "Upgrade app01 to Windows Server 2016.",
        .row.protection.step_end = MADE_AT + 365 * DAY, .row.remedy = UPGRADE, .row.mends = true),
    ROW(2, "app02", NEED_ACT, OLD, "unsupported", "", .row.protection.step = "Upgrade app02 to Windows Server 2016.",
        .row.protection.step_end = MADE_AT + 365 * DAY, .row.remedy = UPGRADE, .row.mends = true,
        .row.protection.by = "rule", .row.exemption = 4, .row.protection.exemption = 4,
        .row.protection.exempt_until = MADE_AT + 20 * DAY, .row.protection.exempt_reason = "replaced in December",
        .row.protection.exempt_by = "ann", .row.protection.exempt_approved_by = "the board",
        .row.protection.exempt_ticket = "CHG-12", .row.protection.criticality = "low"),
    ROW(4, "odd01", NEED_ACT, "server Windows Server 2008 SP2, azure-stack, mabs-v2", "contradictory", "",
        .row.protection.step = "Upgrade odd01 to Windows Server 2016.", .row.remedy = UPGRADE, .row.mends = true,
        .row.protection.installation = "azure-stack", .row.rows = { (const char *const[]){ "20", "21" }, 2 },
        .row.protection.reason = "row 21 says yes and row 20 says no"),
    ROW(5, "lab01", NEED_DECIDE, "server Windows Server 2016 SP1, physical, mabs-v2", "unlisted", "level",
        .row.protection.step = "Upgrade lab01 to Windows Server 2016.", .row.remedy = UPGRADE, .row.mends = true,
        .row.rows = { NULL, 0 }, .row.protection.version = "Windows Server 2016 SP1",
        .row.protection.reason = "no row names that service pack"),
    ROW(6, "off01", NEED_LOOK, "server, physical, mabs-v2", "unknown", "", .row.protection.version = "",
        .row.protection.asset.stale = true, .row.seen_at = 0, .row.sources = { NULL, 0 },
        .row.protection.reason = "os.build is missing"),
    ROW(7, "web01", NEED_NOTHING, "server Windows Server 2016, physical, mabs-v2", "supported", "",
        .row.protection.version = "Windows Server 2016", .row.protection.reason = "row 8 says yes",
        .row.footnotes = { (const char *const[]){ "R15" }, 1 }),
    ROW(8, "web02", NEED_NOTHING, "server Windows Server 2008 SP2, azure-vm, mabs-v2", "contradictory", "",
        .row.protection.ruled = "yes", .row.protection.installation = "azure-vm"),
    ROW(9, "web03", NEED_NOTHING, "server Windows Server 2008 SP2, azure-vm, mabs-v2", "contradictory", "",
        .row.protection.ruled = "yes", .row.protection.installation = "azure-vm"),
};

static struct query_report_count tiny_workloads[] = {
    COUNT("server", "unsupported", "", NULL, 2, 0),    COUNT("server", "contradictory", "", NULL, 1, 0),
    COUNT("server", "contradictory", "", "yes", 2, 0), COUNT("server", "unlisted", "level", NULL, 1, 0),
    COUNT("server", "unknown", "", NULL, 1, 1),        COUNT("server", "supported", "", NULL, 1, 0),
    COUNT("vmware-vm", "unsupported", "", NULL, 1, 0),
};

static struct query_report_count tiny_sites[] = {
    COUNT("", "unsupported", "", NULL, 2, 0),
    COUNT("", "contradictory", "", NULL, 1, 0),
    COUNT("", "contradictory", "", "yes", 2, 0),
    COUNT("", "unlisted", "level", NULL, 1, 0),
    COUNT("", "unknown", "", NULL, 1, 1),
    COUNT("", "supported", "", NULL, 1, 0),
    COUNT("Antwerp", "unsupported", "", NULL, 1, 0),
};

static struct query_report_count tiny_whole[] = {
    COUNT("", "unsupported", "", NULL, 3, 0),    COUNT("", "contradictory", "", NULL, 1, 0),
    COUNT("", "contradictory", "", "yes", 2, 0), COUNT("", "unlisted", "level", NULL, 1, 0),
    COUNT("", "unknown", "", NULL, 1, 1),        COUNT("", "supported", "", NULL, 1, 0),
};

static struct query_count tiny_kinds[] = { { "vm", 7 }, { "csv", 1 }, { "rack", 1 } };

/* Of the past, their last results alone are recorded. */
static struct query_target past_targets[] = { { .name = "hv01", .plugin = "file", .result = "complete" },
                                              { .name = "vc01", .plugin = "vmware", .result = "denied" } };

static struct query_report_server past_servers[] = {
    { "mabs01.example", "mabs-v2", "item", 0, 8, true, 0, NULL, NULL, false },
    { "mabs02.example", "mabs-v2", "item", 0, 1, false, 0, NULL, NULL, false }
};

static struct query_target tiny_targets[] = {
    { .name = "hv01",
      .plugin = "file",
      .result = "complete",
      .succeeded_at = MADE_AT - 3600000,
      .max_age_ms = 3 * 3600000 },
    { .name = "vc01",
      .plugin = "vmware",
      .result = "denied",
      .message = "the server refused the password",
      .late = true },
};
static int64_t tiny_target_assets[] = { 8, 2 };

static struct query_report_file tiny_files[] = {
    { "/etc/muster/matrix/azure-backup-server.conf", "azure-backup-server", "2018-08-17",
      "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", PAGE,
      "yes" },
    { "/etc/muster/matrix/mabs-v4.conf", "mabs-v4", "2026-02-10", "1123456789abcdef0123456789abcdef",
      "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "https://docs.example/another", "no" },
    { "/etc/muster/products.conf", NULL, "2025-08-22", "fedcba9876543210fedcba9876543210",
      "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210", NULL, NULL },
};

static struct query_report_ruling tiny_rulings[] = {
    { "ruling", "server Windows Server 2008 SP2, azure-vm, mabs-v2", "yes", "the board", "case 7",
      MADE_AT + 100 * DAY },
    { "attestation", "condition R16, name web*", NULL, "the host team", NULL, MADE_AT + 10 * DAY },
};

static struct query_report_day tiny_days[] = { { MADE_AT - 2 * DAY, 5, 1, 1 },
                                               { MADE_AT - DAY, 4, 1, 0 },
                                               { MADE_AT, 4, 1, 1 } };

static const struct query_report_excluded tiny_excluded[] = {
    { 11, "vm", "tmpl01", "it is a template", { NULL, 0 } },
    { 12, "vm", "vdi01", "desktops are made anew each day", { (const char *const[]){ "3", "7" }, 2 } },
};

static const struct query_report_change tiny_changes[] = {
    { 3, MADE_AT - DAY, "vm", "db01", "image", "mabs01.example", "vmware-vm", "supported", "", "unsupported", "",
      NEED_NOTHING, NEED_ACT, "its host is too new" },
    { 7, MADE_AT - DAY, "vm", "web01", "agent", "mabs01.example", "server", "unlisted", "newer", "supported", "",
      NEED_ACT, NEED_NOTHING, "row 8 says yes" },
    { 13, MADE_AT - 2 * DAY, "vm", "old01", "agent", "mabs01.example", "server", "unsupported", "", NULL, NULL,
      NEED_ACT, NEED_NOTHING, "row 20 says no" },
};

static const struct query_report_exemption tiny_exemptions[] = {
    { .id = 4,
      .made_at = MADE_AT - 9 * DAY,
      .until_at = MADE_AT + 20 * DAY - DAY / 2, /* at noon of the last day */
      .covers = 1,
      .what = "app02, whatever it is",
      .reason = "replaced in December",
      .ticket = "CHG-12",
      .approved_by = "the board",
      .name = "ann" },
    { .id = 2,
      .made_at = MADE_AT - 90 * DAY,
      .until_at = MADE_AT - DAY,
      .ended_at = MADE_AT - DAY,
      .what = "all that is old",
      .reason = "budget",
      .ticket = "",
      .approved_by = NULL,
      .name = "bob",
      .ended_why = "expired" },
};

static struct query_report_coverage tiny_coverage[] = {
    { "vm",
      8,
      5,
      3,
      0,
      0,
      { [COVERAGE_WELL] = 3, [COVERAGE_BROKEN] = 2, [COVERAGE_BARE] = 2, [COVERAGE_NEITHER] = 1 } },
    { "esxi_host", 1, 0, 0, 0, 1, { 0 } }
};

static struct query_report_footnote tiny_footnotes[] = { { "R15", "Of clustered roles only file servers are protected.",
                                                           "azure-backup-server", 1 } };

static struct query_report_server tiny_servers[] = {
    { "mabs01.example", "mabs-v2", "configuration", MADE_AT - 100 * DAY, 8, true, MADE_AT - 3600000, NULL, NULL,
      false },
    { "mabs02.example", "mabs-v4", "configuration", 0, 1, false, MADE_AT - 9 * DAY, "mabs-v3",
      "product mabs-v4 is configured, and its scans show mabs-v3", true },
    { "mabs09.example", NULL, NULL, 0, 0, false, 0, NULL, NULL, false },
};

#define NAMES(...)                                                                                                     \
    {                                                                                                                  \
        (const char *const[]){ __VA_ARGS__ }, sizeof(const char *[]){ __VA_ARGS__ } / sizeof(char *)                   \
    }
static const struct query_report_old_tls tiny_old_tls[] = {
    { 21, "sql_instance", "sql1.example\\AGED", "TLSv1", NULL, NAMES("sql1"), 0 },
    { 22, "sql_instance", "sql2.example\\AGED", "TLSv1.1", "it has only TLS 1.0", NAMES("a", "b", "sql2"), 1200 },
    { 23, "backup_server", "mabs01.example", "TLSv1", NULL, { NULL, 0 }, 0 },
};
static const struct query_report_old_tls past_old_tls[] = {
    { 21, "sql_instance", "sql1.example\\AGED", "TLSv1", NULL, { NULL, 0 }, -1 },
    { 0, "backup_server", "mabs01.example", NULL, NULL, { NULL, 0 }, -1 },
};

static const struct query_report_uncovered tiny_uncovered[] = {
    { 1, 1, "vm", "app01", "web team", "Antwerp", "agent", "mabs01.example", "unprotected-supported", false },
    { 2, 2, "vm", "app02", NULL, NULL, "agent", "mabs01.example", "unprotected-unsupported", false },
    { 6, 1, "vm", "off01", NULL, NULL, "agent", "mabs09.example", "unprotected-supported", true },
};

static const char *const tiny_groups[] = { "Machines", "Weekly" };
static const char *const tiny_sources[] = { "db01", "C:\\", "D:\\", "E:\\", "F:\\", "G:\\",
                                            "H:\\", "I:\\", "J:\\", "K:\\", "L:\\" };

static const struct query_report_covered tiny_covered[] = {
    { 3, "vm", "db01", "web team", "Antwerp", "image", "mabs01.example", "mabs-v2", "unsupported", "", NULL,
      "protected-unsupported", .stale = true, .groups = { tiny_groups, 2 }, .sources = { tiny_sources, 11 },
      .recovery_at = MADE_AT - 40 * DAY, .invalid = true },
    { 4, "vm", "old01", NULL, NULL, "agent", "mabs01.example", NULL, "unlisted", "newer", "yes", "protected-supported",
      .exemption = 1 },
};

static const struct query_report_lifecycle tiny_lifecycles[] = {
    { "server", "Windows Server 2008 SP2", "", MADE_AT - 2000 * DAY, 4, 5, 1 },
    { "linux", "Windows Server 2012", "hyperv_host", MADE_AT - DAY, 1, 1, 0 },
    { "vmware-vm", "VMware vSphere 6.7", "", MADE_AT + 12 * DAY, 1, 1, 0 },
    { REPORT_BACKUP_SERVER, "mabs-v2", "", 0, 1, -1, 0 },
    { "server", "Windows Server 2003", "", 0, 1, 1, 0 },
    { "server", "Windows Server 2012 or Windows Server 2012 R2", "", 0, 2, 2, 0 },
};

static const struct query_report_condition tiny_conditions[] = {
    { "R5", "Service Pack 1 is installed.", NAMES("azure-backup-server", "mabs-v3") },
    { "R12", "Every host is licensed.", NAMES("azure-backup-server") },
    { "R12", "It is in no vApp.", NAMES("mabs-v3") },
};

/* ----------------------------------------------------------------------------------------------------- hostile ---- */

#define H MADE_HOSTILE

static const struct made_row hostile_rows[] = {
    ROW(1, H, NEED_ACT, "cause: " H, "unsupported", "", .row.protection.method = H, .row.protection.server = H,
        .row.protection.product = H, .row.protection.workload = H, .row.protection.version = H,
        .row.protection.installation = H, .row.protection.reason = H, .row.protection.step = H,
        .row.protection.owner = H, .row.protection.site = H, .row.protection.criticality = H,
        .row.protection.asset.kind = H, .row.page = H, .row.date = H, .row.rows = { (const char *const[]){ H, H }, 2 },
        .row.exemption = 1, .row.protection.exemption = 1, .row.protection.exempt_until = MADE_AT,
        .row.protection.exempt_reason = H, .row.protection.exempt_by = H, .row.protection.exempt_ticket = H,
        .row.protection.exempt_approved_by = H, .row.installation_of = H, .row.remedy = H, .row.mends = true,
        .row.names = { (const char *const[]){ H, "" }, 2 }, .row.footnotes = { (const char *const[]){ H }, 1 },
        .row.sources = { (const char *const[]){ H, H }, 2 }, .row.more_sources = 7),
    ROW(2, "second", NEED_ACT, "cause: " H, "contradictory", H, .row.protection.version = H, .row.page = H,
        .row.protection.workload = H, .row.protection.ruled = H, .row.protection.step = "another"),
    ROW(3, H, NEED_DECIDE, H, "unlisted", H, .row.protection.workload = H),
    ROW(4, H, NEED_LOOK, H, "unknown", H, .row.protection.workload = H),
};

static struct query_report_count hostile_counts[] = {
    COUNT(H, "unsupported", H, NULL, 1, 0),
    COUNT(H, "contradictory", H, H, 1, 0),
    COUNT(H, "unlisted", H, NULL, 1, 0),
    COUNT(H, "unknown", H, NULL, 1, 0),
};

static struct query_count hostile_kinds[] = { { H, 4 } };
static struct query_target hostile_targets[] = {
    { .name = H, .plugin = H, .result = H, .message = H, .late = true, .held_removals = 4, .held_why = H }
};
static int64_t hostile_target_assets[] = { 4 };
static struct query_report_file hostile_files[] = { { H, H, H, H, H, H, H } };
static struct query_report_ruling hostile_rulings[] = { { "ruling", H, H, H, H, MADE_AT },
                                                        { "attestation", H, NULL, H, H, 0 } };
static const struct query_report_excluded hostile_excluded[] = { { 1, H, H, H, NAMES(H) },
                                                                 { 2, H, "other", "other", { NULL, 0 } } };
static const struct query_report_change hostile_changes[] = { { 1, MADE_AT, H, H, H, H, H, "unlisted", H, "unsupported",
                                                                H, NEED_NOTHING, NEED_ACT, H } };
static const struct query_report_exemption hostile_exemptions[] = {
    { .id = 1, .until_at = MADE_AT + DAY, .what = H, .reason = H, .ticket = H, .approved_by = H, .name = H },
    { .id = 2, .ended_at = MADE_AT, .what = H, .reason = H, .ticket = H, .approved_by = H, .name = H, .ended_why = H },
};
static const struct query_report_lifecycle hostile_lifecycles[] = { { H, H, H, MADE_AT - DAY, 1, 1, 0 },
                                                                    { H, H, H, 0, 1, 1, 0 } };
static const struct query_report_condition hostile_conditions[] = { { H, H, NAMES(H, H) } };
static struct query_report_coverage hostile_coverage[] = {
    { H, 4, 1, 1, 1, 1, { [COVERAGE_BROKEN] = 1, [COVERAGE_BARE] = 1 } }
};
static struct query_report_footnote hostile_footnotes[] = { { H, H, H, 1 } };
static struct query_report_server hostile_servers[] = { { H, H, "item", MADE_AT, 4, true, MADE_AT, H, H, true } };
static const struct query_report_old_tls hostile_old_tls[] = { { 1, H, H, H, H, NAMES(H, H), 1 } };
static const struct query_report_uncovered hostile_uncovered[] = { { 1, 2, H, H, H, H, H, H, H, true } };
static const char *const hostile_groups[] = { H };
static const struct query_report_covered hostile_covered[] = {
    { 1, H, H, H, H, H, H, H, H, H, H, H, 1, true, { hostile_groups, 1 }, { hostile_groups, 1 }, MADE_AT, true }
};

/* -------------------------------------------------------------------------------------------------------- sets ---- */

static const struct made sets[] = {
    {
        .name = "tiny",
        .title = "Weekly report",
        .host = "watch01",
        .head = { .at = MADE_AT,
                  .since = MADE_AT - 7 * DAY,
                  .oldest = MADE_AT - 400 * DAY,
                  .judged_at = MADE_AT - 3600000,
                  .assets = 9,
                  .kinds = ALL(tiny_kinds),
                  .targets = ALL(tiny_targets),
                  .target_assets = tiny_target_assets,
                  .shared = 1,
                  .files = ALL(tiny_files),
                  .rulings = ALL(tiny_rulings),
                  .by_workload = tiny_workloads,
                  .by_workload_count = sizeof tiny_workloads / sizeof *tiny_workloads,
                  .by_site = tiny_sites,
                  .by_site_count = sizeof tiny_sites / sizeof *tiny_sites,
                  .whole = tiny_whole,
                  .whole_count = sizeof tiny_whole / sizeof *tiny_whole,
                  .days = ALL(tiny_days),
                  .need = { 3, 1, 1, 4 },
                  .exempt = { 0, 0, 0, 1 },
                  .excluded = 2,
                  .covered = 5,
                  .not_covered = 3,
                  .unread = 1,
                  .coverage = ALL(tiny_coverage),
                  .servers = ALL(tiny_servers),
                  .footnotes = ALL(tiny_footnotes),
                  .footnoted = 1,
                  .fresh = 8,
                  .stale = 0,
                  .never = 1 },
        ALL(tiny_rows),
        ALL(tiny_excluded),
        ALL(tiny_changes),
        ALL(tiny_exemptions),
        ALL(tiny_lifecycles),
        ALL(tiny_conditions),
        ALL(tiny_uncovered),
        ALL(tiny_covered),
        ALL(tiny_old_tls),
    },
    {
        .name = "empty",
        .title = "Nothing yet",
        .host = "",
        .head = { .at = MADE_AT,
                  .since = MADE_AT - DAY,
                  .oldest = MADE_AT,
                  .first = true,
                  .covered = -1,
                  .not_covered = -1 },
    },
    {
        .name = "hostile",
        .title = H,
        .host = H,
        .wish = { .owner = H, .site = H, .server = H, .workload = H },
        .head = { .at = MADE_AT,
                  .since = MADE_AT - DAY,
                  .oldest = MADE_AT,
                  .assets = 4,
                  .kinds = ALL(hostile_kinds),
                  .targets = ALL(hostile_targets),
                  .target_assets = hostile_target_assets,
                  .files = ALL(hostile_files),
                  .rulings = ALL(hostile_rulings),
                  .by_workload = hostile_counts,
                  .by_workload_count = sizeof hostile_counts / sizeof *hostile_counts,
                  .by_site = hostile_counts,
                  .by_site_count = 4,
                  .whole = hostile_counts,
                  .whole_count = 4,
                  .need = { 0, 1, 1, 2 },
                  .exempt = { 0, 0, 0, 1 },
                  .excluded = 2,
                  .covered = 1,
                  .not_covered = 1,
                  .unread = 1,
                  .coverage = ALL(hostile_coverage),
                  .servers = ALL(hostile_servers),
                  .footnotes = ALL(hostile_footnotes),
                  .footnoted = 1,
                  .fresh = 4 },
        ALL(hostile_rows),
        ALL(hostile_excluded),
        ALL(hostile_changes),
        ALL(hostile_exemptions),
        ALL(hostile_lifecycles),
        ALL(hostile_conditions),
        ALL(hostile_uncovered),
        ALL(hostile_covered),
        ALL(hostile_old_tls),
    },
    {
        .name = "broken",
        .title = "Half of it",
        .host = "watch01",
        .head = { .at = MADE_AT,
                  .by_workload = tiny_workloads,
                  .by_workload_count = sizeof tiny_workloads / sizeof *tiny_workloads },
        ALL(tiny_rows),
        .broken = "database x: disk I/O error",
    },
    {
        .name = "past",
        .title = "As it was",
        .host = "watch01",
        .head = { .at = MADE_AT,
                  .since = MADE_AT - 7 * DAY,
                  .oldest = MADE_AT - 400 * DAY,
                  .past = true,
                  .assets = 9,
                  .targets = ALL(past_targets),
                  .target_assets = (int64_t[]){ -1, -1 },
                  .servers = past_servers,
                  .server_count = 2,
                  .by_workload = tiny_workloads,
                  .by_workload_count = sizeof tiny_workloads / sizeof *tiny_workloads,
                  .need = { 3, 1, 1, 4 },
                  .covered = -1,
                  .not_covered = -1,
                  .fresh = -1,
                  .stale = -1,
                  .never = -1 },
        ALL(tiny_rows),
        .old_tls = past_old_tls,
        .old_tls_count = 2,
    },
};

static const struct made *find_in(const struct made *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    }
    return NULL;
}

const struct made *made_find(const char *name)
{
    const struct made *made = find_in(ALL(sets), name);

    return made != NULL ? made : find_in(made_groups, MADE_GROUPS, name);
}
