/* What the tests of the judge have in common: one fixture each, and what they assert of verdicts. Each uses a part. */
#ifndef JUDGE_TESTING_H
#define JUDGE_TESTING_H

#include "judge_fixture.h"

#include <strings.h>

static struct fixture fixture;

static inline int setup(void **state)
{
    (void)state;
    fixture_init(&fixture);
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    fixture_finish(&fixture);
    return 0;
}

static inline void assert_word(enum verdict_word found, enum verdict_word wanted)
{
    assert_string_equal(verdict_word(found), verdict_word(wanted));
}

static inline void assert_row(const struct verdict *verdict, enum verdict_word word, int row)
{
    assert_non_null(verdict);
    assert_word(verdict->word, word);
    assert_int_not_equal(verdict->legs[0].row_count, 0);
    assert_int_equal(verdict->legs[0].rows[0]->row, row);
}

static inline void assert_class(const struct verdict *verdict, enum verdict_class class)
{
    assert_non_null(verdict);
    assert_word(verdict->word, VERDICT_UNLISTED);
    assert_string_equal(verdict_class_word(verdict->class), verdict_class_word(class));
}

static inline void assert_says(const struct verdict *verdict, const char *part)
{
    if (strstr(verdict->legs[0].reason, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, verdict->legs[0].reason);
}

static inline const struct verdict *agent(const char *build, const char *manufacturer, const char *model)
{
    struct fixture_thing *made = machine_add(&fixture, "SRV01", build);

    fact_text(made, "hardware.manufacturer", manufacturer);
    fact_text(made, "hardware.model", model);
    return verdict_by(&fixture, made, METHOD_AGENT);
}

#define PHYSICAL "Dell Inc.", "PowerEdge R640"
#define VMWARE "VMware, Inc.", "VMware Virtual Platform"

static inline struct fixture_thing *esxi_add(const char *name, const char *version, const char *license)
{
    struct fixture_thing *host = thing_add(&fixture, "esxi_host", name);

    fact_text(host, "vsphere.version", version);
    fact_text(host, "vsphere.license_edition", license);
    return host;
}

static inline struct fixture_thing *sql_add(const char *build)
{
    struct fixture_thing *machine = machine_add(&fixture, "SQLM", "10.0.14393");
    struct fixture_thing *instance = thing_add(&fixture, "sql_instance", "SQL01");

    fact_text(instance, "sql.build", build);
    tie_add(instance, "hosted_on", machine);
    return instance;
}

static inline struct fixture_thing *protect(struct fixture_thing *made, struct fixture_thing *server, const char *type)
{
    struct fixture_thing *source = thing_add(&fixture, "protected", "source");

    fact_text(source, "protected.type", type);
    tie_add(source, "protects", made);
    tie_add(source, "protected_by", server);
    return source;
}

#endif
