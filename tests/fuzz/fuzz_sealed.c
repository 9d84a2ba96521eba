/* A line of Content-Type, then any bytes as a sealed body: what is read lies in the body, and written again it is read
 * as the same. */
#include "sealed.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void write_again(const struct sealed_part *part)
{
    struct sealed_part again;
    struct str out = STR_EMPTY;

    sealed_write(&out, "application/HTTP-SPNEGO-session-encrypted", part->plain_size, part->header, part->header_size,
                 part->data, part->data_size);
    expect(sealed_read(&again, SEALED_TYPE_SPNEGO, out.bytes, out.length, NULL));
    expect(again.header_size == part->header_size && again.data_size == part->data_size &&
           again.plain_size == part->plain_size);
    expect(memcmp(again.header, part->header, part->header_size) == 0);
    expect(memcmp(again.data, part->data, part->data_size) == 0);
    str_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *body = memchr(data, '\n', size);
    size_t line = body == NULL ? size : (size_t)(body - (const char *)data);
    char *type = strndup((const char *)data, line);
    struct sealed_part part;
    struct err err = ERR_EMPTY;

    body = body == NULL ? "" : body + 1;
    size -= line < size ? line + 1 : line;
    if (!sealed_read(&part, type, body, size, &err)) {
        expect(err.class == ERR_PROTOCOL);
    } else {
        expect((const char *)part.header >= body && (const char *)part.data + part.data_size <= body + size);
        write_again(&part);
    }
    free(type);
    return 0;
}
