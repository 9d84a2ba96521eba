#include "sight.h"

#include "str.h"

#include <string.h>
#include <strings.h>

#define GRANT "give it the role Read-only on the topmost object, with \"propagate to children\""

static const char *const privileges[] = { "System.View", "System.Read" };

#define PRIVILEGES (sizeof privileges / sizeof *privileges)

/* What a call that failed means: a refusal is no proof, everything else is no answer. */
static enum sight failed(struct vim *vim, struct err *why)
{
    if (vim_is_lost(vim) || why->class == ERR_UNREACHABLE || why->class == ERR_TIMEOUT)
        return SIGHT_FAILED;
    err_add(why, "what the account may see cannot be found out");
    return SIGHT_NOT_PROVEN;
}

/* ------------------------------------------------------------------------------------------------ privileges ---- */

static bool ask_privileges(struct vim *vim, const struct vim_about *about, const struct vim_reply **reply,
                           struct err *err)
{
    struct str arguments = STR_EMPTY;
    const struct vim_call call = { "HasPrivilegeOnEntity", "AuthorizationManager", about->authorisation, &arguments,
                                   NULL };
    bool good;

    vim_request_reference(&arguments, "entity", "Folder", about->root);
    vim_request_text(&arguments, "sessionId", vim_key(vim));
    for (size_t i = 0; i < PRIVILEGES; i++)
        vim_request_text(&arguments, "privId", privileges[i]);
    good = vim_call(vim, &call, reply, err);
    str_finish(&arguments);
    return good;
}

/* One truth for each privilege, in the order that they were asked for. */
static enum sight see_privileges(struct vim *vim, const struct vim_about *about, struct err *why)
{
    const struct vim_reply *reply;
    const struct vim_value *answer;

    if (!ask_privileges(vim, about, &reply, why))
        return failed(vim, why);
    answer = reply->result;
    for (size_t i = 0; i < PRIVILEGES; i++, answer = vim_again(answer)) {
        bool granted = false;

        if (answer != NULL && vim_bool(answer, "", &granted) && granted)
            continue;
        err_set(why, ERR_DENIED, "account %.200s has no %s on the root folder: " GRANT, vim_user(vim), privileges[i]);
        return SIGHT_NOT_PROVEN;
    }
    return SIGHT_PROVEN;
}

/* ----------------------------------------------------------------------------------------------- propagation ---- */

struct name {
    const char *domain, *user;
    size_t domain_size, user_size;
};

/* DOMAIN\user, user@domain or user. */
static struct name name_parts(const char *text)
{
    const char *back = strchr(text, '\\'), *at = strrchr(text, '@');

    if (back != NULL)
        return (struct name){ text, back + 1, (size_t)(back - text), strlen(back + 1) };
    if (at != NULL)
        return (struct name){ at + 1, text, strlen(at + 1), (size_t)(at - text) };
    return (struct name){ "", text, 0, strlen(text) };
}

static bool same(const char *a, size_t a_size, const char *b, size_t b_size)
{
    return a_size == b_size && strncasecmp(a, b, a_size) == 0;
}

/* A domain has several names: another one's account of that name may be the same. */
static bool may_be_account(const char *principal, const char *account)
{
    struct name a = name_parts(principal), b = name_parts(account);

    return same(a.user, a.user_size, b.user, b.user_size);
}

/* One that is written without its domain may be any domain's: then the name decides. */
static bool is_account(const char *principal, const char *account)
{
    struct name a = name_parts(principal), b = name_parts(account);

    return may_be_account(principal, account) &&
           (a.domain_size == 0 || b.domain_size == 0 || same(a.domain, a.domain_size, b.domain, b.domain_size));
}

struct permissions {
    const char *narrow; /* whose permission does not propagate: a group, or an account of that name; NULL: none */
    bool own, own_propagates;
};

static void weigh(struct permissions *found, const struct vim_value *permission, const char *account)
{
    const char *principal = vim_text(permission, "principal");
    bool group = false, propagates = false;

    if (principal == NULL)
        return;
    vim_bool(permission, "group", &group);
    vim_bool(permission, "propagate", &propagates);
    if (!group && is_account(principal, account)) {
        found->own = true;
        found->own_propagates = propagates;
    } else if (!propagates && (group || may_be_account(principal, account))) {
        found->narrow = principal;
    }
}

static enum sight see_propagation(struct vim *vim, const struct vim_about *about, struct err *why)
{
    struct permissions found = { 0 };
    struct str arguments = STR_EMPTY;
    const struct vim_call call = { "RetrieveEntityPermissions", "AuthorizationManager", about->authorisation,
                                   &arguments, NULL };
    const struct vim_reply *reply;
    bool good;

    vim_request_reference(&arguments, "entity", "Folder", about->root);
    vim_request_text(&arguments, "inherited", "false");
    good = vim_call(vim, &call, &reply, why);
    str_finish(&arguments);
    if (!good)
        return failed(vim, why);
    for (const struct vim_value *at = reply->result; at != NULL; at = vim_again(at))
        weigh(&found, at, vim_user(vim));
    if (found.own ? found.own_propagates : found.narrow == NULL)
        return SIGHT_PROVEN;
    if (found.own)
        err_set(why, ERR_DENIED, "the permission of account %.200s on the root folder does not propagate: " GRANT,
                vim_user(vim));
    else
        err_set(why, ERR_DENIED,
                "the permission of %.200s on the root folder does not propagate, and account %.200s may have its "
                "rights from that: " GRANT,
                found.narrow, vim_user(vim));
    return SIGHT_NOT_PROVEN;
}

enum sight sight_prove(struct vim *vim, struct err *why)
{
    const struct vim_about *about = vim_about(vim, why);
    enum sight sight = about == NULL ? SIGHT_FAILED : see_privileges(vim, about, why);

    return sight == SIGHT_PROVEN ? see_propagation(vim, about, why) : sight;
}
