/* One callback's run: what a plugin knows as `struct muster`. Options come in as a request, records go out as frames
 * through a sink. The same code serves the forked scan, --once, --doctor and plugins/mock: they differ in the sink. */
#ifndef RUN_H
#define RUN_H

#include "arena.h"
#include "err.h"
#include "item.h"
#include "message.h"
#include "muster_plugin.h"
#include "option.h"
#include "plugin.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the frames go. write takes all of it; it may not come back at all where nobody reads any more. */
struct sink {
    void (*write)(void *context, const void *bytes, size_t size);
    void *context;
    bool eager; /* wants each record at once, not a full buffer */
};

struct muster_item {
    struct muster *m;
    struct item item;
    bool open;        /* between muster_item() and muster_emit() */
    struct err fault; /* why the item will be refused; class none: it will not */
};

struct muster {
    const struct plugin *plugin;
    enum run_mode mode;
    struct option_value *values; /* as the plugin's option table is ordered */
    struct bytes token;
    int64_t deadline_ms; /* on the monotonic clock; INT64_MAX: none */
    struct arena arena;  /* wiped: options, secrets, muster_alloc() */
    struct arena item_arena;
    struct muster_item current;
    struct sink sink;
    struct str out;
    uint64_t items, gone, offers, warnings, logs;
    uint64_t warnings_withheld;
    enum completeness completeness; /* 0: the plugin has not said */
    bool left_out;                  /* a record or a link of one was not sent: it is not gone for that */
    bool refused;                   /* the credential was, as the plugin said */
    bool untried;                   /* likewise, that it was not used */
    struct err failure;             /* class none: it has not failed */
};

/* deadline_ms as in struct muster. The plugin must outlive the run. */
void run_init(struct muster *m, const struct plugin *plugin, const struct sink *sink, int64_t deadline_ms);

/* Takes the request: resolves the options against the plugin's table and copies everything. False: something does not
 * fit; the run has failed (class config, all problems in one sentence) and must still be closed. */
bool run_request(struct muster *m, const struct message_request *request);

/* Calls the plugin's callback for the mode, if it has one; before a scan the check, which may find something wrong; in
 * place of a doctor that there is not, the check too. */
void run_call(struct muster *m);

/* Sends END or FAIL as the last message and flushes. */
void run_close(struct muster *m);

void run_finish(struct muster *m);

/* For the functions of the ABI: sends a message, a warning, a failure. Messages are buffered: run_flush sends what is
 * there, run_flush_if_full only a full buffer. */
void run_send(struct muster *m, const struct message *message);
void run_flush(struct muster *m);
void run_flush_if_full(struct muster *m);
void run_warn(struct muster *m, const char *kind, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Gives up the current record, with a warning. */
void run_leave_out(struct muster *m, const char *why);

void run_vfail(struct muster *m, enum err_class class, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
void run_fail(struct muster *m, enum err_class class, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Text from a plugin as it may be sent: valid UTF-8, at most max bytes, the rest marked as cut. In the item's arena. */
const char *run_words(struct muster *m, const char *text, size_t max);

#endif
