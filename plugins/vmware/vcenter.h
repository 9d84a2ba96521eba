/* One vCenter Server or stand-alone ESXi host as a target's options name it, and the session with it that a callback
 * has. Saying goodbye has time of its own: a scan is cut off early enough for that. */
#ifndef VCENTER_H
#define VCENTER_H

#include "choice.h"
#include "err.h"
#include "http.h"
#include "muster_plugin.h"
#include "pass.h"
#include "vim.h"

#include <stdbool.h>
#include <stdint.h>

#define VCENTER_GOODBYE_MS 5000 /* for DestroyView and Logout */

struct vcenter {
    struct muster *m;
    struct http_settings http;
    struct choice choice;
    const char *username, *password; /* password: as long as the callback */
    unsigned page;
    bool incremental;
    int64_t full_every_ms;
    struct vim *vim;
    const char *view;                     /* of the session; NULL: none */
    bool open, kept;                      /* a session is there; it is the next scan's */
    bool owed;                            /* it is release's, where the process is killed */
    int64_t reserve_ms, goodbye_until_ms; /* left for the end; monotonic, 0: it has not come */
};

/* Reads the options, that the table has; connects to nothing. */
void vcenter_read(struct vcenter *vcenter, struct muster *m);

/* Whether they can be understood; no network. */
bool vcenter_check(const struct vcenter *vcenter, struct err *err);

bool vcenter_open(struct vcenter *vcenter, struct err *err);

/* Ends the session where it is not kept, within VCENTER_GOODBYE_MS, and forgets it. */
void vcenter_close(struct vcenter *vcenter);

/* A session of its own. One attempt. */
bool vcenter_login(struct vcenter *vcenter, struct err *err);

/* Goes on with the session of a pass. False: it has none that can be understood. */
bool vcenter_resume(struct vcenter *vcenter, const struct pass *pass);

/* Gives the session back to the server, so that another one may begin; what fails is a line of the log. */
void vcenter_end_session(struct vcenter *vcenter);

/* Lets release end the session where this process is killed before it does so itself. */
void vcenter_owe(struct vcenter *vcenter);

/* Keeps the session for the next scan; pass has all but the session and the certificate's fingerprint. False: it does
 * not fit, and nothing is kept. */
bool vcenter_keep(struct vcenter *vcenter, struct pass *pass);

#endif
