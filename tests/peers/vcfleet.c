#include "vcfleet.h"

#include "mem.h"
#include "peer_child.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_OPTIONS 32

struct vcfleet {
    struct peer *peer;
};

static const char *const fact_names[] = {
    [VCFLEET_URL] = "url",           [VCFLEET_FINGERPRINT] = "fingerprint", [VCFLEET_CA_FILE] = "ca_file",
    [VCFLEET_USERNAME] = "username", [VCFLEET_PASSWORD] = "password",
};

const char *vcfleet_missing(void)
{
    if (access(VCFLEET, X_OK) == 0)
        return NULL;
    return "no vCenter simulator: golang-go and golang-github-vmware-govmomi-dev were not there when the tree was "
           "configured";
}

static struct vcfleet *start(const char *program, const char *const *options, struct err *err)
{
    const char *words[MOST_OPTIONS + 2] = { program };
    struct vcfleet *fleet;
    struct peer *peer;

    for (size_t i = 0; options != NULL && options[i] != NULL; i++) {
        if (i == MOST_OPTIONS) {
            err_set(err, ERR_SYSTEM, "more than %d options for vcfleet", MOST_OPTIONS);
            return NULL;
        }
        words[i + 1] = options[i];
    }
    peer = peer_start("vcfleet", words, err);
    if (peer == NULL)
        return NULL;
    fleet = mem_new(1, sizeof *fleet);
    fleet->peer = peer;
    return fleet;
}

struct vcfleet *vcfleet_start(const char *const *options, struct err *err)
{
    if (vcfleet_missing() == NULL)
        return start(VCFLEET, options, err);
    err_set(err, ERR_SYSTEM, "%s", vcfleet_missing());
    return NULL;
}

struct vcfleet *vcfleet_start_hostile(const char *trick, unsigned page, struct err *err)
{
    char size[16];
    const char *const options[] = { "--trick", trick, "--page", size, NULL };

    snprintf(size, sizeof size, "%u", page);
    return start(HOSTILE, options, err);
}

void vcfleet_stop(struct vcfleet *fleet)
{
    if (fleet != NULL)
        peer_stop(fleet->peer);
    free(fleet);
}

struct peer *vcfleet_peer(struct vcfleet *fleet)
{
    return fleet->peer;
}

const char *vcfleet_fact(const struct vcfleet *fleet, enum vcfleet_fact fact)
{
    return peer_fact(fleet->peer, fact_names[fact]);
}

pid_t vcfleet_pid(const struct vcfleet *fleet)
{
    return peer_pid(fleet->peer);
}

int64_t vcfleet_machines(const struct vcfleet *fleet)
{
    return peer_fact_number(fleet->peer, "machines");
}

const char *vcfleet_command(struct vcfleet *fleet, const char *line, struct err *err)
{
    return peer_command(fleet->peer, line, err);
}

int64_t vcfleet_number(const struct vcfleet *fleet, const char *path)
{
    return peer_number(fleet->peer, path);
}
