/* The reports that are made by hand. */
#include "made.h"

#include <string.h>

#define DAY INT64_C(86400000)
#define PAGE "https://docs.example/protection-matrix"

#define ALL(list) (list), sizeof(list) / sizeof *(list)

/* What a row says first, its last words say otherwise. */
#pragma GCC diagnostic ignored "-Woverride-init"

/* A protection: what differs between those of a set. */
#define ROW(number, name_, need_, group_, verdict_, class_, ...)                                                         \
    {                                                                                                                    \
        .row = {                                                                                                       \
            .protection = { .asset = { .id = (number), .kind = "vm", .name = (name_), .seen_at = MADE_AT - 2 * DAY },     \
                            .method = "agent",                                                                         \
                            .server = "mabs01.example",                                                                \
                            .product = "mabs-v2",                                                                      \
                            .workload = "server",                                                                      \
                            .version = "Windows Server 2008 SP2",                                                      \
                            .installation = "physical",                                                                \
                            .verdict = (verdict_),                                                                     \
                            .class = (class_),                                                                         \
                            .reason = "row 20 says no",                                                                \
                            .counts = true,                                                                            \
                            .by = "any",                                                                               \
                            .since_at = MADE_AT - 30 * DAY },                                                          \
            .need = (need_),                                                                                           \
            .group = (group_),                                                                                         \
            .rows = { (const char *const[]){ "20" }, 1 },                                                              \
            .edition = "azure-backup-server",                                                                          \
            .page = PAGE,                                                                                              \
            .date = "2018-08-17",                                                                                      \
            .installation_of = "workload",                                                                             \
            .basis = "00112233445566778899aabbccddeeff",                                                               \
            .seen_at = MADE_AT - 2 * DAY,                                                                              \
        },                                                                                                             \
        __VA_ARGS__ \
    }

/* -------------------------------------------------------------------------------------------------------- tiny ---- */

#define UPGRADE "Upgrade each of them to Windows Server 2016."
#define OLD "server Windows Server 2008 SP2, physical, mabs-v2"

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
        .row.protection.owner = "database team"),
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
        .row.protection.asset.stale = true, .row.seen_at = 0, .row.protection.reason = "os.build is missing"),
    ROW(7, "web01", NEED_NOTHING, "server Windows Server 2016, physical, mabs-v2", "supported", "",
        .row.protection.version = "Windows Server 2016", .row.protection.reason = "row 8 says yes",
        .row.footnotes = { (const char *const[]){ "R15" }, 1 }),
    ROW(8, "web02", NEED_NOTHING, "server Windows Server 2008 SP2, azure-vm, mabs-v2", "contradictory", "",
        .row.protection.ruled = "yes", .row.protection.installation = "azure-vm"),
    ROW(9, "web03", NEED_NOTHING, "server Windows Server 2008 SP2, azure-vm, mabs-v2", "contradictory", "",
        .row.protection.ruled = "yes", .row.protection.installation = "azure-vm"),
};

#define COUNT(name, verdict, class, ruled, count, stale)                                                               \
    {                                                                                                                  \
        (name), (verdict), (class), (ruled), (count), (count), (stale)                                                 \
    }

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

static struct query_report_coverage tiny_coverage[] = { { "vm", 8, 5, 3, 0, 0 }, { "esxi_host", 1, 0, 0, 0, 1 } };

static struct query_report_footnote tiny_footnotes[] = { { "R15", "Of clustered roles only file servers are protected.",
                                                           "azure-backup-server", 1 } };

static const struct query_report_uncovered tiny_uncovered[] = {
    { 1, 1, "vm", "app01", "web team", "Antwerp", "agent", "mabs01.example", false },
    { 2, 2, "vm", "app02", NULL, NULL, "agent", "mabs01.example", false },
    { 6, 1, "vm", "off01", NULL, NULL, "agent", "mabs09.example", true },
};

static const struct query_report_lifecycle tiny_lifecycles[] = {
    { "server", "Windows Server 2008 SP2", "", MADE_AT - 2000 * DAY, 4, 5, 1 },
    { "linux", "Windows Server 2012", "hyperv_host", MADE_AT - DAY, 1, 1, 0 },
    { "vmware-vm", "VMware vSphere 6.7", "", MADE_AT + 12 * DAY, 1, 1, 0 },
    { REPORT_BACKUP_SERVER, "mabs-v2", "", 0, 1, -1, 0 },
    { "server", "Windows Server 2003", "", 0, 1, 1, 0 },
    { "server", "Windows Server 2012 or Windows Server 2012 R2", "", 0, 2, 2, 0 },
};

#define EDITIONS(...)                                                                                                  \
    {                                                                                                                  \
        (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)      \
    }

static const struct query_report_condition tiny_conditions[] = {
    { "R5", "Service Pack 1 is installed.", EDITIONS("azure-backup-server", "mabs-v3") },
    { "R12", "Every host is licensed.", EDITIONS("azure-backup-server") },
    { "R12", "It is in no vApp.", EDITIONS("mabs-v3") },
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
        .row.names = { (const char *const[]){ H, "" }, 2 }, .row.footnotes = { (const char *const[]){ H }, 1 }),
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
static const struct query_report_excluded hostile_excluded[] = { { 1, H, H, H, EDITIONS(H) },
                                                                 { 2, H, "other", "other", { NULL, 0 } } };
static const struct query_report_change hostile_changes[] = { { 1, MADE_AT, H, H, H, H, H, "unlisted", H, "unsupported",
                                                                H, NEED_NOTHING, NEED_ACT, H } };
static const struct query_report_exemption hostile_exemptions[] = {
    { .id = 1, .until_at = MADE_AT + DAY, .what = H, .reason = H, .ticket = H, .approved_by = H, .name = H },
    { .id = 2, .ended_at = MADE_AT, .what = H, .reason = H, .ticket = H, .approved_by = H, .name = H, .ended_why = H },
};
static const struct query_report_lifecycle hostile_lifecycles[] = { { H, H, H, MADE_AT - DAY, 1, 1, 0 },
                                                                    { H, H, H, 0, 1, 1, 0 } };
static const struct query_report_condition hostile_conditions[] = { { H, H, EDITIONS(H, H) } };
static struct query_report_coverage hostile_coverage[] = { { H, 4, 1, 1, 1, 1 } };
static struct query_report_footnote hostile_footnotes[] = { { H, H, H, 1 } };
static const struct query_report_uncovered hostile_uncovered[] = { { 1, 2, H, H, H, H, H, H, true } };

/* -------------------------------------------------------------------------------------------------------- many ---- */

/* Two groups of five thousand, of which one has different sentences, and a few more. */
static const struct made_row many_rows[] = {
    ROW(100000, "shop", NEED_ACT, "cause: host", "unsupported", "", .times = 5000, .row.protection.step = "Move it.",
        .row.remedy = "Move it.", .row.mends = true),
    ROW(200000, "till", NEED_ACT, OLD, "unsupported", "", .times = 5001, .row.protection.step = "Upgrade it.",
        .row.remedy = "Upgrade it.", .row.mends = true),
    ROW(300000, "desk", NEED_LOOK, "server, physical, mabs-v2", "unknown", "", .times = 201),
    ROW(400000, "good", NEED_NOTHING, "server Windows Server 2016, physical, mabs-v2", "supported", "",
        .times = 1234567),
};

static struct query_report_count many_counts[] = {
    COUNT("server", "unsupported", "", NULL, 10001, 0),
    COUNT("server", "unknown", "", NULL, 201, 0),
    COUNT("server", "supported", "", NULL, 1234567, 7),
};

/* As many as are named, and one more. */
static const struct query_report_uncovered many_uncovered[501] = { [0 ... 500] = { 1, 1, "vm", "shop", NULL, NULL,
                                                                                   "agent", "mabs01.example", false } };
static struct query_report_coverage many_coverage[] = { { "vm", 501, 0, 501, 0, 0 } };

/* More than a chart has bars for. */
#define SITE(name) COUNT(name, "unsupported", "", NULL, 700, 0), COUNT(name, "supported", "", NULL, 80000, 1)

static struct query_report_count many_sites[] = { SITE("site 1"),  SITE("site 2"),  SITE("site 3"),  SITE("site 4"),
                                                  SITE("site 5"),  SITE("site 6"),  SITE("site 7"),  SITE("site 8"),
                                                  SITE("site 9"),  SITE("site 10"), SITE("site 11"), SITE("site 12"),
                                                  SITE("site 13"), SITE("site 14") };

/* ------------------------------------------------------------------------------------------------------ joined ---- */

/* One step in more groups than are linked, another in one group; and one group of which each asks for something else.
 */
#define JOINED(number, group)                                                                                          \
    ROW(number, "app" #number, NEED_ACT, group, "unsupported", "",                                                     \
        .row.protection.step = "Upgrade app" #number " to Windows Server 2016.", .row.remedy = UPGRADE,                \
        .row.mends = true, .row.protection.version = "release " #number)

static const struct made_row joined_rows[] = {
    JOINED(1, "one"),
    JOINED(2, "two"),
    JOINED(3, "three"),
    JOINED(4, "four"),
    JOINED(5, "five"),
    JOINED(6, "six"),
    ROW(7, "odd07", NEED_ACT, "seven", "contradictory", "", .row.protection.step = "Ask for a ruling on one.",
        .row.remedy = "Ask for a ruling on one.", .row.protection.version = "release 7"),
    ROW(8, "odd08", NEED_ACT, "seven", "contradictory", "", .row.protection.step = "Ask for a ruling on another.",
        .row.remedy = "Ask for a ruling on another.", .row.protection.version = "release 7"),
    ROW(9, "odd09", NEED_ACT, "eight", "contradictory", "", .row.protection.step = "Ask for a ruling on one.",
        .row.remedy = "Ask for a ruling on one.", .row.protection.version = "release 8"),
};

static struct query_report_count joined_counts[] = { COUNT("server", "unsupported", "", NULL, 6, 0),
                                                     COUNT("server", "contradictory", "", NULL, 3, 0) };

/* -------------------------------------------------------------------------------------------------------- sets ---- */

static const struct made sets[] = {
    {
        .name = "tiny",
        .title = "Weekly report",
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
    },
    {
        .name = "empty",
        .title = "Nothing yet",
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
    },
    {
        .name = "many",
        .title = "A large fleet",
        .head = { .at = MADE_AT,
                  .since = MADE_AT - DAY,
                  .oldest = MADE_AT,
                  .assets = 1244768,
                  .judged_at = MADE_AT,
                  .by_workload = many_counts,
                  .by_workload_count = sizeof many_counts / sizeof *many_counts,
                  .whole = many_counts,
                  .whole_count = 3,
                  .by_site = many_sites,
                  .by_site_count = sizeof many_sites / sizeof *many_sites,
                  .need = { 1234560, 208, 0, 10001 },
                  .covered = 0,
                  .not_covered = 501,
                  .coverage = ALL(many_coverage),
                  .fresh = 1244761,
                  .stale = 7 },
        ALL(many_rows),
        .uncovered = many_uncovered,
        .uncovered_count = 501,
    },
    {
        .name = "joined",
        .title = "One step for many",
        .head = { .at = MADE_AT,
                  .since = MADE_AT - DAY,
                  .oldest = MADE_AT,
                  .assets = 9,
                  .judged_at = MADE_AT,
                  .by_workload = joined_counts,
                  .by_workload_count = 2,
                  .whole = joined_counts,
                  .whole_count = 2,
                  .need = { 0, 0, 0, 9 },
                  .covered = -1,
                  .not_covered = -1,
                  .fresh = 9 },
        ALL(joined_rows),
    },
    {
        .name = "broken",
        .title = "Half of it",
        .head = { .at = MADE_AT,
                  .by_workload = tiny_workloads,
                  .by_workload_count = sizeof tiny_workloads / sizeof *tiny_workloads },
        ALL(tiny_rows),
        .broken = "database x: disk I/O error",
    },
    {
        .name = "past",
        .title = "As it was",
        .head = { .at = MADE_AT,
                  .since = MADE_AT - 7 * DAY,
                  .oldest = MADE_AT - 400 * DAY,
                  .past = true,
                  .assets = 9,
                  .targets = ALL(tiny_targets),
                  .target_assets = (int64_t[]){ -1, -1 },
                  .by_workload = tiny_workloads,
                  .by_workload_count = sizeof tiny_workloads / sizeof *tiny_workloads,
                  .need = { 3, 1, 1, 4 },
                  .covered = -1,
                  .not_covered = -1,
                  .fresh = -1,
                  .stale = -1,
                  .never = -1 },
        ALL(tiny_rows),
    },
};

const struct made *made_find(const char *name)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (strcmp(sets[i].name, name) == 0)
            return &sets[i];
    }
    return NULL;
}
