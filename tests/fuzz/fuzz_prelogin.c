/* Any bytes as the reply to PRELOGIN: what is read of it keeps to what the contract says, and the head tells no more
 * than there can be. */
#include "prelogin.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct prelogin prelogin;
    struct err err = ERR_EMPTY;
    size_t told = size < PRELOGIN_HEAD ? 0 : prelogin_size(data, &err);

    expect(told == 0 || (told > PRELOGIN_HEAD && told <= PRELOGIN_MAX_REPLY && err.class == ERR_NONE));
    if (!prelogin_read(&prelogin, data, size, &err)) {
        expect(err.class == ERR_PROTOCOL && err.text[0] != '\0');
        return 0;
    }
    expect(told == size);
    expect(strspn(prelogin.build, "0123456789.") == strlen(prelogin.build) && strlen(prelogin.build) >= 5);
    expect(prelogin_encryption_word(prelogin.encryption)[0] != '\0');
    return 0;
}
