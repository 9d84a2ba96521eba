#include "nodes.h"

#include "address.h"
#include "clock.h"
#include "hyperv_host.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MAX_NODES 256 /* Windows Server allows 64 */
#define MAX_LABEL 63

struct tour {
    struct muster *m;
    struct sent sent;
    struct map seen;     /* names of hosts, in lower case: the first's own word, and those that were visited */
    struct texts nodes;  /* of the first host's cluster */
    const char *cluster; /* its key; NULL: there is none */
    bool partial;
    int64_t until_ms; /* of the node's own time */
};

static void tour_init(struct tour *tour, struct muster *m)
{
    *tour = (struct tour){ .m = m, .seen = MAP_EMPTY };
    sent_init(&tour->sent);
}

static void tour_finish(struct tour *tour)
{
    map_finish(&tour->seen);
    vec_finish(&tour->nodes);
    sent_finish(&tour->sent);
}

/* ---------------------------------------------------------------------------------------------------- a host ---- */

static const char *lower(struct tour *tour, const char *text)
{
    char *copy = arena_text(&tour->sent.arena, text);

    for (char *at = copy; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

static void see(struct tour *tour, const char *name)
{
    map_put(&tour->seen, name, (void *)name);
}

static void note_nodes(struct tour *tour, const struct host *host)
{
    vec_each (item, &host->windows.others) {
        const struct value *nodes = item_get(*item, "cluster.nodes");

        if (strcmp((*item)->kind, "cluster") != 0 || nodes == NULL || nodes->type != VALUE_LIST)
            continue;
        tour->cluster = arena_text(&tour->sent.arena, (*item)->key);
        for (size_t i = 0; i < nodes->list.count && i < MAX_NODES; i++)
            vec_push(&tour->nodes, lower(tour, nodes->list.texts[i]));
    }
}

/* Nodes may be of several domains: the name alone is compared. What could not be read is no contradiction. */
static bool check_node(const struct tour *tour, const struct host *host, struct err *err)
{
    const struct item *computer = &host->windows.computer;
    const char *name = facts_get(computer, "cluster.name");
    size_t length = name == NULL ? 0 : strcspn(name, ".");

    if (item_get(computer, "cluster.member") == NULL ||
        (name != NULL && strncasecmp(name, tour->cluster, length) == 0 && strcspn(tour->cluster, ".") == length))
        return true;
    return err_set(err, ERR_PROTOCOL, "it is no node of that cluster, by its own word");
}

/* Which node answers by the cluster's name, only itself can tell; another is called what the cluster calls it, and must
 * not take the place of a third by what it says of itself. */
static bool visit(struct tour *tour, const struct wsman_settings *settings, bool first, struct err *err)
{
    struct wsman *wsman = wsman_create(settings, err);
    struct host host;
    const char *name;
    bool good;

    if (wsman == NULL)
        return false;
    host_init(&host, tour->m, wsman);
    good = host_look(&host, err) && (first || check_node(tour, &host, err));
    if (good) {
        host_emit(&host, &tour->sent);
        name = facts_get(&host.windows.computer, "id.name");
        if (name != NULL && first)
            see(tour, lower(tour, name));
        if (tour->cluster == NULL)
            note_nodes(tour, &host);
        tour->partial |= host.windows.partial;
    }
    host_finish(&host);
    wsman_destroy(wsman);
    return good;
}

static bool is_label(const char *name)
{
    size_t length = strnlen(name, MAX_LABEL + 1);

    return length > 0 && length <= MAX_LABEL && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length;
}

/* The other nodes, in the domain of the cluster: whether they become targets is the daemon's to decide. */
static void offer_nodes(struct tour *tour)
{
    const char *domain = tour->cluster == NULL ? NULL : strchr(tour->cluster, '.');

    vec_each (name, &tour->nodes) {
        if (domain != NULL && is_label(*name) && map_get(&tour->seen, *name) == NULL)
            muster_offer(tour->m, "hyperv", arena_format(&tour->sent.arena, "%s%s", *name, domain), 0,
                         arena_format(&tour->sent.arena, "a node of the cluster %s", tour->cluster));
    }
}

bool nodes_scan_host(struct muster *m, const struct wsman_settings *settings, bool *partial, struct err *err)
{
    struct tour tour;
    bool good;

    tour_init(&tour, m);
    good = visit(&tour, settings, true, err);
    if (good)
        offer_nodes(&tour);
    *partial = tour.partial;
    tour_finish(&tour);
    return good;
}

/* ----------------------------------------------------------------------------------------------------- nodes ---- */

/* Behind the first label; NULL: it has none. */
static const char *domain_of(const char *host)
{
    const char *dot = address_is(host) ? NULL : strchr(host, '.');

    return dot == NULL || dot[1] == '\0' ? NULL : dot + 1;
}

bool nodes_check(const struct wsman_settings *settings, struct err *err)
{
    if (domain_of(settings->host) == NULL)
        return err_set(err, ERR_CONFIG,
                       "host: with cluster it is a full name (clu1.corp.example), for the nodes are "
                       "looked for in its domain");
    if (settings->http.fingerprint != NULL)
        return err_set(err, ERR_CONFIG, "fingerprint: it is of one computer, and a cluster has several; use ca_file");
    if (!settings->tls && settings->auth == WSMAN_NTLM)
        return err_set(err, ERR_CONFIG, "cluster: nodes have to prove who they are; use kerberos or TLS");
    return true;
}

/* One that is silent must not take the time of those that follow. */
static int64_t left_of_node(void *context)
{
    struct tour *tour = context;
    int64_t left = muster_left_ms(tour->m), own = tour->until_ms - clock_mono_ms(&clock_system);

    return own < left ? own : left;
}

/* Its share of what is left, so that something remains behind the last. */
static void share_time(struct tour *tour, size_t nodes)
{
    int64_t left = muster_left_ms(tour->m), now = clock_mono_ms(&clock_system);

    tour->until_ms = left == INT64_MAX ? INT64_MAX : now + left / (int64_t)(nodes + 1);
}

/* Without TLS only Kerberos proves who answers. The principal is the node's own. */
static bool visit_node(struct tour *tour, const struct wsman_settings *settings, const char *name, struct err *err)
{
    struct wsman_settings node = *settings;

    if (!is_label(name))
        return err_set(err, ERR_PROTOCOL, "it has no name that a computer can have");
    node.host = arena_format(&tour->sent.arena, "%s.%s", name, domain_of(settings->host));
    node.service_host = NULL;
    node.http.left_ms = left_of_node;
    node.http.context = tour;
    if (!node.tls)
        node.auth = WSMAN_KERBEROS;
    return visit(tour, &node, false, err);
}

static void tell_lost(struct tour *tour, const char *name, const char *refuser, const struct err *err)
{
    tour->partial = true;
    if (refuser == NULL)
        muster_warn(tour->m, "cluster", tour->cluster, "its node %s could not be scanned: %s", name, err->text);
    else
        muster_warn(tour->m, "cluster", tour->cluster,
                    "its node %s was not asked: %s refuses the login, and with one at each node the account would be "
                    "locked",
                    name, refuser);
}

/* That it is down is no reason to fail, for its machines run elsewhere; but some may have been lost with it. One that
 * refuses the login is the last that sees the credential: each refusal counts. */
static void visit_nodes(struct tour *tour, const struct wsman_settings *settings)
{
    size_t left = tour->nodes.count;
    const char *refuser = NULL;
    struct err err;

    vec_each (name, &tour->nodes) {
        share_time(tour, left--);
        if (map_get(&tour->seen, *name) != NULL)
            continue;
        see(tour, *name);
        if (refuser == NULL && visit_node(tour, settings, *name, &err))
            continue;
        tell_lost(tour, *name, refuser, &err);
        if (refuser == NULL && err.class == ERR_DENIED)
            refuser = *name;
    }
}

bool nodes_scan_cluster(struct muster *m, const struct wsman_settings *settings, bool *partial, struct err *err)
{
    struct tour tour;
    bool good;

    tour_init(&tour, m);
    good = visit(&tour, settings, true, err);
    if (good && tour.cluster == NULL)
        good = err_set(err, ERR_UNSUPPORTED, "%s is no failover cluster, and no node of one: leave cluster out",
                       settings->host);
    if (good)
        visit_nodes(&tour, settings);
    *partial = tour.partial;
    tour_finish(&tour);
    return good;
}
