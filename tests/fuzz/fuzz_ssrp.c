/* Any bytes as a reply of SQL Server Browser: what is read of it keeps to what the contract says. */
#include "ssrp.h"
#include "text.h"
#include "utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void check_name(const char *name)
{
    size_t size = strlen(name), length;

    expect(size > 0 && size <= SSRP_MAX_NAME && utf8_valid(name, size));
    for (; *name != '\0'; name += length)
        expect(!text_is_unseen(utf8_decode(name, &length)));
}

static void check(const struct ssrp_reply *reply)
{
    expect(reply->count > 0 && reply->count <= SSRP_MAX_INSTANCES);
    for (size_t i = 0; i < reply->count; i++) {
        const struct ssrp_instance *instance = &reply->instances[i];

        check_name(instance->name);
        expect(instance->port >= 0 && instance->port <= 65535);
        expect(strspn(instance->version, "0123456789.") == strlen(instance->version));
        for (size_t j = 0; j < i; j++)
            expect(strcasecmp(reply->instances[j].name, instance->name) != 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ssrp_reply reply;
    struct err err = ERR_EMPTY;

    if (ssrp_read(&reply, data, size, &err))
        check(&reply);
    else
        expect(err.class == ERR_PROTOCOL && err.text[0] != '\0' && reply.count == 0);
    return 0;
}
