#include "verbs_hook.h"

#include "delivery.h"
#include "mem.h"
#include "verbs.h"

#include <stdlib.h>

static void unknown(const struct hooks *hooks, struct peer *peer, const char *name)
{
    const char **names = mem_new(hooks->count + 1, sizeof *names);

    for (size_t i = 0; i < hooks->count; i++)
        names[i] = hooks->list[i].name;
    verbs_unknown(peer, "hook", name, names, hooks->count);
    free(names);
}

void verbs_hook_test(void *context, struct peer *peer, const struct control_request *request)
{
    const struct verbs *verbs = context;
    const struct hooks *hooks = rules_hooks(verbs->fleet->rules);
    const struct hook *hook = request->count == 1 ? hooks_find(hooks, request->arguments[0]) : NULL;

    if (request->count != 1)
        peer_done(peer, 64, "hook_test takes the name of one hook");
    else if (verbs->fleet->stopping)
        peer_done(peer, 1, "the daemon is stopping");
    else if (hook == NULL)
        unknown(hooks, peer, request->arguments[0]);
    else
        delivery_test(verbs->fleet->delivery, hook, peer);
}
