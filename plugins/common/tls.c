#include "tls.h"

#include "mem.h"
#include "text.h"

#include <ctype.h>
#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGEST_SIZE 32
#define MAX_NAMES 8 /* of a certificate, that are told */

struct tls {
    X509_STORE *store;
    unsigned char pin[DIGEST_SIZE];
    bool pinned;
    bool of_system; /* its CAs are the system's */

    X509 *shown; /* what the server showed last */
    int reason;  /* X509_V_OK, or why it was refused */
    char fingerprint[TLS_FINGERPRINT_SIZE];
    char version[16];
};

/* The system's CAs, read once before the process forks: 30 ms that no scan then spends. */
static X509_STORE *system_store;
static char system_trouble[256]; /* why there are none; "" where there are */

/* The first is the cause of the others. */
static void first_reason(char *buffer, size_t size)
{
    unsigned long code = ERR_peek_error();
    const char *reason = ERR_reason_error_string(code);

    snprintf(buffer, size, "%s",
             ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code))
             : reason != NULL       ? reason
                                    : "no certificate in it");
    ERR_clear_error();
}

/* As curl sets up its own: an intermediate CA, or the server's own certificate, may be what is trusted. */
static X509_STORE *new_store(void)
{
    X509_STORE *store = X509_STORE_new();

    if (store == NULL)
        mem_exhausted(sizeof(void *));
    X509_STORE_set_flags(store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
    return store;
}

static const char *system_file(void)
{
    const char *file = curl_version_info(CURLVERSION_NOW)->cainfo;

    return file != NULL ? file : X509_get_default_cert_file();
}

void tls_prepare(void)
{
    char reason[128];

    if (system_store != NULL)
        return;
    system_store = new_store();
    ERR_clear_error();
    if (X509_STORE_load_file(system_store, system_file()) == 1)
        return;
    first_reason(reason, sizeof reason);
    snprintf(system_trouble, sizeof system_trouble, "%s: %s", system_file(), reason);
}

/* ------------------------------------------------------------------------------------------- fingerprints ---- */

static int digit(char character)
{
    if (isdigit((unsigned char)character))
        return character - '0';
    return isxdigit((unsigned char)character) ? tolower((unsigned char)character) - 'a' + 10 : -1;
}

/* How many bytes stand there, at most limit + 1; -1 for what is no hex. */
static int read_hex(const char *text, unsigned char *bytes, int limit)
{
    int count = 0;

    while (*text != '\0' && count <= limit) {
        int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);

        if (low < 0)
            return -1;
        if (count < limit)
            bytes[count] = (unsigned char)(high * 16 + low);
        count++;
        text += text[2] == ':' && text[3] != '\0' ? 3 : 2;
    }
    return count;
}

static bool read_fingerprint(const char *text, unsigned char pin[DIGEST_SIZE], struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    int count = read_hex(text, pin, DIGEST_SIZE);

    if (count == DIGEST_SIZE)
        return true;
    if (count == 20)
        return err_set(err, ERR_CONFIG, "fingerprint: %s is one of SHA-1; that of SHA-256 is needed, 32 bytes in hex",
                       text_quote(quote, text));
    return err_set(err, ERR_CONFIG,
                   "fingerprint: %s is not the SHA-256 of a certificate, 32 bytes in hex such as AA:BB:...",
                   text_quote(quote, text));
}

bool tls_check_fingerprint(const char *fingerprint, struct err *err)
{
    unsigned char pin[DIGEST_SIZE];

    return read_fingerprint(fingerprint, pin, err);
}

static void write_fingerprint(const unsigned char digest[DIGEST_SIZE], char text[TLS_FINGERPRINT_SIZE])
{
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        snprintf(text + 3 * i, TLS_FINGERPRINT_SIZE - 3 * i, "%02X%s", digest[i], i + 1 < DIGEST_SIZE ? ":" : "");
}

/* --------------------------------------------------------------------------------------------- verifying ---- */

static void remember(struct tls *tls, X509_STORE_CTX *chain, X509 *leaf)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());

    X509_up_ref(leaf);
    X509_free(tls->shown);
    tls->shown = leaf;
    snprintf(tls->version, sizeof tls->version, "%s", ssl != NULL ? SSL_get_version(ssl) : "");
}

/* The one place where a certificate is found good; what OpenSSL's own rules say only counts where nothing is pinned. */
static int verify(X509_STORE_CTX *chain, void *context)
{
    struct tls *tls = context;
    X509 *leaf = X509_STORE_CTX_get0_cert(chain);
    unsigned char digest[DIGEST_SIZE];

    if (leaf == NULL || X509_digest(leaf, EVP_sha256(), digest, NULL) != 1)
        return 0;
    remember(tls, chain, leaf);
    write_fingerprint(digest, tls->fingerprint);
    if (tls->pinned)
        X509_STORE_CTX_set_error(
            chain, memcmp(digest, tls->pin, DIGEST_SIZE) == 0 ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
    else if (X509_verify_cert(chain) != 1 && X509_STORE_CTX_get_error(chain) == X509_V_OK)
        X509_STORE_CTX_set_error(chain, X509_V_ERR_UNSPECIFIED);
    tls->reason = X509_STORE_CTX_get_error(chain);
    return tls->reason == X509_V_OK;
}

void tls_attach(struct tls *tls, void *ssl_ctx)
{
    X509_STORE_up_ref(tls->store);
    SSL_CTX_set_cert_store(ssl_ctx, tls->store);
    SSL_CTX_set_verify(ssl_ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(ssl_ctx, verify, tls);
}

/* ------------------------------------------------------------------------------------------------- making ---- */

static bool load_file(X509_STORE *store, const char *file, struct err *err)
{
    char reason[128];

    ERR_clear_error();
    if (X509_STORE_load_file(store, file) == 1)
        return true;
    first_reason(reason, sizeof reason);
    return err_set(err, ERR_CONFIG, "ca_file %s: %s (certificates in PEM are wanted)", file, reason);
}

struct tls *tls_create(const char *ca_file, const char *fingerprint, struct err *err)
{
    struct tls *tls = mem_new(1, sizeof *tls);
    bool good = true;

    tls->pinned = fingerprint != NULL;
    tls->of_system = ca_file == NULL && !tls->pinned;
    if (tls->of_system) {
        tls_prepare();
        X509_STORE_up_ref(system_store);
        tls->store = system_store;
    } else {
        tls->store = new_store();
    }
    if (tls->pinned)
        good = read_fingerprint(fingerprint, tls->pin, err);
    else if (ca_file != NULL)
        good = load_file(tls->store, ca_file, err);
    if (good)
        return tls;
    tls_destroy(tls);
    return NULL;
}

void tls_destroy(struct tls *tls)
{
    if (tls == NULL)
        return;
    X509_STORE_free(tls->store);
    X509_free(tls->shown);
    free(tls);
}

/* -------------------------------------------------------------------------------------------------- words ---- */

const char *tls_fingerprint(const struct tls *tls)
{
    return tls->fingerprint;
}

const char *tls_version(const struct tls *tls)
{
    return tls->version;
}

static const EVP_MD *end_point_digest(const X509 *certificate)
{
    int algorithm = NID_undef;

    if (X509_get_signature_info((X509 *)certificate, &algorithm, NULL, NULL, NULL) != 1)
        return NULL;
    if (algorithm == NID_md5 || algorithm == NID_sha1 || algorithm == NID_md5_sha1)
        return EVP_sha256();
    return EVP_get_digestbynid(algorithm);
}

size_t tls_end_point(const struct tls *tls, unsigned char hash[TLS_MAX_END_POINT])
{
    const EVP_MD *digest = tls->shown != NULL ? end_point_digest(tls->shown) : NULL;
    unsigned int size = 0;

    if (digest == NULL || EVP_MD_get_size(digest) > TLS_MAX_END_POINT ||
        X509_digest(tls->shown, digest, hash, &size) != 1)
        return 0;
    return size;
}

static void add_quoted(struct str *out, const char *label, const char *text)
{
    char quote[TEXT_QUOTE_SIZE];

    str_format(out, " %s %s", label, text_quote(quote, text));
}

static void add_name(struct str *out, const char *label, const X509_NAME *name)
{
    char text[512] = "";

    X509_NAME_oneline(name, text, sizeof text);
    if (text[0] != '\0')
        add_quoted(out, label, text);
}

static void add_time(struct str *out, const char *label, const ASN1_TIME *time)
{
    struct tm tm;

    if (ASN1_TIME_to_tm(time, &tm) == 1)
        str_format(out, " %s %04d-%02d-%02d", label, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static void add_alternative(struct str *out, const GENERAL_NAME *name)
{
    const unsigned char *bytes;
    char text[64];
    int size;

    if (name->type == GEN_DNS) {
        size = ASN1_STRING_length(name->d.dNSName);
        bytes = ASN1_STRING_get0_data(name->d.dNSName);
        snprintf(text, sizeof text, "%.*s", size, (const char *)bytes);
    } else if (name->type == GEN_IPADD && ASN1_STRING_length(name->d.iPAddress) == 4) {
        bytes = ASN1_STRING_get0_data(name->d.iPAddress);
        snprintf(text, sizeof text, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
    } else {
        return;
    }
    str_format(out, "%s%s", out->length > 0 ? " " : "", text);
}

static void add_alternatives(struct str *out, const X509 *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    struct str list = STR_EMPTY;

    for (int i = 0; i < sk_GENERAL_NAME_num(names) && i < MAX_NAMES; i++)
        add_alternative(&list, sk_GENERAL_NAME_value(names, i));
    GENERAL_NAMES_free(names);
    if (list.length > 0)
        add_quoted(out, "for", str_text(&list));
    str_finish(&list);
}

void tls_describe(const struct tls *tls, struct str *out)
{
    if (tls->shown == NULL)
        return;
    add_name(out, "of", X509_get_subject_name(tls->shown));
    add_name(out, "by", X509_get_issuer_name(tls->shown));
    add_alternatives(out, tls->shown);
    add_time(out, "from", X509_get0_notBefore(tls->shown));
    add_time(out, "until", X509_get0_notAfter(tls->shown));
    str_format(out, ", SHA-256 %s", tls->fingerprint);
    if (tls->of_system && system_trouble[0] != '\0')
        str_format(out, "; the system's CAs cannot be read: %s", system_trouble);
}

void tls_pem(const struct tls *tls, struct str *out)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *bytes;
    long size;

    if (memory == NULL)
        mem_exhausted(sizeof(void *));
    if (tls->shown != NULL && PEM_write_bio_X509(memory, tls->shown) == 1) {
        size = BIO_get_mem_data(memory, &bytes);
        str_add_bytes(out, bytes, (size_t)size);
    }
    BIO_free(memory);
}

const char *tls_remedy(const struct tls *tls)
{
    if (tls->pinned)
        return "it is not the one of the option fingerprint: if the server has a new certificate, compare this SHA-256 "
               "on the server itself, then give it as fingerprint";
    return "give its CA as ca_file, or, once it was compared on the server itself, this SHA-256 as fingerprint";
}
