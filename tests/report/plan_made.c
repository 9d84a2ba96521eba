/* The upgrade plans that are made by hand. */
#include "plan_made.h"

#include "made.h"

#include <stdio.h>
#include <string.h>

/* What a row says first, its last words say otherwise. */
#pragma GCC diagnostic ignored "-Woverride-init"

#define ALL(list) (list), sizeof(list) / sizeof *(list)
#define TEXTS(...)                                                                                                     \
    {                                                                                                                  \
        (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)            \
    }

enum { MANY = 450, MANY_LISTED = 300 };

static const struct edition editions[] = {
    { .name = "azure-backup-server", .date = "2018-08-17", .file = "matrix/mabs.conf", .sha256 = "ab12" },
    { .name = MADE_HOSTILE, .date = MADE_HOSTILE, .file = MADE_HOSTILE, .sha256 = "cd34" },
};

static const struct matrix_file files[] = {
    { .file = "matrix/mabs.conf", .sha256 = "ab12" },
    { .file = "matrix/common.inc", .sha256 = "ef56" },
    { .file = MADE_HOSTILE, .sha256 = "cd34" },
};

static const struct matrix matrix = { .editions = editions, .edition_count = 1, .files = files, .file_count = 2 };
static const struct matrix hostile_matrix = {
    .editions = editions, .edition_count = 2, .files = files, .file_count = 3
};

static const struct product product = { .name = "mabs-v4", .title = "Azure Backup Server v4" };
static const struct product hostile_product = { .name = MADE_HOSTILE, .title = MADE_HOSTILE };

#define SIDE(product_, method_, verdict_, class_, ...)                                                                 \
    {                                                                                                                  \
        .product = (product_), .method = (method_), .workload = "server", .version = "Windows Server 2008 SP2",        \
        .installation = "physical", .verdict = (verdict_), .class = (class_), __VA_ARGS__                              \
    }

/* -------------------------------------------------------------------------------------------------------- tiny ---- */

static struct query_supposed_group tiny_groups[] = {
    { .kind = CHANGE_LOST,
      .assets = 2,
      .protections = 3,
      .name = "server Windows Server 2008 SP2, physical",
      .before = SIDE("mabs-v2", NULL, "supported", ""),
      .after = SIDE("mabs-v4", NULL, "unlisted", "older"),
      .text = "no row of mabs-v4 lists it",
      .step = "Upgrade it to Windows Server 2016.",
      .asset = 1,
      .asset_name = "web01" },
    { .kind = CHANGE_LOST,
      .assets = 1,
      .protections = 1,
      .name = "sql SQL Server 2012, physical",
      .before = SIDE("mabs-v2", NULL, "supported", ""),
      .text = "it does not count any more",
      .asset = 5,
      .asset_name = "db01" },
    { .kind = CHANGE_CONDITIONS,
      .assets = 1,
      .protections = 1,
      .name = "vmware-host ESXi 6.7, physical",
      .before = SIDE("mabs-v2", NULL, "supported", "", .ruled = "yes"),
      .after = SIDE("mabs-v4", NULL, "conditional", ""),
      .text = "hangs on R12",
      .asset = 3,
      .asset_name = "esx01" },
    { .kind = CHANGE_GAINED,
      .assets = 1,
      .protections = 1,
      .name = "server Windows Server 2019, physical",
      .after = SIDE("mabs-v4", NULL, "supported", ""),
      .text = "",
      .asset = 4,
      .asset_name = "web04" },
};

#define CHANGE(kind_, group_, id, name_, method_, ...)                                                                 \
    {                                                                                                                  \
        .kind = (kind_), .kinds = 1u << (kind_), .group = (group_), .asset = (id), .asset_kind = "vm",                 \
        .name = (name_), .server = "mabs01", .picked = true,                                                           \
        .before = { .method = (method_), .verdict = "supported", .class = "" },                                        \
        .after = { .method = (method_), .verdict = "unlisted", .class = "older" }, __VA_ARGS__                         \
    }

/* One of another group stands between two of one: verdicts go before groups. */
static struct query_supposed_change tiny_list[] = {
    CHANGE(CHANGE_LOST, 0, 1, "web01", "agent", .text = "no row of mabs-v4 lists it", .owner = "web team",
           .site = "north"),
    CHANGE(CHANGE_LOST, 1, 5, "db01", "application", .text = "it does not count any more",
           .kinds = 1u << CHANGE_LOST | 1u << CHANGE_OTHER),
    CHANGE(CHANGE_LOST, 0, 2, "web02", "agent", .text = "no row lists that", .criticality = "high"),
    CHANGE(CHANGE_CONDITIONS, 2, 3, "esx01", "host", .text = "hangs on R12", .picked = false),
    CHANGE(CHANGE_GAINED, 3, 4, "web04", "image"),
};

static const struct query_supposed tiny_supposed = {
    .compared = 1200,
    .changed = 6,
    .assets = 1100,
    .picked = 1000,
    .counts = { [CHANGE_LOST] = { 4, 3 }, [CHANGE_CONDITIONS] = { 1, 1 }, [CHANGE_GAINED] = { 1, 1 } },
    .groups = tiny_groups,
    .group_count = 4,
    .list = tiny_list,
    .count = 5,
    .more = 1,
    .judged = true,
};

/* ----------------------------------------------------------------------------------------------------- hostile ---- */

#define HOSTILE_SIDE                                                                                                   \
    {                                                                                                                  \
        .method = MADE_HOSTILE, .product = MADE_HOSTILE, .workload = MADE_HOSTILE, .version = MADE_HOSTILE,            \
        .installation = MADE_HOSTILE, .verdict = MADE_HOSTILE, .class = MADE_HOSTILE, .ruled = MADE_HOSTILE,           \
        .reason = MADE_HOSTILE, .step = MADE_HOSTILE                                                                   \
    }

static struct query_supposed_group hostile_groups[] = {
    { .kind = CHANGE_OTHER,
      .assets = 1,
      .protections = 1,
      .name = MADE_HOSTILE,
      .before = HOSTILE_SIDE,
      .after = HOSTILE_SIDE,
      .text = MADE_HOSTILE,
      .step = MADE_HOSTILE,
      .asset = 1,
      .asset_name = MADE_HOSTILE },
};

static struct query_supposed_change hostile_list[] = {
    { .kind = CHANGE_OTHER,
      .kinds = 1u << CHANGE_OTHER | 1u << CHANGE_GAINED,
      .asset = 1,
      .asset_kind = MADE_HOSTILE,
      .name = MADE_HOSTILE,
      .server = MADE_HOSTILE,
      .owner = MADE_HOSTILE,
      .site = MADE_HOSTILE,
      .criticality = MADE_HOSTILE,
      .text = "x" MADE_HOSTILE,
      .before = HOSTILE_SIDE,
      .after = HOSTILE_SIDE },
};

static const struct query_supposed hostile_supposed = {
    .compared = 1,
    .changed = 1,
    .assets = 1,
    .picked = 1,
    .counts = { [CHANGE_OTHER] = { 1, 1 } },
    .groups = hostile_groups,
    .group_count = 1,
    .list = hostile_list,
    .count = 1,
    .judged = true,
};

/* -------------------------------------------------------------------------------------------------------- many ---- */

/* A group of which the list has more than a page shows, and one of which it has none. */
static struct query_supposed_group many_groups[] = {
    { .kind = CHANGE_LOST, .assets = MANY, .protections = MANY, .name = "first", .asset_name = "m000" },
    { .kind = CHANGE_LOST, .assets = 5, .protections = 5, .name = "second", .asset_name = "n000" },
};

static struct query_supposed_change many_list[MANY_LISTED];

static const struct query_supposed many_supposed = {
    .compared = MANY + 5,
    .changed = MANY + 5,
    .assets = MANY + 5,
    .picked = MANY + 5,
    .counts = { [CHANGE_LOST] = { MANY + 5, MANY + 5 } },
    .groups = many_groups,
    .group_count = 2,
    .list = many_list,
    .count = MANY_LISTED,
    .more = MANY + 5 - MANY_LISTED,
    .judged = true,
    .is_in_force = true,
};

static void fill_many(void)
{
    static char names[MANY_LISTED][16];

    for (int i = 0; i < MANY_LISTED; i++) {
        snprintf(names[i], sizeof names[i], "m%03d", i);
        many_list[i] = (struct query_supposed_change)CHANGE(CHANGE_LOST, 0, i + 1, names[i], "agent");
    }
}

/* --------------------------------------------------------------------------------------------------------- all ---- */

static const struct query_supposed none_supposed = {
    .compared = 7, .assets = 6, .picked = 6, .judged = true, .is_in_force = true
};
static const struct query_supposed unjudged_supposed = { 0 };

static const struct {
    const char *name;
    struct plan plan;
} plans[] = {
    { "tiny",
      { .matrix = &matrix,
        .product = &product,
        .supposed = &tiny_supposed,
        .selection = TEXTS("server=mabs01", "owner=web team"),
        .facts = TEXTS("os.service_pack=1"),
        .notes =
            TEXTS("these editions are other files than those that musterd judges by: mabs; both sides are judged by "
                  "those here") } },
    { "none", { .matrix = &matrix, .product = &product, .supposed = &none_supposed } },
    { "unjudged",
      { .matrix = &matrix,
        .supposed = &unjudged_supposed,
        .facts = TEXTS("os.build=6.0"),
        .notes = TEXTS("nothing is selected"),
        .nothing = "Nothing is judged yet: musterd has not run." } },
    { "hostile",
      { .matrix = &hostile_matrix,
        .product = &hostile_product,
        .supposed = &hostile_supposed,
        .selection = TEXTS(MADE_HOSTILE),
        .facts = TEXTS(MADE_HOSTILE),
        .notes = TEXTS(MADE_HOSTILE),
        .nothing = MADE_HOSTILE } },
    { "many", { .matrix = &matrix, .product = &product, .supposed = &many_supposed } },
};

const struct plan *plan_made_find(const char *name)
{
    static struct plan found;

    fill_many();
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        if (strcmp(plans[i].name, name) != 0)
            continue;
        found = plans[i].plan;
        found.now = MADE_AT;
        found.version = "1.2.3";
        return &found;
    }
    return NULL;
}
