/* Proof of sight: that the account sees all there is. An account that lost its rights sees an empty vCenter, and must
 * not empty the inventory.
 *
 * Asked: System.View and System.Read on the root folder (AuthorizationManager.HasPrivilegeOnEntity, with this session),
 * and whether the root's permissions propagate (RetrieveEntityPermissions): the one of the account itself where there
 * is one, else those of groups must all propagate. */
#ifndef SIGHT_H
#define SIGHT_H

#include "err.h"
#include "vim.h"

enum sight { SIGHT_PROVEN = 1, SIGHT_NOT_PROVEN };

/* user: as vim_login told it. SIGHT_NOT_PROVEN fills why with a sentence that says what to grant. */
enum sight sight_prove(struct vim *vim, const char *user, struct err *why);

#endif
