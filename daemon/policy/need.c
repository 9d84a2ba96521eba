#include "need.h"

#include <string.h>

static enum need with_age(enum need need, bool stale)
{
    return need == NEED_NOTHING && stale ? NEED_LOOK : need;
}

enum need need_of(enum verdict_word word, enum verdict_class class, bool stale)
{
    static const enum need needs[] = {
        [VERDICT_SUPPORTED] = NEED_NOTHING, [VERDICT_DEPRECATED] = NEED_DECIDE, [VERDICT_CONDITIONAL] = NEED_LOOK,
        [VERDICT_UNKNOWN] = NEED_LOOK,      [VERDICT_UNLISTED] = NEED_DECIDE,   [VERDICT_CONTRADICTORY] = NEED_ACT,
        [VERDICT_UNSUPPORTED] = NEED_ACT,
    };

    if (word == VERDICT_UNLISTED && (class == CLASS_NEWER || class == CLASS_OLDER))
        return NEED_ACT;
    return with_age(needs[word], stale);
}

enum need need_ruled(enum verdict_word word, enum verdict_class class, enum answer ruled, bool stale)
{
    static const enum need needs[] = {
        [ANSWER_NO] = NEED_ACT, [ANSWER_YES] = NEED_NOTHING, [ANSWER_DEPRECATED] = NEED_DECIDE
    };

    return ruled == 0 ? need_of(word, class, stale) : with_age(needs[ruled], stale);
}

enum need need_of_words(const char *verdict, const char *class, const char *ruled, bool stale)
{
    enum verdict_word word = verdict_find(verdict);

    if (word == 0)
        return NEED_NOTHING;
    return need_ruled(word, class == NULL ? CLASS_NONE : verdict_class_find(class),
                      ruled == NULL ? 0 : answer_find(ruled), stale);
}

static const char *const words[] = {
    [NEED_NOTHING] = "", [NEED_LOOK] = "look", [NEED_DECIDE] = "decide", [NEED_ACT] = "act"
};

const char *need_word(enum need need)
{
    return words[need];
}

enum need need_find(const char *word)
{
    enum need need = NEED_ACT;

    while (need != NEED_NOTHING && strcmp(words[need], word) != 0)
        need--;
    return need;
}
