#include "judge_parts.h"
#include "need.h"

#include <string.h>

/* What is wrong with the backup server is so for every leg. */
static const char *conflict_of(struct judge *judge, const struct leg *leg)
{
    const char *server = judge->server == NULL ? NULL : judge->server->conflict;

    if (server == NULL || leg->conflict == NULL)
        return server != NULL ? server : leg->conflict;
    return arena_format(&judge->arena, "%s; %s", leg->conflict, server);
}

/* Of two words that are the same, that is worse which asks more of people. */
bool judge_is_worse(const struct leg *one, const struct leg *other)
{
    if (one->word != other->word)
        return one->word > other->word;
    return need_of(one->word, one->class, false) > need_of(other->word, other->class, false);
}

void judge_draft_add(struct judge *judge, struct draft *draft, const struct judged *judged)
{
    if (draft->count == draft->capacity) {
        size_t capacity = draft->capacity == 0 ? 1 : draft->capacity * 2;
        struct leg *grown = arena_alloc(&judge->arena, capacity * sizeof *grown);
        if (draft->count > 0)
            memcpy(grown, draft->legs, draft->count * sizeof *grown);
        draft->legs = grown;
        draft->capacity = capacity;
    }
    draft->legs[draft->count] = judged->leg;
    draft->legs[draft->count].conflict = conflict_of(judge, &judged->leg);
    draft->count++;
    draft->ending = judge_sooner(draft->ending, judged->ending);
    if (draft->count == 1 || judge_is_worse(&judged->leg, &draft->legs[0])) {
        struct leg moved = draft->legs[0];
        draft->legs[0] = draft->legs[draft->count - 1];
        draft->legs[draft->count - 1] = moved;
        draft->cause = judged->cause;
    }
}

struct judged judge_unknown(unsigned workload, const struct thing *about, const char *reason, const char *missing)
{
    return (struct judged){ .leg = judge_leg_unknown(workload, about, reason, missing) };
}

/* Why there is nothing to be asked for a server that has no edition. */
static const char *server_unknown(struct judge *judge)
{
    const struct served *server = judge->server;

    if (server->product == NULL)
        str_format(&judge->text, "the product of the backup server %s is not known", server->name);
    else
        str_format(&judge->text, "no file of the matrix has %s", server->product->name);
    return judge_keep(judge, &judge->arena);
}

/* Where the installation is not known, those remain that the edition has a word for. */
static unsigned places_of(struct judge *judge, unsigned workload, const struct thing *about, struct plan_key *key)
{
    const struct served *server = judge->server;
    unsigned places;

    if (judge_reading(server->edition, workload) == READING_SERVER) {
        if (server->places != PLACE_ALL)
            return server->places;
        key->unplaced = true;
        return judge_named_places(judge, server->product, workload);
    }
    places = judge_place(judge, about);
    return places == PLACE_ALL ? server->places_named : places;
}

/* Candidates may be of several workloads, whose rows name other places. */
void judge_key_places(struct judge *judge, const struct thing *about, struct plan_key *key)
{
    size_t count = key->count == 0 ? 1 : key->count;
    unsigned asked = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned workload = judge_workload(key->workload, key->count == 0 ? NULL : key->versions[i]);
        if ((asked >> workload & 1) == 0)
            key->places |= places_of(judge, workload, about, key);
        asked |= 1U << workload;
    }
    if (key->places == 0)
        key->places = 1U << PLACE_PHYSICAL;
}

bool judge_ask(struct judge *judge, unsigned workload, enum product_group group, const struct thing *about,
               struct question *question)
{
    const struct classification *found;
    struct plan_key key = { .product = judge->server->product, .workload = workload, .alone = question->alone };

    question->about = about;
    if (judge->server->edition == NULL)
        return false;
    found = classify(judge, about, group);
    key.versions = found->candidates;
    key.count = found->count > CLASSIFY_MAX ? 0 : found->count;
    key.open = found->all || found->count > CLASSIFY_MAX;
    judge_key_places(judge, about, &key);
    question->plan = judge_plan(judge, &key);
    question->classification = found;
    return true;
}

struct judged judge_version(struct judge *judge, unsigned workload, enum product_group group, const struct thing *about,
                            const struct thing *subject)
{
    struct question question = { .subject = subject, .alone = workload == WORKLOAD_HYPERV_HOST };

    if (!judge_ask(judge, workload, group, about, &question))
        return judge_unknown(workload, about, server_unknown(judge), NULL);
    return judge_leg(judge, &question);
}

static const struct thing *first_far(struct judge *judge, const struct thing *thing, const char *relation,
                                     const char *kind)
{
    size_t at = 0;
    const struct thing_tie *tie;

    while ((tie = thing_tie(thing, relation, true, &at)) != NULL) {
        const struct thing *far = judge_find(judge, tie->far);
        if (far != NULL && thing_is(far, kind))
            return far;
    }
    return NULL;
}

static void draft_database(struct judge *judge, const struct thing *thing, struct draft *draft)
{
    const struct thing *instance = first_far(judge, thing, "part_of", "sql_instance");
    struct judged judged;

    if (instance == NULL)
        judged = judge_unknown(WORKLOAD_SQL, thing, "the instance that the database is part of is not in the inventory",
                               "part_of");
    else
        judged = judge_version(judge, WORKLOAD_SQL, GROUP_SQL, instance, thing);
    judge_draft_add(judge, draft, &judged);
}

/* Each server that holds a copy may be the one that is backed up. */
static void draft_mailboxes(struct judge *judge, const struct thing *thing, struct draft *draft)
{
    static const char *const relations[] = { "replicated_to", "part_of", "hosted_on" };
    struct judged judged;

    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        size_t at = 0;
        const struct thing_tie *tie;
        while ((tie = thing_tie(thing, relations[i], true, &at)) != NULL) {
            const struct thing *server = judge_find(judge, tie->far);
            if (server == NULL || !thing_is(server, "exchange_server"))
                continue;
            judged = judge_version(judge, WORKLOAD_EXCHANGE, GROUP_EXCHANGE, server, thing);
            judge_draft_add(judge, draft, &judged);
        }
    }
    if (draft->count > 0)
        return;
    judged = judge_unknown(WORKLOAD_EXCHANGE, thing, "no Exchange server that holds the database is in the inventory",
                           "replicated_to");
    judge_draft_add(judge, draft, &judged);
}

static void draft_application(struct judge *judge, const struct thing *thing, struct draft *draft)
{
    static const struct {
        const char *kind;
        unsigned workload;
        enum product_group group;
    } kinds[] = { { "sql_instance", WORKLOAD_SQL, GROUP_SQL },
                  { "exchange_server", WORKLOAD_EXCHANGE, GROUP_EXCHANGE },
                  { "sharepoint_farm", WORKLOAD_SHAREPOINT, GROUP_SHAREPOINT } };

    if (thing_is(thing, "database")) {
        draft_database(judge, thing, draft);
        return;
    }
    if (thing_is(thing, "mailbox_database")) {
        draft_mailboxes(judge, thing, draft);
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (thing_is(thing, kinds[i].kind)) {
            struct judged judged = judge_version(judge, kinds[i].workload, kinds[i].group, thing, thing);
            judge_draft_add(judge, draft, &judged);
        }
    }
}

void judge_draft(struct judge *judge, const struct thing *thing, enum method method, struct draft *draft)
{
    struct judged judged;

    if (method == METHOD_AGENT) {
        judged = judge_version(judge, WORKLOAD_COMPUTER, GROUP_OS, thing, thing);
        judge_draft_add(judge, draft, &judged);
    } else if (method == METHOD_HOST) {
        judge_draft_add(judge, draft, judge_host(judge, judge_host_of(judge, thing)));
    } else if (method == METHOD_APPLICATION) {
        draft_application(judge, thing, draft);
    } else {
        judge_draft_image(judge, thing, draft);
    }
}
