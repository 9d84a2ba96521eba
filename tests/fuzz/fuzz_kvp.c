/* Any bytes as two items that a guest tells, the second behind the first NUL: what is read has its limits, and is found
 * by its name where the name holds nothing that is escaped; a reader that was used reads as a new one does; and a blank
 * line behind the item, which leaves it to the parser, changes nothing. */
#include "kvp.h"
#include "mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static bool read_item(struct kvp *kvp, const char *text, struct kvp_item *item)
{
    struct err err = { 0 };

    if (!kvp_read(kvp, text, item, &err)) {
        expect(err.class == ERR_PROTOCOL && err.text[0] != '\0');
        return false;
    }
    expect(*item->name != '\0' && strlen(item->name) <= KVP_MAX_NAME && strlen(item->data) <= KVP_MAX_DATA);
    kvp_may_be(text, item->name);
    return true;
}

static void read_beside_the_parser(struct kvp *kvp, const char *text)
{
    size_t length = strlen(text);
    char *longer = mem_new(length + 2, 1), *name = NULL, *data = NULL;
    struct kvp_item item;
    bool good = read_item(kvp, text, &item);

    if (good) {
        name = strdup(item.name);
        data = strdup(item.data);
    }
    memcpy(longer, text, length);
    longer[length] = '\n';
    if (length < KVP_MAX_ITEM) {
        expect(read_item(kvp, longer, &item) == good);
        expect(!good || (strcmp(item.name, name) == 0 && strcmp(item.data, data) == 0));
    }
    free(name);
    free(data);
    free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_new(size + 2, 1);
    struct kvp *used = kvp_create(), *fresh = kvp_create();
    struct kvp_item first, again, alone;

    if (size > 0)
        memcpy(text, data, size);
    read_item(used, text, &first);
    const char *second = text + strlen(text) + 1;
    bool good = read_item(used, second, &again);

    expect(read_item(fresh, second, &alone) == good);
    expect(!good || (strcmp(again.name, alone.name) == 0 && strcmp(again.data, alone.data) == 0));
    read_beside_the_parser(used, text);
    kvp_destroy(used);
    kvp_destroy(fresh);
    free(text);
    return 0;
}
