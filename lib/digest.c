#include "digest.h"

#include <string.h>

/* What waits is hashed under a key that stands for all that came before. */
static void fold(struct digest *digest)
{
    struct hash_key key = { digest->state.low, digest->state.high };

    digest->state = hash128(&key, digest->bytes, digest->waiting);
    digest->waiting = 0;
}

static void put(struct digest *digest, const void *bytes, size_t size)
{
    const unsigned char *from = bytes;

    while (size > sizeof digest->bytes - digest->waiting) {
        size_t room = sizeof digest->bytes - digest->waiting;

        memcpy(digest->bytes + digest->waiting, from, room);
        digest->waiting = sizeof digest->bytes;
        from += room;
        size -= room;
        fold(digest);
    }
    memcpy(digest->bytes + digest->waiting, from, size);
    digest->waiting += size;
}

/* Most numbers are small, and most bytes would be 0: seven bits to a byte, the sign first, the rest behind it. */
void digest_number(struct digest *digest, int64_t number)
{
    uint64_t left = (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
    unsigned char bytes[10];
    size_t size = 0;

    for (; left >= 0x80; left >>= 7)
        bytes[size++] = (unsigned char)(left | 0x80);
    bytes[size++] = (unsigned char)left;
    put(digest, bytes, size);
}

/* The length leads, so that no text can be taken for the end of another. */
void digest_text(struct digest *digest, const char *text)
{
    size_t size = text == NULL ? 0 : strlen(text);

    digest_number(digest, text == NULL ? -1 : (int64_t)size);
    if (size > 0)
        put(digest, text, size);
}

void digest_texts(struct digest *digest, const char *const *texts, size_t count)
{
    digest_number(digest, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        digest_text(digest, texts[i]);
}

struct hash128 digest_end(struct digest *digest)
{
    fold(digest);
    return digest->state;
}
