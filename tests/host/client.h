/* A small stand-in for the daemon: starts a real muster-plugin-host, gives it orders, reads the streams.
 *
 *     struct client client;
 *     assert_true(client_start(&client, SPECIMENS "/ok.so", NULL, &err));
 *     struct scan *scan = client_scan(&client, RUN_SCAN, &usual_order, NULL, 0);
 *     client_wait(&client, scan);
 *     assert_true(scan->outcome.good);
 *     client_stop(&client);                  // asserts that nothing is left behind
 *
 * Everything is bounded in time; running out of it fails the wait, with a sentence. */
#ifndef CLIENT_H
#define CLIENT_H

#include "err.h"
#include "item.h"
#include "message.h"
#include "outcome.h"
#include "stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CLIENT_PATIENCE_MS 60000 /* for anything to come true */
#define CLIENT_MAX_SCANS 512
#define CLIENT_MAX_DESCRIPTORS 8 /* with one packet */

struct scan {
    uint64_t id;
    int stream;   /* -1 once closed */
    bool stalled; /* do not read from it: a daemon that has no time */
    bool exited, refused;
    struct message_exit exit;
    char last_words[MESSAGE_MAX_WORDS];
    struct err refusal;
    struct stream received;
    struct outcome outcome; /* once it is over */
    uint64_t recorded;      /* items that count: not those that came twice */
    char warning[1024];     /* the last one */
    char log[1024];         /* the last one */
    char note[256];         /* attribute "note" of the last item */
    char why[1024];         /* why of the last unread section */
    char token[64];         /* the last one */
    uint64_t token_size, steps;
    char step[256]; /* detail of the last one */
};

struct client {
    pid_t pid;
    int control;
    bool ready; /* HELLO came */
    struct message_hello hello;
    char name[ITEM_MAX_NAME + 1], confinement[1024];
    size_t options;
    size_t descriptors; /* that the host had open when it was ready */
    struct err refusal; /* the plugin itself was refused, or an order that had no number */
    int status;         /* of the host, once it is gone */
    bool gone;
    struct scan *scans[CLIENT_MAX_SCANS];
    size_t scan_count;
    size_t exits; /* that came, of scans known and unknown */
    uint64_t next_id;
};

/* name=value */
struct client_option {
    const char *name, *value;
};

extern const struct message_order usual_order;

/* Starts the host with --serve and waits for HELLO. flags: further arguments, ended by NULL, or NULL for none. False:
 * the plugin was refused or the host died; the sentence is in err. */
bool client_start(struct client *client, const char *plugin, const char *const *flags, struct err *err);

/* Orders a run (id is given by the client) and sends its request. */
struct scan *client_scan(struct client *client, enum run_mode mode, const struct message_order *order,
                         const struct client_option *options, size_t count);

/* The same in two steps, to send something else than a request, or nothing. */
struct scan *client_order(struct client *client, const struct message_order *order);
bool client_request(struct scan *scan, enum run_mode mode, const struct client_option *options, size_t count);

/* Any request at all, any bytes at all, and that no more of them will come. */
bool client_send(struct scan *scan, const struct message *message);
bool client_write(struct scan *scan, const void *bytes, size_t size);
void client_cut_off(struct scan *scan);

/* An order by itself, or any packet on the control socket, with as many descriptors. Returns whether it was sent. */
bool client_send_order(struct client *client, const struct message_order *order, const int *descriptors, size_t count);
bool client_packet(struct client *client, const void *bytes, size_t size, const int *descriptors, size_t count);

/* Serves all streams and the control socket until this scan is over. False: it was not within a minute. */
bool client_wait(struct client *client, struct scan *scan);

/* The same for all scans. */
bool client_wait_all(struct client *client);

/* The same until so many runs have ended. */
bool client_wait_exits(struct client *client, size_t count);

/* Serves for as long as condition is false, up to a minute. */
bool client_until(struct client *client, bool (*condition)(const struct client *client, const struct scan *scan),
                  const struct scan *scan);

/* Closes a scan's stream: that cancels it. */
void client_cancel(struct scan *scan);

/* Ends the host in good order. Returns NULL, or a sentence on what was wrong or left behind: a process, a descriptor,
 * a status. All scans must be over; those that are not are cancelled. */
const char *client_stop(struct client *client);

/* Only tells the host that no more orders will come. */
void client_drain(struct client *client);

/* Closes the control socket, and no stream. */
void client_leave(struct client *client);

/* Waits until the host is gone. */
bool client_wait_gone(struct client *client);

/* Kills whatever is left of a test that failed. */
void client_sweep(void);

/* Waits until the host has a child, and gives its pid: the first, where there are several. */
bool client_wait_child(struct client *client, pid_t *pid);

#endif
