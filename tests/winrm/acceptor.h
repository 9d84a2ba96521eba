/* The server's side of a security context, by GSSAPI in the process of the test: MIT's Kerberos with the realm's key,
 * or gss-ntlmssp with a file of users. One context at a time. */
#ifndef ACCEPTOR_H
#define ACCEPTOR_H

#include "str.h"

#include <stdbool.h>
#include <stddef.h>

/* As NTLM_USER_FILE has them; the second's password has letters beyond ASCII. */
#define ACCEPTOR_USERS "DOM:scanner:secret\nDOM:other:gr\xC3\xBC\xC3\x9Fn\n"

/* What main returns where gss-ntlmssp is not installed (peer_test.h); 0: it is. */
int acceptor_absent(void);

/* mechanism is ntlm or kerberos; binding is what it expects of the channel, NULL: nothing. */
void acceptor_begin(const char *mechanism, const void *binding, size_t binding_size);
void acceptor_end(void);

/* The next token. False: it refuses. done: the context stands. */
bool acceptor_step(const struct str *in, struct str *out, bool *done);

/* As the other side has them. */
void acceptor_wrap(const void *plain, size_t size, struct str *header, struct str *data);
bool acceptor_unwrap(const struct str *header, const struct str *data, struct str *plain);

/* The key that both sides have agreed on, 16 bytes; of NTLM. */
void acceptor_session_key(unsigned char key[16]);

/* Who logged in; it lives until the next acceptor_begin. */
const char *acceptor_user(void);

#endif
