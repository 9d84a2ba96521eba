/* A small matrix with tables of products, for the tests of what is read out of a matrix. Rows are made by ROW; further
 * members are set by name behind the answer. */
#ifndef MATRIX_SAMPLE_H
#define MATRIX_SAMPLE_H

#include "arena.h"
#include "matrix.h"

#define SAMPLE_COUNT(table) (sizeof(table) / sizeof(table)[0])

#define ROW(number, what, which, where, by, says, ...)                                                                 \
    {                                                                                                                  \
        .row = (number), .workload = (what), .version = (which), .installation = (where), .product = (by),             \
        .answer = ANSWER_##says, .file = "sample.conf", .line = (number)*10, __VA_ARGS__                               \
    }
#define PROTECTS(...)                                                                                                  \
    .protects = (const char *const[]){ __VA_ARGS__ },                                                                  \
    .protect_count = SAMPLE_COUNT(((const char *const[]){ __VA_ARGS__ }))
#define UNDER(...)                                                                                                     \
    .conditions = (const struct condition *const[]){ __VA_ARGS__ },                                                    \
    .condition_count = SAMPLE_COUNT(((const struct condition *const[]){ __VA_ARGS__ }))
#define PRODUCTS(...)                                                                                                  \
    .products = (const char *const[]){ __VA_ARGS__ },                                                                  \
    .product_count = SAMPLE_COUNT(((const char *const[]){ __VA_ARGS__ }))

/* A build is all that makes a version; it is in the fact os.build, or sql.build. */
#define BUILD(what, which)                                                                                             \
    .test = &(const struct test)                                                                                       \
    {                                                                                                                  \
        .type = TEST_FACT, .fact = (what), .compare = COMPARE_IS, .value_count = 1, .values = &(const struct value)    \
        {                                                                                                              \
            .type = VALUE_TEXT, .text = (which)                                                                        \
        }                                                                                                              \
    }

static const char *const sample_server_words[] = { "server", "hyperv-host" };
static const char *const sample_sql_words[] = { "sql" };

/* The day on which support of the older ones is over. */
#define SAMPLE_DAY INT64_C(86400000)
#define SAMPLE_NOW (1000 * SAMPLE_DAY)
#define SAMPLE_PAST (900 * SAMPLE_DAY)
#define SAMPLE_FUTURE (1100 * SAMPLE_DAY)

static struct version sample_windows[] = {
    { .name = "Windows Server 2008", .base = "Windows Server 2008", .level = 1, .order = 0, BUILD("os.build", "0") },
    { .name = "Windows Server 2008 SP2",
      .base = "Windows Server 2008",
      .level = 2,
      .order = 1,
      BUILD("os.build", "1") },
    { .name = "Windows Server 2008 R2", .base = "Windows Server 2008 R2", .order = 2, BUILD("os.build", "2") },
    { .name = "Windows Server 2008 R2 SP1",
      .base = "Windows Server 2008 R2",
      .level = 1,
      .order = 3,
      BUILD("os.build", "3") },
    { .name = "Windows Server 2012",
      .base = "Windows Server 2012",
      .order = 4,
      .support_end = SAMPLE_PAST,
      BUILD("os.build", "4") },
    { .name = "Windows Server 2016",
      .base = "Windows Server 2016",
      .order = 5,
      .support_end = SAMPLE_FUTURE,
      BUILD("os.build", "5") },
    { .name = "Windows Server 2019", .base = "Windows Server 2019", .order = 6, BUILD("os.build", "6") },
};
static struct version sample_sql[] = {
    { .name = "SQL Server 2014",
      .base = "SQL Server 2014",
      .order = 0,
      .support_end = SAMPLE_PAST,
      BUILD("sql.build", "0") },
    { .name = "SQL Server 2014 SP2",
      .base = "SQL Server 2014",
      .level = 2,
      .order = 1,
      .support_end = SAMPLE_PAST,
      .paid_end = SAMPLE_FUTURE,
      BUILD("sql.build", "1") },
    { .name = "SQL Server 2014 SP3", .base = "SQL Server 2014", .level = 3, .order = 2, BUILD("sql.build", "2") },
    { .name = "SQL Server 2017", .base = "SQL Server 2017", .order = 3, BUILD("sql.build", "3") },
};
static const struct family sample_families[] = {
    { .name = "Windows Server",
      .group = GROUP_OS,
      .workloads = sample_server_words,
      .workload_count = 2,
      .versions = sample_windows,
      .version_count = SAMPLE_COUNT(sample_windows) },
    { .name = "SQL Server",
      .group = GROUP_SQL,
      .workloads = sample_sql_words,
      .workload_count = 1,
      .versions = sample_sql,
      .version_count = SAMPLE_COUNT(sample_sql) },
};
static const struct product sample_products[] = {
    { .name = "mabs-v1", .title = "MABS v1", .line = "mabs", .order = 0, .support_end = SAMPLE_PAST },
    { .name = "mabs-v2", .title = "MABS v2", .line = "mabs", .order = 1, .support_end = SAMPLE_PAST },
    { .name = "mabs-v3", .title = "MABS v3", .line = "mabs", .order = 2 },
    { .name = "mabs-v3-ur1", .title = "MABS v3 UR1", .line = "mabs", .order = 3 },
    { .name = "dpm-2016", .title = "DPM 2016", .line = "dpm", .order = 0 },
    { .name = "dpm-2022", .title = "DPM 2022", .line = "dpm", .order = 1 },
};
static const struct products sample_tables = {
    .families = sample_families,
    .family_count = SAMPLE_COUNT(sample_families),
    .products = sample_products,
    .product_count = SAMPLE_COUNT(sample_products),
};

/* Its editions' rows must be writable: they learn of their edition here. */
static inline struct matrix sample_matrix(struct arena *arena, const struct edition *editions, size_t count)
{
    struct matrix matrix = { .products = &sample_tables, .editions = editions, .edition_count = count };

    for (size_t i = 0; i < SAMPLE_COUNT(sample_windows); i++)
        sample_windows[i].family = &sample_families[0];
    for (size_t i = 0; i < SAMPLE_COUNT(sample_sql); i++)
        sample_sql[i].family = &sample_families[1];
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < editions[i].row_count; k++)
            ((struct entry_row *)editions[i].rows)[k].edition = &editions[i];
    }
    matrix_index_make(&matrix, arena);
    return matrix;
}

#endif
