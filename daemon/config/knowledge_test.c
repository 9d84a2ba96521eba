/* The language of tests, as docs/matrix.md describes it: libconfig's groups become a tree of struct test. */
#include "knowledge_parts.h"
#include "text.h"

struct form {
    const char *name;
    enum test_type type;
    void (*read)(const struct walk *walk, const config_setting_t *setting, struct test *test);
    const char *const *beside; /* other keys that the group may have */
};

static const char *const related_words[] = { "where", "that", "empty", NULL };
static const char *const no_words[] = { NULL };
static const char *const truths[] = { [TRUTH_NO] = "no", [TRUTH_YES] = "yes", [TRUTH_UNKNOWN] = "unknown", NULL };

static void read_test(const struct walk *walk, const config_setting_t *setting, struct test *test);

/* NOLINTBEGIN(misc-no-recursion): CONDITION_MAX_DEPTH at the most */

static void read_parts(const struct walk *walk, const config_setting_t *setting, struct test *test)
{
    struct walk inner = *walk;
    size_t count = (size_t)config_setting_length(setting);
    struct test *parts;

    if (!setting_is_list(&walk->lore->reader, setting))
        return;
    if (count == 0 || count > CONDITION_MAX_PARTS) {
        setting_problem(&walk->lore->reader, setting, "%zu tests, where 1 to %d are possible", count,
                        CONDITION_MAX_PARTS);
        return;
    }
    inner.depth++;
    parts = arena_alloc(knowledge_arena(walk->lore), count * sizeof *parts);
    for (size_t i = 0; i < count; i++)
        read_test(&inner, setting_element(setting, i), &parts[i]);
    test->parts = parts;
    test->part_count = count;
}

static void read_not(const struct walk *walk, const config_setting_t *setting, struct test *test)
{
    struct walk inner = *walk;
    struct test *part = arena_alloc(knowledge_arena(walk->lore), sizeof *part);

    inner.depth++;
    read_test(&inner, setting, part);
    test->parts = part;
    test->part_count = 1;
}

static void read_empty(const struct walk *walk, const config_setting_t *setting, struct test *test)
{
    const struct key key = { .words = truths };
    const char *word = NULL;

    test->empty = TRUTH_UNKNOWN;
    if (setting != NULL)
        setting_word(&walk->lore->reader, setting, &key, &word);
    if (word != NULL)
        test->empty = (enum truth)knowledge_index(truths, word);
}

/* False: a problem was added. */
static bool read_collection(const struct walk *walk, const config_setting_t *setting, struct test *test)
{
    const char *words[COLLECTION_COUNT];
    const char *text = setting_is_text(&walk->lore->reader, setting, "a collection in quotes, such as \"volumes\"");

    if (text == NULL)
        return false;
    test->collection = collection_find(text);
    if (test->collection != COLLECTION_COUNT)
        return true;
    for (int i = 0; i < COLLECTION_COUNT; i++)
        words[i] = collection_word((enum collection)i);
    knowledge_unknown(walk->lore,
                      &(struct unknown){ setting_place(&walk->lore->reader, setting), config_setting_name(setting),
                                         "collection", text, "" },
                      words, COLLECTION_COUNT);
    return false;
}

static void read_related(const struct walk *walk, const config_setting_t *setting, struct test *test)
{
    const config_setting_t *group = config_setting_parent(setting);
    const config_setting_t *that = setting_member(group, "that"), *where = setting_member(group, "where");
    struct test *parts = arena_alloc(knowledge_arena(walk->lore), (where == NULL ? 1 : 2) * sizeof *parts);
    struct walk inner = *walk;

    if (!read_collection(walk, setting, test))
        return;
    read_empty(walk, setting_member(group, "empty"), test);
    inner.depth++;
    inner.server = test->collection == COLLECTION_SERVER;
    if (that == NULL)
        setting_problem(&walk->lore->reader, setting, "add what must hold of it: that = { fact = ... };");
    else
        read_test(&inner, that, &parts[0]);
    if (where != NULL)
        read_test(&inner, where, &parts[1]);
    test->parts = parts;
    test->part_count = where == NULL ? 1 : 2;
}

static void read_undecided(const struct walk *walk, const config_setting_t *setting, struct test *test)
{
    const struct key key = { .name = "undecided" };

    setting_text(&walk->lore->reader, setting, &key, &test->why);
}

static const struct form forms[] = {
    { "fact", TEST_FACT, knowledge_fact, knowledge_comparisons },
    { "all", TEST_ALL, read_parts, no_words },
    { "any", TEST_ANY, read_parts, no_words },
    { "not", TEST_NOT, read_not, no_words },
    { "every", TEST_EVERY, read_related, related_words },
    { "some", TEST_SOME, read_related, related_words },
    { "undecided", TEST_UNDECIDED, read_undecided, no_words },
};

#define FORMS (sizeof forms / sizeof *forms)

/* What the first key of a group may be a slip of. */
static const char *nearest_form(const config_setting_t *group)
{
    const char *names[FORMS];

    for (size_t i = 0; i < FORMS; i++)
        names[i] = forms[i].name;
    return config_setting_length(group) == 0
               ? NULL
               : text_nearest(config_setting_name(setting_element(group, 0)), names, FORMS);
}

/* The one form of a group; NULL: a problem was added. */
static const struct form *find_form(const struct walk *walk, const config_setting_t *group)
{
    const struct form *found = NULL;
    const char *near;
    size_t count = 0;

    for (size_t i = 0; i < FORMS; i++) {
        if (setting_member(group, forms[i].name) != NULL) {
            found = &forms[i];
            count++;
        }
    }
    if (count == 1)
        return found;
    near = count > 0 ? NULL : nearest_form(group);
    setting_problem(&walk->lore->reader, group,
                    "a test has exactly one of fact, all, any, not, every, some and undecided; this one has %s%s%s",
                    count > 0 ? "more" : "none", near == NULL ? "" : "; the nearest is ", near == NULL ? "" : near);
    return NULL;
}

static void check_members(const struct walk *walk, const config_setting_t *group, const struct form *form)
{
    for (size_t i = 0; i < (size_t)config_setting_length(group); i++) {
        const config_setting_t *setting = setting_element(group, i);
        const char *name = config_setting_name(setting), *nearest;

        if (strcmp(name, form->name) == 0 || knowledge_is_among(form->beside, name))
            continue;
        nearest = text_nearest(name, form->beside, knowledge_count(form->beside));
        setting_problem(&walk->lore->reader, setting, "a test with %s has no such key%s%s", form->name,
                        nearest == NULL ? "" : "; the nearest is ", nearest == NULL ? "" : nearest);
    }
}

static void read_test(const struct walk *walk, const config_setting_t *setting, struct test *test)
{
    const struct form *form;

    if (!setting_is_group(&walk->lore->reader, setting))
        return;
    if (walk->depth > CONDITION_MAX_DEPTH) {
        setting_problem(&walk->lore->reader, setting, "tests within tests: %d deep is possible", CONDITION_MAX_DEPTH);
        return;
    }
    form = find_form(walk, setting);
    if (form == NULL)
        return;
    check_members(walk, setting, form);
    test->type = form->type;
    form->read(walk, setting_member(setting, form->name), test);
}

/* NOLINTEND(misc-no-recursion) */

void knowledge_test(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    struct walk walk = { .lore = lore_of(reader), .depth = 1 };
    struct test *test = arena_alloc(knowledge_arena(walk.lore), sizeof *test);

    (void)key;
    read_test(&walk, setting, test);
    *(const struct test **)to = test;
}
