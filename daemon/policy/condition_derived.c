#include "condition_parts.h"

#include "judge.h"

#include <string.h>

/* What the candidates of a set say together: yes and no only where they all do. What cannot be compared at all is
 * neither, of each of them. */
struct poll {
    size_t yes, no;
};

static void poll_add(struct poll *poll, enum truth truth)
{
    poll->yes += truth == TRUTH_YES;
    poll->no += truth == TRUTH_NO;
}

static enum truth poll_result(const struct poll *poll)
{
    if ((poll->yes > 0) == (poll->no > 0))
        return TRUTH_UNKNOWN;
    return poll->yes > 0 ? TRUTH_YES : TRUTH_NO;
}

static enum truth compare_word(const struct test *test, const char *word)
{
    struct value value = { .type = VALUE_TEXT, .text = word };

    return compare_value(test, &value);
}

static const struct value *remember(struct judge *judge, struct value value)
{
    return arena_bytes(judge_arena(judge), &value, sizeof value);
}

static const struct value *remember_text(struct judge *judge, const char *text)
{
    return remember(judge, (struct value){ .type = VALUE_TEXT, .text = text });
}

/* One word is a text, several are a list. */
static const struct value *remember_words(struct judge *judge, const char *const *words, size_t count)
{
    struct value value = { .type = VALUE_LIST };

    if (count == 1)
        return remember_text(judge, words[0]);
    value.list.texts = words;
    value.list.count = count;
    return remember(judge, value);
}

/* ------------------------------------------------------------------------------------------------------- name ---- */

static enum truth derive_name(struct judge *judge, const struct test *test, const struct thing *thing)
{
    (void)judge;
    return thing->name == NULL ? TRUTH_UNKNOWN : compare_word(test, thing->name);
}

static void explain_name(struct judge *judge, const struct thing *thing, enum truth truth,
                         struct condition_cause *cause)
{
    (void)truth;
    if (thing->name != NULL)
        cause->value = remember_text(judge, thing->name);
}

/* ------------------------------------------------------------------------------------------------------- kind ---- */

static struct value kinds_of(const struct thing *thing)
{
    struct value kinds = { .type = VALUE_LIST };

    kinds.list.texts = thing->kind_count > 0 ? thing->kinds : &thing->kind;
    kinds.list.count = thing->kind_count > 0 ? thing->kind_count : thing->kind != NULL;
    return kinds;
}

static enum truth derive_kind(struct judge *judge, const struct test *test, const struct thing *thing)
{
    struct value kinds = kinds_of(thing);

    (void)judge;
    return compare_value(test, &kinds);
}

static void explain_kind(struct judge *judge, const struct thing *thing, enum truth truth,
                         struct condition_cause *cause)
{
    (void)truth;
    cause->value = remember(judge, kinds_of(thing));
}

/* ----------------------------------------------------------------------------------------------- installation ---- */

static enum truth derive_installation(struct judge *judge, const struct test *test, const struct thing *thing)
{
    size_t count;
    const char *const *words = judge_installations(judge, thing, &count);
    struct poll poll = { 0 };

    for (size_t i = 0; i < count; i++)
        poll_add(&poll, compare_word(test, words[i]));
    return poll_result(&poll);
}

static void explain_installation(struct judge *judge, const struct thing *thing, enum truth truth,
                                 struct condition_cause *cause)
{
    size_t count;
    const char *const *words = judge_installations(judge, thing, &count);

    if (truth != TRUTH_UNKNOWN)
        cause->value = remember_words(judge, words, count);
}

/* ---------------------------------------------------------------------------------------------------- version ---- */

static const struct {
    const char *kind;
    enum product_group group;
} groups[] = {
    { "machine", GROUP_OS },
    { "hyperv_host", GROUP_OS },
    { "vm", GROUP_OS },
    { "sql_instance", GROUP_SQL },
    { "database", GROUP_SQL },
    { "exchange_server", GROUP_EXCHANGE },
    { "mailbox_database", GROUP_EXCHANGE },
    { "sharepoint_farm", GROUP_SHAREPOINT },
    { "esxi_host", GROUP_VSPHERE },
    { "vcenter", GROUP_VSPHERE },
    { "backup_server", GROUP_BACKUP },
};

/* Of the server that is judged for, the version is that of its operating system: its product is the fact "product". */
static enum product_group group_of(struct judge *judge, const struct thing *thing)
{
    if (thing == judge_server(judge))
        return GROUP_OS;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (thing_is(thing, groups[i].kind))
            return groups[i].group;
    }
    return GROUP_COUNT;
}

/* What the configuration says of the server, which no table had to find out; NULL elsewhere. */
static const char *told_version(struct judge *judge, const struct thing *thing)
{
    return thing == judge_server(judge) ? thing_text(thing, "version") : NULL;
}

static enum truth compare_place(const struct test *test, const struct version *candidate)
{
    const struct version *asked;

    if (test->value_count == 0 || test->values[0].type != VALUE_TEXT)
        return TRUTH_UNKNOWN;
    asked = family_version(candidate->family, test->values[0].text);
    if (asked == NULL)
        return TRUTH_NO; /* of another family */
    return compare_order(test->compare, (candidate->order > asked->order) - (candidate->order < asked->order));
}

static enum truth compare_version(const struct test *test, const struct version *candidate)
{
    return compare_is_order(test->compare) ? compare_place(test, candidate) : compare_word(test, candidate->name);
}

static const struct version *find_version(const struct products *products, enum product_group group, const char *name)
{
    const struct version *found = NULL;

    for (size_t i = 0; i < products->family_count && found == NULL; i++) {
        if (products->families[i].group == group)
            found = family_version(&products->families[i], name);
    }
    return found;
}

static enum truth compare_told(struct judge *judge, const struct test *test, const char *name)
{
    const struct version *version = find_version(judge_setting(judge)->matrix->products, GROUP_OS, name);

    if (version != NULL)
        return compare_version(test, version);
    return compare_is_order(test->compare) ? TRUTH_UNKNOWN : compare_word(test, name);
}

/* No table has a foreign version: it is none of the asked ones, and in no order with them. */
static enum truth compare_foreign(const struct test *test)
{
    if (compare_is_order(test->compare))
        return TRUTH_UNKNOWN;
    return test->compare == COMPARE_IS_NOT || test->compare == COMPARE_LACKS ? TRUTH_YES : TRUTH_NO;
}

static enum truth derive_version(struct judge *judge, const struct test *test, const struct thing *thing)
{
    const char *told = told_version(judge, thing);
    enum product_group group = group_of(judge, thing);
    const struct classification *classification;
    struct poll poll = { 0 };

    if (told != NULL)
        return compare_told(judge, test, told);
    if (group == GROUP_COUNT)
        return TRUTH_UNKNOWN;
    classification = classify(judge, thing, group);
    if (classification->foreign)
        return compare_foreign(test);
    for (size_t i = 0; i < classification->count; i++)
        poll_add(&poll, compare_version(test, classification->candidates[i]));
    return poll_result(&poll);
}

static const struct value *remember_candidates(struct judge *judge, const struct classification *classification)
{
    const char **names = arena_alloc(judge_arena(judge), classification->count * sizeof *names);

    for (size_t i = 0; i < classification->count; i++)
        names[i] = classification->candidates[i]->name;
    return remember_words(judge, names, classification->count);
}

/* Of an unknown, the fact is what would have told the version. */
static void explain_candidates(struct judge *judge, const struct classification *classification, enum truth truth,
                               struct condition_cause *cause)
{
    if (truth == TRUTH_UNKNOWN && classification->missing != NULL) {
        cause->fact = classification->missing;
        cause->why = classification->why;
    } else if (classification->count > 0) {
        cause->value = remember_candidates(judge, classification);
    } else if (classification->foreign) {
        cause->value = remember_text(judge, "in no table");
    }
}

static void explain_version(struct judge *judge, const struct thing *thing, enum truth truth,
                            struct condition_cause *cause)
{
    const char *told = told_version(judge, thing);
    enum product_group group = group_of(judge, thing);

    if (told != NULL)
        cause->value = remember_text(judge, told);
    else if (group != GROUP_COUNT)
        explain_candidates(judge, classify(judge, thing, group), truth, cause);
}

/* --------------------------------------------------------------------------------------------------- workload ---- */

/* The words of a version that go with the thing: a host of virtual machines is one because it is seen as one. */
static struct value workloads_of(const struct thing *thing, const struct version *version, const char **words,
                                 size_t room)
{
    const struct family *family = version->family;
    struct value value = { .type = VALUE_LIST };

    value.list.texts = words;
    for (size_t i = 0; i < family->workload_count && value.list.count < room; i++) {
        if (strcmp(family->workloads[i], "hyperv-host") != 0 || thing_is(thing, "hyperv_host"))
            words[value.list.count++] = family->workloads[i];
    }
    return value;
}

enum { MAX_WORKLOADS = 16 };

static enum truth derive_workload(struct judge *judge, const struct test *test, const struct thing *thing)
{
    enum product_group group = group_of(judge, thing);
    const struct classification *classification;
    struct poll poll = { 0 };

    if (group == GROUP_COUNT)
        return TRUTH_UNKNOWN;
    classification = classify(judge, thing, group);
    if (classification->foreign)
        return compare_foreign(test);
    for (size_t i = 0; i < classification->count; i++) {
        const char *words[MAX_WORKLOADS];
        struct value workloads = workloads_of(thing, classification->candidates[i], words, MAX_WORKLOADS);

        poll_add(&poll, compare_value(test, &workloads));
    }
    return poll_result(&poll);
}

static void explain_workload(struct judge *judge, const struct thing *thing, enum truth truth,
                             struct condition_cause *cause)
{
    enum product_group group = group_of(judge, thing);
    const struct classification *classification = group == GROUP_COUNT ? NULL : classify(judge, thing, group);

    if (classification == NULL)
        return;
    if (classification->count == 1) {
        const char **words = arena_alloc(judge_arena(judge), MAX_WORKLOADS * sizeof *words);

        cause->value = remember(judge, workloads_of(thing, classification->candidates[0], words, MAX_WORKLOADS));
    } else {
        explain_candidates(judge, classification, truth, cause);
    }
}

/* -------------------------------------------------------------------------------------------------------- all ---- */

static const struct derived {
    const char *fact;
    enum truth (*derive)(struct judge *judge, const struct test *test, const struct thing *thing);
    void (*explain)(struct judge *judge, const struct thing *thing, enum truth truth, struct condition_cause *cause);
} derived[] = {
    { "installation", derive_installation, explain_installation },
    { "kind", derive_kind, explain_kind },
    { "name", derive_name, explain_name },
    { "version", derive_version, explain_version },
    { "workload", derive_workload, explain_workload },
};

static const struct derived *find_derived(const char *fact)
{
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++) {
        if (thing_name_order(derived[i].fact, fact) == 0)
            return &derived[i];
    }
    return NULL;
}

bool condition_is_derived(const char *fact)
{
    return find_derived(fact) != NULL;
}

enum truth condition_derive(struct judge *judge, const struct test *test, const struct thing *thing)
{
    return thing == NULL ? TRUTH_UNKNOWN : find_derived(test->fact)->derive(judge, test, thing);
}

void condition_explain_derived(struct judge *judge, const struct test *test, const struct thing *thing,
                               struct condition_cause *cause)
{
    cause->fact = test->fact;
    if (thing != NULL)
        find_derived(test->fact)->explain(judge, thing, condition_derive(judge, test, thing), cause);
}

/* ------------------------------------------------------------------------------------------------------ trust ---- */

/* Without a dot at its end. */
static size_t domain_length(const char *domain)
{
    size_t length = strlen(domain);

    while (length > 0 && domain[length - 1] == '.')
        length--;
    return length;
}

static bool is_domain(const char *one, const char *other)
{
    size_t length = domain_length(one);

    return length == domain_length(other) && strncasecmp(one, other, length) == 0;
}

/* x.corp.example is beneath corp.example. */
static bool is_beneath(const char *child, const char *parent)
{
    size_t length = domain_length(child), limit = domain_length(parent);

    if (length <= limit || limit == 0)
        return false;
    return child[length - limit - 1] == '.' && strncasecmp(child + length - limit, parent, limit) == 0;
}

static bool is_trusted(const struct value *trusts, const char *domain)
{
    for (size_t i = 0; i < trusts->list.count; i++) {
        if (is_domain(trusts->list.texts[i], domain))
            return true;
    }
    return false;
}

static const char *domain_of(const struct thing *thing, const char *fact)
{
    const char *domain = thing == NULL ? NULL : thing_text(thing, fact);

    return domain != NULL && domain[0] != '\0' ? domain : NULL;
}

enum truth condition_trusts(struct judge *judge, const struct test *test, const struct thing *thing,
                            struct condition_leaf *leaf)
{
    const struct thing *server = judge_server(judge);
    const char *domain = domain_of(thing, test->fact), *home = domain_of(server, "domain.name");
    const struct value *trusts;

    if (domain == NULL)
        return domain_of(thing, "domain.workgroup") != NULL ? TRUTH_NO : TRUTH_UNKNOWN;
    if (home != NULL && (is_domain(domain, home) || is_beneath(domain, home)))
        return TRUTH_YES;
    trusts = server == NULL ? NULL : thing_fact(server, "domain.trusts");
    if (trusts != NULL && trusts->type == VALUE_LIST && is_trusted(trusts, domain))
        return TRUTH_YES;
    if (home != NULL && trusts != NULL && trusts->type == VALUE_LIST)
        return TRUTH_NO;
    *leaf = (struct condition_leaf){ .thing = server,
                                     .test = test,
                                     .missing = home == NULL ? "domain.name" : "domain.trusts" };
    return TRUTH_UNKNOWN;
}
