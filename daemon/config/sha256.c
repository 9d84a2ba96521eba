#include "sha256.h"

#include <sha2.h>

_Static_assert(SHA256_HEX_SIZE == SHA256_DIGEST_STRING_LENGTH, "as the library writes it");

void sha256_write(char hex[SHA256_HEX_SIZE], const void *bytes, size_t size)
{
    SHA256Data(bytes, size, hex);
}
