#include "ntlm_seal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

static const char *const sign_magic[] = { "session key to server-to-client signing key magic constant",
                                          "session key to client-to-server signing key magic constant" };
static const char *const seal_magic[] = { "session key to server-to-client sealing key magic constant",
                                          "session key to client-to-server sealing key magic constant" };

/* MD5 of the key and the constant with its NUL (3.4.5.2, 3.4.5.3). */
static void derive(unsigned char out[NTLM_KEY], const unsigned char key[NTLM_KEY], const char *magic)
{
    unsigned char text[NTLM_KEY + 64];
    size_t size = strlen(magic) + 1;

    memcpy(text, key, NTLM_KEY);
    memcpy(text + NTLM_KEY, magic, size);
    EVP_Digest(text, NTLM_KEY + size, out, NULL, EVP_md5(), NULL);
}

static void rc4_key(struct ntlm_seal *seal, const unsigned char key[NTLM_KEY])
{
    unsigned j = 0;

    for (unsigned i = 0; i < 256; i++)
        seal->state[i] = (unsigned char)i;
    for (unsigned i = 0; i < 256; i++) {
        unsigned char swap = seal->state[i];

        j = (j + swap + key[i % NTLM_KEY]) & 255;
        seal->state[i] = seal->state[j];
        seal->state[j] = swap;
    }
    seal->i = seal->j = 0;
}

static void rc4(struct ntlm_seal *seal, unsigned char *bytes, size_t size)
{
    for (size_t at = 0; at < size; at++) {
        unsigned char swap = seal->state[++seal->i];

        seal->j = (unsigned char)(seal->j + swap);
        seal->state[seal->i] = seal->state[seal->j];
        seal->state[seal->j] = swap;
        bytes[at] ^= seal->state[(seal->state[seal->i] + swap) & 255];
    }
}

void ntlm_seal_init(struct ntlm_seal *seal, const unsigned char key[NTLM_KEY], bool client, uint32_t sequence)
{
    unsigned char sealing[NTLM_KEY];

    derive(seal->sign, key, sign_magic[client]);
    derive(sealing, key, seal_magic[client]);
    rc4_key(seal, sealing);
    seal->sequence = sequence;
}

static void put(unsigned char *bytes, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(number >> 8 * i);
}

/* Version 1, the checksum under the key stream, the sequence number (3.4.4.2). */
void ntlm_seal(struct ntlm_seal *seal, unsigned char *message, size_t size, unsigned char signature[NTLM_SIGNATURE])
{
    unsigned char *text = malloc(4 + size), checksum[EVP_MAX_MD_SIZE];

    put(text, seal->sequence);
    memcpy(text + 4, message, size);
    HMAC(EVP_md5(), seal->sign, NTLM_KEY, text, 4 + size, checksum, NULL);
    free(text);
    rc4(seal, message, size);
    rc4(seal, checksum, 8);
    put(signature, 1);
    memcpy(signature + 4, checksum, 8);
    put(signature + 12, seal->sequence++);
}
