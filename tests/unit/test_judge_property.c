/* Laws of the judge, over made-up editions and random fleets. MUSTER_SEED repeats one. */
#include "judge_fixture.h"

enum { ROUNDS = 4000 };

static uint64_t seed;

static uint64_t draw(uint64_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % limit;
}

static const char *pick(const char *const *texts, size_t count)
{
    return texts[draw(count)];
}
#define PICK(...) pick((const char *const[]){ __VA_ARGS__ }, COUNT(((const char *const[]){ __VA_ARGS__ })))

/* ------------------------------------------------------------------------------------------------------ fleets ---- */

/* A fleet in which nothing is missing that any condition or table asks for. */
struct fleet {
    struct fixture_thing *asked; /* the one whose verdicts are compared */
    struct fixture_thing *all[16];
    size_t count;
};

static struct fixture_thing *fleet_add(struct fixture *fixture, struct fleet *fleet, const char *kind)
{
    return fleet->all[fleet->count++] = thing_add(fixture, kind, kind);
}

static void fill_system(struct fixture_thing *made)
{
    bool is_linux = draw(6) == 0;

    fact_text(made, "os.arch", PICK("x86", "x64", "ia64", "x64"));
    fact_int(made, "os.sku", draw(2) == 0 ? 7 : 18);
    fact_text(made, "wmf.version", PICK("2.0", "4.0", "5.1"));
    fact_text(made, "os.family", is_linux ? "linux" : "windows");
    fact_text(made, "os.name", is_linux ? "Ubuntu" : PICK("Windows", "Windows", "Windows Storage Server 2008"));
    if (!is_linux)
        fact_text(made, "os.build",
                  PICK("6.0.6002", "6.1.7600", "6.1.7601", "6.2.9200", "6.3.9600", "10.0.14393", "10.0.17763",
                       "10.0.19045", "5.2.3790"));
    if (!is_linux && strcmp(thing_text(&made->thing, "os.name"), "Windows Storage Server 2008") == 0)
        fact_text(made, "os.build", "6.0.6003");
    if (strncmp(is_linux ? "" : thing_text(&made->thing, "os.build"), "6.1", 3) == 0)
        fact_text(made, "guest.id", "windows7Server64Guest");
}

static void fill_place(struct fixture_thing *made)
{
    const char *manufacturer = PICK("Dell Inc.", "VMware, Inc.", "Microsoft Corporation", "QEMU");

    fact_text(made, "hardware.manufacturer", manufacturer);
    fact_text(made, "hardware.model", strcmp(manufacturer, "Dell Inc.") == 0 ? "R640" : "Virtual Machine");
    fact_text(made, "hardware.asset_tag",
              draw(2) == 0 && strcmp(manufacturer, "Microsoft Corporation") == 0 ? "7783-7084-3265-9085-8269-3286-77"
                                                                                 : "none");
}

static void add_volumes(struct fixture *fixture, struct fleet *fleet, struct fixture_thing *made)
{
    static const char *const paths[] = { "D:\\" };
    struct value list = { .type = VALUE_LIST };

    list.list.texts = paths;
    list.list.count = 1;
    for (size_t i = draw(3); i > 0; i--) {
        struct fixture_thing *volume = fleet_add(fixture, fleet, "volume");
        fact_bool(volume, "volume.dedup", draw(2) == 0);
        fact_int(volume, "volume.drive_type", 3);
        fact_set(volume, "volume.paths", list);
        tie_add(volume, "part_of", made);
    }
}

static void make_machine(struct fixture *fixture, struct fleet *fleet)
{
    fleet->asked = fleet_add(fixture, fleet, "machine");
    if (draw(4) == 0)
        fleet->asked->thing.name = "stack";
    fill_system(fleet->asked);
    fill_place(fleet->asked);
    add_volumes(fixture, fleet, fleet->asked);
}

static void make_guest(struct fixture *fixture, struct fleet *fleet)
{
    bool is_vmware = draw(2) == 0;
    size_t hosts = 1 + draw(3);

    fleet->asked = fleet_add(fixture, fleet, "vm");
    fill_system(fleet->asked);
    fact_text(fleet->asked, is_vmware ? "id.instance_uuid" : "id.hyperv_guid", "1");
    for (size_t i = 0; i < hosts; i++) {
        struct fixture_thing *host = fleet_add(fixture, fleet, is_vmware ? "esxi_host" : "hyperv_host");
        if (is_vmware) {
            fact_text(host, "vsphere.version", PICK("5.5.0", "6.0.0", "6.7.0"));
            fact_text(host, "vsphere.license_edition", PICK("esxBasic", "esxEnterprisePlus", "esxEnterprisePlus"));
        } else {
            fill_system(host);
        }
        tie_add(fleet->asked, i == 0 ? "runs_on" : "may_run_on", host);
    }
}

static void make_database(struct fixture *fixture, struct fleet *fleet)
{
    struct fixture_thing *machine = fleet_add(fixture, fleet, "machine");
    struct fixture_thing *instance = fleet_add(fixture, fleet, "sql_instance");

    fill_place(machine);
    tie_add(instance, "hosted_on", machine);
    fact_text(instance, "sql.build", PICK("10.0.1", "11.0.2100", "11.0.5058", "11.0.7001", "12.0.1", "15.0.1"));
    fleet->asked = fleet_add(fixture, fleet, "database");
    fact_bool(fleet->asked, "database.on_csv", draw(2) == 0);
    tie_add(fleet->asked, "part_of", instance);
}

/* The later pages mean the backup server's place by all of their rows. */
static void choose_readings(struct fixture *fixture)
{
    struct edition *editions = (struct edition *)fixture->matrix.editions;

    for (size_t i = 0; i < fixture->matrix.edition_count; i++) {
        enum reading reading = draw(3) == 0 ? READING_SERVER : READING_WORKLOAD;
        for (size_t workload = 0; workload < 5; workload++)
            editions[i].readings[workload] = reading;
    }
}

static void make_fleet(struct fixture *fixture, struct fleet *fleet)
{
    static void (*const makers[])(struct fixture *, struct fleet *) = { make_machine, make_guest, make_database };

    fixture->thing_count = 0;
    memset(fleet, 0, sizeof *fleet);
    makers[draw(COUNT(makers))](fixture, fleet);
    fixture->servers[0].product = PICK("mabs-v1", "mabs-v2", "mabs-v2", "mabs-v3", "dpm-strict", "dpm-partly");
    fixture->servers[0].os = PICK("Windows Server 2012", "Windows Server 2016");
    fixture->servers[0].installation =
        PICK("physical", "hyperv-vm", "vmware-vm", "azure-vm", "azure-stack", "azure-local-vm");
    choose_readings(fixture);
    fixture->rules[0] = (struct estate_rule){ .where.name = "stack", .installation = "azure-stack" };
    fixture->estate.rule_count = 1;
    fixture_judge(fixture);
}

/* Takes some facts away; a system that is hidden is not read, so none of its facts are worth more than another. */
static void hide_facts(struct fixture *fixture, struct fleet *fleet)
{
    uint64_t share = 2 + draw(6);

    for (size_t i = 0; i < fleet->count; i++) {
        for (size_t j = fleet->all[i]->thing.fact_count; j > 0; j--) {
            if (draw(share) == 0)
                fact_remove(fleet->all[i], j - 1);
        }
    }
    if (draw(share) == 0)
        fixture->servers[0].os = NULL;
    if (draw(share) == 0)
        fixture->servers[0].installation = NULL;
    judge_reset(fixture->judge, NOW);
}

/* ------------------------------------------------------------------------------------------ what excludes what ---- */

#define BIT(word) (1U << (word))
#define ANY (BIT(VERDICT_UNSUPPORTED + 1) - BIT(VERDICT_SUPPORTED))

static bool has_state(const struct leg *leg, enum condition_state state)
{
    for (size_t i = 0; i < leg->condition_count; i++) {
        if (leg->conditions[i].state == state)
            return true;
    }
    return false;
}

/* What a leg with all facts can say where one with fewer says this. Unknown leaves all open. Conditional leaves all
 * open but a contradiction: a no is told whatever the conditions are. Yes and no are final, but for what the footnotes
 * say; a contradiction of which a condition is open can become a no. A no that says that the backup server's place is
 * missing can turn out to be no row, which is no yes either. */
static unsigned leaves_open(const struct leg *leg)
{
    bool footnote = has_state(leg, STATE_FOOTNOTE), missing = leg->missing != NULL;
    unsigned no = BIT(VERDICT_UNSUPPORTED) | (missing ? BIT(VERDICT_UNLISTED) : 0);

    switch (leg->word) {
    case VERDICT_UNKNOWN: return ANY;
    case VERDICT_CONDITIONAL: return ANY & ~BIT(VERDICT_CONTRADICTORY);
    case VERDICT_SUPPORTED:
    case VERDICT_DEPRECATED: return footnote ? BIT(leg->word) | BIT(VERDICT_UNSUPPORTED) : BIT(leg->word);
    case VERDICT_CONTRADICTORY:
        return footnote || missing || has_state(leg, STATE_MISSING) ? BIT(leg->word) | no : BIT(leg->word);
    case VERDICT_UNSUPPORTED: return no;
    default: return BIT(leg->word);
    }
}

/* A verdict can become this word if one leg can, and each other one can be that word or a better one. */
static bool leaves_word_open(const struct verdict *fewer, enum verdict_word word)
{
    bool one = false;

    for (size_t i = 0; i < fewer->leg_count; i++) {
        unsigned open = leaves_open(&fewer->legs[i]);
        if ((open & (BIT(word + 1) - 1)) == 0)
            return false;
        one |= (open & BIT(word)) != 0;
    }
    return one;
}

static void assert_open(const struct verdict *fewer, enum verdict_word word, enum verdict_class class,
                        const char *reason, uint64_t started)
{
    if (!leaves_word_open(fewer, word))
        fail_msg("MUSTER_SEED=%llu: %s excludes %s: \"%s\", of all facts \"%s\"", (unsigned long long)started,
                 verdict_word(fewer->word), verdict_word(word), fewer->legs[0].reason, reason);
    if (fewer->word == VERDICT_UNLISTED && word == VERDICT_UNLISTED && fewer->leg_count == 1 && fewer->class != class)
        fail_msg("MUSTER_SEED=%llu: %s excludes %s: \"%s\", of all facts \"%s\"", (unsigned long long)started,
                 verdict_class_word(fewer->class), verdict_class_word(class), fewer->legs[0].reason, reason);
}

struct remembered {
    enum method method;
    enum verdict_word word;
    enum verdict_class class;
    char reason[512];
};

static size_t remember(struct fixture *fixture, const struct fleet *fleet, struct remembered *all)
{
    size_t count;
    const struct verdict *verdicts = judge_thing(fixture->judge, &fleet->asked->thing, &count);

    for (size_t i = 0; i < count; i++) {
        all[i] = (struct remembered){ verdicts[i].method, verdicts[i].word, verdicts[i].class, "" };
        snprintf(all[i].reason, sizeof all[i].reason, "%s", verdicts[i].legs[0].reason);
    }
    return count;
}

static const struct verdict *by_method(const struct verdict *verdicts, size_t count, enum method method)
{
    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].method == method)
            return &verdicts[i];
    }
    fail_msg("there is no verdict by %s any more", method_word(method));
    return NULL;
}

/* A virtual machine that turns out to be a Linux has no agent; otherwise facts take no method away. */
static void fewer_facts_never_exclude_what_all_facts_say(void **state)
{
    struct fixture fixture;
    size_t informed = 0;

    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct remembered all[4];
        struct fleet fleet;
        uint64_t started = seed;
        const struct verdict *less;
        size_t count, again;

        if (round % 100 == 0)
            fixture_init(&fixture);
        make_fleet(&fixture, &fleet);
        count = remember(&fixture, &fleet, all);
        hide_facts(&fixture, &fleet);
        less = judge_thing(fixture.judge, &fleet.asked->thing, &again);
        assert_true(again == count || (again == count + 1 && by_method(less, again, METHOD_AGENT) != NULL));
        for (size_t i = 0; i < count; i++) {
            const struct verdict *fewer = by_method(less, again, all[i].method);
            assert_open(fewer, all[i].word, all[i].class, all[i].reason, started);
            informed += fewer->word != VERDICT_UNKNOWN && fewer->word != VERDICT_CONDITIONAL;
        }
        if (round % 100 == 99)
            fixture_finish(&fixture);
    }
    assert_true(informed > ROUNDS / 4); /* else it would be true of a judge that never says anything */
}

/* -------------------------------------------------------------------------------------------------- other laws ---- */

static void assert_whole(const struct verdict *verdict)
{
    assert_non_null(verdict);
    assert_int_equal(verdict->leg_count, 1);
    assert_true(verdict->word >= VERDICT_SUPPORTED && verdict->word <= VERDICT_UNSUPPORTED);
    assert_int_equal(verdict->word == VERDICT_UNLISTED, verdict->class != CLASS_NONE);
    assert_non_null(verdict->legs[0].reason);
    assert_true(verdict->legs[0].reason[0] != '\0');
    if (verdict->word == VERDICT_CONTRADICTORY)
        assert_true(verdict->legs[0].row_count > 1);
    if (verdict->word == VERDICT_UNLISTED)
        assert_int_equal(verdict->legs[0].row_count, 0);
}

static void every_key_has_exactly_one_verdict(void **state)
{
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture);
    for (size_t p = 0; p < COUNT(products); p++) {
        for (size_t w = 0; workload_words[w] != NULL; w++) {
            for (size_t f = 0; f < COUNT(families); f++) {
                for (size_t v = 0; v < families[f].version_count; v++) {
                    for (size_t i = 0; installation_words[i] != NULL; i++) {
                        struct judge_key key = { products[p].name, workload_words[w], families[f].versions[v].name,
                                                 installation_words[i] };
                        const struct verdict *verdict = judge_key(fixture.judge, &key);
                        assert_whole(verdict);
                        assert_int_equal(verdict->word, judge_key(fixture.judge, &key)->word);
                    }
                }
            }
        }
    }
    fixture_finish(&fixture);
}

/* What somebody is told under an assumption is what they would be told if it were so. */
static void assuming_a_product_is_having_it(void **state)
{
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture);
    for (unsigned round = 0; round < ROUNDS / 4; round++) {
        const struct product *product = &products[draw(COUNT(products))];
        struct hash128 assumed[4], had[4];
        struct fleet fleet;
        const struct verdict *verdicts;
        size_t count, again;

        make_fleet(&fixture, &fleet);
        judge_assume_product(fixture.judge, product);
        verdicts = judge_thing(fixture.judge, &fleet.asked->thing, &count);
        for (size_t i = 0; i < count; i++)
            assumed[i] = verdict_digest(&verdicts[i]);
        judge_assume_product(fixture.judge, NULL);
        fixture.servers[0].product = product->name;
        judge_reset(fixture.judge, NOW);
        verdicts = judge_thing(fixture.judge, &fleet.asked->thing, &again);
        assert_int_equal(count, again);
        for (size_t i = 0; i < count; i++) {
            had[i] = verdict_digest(&verdicts[i]);
            assert_int_equal(assumed[i].low, had[i].low);
            assert_int_equal(assumed[i].high, had[i].high);
        }
    }
    fixture_finish(&fixture);
}

/* What a session remembers changes no answer. */
static void a_new_session_says_the_same(void **state)
{
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture);
    for (unsigned round = 0; round < ROUNDS / 20; round++) {
        struct hash128 before[4], after;
        struct fleet fleet;
        const struct verdict *verdicts;
        size_t count;

        make_fleet(&fixture, &fleet);
        hide_facts(&fixture, &fleet);
        verdicts = judge_thing(fixture.judge, &fleet.asked->thing, &count);
        for (size_t i = 0; i < count; i++)
            before[i] = verdict_digest(&verdicts[i]);
        fixture_judge(&fixture);
        verdicts = judge_thing(fixture.judge, &fleet.asked->thing, &count);
        for (size_t i = 0; i < count; i++) {
            after = verdict_digest(&verdicts[i]);
            assert_int_equal(before[i].low, after.low);
            assert_int_equal(before[i].high, after.high);
        }
    }
    fixture_finish(&fixture);
}

int main(void)
{
    const char *given = getenv("MUSTER_SEED");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_has_exactly_one_verdict),
        cmocka_unit_test(fewer_facts_never_exclude_what_all_facts_say),
        cmocka_unit_test(assuming_a_product_is_having_it),
        cmocka_unit_test(a_new_session_says_the_same),
    };

    seed = given == NULL ? UINT64_C(0x9e3779b97f4a7c15) : strtoull(given, NULL, 10) | 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
