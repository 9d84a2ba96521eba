#include "kerberos.h"

#include "mem.h"
#include "str.h"
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <krb5/krb5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kerberos {
    krb5_context context;
    krb5_ccache tickets;
    krb5_principal client;
    char *cache;   /* the full name of tickets */
    char *service; /* the principal of the service, as its ticket has it */
    const struct kerberos_settings *settings;
    bool *tried;
    bool showing; /* a password goes to the KDC */
};

/* What krb5.conf says stays in memory for as long as one context is open. */
static krb5_context of_all;

/* The first request of a login, which nobody sends: what proves passwords and keys is loaded for it, and stays. */
static void make_request(krb5_init_creds_context login)
{
    krb5_data reply = { 0 }, request = { 0 }, realm = { 0 };
    unsigned flags = 0;

    krb5_init_creds_step(of_all, login, &reply, &request, &realm, &flags);
    krb5_free_data_contents(of_all, &request);
    krb5_free_data_contents(of_all, &realm);
}

static void warm(void)
{
    krb5_principal nobody;
    krb5_init_creds_context login;

    if (krb5_parse_name(of_all, "nobody@REALM", &nobody) != 0)
        return;
    if (krb5_init_creds_init(of_all, nobody, NULL, NULL, 0, NULL, &login) == 0) {
        make_request(login);
        krb5_init_creds_free(of_all, login);
    }
    krb5_free_principal(of_all, nobody);
}

void kerberos_prepare(void)
{
    if (of_all == NULL && krb5_init_context(&of_all) == 0)
        warm();
}

const char *kerberos_cache(const struct kerberos *kerberos)
{
    return kerberos->cache;
}

const char *kerberos_service(const struct kerberos *kerberos)
{
    return kerberos->service;
}

/* --------------------------------------------------------------------------------------------------- errors ---- */

/* What administrators meet, in their words. */
/* clang-format off */
static const struct trouble {
    krb5_error_code code;
    enum err_class class;
    bool tried;
    const char *remedy;
} troubles[] = {
    { KRB5KDC_ERR_PREAUTH_FAILED, ERR_DENIED, true, "the password (or the keytab's key) is not the account's" },
    { KRB5KRB_AP_ERR_BAD_INTEGRITY, ERR_DENIED, true, "the password (or the keytab's key) is not the account's" },
    { KRB5KDC_ERR_CLIENT_REVOKED, ERR_DENIED, true, "look whether the account is locked, disabled or expired" },
    { KRB5KDC_ERR_NAME_EXP, ERR_DENIED, true, "look whether the account has expired" },
    { KRB5KDC_ERR_KEY_EXP, ERR_DENIED, true, "give the account a new password" },
    { KRB5KDC_ERR_CLIENT_NOTYET, ERR_DENIED, true, "look from when on the account is valid" },
    { KRB5KDC_ERR_POLICY, ERR_DENIED, true, "look where and when the account may log in" },
    { KRB5KDC_ERR_ETYPE_NOSUPP, ERR_DENIED, true, "the account has no key of a kind that both sides allow: give it a "
      "new password, or allow AES for it" },
    { KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, ERR_DENIED, false, "look at username: user@REALM, the realm in upper case" },
    { KRB5KRB_AP_ERR_TKT_EXPIRED, ERR_DENIED, false, "the tickets in the cache have expired: renew them (kinit), or "
      "use a keytab" },
    { KRB5_KDC_UNREACH, ERR_UNREACHABLE, false, "look at the realm's kdc in krb5.conf or its SRV records in DNS, and "
      "whether a firewall lets port 88 through" },
    { KRB5_REALM_CANT_RESOLVE, ERR_UNREACHABLE, false, "look at the realm's kdc in krb5.conf, and at the name servers "
      "of this machine" },
    { KRB5_REALM_UNKNOWN, ERR_CONFIG, false, "describe the realm in krb5.conf, or let dns_lookup_kdc find it" },
    { KRB5_CONFIG_NODEFREALM, ERR_CONFIG, false, "write username as user@REALM, or give default_realm in krb5.conf" },
    { KRB5_CONFIG_CANTOPEN, ERR_CONFIG, false, "see that krb5.conf can be read" },
    { KRB5_CONFIG_BADFORMAT, ERR_CONFIG, false, "correct krb5.conf" },
    { KRB5_ERR_HOST_REALM_UNKNOWN, ERR_CONFIG, false, "give the host's domain in domain_realm of krb5.conf" },
    { KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, ERR_UNSUPPORTED, false, "use the name that the host has in its domain (option "
      "service_host), never its address; on the host: setspn -L %COMPUTERNAME%" },
    { KRB5KRB_AP_ERR_SKEW, ERR_PROTOCOL, false, "set the clock of this machine by that of the domain: Kerberos allows "
      "five minutes" },
    { KRB5_PREAUTH_FAILED, ERR_CONFIG, false, "look with klist -k which accounts the keytab holds" },
    { KRB5_KT_NOTFOUND, ERR_CONFIG, false, "look with klist -k which accounts the keytab holds" },
    { KRB5_KT_IOERR, ERR_CONFIG, false, "look at the keytab" },
    { KRB5_KEYTAB_BADVNO, ERR_CONFIG, false, "look at the keytab" },
    { KRB5_FCC_NOFILE, ERR_CONFIG, false, "give the path of a credential cache (kinit -c FILE), or a keytab" },
    { KRB5_FCC_PERM, ERR_CONFIG, false, "let the daemon's user read the credential cache" },
    { KRB5_CC_NOTFOUND, ERR_DENIED, false, "the cache holds no ticket of use: renew it (kinit)" },
    { KRB5_CCACHE_BADVNO, ERR_CONFIG, false, "give a credential cache (kinit -c FILE), or a keytab" },
    { KRB5_CC_FORMAT, ERR_CONFIG, false, "give a credential cache (kinit -c FILE), or a keytab" },
    { ENOENT, ERR_CONFIG, false, "look at the path" },
    { EACCES, ERR_CONFIG, false, "let the daemon's user read it" },
};
/* clang-format on */

static const struct trouble other = { 0, ERR_PROTOCOL, false, "look into the log of the KDC" };

/* What is known of neither is after a login by password no reason to try it elsewhere: the KDC may have seen it. */
static const struct trouble not_taken = { 0, ERR_DENIED, true,
                                          "the KDC does not take the password alone: look into its log, and at what "
                                          "else the account must log in with" };
static const struct trouble unclear = { 0, ERR_PROTOCOL, true, "look into the log of the KDC" };

static const struct trouble *trouble_of(krb5_error_code code, bool by_password)
{
    if (by_password && code == KRB5_PREAUTH_FAILED)
        return &not_taken;
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        if (troubles[i].code == code)
            return &troubles[i];
    }
    return by_password ? &unclear : &other;
}

/* what was tried, with which name. Always false. */
static bool fail(struct kerberos *kerberos, krb5_error_code code, const char *what, const char *name, struct err *err)
{
    const struct trouble *trouble = trouble_of(code, kerberos->showing);
    const char *reason = krb5_get_error_message(kerberos->context, code);
    char quote[TEXT_QUOTE_SIZE];
    struct str why = STR_EMPTY;

    text_line(&why, reason);
    krb5_free_error_message(kerberos->context, reason);
    *kerberos->tried = trouble->tried;
    err_set(err, trouble->class, "Kerberos, %s %s: %s; %s", what, text_quote(quote, name), str_text(&why),
            trouble->remedy);
    str_finish(&why);
    return false;
}

/* --------------------------------------------------------------------------------------------------- client ---- */

/* The account's name, its realm in upper case. */
static char *proper_name(const char *user)
{
    char *name = mem_text(user), *realm = strrchr(name, '@');

    for (char *at = realm; at != NULL && *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    return name;
}

static bool name_client(struct kerberos *kerberos, const char *user, struct err *err)
{
    char *name = proper_name(user);
    krb5_error_code code = krb5_parse_name(kerberos->context, name, &kerberos->client);

    free(name);
    return code == 0 || fail(kerberos, code, "the name", user, err);
}

/* Of which account a keytab is where no name is given. */
static bool name_of_keytab(struct kerberos *kerberos, krb5_keytab keytab, struct err *err)
{
    krb5_kt_cursor cursor;
    krb5_keytab_entry entry;
    krb5_error_code code = krb5_kt_start_seq_get(kerberos->context, keytab, &cursor);

    if (code != 0)
        return fail(kerberos, code, "the keytab", kerberos->settings->keytab, err);
    code = krb5_kt_next_entry(kerberos->context, keytab, &entry, &cursor);
    krb5_kt_end_seq_get(kerberos->context, keytab, &cursor);
    if (code != 0)
        return fail(kerberos, code == KRB5_KT_END ? (krb5_error_code)KRB5_KT_NOTFOUND : code, "the keytab",
                    kerberos->settings->keytab, err);
    code = krb5_copy_principal(kerberos->context, entry.principal, &kerberos->client);
    krb5_free_keytab_entry_contents(kerberos->context, &entry);
    return code == 0 || fail(kerberos, code, "the keytab", kerberos->settings->keytab, err);
}

/* --------------------------------------------------------------------------------------------------- tickets ---- */

static bool keep(struct kerberos *kerberos, krb5_creds *ticket, krb5_error_code code, const char *how, const char *name,
                 struct err *err)
{
    if (code != 0)
        return fail(kerberos, code, how, name, err);
    code = krb5_cc_initialize(kerberos->context, kerberos->tickets, ticket->client);
    if (code == 0)
        code = krb5_cc_store_cred(kerberos->context, kerberos->tickets, ticket);
    krb5_free_cred_contents(kerberos->context, ticket);
    return code == 0 || fail(kerberos, code, how, name, err);
}

static bool by_password(struct kerberos *kerberos, struct err *err)
{
    const struct kerberos_settings *settings = kerberos->settings;
    krb5_creds ticket = { 0 };
    krb5_error_code code;
    bool good;

    if (settings->user == NULL)
        return err_set(err, ERR_CONFIG, "username: it is needed with a password");
    if (!name_client(kerberos, settings->user, err))
        return false;
    kerberos->showing = true;
    code = krb5_get_init_creds_password(kerberos->context, &ticket, kerberos->client, settings->password, NULL, NULL, 0,
                                        NULL, NULL);
    good = keep(kerberos, &ticket, code, "login of", settings->user, err);
    kerberos->showing = false;
    return good;
}

static bool with_keytab(struct kerberos *kerberos, krb5_keytab keytab, struct err *err)
{
    const struct kerberos_settings *settings = kerberos->settings;
    krb5_creds ticket = { 0 };
    krb5_error_code code;

    code = krb5_kt_have_content(kerberos->context, keytab);
    if (code != 0)
        return fail(kerberos, code, "the keytab", settings->keytab, err);
    if (settings->user != NULL ? !name_client(kerberos, settings->user, err) : !name_of_keytab(kerberos, keytab, err))
        return false;
    code = krb5_get_init_creds_keytab(kerberos->context, &ticket, kerberos->client, keytab, 0, NULL, NULL);
    return keep(kerberos, &ticket, code, "login by the keytab", settings->keytab, err);
}

static bool by_keytab(struct kerberos *kerberos, struct err *err)
{
    krb5_keytab keytab;
    char *name = NULL;
    krb5_error_code code;
    bool good;

    if (asprintf(&name, "FILE:%s", kerberos->settings->keytab) < 0)
        mem_exhausted(strlen(kerberos->settings->keytab));
    code = krb5_kt_resolve(kerberos->context, name, &keytab);
    free(name);
    if (code != 0)
        return fail(kerberos, code, "the keytab", kerberos->settings->keytab, err);
    good = with_keytab(kerberos, keytab, err);
    krb5_kt_close(kerberos->context, keytab);
    return good;
}

/* A copy, as what is obtained with it must not be written to the file. */
static krb5_error_code copy_cache(struct kerberos *kerberos, krb5_ccache from)
{
    krb5_error_code code = krb5_cc_get_principal(kerberos->context, from, &kerberos->client);

    if (code == 0)
        code = krb5_cc_initialize(kerberos->context, kerberos->tickets, kerberos->client);
    if (code == 0)
        code = krb5_cc_copy_creds(kerberos->context, from, kerberos->tickets);
    return code;
}

static bool by_cache(struct kerberos *kerberos, struct err *err)
{
    krb5_ccache from;
    char *name = NULL;
    krb5_error_code code;

    if (asprintf(&name, "FILE:%s", kerberos->settings->cache) < 0)
        mem_exhausted(strlen(kerberos->settings->cache));
    code = krb5_cc_resolve(kerberos->context, name, &from);
    free(name);
    if (code != 0)
        return fail(kerberos, code, "the cache", kerberos->settings->cache, err);
    code = copy_cache(kerberos, from);
    krb5_cc_close(kerberos->context, from);
    return code == 0 || fail(kerberos, code, "the cache", kerberos->settings->cache, err);
}

static bool login(struct kerberos *kerberos, struct err *err)
{
    const struct kerberos_settings *settings = kerberos->settings;

    if (settings->password != NULL)
        return by_password(kerberos, err);
    if (settings->keytab != NULL)
        return by_keytab(kerberos, err);
    if (settings->cache != NULL)
        return by_cache(kerberos, err);
    return err_set(err, ERR_CONFIG, "Kerberos needs a password, a keytab or a cache, and none is given");
}

/* The host's name as it was given, in lower case as services have it: with KRB5_NT_SRV_HST the library would ask DNS
 * for the name that it has there, whose answer anybody may have written. */
static krb5_error_code name_service(struct kerberos *kerberos, krb5_principal *service)
{
    char *host = mem_text(kerberos->settings->host);
    krb5_error_code code;

    for (char *at = host; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    code = krb5_sname_to_principal(kerberos->context, host, kerberos->settings->service, KRB5_NT_UNKNOWN, service);
    free(host);
    return code;
}

/* The ticket for the service goes into the cache, where GSSAPI finds it. */
static bool obtain_service(struct kerberos *kerberos, struct err *err)
{
    const struct kerberos_settings *settings = kerberos->settings;
    krb5_creds wanted = { .client = kerberos->client }, *ticket = NULL;
    struct str name = STR_EMPTY;
    krb5_error_code code = name_service(kerberos, &wanted.server);

    if (code == 0)
        code = krb5_get_credentials(kerberos->context, 0, kerberos->tickets, &wanted, &ticket);
    if (code == 0)
        code = krb5_unparse_name(kerberos->context, ticket->server, &kerberos->service);
    if (code != 0) {
        str_format(&name, "%s/%s", settings->service, settings->host);
        fail(kerberos, code, "a ticket for", str_text(&name), err);
        str_finish(&name);
    }
    krb5_free_creds(kerberos->context, ticket);
    krb5_free_principal(kerberos->context, wanted.server);
    return code == 0;
}

/* -------------------------------------------------------------------------------------------------- making ---- */

static bool open_cache(struct kerberos *kerberos, struct err *err)
{
    krb5_error_code code = krb5_init_context(&kerberos->context);

    if (code == 0)
        code = krb5_cc_new_unique(kerberos->context, "MEMORY", NULL, &kerberos->tickets);
    if (code == 0)
        code = krb5_cc_get_full_name(kerberos->context, kerberos->tickets, &kerberos->cache);
    return code == 0 || fail(kerberos, code, "the settings of", "krb5.conf", err);
}

struct kerberos *kerberos_create(const struct kerberos_settings *settings, bool *tried, struct err *err)
{
    struct kerberos *kerberos = mem_new(1, sizeof *kerberos);
    bool good;

    *tried = false;
    kerberos->settings = settings;
    kerberos->tried = tried;
    good = open_cache(kerberos, err) && login(kerberos, err) && obtain_service(kerberos, err);
    kerberos->settings = NULL;
    kerberos->tried = NULL;
    if (good)
        return kerberos;
    kerberos_destroy(kerberos);
    return NULL;
}

void kerberos_destroy(struct kerberos *kerberos)
{
    if (kerberos == NULL)
        return;
    if (kerberos->context != NULL) {
        krb5_free_string(kerberos->context, kerberos->cache);
        krb5_free_unparsed_name(kerberos->context, kerberos->service);
        krb5_free_principal(kerberos->context, kerberos->client);
        if (kerberos->tickets != NULL)
            krb5_cc_destroy(kerberos->context, kerberos->tickets);
        krb5_free_context(kerberos->context);
    }
    free(kerberos);
}
