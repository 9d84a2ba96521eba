/* A small table of products, for the tests of classification: a version is told by product type and build, hinted at by
 * the name, weakly by what was configured. */
#ifndef SMALL_TABLE_H
#define SMALL_TABLE_H

#include "fake_judge.h"

#include "classify.h"

#include <stdio.h>

enum { VERSIONS = 9, COMPUTERS = 6, EXCHANGE = -1 };

static const struct {
    const char *name;
    int type;
    const char *build, *hint, *weak;
} rows[VERSIONS] = {
    { "Windows 8.1", 1, "6.3.9600", "Windows 8.1", NULL },
    { "Windows 10", 1, "10.0.14393", "Windows 10", "windows9_64Guest" },
    { "Windows Server 2008 R2", 3, "6.1.7600", "Server 2008 R2", "windows7Server64Guest" },
    { "Windows Server 2012", 3, "6.2.9200", "Server 2012", "windows8Server64Guest" },
    { "Windows Server 2012 R2", 3, "6.3.9600", "Server 2012", "windows8Server64Guest" },
    { "Windows Server 2016", 3, "10.0.14393", "Server 2016", "windows9Server64Guest" },
    { "SQL Server 2016", 0, "13.0.1601", NULL, NULL },
    { "Exchange 2013", EXCHANGE, "15.0", NULL, NULL },
    { "Exchange 2016", EXCHANGE, "15.1", NULL, NULL },
};

struct table {
    struct version versions[VERSIONS];
    struct test tests[VERSIONS], parts[VERSIONS][2], hints[VERSIONS], weak[VERSIONS];
    struct value types[VERSIONS];
    struct family families[4];
    struct product backup[3];
    struct test backup_tests[3];
    struct products products;
};

struct setting {
    struct judge judge;
    struct table table;
    struct thing *thing;
};

static inline struct test text_test(const char *fact, enum compare compare, const char *value)
{
    struct test test = { .type = TEST_FACT, .fact = fact, .compare = compare, FAKE_TEXTS(value) };

    return test;
}

static inline void make_row(struct table *table, size_t i)
{
    struct version *version = &table->versions[i];

    *version = (struct version){ .name = rows[i].name, .base = rows[i].name, .order = i, .test = &table->tests[i] };
    if (rows[i].type <= 0) {
        table->tests[i] =
            text_test(rows[i].type == EXCHANGE ? "exchange.version" : "sql.build", COMPARE_STARTS, rows[i].build);
        return;
    }
    table->types[i] = (struct value){ .type = VALUE_INT, .number = rows[i].type };
    table->parts[i][0] = (struct test){ .type = TEST_FACT,
                                        .fact = "os.product_type",
                                        .compare = COMPARE_IS,
                                        .values = &table->types[i],
                                        .value_count = 1 };
    table->parts[i][1] = text_test("os.build", COMPARE_STARTS, rows[i].build);
    table->tests[i] = (struct test){ .type = TEST_ALL, .parts = table->parts[i], .part_count = 2 };
    table->hints[i] = text_test("os.name", COMPARE_CONTAINS, rows[i].hint);
    version->hint = &table->hints[i];
    if (rows[i].weak != NULL) {
        table->weak[i] = text_test("vm.configured_guest_id", COMPARE_IS, rows[i].weak);
        version->weak = &table->weak[i];
    }
}

static inline void make_family(struct table *table, size_t at, const char *name, enum product_group group, size_t first,
                               size_t count)
{
    table->families[at] = (struct family){ name, group, NULL, 0, &table->versions[first], count };
    for (size_t i = first; i < first + count; i++)
        table->versions[i].family = &table->families[at];
}

static inline void make_table(struct table *table)
{
    static const char *const names[3] = { "mabs-v1", "mabs-v2", "dpm-2016" }, *const least[3] = { "11", "12", "5" };

    for (size_t i = 0; i < VERSIONS; i++)
        make_row(table, i);
    make_family(table, 0, "Windows", GROUP_OS, 0, 2);
    make_family(table, 1, "Windows Server", GROUP_OS, 2, 4);
    make_family(table, 2, "SQL Server", GROUP_SQL, 6, 1);
    make_family(table, 3, "Exchange", GROUP_EXCHANGE, 7, 2);
    for (size_t i = 0; i < 3; i++) {
        table->backup_tests[i] = text_test("backup.version", i < 2 ? COMPARE_AT_LEAST : COMPARE_STARTS, least[i]);
        table->backup[i] = (struct product){
            .name = names[i], .line = i < 2 ? "mabs" : "dpm", .order = i, .test = &table->backup_tests[i]
        };
    }
    table->products = (struct products){ table->families, 4, table->backup, 3 };
}

static inline int set_up(void **state)
{
    struct setting *setting = mem_new(1, sizeof *setting);

    make_table(&setting->table);
    fake_judge_init(&setting->judge, &setting->table.products);
    setting->thing = fake_thing(&setting->judge, "machine", "WEB01");
    *state = setting;
    return 0;
}

static inline int tear_down(void **state)
{
    struct setting *setting = *state;

    fake_judge_finish(&setting->judge);
    free(setting);
    return 0;
}

/* The candidates' names, "all" or "foreign". */
static inline const char *name(const struct classification *found)
{
    static char text[512];

    text[0] = '\0';
    if (found->all || found->foreign) {
        assert_int_equal(found->count, 0);
        assert_false(found->all && found->foreign);
        return found->all ? "all" : "foreign";
    }
    for (size_t i = 0; i < found->count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i > 0 ? ", " : "",
                 found->candidates[i]->name);
    return text;
}

static inline const struct classification *ask(struct setting *setting)
{
    return classify(&setting->judge, setting->thing, GROUP_OS);
}

static inline void tell(struct setting *setting, int type, const char *build, const char *caption)
{
    fake_unset(setting->thing, "os.product_type");
    fake_unset(setting->thing, "os.build");
    fake_unset(setting->thing, "os.name");
    if (type != 0)
        fake_int(setting->thing, "os.product_type", type);
    if (build != NULL)
        fake_text(setting->thing, "os.build", build);
    if (caption != NULL)
        fake_text(setting->thing, "os.name", caption);
}

#endif
