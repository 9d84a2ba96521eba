/* Lines of JSON, and facts alone: what is read can be written, and is then read as the same. */
#include "json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth, const char *what, const char *text)
{
    if (truth)
        return;
    fprintf(stderr, "%s: %s\n", what, text);
    abort();
}

static void check_again(struct json_line *line, struct arena *arena)
{
    struct str first = STR_EMPTY, second = STR_EMPTY;
    struct err err = ERR_EMPTY;
    struct json_line again;

    json_add_line(&first, line);
    check(json_read_line(first.bytes, first.length - 1, arena, &again, &err), err.text, str_text(&first));
    json_add_line(&second, &again);
    check(strcmp(str_text(&first), str_text(&second)) == 0, str_text(&first), str_text(&second));
    if (line->type == JSON_ITEM) {
        struct hash128 before = item_hash(&line->item), after = item_hash(&again.item);

        check(before.low == after.low && before.high == after.high, "another hash", str_text(&first));
    }
    str_finish(&first);
    str_finish(&second);
}

static void check_facts(const char *bytes, size_t size, struct arena *arena)
{
    struct str first = STR_EMPTY, second = STR_EMPTY;
    struct err err = ERR_EMPTY;
    struct item item, again;

    item_init(&item, arena, "vm", "k");
    item_init(&again, arena, "vm", "k");
    if (!json_read_facts(bytes, size, &item, &err)) {
        check(err.class == ERR_PROTOCOL && err.text[0] != '\0', "no sentence", "");
        return;
    }
    json_add_facts(&first, &item);
    check(json_read_facts(first.bytes, first.length, &again, &err), err.text, str_text(&first));
    json_add_facts(&second, &again);
    check(strcmp(str_text(&first), str_text(&second)) == 0, str_text(&first), str_text(&second));
    str_finish(&first);
    str_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct json_line line;
    struct err err = ERR_EMPTY;

    arena_init(&arena, ARENA_PLAIN);
    if (json_read_line((const char *)data, size, &arena, &line, &err))
        check_again(&line, &arena);
    else
        check(err.class == ERR_PROTOCOL && err.text[0] != '\0', "no sentence", "");
    check_facts((const char *)data, size, &arena);
    arena_finish(&arena);
    return 0;
}
