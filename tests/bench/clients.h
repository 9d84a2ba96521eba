/* Clients that read the virtual machines of one vCenter Server, each a program of its own, and what each of them costs.
 */
#ifndef CLIENTS_H
#define CLIENTS_H

#include "vcfleet.h"

#include <stddef.h>

enum client {
    CLIENT_CURL,         /* one RetrievePropertiesEx */
    CLIENT_CURL_UPDATES, /* one WaitForUpdatesEx of a new filter */
    CLIENT_GOVMOMI,
    CLIENT_PYVMOMI,
    CLIENT_SEVEN,
    CLIENT_PLUGIN,         /* as it is configured, with a filter for the next scan */
    CLIENT_PLUGIN_PLAINLY, /* without one */
    CLIENT_COUNT
};

struct clients; /* with one simulated vCenter Server */

struct cost {
    double seconds, processor; /* of the program and what it started */
    double peak;               /* MiB of memory */
};

/* With so many machines (an even number). What fails ends the program. */
struct clients *clients_open(size_t machines);
void clients_close(struct clients *clients);

struct vcfleet *clients_fleet(struct clients *clients);

/* The folder that is theirs, with the file "word", which holds the password. */
const char *clients_folder(const struct clients *clients);

/* Runs one to its end; the properties are what CLIENT_SEVEN and its peers ask for. curl's is one request, of a session,
 * a view and a filter that are there already. */
struct cost clients_run(struct clients *clients, enum client client, const char *const *properties, size_t count);

/* Measures the daemon with the plugin: from its start to the commit, and scans that find nothing new. */
void clients_daemon(struct clients *clients, size_t machines);

#endif
