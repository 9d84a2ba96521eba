#include "selection.h"

#include "attribute.h"
#include "call.h"
#include "row_protection.h"
#include "text.h"

#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct member {
    const char *name;
    size_t place;
} members[] = {
#define MEMBER(name)                                                                                                   \
    {                                                                                                                  \
#name, offsetof(struct selection, name)                                                                        \
    }
    MEMBER(verdict), MEMBER(class),       MEMBER(workload), MEMBER(method), MEMBER(server), MEMBER(owner),
    MEMBER(site),    MEMBER(criticality), MEMBER(target),   MEMBER(tag),    MEMBER(name),   MEMBER(kind),
#undef MEMBER
};

static const char **value_of(struct selection *selection, const struct member *member)
{
    return (const char **)((char *)selection + member->place);
}

void selection_take(struct selection *selection, const struct flags *flags)
{
    for (size_t i = 0; i < COUNT(members); i++) {
        const char *value = flags_value(flags, members[i].name);

        if (value != NULL)
            *value_of(selection, &members[i]) = value;
    }
}

bool selection_set(struct selection *selection, const char *name, const char *value, struct err *err)
{
    const char *names[COUNT(members)];

    for (size_t i = 0; i < COUNT(members); i++) {
        names[i] = members[i].name;
        if (strcmp(names[i], name) == 0) {
            *value_of(selection, &members[i]) = value;
            return true;
        }
    }
    return call_known("word to select by", name, &(struct query_texts){ names, COUNT(members) }, err);
}

struct query_texts selection_texts(const struct selection *selection, struct arena *arena)
{
    const char **texts = arena_alloc(arena, COUNT(members) * sizeof *texts);
    struct query_texts asked = { texts, 0 };

    for (size_t i = 0; i < COUNT(members); i++) {
        const char *value = *(const char *const *)((const char *)selection + members[i].place);

        if (value != NULL)
            texts[asked.count++] = arena_format(arena, "%s=%s", members[i].name, value);
    }
    return asked;
}

/* ------------------------------------------------------------------------------------------------------- words ---- */

static struct query_texts verdict_words(struct arena *arena)
{
    const char **words = arena_alloc(arena, VERDICT_UNSUPPORTED * sizeof *words);

    for (enum verdict_word word = VERDICT_SUPPORTED; word <= VERDICT_UNSUPPORTED; word++)
        words[word - 1] = verdict_word(word);
    return (struct query_texts){ words, VERDICT_UNSUPPORTED };
}

static struct query_texts method_words(struct arena *arena)
{
    const char **words = arena_alloc(arena, METHOD_HOST * sizeof *words);

    for (enum method method = METHOD_AGENT; method <= METHOD_HOST; method++)
        words[method - 1] = method_word(method);
    return (struct query_texts){ words, METHOD_HOST };
}

/* First what is to be done, then classes of what is unlisted. */
static struct query_texts class_words(struct arena *arena)
{
    const char **words = arena_alloc(arena, (NEED_ACT + CLASS_FOREIGN) * sizeof *words);
    size_t count = 0;

    for (enum need need = NEED_ACT; need > NEED_NOTHING; need--)
        words[count++] = need_word(need);
    for (enum verdict_class class = CLASS_GAP; class <= CLASS_FOREIGN; class ++)
        words[count++] = verdict_class_word(class);
    return (struct query_texts){ words, count };
}

/* One whose value must be a known word. */
struct check {
    const char *what, *value;
    struct query_texts known;
};

static bool check_all(const struct check *checks, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (checks[i].value != NULL && !call_known(checks[i].what, checks[i].value, &checks[i].known, err))
            return false;
    }
    return true;
}

static bool check_fixed(struct arena *arena, const struct selection *selection, struct err *err)
{
    const struct check fixed[] = { { "verdict", selection->verdict, verdict_words(arena) },
                                   { "class", selection->class, class_words(arena) },
                                   { "workload", selection->workload, row_words(workload_words) },
                                   { "method", selection->method, method_words(arena) } };

    return check_all(fixed, COUNT(fixed), err);
}

/* What only the database knows the words of. A kind of the dictionary is right where there is none of it, too. */
enum { ASKED = 7 };

static void list_asked(const struct selection *selection, struct check asked[static ASKED])
{
    const char *kind = selection->kind != NULL && kind_find(selection->kind) != NULL ? NULL : selection->kind;

    asked[0] = (struct check){ .what = "kind", .value = kind };
    asked[1] = (struct check){ .what = "target", .value = selection->target };
    asked[2] = (struct check){ .what = "tag", .value = selection->tag };
    asked[3] = (struct check){ .what = "server", .value = selection->server };
    asked[4] = (struct check){ .what = "owner", .value = selection->owner };
    asked[5] = (struct check){ .what = "site", .value = selection->site };
    asked[6] = (struct check){ .what = "criticality", .value = selection->criticality };
}

static bool read_known(struct view *view, struct check asked[static ASKED], struct err *err)
{
    struct arena *arena = &view->document.arena;

    return query_words(view->query, arena, &asked[0].known, &asked[1].known, &asked[2].known, err) &&
           query_protection_words(view->query, arena, &asked[3].known, &asked[4].known, &asked[5].known,
                                  &asked[6].known, err);
}

enum status selection_check(struct view *view, const struct selection *selection)
{
    struct check asked[ASKED];
    struct err err = ERR_EMPTY;
    bool asks = false;

    if (!check_fixed(&view->document.arena, selection, &err))
        return call_fail(view->call, STATUS_USAGE, &err);
    list_asked(selection, asked);
    for (size_t i = 0; i < ASKED; i++)
        asks = asks || asked[i].value != NULL;
    if (!asks)
        return STATUS_DONE;
    if (!read_known(view, asked, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    return check_all(asked, ASKED, &err) ? STATUS_DONE : call_fail(view->call, STATUS_USAGE, &err);
}

/* ------------------------------------------------------------------------------------------------------ filter ---- */

struct query_protection_filter selection_filter(const struct selection *selection)
{
    struct query_protection_filter filter = {
        .verdict = selection->verdict,
        .class = selection->class,
        .workload = selection->workload,
        .target = selection->target,
        .tag = selection->tag,
        .method = selection->method,
        .server = selection->server,
        .name = selection->name,
        .owner = selection->owner,
        .site = selection->site,
        .criticality = selection->criticality,
    };

    /* class stands for two members of the filter. */
    if (filter.class != NULL && need_find(filter.class) != NEED_NOTHING) {
        filter.need = filter.class;
        filter.class = NULL;
    }
    return filter;
}
