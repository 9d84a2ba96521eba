/* Made by hand: reports whose groups are large, or are many. */
#include "made_parts.h"

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
static const struct query_report_uncovered many_uncovered[501] = {
    [0 ... 500] = { 1, 1, "vm", "shop", NULL, NULL, "agent", "mabs01.example", "unprotected-supported", false }
};
static const struct query_report_covered many_covered[502] = {
    [0 ... 501] = { 2, "vm", "till", NULL, NULL, "image", "mabs01.example", NULL, "supported", NULL, NULL,
                    "protected-supported", 0, false }
};
static struct query_report_coverage many_coverage[] = {
    { "vm", 1003, 502, 501, 0, 0, { [COVERAGE_WELL] = 502, [COVERAGE_BARE] = 501 } }
};

/* More than a chart has bars for. */
#define SITE(name) COUNT(name, "unsupported", "", NULL, 700, 0), COUNT(name, "supported", "", NULL, 80000, 1)

static struct query_report_count many_sites[] = { SITE("site 1"),  SITE("site 2"),  SITE("site 3"),  SITE("site 4"),
                                                  SITE("site 5"),  SITE("site 6"),  SITE("site 7"),  SITE("site 8"),
                                                  SITE("site 9"),  SITE("site 10"), SITE("site 11"), SITE("site 12"),
                                                  SITE("site 13"), SITE("site 14") };

/* ------------------------------------------------------------------------------------------------------ joined ---- */

/* One step in more groups than are linked, another in one group; one larger group that no step mends; and two moves of
 * one backup server, of which a ruling would do as well for some. */
#define MOVED(number, group, product, ruling)                                                                          \
    ROW(number, "old" #number, NEED_ACT, group, "contradictory", "",                                                   \
        .row.protection.step = "Move the backup server mabs01.example to " product "." ruling,                         \
        .row.remedy = "Move the backup server mabs01.example to " product "." ruling, .row.mends = true,               \
        .row.moved_to = product, .row.protection.version = "release " #number)

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
    ROW(7, "odd07", NEED_ACT, "seven", "contradictory", "", .times = 9,
        .row.protection.step = "Ask for a ruling on one.", .row.remedy = "Ask for a ruling on one.",
        .row.protection.version = "release 7"),
    ROW(17, "odd08", NEED_ACT, "seven", "contradictory", "", .row.protection.step = "Ask for a ruling on another.",
        .row.remedy = "Ask for a ruling on another.", .row.protection.version = "release 7"),
    ROW(18, "odd09", NEED_ACT, "eight", "contradictory", "", .row.protection.step = "Ask for a ruling on one.",
        .row.remedy = "Ask for a ruling on one.", .row.protection.version = "release 8"),
    MOVED(20, "twenty", "mabs-v3", ""),
    MOVED(21, "twenty-one", "mabs-v3", " Or ask for a ruling."),
    MOVED(22, "twenty-two", "mabs-v3-ur1", " Or ask for a ruling."),
};

static struct query_report_count joined_counts[] = { COUNT("server", "unsupported", "", NULL, 6, 0),
                                                     COUNT("server", "contradictory", "", NULL, 14, 0) };

/* -------------------------------------------------------------------------------------------------------- sets ---- */

const struct made made_groups[MADE_GROUPS] = {
    {
        .name = "many",
        .title = "A large fleet",
        .host = "watch01",
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
                  .covered = 502,
                  .not_covered = 501,
                  .coverage = ALL(many_coverage),
                  .fresh = 1244761,
                  .stale = 7 },
        ALL(many_rows),
        .uncovered = many_uncovered,
        .uncovered_count = 501,
        .covered = many_covered,
        .covered_count = 502,
    },
    {
        .name = "joined",
        .title = "One step for many",
        .host = "watch01",
        .head = { .at = MADE_AT,
                  .since = MADE_AT - DAY,
                  .oldest = MADE_AT,
                  .assets = 20,
                  .judged_at = MADE_AT,
                  .by_workload = joined_counts,
                  .by_workload_count = 2,
                  .whole = joined_counts,
                  .whole_count = 2,
                  .need = { 0, 0, 0, 20 },
                  .covered = -1,
                  .not_covered = -1,
                  .fresh = 20 },
        ALL(joined_rows),
    },
};
