/* What a scan keeps for the next one, as bytes of the token: the session, its view and filter, the version that it came
 * to, what changed while it read, and when everything was read last. A secret as a whole. Pure. */
#ifndef PASS_H
#define PASS_H

#include "http.h"
#include "vim.h"
#include "vim_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASS_MAX_CHANGES 32768 /* bytes of what changes_write wrote, with its NUL */

struct pass {
    char session[VIM_MAX_SESSION];
    char view[VIM_MAX_REFERENCE + 1], filter[VIM_MAX_REFERENCE + 1], version[VIM_MAX_REFERENCE + 1];
    char fingerprint[HTTP_FINGERPRINT_SIZE]; /* of the server's certificate */
    char changes[PASS_MAX_CHANGES];          /* of changes.h, to be looked at by the next scan */
    int64_t full_at_ms;                      /* wall clock */
};

/* Writes it and returns how many bytes that took; 0: they are more than size. All of any pass fit MUSTER_MAX_TOKEN. */
size_t pass_write(const struct pass *pass, unsigned char *bytes, size_t size);

/* False: it is of another form (another version's of the plugin), or cut: to be taken for none. */
bool pass_read(struct pass *pass, const void *bytes, size_t size);

#endif
