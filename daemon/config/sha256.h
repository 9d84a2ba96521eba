/* The SHA-256 of bytes as sha256sum prints it: what people compare by hand. What programs compare is lib/hash.h. */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>

#define SHA256_HEX_SIZE 65 /* 64 digits and the NUL */

/* Not for secrets: what is left of them on the stack is not wiped. */
void sha256_write(char hex[SHA256_HEX_SIZE], const void *bytes, size_t size);

#endif
