#include "sql_instances.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

#define BASE "SOFTWARE\\Microsoft\\Microsoft SQL Server"
#define MOST 50 /* that Windows can have of one computer */

/* A port, or 0 where the text is none: several ports, or an empty value. */
static int port_of(const char *text)
{
    char *end;
    long port = text == NULL ? 0 : strtol(text, &end, 10);

    return text == NULL || end == text || *end != '\0' || port < 1 || port > 65535 ? 0 : (int)port;
}

/* IPAll is what counts unless each address has ports of its own, which few have. */
static bool look_port(struct windows *windows, const char *id, int *port, struct err *err)
{
    static const char *const values[] = { "TcpPort", "TcpDynamicPorts", NULL };
    const char *key = arena_format(&windows->arena, BASE "\\%s\\MSSQLServer\\SuperSocketNetLib\\Tcp\\IPAll", id);

    *port = 0;
    for (size_t i = 0; values[i] != NULL && *port == 0; i++) {
        const char *text;

        if (!windows_registry_text(windows, key, values[i], &text, err))
            return false;
        *port = port_of(text);
    }
    return true;
}

static bool offer(struct windows *windows, const char *instance, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    const char *id;
    int port = 0;

    if (!windows_registry_text(windows, BASE "\\Instance Names\\SQL", instance, &id, err))
        return false;
    if (id != NULL && !look_port(windows, id, &port, err))
        return false;
    muster_offer(windows->m, "sql", muster_text(windows->m, "host"), port,
                 muster_fmt(windows->m, "instance %s of SQL Server, by the registry", text_quote(quote, instance)));
    return true;
}

static bool look(struct windows *windows, struct err *err)
{
    const char *const *instances;
    size_t count;

    switch (registry_texts(windows->wsman, BASE, "InstalledInstances", &windows->arena, &instances, &count, err)) {
    case REGISTRY_FOUND: break;
    case REGISTRY_ABSENT: return true;
    default: return false;
    }
    for (size_t i = 0; i < count && i < MOST; i++) {
        if (!offer(windows, instances[i], err))
            return false;
    }
    if (count > MOST)
        muster_warn(windows->m, NULL, NULL, "%zu instances of SQL Server are named, of which %d were offered", count,
                    MOST);
    return true;
}

const struct windows_section sql_instances_section = {
    .name = "instances of SQL Server",
    .look = look,
};
