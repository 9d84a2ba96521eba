/* What went wrong: a class that the scheduler acts on, and a sentence that an administrator can act on.
 *
 * A failing function returns false (or -1) and fills the struct err it was given. Lower layers set, upper layers add
 * context in front, only the top logs. Every err argument may be NULL where the caller does not care. */
#ifndef ERR_H
#define ERR_H

#include <stdarg.h>
#include <stdbool.h>

/* All but the last are the failure classes of a scan (plugins/muster_plugin.h spells the same ones); the order is part
 * of the wire format. */
#define ERR_CLASSES(X)                                                                                                 \
    X(UNREACHABLE, "unreachable", "no answer: network, name, port or service")                                         \
    X(TIMEOUT, "timeout", "an answer that did not come or did not end in time")                                        \
    X(DENIED, "denied", "the credential was refused, or lacks a right")                                                \
    X(PROTOCOL, "protocol", "an answer that is not what the protocol says")                                            \
    X(BUG, "bug", "a defect in the plugin or in muster itself")                                                        \
    X(UNSUPPORTED, "unsupported", "the target cannot be scanned this way at all")                                      \
    X(CONFIG, "config", "an option, a file or an argument of ours is wrong")                                           \
    X(SYSTEM, "system", "this machine refused: memory, files, processes")

enum err_class {
    ERR_NONE,
#define X(name, word, meaning) ERR_##name,
    ERR_CLASSES(X) ERR_CLASS_COUNT,
};
#undef X

#define ERR_TEXT_SIZE 1024

struct err {
    enum err_class class;
    char text[ERR_TEXT_SIZE]; /* one sentence without a final full stop; cut at the size, never overrun */
};

#define ERR_EMPTY ((struct err){ 0 })

/* Fills err; always returns false, so that a failing function can end in `return err_set(...)`. */
bool err_set(struct err *err, enum err_class class, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool err_vset(struct err *err, enum err_class class, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* As err_set with class system, and ": " and the system's own text for errno behind the sentence. */
bool err_system(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts context and ": " in front of what is there; always returns false. */
bool err_add(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The class as its word ("denied"); "none" for ERR_NONE, "bug" for a number that is no class. */
const char *err_class_word(enum err_class class);

/* The class of a word; ERR_NONE where there is none such. */
enum err_class err_class_named(const char *word);

#endif
