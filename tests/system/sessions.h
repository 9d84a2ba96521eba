/* A daemon whose targets keep sessions from scan to scan: the specimen "session", which says in the log what it was
 * given and what it gave back.
 *
 *     sessions_begin(&rig);                        // target t has kept session-1
 *     sessions_scan(&rig, "fail 2 well", 1);
 *     rig_await_text(&rig, "log", "t: gave back session-2");
 *     sessions_end(&rig);
 */
#ifndef SESSIONS_H
#define SESSIONS_H

#include "rig.h"

/* What the next run does: what a scan does (well, twice, fail, die, hang), which session it keeps (0: none), and what a
 * release does (well, deny, die, hang). */
void sessions_order(struct rig *rig, const char *orders);

/* Targets of the next configuration: one with sessions, and more options; or any. */
void sessions_add_one(const struct rig *rig, const char *name, const char *more);
void sessions_add(const char *text);
void sessions_configure(struct rig *rig);
void sessions_reload(struct rig *rig);

/* Gives the order, and a scan of t that ends so. */
void sessions_scan(struct rig *rig, const char *orders, int status);

/* With a target t whose scan has kept session-1. */
void sessions_begin(struct rig *rig);

/* SIGTERM, and that the daemon ends well. */
void sessions_stop(struct rig *rig);

void sessions_end(struct rig *rig);

/* How often the log has this text. */
size_t sessions_count(struct rig *rig, const char *text);

#endif
