/* A small published matrix and tables of products, made by hand for the tests of the judge. Rows and conditions are
 * those of the page as far as they stand here; the edition "later" has what the page has not: deprecated rows, levels
 * at least, absence that means no, prose that is encoded in part. */
#ifndef JUDGE_MATRIX_MADE_H
#define JUDGE_MATRIX_MADE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"
#include "matrix.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define DAY INT64_C(86400000)
#define NOW (20000 * DAY)

enum { FIXTURE_ROWS = 512 };

/* ------------------------------------------------------------------------------------------------------ tests ---- */

#define TEXTS(...)                                                                                                     \
    (const struct value[])                                                                                             \
    {                                                                                                                  \
        {                                                                                                              \
            .type = VALUE_TEXT, .text = __VA_ARGS__                                                                    \
        }                                                                                                              \
    }
#define TEXT_LEAF(name, how, text_)                                                                                    \
    {                                                                                                                  \
        .type = TEST_FACT, .fact = (name), .compare = (how), .values = TEXTS(text_), .value_count = 1                  \
    }

#define BUILD(name, text_) static const struct test name = TEXT_LEAF("os.build", COMPARE_STARTS, text_)
BUILD(build_2003r2, "5.2.3790");
BUILD(build_2008sp2, "6.0.6002");
BUILD(build_2008r2, "6.1.7600");
BUILD(build_2008r2sp1, "6.1.7601");
BUILD(build_2012, "6.2.9200");
BUILD(build_2012r2, "6.3.9600");
BUILD(build_2016, "10.0.14393");
BUILD(build_2019, "10.0.17763");
BUILD(build_client10, "10.0.19045");
BUILD(build_local, "10.0.25398");
static const struct test build_linux = TEXT_LEAF("os.family", COMPARE_IS, "linux");
static const struct test build_bsd = TEXT_LEAF("os.name", COMPARE_IS, "FreeBSD");
static const struct test storage_2008 = TEXT_LEAF("os.name", COMPARE_IS, "Windows Storage Server 2008");
static const struct test hint_2008r2 = TEXT_LEAF("guest.id", COMPARE_IS, "windows7Server64Guest");
static const struct test sql_2008 = TEXT_LEAF("sql.build", COMPARE_STARTS, "10.0");
static const struct test sql_2012 = TEXT_LEAF("sql.build", COMPARE_STARTS, "11.0.2100");
static const struct test sql_2012sp2 = TEXT_LEAF("sql.build", COMPARE_STARTS, "11.0.5058");
static const struct test sql_2012sp4 = TEXT_LEAF("sql.build", COMPARE_STARTS, "11.0.7001");
static const struct test sql_2014 = TEXT_LEAF("sql.build", COMPARE_STARTS, "12.0");
static const struct test sql_2019 = TEXT_LEAF("sql.build", COMPARE_STARTS, "15.0");
static const struct test vsphere_55 = TEXT_LEAF("vsphere.version", COMPARE_STARTS, "5.5");
static const struct test vsphere_60 = TEXT_LEAF("vsphere.version", COMPARE_STARTS, "6.0");
static const struct test vsphere_67 = TEXT_LEAF("vsphere.version", COMPARE_STARTS, "6.7");
static const struct test backup_v1 = TEXT_LEAF("backup.version", COMPARE_STARTS, "11.");
static const struct test backup_v2 = TEXT_LEAF("backup.version", COMPARE_STARTS, "12.");

/* --------------------------------------------------------------------------------------------------- products ---- */

#define VERSION(name_, base_, level_, order_, test_)                                                                   \
    {                                                                                                                  \
        .name = name_, .base = base_, .level = level_, .order = order_, .test = test_                                  \
    }

static struct version client_versions[] = {
    VERSION("Windows 10", "Windows 10", 0, 0, &build_client10),
};
static struct version server_versions[] = {
    VERSION("Windows Server 2003 R2", "Windows Server 2003 R2", 0, 0, &build_2003r2),
    VERSION("Windows Server 2008 SP2", "Windows Server 2008", 2, 1, &build_2008sp2),
    { .name = "Windows Storage Server 2008",
      .base = "Windows Storage Server 2008",
      .variant_of = "Windows Server 2008 SP2",
      .order = 1,
      .test = &storage_2008 },
    { .name = "Windows Server 2008 R2",
      .base = "Windows Server 2008 R2",
      .order = 2,
      .test = &build_2008r2,
      .hint = &hint_2008r2,
      .support_end = NOW - 100 * DAY },
    { .name = "Windows Server 2008 R2 SP1",
      .base = "Windows Server 2008 R2",
      .level = 1,
      .order = 3,
      .test = &build_2008r2sp1,
      .hint = &hint_2008r2 },
    VERSION("Windows Server 2012", "Windows Server 2012", 0, 4, &build_2012),
    VERSION("Windows Server 2012 R2", "Windows Server 2012 R2", 0, 5, &build_2012r2),
    VERSION("Windows Server 2016", "Windows Server 2016", 0, 6, &build_2016),
    VERSION("Windows Server 2019", "Windows Server 2019", 0, 7, &build_2019),
};
static struct version local_versions[] = { VERSION("Azure Local 23H2", "Azure Local 23H2", 0, 0, &build_local) };
static struct version linux_versions[] = { VERSION("Linux", "Linux", 0, 0, &build_linux) };
static struct version bsd_versions[] = { VERSION("FreeBSD", "FreeBSD", 0, 0, &build_bsd) };
static struct version sql_versions[] = {
    VERSION("SQL Server 2008", "SQL Server 2008", 0, 0, &sql_2008),
    VERSION("SQL Server 2012", "SQL Server 2012", 0, 1, &sql_2012),
    VERSION("SQL Server 2012 SP2", "SQL Server 2012", 2, 2, &sql_2012sp2),
    VERSION("SQL Server 2012 SP4", "SQL Server 2012", 4, 3, &sql_2012sp4),
    VERSION("SQL Server 2014", "SQL Server 2014", 0, 4, &sql_2014),
    VERSION("SQL Server 2019", "SQL Server 2019", 0, 5, &sql_2019),
};
static struct version vsphere_versions[] = {
    VERSION("VMware vSphere 5.5", "VMware vSphere 5.5", 0, 0, &vsphere_55),
    VERSION("VMware vSphere 6.0", "VMware vSphere 6.0", 0, 1, &vsphere_60),
    VERSION("VMware vSphere 6.7", "VMware vSphere 6.7", 0, 2, &vsphere_67),
};

static const char *const words_client[] = { "client" };
static const char *const words_server[] = { "server", "hyperv-host" };
static const char *const words_local[] = { "azure-local" };
static const char *const words_linux[] = { "linux" };
static const char *const words_sql[] = { "sql" };
static const char *const words_vsphere[] = { "vmware-vm" };

#define FAMILY(name_, group_, words_, versions_)                                                                       \
    {                                                                                                                  \
        .name = name_, .group = group_, .workloads = words_, .workload_count = COUNT(words_), .versions = versions_,   \
        .version_count = COUNT(versions_)                                                                              \
    }
static const struct family families[] = {
    FAMILY("Windows", GROUP_OS, words_client, client_versions),
    FAMILY("Windows Server", GROUP_OS, words_server, server_versions),
    FAMILY("Azure Local", GROUP_OS, words_local, local_versions),
    FAMILY("Linux", GROUP_OS, words_linux, linux_versions),
    { .name = "FreeBSD", .group = GROUP_OS, .versions = bsd_versions, .version_count = 1 },
    FAMILY("SQL Server", GROUP_SQL, words_sql, sql_versions),
    FAMILY("VMware vSphere", GROUP_VSPHERE, words_vsphere, vsphere_versions),
};
static const struct product products[] = {
    { .name = "mabs-v1", .title = "v1", .line = "mabs", .order = 0, .test = &backup_v1 },
    { .name = "mabs-v2", .title = "v2", .line = "mabs", .order = 1, .test = &backup_v2 },
    { .name = "mabs-v3", .title = "v3", .line = "mabs", .order = 2 },
    { .name = "dpm-strict", .title = "strict", .line = "dpm", .order = 0 },
    { .name = "dpm-partly", .title = "partly", .line = "dpm", .order = 1 },
};

/* ------------------------------------------------------------------------------------------------- conditions ---- */

static const struct test test_arch = TEXT_LEAF("os.arch", COMPARE_IS_NOT, "ia64");
static const struct test test_wmf = TEXT_LEAF("wmf.version", COMPARE_AT_LEAST, "4.0");
static const struct test test_sku = { .type = TEST_FACT,
                                      .fact = "os.sku",
                                      .compare = COMPARE_IS,
                                      .values = (const struct value[]){ { .type = VALUE_INT, .number = 7 },
                                                                        { .type = VALUE_INT, .number = 8 } },
                                      .value_count = 2 };
static const struct test test_dedup_parts[] = { { .type = TEST_FACT,
                                                  .fact = "volume.dedup",
                                                  .compare = COMPARE_IS,
                                                  .values =
                                                      (const struct value[]){ { .type = VALUE_BOOL, .truth = false } },
                                                  .value_count = 1 } };
static const struct test test_dedup = { .type = TEST_EVERY,
                                        .collection = COLLECTION_VOLUMES,
                                        .empty = TRUTH_UNKNOWN,
                                        .parts = test_dedup_parts,
                                        .part_count = 1 };
static const struct test test_undecided = { .type = TEST_UNDECIDED, .why = "no fact tells about secondary protection" };
static const struct test test_licensed_parts[] = { TEXT_LEAF("vsphere.license_edition", COMPARE_IS_NOT, "esxBasic") };
static const struct test test_licensed = { .type = TEST_EVERY,
                                           .collection = COLLECTION_HOSTS,
                                           .empty = TRUTH_UNKNOWN,
                                           .parts = test_licensed_parts,
                                           .part_count = 1 };
static const struct test test_server_parts[] = { TEXT_LEAF("version", COMPARE_AT_LEAST, "Windows Server 2012 R2") };
static const struct test test_server = { .type = TEST_EVERY,
                                         .collection = COLLECTION_SERVER,
                                         .empty = TRUTH_UNKNOWN,
                                         .parts = test_server_parts,
                                         .part_count = 1 };
static const struct test test_update_parts[] = { TEXT_LEAF("update", COMPARE_AT_LEAST, "UR1") };
static const struct test test_update = { .type = TEST_EVERY,
                                         .collection = COLLECTION_SERVER,
                                         .empty = TRUTH_UNKNOWN,
                                         .parts = test_update_parts,
                                         .part_count = 1 };
static const struct test test_csv_parts[] = { { .type = TEST_FACT,
                                                .fact = "database.on_csv",
                                                .compare = COMPARE_IS,
                                                .values =
                                                    (const struct value[]){ { .type = VALUE_BOOL, .truth = false } },
                                                .value_count = 1 } };
static const struct test test_csv = { .type = TEST_EVERY,
                                      .collection = COLLECTION_DATABASES,
                                      .empty = TRUTH_UNKNOWN,
                                      .parts = test_csv_parts,
                                      .part_count = 1 };

static const struct test test_disks = { .type = TEST_FACT,
                                        .fact = "vm.pass_through_disks",
                                        .compare = COMPARE_EMPTY,
                                        .values = (const struct value[]){ { .type = VALUE_BOOL, .truth = true } },
                                        .value_count = 1 };

static const struct condition conditions[] = {
    { .name = "R5",
      .id = "R5",
      .text = "Windows Management Framework 4.0 is installed",
      .test = &test_wmf,
      .effect = EFFECT_VERDICT,
      .step = STEP_UPDATE,
      .remedy = "Install it." },
    { .name = "R6",
      .id = "R6",
      .text = "the edition is Standard or Datacenter",
      .test = &test_sku,
      .effect = EFFECT_ROW },
    { .name = "R7",
      .id = "R7",
      .text = "the backup server runs on 2012 R2",
      .test = &test_server,
      .effect = EFFECT_VERDICT },
    { .name = "R9",
      .id = "R9",
      .text = "no volume is deduplicated",
      .test = &test_dedup,
      .effect = EFFECT_SCOPE,
      .footnote = true,
      .omits = "deduplicated volumes" },
    { .name = "R12", .id = "R12", .text = "the hosts are licensed", .test = &test_licensed, .effect = EFFECT_VERDICT },
    { .name = "R16",
      .id = "R16",
      .text = "no secondary protection is added",
      .test = &test_undecided,
      .effect = EFFECT_VERDICT,
      .footnote = true },
    { .name = "R20",
      .id = "R20",
      .text = "no database lies on a cluster shared volume",
      .test = &test_csv,
      .effect = EFFECT_VERDICT },
    { .name = "R23",
      .id = "R23",
      .text = "the backup server has its first update",
      .test = &test_update,
      .effect = EFFECT_VERDICT },
    { .name = "P1",
      .id = "P1",
      .text = "no disk is passed through to the virtual machine",
      .test = &test_disks,
      .effect = EFFECT_VERDICT,
      .of_protected = true },
    { .name = "R24", .id = "R24", .text = "it is x86 or x64", .test = &test_arch, .effect = EFFECT_VERDICT },
};

/* ------------------------------------------------------------------------------------------------------- rows ---- */

/* answers: of the edition's first product, of its second; 0: the row does not name it. */
struct fixture_row {
    int row;
    const char *workload, *version, *places;
    enum answer answers[2];
    const char *conditions, *protects;
};

#define N ANSWER_NO
#define Y ANSWER_YES
#define D ANSWER_DEPRECATED
#define HERE "physical hyperv-vm azure-stack"
#define BACKUP "physical hyperv-vm"
#define ANYWHERE "physical hyperv-vm vmware-vm azure-vm azure-stack"

/* products: mabs-v2, mabs-v1 */
static const struct fixture_row page[] = {
    { 1, "client", "Windows 10", "physical hyperv-vm vmware-vm", { Y, Y }, "R24", "volume file" },
    { 8, "server", "Windows Server 2016", ANYWHERE, { Y, N }, "R24", "volume file system-state" },
    { 9, "server", "Windows Server 2012 R2", "azure-vm azure-stack", { Y, Y }, "R6 R7 R9", "volume file" },
    { 10, "server", "Windows Server 2012 R2", "vmware-vm azure-stack", { Y, Y }, "R6 R9", "volume file system-state" },
    { 11, "server", "Windows Server 2012", HERE, { Y, Y }, "R6 R7", "volume file system-state" },
    { 14, "server", "Windows Server 2008 R2 SP1", HERE, { Y, Y }, "R5 R6 R24", "volume file system-state" },
    { 16, "server", "Windows Server 2008 R2 SP1", "vmware-vm azure-stack", { Y, Y }, "R5 R6 R24", "volume file" },
    { 17, "server", "Windows Server 2008 R2", HERE, { Y, Y }, "R24", "volume file" },
    { 19, "server", "Windows Server 2008 R2", "vmware-vm azure-stack", { N, Y }, "", "volume file" },
    { 20, "server", "Windows Server 2008 SP2", HERE, { N, Y }, "", "volume file" },
    { 21, "server", "Windows Server 2008 SP2", "vmware-vm azure-stack", { Y, Y }, "", "volume file" },
    { 25, "sql", "SQL Server 2014", "azure-vm azure-stack", { Y, Y }, "R20", "database" },
    { 27, "sql", "SQL Server 2012 SP2", HERE, { Y, Y }, "R20", "database" },
    { 28, "sql", "SQL Server 2019", "physical", { Y, 0 }, "R20", "database" },
    { 36, "sql", "SQL Server 2008", HERE, { Y, Y }, "R23", "database" },
    { 30, "sql", "SQL Server 2012", HERE, { Y, Y }, "R20", "database" },
    { 52, "hyperv-host", "Windows Server 2016", BACKUP, { Y, N }, "R16", "vm csv" },
    { 53, "hyperv-host", "Windows Server 2012 R2", BACKUP, { Y, Y }, "R6 R16", "vm csv" },
    { 54, "hyperv-host", "Windows Server 2012", BACKUP, { Y, Y }, "R6 R16", "vm csv" },
    { 56, "hyperv-host", "Windows Server 2008 SP2", BACKUP, { N, N }, "", "vm csv" },
    { 57, "vmware-vm", "VMware vSphere 5.5", "physical hyperv-vm vmware-vm", { Y, Y }, "R12", "vm" },
    { 57, "vmware-vm", "VMware vSphere 6.0", "physical hyperv-vm vmware-vm", { Y, Y }, "R12", "vm" },
    { 58, "linux", "Linux", "physical hyperv-vm vmware-vm", { Y, Y }, "R24", "entire-vm" },
};
static const char *const page_products[] = { "mabs-v2", "mabs-v1" };

/* product: mabs-v3 */
static const struct fixture_row later[] = {
    { 1, "server", "Windows Server 2016", ANYWHERE, { Y }, "R24", "volume file system-state" },
    { 2, "server", "Windows Server 2019", ANYWHERE, { Y }, "R24", "volume file system-state" },
    { 3, "server", "Windows Server 2012 R2", ANYWHERE, { D }, "R24", "volume file" },
    { 4, "sql", "SQL Server 2012 SP2", ANYWHERE, { Y }, "R20", "database" },
    { 5, "sql", "SQL Server 2019", ANYWHERE, { Y }, "R20", "database" },
    { 6, "azure-local", "Azure Local 23H2", BACKUP, { Y }, "", "vm" },
    { 7, "server", "Windows Server 2016", "azure-local-vm", { Y }, "R24", "volume file" },
    { 8, "hyperv-host", "Windows Server 2012", BACKUP, { Y }, "R6 P1", "vm" },
};
static const char *const later_products[] = { "mabs-v3" };

/* products: dpm-strict (absence is no), dpm-partly (prose is encoded in part) */
static const struct fixture_row strict[] = {
    { 1, "server", "Windows Server 2016", ANYWHERE, { Y }, "R6", "volume" },
};
static const char *const strict_products[] = { "dpm-strict" };
static const struct fixture_row partly[] = {
    { 1, "server", "Windows Server 2016", ANYWHERE, { Y }, "", "volume" },
    { 2, "server", "Windows Server 2012 R2", ANYWHERE, { D }, "", "volume" },
};
static const char *const partly_products[] = { "dpm-partly" };

static const struct condition *fixture_condition(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT(conditions); i++) {
        if (strlen(conditions[i].name) == length && strncmp(conditions[i].name, name, length) == 0)
            return &conditions[i];
    }
    fail_msg("no condition %s", name);
    return NULL;
}

/* The words of a text, which blanks separate. */
static size_t fixture_words(struct arena *arena, const char *text, const char **words)
{
    size_t count = 0;

    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        words[count++] = arena_bytes(arena, text, length);
        text += length + strspn(text + length, " ");
    }
    return count;
}

static void fixture_row_add(struct arena *arena, struct edition *edition, struct entry_row *rows,
                            const struct fixture_row *from)
{
    const char *places[8];
    size_t place_count = fixture_words(arena, from->places, places);
    const char **names = arena_alloc(arena, 16 * sizeof *names);
    const struct condition **named = arena_alloc(arena, 16 * sizeof *named);
    const char **protects = arena_alloc(arena, 16 * sizeof *protects);
    size_t condition_count = fixture_words(arena, from->conditions, names);
    size_t protect_count = fixture_words(arena, from->protects, protects);

    for (size_t i = 0; i < condition_count; i++)
        named[i] = fixture_condition(names[i], strlen(names[i]));
    for (size_t i = 0; i < place_count; i++) {
        for (size_t j = 0; j < edition->product_count; j++) {
            if (from->answers[j] == 0)
                continue;
            assert_true(edition->row_count < FIXTURE_ROWS);
            rows[edition->row_count++] =
                (struct entry_row){ .edition = edition,
                                    .row = from->row,
                                    .workload = from->workload,
                                    .version = from->version,
                                    .installation = places[i],
                                    .product = edition->products[j],
                                    .answer = from->answers[j],
                                    .conditions = named,
                                    .condition_count = from->answers[j] == N ? 0 : condition_count,
                                    .protects = protects,
                                    .protect_count = protect_count,
                                    .file = "made.conf",
                                    .line = from->row };
        }
    }
}

static void fixture_edition(struct arena *arena, struct edition *edition, const struct fixture_row *from, size_t count)
{
    static const enum reading readings[] = { READING_WORKLOAD, READING_WORKLOAD, READING_WORKLOAD, READING_WORKLOAD,
                                             READING_WORKLOAD, READING_SERVER,   READING_SERVER,   READING_SERVER };
    struct entry_row *rows = arena_alloc(arena, FIXTURE_ROWS * sizeof *rows);

    memcpy(edition->readings, readings, sizeof readings);
    for (size_t i = 0; i < count; i++)
        fixture_row_add(arena, edition, rows, &from[i]);
    edition->rows = rows;
}

/* Into the arena; families and versions are told of one another. */
static inline void fixture_matrix(struct arena *arena, struct matrix *matrix)
{
    static const struct products tables = {
        .families = families, .family_count = COUNT(families), .products = products, .product_count = COUNT(products)
    };
    struct edition *editions = arena_alloc(arena, 4 * sizeof *editions);

    for (size_t i = 0; i < COUNT(families); i++) {
        for (size_t j = 0; j < families[i].version_count; j++)
            ((struct version *)families[i].versions)[j].family = &families[i];
    }
    editions[0] = (struct edition){ .name = "page", .products = page_products, .product_count = 2 };
    editions[1] = (struct edition){ .name = "later", .products = later_products, .product_count = 1, .at_least = true };
    editions[2] =
        (struct edition){ .name = "strict", .products = strict_products, .product_count = 1, .absence_is_no = true };
    editions[3] = (struct edition){ .name = "partly", .products = partly_products, .product_count = 1, .partly = true };
    fixture_edition(arena, &editions[0], page, COUNT(page));
    fixture_edition(arena, &editions[1], later, COUNT(later));
    fixture_edition(arena, &editions[2], strict, COUNT(strict));
    fixture_edition(arena, &editions[3], partly, COUNT(partly));
    *matrix = (struct matrix){ .products = &tables,
                               .editions = editions,
                               .edition_count = 4,
                               .conditions = conditions,
                               .condition_count = COUNT(conditions) };
    matrix_index_make(matrix, arena);
}

#endif
