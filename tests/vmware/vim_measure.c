/* usage: vim_measure [MEGABYTES]
 * What reading a large reply costs: the first machine of a recording, with all its devices, again and again (114 MB
 * unless told, which is 13,000 of them), in parts as curl hands them on. One line for each way of reading. */
#include "mem.h"
#include "str.h"
#include "vim_read.h"
#include "vm_item.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PART 16384

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct str read_recording(void)
{
    struct str bytes = STR_EMPTY;
    char buffer[4096];
    FILE *file = fopen(RECORDINGS "/v24-04-RetrievePropertiesEx.xml", "r");
    size_t size;

    while (file != NULL && (size = fread(buffer, 1, sizeof buffer, file)) > 0)
        str_add_bytes(&bytes, buffer, size);
    if (file != NULL)
        fclose(file);
    return bytes;
}

/* The recording with its first object as often as makes so many bytes. */
static struct str synthesise(size_t wanted)
{
    static const char close[] = "</objects>";
    struct str recording = read_recording(), reply = STR_EMPTY;
    const char *text = str_text(&recording), *from = strstr(text, "<objects>"), *to = strstr(text, close);

    if (from != NULL && to != NULL) {
        const char *rest = strstr(text, "</returnval>");

        to += strlen(close);
        str_add_bytes(&reply, text, (size_t)(from - text));
        while (reply.length < wanted)
            str_add_bytes(&reply, from, (size_t)(to - from));
        str_add(&reply, rest);
    }
    str_finish(&recording);
    return reply;
}

static bool take(void *context, const struct vim_object *object, struct err *err)
{
    (void)err;
    *(size_t *)context += object->property_count;
    return true;
}

static bool feed(struct vim_reader *reader, const struct str *reply, struct err *err)
{
    for (size_t at = 0; at < reply->length; at += PART) {
        size_t size = reply->length - at < PART ? reply->length - at : PART;

        if (!vim_reader_feed(reader, reply->bytes + at, size, err))
            return false;
    }
    return vim_reader_end(reader, err);
}

static bool measure(const char *name, const struct str *reply, bool (*keep)(const char *name, const char *type))
{
    size_t properties = 0, before = mallinfo2().uordblks;
    struct vim_taker taker = { .take = take, .context = &properties };
    struct vim_reader *reader = vim_reader_create(&taker, keep);
    struct err err = ERR_EMPTY;
    double start = seconds(), spent;

    if (!feed(reader, reply, &err)) {
        fprintf(stderr, "%s\n", err.text);
        vim_reader_destroy(reader);
        return false;
    }
    spent = seconds() - start;
    printf("%s: %zu objects, %zu properties, %.1f MB in %.3f s of CPU, %.0f MB/s, %zu kB\n", name,
           vim_reader_reply(reader)->objects, properties, (double)reply->length / 1e6, spent,
           (double)reply->length / 1e6 / spent, (mallinfo2().uordblks - before) / 1024);
    vim_reader_destroy(reader);
    return true;
}

int main(int argc, char **argv)
{
    unsigned long megabytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 114;
    struct str reply = synthesise(megabytes * 1000000);
    bool good = reply.length > 0 && measure("everything kept", &reply, NULL) &&
                measure("what an item needs", &reply, vm_item_keeps);

    str_finish(&reply);
    return good ? 0 : 1;
}
