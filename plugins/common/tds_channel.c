#include "tds_channel.h"

#include "mem.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HEAD 8
#define PACKET 4096 /* bytes, before another size is agreed to (2.2.3.1) */
#define REQUEST 0x12
#define REPLY 0x04
#define LAST 0x01

struct tds_channel {
    const struct tds_channel_settings *settings;
    int descriptor;
    SSL_CTX *rules;
    SSL *ssl;
    BIO *outside; /* the other end of what the SSL reads and writes */
    bool sending; /* the SSL has it already */
    size_t taken; /* bytes from the socket */

    unsigned char out[PACKET]; /* on its way to the socket */
    size_t out_at, out_size;
    unsigned char head[HEAD]; /* of the packet that is coming in */
    size_t head_size, left;   /* and what is left of its payload */
};

/* --------------------------------------------------------------------------------------------------- making ---- */

/* What has no TLS 1.2 has no safe renegotiation and no long keys either. */
static void set_versions(SSL_CTX *rules, const struct tds_channel_settings *settings)
{
    SSL_CTX_set_min_proto_version(rules, TLS1_2_VERSION);
    if (settings->strict) {
        static const unsigned char protocol[] = "\x07tds/8.0";

        SSL_CTX_set_alpn_protos(rules, protocol, sizeof protocol - 1);
        return;
    }
    SSL_CTX_set_max_proto_version(rules, TLS1_2_VERSION);
    if (!settings->tls_1_0)
        return;
    SSL_CTX_set_min_proto_version(rules, TLS1_VERSION);
    SSL_CTX_set_cipher_list(rules, "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set_options(rules, SSL_OP_LEGACY_SERVER_CONNECT);
}

/* An address goes by the certificate's addresses, all else by its names. */
static bool expect_name(SSL *ssl, const char *name, struct err *err)
{
    X509_VERIFY_PARAM *rules = SSL_get0_param(ssl);

    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(rules, name) == 1)
        return true;
    return (SSL_set_tlsext_host_name(ssl, name) == 1 && X509_VERIFY_PARAM_set1_host(rules, name, 0) == 1) ||
           err_set(err, ERR_CONFIG, "host: %s can be no name in a certificate", name);
}

struct tds_channel *tds_channel_create(int descriptor, const struct tds_channel_settings *settings, struct err *err)
{
    struct tds_channel *channel = mem_new(1, sizeof *channel);
    BIO *inside;

    channel->settings = settings;
    channel->descriptor = descriptor;
    channel->rules = SSL_CTX_new(TLS_client_method());
    if (channel->rules == NULL)
        mem_exhausted(sizeof *channel);
    set_versions(channel->rules, settings);
    if (settings->tls != NULL)
        tls_attach(settings->tls, channel->rules);
    channel->ssl = SSL_new(channel->rules);
    if (channel->ssl == NULL || BIO_new_bio_pair(&inside, 0, &channel->outside, 0) != 1)
        mem_exhausted(sizeof *channel);
    SSL_set_bio(channel->ssl, inside, inside);
    SSL_set_connect_state(channel->ssl);
    if (settings->name == NULL || expect_name(channel->ssl, settings->name, err))
        return channel;
    tds_channel_destroy(channel);
    return NULL;
}

void tds_channel_destroy(struct tds_channel *channel)
{
    if (channel == NULL)
        return;
    SSL_free(channel->ssl);
    BIO_free(channel->outside);
    SSL_CTX_free(channel->rules);
    free(channel);
}

/* ----------------------------------------------------------------------------------------------------- words ---- */

#define NO_TLS_1_2                                                                                                     \
    "; where it has no TLS 1.2, install the update of SQL Server that brings it (KB3135244), or set allow_tls_1_0 = "  \
    "true"

static bool is_version(int reason)
{
    static const int reasons[] = { SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,
                                   SSL_R_WRONG_VERSION_NUMBER, SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE,
                                   SSL_R_VERSION_TOO_LOW };

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reason == reasons[i])
            return true;
    return false;
}

static const char *hint(const struct tds_channel *channel)
{
    return channel->settings->tls_1_0 || channel->settings->strict ? "" : NO_TLS_1_2;
}

static void tell_certificate(const struct tds_channel *channel, struct err *err)
{
    long reason = SSL_get_verify_result(channel->ssl);
    bool misnamed = reason == X509_V_ERR_HOSTNAME_MISMATCH || reason == X509_V_ERR_IP_ADDRESS_MISMATCH;
    struct str words = STR_EMPTY;

    tls_describe(channel->settings->tls, &words);
    err_set(err, ERR_PROTOCOL, "its certificate is refused: %s%s%s; the certificate is%s; %s",
            X509_verify_cert_error_string(reason), misnamed ? ": " : "", misnamed ? channel->settings->name : "",
            str_text(&words),
            misnamed
                ? "set host to a name that it has, or, once it was compared on the server itself, give this SHA-256 as "
                  "fingerprint"
                : tls_remedy(channel->settings->tls));
    str_finish(&words);
}

static enum tds_channel_result fail(struct tds_channel *channel, struct err *err)
{
    unsigned long code = ERR_peek_error();
    const char *reason = ERR_reason_error_string(code);

    if (ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED && channel->settings->tls != NULL)
        tell_certificate(channel, err);
    else
        err_set(err, ERR_PROTOCOL, "no TLS comes about: %s%s", reason != NULL ? reason : "OpenSSL does not tell why",
                is_version(ERR_GET_REASON(code)) ? hint(channel) : "");
    ERR_clear_error();
    return TDS_CHANNEL_FAILED;
}

/* Windows closes without a word where no version suits it. */
static enum tds_channel_result fail_closed(struct tds_channel *channel, const char *how, struct err *err)
{
    err_set(err, ERR_PROTOCOL, "no TLS comes about: %s%s", how, channel->taken == 0 ? hint(channel) : "");
    return TDS_CHANNEL_FAILED;
}

/* --------------------------------------------------------------------------------------------------- outwards ---- */

static bool load(struct tds_channel *channel)
{
    size_t head = channel->settings->strict ? 0 : HEAD;
    int size = BIO_read(channel->outside, channel->out + head, (int)(PACKET - head));

    if (size <= 0)
        return false;
    channel->out_at = 0;
    channel->out_size = (size_t)size + head;
    if (head > 0) {
        const unsigned char bytes[HEAD] = { REQUEST, LAST, (unsigned char)(channel->out_size >> 8),
                                            (unsigned char)channel->out_size };

        memcpy(channel->out, bytes, HEAD);
    }
    return true;
}

static enum tds_channel_result flush(struct tds_channel *channel, struct err *err)
{
    while (channel->out_at < channel->out_size || load(channel)) {
        ssize_t size = send(channel->descriptor, channel->out + channel->out_at, channel->out_size - channel->out_at,
                            MSG_NOSIGNAL);

        if (size < 0 && (errno == EAGAIN || errno == EINTR))
            return TDS_CHANNEL_WRITES;
        if (size < 0)
            return fail_closed(channel, strerror(errno), err);
        channel->out_at += (size_t)size;
    }
    return TDS_CHANNEL_DONE;
}

/* --------------------------------------------------------------------------------------------------- inwards ---- */

static bool read_head(struct tds_channel *channel, struct err *err)
{
    const unsigned char *head = channel->head;
    size_t size = (size_t)head[2] << 8 | head[3];

    channel->head_size = 0;
    if ((head[0] != REQUEST && head[0] != REPLY) || size < HEAD)
        return err_set(err, ERR_PROTOCOL,
                       "no TLS comes about: a packet of type 0x%02x and %zu bytes comes in the middle of it", head[0],
                       size);
    channel->left = size - HEAD;
    return true;
}

/* Takes the packets' heads out. */
static bool unwrap(struct tds_channel *channel, const unsigned char *bytes, size_t size, struct err *err)
{
    for (size_t used; size > 0; bytes += used, size -= used) {
        if (channel->left > 0) {
            used = size < channel->left ? size : channel->left;
            BIO_write(channel->outside, bytes, (int)used);
            channel->left -= used;
            continue;
        }
        used = size < HEAD - channel->head_size ? size : HEAD - channel->head_size;
        memcpy(channel->head + channel->head_size, bytes, used);
        channel->head_size += used;
        if (channel->head_size == HEAD && !read_head(channel, err))
            return false;
    }
    return true;
}

/* At most what the SSL has room for, so that BIO_write takes all of it. */
static enum tds_channel_result fill(struct tds_channel *channel, bool *ended, struct err *err)
{
    unsigned char bytes[PACKET];
    size_t room = BIO_ctrl_get_write_guarantee(channel->outside);
    ssize_t size = recv(channel->descriptor, bytes, room < sizeof bytes ? room : sizeof bytes, 0);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return TDS_CHANNEL_READS;
    if (size < 0)
        return fail_closed(channel, strerror(errno), err);
    *ended = size == 0;
    channel->taken += (size_t)size;
    if (channel->taken > TDS_CHANNEL_MAX) {
        err_set(err, ERR_PROTOCOL, "no TLS comes about: it does not end within %d bytes", TDS_CHANNEL_MAX);
        return TDS_CHANNEL_FAILED;
    }
    if (channel->settings->strict)
        BIO_write(channel->outside, bytes, (int)size);
    else if (!unwrap(channel, bytes, (size_t)size, err))
        return TDS_CHANNEL_FAILED;
    return TDS_CHANNEL_DONE;
}

/* ------------------------------------------------------------------------------------------------ operations ---- */

struct operation {
    int (*act)(SSL *ssl, struct operation *operation);
    void *bytes;
    size_t room, got;
};

/* Until it is done, or has to wait, or the other end is gone: then *ended. */
static enum tds_channel_result operate(struct tds_channel *channel, struct operation *operation, bool *ended,
                                       struct err *err)
{
    for (;;) {
        enum tds_channel_result result;
        int code, state;

        ERR_clear_error();
        code = operation->act(channel->ssl, operation);
        state = SSL_get_error(channel->ssl, code);
        result = state == SSL_ERROR_SSL ? fail(channel, err) : TDS_CHANNEL_DONE;
        if (result == TDS_CHANNEL_FAILED) {
            flush(channel, NULL); /* the alert that says why */
            return result;
        }
        result = flush(channel, err);
        if (result != TDS_CHANNEL_DONE || code > 0)
            return result;
        if (*ended || (state != SSL_ERROR_WANT_READ && state != SSL_ERROR_WANT_WRITE)) {
            *ended = true;
            return TDS_CHANNEL_DONE;
        }
        result = fill(channel, ended, err);
        if (result != TDS_CHANNEL_DONE)
            return result;
    }
}

static int shake(SSL *ssl, struct operation *operation)
{
    (void)operation;
    return SSL_do_handshake(ssl);
}

static int take(SSL *ssl, struct operation *operation)
{
    return SSL_read_ex(ssl, operation->bytes, operation->room, &operation->got);
}

enum tds_channel_result tds_channel_shake(struct tds_channel *channel, struct err *err)
{
    struct operation operation = { .act = shake };
    bool ended = false;
    enum tds_channel_result result = operate(channel, &operation, &ended, err);

    return ended && result == TDS_CHANNEL_DONE ? fail_closed(channel, "it closed the connection", err) : result;
}

const char *tds_channel_version(const struct tds_channel *channel)
{
    return SSL_get_version(channel->ssl);
}

/* What is sent fits the pair of BIOs: it has room for a whole record. */
enum tds_channel_result tds_channel_send(struct tds_channel *channel, const void *bytes, size_t size, struct err *err)
{
    enum tds_channel_result result;

    ERR_clear_error();
    if (!channel->sending && SSL_write(channel->ssl, bytes, (int)size) <= 0)
        return fail(channel, err);
    result = flush(channel, err);
    channel->sending = result == TDS_CHANNEL_WRITES;
    return result;
}

enum tds_channel_result tds_channel_receive(struct tds_channel *channel, void *bytes, size_t room, size_t *got,
                                            struct err *err)
{
    struct operation operation = { .act = take, .bytes = bytes, .room = room };
    bool ended = false;
    enum tds_channel_result result = operate(channel, &operation, &ended, err);

    *got = ended ? 0 : operation.got;
    return result;
}
