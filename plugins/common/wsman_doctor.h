/* The pre-flight of a target over WinRM, step by step, each with what to type on the host: name, reverse, route, trust
 * (or encryption), schemes, login, kerberos, generation, clock, and what the plugin needs to be allowed. */
#ifndef WSMAN_DOCTOR_H
#define WSMAN_DOCTOR_H

#include "err.h"
#include "muster_plugin.h"
#include "wsman.h"

#include <stdbool.h>
#include <stddef.h>

/* One right, proven by a question. */
struct wsman_doctor_right {
    const char *step; /* the step's name */
    const char *space, *wql;
    const char *older;   /* the namespace to ask where that one is not there; NULL: none */
    const char *key;     /* of the registry, in place of the two: whether it can be read */
    bool needed;         /* without it nothing is scanned: the step fails; else it is a warning */
    bool must_bring;     /* that nothing comes means that it may not be seen */
    const char *without; /* what is not known without it; NULL: nothing more than the step says */
    const char *remedy;  /* what to do on the host */
};

/* What to do where a namespace is refused; name: as WMI Control spells it, root\\cimv2. */
#define WSMAN_DOCTOR_NAMESPACE(name)                                                                                   \
    "on the host: wmimgmt.msc, WMI Control, Properties, Security, " name                                               \
    ": give the account Enable Account and Remote "                                                                    \
    "Enable; and net localgroup \"Remote Management Users\" ACCOUNT /add (before Windows Server 2012: net localgroup " \
    "Administrators ACCOUNT /add)"

/* Tells every step; what needs one that failed is skipped. Logs in once at most. False: the credential was refused,
 * which is more than a step that failed. */
bool wsman_doctor(struct muster *m, const struct wsman_settings *settings, const struct wsman_doctor_right *rights,
                  size_t count, struct err *err);

#endif
