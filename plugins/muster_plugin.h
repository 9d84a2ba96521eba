/* The plugin ABI of muster, version 1. This header is all that a plugin needs; it includes standard headers only.
 *
 * A plugin is one static table and one blocking function:
 *
 *     #include "muster_plugin.h"
 *
 *     static int scan(struct muster *m)
 *     {
 *         struct muster_item *host = muster_item(m, "machine", muster_text(m, "host"));
 *         muster_set(host, "os.build", "10.0.14393");
 *         muster_emit(host);
 *         return 0;
 *     }
 *
 *     static const struct muster_option options[] = {
 *         { .name = "host", .type = MUSTER_TEXT, .required = 1, .help = "name or address of the machine" },
 *         { 0 },
 *     };
 *
 *     static const char *const kinds[] = { "machine", NULL };
 *
 *     MUSTER_PLUGIN(.name = "hello", .version = "1.0", .summary = "a first plugin",
 *                   .options = options, .kinds = kinds, .scan = scan);
 *
 * Phases. The plugin host loads the shared object once and calls prepare() once. After that, each check, scan, doctor
 * and release runs in a process of its own, forked from the prepared host, confined, with a deadline, and ended by
 * exit: nothing need be freed, and nothing a callback does is seen by another. In that process other processes cannot
 * be started, signalled or traced, only the files named by options of type MUSTER_PATH and the system's own may be
 * read, nothing may be written, and standard output is standard error. Threads may be started (64 at the most); the
 * functions of this page are for one thread at a time.
 *
 * Compatibility. Members are only ever appended, functions are never removed and never change: a plugin compiled with
 * the first version of this header loads for ever. A host zero-fills the members an older plugin does not have.
 *
 * Text is UTF-8 and NUL-terminated. What a plugin hands over is copied, and may be freed or changed as soon as the
 * call returns. Text with invalid UTF-8 is recorded with U+FFFD in place of the bad bytes. Every limit of this page
 * is enforced: what exceeds one is left out with a warning in the scan's record, never cut in silence. */
#ifndef MUSTER_PLUGIN_H
#define MUSTER_PLUGIN_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MUSTER_ABI 1

#define MUSTER_MAX_ITEMS 1000000      /* items of one scan; the next one ends it as a failure */
#define MUSTER_MAX_KEY 1024           /* bytes of an item's key */
#define MUSTER_MAX_NAME 128           /* bytes of a kind's, attribute's or relation's name */
#define MUSTER_MAX_TEXT 65536         /* bytes of one text value, or of one element of a list */
#define MUSTER_MAX_LIST 4096          /* elements of one list value */
#define MUSTER_MAX_ATTRIBUTES 512     /* attributes of one item */
#define MUSTER_MAX_LINKS 4096         /* links of one item */
#define MUSTER_MAX_UNREAD 64          /* unread sections of one item */
#define MUSTER_MAX_ITEM_BYTES 1000000 /* all of one item together */
#define MUSTER_MAX_TOKEN 65536        /* bytes of a token */

struct muster;       /* one callback's run: options in, records out */
struct muster_item;  /* one inventory record being filled */
struct muster_error; /* where prepare() says why it failed */

/* ------------------------------------------------------------------------------------------------ the table ---- */

enum muster_option_type {
    MUSTER_TEXT = 1, /* any text */
    MUSTER_INT,      /* a whole number; min and max apply when they differ */
    MUSTER_BOOL,     /* true, false, yes, no, on, off */
    MUSTER_SECRET,   /* a password or key: never on a command line, in a log or in a database */
    MUSTER_CHOICE,   /* one of choices */
    MUSTER_DURATION, /* a number with ms, s, m, h, d or w; min and max are milliseconds */
    MUSTER_LIST,     /* several texts */
    MUSTER_PATH,     /* an absolute path; the file, or all beneath the folder, is readable while the scan runs */
};

/* An array of options ends with an element whose name is NULL. */
struct muster_option {
    const char *name;           /* lower case letters, digits and _; starts with a letter */
    int type;                   /* enum muster_option_type */
    int required;               /* not 0: the configuration must give it */
    const char *fallback;       /* written as in a configuration; NULL: unset when not given */
    const char *help;           /* one line for an administrator */
    const char *const *choices; /* MUSTER_CHOICE only; ends with NULL */
    int64_t min, max;           /* inclusive; both 0: no bounds */
};

/* Filled with designated initialisers by MUSTER_PLUGIN, which also writes the first three members. */
struct muster_plugin {
    uint32_t abi;         /* MUSTER_ABI */
    uint32_t size;        /* sizeof(struct muster_plugin) as the plugin knew it */
    uint32_t option_size; /* sizeof(struct muster_option) as the plugin knew it: the stride of options */
    uint32_t reserved;    /* 0 */

    const char *name;                    /* required; as an option's name */
    const char *version;                 /* required; the plugin's own version */
    const char *summary;                 /* required; one line */
    const struct muster_option *options; /* NULL: the plugin has no options */
    const char *const *kinds;            /* required; the kinds of item it emits, ending with NULL; "*": any */

    /* Once, before any fork, with no options and no secrets: initialise libraries, load what every scan would load.
     * Must leave no thread and no socket behind. 0, or -1 after muster_prepare_fail(). NULL: nothing to prepare. */
    int (*prepare)(struct muster_error *error);

    /* Looks at the options only, beyond what the table says of each; no network. Called by itself when a configuration
     * is read, and before each scan() in the same process. 0, or -1 after muster_fail(). NULL: there is nothing to look
     * at. */
    int (*check)(struct muster *m);

    /* Required. Enumerates the target; may block. 0, or -1 after muster_fail(). */
    int (*scan)(struct muster *m);

    /* A pre-flight in steps, each told by muster_step(): name, route, trust, login, rights. 0, or -1 after
     * muster_fail(). NULL: the plugin has none. */
    int (*doctor)(struct muster *m);

    /* Gives back what the token holds on the target (a session, say). Called when the target leaves the configuration
     * or has other options there (with the options that made the token, and the secret as it is now), when a scan that
     * had it is not committed, and when the daemon ends: then within seconds. Never for a token that a committed scan
     * was given: that scan took it over. It has 10 seconds, and that it fails is a line in the log. It must not log in
     * anew: a refusal would count nowhere. NULL: a token needs no release. */
    int (*release)(struct muster *m);
};

/* The one symbol that a plugin exports; defined by MUSTER_PLUGIN. */
const struct muster_plugin *muster_plugin_entry(void);

#define MUSTER_EXPORT __attribute__((visibility("default")))

#define MUSTER_PLUGIN(...)                                                                                             \
    MUSTER_EXPORT const struct muster_plugin *muster_plugin_entry(void)                                                \
    {                                                                                                                  \
        static const struct muster_plugin plugin = {                                                                   \
            .abi = MUSTER_ABI,                                                                                         \
            .size = sizeof(struct muster_plugin),                                                                      \
            .option_size = sizeof(struct muster_option),                                                               \
            __VA_ARGS__,                                                                                               \
        };                                                                                                             \
        return &plugin;                                                                                                \
    }                                                                                                                  \
    struct muster_plugin /* takes the semicolon */

#if defined(__GNUC__)
#define MUSTER_PRINTF(string, first) __attribute__((format(printf, string, first)))
#else
#define MUSTER_PRINTF(string, first)
#endif

/* Why prepare() failed, in one sentence. Always -1. */
int muster_prepare_fail(struct muster_error *error, const char *format, ...) MUSTER_PRINTF(2, 3);

/* -------------------------------------------------------------------------------------------------- options ---- */

/* One getter per option type. What is returned lives until the callback returns. Asking for a name that the table
 * does not have, or by another type's getter, fails the scan as a bug of the plugin; the getter then returns
 * NULL or 0. */
int muster_is_set(struct muster *m, const char *name);          /* given, or has a fallback */
const char *muster_text(struct muster *m, const char *name);    /* NULL when unset */
int64_t muster_int(struct muster *m, const char *name);         /* 0 when unset */
int muster_bool(struct muster *m, const char *name);            /* 0 when unset */
const char *muster_choice(struct muster *m, const char *name);  /* NULL when unset */
int64_t muster_duration_ms(struct muster *m, const char *name); /* 0 when unset */
const char *muster_path(struct muster *m, const char *name);    /* NULL when unset */

/* The secret's bytes, NUL-terminated, and their number in *size where size is not NULL; NULL when unset. The memory
 * is wiped at the end; do not copy it to where it is not. */
const char *muster_secret(struct muster *m, const char *name, size_t *size);

/* The elements and, in *count where count is not NULL, their number; NULL and 0 when unset. */
const char *const *muster_list(struct muster *m, const char *name, size_t *count);

/* ----------------------------------------------------------------------------------------------- housekeeping ---- */

/* Milliseconds until this process is killed; never negative. INT64_MAX where there is no deadline. */
int64_t muster_left_ms(struct muster *m);

/* Zeroed memory, wiped and given back when the callback returns. Never NULL: without memory the process ends. */
void *muster_alloc(struct muster *m, size_t size);
char *muster_fmt(struct muster *m, const char *format, ...) MUSTER_PRINTF(2, 3);

enum muster_level { MUSTER_DEBUG = 1, MUSTER_INFO, MUSTER_WARNING, MUSTER_ERROR };

/* A line for whoever looks after the daemon. The first 1,000 lines of a scan are kept. Never put a secret in it. */
void muster_log(struct muster *m, int level, const char *format, ...) MUSTER_PRINTF(3, 4);

/* -------------------------------------------------------------------------------------------------- records ---- */

/* Starts a record. kind is one of the table's kinds; key is what the target itself never gives to another object of
 * the kind (a GUID rather than a name). Never NULL. Only one record is open at a time: starting another before
 * muster_emit() leaves the first out, with a warning. The pointer is good until muster_emit() or the next
 * muster_item(); using it later fails the scan as a bug. */
struct muster_item *muster_item(struct muster *m, const char *kind, const char *key);

/* Sets an attribute. Names are lower case, dotted ("os.build"); those of the data dictionary (docs/attributes.md)
 * keep its type, others are free. A time is text, "2018-03-01T12:00:00Z". A NULL text or list sets nothing; an
 * empty list says that there are none. Setting a name again replaces its value. A value that cannot be recorded (too
 * long, of another type than the dictionary's) is left out, and marked as unread with the reason. */
void muster_set(struct muster_item *item, const char *attribute, const char *text);
void muster_set_int(struct muster_item *item, const char *attribute, int64_t number);
void muster_set_bool(struct muster_item *item, const char *attribute, int truth);
void muster_set_list(struct muster_item *item, const char *attribute, const char *const *texts, size_t count);

/* Says how the record relates to another ("runs_on", "member_of"), named by kind and key in the same source. */
void muster_link(struct muster_item *item, const char *relation, const char *kind, const char *key);

/* The same where the far end belongs to another source: named by an identity fact ("id.fqdn" and its value). */
void muster_link_by(struct muster_item *item, const char *relation, const char *kind, const char *attribute,
                    const char *value);

/* Says that the attribute, or all that start with the prefix when it ends in '.', could not be read, and why. Not
 * read is not absent: the last known value is kept with its own age. */
void muster_unread(struct muster_item *item, const char *attribute_or_prefix, const char *format, ...)
    MUSTER_PRINTF(3, 4);

/* Sends the record. 0, or -1 when it was left out (a warning says why). The scan goes on either way; one that left a
 * record out is not complete, whatever muster_end() says, but partial. */
int muster_emit(struct muster_item *item);

/* In a scan that ends as MUSTER_DELTA: the object is no longer there. */
void muster_gone(struct muster *m, const char *kind, const char *key);

/* The same where the target's notice names the object by something else than its key: each object of this kind that
 * this target told of, whose attribute is text and equals value, is no longer there. Where none is, nothing happens;
 * what this scan sent as a record stays. The value is not empty, and at most MUSTER_MAX_TEXT bytes. Counts as gone do
 * for MUSTER_MAX_ITEMS. Not in the first hosts of version 1: these refuse to load a plugin that uses it, and say why.
 */
void muster_gone_by(struct muster *m, const char *kind, const char *attribute, const char *value);

/* Proposes another target: what plugin could scan it, its host name or address and port (0: the usual), and how it
 * became known. The daemon decides; a proposal never carries a credential. */
void muster_offer(struct muster *m, const char *plugin, const char *host, int port, const char *evidence);

/* One object could not be recorded, or not wholly; kept in the scan's record. kind and key may be NULL. The first
 * 1,000 warnings of a scan are kept, the rest counted. */
void muster_warn(struct muster *m, const char *kind, const char *key, const char *format, ...) MUSTER_PRINTF(4, 5);

/* ---------------------------------------------------------------------------------------------------- token ---- */

/* The token that the last committed scan of this target kept, and its size in *size where size is not NULL; NULL and 0
 * when there is none: the first scan, a restart, changed options, and after a scan that was given one and did not end
 * committed (it failed, died, was cancelled), for it may have moved a cursor on at the target, and after a scan that
 * had a record twice. A token is kept in the daemon's memory only, and may hold secrets. A scan is given it once: from
 * then on what it holds on the target is the scan's to keep or to give up. In release(), what is to be given back. */
const void *muster_token(struct muster *m, size_t *size);

/* Keeps bytes for the next scan; in force only once this scan has been committed. The last call counts; one of no bytes
 * keeps nothing. Where the scan
 * is not committed, release() is given what it kept last, or else what it was given: whoever keeps a token as soon as
 * it holds something on the target leaves nothing there, however the scan ends. */
void muster_keep_token(struct muster *m, const void *bytes, size_t size);

/* ----------------------------------------------------------------------------------------------- the outcome ---- */

enum muster_completeness {
    MUSTER_COMPLETE = 1, /* everything there is was seen: what was not sent is gone */
    MUSTER_DELTA,        /* only what changed since the token's scan, with muster_gone() for what went */
    MUSTER_PARTIAL,      /* something could not be seen: nothing is gone for lack of mention */
};

/* Says how much was seen. Returning 0 from scan() without it means MUSTER_COMPLETE. A warning does not make a scan
 * partial: say so here when it should be. Nothing may be emitted after. */
void muster_end(struct muster *m, int completeness);

enum muster_class {
    MUSTER_UNREACHABLE = 1, /* no answer: network, name, port or service */
    MUSTER_TIMEOUT,         /* an answer that did not come or did not end in time */
    MUSTER_DENIED,          /* the credential was refused: every target that uses it waits */
    MUSTER_PROTOCOL,        /* an answer that is not what the protocol says */
    MUSTER_BUG,             /* a defect of the plugin */
    MUSTER_UNSUPPORTED,     /* this target cannot be scanned this way at all */
    MUSTER_CONFIG,          /* the options are wrong, whatever the target is */
};

/* Fails the callback: what failed, why (keep the library's own text), what to do. Always -1, so that a function can
 * end in `return muster_fail(...)`. The first call counts. */
int muster_fail(struct muster *m, int failure_class, const char *format, ...) MUSTER_PRINTF(3, 4);

/* The credential was refused, though records can be made without it: they stand, the scan is partial whatever
 * muster_end() says, the token it keeps does not come into force, and every target that uses the credential waits as
 * after MUSTER_DENIED. The text is as muster_fail()'s. To be called as soon as the refusal is known: it is told at
 * once, and counts however the callback ends. The first call counts. Not in the first hosts of version 1: these refuse
 * to load a plugin that uses it, and say why. */
void muster_refused(struct muster *m, const char *format, ...) MUSTER_PRINTF(2, 3);

/* The credential was not tried, though there is one: records were made without it. That such a run ends well says
 * nothing of whether it is right, and lets no other target go ahead with it. To be called before muster_end(); where
 * the credential was refused, it says nothing more. Not in the first hosts of version 1: these refuse to load a plugin
 * that uses it, and say why. */
void muster_untried(struct muster *m);

enum muster_step_state { MUSTER_STEP_OK = 1, MUSTER_STEP_WARNING, MUSTER_STEP_FAILED, MUSTER_STEP_SKIPPED };

/* In doctor(): one step's result. detail says what was seen, remedy what to do; both may be NULL. */
void muster_step(struct muster *m, const char *name, int state, const char *detail, const char *remedy);

#ifdef __cplusplus
}
#endif

#endif
