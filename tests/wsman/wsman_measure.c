/* usage: wsman_measure
 * What reading costs: machines' properties, again and again (100 MB); and what a hundred guests told their host, in one
 * reply, with the names that an inventory needs read out of their items. In parts as curl hands them on. */
#include "kvp.h"
#include "mem.h"
#include "str.h"
#include "wsman_read.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define PART 16384

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct str read_recording(const char *path)
{
    struct str bytes = STR_EMPTY;
    char buffer[4096];
    FILE *file = fopen(path, "r");
    size_t size;

    while (file != NULL && (size = fread(buffer, 1, sizeof buffer, file)) > 0)
        str_add_bytes(&bytes, buffer, size);
    if (file != NULL)
        fclose(file);
    return bytes;
}

/* The recording with its items so many times; empty where it is not there. */
static struct str synthesise(const char *path, size_t times)
{
    static const char open[] = ":Items>", close[] = "</wsman:Items>", windows[] = "</w:Items>";
    struct str recording = read_recording(path), reply = STR_EMPTY;
    const char *text = str_text(&recording), *from = strstr(text, open), *to = strstr(text, close);

    if (to == NULL)
        to = strstr(text, windows);
    if (from != NULL && to != NULL) {
        from += strlen(open);
        str_add_bytes(&reply, text, (size_t)(from - text));
        while (times-- > 0)
            str_add_bytes(&reply, from, (size_t)(to - from));
        str_add(&reply, to);
    }
    str_finish(&recording);
    return reply;
}

static bool feed(struct wsman_reader *reader, const struct str *reply, struct err *err)
{
    for (size_t at = 0; at < reply->length; at += PART) {
        size_t size = reply->length - at < PART ? reply->length - at : PART;

        if (!wsman_reader_feed(reader, reply->bytes + at, size, err))
            return false;
    }
    return wsman_reader_end(reader, err);
}

/* Of what takers count: the properties, or the items that were read. */
struct count {
    size_t number;
    struct kvp *kvp;
};

static bool take_properties(void *context, const struct cim_instance *instance, struct err *err)
{
    (void)err;
    ((struct count *)context)->number += instance->count;
    return true;
}

static bool is_wanted(const char *text)
{
    static const char *const names[] = { "FullyQualifiedDomainName", "OSName",     "OSVersion", "CSDVersion",
                                         "NetworkAddressIPv4",       "OSEditionId" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (kvp_may_be(text, names[i]))
            return true;
    return false;
}

static bool take_items(void *context, const struct cim_instance *instance, struct err *err)
{
    const struct cim_property *items = cim_property(instance, "GuestIntrinsicExchangeItems");
    struct count *count = context;
    struct kvp_item item;

    for (size_t i = 0; items != NULL && i < items->count; i++) {
        if (!is_wanted(items->texts[i]))
            continue;
        if (!kvp_read(count->kvp, items->texts[i], &item, err))
            return false;
        count->number++;
    }
    return true;
}

static bool measure(const char *name, const struct str *reply, const struct wsman_taker *taker)
{
    struct wsman_reader *reader = wsman_reader_create(taker);
    struct err err = ERR_EMPTY;
    double start = seconds(), spent;
    bool good = feed(reader, reply, &err);

    spent = seconds() - start;
    if (good)
        printf("%s: %zu instances, %zu counted, %.1f MB in %.4f s of CPU, %.0f MB/s\n", name,
               wsman_reader_reply(reader)->instances, ((struct count *)taker->context)->number,
               (double)reply->length / 1e6, spent, (double)reply->length / 1e6 / spent);
    else
        fprintf(stderr, "%s: %s\n", name, err.text);
    wsman_reader_destroy(reader);
    return good;
}

int main(void)
{
    struct count properties = { 0 }, items = { .kvp = kvp_create() };
    struct str machines = synthesise(RECORDINGS "/windows-02-os-star.xml", 80000);
    struct str guests = synthesise(RECORDINGS "/omi-11-hv-v2-kvp.xml", 50);
    bool good = measure("properties", &machines, &(struct wsman_taker){ take_properties, &properties }) &&
                measure("guests, passed over", &guests, &(struct wsman_taker){ take_properties, &properties }) &&
                measure("guests, read", &guests, &(struct wsman_taker){ take_items, &items });

    str_finish(&machines);
    str_finish(&guests);
    kvp_destroy(items.kvp);
    return good ? 0 : 1;
}
