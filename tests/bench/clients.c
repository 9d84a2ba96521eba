#include "clients.h"

#include "bench.h"
#include "mem.h"
#include "str.h"
#include "vim_request.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_WORDS 64

struct clients {
    struct vcfleet *fleet;
    char folder[40], url[64], endpoint[72], number[24], view[1024];
};

/* An argument vector; its texts live as long as it. */
struct words {
    const char *word[MOST_WORDS + 1];
    size_t count;
    char *owned[MOST_WORDS];
    size_t owned_count;
};

static void add(struct words *words, const char *word)
{
    if (words->count == MOST_WORDS)
        bench_fail("vmware: too many words for a command");
    words->word[words->count++] = word;
    words->word[words->count] = NULL;
}

static void add_made(struct words *words, const char *name, const char *value)
{
    struct str text = STR_EMPTY;

    str_format(&text, "%s%s", name, value);
    words->owned[words->owned_count++] = text.bytes;
    add(words, text.bytes);
}

static void free_words(struct words *words)
{
    while (words->owned_count > 0)
        free(words->owned[--words->owned_count]);
}

/* -------------------------------------------------------------------------------------------------- programs ---- */

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

/* To its end, standard output into a file. */
static struct cost run(const struct words *words, const char *output)
{
    struct cost cost = { .seconds = -bench_now() };
    struct rusage usage;
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        int out = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        if (out < 0 || dup2(out, STDOUT_FILENO) < 0)
            _exit(126);
        execvp(words->word[0], (char *const *)words->word);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0)
        bench_fail("vmware: %s failed", words->word[0]);
    cost.seconds += bench_now();
    cost.processor = seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime);
    cost.peak = (double)usage.ru_maxrss / 1024;
    return cost;
}

/* ------------------------------------------------------------------------------------------------------ curl ---- */

static void write_file(const struct clients *clients, const char *name, const void *bytes, size_t size)
{
    char path[80];
    int file;

    snprintf(path, sizeof path, "%s/%s", clients->folder, name);
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || write(file, bytes, size) != (ssize_t)size || close(file) != 0)
        bench_fail("vmware: %s cannot be written", path);
}

/* One request with the cookies of the session. */
static struct cost curl(struct clients *clients, const struct str *body, const char *output)
{
    struct words words = { 0 };
    char jar[64], data[64];
    struct cost cost;

    write_file(clients, "request", body->bytes, body->length);
    snprintf(jar, sizeof jar, "%s/jar", clients->folder);
    snprintf(data, sizeof data, "@%s/request", clients->folder);
    const char *const all[] = { "curl",
                                "-sS",
                                "--fail",
                                "--cacert",
                                vcfleet_fact(clients->fleet, VCFLEET_CA_FILE),
                                "-b",
                                jar,
                                "-c",
                                jar,
                                "-H",
                                "Content-Type: text/xml; charset=utf-8",
                                "--data-binary",
                                data,
                                clients->endpoint };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        add(&words, all[i]);
    cost = run(&words, output);
    return cost;
}

/* The reference of an object of that type, from a reply. */
static void read_reference(const char *path, const char *type, char *reference, size_t room)
{
    char reply[8192], opening[64];
    FILE *file = fopen(path, "r");
    size_t size = file == NULL ? 0 : fread(reply, 1, sizeof reply - 1, file);
    const char *from, *to;

    reply[size] = '\0';
    if (file != NULL)
        fclose(file);
    snprintf(opening, sizeof opening, "type=\"%s\">", type);
    from = strstr(reply, opening);
    to = from == NULL ? NULL : strchr(from, '<');
    if (to == NULL)
        bench_fail("vmware: there is no %s in %s", type, path);
    from += strlen(opening);
    snprintf(reference, room, "%.*s", (int)(to - from), from);
}

/* The names of the simulator's own objects are always the same. */
static void open_session(struct clients *clients)
{
    struct str body = STR_EMPTY;
    char path[64];

    vim_request_open(&body, "Login", "SessionManager", "SessionManager");
    vim_request_text(&body, "userName", vcfleet_fact(clients->fleet, VCFLEET_USERNAME));
    vim_request_text(&body, "password", vcfleet_fact(clients->fleet, VCFLEET_PASSWORD));
    vim_request_close(&body, "Login");
    curl(clients, &body, "/dev/null");
    str_clear(&body);
    vim_request_open(&body, "CreateContainerView", "ViewManager", "ViewManager");
    vim_request_reference(&body, "container", "Folder", "group-d1");
    vim_request_text(&body, "type", "VirtualMachine");
    vim_request_text(&body, "recursive", "true");
    vim_request_close(&body, "CreateContainerView");
    snprintf(path, sizeof path, "%s/view", clients->folder);
    curl(clients, &body, path);
    read_reference(path, "ContainerView", clients->view, sizeof clients->view);
    str_finish(&body);
}

static struct cost run_retrieval(struct clients *clients, const struct vim_wanted *wanted)
{
    const struct vim_source source = { .view = clients->view };
    struct str body = STR_EMPTY;
    struct cost cost;

    vim_request_open(&body, "RetrievePropertiesEx", "PropertyCollector", "propertyCollector");
    vim_request_spec(&body, "specSet", wanted, 1, &source);
    str_add(&body, "<options></options>");
    vim_request_close(&body, "RetrievePropertiesEx");
    cost = curl(clients, &body, "/dev/null");
    str_finish(&body);
    return cost;
}

static void create_filter(struct clients *clients, const struct vim_wanted *wanted, char *filter, size_t room)
{
    const struct vim_source source = { .view = clients->view };
    struct str body = STR_EMPTY;
    char path[64];

    vim_request_open(&body, "CreateFilter", "PropertyCollector", "propertyCollector");
    vim_request_spec(&body, "spec", wanted, 1, &source);
    vim_request_text(&body, "partialUpdates", "false");
    vim_request_close(&body, "CreateFilter");
    snprintf(path, sizeof path, "%s/filter", clients->folder);
    curl(clients, &body, path);
    read_reference(path, "PropertyFilter", filter, room);
    str_finish(&body);
}

static void destroy_filter(struct clients *clients, const char *filter)
{
    struct str body = STR_EMPTY;

    vim_request_open(&body, "DestroyPropertyFilter", "PropertyFilter", filter);
    vim_request_close(&body, "DestroyPropertyFilter");
    curl(clients, &body, "/dev/null");
    str_finish(&body);
}

/* The simulator has no limit of its own: one reply holds everything. */
static struct cost run_updates(struct clients *clients, const struct vim_wanted *wanted)
{
    struct str body = STR_EMPTY;
    char filter[1024];
    struct cost cost;

    create_filter(clients, wanted, filter, sizeof filter);
    vim_request_open(&body, "WaitForUpdatesEx", "PropertyCollector", "propertyCollector");
    str_add(&body, "<version></version><options><maxWaitSeconds>0</maxWaitSeconds></options>");
    vim_request_close(&body, "WaitForUpdatesEx");
    cost = curl(clients, &body, "/dev/null");
    destroy_filter(clients, filter);
    str_finish(&body);
    return cost;
}

/* ---------------------------------------------------------------------------------------------- all the others ---- */

static void add_collector(struct words *words, const struct clients *clients, const char *const *properties,
                          size_t count)
{
    add(words, clients->url);
    add(words, vcfleet_fact(clients->fleet, VCFLEET_CA_FILE));
    add(words, vcfleet_fact(clients->fleet, VCFLEET_USERNAME));
    add(words, vcfleet_fact(clients->fleet, VCFLEET_PASSWORD));
    add(words, clients->number);
    for (size_t i = 0; i < count; i++)
        add(words, properties[i]);
}

static void add_plugin(struct words *words, const struct clients *clients, const char *incremental)
{
    char file[64];

    add(words, "--once");
    add(words, VMWARE_PLUGIN);
    add(words, incremental);
    add_made(words, "url=", clients->url);
    add_made(words, "ca_file=", vcfleet_fact(clients->fleet, VCFLEET_CA_FILE));
    add_made(words, "username=", vcfleet_fact(clients->fleet, VCFLEET_USERNAME));
    snprintf(file, sizeof file, "%s/word", clients->folder);
    add_made(words, "password_file=", file);
}

struct cost clients_run(struct clients *clients, enum client client, const char *const *properties, size_t count)
{
    static const char *const programs[CLIENT_COUNT][2] = {
        [CLIENT_GOVMOMI] = { GOVMOMI_COLLECT },     [CLIENT_PYVMOMI] = { "/usr/bin/python3", PYVMOMI_COLLECT },
        [CLIENT_SEVEN] = { SEVEN_PROGRAM },         [CLIENT_PLUGIN] = { HOST_PROGRAM },
        [CLIENT_PLUGIN_PLAINLY] = { HOST_PROGRAM },
    };
    const struct vim_wanted wanted = { "VirtualMachine", properties, count };
    struct words words = { 0 };
    struct cost cost;

    if (client == CLIENT_CURL)
        return run_retrieval(clients, &wanted);
    if (client == CLIENT_CURL_UPDATES)
        return run_updates(clients, &wanted);
    for (size_t i = 0; i < 2 && programs[client][i] != NULL; i++)
        add(&words, programs[client][i]);
    if (client >= CLIENT_PLUGIN)
        add_plugin(&words, clients, client == CLIENT_PLUGIN ? "incremental=true" : "incremental=false");
    else
        add_collector(&words, clients, properties, count);
    cost = run(&words, "/dev/null");
    free_words(&words);
    return cost;
}

/* --------------------------------------------------------------------------------------------- open and close ---- */

struct clients *clients_open(size_t machines)
{
    struct clients *clients = mem_new(1, sizeof *clients);
    const char *password;
    struct err err;
    char half[24];
    const char *const options[] = { "-app", "0", "-vm", half, NULL };

    snprintf(half, sizeof half, "%zu", machines / 2);
    snprintf(clients->number, sizeof clients->number, "%zu", machines);
    snprintf(clients->folder, sizeof clients->folder, "/tmp/muster-bench-XXXXXX");
    clients->fleet = vcfleet_start(options, &err);
    if (clients->fleet == NULL)
        bench_fail("vmware: %s", err.text);
    if (mkdtemp(clients->folder) == NULL)
        bench_fail("vmware: no folder");
    snprintf(clients->url, sizeof clients->url, "%s", vcfleet_fact(clients->fleet, VCFLEET_URL));
    snprintf(clients->endpoint, sizeof clients->endpoint, "%s/sdk", clients->url);
    password = vcfleet_fact(clients->fleet, VCFLEET_PASSWORD);
    write_file(clients, "word", password, strlen(password));
    open_session(clients);
    return clients;
}

void clients_close(struct clients *clients)
{
    vcfleet_stop(clients->fleet);
    bench_remove(clients->folder);
    free(clients);
}

struct vcfleet *clients_fleet(struct clients *clients)
{
    return clients->fleet;
}

const char *clients_folder(const struct clients *clients)
{
    return clients->folder;
}
