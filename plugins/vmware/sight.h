/* Proof of sight: that the account sees all there is. An account that lost its rights sees an empty vCenter, and must
 * not empty the inventory.
 *
 * Asked: System.View and System.Read on the root folder (AuthorizationManager.HasPrivilegeOnEntity, with this session),
 * and whether the root's permissions propagate (RetrieveEntityPermissions): the one of the account itself where there
 * is one, else those of groups must all propagate. Rights that are global permissions of a vCenter Server stand in no
 * entity's list, and always propagate where they reach the root. */
#ifndef SIGHT_H
#define SIGHT_H

#include "err.h"
#include "vim.h"

enum sight { SIGHT_PROVEN = 1, SIGHT_NOT_PROVEN, SIGHT_FAILED };

/* SIGHT_NOT_PROVEN fills why with a sentence that says what to grant, SIGHT_FAILED with why nothing could be asked:
 * the connection or the session is gone. */
enum sight sight_prove(struct vim *vim, struct err *why);

#endif
