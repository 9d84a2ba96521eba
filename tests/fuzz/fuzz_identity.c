/* Lines of text as items: SCOPE KIND KEY UUID FQDN FORMER, parted by blanks, each word but the first three possibly
 * "-". Their partition is the same in the reverse order; nobody is one with a clone, or with another UUID; and what is
 * said of it holds nothing that a terminal acts on. */
#include "identity.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_ITEMS = 100, WORDS = 6 };

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static bool is_same(const struct identity_item *one, const struct identity_item *other)
{
    return strcmp(one->scope, other->scope) == 0 && strcmp(one->kind, other->kind) == 0;
}

/* The item of a line; false where the line is none, or is of an item that is there. */
static bool read_item(struct arena *arena, char *line, struct identity_item *item, const struct identity_item *items,
                      size_t count)
{
    const char *words[WORDS] = { NULL }, *facts[FACT_COUNT] = { NULL }, **former;
    char *rest = line, *word;

    for (size_t i = 0; i < WORDS && (word = strsep(&rest, " ")) != NULL; i++)
        words[i] = i > 2 && strcmp(word, "-") == 0 ? NULL : word;
    if (words[2] == NULL)
        return false;
    facts[FACT_UUID] = words[3];
    facts[FACT_FQDN] = facts[FACT_GUEST_FQDN] = words[4];
    former = arena_alloc(arena, sizeof *former);
    *former = words[5];
    *item = (struct identity_item){ .scope = words[0],
                                    .kind = words[1],
                                    .key = words[2],
                                    .evidence = evidence_read(arena, words[1], words[2], facts),
                                    .former = former,
                                    .former_count = words[5] != NULL };
    for (size_t i = 0; i < count; i++) {
        if (is_same(item, &items[i]) && strcmp(item->key, items[i].key) == 0)
            return false;
    }
    return true;
}

static void check_pair(const struct identity_item *one, const struct identity_item *other)
{
    const char *mine = one->evidence.values[EVIDENCE_UUID], *theirs = other->evidence.values[EVIDENCE_UUID];

    expect(!is_same(one, other));
    expect(strcmp(one->evidence.class, other->evidence.class) == 0);
    expect(mine == NULL || theirs == NULL || strcmp(mine, theirs) == 0);
}

static void check_why(const char *why)
{
    for (const char *at = why; *at != '\0'; at++)
        expect((unsigned char)*at >= ' ' && *at != 0x7f);
}

static void check(struct arena *arena, const struct identity_item *items, size_t count)
{
    struct identity_item reversed[MAX_ITEMS];
    struct identity_place there[MAX_ITEMS], back[MAX_ITEMS];

    for (size_t i = 0; i < count; i++)
        reversed[count - 1 - i] = items[i];
    identity_partition(arena, items, count, NULL, 0, NULL, there);
    identity_partition(arena, reversed, count, NULL, 0, NULL, back);
    for (size_t i = 0; i < count; i++) {
        expect(strcmp(there[i].why, back[count - 1 - i].why) == 0);
        check_why(there[i].why);
        for (size_t j = 0; j < i; j++) {
            bool one = there[i].group == there[j].group;

            expect(one == (back[count - 1 - i].group == back[count - 1 - j].group));
            if (one)
                check_pair(&items[i], &items[j]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct identity_item items[MAX_ITEMS];
    struct arena arena;
    size_t count = 0;
    char *text, *line;

    arena_init(&arena, ARENA_PLAIN);
    text = arena_bytes(&arena, data, size);
    while (count < MAX_ITEMS && (line = strsep(&text, "\n")) != NULL)
        count += read_item(&arena, line, &items[count], items, count);
    check(&arena, items, count);
    arena_finish(&arena);
    return 0;
}
