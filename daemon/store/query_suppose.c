#include "query_suppose.h"

#include "basis_in_force.h"
#include "gist.h"
#include "hearing.h"
#include "reading.h"
#include "suppose_pick.h"
#include "suppose_tally.h"
#include "thing_suppose.h"
#include "things.h"

#include <string.h>

/* There are two judges. */
#define MAX_BYTES (2 * HEARING_MAX_BYTES)

/* The fleet with facts that it does not have. */
struct supposed_world {
    struct world world;
    struct things *things;
    const struct pick *pick;
    const struct query_suppose *suppose;
    struct arena arena;
    struct map made; /* id -> struct thing */
};

struct supposing {
    const struct query_suppose *suppose;
    int64_t now;
    struct basis_in_force basis;
    struct things things;
    struct supposed_world other;
    struct judge *before, *after; /* after: with product and facts */
    struct judge *others;         /* of what is not picked: with facts alone. NULL: after does */
    struct pick pick;
    struct tally tally;
    vec(bool) paired; /* of the verdicts afterwards */
    struct query_supposed *supposed;
};

/* ------------------------------------------------------------------------------------------------------- world ---- */

static const struct thing *suppose_thing(struct supposed_world *other, const struct thing *thing)
{
    const struct thing *made;

    if (thing == NULL || other->suppose->fact_count == 0 || !pick_has_asset(other->pick, thing->id))
        return thing;
    made = map_get_bytes(&other->made, (const char *)&thing->id, sizeof thing->id);
    if (made != NULL)
        return made;
    made = thing_suppose(thing, other->suppose->facts, other->suppose->fact_count, &other->arena);
    map_put_bytes(&other->made, (const char *)&made->id, sizeof made->id, (void *)made);
    return made;
}

static struct supposed_world *world_of(struct world *world)
{
    return (struct supposed_world *)((char *)world - offsetof(struct supposed_world, world));
}

static const struct thing *find(struct world *world, int64_t id)
{
    return suppose_thing(world_of(world), things_find(world_of(world)->things, id));
}

static const struct thing *server(struct world *world, const char *name)
{
    return suppose_thing(world_of(world), things_server(world_of(world)->things, name));
}

/* ----------------------------------------------------------------------------------------------------- session ---- */

static struct judge *make_judge(const struct supposing *self, struct world *world, const struct product *product)
{
    const struct judge_setting setting = { .matrix = self->suppose->matrix,
                                           .estate = &self->basis.estate,
                                           .world = world,
                                           .now = self->now,
                                           .without_steps = true };
    struct judge *judge = judge_create(&setting);

    judge_assume_product(judge, product);
    return judge;
}

static void begin(struct supposing *self, struct query *query)
{
    const struct query_suppose *suppose = self->suppose;

    things_init(&self->things, &query->sql);
    self->other = (struct supposed_world){
        .world = { find, server }, .things = &self->things, .pick = &self->pick, .suppose = suppose
    };
    arena_init(&self->other.arena, ARENA_PLAIN);
    tally_init(&self->tally, suppose->filter->limit);
    self->before = make_judge(self, &self->things.world, NULL);
    self->after = make_judge(self, &self->other.world, suppose->product);
    if (suppose->product != NULL && suppose->fact_count > 0)
        self->others = make_judge(self, &self->other.world, NULL);
}

static void finish(struct supposing *self)
{
    judge_destroy(self->before);
    judge_destroy(self->after);
    judge_destroy(self->others);
    map_finish(&self->other.made);
    arena_finish(&self->other.arena);
    things_finish(&self->things);
    tally_finish(&self->tally);
    vec_finish(&self->paired);
}

static size_t judge_bytes(struct judge *judge)
{
    return judge == NULL ? 0 : judge_arena(judge)->reserved;
}

/* As hearing.c does: between two assets, nobody holds anything. */
static void forget_much(struct supposing *self, size_t limit)
{
    size_t bytes = things_bytes(&self->things) + self->other.arena.reserved + judge_bytes(self->before) +
                   judge_bytes(self->after) + judge_bytes(self->others);

    if (bytes < limit)
        return;
    judge_reset(self->before, self->now);
    judge_reset(self->after, self->now);
    if (self->others != NULL)
        judge_reset(self->others, self->now);
    map_finish(&self->other.made);
    arena_reset(&self->other.arena);
    things_forget(&self->things);
}

/* ----------------------------------------------------------------------------------------------------- compare ---- */

/* The verdicts of one asset, under both circumstances. */
struct pairing {
    const struct thing *thing;
    const struct verdict *before, *after;
    size_t before_count, after_count;
    struct judge *judge; /* of those afterwards */
    bool picked, others; /* whether protections that are picked are compared, and those that are not */
};

/* What takes part: each by itself, or what counts. */
static bool takes_part(const struct supposing *self, const struct verdict *verdict)
{
    return verdict->counts || self->suppose->filter->all;
}

static const char *name_of(const struct verdict *verdict)
{
    return verdict->server == NULL ? "" : verdict->server;
}

/* Of agent and image, the one counts instead of the other. */
static bool can_replace(enum method one, enum method other)
{
    return one != other && (one == METHOD_AGENT || one == METHOD_IMAGE) &&
           (other == METHOD_AGENT || other == METHOD_IMAGE);
}

/* The verdict afterwards that is the partner: of the same method, or where replaced, of the other one. */
static const struct verdict *find_partner(struct supposing *self, const struct pairing *pairing,
                                          const struct verdict *before, bool replaced)
{
    for (size_t i = 0; i < pairing->after_count; i++) {
        const struct verdict *after = &pairing->after[i];
        bool fits = replaced ? can_replace(before->method, after->method) : before->method == after->method;

        if (!fits || self->paired.items[i] || !takes_part(self, after) || strcmp(name_of(before), name_of(after)) != 0)
            continue;
        self->paired.items[i] = true;
        return after;
    }
    return NULL;
}

static void compare(struct supposing *self, const struct pairing *pairing, const struct verdict *before,
                    const struct verdict *after)
{
    const struct verdict *own = before != NULL ? before : after;
    struct tally_change change = { .thing = pairing->thing,
                                   .before = before,
                                   .after = after,
                                   .judge = pairing->judge,
                                   .verdicts = pairing->after,
                                   .verdict_count = pairing->after_count };

    change.picked =
        pick_has(&self->pick, pairing->thing->id, before == NULL ? NULL : method_word(own->method), name_of(own));
    if (change.picked ? !pairing->picked : !pairing->others)
        return;
    self->supposed->compared++;
    change.kinds = verdict_change(before, after);
    if (change.kinds != 0)
        tally_add(&self->tally, &change);
}

/* First those that stay of the same method, so that none of them is taken for what replaces another. */
static void compare_all(struct supposing *self, const struct pairing *pairing)
{
    vec(const struct verdict *) alone = VEC_EMPTY;

    vec_clear(&self->paired);
    for (size_t i = 0; i < pairing->after_count; i++)
        vec_push(&self->paired, false);
    for (size_t i = 0; i < pairing->before_count; i++) {
        const struct verdict *before = &pairing->before[i], *after;

        if (!takes_part(self, before))
            continue;
        after = find_partner(self, pairing, before, false);
        if (after != NULL)
            compare(self, pairing, before, after);
        else
            vec_push(&alone, before);
    }
    vec_each (before, &alone)
        compare(self, pairing, *before, self->suppose->filter->all ? NULL : find_partner(self, pairing, *before, true));
    for (size_t i = 0; i < pairing->after_count; i++) {
        if (!self->paired.items[i] && takes_part(self, &pairing->after[i]))
            compare(self, pairing, NULL, &pairing->after[i]);
    }
    vec_finish(&alone);
}

/* -------------------------------------------------------------------------------------------------------- walk ---- */

static void judge_under(struct supposing *self, struct pairing *pairing, struct judge *judge)
{
    const struct thing *other = suppose_thing(&self->other, pairing->thing);

    pairing->judge = judge;
    pairing->after = judge_thing(judge, other, &pairing->after_count);
    if (!self->things.failed)
        compare_all(self, pairing);
}

/* Under the product is judged what is picked; what is not, with the facts that were supposed of others. */
static void judge_both(struct supposing *self, const struct thing *thing)
{
    struct pairing pairing = { .thing = thing, .picked = true };
    int64_t compared = self->supposed->compared;
    bool picked = pick_has(&self->pick, thing->id, NULL, NULL), facts = self->suppose->fact_count > 0;

    if (!picked && !facts)
        return;
    pairing.before = judge_thing(self->before, thing, &pairing.before_count);
    pairing.others = facts && self->others == NULL;
    if (picked || pairing.others)
        judge_under(self, &pairing, self->after);
    if (self->others != NULL && !self->pick.everything) {
        pairing.picked = false;
        pairing.others = true;
        judge_under(self, &pairing, self->others);
    }
    self->supposed->assets += self->supposed->compared > compared;
}

static bool judge_run(struct supposing *self, const int64_t *assets, size_t count, struct err *err)
{
    if (!things_load(&self->things, assets[0], assets[count - 1], err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct thing *thing;

        /* What was read just now is to be used. */
        forget_much(self, MAX_BYTES + THINGS_MAX_LOAD);
        thing = things_find(&self->things, assets[i]);
        if (thing != NULL)
            judge_both(self, thing);
        if (self->things.failed) {
            if (err != NULL)
                *err = self->things.err;
            return false;
        }
    }
    return true;
}

static bool walk(struct supposing *self, struct err *err)
{
    while (pick_next(&self->pick, err)) {
        const int64_t *assets = self->pick.assets.items;
        size_t count = self->pick.assets.count;

        if (count == 0)
            return true;
        for (size_t at = 0, length; at < count; at += length) {
            length = things_together(&assets[at], count - at);
            forget_much(self, MAX_BYTES);
            if (!judge_run(self, &assets[at], length, err))
                return false;
        }
    }
    return false;
}

static bool work(struct query *query, void *context, struct err *err)
{
    struct supposing *self = context;
    struct query_supposed *supposed = self->supposed;
    bool good;

    if (!basis_in_force(&query->sql, self->suppose->matrix, query->arena, &self->basis, err))
        return false;
    supposed->judged = self->basis.id != 0;
    supposed->is_in_force = self->basis.same;
    supposed->other = self->basis.other;
    if (!supposed->judged)
        return true;
    begin(self, query);
    good = pick_begin(&self->pick, query, self->suppose, self->now, err) && walk(self, err);
    supposed->picked = self->pick.count;
    if (good)
        tally_end(&self->tally, query->arena, supposed);
    pick_finish(&self->pick);
    finish(self);
    return good;
}

bool query_suppose_judged_by(const char *fact)
{
    return gist_has(fact);
}

bool query_suppose(struct query *query, const struct query_suppose *suppose, int64_t now, struct arena *arena,
                   struct query_supposed *supposed, struct err *err)
{
    struct supposing self = { .suppose = suppose, .now = now, .supposed = supposed };

    *supposed = (struct query_supposed){ 0 };
    return reading_run(query, arena, work, &self, err);
}
