#include "charter.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const server_workloads[] = { "server", "hyperv-host" };
static const char *const sql_workloads[] = { "sql" };
static const char *const vsphere_workloads[] = { "vmware-vm" };

/* A version, the fact that tells it, and how that starts. */
static const struct known {
    const char *name, *base;
    int level;
    size_t family, order;
    const char *fact, *start;
} known[] = {
    { "Windows Server 2008 SP2", "Windows Server 2008", 2, 0, 0, "os.build", "6.0.6002" },
    { "Windows Server 2012 R2", "Windows Server 2012 R2", 0, 0, 1, "os.build", "6.3.9600" },
    { "Windows Server 2016", "Windows Server 2016", 0, 0, 2, "os.build", "10.0.14393" },
    { "SQL Server 2012 SP2", "SQL Server 2012", 2, 1, 0, "sql.build", "11.0.5" },
    { "VMware vSphere 6.5", "VMware vSphere 6.5", 0, 2, 0, "vsphere.version", "6.5" },
};

static const struct value ntfs = { .type = VALUE_TEXT, .text = "NTFS" };
static const struct test is_ntfs = {
    .type = TEST_FACT, .fact = "volume.filesystem", .compare = COMPARE_IS, .values = &ntfs, .value_count = 1
};
static const struct test all_ntfs = {
    .type = TEST_EVERY, .collection = COLLECTION_VOLUMES, .parts = &is_ntfs, .part_count = 1, .empty = TRUTH_YES
};
static const struct condition on_ntfs = {
    .name = "ntfs",
    .id = "R1",
    .text = "all volumes are NTFS",
    .test = &all_ntfs,
    .effect = EFFECT_VERDICT,
    .step = STEP_FILE_SYSTEM,
};
static const struct condition *const ntfs_only[] = { &on_ntfs };

static const struct product products[] = {
    { .name = "mabs-v1", .title = "Azure Backup Server v1", .line = "mabs" },
    { .name = "mabs-v2", .title = "Azure Backup Server v2", .line = "mabs", .order = 1 },
};
static const char *const product_names[] = { "mabs-v1", "mabs-v2" };

static const struct published {
    const char *workload, *version;
    enum answer answer;
    bool v1, ntfs;
} published[] = {
    { "server", "Windows Server 2016", ANSWER_YES, false, false },
    { "server", "Windows Server 2012 R2", ANSWER_YES, true, true },
    { "server", "Windows Server 2008 SP2", ANSWER_NO, true, false },
    { "hyperv-host", "Windows Server 2016", ANSWER_YES, true, false },
    { "hyperv-host", "Windows Server 2012 R2", ANSWER_YES, true, false },
    { "hyperv-host", "Windows Server 2008 SP2", ANSWER_NO, true, false },
    { "vmware-vm", "VMware vSphere 6.5", ANSWER_YES, true, false },
    { "sql", "SQL Server 2012 SP2", ANSWER_YES, true, false },
};

static const struct test *make_test(struct charter *charter, const struct known *version)
{
    struct value *value = arena_alloc(&charter->arena, sizeof *value);
    struct test *test = arena_alloc(&charter->arena, sizeof *test);

    *value = (struct value){ .type = VALUE_TEXT, .text = version->start };
    *test = (struct test){
        .type = TEST_FACT, .fact = version->fact, .compare = COMPARE_STARTS, .values = value, .value_count = 1
    };
    return test;
}

static void make_products(struct charter *charter)
{
    struct version *versions = arena_alloc(&charter->arena, COUNT(known) * sizeof *versions);
    struct family *families = arena_alloc(&charter->arena, 3 * sizeof *families);

    charter->versions = versions;
    families[0] = (struct family){ "Windows Server", GROUP_OS, server_workloads, 2, versions, 3 };
    families[1] = (struct family){ "SQL Server", GROUP_SQL, sql_workloads, 1, versions + 3, 1 };
    families[2] = (struct family){ "VMware vSphere", GROUP_VSPHERE, vsphere_workloads, 1, versions + 4, 1 };
    for (size_t i = 0; i < COUNT(known); i++)
        versions[i] = (struct version){ .name = known[i].name,
                                        .base = known[i].base,
                                        .level = known[i].level,
                                        .order = known[i].order,
                                        .family = &families[known[i].family],
                                        .test = make_test(charter, &known[i]) };
    charter->products = (struct products){ families, 3, products, COUNT(products) };
}

static void add_row(struct charter *charter, struct entry_row *row, size_t number, size_t product, size_t place)
{
    const struct published *line = &published[number];

    *row = (struct entry_row){ .edition = &charter->edition,
                               .row = (int)number + 1,
                               .workload = line->workload,
                               .version = line->version,
                               .installation = installation_words[place],
                               .product = product_names[product],
                               .answer = line->answer,
                               .conditions = ntfs_only,
                               .condition_count = line->ntfs,
                               .file = "page.conf",
                               .line = (int)number + 1 };
}

enum { PLACES = 3 }; /* physical, hyperv-vm, vmware-vm */

static void make_edition(struct charter *charter)
{
    struct entry_row *rows = arena_alloc(&charter->arena, COUNT(published) * 2 * PLACES * sizeof *rows);
    size_t count = 0;

    for (size_t i = 0; i < COUNT(published); i++) {
        for (size_t product = published[i].v1 ? 0 : 1; product < 2; product++) {
            for (size_t place = 0; place < PLACES; place++)
                add_row(charter, &rows[count++], i, product, place);
        }
    }
    charter->edition = (struct edition){ .name = "page",
                                         .title = "The page",
                                         .page = "https://example/page",
                                         .date = "2018-08-17",
                                         .products = product_names,
                                         .product_count = 2,
                                         .rows = rows,
                                         .row_count = count,
                                         .file = "page.conf" };
    for (size_t i = 0; workload_words[i] != NULL; i++) {
        bool server = strcmp(workload_words[i], "hyperv-host") == 0 || strcmp(workload_words[i], "vmware-vm") == 0;

        charter->edition.readings[i] = server ? READING_SERVER : READING_WORKLOAD;
    }
}

static void set_hash(struct charter *charter)
{
    charter->estate.hash = estate_hash(&charter->estate);
    charter->basis = (struct basis){ &charter->matrix, &charter->estate, charter->estate.hash };
    charter->basis.hash.low ^= charter->ruling.answer;
    for (size_t i = 0; i < COUNT(known); i++)
        charter->basis.hash.low ^= (uint64_t)charter->versions[i].support_end << 8;
}

void charter_use(struct charter *charter, const char *product)
{
    charter->server.product = product;
    set_hash(charter);
}

void charter_rule(struct charter *charter, const struct estate_rule *rule)
{
    charter->rule = *rule;
    charter->estate.rules = &charter->rule;
    charter->estate.rule_count = 1;
    set_hash(charter);
}

void charter_support(struct charter *charter, const char *version, int64_t end)
{
    for (size_t i = 0; i < COUNT(known); i++) {
        if (strcmp(known[i].name, version) == 0)
            charter->versions[i].support_end = end;
    }
    set_hash(charter);
}

void charter_ruling(struct charter *charter, enum answer answer)
{
    charter->ruling = (struct ruling){ .product = "mabs-v1",
                                       .workload = "server",
                                       .version = "Windows Server 2016",
                                       .answer = answer,
                                       .who = "ann",
                                       .basis = "a case",
                                       .review_at = INT64_MAX,
                                       .file = "local.conf" };
    charter->matrix.rulings = &charter->ruling;
    charter->matrix.ruling_count = 1;
    set_hash(charter);
}

void charter_init(struct charter *charter)
{
    *charter = (struct charter){ .server = { .name = "BKP1", .installation = "physical" } };
    arena_init(&charter->arena, ARENA_PLAIN);
    make_products(charter);
    make_edition(charter);
    charter->matrix =
        (struct matrix){ .products = &charter->products, .editions = &charter->edition, .edition_count = 1 };
    matrix_index_make(&charter->matrix, &charter->arena);
    charter->estate = (struct estate){ .servers = &charter->server, .server_count = 1 };
    charter_use(charter, "mabs-v2");
}

void charter_finish(struct charter *charter)
{
    arena_finish(&charter->arena);
}
