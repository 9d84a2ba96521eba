#include "negotiate.h"

#include "kerberos.h"
#include "mem.h"
#include "negotiate_seal.h"
#include "text.h"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLAGS (GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG)
#define LARGE (2 << 20) /* bytes of memory, more than a message takes */
#define BINDING_PREFIX "tls-server-end-point:"

static gss_OID_desc spnego = { 6, "\x2b\x06\x01\x05\x05\x02" };
static gss_OID_desc krb5 = { 9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" };
static gss_OID_desc ntlm = { 10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a" };

/* ---------------------------------------------------------------------------------------------------- errors ---- */

static void add_status(struct str *out, OM_uint32 status, int type, gss_OID mechanism)
{
    OM_uint32 minor, more = 0;

    do {
        gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
        char quote[TEXT_QUOTE_SIZE * 3];

        if (GSS_ERROR(gss_display_status(&minor, status, type, mechanism, &more, &text)))
            return;
        snprintf(quote, sizeof quote, "%.*s", (int)text.length, (const char *)text.value);
        str_add(out, out->length > 0 ? ": " : "");
        text_line(out, quote);
        gss_release_buffer(&minor, &text);
    } while (more != 0);
}

/* Kerberos is negotiated in SPNEGO. NTLM is not: SPNEGO would try a password by every mechanism that it knows, so that
 * one login would be two of them. */
static gss_OID oid_of(const struct negotiate *negotiate)
{
    return negotiate->mechanism == NEGOTIATE_NTLM ? &ntlm : &spnego;
}

bool negotiate_fail(const struct negotiate *negotiate, struct err *err, enum err_class class, const char *what,
                    OM_uint32 major, OM_uint32 minor, const char *remedy)
{
    struct str reason = STR_EMPTY;

    add_status(&reason, major, GSS_C_GSS_CODE, oid_of(negotiate));
    if (minor != 0)
        add_status(&reason, minor, GSS_C_MECH_CODE, oid_of(negotiate));
    err_set(err, class, "%s: %s%s%s", what, str_text(&reason), remedy[0] == '\0' ? "" : "; ", remedy);
    str_finish(&reason);
    return false;
}

/* ---------------------------------------------------------------------------------------------------- making ---- */

/* GSSAPI loads a mechanism when it is first asked anything of it, whether it has an answer (that of NTLM has none). */
static bool has_mechanism(gss_OID mechanism)
{
    gss_OID_set names = GSS_C_NO_OID_SET;
    OM_uint32 minor;
    bool there = gss_inquire_names_for_mech(&minor, mechanism, &names) != GSS_S_BAD_MECH;

    gss_release_oid_set(&minor, &names);
    return there;
}

/* The challenge of MS-NLMP 4.2.4.3. */
/* clang-format off */
static const unsigned char challenge[] = {
    'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 2, 0, 0, 0,
    12, 0, 12, 0, 0x38, 0, 0, 0, 0x33, 0x82, 0x8A, 0xE2, 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
    0, 0, 0, 0, 0, 0, 0, 0, 0x24, 0, 0x24, 0, 0x44, 0, 0, 0, 6, 0, 0x70, 0x17, 0, 0, 0, 0x0F,
    'S', 0, 'e', 0, 'r', 0, 'v', 0, 'e', 0, 'r', 0,
    2, 0, 12, 0, 'D', 0, 'o', 0, 'm', 0, 'a', 0, 'i', 0, 'n', 0,
    1, 0, 12, 0, 'S', 0, 'e', 0, 'r', 0, 'v', 0, 'e', 0, 'r', 0, 0, 0, 0, 0,
};
/* clang-format on */

/* A login that nobody asked for, and a message for nobody: the ciphers that they load (a provider of OpenSSL's own) are
 * then every scan's. */
static void warm_ntlm(void)
{
    const struct negotiate_settings settings = {
        .mechanism = NEGOTIATE_NTLM, .host = "localhost", .user = "Domain\\User", .password = "Password"
    };
    struct negotiate *negotiate = negotiate_create(&settings, NULL);
    struct str out = STR_EMPTY, data = STR_EMPTY;
    bool done = false;

    if (negotiate != NULL && negotiate_step(negotiate, "", 0, &out, &done, NULL) &&
        negotiate_step(negotiate, challenge, sizeof challenge, &out, &done, NULL) && done)
        negotiate_wrap(negotiate, "message", strlen("message"), &out, &data, NULL);
    negotiate_destroy(negotiate);
    str_finish(&out);
    str_finish(&data);
}

/* NTLM is a package of its own, which not everybody needs. The memory of one message is to be the next one's: fresh
 * from the system, each of its pages costs more than what is read from it. */
bool negotiate_prepare(struct err *err)
{
    mallopt(M_MMAP_THRESHOLD, LARGE);
    mallopt(M_TRIM_THRESHOLD, 2 * LARGE);
    kerberos_prepare();
    if (has_mechanism(&ntlm))
        warm_ntlm();
    return (has_mechanism(&krb5) && has_mechanism(&spnego)) ||
           err_set(err, ERR_SYSTEM, "GSSAPI has no Kerberos: install libgssapi-krb5-2");
}

/* Kerberos, and nothing else that SPNEGO knows. */
static bool restrict_to_kerberos(struct negotiate *negotiate, struct err *err)
{
    gss_OID_set_desc set = { 1, &krb5 };
    OM_uint32 minor, major = gss_set_neg_mechs(&minor, negotiate->credential, &set);

    return major == GSS_S_COMPLETE ||
           negotiate_fail(negotiate, err, ERR_SYSTEM, "choosing what to log in with", major, minor, "");
}

static bool acquire_kerberos(struct negotiate *negotiate, const struct negotiate_settings *settings, bool *tried,
                             struct err *err)
{
    const struct kerberos_settings wanted = {
        .user = settings->user,
        .password = settings->password,
        .keytab = settings->keytab,
        .cache = settings->cache,
        .service = settings->service != NULL ? settings->service : "HTTP",
        .host = settings->host,
    };
    /* Without a keytab that is told, GSSAPI would look for one of the environment. */
    gss_key_value_element_desc elements[] = { { "ccache", NULL }, { "client_keytab", "MEMORY:muster-none" } };
    gss_key_value_set_desc store = { 2, elements };
    gss_OID_set_desc set = { 1, &spnego };
    OM_uint32 minor, major;

    negotiate->kerberos = kerberos_create(&wanted, tried, err);
    if (negotiate->kerberos == NULL)
        return false;
    elements[0].value = kerberos_cache(negotiate->kerberos);
    major = gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &set, GSS_C_INITIATE, &store,
                                  &negotiate->credential, NULL, NULL);
    if (major != GSS_S_COMPLETE)
        return negotiate_fail(negotiate, err, ERR_SYSTEM, "Kerberos", major, minor, "");
    return restrict_to_kerberos(negotiate, err);
}

static bool acquire_ntlm(struct negotiate *negotiate, const struct negotiate_settings *settings, struct err *err)
{
    gss_OID_set_desc set = { 1, &ntlm };
    gss_buffer_desc text, password;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 ignored, minor, major;

    if (settings->user == NULL || settings->password == NULL)
        return err_set(err, ERR_CONFIG, "NTLM needs username and password");
    if (!has_mechanism(&ntlm))
        return err_set(err, ERR_CONFIG, "GSSAPI has no NTLM: install the package gss-ntlmssp");
    text = negotiate_buffer(settings->user, strlen(settings->user));
    password = negotiate_buffer(settings->password, strlen(settings->password));
    major = gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &name);
    if (major == GSS_S_COMPLETE)
        major = gss_acquire_cred_with_password(&minor, name, &password, GSS_C_INDEFINITE, &set, GSS_C_INITIATE,
                                               &negotiate->credential, NULL, NULL);
    if (major != GSS_S_COMPLETE)
        negotiate_fail(negotiate, err, ERR_CONFIG, "NTLM", major, minor, "look at username, DOMAIN\\user or user");
    gss_release_name(&ignored, &name);
    return major == GSS_S_COMPLETE;
}

/* Kerberos: the very principal of the ticket. Of a host GSSAPI would ask DNS how it is called. */
static gss_OID write_target(const struct negotiate *negotiate, const struct negotiate_settings *settings,
                            struct str *name)
{
    if (negotiate->mechanism == NEGOTIATE_KERBEROS) {
        str_add(name, kerberos_service(negotiate->kerberos));
        return (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME;
    }
    str_format(name, "%s@%s", settings->service != NULL ? settings->service : "HTTP", settings->host);
    return GSS_C_NT_HOSTBASED_SERVICE;
}

static bool name_target(struct negotiate *negotiate, const struct negotiate_settings *settings, struct err *err)
{
    struct str name = STR_EMPTY;
    gss_OID type = write_target(negotiate, settings, &name);
    gss_buffer_desc text = negotiate_buffer(name.bytes, name.length);
    OM_uint32 minor, major = gss_import_name(&minor, &text, type, &negotiate->target);

    str_finish(&name);
    return major == GSS_S_COMPLETE ||
           negotiate_fail(negotiate, err, ERR_CONFIG, "the name of the service", major, minor, "");
}

static void forget(struct negotiate *negotiate)
{
    OM_uint32 minor;

    negotiate_let_go(negotiate);
    gss_delete_sec_context(&minor, &negotiate->context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &negotiate->credential);
    gss_release_name(&minor, &negotiate->target);
    kerberos_destroy(negotiate->kerberos);
    negotiate->kerberos = NULL;
    str_clear(&negotiate->first);
}

/* Up to the first token: whether Kerberos can be had is known only then. */
static bool open_with(struct negotiate *negotiate, enum negotiate_mechanism mechanism,
                      const struct negotiate_settings *settings, bool *tried, struct err *err)
{
    bool done;

    negotiate->mechanism = mechanism;
    if (mechanism == NEGOTIATE_KERBEROS ? !acquire_kerberos(negotiate, settings, tried, err)
                                        : !acquire_ntlm(negotiate, settings, err))
        return false;
    return name_target(negotiate, settings, err) && negotiate_step(negotiate, "", 0, &negotiate->first, &done, err);
}

/* DOMAIN\user names no realm. */
static bool can_be_kerberos(const struct negotiate_settings *settings)
{
    return settings->user == NULL || strchr(settings->user, '\\') == NULL;
}

static bool open_either(struct negotiate *negotiate, const struct negotiate_settings *settings, struct err *err)
{
    bool tried = false;

    if (!can_be_kerberos(settings)) {
        err_set(&negotiate->reason, ERR_CONFIG, "username has no realm, but a domain (user@REALM is wanted)");
    } else if (open_with(negotiate, NEGOTIATE_KERBEROS, settings, &tried, &negotiate->reason)) {
        return true;
    } else if (tried || settings->user == NULL || settings->password == NULL) {
        return err_set(err, negotiate->reason.class, "%s", negotiate->reason.text);
    }
    forget(negotiate);
    return open_with(negotiate, NEGOTIATE_NTLM, settings, &tried, err) ||
           err_add(err, "%s; then", negotiate->reason.text);
}

static void keep_binding(struct negotiate *negotiate, const struct negotiate_settings *settings)
{
    if (settings->binding == NULL)
        return;
    str_add(&negotiate->binding, BINDING_PREFIX);
    str_add_bytes(&negotiate->binding, settings->binding, settings->binding_size);
}

struct negotiate *negotiate_create(const struct negotiate_settings *settings, struct err *err)
{
    struct negotiate *negotiate = mem_new(1, sizeof *negotiate);
    bool tried, good;

    keep_binding(negotiate, settings);
    good = settings->mechanism == NEGOTIATE_EITHER ? open_either(negotiate, settings, err)
                                                   : open_with(negotiate, settings->mechanism, settings, &tried, err);
    if (good)
        return negotiate;
    negotiate_destroy(negotiate);
    return NULL;
}

void negotiate_destroy(struct negotiate *negotiate)
{
    if (negotiate == NULL)
        return;
    forget(negotiate);
    str_finish(&negotiate->binding);
    str_finish(&negotiate->first);
    free(negotiate);
}

enum negotiate_mechanism negotiate_mechanism(const struct negotiate *negotiate)
{
    return negotiate->mechanism;
}

const char *negotiate_word(const struct negotiate *negotiate)
{
    return negotiate->mechanism == NEGOTIATE_KERBEROS ? "Kerberos" : "NTLM";
}

const char *negotiate_reason(const struct negotiate *negotiate)
{
    return negotiate->reason.text;
}

/* ------------------------------------------------------------------------------------------------- handshake ---- */

static OM_uint32 call(struct negotiate *negotiate, gss_buffer_t in, gss_buffer_t out, OM_uint32 *minor)
{
    struct gss_channel_bindings_struct bindings = { .application_data = negotiate_buffer(negotiate->binding.bytes,
                                                                                         negotiate->binding.length) };
    gss_channel_bindings_t binding = negotiate->binding.length > 0 ? &bindings : GSS_C_NO_CHANNEL_BINDINGS;

    return gss_init_sec_context(minor, negotiate->credential, &negotiate->context, negotiate->target, oid_of(negotiate),
                                FLAGS, GSS_C_INDEFINITE, binding, in, NULL, out, &negotiate->flags, NULL);
}

static bool step(struct negotiate *negotiate, const void *in, size_t in_size, struct str *out, struct err *err)
{
    gss_buffer_desc token = negotiate_buffer(in, in_size), answer = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored, minor, major = call(negotiate, &token, &answer, &minor);

    negotiate->done = major == GSS_S_COMPLETE;
    if (GSS_ERROR(major))
        negotiate_fail(
            negotiate, err, ERR_PROTOCOL, negotiate_word(negotiate), major, minor,
            in_size > 0 ? "look at the clocks of both sides, and at the name of the service that it answers for" : "");
    else
        str_add_bytes(out, answer.value, answer.length);
    gss_release_buffer(&ignored, &answer);
    return !GSS_ERROR(major);
}

bool negotiate_step(struct negotiate *negotiate, const void *in, size_t in_size, struct str *out, bool *done,
                    struct err *err)
{
    bool good = true;

    if (in_size > NEGOTIATE_MAX_TOKEN)
        return err_set(err, ERR_PROTOCOL, "%s: the server's token has %zu bytes", negotiate_word(negotiate), in_size);
    if (negotiate->first.length > 0) {
        str_add_bytes(out, negotiate->first.bytes, negotiate->first.length);
        str_clear(&negotiate->first);
    } else if (negotiate->done || (negotiate->begun && in_size == 0)) {
        return err_set(err, ERR_PROTOCOL, "%s: the server %s", negotiate_word(negotiate),
                       negotiate->done ? "goes on with a handshake that is over" : "did not prove who it is");
    } else {
        good = step(negotiate, in, in_size, out, err);
    }
    negotiate->begun = true;
    *done = good && negotiate->done;
    return good;
}
