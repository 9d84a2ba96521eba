#include "classify_memo.h"

#include "condition_parts.h"
#include "hash.h"

#include <stdlib.h>
#include <string.h>

void classify_memo_init(struct classify_memo *memo)
{
    *memo = (struct classify_memo){ 0 };
    arena_init(&memo->arena, ARENA_PLAIN);
}

void classify_memo_finish(struct classify_memo *memo)
{
    map_finish(&memo->entries);
    arena_finish(&memo->arena);
}

void classify_memo_reset(struct classify_memo *memo)
{
    if (memo->entries.count < CLASSIFY_MEMO_MAX)
        return;
    map_finish(&memo->entries);
    arena_reset(&memo->arena);
}

/* -------------------------------------------------------------------------------------------------- questions ---- */

static void ask_fact(struct classify_questions *questions, const char *fact)
{
    size_t at = 0;

    while (at < questions->fact_count && strcmp(questions->facts[at], fact) < 0)
        at++;
    if (at < questions->fact_count && strcmp(questions->facts[at], fact) == 0)
        return;
    if (questions->fact_count == CLASSIFY_MAX_FACTS) {
        questions->further = true;
        return;
    }
    memmove(&questions->facts[at + 1], &questions->facts[at], (questions->fact_count - at) * sizeof *questions->facts);
    questions->facts[at] = fact;
    questions->fact_count++;
}

static void ask(struct classify_questions *questions, const char *fact)
{
    const char *other = thing_hearsay(fact);

    if (strcmp(fact, "kind") == 0) {
        questions->kind = true;
    } else if (strcmp(fact, "name") == 0) {
        questions->name = true;
    } else if (condition_is_derived(fact)) {
        questions->further = true;
    } else {
        ask_fact(questions, fact);
        if (other != NULL)
            ask_fact(questions, other);
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as tests are, CONDITION_MAX_DEPTH at the most */
static void ask_test(struct classify_questions *questions, const struct test *test)
{
    if (test == NULL)
        return;
    if (test->type == TEST_EVERY || test->type == TEST_SOME || test->compare == COMPARE_TRUSTED_BY ||
        test->compare == COMPARE_SAME_AS)
        questions->further = true;
    else if (test->type == TEST_FACT)
        ask(questions, test->fact);
    for (size_t i = 0; i < test->part_count; i++)
        ask_test(questions, &test->parts[i]);
}

static void ask_family(struct classify_questions *questions, const struct family *family)
{
    for (size_t i = 0; i < family->version_count; i++) {
        ask_test(questions, family->versions[i].test);
        ask_test(questions, family->versions[i].hint);
        ask_test(questions, family->versions[i].weak);
    }
}

const struct classify_questions *classify_memo_questions(struct classify_memo *memo, const struct products *products,
                                                         enum product_group group)
{
    struct classify_questions *questions = &memo->questions[group];

    for (size_t i = 0; !questions->known && i < products->family_count; i++) {
        if (products->families[i].group == group)
            ask_family(questions, &products->families[i]);
    }
    questions->known = true;
    return questions;
}

/* -------------------------------------------------------------------------------------------------------- key ---- */

enum {
    WHOLE = 96, /* bytes of a text that stand in a key as they are; of a longer one its hash stands there */
    HASHED = 0x80,
    AGAINST = 0xfe, /* what goes before the values that contradict others */
};

static void put(struct classify_key *key, const void *bytes, size_t size)
{
    memcpy(key->bytes + key->length, bytes, size);
    key->length += size;
}

static void put_byte(struct classify_key *key, size_t byte)
{
    key->bytes[key->length++] = (unsigned char)byte;
}

static void put_text(struct classify_key *key, const char *text)
{
    size_t length = strlen(text);

    if (length > WHOLE) {
        struct hash128 hash = hash128(hash_process_key(), text, length);

        put_byte(key, HASHED);
        put(key, &hash, sizeof hash);
        return;
    }
    put_byte(key, length);
    put(key, text, length);
}

/* Of a hash and a text the next hash: a chain of them stands for a list. */
static void chain_text(struct hash128 *chain, const char *text)
{
    struct hash128 both[2] = { *chain, hash128(hash_process_key(), text, strlen(text)) };

    *chain = hash128(hash_process_key(), both, sizeof both);
}

static void put_texts(struct classify_key *key, const char *const *texts, size_t count)
{
    struct hash128 chain = { count, 0 };

    for (size_t i = 0; i < count; i++)
        chain_text(&chain, texts[i]);
    put(key, &chain, sizeof chain);
}

static void put_value(struct classify_key *key, const struct value *value)
{
    put_byte(key, value->type);
    switch (value->type) {
    case VALUE_TEXT: put_text(key, value->text); break;
    case VALUE_INT: put(key, &value->number, sizeof value->number); break;
    case VALUE_BOOL: put_byte(key, value->truth); break;
    case VALUE_LIST: put_texts(key, value->list.texts, value->list.count); break;
    }
}

/* Both are in order, so one walk through them finds all. */
static void put_facts(struct classify_key *key, const struct classify_questions *questions, const struct thing *thing)
{
    size_t at = 0;

    for (size_t i = 0; i < questions->fact_count; i++) {
        int order = -1;

        while (at < thing->fact_count && (order = thing_name_order(thing->facts[at].name, questions->facts[i])) < 0)
            at++;
        if (at == thing->fact_count)
            return;
        if (order == 0) {
            put_byte(key, i);
            put_value(key, &thing->facts[at].value);
        }
    }
}

static bool is_asked(const struct classify_questions *questions, const char *fact, size_t *at)
{
    for (*at = 0; *at < questions->fact_count; ++*at) {
        if (strcmp(questions->facts[*at], fact) == 0)
            return true;
    }
    return false;
}

/* Any number of them becomes one hash. */
static void put_others(struct classify_key *key, const struct classify_questions *questions, const struct thing *thing)
{
    struct hash128 chain = { 0, 0 };
    size_t start = key->length, fact;

    for (size_t i = 0; i < thing->other_count; i++) {
        const struct attribute *other = &thing->others[i];

        if (!is_asked(questions, other->name, &fact))
            continue;
        put(key, &chain, sizeof chain);
        put_byte(key, fact);
        put_value(key, &other->value);
        chain = hash128(hash_process_key(), key->bytes + start, key->length - start);
        key->length = start;
    }
    put_byte(key, AGAINST);
    put(key, &chain, sizeof chain);
}

void classify_key_make(struct classify_key *key, const struct classify_questions *questions, enum product_group group,
                       const struct thing *thing)
{
    key->length = 0;
    put_byte(key, group);
    if (questions->kind)
        put_texts(key, thing->kinds, thing->kind_count);
    if (questions->kind)
        put_text(key, thing->kind == NULL ? "" : thing->kind);
    if (questions->name)
        put_text(key, thing->name == NULL ? "" : thing->name);
    put_facts(key, questions, thing);
    if (thing->other_count > 0)
        put_others(key, questions, thing);
}
