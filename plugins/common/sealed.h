/* The body of a sealed message, multipart/encrypted (MS-WSMV 2.2.9.1.1.2). Pure: bytes in, bytes out. The end of a part
 * is found by the lengths it tells, never by looking for the boundary in the ciphertext. */
#ifndef SEALED_H
#define SEALED_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define SEALED_TYPE_SPNEGO                                                                                             \
    "multipart/encrypted;protocol=\"application/HTTP-SPNEGO-session-encrypted\";boundary=\"Encrypted Boundary\""
#define SEALED_TYPE_KERBEROS                                                                                           \
    "multipart/encrypted;protocol=\"application/HTTP-Kerberos-session-encrypted\";boundary=\"Encrypted Boundary\""

/* Appends the body of one part: plain_size is the length of the message before it was sealed. */
void sealed_write(struct str *out, const char *protocol, size_t plain_size, const void *header, size_t header_size,
                  const void *data, size_t data_size);

struct sealed_part {
    const void *header, *data; /* into the body */
    size_t header_size, data_size;
    size_t plain_size; /* as OriginalContent tells: to be held against what comes out of it */
};

/* The one part of a body of size bytes; content_type is the reply's whole Content-Type (its boundary may be any).
 * False: class protocol. */
bool sealed_read(struct sealed_part *part, const char *content_type, const char *body, size_t size, struct err *err);

#endif
