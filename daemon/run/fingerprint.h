/* Whether a username and its secret are still those that were tried: a keyed hash of both, which may be stored. The key
 * lies beside the database in a file of its own (DATABASE-key, mode 0600), so that whoever can read the database cannot
 * try passwords against the hash. Where the key is lost, every secret looks new once, and starts with one target. */
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include "err.h"
#include "hash.h"

#include <stdbool.h>
#include <stdint.h>

#define FINGERPRINT_SIZE 16

/* Reads the key, or draws and stores a new one where there is none. */
bool fingerprint_load_key(const char *database, struct hash_key *key, struct err *err);

/* username may be NULL. */
void fingerprint_make(const struct hash_key *key, const char *username, const char *secret,
                      uint8_t fingerprint[FINGERPRINT_SIZE]);

#endif
