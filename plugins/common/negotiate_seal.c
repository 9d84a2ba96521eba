#include "negotiate_seal.h"

#include <gssapi/gssapi_ext.h>

#define NTLM_SIGNATURE 16  /* bytes (MS-NLMP 2.2.2.9) */
#define KERBEROS_HEADER 16 /* bytes (RFC 4121, 4.2.6.2) */
#define CONFOUNDER 16      /* bytes, of each cipher that RFC 4121 goes with */

bool negotiate_seals(const struct negotiate *negotiate)
{
    return negotiate->done && (negotiate->flags & GSS_C_CONF_FLAG) != 0 && (negotiate->flags & GSS_C_INTEG_FLAG) != 0;
}

void negotiate_let_go(struct negotiate *negotiate)
{
    OM_uint32 minor;

    gss_release_buffer(&minor, &negotiate->opened);
}

static bool not_sealed(struct negotiate *negotiate, const char *what, OM_uint32 major, OM_uint32 minor,
                       const char *remedy, struct err *err)
{
    if (major == GSS_S_COMPLETE)
        return err_set(err, ERR_PROTOCOL, "%s: %s is not encrypted", negotiate_word(negotiate), what);
    negotiate_fail(negotiate, err, ERR_PROTOCOL, what, major, minor, remedy);
    return err_add(err, "%s", negotiate_word(negotiate));
}

/* NTLM knows gss_wrap only: the signature, and behind it as many bytes as there were. */
static bool wrap_ntlm(struct negotiate *negotiate, gss_buffer_t plain, struct str *header, struct str *data,
                      struct err *err)
{
    gss_buffer_desc sealed = GSS_C_EMPTY_BUFFER;
    int encrypted = 0;
    OM_uint32 ignored, minor,
        major = gss_wrap(&minor, negotiate->context, 1, GSS_C_QOP_DEFAULT, plain, &encrypted, &sealed);
    bool good = major == GSS_S_COMPLETE && encrypted && sealed.length == plain->length + NTLM_SIGNATURE;

    if (good) {
        str_add_bytes(header, sealed.value, NTLM_SIGNATURE);
        str_add_bytes(data, (char *)sealed.value + NTLM_SIGNATURE, plain->length);
    } else {
        not_sealed(negotiate, "the message", major, minor, "", err);
    }
    gss_release_buffer(&ignored, &sealed);
    return good;
}

/* Without a trailer GSSAPI puts all that is not data into the header, as Windows does (RFC 4121, rotated). */
static bool wrap_kerberos(struct negotiate *negotiate, gss_buffer_t plain, struct str *header, struct str *data,
                          struct err *err)
{
    gss_iov_buffer_desc parts[] = {
        { GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER },
        { GSS_IOV_BUFFER_TYPE_DATA, GSS_C_EMPTY_BUFFER },
        { GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER },
    };
    size_t before = data->length;
    int encrypted = 0;
    OM_uint32 ignored, minor, major;
    bool good;

    str_add_bytes(data, plain->value, plain->length);
    parts[1].buffer = negotiate_buffer(data->bytes + before, plain->length);
    major = gss_wrap_iov(&minor, negotiate->context, 1, GSS_C_QOP_DEFAULT, &encrypted, parts, 3);
    good = major == GSS_S_COMPLETE && encrypted;
    if (good) {
        str_add_bytes(header, parts[0].buffer.value, parts[0].buffer.length);
        str_add_bytes(data, parts[2].buffer.value, parts[2].buffer.length);
    } else {
        not_sealed(negotiate, "the message", major, minor, "", err);
    }
    gss_release_iov_buffer(&ignored, parts, 3);
    return good;
}

bool negotiate_wrap(struct negotiate *negotiate, const void *plain, size_t size, struct str *header, struct str *data,
                    struct err *err)
{
    gss_buffer_desc message = negotiate_buffer(plain, size);

    return negotiate->mechanism == NEGOTIATE_NTLM ? wrap_ntlm(negotiate, &message, header, data, err)
                                                  : wrap_kerberos(negotiate, &message, header, data, err);
}

/* One that is replayed or out of order comes with a status that is no error to GSSAPI: it is one here. */
static bool is_good(struct negotiate *negotiate, OM_uint32 major, OM_uint32 minor, int encrypted, struct err *err)
{
    return (major == GSS_S_COMPLETE && encrypted) ||
           not_sealed(negotiate, "the reply", major, minor, "it was altered on the way, or came twice or too late",
                      err);
}

static bool unwrap(struct negotiate *negotiate, gss_buffer_t sealed, struct negotiate_message *message, struct err *err)
{
    int encrypted = 0;
    OM_uint32 minor, major;

    major = gss_unwrap(&minor, negotiate->context, sealed, &negotiate->opened, &encrypted, NULL);
    if (negotiate->opened.length > 0)
        *message = (struct negotiate_message){ negotiate->opened.value, negotiate->opened.length };
    return is_good(negotiate, major, minor, encrypted, err);
}

static bool unwrap_joined(struct negotiate *negotiate, gss_buffer_t header, gss_buffer_t data,
                          struct negotiate_message *message, struct err *err)
{
    struct str joined = STR_EMPTY;
    gss_buffer_desc sealed = negotiate_buffer(header->value, header->length + data->length);
    bool good;

    if ((const char *)header->value + header->length != (const char *)data->value) {
        str_add_bytes(&joined, header->value, header->length);
        str_add_bytes(&joined, data->value, data->length);
        sealed = negotiate_buffer(joined.bytes, joined.length);
    }
    good = unwrap(negotiate, &sealed, message, err);
    str_finish(&joined);
    return good;
}

static bool unwrap_in_place(struct negotiate *negotiate, gss_buffer_t header, gss_buffer_t data,
                            struct negotiate_message *message, struct err *err)
{
    gss_iov_buffer_desc parts[] = { { GSS_IOV_BUFFER_TYPE_HEADER, *header }, { GSS_IOV_BUFFER_TYPE_DATA, *data } };
    int encrypted = 0;
    OM_uint32 minor, major = gss_unwrap_iov(&minor, negotiate->context, &encrypted, NULL, parts, 2);

    *message = (struct negotiate_message){ parts[1].buffer.value, parts[1].buffer.length };
    return is_good(negotiate, major, minor, encrypted, err);
}

/* Whether all that is not data stands before it, rotated there, as Windows does it. */
static bool is_rotated(const struct negotiate *negotiate, const unsigned char *header, size_t size)
{
    return negotiate->mechanism == NEGOTIATE_KERBEROS && size > KERBEROS_HEADER && header[0] == 5 && header[1] == 4 &&
           size == KERBEROS_HEADER + CONFOUNDER + ((size_t)header[6] << 8 | header[7]);
}

/* gss-ntlmssp 1.2.0 takes the signature's length off without a look at what is there. */
static bool can_be_opened(const struct negotiate *negotiate, size_t header_size)
{
    return negotiate->mechanism != NEGOTIATE_NTLM || header_size == NTLM_SIGNATURE;
}

bool negotiate_unwrap(struct negotiate *negotiate, const void *header, size_t header_size, void *data, size_t data_size,
                      struct negotiate_message *message, struct err *err)
{
    gss_buffer_desc parts[] = { negotiate_buffer(header, header_size), negotiate_buffer(data, data_size) };
    bool good;

    negotiate_let_go(negotiate);
    *message = (struct negotiate_message){ "", 0 };
    if (!can_be_opened(negotiate, header_size))
        return err_set(err, ERR_PROTOCOL, "NTLM: the reply: its signature has %zu bytes", header_size);
    good = (is_rotated(negotiate, header, header_size) ? unwrap_in_place : unwrap_joined)(negotiate, &parts[0],
                                                                                          &parts[1], message, err);
    if (!good)
        *message = (struct negotiate_message){ "", 0 };
    return good;
}
