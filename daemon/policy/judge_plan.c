#include "judge_parts.h"
#include "mem.h"

#include <string.h>

/* What a plan is known by in the session. */
struct plan_name {
    const struct product *product;
    unsigned workload, places, open, alone, unplaced, count;
    const struct version *versions[CLASSIFY_MAX];
};

bool judge_family_has(const struct version *version, unsigned workload)
{
    for (size_t i = 0; version != NULL && i < version->family->workload_count; i++) {
        if (strcmp(version->family->workloads[i], workload_words[workload]) == 0)
            return true;
    }
    return false;
}

unsigned judge_workload(unsigned workload, const struct version *version)
{
    if (workload == WORKLOAD_HYPERV_HOST && judge_family_has(version, WORKLOAD_AZURE_LOCAL))
        return WORKLOAD_AZURE_LOCAL;
    if (workload != WORKLOAD_COMPUTER)
        return workload;
    return judge_family_has(version, WORKLOAD_CLIENT) ? WORKLOAD_CLIENT : WORKLOAD_SERVER;
}

enum reading judge_reading(const struct edition *edition, unsigned workload)
{
    enum reading reading = edition == NULL || workload >= WORKLOADS ? 0 : edition->readings[workload];

    if (reading != 0)
        return reading;
    switch (workload) {
    case WORKLOAD_HYPERV_HOST:
    case WORKLOAD_AZURE_LOCAL:
    case WORKLOAD_VMWARE_VM:
    case WORKLOAD_LINUX: return READING_SERVER;
    default: return READING_WORKLOAD;
    }
}

static unsigned condition_index(struct plan *plan, const struct condition *condition)
{
    for (size_t i = 0; i < plan->condition_count; i++) {
        if (plan->conditions[i] == condition)
            return (unsigned)i;
    }
    plan->conditions[plan->condition_count] = condition;
    return (unsigned)plan->condition_count++;
}

static struct plan_row plan_row(struct judge *judge, struct plan *plan, const struct entry_row *row)
{
    unsigned *conditions = arena_alloc(&judge->lasting, (row->condition_count + 1) * sizeof *conditions);
    size_t count = 0;

    for (size_t i = 0; i < row->condition_count; i++) {
        if (plan->alone && row->conditions[i]->of_protected)
            continue;
        conditions[count++] = condition_index(plan, row->conditions[i]);
        plan->of_protected |= row->conditions[i]->of_protected;
    }
    return (struct plan_row){ .row = row, .conditions = conditions, .condition_count = count };
}

/* Finds the rows of a choice; their conditions come later, when it is known how many there are. */
static size_t find_rows(struct judge *judge, const struct plan *plan, struct choice *choice,
                        const struct entry_row *const **rows)
{
    const struct listing *listing = judge_listing(judge, plan->product, choice->workload);
    const char *name;

    *rows = NULL;
    if (choice->version == NULL || !judge_family_has(choice->version, choice->workload))
        return 0;
    choice->listed = judge_listed_level(listing, choice->version);
    name = choice->listed != NULL ? choice->listed->name : choice->version->name;
    return matrix_rows(judge->setting.matrix, plan->product->name, workload_words[choice->workload], name,
                       installation_words[choice->place], rows);
}

static void fill_choice(struct judge *judge, struct plan *plan, struct choice *choice)
{
    const struct entry_row *const *rows;
    size_t count = find_rows(judge, plan, choice, &rows), more = 0;
    struct plan_row *filled = arena_alloc(&judge->lasting, (count + 1) * sizeof *filled);
    const struct condition **grown;

    for (size_t i = 0; i < count; i++)
        more += rows[i]->condition_count;
    grown = arena_alloc(&judge->lasting, (plan->condition_count + more + 1) * sizeof *grown);
    if (plan->condition_count > 0)
        memcpy(grown, plan->conditions, plan->condition_count * sizeof *grown);
    plan->conditions = grown;
    for (size_t i = 0; i < count; i++)
        filled[i] = plan_row(judge, plan, rows[i]);
    choice->rows = filled;
    choice->row_count = count;
    if (count == 0)
        judge_unlisted(judge, plan, choice);
}

static void name_versions(struct judge *judge, struct plan *plan, const struct plan_key *key)
{
    plan->versions = arena_alloc(&judge->lasting, (key->count + 1) * sizeof *plan->versions);
    for (size_t i = 0; i < key->count; i++)
        plan->versions[plan->version_count++] = key->versions[i]->name;
    if (key->count == 1)
        plan->ending = key->versions[0];
}

/* A backup server of which nothing says where it is installed is taken to be where the edition has it: that is told.
 * Where it may be elsewhere, all places have their names, so that it is plain where that is. */
static void describe_places(struct judge *judge, const struct plan *plan, unsigned places)
{
    unsigned listed = plan->edition == NULL ? PLACE_ALL : judge_listed_places(judge, plan->edition);
    enum reading reading = plan->reading;
    int count = __builtin_popcount(places);

    if (plan->elsewhere_count > 0) {
        judge_say_place(judge, reading, places);
        return;
    }
    if (count > 1 && (places & listed) == listed) {
        str_add(&judge->text, reading == READING_SERVER ? "with the backup server installed anywhere" : "anywhere");
    } else if (count > 3) {
        str_add(&judge->text,
                reading == READING_SERVER ? "wherever the backup server is installed" : "wherever it runs");
        return;
    } else {
        judge_say_place(judge, reading, places);
    }
    if (count > 1 && reading == READING_SERVER)
        str_add(&judge->text, " (nothing says where)");
}

static void describe(struct judge *judge, struct plan *plan, const struct plan_key *key)
{
    if (key->open)
        str_add(&judge->text, "a version that is not known");
    else if (key->count == 0)
        str_add(&judge->text, "what no table of versions knows");
    else if (key->count > 6)
        str_format(&judge->text, "one of %zu versions", key->count);
    else
        judge_say_names(judge, plan->versions, plan->version_count, " or ");
    str_add(&judge->text, ", ");
    describe_places(judge, plan, key->places);
    plan->what = judge_keep(judge, &judge->lasting);
}

/* Places that are named for one candidate are not for another of a different workload. */
static unsigned places_of(struct judge *judge, const struct plan *plan, const struct plan_key *key, unsigned workload)
{
    if (!key->unplaced || judge_reading(plan->edition, workload) != READING_SERVER)
        return key->places;
    return judge_named_places(judge, key->product, workload);
}

/* Those of one version, and with elsewhere those that no row names. */
static void add_version(struct judge *judge, struct plan *plan, const struct plan_key *key,
                        const struct version *version, struct choice *choices[2])
{
    unsigned workload = judge_workload(key->workload, version);
    unsigned places = places_of(judge, plan, key, workload);
    bool elsewhere = key->unplaced && judge_reading(plan->edition, workload) == READING_SERVER;

    for (unsigned place = 0; place < INSTALLATIONS; place++) {
        bool named = (places >> place & 1) != 0;
        struct choice *choice = choices[!named];
        if (!named && !elsewhere)
            continue;
        choice->version = version;
        choice->workload = workload;
        choice->place = place;
        fill_choice(judge, plan, choice);
        choices[!named]++;
    }
}

static void add_choices(struct judge *judge, struct plan *plan, const struct plan_key *key)
{
    size_t versions = key->count == 0 ? 1 : key->count;
    struct choice *named = arena_alloc(&judge->lasting, (versions * INSTALLATIONS + 1) * sizeof *named);
    struct choice *elsewhere = arena_alloc(&judge->lasting, (versions * INSTALLATIONS + 1) * sizeof *elsewhere);
    struct choice *ends[2] = { named, elsewhere };

    for (size_t i = 0; i < versions; i++)
        add_version(judge, plan, key, key->count == 0 ? NULL : key->versions[i], ends);
    plan->choices = named;
    plan->choice_count = (size_t)(ends[0] - named);
    plan->elsewhere = elsewhere;
    plan->elsewhere_count = (size_t)(ends[1] - elsewhere);
}

static bool has_rows(struct judge *judge, const struct plan_key *key)
{
    if (key->workload != WORKLOAD_COMPUTER)
        return judge_listing(judge, key->product, key->workload)->count > 0;
    return judge_listing(judge, key->product, WORKLOAD_CLIENT)->count > 0 ||
           judge_listing(judge, key->product, WORKLOAD_SERVER)->count > 0;
}

/* Where nothing is known of the version, it matters, unless all versions get the no of an edition without any row. */
static bool is_open(struct judge *judge, const struct plan *plan, const struct plan_key *key)
{
    return key->open && (!plan->edition->absence_is_no || has_rows(judge, key));
}

static struct plan *make_plan(struct judge *judge, const struct plan_key *key)
{
    struct plan *plan = arena_alloc(&judge->lasting, sizeof *plan);

    plan->product = key->product;
    plan->edition = matrix_edition(judge->setting.matrix, key->product->name);
    plan->workload = judge_workload(key->workload, key->count == 0 ? NULL : key->versions[0]);
    plan->reading = judge_reading(plan->edition, plan->workload);
    plan->places = judge->places[key->places];
    plan->place_count = (size_t)__builtin_popcount(key->places);
    plan->open = is_open(judge, plan, key);
    plan->alone = key->alone;
    name_versions(judge, plan, key);
    if (!plan->open)
        add_choices(judge, plan, key);
    describe(judge, plan, key);
    return plan;
}

const struct plan *judge_plan(struct judge *judge, const struct plan_key *key)
{
    struct plan_name name = { .product = key->product,
                              .workload = key->workload,
                              .places = key->places,
                              .open = key->open,
                              .alone = key->alone,
                              .unplaced = key->unplaced,
                              .count = (unsigned)key->count };
    size_t size = offsetof(struct plan_name, versions) + key->count * sizeof *name.versions;
    struct plan *plan;

    if (key->count > 0)
        memcpy(name.versions, key->versions, key->count * sizeof *name.versions);
    plan = map_get_bytes(&judge->plans, (const char *)&name, size);
    if (plan == NULL) {
        plan = make_plan(judge, key);
        map_put_bytes(&judge->plans, arena_bytes(&judge->lasting, &name, size), size, plan);
    }
    return plan;
}
