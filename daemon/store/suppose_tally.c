#include "suppose_tally.h"

#include "judge.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

struct tally_group {
    struct query_supposed_group told;
    int64_t last;
    size_t place; /* among all of them, once they are in order */
};

/* One change, with its texts behind it. */
struct entry {
    struct heap_node node;
    enum verdict_word word; /* afterwards */
    struct query_supposed_change change;
    const struct tally_group *group;
};

/* All texts of a change. */
#define SIDE(side)                                                                                                     \
    offsetof(struct query_supposed_change, side.method), offsetof(struct query_supposed_change, side.product),         \
        offsetof(struct query_supposed_change, side.workload), offsetof(struct query_supposed_change, side.version),   \
        offsetof(struct query_supposed_change, side.installation),                                                     \
        offsetof(struct query_supposed_change, side.verdict), offsetof(struct query_supposed_change, side.class),      \
        offsetof(struct query_supposed_change, side.ruled), offsetof(struct query_supposed_change, side.reason),       \
        offsetof(struct query_supposed_change, side.step)
static const size_t texts[] = {
    offsetof(struct query_supposed_change, asset_kind),
    offsetof(struct query_supposed_change, name),
    offsetof(struct query_supposed_change, server),
    offsetof(struct query_supposed_change, owner),
    offsetof(struct query_supposed_change, site),
    offsetof(struct query_supposed_change, criticality),
    offsetof(struct query_supposed_change, text),
    SIDE(before),
    SIDE(after),
};
#undef SIDE

static const char **text_of(struct query_supposed_change *change, size_t i)
{
    return (const char **)((char *)change + texts[i]);
}

/* Whether left is told behind right. */
static bool comes_later(const struct heap_node *left, const struct heap_node *right)
{
    const struct entry *one = heap_entry(left, const struct entry, node);
    const struct entry *other = heap_entry(right, const struct entry, node);
    int order;

    if (one->change.kind != other->change.kind)
        return one->change.kind > other->change.kind;
    if (one->word != other->word)
        return one->word < other->word;
    order = strcasecmp(one->change.name, other->change.name);
    if (order != 0)
        return order > 0;
    if (one->change.asset != other->change.asset)
        return one->change.asset > other->change.asset;
    order = strcmp(one->change.server, other->change.server);
    return order != 0 ? order > 0
                      : strcmp(one->change.before.method == NULL ? "" : one->change.before.method,
                               other->change.before.method == NULL ? "" : other->change.before.method) > 0;
}

void tally_init(struct tally *tally, size_t limit)
{
    *tally = (struct tally){ .limit = limit, .kept = heap_of(comes_later) };
    arena_init(&tally->arena, ARENA_PLAIN);
}

static void drop_last(struct tally *tally)
{
    struct heap_node *node = heap_first(&tally->kept);

    heap_remove(&tally->kept, node);
    free(heap_entry(node, struct entry, node));
}

void tally_finish(struct tally *tally)
{
    while (heap_first(&tally->kept) != NULL)
        drop_last(tally);
    heap_finish(&tally->kept);
    map_finish(&tally->groups);
    vec_finish(&tally->list);
    arena_finish(&tally->arena);
    str_finish(&tally->key);
    str_finish(&tally->text);
}

/* ------------------------------------------------------------------------------------------------------- sides ---- */

static const char *join(struct arena *arena, const char *const *words, size_t count)
{
    struct str text = STR_EMPTY;
    const char *kept;

    if (count <= 1)
        return count == 0 ? "" : words[0];
    for (size_t i = 0; i < count; i++)
        str_format(&text, "%s%s", i == 0 ? "" : " or ", words[i]);
    kept = arena_text(arena, str_text(&text));
    str_finish(&text);
    return kept;
}

static void fill_side(struct query_side *side, const struct verdict *verdict, struct arena *arena)
{
    const struct leg *leg = verdict == NULL ? NULL : &verdict->legs[0];

    *side = (struct query_side){ 0 };
    if (verdict == NULL)
        return;
    *side = (struct query_side){
        .method = method_word(verdict->method),
        .product = verdict->product,
        .workload = leg->workload == NULL ? "" : leg->workload,
        .version = join(arena, leg->versions, leg->version_count),
        .installation = join(arena, leg->installations, leg->installation_count),
        .verdict = verdict_word(verdict->word),
        .class = verdict_class_word(verdict->class),
        .ruled = verdict->ruling == NULL ? NULL : answer_word(verdict->ruling->answer),
        .reason = leg->reason,
        .step = verdict->step.text,
    };
}

static const char *sentence(struct tally *tally, const struct tally_change *change)
{
    str_clear(&tally->text);
    verdict_change_write(&tally->text, change->before, change->after, change->kinds);
    return str_text(&tally->text);
}

static void find_steps(const struct tally_change *change)
{
    if (change->after != NULL && change->after->step.text == NULL)
        judge_steps(change->judge, change->verdicts, change->verdict_count);
}

/* -------------------------------------------------------------------------------------------------------- list ---- */

/* Its texts are those of the verdicts yet. */
static void describe(struct tally *tally, const struct tally_change *change, struct arena *arena, struct entry *entry)
{
    const struct verdict *either = change->after != NULL ? change->after : change->before;

    entry->word = change->after == NULL ? VERDICT_UNSUPPORTED : change->after->word;
    entry->change = (struct query_supposed_change){
        .kind = change_first(change->kinds),
        .kinds = change->kinds,
        .asset = change->thing->id,
        .asset_kind = change->thing->kind,
        .name = change->thing->name,
        .server = either->server == NULL ? "" : either->server,
        .owner = either->owner,
        .site = either->site,
        .criticality = either->criticality,
        .text = sentence(tally, change),
        .picked = change->picked,
    };
    fill_side(&entry->change.before, change->before, arena);
    fill_side(&entry->change.after, change->after, arena);
}

/* A copy that has its texts behind it. */
static struct entry *make_entry(const struct entry *draft)
{
    struct entry whole = *draft, *entry;
    size_t length = 0;
    char *to;

    for (size_t i = 0; i < COUNT(texts); i++)
        length += *text_of(&whole.change, i) == NULL ? 0 : strlen(*text_of(&whole.change, i)) + 1;
    entry = mem_new(1, sizeof *entry + length);
    *entry = whole;
    to = (char *)(entry + 1);
    for (size_t i = 0; i < COUNT(texts); i++) {
        const char **text = text_of(&entry->change, i);

        if (*text == NULL)
            continue;
        *text = memcpy(to, *text, strlen(*text) + 1);
        to += strlen(to) + 1;
    }
    return entry;
}

/* Where the list is full and the change would be told last, it is not even written down. */
static bool is_beyond(const struct tally *tally, const struct tally_change *change)
{
    struct entry probe = { .word = change->after == NULL ? VERDICT_UNSUPPORTED : change->after->word };

    if (tally->limit == 0 || tally->kept.count < tally->limit)
        return false;
    probe.change.kind = change_first(change->kinds);
    probe.change.name = change->thing->name;
    probe.change.asset = change->thing->id;
    probe.change.server = change->after != NULL ? change->after->server : change->before->server;
    probe.change.before.method = change->before == NULL ? NULL : method_word(change->before->method);
    if (probe.change.server == NULL)
        probe.change.server = "";
    return comes_later(&probe.node, heap_first(&tally->kept));
}

static void keep(struct tally *tally, const struct tally_change *change, const struct tally_group *group)
{
    struct arena arena;
    struct entry draft = { .group = group };

    if (is_beyond(tally, change))
        return;
    find_steps(change);
    arena_init(&arena, ARENA_PLAIN);
    describe(tally, change, &arena, &draft);
    heap_add(&tally->kept, &make_entry(&draft)->node);
    arena_finish(&arena);
    if (tally->limit > 0 && tally->kept.count > tally->limit)
        drop_last(tally);
}

/* ------------------------------------------------------------------------------------------------------ groups ---- */

/* Words of the tables are the same wherever they come from: their addresses tell them apart. */
static void add_key(struct str *key, const struct verdict *verdict)
{
    const struct leg *leg = verdict == NULL ? NULL : &verdict->legs[0];
    const void *const parts[] = {
        verdict == NULL ? NULL : verdict->product,
        verdict == NULL ? NULL : verdict->ruling,
        leg == NULL ? NULL : leg->workload,
    };
    const size_t numbers[] = { verdict == NULL ? 0 : (size_t)verdict->word,
                               verdict == NULL ? 0 : (size_t)verdict->class, leg == NULL ? 0 : leg->version_count,
                               leg == NULL ? 0 : leg->installation_count };

    str_add_bytes(key, parts, sizeof parts);
    str_add_bytes(key, numbers, sizeof numbers);
    if (leg == NULL)
        return;
    for (size_t i = 0; i < leg->version_count; i++)
        str_add_bytes(key, &leg->versions[i], sizeof leg->versions[i]);
    for (size_t i = 0; i < leg->installation_count; i++)
        str_add_bytes(key, &leg->installations[i], sizeof leg->installations[i]);
}

static const char *key_name(struct arena *arena, const struct query_side *side)
{
    return arena_format(arena, "%s%s%s, %s", side->workload, side->version[0] == '\0' ? "" : " ", side->version,
                        side->installation);
}

/* Where a row says where the backup server is installed, the place is not the asset's. */
static bool is_same_key(const struct tally_change *change, const struct query_supposed_group *told)
{
    return strcmp(told->before.workload, told->after.workload) == 0 &&
           strcmp(told->before.version, told->after.version) == 0 &&
           (strcmp(told->before.installation, told->after.installation) == 0 ||
            change->before->legs[0].reading != change->after->legs[0].reading);
}

static const char *group_name(struct arena *arena, const struct tally_change *change,
                              const struct query_supposed_group *told)
{
    if (change->before == NULL)
        return key_name(arena, &told->after);
    if (change->after == NULL || is_same_key(change, told))
        return key_name(arena, &told->before);
    return arena_format(arena, "%s -> %s", key_name(arena, &told->before), key_name(arena, &told->after));
}

static const char *kept_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text);
}

/* What the judge gives back is copied. */
static void fill_group_side(struct query_side *side, const struct verdict *verdict, struct arena *arena)
{
    fill_side(side, verdict, arena);
    side->method = side->reason = side->step = NULL;
    side->product = kept_text(arena, side->product);
}

static struct tally_group *new_group(struct tally *tally, const struct tally_change *change)
{
    struct arena *arena = &tally->arena;
    struct tally_group *group = arena_alloc(arena, sizeof *group);
    struct query_supposed_group *told = &group->told;

    find_steps(change);
    told->kind = change_first(change->kinds);
    fill_group_side(&told->before, change->before, arena);
    fill_group_side(&told->after, change->after, arena);
    told->name = group_name(arena, change, told);
    told->text = arena_text(arena, sentence(tally, change));
    told->step = change->after == NULL ? NULL : kept_text(arena, change->after->step.text);
    told->asset = change->thing->id;
    told->asset_name = arena_text(arena, change->thing->name);
    vec_push(&tally->list, group);
    return group;
}

static const struct tally_group *add_to_group(struct tally *tally, const struct tally_change *change)
{
    enum change_kind kind = change_first(change->kinds);
    struct tally_group *group;

    str_clear(&tally->key);
    str_add_bytes(&tally->key, &kind, sizeof kind);
    add_key(&tally->key, change->before);
    add_key(&tally->key, change->after);
    group = map_get_bytes(&tally->groups, tally->key.bytes, tally->key.length);
    if (group == NULL) {
        group = new_group(tally, change);
        map_put_bytes(&tally->groups, arena_bytes(&tally->arena, tally->key.bytes, tally->key.length),
                      tally->key.length, group);
    }
    group->told.protections++;
    group->told.assets += group->last != change->thing->id;
    group->last = change->thing->id;
    return group;
}

void tally_add(struct tally *tally, const struct tally_change *change)
{
    enum change_kind kind = change_first(change->kinds);

    tally->changed++;
    tally->counts[kind].protections++;
    tally->counts[kind].assets += tally->last[kind] != change->thing->id;
    tally->last[kind] = change->thing->id;
    keep(tally, change, add_to_group(tally, change));
}

/* --------------------------------------------------------------------------------------------------------- end ---- */

static int word_of(const struct query_side *side)
{
    return side->verdict == NULL ? 0 : (int)verdict_find(side->verdict);
}

static int compare_groups(const void *one, const void *other)
{
    const struct query_supposed_group *a = &(*(struct tally_group *const *)one)->told,
                                      *b = &(*(struct tally_group *const *)other)->told;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->assets != b->assets)
        return a->assets > b->assets ? -1 : 1;
    if (word_of(&a->after) != word_of(&b->after))
        return word_of(&b->after) - word_of(&a->after);
    return strcmp(a->name, b->name) != 0 ? strcmp(a->name, b->name) : (a->asset > b->asset) - (a->asset < b->asset);
}

/* Texts that were copied lie in the tally's arena, and are copied once more into one that outlives it. */
static void keep_group(struct query_supposed_group *told, struct arena *arena)
{
    const char **const own[] = {
        &told->name,
        &told->text,
        &told->step,
        &told->asset_name,
        &told->before.product,
        &told->after.product,
        &told->before.version,
        &told->after.version,
        &told->before.installation,
        &told->after.installation,
    };

    for (size_t i = 0; i < COUNT(own); i++)
        *own[i] = kept_text(arena, *own[i]);
}

static void end_groups(struct tally *tally, struct arena *arena, struct query_supposed *supposed)
{
    supposed->group_count = tally->list.count;
    supposed->groups = arena_alloc(arena, (tally->list.count + 1) * sizeof *supposed->groups);
    if (tally->list.count > 0)
        qsort(tally->list.items, tally->list.count, sizeof *tally->list.items, compare_groups);
    for (size_t i = 0; i < tally->list.count; i++) {
        tally->list.items[i]->place = i;
        supposed->groups[i] = tally->list.items[i]->told;
        keep_group(&supposed->groups[i], arena);
    }
}

/* The heap gives the last one first. */
static void end_list(struct tally *tally, struct arena *arena, struct query_supposed *supposed)
{
    supposed->count = tally->kept.count;
    supposed->more = (size_t)tally->changed - supposed->count;
    supposed->list = arena_alloc(arena, (supposed->count + 1) * sizeof *supposed->list);
    for (size_t i = supposed->count; i-- > 0;) {
        struct entry *entry = heap_entry(heap_first(&tally->kept), struct entry, node);

        supposed->list[i] = entry->change;
        supposed->list[i].group = entry->group->place;
        for (size_t k = 0; k < COUNT(texts); k++)
            *text_of(&supposed->list[i], k) = kept_text(arena, *text_of(&supposed->list[i], k));
        drop_last(tally);
    }
}

void tally_end(struct tally *tally, struct arena *arena, struct query_supposed *supposed)
{
    memcpy(supposed->counts, tally->counts, sizeof supposed->counts);
    supposed->changed = tally->changed;
    end_groups(tally, arena, supposed);
    end_list(tally, arena, supposed);
}
