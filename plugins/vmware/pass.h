/* What a scan keeps for the next one, as bytes of the token: the session, its view and filter, the version that it came
 * to, and when everything was read last. A secret as a whole. Pure. */
#ifndef PASS_H
#define PASS_H

#include "err.h"
#include "http.h"
#include "vim_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pass {
    char session[HTTP_MAX_COOKIES];
    char view[VIM_MAX_REFERENCE + 1], filter[VIM_MAX_REFERENCE + 1], version[VIM_MAX_REFERENCE + 1];
    char fingerprint[HTTP_FINGERPRINT_SIZE]; /* of the server's certificate */
    int64_t full_at_ms;                      /* wall clock */
};

/* At most MUSTER_MAX_TOKEN bytes; returns how many. */
size_t pass_write(const struct pass *pass, unsigned char *bytes, size_t size);

/* False: it is of another form (an older plugin's), or cut: to be taken for none. */
bool pass_read(struct pass *pass, const void *bytes, size_t size);

#endif
