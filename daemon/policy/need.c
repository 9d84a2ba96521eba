#include "need.h"

enum need need_of(enum verdict_word word, enum verdict_class class, bool stale)
{
    static const enum need needs[] = {
        [VERDICT_SUPPORTED] = NEED_NOTHING, [VERDICT_DEPRECATED] = NEED_DECIDE, [VERDICT_CONDITIONAL] = NEED_LOOK,
        [VERDICT_UNKNOWN] = NEED_LOOK,      [VERDICT_UNLISTED] = NEED_DECIDE,   [VERDICT_CONTRADICTORY] = NEED_ACT,
        [VERDICT_UNSUPPORTED] = NEED_ACT,
    };
    enum need need = needs[word];

    if (word == VERDICT_UNLISTED && (class == CLASS_NEWER || class == CLASS_OLDER))
        return NEED_ACT;
    return need == NEED_NOTHING && stale ? NEED_LOOK : need;
}

const char *need_word(enum need need)
{
    static const char *const words[] = {
        [NEED_NOTHING] = "", [NEED_LOOK] = "look", [NEED_DECIDE] = "decide", [NEED_ACT] = "act"
    };

    return words[need];
}
