/* Sealing as MS-NLMP 3.4 has it, written from that page alone, to hold messages against: extended session security, a
 * key of 128 bits, and a key exchange. */
#ifndef NTLM_SEAL_H
#define NTLM_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NTLM_KEY 16
#define NTLM_SIGNATURE 16

struct ntlm_seal {
    unsigned char sign[NTLM_KEY];
    unsigned char state[256], i, j; /* of RC4 */
    uint32_t sequence;
};

/* Of the client's direction, or of the server's. */
void ntlm_seal_init(struct ntlm_seal *seal, const unsigned char key[NTLM_KEY], bool client, uint32_t sequence);

/* Changes the message to what is sent, and tells its signature. */
void ntlm_seal(struct ntlm_seal *seal, unsigned char *message, size_t size, unsigned char signature[NTLM_SIGNATURE]);

#endif
