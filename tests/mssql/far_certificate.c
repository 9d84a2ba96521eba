#include "far_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY 86400L

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void extend(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

    expect(extension != NULL && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

void far_certificate_make(struct far_certificate *made, const char *name, const char *alternatives, int days,
                          const struct far_certificate *issuer)
{
    static long serial = 1;
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);

    made->certificate = certificate;
    made->key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
    expect(made->key != NULL && X509_set_version(certificate, 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), days < 0 ? (days - 1) * DAY : -DAY);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days * DAY);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    expect(X509_set_issuer_name(certificate, issuer == NULL ? subject : X509_get_subject_name(issuer->certificate)) ==
           1);
    expect(X509_set_pubkey(certificate, made->key) == 1);
    if (alternatives == NULL)
        extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
    else
        extend(certificate, NID_subject_alt_name, alternatives);
    expect(X509_sign(certificate, issuer == NULL ? made->key : issuer->key, EVP_sha256()) > 0);
}

void far_certificate_finish(struct far_certificate *made)
{
    X509_free(made->certificate);
    EVP_PKEY_free(made->key);
}

void far_certificate_print(const struct far_certificate *made, char text[96])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size;

    expect(X509_digest(made->certificate, EVP_sha256(), digest, &size) == 1);
    for (unsigned i = 0; i < size; i++)
        snprintf(text + 3 * i, 96 - 3 * i, "%02X%s", digest[i], i + 1 < size ? ":" : "");
}

void far_certificate_write(const struct far_certificate *made, const char *path)
{
    FILE *file = fopen(path, "w");

    expect(file != NULL && PEM_write_X509(file, made->certificate) == 1 && fclose(file) == 0);
}
