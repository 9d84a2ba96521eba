#include "kinship.h"
#include "text.h"

#include <string.h>

/* Sentences of each sort for one item; more would tell nothing new. */
enum { MAX_JOINS = 4, MAX_DOUBTS = 2 };

static const char *const reasons[] = {
    [REASON_CLASS] = "they are of different kinds", [REASON_SOURCE] = "one source shows both",
    [REASON_RULE] = "a rule keeps them apart",      [REASON_UUID] = "their UUIDs differ",
    [REASON_NAME] = "their names differ",           [REASON_CROWD] = "too many items would be one",
};

static const char *label(struct kinship *kinship, size_t node)
{
    const struct identity_item *item = kinship->nodes[node].item;
    char kind[TEXT_QUOTE_SIZE], key[TEXT_QUOTE_SIZE], scope[TEXT_QUOTE_SIZE];

    return arena_format(kinship->arena, "%s %s of %s", text_quote(kind, item->kind), text_quote(key, item->key),
                        text_quote(scope, item->scope));
}

/* What was shown, as the object of "they have" or the subject of "joins nothing". */
static const char *thing(struct kinship *kinship, const struct kinship_shown *shown)
{
    char name[TEXT_QUOTE_SIZE] = "";

    if (shown->name != NULL)
        text_quote(name, shown->name);
    switch (shown->step) {
    case STEP_RULE:
        if (name[0] == '\0')
            return "a join rule";
        return arena_format(kinship->arena, "a join rule (%s)", name);
    case STEP_BOTH: return arena_format(kinship->arena, "the same UUID %s and name %s", shown->uuid, name);
    case STEP_UUID: return arena_format(kinship->arena, "the same UUID %s", shown->uuid);
    case STEP_INSTANCE: return arena_format(kinship->arena, "the same hypervisor's GUID %s", shown->uuid);
    case STEP_NAME: return arena_format(kinship->arena, "the same name %s", name);
    case STEP_DECLARED: return "a source that says so";
    }
    return "";
}

static void add_sentence(struct kinship *kinship, size_t node, const char *sentence)
{
    const char **why = &kinship->nodes[node].why;

    *why = (*why)[0] == '\0' ? sentence : arena_format(kinship->arena, "%s; %s", *why, sentence);
}

void kinship_tell_join(struct kinship *kinship, size_t item, size_t partner, const struct kinship_shown *shown)
{
    if (kinship->nodes[item].joins++ < MAX_JOINS)
        add_sentence(kinship, item,
                     arena_format(kinship->arena, "one with %s by %s", label(kinship, partner), thing(kinship, shown)));
}

static void tell_doubt(struct kinship *kinship, const struct kinship_doubt *doubt)
{
    size_t other = doubt->item == doubt->one ? doubt->other : doubt->one;
    bool direct = doubt->item == doubt->one || doubt->item == doubt->other;
    const char *what = thing(kinship, &doubt->shown);

    if (doubt->reason == REASON_CROWD)
        add_sentence(kinship, doubt->item,
                     arena_format(kinship->arena, "%s joins nothing: too many items have it", what));
    else if (direct)
        add_sentence(kinship, doubt->item,
                     arena_format(kinship->arena, "not one with %s despite %s: %s", label(kinship, other), what,
                                  reasons[doubt->reason]));
    else
        add_sentence(kinship, doubt->item,
                     arena_format(kinship->arena, "%s joins nothing: %s and %s share it, and %s", what,
                                  label(kinship, doubt->one), label(kinship, doubt->other), reasons[doubt->reason]));
}

void kinship_tell_doubts(struct kinship *kinship)
{
    const struct kinship_node *nodes = kinship->nodes;

    vec_each (doubt, &kinship->doubts) {
        bool settled = doubt->reason != REASON_CROWD && nodes[doubt->one].root == nodes[doubt->other].root;

        if (!settled && kinship->nodes[doubt->item].doubts++ < MAX_DOUBTS)
            tell_doubt(kinship, doubt);
    }
}
