/* What a guest of Hyper-V tells its host, name by name: the texts of GuestIntrinsicExchangeItems, each an instance of
 * Msvm_KvpExchangeDataItem as XML inside of the reply's (DSP0201 5.2; Hyper-V WMI provider, Msvm_KvpExchangeDataItem).
 * Whoever runs the guest writes them: hostile. Pure.
 *
 *     struct kvp *kvp = kvp_create();
 *     for each text: if (kvp_skim(kvp, text, &item)) ...
 *                    else if (kvp_may_be(text, "OSName") && kvp_read(kvp, text, &item, &err)) ...
 *     kvp_destroy(kvp);
 */
#ifndef KVP_H
#define KVP_H

#include "err.h"

#include <stdbool.h>

#define KVP_MAX_ITEM 65536 /* bytes of one text */
#define KVP_MAX_NAME 2048  /* Hyper-V's own limits are 512 and 2,048 characters of UTF-16 */
#define KVP_MAX_DATA 8192

/* Reads one text after the other. */
struct kvp;

struct kvp_item {
    const char *name;
    const char *data; /* "" where it has none */
};

struct kvp *kvp_create(void);
void kvp_destroy(struct kvp *kvp);

/* Reads one that is written as hosts write nearly all, which is cheap: as kvp_read does. False: it is none of these. */
bool kvp_skim(struct kvp *kvp, const char *text, struct kvp_item *item);

/* Whether another is worth reading for an item of that name, a text of ours without & and <: cheap. */
bool kvp_may_be(const char *text, const char *name);

/* Texts live until the next is read. False, class protocol: it is none, and says why; the next may be read. */
bool kvp_read(struct kvp *kvp, const char *text, struct kvp_item *item, struct err *err);

#endif
