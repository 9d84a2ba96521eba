#include "vim_error.h"

#include <stddef.h>
#include <string.h>

#define WORDS 300 /* of the server, in an error */

struct rule {
    const char *fault;
    enum err_class class;
    bool lost;
    const char *advice;
};

#define RULE(fault, class, lost, advice)                                                                               \
    {                                                                                                                  \
        fault, ERR_##class, lost, ": " advice                                                                          \
    }

static const struct rule rules[] = {
    RULE("InvalidLogin", DENIED, false, "check username and password, and that the account is not locked"),
    RULE("NoPermission", DENIED, false, "give the account the role Read-only on the topmost object, propagated"),
    RULE("PasswordExpired", DENIED, false, "give the account a new password"),
    RULE("NotAuthenticated", UNREACHABLE, true, "it was restarted, or somebody ended the session"),
    RULE("ManagedObjectNotFound", UNREACHABLE, true, "it was restarted, or the object has gone meanwhile"),
    RULE("InvalidCollectorVersion", UNREACHABLE, true, "it has forgotten what was told before"),
    RULE("RequestCanceled", TIMEOUT, false, "somebody ended the request there"),
    RULE("HostConnectFault", UNREACHABLE, false, "see whether its services run"),
    RULE("RestrictedVersion", UNSUPPORTED, false, "the licence of the host does not allow it"),
    RULE("MethodNotFound", UNSUPPORTED, false,
         "it speaks an API older than 5.0, or it is no vCenter Server or ESXi host"),
    RULE("NotImplemented", UNSUPPORTED, false, "it is no vCenter Server or ESXi host that muster knows"),
};

static const struct rule any_other = { NULL, ERR_PROTOCOL, false, "" };

static const struct rule *find_rule(const char *fault)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].fault, fault) == 0)
            return &rules[i];
    return &any_other;
}

/* What a fault tells beside its text: the privilege that lacks, the property that is not known. */
static const char *particular(const struct vim_fault *fault)
{
    static const char *const names[] = { "privilegeId", "name", "invalidProperty" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = vim_text(fault->detail, names[i]);

        if (text != NULL && text[0] != '\0')
            return text;
    }
    return "";
}

bool vim_error_fault(struct err *err, const char *url, const char *method, const struct vim_fault *fault, bool *lost)
{
    const struct rule *rule = find_rule(fault->type);
    const char *more = particular(fault);

    *lost = rule->lost;
    return err_set(err, rule->class, "%s refused %s with %.100s%s%.100s%s%s%.*s%s", url, method,
                   fault->type[0] == '\0' ? "a fault" : fault->type, more[0] == '\0' ? "" : " (", more,
                   more[0] == '\0' ? "" : ")", fault->text[0] == '\0' ? "" : ", in its words: ", WORDS, fault->text,
                   rule->advice);
}

bool vim_error_lost(struct err *err)
{
    return err_set(
        err, ERR_UNREACHABLE,
        "the session is not known any more (NotAuthenticated): the server was restarted, or somebody ended it");
}

/* Statuses with which a server or the proxy before it says that the API is not there now. */
static bool is_away(int status)
{
    return status == 502 || status == 503 || status == 504;
}

bool vim_error_status(struct err *err, const char *url, int status)
{
    struct err inner = *err;

    return err_set(err, is_away(status) ? ERR_UNREACHABLE : ERR_PROTOCOL, "%s answered with HTTP %d%s: %.*s", url,
                   status, is_away(status) ? ", its services are not ready" : "", WORDS * 2, inner.text);
}
