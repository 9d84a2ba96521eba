#include "far_tls.h"

#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HEAD 8
#define PACKET 4096
#define ALERT 7 /* bytes: protocol version; behind it, close notify */

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static int choose(SSL *ssl, const unsigned char **chosen, unsigned char *size, const unsigned char *offered,
                  unsigned offered_size, void *context)
{
    (void)ssl, (void)context;
    if (offered_size != 8 || memcmp(offered, "\x07tds/8.0", 8) != 0)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = offered + 1;
    *size = 7;
    return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *rules_of(const struct far_port *port)
{
    SSL_CTX *rules = SSL_CTX_new(TLS_server_method());

    expect(SSL_CTX_set_cipher_list(rules, "DEFAULT:@SECLEVEL=0") == 1);
    SSL_CTX_set_min_proto_version(rules, port->version != 0 ? port->version : TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(rules, port->version != 0           ? port->version
                                         : port->manner == FAR_STRICT ? TLS1_3_VERSION
                                                                      : TLS1_2_VERSION);
    if (port->certificate != NULL)
        expect(SSL_CTX_use_certificate(rules, port->certificate->certificate) == 1 &&
               SSL_CTX_use_PrivateKey(rules, port->certificate->key) == 1);
    if (port->manner == FAR_STRICT)
        SSL_CTX_set_alpn_select_cb(rules, choose, NULL);
    return rules;
}

/* --------------------------------------------------------------------------------------------------- inside ---- */

static bool read_whole(int descriptor, unsigned char *bytes, size_t size)
{
    return recv(descriptor, bytes, size, MSG_WAITALL) == (ssize_t)size;
}

/* One packet of the client. */
static bool take_packet(BIO *outside, int descriptor)
{
    unsigned char head[HEAD], bytes[PACKET];
    size_t size;

    if (!read_whole(descriptor, head, HEAD))
        return false;
    size = (size_t)head[2] << 8 | head[3];
    expect(head[0] == 0x12 && size > HEAD && size <= PACKET);
    return read_whole(descriptor, bytes, size - HEAD) &&
           BIO_write(outside, bytes, (int)(size - HEAD)) == (int)(size - HEAD);
}

static bool send_packets(const struct far_port *port, BIO *outside, int descriptor)
{
    unsigned char bytes[PACKET];
    size_t most = port->packet != 0 ? port->packet : PACKET;
    int size;

    while ((size = BIO_read(outside, bytes + HEAD, (int)(most - HEAD))) > 0) {
        const unsigned char head[HEAD] = { port->type != 0 ? port->type : 0x12, 0x01,
                                           (unsigned char)((size + HEAD) >> 8), (unsigned char)(size + HEAD) };

        memcpy(bytes, head, HEAD);
        if (send(descriptor, bytes, (size_t)size + HEAD, MSG_NOSIGNAL) < 0)
            return false;
    }
    return true;
}

void far_tls_inside(const struct far_port *port, int descriptor)
{
    SSL_CTX *rules = rules_of(port);
    SSL *ssl = SSL_new(rules);
    BIO *inside, *outside;
    int code;

    expect(BIO_new_bio_pair(&inside, 0, &outside, 0) == 1);
    SSL_set_bio(ssl, inside, inside);
    SSL_set_accept_state(ssl);
    do {
        code = SSL_do_handshake(ssl);
        if (!send_packets(port, outside, descriptor))
            break;
    } while (code <= 0 && SSL_get_error(ssl, code) == SSL_ERROR_WANT_READ && take_packet(outside, descriptor));
    SSL_free(ssl);
    BIO_free(outside);
    SSL_CTX_free(rules);
}

/* --------------------------------------------------------------------------------------------------- strict ---- */

void far_tls_strict(const struct far_port *port, int descriptor)
{
    SSL_CTX *rules = rules_of(port);
    SSL *ssl = SSL_new(rules);
    unsigned char bytes[256];

    SSL_set_fd(ssl, descriptor);
    if (SSL_accept(ssl) == 1 && SSL_read(ssl, bytes, sizeof bytes) > 0) {
        SSL_write(ssl, port->bytes, (int)port->size);
        while (SSL_read(ssl, bytes, sizeof bytes) > 0)
            ;
    } else if (port->alerts) {
        size_t size = port->alerts == 1 ? ALERT : 2 * ALERT;

        send(descriptor, "\x15\x03\x01\x00\x02\x02\x46\x15\x03\x01\x00\x02\x01\x00", size, MSG_NOSIGNAL);
    }
    SSL_free(ssl);
    SSL_CTX_free(rules);
}
