#include "effects.h"

#include "row_protection.h"
#include "unit.h"
#include "vec.h"

#include <string.h>

#define MOST_NAMES 3    /* in one line */
#define MOST_LOOKED 100 /* other assets whose verdicts are read for that; the rest is only counted */

/* Whose verdict comes from the asset at hand. */
struct other {
    int64_t asset;
    const char *name, *verdict, *method;
};

struct others {
    vec(struct other) list;
    vec(int64_t) looked; /* at which assets */
};

static bool was_looked_at(const struct others *others, int64_t asset)
{
    vec_each (known, &others->looked) {
        if (*known == asset)
            return true;
    }
    return false;
}

static bool is_alike(const struct other *other, const char *verdict, const char *method)
{
    return strcmp(other->verdict, verdict) == 0 && strcmp(other->method, method) == 0;
}

/* Two backup servers may judge it alike: it is one asset all the same. */
static void add_other(struct others *others, const struct query_relation *relation,
                      const struct query_protection *protection)
{
    struct other added = { relation->asset, relation->name, protection->verdict, protection->method };

    vec_each (other, &others->list) {
        if (other->asset == added.asset && is_alike(other, added.verdict, added.method))
            return;
    }
    vec_push(&others->list, added);
}

static bool look_at(struct view *view, struct others *others, const struct query_relation *relation, int64_t cause,
                    struct err *err)
{
    struct query_explanations explanations;

    if (relation->outward || relation->asset == 0 || relation->asset == cause || others->looked.count == MOST_LOOKED ||
        was_looked_at(others, relation->asset))
        return true;
    vec_push(&others->looked, relation->asset);
    if (!query_explain(view->query, relation->asset, view->call->style.now, &view->document.arena, &explanations, err))
        return false;
    for (size_t i = 0; i < explanations.count; i++) {
        if (explanations.list[i].protection.cause == cause)
            add_other(others, relation, &explanations.list[i].protection);
    }
    return true;
}

/* "DB01, WEB01 and 7 other assets"; "9 other assets" where none is known by name. */
static void add_names(struct str *out, const struct query_effect *effect, const struct others *others)
{
    char count[COUNT_TEXT_SIZE];
    int64_t named = 0;

    vec_each (other, &others->list) {
        if (named == MOST_NAMES || !is_alike(other, effect->verdict, effect->method))
            continue;
        named++;
        str_format(out, "%s%s", named == 1 ? "" : named == effect->assets ? " and " : ", ", other->name);
    }
    if (named < effect->assets)
        str_format(out, "%s%s", named == 0 ? "" : " and ",
                   count_text((uint64_t)(effect->assets - named), named == 0 ? "other asset" : "more asset", count));
}

static void add_line(struct sheet *sheet, const struct query_effect *effect, const struct others *others)
{
    struct str names = STR_EMPTY;

    add_names(&names, effect, others);
    sheet_line(sheet, 0, NULL, row_need_tone(need_of_words(effect->verdict, NULL, NULL, false)),
               "It decides the %s protection of %s: %s because of it.", effect->method, str_text(&names),
               effect->verdict);
    str_finish(&names);
}

bool effects_lines(struct view *view, struct sheet *sheet, const struct query_effects *effects,
                   const struct query_detail *detail, struct err *err)
{
    struct others others = { .list = VEC_EMPTY };
    bool good = true;

    for (size_t i = 0; good && effects->count > 0 && i < detail->relation_count; i++)
        good = look_at(view, &others, &detail->relations[i], detail->asset.id, err);
    for (size_t i = 0; good && i < effects->count; i++)
        add_line(sheet, &effects->list[i], &others);
    vec_finish(&others.list);
    vec_finish(&others.looked);
    return good;
}
