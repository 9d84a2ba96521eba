/* The vocabulary of both streams, as a table: which messages there are, what each carries, within which limits.
 *
 * The control socket joins the daemon and one plugin host; it keeps message boundaries (SOCK_SEQPACKET), one frame to
 * a packet. The scan stream joins the daemon and one scan; the daemon sends the request, all else comes back.
 *
 *     ORDER     daemon to host       start a run; its end of the scan stream comes along as a descriptor
 *     HELLO     host to daemon       the plugin is loaded and prepared; as many OPTIONs follow as it says
 *     OPTION    host to daemon       one line of the plugin's option table
 *     EXIT      host to daemon       the run's process is gone: how, and what it cost
 *     REFUSED   host to daemon       the run (id 0: the plugin itself) could not start, and why
 *     REQUEST   daemon to scan       what to do, with which options and token
 *     ITEM GONE GONE_BY OFFER TOKEN WARNING LOG STEP   scan to daemon, any number
 *     DENIED    scan to daemon       once at the most: the credential was refused, and records come all the same
 *     END FAIL  scan to daemon       the last message, with the counts of those before it */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "arena.h"
#include "err.h"
#include "frame.h"
#include "item.h"
#include "option.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MESSAGE_MAX_WORDS 4096  /* bytes of a sentence: a warning, a log line, last words */
#define MESSAGE_MAX_TOKEN 65536 /* bytes of a token */

enum message_type {
    MESSAGE_ORDER = 1,
    MESSAGE_HELLO,
    MESSAGE_OPTION,
    MESSAGE_EXIT,
    MESSAGE_REFUSED,
    MESSAGE_REQUEST,
    MESSAGE_ITEM,
    MESSAGE_GONE,
    MESSAGE_OFFER,
    MESSAGE_TOKEN,
    MESSAGE_WARNING,
    MESSAGE_LOG,
    MESSAGE_STEP,
    MESSAGE_END,
    MESSAGE_FAIL,
    MESSAGE_GONE_BY,
    MESSAGE_DENIED,
    MESSAGE_UNTRIED, /* has no fields */
    MESSAGE_TYPE_COUNT,
};

/* What a run is to do. */
enum run_mode { RUN_SCAN = 1, RUN_CHECK, RUN_DOCTOR, RUN_RELEASE, RUN_MODE_COUNT };

/* How much a scan saw; the plugin ABI has the same numbers. */
enum completeness { COMPLETE = 1, DELTA, PARTIAL, COMPLETENESS_COUNT };

/* Why a run's process ended. */
enum exit_reason {
    EXIT_ITSELF = 1, /* it exited or died by its own doing: see code and signal */
    EXIT_DEADLINE,   /* killed at its deadline */
    EXIT_CANCELLED,  /* killed because the stream was closed, by the daemon or by the run itself */
    EXIT_FLOODED,    /* killed for writing too much to standard error */
    EXIT_STOPPING,   /* killed because the host was told to stop */
    EXIT_CROWDED,    /* killed for starting too many threads */
    EXIT_REASON_COUNT,
};

struct bytes {
    const void *bytes;
    size_t size;
};

struct text_list {
    const char *const *texts;
    size_t count;
};

struct message_order {
    uint64_t id;          /* the daemon's number for this run, never 0 */
    uint64_t deadline_ms; /* from now; never 0 */
    uint64_t memory_mb;   /* address space; 0: unlimited */
    uint64_t cpu_s;       /* processor time; 0: unlimited */
};

struct message_hello {
    uint64_t pid;
    uint64_t modes; /* bit 1 << run_mode for each callback the plugin has */
    uint64_t option_count;
    const char *name, *version, *summary;
    struct text_list kinds;
    const char *confinement; /* in words: what the kernel lacks of the confinement; "" when nothing */
};

struct message_option {
    const char *name;
    uint64_t type; /* enum option_type */
    uint64_t required;
    const char *fallback; /* may be NULL */
    const char *help;     /* may be NULL */
    struct text_list choices;
    int64_t min, max;
};

struct message_exit {
    uint64_t id;
    uint64_t reason; /* enum exit_reason */
    uint64_t code;   /* exit code, where signal is 0 */
    uint64_t signal; /* the signal that killed it, or 0 */
    uint64_t peak_kb, cpu_us, wall_ms;
    const char *last_words; /* the end of what it wrote to standard error, "" for nothing */
};

struct message_refused {
    uint64_t id;
    uint64_t class; /* enum err_class */
    const char *text;
};

struct message_request {
    uint64_t mode; /* enum run_mode */
    struct option_list options;
    struct bytes token;
};

struct message_gone {
    const char *kind, *key;
};

/* What is gone named by a fact: each item of the kind whose attribute is this text. */
struct message_gone_by {
    const char *kind, *attribute, *value;
};

struct message_offer {
    const char *plugin, *host, *evidence;
    uint64_t port; /* 0: the usual one */
};

struct message_token {
    struct bytes token;
};

struct message_warning {
    const char *kind, *key; /* may be NULL */
    const char *text;
};

struct message_log {
    uint64_t level; /* enum log_level */
    const char *text;
};

struct message_step {
    const char *name;
    uint64_t state;              /* enum step_state */
    const char *detail, *remedy; /* may be NULL */
};

enum step_state { STEP_OK = 1, STEP_WARNING, STEP_FAILED, STEP_SKIPPED, STEP_STATE_COUNT };

struct message_end {
    uint64_t completeness;
    uint64_t items, gone, offers, warnings; /* how many messages of each kind were sent; gone: also GONE_BY */
};

struct message_fail {
    uint64_t class; /* enum err_class */
    const char *text;
};

struct message_denied {
    const char *text;
};

struct message {
    enum message_type type;
    union {
        struct message_order order;
        struct message_hello hello;
        struct message_option option;
        struct message_exit exit;
        struct message_refused refused;
        struct message_request request;
        struct item item;
        struct message_gone gone;
        struct message_gone_by gone_by;
        struct message_offer offer;
        struct message_token token;
        struct message_warning warning;
        struct message_log log;
        struct message_step step;
        struct message_end end;
        struct message_fail fail;
        struct message_denied denied;
    };
};

/* Appends the message as one frame. Fails only where it is too large for a frame. */
bool message_write(struct str *out, const struct message *message, struct err *err);

/* The item's own form, for whoever has no struct message at hand. */
bool message_write_item(struct str *out, const struct item *item, struct err *err);

/* Understands a frame; whatever is out of the table's limits is refused (class protocol). Texts are borrowed from the
 * frame, arrays and items lie in the arena. */
bool message_read(const struct frame *frame, struct arena *arena, struct message *message, struct err *err);

/* The message's name ("END") for sentences; "?" for a number that is none. */
const char *message_name(unsigned type);

#endif
