/* What the handshake (negotiate.c) and sealing (negotiate_seal.c) have in common, and nobody else knows. */
#ifndef NEGOTIATE_SEAL_H
#define NEGOTIATE_SEAL_H

#include "kerberos.h"
#include "negotiate.h"

#include <gssapi/gssapi.h>

struct negotiate {
    enum negotiate_mechanism mechanism; /* Kerberos or NTLM */
    struct kerberos *kerberos;
    gss_cred_id_t credential;
    gss_name_t target;
    gss_ctx_id_t context;
    struct str binding;     /* of the channel, as GSSAPI wants it; empty: none */
    struct str first;       /* token, which was made with the credential */
    gss_buffer_desc opened; /* the last message */
    OM_uint32 flags;
    bool begun, done;
    struct err reason; /* why it is not Kerberos */
};

/* For messages. */
const char *negotiate_word(const struct negotiate *negotiate);

/* What GSSAPI says comes behind the sentence, and what to do behind that. Always false. */
bool negotiate_fail(const struct negotiate *negotiate, struct err *err, enum err_class class, const char *what,
                    OM_uint32 major, OM_uint32 minor, const char *remedy);

static inline gss_buffer_desc negotiate_buffer(const void *bytes, size_t size)
{
    return (gss_buffer_desc){ .length = size, .value = (void *)bytes };
}

#endif
