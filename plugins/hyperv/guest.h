/* What a guest tells its host, as facts of the virtual machine. Hostile: whoever runs the guest writes it. Pure. */
#ifndef GUEST_H
#define GUEST_H

#include "machine.h"

#include <stdbool.h>

/* The texts of GuestIntrinsicExchangeItems; one that is broken is passed over, and the facts that hang on it are
 * unread. Names: learn.microsoft.com, Hyper-V data exchange; those of a Linux as its KVP daemon (tools/hv) gives them.
 */
void guest_take(struct machine *machine, struct kvp *kvp, const struct cim_property *items);

/* Why nothing is known of the guest where it told nothing: to be said of all of guest.*. NULL: it told something. */
const char *guest_silence(const struct machine *machine, struct arena *arena);

/* Whether a name is one that a computer of a domain can have: labels of letters, digits and hyphens, with a dot. */
bool guest_is_name(const char *name);

#endif
