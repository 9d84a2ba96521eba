/* A whole muster in a folder of its own: the real musterd, its plugin hosts, the real command.
 *
 *     struct rig rig;
 *     rig_begin(&rig);
 *     rig_write(&rig, "fleet.jsonl", "{...}\n");
 *     rig_configure(&rig, "targets = ( { name = \"t\"; plugin = \"file\"; options = { path = \"%s/fleet.jsonl\"; }; }
 * );", rig.folder); rig_start(&rig);                                  // comes back when the daemon says READY
 *     assert_int_equal(rig_muster(&rig, "scan", "t", NULL), 0);
 *     assert_non_null(strstr(rig.out, "complete"));
 *     rig_stop(&rig);
 *     rig_end(&rig);                                    // asserts that nothing is left behind
 *
 * Every wait is for an event, and is bounded by a minute. The folder of plugins holds links to all specimens too. */
#ifndef RIG_H
#define RIG_H

#include <stddef.h>
#include <sys/types.h>

#define RIG_PATIENCE_MS 60000

struct rig {
    char folder[64];
    char config[96];
    pid_t daemon;        /* 0: none runs */
    int notify;          /* the service manager's socket */
    char *out, *err;     /* of the last command */
    const char *preload; /* LD_PRELOAD of the next start; NULL: none */
};

void rig_begin(struct rig *rig);
void rig_end(struct rig *rig);

/* Writes a file in the folder, wholly and at once. */
void rig_write(struct rig *rig, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Writes the file "word" with a line that only its owner may read, as a secret has to be. */
void rig_set_password(struct rig *rig, const char *password);

/* Writes the configuration, wholly and at once; database, socket and plugins are put in front. */
void rig_configure(struct rig *rig, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a file in the folder holds; the caller's to free. */
char *rig_read(struct rig *rig, const char *name);

/* A child that is killed when this process ends, however it ends: a test that fails leaves nothing behind. All that is
 * started here is started so. */
pid_t rig_fork(void);

/* Starts the daemon and waits until it is ready. */
void rig_start(struct rig *rig);

/* Starts it with one more argument ("--once"), or none (NULL), and does not wait. Its standard output and error go to
 * the files out and log of the folder. */
void rig_spawn(struct rig *rig, const char *argument);

/* SIGHUP, and waits until the daemon is ready again, with the new configuration or with the former one. */
void rig_reload(struct rig *rig);

/* Waits for its end; its exit status, or 1000 and the signal's number. */
int rig_wait(struct rig *rig);

/* SIGTERM, and that it ends well. */
void rig_stop(struct rig *rig);

/* SIGKILL. */
void rig_kill(struct rig *rig);

/* Waits until this process has no children any more, those that came to it as orphans among them. */
void rig_assert_alone(void);

/* One child that is nothing of the daemon's, and may stay: a peer. 0: none. */
void rig_set_neighbour(pid_t pid);

/* Waits until the daemon tells its service manager something that holds this text. */
void rig_await(struct rig *rig, const char *state);

/* Waits until a file in the folder holds this text. A run that nobody asks for begins within its `every`, but within a
 * minute where that is longer: too late for this, so let it be due every second. */
void rig_await_text(struct rig *rig, const char *name, const char *text);

/* The command, its words ended by NULL; returns its exit status. rig->out and rig->err hold what it printed. */
int rig_muster(struct rig *rig, ...) __attribute__((sentinel));

/* muster scan in a process of its own, and the exit status that it ends with. */
pid_t rig_scan_in_background(struct rig *rig);
int rig_end_of(pid_t pid);

/* One number that a statement gives, asked of the database as a reader asks. */
long long rig_number(struct rig *rig, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fails the test where the database is not whole: integrity, references, no half scan. */
void rig_assert_whole(struct rig *rig);

#endif
