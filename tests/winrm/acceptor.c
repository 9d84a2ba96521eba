#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "acceptor.h"

#include "peer_test.h"

#include <gssapi/gssapi_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIGNATURE 16

static gss_OID_desc spnego = { 6, "\x2b\x06\x01\x05\x05\x02" };
static gss_OID_desc kerberos = { 9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" };
static gss_OID_desc ntlm = { 10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a" };

static struct {
    bool ntlm;
    gss_cred_id_t credential;
    gss_ctx_id_t context;
    struct gss_channel_bindings_struct bindings;
    struct str binding;
    char user[256];
} self;

int acceptor_absent(void)
{
    return peer_absent(
        access("/etc/gss/mech.d/mech.ntlmssp.conf", F_OK) == 0 ? NULL : "no NTLM: gss-ntlmssp is not installed");
}

/* Named in the environment only once the client has its credential: it must do without. */
static void name_users(void)
{
    char path[] = "/tmp/muster-users-XXXXXX";
    int file = mkstemp(path);

    assert_int_equal(write(file, ACCEPTOR_USERS, strlen(ACCEPTOR_USERS)), (ssize_t)strlen(ACCEPTOR_USERS));
    close(file);
    setenv("NTLM_USER_FILE", path, 1);
}

static void forget_users(void)
{
    const char *path = getenv("NTLM_USER_FILE");

    if (path != NULL)
        unlink(path);
    unsetenv("NTLM_USER_FILE");
}

void acceptor_begin(const char *mechanism, const void *binding, size_t binding_size)
{
    gss_OID_set_desc mechanisms = { 1, &spnego }, inner = { 1, &kerberos };
    OM_uint32 minor;

    acceptor_end();
    self.ntlm = strcmp(mechanism, "ntlm") == 0;
    if (self.ntlm) {
        mechanisms.elements = &ntlm;
        name_users();
    }
    assert_int_equal(gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechanisms, GSS_C_ACCEPT,
                                      &self.credential, NULL, NULL),
                     GSS_S_COMPLETE);
    if (!self.ntlm)
        assert_int_equal(gss_set_neg_mechs(&minor, self.credential, &inner), GSS_S_COMPLETE);
    if (binding == NULL)
        return;
    str_add(&self.binding, "tls-server-end-point:");
    str_add_bytes(&self.binding, binding, binding_size);
    self.bindings.application_data = (gss_buffer_desc){ self.binding.length, self.binding.bytes };
}

void acceptor_end(void)
{
    OM_uint32 minor;

    forget_users();
    gss_delete_sec_context(&minor, &self.context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &self.credential);
    str_finish(&self.binding);
    memset(&self, 0, sizeof self);
}

static void keep_user(gss_name_t name)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;

    assert_int_equal(gss_display_name(&minor, name, &text, NULL), GSS_S_COMPLETE);
    snprintf(self.user, sizeof self.user, "%.*s", (int)text.length, (const char *)text.value);
    gss_release_buffer(&minor, &text);
    gss_release_name(&minor, &name);
}

bool acceptor_step(const struct str *in, struct str *out, bool *done)
{
    gss_buffer_desc token = { in->length, in->bytes }, answer = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor, major;

    major = gss_accept_sec_context(&minor, &self.context, self.credential, &token,
                                   self.binding.length > 0 ? &self.bindings : GSS_C_NO_CHANNEL_BINDINGS, &name, NULL,
                                   &answer, NULL, NULL, NULL);
    str_clear(out);
    str_add_bytes(out, answer.value, answer.length);
    gss_release_buffer(&minor, &answer);
    *done = major == GSS_S_COMPLETE;
    if (*done)
        keep_user(name);
    return !GSS_ERROR(major);
}

const char *acceptor_user(void)
{
    return self.user;
}

void acceptor_session_key(unsigned char key[16])
{
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    OM_uint32 minor;

    assert_int_equal(gss_inquire_sec_context_by_oid(&minor, self.context, GSS_C_INQ_SSPI_SESSION_KEY, &set), 0);
    assert_int_equal(set->elements[0].length, 16);
    memcpy(key, set->elements[0].value, 16);
    gss_release_buffer_set(&minor, &set);
}

void acceptor_wrap(const void *plain, size_t size, struct str *header, struct str *data)
{
    gss_buffer_desc message = { size, (void *)plain }, sealed = GSS_C_EMPTY_BUFFER;
    int encrypted = 0;
    OM_uint32 minor;

    if (!self.ntlm) {
        gss_iov_buffer_desc parts[] = {
            { GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER },
            { GSS_IOV_BUFFER_TYPE_DATA, { size, NULL } },
            { GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER },
        };

        str_add_bytes(data, plain, size);
        parts[1].buffer.value = data->bytes + data->length - size;
        assert_int_equal(gss_wrap_iov(&minor, self.context, 1, GSS_C_QOP_DEFAULT, &encrypted, parts, 3), 0);
        str_add_bytes(header, parts[0].buffer.value, parts[0].buffer.length);
        gss_release_iov_buffer(&minor, parts, 3);
        return;
    }
    assert_int_equal(gss_wrap(&minor, self.context, 1, GSS_C_QOP_DEFAULT, &message, &encrypted, &sealed), 0);
    assert_true(encrypted);
    str_add_bytes(header, sealed.value, SIGNATURE);
    str_add_bytes(data, (char *)sealed.value + SIGNATURE, sealed.length - SIGNATURE);
    gss_release_buffer(&minor, &sealed);
}

bool acceptor_unwrap(const struct str *header, const struct str *data, struct str *plain)
{
    struct str joined = STR_EMPTY;
    gss_buffer_desc message = GSS_C_EMPTY_BUFFER, sealed;
    int encrypted = 0;
    OM_uint32 minor, major;

    str_add_bytes(&joined, header->bytes, header->length);
    str_add_bytes(&joined, data->bytes, data->length);
    sealed = (gss_buffer_desc){ joined.length, joined.bytes };
    major = gss_unwrap(&minor, self.context, &sealed, &message, &encrypted, NULL);
    str_add_bytes(plain, message.value, message.length);
    gss_release_buffer(&minor, &message);
    str_finish(&joined);
    return major == GSS_S_COMPLETE && encrypted;
}
