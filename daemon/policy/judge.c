#include "judge_parts.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PLANS 65536 /* of a session; more are forgotten at the next reset */

static void name_places(struct judge *judge)
{
    for (unsigned places = 0; places <= PLACE_ALL; places++) {
        size_t count = 0;
        for (unsigned i = 0; i < INSTALLATIONS; i++) {
            if ((places >> i & 1) != 0)
                judge->places[places][count++] = installation_words[i];
        }
    }
}

struct judge *judge_create(const struct judge_setting *setting)
{
    struct judge *judge = mem_new(1, sizeof *judge);
    const struct estate *estate = setting->estate;

    judge->setting = *setting;
    arena_init(&judge->arena, ARENA_PLAIN);
    arena_init(&judge->lasting, ARENA_PLAIN);
    classify_memo_init(&judge->classified);
    name_places(judge);
    for (size_t i = 0; estate != NULL && i < estate->rule_count; i++)
        judge->rules_place |= estate->rules[i].installation != NULL;
    return judge;
}

static void forget_things(struct judge *judge)
{
    map_finish(&judge->named);
    map_finish(&judge->servers);
    map_finish(&judge->hosts);
    condition_memo_reset(&judge->tests);
    map_finish(&judge->steps_found);
    judge->server = NULL;
    judge->ruled = NULL;
    judge->kinds_of = judge->linux_of = NULL;
}

static void forget_plans(struct judge *judge)
{
    map_finish(&judge->plans);
    map_finish(&judge->listings);
    arena_reset(&judge->lasting);
}

void judge_destroy(struct judge *judge)
{
    if (judge == NULL)
        return;
    forget_things(judge);
    forget_plans(judge);
    step_memo_finish(&judge->steps);
    classify_memo_finish(&judge->classified);
    arena_finish(&judge->arena);
    arena_finish(&judge->lasting);
    str_finish(&judge->text);
    str_finish(&judge->step_key);
    free(judge->states);
    free(judge);
}

void judge_reset(struct judge *judge, int64_t now)
{
    forget_things(judge);
    classify_memo_reset(&judge->classified);
    arena_reset(&judge->arena);
    if (judge->plans.count > MAX_PLANS)
        forget_plans(judge);
    judge->setting.now = now;
}

/* What is known of hosts is known under the product that was. */
void judge_assume_product(struct judge *judge, const struct product *product)
{
    judge->assumed = product;
    forget_things(judge);
}

struct arena *judge_arena(struct judge *judge)
{
    return &judge->arena;
}

struct step_memo *judge_step_memo(struct judge *judge)
{
    return &judge->steps;
}

struct classify_memo *judge_classify_memo(struct judge *judge)
{
    return &judge->classified;
}

/* Of what version something is, may be supposed only. */
struct condition_memo *judge_condition_memo(struct judge *judge)
{
    return judge->supposing != NULL && judge->supposing->version != NULL ? NULL : &judge->tests;
}

const struct judge_setting *judge_setting(const struct judge *judge)
{
    return &judge->setting;
}

const struct thing *judge_server(const struct judge *judge)
{
    return judge->server == NULL ? NULL : &judge->server->thing;
}

const struct thing *judge_find(const struct judge *judge, int64_t id)
{
    struct world *world = judge->setting.world;

    return world == NULL || id == 0 ? NULL : world->find(world, id);
}

const char *judge_keep(struct judge *judge, struct arena *arena)
{
    const char *kept = arena_bytes(arena, str_text(&judge->text), judge->text.length);

    str_clear(&judge->text);
    return kept;
}

bool judge_flag(const struct thing *thing, const char *fact)
{
    const struct value *value = thing_fact(thing, fact);

    return value != NULL && value->type == VALUE_BOOL && value->truth;
}

/* What the rules say belongs to every verdict, also to those that do not count. */
static void begin_verdict(struct verdict *verdict, const struct thing *thing, const struct served *server,
                          const struct estate_assigned *assigned)
{
    verdict->thing = thing;
    verdict->server = server->name;
    verdict->product = server->product == NULL ? NULL : server->product->name;
    verdict->edition = server->edition;
    verdict->server_scanned = server->scanned == NULL ? NULL : server->scanned->name;
    verdict->server_conflict = server->conflict;
    verdict->owner = assigned->owner;
    verdict->site = assigned->site;
    verdict->criticality = assigned->criticality;
}

static size_t judge_for_server(struct judge *judge, const struct thing *thing, const struct guard *guard, bool parts,
                               struct verdict *verdicts)
{
    unsigned methods = judge_kinds(judge, thing);
    const struct estate_assigned assigned = *judge_rules(judge, thing);
    const struct counting counting = { &assigned, judge_exempt(thing, methods), guard->methods, parts };
    size_t count = 0;

    judge->server = guard->server;
    for (enum method method = METHOD_AGENT; method <= METHOD_HOST; method++) {
        struct draft draft = { 0 };
        struct verdict *verdict = &verdicts[count];
        if ((methods >> method & 1) == 0)
            continue;
        begin_verdict(verdict, thing, guard->server, &assigned);
        verdict->method = method;
        judge_draft(judge, thing, method, &draft);
        judge_combine(judge, &draft, verdict);
        count++;
    }
    judge_counts(&counting, verdicts, count);
    return count;
}

static void find_steps(struct judge *judge, struct verdict *verdicts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].word != VERDICT_SUPPORTED)
            step_forward(judge, verdicts, count, i);
    }
}

/* Facts are looked up by halving, each time in another place: all of them at once come sooner than one by one. */
static void fetch(const struct thing *thing)
{
    for (size_t i = 0; i < thing->fact_count && i < 64; i += 2)
        __builtin_prefetch(&thing->facts[i]);
    __builtin_prefetch(thing->kinds);
    for (size_t i = 0; i < thing->tie_count && i < 8; i++)
        __builtin_prefetch(&thing->ties[i]);
}

const struct verdict *judge_thing(struct judge *judge, const struct thing *thing, size_t *count)
{
    struct guards guards = { 0 };
    struct verdict *verdicts;
    size_t methods;
    bool parts;

    fetch(thing);
    judge->kinds_of = judge->linux_of = judge->ruled = NULL;
    methods = (size_t)__builtin_popcount(judge_kinds(judge, thing));
    *count = 0;
    if (methods == 0)
        return NULL;
    parts = judge_has_parts(judge, thing);
    judge_guards(judge, thing, &guards);
    verdicts = arena_alloc(&judge->arena, (guards.count * methods + 1) * sizeof *verdicts);
    for (size_t i = 0; i < guards.count; i++)
        *count += judge_for_server(judge, thing, &guards.items[i], parts, &verdicts[*count]);
    judge->server = NULL;
    judge->guarded = thing;
    judge->guards = &guards;
    if (!judge->setting.without_steps)
        find_steps(judge, verdicts, *count);
    judge->guarded = NULL;
    judge->guards = NULL;
    return verdicts;
}

/* They are the session's own, handed out as constant. */
void judge_steps(struct judge *judge, const struct verdict *verdicts, size_t count)
{
    find_steps(judge, (struct verdict *)verdicts, count);
}
